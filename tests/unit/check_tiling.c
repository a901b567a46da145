/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_tiling.c - every value of a round is in exactly one tile
 */
#include "pipeline/tiling.h"

#include <check.h>
#include <stdlib.h>

#include "random.h"

/* Marks every row of every tile in a map of generators x steps. */
static void check_cover(uint64_t parallel, uint64_t values, bool timed)
{
	struct tiling tiling;
	unsigned char *seen = calloc(parallel, values);
	uint64_t rows = 0;

	ck_assert_ptr_nonnull(seen);
	tiling_init(&tiling, parallel, values, timed);
	for (uint64_t i = 0; i < tiling.tiles; i++) {
		struct tile tile = { .round = 7 };
		ck_assert_uint_eq(tiling_rows_from(&tiling, i), parallel * values - rows);
		tiling_tile(&tiling, i, &tile);
		ck_assert_uint_eq(tile.round, 7);
		ck_assert_uint_ge(tile_rows(&tile), 1);
		ck_assert_uint_le(tile_rows(&tile), tiling_rows_max(&tiling));
		ck_assert_uint_le(tile_rows(&tile), BATCH_ROWS);
		if (timed) {
			ck_assert_uint_eq(tile.steps, 1);
		}
		for (uint64_t g = 0; g < tile.generators; g++) {
			for (uint64_t s = 0; s < tile.steps; s++) {
				uint64_t at = (tile.generator + g) * values + tile.step + s;
				if (at >= parallel * values || seen[at]++ != 0) {
					ck_abort_msg("value %" PRIu64 " outside or twice", at);
				}
			}
		}
		rows += tile_rows(&tile);
	}
	ck_assert_uint_eq(rows, parallel * values);
	ck_assert_uint_eq(tiling_rows_from(&tiling, tiling.tiles), 0);
	free(seen);
}

START_TEST(tiles_cover_every_value_once)
{
	static const uint64_t sizes[] = { 1, 2, 7, 10, 409, 410, 4095, 4096, 4097, 9000 };
	enum { N = sizeof(sizes) / sizeof(sizes[0]) };

	for (unsigned i = 0; i < N; i++) {
		for (unsigned j = 0; j < N; j++) {
			if (sizes[i] * sizes[j] <= 200000) {
				check_cover(sizes[i], sizes[j], false);
				check_cover(sizes[i], sizes[j], true);
			}
		}
	}
}
END_TEST

START_TEST(random_shapes_are_covered_too)
{
	uint64_t random = random_seed("check_tiling");

	for (unsigned i = 0; i < 50; i++) {
		uint64_t parallel = random_next(&random) % 300 + 1;
		uint64_t values = random_next(&random) % 10000 + 1;
		check_cover(parallel, values, i % 2 == 0);
	}
}
END_TEST

START_TEST(steps_of_long_generators_start_at_whole_pairs)
{
	struct tiling tiling;
	struct tile tile;

	tiling_init(&tiling, 3, 100000, false);
	for (uint64_t i = 0; i < tiling.tiles; i++) {
		tiling_tile(&tiling, i, &tile);
		ck_assert_uint_eq(tile.step % 2, 0);
	}
}
END_TEST

START_TEST(generators_advance_side_by_side)
{
	struct tiling tiling;
	struct tile tile;

	tiling_init(&tiling, 2, 10000, false);
	tiling_tile(&tiling, 0, &tile);
	ck_assert_uint_eq(tile.generator, 0);
	tiling_tile(&tiling, 1, &tile);
	ck_assert_uint_eq(tile.generator, 1);
	ck_assert_uint_eq(tile.step, 0);
	tiling_tile(&tiling, 2, &tile);
	ck_assert_uint_eq(tile.generator, 0);
	ck_assert_uint_eq(tile.step, 4096);
}
END_TEST

START_TEST(the_largest_round_does_not_overflow)
{
	struct tiling tiling;
	struct tile tile;

	tiling_init(&tiling, 1, GATHER_VALUES_MAX, false);
	tiling_tile(&tiling, tiling.tiles - 1, &tile);
	ck_assert_uint_eq(tile.step + tile.steps, GATHER_VALUES_MAX);
	tiling_init(&tiling, GATHER_PARALLEL_MAX, 1, true);
	tiling_tile(&tiling, tiling.tiles - 1, &tile);
	ck_assert_uint_eq((uint64_t)tile.generator + tile.generators, GATHER_PARALLEL_MAX);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tiling");
	TCase *tcase = tcase_create("tiling");
	SRunner *runner = srunner_create(suite);

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, tiles_cover_every_value_once);
	tcase_add_test(tcase, random_shapes_are_covered_too);
	tcase_add_test(tcase, steps_of_long_generators_start_at_whole_pairs);
	tcase_add_test(tcase, generators_advance_side_by_side);
	tcase_add_test(tcase, the_largest_round_does_not_overflow);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
