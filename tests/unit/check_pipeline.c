/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_pipeline.c - the public interface: what it refuses, what rounds give, how it stops
 *
 * Widths, loss and order under load are in stress_pipeline.c.
 */
#include "gather.h"

#include <check.h>
#include <math.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"

enum { SILENCE_MS = 100000, KEPT = 16 };

static struct gather_stage stages[GATHER_STAGES_MAX + 1];
static const char *gathers[GATHER_GATHERS_MAX + 1];
static struct gather_spec spec;
static struct gather_error error;

/* What the rounds of a run gave. */
static struct {
	unsigned n;
	struct gather_result results[KEPT];
	double scalars[KEPT][4];
	double list[KEPT][100];
	size_t nlist[KEPT];
	struct gather_stats stats;
} kept;

static void setup(void)
{
	memset(&stages, 0, sizeof(stages));
	memset(&kept, 0, sizeof(kept));
	stages[0].comprehension = "[x for x in uniform(0, 10)]";
	stages[0].width = 1;
	gathers[0] = "count";
	spec = (struct gather_spec){
		.name = "test",
		.seed = 1,
		.parallel = 1,
		.values = 10,
		.rounds = 1,
		.producers = 1,
		.nstages = 1,
		.stages = stages,
		.ngathers = 1,
		.gathers = gathers,
	};
}

static void keep(const struct gather_result *result, void *arg)
{
	unsigned i = kept.n++;

	(void)arg;
	ck_assert_uint_lt(i, KEPT);
	kept.results[i] = *result;
	for (unsigned k = 0; k < result->ngathers && k < 4; k++) {
		kept.scalars[i][k] = result->scalars[k];
	}
	if (result->lists != NULL) {
		uint64_t cursor = 0;
		kept.nlist[i] = gather_lists_read(result->lists, 0, &cursor, kept.list[i], 100);
	}
}

/* Dispatch until the pipeline is done, or a round has been kept where one is enough. */
static void supervise(struct gather_pipeline *pipeline, unsigned rounds)
{
	while (!gather_pipeline_done(pipeline) && kept.n < rounds) {
		struct pollfd fd = { .fd = gather_pipeline_fd(pipeline), .events = POLLIN };
		ck_assert_int_gt(poll(&fd, 1, SILENCE_MS), 0);
		ck_assert_int_eq(gather_pipeline_dispatch(pipeline, keep, NULL), GATHER_OK);
	}
}

static struct gather_pipeline *start(void)
{
	struct gather_pipeline *pipeline;
	int ret = gather_pipeline_create(&pipeline, &spec, &error);

	ck_assert_msg(ret == GATHER_OK, "%s", error.message);
	ck_assert_int_eq(gather_pipeline_start(pipeline, &error), GATHER_OK);
	return pipeline;
}

static void run(void)
{
	struct gather_pipeline *pipeline = start();

	supervise(pipeline, UINT32_MAX);
	gather_pipeline_stats(pipeline, &kept.stats);
	gather_pipeline_destroy(&pipeline);
	ck_assert_ptr_null(pipeline);
}

static void refused(enum gather_field field, unsigned item)
{
	struct gather_pipeline *pipeline = (struct gather_pipeline *)&spec;

	ck_assert_int_eq(gather_spec_check(&spec, &error), GATHER_EINPUT);
	ck_assert_int_eq(error.code, GATHER_EINPUT);
	ck_assert_int_eq(error.field, field);
	ck_assert_uint_eq(error.item, item);
	ck_assert_str_ne(error.message, "");
	ck_assert_int_eq(gather_pipeline_create(&pipeline, &spec, &error), GATHER_EINPUT);
	ck_assert_ptr_null(pipeline);
}

START_TEST(a_right_specification_is_accepted)
{
	ck_assert_int_eq(gather_spec_check(&spec, &error), GATHER_OK);
	ck_assert_int_eq(gather_spec_check(&spec, NULL), GATHER_OK);
}
END_TEST

START_TEST(every_field_is_checked_and_named)
{
	static const struct gather_spec none = { 0 };
	struct gather_spec good = spec;
	char longest[GATHER_NAME_MAX + 2];

	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	spec = none;
	refused(GATHER_FIELD_NAME, 0);
	spec = good;
	spec.name = longest;
	refused(GATHER_FIELD_NAME, 0);
	longest[GATHER_NAME_MAX] = '\0';
	ck_assert_int_eq(gather_spec_check(&spec, &error), GATHER_OK);
	spec = good;
	spec.parallel = 0;
	refused(GATHER_FIELD_PARALLEL, 0);
	spec.parallel = (uint64_t)UINT32_MAX + 1;
	refused(GATHER_FIELD_PARALLEL, 0);
	spec = good;
	spec.values = 0;
	refused(GATHER_FIELD_VALUES, 0);
	spec.values = GATHER_VALUES_MAX + 1;
	refused(GATHER_FIELD_VALUES, 0);
	spec.values = GATHER_VALUES_MAX;
	ck_assert_int_eq(gather_spec_check(&spec, &error), GATHER_OK);
	spec.parallel = UINT32_MAX;
	refused(GATHER_FIELD_VALUES, 0);
	spec = good;
	spec.delay_ns = -1;
	refused(GATHER_FIELD_DELAY, 0);
	spec.delay_ns = INT64_MAX / 10;
	refused(GATHER_FIELD_DELAY, 0);
	spec = good;
	spec.every_ns = -1;
	refused(GATHER_FIELD_EVERY, 0);
	spec.every_ns = INT64_MAX;
	refused(GATHER_FIELD_EVERY, 0);
	spec = good;
	spec.producers = 0;
	refused(GATHER_FIELD_PRODUCERS, 0);
	spec.producers = GATHER_WIDTH_MAX + 1;
	refused(GATHER_FIELD_PRODUCERS, 0);
	spec = good;
	spec.nstages = 0;
	refused(GATHER_FIELD_STAGE_NAME, 0);
	spec.nstages = GATHER_STAGES_MAX + 1;
	refused(GATHER_FIELD_STAGE_NAME, 0);
	spec = good;
	stages[0].width = 0;
	refused(GATHER_FIELD_WIDTH, 0);
	stages[0].width = 1;
	spec.ngathers = 0;
	refused(GATHER_FIELD_GATHER, 0);
}
END_TEST

START_TEST(stages_need_names_that_differ_and_sources_that_fit)
{
	spec.nstages = 2;
	stages[0].name = "a";
	stages[1] = (struct gather_stage){ .comprehension = "[y for y in a]", .width = 1 };
	refused(GATHER_FIELD_STAGE_NAME, 1);
	stages[1].name = "a";
	refused(GATHER_FIELD_STAGE_NAME, 1);
	stages[1].name = "b";
	ck_assert_int_eq(gather_spec_check(&spec, &error), GATHER_OK);
	stages[1].comprehension = "[y for y in uniform(0, 1)]";
	refused(GATHER_FIELD_COMPREHENSION, 1);
	stages[1].comprehension = "[y for y, z in a]";
	refused(GATHER_FIELD_COMPREHENSION, 1);
	stages[1].comprehension = "[y for y in c]";
	refused(GATHER_FIELD_COMPREHENSION, 1);
	stages[0].comprehension = "[x for x in b]";
	refused(GATHER_FIELD_COMPREHENSION, 0);
}
END_TEST

START_TEST(errors_of_a_comprehension_have_a_place)
{
	stages[0].comprehension = "[x +\n y for x in uniform(0, 1)]";
	refused(GATHER_FIELD_COMPREHENSION, 0);
	ck_assert_uint_eq(error.line, 2);
	ck_assert_uint_eq(error.column, 2);
	ck_assert_uint_eq(error.length, 1);
	stages[0].comprehension = "[x for x in uniform(3, 1+1)]";
	refused(GATHER_FIELD_COMPREHENSION, 0);
	ck_assert_uint_eq(error.line, 1);
	ck_assert_uint_ge(error.column, 21);
	stages[0].comprehension = "[x for x in uniform(1, 2, 3)]";
	refused(GATHER_FIELD_COMPREHENSION, 0);
	ck_assert_uint_ge(error.column, 13);
}
END_TEST

START_TEST(gathered_names_are_checked_one_by_one)
{
	gathers[1] = "maen";
	spec.ngathers = 2;
	refused(GATHER_FIELD_GATHER, 1);
	ck_assert_str_eq(error.hint, "mean");
	gathers[1] = "count";
	refused(GATHER_FIELD_GATHER, 1);
}
END_TEST

START_TEST(a_list_that_no_machine_can_hold_is_refused)
{
	gathers[1] = "list";
	spec.ngathers = 2;
	spec.values = GATHER_VALUES_MAX;
	refused(GATHER_FIELD_GATHER, 1);
}
END_TEST

START_TEST(a_round_gives_its_values_and_a_ledger)
{
	gathers[1] = "list";
	gathers[2] = "min";
	gathers[3] = "max";
	spec.ngathers = 4;
	stages[0].comprehension = "[x for x in uniform(0, 10) if x < 5]";
	run();
	ck_assert_uint_eq(kept.n, 1);
	ck_assert_uint_eq(kept.results[0].round, 1);
	ck_assert_int_eq(kept.results[0].outcome, GATHER_COMPLETE);
	ck_assert(kept.results[0].ledger_ok);
	ck_assert_uint_eq(kept.results[0].drawn, 10);
	ck_assert_uint_eq(kept.results[0].gathered + kept.results[0].filtered, 10);
	ck_assert_uint_eq(kept.nlist[0], kept.results[0].gathered);
	ck_assert(kept.scalars[0][0] == (double)kept.nlist[0]);
	for (size_t i = 0; i < kept.nlist[0]; i++) {
		ck_assert(kept.list[0][i] >= kept.scalars[0][2] &&
			  kept.list[0][i] <= kept.scalars[0][3] && kept.list[0][i] < 5);
	}
	ck_assert_uint_eq(kept.stats.drawn, 10);
	ck_assert_uint_eq(kept.stats.inflight, 0);
	ck_assert(kept.stats.ledger_ok);
}
END_TEST

START_TEST(rounds_come_in_order_and_differ)
{
	gathers[0] = "sum";
	spec.rounds = 5;
	run();
	ck_assert_uint_eq(kept.n, 5);
	for (unsigned i = 0; i < 5; i++) {
		ck_assert_uint_eq(kept.results[i].round, i + 1);
		for (unsigned j = 0; j < i; j++) {
			ck_assert(kept.scalars[i][0] != kept.scalars[j][0]);
		}
	}
}
END_TEST

START_TEST(another_name_or_seed_draws_other_values)
{
	gathers[0] = "sum";
	run();
	spec.name = "test2";
	run();
	spec.name = "test";
	spec.seed = 2;
	run();
	spec.seed = 1;
	run();
	ck_assert(kept.scalars[0][0] != kept.scalars[1][0]);
	ck_assert(kept.scalars[0][0] != kept.scalars[2][0]);
	ck_assert(kept.scalars[0][0] == kept.scalars[3][0]);
}
END_TEST

START_TEST(values_do_not_depend_on_the_schedule)
{
	gathers[0] = "list";
	spec.values = 20;
	run();
	spec.delay_ns = 100000;
	run();
	ck_assert_uint_eq(kept.nlist[0], 20);
	ck_assert_uint_eq(kept.nlist[1], 20);
	ck_assert_mem_eq(kept.list[0], kept.list[1], 20 * sizeof(double));
}
END_TEST

START_TEST(a_delay_is_waited_before_each_value)
{
	spec.delay_ns = 2000000;
	spec.rounds = 3;
	int64_t start_ns = clock_now_ns();
	run();
	/* The next round's start is this one's last due time: nothing is earlier than that. */
	ck_assert_int_ge(clock_now_ns() - start_ns, 3 * 10 * spec.delay_ns);
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_int_ge(kept.results[i].runtime_ns, 10 * spec.delay_ns);
		ck_assert_int_eq(kept.results[i].ideal_ns, 10 * spec.delay_ns);
	}
}
END_TEST

START_TEST(a_start_that_is_overrun_is_made_up_for_and_more_are_skipped)
{
	spec.rounds = 4;
	spec.delay_ns = 1000000;
	spec.every_ns = 4000000;
	int64_t start_ns = clock_now_ns();
	run();
	/* Rounds of 10 ms follow each other; the second one skips the start at 4 ms at least, and
	 * each later one two. */
	ck_assert_int_ge(clock_now_ns() - start_ns, 4 * (10000000 - spec.delay_ns));
	ck_assert_uint_ge(kept.stats.skipped, 1 + 2 * 1);
	ck_assert_uint_eq(kept.n, 4);
}
END_TEST

START_TEST(rounds_that_just_fill_their_time_keep_to_the_grid)
{
	spec.rounds = 3;
	spec.delay_ns = 20000000;
	spec.every_ns = 200000000; /* ten values of 20 ms */
	int64_t start_ns = clock_now_ns();
	run();
	ck_assert_int_ge(clock_now_ns() - start_ns, 3 * spec.every_ns);
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_int_ge(kept.results[i].runtime_ns, spec.every_ns);
	}
}
END_TEST

START_TEST(every_without_delay_spaces_the_rounds)
{
	spec.rounds = 3;
	spec.every_ns = 5000000;
	int64_t start_ns = clock_now_ns();
	run();
	ck_assert_int_ge(clock_now_ns() - start_ns, 2 * spec.every_ns);
}
END_TEST

START_TEST(a_stop_gathers_what_was_drawn)
{
	gathers[1] = "list";
	spec.ngathers = 2;
	spec.values = 100;
	spec.delay_ns = 1000000000;
	struct gather_pipeline *pipeline = start();
	ck_assert(!gather_pipeline_done(pipeline));
	gather_pipeline_stop(pipeline);
	gather_pipeline_stop(pipeline);
	supervise(pipeline, UINT32_MAX);
	ck_assert_uint_eq(kept.n, 1);
	ck_assert_int_eq(kept.results[0].outcome, GATHER_STOPPED);
	ck_assert(kept.results[0].ledger_ok);
	ck_assert_uint_eq(kept.nlist[0], kept.results[0].drawn);
	gather_pipeline_destroy(&pipeline);
}
END_TEST

START_TEST(a_stop_of_a_fast_pipeline_leaves_nothing_in_flight)
{
	struct gather_stats stats;

	spec.values = 100000000;
	spec.rounds = 0;
	spec.producers = 3;
	stages[0].width = 2;
	struct gather_pipeline *pipeline = start();
	do {
		gather_pipeline_stats(pipeline, &stats);
		ck_assert(stats.ledger_ok);
	} while (stats.gathered < 100000);
	gather_pipeline_stop(pipeline);
	supervise(pipeline, UINT32_MAX);
	gather_pipeline_stats(pipeline, &stats);
	ck_assert(stats.ledger_ok);
	ck_assert_uint_eq(stats.inflight, 0);
	ck_assert_uint_ge(kept.n, 1);
	uint64_t drawn = 0;
	for (unsigned i = 0; i < kept.n; i++) {
		ck_assert(kept.results[i].ledger_ok);
		drawn += kept.results[i].drawn;
	}
	ck_assert_uint_eq(drawn + stats.dropped, stats.drawn);
	gather_pipeline_destroy(&pipeline);
}
END_TEST

START_TEST(a_stop_finds_its_end_with_many_producers_that_wait_for_batches)
{
	struct gather_stats stats;

	spec.values = 100000000;
	spec.rounds = 0;
	spec.producers = 100;
	struct gather_pipeline *pipeline = start();
	do {
		gather_pipeline_stats(pipeline, &stats);
	} while (stats.gathered < 1000000);
	gather_pipeline_stop(pipeline);
	supervise(pipeline, UINT32_MAX);
	gather_pipeline_stats(pipeline, &stats);
	ck_assert(stats.ledger_ok);
	ck_assert_uint_eq(stats.inflight, 0);
	for (unsigned i = 0; i + 1 < kept.n; i++) {
		ck_assert_int_eq(kept.results[i].outcome, GATHER_COMPLETE);
	}
	gather_pipeline_destroy(&pipeline);
}
END_TEST

START_TEST(a_value_due_in_a_century_is_not_drawn)
{
	struct gather_stats stats;

	spec.values = 1;
	spec.delay_ns = INT64_MAX / 2;
	spec.rounds = 3;
	spec.producers = 3;
	struct gather_pipeline *pipeline = start();
	struct pollfd fd = { .fd = gather_pipeline_fd(pipeline), .events = POLLIN };
	ck_assert_int_eq(poll(&fd, 1, 100), 0);
	gather_pipeline_stats(pipeline, &stats);
	ck_assert_uint_eq(stats.drawn, 0);
	gather_pipeline_destroy(&pipeline);
}
END_TEST

START_TEST(destroying_a_running_pipeline_leaves_nothing)
{
	struct gather_pipeline *pipeline;

	spec.values = 1000000;
	spec.rounds = 0;
	spec.producers = 4;
	stages[0].width = 4;
	pipeline = start();
	gather_pipeline_destroy(&pipeline);
	pipeline = start();
	supervise(pipeline, 1);
	gather_pipeline_destroy(&pipeline);
	gather_pipeline_destroy(&pipeline);
	gather_pipeline_destroy(NULL);
}
END_TEST

START_TEST(a_pipeline_that_was_never_started_can_be_destroyed)
{
	struct gather_pipeline *pipeline;

	ck_assert_int_eq(gather_pipeline_create(&pipeline, &spec, &error), GATHER_OK);
	gather_pipeline_destroy(&pipeline);
}
END_TEST

START_TEST(faults_are_counted_by_kind_and_the_rest_is_gathered)
{
	gathers[1] = "min";
	spec.ngathers = 2;
	spec.values = 1000;
	stages[0].comprehension = "[1/round(x) for x in uniform(0, 1)]";
	run();
	ck_assert_uint_gt(kept.results[0].faulted, 400);
	ck_assert_uint_eq(kept.results[0].faulted,
			  kept.results[0].faults[GATHER_FAULT_ZERO_DIVISION]);
	ck_assert_uint_eq(kept.results[0].gathered + kept.results[0].faulted, 1000);
	ck_assert(kept.scalars[0][1] == 1);
}
END_TEST

START_TEST(nothing_gathered_is_a_result_too)
{
	gathers[1] = "mean";
	spec.ngathers = 2;
	stages[0].comprehension = "[x for x in uniform(0, 1) if x > 1]";
	run();
	ck_assert_uint_eq(kept.results[0].gathered, 0);
	ck_assert_uint_eq(kept.results[0].filtered, 10);
	ck_assert(isnan(kept.scalars[0][1]));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pipeline");
	TCase *tcase = tcase_create("pipeline");
	SRunner *runner = srunner_create(suite);

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, a_right_specification_is_accepted);
	tcase_add_test(tcase, every_field_is_checked_and_named);
	tcase_add_test(tcase, stages_need_names_that_differ_and_sources_that_fit);
	tcase_add_test(tcase, errors_of_a_comprehension_have_a_place);
	tcase_add_test(tcase, gathered_names_are_checked_one_by_one);
	tcase_add_test(tcase, a_list_that_no_machine_can_hold_is_refused);
	tcase_add_test(tcase, a_round_gives_its_values_and_a_ledger);
	tcase_add_test(tcase, rounds_come_in_order_and_differ);
	tcase_add_test(tcase, another_name_or_seed_draws_other_values);
	tcase_add_test(tcase, values_do_not_depend_on_the_schedule);
	tcase_add_test(tcase, a_delay_is_waited_before_each_value);
	tcase_add_test(tcase, a_start_that_is_overrun_is_made_up_for_and_more_are_skipped);
	tcase_add_test(tcase, rounds_that_just_fill_their_time_keep_to_the_grid);
	tcase_add_test(tcase, every_without_delay_spaces_the_rounds);
	tcase_add_test(tcase, a_stop_gathers_what_was_drawn);
	tcase_add_test(tcase, a_stop_of_a_fast_pipeline_leaves_nothing_in_flight);
	tcase_add_test(tcase, a_stop_finds_its_end_with_many_producers_that_wait_for_batches);
	tcase_add_test(tcase, a_value_due_in_a_century_is_not_drawn);
	tcase_add_test(tcase, destroying_a_running_pipeline_leaves_nothing);
	tcase_add_test(tcase, a_pipeline_that_was_never_started_can_be_destroyed);
	tcase_add_test(tcase, faults_are_counted_by_kind_and_the_rest_is_gathered);
	tcase_add_test(tcase, nothing_gathered_is_a_result_too);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
