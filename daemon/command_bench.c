/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * command_bench.c - gatherd bench: pipeline, plain loop and queue, measured in one run
 *
 * The two are measured in turn, so that a machine whose speed drifts is fair to both; medians and
 * the ratio of medians are printed.
 */
#include "daemon/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "daemon/load.h"
#include "daemon/record.h"
#include "daemon/units.h"

enum { REPETITIONS = 7, REPETITIONS_MAX = 1000 };
#define SLICE_NS (NS_PER_S * 2 / 5) /* of one measurement */

struct bench {
	unsigned repetitions;
	bool json;
	struct config_options options;
	double pipeline[REPETITIONS_MAX]; /* [values/s] */
	double loop[REPETITIONS_MAX];
	struct gather_bench_queue queue;
	unsigned threads; /* of the loop */
};

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, unsigned n)
{
	qsort(values, n, sizeof(values[0]), compare);
	return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* As many loops as the wider end of the pipeline has threads. */
static unsigned loop_threads(const struct gather_spec *spec)
{
	unsigned threads = spec->producers;

	for (unsigned i = 0; i < spec->nstages; i++) {
		threads = spec->stages[i].width > threads ? spec->stages[i].width : threads;
	}
	return threads;
}

static int measure(struct bench *bench, const struct gather_spec *spec, struct gather_error *error)
{
	int ret = GATHER_OK;

	bench->threads = loop_threads(spec);
	for (unsigned i = 0; ret == GATHER_OK && i < bench->repetitions; i++) {
		ret = gather_bench_loop(spec, bench->threads, SLICE_NS, &bench->loop[i], error);
		if (ret == GATHER_OK) {
			ret = gather_bench_pipeline(spec, SLICE_NS, &bench->pipeline[i], error);
		}
	}
	if (ret == GATHER_OK) {
		ret = gather_bench_queue(SLICE_NS, &bench->queue, error);
	}
	return ret;
}

static bool print_text(const struct gather_spec *spec, const struct bench *bench, double pipeline,
		       double loop)
{
	const struct gather_bench_queue *queue = &bench->queue;
	char a[UNITS_SIZE];

	printf("%s\n", spec->stages[0].comprehension);
	printf("  pipeline   %s values/s  (%u producers, %u consumers)\n",
	       units_format_count(a, pipeline), spec->producers, spec->stages[0].width);
	printf("  plain loop %s values/s  (%u threads)\n", units_format_count(a, loop),
	       bench->threads);
	printf("  ratio      %.3f  (medians of %u, in turn)\n", pipeline / loop,
	       bench->repetitions);
	printf("queue\n");
	printf("  hand-offs  %s/s\n", units_format_count(a, queue->handoffs_per_s));
	printf("  one way    %.3f us\n", queue->one_way_us);
	printf("  wake-up    %.1f us\n", queue->wakeup_us);
	return true;
}

static bool print_json(const struct gather_spec *spec, const struct bench *bench, double pipeline,
		       double loop)
{
	struct record *record = record_create(RECORD_JSON);
	const char *isa = "";
	size_t length;

	if (record == NULL) {
		return false;
	}
	(void)!gather_isa(&isa, NULL);
	record_begin(record);
	record_string(record, "comprehension", spec->stages[0].comprehension);
	record_string(record, "isa", isa);
	record_uint(record, "producers", spec->producers);
	record_uint(record, "consumers", spec->stages[0].width);
	record_uint(record, "loop_threads", bench->threads);
	record_uint(record, "repetitions", bench->repetitions);
	record_double(record, "pipeline_values_per_s", pipeline);
	record_double(record, "loop_values_per_s", loop);
	record_double(record, "ratio", pipeline / loop);
	record_double(record, "handoffs_per_s", bench->queue.handoffs_per_s);
	record_double(record, "one_way_us", bench->queue.one_way_us);
	record_double(record, "wakeup_us", bench->queue.wakeup_us);
	const char *line = record_end(record, &length);
	bool fine = line != NULL;
	if (fine) {
		puts(line);
	}
	record_destroy(&record);
	return fine;
}

/* Returns false without memory. */
static bool print(const struct gather_spec *spec, struct bench *bench)
{
	double pipeline = median(bench->pipeline, bench->repetitions);
	double loop = median(bench->loop, bench->repetitions);

	return (bench->json ? print_json : print_text)(spec, bench, pipeline, loop);
}

static int bench_run(struct bench *bench)
{
	struct gather_error error;
	struct config *config;
	int status = load_options(&config, &bench->options);

	if (status != EXIT_FINE) {
		return status;
	}
	const struct gather_spec *spec = &config->pipelines[0].spec;
	int ret = measure(bench, spec, &error);
	if (ret != GATHER_OK) {
		fprintf(stderr, "gatherd: %s\n", error.message);
	} else if (!print(spec, bench)) {
		ret = GATHER_ENOMEM;
		fprintf(stderr, "gatherd: %s\n", gather_strerror(ret));
	}
	config_destroy(&config);
	return command_end(command_status(ret));
}

enum { PRODUCERS = 256, CONSUMERS, REPEAT, GATHER };

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "expression", required_argument, NULL, 'e' },
	{ "gather", required_argument, NULL, GATHER },
	{ "producers", required_argument, NULL, PRODUCERS },
	{ "consumers", required_argument, NULL, CONSUMERS },
	{ "repetitions", required_argument, NULL, REPEAT },
	COMMAND_OPTIONS,
	{ 0 },
};

static int read_repetitions(const char *text, struct bench *bench)
{
	uint64_t repetitions;

	if (units_count(text, &repetitions) != NULL || repetitions < 1 ||
	    repetitions > REPETITIONS_MAX) {
		return command_usage("--repetitions takes 1 to %d, not '%s'", REPETITIONS_MAX,
				     text);
	}
	bench->repetitions = (unsigned)repetitions;
	return COMMAND_GO_ON;
}

/* Returns COMMAND_GO_ON or an exit status. */
static int read_option(int c, const char *text, struct bench *bench)
{
	switch (c) {
	case 'o':
		return command_format(text, &bench->json);
	case 'e':
		bench->options.comprehension = text;
		return COMMAND_GO_ON;
	case GATHER:
		bench->options.gather = text;
		return COMMAND_GO_ON;
	case PRODUCERS:
		bench->options.producers = text;
		return COMMAND_GO_ON;
	case CONSUMERS:
		bench->options.consumers = text;
		return COMMAND_GO_ON;
	case REPEAT:
		return read_repetitions(text, bench);
	default:
		return command_option(c);
	}
}

int command_bench(int argc, char **argv)
{
	struct bench bench = {
		.repetitions = REPETITIONS,
		.options = { .comprehension = "[x*x for x in uniform(0, 1) if x > 0.5]",
			     .values = "100M",
			     .gather = "count,sum,mean",
			     .seed = "1" },
	};
	int c;

	while ((c = getopt_long(argc, argv, "o:e:h", long_options, NULL)) != -1) {
		int status = read_option(c, optarg, &bench);
		if (status != COMMAND_GO_ON) {
			return status;
		}
	}
	if (optind < argc) {
		return command_usage("bench takes no argument '%s'", argv[optind]);
	}
	return bench_run(&bench);
}
