/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * report.h - how results and counters are shown: records for programs, text for people
 *
 * Functions that take a record put keys into a line that the caller has begun and will end, so
 * that it can put keys of its own before or after.  Nothing here has a state.
 */
#ifndef DAEMON_REPORT_H
#define DAEMON_REPORT_H

#include <stdio.h>

#include "daemon/config.h"
#include "daemon/record.h"
#include "gather.h"

/*
 * Put a gathered round.  Without an event: the result as a command prints it; in JSON with "list"
 * as one list a generator.  With one ("gathered"): a line of the log, which has ts, event and
 * ledger besides, and no lists in either format.  The widths are those of the specification.
 */
void report_result_record(struct record *record, const char *event,
			  const struct config_pipeline *pipeline,
			  const struct gather_result *result);

/* What a pipeline's counters said at two points in time. */
struct report_interval {
	const struct gather_stats *from; /* all 0 where `to` is the first */
	const struct gather_stats *to;
	int64_t ns; /* between the two; where it is 0, so is every rate */
};

/* [values/s] drawn by the whole pipeline in the interval. */
double report_rate(const struct report_interval *interval);

/* The scalars of the last gathered round, for the lines of metrics.  All 0 at first, and again
 * when the pipeline was replaced: the names are those of the pipeline's specification. */
struct report_last {
	uint64_t round; /* 0: none yet */
	double scalars[GATHER_GATHERS_MAX];
};

void report_last_set(struct report_last *last, const struct gather_result *result);

/* Put a line of metrics: ts, event=metrics, pipeline, the keys of report_metrics(), and the
 * scalars of the last round, if there was one. */
void report_metrics_record(struct record *record, const struct config_pipeline *pipeline,
			   const struct report_interval *interval, const struct report_last *last);

enum report_kind { REPORT_COUNTER, REPORT_GAUGE, REPORT_STATE };

/* A key of a line of metrics. */
struct report_metric {
	const char *name;
	const char *unit; /* "values", "1/s" ...; "" where there is none */
	enum report_kind kind;
	const char *help;
	void (*put)(struct record *record, const struct report_metric *metric,
		    const struct report_interval *interval);
	size_t field; /* offset in struct gather_stats, for those who put just that */
};

/* The keys of a line of metrics in their order, ended by a NULL name. */
const struct report_metric *report_metrics(void);

/* Print a gathered round for people, several lines. */
void report_result_text(FILE *stream, const struct config_pipeline *pipeline,
			const struct gather_result *result);

#endif
