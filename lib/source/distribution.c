/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * distribution.c - what each distribution makes of its arguments
 */
#include "source/distribution.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

static enum source_shape random_prepare(const double *args, double *parameters)
{
	(void)args;
	(void)parameters;
	return SOURCE_UNIT;
}

static const struct distribution distribution_random = {
	.name = "random",
	.prepare = random_prepare,
};

static int check_finite(const struct distribution *distribution, const double *args,
			unsigned *blame, struct gather_error *error)
{
	char text[NUMBER_SIZE];

	for (unsigned i = 0; i < distribution->arguments; i++) {
		if (!isfinite(args[i])) {
			*blame = i;
			return error_set(error, GATHER_EINPUT, "%s must be finite, not %s",
					 distribution->argument[i], number_format(text, args[i]));
		}
	}
	return GATHER_OK;
}

static int uniform_check(const struct distribution *distribution, const double *args,
			 unsigned *blame, struct gather_error *error)
{
	char low[NUMBER_SIZE], high[NUMBER_SIZE];
	int ret = check_finite(distribution, args, blame, error);

	if (ret != GATHER_OK) {
		return ret;
	}
	number_format(low, args[0]);
	number_format(high, args[1]);
	*blame = 1;
	if (args[0] > args[1]) {
		return error_set(error, GATHER_EINPUT, "low must not be above high, but %s > %s",
				 low, high);
	}
	if (!isfinite(args[1] - args[0])) {
		return error_set(error, GATHER_EINPUT,
				 "high - low must be finite, but %s - %s is not", high, low);
	}
	return GATHER_OK;
}

/* low + (high - low) * u can reach high by rounding, but the interval is half open.  An empty one
 * has one value, which is its own neighbour. */
static enum source_shape uniform_prepare(const double *args, double *parameters)
{
	double low = args[0], high = args[1];

	if (low == 0 && high == 1) {
		return SOURCE_UNIT;
	}
	parameters[0] = low;
	parameters[1] = high - low;
	parameters[2] = nextafter(high, low);
	return SOURCE_UNIFORM;
}

static const struct distribution distribution_uniform = {
	.name = "uniform",
	.arguments = 2,
	.argument = { "low", "high" },
	.defaults = { 0, 1 },
	.check = uniform_check,
	.prepare = uniform_prepare,
};

#define DISTRIBUTIONS(each) each(random) each(uniform)

#define DISTRIBUTION_NAME(name) #name,
#define DISTRIBUTION_ENTRY(name) &distribution_##name,

const char *const *distribution_names(void)
{
	static const char *const names[] = { DISTRIBUTIONS(DISTRIBUTION_NAME) NULL };

	return names;
}

const struct distribution *distribution_find(const char *name)
{
	static const struct distribution *const table[] = { DISTRIBUTIONS(DISTRIBUTION_ENTRY) };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i]->name, name) == 0) {
			return table[i];
		}
	}
	return NULL;
}
