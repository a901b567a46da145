/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * route.c - publishing routes and sharing them out among senders
 */
#include "pipeline/route.h"

#include <assert.h>
#include <stdlib.h>

#include <urcu/urcu-qsbr.h>

#include "base/tsan.h"

struct route *route_create(uint64_t generation, unsigned senders, unsigned n)
{
	assert(generation > 0 && senders > 0 && n > 0);
	struct route *route = malloc(sizeof(*route) + n * sizeof(route->to[0]));

	if (route != NULL) {
		route->generation = generation;
		route->senders = senders;
		route->n = n;
	}
	return route;
}

struct route *route_publish(struct route_slot *slot, struct route *route)
{
	struct route *old = slot->route;

	tsan_release(route);
	rcu_assign_pointer(slot->route, route);
	return old;
}

/* The consumers of sender s are s, s + senders, s + 2 senders ...; where there are fewer
 * consumers than senders, several senders share one. */
static void restart(struct feed *feed, const struct route *route)
{
	feed->generation = route->generation;
	feed->at = feed->sender % route->n;
	feed->left = feed->run;
}

struct mailbox *route_next(const struct route_slot *slot, struct feed *feed)
{
	const struct route *route = rcu_dereference(slot->route);

	tsan_acquire(route);
	if (feed->generation != route->generation) {
		restart(feed, route);
	} else if (feed->left == 0) {
		unsigned next = feed->at + route->senders;
		feed->at = next < route->n ? next : feed->sender % route->n;
		feed->left = feed->run;
	}
	feed->left--;
	return route->to[feed->at];
}
