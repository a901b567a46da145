/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * yaml.h - a YAML text as a tree in which everything knows where it stands
 *
 * One document; mappings, sequences and scalars, which are texts and nothing else: what a scalar
 * means is its reader's.  Anchors, aliases, tags, repeated keys and keys that are no scalar are
 * refused, and so are texts with a NUL in them.  Places are counted in characters and in the lines
 * that editors see.
 *
 * Ownership: nodes belong to their tree, and the tree points into the text it was parsed from.
 */
#ifndef DAEMON_YAML_H
#define DAEMON_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/diagnostics.h"

enum {
	YAML_DEPTH_MAX = 32,      /* sequences and mappings inside each other */
	YAML_NODES_MAX = 1 << 18, /* of a text, keys included */
};

enum yaml_kind {
	YAML_SCALAR,
	YAML_SEQUENCE,
	YAML_MAPPING,
	YAML_REFUSED, /* an error says why; nothing more should be said of it */
};

enum yaml_style { YAML_PLAIN, YAML_SINGLE, YAML_DOUBLE, YAML_LITERAL, YAML_FOLDED };

struct yaml_node {
	enum yaml_kind kind;
	struct place place;

	/* Of a scalar. */
	enum yaml_style style;
	char *text;           /* what it says; ended by NUL, with no other in it */
	const char *source;   /* how the text writes it, quotes included */
	size_t source_length; /* [bytes] */

	/* Of a sequence or mapping: what is in it, in order. */
	struct yaml_node *first;

	/* What comes next in the same sequence or mapping, and in a mapping its key. */
	struct yaml_node *next;
	struct yaml_node *key;
};

struct yaml_tree;

/*
 * Parse a text, which must be valid UTF-8 and outlive the tree.  NULL after a syntax error, the
 * only error that is then noted, or without memory, which is noted as well.  Whatever else is
 * refused is noted, and the tree has all the rest.
 */
struct yaml_tree *yaml_parse(const char *text, size_t length, struct diagnostics *diagnostics);

void yaml_destroy(struct yaml_tree **tree);

/* NULL where the text has nothing but comments. */
const struct yaml_node *yaml_root(const struct yaml_tree *tree);

/* Whether a node says nothing at all ("key:"). */
bool yaml_is_empty(const struct yaml_node *node);

#endif
