/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * checker.c - clauses: targets, source, conditions and element
 */
#include "comprehension/checker.h"

#include <string.h>

#include "comprehension/checker_names.h"

static void check_targets(const struct checker *checker)
{
	struct diagnosis *diagnosis = checker->code->diagnosis;
	int column = 0;

	for (const struct target *t = checker->syntax->targets; t != NULL; t = t->next) {
		if (column == BATCH_COLUMNS) {
			diagnosis_set(diagnosis, t->name.span,
				      "too many targets: a row has at most %d columns",
				      BATCH_COLUMNS);
			return;
		}
		/* the last of that name is another one, unless it is the usual one for no use */
		if (checker_names_column(checker, &t->name) != column &&
		    !checker_names_equal(&t->name, "_")) {
			const struct target *again = t->next;

			while (!(again->name.length == t->name.length &&
				 memcmp(again->name.text, t->name.text, (size_t)t->name.length) ==
					 0)) {
				again = again->next;
			}
			diagnosis_set(diagnosis, again->name.span, "'%.*s' is a target already",
				      checker_names_shown(&t->name), t->name.text);
			return;
		}
		column++;
	}
}

void checker_rows(struct code *code, const struct syntax *syntax,
		  const struct comprehension_scope *scope)
{
	struct checker checker = { .code = code, .syntax = syntax, .scope = scope };
	struct operand rows = CODE_TRUE; /* none are left behind a constantly false condition */

	check_targets(&checker);
	if (code->diagnosis->code != GATHER_OK) {
		return;
	}
	for (const struct node *condition = syntax->conditions; condition != NULL;
	     condition = condition->next) {
		struct operand truth = checker_truth(&checker, condition, rows);

		if (truth.kind != OPERAND_TRUE) {
			code_filter(code, truth);
		}
		if (truth.kind == OPERAND_FALSE) {
			rows = CODE_FALSE;
		}
	}
	struct value element = checker_value(&checker, syntax->element, rows);
	struct operand number = value_as_number(code, &element);
	if (code->faults) {
		code_filter_faults(code);
	}
	code_output(code, 0, number);
}

/* Say why an argument could not be folded: it raises, as names of rows and ints that are too
 * large have been refused already. */
static void refuse_argument(const struct code *code, const struct node *arg)
{
	if (code->fault == GATHER_FAULT_COMPLEX) {
		diagnosis_set(code->diagnosis, arg->span, "this argument is a complex number");
	} else {
		diagnosis_set(code->diagnosis, arg->span, "this argument raises %s",
			      gather_fault_name(code->fault));
	}
}

/* Check the arguments of the source and fold them. */
static void fold_arguments(struct checker *checker, const struct node *call, struct arena *arena,
			   struct comprehension_source *source)
{
	struct diagnosis *diagnosis = checker->code->diagnosis;
	double *args = arena_alloc(arena, call->nchildren, sizeof(*args));
	unsigned *lines = arena_alloc(arena, call->nchildren, sizeof(*lines));
	unsigned *columns = arena_alloc(arena, call->nchildren, sizeof(*columns));
	unsigned *lengths = arena_alloc(arena, call->nchildren, sizeof(*lengths));

	if (args == NULL || lines == NULL || columns == NULL || lengths == NULL) {
		diagnosis_nomem(diagnosis);
		return;
	}
	for (const struct node *arg = call->child; arg != NULL; arg = arg->next) {
		unsigned i = source->nargs++;
		struct value value = checker_value(checker, arg, CODE_FALSE);

		if (!value.is_constant) {
			refuse_argument(checker->code, arg);
			return;
		}
		args[i] = constant_double(&value.constant);
		lines[i] = arg->span.line;
		columns[i] = arg->span.column;
		lengths[i] = diagnosis_characters(diagnosis, arg->span);
	}
	source->args = args;
	source->arg_line = lines;
	source->arg_column = columns;
	source->arg_length = lengths;
}

static void check_stage(const struct checker *checker)
{
	const struct target *target = checker->syntax->targets;
	unsigned columns = checker->scope->stage_columns;
	unsigned ntargets = checker->syntax->ntargets;

	if (ntargets == columns) {
		return;
	}
	for (unsigned i = 0; i < columns && target->next != NULL; i++) {
		target = target->next; /* the first that is too many, or the last there is */
	}
	diagnosis_set(checker->code->diagnosis, target->name.span,
		      "the stage '%.*s' gives %u column%s, but there %s %u target%s",
		      NAMES_SHOWN_MAX, checker->scope->stage, columns, columns == 1 ? "" : "s",
		      ntargets == 1 ? "is" : "are", ntargets, ntargets == 1 ? "" : "s");
}

void checker_source(struct code *code, const struct syntax *syntax,
		    const struct comprehension_scope *scope, struct arena *arena,
		    struct comprehension_source *source)
{
	struct checker checker = {
		.code = code,
		.syntax = syntax,
		.scope = scope,
		.in_source = true,
	};
	const struct node *node = syntax->source;
	const struct token *word = &node->word;
	bool is_stage = node->kind == NODE_NAME && checker_names_equal(word, scope->stage);

	if (!is_stage && !(node->kind == NODE_CALL && checker_names_is_distribution(scope, word))) {
		checker_names_refuse_source(&checker, node);
		return;
	}
	char *name = arena_alloc(arena, (size_t)word->length + 1, 1);
	if (name == NULL) {
		diagnosis_nomem(code->diagnosis);
		return;
	}
	memcpy(name, word->text, (size_t)word->length);
	*source = (struct comprehension_source){
		.name = name,
		.is_stage = is_stage,
		.line = word->span.line,
		.column = word->span.column,
		.length = (unsigned)word->length,
	};
	if (is_stage) {
		check_stage(&checker);
	} else {
		fold_arguments(&checker, node, arena, source);
	}
}
