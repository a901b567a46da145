/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * schema.c - the table of keys, and the readers of their values
 */
#include "daemon/schema.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/suggest.h"
#include "daemon/units.h"
#include "daemon/characters.h"

/* What a key takes. */
enum form { FORM_TEXT, FORM_MAPPING, FORM_LIST, FORM_NAMES };

/* Reads a text into a field; as schema_parse(). */
typedef const char *parse_fn(const char *text, void *field);

struct key {
	const char *name;
	enum form form;
	parse_fn *parse; /* of FORM_TEXT */
	size_t field;    /* its offset in the object */
};

struct schema {
	const char *what; /* whose keys they are */
	unsigned nkeys;
	struct key keys[SCHEMA_KEYS_MAX];
};

static const char *parse_text(const char *text, void *field)
{
	*(const char **)field = text;
	return NULL;
}

static const char *parse_path(const char *text, void *field)
{
	return text[0] == '\0' ? "is no path; leave the key out for no log"
			       : parse_text(text, field);
}

static const char *parse_count(const char *text, void *field)
{
	return units_count(text, field);
}

/* The bound keeps every point in time within the range of its type. */
static const char *parse_duration(const char *text, void *field)
{
	int64_t ns;
	const char *wrong = units_duration(text, &ns);

	if (wrong == NULL && ns > INT64_MAX / 2) {
		return "is too long; the longest is 53375d";
	}
	if (wrong == NULL) {
		*(int64_t *)field = ns;
	}
	return wrong;
}

static const char *parse_interval(const char *text, void *field)
{
	int64_t ns;
	const char *wrong = parse_duration(text, &ns);

	if (wrong == NULL && ns < 1000000) {
		return "is too short; the shortest is 1ms";
	}
	if (wrong == NULL) {
		*(int64_t *)field = ns;
	}
	return wrong;
}

static const char *parse_width(const char *text, void *field)
{
	uint64_t width;

	if (strcmp(text, "auto") == 0) {
		*(unsigned *)field = SCHEMA_AUTO;
		return NULL;
	}
	if (units_count(text, &width) != NULL || width < 1 || width > GATHER_WIDTH_MAX) {
		return "is no number of threads; write 1 to 4096, or auto";
	}
	*(unsigned *)field = (unsigned)width;
	return NULL;
}

/* Plain decimal digits: a seed is an identity, not a quantity. */
static const char *parse_seed(const char *text, void *field)
{
	static const char phrase[] = "is no seed; write a number, 0 to 18446744073709551615";
	uint64_t seed = 0;

	if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0') {
		return phrase;
	}
	for (; *text != '\0'; text++) {
		uint64_t digit = (uint64_t)(*text - '0');
		if (seed > (UINT64_MAX - digit) / 10) {
			return phrase;
		}
		seed = seed * 10 + digit;
	}
	*(uint64_t *)field = seed;
	return NULL;
}

static const char *parse_results(const char *text, void *field)
{
	struct schema_results *results = field;

	if (strcmp(text, "all") == 0) {
		results->kind = RESULTS_ALL;
		return NULL;
	}
	if (strcmp(text, "last") == 0) {
		results->kind = RESULTS_LAST;
		return NULL;
	}
	if (strchr(text, '/') == NULL) {
		return "is not known; write all, last, or at most so many as in 1/s";
	}
	const char *wrong = units_frequency(text, &results->rate);
	if (wrong == NULL) {
		results->kind = RESULTS_RATE;
	}
	return wrong;
}

static const char *parse_format(const char *text, void *field)
{
	enum log_format *format = field;

	if (strcmp(text, "logfmt") == 0) {
		*format = LOG_LOGFMT;
		return NULL;
	}
	if (strcmp(text, "json") == 0) {
		*format = LOG_JSON;
		return NULL;
	}
	return "is no format; write logfmt or json";
}

/* Initializers of a struct key. */
#define TEXT(key, parser, object, member) \
	.name = key, .form = FORM_TEXT, .parse = parser, .field = offsetof(struct object, member)
#define OTHER(key, takes) .name = key, .form = takes

_Static_assert(GATHER_WIDTH_MAX == 4096, "parse_width() says so");

const struct schema schema_file = {
	.what = "a configuration",
	.nkeys = SCHEMA_FILE_KEYS,
	.keys = {
		[SCHEMA_METRICS] = { OTHER("metrics", FORM_MAPPING) },
		[SCHEMA_DRAIN] = { TEXT("drain", parse_duration, schema_file, drain_ns) },
		[SCHEMA_PIPELINES] = { OTHER("pipelines", FORM_MAPPING) },
	},
};

const struct schema schema_metrics = {
	.what = "metrics",
	.nkeys = SCHEMA_METRICS_KEYS,
	.keys = {
		[SCHEMA_LOG] = { TEXT("log", parse_path, schema_metrics, log) },
		[SCHEMA_INTERVAL] = { TEXT("interval", parse_interval, schema_metrics, interval_ns) },
		[SCHEMA_FORMAT] = { TEXT("format", parse_format, schema_metrics, format) },
	},
};

const struct schema schema_pipeline = {
	.what = "a pipeline",
	.nkeys = SCHEMA_PIPELINE_KEYS,
	.keys = {
		[SCHEMA_COMPREHENSION] =
			{ TEXT("comprehension", parse_text, schema_pipeline, comprehension) },
		[SCHEMA_STAGES] = { OTHER("stages", FORM_LIST) },
		[SCHEMA_VALUES] = { TEXT("values", parse_count, schema_pipeline, values) },
		[SCHEMA_DELAY] = { TEXT("delay", parse_duration, schema_pipeline, delay_ns) },
		[SCHEMA_PARALLEL] = { TEXT("parallel", parse_count, schema_pipeline, parallel) },
		[SCHEMA_GATHER] = { OTHER("gather", FORM_NAMES) },
		[SCHEMA_EVERY] = { TEXT("every", parse_duration, schema_pipeline, every_ns) },
		[SCHEMA_ROUNDS] = { TEXT("rounds", parse_count, schema_pipeline, rounds) },
		[SCHEMA_PRODUCERS] = { TEXT("producers", parse_width, schema_pipeline, producers) },
		[SCHEMA_CONSUMERS] = { TEXT("consumers", parse_width, schema_pipeline, consumers) },
		[SCHEMA_SEED] = { TEXT("seed", parse_seed, schema_pipeline, seed) },
		[SCHEMA_RESULTS] = { TEXT("results", parse_results, schema_pipeline, results) },
	},
};

const struct schema schema_stage = {
	.what = "a stage",
	.nkeys = SCHEMA_STAGE_KEYS,
	.keys = {
		[SCHEMA_STAGE_COMPREHENSION] =
			{ TEXT("comprehension", parse_text, schema_stage, comprehension) },
		[SCHEMA_STAGE_WIDTH] = { TEXT("width", parse_width, schema_stage, width) },
	},
};

struct schema_quote schema_quote(const char *text)
{
	static const char ellipsis[] = "...";
	struct schema_quote quote;
	size_t length = strlen(text);

	if (length < sizeof(quote.text)) {
		memcpy(quote.text, text, length + 1);
		return quote;
	}
	/* Cut between characters. */
	size_t at = 0;
	for (size_t n = 0; at + n + sizeof(ellipsis) <= sizeof(quote.text);) {
		at += n;
		n = characters_bytes(text + at, length - at, 1);
	}
	memcpy(quote.text, text, at);
	memcpy(quote.text + at, ellipsis, sizeof(ellipsis));
	return quote;
}

const char *schema_parse(const struct schema *schema, unsigned key, const char *text, void *object)
{
	return schema->keys[key].parse(text, (char *)object + schema->keys[key].field);
}

const char *schema_key_name(const struct schema *schema, unsigned key)
{
	return schema->keys[key].name;
}

void schema_refuse_kind(struct diagnostics *diagnostics, const struct yaml_node *node,
			const char *name, const char *wanted, const char *hint)
{
	const char *kind = node->kind == YAML_MAPPING    ? "a mapping"
			   : node->kind == YAML_SEQUENCE ? "a list"
							 : "a text";

	if (node->kind == YAML_REFUSED) {
		return;
	}
	if (yaml_is_empty(node)) {
		diagnostics_add(diagnostics, node->place, hint, "%s is empty, it must be %s", name,
				wanted);
		return;
	}
	diagnostics_add(diagnostics, node->place, hint, "%s is %s, it must be %s", name, kind,
			wanted);
}

/* The number of a key, nkeys where there is none of that name. */
static unsigned find_key(const struct schema *schema, const char *name)
{
	unsigned key = 0;

	while (key < schema->nkeys && strcmp(schema->keys[key].name, name) != 0) {
		key++;
	}
	return key;
}

/* Where a key would be right, if that is elsewhere. */
static const struct schema *find_owner(const char *name)
{
	static const struct schema *const all[] = { &schema_file, &schema_metrics, &schema_pipeline,
						    &schema_stage };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (find_key(all[i], name) < all[i]->nkeys) {
			return all[i];
		}
	}
	return NULL;
}

static void refuse_key(const struct schema *schema, const struct yaml_node *key,
		       struct diagnostics *diagnostics)
{
	const char *names[SCHEMA_KEYS_MAX + 1] = { NULL };
	char hint[DIAGNOSTICS_HINT_SIZE];
	int n = snprintf(hint, sizeof(hint), "the keys of %s are", schema->what);

	for (unsigned i = 0; i < schema->nkeys; i++) {
		names[i] = schema->keys[i].name;
		n += snprintf(hint + n, sizeof(hint) - (size_t)n, "%s %s", i == 0 ? "" : ",",
			      names[i]);
	}
	const char *near = suggest(key->text, strlen(key->text), names);
	const struct schema *owner = find_owner(key->text);
	if (owner != NULL) {
		snprintf(hint, sizeof(hint), "it is a key of %s", owner->what);
	} else if (near != NULL) {
		diagnostics_hint(hint, near);
	}
	diagnostics_add(diagnostics, key->place, hint, "unknown key '%s'",
			schema_quote(key->text).text);
}

/* Read the text of a key.  Notes what is wrong. */
static bool read_text(const struct schema *schema, unsigned key, const struct yaml_node *node,
		      void *object, struct diagnostics *diagnostics)
{
	const char *wrong = schema_parse(schema, key, node->text, object);

	if (wrong != NULL) {
		diagnostics_add(diagnostics, node->place, NULL, "%s: '%s' %s",
				schema->keys[key].name, schema_quote(node->text).text, wrong);
	}
	return wrong == NULL;
}

/* Whether a value is of the form that its key takes. */
static bool check_form(const struct key *key, const struct yaml_node *node,
		       struct diagnostics *diagnostics)
{
	static const char *const wanted[] = {
		[FORM_TEXT] = "one value",
		[FORM_MAPPING] = "a mapping",
		[FORM_LIST] = "a list",
		[FORM_NAMES] = "a name or a list of names",
	};
	bool empty = yaml_is_empty(node);
	bool text = node->kind == YAML_SCALAR && !empty;
	const bool fine[] = {
		[FORM_TEXT] = text,
		[FORM_MAPPING] = node->kind == YAML_MAPPING || empty,
		[FORM_LIST] = node->kind == YAML_SEQUENCE,
		[FORM_NAMES] = node->kind == YAML_SEQUENCE || text,
	};
	/* YAML takes an unquoted comprehension for a list of its own. */
	bool unquoted = node->kind == YAML_SEQUENCE && strcmp(key->name, "comprehension") == 0;
	char name[SCHEMA_QUOTE_SIZE];

	if (!fine[key->form]) {
		snprintf(name, sizeof(name), "'%s'", key->name);
		schema_refuse_kind(diagnostics, node, name, wanted[key->form],
				   unquoted ? "put the comprehension in quotes" : NULL);
	}
	return fine[key->form];
}

bool schema_read(const struct schema *schema, const struct yaml_node *node, void *object,
		 struct schema_value values[SCHEMA_KEYS_MAX], struct diagnostics *diagnostics)
{
	memset(values, 0, SCHEMA_KEYS_MAX * sizeof(*values));
	if (node->kind != YAML_MAPPING) {
		return yaml_is_empty(node);
	}
	for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
		unsigned key = find_key(schema, child->key->text);
		if (key == schema->nkeys) {
			refuse_key(schema, child->key, diagnostics);
			continue;
		}
		if (values[key].node != NULL) {
			continue; /* a repeated key, and said to be one */
		}
		values[key].node = child;
		values[key].fine = check_form(&schema->keys[key], child, diagnostics) &&
				   (schema->keys[key].form != FORM_TEXT ||
				    read_text(schema, key, child, object, diagnostics));
	}
	return true;
}
