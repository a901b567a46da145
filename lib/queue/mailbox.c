/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * mailbox.c - wfcqueue, a futex, and who wakes whom
 *
 * References: the two-step sleep (arm, look again, wait) is the usual one for futexes; see
 * U. Drepper, "Futexes Are Tricky", 2011.
 */
#include "queue/mailbox.h"

#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/tsan.h"

static void futex_wake(_Atomic uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* Errors are reasons to look again, which every caller does. */
static void futex_wait(_Atomic uint32_t *word, uint32_t value, int64_t until_ns)
{
	struct timespec until = {
		.tv_sec = (time_t)(until_ns / NS_PER_S),
		.tv_nsec = (long)(until_ns % NS_PER_S),
	};

	syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, value,
		until_ns == INT64_MAX ? NULL : &until, NULL, FUTEX_BITSET_MATCH_ANY);
}

void mailbox_init(struct mailbox *mailbox)
{
	__cds_wfcq_init(&mailbox->head, &mailbox->tail);
	__cds_wfcq_init(&mailbox->held_head, &mailbox->held_tail);
	atomic_init(&mailbox->waiting, 0);
	atomic_init(&mailbox->armed, 0);
	mailbox->torn = false;
}

static void wake(struct mailbox *mailbox)
{
	if (atomic_exchange_explicit(&mailbox->armed, 0, memory_order_acq_rel) != 0) {
		futex_wake(&mailbox->armed);
	}
}

/* Note a debt; a full outbox is paid at once. */
static void owe(struct outbox *outbox, struct mailbox *mailbox)
{
	for (unsigned i = 0; i < outbox->n; i++) {
		if (outbox->owed[i] == mailbox) {
			return;
		}
	}
	if (outbox->n == OUTBOX_SIZE) {
		outbox_flush(outbox);
	}
	outbox->owed[outbox->n++] = mailbox;
}

void mailbox_post(struct mailbox *mailbox, struct message *message, struct outbox *outbox)
{
	unsigned waiting =
		atomic_fetch_add_explicit(&mailbox->waiting, 1, memory_order_relaxed) + 1;

#ifdef GATHERD_LOSE_ONE_IN
	/* A build that loses messages on purpose: the stress tests must notice. */
	static atomic_uint posted;
	if (atomic_fetch_add(&posted, 1) % GATHERD_LOSE_ONE_IN == GATHERD_LOSE_ONE_IN - 1) {
		return;
	}
#endif
	cds_wfcq_node_init(&message->node);
	tsan_release(message);
	cds_wfcq_enqueue(&mailbox->head, &mailbox->tail, &message->node);
	/* Pairs with the barrier of mailbox_park(): without it both sides could miss the
	 * other, and the message would wait for the next one. */
	cmm_smp_mb();
	uint32_t armed = atomic_load_explicit(&mailbox->armed, memory_order_relaxed);
	if (armed == 0 || armed == MAILBOX_QUIET) {
		return;
	}
	if (outbox == NULL || waiting >= armed) {
		wake(mailbox);
	} else {
		owe(outbox, mailbox);
	}
}

void mailbox_nudge(struct mailbox *mailbox)
{
	/* Orders what the caller changed before the look at armed, as in mailbox_post(). */
	cmm_smp_mb();
	if (atomic_load_explicit(&mailbox->armed, memory_order_relaxed) != 0) {
		wake(mailbox);
	}
}

void outbox_flush(struct outbox *outbox)
{
	for (unsigned i = 0; i < outbox->n; i++) {
		mailbox_nudge(outbox->owed[i]);
	}
	outbox->n = 0;
}

struct message *mailbox_take(struct mailbox *mailbox)
{
	struct message *first = NULL;
	struct message **end = &first;
	unsigned taken = 0;

	mailbox->torn = __cds_wfcq_splice_nonblocking(&mailbox->held_head, &mailbox->held_tail,
						      &mailbox->head,
						      &mailbox->tail) == CDS_WFCQ_RET_WOULDBLOCK;
	for (;;) {
		struct cds_wfcq_node *node =
			__cds_wfcq_dequeue_nonblocking(&mailbox->held_head, &mailbox->held_tail);
		if (node == NULL) {
			break;
		}
		if (node == CDS_WFCQ_WOULDBLOCK) {
			mailbox->torn = true;
			break;
		}
		struct message *message = caa_container_of(node, struct message, node);
		tsan_acquire(message);
		*end = message;
		end = &message->next;
		taken++;
	}
	*end = NULL;
	if (taken > 0) {
		atomic_fetch_sub_explicit(&mailbox->waiting, taken, memory_order_relaxed);
	}
	return first;
}

/* Whether a take may find something.  Senders count before they enqueue, so a true answer may
 * come early; a false one is final until somebody posts. */
static bool nothing_waits(struct mailbox *mailbox)
{
	return cds_wfcq_empty(&mailbox->head, &mailbox->tail) &&
	       cds_wfcq_empty(&mailbox->held_head, &mailbox->held_tail);
}

/* True when there is a reason not to sleep. */
static bool look(struct mailbox *mailbox, const struct parking *parking)
{
	return (parking->enough != MAILBOX_QUIET && !nothing_waits(mailbox)) ||
	       (parking->ready != NULL && parking->ready(parking->arg));
}

void mailbox_park(struct mailbox *mailbox, const struct parking *parking)
{
	assert(parking->enough >= 1);
	if (mailbox->torn && parking->enough != MAILBOX_QUIET) {
		/* The sender was preempted between its two stores, maybe on this CPU. */
		sched_yield();
		return;
	}
	for (unsigned i = 0; i < parking->spins; i++) {
		if (look(mailbox, parking)) {
			return;
		}
		caa_cpu_relax();
	}
	atomic_store_explicit(&mailbox->armed, parking->enough, memory_order_relaxed);
	/* Pairs with the barriers of mailbox_post() and mailbox_nudge(). */
	cmm_smp_mb();
	if (!look(mailbox, parking)) {
		futex_wait(&mailbox->armed, parking->enough, parking->until_ns);
	}
	atomic_store_explicit(&mailbox->armed, 0, memory_order_relaxed);
}
