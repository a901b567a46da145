/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * route.h - the mailboxes of a stage's consumers, as senders see them
 *
 * A route is immutable; another width is another route, published in its place.  Senders read it
 * as QSBR readers, once a batch.
 *
 * Senders stick: each keeps feeding one consumer for a run of batches before it moves on to the
 * next of its own share, so that a batch stays in the caches of the CPUs that pass it to and
 * fro, and few wake-ups move much work.
 */
#ifndef PIPELINE_ROUTE_H
#define PIPELINE_ROUTE_H

#include "queue/mailbox.h"

struct route {
	uint64_t generation; /* from 1; another for each route of a stage */
	unsigned senders;
	unsigned n;
	struct mailbox *to[]; /* [n] */
};

/* A place to publish routes in. */
struct route_slot {
	struct route *route; /* RCU; written by the supervisor, read by senders */
};

/* NULL without memory; the caller fills in to[]. */
struct route *route_create(uint64_t generation, unsigned senders, unsigned n);

/* Publish a route and return the one before, or NULL.  The supervisor's; the old route may be freed
 * after a grace period. */
struct route *route_publish(struct route_slot *slot, struct route *route);

/* One sender's place in the route that it feeds. */
struct feed {
	unsigned sender; /* which of the senders this is */
	unsigned run;    /* [batches] to one consumer before the next; at least 1 */
	uint64_t generation;
	unsigned at;
	unsigned left;
};

/* Where the next batch goes.  A QSBR reader; the mailbox may be posted to until its next quiescent
 * state. */
struct mailbox *route_next(const struct route_slot *slot, struct feed *feed);

#endif
