/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_config.c - what a configuration says, its defaults, and every mistake in its place
 */
#include <check.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/config.h"
#include "daemon/text.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define PATH "t.yaml"
#define SECOND INT64_C(1000000000)

/* A pipeline in which nothing is wrong, but for what is added. */
#define PIPELINE "pipelines:\n  p:\n"
#define SOURCE "    comprehension: \"[x for x in uniform(0, 1)]\"\n"
#define FINE PIPELINE SOURCE "    values: 10\n    gather: [mean]\n"

static char directory[] = "/tmp/check_config.XXXXXX";
static struct config *config;
static struct diagnostics *diagnostics;

static void set_up(void)
{
	strcpy(directory + strlen(directory) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	ck_assert_int_eq(chdir(directory), 0);
}

static void tear_down(void)
{
	config_destroy(&config);
	diagnostics_destroy(&diagnostics);
	unlink(PATH);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(directory), 0);
}

static void write_file(const char *text, size_t length)
{
	FILE *file = fopen(PATH, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, length, file), length);
	ck_assert_int_eq(fclose(file), 0);
}

static void load(const char *path)
{
	config_destroy(&config);
	diagnostics_destroy(&diagnostics);
	config = config_load(path, &diagnostics);
	ck_assert_ptr_nonnull(diagnostics);
	ck_assert_int_eq(config == NULL, diagnostics_count(diagnostics) > 0);
}

static void load_text(const char *text)
{
	write_file(text, strlen(text));
	load(PATH);
}

/* The one pipeline of a text in which nothing is wrong. */
static const struct config_pipeline *load_fine(const char *text)
{
	load_text(text);
	ck_assert_str_eq(diagnostics_first(diagnostics), "");
	ck_assert_uint_eq(config->npipelines, 1);
	return &config->pipelines[0];
}

static char *print(void)
{
	/* static: GCC 12 takes what strchr() finds in it for a pointer to the variable. */
	static char *text;
	static size_t length;
	FILE *stream = open_memstream(&text, &length);

	diagnostics_print(diagnostics, stream);
	fclose(stream);
	return text;
}

/* All errors begin with these, in order; the list ends with NULL. */
static void expect_printed(const char *first, va_list rest)
{
	char *text = print(), *at = text;
	unsigned n = 0;

	ck_assert_ptr_null(config);
	for (const char *line = first; line != NULL; line = va_arg(rest, const char *), n++) {
		ck_assert_msg(strncmp(at, line, strlen(line)) == 0, "not '%s' but:\n%s", line, at);
		/* The line that is shown, and the mark under it. */
		do {
			at = strchr(at, '\n') + 1;
		} while (*at == ' ');
	}
	ck_assert_msg(*at == '\0', "not expected:\n%s", at);
	ck_assert_uint_eq(diagnostics_count(diagnostics), n);
	free(text);
}

static void expect(const char *text, const char *first, ...)
{
	va_list rest;

	load_text(text);
	va_start(rest, first);
	expect_printed(first, rest);
	va_end(rest);
}

/* Of a pipeline with these keys added. */
static void expect_of(const char *keys, const char *message)
{
	char text[4096];

	snprintf(text, sizeof(text), "%s%s", FINE, keys);
	expect(text, message, NULL);
}

/* What the first mark stands under. */
static void expect_marked(const char *text, const char *marked)
{
	char shown[512];

	load_text(text);
	char *printed = print();
	char *line = strchr(printed, '\n') + 1;
	char *mark = strchr(line, '\n') + 1;
	size_t from = strcspn(mark, "^");
	size_t length = strspn(mark + from, "^~");
	ck_assert_uint_lt(length, sizeof(shown));
	memcpy(shown, line + from, length);
	shown[length] = '\0';
	ck_assert_msg(strcmp(shown, marked) == 0, "'%s' is marked in:\n%s", shown, printed);
	free(printed);
}

/* --- What is said ------------------------------------------------------------------------- */

START_TEST(what_is_left_out_has_its_default)
{
	const struct config_pipeline *pipeline = load_fine(FINE);
	const struct gather_spec *spec = &pipeline->spec;

	ck_assert_ptr_null(config->metrics_log);
	ck_assert_int_eq(config->metrics_interval_ns, SECOND);
	ck_assert_int_eq(config->metrics_format, LOG_LOGFMT);
	ck_assert_int_eq(config->drain_ns, 10 * SECOND);
	ck_assert_str_eq(spec->name, "p");
	ck_assert_uint_eq(spec->parallel, 1);
	ck_assert_uint_eq(spec->values, 10);
	ck_assert_int_eq(spec->delay_ns, 0);
	ck_assert_int_eq(spec->every_ns, 0);
	ck_assert_uint_eq(spec->rounds, 0);
	ck_assert(!pipeline->rounds_given);
	ck_assert(!pipeline->seed_given);
	ck_assert_int_eq(pipeline->results, RESULTS_RATE);
	ck_assert_double_eq(pipeline->results_rate, 1);
	ck_assert_uint_eq(spec->nstages, 1);
	ck_assert_ptr_null(spec->stages[0].name);
	ck_assert_str_eq(spec->stages[0].comprehension, "[x for x in uniform(0, 1)]");
	ck_assert_uint_eq(spec->ngathers, 1);
	ck_assert_str_eq(spec->gathers[0], "mean");
}
END_TEST

START_TEST(everything_that_is_said_is_taken)
{
	const struct config_pipeline *pipeline =
		load_fine("metrics: { log: /tmp/a b.log, interval: 250ms, format: json }\n"
			  "drain: 1min\n"
			  "pipelines:\n"
			  "  a.b-C_9:\n"
			  "    comprehension: '[x for x in uniform(0, 1)]'\n"
			  "    values: 2.5k\n"
			  "    delay: 1ms\n"
			  "    parallel: 1M\n"
			  "    gather: [count, mean, \"stderr\"]\n"
			  "    every: 1h\n"
			  "    rounds: 3\n"
			  "    producers: 2\n"
			  "    consumers: 5\n"
			  "    seed: 18446744073709551615\n"
			  "    results: 30/min\n");
	const struct gather_spec *spec = &pipeline->spec;

	ck_assert_str_eq(config->metrics_log, "/tmp/a b.log");
	ck_assert_int_eq(config->metrics_interval_ns, SECOND / 4);
	ck_assert_int_eq(config->metrics_format, LOG_JSON);
	ck_assert_int_eq(config->drain_ns, 60 * SECOND);
	ck_assert_str_eq(spec->name, "a.b-C_9");
	ck_assert_uint_eq(spec->parallel, 1000000);
	ck_assert_uint_eq(spec->values, 2500);
	ck_assert_int_eq(spec->delay_ns, SECOND / 1000);
	ck_assert_int_eq(spec->every_ns, 3600 * SECOND);
	ck_assert_uint_eq(spec->rounds, 3);
	ck_assert(pipeline->rounds_given);
	ck_assert_uint_eq(spec->producers, 2);
	ck_assert_uint_eq(spec->stages[0].width, 5);
	ck_assert(spec->seed == UINT64_MAX);
	ck_assert(pipeline->seed_given);
	ck_assert_int_eq(pipeline->results, RESULTS_RATE);
	ck_assert_double_eq(pipeline->results_rate, 0.5);
	ck_assert_uint_eq(spec->ngathers, 3);
	ck_assert_str_eq(spec->gathers[1], "mean");
	ck_assert_str_eq(spec->gathers[2], "stderr");
}
END_TEST

START_TEST(results_are_all_or_the_last)
{
	ck_assert_int_eq(load_fine(FINE "    results: all\n")->results, RESULTS_ALL);
	ck_assert_int_eq(load_fine(FINE "    results: last\n")->results, RESULTS_LAST);
}
END_TEST

START_TEST(one_gathered_name_needs_no_list)
{
	const struct gather_spec *spec =
		&load_fine(PIPELINE SOURCE "    values: 1\n    gather: count\n")->spec;

	ck_assert_uint_eq(spec->ngathers, 1);
	ck_assert_str_eq(spec->gathers[0], "count");
}
END_TEST

START_TEST(stages_have_names_and_widths_of_their_own)
{
	const struct gather_spec *spec =
		&load_fine(PIPELINE
			   "    values: 1M\n"
			   "    gather: [count]\n"
			   "    stages:\n"
			   "      - high: { comprehension: \"[x for x in uniform(0, 1)]\", "
			   "width: 3 }\n"
			   "      - _2:\n"
			   "          comprehension: \"[-y for y in high]\"\n")
			 ->spec;

	ck_assert_uint_eq(spec->nstages, 2);
	ck_assert_str_eq(spec->stages[0].name, "high");
	ck_assert_uint_eq(spec->stages[0].width, 3);
	ck_assert_str_eq(spec->stages[1].name, "_2");
	ck_assert_str_eq(spec->stages[1].comprehension, "[-y for y in high]");
	ck_assert_uint_ge(spec->stages[1].width, 1);
}
END_TEST

START_TEST(pipelines_keep_their_order)
{
	load_text("pipelines:\n"
		  "  z: { comprehension: \"[x for x in random()]\", values: 1, gather: sum }\n"
		  "  a: { comprehension: \"[x for x in random()]\", values: 2, gather: sum }\n");
	ck_assert_str_eq(diagnostics_first(diagnostics), "");
	ck_assert_uint_eq(config->npipelines, 2);
	ck_assert_str_eq(config->pipelines[0].spec.name, "z");
	ck_assert_str_eq(config->pipelines[1].spec.name, "a");
	ck_assert_uint_eq(config->pipelines[1].spec.values, 2);
}
END_TEST

START_TEST(auto_is_the_cpus_that_may_be_used)
{
	cpu_set_t all, one;
	unsigned cpus;

	ck_assert_int_eq(sched_getaffinity(0, sizeof(all), &all), 0);
	cpus = (unsigned)CPU_COUNT(&all);
	const struct gather_spec *spec =
		&load_fine(FINE "    producers: auto\n    consumers: auto\n")->spec;
	ck_assert_uint_eq(spec->producers, cpus);
	ck_assert_uint_eq(spec->stages[0].width, cpus);

	CPU_ZERO(&one);
	for (size_t cpu = 0; CPU_COUNT(&one) == 0; cpu++) {
		if (CPU_ISSET(cpu, &all)) {
			CPU_SET(cpu, &one);
		}
	}
	ck_assert_int_eq(sched_setaffinity(0, sizeof(one), &one), 0);
	spec = &load_fine(FINE)->spec;
	ck_assert_uint_eq(spec->producers, 1);
	ck_assert_uint_eq(spec->stages[0].width, 1);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(all), &all), 0);
}
END_TEST

START_TEST(auto_is_one_with_a_delay)
{
	const struct gather_spec *spec = &load_fine(FINE "    delay: 1s\n")->spec;

	ck_assert_uint_eq(spec->producers, 1);
	ck_assert_uint_eq(spec->stages[0].width, 1);
	spec = &load_fine(FINE "    delay: 1s\n    producers: 3\n")->spec;
	ck_assert_uint_eq(spec->producers, 3);
}
END_TEST

START_TEST(a_seed_that_is_not_given_is_drawn)
{
	uint64_t first = load_fine(FINE)->spec.seed;
	uint64_t second = load_fine(FINE)->spec.seed;

	ck_assert_uint_ne(first, second);
	ck_assert_uint_eq(load_fine(FINE "    seed: 0\n")->spec.seed, 0);
	ck_assert(config->pipelines[0].seed_given);
}
END_TEST

START_TEST(the_shipped_configuration_is_fine)
{
	const char *source = getenv("GATHERD_SOURCE");
	char path[4096];

	ck_assert_msg(source != NULL,
		      "GATHERD_SOURCE must name the top of the sources, as make does");
	snprintf(path, sizeof(path), "%s/conf/gatherd.yaml", source);
	load(path);
	ck_assert_str_eq(diagnostics_first(diagnostics), "");
	ck_assert_str_eq(config->metrics_log, "/var/log/gatherd/metrics.log");
	ck_assert_uint_eq(config->npipelines, 2);
	const struct gather_spec *classic = &config->pipelines[0].spec;
	ck_assert_str_eq(classic->name, "classic");
	ck_assert_uint_eq(classic->parallel, 4);
	ck_assert_uint_eq(classic->values, 10);
	ck_assert_int_eq(classic->delay_ns, SECOND);
	ck_assert_int_eq(classic->every_ns, 15 * SECOND);
	const struct gather_spec *pi = &config->pipelines[1].spec;
	ck_assert_str_eq(pi->name, "pi");
	ck_assert_uint_eq(pi->values, 100000000);
	ck_assert_uint_eq(pi->seed, 42);
	ck_assert_uint_eq(pi->ngathers, 2);
}
END_TEST

/* --- Files that are none ------------------------------------------------------------------ */

START_TEST(a_file_that_cannot_be_read_is_one_line)
{
	load("missing.yaml");
	ck_assert_str_eq(diagnostics_first(diagnostics), "missing.yaml: No such file or directory");
	ck_assert_uint_eq(diagnostics_count(diagnostics), 1);
	load(".");
	ck_assert_str_eq(diagnostics_first(diagnostics), ".: is a directory");
	if (geteuid() != 0) {
		write_file("", 0);
		ck_assert_int_eq(chmod(PATH, 0), 0);
		load(PATH);
		ck_assert_str_eq(diagnostics_first(diagnostics), PATH ": Permission denied");
	}
}
END_TEST

START_TEST(a_file_without_pipelines_is_refused)
{
	static const char *const texts[] = { "", "\n\n", "# nothing\n", "\xEF\xBB\xBF" };

	for (size_t i = 0; i < LENGTH(texts); i++) {
		load_text(texts[i]);
		ck_assert_str_eq(diagnostics_first(diagnostics),
				 PATH ": nothing is configured; write pipelines: and below it a "
				      "name with the pipeline's keys");
	}
	expect("drain: 1s\n", PATH ": no pipeline is configured; ", NULL);
	expect("pipelines:\n", PATH ":1:1: 'pipelines' has no pipeline; ", NULL);
	expect("pipelines: {}\n", PATH ":1:1: 'pipelines' has no pipeline; ", NULL);
	expect("pipelines: []\n", PATH ":1:12: 'pipelines' is a list, it must be a mapping\n",
	       NULL);
	expect("pipelines: no\n", PATH ":1:12: 'pipelines' is a text, it must be a mapping\n",
	       NULL);
	expect("- a\n", PATH ":1:1: the configuration is a list, it must be a mapping; ", NULL);
	expect("hello\n", PATH ":1:1: the configuration is a text, it must be a mapping; ", NULL);
}
END_TEST

START_TEST(a_file_that_is_no_text_is_one_line)
{
	write_file("a: 1\nb: \0\n", 10);
	load(PATH);
	ck_assert_str_eq(diagnostics_first(diagnostics),
			 PATH ":2:4: not a text: it has a NUL byte here");
	write_file("\x7F\x45LF\xFF\xFE", 6);
	load(PATH);
	ck_assert_str_eq(diagnostics_first(diagnostics),
			 PATH ":1:5: not a text in UTF-8: it has a byte 0xff here");
	ck_assert_uint_eq(diagnostics_count(diagnostics), 1);
}
END_TEST

START_TEST(a_file_has_at_most_16_mib)
{
	static char text[TEXT_MAX + 1];

	memset(text, ' ', sizeof(text));
	memcpy(text, FINE "#", sizeof(FINE));
	write_file(text, TEXT_MAX);
	load(PATH);
	ck_assert_str_eq(diagnostics_first(diagnostics), "");
	write_file(text, TEXT_MAX + 1);
	load(PATH);
	ck_assert_str_eq(diagnostics_first(diagnostics), PATH ": is over 16 MiB");
}
END_TEST

START_TEST(a_pipe_and_a_byte_order_mark_are_fine)
{
	static const char text[] = "\xEF\xBB\xBF" FINE;
	int ends[2];
	char path[32];

	load_fine(text);
	expect("\xEF\xBB\xBF"
	       "pipeline:\n" FINE,
	       PATH ":1:1: unknown key 'pipeline'; ", NULL);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
	close(ends[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	load(path);
	close(ends[0]);
	ck_assert_str_eq(diagnostics_first(diagnostics), "");
	ck_assert_uint_eq(config->npipelines, 1);
}
END_TEST

START_TEST(a_file_that_ends_early_is_refused_wherever_that_is)
{
	static const char text[] =
		"metrics: { interval: 1s }\n"
		"pipelines:\n"
		"  p: { values: 10, gather: [mean], comprehension: \"[x for x in random()]\" }\n";
	size_t length = strlen(text);

	load_fine(text);
	/* The last byte is a line end, which may be missing. */
	for (size_t n = 0; n < length - 1; n++) {
		write_file(text, n);
		load(PATH);
		ck_assert_msg(config == NULL, "%zu bytes are taken", n);
	}
}
END_TEST

START_TEST(an_error_of_syntax_is_told_alone)
{
	expect("drain: 1\nmetrcs:\n  log: [a\npipelines: b\n",
	       PATH ":4:10: did not find expected ',' or ']'", NULL);
}
END_TEST

/* --- Keys --------------------------------------------------------------------------------- */

START_TEST(unknown_keys_are_refused_with_what_is_near)
{
	expect("pipeline:\n" FINE, PATH ":1:1: unknown key 'pipeline'; did you mean 'pipelines'?\n",
	       NULL);
	expect("metrics: { lgo: x }\n" FINE, PATH ":1:12: unknown key 'lgo'; did you mean 'log'?\n",
	       NULL);
	expect_of("    consumer: 1\n", PATH ":6:5: unknown key 'consumer'; "
					    "did you mean 'consumers'?\n");
	expect_of("    Seed: 1\n", PATH ":6:5: unknown key 'Seed'; did you mean 'seed'?\n");
	expect_of("    xyz: 1\n", PATH ":6:5: unknown key 'xyz'; the keys of a pipeline are "
				       "comprehension, stages, values, ");
	expect_of("    ? 'a\n\n      b'\n    : 1\n", PATH ":6:7: unknown key 'a\\nb'; ");
	expect_of("    width: 1\n", PATH ":6:5: unknown key 'width'; it is a key of a stage\n");
	expect("values: 1\n" FINE, PATH ":1:1: unknown key 'values'; it is a key of a pipeline\n",
	       NULL);
}
END_TEST

START_TEST(keys_that_are_not_built_yet_are_unknown)
{
	static const char *const keys[] = { "over",    "until",      "rate",
					    "timeout", "checkpoint", "include" };

	for (size_t i = 0; i < LENGTH(keys); i++) {
		char added[64], message[64];
		snprintf(added, sizeof(added), "    %s: 1\n", keys[i]);
		snprintf(message, sizeof(message), PATH ":6:5: unknown key '%s'", keys[i]);
		expect_of(added, message);
	}
	expect("include: conf.d/*.yaml\n" FINE, PATH ":1:1: unknown key 'include'; ", NULL);
}
END_TEST

START_TEST(a_key_that_is_missing_is_named)
{
	expect(PIPELINE SOURCE "    gather: [mean]\n", PATH ":2:3: pipeline 'p' has no values; ",
	       NULL);
	expect(PIPELINE SOURCE "    values: 1\n", PATH ":2:3: pipeline 'p' has no gather; ", NULL);
	expect(PIPELINE "    values: 1\n    gather: [mean]\n",
	       PATH ":2:3: pipeline 'p' has no comprehension; ", NULL);
	expect("pipelines:\n  p:\n", PATH ":2:3: pipeline 'p' has no values; ",
	       PATH ":2:3: pipeline 'p' has no comprehension; ",
	       PATH ":2:3: pipeline 'p' has no gather; ", NULL);
}
END_TEST

START_TEST(a_key_that_comes_twice_is_refused)
{
	expect_of("    values: 20\n", PATH ":6:5: 'values' is there already, in line 4\n");
	/* The first one counts, whatever the other is. */
	expect(PIPELINE "    comprehension: \"[y for x in random()]\"\n    comprehension: [y]\n"
			"    values: 10\n    gather: [mean]\n",
	       PATH ":3:22: ", PATH ":4:5: 'comprehension' is there already, in line 3\n", NULL);
	expect(FINE "  q: {}\n  p:\n" SOURCE "    values: 1\n    gather: [sum]\n",
	       PATH ":6:3: pipeline 'q' has no values; ",
	       PATH ":6:3: pipeline 'q' has no comprehension; ",
	       PATH ":6:3: pipeline 'q' has no gather; ",
	       PATH ":7:3: 'p' is there already, in line 2\n", NULL);
}
END_TEST

START_TEST(values_of_the_wrong_kind_are_refused)
{
	expect_of("    seed: [1]\n", PATH ":6:11: 'seed' is a list, it must be one value\n");
	expect_of("    seed: {a: 1}\n", PATH ":6:11: 'seed' is a mapping, it must be one value\n");
	expect_of("    seed:\n", PATH ":6:10: 'seed' is empty, it must be one value\n");
	expect("metrics: [1]\n" FINE, PATH ":1:10: 'metrics' is a list, it must be a mapping\n",
	       NULL);
	expect("pipelines:\n  p: [1]\n",
	       PATH ":2:6: a pipeline is a list, it must be a mapping; "
		    "write the pipeline's keys below its name\n",
	       NULL);
	expect("pipelines:\n  p: text\n", PATH ":2:6: a pipeline is a text, it must be a mapping; ",
	       NULL);
	expect("pipelines:\n  p: *q\n", PATH ":2:6: alias '*q' is not allowed; ", NULL);
	expect(PIPELINE "    comprehension: [x for x in uniform(0, 1)]\n"
			"    values: 1\n    gather: [sum]\n",
	       PATH ":3:20: 'comprehension' is a list, it must be one value; "
		    "put the comprehension in quotes\n",
	       NULL);
	/* Nothing at all is a mapping without keys. */
	load_fine("metrics:\n" FINE);
}
END_TEST

START_TEST(values_that_cannot_be_read_are_refused)
{
	static const struct {
		const char *keys, *message;
	} cases[] = {
		{ "    parallel: 10x\n", ":6:15: parallel: '10x' has an unknown unit; write k, M" },
		{ "    parallel: ''\n", ":6:15: parallel: '' is no count; " },
		{ "    delay: 10\n", ":6:12: delay: '10' has no unit; write ns, us, ms, s, min" },
		{ "    delay: -1s\n", ":6:12: delay: '-1s' is negative; " },
		{ "    every: 1e3s\n", ":6:12: every: '1e3s' has an unknown unit; " },
		{ "    every: 53376d\n", ":6:12: every: '53376d' is too long; " },
		{ "    rounds: 1.5\n", ":6:13: rounds: '1.5' is not a whole number; " },
		{ "    producers: 0\n", ":6:16: producers: '0' is no number of threads; write 1 to "
					"4096, or auto\n" },
		{ "    producers: 4097\n", ":6:16: producers: '4097' is no number of threads; " },
		{ "    consumers: many\n", ":6:16: consumers: 'many' is no number of threads; " },
		{ "    seed: -1\n", ":6:11: seed: '-1' is no seed; write a number, 0 to "
				    "18446744073709551615\n" },
		{ "    seed: 18446744073709551616\n", ":6:11: seed: '18446744073709551616' is no" },
		{ "    seed: ''\n", ":6:11: seed: '' is no seed; " },
		{ "    results: some\n", ":6:14: results: 'some' is not known; write all, last" },
		{ "    results: 0/s\n", ":6:14: results: '0/s' is never; " },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		char message[256];
		snprintf(message, sizeof(message), PATH "%s", cases[i].message);
		expect_of(cases[i].keys, message);
	}
	expect("metrics: { interval: 0s, format: xml, log: \"\" }\ndrain: soon\n" FINE,
	       PATH ":1:22: interval: '0s' is too short; the shortest is 1ms\n",
	       PATH ":1:34: format: 'xml' is no format; write logfmt or json\n",
	       PATH ":1:44: log: '' is no path; leave the key out for no log\n",
	       PATH ":2:8: drain: 'soon' is no duration; ", NULL);
}
END_TEST

START_TEST(values_out_of_range_are_refused_in_their_place)
{
	expect_of("    parallel: 0\n", PATH ":6:15: parallel must be 1 to 4294967295, not 0\n");
	expect_of("    parallel: 5G\n", PATH ":6:15: parallel must be 1 to 4294967295, not ");
	expect(PIPELINE SOURCE "    values: 0\n    gather: [mean]\n",
	       PATH ":4:13: values must be 1 to 2199023255552, not 0\n", NULL);
	expect(PIPELINE SOURCE "    values: 10\n    gather: [mean]\n    delay: 53375d\n",
	       PATH ":6:12: ", NULL);
	expect(PIPELINE SOURCE "    values: 2T\n    gather: [mean]\n    parallel: 4G\n",
	       PATH ":4:13: ", NULL);
}
END_TEST

START_TEST(long_values_are_cut_in_messages)
{
	char keys[300], message[128];

	snprintf(keys, sizeof(keys), "    seed: %0200d\n", 0);
	memcpy(keys + 209, "x", 1);
	snprintf(message, sizeof(message), PATH ":6:11: seed: '%060d...' is no seed; ", 0);
	expect_of(keys, message);
}
END_TEST

START_TEST(names_of_pipelines_have_few_characters)
{
	static const char *const names[] = { "a b", "a/b", "\xC3\xA9", "a:b", "\"\"", "'a\"'" };
	char text[512], message[256];

	for (size_t i = 0; i < LENGTH(names); i++) {
		snprintf(text, sizeof(text),
			 "pipelines:\n  %s:\n%s    values: 1\n    gather: sum\n", names[i], SOURCE);
		load_text(text);
		ck_assert_uint_eq(diagnostics_count(diagnostics), 1);
		ck_assert_ptr_nonnull(strstr(diagnostics_first(diagnostics),
					     "is no name for a pipeline; names have letters"));
	}
	snprintf(text, sizeof(text), "pipelines:\n  %063d:\n%s    values: 1\n    gather: sum\n", 0,
		 SOURCE);
	load_fine(text);
	snprintf(text, sizeof(text), "pipelines:\n  %064d:\n%s    values: 1\n    gather: sum\n", 0,
		 SOURCE);
	snprintf(message, sizeof(message), PATH ":2:3: this name is longer than 63 characters\n");
	expect(text, message, NULL);
}
END_TEST

START_TEST(what_does_not_go_together_is_refused)
{
	expect_of("    stages:\n      - a: { comprehension: \"[x for x in random()]\" }\n",
		  PATH ":6:5: 'comprehension' and 'stages' do not go together; "
		       "make the comprehension the first stage\n");
	expect(PIPELINE "    values: 1\n    gather: sum\n    consumers: 2\n    stages:\n"
			"      - a: { comprehension: \"[x for x in random()]\" }\n",
	       PATH ":5:5: 'consumers' and 'stages' do not go together; give each stage a width\n",
	       NULL);
}
END_TEST

START_TEST(gathered_names_are_checked_each_in_its_place)
{
	expect(PIPELINE SOURCE "    values: 1\n    gather: [meen, count, \"zzzzzz\", count]\n",
	       PATH ":5:14: unknown name 'meen' in gather; did you mean 'mean'?\n",
	       PATH ":5:27: unknown name 'zzzzzz' in gather; write list, count, sum, mean, ",
	       PATH ":5:37: 'count' is gathered twice", NULL);
	expect(PIPELINE SOURCE "    values: 1\n    gather:\n      - sum\n      - maen\n",
	       PATH ":7:9: unknown name 'maen' in gather; did you mean 'mean'?\n", NULL);
	expect(PIPELINE SOURCE "    values: 1\n    gather: summ\n",
	       PATH ":5:13: unknown name 'summ' in gather; did you mean 'sum'?\n", NULL);
	expect(PIPELINE SOURCE "    values: 1\n    gather: mean, sum\n",
	       PATH ":5:13: several names are a list; write them in brackets, "
		    "as in [count, mean]\n",
	       NULL);
	expect(PIPELINE SOURCE "    values: 1\n    gather: []\n",
	       PATH ":5:13: 'gather' is empty; write gather: [count, mean]\n", NULL);
	expect(PIPELINE SOURCE "    values: 1\n    gather: {mean: 1}\n",
	       PATH ":5:13: 'gather' is a mapping, it must be a name or a list of names\n", NULL);
	expect(PIPELINE SOURCE "    values: 1\n    gather: [[mean], {}]\n",
	       PATH ":5:14: what is gathered is a list, it must be a name\n",
	       PATH ":5:22: what is gathered is a mapping, it must be a name\n", NULL);
}
END_TEST

START_TEST(gathered_names_are_not_too_many)
{
	char text[1024] = PIPELINE SOURCE "    values: 1\n    gather: [sum";

	for (unsigned i = 1; i <= GATHER_GATHERS_MAX; i++) {
		snprintf(text + strlen(text), sizeof(text) - strlen(text), ", x%02u", i);
	}
	strcat(text, "]\n");
	load_text(text);
	/* 63 unknown ones, of which 49 are shown, and the one that is too much. */
	ck_assert_uint_eq(diagnostics_count(diagnostics), 64);
	char *printed = print();
	ck_assert_ptr_nonnull(strstr(printed, ": and 14 more errors\n"));
	free(printed);
}
END_TEST

START_TEST(lists_that_no_memory_holds_are_refused)
{
	expect(PIPELINE SOURCE "    values: 1T\n    gather: [sum, list]\n",
	       PATH ":5:19: the lists of ", NULL);
}
END_TEST

/* --- Comprehensions ----------------------------------------------------------------------- */

#define IN_FILE(comprehension) \
	PIPELINE "    comprehension: " comprehension "\n    values: 1\n    gather: [sum]\n"

START_TEST(the_mark_stands_inside_the_comprehension_in_every_style)
{
	static const char *const texts[] = {
		IN_FILE("\"[x for x in unifrom(0, 1)]\""),
		IN_FILE("'[x for x in unifrom(0, 1)]'"),
		IN_FILE("# below\n      '[x for x in unifrom(0, 1)]'   # here"),
		IN_FILE("\"\\x5bx for \\u0078 in unifrom(0, 1)]\""),
		IN_FILE("\"[x\\tfor\\nx in unifrom(0, 1)]\""),
		IN_FILE("\"[x for x\n      in unifrom(0, 1)]\""),
		IN_FILE("\"[x for \\\n        x in \\\n  unifrom(0, 1)]\""),
		IN_FILE("'[x for x # it''s\n\n      in unifrom(0, 1)]'"),
		IN_FILE("|\n      [x for x\n        in unifrom(0, 1)]"),
		IN_FILE("|-\n      [x # a comment\n      for x in unifrom(0, 1)]\n"),
		IN_FILE("|2\n        [x for x in unifrom(0, 1)]"),
		IN_FILE(">\n      [x\n      for x\n\n      in unifrom(0, 1)]"),
		IN_FILE(">-\n      [x\n        for x\n      in unifrom(0, 1)]"),
		/* The same in a file of the other kind of line ends. */
		IN_FILE("|\r\n      [x for x\r\n       in unifrom(0, 1)]\r"),
	};

	for (size_t i = 0; i < LENGTH(texts); i++) {
		expect_marked(texts[i], "unifrom");
		ck_assert_ptr_nonnull(
			strstr(diagnostics_first(diagnostics), "did you mean 'uniform'?"));
	}
}
END_TEST

START_TEST(places_in_comprehensions_are_those_of_the_file)
{
	expect(IN_FILE("\"[x for x in unifrom(0, 1)]\""), PATH ":3:33: ", NULL);
	expect(IN_FILE("\"\\x5bx for x in unifrom(0, 1)]\""), PATH ":3:36: ", NULL);
	expect(IN_FILE("|\n      [x for x\n        in unifrom(0, 1)]"), PATH ":5:12: ", NULL);
	expect_marked(IN_FILE("\"[x for x in uniform(0, 1)\""), "[");
	expect_marked(IN_FILE("\"[x for x in uniform(0, 1)] 7\""), "7");
	expect_marked(IN_FILE("\"[x && 1 for x in uniform(0, 1)]\""), "&&");
	expect_marked(IN_FILE("\"[x \\x26\\x26 1 for x in uniform(0, 1)]\""), "\\x26\\x26");
	expect_marked(IN_FILE("'[''a'' for x in uniform(0, 1)]'"), "''");
	expect_marked(IN_FILE("\"[x for x in uniform(2, 1)]\""), "1");
	/* The end of an empty text is there, too. */
	load_text(IN_FILE("\"\""));
	ck_assert_uint_eq(diagnostics_count(diagnostics), 1);
}
END_TEST

#define STAGES PIPELINE "    values: 1\n    gather: [sum]\n    stages:\n"

START_TEST(stages_are_checked_each_in_its_place)
{
	expect(STAGES "      - a: { comprehension: \"[x for x in unifrom(0, 1)]\", width: 0 }\n"
		      "      - b: { comprehension: \"[lgo(x) for x in a]\" }\n"
		      "      - c: { comprehension: \"[x + y for x, y in b]\" }\n"
		      "      - d: { comprehension: \"[x for x in b]\" }\n",
	       PATH ":6:42: unknown distribution 'unifrom'; did you mean 'uniform'?\n",
	       PATH ":6:66: width: '0' is no number of threads; ",
	       PATH ":7:31: unknown function 'lgo'; did you mean 'log'?\n",
	       PATH ":8:44: ", PATH ":9:42: ", NULL);
}
END_TEST

START_TEST(a_stage_after_a_wrong_one_is_not_blamed_for_it)
{
	expect(STAGES "      - a: { comprehension: \"[x for x in uniform(0, 1)] 7\" }\n"
		      "      - b: { comprehension: \"[x for x in a]\" }\n"
		      "      - c: { width: 1 }\n"
		      "      - d: { comprehension: \"[x for x in c]\" }\n",
	       PATH ":6:57: ", PATH ":8:9: stage 'c' has no comprehension\n", NULL);
	/* Without a name, nobody can say what reads it. */
	expect(STAGES "      - 2a: { comprehension: \"[x for x in uniform(0, 1)]\" }\n"
		      "      - b: { comprehension: \"[x + y for x in 2a]\" }\n",
	       PATH ":6:9: '2a' is no name for a stage; ", NULL);
}
END_TEST

START_TEST(stages_are_names_with_keys)
{
	static const char good[] = "{ comprehension: \"[x for x in random()]\" }";
	static const struct {
		const char *stage, *message;
	} cases[] = {
		{ "      - a: \"[x for x in random()]\"\n",
		  ":6:12: a stage is a text, it must be a name with a mapping; " },
		{ "      - \"[x for x in random()]\"\n",
		  ":6:9: a stage is a text, it must be a name with keys; " },
		{ "      -\n", ":6:8: a stage is empty, it must be a name with keys; " },
		{ "      - a:\n        comprehension: \"[x for x in random()]\"\n",
		  ":6:9: a stage is one name with its keys below it; indent the stage's keys" },
		{ "      - {}\n", ":6:9: a stage is one name with its keys below it; " },
		{ "      - a:\n", ":6:9: stage 'a' has no comprehension\n" },
		{ "      - a: { width: 2 }\n", ":6:9: stage 'a' has no comprehension\n" },
		{ "      - for: %s\n", ":6:9: 'for' is no name for a stage; it must be a name in" },
		{ "      - a-b: %s\n", ":6:9: 'a-b' is no name for a stage; " },
		{ "      - '': %s\n", ":6:9: '' is no name for a stage; " },
		{ "      - \xC3\xA9: %s\n", ":6:9: '\xC3\xA9' is no name for a stage; " },
		{ "      - a123456789b123456789c123456789d123456789e123456789f123456789abcd: %s\n",
		  ":6:9: this name is longer than 63 characters\n" },
		{ "      - *a\n", ":6:9: alias '*a' is not allowed; " },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		char text[1024] = STAGES, message[256];
		size_t length = strlen(text);
		const char *at = strstr(cases[i].stage, "%s");
		size_t n = at == NULL ? strlen(cases[i].stage) : (size_t)(at - cases[i].stage);
		snprintf(text + length, sizeof(text) - length, "%.*s%s\n", (int)n, cases[i].stage,
			 at == NULL ? "" : good);
		snprintf(message, sizeof(message), PATH "%s", cases[i].message);
		expect(text, message, NULL);
	}
	expect(PIPELINE "    values: 1\n    gather: [sum]\n    stages: []\n",
	       PATH ":5:13: 'stages' is empty\n", NULL);
	expect(PIPELINE "    values: 1\n    gather: [sum]\n    stages: { a: 1 }\n",
	       PATH ":5:13: 'stages' is a mapping, it must be a list\n", NULL);
}
END_TEST

START_TEST(stages_have_different_names_and_are_not_too_many)
{
	char text[4096] = STAGES "      - s0: { comprehension: \"[x for x in random()]\" }\n";

	expect(STAGES "      - a: { comprehension: \"[x for x in random()]\" }\n"
		      "      - a: { comprehension: \"[x for x in a]\" }\n",
	       PATH ":7:9: stage 'a' is there already, in line 6\n", NULL);
	for (unsigned i = 1; i <= GATHER_STAGES_MAX; i++) {
		if (i == GATHER_STAGES_MAX) {
			load_fine(text);
		}
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "      - s%u: { comprehension: \"[x for x in s%u]\" }\n", i, i - 1);
	}
	expect(text, PATH ":22:9: a pipeline has at most 16 stages\n", NULL);
}
END_TEST

START_TEST(everything_is_told_in_one_go)
{
	expect("metrcs: {}\n"
	       "drain: 10\n"
	       "pipelines:\n"
	       "  a:\n"
	       "    comprehension: '[x for x in unifrom(0, 1)]'\n"
	       "    widht: 2\n"
	       "    values: 10x\n"
	       "    delay: -1s\n"
	       "    gather: [list, meen]\n"
	       "    parallel: 0\n"
	       "    producers: 0\n"
	       "  b c:\n"
	       "    values: 1\n"
	       "    values: 2\n"
	       "    comprehension: \"[x for x in uniform(0, 1)] 7\"\n"
	       "    gather: *x\n",
	       PATH ":1:1: unknown key 'metrcs'; did you mean 'metrics'?\n",
	       PATH ":2:8: drain: '10' has no unit; ",
	       PATH ":5:33: ", PATH ":6:5: unknown key 'widht'; ",
	       PATH ":7:13: values: '10x' has an unknown unit; ",
	       PATH ":8:12: delay: '-1s' is negative; ",
	       PATH ":9:20: unknown name 'meen' in gather; did you mean 'mean'?\n",
	       PATH ":10:15: parallel must be 1 to ",
	       PATH ":11:16: producers: '0' is no number of threads; ",
	       PATH ":12:3: 'b c' is no name for a pipeline; ",
	       PATH ":14:5: 'values' is there already, in line 13\n",
	       PATH ":15:48: ", PATH ":16:13: alias '*x' is not allowed; ", NULL);
}
END_TEST

START_TEST(kernels_that_cannot_run_are_told_once)
{
	ck_assert_int_eq(setenv("GATHERD_ISA", "z80", 1), 0);
	load_text("pipelines:\n"
		  "  a: { comprehension: \"[x for x in random()]\", values: 1, gather: sum }\n"
		  "  b: { comprehension: \"[x for x in random()]\", values: 1, gather: sum }\n");
	ck_assert_uint_eq(diagnostics_count(diagnostics), 1);
	ck_assert_ptr_eq(strstr(diagnostics_first(diagnostics), "gatherd: "),
			 diagnostics_first(diagnostics));
	ck_assert_ptr_nonnull(strstr(diagnostics_first(diagnostics), "z80"));
	ck_assert_int_eq(unsetenv("GATHERD_ISA"), 0);
}
END_TEST

/* --- Command lines ------------------------------------------------------------------------ */

static void load_options(const struct config_options *options)
{
	config_destroy(&config);
	diagnostics_destroy(&diagnostics);
	config = config_from_options(options, &diagnostics);
	ck_assert_ptr_nonnull(diagnostics);
	ck_assert_int_eq(config == NULL, diagnostics_count(diagnostics) > 0);
}

static const struct config_pipeline *options_fine(const struct config_options *options)
{
	load_options(options);
	ck_assert_str_eq(diagnostics_first(diagnostics), "");
	ck_assert_uint_eq(config->npipelines, 1);
	return &config->pipelines[0];
}

static void expect_options(const struct config_options *options, const char *first, ...)
{
	va_list rest;

	load_options(options);
	va_start(rest, first);
	expect_printed(first, rest);
	va_end(rest);
}

#define E .comprehension = "[x for x in uniform(0, 1)]"

START_TEST(a_command_line_needs_a_comprehension_alone)
{
	const struct config_pipeline *pipeline = options_fine(&(struct config_options){ E });
	const struct gather_spec *spec = &pipeline->spec;

	ck_assert_str_eq(spec->name, "cli");
	ck_assert_uint_eq(spec->values, 10);
	ck_assert_uint_eq(spec->parallel, 1);
	ck_assert_int_eq(spec->delay_ns, 0);
	ck_assert_uint_eq(spec->rounds, 1);
	ck_assert(pipeline->rounds_given);
	ck_assert(!pipeline->seed_given);
	ck_assert_int_eq(pipeline->results, RESULTS_ALL);
	ck_assert_uint_eq(spec->ngathers, 1);
	ck_assert_str_eq(spec->gathers[0], "list");
	ck_assert_uint_eq(spec->nstages, 1);
	ck_assert_str_eq(spec->stages[0].comprehension, "[x for x in uniform(0, 1)]");
	ck_assert_ptr_null(config->metrics_log);
	ck_assert_int_eq(config->drain_ns, 10 * SECOND);
}
END_TEST

START_TEST(a_command_line_says_what_a_file_can)
{
	const struct config_pipeline *pipeline = options_fine(&(struct config_options){
		E, .values = "1M", .parallel = "2k", .delay = "1ms", .gather = " sum, mean ,max",
		.producers = "3", .consumers = "auto", .seed = "7", .rounds = "5" });
	const struct gather_spec *spec = &pipeline->spec;

	ck_assert_uint_eq(spec->values, 1000000);
	ck_assert_uint_eq(spec->parallel, 2000);
	ck_assert_int_eq(spec->delay_ns, SECOND / 1000);
	ck_assert_uint_eq(spec->producers, 3);
	ck_assert_uint_eq(spec->stages[0].width, 1);
	ck_assert_uint_eq(spec->seed, 7);
	ck_assert(pipeline->seed_given);
	ck_assert_uint_eq(spec->rounds, 5);
	ck_assert_uint_eq(spec->ngathers, 3);
	ck_assert_str_eq(spec->gathers[0], "sum");
	ck_assert_str_eq(spec->gathers[1], "mean");
	ck_assert_str_eq(spec->gathers[2], "max");
}
END_TEST

START_TEST(up_to_a_hundred_values_are_listed_unasked)
{
	const struct gather_spec *spec =
		&options_fine(&(struct config_options){ E, .values = "25", .parallel = "4" })->spec;

	ck_assert_str_eq(spec->gathers[0], "list");
	spec = &options_fine(&(struct config_options){ E, .values = "101" })->spec;
	ck_assert_uint_eq(spec->ngathers, 3);
	ck_assert_str_eq(spec->gathers[0], "count");
	ck_assert_str_eq(spec->gathers[1], "mean");
	ck_assert_str_eq(spec->gathers[2], "stderr");
	spec = &options_fine(&(struct config_options){ E, .values = "2", .parallel = "51" })->spec;
	ck_assert_uint_eq(spec->ngathers, 3);
}
END_TEST

START_TEST(errors_of_a_command_line_name_the_option)
{
	expect_options(&(struct config_options){ E, .values = "3x" },
		       "--values: '3x' has an unknown unit; write k, M, G or T", NULL);
	expect_options(&(struct config_options){ E, .values = "0" },
		       "--values: values must be 1 to ", NULL);
	expect_options(&(struct config_options){ E, .values = "" }, "--values: '' is no count; ",
		       NULL);
	expect_options(&(struct config_options){ E, .parallel = "0", .delay = "-1s", .seed = "x",
						 .rounds = "-1", .producers = "0",
						 .consumers = "5000", .gather = "meen,,sum(1,2)" },
		       "--delay: '-1s' is negative; ", "--producers: '0' is no number of threads; ",
		       "--consumers: '5000' is no number of threads; ", "--seed: 'x' is no seed; ",
		       "--rounds: '-1' is negative; ", "--gather: a name is missing\n",
		       "--parallel: parallel must be 1 to ",
		       "--gather: unknown name 'meen' in gather; did you mean 'mean'?\n",
		       "--gather: unknown name 'sum(1,2)' in gather", NULL);
	expect_options(&(struct config_options){ E, .values = "1T", .gather = "list" },
		       "--gather: the lists of ", NULL);
	expect_options(&(struct config_options){ .values = "1" }, "-e: there is no comprehension\n",
		       NULL);
}
END_TEST

START_TEST(errors_of_its_comprehension_have_their_place)
{
	load_options(&(struct config_options){ .comprehension = "[x for x\nin unifrom(0, 1)]" });
	ck_assert_uint_eq(diagnostics_count(diagnostics), 1);
	ck_assert_ptr_eq(strstr(diagnostics_first(diagnostics), "-e:2:4: "),
			 diagnostics_first(diagnostics));
	char *printed = print();
	ck_assert_ptr_nonnull(strstr(printed, "    2 | in unifrom(0, 1)]\n"
					      "      |    ^~~~~~~\n"));
	free(printed);
	expect_options(&(struct config_options){ .comprehension = "[x for x in uniform(0, 1)] 7",
						 .delay = "1" },
		       "-e:1:28: ", "--delay: '1' has no unit; ", NULL);
}
END_TEST

static void add_said(TCase *tcase)
{
	tcase_add_test(tcase, what_is_left_out_has_its_default);
	tcase_add_test(tcase, everything_that_is_said_is_taken);
	tcase_add_test(tcase, results_are_all_or_the_last);
	tcase_add_test(tcase, one_gathered_name_needs_no_list);
	tcase_add_test(tcase, stages_have_names_and_widths_of_their_own);
	tcase_add_test(tcase, pipelines_keep_their_order);
	tcase_add_test(tcase, auto_is_the_cpus_that_may_be_used);
	tcase_add_test(tcase, auto_is_one_with_a_delay);
	tcase_add_test(tcase, a_seed_that_is_not_given_is_drawn);
	tcase_add_test(tcase, the_shipped_configuration_is_fine);
}

static void add_files(TCase *tcase)
{
	tcase_add_test(tcase, a_file_that_cannot_be_read_is_one_line);
	tcase_add_test(tcase, a_file_without_pipelines_is_refused);
	tcase_add_test(tcase, a_file_that_is_no_text_is_one_line);
	tcase_add_test(tcase, a_file_has_at_most_16_mib);
	tcase_add_test(tcase, a_pipe_and_a_byte_order_mark_are_fine);
	tcase_add_test(tcase, a_file_that_ends_early_is_refused_wherever_that_is);
	tcase_add_test(tcase, an_error_of_syntax_is_told_alone);
}

static void add_keys(TCase *tcase)
{
	tcase_add_test(tcase, unknown_keys_are_refused_with_what_is_near);
	tcase_add_test(tcase, keys_that_are_not_built_yet_are_unknown);
	tcase_add_test(tcase, a_key_that_is_missing_is_named);
	tcase_add_test(tcase, a_key_that_comes_twice_is_refused);
	tcase_add_test(tcase, values_of_the_wrong_kind_are_refused);
	tcase_add_test(tcase, values_that_cannot_be_read_are_refused);
	tcase_add_test(tcase, values_out_of_range_are_refused_in_their_place);
	tcase_add_test(tcase, long_values_are_cut_in_messages);
	tcase_add_test(tcase, names_of_pipelines_have_few_characters);
	tcase_add_test(tcase, what_does_not_go_together_is_refused);
	tcase_add_test(tcase, gathered_names_are_checked_each_in_its_place);
	tcase_add_test(tcase, gathered_names_are_not_too_many);
	tcase_add_test(tcase, lists_that_no_memory_holds_are_refused);
}

static void add_comprehensions(TCase *tcase)
{
	tcase_add_test(tcase, the_mark_stands_inside_the_comprehension_in_every_style);
	tcase_add_test(tcase, places_in_comprehensions_are_those_of_the_file);
	tcase_add_test(tcase, stages_are_checked_each_in_its_place);
	tcase_add_test(tcase, a_stage_after_a_wrong_one_is_not_blamed_for_it);
	tcase_add_test(tcase, stages_are_names_with_keys);
	tcase_add_test(tcase, stages_have_different_names_and_are_not_too_many);
	tcase_add_test(tcase, everything_is_told_in_one_go);
	tcase_add_test(tcase, kernels_that_cannot_run_are_told_once);
}

static void add_command_lines(TCase *tcase)
{
	tcase_add_test(tcase, a_command_line_needs_a_comprehension_alone);
	tcase_add_test(tcase, a_command_line_says_what_a_file_can);
	tcase_add_test(tcase, up_to_a_hundred_values_are_listed_unasked);
	tcase_add_test(tcase, errors_of_a_command_line_name_the_option);
	tcase_add_test(tcase, errors_of_its_comprehension_have_their_place);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*add)(TCase *tcase);
	} tcases[] = {
		{ "said", add_said },
		{ "files", add_files },
		{ "keys", add_keys },
		{ "comprehensions", add_comprehensions },
		{ "command lines", add_command_lines },
	};
	Suite *suite = suite_create("config");

	for (size_t i = 0; i < LENGTH(tcases); i++) {
		TCase *tcase = tcase_create(tcases[i].name);
		tcase_add_checked_fixture(tcase, set_up, tear_down);
		tcase_set_timeout(tcase, 120);
		tcases[i].add(tcase);
		suite_add_tcase(suite, tcase);
	}

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
