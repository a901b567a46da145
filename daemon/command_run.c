/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * command_run.c - gatherd run: pipelines to their end, in a terminal
 *
 * Results go to standard output as they are gathered; everything else goes to standard error, and
 * progress only where that is a terminal.
 */
#include "daemon/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "daemon/load.h"
#include "daemon/output.h"
#include "daemon/record.h"
#include "daemon/report.h"
#include "daemon/report_progress.h"
#include "daemon/supervisor.h"

enum { TEXT_MAX = 1 << 20 }; /* [bytes] of a comprehension on standard input */

struct run {
	struct supervisor *supervisor;
	struct output output;
	struct record *record; /* NULL: text for people */
	bool starved;          /* of memory to print a result */
	bool broken;           /* a ledger that does not add up */
	bool progress;
	bool shown; /* a line of progress stands on the terminal */
	int64_t started_ns;
	struct gather_stats stats; /* of the pipeline that progress speaks of, at the last tick */
	unsigned stats_of;
	int64_t stats_ns;
};

static void clear_progress(struct run *run)
{
	if (run->shown) {
		fputs(REPORT_CLEAR, stderr);
		run->shown = false;
	}
}

static void on_started(void *arg)
{
	struct run *run = arg;

	run->started_ns = clock_now_ns();
	run->stats_ns = run->started_ns;
}

static void complain_of(const struct supervised *pipeline, const struct gather_result *result,
			const char *what)
{
	fprintf(stderr, "gatherd: pipeline '%s' round %llu: %s\n", pipeline->config->spec.name,
		(unsigned long long)result->round, what);
}

/* Returns false without memory. */
static bool print_record(struct run *run, const struct supervised *pipeline,
			 const struct gather_result *result)
{
	size_t length;

	record_begin(run->record);
	report_result_record(run->record, NULL, pipeline->config, result);
	const char *line = record_end(run->record, &length);
	if (line == NULL) {
		return false;
	}
	fwrite(line, 1, length, run->output.stream);
	fputc('\n', run->output.stream);
	return true;
}

static bool wait_for_output(void *arg, int fd)
{
	struct run *run = arg;

	return supervisor_wait(run->supervisor, fd);
}

static void on_gathered(void *arg, const struct supervised *pipeline,
			const struct gather_result *result)
{
	struct run *run = arg;

	if (run->output.error != 0) {
		return;
	}
	clear_progress(run);
	if (!result->ledger_ok) {
		complain_of(pipeline, result, "the ledger does not add up, please report this");
		run->broken = true;
	}
	if (run->record == NULL) {
		report_result_text(run->output.stream, pipeline->config, result);
	} else if (!print_record(run, pipeline, result)) {
		complain_of(pipeline, result, "not enough memory to print it");
		run->starved = true;
	}
	if (!output_flush(&run->output)) {
		clear_progress(run);
		/* ECANCELED: a second signal, or drain ran out. */
		fprintf(stderr, "gatherd: cannot write the results: %s\n",
			run->output.error == ECANCELED ? "given up before all was written"
						       : strerror(run->output.error));
		supervisor_stop(run->supervisor);
	}
}

/* Progress of the first pipeline that is not done. */
static void on_tick(void *arg)
{
	struct run *run = arg;
	struct gather_stats now;
	char line[REPORT_PROGRESS_SIZE];
	struct winsize size = { 0 };
	unsigned i = 0;

	while (i < supervisor_count(run->supervisor) && supervisor_get(run->supervisor, i)->done) {
		i++;
	}
	if (i == supervisor_count(run->supervisor)) {
		return;
	}
	if (i != run->stats_of) {
		run->stats = (struct gather_stats){ 0 };
		run->stats_of = i;
		run->stats_ns = run->started_ns;
	}
	int64_t now_ns = clock_now_ns();
	gather_pipeline_stats(supervisor_get(run->supervisor, i)->pipeline, &now);
	struct report_run shown = {
		.spec = &supervisor_get(run->supervisor, i)->config->spec,
		.interval = { .from = &run->stats, .to = &now, .ns = now_ns - run->stats_ns },
		.elapsed_ns = now_ns - run->started_ns,
	};
	ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
	fputs(report_progress(line, &shown, size.ws_col), stderr);
	run->shown = true;
	run->stats = now;
	run->stats_ns = now_ns;
}

static void on_stopping(void *arg, const char *signal)
{
	clear_progress(arg);
	fprintf(stderr, "gatherd: SIG%s, gathering what is in flight\n", signal);
}

static int finish(struct run *run, enum supervisor_end end, const struct gather_error *error)
{
	clear_progress(run);
	if (end == SUPERVISOR_FAILED) {
		fprintf(stderr, "gatherd: %s\n", error->message);
		return command_status(error->code);
	}
	if (end == SUPERVISOR_CUT) {
		fprintf(stderr, "gatherd: left before everything in flight was gathered\n");
	}
	if (run->broken) {
		return EXIT_INTERNAL;
	}
	if (run->starved) {
		return EXIT_TRY_AGAIN;
	}
	if (run->output.error != 0) {
		return EXIT_CUT_SHORT;
	}
	return end == SUPERVISOR_DONE ? EXIT_FINE : EXIT_CUT_SHORT;
}

static void run_fini(struct run *run)
{
	output_close(&run->output);
	supervisor_destroy(&run->supervisor);
	record_destroy(&run->record);
}

static int run_pipelines(struct config *config, const char *const *names, unsigned n, bool json)
{
	struct run run = { .progress = isatty(STDERR_FILENO) == 1 };
	struct gather_error error;

	/* What would go on for ever as a service runs once here. */
	for (unsigned i = 0; i < config->npipelines; i++) {
		if (!config->pipelines[i].rounds_given) {
			config->pipelines[i].spec.rounds = 1;
		}
	}
	run.record = json ? record_create(RECORD_JSON) : NULL;
	if (!output_open(&run.output, wait_for_output, &run) || (json && run.record == NULL)) {
		fprintf(stderr, "gatherd: %s\n", gather_strerror(GATHER_ENOMEM));
		run_fini(&run);
		return EXIT_TRY_AGAIN;
	}
	int ret = supervisor_create(&run.supervisor, config, names, n, &error);
	if (ret != GATHER_OK) {
		fprintf(stderr, "gatherd: %s\n", error.message);
		run_fini(&run);
		return command_status(ret);
	}
	struct supervisor_client client = {
		.arg = &run,
		.started = on_started,
		.gathered = on_gathered,
		.tick = run.progress ? on_tick : NULL,
		.stopping = on_stopping,
		.tick_ns = NS_PER_S / 5,
		.hangup_stops = true,
	};
	enum supervisor_end end = supervisor_run(run.supervisor, &client, &error);
	int status = finish(&run, end, &error);
	run_fini(&run);
	return status;
}

/* What the command line says. */
struct arguments {
	const char *path;
	struct config_options options;
	bool options_given; /* one that goes with -e */
	bool json;
};

enum {
	OPTION_FIRST = 256,
	VALUES = OPTION_FIRST,
	PARALLEL,
	DELAY,
	GATHER,
	PRODUCERS,
	CONSUMERS,
	SEED,
	ROUNDS,
	OPTION_LAST = ROUNDS
};

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "expression", required_argument, NULL, 'e' },
	{ "output", required_argument, NULL, 'o' },
	{ "values", required_argument, NULL, VALUES },
	{ "parallel", required_argument, NULL, PARALLEL },
	{ "delay", required_argument, NULL, DELAY },
	{ "gather", required_argument, NULL, GATHER },
	{ "producers", required_argument, NULL, PRODUCERS },
	{ "consumers", required_argument, NULL, CONSUMERS },
	{ "seed", required_argument, NULL, SEED },
	{ "rounds", required_argument, NULL, ROUNDS },
	COMMAND_OPTIONS,
	{ 0 },
};

/* Where the value of an option that goes with -e belongs. */
static const char **option_slot(struct config_options *options, int c)
{
	switch (c) {
	case VALUES:
		return &options->values;
	case PARALLEL:
		return &options->parallel;
	case DELAY:
		return &options->delay;
	case GATHER:
		return &options->gather;
	case PRODUCERS:
		return &options->producers;
	case CONSUMERS:
		return &options->consumers;
	case SEED:
		return &options->seed;
	default:
		return &options->rounds;
	}
}

/* Returns COMMAND_GO_ON or an exit status. */
static int parse(int argc, char **argv, struct arguments *arguments)
{
	int c;

	while ((c = getopt_long(argc, argv, "c:e:o:h", long_options, NULL)) != -1) {
		if (c == 'c') {
			arguments->path = optarg;
		} else if (c == 'e') {
			arguments->options.comprehension = optarg;
		} else if (c == 'o') {
			int status = command_format(optarg, &arguments->json);
			if (status != COMMAND_GO_ON) {
				return status;
			}
		} else if (c >= OPTION_FIRST && c <= OPTION_LAST) {
			*option_slot(&arguments->options, c) = optarg;
			arguments->options_given = true;
		} else {
			return command_option(c);
		}
	}
	bool expression = arguments->options.comprehension != NULL;
	if (expression && arguments->path != NULL) {
		return command_usage("-e and -c do not go together");
	}
	if (expression && optind < argc) {
		return command_usage("-e runs one pipeline, '%s' is too much", argv[optind]);
	}
	if (!expression && arguments->options_given) {
		return command_usage("--values, --parallel, --delay, --gather, --producers, "
				     "--consumers, --seed and --rounds go with -e");
	}
	return COMMAND_GO_ON;
}

/* Read all of standard input.  Returns EXIT_FINE, or prints why not and returns the status. */
static int read_input(char **out)
{
	char *text = malloc(TEXT_MAX + 1);
	size_t n = text == NULL ? 0 : fread(text, 1, TEXT_MAX + 1, stdin);

	*out = text;
	if (text == NULL) {
		fprintf(stderr, "gatherd: %s\n", gather_strerror(GATHER_ENOMEM));
		return EXIT_TRY_AGAIN;
	}
	if (ferror(stdin)) {
		return command_usage("-e - cannot read standard input: %s", strerror(errno));
	}
	if (n > TEXT_MAX || memchr(text, '\0', n) != NULL) {
		fprintf(stderr, "gatherd: -e -: standard input is not a comprehension: it %s\n",
			n > TEXT_MAX ? "is over 1 MiB" : "holds a NUL byte");
		return EXIT_CONFIGURATION;
	}
	text[n] = '\0';
	return EXIT_FINE;
}

static int load_expression(struct config **out, struct config_options *options)
{
	char *input = NULL;
	int status = EXIT_FINE;

	if (strcmp(options->comprehension, "-") == 0) {
		status = read_input(&input);
		options->comprehension = input;
	}
	if (status == EXIT_FINE) {
		status = load_options(out, options);
	}
	free(input);
	return status;
}

static bool has_pipeline(const struct config *config, const char *name)
{
	for (unsigned i = 0; i < config->npipelines; i++) {
		if (strcmp(config->pipelines[i].spec.name, name) == 0) {
			return true;
		}
	}
	return false;
}

/* Returns COMMAND_GO_ON or an exit status: the first mistake is told. */
static int check_names(const struct config *config, const char *path, char **names, int n)
{
	for (int i = 0; i < n; i++) {
		if (!has_pipeline(config, names[i])) {
			return command_usage("there is no pipeline '%s' in %s", names[i], path);
		}
		for (int j = 0; j < i; j++) {
			if (strcmp(names[i], names[j]) == 0) {
				return command_usage("pipeline '%s' is named twice", names[i]);
			}
		}
	}
	return COMMAND_GO_ON;
}

int command_run(int argc, char **argv)
{
	struct arguments arguments = { 0 };
	struct config *config;
	int status = parse(argc, argv, &arguments);

	if (status != COMMAND_GO_ON) {
		return status;
	}
	if (optind < argc && argv[optind][0] == '[') {
		return command_usage("a comprehension goes with -e: gatherd run -e '%s'",
				     argv[optind]);
	}
	const char *path = arguments.path != NULL ? arguments.path : load_default_path();
	status = arguments.options.comprehension != NULL
			 ? load_expression(&config, &arguments.options)
			 : load_file(&config, path);
	if (status != EXIT_FINE) {
		return status;
	}
	char **names = argv + optind;
	int n = argc - optind;
	status = check_names(config, path, names, n);
	if (status == COMMAND_GO_ON) {
		status = run_pipelines(config, (const char *const *)names, (unsigned)n,
				       arguments.json);
	}
	config_destroy(&config);
	return status;
}
