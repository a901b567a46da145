/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_round.c - the two countdowns of a round, and who is told that it is over
 */
#include "gather/round.h"

#include <check.h>
#include <stdlib.h>

#include "base/clock.h"

enum { TILES = 5, ROWS = 8 };

static struct plan *plan;
static struct round *subject;
static struct batch *batch;

static void setup(void)
{
	static const char *const names[] = { "count", "sum" };

	ck_assert_int_eq(plan_create(&plan, names, 2, ISA_BASE, NULL), GATHER_OK);
	subject = aligned_alloc(CACHE_LINE, sizeof(*subject));
	ck_assert(round_init(subject, plan, 3));
	batch = batch_create(ROWS, 1);
}

static void teardown(void)
{
	round_fini(subject);
	free(subject);
	plan_destroy(&plan);
	batch_destroy(&batch);
}

/* Fold a tile of ones. */
static bool fold(unsigned slot, uint64_t number)
{
	struct tile tile = { .round = number, .generators = 1, .steps = ROWS };

	batch_open(batch, &tile, 1);
	for (unsigned i = 0; i < ROWS; i++) {
		batch->column[0][i] = 1;
	}
	return round_fold(subject, slot, batch);
}

START_TEST(a_new_round_is_complete_and_gives_no_tile)
{
	uint64_t tile;

	ck_assert(round_complete(subject));
	ck_assert(!round_claim(subject, 0, &tile));
	ck_assert(!round_claim(subject, 1, &tile));
}
END_TEST

START_TEST(every_tile_is_claimed_once_in_order)
{
	uint64_t tile;

	round_open(subject, 1, TILES, 0);
	for (uint64_t i = 0; i < TILES; i++) {
		ck_assert(round_claim(subject, 1, &tile));
		ck_assert_uint_eq(tile, i);
	}
	ck_assert(!round_claim(subject, 1, &tile));
	ck_assert(!round_complete(subject));
}
END_TEST

START_TEST(a_claim_for_another_round_fails_and_takes_nothing)
{
	uint64_t tile;

	round_open(subject, 3, TILES, 0);
	ck_assert(!round_claim(subject, 1, &tile));
	ck_assert(!round_claim(subject, 5, &tile));
	ck_assert(round_claim(subject, 3, &tile));
	ck_assert_uint_eq(tile, 0);
}
END_TEST

START_TEST(only_the_last_fold_says_so_and_all_slots_are_merged)
{
	uint64_t tile;
	struct tally tally;

	round_open(subject, 1, TILES, 0);
	for (unsigned i = 0; i < TILES; i++) {
		ck_assert(round_claim(subject, 1, &tile));
		ck_assert(!round_complete(subject));
		ck_assert(fold(i % 3, 1) == (i + 1 == TILES));
	}
	ck_assert(round_complete(subject));
	const struct partial *partial = round_merge(subject);
	partial_tally(partial, &tally);
	ck_assert_uint_eq(tally.drawn, TILES * ROWS);
	ck_assert_uint_eq(tally.gathered, TILES * ROWS);
	ck_assert(partial_read(partial, 1) == TILES * ROWS);
}
END_TEST

START_TEST(a_round_that_is_opened_again_has_forgotten_the_one_before)
{
	uint64_t tile;

	for (uint64_t number = 1; number <= 5; number += 2) {
		round_open(subject, number, 1, 0);
		ck_assert(!round_complete(subject));
		ck_assert(round_claim(subject, number, &tile));
		ck_assert(fold(0, number));
		ck_assert(partial_read(round_merge(subject), 0) == ROWS);
	}
}
END_TEST

START_TEST(a_closed_round_gives_no_tile_and_counts_what_is_given_up)
{
	uint64_t tile;

	round_open(subject, 1, TILES, 0);
	ck_assert(round_claim(subject, 1, &tile));
	ck_assert(round_claim(subject, 1, &tile));
	uint64_t left = round_close(subject);
	ck_assert_uint_eq(left, TILES - 2);
	ck_assert(!round_claim(subject, 1, &tile));
	ck_assert_uint_eq(round_close(subject), 0);
	round_give_up_rest(subject, left, left * ROWS);
	ck_assert(!round_complete(subject));
	ck_assert(!round_give_up(subject, ROWS));
	ck_assert(fold(1, 1));
	ck_assert(round_complete(subject));
	ck_assert_uint_eq(atomic_load(&subject->given_up), (TILES - 1) * ROWS);
}
END_TEST

START_TEST(giving_up_the_last_tile_ends_the_round)
{
	uint64_t tile;

	round_open(subject, 1, 1, 0);
	ck_assert(round_claim(subject, 1, &tile));
	ck_assert(round_give_up(subject, ROWS));
	ck_assert(round_complete(subject));
}
END_TEST

START_TEST(times_are_those_of_the_first_claim_and_the_last_fold)
{
	uint64_t tile;

	round_open(subject, 1, 2, 0);
	int64_t before = clock_now_ns();
	ck_assert(round_claim(subject, 1, &tile));
	int64_t between = clock_now_ns();
	ck_assert(round_claim(subject, 1, &tile));
	ck_assert(!fold(0, 1));
	int64_t late = clock_now_ns();
	ck_assert(fold(0, 1));
	ck_assert_int_ge(subject->begun_ns, before);
	ck_assert_int_le(subject->begun_ns, between);
	ck_assert_int_ge(subject->done_ns, late);
	ck_assert_int_le(subject->done_ns, clock_now_ns());
}
END_TEST

START_TEST(a_round_that_is_due_begins_then_whenever_it_is_claimed)
{
	uint64_t tile;

	round_open(subject, 1, 1, 12345);
	ck_assert(round_claim(subject, 1, &tile));
	ck_assert_int_eq(subject->begun_ns, 12345);
	ck_assert(fold(0, 1));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("round");
	TCase *tcase = tcase_create("round");
	SRunner *runner = srunner_create(suite);

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_new_round_is_complete_and_gives_no_tile);
	tcase_add_test(tcase, every_tile_is_claimed_once_in_order);
	tcase_add_test(tcase, a_claim_for_another_round_fails_and_takes_nothing);
	tcase_add_test(tcase, only_the_last_fold_says_so_and_all_slots_are_merged);
	tcase_add_test(tcase, a_round_that_is_opened_again_has_forgotten_the_one_before);
	tcase_add_test(tcase, a_closed_round_gives_no_tile_and_counts_what_is_given_up);
	tcase_add_test(tcase, giving_up_the_last_tile_ends_the_round);
	tcase_add_test(tcase, times_are_those_of_the_first_claim_and_the_last_fold);
	tcase_add_test(tcase, a_round_that_is_due_begins_then_whenever_it_is_claimed);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
