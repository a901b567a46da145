/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * worker.h - the one kind of thread there is: named, registered with RCU, joined
 *
 * Workers block every signal and are QSBR readers: online while they run, offline while they
 * wait (worker_offline(), worker_online()).  None is ever detached.
 */
#ifndef BASE_WORKER_H
#define BASE_WORKER_H

#include <pthread.h>
#include <stdbool.h>

#include "gather.h"

struct worker {
	char name[16]; /* what ps and the journal show */
	void (*run)(void *arg);
	void *arg;
	pthread_t thread;
	bool started; /* and not joined yet; its starter's */
};

/*
 * Start a thread that runs run(arg).  The name is cut to 15 bytes.  worker stays where it is until
 * it is joined.  GATHER_ETHREAD where the system refuses, with the reason in *error.
 */
GATHER_MUST_USE int worker_start(struct worker *worker, const char *name, void (*run)(void *arg),
				 void *arg, struct gather_error *error);

/* Wait for the thread to leave run(); nothing if it was never started. */
void worker_join(struct worker *worker);

/* CPU time of a thread that is started and not joined [ns]; 0 if it cannot be read. */
uint64_t worker_cpu_ns(const struct worker *worker);

/* The calling worker holds no RCU-protected pointer now. */
void worker_quiescent(void);

/* The calling worker is about to wait, and is back. */
void worker_offline(void);
void worker_online(void);

/* CPUs that this process may run on, at least 1. */
unsigned worker_cpus(void);

#endif
