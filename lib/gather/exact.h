/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * exact.h - sums without rounding errors
 *
 * An accumulator holds any sum of doubles and of products of two doubles exactly, as one wide
 * fixed-point number; rounding happens when it is read.  So the order of additions, and their
 * split over several accumulators that are merged, cannot be seen in the result.  Infinities and
 * NaNs are kept apart: a NaN, or infinities of both signs, make the sum NaN.
 *
 * At most 2**63 additions fit, those of merged accumulators included.
 *
 * Threads: an accumulator has one owner at a time.
 *
 * Reference: Neal, "Fast exact summation using small and large superaccumulators", 2015.
 */
#ifndef GATHER_EXACT_H
#define GATHER_EXACT_H

#include <stdint.h>

enum {
	/* From the lowest bit of a product of subnormals to the carries of 2**63 products of the
	 * largest doubles. */
	EXACT_CHUNKS = 134,
};

/* All zero is an empty sum. */
struct exact {
	/* Chunk k weighs 2**(32 k - 2176).  Chunks overlap: each has 64 bits and a sign, and
	 * carries are put off until one could overflow. */
	int64_t chunk[EXACT_CHUNKS];
	uint32_t pending; /* additions since carries were propagated */
	uint32_t special; /* what was added and is not finite */
};

/* Forget everything. */
void exact_reset(struct exact *exact);

/* Add x. */
void exact_add(struct exact *exact, double x);

/* Add x * y, exactly: nothing overflows or underflows. */
void exact_add_product(struct exact *exact, double x, double y);

/* Add everything that was added to from. */
void exact_merge(struct exact *into, const struct exact *from);

/* The sum, rounded to nearest, ties to even.  An exact 0 is +0. */
double exact_read(const struct exact *exact);

/* The sum over n, n > 0, rounded once. */
double exact_divide(const struct exact *exact, uint64_t n);

/*
 * n squares - sum**2, rounded once: n times the sum of the squared deviations of n values from
 * their mean, where sum holds the values and squares their squares.  Nothing cancels.  It may be
 * too large or too small for a double: the value is the return times 2**(2 * *half_exponent), the
 * return is 0 or within [2**52, 2**54].  NaN where anything added is not finite; 0 where the
 * difference is negative, which only squares that are rounded can make it.
 */
double exact_deviation(const struct exact *sum, const struct exact *squares, uint64_t n,
		       int *half_exponent);

#endif
