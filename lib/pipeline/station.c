/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * station.c - waiting, and being asked to leave
 */
#include "pipeline/station.h"

#include <string.h>

#include "base/clock.h"

void station_init(struct station *station, unsigned spins)
{
	memset(station, 0, sizeof(*station));
	mailbox_init(&station->mailbox);
	station->spins = spins;
}

bool station_leaving(const struct station *station)
{
	return atomic_load_explicit(&station->leaving, memory_order_acquire);
}

void station_leave(struct station *station)
{
	atomic_store_explicit(&station->leaving, true, memory_order_release);
	mailbox_nudge(&station->mailbox);
}

void station_wait(struct station *station, const struct parking *parking, bool counted)
{
	int64_t since = counted ? clock_now_ns() : 0;

	outbox_flush(&station->outbox);
	if (counted) {
		atomic_store_explicit(&station->counters.waiting_ns, since, memory_order_relaxed);
	}
	worker_offline();
	mailbox_park(&station->mailbox, parking);
	worker_online();
	if (counted) {
		atomic_store_explicit(&station->counters.waiting_ns, 0, memory_order_relaxed);
		counters_add(&station->counters.waited_ns, (uint64_t)(clock_now_ns() - since));
	}
}

uint64_t station_waited_ns(const struct station *station, int64_t now_ns)
{
	int64_t since = atomic_load_explicit(&station->counters.waiting_ns, memory_order_relaxed);
	uint64_t waited = counters_read(&station->counters.waited_ns);

	if (since != 0 && now_ns > since) {
		waited += (uint64_t)(now_ns - since);
	}
	return waited;
}
