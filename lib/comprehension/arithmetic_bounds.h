/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * arithmetic_bounds.h - what the results of operators on ints lie within
 */
#ifndef COMPREHENSION_ARITHMETIC_BOUNDS_H
#define COMPREHENSION_ARITHMETIC_BOUNDS_H

#include "comprehension/value.h"

struct bounds {
	double low, high; /* inclusive; not beyond only where bounds_are_beyond() says so */
};

/* Of a operator b, both ints wherever it matters; b is not negative in a power. */
struct bounds arithmetic_bounds(enum token_kind operator, const struct value * a,
				const struct value *b);

/* Whether a result may be beyond VALUE_INT_MAX. */
bool bounds_are_beyond(const struct bounds *bounds);

#endif
