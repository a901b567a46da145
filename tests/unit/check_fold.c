/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_fold.c - what aggregate functions say, whatever the tiles, the partials and the CPU
 *
 * Oracles: results known by hand, 128-bit integers, and exact sums over single rows.
 */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gather/exact.h"
#include "gather/fold.h"
#include "gather/list.h"
#include "random.h"

__extension__ typedef __int128 int128;

/* All that are one number, in this order. */
enum { COUNT, SUM, MEAN, VARIANCE, STDEV, STDERR, MIN, MAX, SCALARS };
static const char *const scalars[SCALARS] = { "count", "sum",    "mean", "variance",
					      "stdev", "stderr", "min",  "max" };

#define INF ((double)INFINITY)
#define LENGTH(x) (sizeof(x) / sizeof(*(x)))

static uint64_t seed;
static struct plan *plan;
static struct partial *partial;
static struct batch *batch;
static enum isa best;

static void setup(void)
{
	best = ISA_COUNT - 1;
	while (!isa_supported(best)) {
		best--;
	}
	ck_assert_int_eq(plan_create(&plan, scalars, SCALARS, best, NULL), GATHER_OK);
	partial = partial_create(plan);
	ck_assert_ptr_nonnull(partial);
	batch = batch_create(BATCH_ROWS, 1);
	ck_assert_ptr_nonnull(batch);
}

static void teardown(void)
{
	batch_destroy(&batch);
	partial_destroy(&partial);
	plan_destroy(&plan);
}

static void assert_same(double got, double expected)
{
	ck_assert_msg(memcmp(&got, &expected, sizeof(got)) == 0, "got %a, not %a", got, expected);
}

/* The canonical NaN, which every CPU makes alike. */
static void assert_nan(double got)
{
	assert_same(got, (double)NAN);
}

static void assert_near(double got, double expected, double tolerance)
{
	ck_assert_msg(fabs(got - expected) <= tolerance * fabs(expected), "got %a, not %a", got,
		      expected);
}

/* Add values as one tile; behind them stands what must not be looked at. */
static void add_tile(struct partial *to, const double *x, size_t n)
{
	struct tile tile = { .round = 1, .generators = 1, .steps = (uint32_t)n };

	ck_assert_uint_le(n, BATCH_ROWS);
	batch_open(batch, &tile, 1);
	for (size_t i = 0; i < BATCH_ROWS; i++) {
		batch->column[0][i] = i < n ? x[i] : (double)NAN;
	}
	partial_add(to, batch, NULL);
}

static void add_tiles(struct partial *to, const double *x, size_t n, size_t rows)
{
	for (size_t i = 0; i < n; i += rows) {
		add_tile(to, x + i, n - i < rows ? n - i : rows);
	}
}

/* Start anew with these values, in tiles of so many rows. */
static void gather(const double *x, size_t n, size_t rows)
{
	partial_reset(partial);
	add_tiles(partial, x, n, rows);
}

static double get(unsigned scalar)
{
	return partial_read(partial, scalar);
}

START_TEST(every_name_can_be_asked_for_alone)
{
	unsigned n = 0;

	for (const char *const *name = plan_names(); *name != NULL; name++, n++) {
		struct plan *one;

		ck_assert_int_eq(plan_create(&one, name, 1, best, NULL), GATHER_OK);
		ck_assert_int_eq(plan_has_list(one), strcmp(*name, "list") == 0);
		struct partial *state = partial_create(one);
		if (!plan_has_list(one)) {
			gather((const double[]){ 2, 4 }, 2, 2);
			add_tile(state, (const double[]){ 2, 4 }, 2);
			for (unsigned i = 0; i < SCALARS; i++) {
				if (strcmp(scalars[i], *name) == 0) {
					assert_same(partial_read(state, 0), get(i));
				}
			}
		}
		partial_destroy(&state);
		ck_assert_ptr_null(state);
		plan_destroy(&one);
		ck_assert_ptr_null(one);
	}
	ck_assert_uint_eq(n, SCALARS + 1);
	partial_destroy(&(struct partial *){ NULL });
	plan_destroy(&(struct plan *){ NULL });
}
END_TEST

START_TEST(unknown_names_are_refused_with_what_was_meant)
{
	const char *const names[] = { "count", "meen", "max" };
	const char *const far[] = { "interquartile" };
	struct gather_error error;
	struct plan *none = plan;

	ck_assert_int_eq(plan_create(&none, names, 3, best, &error), GATHER_EINPUT);
	ck_assert_ptr_null(none);
	ck_assert_int_eq(error.code, GATHER_EINPUT);
	ck_assert_uint_eq(error.item, 1);
	ck_assert_ptr_nonnull(strstr(error.message, "'meen'"));
	ck_assert_str_eq(error.hint, "mean");
	ck_assert_int_eq(plan_create(&none, far, 1, best, &error), GATHER_EINPUT);
	ck_assert_uint_eq(error.item, 0);
	for (const char *const *name = plan_names(); *name != NULL; name++) {
		ck_assert_ptr_nonnull(strstr(error.hint, *name));
	}
	ck_assert_int_eq(plan_create(&none, far, 1, best, NULL), GATHER_EINPUT);
}
END_TEST

START_TEST(names_given_twice_are_refused)
{
	const char *const names[] = { "min", "max", "mean", "max" };
	struct gather_error error;
	struct plan *none = plan;

	ck_assert_int_eq(plan_create(&none, names, 4, best, &error), GATHER_EINPUT);
	ck_assert_ptr_null(none);
	ck_assert_uint_eq(error.item, 3);
	ck_assert_ptr_nonnull(strstr(error.message, "'max'"));
}
END_TEST

START_TEST(no_names_are_refused)
{
	struct gather_error error;
	struct plan *none = plan;

	ck_assert_int_eq(plan_create(&none, NULL, 0, best, &error), GATHER_EINPUT);
	ck_assert_ptr_null(none);
	ck_assert_int_ne(error.message[0], '\0');
}
END_TEST

static void assert_nothing(void)
{
	assert_same(get(COUNT), 0.0);
	assert_same(get(SUM), 0.0);
	for (unsigned i = MEAN; i < SCALARS; i++) {
		assert_nan(get(i));
	}
}

START_TEST(of_nothing_count_and_sum_are_zero_and_the_rest_nan)
{
	assert_nothing();
	add_tile(partial, NULL, 0);
	assert_nothing();
}
END_TEST

START_TEST(one_value_has_no_variance)
{
	const double values[] = { 0.1, -3, 0, DBL_MAX, DBL_TRUE_MIN, -1e-200 };

	for (size_t i = 0; i < LENGTH(values); i++) {
		gather(&values[i], 1, 1);
		assert_same(get(COUNT), 1);
		assert_same(get(SUM), values[i]);
		assert_same(get(MEAN), values[i]);
		assert_same(get(MIN), values[i]);
		assert_same(get(MAX), values[i]);
		assert_nan(get(VARIANCE));
		assert_nan(get(STDEV));
		assert_nan(get(STDERR));
	}
}
END_TEST

START_TEST(one_to_ten_are_known_by_hand)
{
	const double x[] = { 3, 1, 4, 10, 5, 9, 2, 6, 8, 7 };

	for (size_t rows = 1; rows <= 10; rows++) {
		gather(x, 10, rows);
		assert_same(get(COUNT), 10);
		assert_same(get(SUM), 55);
		assert_same(get(MEAN), 5.5);
		assert_near(get(VARIANCE), 55.0 / 6, DBL_EPSILON);
		assert_near(get(STDEV), sqrt(55.0 / 6), DBL_EPSILON);
		assert_near(get(STDERR), sqrt(55.0 / 60), DBL_EPSILON);
		assert_same(get(MIN), 1);
		assert_same(get(MAX), 10);
	}
}
END_TEST

START_TEST(equal_values_do_not_vary)
{
	static double x[BATCH_ROWS];
	const double values[] = { 0,
				  -0.0,
				  0.1,
				  1,
				  -1e8 / 3,
				  1e200,
				  1e-200,
				  DBL_MAX,
				  DBL_TRUE_MIN,
				  0x1.fffffffffffffp-1,
				  0x1.0000000000001p500,
				  0x1.23p-520,
				  0x1p1023 };
	const size_t sizes[] = { 2, 3, 15, 16, 17, 33, 1000, BATCH_ROWS };

	for (size_t i = 0; i < LENGTH(values); i++) {
		for (size_t k = 0; k < LENGTH(sizes); k++) {
			for (size_t j = 0; j < sizes[k]; j++) {
				x[j] = values[i];
			}
			gather(x, sizes[k], k % 3 == 0 ? sizes[k] : k % 3 == 1 ? 1 : 100);
			assert_same(get(VARIANCE), 0.0);
			assert_same(get(STDEV), 0.0);
			assert_same(get(STDERR), 0.0);
			ck_assert_double_eq(get(MEAN), values[i]);
			ck_assert_double_eq(get(MIN), values[i]);
			ck_assert_double_eq(get(MAX), values[i]);
		}
	}
}
END_TEST

/* Integers in units of 1/1024 around an offset: the oracle is exact. */
START_TEST(variance_is_right_wherever_the_values_lie)
{
	static double x[3 * BATCH_ROWS];
	const double offsets[] = { 0, 1, -1e3, 1e8, -1e8, 1e12, -0x1p42 };
	uint64_t state = seed;

	for (size_t k = 0; k < LENGTH(offsets); k++) {
		size_t n = 2 + random_next(&state) % (LENGTH(x) - 2);
		int128 sum = 0, squares = 0;

		for (size_t i = 0; i < n; i++) {
			int64_t m = (int64_t)(random_next(&state) % 2048);

			sum += m;
			squares += (int128)m * m;
			x[i] = offsets[k] + (double)m / 1024;
		}
		double expected = (double)((int128)n * squares - sum * sum) / (double)n /
				  (double)(n - 1) * 0x1p-20;
		gather(x, n, BATCH_ROWS);
		assert_near(get(VARIANCE), expected, 1e-13);
		assert_near(get(STDEV), sqrt(expected), 1e-13);
		assert_near(get(STDERR), sqrt(expected / (double)n), 1e-13);
		gather(x, n, 37);
		assert_near(get(VARIANCE), expected, 1e-13);
	}
}
END_TEST

START_TEST(values_that_differ_in_the_last_place_vary_rightly)
{
	double x[] = { 1e15, 1e15, 1e15 + 0.125, 1e15 };

	gather(x, 4, 4);
	assert_same(get(VARIANCE), 0.00390625);
	gather(x, 4, 3);
	assert_same(get(VARIANCE), 0.00390625);
}
END_TEST

/* How values are distributed that are hard on sums. */
static double hard_value(uint64_t *state, unsigned kind, size_t i)
{
	uint64_t r = random_next(state);
	double u = (double)(r >> 11) * 0x1p-53;
	double sign = r & 1 ? 1 : -1;

	switch (kind) {
	case 0: /* plain */
		return u - 0.25;
	case 1: /* cancelling */
		return i % 2 == 0 ? 1e10 + u : -1e10 + u;
	case 2: /* of many magnitudes */
		return sign * ldexp(1 + u, (int)(random_next(state) % 200) - 100);
	case 3: /* an outlier first */
		return i == 0 ? 1e16 : u;
	case 4: /* of all magnitudes */
		return sign * ldexp(1 + u, (int)(random_next(state) % 2044) - 1021);
	case 5: /* tiny */
		return sign * u * 0x1p-1022;
	case 6: /* squares underflow */
		return u * 1e-170;
	case 7: /* squares overflow */
		return u * 1e170;
	case 8: /* a constant with one exception */
		return i == 7 ? 3.0000000000000004 : 3;
	default: /* heavy tails */
		return sign / (u * u + 1e-30);
	}
}
enum { HARD_KINDS = 10 };

/* The reference: every row added exactly. */
struct reference {
	double sum, variance, stdev, condition;
};

static struct reference refer(const double *x, size_t n)
{
	struct exact sum = { 0 }, magnitudes = { 0 }, squares = { 0 };
	struct reference reference;
	int half_exponent;

	for (size_t i = 0; i < n; i++) {
		exact_add(&sum, x[i]);
		exact_add(&magnitudes, fabs(x[i]));
		exact_add_product(&squares, x[i], x[i]);
	}
	double scaled =
		exact_deviation(&sum, &squares, n, &half_exponent) / (double)n / (double)(n - 1);
	reference.sum = exact_read(&sum);
	reference.condition = exact_divide(&magnitudes, n) / fabs(exact_divide(&sum, n));
	reference.variance = ldexp(scaled, 2 * half_exponent);
	reference.stdev = ldexp(sqrt(scaled), half_exponent);
	return reference;
}

static void assert_within_one_ulp(double got, double expected)
{
	ck_assert_msg(got == expected || nextafter(got, expected) == expected, "got %a, not %a",
		      got, expected);
}

START_TEST(hard_values_agree_with_exact_arithmetic)
{
	static double x[2 * BATCH_ROWS];
	uint64_t state = seed;
	unsigned rounds = getenv("GATHERD_TEST_LONG") != NULL ? 10000 : 200;

	for (unsigned round = 0; round < rounds; round++) {
		size_t n = 2 + random_next(&state) % (round % 2 == 0 ? 100 : LENGTH(x) - 2);
		unsigned kind = round % HARD_KINDS;

		for (size_t i = 0; i < n; i++) {
			x[i] = hard_value(&state, kind, i);
		}
		struct reference expected = refer(x, n);
		gather(x, n, 1 + random_next(&state) % BATCH_ROWS);
		if (expected.condition < 1e12) {
			assert_within_one_ulp(get(SUM), expected.sum);
		}
		if (isinf(expected.variance) || expected.variance < DBL_MIN) {
			assert_within_one_ulp(get(VARIANCE), expected.variance);
		} else {
			assert_near(get(VARIANCE), expected.variance, 1e-13);
		}
		assert_near(get(STDEV), expected.stdev, 1e-13);
	}
}
END_TEST

START_TEST(any_split_over_partials_gives_the_same_bits)
{
	enum { TILES = 40, PARTS = 6 };
	static double x[TILES][300];
	uint64_t state = seed;
	struct partial *part[PARTS];

	for (unsigned i = 0; i < PARTS; i++) {
		part[i] = partial_create(plan);
		ck_assert_ptr_nonnull(part[i]);
	}
	for (unsigned round = 0; round < 50; round++) {
		double expected[SCALARS];
		size_t order[TILES];

		partial_reset(partial);
		for (size_t t = 0; t < TILES; t++) {
			for (size_t i = 0; i < LENGTH(x[t]); i++) {
				x[t][i] = hard_value(&state, (unsigned)(round + t) % HARD_KINDS, i);
			}
			/* Tiles of 1, 2 ... rows, the last ones whole. */
			add_tile(partial, x[t], t < 30 ? t + 1 : LENGTH(x[t]));
			order[t] = t;
		}
		for (unsigned i = 0; i < SCALARS; i++) {
			expected[i] = get(i);
		}
		for (unsigned i = 0; i < PARTS; i++) {
			partial_reset(part[i]);
		}
		for (size_t left = TILES; left > 0; left--) {
			size_t pick = random_next(&state) % left;
			size_t t = order[pick];

			order[pick] = order[left - 1];
			add_tile(part[random_next(&state) % PARTS], x[t],
				 t < 30 ? t + 1 : LENGTH(x[t]));
		}
		for (size_t left = PARTS; left > 1; left--) {
			partial_merge(part[random_next(&state) % (left - 1)], part[left - 1]);
		}
		for (unsigned i = 0; i < SCALARS; i++) {
			assert_same(partial_read(part[0], i), expected[i]);
		}
	}
	for (unsigned i = 0; i < PARTS; i++) {
		partial_destroy(&part[i]);
	}
}
END_TEST

START_TEST(all_variants_of_the_kernels_give_the_same_bits)
{
	static double x[BATCH_ROWS];
	uint64_t state = seed;
	unsigned variants = 0;

	for (enum isa isa = ISA_BASE; isa < best; isa++) {
		struct plan *other_plan;
		if (!isa_supported(isa)) {
			continue;
		}
		variants++;
		ck_assert_int_eq(plan_create(&other_plan, scalars, SCALARS, isa, NULL), GATHER_OK);
		struct partial *other = partial_create(other_plan);
		for (unsigned round = 0; round < 400; round++) {
			size_t n = round < 100 ? round : random_next(&state) % (BATCH_ROWS + 1);

			for (size_t i = 0; i < n; i++) {
				x[i] = hard_value(&state, round % HARD_KINDS, i);
			}
			if (round % 7 == 6 && n > 0) {
				x[random_next(&state) % n] = round % 2 == 0 ? INF : (double)NAN;
			}
			gather(x, n, BATCH_ROWS);
			partial_reset(other);
			add_tile(other, x, n);
			for (unsigned i = 0; i < SCALARS; i++) {
				assert_same(partial_read(other, i), get(i));
			}
		}
		partial_destroy(&other);
		plan_destroy(&other_plan);
	}
	if (variants == 0) {
		printf("only one variant can run here: nothing to compare\n");
	}
}
END_TEST

/* Rows 16 apart share a lane. */
START_TEST(what_cancels_within_a_tile_leaves_the_rest)
{
	static const double orders[][3] = {
		{ 1, 1e17, -1e17 }, { 1e17, 1, -1e17 }, { -1e17, 1e17, 1 }, { 1e17, -1e17, 1 }
	};

	for (size_t k = 0; k < LENGTH(orders); k++) {
		for (size_t apart = 1; apart <= 16; apart++) {
			double x[48] = { 0 };

			for (size_t i = 0; i < 3; i++) {
				x[i * apart] = orders[k][i];
			}
			gather(x, 48, 48);
			assert_same(get(SUM), 1);
		}
	}
}
END_TEST

START_TEST(what_overflows_on_its_way_is_summed_all_the_same)
{
	double x[] = { DBL_MAX, DBL_MAX, -DBL_MAX, -DBL_MAX, 3, 1 };

	gather(x, 6, 6);
	assert_same(get(SUM), 4);
	assert_same(get(MEAN), 4.0 / 6);
	assert_same(get(VARIANCE), INF);
	assert_near(get(STDEV), DBL_MAX * sqrt(4.0 / 5), 4 * DBL_EPSILON);
	gather(x, 2, 2);
	assert_same(get(SUM), INF);
	assert_same(get(MEAN), DBL_MAX);
	assert_same(get(VARIANCE), 0.0);
	/* A lane of its own overflows and comes back. */
	static double lane[100];
	lane[0] = lane[16] = DBL_MAX;
	lane[32] = lane[48] = -DBL_MAX;
	lane[5] = 1;
	gather(lane, 100, 100);
	assert_same(get(SUM), 1);
}
END_TEST

START_TEST(the_deviation_is_right_where_the_variance_is_out_of_range)
{
	const double x[] = { 1, 2, 4, 8, 16, 32 };
	const int scales[] = { 600, 1000, -600, -1060 };

	gather(x, 6, 6);
	double stdev = get(STDEV), error = get(STDERR);
	for (size_t k = 0; k < LENGTH(scales); k++) {
		double scaled[6];

		for (size_t i = 0; i < 6; i++) {
			scaled[i] = ldexp(x[i], scales[k]);
		}
		gather(scaled, 6, 4);
		assert_same(get(STDEV), ldexp(stdev, scales[k]));
		assert_same(get(STDERR), ldexp(error, scales[k]));
		assert_same(get(VARIANCE), scales[k] > 0 ? INF : 0.0);
	}
}
END_TEST

START_TEST(infinities_and_nans_show_at_any_place)
{
	double x[40];

	for (size_t n = 1; n <= LENGTH(x); n++) {
		for (size_t at = 0; at < n; at++) {
			for (size_t i = 0; i < n; i++) {
				x[i] = (double)i - 7;
			}
			x[at] = -INF;
			gather(x, n, LENGTH(x));
			assert_same(get(SUM), -INF);
			assert_same(get(MEAN), -INF);
			assert_same(get(MIN), -INF);
			size_t last = at == n - 1 ? n - 2 : n - 1;
			assert_same(get(MAX), n == 1 ? -INF : (double)last - 7);
			assert_nan(get(VARIANCE));
			x[at] = (double)NAN;
			gather(x, n, LENGTH(x));
			for (unsigned i = SUM; i < SCALARS; i++) {
				assert_nan(get(i));
			}
			assert_same(get(COUNT), (double)n);
		}
	}
	gather((const double[]){ INF, -INF }, 2, 1);
	assert_nan(get(SUM));
	assert_same(get(MIN), -INF);
	assert_same(get(MAX), INF);
}
END_TEST

START_TEST(a_nan_of_one_partial_reaches_the_merged_one)
{
	struct partial *other = partial_create(plan);

	add_tile(other, (const double[]){ (double)NAN }, 1);
	add_tile(partial, (const double[]){ 1, 2, 3 }, 3);
	partial_merge(partial, other);
	add_tile(partial, (const double[]){ 4, 5 }, 2);
	for (unsigned i = SUM; i < SCALARS; i++) {
		assert_nan(get(i));
	}
	partial_reset(partial);
	assert_nothing();
	add_tile(partial, (const double[]){ 1, 2, 3 }, 3);
	assert_same(get(MAX), 3);
	assert_same(get(VARIANCE), 1);
	partial_destroy(&other);
}
END_TEST

START_TEST(the_range_is_that_of_a_plain_loop)
{
	static double x[BATCH_ROWS];
	uint64_t state = seed;

	for (unsigned round = 0; round < 200; round++) {
		size_t n = round < 70 ? round + 1 : 1 + random_next(&state) % BATCH_ROWS;
		double min = INF, max = -INF;

		for (size_t i = 0; i < n; i++) {
			x[i] = hard_value(&state, round % HARD_KINDS, i);
			x[i] = round % 3 == 0 ? fabs(x[i]) : round % 3 == 1 ? -fabs(x[i]) : x[i];
			min = x[i] < min ? x[i] : min;
			max = x[i] > max ? x[i] : max;
		}
		gather(x, n, BATCH_ROWS);
		ck_assert_double_eq(get(MIN), min);
		ck_assert_double_eq(get(MAX), max);
	}
}
END_TEST

START_TEST(minus_zero_is_less_than_plus_zero)
{
	double x[40];

	for (size_t n = 1; n <= LENGTH(x); n++) {
		for (size_t at = 0; at < n; at++) {
			for (size_t i = 0; i < n; i++) {
				x[i] = i == at ? -0.0 : 0.0;
			}
			for (size_t rows = 1; rows <= 40; rows += 13) {
				gather(x, n, rows);
				assert_same(get(MIN), -0.0);
				assert_same(get(MAX), n == 1 ? -0.0 : 0.0);
			}
			for (size_t i = 0; i < n; i++) {
				x[i] = -x[i];
			}
			gather(x, n, 40);
			assert_same(get(MIN), n == 1 ? 0.0 : -0.0);
			assert_same(get(MAX), 0.0);
		}
	}
	gather((const double[]){ 0.0, 1 }, 2, 2);
	assert_same(get(MIN), 0.0);
	gather((const double[]){ -0.0, -1 }, 2, 2);
	assert_same(get(MAX), -0.0);
	gather((const double[]){ -0.0, -1, 0.0 }, 3, 1);
	assert_same(get(MAX), 0.0);
}
END_TEST

START_TEST(the_tally_is_taken_from_batches_and_merged)
{
	struct partial *other = partial_create(plan);
	struct tile tile = { .round = 1, .generators = 7, .steps = 10 };
	struct tally tally;

	batch_open(batch, &tile, 1);
	memset(batch->column[0], 0, 70 * sizeof(double));
	partial_add(other, batch, NULL);
	batch->rows = 30;
	batch->dense = false;
	batch->filtered = 25;
	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		batch->faulted[i] = i + 1;
	}
	partial_add(partial, batch, NULL);
	partial_add(other, batch, NULL);
	batch->rows = 0;
	batch->filtered = 55;
	partial_add(partial, batch, NULL);
	partial_merge(partial, other);
	partial_tally(partial, &tally);
	ck_assert_uint_eq(tally.drawn, 4 * 70);
	ck_assert_uint_eq(tally.gathered, 70 + 2 * 30);
	ck_assert_uint_eq(tally.filtered, 2 * 25 + 55);
	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		ck_assert_uint_eq(tally.faulted[i], 3 * (i + 1));
	}
	assert_same(get(COUNT), 130);
	partial_reset(partial);
	partial_tally(partial, &tally);
	ck_assert_uint_eq(tally.drawn + tally.gathered + tally.filtered, 0);
	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		ck_assert_uint_eq(tally.faulted[i], 0);
	}
	partial_destroy(&other);
}
END_TEST

START_TEST(lists_are_filled_beside_the_rest)
{
	const char *const names[] = { "mean", "list" };
	struct lists *lists = lists_create(1, 5);
	struct plan *both;
	double out[6];
	uint64_t cursor = 0;

	ck_assert_int_eq(plan_create(&both, names, 2, best, NULL), GATHER_OK);
	struct partial *state = partial_create(both);
	struct tile tile = { .round = 1, .step = 1, .generators = 1, .steps = 3 };
	batch_open(batch, &tile, 1);
	for (unsigned i = 0; i < 3; i++) {
		batch->column[0][i] = i;
	}
	partial_add(state, batch, lists);
	assert_same(partial_read(state, 0), 1);
	assert_same(partial_read(state, 1), 0.0);
	ck_assert_uint_eq(lists_read(lists, 0, &cursor, out, 6), 3);
	assert_same(out[2], 2);
	partial_destroy(&state);
	plan_destroy(&both);
	lists_destroy(&lists);
}
END_TEST

static TCase *names_case(void)
{
	TCase *tcase = tcase_create("names");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, every_name_can_be_asked_for_alone);
	tcase_add_test(tcase, unknown_names_are_refused_with_what_was_meant);
	tcase_add_test(tcase, names_given_twice_are_refused);
	tcase_add_test(tcase, no_names_are_refused);
	return tcase;
}

static TCase *values_case(void)
{
	TCase *tcase = tcase_create("values");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, of_nothing_count_and_sum_are_zero_and_the_rest_nan);
	tcase_add_test(tcase, one_value_has_no_variance);
	tcase_add_test(tcase, one_to_ten_are_known_by_hand);
	tcase_add_test(tcase, equal_values_do_not_vary);
	tcase_add_test(tcase, variance_is_right_wherever_the_values_lie);
	tcase_add_test(tcase, values_that_differ_in_the_last_place_vary_rightly);
	tcase_add_test(tcase, hard_values_agree_with_exact_arithmetic);
	tcase_add_test(tcase, what_cancels_within_a_tile_leaves_the_rest);
	tcase_add_test(tcase, what_overflows_on_its_way_is_summed_all_the_same);
	tcase_add_test(tcase, the_deviation_is_right_where_the_variance_is_out_of_range);
	tcase_add_test(tcase, infinities_and_nans_show_at_any_place);
	tcase_add_test(tcase, the_range_is_that_of_a_plain_loop);
	tcase_add_test(tcase, minus_zero_is_less_than_plus_zero);
	return tcase;
}

static TCase *order_case(void)
{
	TCase *tcase = tcase_create("order");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, any_split_over_partials_gives_the_same_bits);
	tcase_add_test(tcase, all_variants_of_the_kernels_give_the_same_bits);
	tcase_add_test(tcase, a_nan_of_one_partial_reaches_the_merged_one);
	tcase_add_test(tcase, the_tally_is_taken_from_batches_and_merged);
	tcase_add_test(tcase, lists_are_filled_beside_the_rest);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("fold");

	seed = random_seed("check_fold");
	suite_add_tcase(suite, names_case());
	suite_add_tcase(suite, values_case());
	suite_add_tcase(suite, order_case());
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
