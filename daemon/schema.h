/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * schema.h - the keys of the configuration: what each is called, what it takes, where it goes
 *
 * One table for files and command lines alike.  What is read here is what was written; defaults
 * and everything that takes more than one key to judge are draft.h's.
 */
#ifndef DAEMON_SCHEMA_H
#define DAEMON_SCHEMA_H

#include "daemon/config.h"
#include "daemon/yaml.h"

enum schema_file_key { SCHEMA_METRICS, SCHEMA_DRAIN, SCHEMA_PIPELINES, SCHEMA_FILE_KEYS };

enum schema_metrics_key { SCHEMA_LOG, SCHEMA_INTERVAL, SCHEMA_FORMAT, SCHEMA_METRICS_KEYS };

enum schema_pipeline_key {
	SCHEMA_COMPREHENSION,
	SCHEMA_STAGES,
	SCHEMA_VALUES,
	SCHEMA_DELAY,
	SCHEMA_PARALLEL,
	SCHEMA_GATHER,
	SCHEMA_EVERY,
	SCHEMA_ROUNDS,
	SCHEMA_PRODUCERS,
	SCHEMA_CONSUMERS,
	SCHEMA_SEED,
	SCHEMA_RESULTS,
	SCHEMA_PIPELINE_KEYS,
};

enum schema_stage_key { SCHEMA_STAGE_COMPREHENSION, SCHEMA_STAGE_WIDTH, SCHEMA_STAGE_KEYS };

enum { SCHEMA_KEYS_MAX = SCHEMA_PIPELINE_KEYS };

enum { SCHEMA_AUTO = 0 }; /* a width that is left to gatherd */

/* What the keys of each kind of mapping say; not touched where a key is absent or wrong.  Strings
 * belong to what was read. */
struct schema_file {
	int64_t drain_ns;
};

struct schema_metrics {
	const char *log;
	int64_t interval_ns;
	enum log_format format;
};

struct schema_results {
	enum results_kind kind;
	double rate; /* [1/s] */
};

struct schema_pipeline {
	const char *comprehension;
	uint64_t values;
	int64_t delay_ns;
	uint64_t parallel;
	int64_t every_ns;
	uint64_t rounds;
	unsigned producers; /* or SCHEMA_AUTO */
	unsigned consumers; /* or SCHEMA_AUTO */
	uint64_t seed;
	struct schema_results results;
};

struct schema_stage {
	const char *comprehension;
	unsigned width; /* or SCHEMA_AUTO */
};

struct schema; /* opaque; the keys of one kind of mapping */

extern const struct schema schema_file;     /* reads a struct schema_file */
extern const struct schema schema_metrics;  /* reads a struct schema_metrics */
extern const struct schema schema_pipeline; /* reads a struct schema_pipeline */
extern const struct schema schema_stage;    /* reads a struct schema_stage */

/* A key that was found: where its value stands, and whether that can be used. */
struct schema_value {
	const struct yaml_node *node; /* NULL: not there */
	bool fine;                    /* of the right kind, and read if it is a text */
};

/*
 * Read a mapping: every key that is a text goes to its field of object, and values[key] says of
 * each what was found, the first time where a key is repeated.  What is wrong is noted.  Returns
 * false where the node is no mapping at all; an empty one counts as a mapping without keys.
 */
bool schema_read(const struct schema *schema, const struct yaml_node *node, void *object,
		 struct schema_value values[SCHEMA_KEYS_MAX], struct diagnostics *diagnostics);

/* Read the text of one key into its field of object.  Returns NULL, or what is wrong as a phrase
 * that goes on after the text ("has no unit; write ..."). */
const char *schema_parse(const struct schema *schema, unsigned key, const char *text, void *object);

const char *schema_key_name(const struct schema *schema, unsigned key);

enum { SCHEMA_QUOTE_SIZE = 64 };

/* A text as messages quote it: not longer than that. */
struct schema_quote {
	char text[SCHEMA_QUOTE_SIZE];
};

struct schema_quote schema_quote(const char *text);

/* Note that what goes by a name ("'stages'") is of the wrong kind: it must be `wanted` ("a list").
 * Says nothing of what was refused before. */
void schema_refuse_kind(struct diagnostics *diagnostics, const struct yaml_node *node,
			const char *name, const char *wanted, const char *hint);

#endif
