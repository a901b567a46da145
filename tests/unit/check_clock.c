/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_clock.c - the clock is CLOCK_MONOTONIC's, and sums do not wrap
 */
#include <check.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

static int64_t monotonic(void)
{
	struct timespec now;

	ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

START_TEST(now_lies_between_two_readings_of_the_system)
{
	for (int i = 0; i < 10000; i++) {
		int64_t before = monotonic();
		int64_t now = clock_now_ns();
		int64_t after = monotonic();

		ck_assert_int_le(before, now);
		ck_assert_int_le(now, after);
	}
}
END_TEST

START_TEST(sums_are_exact)
{
	ck_assert_int_eq(clock_add_ns(0, 0), 0);
	ck_assert_int_eq(clock_add_ns(5, NS_PER_S), 1000000005);
	ck_assert_int_eq(clock_add_ns(-5, 3), -2);
	ck_assert_int_eq(clock_add_ns(INT64_MIN, INT64_MAX), -1);
	ck_assert_int_eq(clock_add_ns(INT64_MAX - 1, 1), INT64_MAX);
}
END_TEST

START_TEST(sums_that_do_not_fit_are_the_end_of_time)
{
	ck_assert_int_eq(clock_add_ns(INT64_MAX, 1), INT64_MAX);
	ck_assert_int_eq(clock_add_ns(1, INT64_MAX), INT64_MAX);
	ck_assert_int_eq(clock_add_ns(INT64_MAX, INT64_MAX), INT64_MAX);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("clock");
	TCase *tcase = tcase_create("clock");

	tcase_add_test(tcase, now_lies_between_two_readings_of_the_system);
	tcase_add_test(tcase, sums_are_exact);
	tcase_add_test(tcase, sums_that_do_not_fit_are_the_end_of_time);
	suite_add_tcase(suite, tcase);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
