/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * fold_kernels.c - sixteen lanes side by side, in as many vectors as the CPU needs
 *
 * Sixteen, because an addition takes four cycles and two can begin in each: four vectors of four
 * keep the units of an AVX2 processor busy.  The last rows are copied to a block that is filled up
 * with values that change nothing.
 *
 * Reference: Ogita, Rump, Oishi, "Accurate sum and dot product", 2005 (TwoSum, Sum2).
 */
#include "gather/fold_kernels.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "queue/batch.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { LANES = 16 };

#if defined(__AVX512F__)
enum { WIDTH = 8 };
#elif defined(__AVX2__)
enum { WIDTH = 4 };
#else
enum { WIDTH = 2 };
#endif

enum { VECTORS = LANES / WIDTH };

typedef double vector __attribute__((vector_size(8 * WIDTH), may_alias));
typedef int64_t mask __attribute__((vector_size(8 * WIDTH), may_alias)); /* -1 or 0 */

/* One value a lane. */
struct lanes {
	vector v[VECTORS];
};

static inline vector load(const double *rows, int k)
{
	return ((const vector *)rows)[k];
}

static inline vector all(double x)
{
	return x - (vector){ 0 };
}

static inline struct lanes lanes_all(double x)
{
	struct lanes lanes;

	for (int k = 0; k < VECTORS; k++) {
		lanes.v[k] = all(x);
	}
	return lanes;
}

static inline void lanes_store(double to[LANES], const struct lanes *lanes)
{
	for (int k = 0; k < VECTORS; k++) {
		((vector *)to)[k] = lanes->v[k];
	}
}

/* The last rows, less than LANES of them, and a value that changes nothing. */
struct block {
	_Alignas(BATCH_ALIGN) double rows[LANES];
};

static inline void fill(struct block *block, const double *rows, size_t n, double neutral)
{
	for (size_t j = 0; j < LANES; j++) {
		block->rows[j] = j < n ? rows[j] : neutral;
	}
}

/*
 * Subtraction in the units that multiply; one is 1, out of the compiler's sight.  Some processors
 * have other units that add, and with three of the seven additions of a TwoSum moved here both are
 * busy: 0.18 instead of 0.28 ns a row on Zen 3 (bench_fold).
 */
#if defined(__AVX512F__)
#define HIDE(one) __asm__("" : "+v"(one))
static inline vector subtract(vector a, vector b, vector one)
{
	return _mm512_fmsub_pd(a, one, b);
}
#elif defined(__AVX2__) && defined(__FMA__)
#define HIDE(one) __asm__("" : "+x"(one))
static inline vector subtract(vector a, vector b, vector one)
{
	return _mm256_fmsub_pd(a, one, b);
}
#else
#define HIDE(one) ((void)(one))
static inline vector subtract(vector a, vector b, vector one)
{
	(void)one;
	return a - b;
}
#endif

struct sums {
	struct lanes high;
	struct lanes low; /* the errors of high */
};

static inline void add_block(struct sums *sums, const double *rows, vector one)
{
	for (int k = 0; k < VECTORS; k++) {
		vector x = load(rows, k);
		vector old = sums->high.v[k];
		vector sum = old + x;
		vector added = subtract(sum, old, one);
		vector kept = sum - added;

		sums->low.v[k] += subtract(old, kept, one) + subtract(x, added, one);
		sums->high.v[k] = sum;
	}
}

static struct fold_sum combine(const struct sums *sums)
{
	_Alignas(BATCH_ALIGN) double high[LANES];
	_Alignas(BATCH_ALIGN) double low[LANES];

	lanes_store(high, &sums->high);
	lanes_store(low, &sums->low);
	for (int half = LANES / 2; half > 0; half /= 2) {
		for (int j = 0; j < half; j++) {
			double a = high[j], b = high[j + half];
			double sum = a + b;
			double added = sum - a;
			double kept = sum - added;

			low[j] += low[j + half] + ((a - kept) + (b - added));
			high[j] = sum;
		}
	}
	return (struct fold_sum){ .high = high[0], .low = low[0] };
}

static struct fold_sum sum(const double *rows, size_t n)
{
	struct sums sums = { lanes_all(0), lanes_all(0) };
	vector one = all(1);
	size_t i;

	HIDE(one);
	for (i = 0; i + LANES <= n; i += LANES) {
		add_block(&sums, rows + i, one);
	}
	if (i < n) {
		struct block block;

		fill(&block, rows + i, n - i, 0);
		add_block(&sums, block.rows, one);
	}
	return combine(&sums);
}

static inline void square_block(struct lanes *squares, const double *rows, vector center)
{
	for (int k = 0; k < VECTORS; k++) {
		vector d = load(rows, k) - center;

		squares->v[k] += d * d;
	}
}

static double squares(const double *rows, size_t n, double center)
{
	_Alignas(BATCH_ALIGN) double lane[LANES];
	struct lanes squares = lanes_all(0);
	size_t i;

	for (i = 0; i + LANES <= n; i += LANES) {
		square_block(&squares, rows + i, all(center));
	}
	if (i < n) {
		struct block block;

		fill(&block, rows + i, n - i, center);
		square_block(&squares, block.rows, all(center));
	}
	lanes_store(lane, &squares);
	for (int half = LANES / 2; half > 0; half /= 2) {
		for (int j = 0; j < half; j++) {
			lane[j] += lane[j + half];
		}
	}
	return lane[0];
}

/* The lesser and the greater of numbers; what comes of NaNs and of two zeros does not matter. */
#if defined(__AVX512F__)
static inline vector lesser(vector a, vector b)
{
	return _mm512_min_pd(a, b);
}

static inline vector greater(vector a, vector b)
{
	return _mm512_max_pd(a, b);
}
#elif defined(__AVX2__)
static inline vector lesser(vector a, vector b)
{
	return _mm256_min_pd(a, b);
}

static inline vector greater(vector a, vector b)
{
	return _mm256_max_pd(a, b);
}
#elif defined(__SSE2__)
static inline vector lesser(vector a, vector b)
{
	return _mm_min_pd(a, b);
}

static inline vector greater(vector a, vector b)
{
	return _mm_max_pd(a, b);
}
#else
static inline vector select(mask where, vector yes, vector no)
{
	return (vector)((where & (mask)yes) | (~where & (mask)no));
}

static inline vector lesser(vector a, vector b)
{
	return select(a < b, a, b);
}

static inline vector greater(vector a, vector b)
{
	return select(a > b, a, b);
}
#endif

struct ranges {
	struct lanes min;
	struct lanes max;
	mask nan[VECTORS];
	mask some[VECTORS];  /* the sign bit says: a value has it set */
	mask every[VECTORS]; /* the sign bit says: all values have it set */
};

static inline void range_block(struct ranges *ranges, const double *rows)
{
	for (int k = 0; k < VECTORS; k++) {
		vector x = load(rows, k);

		ranges->min.v[k] = lesser(x, ranges->min.v[k]);
		ranges->max.v[k] = greater(x, ranges->max.v[k]);
		ranges->nan[k] |= x != x;
		ranges->some[k] |= (mask)x;
		ranges->every[k] &= (mask)x;
	}
}

/* The range of all lanes.  Where the minimum is 0, no value is negative but a -0; where the maximum
 * is 0, only a +0 is not negative. */
static struct fold_range range_of(const struct ranges *ranges)
{
	_Alignas(BATCH_ALIGN) double min[LANES];
	_Alignas(BATCH_ALIGN) double max[LANES];
	int64_t nan = 0, some = 0, every = -1;

	lanes_store(min, &ranges->min);
	lanes_store(max, &ranges->max);
	for (int j = 1; j < LANES; j++) {
		min[0] = min[j] < min[0] ? min[j] : min[0];
		max[0] = max[j] > max[0] ? max[j] : max[0];
	}
	for (int k = 0; k < VECTORS; k++) {
		for (int j = 0; j < WIDTH; j++) {
			nan |= ranges->nan[k][j];
			some |= ranges->some[k][j];
			every &= ranges->every[k][j];
		}
	}
	return (struct fold_range){
		.min = min[0] != 0 ? min[0]
		       : some < 0  ? -0.0
				   : 0.0,
		.max = max[0] != 0 ? max[0]
		       : every < 0 ? -0.0
				   : 0.0,
		.nan = nan != 0,
	};
}

static struct fold_range range(const double *rows, size_t n)
{
	struct ranges ranges = { .min = lanes_all(rows[0]), .max = lanes_all(rows[0]) };
	size_t i;

	for (int k = 0; k < VECTORS; k++) {
		ranges.every[k] = ~ranges.every[k];
	}
	for (i = 0; i + LANES <= n; i += LANES) {
		range_block(&ranges, rows + i);
	}
	if (i < n) {
		struct block block;

		fill(&block, rows + i, n - i, rows[0]);
		range_block(&ranges, block.rows);
	}
	return range_of(&ranges);
}

const struct fold_kernels KERNEL(fold_kernels) = {
	.sum = sum,
	.squares = squares,
	.range = range,
};
