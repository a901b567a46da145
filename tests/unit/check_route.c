/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_route.c - who feeds whom
 */
#include "pipeline/route.h"

#include <check.h>
#include <stdlib.h>

enum { WIDTH_MAX = 9, RUN = 4, POSTS = 1000 };

static struct mailbox mailboxes[WIDTH_MAX];

static struct route *route_of(uint64_t generation, unsigned senders, unsigned n)
{
	struct route *route = route_create(generation, senders, n);

	ck_assert_ptr_nonnull(route);
	for (unsigned i = 0; i < n; i++) {
		route->to[i] = &mailboxes[i];
	}
	return route;
}

START_TEST(every_consumer_is_fed_at_every_combination_of_widths)
{
	for (unsigned senders = 1; senders <= WIDTH_MAX; senders++) {
		for (unsigned n = 1; n <= WIDTH_MAX; n++) {
			struct route_slot slot = { route_of(1, senders, n) };
			unsigned fed[WIDTH_MAX] = { 0 };
			for (unsigned s = 0; s < senders; s++) {
				struct feed feed = { .sender = s, .run = RUN };
				for (unsigned i = 0; i < POSTS; i++) {
					fed[route_next(&slot, &feed) - mailboxes]++;
				}
			}
			for (unsigned i = 0; i < n; i++) {
				ck_assert_uint_gt(fed[i], 0);
			}
			free(slot.route);
		}
	}
}
END_TEST

START_TEST(a_sender_stays_for_a_run_and_moves_on_to_its_next_consumer)
{
	struct route_slot slot = { route_of(1, 2, 5) };
	struct feed feed = { .sender = 1, .run = RUN };

	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < RUN; i++) {
			ck_assert_ptr_eq(route_next(&slot, &feed), &mailboxes[1]);
		}
		for (unsigned i = 0; i < RUN; i++) {
			ck_assert_ptr_eq(route_next(&slot, &feed), &mailboxes[3]);
		}
	}
	free(slot.route);
}
END_TEST

START_TEST(with_equal_widths_each_sender_has_one_consumer)
{
	struct route_slot slot = { route_of(1, 3, 3) };

	for (unsigned s = 0; s < 3; s++) {
		struct feed feed = { .sender = s, .run = RUN };
		for (unsigned i = 0; i < 10 * RUN; i++) {
			ck_assert_ptr_eq(route_next(&slot, &feed), &mailboxes[s]);
		}
	}
	free(slot.route);
}
END_TEST

START_TEST(another_route_is_seen_at_the_next_post)
{
	struct route_slot slot = { route_of(1, 1, 1) };
	struct feed feed = { .sender = 4, .run = RUN };

	ck_assert_ptr_eq(route_next(&slot, &feed), &mailboxes[0]);
	struct route *old = route_publish(&slot, route_of(2, 6, 6));
	ck_assert_uint_eq(old->generation, 1);
	free(old);
	ck_assert_ptr_eq(route_next(&slot, &feed), &mailboxes[4]);
	free(slot.route);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("route");
	TCase *tcase = tcase_create("route");
	SRunner *runner = srunner_create(suite);

	tcase_add_test(tcase, every_consumer_is_fed_at_every_combination_of_widths);
	tcase_add_test(tcase, a_sender_stays_for_a_run_and_moves_on_to_its_next_consumer);
	tcase_add_test(tcase, with_equal_widths_each_sender_has_one_consumer);
	tcase_add_test(tcase, another_route_is_seen_at_the_next_post);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
