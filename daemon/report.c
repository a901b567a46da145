/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * report.c - results and metrics as records, and as text for people
 */
#include "daemon/report.h"

#include "base/number.h"
#include "daemon/units.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK = 256,          /* [values] of a list that are read at a time */
	LIST_VALUES = 10,     /* of a list that are shown to people */
	LIST_GENERATORS = 10, /* whose lists are shown to people */
	LABEL_MAX = 24,       /* [characters] up to which labels are aligned */
};

static const char *ledger_name(bool ok)
{
	return ok ? "ok" : "broken";
}

static void put_prefix(struct record *record, const char *event, const char *pipeline)
{
	if (event != NULL) {
		record_time(record, "ts");
		record_string(record, "event", event);
	}
	record_string(record, "pipeline", pipeline);
}

static bool is_list(const char *name)
{
	return strcmp(name, "list") == 0;
}

/* A result of which part depends on when it was cut short. */
static bool is_reproducible(const struct gather_result *result)
{
	return result->outcome == GATHER_COMPLETE;
}

static void put_faults(struct record *record, const struct gather_result *result)
{
	bool json = record_format(record) == RECORD_JSON;

	if (result->faulted == 0) {
		return;
	}
	record_open(record, "faults");
	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		char key[64];

		if (result->faults[i] > 0) {
			snprintf(key, sizeof(key), "%s%s", json ? "" : "fault_",
				 gather_fault_name((enum gather_fault)i));
			record_uint(record, key, result->faults[i]);
		}
	}
	record_close(record);
}

static void put_list(struct record *record, const struct gather_lists *lists, uint32_t generator)
{
	double values[CHUNK];
	uint64_t cursor = 0;
	size_t n;

	record_array(record, NULL);
	do {
		n = gather_lists_read(lists, generator, &cursor, values, CHUNK);
		for (size_t i = 0; i < n; i++) {
			record_double(record, NULL, values[i]);
		}
	} while (n == CHUNK);
	record_array_end(record);
}

static void put_lists(struct record *record, const char *key, const struct gather_result *result)
{
	assert(result->lists != NULL);
	record_array(record, key);
	for (uint64_t g = 0; g < result->generators; g++) {
		put_list(record, result->lists, (uint32_t)g);
	}
	record_array_end(record);
}

static void put_gathered(struct record *record, bool lists, const struct gather_result *result)
{
	record_open(record, "result");
	for (unsigned i = 0; i < result->ngathers; i++) {
		if (!is_list(result->gathers[i])) {
			record_double(record, result->gathers[i], result->scalars[i]);
		} else if (lists) {
			put_lists(record, result->gathers[i], result);
		}
	}
	record_close(record);
}

static unsigned spec_widths(const struct gather_spec *spec, unsigned widths[GATHER_STAGES_MAX])
{
	for (unsigned i = 0; i < spec->nstages; i++) {
		widths[i] = spec->stages[i].width;
	}
	return spec->nstages;
}

void report_result_record(struct record *record, const char *event,
			  const struct config_pipeline *pipeline,
			  const struct gather_result *result)
{
	const struct gather_spec *spec = &pipeline->spec;
	bool json = record_format(record) == RECORD_JSON;
	unsigned widths[GATHER_STAGES_MAX];
	unsigned nwidths = spec_widths(spec, widths);

	put_prefix(record, event, spec->name);
	record_uint(record, "round", result->round);
	record_string(record, "outcome", gather_outcome_name(result->outcome));
	if (!is_reproducible(result)) {
		record_bool(record, "reproducible", false);
	}
	record_seconds(record, "runtime", result->runtime_ns);
	record_uint(record, "generators", result->generators);
	record_uint(record, "drawn", result->drawn);
	record_uint(record, "gathered", result->gathered);
	record_uint(record, "filtered", result->filtered);
	record_uint(record, "faulted", result->faulted);
	record_uint(record, "dropped", result->dropped);
	put_faults(record, result);
	if (event != NULL || !json || !result->ledger_ok) {
		record_string(record, "ledger", ledger_name(result->ledger_ok));
	}
	record_uint(record, "seed", spec->seed);
	record_uint(record, "producers", spec->producers);
	record_uints(record, "consumers", widths, nwidths);
	put_gathered(record, json && event == NULL, result);
}

static void put_field(struct record *record, const struct report_metric *metric,
		      const struct report_interval *interval)
{
	uint64_t value;

	memcpy(&value, (const char *)interval->to + metric->field, sizeof(value));
	record_uint(record, metric->name, value);
}

/* The difference of two readings of a counter that never goes back. */
static double gain(uint64_t from, uint64_t to)
{
	return to > from ? (double)(to - from) : 0;
}

double report_rate(const struct report_interval *interval)
{
	double drawn = gain(interval->from->drawn, interval->to->drawn);

	return interval->ns > 0 ? drawn * 1e9 / (double)interval->ns : 0;
}

static void put_rate(struct record *record, const struct report_metric *metric,
		     const struct report_interval *interval)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%.3e", report_rate(interval)); /* four are plenty */
	record_double(record, metric->name, strtod(digits, NULL));
}

static void put_ledger(struct record *record, const struct report_metric *metric,
		       const struct report_interval *interval)
{
	record_string(record, metric->name, ledger_name(interval->to->ledger_ok));
}

static void put_producers(struct record *record, const struct report_metric *metric,
			  const struct report_interval *interval)
{
	record_uint(record, metric->name, interval->to->producers);
}

static void put_consumers(struct record *record, const struct report_metric *metric,
			  const struct report_interval *interval)
{
	record_uints(record, metric->name, interval->to->consumers, interval->to->nstages);
}

/* The share [%] of so many threads' time; a wait is counted when it ends, so that one which
 * began before the interval could make it more than all. */
static double share(double waited_ns, unsigned threads, int64_t interval_ns)
{
	double all_ns = (double)threads * (double)interval_ns;
	double percent = all_ns > 0 ? 100 * waited_ns / all_ns : 0;

	return round(fmin(percent, 100) * 10) / 10;
}

static void put_starved(struct record *record, const struct report_metric *metric,
			const struct report_interval *interval)
{
	const struct gather_stats *from = interval->from, *to = interval->to;
	unsigned threads = 0;

	for (unsigned i = 0; i < to->nstages; i++) {
		threads += to->consumers[i];
	}
	record_percent(record, metric->name,
		       share(gain(from->starved_ns, to->starved_ns), threads, interval->ns));
}

static void put_blocked(struct record *record, const struct report_metric *metric,
			const struct report_interval *interval)
{
	const struct gather_stats *from = interval->from, *to = interval->to;

	record_percent(record, metric->name,
		       share(gain(from->blocked_ns, to->blocked_ns), to->producers, interval->ns));
}

static void put_cpu(struct record *record, const struct report_metric *metric,
		    const struct report_interval *interval)
{
	double used_ns = gain(interval->from->cpu_ns, interval->to->cpu_ns);
	double cores = interval->ns > 0 ? used_ns / (double)interval->ns : 0;

	record_double(record, metric->name, round(cores * 100) / 100);
}

#define FIELD(member) put_field, offsetof(struct gather_stats, member)

static const struct report_metric metrics[] = {
	{ "round", "", REPORT_GAUGE, "the newest round that was opened, counted from 1",
	  FIELD(round) },
	{ "skipped", "rounds", REPORT_COUNTER,
	  "starts of rounds that were skipped, the one before still running", FIELD(skipped) },
	{ "drawn", "values", REPORT_COUNTER, "values drawn; all the others add up to it",
	  FIELD(drawn) },
	{ "rate", "values/s", REPORT_GAUGE,
	  "values drawn a second in the interval, of the whole pipeline", put_rate, 0 },
	{ "gathered", "values", REPORT_COUNTER, "values that reached the gather", FIELD(gathered) },
	{ "filtered", "values", REPORT_COUNTER, "values that a condition left out",
	  FIELD(filtered) },
	{ "faulted", "values", REPORT_COUNTER, "values for which Python would have raised",
	  FIELD(faulted) },
	{ "dropped", "values", REPORT_COUNTER, "values drawn for rounds that were cut short",
	  FIELD(dropped) },
	{ "inflight", "values", REPORT_GAUGE, "values drawn and still on their way",
	  FIELD(inflight) },
	{ "ledger", "", REPORT_STATE, "ok, or broken where values went missing", put_ledger, 0 },
	{ "producers", "threads", REPORT_GAUGE, "threads that draw", put_producers, 0 },
	{ "consumers", "threads", REPORT_GAUGE,
	  "threads that run the comprehension, one number a stage", put_consumers, 0 },
	{ "starved", "%", REPORT_GAUGE,
	  "share of the consumers' time spent waiting for something to do", put_starved, 0 },
	{ "blocked", "%", REPORT_GAUGE,
	  "share of the producers' time spent waiting for a batch to come home", put_blocked, 0 },
	{ "cpu", "cores", REPORT_GAUGE, "CPU time of the pipeline's threads a second", put_cpu, 0 },
	{ NULL, NULL, REPORT_STATE, NULL, NULL, 0 },
};

const struct report_metric *report_metrics(void)
{
	return metrics;
}

void report_last_set(struct report_last *last, const struct gather_result *result)
{
	assert(result->ngathers <= GATHER_GATHERS_MAX);
	last->round = result->round;
	memcpy(last->scalars, result->scalars, result->ngathers * sizeof(last->scalars[0]));
}

void report_metrics_record(struct record *record, const struct config_pipeline *pipeline,
			   const struct report_interval *interval, const struct report_last *last)
{
	const struct gather_spec *spec = &pipeline->spec;

	put_prefix(record, "metrics", spec->name);
	for (const struct report_metric *metric = metrics; metric->name != NULL; metric++) {
		metric->put(record, metric, interval);
	}
	if (last->round == 0) {
		return;
	}
	record_open(record, "result");
	for (unsigned i = 0; i < spec->ngathers; i++) {
		if (!is_list(spec->gathers[i])) {
			record_double(record, spec->gathers[i], last->scalars[i]);
		}
	}
	record_close(record);
}

/* The column of values: as wide as the longest label, within bounds. */
static int label_width(const struct gather_result *result)
{
	size_t width = strlen("filtered");

	for (unsigned i = 0; i < result->ngathers; i++) {
		size_t length = strlen(result->gathers[i]);

		if (length > width && length <= LABEL_MAX) {
			width = length;
		}
	}
	return (int)width;
}

static void print_label(FILE *stream, int width, const char *label)
{
	fprintf(stream, "  %-*s  ", width, label);
}

static void print_runtime(FILE *stream, int width, const struct gather_result *result)
{
	char runtime[UNITS_SIZE], ideal[UNITS_SIZE], difference[UNITS_SIZE];
	int64_t over_ns = result->runtime_ns - result->ideal_ns;

	print_label(stream, width, "runtime");
	fprintf(stream, "%s", units_format_duration(runtime, result->runtime_ns));
	if (result->ideal_ns > 0 && result->outcome == GATHER_COMPLETE) {
		fprintf(stream, " (ideal %s, %s %s)",
			units_format_duration(ideal, result->ideal_ns),
			units_format_duration(difference, over_ns < 0 ? -over_ns : over_ns),
			over_ns < 0 ? "under" : "over");
	}
	fprintf(stream, "\n");
}

static void print_faults(FILE *stream, int width, const struct gather_result *result)
{
	const char *separator = "";

	if (result->faulted == 0) {
		return;
	}
	print_label(stream, width, "faults");
	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		if (result->faults[i] > 0) {
			fprintf(stream, "%s%s %" PRIu64, separator,
				gather_fault_name((enum gather_fault)i), result->faults[i]);
			separator = ", ";
		}
	}
	fprintf(stream, "\n");
}

static void print_counts(FILE *stream, int width, const struct gather_result *result)
{
	print_label(stream, width, "drawn");
	fprintf(stream,
		"%" PRIu64 " (gathered %" PRIu64 ", filtered %" PRIu64 ", faulted %" PRIu64
		", dropped %" PRIu64 ")\n",
		result->drawn, result->gathered, result->filtered, result->faulted,
		result->dropped);
	if (!result->ledger_ok) {
		print_label(stream, width, "ledger");
		fprintf(stream, "broken: these do not add up to what was drawn\n");
	}
	print_faults(stream, width, result);
	if (result->ideal_ns == 0 && result->runtime_ns > 0) {
		char rate[UNITS_SIZE];

		print_label(stream, width, "rate");
		fprintf(stream, "%s values/s\n",
			units_format_count(rate, (double)result->drawn * 1e9 /
							 (double)result->runtime_ns));
	}
}

static void print_threads(FILE *stream, int width, const struct gather_spec *spec)
{
	print_label(stream, width, "threads");
	fprintf(stream, "%u drawing", spec->producers);
	for (unsigned i = 0; i < spec->nstages; i++) {
		const char *name = spec->stages[i].name;

		if (spec->nstages > 1 && name != NULL) {
			fprintf(stream, ", %u %s", spec->stages[i].width, name);
		} else {
			fprintf(stream, ", %u consuming", spec->stages[i].width);
		}
	}
	fprintf(stream, "\n");
}

/* One generator's list: its first values, and how many there are if that is not all. */
static void print_list(FILE *stream, const struct gather_lists *lists, uint32_t generator)
{
	double values[CHUNK];
	char number[NUMBER_SIZE];
	uint64_t cursor = 0, total = 0;
	size_t n;

	fprintf(stream, "[");
	do {
		n = gather_lists_read(lists, generator, &cursor, values, CHUNK);
		for (size_t i = 0; i < n && total + i < LIST_VALUES; i++) {
			fprintf(stream, "%s%s", i ? ", " : "", number_format(number, values[i]));
		}
		total += n;
	} while (n == CHUNK);
	if (total > LIST_VALUES) {
		fprintf(stream, ", ... (%" PRIu64 " values)", total);
	}
	fprintf(stream, "]\n");
}

static void print_lists(FILE *stream, int width, const struct gather_result *result)
{
	uint64_t shown = result->generators;

	assert(result->lists != NULL);
	if (shown > LIST_GENERATORS) {
		shown = LIST_GENERATORS;
	}
	for (uint64_t g = 0; g < shown; g++) {
		print_label(stream, width, g == 0 ? "list" : "");
		print_list(stream, result->lists, (uint32_t)g);
	}
	if (result->generators > shown) {
		print_label(stream, width, "");
		fprintf(stream, "... (%" PRIu64 " more generators; -o json prints all)\n",
			result->generators - shown);
	}
}

void report_result_text(FILE *stream, const struct config_pipeline *pipeline,
			const struct gather_result *result)
{
	const struct gather_spec *spec = &pipeline->spec;
	int width = label_width(result);

	fprintf(stream, "%s  round %" PRIu64 "  %s%s\n", spec->name, result->round,
		gather_outcome_name(result->outcome),
		is_reproducible(result) ? "" : " (not reproducible)");
	print_runtime(stream, width, result);
	print_counts(stream, width, result);
	print_threads(stream, width, spec);
	print_label(stream, width, "seed");
	fprintf(stream, "%" PRIu64 "\n", spec->seed);
	for (unsigned i = 0; i < result->ngathers; i++) {
		char number[NUMBER_SIZE];

		if (is_list(result->gathers[i])) {
			print_lists(stream, width, result);
			continue;
		}
		print_label(stream, width, result->gathers[i]);
		fprintf(stream, "%s\n", number_format(number, result->scalars[i]));
	}
}
