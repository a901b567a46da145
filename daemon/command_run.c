/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * command_run.c - gatherd run: pipelines to their end, in a terminal
 *
 * Results go to standard output as they are gathered; everything else goes to standard error, and
 * progress only where that is a terminal.
 */
#include "daemon/command.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "daemon/load.h"
#include "daemon/record.h"
#include "daemon/report.h"
#include "daemon/report_progress.h"
#include "daemon/supervisor.h"

enum { TEXT_MAX = 1 << 20 }; /* [bytes] of a comprehension on standard input */

struct run {
	struct supervisor *supervisor;
	struct record *record; /* NULL: text for people */
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

static void on_gathered(void *arg, const struct supervised *pipeline,
			const struct gather_result *result)
{
	struct run *run = arg;
	size_t length;

	clear_progress(run);
	if (run->record == NULL) {
		report_result_text(stdout, pipeline->config, result);
	} else {
		record_begin(run->record);
		report_result_record(run->record, NULL, pipeline->config, result);
		const char *line = record_end(run->record, &length);
		if (line == NULL) {
			fprintf(stderr, "gatherd: no memory to print round %llu of '%s'\n",
				(unsigned long long)result->round, pipeline->config->spec.name);
			return;
		}
		fwrite(line, 1, length, stdout);
		fputc('\n', stdout);
	}
	fflush(stdout);
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
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "gatherd: cannot write the results: %s\n", strerror(errno));
		return EXIT_CUT_SHORT;
	}
	return end == SUPERVISOR_DONE ? EXIT_FINE : EXIT_CUT_SHORT;
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
	if (json && run.record == NULL) {
		fprintf(stderr, "gatherd: %s\n", gather_strerror(GATHER_ENOMEM));
		return EXIT_TRY_AGAIN;
	}
	int ret = supervisor_create(&run.supervisor, config, names, n, &error);
	if (ret != GATHER_OK) {
		fprintf(stderr, "gatherd: %s\n", error.message);
		record_destroy(&run.record);
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
	supervisor_destroy(&run.supervisor);
	record_destroy(&run.record);
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
	ROUNDS
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

/* Returns EXIT_FINE or EXIT_USAGE. */
static int parse(int argc, char **argv, struct arguments *arguments)
{
	int c;

	while ((c = getopt_long(argc, argv, "c:e:o:", long_options, NULL)) != -1) {
		if (c == 'c') {
			arguments->path = optarg;
		} else if (c == 'e') {
			arguments->options.comprehension = optarg;
		} else if (c == 'o') {
			if (strcmp(optarg, "json") != 0 && strcmp(optarg, "text") != 0) {
				return command_usage("-o takes 'text' or 'json', not '%s'", optarg);
			}
			arguments->json = strcmp(optarg, "json") == 0;
		} else if (c >= OPTION_FIRST) {
			*option_slot(&arguments->options, c) = optarg;
			arguments->options_given = true;
		} else {
			return command_usage(NULL);
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
	return EXIT_FINE;
}

/* All of standard input; NULL where that fails, with a message printed. */
static char *read_input(void)
{
	char *text = malloc(TEXT_MAX + 1);
	size_t n = text == NULL ? 0 : fread(text, 1, TEXT_MAX + 1, stdin);

	if (text == NULL || ferror(stdin) || n > TEXT_MAX || memchr(text, '\0', n) != NULL) {
		fprintf(stderr, "gatherd: -e -: standard input is not a comprehension: %s\n",
			text == NULL    ? gather_strerror(GATHER_ENOMEM)
			: ferror(stdin) ? strerror(errno)
			: n > TEXT_MAX  ? "it is over 1 MiB"
					: "it holds a NUL byte");
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

static struct config *load_expression(struct config_options *options)
{
	char *input = NULL;

	if (strcmp(options->comprehension, "-") == 0) {
		input = read_input();
		if (input == NULL) {
			return NULL;
		}
		options->comprehension = input;
	}
	struct config *config = load_options(options);
	free(input);
	return config;
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

int command_run(int argc, char **argv)
{
	struct arguments arguments = { 0 };

	if (parse(argc, argv, &arguments) != EXIT_FINE) {
		return EXIT_USAGE;
	}
	struct config *config =
		arguments.options.comprehension != NULL
			? load_expression(&arguments.options)
			: load_file(arguments.path != NULL ? arguments.path : load_default_path());
	if (config == NULL) {
		return EXIT_CONFIGURATION;
	}
	int status = EXIT_FINE;
	for (int i = optind; i < argc; i++) {
		if (!has_pipeline(config, argv[i])) {
			status = command_usage("there is no pipeline '%s' in %s", argv[i],
					       arguments.path != NULL ? arguments.path
								      : load_default_path());
		}
		for (int j = optind; j < i; j++) {
			if (strcmp(argv[i], argv[j]) == 0) {
				status = command_usage("pipeline '%s' is named twice", argv[i]);
			}
		}
	}
	if (status == EXIT_FINE) {
		status = run_pipelines(config, (const char *const *)argv + optind,
				       (unsigned)(argc - optind), arguments.json);
	}
	config_destroy(&config);
	return status;
}
