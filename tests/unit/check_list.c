/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_list.c - every value has its place, whoever puts it there
 */
#include <check.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gather/list.h"
#include "random.h"

static uint64_t seed;
static struct batch *batch;

static void setup(void)
{
	batch = batch_create(BATCH_ROWS, 1);
	ck_assert_ptr_nonnull(batch);
}

static void teardown(void)
{
	batch_destroy(&batch);
}

/* What the value of a place is in these tests. */
static double value_of(uint64_t generator, uint64_t step)
{
	return (double)generator * 1e7 + (double)step - 3;
}

/* Draw a whole tile into a batch. */
static void draw(struct batch *to, const struct tile *tile)
{
	batch_open(to, tile, 1);
	for (uint32_t r = 0; r < to->rows; r++) {
		to->column[0][r] =
			value_of(tile->generator + r / tile->steps, tile->step + r % tile->steps);
	}
}

/* Leave out the rows of a drawn batch that keep[] does not say. */
static void filter(struct batch *of, const bool *keep)
{
	uint32_t left = 0;

	for (uint32_t r = 0; r < of->rows; r++) {
		if (keep[r]) {
			of->column[0][left] = of->column[0][r];
			of->index[left++] = (uint16_t)r;
		}
	}
	of->filtered = of->rows - left;
	of->rows = left;
	of->dense = false;
}

static void add_tile(struct lists *lists, uint32_t generator, uint64_t step, uint32_t generators,
		     uint32_t steps)
{
	struct tile tile = { 1, step, generator, generators, steps };

	draw(batch, &tile);
	lists_add(lists, batch);
}

/* That the list of a generator is these steps' values, and nothing else. */
static void assert_steps(const struct lists *lists, uint32_t generator, uint64_t from, uint64_t n)
{
	double *out = calloc(n + 1, sizeof(*out));
	uint64_t cursor = 0;

	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(lists_read(lists, generator, &cursor, out, n + 1), n);
	for (uint64_t i = 0; i < n; i++) {
		ck_assert_double_eq(out[i], value_of(generator, from + i));
	}
	free(out);
}

START_TEST(the_size_is_that_of_all_places_in_whole_pages)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	ck_assert_uint_eq(lists_bytes(1, 1), page);
	ck_assert_uint_eq(lists_bytes(1, page / 8), page);
	ck_assert_uint_eq(lists_bytes(1, page / 8 + 1), 2 * page);
	ck_assert_uint_eq(lists_bytes(page, 1000), 8000 * page);
}
END_TEST

START_TEST(a_size_that_overflows_is_zero)
{
	ck_assert_uint_eq(lists_bytes(GATHER_PARALLEL_MAX, GATHER_VALUES_MAX), 0);
	ck_assert_uint_eq(lists_bytes(1, UINT64_C(1) << 61), 0);
	ck_assert_uint_eq(lists_bytes(UINT32_MAX, UINT64_C(1) << 32), 0);
	ck_assert_uint_eq(lists_bytes(1, UINT64_MAX / 8), 0);
	ck_assert_uint_ne(lists_bytes(1, UINT64_C(1) << 60), 0);
	ck_assert_ptr_null(lists_create(GATHER_PARALLEL_MAX, GATHER_VALUES_MAX));
}
END_TEST

START_TEST(more_than_there_is_room_for_is_refused)
{
	ck_assert_ptr_null(lists_create(1, UINT64_C(1) << 58));
}
END_TEST

START_TEST(new_lists_are_empty)
{
	struct lists *lists = lists_create(3, 100);

	for (uint32_t g = 0; g < 3; g++) {
		assert_steps(lists, g, 0, 0);
	}
	lists_destroy(&lists);
	ck_assert_ptr_null(lists);
	lists_destroy(&lists);
}
END_TEST

START_TEST(tiles_of_whole_lists_fill_them)
{
	struct lists *lists = lists_create(9, 7);

	add_tile(lists, 2, 0, 5, 7);
	for (uint32_t g = 0; g < 9; g++) {
		assert_steps(lists, g, 0, g >= 2 && g < 7 ? 7 : 0);
	}
	lists_destroy(&lists);
}
END_TEST

START_TEST(tiles_of_single_steps_fill_one_place_a_list)
{
	struct lists *lists = lists_create(300, 5);

	add_tile(lists, 100, 3, 200, 1);
	for (uint32_t g = 0; g < 300; g++) {
		assert_steps(lists, g, 3, g >= 100 ? 1 : 0);
	}
	add_tile(lists, 100, 4, 200, 1);
	assert_steps(lists, 299, 3, 2);
	lists_destroy(&lists);
}
END_TEST

START_TEST(tiles_from_the_middle_fill_the_middle)
{
	struct lists *lists = lists_create(10, 1000);

	add_tile(lists, 3, 500, 4, 33);
	add_tile(lists, 9, 0, 1, 1000);
	for (uint32_t g = 0; g < 9; g++) {
		assert_steps(lists, g, 500, g >= 3 && g < 7 ? 33 : 0);
	}
	assert_steps(lists, 9, 0, 1000);
	lists_destroy(&lists);
}
END_TEST

START_TEST(one_value_a_list_is_a_list)
{
	struct lists *lists = lists_create(5000, 1);

	add_tile(lists, 900, 0, BATCH_ROWS, 1);
	assert_steps(lists, 899, 0, 0);
	assert_steps(lists, 900, 0, 1);
	assert_steps(lists, 4995, 0, 1);
	assert_steps(lists, 4996, 0, 0);
	lists_destroy(&lists);
}
END_TEST

START_TEST(all_values_come_back_with_their_bits)
{
	const double values[] = { 0.0,         -0.0,         (double)INFINITY, -(double)INFINITY,
				  (double)NAN, -(double)NAN, 5e-324,           1 };
	enum { N = sizeof(values) / sizeof(*values) };
	struct lists *lists = lists_create(1, N);
	struct tile tile = { .round = 1, .generators = 1, .steps = N };
	double out[N + 1];
	uint64_t cursor = 0;

	batch_open(batch, &tile, 1);
	memcpy(batch->column[0], values, sizeof(values));
	lists_add(lists, batch);
	ck_assert_uint_eq(lists_read(lists, 0, &cursor, out, N + 1), N);
	ck_assert_mem_eq(out, values, sizeof(values));
	lists_destroy(&lists);
}
END_TEST

START_TEST(reading_goes_on_where_it_stopped)
{
	struct lists *lists = lists_create(2, 100);
	bool keep[100];

	for (uint32_t i = 0; i < 100; i++) {
		keep[i] = i % 3 == 1;
	}
	struct tile tile = { 1, 0, 1, 1, 100 };
	draw(batch, &tile);
	filter(batch, keep);
	lists_add(lists, batch);
	for (size_t room = 1; room <= 40; room++) {
		uint64_t cursor = 0;
		size_t n, total = 0;
		double out[41];

		do {
			out[room] = -1;
			n = lists_read(lists, 1, &cursor, out, room);
			for (size_t i = 0; i < n; i++) {
				ck_assert_double_eq(out[i], value_of(1, 3 * (total + i) + 1));
			}
			ck_assert_double_eq(out[room], -1);
			total += n;
		} while (n == room);
		ck_assert_uint_eq(total, 33);
		ck_assert_uint_eq(lists_read(lists, 1, &cursor, out, room), 0);
	}
	lists_destroy(&lists);
}
END_TEST

/* A round in tiles of random shapes, of which random rows are left; the model is a flag a place. */
static void fill_randomly(struct lists *lists, uint32_t generators, uint64_t values, bool *there,
			  uint64_t *state)
{
	uint64_t step = 0;

	while (step < values) {
		uint32_t steps = (uint32_t)(1 + random_next(state) % (values - step));
		uint32_t most = BATCH_ROWS / steps;

		for (uint32_t g = 0; g < generators;) {
			uint32_t count = generators - g < most ? generators - g : most;
			struct tile tile = { 1, step, g, count, steps };
			uint64_t odds = random_next(state) % 4; /* 3: all */
			static bool keep[BATCH_ROWS];

			draw(batch, &tile);
			for (uint32_t r = 0; r < batch->rows; r++) {
				keep[r] = odds == 3 || random_next(state) % 64 < 21 * odds + 1;
				there[(g + r / steps) * values + step + r % steps] = keep[r];
			}
			if (odds != 3) {
				filter(batch, keep);
			}
			lists_add(lists, batch);
			g += count;
		}
		step += steps;
	}
}

START_TEST(survivors_of_filters_are_found_by_their_index)
{
	uint64_t state = seed;

	for (unsigned round = 0; round < 50; round++) {
		uint32_t generators = (uint32_t)(1 + random_next(&state) % 70);
		uint64_t values = 1 + random_next(&state) % 300;
		bool *there = calloc(generators * values, sizeof(*there));
		struct lists *lists = lists_create(generators, values);

		fill_randomly(lists, generators, values, there, &state);
		for (uint32_t g = 0; g < generators; g++) {
			double out[301];
			uint64_t cursor = 0;
			size_t n = lists_read(lists, g, &cursor, out, 301);
			size_t expected = 0;

			for (uint64_t s = 0; s < values; s++) {
				if (there[g * values + s]) {
					ck_assert_uint_lt(expected, n);
					ck_assert_double_eq(out[expected++], value_of(g, s));
				}
			}
			ck_assert_uint_eq(n, expected);
		}
		free(there);
		lists_destroy(&lists);
	}
}
END_TEST

/* Small lists are cleared, large ones given back. */
START_TEST(a_reset_forgets_everything)
{
	const uint64_t sizes[] = { 1, 100, 10000, 300000, 2000000 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		uint64_t values = sizes[i];
		uint32_t steps = values < BATCH_ROWS ? (uint32_t)values : BATCH_ROWS;
		struct lists *lists = lists_create(2, values);

		for (unsigned again = 0; again < 2; again++) {
			add_tile(lists, 0, 0, 1, steps);
			add_tile(lists, 1, values - steps, 1, steps);
			assert_steps(lists, 0, 0, steps);
			assert_steps(lists, 1, values - steps, steps);
			lists_reset(lists);
			assert_steps(lists, 0, 0, 0);
			assert_steps(lists, 1, 0, 0);
		}
		lists_destroy(&lists);
	}
}
END_TEST

enum { THREADS = 4, SHARED_GENERATORS = 3, SHARED_VALUES = 50000, SHARED_STEPS = 97 };

struct adder {
	pthread_t thread;
	struct lists *lists;
	unsigned first;
};

/* Every THREADS-th tile. */
static void *add_some(void *arg)
{
	struct adder *adder = arg;
	struct batch *own = batch_create(SHARED_GENERATORS * SHARED_STEPS, 1);

	for (uint64_t step = adder->first * SHARED_STEPS; own != NULL && step < SHARED_VALUES;
	     step += THREADS * SHARED_STEPS) {
		uint64_t left = SHARED_VALUES - step;
		struct tile tile = { 1, step, 0, SHARED_GENERATORS,
				     left < SHARED_STEPS ? (uint32_t)left : SHARED_STEPS };

		draw(own, &tile);
		lists_add(adder->lists, own);
	}
	batch_destroy(&own);
	return NULL;
}

START_TEST(threads_add_different_tiles_side_by_side)
{
	struct lists *lists = lists_create(SHARED_GENERATORS, SHARED_VALUES);
	struct adder adders[THREADS];

	for (unsigned i = 0; i < THREADS; i++) {
		adders[i].lists = lists;
		adders[i].first = i;
		ck_assert_int_eq(pthread_create(&adders[i].thread, NULL, add_some, &adders[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(adders[i].thread, NULL), 0);
	}
	for (uint32_t g = 0; g < SHARED_GENERATORS; g++) {
		assert_steps(lists, g, 0, SHARED_VALUES);
	}
	lists_destroy(&lists);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("list");
	TCase *tcase = tcase_create("list");

	seed = random_seed("check_list");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, the_size_is_that_of_all_places_in_whole_pages);
	tcase_add_test(tcase, a_size_that_overflows_is_zero);
	tcase_add_test(tcase, more_than_there_is_room_for_is_refused);
	tcase_add_test(tcase, new_lists_are_empty);
	tcase_add_test(tcase, tiles_of_whole_lists_fill_them);
	tcase_add_test(tcase, tiles_of_single_steps_fill_one_place_a_list);
	tcase_add_test(tcase, tiles_from_the_middle_fill_the_middle);
	tcase_add_test(tcase, one_value_a_list_is_a_list);
	tcase_add_test(tcase, all_values_come_back_with_their_bits);
	tcase_add_test(tcase, reading_goes_on_where_it_stopped);
	tcase_add_test(tcase, survivors_of_filters_are_found_by_their_index);
	tcase_add_test(tcase, a_reset_forgets_everything);
	tcase_add_test(tcase, threads_add_different_tiles_side_by_side);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
