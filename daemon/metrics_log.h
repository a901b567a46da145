/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * metrics_log.h - an append-only file of whole lines that survives what happens to files
 *
 * A line is written by one writev(2) to a descriptor opened with O_APPEND.  A torn last line (of
 * a crash or a full disk) is closed by a newline before the next.  What cannot be written is
 * counted; the reason is reported once, and when writing works again the caller hears how many
 * lines were lost.  While the file cannot be written, its path is opened again at each line, at
 * most ten times a second.  A file that was removed is noticed at the next line, which goes to a
 * new file; one that was renamed is written until metrics_log_reopen().
 *
 * Threads: the supervisor's only.  Never blocks but in writev(2) to a slow disk or to standard
 * output; what a FIFO cannot take at once is lost.  The process ignores SIGPIPE and SIGXFSZ.
 */
#ifndef DAEMON_METRICS_LOG_H
#define DAEMON_METRICS_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct metrics_log; /* opaque */

/*
 * Called with a reason for people ("cannot write /var/...: No space left on device"), once a
 * failure, and with NULL when writing works again (lost: lines lost in between).  It may write a
 * line of its own, but neither reopen nor close the log.
 */
typedef void metrics_log_report_fn(void *arg, const char *reason, uint64_t lost);

/* Open the log; a file that cannot be opened is a failure like any other: reported, and tried
 * again.  path is copied; "-" is standard output.  NULL without memory. */
struct metrics_log *metrics_log_open(const char *path, metrics_log_report_fn *report, void *arg);

/* Close *log, if it is not NULL, and clear it. */
void metrics_log_close(struct metrics_log **log);

/* Append a line, without its newline.  False where it was lost. */
bool metrics_log_write(struct metrics_log *log, const char *line, size_t length);

/* The same, at a given time: it says whether what failed is tried again yet. */
bool metrics_log_write_at(struct metrics_log *log, const char *line, size_t length, int64_t now_ns);

/* Open the path anew (after it was renamed by a log rotation). */
void metrics_log_reopen(struct metrics_log *log);

/* Lines lost since the log was opened. */
uint64_t metrics_log_lost(const struct metrics_log *log);

#endif
