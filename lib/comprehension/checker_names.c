/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * checker_names.c - targets, functions, constants, distributions and the stage before
 *
 * As in Python a target hides whatever else has its name, but not in the source, which is
 * evaluated before there is any.
 */
#include "comprehension/checker_names.h"

#include <stdio.h>
#include <string.h>

#include "base/suggest.h"

enum { CANDIDATES_MAX = 128 };

int checker_names_shown(const struct token *name)
{
	return name->length < NAMES_SHOWN_MAX ? name->length : NAMES_SHOWN_MAX;
}

bool checker_names_equal(const struct token *name, const char *text)
{
	return text != NULL && strlen(text) == (size_t)name->length &&
	       memcmp(text, name->text, (size_t)name->length) == 0;
}

static bool same(const struct token *a, const struct token *b)
{
	return a->length == b->length && memcmp(a->text, b->text, (size_t)a->length) == 0;
}

int checker_names_column(const struct checker *checker, const struct token *name)
{
	int found = -1, column = 0;

	for (const struct target *t = checker->syntax->targets; t != NULL; t = t->next) {
		if (same(&t->name, name)) {
			found = column;
		}
		column++;
	}
	return found;
}

bool checker_names_is_distribution(const struct comprehension_scope *scope,
				   const struct token *name)
{
	for (unsigned i = 0; scope->distributions != NULL && scope->distributions[i] != NULL; i++) {
		if (checker_names_equal(name, scope->distributions[i])) {
			return true;
		}
	}
	return false;
}

/* Names that might have been meant. */
struct candidates {
	const char *names[CANDIDATES_MAX + 1]; /* ended by NULL */
	unsigned n;
	char text[BATCH_COLUMNS][NAMES_SHOWN_MAX + 1]; /* of targets */
};

static void add(struct candidates *candidates, const char *name)
{
	if (candidates->n < CANDIDATES_MAX) {
		candidates->names[candidates->n++] = name;
	}
}

static void add_targets(struct candidates *candidates, const struct checker *checker)
{
	const struct target *target = checker->syntax->targets;

	for (unsigned i = 0; i < BATCH_COLUMNS && target != NULL; i++, target = target->next) {
		if (target->name.length <= NAMES_SHOWN_MAX) {
			memcpy(candidates->text[i], target->name.text, (size_t)target->name.length);
			add(candidates, candidates->text[i]);
		}
	}
}

static void add_functions(struct candidates *candidates, bool constants)
{
	const struct function *function;

	for (unsigned i = 0; (function = function_at(i)) != NULL; i++) {
		if ((function->kind == FUNCTION_CONSTANT) == constants) {
			add(candidates, function->name);
		}
	}
}

static void add_sources(struct candidates *candidates, const struct comprehension_scope *scope)
{
	for (unsigned i = 0; scope->distributions != NULL && scope->distributions[i] != NULL; i++) {
		add(candidates, scope->distributions[i]);
	}
	if (scope->stage != NULL) {
		add(candidates, scope->stage);
	}
}

static const char *nearest(const struct candidates *candidates, const struct token *name)
{
	return suggest(name->text, (size_t)name->length, candidates->names);
}

/* The names, "a, b, c", as far as there is room. */
static void list(const struct candidates *candidates, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < candidates->n; i++) {
		const char *name = candidates->names[i];
		const char *comma = used == 0 ? "" : ", ";

		if (used + strlen(comma) + strlen(name) + 1 > size) {
			break;
		}
		strcpy(text + used, comma);
		strcat(text + used, name);
		used += strlen(text + used);
	}
}

/* Say that a name is unknown, and which one was meant, or which there are. */
static void refuse_unknown(const struct checker *checker, const struct token *name,
			   const char *what, const struct candidates *candidates)
{
	struct diagnosis *diagnosis = checker->code->diagnosis;
	const char *hint = nearest(candidates, name);
	char known[128];

	list(candidates, known, sizeof(known));
	if (hint != NULL || known[0] == '\0') {
		diagnosis_suggest(diagnosis, name->span, hint, "unknown %s '%.*s'", what,
				  checker_names_shown(name), name->text);
	} else {
		diagnosis_set(diagnosis, name->span, "unknown %s '%.*s': expected one of %s", what,
			      checker_names_shown(name), name->text, known);
	}
}

/* Say that a name is a source, if it is. */
static bool refuse_misplaced_source(const struct checker *checker, const struct token *name)
{
	struct diagnosis *diagnosis = checker->code->diagnosis;
	int shown = checker_names_shown(name);

	if (checker_names_is_distribution(checker->scope, name)) {
		diagnosis_set(diagnosis, name->span,
			      "draws inside expressions are not available: '%.*s' is a "
			      "distribution, which stands behind 'in'",
			      shown, name->text);
		return true;
	}
	if (checker_names_equal(name, checker->scope->stage)) {
		diagnosis_set(diagnosis, name->span,
			      "'%.*s' is the stage before, which stands behind 'in'", shown,
			      name->text);
		return true;
	}
	return false;
}

void checker_names_refuse_value(const struct checker *checker, const struct token *name)
{
	struct diagnosis *diagnosis = checker->code->diagnosis;
	struct candidates candidates = { .n = 0 };
	const struct function *function = function_find(name->text, (size_t)name->length);
	int shown = checker_names_shown(name);
	char call[NAMES_SHOWN_MAX + 8];

	if (checker->in_source && checker_names_column(checker, name) >= 0) {
		diagnosis_set(diagnosis, name->span,
			      "the source is drawn before '%.*s' has a value: its arguments are "
			      "constants",
			      shown, name->text);
		return;
	}
	if (function != NULL) {
		snprintf(call, sizeof(call), "%s(...)", function->name);
		diagnosis_suggest(diagnosis, name->span, call, "'%s' is a function, not a value",
				  function->name);
		return;
	}
	if (refuse_misplaced_source(checker, name)) {
		return;
	}
	if (!checker->in_source) {
		add_targets(&candidates, checker);
	}
	add_functions(&candidates, true);
	refuse_unknown(checker, name, "name", &candidates);
}

void checker_names_refuse_call(const struct checker *checker, const struct token *name)
{
	struct diagnosis *diagnosis = checker->code->diagnosis;
	struct candidates candidates = { .n = 0 };
	int shown = checker_names_shown(name);

	if (!checker->in_source && checker_names_column(checker, name) >= 0) {
		diagnosis_set(diagnosis, name->span, "'%.*s' is a number, not a function", shown,
			      name->text);
		return;
	}
	if (function_find(name->text, (size_t)name->length) != NULL) {
		diagnosis_set(diagnosis, name->span, "'%.*s' is a constant, not a function", shown,
			      name->text);
		return;
	}
	if (refuse_misplaced_source(checker, name)) {
		return;
	}
	add_functions(&candidates, false);
	refuse_unknown(checker, name, "function", &candidates);
}

/* The name or the call that the one before this stage's would be. */
static void refuse_form(const struct checker *checker, const struct node *source)
{
	struct diagnosis *diagnosis = checker->code->diagnosis;
	const struct token *name = &source->word;
	int shown = checker_names_shown(name);
	char hint[NAMES_SHOWN_MAX + 8];

	if (source->kind == NODE_CALL) {
		diagnosis_suggest(diagnosis, source->span, checker->scope->stage,
				  "the stage before is named without arguments");
		return;
	}
	snprintf(hint, sizeof(hint), "%.*s(...)", shown, name->text);
	diagnosis_suggest(diagnosis, name->span, hint,
			  "'%.*s' is a distribution: expected its arguments in '(' and ')'", shown,
			  name->text);
}

void checker_names_refuse_source(const struct checker *checker, const struct node *source)
{
	const struct comprehension_scope *scope = checker->scope;
	struct diagnosis *diagnosis = checker->code->diagnosis;
	struct candidates candidates = { .n = 0 };

	if (source->kind != NODE_CALL && source->kind != NODE_NAME) {
		diagnosis_suggest(diagnosis, source->span, scope->stage,
				  scope->distributions != NULL
					  ? "the source is not a distribution"
					  : "the source is not the stage before");
		return;
	}
	if (checker_names_is_distribution(scope, &source->word) ||
	    checker_names_equal(&source->word, scope->stage)) {
		refuse_form(checker, source);
		return;
	}
	if (scope->distributions == NULL) {
		diagnosis_suggest(diagnosis, source->word.span, scope->stage,
				  "only the first stage draws: this one reads the stage before");
		return;
	}
	add_sources(&candidates, scope);
	refuse_unknown(checker, &source->word, "distribution", &candidates);
}
