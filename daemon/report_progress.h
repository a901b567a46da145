/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * report_progress.h - one line for a terminal that says how far a pipeline is
 */
#ifndef DAEMON_REPORT_PROGRESS_H
#define DAEMON_REPORT_PROGRESS_H

#include "daemon/report.h"

/* A pipeline on its way. */
struct report_run {
	const struct gather_spec *spec;
	struct report_interval interval; /* a recent one, for the rate */
	int64_t elapsed_ns;              /* from the pipeline's start to interval.to */
};

enum { REPORT_PROGRESS_SIZE = 512 };

/* What takes a line of progress away again. */
#define REPORT_CLEAR "\r\033[K"

/*
 * Format a line of progress for a terminal of so many columns (0: unknown, taken as 80):
 * REPORT_CLEAR, then the text, cut so that it does not wrap; no newline.  It says how much is
 * done of all rounds, and how long the rest will take, where rounds are counted; else how much of
 * the running one.  A pipeline with delays goes by its schedule, others by their values.  Returns
 * buffer.
 */
const char *report_progress(char buffer[REPORT_PROGRESS_SIZE], const struct report_run *run,
			    unsigned columns);

#endif
