/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * units.c - numbers with units, read exactly and printed shortly
 *
 * Reading is done in integers, digit by digit, so that 0.1s is 100000000 ns and nothing else, and
 * does not depend on a locale.
 */
#include "daemon/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t size;
};

static const struct unit durations[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "\xC2\xB5s", 1000 }, /* the micro sign */
	{ "\xCE\xBCs", 1000 }, /* the Greek letter */
	{ "ms", 1000000 },
	{ "s", UINT64_C(1000000000) },
	{ "min", UINT64_C(60000000000) },
	{ "h", UINT64_C(3600000000000) },
	{ "d", UINT64_C(86400000000000) },
	{ NULL, 0 },
};

static const struct unit counts[] = {
	{ "", 1 },
	{ "k", 1000 },
	{ "M", 1000000 },
	{ "G", UINT64_C(1000000000) },
	{ "T", UINT64_C(1000000000000) },
	{ NULL, 0 },
};

static const struct unit periods[] = {
	{ "s", 1 },
	{ "min", 60 },
	{ "h", 3600 },
	{ NULL, 0 },
};

/* A number as it is written: where its digits are, and what comes after. */
struct decimal {
	const char *whole, *point; /* digits from whole on; point is "." or the end */
	const char *rest;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits with single underscores between them; returns their end. */
static const char *skip_digits(const char *text)
{
	while (is_digit(*text) || (*text == '_' && is_digit(text[-1]) && is_digit(text[1]))) {
		text++;
	}
	return text;
}

static bool scan(const char *text, struct decimal *decimal)
{
	if (!is_digit(*text)) {
		return false;
	}
	decimal->whole = text;
	decimal->point = skip_digits(text + 1);
	decimal->rest = decimal->point;
	if (*decimal->point == '.') {
		if (!is_digit(decimal->point[1])) {
			return false;
		}
		decimal->rest = skip_digits(decimal->point + 2);
	}
	return true;
}

static const struct unit *find_unit(const struct unit *units, const char *name)
{
	for (; units->name != NULL; units++) {
		if (strcmp(units->name, name) == 0) {
			return units;
		}
	}
	return NULL;
}

enum { FREQUENCY_LENGTH_MAX = 40 }; /* [bytes] far from where a double overflows */

enum exactness { EXACT, TOO_FINE, TOO_LARGE };

/* The number times a unit, up to max. */
static enum exactness multiply(const struct decimal *decimal, uint64_t unit, uint64_t max,
			       uint64_t *product)
{
	uint64_t sum = 0;

	for (const char *at = decimal->whole; at < decimal->point; at++) {
		uint64_t digit = (uint64_t)(*at - '0');
		if (*at == '_') {
			continue;
		}
		if (sum > (max - digit) / 10) {
			return TOO_LARGE;
		}
		sum = sum * 10 + digit;
	}
	if (sum > max / unit) {
		return TOO_LARGE;
	}
	sum *= unit;
	for (const char *at = decimal->point + 1; at < decimal->rest; at++) {
		uint64_t digit = (uint64_t)(*at - '0');
		if (*at == '_') {
			continue;
		}
		if (digit != 0 && (unit == 0 || unit % 10 != 0)) {
			return TOO_FINE;
		}
		/* What is left of the unit for this digit; 0 once only zeros may follow. */
		unit = unit % 10 == 0 ? unit / 10 : 0;
		if (digit * unit > max - sum) {
			return TOO_LARGE;
		}
		sum += digit * unit;
	}
	*product = sum;
	return EXACT;
}

const char *units_duration(const char *text, int64_t *ns)
{
	struct decimal decimal;
	uint64_t product;

	if (text[0] == '-') {
		return "is negative; a duration is 0 or more, such as 250ms or 1s";
	}
	if (!scan(text, &decimal)) {
		return "is no duration; write a number and a unit, such as 250ms, 1s or 5min";
	}
	const struct unit *unit = find_unit(durations, decimal.rest);
	if (unit == NULL && decimal.rest[0] != '\0') {
		return "has an unknown unit; write ns, us, ms, s, min, h or d after the number";
	}
	switch (multiply(&decimal, unit != NULL ? unit->size : 1, INT64_MAX, &product)) {
	case TOO_LARGE:
		return "is too long; the longest duration is 106751d";
	case TOO_FINE:
		return unit == NULL
			       ? "has no unit; write ns, us, ms, s, min, h or d after the number"
			       : "is finer than a nanosecond; write fewer digits";
	case EXACT:
		break;
	}
	if (unit == NULL && product != 0) {
		return "has no unit; write ns, us, ms, s, min, h or d after the number";
	}
	*ns = (int64_t)product;
	return NULL;
}

const char *units_count(const char *text, uint64_t *count)
{
	struct decimal decimal;

	if (text[0] == '-') {
		return "is negative; a count is 0 or more, such as 10, 10k or 2.5M";
	}
	if (!scan(text, &decimal)) {
		return "is no count; write a whole number, such as 10, 10k or 2.5M";
	}
	const struct unit *unit = find_unit(counts, decimal.rest);
	if (unit == NULL) {
		return "has an unknown unit; write k, M, G or T after the number, or nothing";
	}
	switch (multiply(&decimal, unit->size, UINT64_MAX, count)) {
	case TOO_LARGE:
		return "is too large; the largest count is 18446744073709551615";
	case TOO_FINE:
		return "is not a whole number; write one, such as 10, 10k or 2.5M";
	case EXACT:
		break;
	}
	return NULL;
}

/* The nearest double, up to the rounding of each of its digits past the 19th. */
static double to_double(const struct decimal *decimal)
{
	double value = 0, scale = 1;

	for (const char *at = decimal->whole; at < decimal->rest; at++) {
		if (is_digit(*at)) {
			value = value * 10 + (*at - '0');
			scale *= at > decimal->point ? 10 : 1;
		}
	}
	return value / scale;
}

const char *units_frequency(const char *text, double *per_second)
{
	static const char phrase[] =
		"is no frequency; write a number and /s, /min or /h, such as 1/s";
	struct decimal decimal;
	char suffix[2] = "";

	if (strlen(text) > FREQUENCY_LENGTH_MAX || !scan(text, &decimal)) {
		return phrase;
	}
	const char *slash = decimal.rest;
	if (*slash != '\0' && *slash != '/') {
		suffix[0] = *slash++;
	}
	const struct unit *unit = find_unit(counts, suffix);
	const struct unit *period = *slash == '/' ? find_unit(periods, slash + 1) : NULL;
	if (unit == NULL || period == NULL) {
		return phrase;
	}
	double value = to_double(&decimal) * (double)unit->size / (double)period->size;
	if (!(value > 0)) {
		return "is never; write a frequency over 0, such as 1/s";
	}
	if (value > 1e9) {
		return "is too often; the highest frequency is 1G/s";
	}
	if (value < 1e-9) {
		return "is too seldom; the lowest frequency is once in 1e9 s";
	}
	*per_second = value;
	return NULL;
}

/* Print up to so many decimals, without zeros at the end. */
static void print_trimmed(char buffer[UNITS_SIZE], double value, int decimals, const char *unit)
{
	int n = snprintf(buffer, UNITS_SIZE, "%.*f", decimals, value);

	if (decimals > 0) {
		while (buffer[n - 1] == '0') {
			n--;
		}
		n -= is_digit(buffer[n - 1]) ? 0 : 1;
	}
	snprintf(buffer + n, (size_t)(UNITS_SIZE - n), "%s", unit);
}

/* Decimals that make three digits of a value, and 0 for larger ones. */
static int decimals_of(double value)
{
	return value < 10 ? 2 : value < 100 ? 1 : 0;
}

/* Two whole units, the second only if it is not 0. */
static void print_pair(char buffer[UNITS_SIZE], int64_t n, int64_t size, const char *large,
		       const char *small)
{
	int length = snprintf(buffer, UNITS_SIZE, "%" PRId64 "%s", n / size, large);

	if (n % size != 0) {
		snprintf(buffer + length, (size_t)(UNITS_SIZE - length), " %" PRId64 "%s", n % size,
			 small);
	}
}

const char *units_format_duration(char buffer[UNITS_SIZE], int64_t ns)
{
	double value = (double)ns;
	int64_t s = ns / 1000000000 + (ns % 1000000000 >= 500000000);

	if (ns < 0) {
		/* Not -ns, which INT64_MIN does not have. */
		buffer[0] = '-';
		char rest[UNITS_SIZE];
		units_format_duration(rest, ns == INT64_MIN ? INT64_MAX : -ns);
		memcpy(buffer + 1, rest, UNITS_SIZE - 1);
		buffer[UNITS_SIZE - 1] = '\0';
	} else if (ns == 0) {
		strcpy(buffer, "0");
	} else if (value < 999.5) {
		print_trimmed(buffer, value, 0, "ns");
	} else if (value < 999.5e3) {
		print_trimmed(buffer, value / 1e3, decimals_of(value / 1e3), "us");
	} else if (value < 999.5e6) {
		print_trimmed(buffer, value / 1e6, decimals_of(value / 1e6), "ms");
	} else if (value < 59.9995e9) {
		print_trimmed(buffer, value / 1e9, 3, "s");
	} else if (s < 3600) {
		print_pair(buffer, s, 60, "min", "s");
	} else if (s < 86400 - 30) {
		print_pair(buffer, (s + 30) / 60, 60, "h", "min");
	} else {
		print_pair(buffer, (s + 1800) / 3600, 24, "d", "h");
	}
	return buffer;
}

const char *units_format_count(char buffer[UNITS_SIZE], double count)
{
	static const char *const suffixes[] = { "", "k", "M", "G", "T" };
	unsigned i = 0;

	if (!isfinite(count)) {
		return strcpy(buffer, isnan(count) ? "nan" : count > 0 ? "inf" : "-inf");
	}
	double value = fabs(count);
	while (value >= 999.5 && i + 1 < sizeof(suffixes) / sizeof(*suffixes)) {
		value /= 1000;
		i++;
	}
	if (value >= 999.5) {
		/* No suffix goes further. */
		snprintf(buffer, UNITS_SIZE, "%.3g", count);
		return buffer;
	}
	value = count < 0 ? -value : value;
	print_trimmed(buffer, value, decimals_of(fabs(value)), suffixes[i]);
	return buffer;
}
