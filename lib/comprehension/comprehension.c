/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * comprehension.c - parse, check, and keep what the evaluator needs
 *
 * Syntax and code live in an arena that is gone afterwards; the comprehension and its program in
 * one that the comprehension itself stands in.
 */
#include "comprehension/comprehension.h"

#include <string.h>

#include "base/error.h"
#include "comprehension/arena.h"
#include "comprehension/checker.h"
#include "comprehension/compiled.h"
#include "comprehension/parser.h"
#include "comprehension/registers.h"

enum { OUTPUTS = 1 };

struct comprehension {
	struct arena arena; /* this is allocated in it */
	struct comprehension_source source;
	const struct program *program;
};

/* Set source and program; *scratch is for what is not needed afterwards. */
static void compile(struct comprehension *c, struct arena *arena, struct arena *scratch,
		    const struct comprehension_scope *scope, struct diagnosis *diagnosis)
{
	struct syntax *syntax = parser_parse(scratch, diagnosis);
	struct code code;

	if (syntax == NULL) {
		return;
	}
	code_init(&code, scratch, diagnosis);
	checker_source(&code, syntax, scope, arena, &c->source);
	if (diagnosis->code != GATHER_OK) {
		return;
	}
	code_init(&code, scratch, diagnosis); /* constants of the source are no row's */
	checker_rows(&code, syntax, scope);
	if (diagnosis->code == GATHER_OK) {
		c->program = registers_assign(&code, syntax->ntargets, OUTPUTS, arena);
	}
}

int comprehension_create(struct comprehension **out, const char *text,
			 const struct comprehension_scope *scope, struct gather_error *error)
{
	struct diagnosis diagnosis = { .text = text, .error = error };
	struct arena arena, scratch;
	struct comprehension *c;

	*out = NULL;
	if (strlen(text) > COMPREHENSION_TEXT_MAX) {
		diagnosis_set(&diagnosis, (struct span){ .line = 1, .column = 1 },
			      "the comprehension is too long: over %d bytes",
			      COMPREHENSION_TEXT_MAX);
		return diagnosis.code;
	}
	arena_init(&arena);
	arena_init(&scratch);
	c = arena_alloc(&arena, 1, sizeof(*c));
	if (c == NULL) {
		diagnosis_nomem(&diagnosis);
	} else {
		compile(c, &arena, &scratch, scope, &diagnosis);
	}
	arena_fini(&scratch);
	if (diagnosis.code != GATHER_OK) {
		arena_fini(&arena);
		return diagnosis.code;
	}
	c->arena = arena;
	*out = c;
	return GATHER_OK;
}

void comprehension_destroy(struct comprehension **comprehension)
{
	if (*comprehension != NULL) {
		struct arena arena = (*comprehension)->arena;

		arena_fini(&arena);
		*comprehension = NULL;
	}
}

const struct comprehension_source *comprehension_source(const struct comprehension *c)
{
	return &c->source;
}

unsigned comprehension_inputs(const struct comprehension *c)
{
	return c->program->inputs;
}

unsigned comprehension_outputs(const struct comprehension *c)
{
	return c->program->outputs;
}

const struct program *comprehension_program(const struct comprehension *comprehension)
{
	return comprehension->program;
}
