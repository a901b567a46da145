/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_bucket.c - what a token bucket lets through
 */
#include <check.h>
#include <stdlib.h>

#include "base/clock.h"
#include "daemon/bucket.h"

#define START_NS (1000 * NS_PER_S)

/* How many of n events are let through that come every_ns apart, one early, one late. */
static unsigned let_through(double rate, int64_t every_ns, int64_t jitter_ns, unsigned n)
{
	struct bucket bucket = { 0 };
	unsigned through = 0;

	for (unsigned i = 0; i < n; i++) {
		int64_t off_ns = i % 2 == 0 ? jitter_ns : -jitter_ns;
		through += bucket_take(&bucket, rate, START_NS + i * every_ns + off_ns);
	}
	return through;
}

START_TEST(events_at_the_rate_itself_pass_however_they_jitter)
{
	ck_assert_uint_eq(let_through(1, NS_PER_S, 0, 1000), 1000);
	ck_assert_uint_eq(let_through(1, NS_PER_S, NS_PER_S / 1000, 1000), 1000);
	ck_assert_uint_eq(let_through(1, NS_PER_S, NS_PER_S / 3, 1000), 1000);
	ck_assert_uint_eq(let_through(10, NS_PER_S / 10, NS_PER_S / 100, 1000), 1000);
	ck_assert_uint_eq(let_through(0.1, 10 * NS_PER_S, NS_PER_S, 1000), 1000);
}
END_TEST

START_TEST(more_events_than_that_pass_at_the_rate)
{
	/* 100 s, and two that were there at first. */
	ck_assert_uint_ge(let_through(1, NS_PER_S / 100, 0, 10001), 101);
	ck_assert_uint_le(let_through(1, NS_PER_S / 100, 0, 10001), 102);
}
END_TEST

START_TEST(a_pause_saves_up_two_and_no_more)
{
	struct bucket bucket = { 0 };

	ck_assert(bucket_take(&bucket, 1, START_NS));
	int64_t later_ns = START_NS + 3600 * NS_PER_S;
	ck_assert(bucket_take(&bucket, 1, later_ns));
	ck_assert(bucket_take(&bucket, 1, later_ns));
	ck_assert(!bucket_take(&bucket, 1, later_ns));
	ck_assert(!bucket_take(&bucket, 1, later_ns + NS_PER_S * 9 / 10));
	ck_assert(bucket_take(&bucket, 1, later_ns + NS_PER_S * 11 / 10));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bucket");
	TCase *take = tcase_create("take");

	tcase_add_test(take, events_at_the_rate_itself_pass_however_they_jitter);
	tcase_add_test(take, more_events_than_that_pass_at_the_rate);
	tcase_add_test(take, a_pause_saves_up_two_and_no_more);
	suite_add_tcase(suite, take);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
