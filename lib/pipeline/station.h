/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * station.h - what every hot thread has: a mailbox, an outbox, counters, a way to wait
 *
 * Threads: the owner runs it; the supervisor starts, reads the counters, and asks it to leave.
 */
#ifndef PIPELINE_STATION_H
#define PIPELINE_STATION_H

#include "base/worker.h"
#include "queue/mailbox.h"

/* Written by the owner alone, read by the supervisor.  The owner stores with release what it has
 * counted, the supervisor loads with acquire: a row that is seen as accounted for is also seen as
 * drawn, and a batch that is drawn again is seen as accounted for before. */
struct counters {
	_Alignas(CACHE_LINE) atomic_ullong drawn; /* [values] */
	atomic_ullong gathered;
	atomic_ullong filtered;
	atomic_ullong faulted;
	atomic_ullong waited_ns; /* in waits that count: see station_wait() */
	atomic_llong waiting_ns; /* since when in such a wait; 0: not */
};

static inline void counters_add(atomic_ullong *counter, uint64_t n)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n,
			      memory_order_release);
}

static inline uint64_t counters_read(const atomic_ullong *counter)
{
	return atomic_load_explicit(counter, memory_order_acquire);
}

struct station {
	struct mailbox mailbox;
	struct counters counters;
	_Alignas(CACHE_LINE) struct worker worker;
	unsigned spins;
	struct outbox outbox; /* the owner's */
	/* Set by the supervisor, once, with release, and then the owner is nudged: the barrier of
	 * the nudge against that of parking makes a sleeper see it. */
	atomic_bool leaving;
};

void station_init(struct station *station, unsigned spins);

/* Whether the supervisor has asked the thread to leave. */
bool station_leaving(const struct station *station);

/* Ask the thread to leave at once, whatever waits in its mailbox.  The supervisor's. */
void station_leave(struct station *station);

/*
 * Pay what is owed and sleep as mailbox_park() does, offline for RCU.  counted: the wait shows in
 * the counters (starved, blocked).
 */
void station_wait(struct station *station, const struct parking *parking, bool counted);

/* [ns] of counted waits so far, the current one included.  The supervisor's. */
uint64_t station_waited_ns(const struct station *station, int64_t now_ns);

#endif
