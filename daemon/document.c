/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * document.c - what a configuration file says, and where it is wrong
 */
#include "daemon/document.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/draft.h"
#include "daemon/yaml_locate.h"

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
static const char letters_and_digits[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
static const char name_bytes[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.-";

/* A pipeline that is being read: its draft, and where everything in it stands. */
struct reading {
	struct diagnostics *diagnostics;
	struct draft draft;
	const struct yaml_node *key;
	struct schema_value values[SCHEMA_KEYS_MAX];
	const struct yaml_node *stages[GATHER_STAGES_MAX];         /* a stage's name, or NULL */
	const struct yaml_node *comprehensions[GATHER_STAGES_MAX]; /* or NULL */
	const struct yaml_node *widths[GATHER_STAGES_MAX];         /* or NULL */
	const struct yaml_node *gathers[GATHER_GATHERS_MAX];
	bool broken; /* not for what is written: no other pipeline can be checked either */
};

/* Where an error of the whole pipeline's check stands: a value, or where there is none the name. */
static const struct yaml_node *blamed(const struct reading *reading,
				      const struct gather_error *error)
{
	static const enum schema_pipeline_key keys[] = {
		[GATHER_FIELD_PARALLEL] = SCHEMA_PARALLEL,
		[GATHER_FIELD_VALUES] = SCHEMA_VALUES,
		[GATHER_FIELD_DELAY] = SCHEMA_DELAY,
		[GATHER_FIELD_EVERY] = SCHEMA_EVERY,
		[GATHER_FIELD_ROUNDS] = SCHEMA_ROUNDS,
		[GATHER_FIELD_PRODUCERS] = SCHEMA_PRODUCERS,
	};

	switch (error->field) {
	case GATHER_FIELD_PARALLEL:
	case GATHER_FIELD_VALUES:
	case GATHER_FIELD_DELAY:
	case GATHER_FIELD_EVERY:
	case GATHER_FIELD_ROUNDS:
	case GATHER_FIELD_PRODUCERS:
		return reading->values[keys[error->field]].node;
	case GATHER_FIELD_STAGE_NAME:
		return reading->stages[error->item];
	case GATHER_FIELD_COMPREHENSION:
		return reading->comprehensions[error->item];
	case GATHER_FIELD_WIDTH:
		return reading->widths[error->item];
	case GATHER_FIELD_GATHER:
		return reading->gathers[error->item];
	default:
		return NULL;
	}
}

static void report(void *arg, const struct gather_error *error)
{
	struct reading *reading = arg;
	char buffer[DIAGNOSTICS_HINT_SIZE];
	const char *hint = diagnostics_hint(buffer, error->hint);

	if (error->code != GATHER_EINPUT) {
		diagnostics_add_about(reading->diagnostics, "gatherd", hint, "%s", error->message);
		reading->broken = true;
		return;
	}
	const struct yaml_node *node = blamed(reading, error);
	if (node == NULL) {
		diagnostics_add(reading->diagnostics, reading->key->place, hint, "%s",
				error->message);
		return;
	}
	struct place within = { error->line, error->column, error->length };
	struct place place = node->place;
	if (error->column == 0 || yaml_locate(node, within, &place)) {
		diagnostics_add(reading->diagnostics, place, hint, "%s", error->message);
	} else {
		diagnostics_add(reading->diagnostics, place, hint, "%s (%u:%u within the text)",
				error->message, error->line, error->column);
	}
}

static void read_name(struct reading *reading)
{
	const char *name = reading->key->text;

	if (name[0] == '\0' || name[strspn(name, name_bytes)] != '\0') {
		diagnostics_add(reading->diagnostics, reading->key->place,
				"names have letters, digits, '_', '.' and '-'",
				"'%s' is no name for a pipeline", schema_quote(name).text);
	} else if (strlen(name) > GATHER_NAME_MAX) {
		diagnostics_add(reading->diagnostics, reading->key->place, NULL,
				"this name is longer than %d characters", GATHER_NAME_MAX);
	} else {
		reading->draft.name = name;
	}
}

static bool is_keyword(const char *name)
{
	static const char *const keywords[] = {
		"False",  "None",   "True",    "and",      "as",       "assert", "async",
		"await",  "break",  "class",   "continue", "def",      "del",    "elif",
		"else",   "except", "finally", "for",      "from",     "global", "if",
		"import", "in",     "is",      "lambda",   "nonlocal", "not",    "or",
		"pass",   "raise",  "return",  "try",      "while",    "with",   "yield",
	};

	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		if (strcmp(name, keywords[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* Whether a comprehension can name the stage, and no other stage has the name. */
static bool check_stage_name(struct reading *reading, const struct yaml_node *key)
{
	const char *name = key->text;

	if (strspn(name, letters) == 0 || name[strspn(name, letters_and_digits)] != '\0' ||
	    is_keyword(name)) {
		diagnostics_add(reading->diagnostics, key->place,
				"it must be a name in Python: letters, digits and '_'",
				"'%s' is no name for a stage", schema_quote(name).text);
		return false;
	}
	if (strlen(name) > GATHER_NAME_MAX) {
		diagnostics_add(reading->diagnostics, key->place, NULL,
				"this name is longer than %d characters", GATHER_NAME_MAX);
		return false;
	}
	for (unsigned i = 0; i < reading->draft.nstages; i++) {
		if (reading->stages[i] != NULL && strcmp(reading->stages[i]->text, name) == 0) {
			diagnostics_add(reading->diagnostics, key->place, NULL,
					"stage '%s' is there already, in line %u", name,
					reading->stages[i]->place.line);
			return false;
		}
	}
	return true;
}

/* Read what stands below a stage's name.  Returns its comprehension, NULL where that is wrong. */
static const char *read_stage_keys(struct reading *reading, const struct yaml_node *body)
{
	unsigned at = reading->draft.nstages;
	struct schema_stage said = { .width = SCHEMA_AUTO };
	struct schema_value values[SCHEMA_KEYS_MAX];

	if (!schema_read(&schema_stage, body, &said, values, reading->diagnostics)) {
		schema_refuse_kind(reading->diagnostics, body, "a stage", "a name with a mapping",
				   "write - NAME: { comprehension: \"...\", width: 2 }");
		return NULL;
	}
	reading->comprehensions[at] = values[SCHEMA_STAGE_COMPREHENSION].node;
	reading->widths[at] = values[SCHEMA_STAGE_WIDTH].node;
	reading->draft.stages[at].width = said.width;
	if (reading->comprehensions[at] == NULL) {
		diagnostics_add(reading->diagnostics, body->key->place, NULL,
				"stage '%s' has no comprehension",
				schema_quote(body->key->text).text);
	}
	return said.comprehension;
}

/* Read one stage.  Returns whether its name can be used by the next one. */
static bool read_stage(struct reading *reading, const struct yaml_node *node, bool readable)
{
	struct gather_stage *stage = &reading->draft.stages[reading->draft.nstages];
	const struct yaml_node *body = node->first;

	if (node->kind != YAML_MAPPING) {
		schema_refuse_kind(reading->diagnostics, node, "a stage", "a name with keys",
				   "write - NAME: { comprehension: \"...\", width: 2 }");
		return false;
	}
	if (body == NULL || body->next != NULL) {
		diagnostics_add(reading->diagnostics, node->place,
				"indent the stage's keys further than its name",
				"a stage is one name with its keys below it");
		return false;
	}
	bool named = check_stage_name(reading, body->key);
	reading->stages[reading->draft.nstages] = body->key;
	stage->name = named ? body->key->text : NULL;
	stage->comprehension = read_stage_keys(reading, body);
	if (!readable) {
		/* What it reads has no name that could be found in it. */
		stage->comprehension = NULL;
	}
	return named;
}

static void read_stages(struct reading *reading)
{
	const struct yaml_node *list = reading->values[SCHEMA_STAGES].node;
	bool readable = true;

	reading->draft.nstages = 0;
	for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
		if (reading->draft.nstages == GATHER_STAGES_MAX) {
			diagnostics_add(reading->diagnostics, node->place, NULL,
					"a pipeline has at most %d stages", GATHER_STAGES_MAX);
			return;
		}
		readable = read_stage(reading, node, readable);
		reading->draft.nstages++;
	}
	if (reading->draft.nstages == 0) {
		diagnostics_add(reading->diagnostics, list->place, NULL, "'stages' is empty");
		reading->draft.nstages = 1;
	}
}

/* A comprehension, or stages: one of the two. */
static void read_what_is_done(struct reading *reading)
{
	const struct schema_value *values = reading->values;
	const struct yaml_node *comprehension = values[SCHEMA_COMPREHENSION].node;
	const struct yaml_node *stages = values[SCHEMA_STAGES].node;
	const struct yaml_node *consumers = values[SCHEMA_CONSUMERS].node;

	if (comprehension == NULL && stages == NULL) {
		diagnostics_add(reading->diagnostics, reading->key->place,
				"write comprehension: \"[x for x in uniform(0, 1)]\"",
				"pipeline '%s' has no comprehension",
				schema_quote(reading->key->text).text);
	}
	if (comprehension != NULL && stages != NULL) {
		diagnostics_add(reading->diagnostics, stages->key->place,
				"make the comprehension the first stage",
				"'comprehension' and 'stages' do not go together");
	}
	if (consumers != NULL && stages != NULL) {
		diagnostics_add(reading->diagnostics, consumers->key->place,
				"give each stage a width",
				"'consumers' and 'stages' do not go together");
	}
	if (stages != NULL && values[SCHEMA_STAGES].fine) {
		read_stages(reading);
		return;
	}
	reading->comprehensions[0] = comprehension;
	reading->widths[0] = consumers;
	reading->draft.stages[0].comprehension = reading->draft.said.comprehension;
	reading->draft.stages[0].width = reading->draft.said.consumers;
}

static void add_gather(struct reading *reading, const struct yaml_node *node)
{
	struct draft *draft = &reading->draft;

	if (node->kind != YAML_SCALAR || yaml_is_empty(node)) {
		schema_refuse_kind(reading->diagnostics, node, "what is gathered", "a name", NULL);
		return;
	}
	if (draft->ngathers == GATHER_GATHERS_MAX) {
		diagnostics_add(reading->diagnostics, node->place, NULL,
				"at most %d names are gathered", GATHER_GATHERS_MAX);
		return;
	}
	reading->gathers[draft->ngathers] = node;
	draft->gathers[draft->ngathers++] = node->text;
}

static void read_gathers(struct reading *reading)
{
	const struct yaml_node *gather = reading->values[SCHEMA_GATHER].node;

	if (gather == NULL) {
		diagnostics_add(reading->diagnostics, reading->key->place,
				"write gather: [count, mean]", "pipeline '%s' has no gather",
				schema_quote(reading->key->text).text);
		return;
	}
	if (!reading->values[SCHEMA_GATHER].fine) {
		return;
	}
	if (gather->kind == YAML_SCALAR && strchr(gather->text, ',') == NULL) {
		add_gather(reading, gather);
		return;
	}
	if (gather->kind == YAML_SCALAR) {
		diagnostics_add(reading->diagnostics, gather->place,
				"write them in brackets, as in [count, mean]",
				"several names are a list");
		return;
	}
	if (gather->first == NULL) {
		diagnostics_add(reading->diagnostics, gather->place, "write gather: [count, mean]",
				"'gather' is empty");
	}
	for (const struct yaml_node *node = gather->first; node != NULL; node = node->next) {
		add_gather(reading, node);
	}
}

/* Read everything that a pipeline says. */
static void read_draft(struct reading *reading, const struct yaml_node *node)
{
	struct draft *draft = &reading->draft;
	const struct schema_value *values = reading->values;

	draft_init(draft, "unnamed");
	read_name(reading);
	if (!schema_read(&schema_pipeline, node, &draft->said, reading->values,
			 reading->diagnostics)) {
		schema_refuse_kind(reading->diagnostics, node, "a pipeline", "a mapping",
				   "write the pipeline's keys below its name");
		return;
	}
	draft->seed_given = values[SCHEMA_SEED].node != NULL;
	draft->rounds_given = values[SCHEMA_ROUNDS].node != NULL;
	if (values[SCHEMA_VALUES].node == NULL) {
		diagnostics_add(reading->diagnostics, reading->key->place,
				"write how many each generator yields, as in values: 10",
				"pipeline '%s' has no values",
				schema_quote(reading->key->text).text);
	}
	read_what_is_done(reading);
	read_gathers(reading);
	draft_check(draft, report, reading);
}

/* Read one pipeline into its place in the configuration.  False where nothing more can be read. */
static bool read_pipeline(const struct yaml_node *node, struct config *config,
			  struct diagnostics *diagnostics)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	int ret = GATHER_ENOMEM;
	bool broken = true;

	if (reading != NULL) {
		reading->diagnostics = diagnostics;
		reading->key = node->key;
		read_draft(reading, node);
		broken = reading->broken;
		ret = GATHER_OK;
	}
	if (ret == GATHER_OK && diagnostics_count(diagnostics) == 0) {
		ret = draft_finish(&reading->draft, &config->pipelines[config->npipelines]);
		config->npipelines += ret == GATHER_OK;
	}
	free(reading);
	if (ret != GATHER_OK) {
		diagnostics_fail(diagnostics, ret);
		return false;
	}
	return !broken;
}

static void read_pipelines(const struct yaml_node *pipelines, struct config *config,
			   struct diagnostics *diagnostics)
{
	size_t n = 0;

	for (const struct yaml_node *node = pipelines->first; node != NULL; node = node->next) {
		n++;
	}
	if (n == 0) {
		diagnostics_add(diagnostics, pipelines->key->place,
				"write a name and below it the pipeline's keys",
				"'pipelines' has no pipeline");
		return;
	}
	config->pipelines = calloc(n, sizeof(*config->pipelines));
	if (config->pipelines == NULL) {
		diagnostics_fail(diagnostics, GATHER_ENOMEM);
		return;
	}
	const struct yaml_node *node = pipelines->first;
	while (node != NULL && read_pipeline(node, config, diagnostics)) {
		node = node->next;
	}
}

static void read_metrics(const struct yaml_node *metrics, struct config *config,
			 struct diagnostics *diagnostics)
{
	struct schema_value values[SCHEMA_KEYS_MAX];
	struct schema_metrics said = { .interval_ns = config->metrics_interval_ns,
				       .format = config->metrics_format };

	/* Its kind is checked. */
	(void)schema_read(&schema_metrics, metrics, &said, values, diagnostics);
	config->metrics_interval_ns = said.interval_ns;
	config->metrics_format = said.format;
	if (said.log == NULL) {
		return;
	}
	free(config->metrics_log);
	config->metrics_log = strdup(said.log);
	if (config->metrics_log == NULL) {
		diagnostics_fail(diagnostics, GATHER_ENOMEM);
	}
}

void document_read(const struct yaml_tree *tree, struct config *config,
		   struct diagnostics *diagnostics)
{
	static const char hint[] = "write pipelines: and below it a name with the pipeline's keys";
	static const struct place nowhere;
	const struct yaml_node *root = yaml_root(tree);
	struct schema_value values[SCHEMA_KEYS_MAX];
	struct schema_file said = { .drain_ns = config->drain_ns };

	if (root == NULL) {
		diagnostics_add(diagnostics, nowhere, hint, "nothing is configured");
		return;
	}
	if (!schema_read(&schema_file, root, &said, values, diagnostics)) {
		schema_refuse_kind(diagnostics, root, "the configuration", "a mapping", hint);
		return;
	}
	config->drain_ns = said.drain_ns;
	if (values[SCHEMA_METRICS].fine) {
		read_metrics(values[SCHEMA_METRICS].node, config, diagnostics);
	}
	if (values[SCHEMA_PIPELINES].node == NULL) {
		diagnostics_add(diagnostics, nowhere, hint, "no pipeline is configured");
	} else if (values[SCHEMA_PIPELINES].fine) {
		read_pipelines(values[SCHEMA_PIPELINES].node, config, diagnostics);
	}
}
