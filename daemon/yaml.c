/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * yaml.c - from libyaml's events to a tree
 *
 * The text is parsed twice: first for its syntax alone, so that an error in it is the only one
 * that is told, then for the tree.  libyaml counts characters, and more line ends than editors do:
 * only its character index is used, and a cursor follows it through the text.
 */
#include "daemon/yaml.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "daemon/characters.h"
#include "gather.h"

/* A node and the one made before it, for freeing. */
struct made {
	struct yaml_node node;
	struct made *before;
};

struct yaml_tree {
	struct yaml_node *root;
	struct made *newest;
};

/* A place in the text, by libyaml's index and by ours. */
struct cursor {
	const char *text;
	size_t length; /* [bytes] */
	size_t index;  /* [characters] */
	size_t at;     /* [bytes] */
	unsigned line, column;
};

/* A sequence or mapping that is not at its end yet. */
struct open {
	struct yaml_node *node;
	struct yaml_node **tail; /* where the next child goes */
	struct yaml_node *key;   /* waits for its value */
};

struct builder {
	yaml_parser_t parser;
	struct cursor cursor;
	struct diagnostics *diagnostics;
	struct yaml_tree *tree;
	unsigned documents;
	unsigned depth;
	struct open open[YAML_DEPTH_MAX];
	bool failed; /* no memory */
};

static void rewind_cursor(struct cursor *cursor)
{
	cursor->index = 0;
	cursor->at = 0;
	cursor->line = 1;
	cursor->column = 1;
}

/* Go to a character.  Marks come in rising order but for a few, which start again. */
static void seek(struct cursor *cursor, size_t index)
{
	if (index < cursor->index) {
		rewind_cursor(cursor);
	}
	while (cursor->index < index && cursor->at < cursor->length) {
		bool newline = cursor->text[cursor->at] == '\n';
		cursor->at +=
			characters_bytes(cursor->text + cursor->at, cursor->length - cursor->at, 1);
		cursor->index++;
		cursor->line += newline;
		cursor->column = newline ? 1 : cursor->column + 1;
	}
}

/* The place between two marks, or as much of it as stands on its first line. */
static struct place place_of(struct cursor *cursor, size_t begin, size_t end)
{
	seek(cursor, begin);
	const char *from = cursor->text + cursor->at;
	size_t bytes = characters_bytes(from, cursor->length - cursor->at, end - begin);
	const char *newline = memchr(from, '\n', bytes);
	size_t length = characters_count(from, newline == NULL ? bytes : (size_t)(newline - from));

	return (struct place){ cursor->line, cursor->column, length > 0 ? (unsigned)length : 1 };
}

static bool open_parser(struct builder *builder)
{
	const struct cursor *cursor = &builder->cursor;

	if (!yaml_parser_initialize(&builder->parser)) {
		return false;
	}
	yaml_parser_set_encoding(&builder->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&builder->parser, (const unsigned char *)cursor->text,
				     cursor->length);
	rewind_cursor(&builder->cursor);
	return true;
}

static void report_nomem(struct builder *builder)
{
	diagnostics_fail(builder->diagnostics, GATHER_ENOMEM);
}

/* libyaml refuses a character: it tells where by bytes. */
static void report_reader(struct builder *builder)
{
	const struct cursor *cursor = &builder->cursor;
	size_t before = characters_count(cursor->text, builder->parser.problem_offset);

	diagnostics_add(builder->diagnostics, place_of(&builder->cursor, before, before + 1), NULL,
			"the character U+%04X is not allowed in YAML",
			(unsigned)builder->parser.problem_value);
}

/* libyaml's problems that people run into, in plain words; false where it is none of them. */
static bool report_known(struct builder *builder, struct place place)
{
	const struct cursor *cursor = &builder->cursor;
	const char *problem = builder->parser.problem;
	char c = cursor->at < cursor->length ? cursor->text[cursor->at] : '\0';

	if (strcmp(problem, "found character that cannot start any token") == 0) {
		if (c == '\t') {
			diagnostics_add(builder->diagnostics, place, "indent with spaces",
					"YAML does not take a tab here");
		} else {
			diagnostics_add(builder->diagnostics, place, "put it in quotes",
					"a text cannot begin with '%c'", c);
		}
		return true;
	}
	if (strcmp(problem, "mapping values are not allowed in this context") == 0) {
		diagnostics_add(builder->diagnostics, place,
				"mend the indentation, or quote a text that has ': ' in it",
				"a ':' is not expected here");
		return true;
	}
	return false;
}

/* Whether nothing comes after the cursor. */
static bool is_end(const struct cursor *cursor)
{
	size_t rest = cursor->at;

	while (rest < cursor->length && strchr(" \t\r\n", cursor->text[rest]) != NULL) {
		rest++;
	}
	return rest == cursor->length;
}

static void report_syntax(struct builder *builder)
{
	const yaml_parser_t *parser = &builder->parser;
	size_t problem = parser->problem_mark.index;
	size_t context = parser->context_mark.index;

	if (parser->error == YAML_MEMORY_ERROR) {
		report_nomem(builder);
		return;
	}
	if (parser->error == YAML_READER_ERROR) {
		report_reader(builder);
		return;
	}
	struct place began = place_of(&builder->cursor, context, context + 1);
	struct place place = place_of(&builder->cursor, problem, problem + 1);
	if (report_known(builder, place)) {
		return;
	}
	if (parser->context == NULL) {
		diagnostics_add(builder->diagnostics, place, NULL, "%s", parser->problem);
	} else if (is_end(&builder->cursor)) {
		/* Something has no end: where it begins is what has to be looked at. */
		diagnostics_add(builder->diagnostics, began, NULL, "%s %s", parser->problem,
				parser->context);
	} else {
		diagnostics_add(builder->diagnostics, place, NULL, "%s %s that begins in line %u",
				parser->problem, parser->context, began.line);
	}
}

/* Returns by how much an event changes the depth, and counts nodes. */
static int depth_change(const yaml_event_t *event, unsigned *nodes)
{
	switch (event->type) {
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		*nodes += 1;
		return 1;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return -1;
	case YAML_SCALAR_EVENT:
	case YAML_ALIAS_EVENT:
		*nodes += 1;
		return 0;
	default:
		return 0;
	}
}

/* Whether the text is well-formed, and within bounds; notes an error if not. */
static bool check_syntax(struct builder *builder)
{
	yaml_event_t event;
	int depth = 0;
	unsigned nodes = 0;

	for (bool end = false; !end;) {
		if (!yaml_parser_parse(&builder->parser, &event)) {
			report_syntax(builder);
			return false;
		}
		depth += depth_change(&event, &nodes);
		if (depth > YAML_DEPTH_MAX || nodes > YAML_NODES_MAX) {
			size_t index = event.start_mark.index;
			yaml_event_delete(&event);
			diagnostics_add(builder->diagnostics,
					place_of(&builder->cursor, index, index + 1), NULL,
					depth > YAML_DEPTH_MAX ? "nested more than %d deep"
							       : "more than %d keys and values",
					depth > YAML_DEPTH_MAX ? YAML_DEPTH_MAX : YAML_NODES_MAX);
			return false;
		}
		end = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	return true;
}

/* Give a node its place in whatever is open. */
static void attach(struct builder *builder, struct yaml_node *node)
{
	if (builder->depth == 0) {
		builder->tree->root = node;
		return;
	}
	struct open *open = &builder->open[builder->depth - 1];
	if (open->node->kind == YAML_MAPPING && open->key == NULL) {
		open->key = node;
		return;
	}
	node->key = open->key;
	open->key = NULL;
	/* The value of a key that is refused cannot be looked for. */
	if (node->key == NULL || node->key->kind == YAML_SCALAR) {
		*open->tail = node;
		open->tail = &node->next;
	}
}

static struct yaml_node *make(struct builder *builder, const yaml_event_t *event,
			      enum yaml_kind kind)
{
	struct cursor *cursor = &builder->cursor;
	struct made *made = calloc(1, sizeof(*made));

	if (made == NULL) {
		builder->failed = true;
		return NULL;
	}
	made->before = builder->tree->newest;
	builder->tree->newest = made;
	made->node.kind = kind;
	made->node.place = place_of(cursor, event->start_mark.index, event->end_mark.index);
	made->node.source = cursor->text + cursor->at;
	seek(cursor, event->end_mark.index);
	made->node.source_length = (size_t)(cursor->text + cursor->at - made->node.source);
	attach(builder, &made->node);
	return &made->node;
}

static void refuse_properties(struct builder *builder, struct place place,
			      const yaml_char_t *anchor, const yaml_char_t *tag)
{
	place.length = 1;
	if (anchor != NULL) {
		diagnostics_add(builder->diagnostics, place, "write the value out where it is used",
				"anchor '&%.60s' is not allowed", (const char *)anchor);
	}
	if (tag != NULL) {
		diagnostics_add(builder->diagnostics, place,
				"leave it out, values are read as their keys say",
				"a tag is not allowed");
	}
}

/* Whether a node stands for a key whose value comes next. */
static bool awaits_value(const struct builder *builder, const struct yaml_node *node)
{
	return builder->depth > 0 && builder->open[builder->depth - 1].key == node;
}

static void add_scalar(struct builder *builder, const yaml_event_t *event)
{
	static const enum yaml_style styles[] = {
		[YAML_PLAIN_SCALAR_STYLE] = YAML_PLAIN,
		[YAML_SINGLE_QUOTED_SCALAR_STYLE] = YAML_SINGLE,
		[YAML_DOUBLE_QUOTED_SCALAR_STYLE] = YAML_DOUBLE,
		[YAML_LITERAL_SCALAR_STYLE] = YAML_LITERAL,
		[YAML_FOLDED_SCALAR_STYLE] = YAML_FOLDED,
	};
	const char *value = (const char *)event->data.scalar.value;
	struct yaml_node *node = make(builder, event, YAML_SCALAR);

	if (node == NULL) {
		return;
	}
	refuse_properties(builder, node->place, event->data.scalar.anchor, event->data.scalar.tag);
	node->style = styles[event->data.scalar.style];
	if (strlen(value) != event->data.scalar.length) {
		diagnostics_add(builder->diagnostics, node->place, NULL,
				"a NUL character is not allowed");
		node->kind = YAML_REFUSED;
		return;
	}
	node->text = strdup(value);
	builder->failed |= node->text == NULL;
}

static void add_alias(struct builder *builder, const yaml_event_t *event)
{
	struct yaml_node *node = make(builder, event, YAML_REFUSED);

	if (node != NULL) {
		diagnostics_add(builder->diagnostics, node->place,
				"write the value out, or put it in quotes if it is a text",
				"alias '*%.60s' is not allowed",
				(const char *)event->data.alias.anchor);
	}
}

static void begin(struct builder *builder, const yaml_event_t *event, enum yaml_kind kind)
{
	bool mapping = kind == YAML_MAPPING;
	struct yaml_node *node = make(builder, event, kind);

	if (node == NULL) {
		return;
	}
	refuse_properties(builder, node->place,
			  mapping ? event->data.mapping_start.anchor
				  : event->data.sequence_start.anchor,
			  mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag);
	if (awaits_value(builder, node)) {
		diagnostics_add(builder->diagnostics, node->place, NULL,
				"a key must be a text, not a %s", mapping ? "mapping" : "list");
	}
	builder->open[builder->depth++] = (struct open){ .node = node, .tail = &node->first };
}

static int compare_keys(const void *a, const void *b)
{
	const struct yaml_node *x = (*(const struct yaml_node *const *)a)->key;
	const struct yaml_node *y = (*(const struct yaml_node *const *)b)->key;
	int order = strcmp(x->text, y->text);

	if (order != 0) {
		return order;
	}
	if (x->place.line != y->place.line) {
		return x->place.line < y->place.line ? -1 : 1;
	}
	return x->place.column < y->place.column ? -1 : x->place.column > y->place.column;
}

static void refuse_repeated(struct builder *builder, const struct yaml_node *mapping)
{
	size_t n = 0, i = 0;

	for (const struct yaml_node *node = mapping->first; node != NULL; node = node->next) {
		n++;
	}
	const struct yaml_node **sorted = n < 2 ? NULL : malloc(n * sizeof(*sorted));
	if (sorted == NULL) {
		builder->failed |= n >= 2;
		return;
	}
	for (const struct yaml_node *node = mapping->first; node != NULL; node = node->next) {
		sorted[i++] = node;
	}
	qsort(sorted, n, sizeof(*sorted), compare_keys);
	for (size_t first = 0, at = 1; at < n; at++) {
		const struct yaml_node *key = sorted[at]->key;
		if (strcmp(sorted[first]->key->text, key->text) != 0) {
			first = at;
			continue;
		}
		diagnostics_add(builder->diagnostics, key->place, NULL,
				"'%.63s' is there already, in line %u", key->text,
				sorted[first]->key->place.line);
	}
	free(sorted);
}

static void end(struct builder *builder)
{
	const struct yaml_node *node = builder->open[--builder->depth].node;

	if (node->kind == YAML_MAPPING) {
		refuse_repeated(builder, node);
	}
}

static void add_event(struct builder *builder, const yaml_event_t *event)
{
	if (event->type == YAML_DOCUMENT_START_EVENT && ++builder->documents == 2) {
		size_t index = event->start_mark.index;
		diagnostics_add(builder->diagnostics, place_of(&builder->cursor, index, index + 3),
				"make it a file of its own", "a second document is not allowed");
	}
	if (builder->documents != 1) {
		return;
	}
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		add_scalar(builder, event);
		break;
	case YAML_ALIAS_EVENT:
		add_alias(builder, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		begin(builder, event, YAML_SEQUENCE);
		break;
	case YAML_MAPPING_START_EVENT:
		begin(builder, event, YAML_MAPPING);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		end(builder);
		break;
	default:
		break;
	}
}

/* False without memory. */
static bool build(struct builder *builder)
{
	yaml_event_t event;

	for (bool last = false; !last && !builder->failed;) {
		if (!yaml_parser_parse(&builder->parser, &event)) {
			return false; /* the text was fine before */
		}
		add_event(builder, &event);
		last = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	return !builder->failed;
}

struct yaml_tree *yaml_parse(const char *text, size_t length, struct diagnostics *diagnostics)
{
	struct builder builder = { .cursor = { .text = text, .length = length },
				   .diagnostics = diagnostics };
	bool done = false;

	if (!open_parser(&builder)) {
		report_nomem(&builder);
		return NULL;
	}
	bool well_formed = check_syntax(&builder);
	yaml_parser_delete(&builder.parser);
	if (!well_formed) {
		return NULL;
	}
	builder.tree = calloc(1, sizeof(*builder.tree));
	if (builder.tree != NULL && open_parser(&builder)) {
		done = build(&builder);
		yaml_parser_delete(&builder.parser);
	}
	if (!done) {
		report_nomem(&builder);
		yaml_destroy(&builder.tree);
	}
	return builder.tree;
}

void yaml_destroy(struct yaml_tree **tree)
{
	if (*tree == NULL) {
		return;
	}
	while ((*tree)->newest != NULL) {
		struct made *made = (*tree)->newest;
		(*tree)->newest = made->before;
		free(made->node.text);
		free(made);
	}
	free(*tree);
	*tree = NULL;
}

const struct yaml_node *yaml_root(const struct yaml_tree *tree)
{
	return tree->root;
}

bool yaml_is_empty(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && node->style == YAML_PLAIN && node->text[0] == '\0';
}
