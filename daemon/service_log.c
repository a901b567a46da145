/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * service_log.c - which lines the service writes, and when
 */
#include "daemon/service_log.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "daemon/bucket.h"
#include "daemon/metrics_log.h"
#include "daemon/record.h"
#include "daemon/report.h"

struct logged {
	struct gather_stats stats; /* at the last line of metrics */
	int64_t stats_ns;
	struct report_last last;
	struct bucket gathered; /* lines of gathered rounds */
	uint64_t rounds_since;  /* rounds without a line since then */
};

struct service_log {
	const struct config *config;
	struct metrics_log *file; /* NULL: no metrics log */
	struct record *record;
	unsigned n;
	struct logged logged[]; /* [n] */
};

static void write_record(struct service_log *log)
{
	size_t length;
	const char *line = record_end(log->record, &length);

	if (line != NULL && log->file != NULL) {
		(void)metrics_log_write(log->file, line, length);
	}
}

/* Called while a line is written: before the line is given up, or after it has been written, so
 * that the record is free for another. */
static void report_file(void *arg, const char *reason, uint64_t lost)
{
	struct service_log *log = arg;

	if (reason != NULL) {
		fprintf(stderr, "gatherd: metrics log: %s; lines are lost until that is mended\n",
			reason);
		return;
	}
	fprintf(stderr, "gatherd: metrics log: writing again, lines lost: %llu\n",
		(unsigned long long)lost);
	record_begin(log->record);
	record_time(log->record, "ts");
	record_string(log->record, "event", "resumed");
	record_uint(log->record, "lines_lost", lost);
	write_record(log);
}

struct service_log *service_log_create(const struct config *config, unsigned n)
{
	struct service_log *log = calloc(1, sizeof(*log) + n * sizeof(log->logged[0]));

	if (log == NULL) {
		return NULL;
	}
	log->config = config;
	log->n = n;
	log->record =
		record_create(config->metrics_format == LOG_JSON ? RECORD_JSON : RECORD_LOGFMT);
	if (config->metrics_log != NULL) {
		log->file = metrics_log_open(config->metrics_log, report_file, log);
	}
	if (log->record == NULL || (config->metrics_log != NULL && log->file == NULL)) {
		service_log_destroy(&log);
	}
	return log;
}

void service_log_destroy(struct service_log **pointer)
{
	struct service_log *log = *pointer;

	if (log == NULL) {
		return;
	}
	metrics_log_close(&log->file);
	record_destroy(&log->record);
	free(log);
	*pointer = NULL;
}

static struct logged *logged(struct service_log *log, const struct supervised *pipeline)
{
	assert(pipeline->index < log->n);
	return &log->logged[pipeline->index];
}

static void begin(struct service_log *log, const char *event, const struct supervised *pipeline)
{
	record_begin(log->record);
	record_time(log->record, "ts");
	record_string(log->record, "event", event);
	record_string(log->record, "pipeline", pipeline->config->spec.name);
}

/* Names are people's: with something before them they are no other key. */
static void put_stages(struct record *record, const struct gather_spec *spec)
{
	char key[GATHER_NAME_MAX + sizeof("width.")];

	if (spec->nstages == 1) {
		record_uint(record, "consumers", spec->stages[0].width);
		record_string(record, "comprehension", spec->stages[0].comprehension);
		return;
	}
	for (unsigned i = 0; i < spec->nstages; i++) {
		snprintf(key, sizeof(key), "width.%s", spec->stages[i].name);
		record_uint(record, key, spec->stages[i].width);
	}
	for (unsigned i = 0; i < spec->nstages; i++) {
		snprintf(key, sizeof(key), "stage.%s", spec->stages[i].name);
		record_string(record, key, spec->stages[i].comprehension);
	}
}

void service_log_started(struct service_log *log, const struct supervised *pipeline)
{
	const struct gather_spec *spec = &pipeline->config->spec;
	const char *isa = "";

	logged(log, pipeline)->stats_ns = clock_now_ns();
	/* Cannot fail: the pipeline runs with it. */
	(void)!gather_isa(&isa, NULL);
	begin(log, "started", pipeline);
	record_string(log->record, "version", gather_version());
	record_string(log->record, "isa", isa);
	record_uint(log->record, "seed", spec->seed);
	record_uint(log->record, "parallel", spec->parallel);
	record_uint(log->record, "values", spec->values);
	record_uint(log->record, "rounds", spec->rounds);
	record_uint(log->record, "producers", spec->producers);
	put_stages(log->record, spec);
	write_record(log);
}

/* Whether the round gets a line of its own. */
static bool lets_through(const struct config_pipeline *config, struct logged *logged,
			 const struct gather_result *result, int64_t now_ns)
{
	if (config->results == RESULTS_ALL || result->outcome != GATHER_COMPLETE ||
	    result->round == config->spec.rounds) {
		return true;
	}
	if (config->results == RESULTS_LAST) {
		return false;
	}
	return bucket_take(&logged->gathered, config->results_rate, now_ns);
}

void service_log_gathered(struct service_log *log, const struct supervised *pipeline,
			  const struct gather_result *result)
{
	struct logged *to = logged(log, pipeline);
	int64_t now_ns = clock_now_ns();

	report_last_set(&to->last, result);
	if (!result->ledger_ok) {
		fprintf(stderr,
			"gatherd: pipeline '%s' round %llu: the ledger does not add up, "
			"please report this\n",
			pipeline->config->spec.name, (unsigned long long)result->round);
	}
	if (!lets_through(pipeline->config, to, result, now_ns)) {
		to->rounds_since++;
		return;
	}
	record_begin(log->record);
	report_result_record(log->record, "gathered", pipeline->config, result);
	if (to->rounds_since > 0) {
		record_uint(log->record, "rounds_since", to->rounds_since);
	}
	write_record(log);
	to->rounds_since = 0;
}

void service_log_metrics(struct service_log *log, const struct supervised *pipeline)
{
	struct logged *to = logged(log, pipeline);
	struct gather_stats now;
	int64_t now_ns = clock_now_ns();

	if (pipeline->done) {
		return;
	}
	gather_pipeline_stats(pipeline->pipeline, &now);
	struct report_interval interval = {
		.from = &to->stats,
		.to = &now,
		.ns = now_ns - to->stats_ns,
	};
	record_begin(log->record);
	report_metrics_record(log->record, pipeline->config, &interval, &to->last);
	write_record(log);
	to->stats = now;
	to->stats_ns = now_ns;
}

void service_log_stopped(struct service_log *log, const struct supervised *pipeline)
{
	struct gather_stats stats;

	gather_pipeline_stats(pipeline->pipeline, &stats);
	begin(log, "stopped", pipeline);
	record_uint(log->record, "rounds", stats.rounds);
	record_uint(log->record, "drawn", stats.drawn);
	record_uint(log->record, "gathered", stats.gathered);
	record_uint(log->record, "filtered", stats.filtered);
	record_uint(log->record, "faulted", stats.faulted);
	record_uint(log->record, "dropped", stats.dropped);
	record_uint(log->record, "inflight", stats.inflight);
	record_string(log->record, "ledger", stats.ledger_ok ? "ok" : "broken");
	record_uint(log->record, "skipped", stats.skipped);
	write_record(log);
}

void service_log_reopen(struct service_log *log)
{
	if (log->file != NULL) {
		metrics_log_reopen(log->file);
	}
}
