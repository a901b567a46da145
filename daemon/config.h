/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * config.h - the configuration: a file or a command line, checked, as plain data
 *
 * One path for all: what `gatherd check` accepts runs, and what it refuses does not.  A
 * configuration is immutable once loaded.
 *
 * In a file a pipeline must have a comprehension (or stages), values and gather.  Defaults of the
 * rest: parallel 1, delay 0, every 0 (one round after another), rounds 0 (for ever), results 1/s,
 * widths auto, a random seed; metrics: no log, interval 1s, format logfmt; drain 10s.  On a command
 * line: values 10, rounds 1, results all, and gather list up to 100 values a round, else count,
 * mean and stderr.
 *
 * auto is as many threads as this process may use CPUs, or 1 with a delay.
 */
#ifndef DAEMON_CONFIG_H
#define DAEMON_CONFIG_H

#include "daemon/diagnostics.h"
#include "gather.h"

enum log_format { LOG_LOGFMT, LOG_JSON };

/* Which gathered rounds become lines in the log. */
enum results_kind {
	RESULTS_ALL,
	RESULTS_LAST, /* only the pipeline's last round */
	RESULTS_RATE, /* at most results_rate a second */
};

struct config_pipeline {
	struct gather_spec spec; /* strings belong to the configuration; widths resolved */
	bool seed_given;         /* else spec.seed was drawn at random when it was loaded */
	bool rounds_given;       /* else spec.rounds is 0 */
	enum results_kind results;
	double results_rate; /* [1/s] */
};

struct config {
	char *metrics_log; /* path, or NULL: no metrics log */
	int64_t metrics_interval_ns;
	enum log_format metrics_format;
	int64_t drain_ns; /* the longest wait for what is in flight when stopping */
	unsigned npipelines;
	struct config_pipeline *pipelines; /* [npipelines], in the order of the file */
};

/* A pipeline from the command line: texts as given, NULL where not given. */
struct config_options {
	const char *comprehension;
	const char *values, *parallel, *delay, *gather, *producers, *consumers, *seed, *rounds;
};

/*
 * Load a file.  On failure returns NULL, and all that is wrong is in diagnostics, which is
 * created here (never NULL but for want of memory) and belongs to the caller in any case.
 */
struct config *config_load(const char *path, struct diagnostics **diagnostics);

/* The same from a command line; the pipeline is called "cli".  Errors name the option
 * ("--values: ..."), or have a place within the comprehension ("-e:1:7: ..."). */
struct config *config_from_options(const struct config_options *options,
				   struct diagnostics **diagnostics);

void config_destroy(struct config **config);

#endif
