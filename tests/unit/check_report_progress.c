/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_report_progress.c - the line of progress in every phase, and its width
 */
#include "daemon/report_progress.h"

#include "daemon/units.h"

#include <check.h>
#include <string.h>

#define MS INT64_C(1000000)
#define S (1000 * MS)

static struct gather_spec spec;
static struct gather_stats before, now;
static struct report_run run;

static void setup(void)
{
	spec = (struct gather_spec){ .name = "pi", .parallel = 10, .values = 100, .rounds = 4 };
	before = (struct gather_stats){ 0 };
	now = (struct gather_stats){ .round = 1, .ledger_ok = true };
	run = (struct report_run){
		.spec = &spec,
		.interval = { .from = &before, .to = &now, .ns = S },
		.elapsed_ns = S,
	};
}

static void expect(const char *text)
{
	char buffer[REPORT_PROGRESS_SIZE];
	const char *line = report_progress(buffer, &run, 0);

	ck_assert_ptr_eq(line, buffer);
	ck_assert_int_eq(strncmp(line, REPORT_CLEAR, strlen(REPORT_CLEAR)), 0);
	ck_assert_str_eq(line + strlen(REPORT_CLEAR), text);
}

static char text[256]; /* an expected one */

/* As people read it; check_units.c sees to that. */
static const char *left(int64_t ns)
{
	static char buffer[UNITS_SIZE];

	return units_format_duration(buffer, ns);
}

static const char *rate(double n)
{
	static char buffer[UNITS_SIZE];

	return units_format_count(buffer, n);
}

START_TEST(before_the_first_value_the_end_is_unknown)
{
	run.elapsed_ns = run.interval.ns = 0;
	snprintf(text, sizeof(text), "pi  round 1/4  0.0%%  %s values/s", rate(0));
	expect(text);
	now.round = 0;
	snprintf(text, sizeof(text), "pi  round 0/4  0.0%%  %s values/s", rate(0));
	expect(text);
}
END_TEST

START_TEST(the_share_is_of_all_counted_rounds)
{
	now.round = 2;
	now.rounds = 1;
	now.drawn = 1020;
	now.inflight = 20;
	snprintf(text, sizeof(text), "pi  round 2/4  25.0%%  %s values/s  %s left", rate(1020),
		 left(3 * S));
	expect(text);
}
END_TEST

START_TEST(the_rate_is_that_of_the_interval)
{
	now.drawn = 500;
	before.drawn = 400;
	run.interval.ns = 100 * MS;
	run.elapsed_ns = 2 * S;
	snprintf(text, sizeof(text), "pi  round 1/4  12.5%%  %s values/s  %s left", rate(1000),
		 left(14 * S));
	expect(text);
}
END_TEST

START_TEST(the_time_left_is_rounded_up)
{
	now.drawn = 3999;
	run.elapsed_ns = 1000 * S;
	snprintf(text, sizeof(text), "pi  round 1/4  99.9%%  %s values/s  %s left", rate(3999),
		 left(300 * MS)); /* 0.2501 s */
	expect(text);
	now.drawn = 3;
	run.elapsed_ns = S;
	snprintf(text, sizeof(text), "pi  round 1/4  0.0%%  %s values/s  %s left", rate(3),
		 left(1333 * S)); /* 1332.33 s */
	expect(text);
}
END_TEST

START_TEST(a_time_left_of_decades_is_not_shown)
{
	spec.parallel = spec.values = 1000000000;
	now.drawn = 1;
	snprintf(text, sizeof(text), "pi  round 1/4  0.0%%  %s values/s", rate(1));
	expect(text);
}
END_TEST

START_TEST(it_is_not_all_until_the_last_result_is_handed_over)
{
	now.round = 4;
	now.rounds = 3;
	now.drawn = 4000;
	before.drawn = 4000;
	snprintf(text, sizeof(text), "pi  round 4/4  99.9%%  %s values/s  %s left", rate(0),
		 left(0));
	expect(text);
	now.rounds = 4;
	expect("pi  round 4/4  100.0%");
}
END_TEST

START_TEST(between_rounds_it_waits)
{
	spec.every_ns = 15 * S;
	now.round = now.rounds = 1;
	now.drawn = 1000;
	run.elapsed_ns = 5 * S;
	/* the last round starts at 45 s */
	snprintf(text, sizeof(text), "pi  round 1/4  25.0%%  waiting for the next round  %s left",
		 left(40 * S));
	expect(text);
}
END_TEST

START_TEST(without_an_end_the_share_is_of_the_running_round)
{
	spec.rounds = 0;
	now.round = 8;
	now.rounds = 6;
	now.drawn = 7420;
	now.inflight = 5;
	before.drawn = 6420;
	snprintf(text, sizeof(text), "pi  round 8  41.5%%  %s values/s", rate(1000));
	expect(text);
	now.inflight = 600; /* some of it of the round before */
	snprintf(text, sizeof(text), "pi  round 8  0.0%%  %s values/s", rate(1000));
	expect(text);
	now.drawn = 8000;
	now.inflight = 0;
	now.rounds = 8;
	expect("pi  round 8  100.0%  waiting for the next round");
}
END_TEST

START_TEST(with_delays_it_is_the_schedule_that_counts)
{
	spec.delay_ns = 100 * MS; /* 10 s a round */
	now.drawn = 250;
	before.drawn = 150;
	run.elapsed_ns = 2560 * MS;
	snprintf(text, sizeof(text), "pi  round 1/4  6.4%%  %s values/s  %s left", rate(100),
		 left(38 * S)); /* 37.44 s */
	expect(text);
	run.elapsed_ns = 34 * S;
	now.round = 4;
	now.rounds = 3;
	snprintf(text, sizeof(text), "pi  round 4/4  85.0%%  %s values/s  %s left", rate(100),
		 left(6 * S));
	expect(text);
}
END_TEST

START_TEST(a_timed_pipeline_that_is_late_is_not_done)
{
	spec.delay_ns = 100 * MS;
	spec.rounds = 1;
	run.elapsed_ns = 11 * S;
	before.drawn = now.drawn = 1000;
	snprintf(text, sizeof(text), "pi  round 1/1  99.9%%  %s values/s  %s left", rate(0),
		 left(0));
	expect(text);
	now.rounds = 1;
	expect("pi  round 1/1  100.0%");
}
END_TEST

START_TEST(timed_rounds_are_every_or_their_own_time_apart)
{
	spec.delay_ns = 100 * MS; /* 10 s a round */
	spec.every_ns = 15 * S;   /* the last one ends after 55 s */
	run.elapsed_ns = 11 * S;
	now.round = now.rounds = 1;
	snprintf(text, sizeof(text), "pi  round 1/4  20.0%%  waiting for the next round  %s left",
		 left(44 * S));
	expect(text);
	spec.every_ns = 4 * S; /* always overrun: rounds follow each other, after 40 s */
	run.elapsed_ns = 23 * S;
	now.round = 2;
	before = now;
	snprintf(text, sizeof(text), "pi  round 2/4  57.5%%  %s values/s  %s left", rate(0),
		 left(17 * S));
	expect(text);
}
END_TEST

START_TEST(timed_rounds_without_an_end_go_by_the_running_one)
{
	spec.rounds = 0;
	spec.delay_ns = 100 * MS;
	now.round = 3;
	now.rounds = 2;
	run.elapsed_ns = 24500 * MS;
	snprintf(text, sizeof(text), "pi  round 3  45.0%%  %s values/s", rate(0));
	expect(text);
	spec.every_ns = 12 * S;
	snprintf(text, sizeof(text), "pi  round 3  5.0%%  %s values/s", rate(0));
	expect(text);
}
END_TEST

/* The length of the text for a terminal of so many columns. */
static size_t width(unsigned columns)
{
	char buffer[REPORT_PROGRESS_SIZE];

	return strlen(report_progress(buffer, &run, columns) + strlen(REPORT_CLEAR));
}

START_TEST(the_line_never_fills_the_last_column)
{
	size_t whole = width(500);

	ck_assert_uint_gt(whole, 30);
	for (unsigned columns = 1; columns <= whole; columns++) {
		ck_assert_uint_eq(width(columns), columns - 1);
	}
	ck_assert_uint_eq(width((unsigned)whole + 1), whole);
}
END_TEST

START_TEST(an_unknown_width_is_eighty)
{
	spec.name = "a-name-of-63-characters-which-is-the-longest-that-there-can-be-";
	ck_assert_uint_eq(width(0), 79);
}
END_TEST

START_TEST(the_longest_line_fits_its_buffer)
{
	spec.name = "a-name-of-63-characters-which-is-the-longest-that-there-can-be-";
	spec.rounds = UINT64_MAX;
	now.round = UINT64_MAX - 1;
	now.rounds = UINT64_MAX - 1;
	now.drawn = UINT64_MAX;
	spec.every_ns = S;
	ck_assert_uint_lt(width(10000), 300);
}
END_TEST

START_TEST(a_cut_breaks_no_character)
{
	char buffer[REPORT_PROGRESS_SIZE];

	spec.name = "\xCF\x80\xCF\x80\xE2\x82\xAC"; /* three characters */
	report_progress(buffer, &run, 3);
	ck_assert_str_eq(buffer, REPORT_CLEAR "\xCF\x80\xCF\x80");
	report_progress(buffer, &run, 4);
	ck_assert_str_eq(buffer, REPORT_CLEAR "\xCF\x80\xCF\x80\xE2\x82\xAC");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("report_progress");
	TCase *phases = tcase_create("phases");
	TCase *widths = tcase_create("widths");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(phases, setup, NULL);
	tcase_add_test(phases, before_the_first_value_the_end_is_unknown);
	tcase_add_test(phases, the_share_is_of_all_counted_rounds);
	tcase_add_test(phases, the_rate_is_that_of_the_interval);
	tcase_add_test(phases, the_time_left_is_rounded_up);
	tcase_add_test(phases, a_time_left_of_decades_is_not_shown);
	tcase_add_test(phases, it_is_not_all_until_the_last_result_is_handed_over);
	tcase_add_test(phases, between_rounds_it_waits);
	tcase_add_test(phases, without_an_end_the_share_is_of_the_running_round);
	tcase_add_test(phases, with_delays_it_is_the_schedule_that_counts);
	tcase_add_test(phases, a_timed_pipeline_that_is_late_is_not_done);
	tcase_add_test(phases, timed_rounds_are_every_or_their_own_time_apart);
	tcase_add_test(phases, timed_rounds_without_an_end_go_by_the_running_one);
	suite_add_tcase(suite, phases);

	tcase_add_checked_fixture(widths, setup, NULL);
	tcase_add_test(widths, the_line_never_fills_the_last_column);
	tcase_add_test(widths, an_unknown_width_is_eighty);
	tcase_add_test(widths, the_longest_line_fits_its_buffer);
	tcase_add_test(widths, a_cut_breaks_no_character);
	suite_add_tcase(suite, widths);

	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
