/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * moments.c - a tile's sums by kernels, everything's sums by exact accumulators
 *
 * A tile adds the sum of its squares as sum (x - c)**2 + 2 c sum x - n c**2, with a c near its
 * mean: the first term is small and may be rounded, the others are exact.  What cancels between
 * them, or later between the squares and the squared sum, cancels without an error.
 */
#include "gather/moments.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "queue/batch.h"

#define NOTHING ((double)NAN)

void moments_reset(struct moments *moments)
{
	if (moments->sum != NULL) {
		exact_reset(moments->sum);
	}
	if (moments->squares != NULL) {
		exact_reset(moments->squares);
	}
}

/* Sums within these bounds neither overflow nor lose anything to underflow worth speaking of,
 * whatever is done with them here. */
#define SUM_MAX 0x1p1000
#define SQUARES_MIN 0x1p-900
#define SQUARES_MAX 0x1p1000

/* A value near x with 40 significant bits: its product with a number of rows is exact. */
static double trimmed(double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	bits &= ~UINT64_C(0x1fff);
	memcpy(&x, &bits, sizeof(x));
	return x;
}
_Static_assert(BATCH_ROWS <= 1 << 13, "40 bits and those of a number of rows make a double");

static bool all_are(const struct fold_kernels *kernels, const double *rows, uint32_t n, double x)
{
	struct fold_range range = kernels->range(rows, n);

	return range.min == x && range.max == x && !range.nan;
}

/* Add the squares of a tile of that sum; false where they are out of bounds. */
static bool add_squares(struct exact *exact, const struct fold_kernels *kernels, const double *rows,
			uint32_t n, const struct fold_sum *sum)
{
	double center = trimmed(sum->high / n);
	double squares = kernels->squares(rows, n, center);

	if (!(squares >= SQUARES_MIN && squares <= SQUARES_MAX) &&
	    !(squares == 0 && all_are(kernels, rows, n, center))) {
		return false;
	}
	exact_add(exact, squares);
	exact_add_product(exact, 2 * center, sum->high);
	exact_add_product(exact, 2 * center, sum->low);
	exact_add_product(exact, -center, n * center);
	return true;
}

/* Add a tile; false where its sums are out of bounds. */
static bool add_tile(const struct moments *moments, const struct fold_kernels *kernels,
		     const double *rows, uint32_t n)
{
	struct fold_sum sum = kernels->sum(rows, n);

	if (!(fabs(sum.high) <= SUM_MAX)) {
		return false;
	}
	if (moments->squares != NULL && !add_squares(moments->squares, kernels, rows, n, &sum)) {
		return false;
	}
	exact_add(moments->sum, sum.high);
	exact_add(moments->sum, sum.low);
	return true;
}

/* The same for any values at all, slowly. */
static void add_rows(const struct moments *moments, const double *rows, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		exact_add(moments->sum, rows[i]);
	}
	if (moments->squares != NULL) {
		for (uint32_t i = 0; i < n; i++) {
			exact_add_product(moments->squares, rows[i], rows[i]);
		}
	}
}

void moments_add(struct moments *moments, const struct fold_kernels *kernels, const double *rows,
		 uint32_t n)
{
	if (!add_tile(moments, kernels, rows, n)) {
		add_rows(moments, rows, n);
	}
}

void moments_merge(struct moments *into, const struct moments *from)
{
	if (into->sum != NULL) {
		exact_merge(into->sum, from->sum);
	}
	if (into->squares != NULL) {
		exact_merge(into->squares, from->squares);
	}
}

double moments_sum(const struct moments *moments)
{
	return exact_read(moments->sum);
}

double moments_mean(const struct moments *moments, uint64_t n)
{
	return n == 0 ? NOTHING : exact_divide(moments->sum, n);
}

/* The sample variance over 4**half_exponent. */
static double variance(const struct moments *moments, uint64_t n, int *half_exponent)
{
	*half_exponent = 0;
	return n < 2 ? NOTHING
		     : exact_deviation(moments->sum, moments->squares, n, half_exponent) /
			       ((double)n * (double)(n - 1));
}

double moments_variance(const struct moments *moments, uint64_t n)
{
	int half_exponent;
	double scaled = variance(moments, n, &half_exponent);

	return ldexp(scaled, 2 * half_exponent);
}

double moments_stdev(const struct moments *moments, uint64_t n)
{
	int half_exponent;
	double scaled = variance(moments, n, &half_exponent);

	return ldexp(sqrt(scaled), half_exponent);
}

double moments_stderr(const struct moments *moments, uint64_t n)
{
	int half_exponent;
	double scaled = variance(moments, n, &half_exponent);

	return ldexp(sqrt(scaled / (double)n), half_exponent);
}
