/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * source.c - calls of distributions, and the columns they fill
 */
#include "source/source.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "source/distribution.h"
#include "source/source_kernels.h"
#include "source/stream.h"

struct source {
	source_kernel *draw;
	double parameters[SOURCE_PARAMETERS];
	uint64_t pipeline; /* of stream_key() */
	unsigned columns;
};

const char *const *source_distributions(void)
{
	return distribution_names();
}

static int check_count(const struct distribution *distribution, unsigned nargs,
		       struct gather_error *error)
{
	bool few = nargs < distribution->required;
	unsigned limit = few ? distribution->required : distribution->arguments;

	if (!few && nargs <= limit) {
		return GATHER_OK;
	}
	if (limit == 0) {
		return error_set(error, GATHER_EINPUT, "%s takes no arguments", distribution->name);
	}
	return error_set(error, GATHER_EINPUT, "%s takes at %s %u argument%s, not %u",
			 distribution->name, few ? "least" : "most", limit, limit == 1 ? "" : "s",
			 nargs);
}

/* All arguments of a call that has enough of them. */
static void complete(const struct distribution *distribution, const struct source_call *call,
		     double args[SOURCE_ARGUMENTS])
{
	for (unsigned i = 0; i < distribution->arguments; i++) {
		args[i] = i < call->nargs ? call->args[i] : distribution->defaults[i];
	}
}

/* A default that does not go with what was given is explained; it is not there to be blamed. */
static void blame_given(const struct distribution *distribution, const struct source_call *call,
			unsigned *argument, struct gather_error *error)
{
	assert(call->nargs > 0); /* defaults go with each other */
	if (error != NULL) {
		char value[NUMBER_SIZE];
		size_t length = strlen(error->message);

		snprintf(error->message + length, sizeof(error->message) - length,
			 "; %s is %s by default", distribution->argument[*argument],
			 number_format(value, distribution->defaults[*argument]));
	}
	*argument = call->nargs - 1;
}

int source_check(const struct source_call *call, unsigned *argument, struct gather_error *error)
{
	const struct distribution *distribution = distribution_find(call->name);
	double args[SOURCE_ARGUMENTS];

	*argument = call->nargs;
	if (distribution == NULL) {
		return error_set(error, GATHER_EINPUT, "there is no distribution '%s'", call->name);
	}
	int ret = check_count(distribution, call->nargs, error);
	if (ret != GATHER_OK || distribution->check == NULL) {
		return ret;
	}
	complete(distribution, call, args);
	ret = distribution->check(distribution, args, argument, error);
	if (ret != GATHER_OK && *argument >= call->nargs) {
		blame_given(distribution, call, argument, error);
	}
	return ret;
}

int source_create(struct source **out, const struct source_call *call, unsigned columns,
		  const char *pipeline, uint64_t seed, enum isa isa, struct gather_error *error)
{
	const struct source_kernels *kernels = source_kernels_find(isa);
	double args[SOURCE_ARGUMENTS];
	unsigned argument;

	assert(columns >= 1 && columns <= BATCH_COLUMNS);
	assert(kernels != NULL);
	*out = NULL;
	int ret = source_check(call, &argument, error);
	if (ret != GATHER_OK) {
		return ret;
	}
	struct source *source = calloc(1, sizeof(*source));
	if (source == NULL) {
		return error_nomem(error);
	}
	const struct distribution *distribution = distribution_find(call->name);
	complete(distribution, call, args);
	source->draw = kernels->draw[distribution->prepare(args, source->parameters)];
	source->pipeline = stream_pipeline(seed, pipeline);
	source->columns = columns;
	*out = source;
	return GATHER_OK;
}

void source_destroy(struct source **source)
{
	free(*source);
	*source = NULL;
}

void source_fill(const struct source *source, struct batch *batch)
{
	struct source_draw draw = {
		.tile = &batch->tile,
		.key = stream_key(source->pipeline, batch->tile.round),
		.parameters = source->parameters,
	};

	assert(batch->columns == source->columns);
	for (unsigned i = 0; i < source->columns; i++) {
		draw.site = (uint8_t)i;
		draw.out = batch->column[i];
		source->draw(&draw);
	}
}
