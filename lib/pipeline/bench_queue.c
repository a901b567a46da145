/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * bench_queue.c - what the mailbox alone can do between two threads
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/worker.h"
#include "queue/mailbox.h"

enum {
	MESSAGES = 1024,  /* on the way, for the rate */
	WAKEUPS = 201,    /* of which the median is taken */
	PAUSE_NS = 300000 /* long enough for the other side to fall asleep */
};

struct letter {
	struct message message;
	int64_t sent_ns;
};

/* Two ends; the far one sends everything back, or notes when it was woken. */
struct ends {
	struct mailbox near, far;
	atomic_bool stop;
	bool sleeps; /* the far end parks instead of looking again and again */
	unsigned nwoken;
	int64_t woken_ns[WAKEUPS]; /* the far end's until it is joined */
};

static bool stopped(void *arg)
{
	struct ends *ends = arg;

	return atomic_load_explicit(&ends->stop, memory_order_acquire);
}

static void far_end(void *arg)
{
	struct ends *ends = arg;
	struct parking parking = {
		.enough = 1,
		.until_ns = INT64_MAX,
		.ready = stopped,
		.arg = ends,
	};

	worker_offline();
	while (!stopped(ends)) {
		struct message *message = mailbox_take(&ends->far);
		if (message == NULL && ends->sleeps) {
			mailbox_park(&ends->far, &parking);
		}
		while (message != NULL) {
			struct message *next = message->next;
			struct letter *letter = (struct letter *)message;
			if (ends->sleeps && ends->nwoken < WAKEUPS) {
				ends->woken_ns[ends->nwoken++] = clock_now_ns() - letter->sent_ns;
			}
			mailbox_post(&ends->near, message, NULL);
			message = next;
		}
	}
	worker_online();
}

/* Keeps n letters going round until the time is up; returns how often one changed hands. */
static uint64_t circulate(struct ends *ends, struct letter *letters, unsigned n, int64_t ns)
{
	int64_t until = clock_now_ns() + ns;
	uint64_t handed = 0;

	for (unsigned i = 0; i < n; i++) {
		mailbox_post(&ends->far, &letters[i].message, NULL);
	}
	do {
		for (unsigned look = 0; look < 64; look++) {
			struct message *message = mailbox_take(&ends->near);
			while (message != NULL) {
				struct message *next = message->next;
				mailbox_post(&ends->far, message, NULL);
				handed += 2;
				message = next;
			}
		}
	} while (clock_now_ns() < until);
	return handed;
}

static void wake_often(struct ends *ends, struct letter *letter)
{
	struct timespec pause = { .tv_nsec = PAUSE_NS };

	for (unsigned i = 0; i < WAKEUPS; i++) {
		nanosleep(&pause, NULL);
		letter->sent_ns = clock_now_ns();
		mailbox_post(&ends->far, &letter->message, NULL);
		while (mailbox_take(&ends->near) == NULL) {
			caa_cpu_relax();
		}
	}
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int measure(struct ends *ends, struct letter *letters, unsigned n, int64_t ns,
		   struct gather_bench_queue *result, struct gather_error *error)
{
	struct worker worker = { 0 };

	memset(ends, 0, sizeof(*ends));
	mailbox_init(&ends->near);
	mailbox_init(&ends->far);
	ends->sleeps = n == 0;
	int ret = worker_start(&worker, "bench/queue", far_end, ends, error);
	if (ret != GATHER_OK) {
		return ret;
	}
	if (n == 0) {
		wake_often(ends, letters);
	} else {
		double per_s = (double)circulate(ends, letters, n, ns) / (double)ns * 1e9;
		if (n == 1) {
			result->one_way_us = 1e6 / per_s;
		} else {
			result->handoffs_per_s = per_s;
		}
	}
	atomic_store_explicit(&ends->stop, true, memory_order_release);
	mailbox_nudge(&ends->far);
	worker_join(&worker);
	if (n == 0) {
		qsort(ends->woken_ns, WAKEUPS, sizeof(ends->woken_ns[0]), compare);
		result->wakeup_us = (double)ends->woken_ns[WAKEUPS / 2] / 1000;
	}
	return GATHER_OK;
}

int gather_bench_queue(int64_t ns, struct gather_bench_queue *result, struct gather_error *error)
{
	struct ends *ends = aligned_alloc(CACHE_LINE, sizeof(*ends));
	struct letter *letters = calloc(MESSAGES, sizeof(*letters));
	int ret = ends == NULL || letters == NULL ? error_nomem(error) : GATHER_OK;

	if (ret == GATHER_OK) {
		ret = measure(ends, letters, MESSAGES, ns / 2, result, error);
	}
	if (ret == GATHER_OK) {
		ret = measure(ends, letters, 1, ns / 2, result, error);
	}
	if (ret == GATHER_OK) {
		ret = measure(ends, letters, 0, 0, result, error);
	}
	free(letters);
	free(ends);
	return ret;
}
