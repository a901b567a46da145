/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * worker.c - starting, naming and joining threads, and their life as RCU readers
 *
 * Ordering: liburcu orders what a reader did with an RCU-protected object before its
 * reclamation; nothing here is shared between threads.
 */
#include "base/worker.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <urcu/urcu-qsbr.h>

#include "base/clock.h"
#include "base/error.h"

/* Kernels need little; what is not touched costs nothing but address space. */
#define STACK_SIZE ((size_t)512 * 1024)

static void *run(void *arg)
{
	struct worker *worker = arg;

	urcu_qsbr_register_thread();
	worker->run(worker->arg);
	urcu_qsbr_unregister_thread();
	return NULL;
}

static int create(struct worker *worker)
{
	pthread_attr_t attr;
	sigset_t all, old;
	int ret = pthread_attr_init(&attr);

	if (ret != 0) {
		return ret;
	}
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	ret = pthread_create(&worker->thread, &attr, run, worker);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return ret;
}

int worker_start(struct worker *worker, const char *name, void (*run_fn)(void *arg), void *arg,
		 struct gather_error *error)
{
	snprintf(worker->name, sizeof(worker->name), "%s", name);
	worker->run = run_fn;
	worker->arg = arg;
	int ret = create(worker);
	if (ret != 0) {
		return error_set(error, GATHER_ETHREAD, "cannot start thread %s: %s", worker->name,
				 strerror(ret));
	}
	worker->started = true;
	pthread_setname_np(worker->thread, worker->name);
	return GATHER_OK;
}

void worker_join(struct worker *worker)
{
	if (worker->started) {
		pthread_join(worker->thread, NULL);
		worker->started = false;
	}
}

uint64_t worker_cpu_ns(const struct worker *worker)
{
	clockid_t clock;
	struct timespec time;

	if (!worker->started || pthread_getcpuclockid(worker->thread, &clock) != 0 ||
	    clock_gettime(clock, &time) != 0) {
		return 0;
	}
	return (uint64_t)(time.tv_sec * NS_PER_S + time.tv_nsec);
}

void worker_quiescent(void)
{
	urcu_qsbr_quiescent_state();
}

void worker_offline(void)
{
	urcu_qsbr_thread_offline();
}

void worker_online(void)
{
	urcu_qsbr_thread_online();
}

unsigned worker_cpus(void)
{
	cpu_set_t set;
	long n;

	/* A plain set is too small for a kernel of more than CPU_SETSIZE CPUs. */
	if (sched_getaffinity(0, sizeof(set), &set) == 0) {
		n = CPU_COUNT(&set);
	} else {
		n = sysconf(_SC_NPROCESSORS_ONLN);
	}
	return n < 1 ? 1 : (unsigned)n;
}
