/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * service_log.h - what the service writes: the metrics log, and plain lines on stderr
 *
 * One line a pipeline and interval, one line an event (started, gathered, stopped).  What is
 * written is decided here, how lines look in report.h, and how they reach the disk in
 * metrics_log.h.
 *
 * Threads: the supervisor's only.
 */
#ifndef DAEMON_SERVICE_LOG_H
#define DAEMON_SERVICE_LOG_H

#include "daemon/config.h"
#include "daemon/supervisor.h"

struct service_log; /* opaque */

/* For the n pipelines that a supervisor runs.  NULL without memory.  The configuration outlives
 * the log. */
struct service_log *service_log_create(const struct config *config, unsigned n);
void service_log_destroy(struct service_log **log);

/* event=started: what runs, with everything that its values depend on. */
void service_log_started(struct service_log *log, const struct supervised *pipeline);

/* event=gathered, where `results` lets the round through. */
void service_log_gathered(struct service_log *log, const struct supervised *pipeline,
			  const struct gather_result *result);

/* event=metrics; nothing for a pipeline that is done. */
void service_log_metrics(struct service_log *log, const struct supervised *pipeline);

/* event=stopped: a pipeline is done; its totals. */
void service_log_stopped(struct service_log *log, const struct supervised *pipeline);

void service_log_reopen(struct service_log *log);

#endif
