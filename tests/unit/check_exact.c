/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_exact.c - sums are exact and rounded once, in any order
 *
 * The oracle adds in a number of 2400 bits in two's complement, whose bit 0 weighs 2**-1080, and
 * checks that a result is the nearest double by comparing with the middle to both neighbours.
 */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "gather/exact.h"
#include "random.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

static uint64_t seed;

static void assert_same(double got, double expected)
{
	ck_assert_msg(memcmp(&got, &expected, sizeof(got)) == 0, "got %a, not %a", got, expected);
}

static double sum_of(const double *x, size_t n)
{
	struct exact exact = { 0 };

	for (size_t i = 0; i < n; i++) {
		exact_add(&exact, x[i]);
	}
	return exact_read(&exact);
}

#define SUM(...)                                \
	sum_of((const double[]){ __VA_ARGS__ }, \
	       sizeof((const double[]){ __VA_ARGS__ }) / sizeof(double))

/* A double of any finite value, with exponents within +-spread of the middle. */
static double random_double(uint64_t *state, int spread)
{
	uint64_t r = random_next(state);
	int exponent = (int)(random_next(state) % (uint64_t)(2 * spread + 1)) - spread;
	double value = ldexp((double)(r >> 12 | UINT64_C(1) << 52), exponent - 52);

	return r & 1 ? value : -value;
}

/* The oracle. */

enum { WIDE_DIGITS = 75, WIDE_BIAS = 1080 };

struct wide {
	uint32_t digit[WIDE_DIGITS];
};

/* wide += m * 2**position */
static void wide_add(struct wide *wide, int128 m, int position)
{
	uint32_t fill = m < 0 ? UINT32_MAX : 0;
	uint64_t carry = 0;

	ck_assert_int_ge(position, 0);
	for (int k = 0; k < WIDE_DIGITS; k++) {
		uint32_t addend = 0;

		for (int bit = 0; bit < 32; bit++) {
			int from = 32 * k + bit - position;
			uint32_t one = from < 0     ? 0
				       : from < 127 ? (uint32_t)((uint128)m >> from & 1)
						    : fill & 1;
			addend |= one << bit;
		}
		carry += (uint64_t)wide->digit[k] + addend;
		wide->digit[k] = (uint32_t)carry;
		carry >>= 32;
	}
}

static void wide_add_double(struct wide *wide, double x, int64_t times)
{
	int exponent;
	int64_t m = (int64_t)ldexp(frexp(x, &exponent), 53);

	/* Subnormals: no bits below 2**-1074. */
	while (exponent - 53 < -1074) {
		ck_assert_int_eq(m % 2, 0);
		m /= 2;
		exponent++;
	}
	wide_add(wide, (int128)m * times, exponent - 53 + WIDE_BIAS);
}

static int wide_sign(const struct wide *wide)
{
	if (wide->digit[WIDE_DIGITS - 1] >> 31 != 0) {
		return -1;
	}
	for (int k = 0; k < WIDE_DIGITS; k++) {
		if (wide->digit[k] != 0) {
			return 1;
		}
	}
	return 0;
}

/* Twice x, or 2**1024 where x is infinite. */
static void wide_subtract(struct wide *wide, double x, int64_t times)
{
	if (isinf(x)) {
		wide_add_double(wide, copysign(0x1p1023, x), -2 * times);
	} else {
		wide_add_double(wide, x, -times);
	}
}

static bool is_even(double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits % 2 == 0;
}

/* That x is the double nearest to sum / n; sum2 is twice the sum. */
static void assert_nearest(double x, const struct wide *sum2, int64_t n)
{
	struct wide above = *sum2;
	struct wide below = *sum2;

	if (!(isinf(x) && x > 0)) {
		wide_subtract(&above, x, n);
		wide_subtract(&above, nextafter(x, (double)INFINITY), n);
		ck_assert_int_le(wide_sign(&above), is_even(x) ? 0 : -1);
	}
	if (!(isinf(x) && x < 0)) {
		wide_subtract(&below, isinf(x) ? DBL_MAX : nextafter(x, -(double)INFINITY), n);
		wide_subtract(&below, x, n);
		ck_assert_int_ge(wide_sign(&below), is_even(x) ? 0 : 1);
	}
}

START_TEST(of_nothing_is_plus_zero)
{
	struct exact exact;

	memset(&exact, 0xaa, sizeof(exact));
	exact_reset(&exact);
	assert_same(exact_read(&exact), 0.0);
	assert_same(exact_divide(&exact, 7), 0.0);
}
END_TEST

START_TEST(an_exact_zero_is_plus_zero)
{
	assert_same(SUM(-0.0), 0.0);
	assert_same(SUM(-0.0, -0.0), 0.0);
	assert_same(SUM(-1.5, 1.5), 0.0);
	assert_same(SUM(-DBL_MAX, DBL_TRUE_MIN, DBL_MAX, -DBL_TRUE_MIN), 0.0);
}
END_TEST

START_TEST(of_one_value_is_that_value)
{
	const double values[] = { 1,
				  -1,
				  0.1,
				  DBL_MAX,
				  -DBL_MAX,
				  DBL_MIN,
				  -DBL_MIN,
				  DBL_TRUE_MIN,
				  -DBL_TRUE_MIN,
				  nextafter(DBL_MIN, 0),
				  0x1.fffffffffffffp-3,
				  0x1p-1040 };

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		assert_same(sum_of(&values[i], 1), values[i]);
	}
	for (int exponent = -1074; exponent < 1024; exponent++) {
		double x = ldexp(1, exponent);

		assert_same(sum_of(&x, 1), x);
		x = nextafter(x, 0);
		assert_same(sum_of(&x, 1), x);
	}
}
END_TEST

START_TEST(what_cancels_leaves_the_rest)
{
	assert_same(SUM(1e308, 1, -1e308), 1);
	assert_same(SUM(1e16, 1, -1e16, 1e-16), 1 + 1e-16);
	assert_same(SUM(0x1p1023, DBL_TRUE_MIN, -0x1p1023), DBL_TRUE_MIN);
	assert_same(SUM(-0x1p1023, -DBL_TRUE_MIN, 0x1p1023), -DBL_TRUE_MIN);
	/* Overflows on its way. */
	assert_same(SUM(DBL_MAX, DBL_MAX, -DBL_MAX, -DBL_MAX, 2, -DBL_MAX), -DBL_MAX);
}
END_TEST

START_TEST(halves_go_to_the_even_neighbour)
{
	const double ulp = DBL_EPSILON;

	assert_same(SUM(1, ulp / 2), 1);
	assert_same(SUM(1 + ulp, ulp / 2), 1 + 2 * ulp);
	assert_same(SUM(-1, -ulp / 2), -1);
	assert_same(SUM(-1 - ulp, -ulp / 2), -1 - 2 * ulp);
	/* The smallest bit more or less decides. */
	assert_same(SUM(1, ulp / 2, DBL_TRUE_MIN), 1 + ulp);
	assert_same(SUM(1 + ulp, ulp / 2, -DBL_TRUE_MIN), 1 + ulp);
	assert_same(SUM(-1, -ulp / 2, -DBL_TRUE_MIN), -1 - ulp);
	/* Up into the next power of two. */
	assert_same(SUM(2 - ulp, ulp / 2), 2);
	assert_same(SUM(nextafter(DBL_MIN, 0), DBL_TRUE_MIN), DBL_MIN);
}
END_TEST

START_TEST(too_large_is_infinite)
{
	const double half = 0x1p970; /* of the last place of DBL_MAX */

	assert_same(SUM(DBL_MAX, nextafter(half, 0)), DBL_MAX);
	assert_same(SUM(DBL_MAX, half), (double)INFINITY);
	assert_same(SUM(DBL_MAX, half, -DBL_TRUE_MIN), DBL_MAX);
	assert_same(SUM(-DBL_MAX, -half), -(double)INFINITY);
	assert_same(SUM(-DBL_MAX, -DBL_MAX, -DBL_MAX), -(double)INFINITY);
}
END_TEST

START_TEST(infinities_and_nans_are_kept_apart)
{
	const double inf = (double)INFINITY, nan = (double)NAN;
	struct exact a = { 0 }, b = { 0 };

	assert_same(SUM(1, inf, -DBL_MAX), inf);
	assert_same(SUM(-inf, DBL_MAX, -inf), -inf);
	ck_assert_double_nan(SUM(inf, 1, -inf));
	ck_assert_double_nan(SUM(1, nan, 2));
	ck_assert_double_nan(SUM(inf, nan));
	exact_add(&a, inf);
	exact_add(&b, 3);
	exact_merge(&b, &a);
	assert_same(exact_read(&b), inf);
	assert_same(exact_divide(&b, 2), inf);
	exact_reset(&a);
	exact_add(&a, -inf);
	exact_merge(&b, &a);
	ck_assert_double_nan(exact_read(&b));
	ck_assert_double_nan(exact_divide(&b, 2));
	exact_reset(&b);
	exact_add(&b, 3);
	assert_same(exact_read(&b), 3);
}
END_TEST

/* Values with the largest mantissas, at every place within a chunk. */
START_TEST(carries_are_propagated_in_time)
{
	for (int exponent = -40; exponent < 40; exponent++) {
		double x = ldexp(nextafter(1, 0), exponent);
		struct exact exact = { 0 };

		for (int i = 0; i < 1 << 14; i++) {
			exact_add(&exact, x);
		}
		assert_same(exact_read(&exact), ldexp(x, 14));
		for (int i = 0; i < 1 << 15; i++) {
			exact_add(&exact, -x);
		}
		assert_same(exact_read(&exact), -ldexp(x, 14));
	}
}
END_TEST

START_TEST(millions_of_the_largest_and_the_smallest_cancel)
{
	struct exact exact = { 0 };

	for (int i = 0; i < 3000000; i++) {
		exact_add(&exact, DBL_MAX);
		exact_add(&exact, i % 2 == 0 ? DBL_TRUE_MIN : -DBL_MIN);
	}
	assert_same(exact_read(&exact), (double)INFINITY);
	assert_same(exact_divide(&exact, 3000000), DBL_MAX);
	for (int i = 0; i < 3000000; i++) {
		exact_add(&exact, -DBL_MAX);
	}
	assert_same(exact_read(&exact), 1500000 * DBL_TRUE_MIN - 1500000 * DBL_MIN);
}
END_TEST

START_TEST(merging_full_chunks_carries)
{
	for (int exponent = -40; exponent < 40; exponent++) {
		double x = ldexp(nextafter(1, 0), exponent);
		struct exact a = { 0 }, b = { 0 };

		for (int i = 0; i < 2047; i++) {
			exact_add(&a, x);
			exact_add(&b, x);
		}
		exact_merge(&a, &b);
		exact_add_product(&a, x, -4094);
		assert_same(exact_read(&a), 0.0);
		exact_merge(&a, &b);
		for (int i = 0; i < 2046; i++) {
			exact_add(&a, x);
		}
		exact_add_product(&a, x, -4093);
		assert_same(exact_read(&a), 0.0);
	}
}
END_TEST

START_TEST(merging_many_times_over_carries_too)
{
	struct exact exact = { 0 };

	for (int i = 0; i < 1024; i++) {
		exact_add(&exact, -DBL_MAX);
		exact_add(&exact, DBL_TRUE_MIN);
	}
	/* Doubled 52 times: 2**62 of each. */
	for (int i = 0; i < 52; i++) {
		struct exact copy = exact;
		exact_merge(&exact, &copy);
	}
	assert_same(exact_read(&exact), -(double)INFINITY);
	assert_same(exact_divide(&exact, UINT64_C(1) << 62), -DBL_MAX);
	exact_add_product(&exact, DBL_MAX, 0x1p62);
	assert_same(exact_read(&exact), 0x1p62 * DBL_TRUE_MIN);
}
END_TEST

START_TEST(agrees_with_128_bit_integers)
{
	uint64_t state = seed;

	for (int round = 0; round < 300; round++) {
		unsigned n = (unsigned)(random_next(&state) % 300);
		struct exact exact = { 0 };
		int128 sum = 0;

		for (unsigned i = 0; i < n; i++) {
			int64_t m = (int64_t)random_next(&state) >> 11;
			unsigned shift = (unsigned)(random_next(&state) % 60);

			sum += (int128)m * ((int128)1 << shift);
			exact_add(&exact, ldexp((double)m, (int)shift - 30));
		}
		assert_same(exact_read(&exact), ldexp((double)sum, -30));
	}
}
END_TEST

START_TEST(sums_of_any_magnitudes_are_rounded_once)
{
	static const int spreads[] = { 1, 30, 100, 400, 1020 };
	uint64_t state = seed;

	for (int round = 0; round < 100; round++) {
		struct exact exact = { 0 };
		struct wide sum2 = { 0 };
		int spread = spreads[round % 5];
		unsigned n = 1 + (unsigned)(random_next(&state) % 20);
		double last = 0;

		for (unsigned i = 0; i < n; i++) {
			double x = i % 3 == 2 ? -last : random_double(&state, spread);

			exact_add(&exact, x);
			wide_add_double(&sum2, x, 2);
			last = x;
		}
		assert_nearest(exact_read(&exact), &sum2, 1);
		/* Of at most 60 bits: the oracle's products have 127. */
		uint64_t bits = random_next(&state) % 60;
		int64_t count = 1 + (int64_t)(random_next(&state) >> (4 + bits));
		assert_nearest(exact_divide(&exact, (uint64_t)count), &sum2, count);
	}
}
END_TEST

START_TEST(near_halves_are_rounded_once)
{
	uint64_t state = seed;

	for (int round = 0; round < 200; round++) {
		/* Scaled down to where half a unit in the last place is below the least. */
		int scale = -(int)(random_next(&state) % 1022);
		double x = ldexp(random_double(&state, 0), scale);
		double half = ldexp(copysign(1, x), scale - 53);
		double little = (double)((int)(random_next(&state) % 3) - 1) * DBL_TRUE_MIN;
		const double values[] = { x, half, little };
		struct wide sum2 = { 0 };

		if (half == 0) {
			continue;
		}
		for (int i = 0; i < 3; i++) {
			wide_add_double(&sum2, values[i], 2);
		}
		assert_nearest(sum_of(values, 3), &sum2, 1);
	}
}
END_TEST

START_TEST(any_order_and_any_split_give_the_same_bits)
{
	enum { VALUES = 3000, PARTS = 7 };
	static double x[VALUES];
	uint64_t state = seed;

	for (int i = 0; i < VALUES; i++) {
		x[i] = random_double(&state, i % 2 == 0 ? 500 : 20);
	}
	double expected = sum_of(x, VALUES);
	for (int round = 0; round < 50; round++) {
		static struct exact part[PARTS];

		memset(part, 0, sizeof(part));
		for (size_t i = VALUES; i > 1; i--) {
			size_t j = random_next(&state) % i;
			double swap = x[i - 1];
			x[i - 1] = x[j];
			x[j] = swap;
		}
		for (int i = 0; i < VALUES; i++) {
			exact_add(&part[random_next(&state) % PARTS], x[i]);
		}
		for (size_t left = PARTS; left > 1; left--) {
			size_t into = random_next(&state) % (left - 1);
			exact_merge(&part[into], &part[left - 1]);
		}
		assert_same(exact_read(&part[0]), expected);
	}
}
END_TEST

START_TEST(quotients_are_rounded_once)
{
	struct exact exact = { 0 };

	exact_add(&exact, 1);
	assert_same(exact_divide(&exact, 1), 1);
	assert_same(exact_divide(&exact, 3), 1.0 / 3);
	assert_same(exact_divide(&exact, UINT64_C(1) << 63), 0x1p-63);
	assert_same(exact_divide(&exact, UINT64_MAX), 0x1p-64);
	exact_add(&exact, -2);
	assert_same(exact_divide(&exact, 10), -0.1);
	exact_reset(&exact);
	for (int i = 0; i < 3; i++) {
		exact_add(&exact, DBL_MAX);
	}
	assert_same(exact_divide(&exact, 3), DBL_MAX);
	assert_same(exact_divide(&exact, 4), 0.75 * DBL_MAX);
	assert_same(exact_divide(&exact, 2), (double)INFINITY);
	/* Not quite halves: what decides is far below what is read, or what is left over. */
	exact_reset(&exact);
	exact_add(&exact, 3);
	exact_add(&exact, 1.5 * DBL_EPSILON);
	assert_same(exact_divide(&exact, 3), 1);
	exact_add(&exact, DBL_TRUE_MIN);
	assert_same(exact_divide(&exact, 3), 1 + DBL_EPSILON);
	exact_add(&exact, -DBL_TRUE_MIN);
	exact_add(&exact, 0x1p-64);
	assert_same(exact_divide(&exact, 3), 1 + DBL_EPSILON);
	/* Halves of the smallest double. */
	exact_reset(&exact);
	exact_add(&exact, DBL_TRUE_MIN);
	assert_same(exact_divide(&exact, 2), 0.0);
	exact_add(&exact, 2 * DBL_TRUE_MIN);
	assert_same(exact_divide(&exact, 2), 2 * DBL_TRUE_MIN);
	assert_same(exact_divide(&exact, 5), DBL_TRUE_MIN);
}
END_TEST

START_TEST(products_are_exact)
{
	uint64_t state = seed;
	struct exact exact = { 0 };

	for (int i = 0; i < 5000; i++) {
		double x = random_double(&state, 200), y = random_double(&state, 200);
		double product = x * y;

		exact_add_product(&exact, x, y);
		exact_add(&exact, -product);
		exact_add(&exact, -fma(x, y, -product));
		assert_same(exact_read(&exact), 0.0);
	}
}
END_TEST

START_TEST(products_neither_overflow_nor_underflow)
{
	struct exact exact = { 0 };

	exact_add_product(&exact, DBL_MAX, DBL_MAX);
	exact_add_product(&exact, DBL_TRUE_MIN, DBL_TRUE_MIN);
	exact_add(&exact, 1);
	assert_same(exact_read(&exact), (double)INFINITY);
	exact_add_product(&exact, -DBL_MAX, DBL_MAX);
	assert_same(exact_read(&exact), 1);
	exact_add(&exact, -1);
	assert_same(exact_read(&exact), 0.0);
	/* 2**-1075, and the smallest bit there is. */
	exact_add_product(&exact, 0x1p-537, 0x1p-538);
	assert_same(exact_read(&exact), DBL_TRUE_MIN);
	exact_add_product(&exact, DBL_TRUE_MIN, -DBL_TRUE_MIN);
	assert_same(exact_read(&exact), 0.0);
	exact_add_product(&exact, 0x1p-536, 0x1p-538);
	assert_same(exact_read(&exact), 2 * DBL_TRUE_MIN);
}
END_TEST

START_TEST(products_of_the_largest_mantissas_carry_in_time)
{
	for (int exponent = -40; exponent < 40; exponent++) {
		double x = nextafter(1, 0), y = ldexp(x, exponent);
		struct exact exact = { 0 };

		for (int i = 0; i < 1 << 14; i++) {
			exact_add_product(&exact, x, y);
		}
		exact_add_product(&exact, ldexp(-x, 14), y);
		assert_same(exact_read(&exact), 0.0);
	}
}
END_TEST

START_TEST(products_with_infinities_are_those_of_doubles)
{
	const double inf = (double)INFINITY;
	struct exact exact = { 0 };

	exact_add_product(&exact, inf, -2);
	assert_same(exact_read(&exact), -inf);
	exact_add_product(&exact, -inf, inf);
	assert_same(exact_read(&exact), -inf);
	exact_add_product(&exact, inf, 0);
	ck_assert_double_nan(exact_read(&exact));
}
END_TEST

static double deviation(const double *x, size_t n, int *half_exponent)
{
	struct exact sum = { 0 }, squares = { 0 };

	for (size_t i = 0; i < n; i++) {
		exact_add(&sum, x[i]);
		exact_add_product(&squares, x[i], x[i]);
	}
	return exact_deviation(&sum, &squares, n, half_exponent);
}

/* Integers around an offset, scaled by a power of two. */
START_TEST(deviations_agree_with_128_bit_integers)
{
	static const int scales[] = { 0, -30, 31, 500, -520, 900, -1060 };
	uint64_t state = seed;

	for (int round = 0; round < 200; round++) {
		double x[50];
		size_t n = 1 + random_next(&state) % 50;
		int64_t offset = (int64_t)(random_next(&state) % (UINT64_C(1) << 45));
		int scale = scales[round % 7];
		int128 sum = 0, squares = 0;
		int half_exponent;

		for (size_t i = 0; i < n; i++) {
			int64_t m = offset + (int64_t)(random_next(&state) % 100000);

			sum += m;
			squares += (int128)m * m;
			x[i] = ldexp((double)(round % 2 == 0 ? m : -m), scale);
		}
		double got = deviation(x, n, &half_exponent);
		double expected = (double)((int128)n * squares - sum * sum);
		assert_same(ldexp(got, 2 * (half_exponent - scale)), expected);
		ck_assert(got == 0 || (got >= 0x1p52 && got <= 0x1p54));
	}
}
END_TEST

START_TEST(deviations_of_many_values_count_them_all)
{
	const uint64_t counts[] = { 1, 1 << 20, UINT64_C(1) << 32, (UINT64_C(1) << 52) + 1,
				    UINT64_C(0x8765432100000000) };
	struct exact sum = { 0 }, squares = { 0 };
	int half_exponent;

	/* All are 0 but one. */
	exact_add(&sum, 1);
	exact_add(&squares, 1);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		double got = exact_deviation(&sum, &squares, counts[i], &half_exponent);

		assert_same(ldexp(got, 2 * half_exponent), (double)(counts[i] - 1));
	}
}
END_TEST

START_TEST(deviations_of_one_value_or_of_equal_values_are_zero)
{
	const double values[] = {
		0, -0.0, 0.1, DBL_MAX, DBL_TRUE_MIN, -1e200, 0x1.fffffffffffffp3
	};
	int half_exponent;

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		double x[1000];

		for (size_t n = 0; n < 1000; n++) {
			x[n] = values[i];
		}
		assert_same(deviation(x, 1, &half_exponent), 0.0);
		assert_same(deviation(x, 1000, &half_exponent), 0.0);
		x[500] = nextafter(x[500], 1);
		ck_assert_double_gt(deviation(x, 1000, &half_exponent), 0);
	}
}
END_TEST

START_TEST(deviations_of_what_is_not_finite_are_nan)
{
	int half_exponent;

	ck_assert_double_nan(deviation((const double[]){ 1, (double)INFINITY }, 2, &half_exponent));
	ck_assert_double_nan(deviation((const double[]){ 1, (double)NAN }, 2, &half_exponent));
}
END_TEST

START_TEST(impossible_deviations_are_zero_not_negative)
{
	struct exact sum = { 0 }, squares = { 0 };
	int half_exponent;

	exact_add(&sum, 2);
	exact_add(&squares, nextafter(4, 0));
	assert_same(exact_deviation(&sum, &squares, 1, &half_exponent), 0.0);
	exact_add(&squares, -8);
	assert_same(exact_deviation(&sum, &squares, 1, &half_exponent), 0.0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("exact");
	TCase *sums = tcase_create("sums");
	TCase *derived = tcase_create("quotients, products, deviations");

	seed = random_seed("check_exact");
	tcase_add_test(sums, of_nothing_is_plus_zero);
	tcase_add_test(sums, an_exact_zero_is_plus_zero);
	tcase_add_test(sums, of_one_value_is_that_value);
	tcase_add_test(sums, what_cancels_leaves_the_rest);
	tcase_add_test(sums, halves_go_to_the_even_neighbour);
	tcase_add_test(sums, too_large_is_infinite);
	tcase_add_test(sums, infinities_and_nans_are_kept_apart);
	tcase_add_test(sums, carries_are_propagated_in_time);
	tcase_add_test(sums, millions_of_the_largest_and_the_smallest_cancel);
	tcase_add_test(sums, merging_full_chunks_carries);
	tcase_add_test(sums, merging_many_times_over_carries_too);
	tcase_add_test(sums, agrees_with_128_bit_integers);
	tcase_add_test(sums, sums_of_any_magnitudes_are_rounded_once);
	tcase_add_test(sums, near_halves_are_rounded_once);
	tcase_add_test(sums, any_order_and_any_split_give_the_same_bits);
	tcase_set_timeout(sums, 60);
	suite_add_tcase(suite, sums);
	tcase_add_test(derived, quotients_are_rounded_once);
	tcase_add_test(derived, products_are_exact);
	tcase_add_test(derived, products_neither_overflow_nor_underflow);
	tcase_add_test(derived, products_of_the_largest_mantissas_carry_in_time);
	tcase_add_test(derived, products_with_infinities_are_those_of_doubles);
	tcase_add_test(derived, deviations_agree_with_128_bit_integers);
	tcase_add_test(derived, deviations_of_many_values_count_them_all);
	tcase_add_test(derived, deviations_of_one_value_or_of_equal_values_are_zero);
	tcase_add_test(derived, deviations_of_what_is_not_finite_are_nan);
	tcase_add_test(derived, impossible_deviations_are_zero_not_negative);
	tcase_set_timeout(derived, 60);
	suite_add_tcase(suite, derived);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
