/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * supervisor.h - the event loop that runs a configuration's pipelines
 *
 * It starts them, hands their results on, ticks, and stops them on a signal.  What is made of the
 * results (a metrics log, a terminal) is its client's.
 *
 * SIGTERM and SIGINT stop, even where SIGINT was ignored when the program was started: shells start
 * background jobs like that, and who sends one means it.  SIGUSR1 reopens.  SIGHUP does either, as
 * the client wants; where it would stop and was ignored (nohup), it stays so.
 *
 * A pipeline that finds no memory for its next round is tried again until it does; both is said on
 * standard error.
 *
 * Threads: the main thread.  The four signals are blocked when a supervisor is created and stay so.
 */
#ifndef DAEMON_SUPERVISOR_H
#define DAEMON_SUPERVISOR_H

#include "daemon/config.h"

/* One running pipeline, as clients see it. */
struct supervised {
	unsigned index; /* among those that run, from 0 */
	const struct config_pipeline *config;
	struct gather_pipeline *pipeline; /* for gather_pipeline_stats() */
	bool done;                        /* every round has been handed over */
};

/* What a client does.  Every function may be NULL; arg is the client's. */
struct supervisor_client {
	void *arg;
	/* All pipelines run. */
	void (*started)(void *arg);
	void (*gathered)(void *arg, const struct supervised *pipeline,
			 const struct gather_result *result);
	/* The pipeline's last result has been handed over. */
	void (*done)(void *arg, const struct supervised *pipeline);
	/* Every tick_ns. */
	void (*tick)(void *arg);
	/* A signal asks for an end: pipelines are being stopped. */
	void (*stopping)(void *arg, const char *signal);
	/* Open log files anew. */
	void (*reopen)(void *arg);
	int64_t tick_ns;   /* 0: no ticks */
	bool stay;         /* stay up when all pipelines are done */
	bool hangup_stops; /* SIGHUP stops, else it reopens */
};

enum supervisor_end {
	SUPERVISOR_DONE,    /* every pipeline ran to its end */
	SUPERVISOR_STOPPED, /* stopped by a signal, everything in flight was gathered */
	SUPERVISOR_CUT,     /* not all was gathered: a second signal, or `drain` ran out */
	SUPERVISOR_FAILED,  /* could not start or go on; *error says why */
};

struct supervisor; /* opaque */

/* Create the pipelines of config, those that names lists (n > 0) or all.  A name that is not
 * there is the caller's mistake (asserted).  config outlives the supervisor. */
GATHER_MUST_USE int supervisor_create(struct supervisor **out, const struct config *config,
				      const char *const *names, unsigned n,
				      struct gather_error *error);

void supervisor_destroy(struct supervisor **supervisor);

/* Start everything, and block until the end.  Once only.  What still runs at the end (after
 * SUPERVISOR_CUT and SUPERVISOR_FAILED) runs on until supervisor_destroy(). */
enum supervisor_end supervisor_run(struct supervisor *supervisor,
				   const struct supervisor_client *client,
				   struct gather_error *error);

/* For functions of the client: stop the pipelines and end with SUPERVISOR_STOPPED, as a signal
 * would, but without a call of stopping().  Nothing if they are being stopped already. */
void supervisor_stop(struct supervisor *supervisor);

/* For functions of the client: wait until fd can be written (or will never be), and obey signals
 * meanwhile.  False with errno ECANCELED when a second signal or `drain` ends the wait. */
bool supervisor_wait(struct supervisor *supervisor, int fd);

unsigned supervisor_count(const struct supervisor *supervisor);
const struct supervised *supervisor_get(const struct supervisor *supervisor, unsigned index);

#endif
