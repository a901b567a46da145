/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * mailbox.h - the one lock-free queue that a thread owns and reads; anybody may post to it
 *
 * A wait-free multi-producer queue (liburcu's wfcqueue) with a futex to park on when there is
 * nothing to do.  The owner takes everything that waits in one operation.  A sender wakes only
 * an owner that sleeps, and only once enough waits to be worth a wake-up; what it has not woken
 * anybody for it owes, and pays before it sleeps itself (struct outbox).
 *
 * Exclusion (X: the owner's thread only):
 *
 *                     post   nudge  take   park
 *   mailbox_post       -      -      -      -
 *   mailbox_nudge      -      -      -      -
 *   mailbox_take       -      -      X      X
 *   mailbox_park       -      -      X      X
 *
 * Ordering: what the sender wrote before mailbox_post() is seen by the owner after the
 * mailbox_take() that returned the message.  A nudge orders nothing but the wake-up: the owner
 * looks once more for what it waits for between arming and sleeping (struct parking, ready).
 *
 * Lifetime: a mailbox stays valid until nobody can post to it or owe it a wake-up: its
 * memory lives as long as its pipeline.
 */
#ifndef QUEUE_MAILBOX_H
#define QUEUE_MAILBOX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <urcu/wfcqueue.h>

#define CACHE_LINE 64

/* What is posted; the first member of everything that is.  From mailbox_post() to
 * mailbox_take() it belongs to the queue. */
struct message {
	struct cds_wfcq_node node; /* liburcu's; untouched by others */
	struct message *next;      /* the chain that mailbox_take() returns */
};

struct mailbox {
	/* Every sender writes these. */
	_Alignas(CACHE_LINE) struct cds_wfcq_tail tail;
	/* Messages posted and not taken.  Senders add before they enqueue, the owner
	 * subtracts what it took: never below what waits.  Relaxed, it only steers
	 * wake-ups; the barriers of post and park order it where it matters. */
	atomic_uint waiting;

	/* The first sender to an empty queue, and the owner, write these. */
	_Alignas(CACHE_LINE) struct __cds_wfcq_head head;
	/* The futex word.  0: awake; n: asleep or about to be, to be woken when n messages
	 * wait.  The owner arms it, barrier, and looks once more; a sender enqueues,
	 * barrier, and looks at it: one of the two sees the other.  Whoever exchanges it
	 * for 0 makes the system call. */
	_Atomic uint32_t armed;

	/* The owner's: what was spliced and is not handed out, because a sender still
	 * stands between its two stores in the middle of it. */
	_Alignas(CACHE_LINE) struct __cds_wfcq_head held_head;
	struct cds_wfcq_tail held_tail;
	bool torn; /* the last take met such a sender */
};

void mailbox_init(struct mailbox *mailbox);

/* The mailboxes that one thread owes a wake-up. */
enum { OUTBOX_SIZE = 16 };
struct outbox {
	unsigned n;
	struct mailbox *owed[OUTBOX_SIZE];
};

/*
 * Post a message, wait-free but for the wake-up.  Wakes the owner if it sleeps and as many
 * wait as it asked for, else notes the mailbox in outbox.  With outbox == NULL a sleeping owner
 * is woken at once.  Any thread.
 */
void mailbox_post(struct mailbox *mailbox, struct message *message, struct outbox *outbox);

/* Wake the owner if it sleeps, whatever waits.  Any thread. */
void mailbox_nudge(struct mailbox *mailbox);

/* Wake every owner that is owed a wake-up.  A sender calls it before it sleeps or leaves. */
void outbox_flush(struct outbox *outbox);

/*
 * Take everything that waits, in the order in which it was posted; NULL when nothing does, or
 * when the first message's sender stands between its two stores.  Never blocks.  Owner only.
 */
struct message *mailbox_take(struct mailbox *mailbox);

/* How to wait. */
#define MAILBOX_QUIET UINT32_MAX /* no number of messages is worth a wake-up */
struct parking {
	uint32_t enough;          /* messages worth a wake-up, at least 1; or MAILBOX_QUIET */
	unsigned spins;           /* looks before going to sleep; 0 where no CPU is spare */
	int64_t until_ns;         /* CLOCK_MONOTONIC; INT64_MAX: no deadline */
	bool (*ready)(void *arg); /* another reason not to sleep */
	void *arg;
};

/*
 * Sleep until a message waits, the deadline has passed, somebody nudges, or ready() says so.
 * May return for no reason.  A caller that is registered with RCU goes offline before.
 * Owner only.
 */
void mailbox_park(struct mailbox *mailbox, const struct parking *parking);

#endif
