/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * arithmetic_bounds.c - interval arithmetic on ints
 *
 * Intervals are computed in doubles: below 2**53 they are exact, and what is more never rounds to
 * less than 2**53.
 *
 * Reference: R. E. Moore, "Interval Analysis" (1966).
 */
#include "comprehension/arithmetic_bounds.h"

#include <math.h>

bool bounds_are_beyond(const struct bounds *bounds)
{
	return !(bounds->low > -VALUE_INT_MAX && bounds->high < VALUE_INT_MAX);
}

static double magnitude(const struct value *v)
{
	return fmax(fabs(v->low), fabs(v->high));
}

static struct bounds product(const struct value *a, const struct value *b)
{
	double corners[] = { a->low * b->low, a->low * b->high, a->high * b->low,
			     a->high * b->high };
	struct bounds result = { corners[0], corners[0] };

	for (unsigned i = 1; i < 4; i++) {
		result.low = fmin(result.low, corners[i]);
		result.high = fmax(result.high, corners[i]);
	}
	return result;
}

/* Dividing by an int never makes one greater. */
static struct bounds quotient(const struct value *a, const struct value *b)
{
	double most = magnitude(a);

	if (a->low >= 0 && b->low >= 0) {
		return (struct bounds){ 0, most };
	}
	return (struct bounds){ -most, most };
}

/* A remainder has the sign of the divisor and is smaller. */
static struct bounds remainder_of(const struct value *a, const struct value *b)
{
	struct bounds result = { fmin(b->low + 1, 0), fmax(b->high - 1, 0) };

	if (a->low >= 0 && b->low >= 0) {
		result.high = fmin(result.high, a->high);
	}
	return result;
}

static struct bounds power(const struct value *a, const struct value *b)
{
	double base = magnitude(a), most = 1;

	for (double i = 0; base > 1 && i < b->high && most < VALUE_INT_MAX; i++) {
		most *= base;
	}
	return (struct bounds){ a->low >= 0 ? 0 : -most, most };
}

struct bounds arithmetic_bounds(enum token_kind operator, const struct value * a,
				const struct value *b)
{
	switch (operator) {
	case TOKEN_PLUS:
		return (struct bounds){ a->low + b->low, a->high + b->high };
	case TOKEN_MINUS:
		return (struct bounds){ a->low - b->high, a->high - b->low };
	case TOKEN_STAR:
		return product(a, b);
	case TOKEN_FLOOR:
		return quotient(a, b);
	case TOKEN_PERCENT:
		return remainder_of(a, b);
	default:
		return power(a, b);
	}
}
