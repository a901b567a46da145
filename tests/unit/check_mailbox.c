/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_mailbox.c - order, who is woken, and who owes a wake-up
 *
 * What needs many threads is in stress_mailbox.c.
 */
#include "queue/mailbox.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>

#include "base/clock.h"

static struct mailbox mailbox;
static struct message messages[8];

static void setup(void)
{
	mailbox_init(&mailbox);
}

static unsigned count(const struct message *message)
{
	unsigned n = 0;

	for (; message != NULL; message = message->next) {
		n++;
	}
	return n;
}

static bool always(void *arg)
{
	*(unsigned *)arg += 1;
	return true;
}

START_TEST(an_empty_mailbox_gives_nothing)
{
	ck_assert_ptr_null(mailbox_take(&mailbox));
	ck_assert_ptr_null(mailbox_take(&mailbox));
}
END_TEST

START_TEST(everything_is_taken_in_order_at_once)
{
	for (unsigned i = 0; i < 8; i++) {
		mailbox_post(&mailbox, &messages[i], NULL);
	}
	struct message *message = mailbox_take(&mailbox);
	for (unsigned i = 0; i < 8; i++) {
		ck_assert_ptr_eq(message, &messages[i]);
		message = message->next;
	}
	ck_assert_ptr_null(message);
	ck_assert_ptr_null(mailbox_take(&mailbox));
	ck_assert_uint_eq(atomic_load(&mailbox.waiting), 0);
}
END_TEST

START_TEST(a_message_can_be_posted_again_after_it_was_taken)
{
	for (unsigned i = 0; i < 1000; i++) {
		mailbox_post(&mailbox, &messages[0], NULL);
		ck_assert_ptr_eq(mailbox_take(&mailbox), &messages[0]);
	}
}
END_TEST

START_TEST(parking_returns_at_once_when_a_message_waits)
{
	struct parking parking = { .enough = 5, .until_ns = INT64_MAX };

	mailbox_post(&mailbox, &messages[0], NULL);
	mailbox_park(&mailbox, &parking);
	ck_assert_uint_eq(count(mailbox_take(&mailbox)), 1);
}
END_TEST

START_TEST(parking_returns_at_once_when_ready_says_so)
{
	unsigned asked = 0;
	struct parking parking = {
		.enough = 1,
		.until_ns = INT64_MAX,
		.ready = always,
		.arg = &asked,
	};

	mailbox_park(&mailbox, &parking);
	ck_assert_uint_ge(asked, 1);
}
END_TEST

START_TEST(parking_ends_not_before_its_deadline)
{
	int64_t until = clock_now_ns() + 20 * 1000 * 1000;
	struct parking parking = { .enough = 1, .until_ns = until };

	mailbox_park(&mailbox, &parking);
	ck_assert_int_ge(clock_now_ns(), until);
}
END_TEST

START_TEST(a_quiet_sleeper_does_not_mind_messages)
{
	int64_t until = clock_now_ns() + 20 * 1000 * 1000;
	struct parking parking = { .enough = MAILBOX_QUIET, .until_ns = until };

	mailbox_post(&mailbox, &messages[0], NULL);
	mailbox_park(&mailbox, &parking);
	ck_assert_int_ge(clock_now_ns(), until);
	ck_assert_uint_eq(count(mailbox_take(&mailbox)), 1);
}
END_TEST

START_TEST(a_quiet_sleeper_is_owed_nothing)
{
	struct outbox outbox = { 0 };

	atomic_store(&mailbox.armed, MAILBOX_QUIET);
	mailbox_post(&mailbox, &messages[0], &outbox);
	mailbox_post(&mailbox, &messages[1], NULL);
	ck_assert_uint_eq(outbox.n, 0);
	ck_assert_uint_eq(atomic_load(&mailbox.armed), MAILBOX_QUIET);
	mailbox_nudge(&mailbox);
	ck_assert_uint_eq(atomic_load(&mailbox.armed), 0);
}
END_TEST

START_TEST(a_sender_owes_until_enough_waits)
{
	struct outbox outbox = { 0 };

	/* As an owner that is asleep and waits for three leaves it. */
	atomic_store(&mailbox.armed, 3);
	mailbox_post(&mailbox, &messages[0], &outbox);
	mailbox_post(&mailbox, &messages[1], &outbox);
	ck_assert_uint_eq(outbox.n, 1);
	ck_assert_uint_eq(atomic_load(&mailbox.armed), 3);
	mailbox_post(&mailbox, &messages[2], &outbox);
	ck_assert_uint_eq(atomic_load(&mailbox.armed), 0);
}
END_TEST

START_TEST(paying_wakes_everybody_who_is_owed)
{
	enum { N = 3 };
	struct mailbox others[N];
	struct outbox outbox = { 0 };

	for (unsigned i = 0; i < N; i++) {
		mailbox_init(&others[i]);
		atomic_store(&others[i].armed, 9);
		mailbox_post(&others[i], &messages[i], &outbox);
	}
	ck_assert_uint_eq(outbox.n, N);
	outbox_flush(&outbox);
	ck_assert_uint_eq(outbox.n, 0);
	for (unsigned i = 0; i < N; i++) {
		ck_assert_uint_eq(atomic_load(&others[i].armed), 0);
		(void)mailbox_take(&others[i]);
	}
}
END_TEST

START_TEST(a_full_outbox_is_paid_first)
{
	static struct mailbox others[OUTBOX_SIZE + 1];
	static struct message letters[OUTBOX_SIZE + 1];
	struct outbox outbox = { 0 };

	for (unsigned i = 0; i <= OUTBOX_SIZE; i++) {
		mailbox_init(&others[i]);
		atomic_store(&others[i].armed, 9);
		mailbox_post(&others[i], &letters[i], &outbox);
	}
	ck_assert_uint_eq(outbox.n, 1);
	for (unsigned i = 0; i < OUTBOX_SIZE; i++) {
		ck_assert_uint_eq(atomic_load(&others[i].armed), 0);
	}
	ck_assert_uint_eq(atomic_load(&others[OUTBOX_SIZE].armed), 9);
}
END_TEST

START_TEST(without_an_outbox_a_sleeper_is_woken_at_once)
{
	atomic_store(&mailbox.armed, 100);
	mailbox_post(&mailbox, &messages[0], NULL);
	ck_assert_uint_eq(atomic_load(&mailbox.armed), 0);
}
END_TEST

static void *sleeper(void *arg)
{
	struct parking parking = { .enough = 2, .until_ns = INT64_MAX };
	unsigned taken = 0;

	(void)arg;
	while (taken < 2) {
		struct message *message = mailbox_take(&mailbox);
		taken += count(message);
		if (message == NULL) {
			mailbox_park(&mailbox, &parking);
		}
	}
	return NULL;
}

START_TEST(a_sleeper_is_woken_by_the_message_that_is_enough)
{
	struct outbox outbox = { 0 };
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, sleeper, NULL), 0);
	while (atomic_load(&mailbox.armed) != 2) {
		sched_yield();
	}
	mailbox_post(&mailbox, &messages[0], &outbox);
	mailbox_post(&mailbox, &messages[1], &outbox);
	/* Nothing is paid: it is the second message that wakes. */
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mailbox");
	TCase *tcase = tcase_create("mailbox");
	SRunner *runner = srunner_create(suite);

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, an_empty_mailbox_gives_nothing);
	tcase_add_test(tcase, everything_is_taken_in_order_at_once);
	tcase_add_test(tcase, a_message_can_be_posted_again_after_it_was_taken);
	tcase_add_test(tcase, parking_returns_at_once_when_a_message_waits);
	tcase_add_test(tcase, parking_returns_at_once_when_ready_says_so);
	tcase_add_test(tcase, parking_ends_not_before_its_deadline);
	tcase_add_test(tcase, a_quiet_sleeper_does_not_mind_messages);
	tcase_add_test(tcase, a_quiet_sleeper_is_owed_nothing);
	tcase_add_test(tcase, a_sender_owes_until_enough_waits);
	tcase_add_test(tcase, paying_wakes_everybody_who_is_owed);
	tcase_add_test(tcase, a_full_outbox_is_paid_first);
	tcase_add_test(tcase, without_an_outbox_a_sleeper_is_woken_at_once);
	tcase_add_test(tcase, a_sleeper_is_woken_by_the_message_that_is_enough);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
