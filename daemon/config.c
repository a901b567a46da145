/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * config.c - loading a configuration, whole or not at all
 */
#include "daemon/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "daemon/document.h"
#include "daemon/draft.h"
#include "daemon/text.h"

enum { LIST_MAX = 100 }; /* values that a command line's round lists unasked */

static struct config *create(void)
{
	struct config *config = calloc(1, sizeof(*config));

	if (config != NULL) {
		config->metrics_interval_ns = NS_PER_S;
		config->metrics_format = LOG_LOGFMT;
		config->drain_ns = 10 * NS_PER_S;
	}
	return config;
}

void config_destroy(struct config **config)
{
	if (*config == NULL) {
		return;
	}
	for (unsigned i = 0; i < (*config)->npipelines; i++) {
		draft_free(&(*config)->pipelines[i]);
	}
	free((*config)->pipelines);
	free((*config)->metrics_log);
	free(*config);
	*config = NULL;
}

static void report_nomem(struct diagnostics *diagnostics)
{
	diagnostics_fail(diagnostics, GATHER_ENOMEM);
}

/* Hand out a configuration in which nothing is wrong. */
static struct config *finish(struct config *config, struct diagnostics *diagnostics)
{
	if (config == NULL) {
		report_nomem(diagnostics);
	}
	if (diagnostics_count(diagnostics) > 0) {
		config_destroy(&config);
	}
	return config;
}

struct config *config_load(const char *path, struct diagnostics **diagnostics)
{
	struct config *config = NULL;
	struct yaml_tree *tree = NULL;
	size_t length;

	*diagnostics = diagnostics_create(path);
	if (*diagnostics == NULL) {
		return NULL;
	}
	char *text = text_load(path, &length, *diagnostics);
	if (text == NULL) {
		return NULL;
	}
	if (!diagnostics_set_text(*diagnostics, text, length)) {
		report_nomem(*diagnostics);
	} else {
		tree = yaml_parse(text, length, *diagnostics);
	}
	if (tree != NULL) {
		config = create();
		if (config != NULL) {
			document_read(tree, config, *diagnostics);
		}
		config = finish(config, *diagnostics);
	}
	yaml_destroy(&tree);
	free(text);
	return config;
}

/* A command line that is being read. */
struct line {
	const struct config_options *options;
	struct diagnostics *diagnostics;
	struct draft draft;
	char *gathers; /* what draft.gathers points into */
};

/* Read one option like the key of that name. */
static void read_option(struct line *line, enum schema_pipeline_key key, const char *text)
{
	char name[32];

	if (text == NULL) {
		return;
	}
	const char *wrong = schema_parse(&schema_pipeline, key, text, &line->draft.said);
	if (wrong != NULL) {
		snprintf(name, sizeof(name), "--%s", schema_key_name(&schema_pipeline, key));
		diagnostics_add_about(line->diagnostics, name, NULL, "'%s' %s",
				      schema_quote(text).text, wrong);
	}
}

/* The end of the first name of a list: a comma outside parentheses, or the end. */
static char *find_comma(char *text)
{
	int depth = 0;

	for (; *text != '\0' && (*text != ',' || depth > 0); text++) {
		depth += *text == '(' ? 1 : *text == ')' ? -1 : 0;
	}
	return text;
}

static char *trim(char *begin, char *end)
{
	while (begin < end && *begin == ' ') {
		begin++;
	}
	while (end > begin && end[-1] == ' ') {
		end--;
	}
	*end = '\0';
	return begin;
}

/* Take a list of names apart, in place. */
static void read_gathers(struct line *line, char *text)
{
	struct draft *draft = &line->draft;

	for (bool last = false; !last;) {
		char *end = find_comma(text);
		last = *end == '\0';
		char *name = trim(text, end);
		text = last ? end : end + 1;
		if (*name == '\0') {
			diagnostics_add_about(line->diagnostics, "--gather", NULL,
					      "a name is missing");
		} else if (draft->ngathers == GATHER_GATHERS_MAX) {
			diagnostics_add_about(line->diagnostics, "--gather", NULL,
					      "at most %d names are gathered", GATHER_GATHERS_MAX);
			return;
		} else {
			draft->gathers[draft->ngathers++] = name;
		}
	}
}

static void choose_gathers(struct line *line)
{
	const struct schema_pipeline *said = &line->draft.said;
	bool few = said->values <= LIST_MAX && said->parallel <= LIST_MAX &&
		   said->values * said->parallel <= LIST_MAX;
	const char *text = line->options->gather;

	if (text == NULL) {
		text = few ? "list" : "count,mean,stderr";
	}
	line->gathers = strdup(text);
	if (line->gathers == NULL) {
		report_nomem(line->diagnostics);
		return;
	}
	read_gathers(line, line->gathers);
}

static void report(void *arg, const struct gather_error *error)
{
	static const char *const names[] = {
		[GATHER_FIELD_PARALLEL] = "--parallel",   [GATHER_FIELD_VALUES] = "--values",
		[GATHER_FIELD_DELAY] = "--delay",         [GATHER_FIELD_ROUNDS] = "--rounds",
		[GATHER_FIELD_PRODUCERS] = "--producers", [GATHER_FIELD_WIDTH] = "--consumers",
		[GATHER_FIELD_COMPREHENSION] = "-e",      [GATHER_FIELD_GATHER] = "--gather",
	};
	struct line *line = arg;
	char buffer[DIAGNOSTICS_HINT_SIZE];
	const char *hint = diagnostics_hint(buffer, error->hint);
	struct place place = { error->line, error->column, error->length };
	unsigned field = error->code == GATHER_EINPUT ? error->field : GATHER_FIELD_NONE;

	if (field == GATHER_FIELD_COMPREHENSION && error->column > 0) {
		diagnostics_add(line->diagnostics, place, hint, "%s", error->message);
		return;
	}
	const char *name = field < sizeof(names) / sizeof(*names) ? names[field] : NULL;
	diagnostics_add_about(line->diagnostics, name != NULL ? name : "gatherd", hint, "%s",
			      error->message);
}

static void read_line(struct line *line)
{
	const struct config_options *options = line->options;
	struct draft *draft = &line->draft;

	draft_init(draft, "cli");
	draft->said.values = 10;
	draft->said.rounds = 1;
	draft->said.results.kind = RESULTS_ALL;
	draft->stages[0].comprehension = options->comprehension;
	if (options->comprehension == NULL) {
		diagnostics_add_about(line->diagnostics, "-e", NULL, "there is no comprehension");
	}
	read_option(line, SCHEMA_VALUES, options->values);
	read_option(line, SCHEMA_PARALLEL, options->parallel);
	read_option(line, SCHEMA_DELAY, options->delay);
	read_option(line, SCHEMA_PRODUCERS, options->producers);
	read_option(line, SCHEMA_CONSUMERS, options->consumers);
	read_option(line, SCHEMA_SEED, options->seed);
	read_option(line, SCHEMA_ROUNDS, options->rounds);
	draft->stages[0].width = draft->said.consumers;
	draft->seed_given = options->seed != NULL;
	draft->rounds_given = true;
	choose_gathers(line);
	draft_check(draft, report, line);
}

struct config *config_from_options(const struct config_options *options,
				   struct diagnostics **diagnostics)
{
	const char *text = options->comprehension;
	struct config *config = create();

	*diagnostics = diagnostics_create("-e");
	if (*diagnostics == NULL) {
		config_destroy(&config);
		return NULL;
	}
	struct line line = { .options = options, .diagnostics = *diagnostics };
	if (text != NULL && !diagnostics_set_text(*diagnostics, text, strlen(text))) {
		report_nomem(*diagnostics);
	}
	read_line(&line);
	if (config != NULL && diagnostics_count(*diagnostics) == 0) {
		config->pipelines = calloc(1, sizeof(*config->pipelines));
		int ret = config->pipelines == NULL
				  ? GATHER_ENOMEM
				  : draft_finish(&line.draft, &config->pipelines[0]);
		config->npipelines = ret == GATHER_OK;
		if (ret != GATHER_OK) {
			diagnostics_fail(*diagnostics, ret);
		}
	}
	free(line.gathers);
	return finish(config, *diagnostics);
}
