/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * comprehension.h - the door of the language: text in, something that runs over batches out
 *
 * A comprehension is parsed and checked once and is immutable from then on; any number of
 * threads may share it.  Each thread that runs it has an evaluator of its own.
 */
#ifndef COMPREHENSION_COMPREHENSION_H
#define COMPREHENSION_COMPREHENSION_H

#include "base/isa.h"
#include "queue/batch.h"

/* What a comprehension may name as its source. */
struct comprehension_scope {
	const char *const *distributions; /* ended by NULL; NULL where a stage must be named */
	const char *stage;                /* the stage before this one, or NULL */
	unsigned stage_columns;           /* columns that it gives */
};

/* The source as it was written: a distribution's call, or the stage before. */
struct comprehension_source {
	const char *name;
	bool is_stage;
	unsigned line, column, length; /* of the name */
	unsigned nargs;
	const double *args;         /* [nargs] constants */
	const unsigned *arg_line;   /* [nargs] where each stands */
	const unsigned *arg_column; /* [nargs] */
	const unsigned *arg_length; /* [nargs] */
};

struct comprehension; /* opaque */

enum {
	COMPREHENSION_TEXT_MAX = 65536, /* [bytes] */
};

/*
 * Parse and check a text of at most COMPREHENSION_TEXT_MAX bytes, which may nest expressions 100
 * levels deep and come to 4096 instructions.  It takes time and memory in proportion to the text,
 * whatever it holds.  On GATHER_EINPUT the error has line, column and length within the text.
 * GATHER_ENOMEM otherwise.  *out is NULL on failure.  error may be NULL.
 */
GATHER_MUST_USE int comprehension_create(struct comprehension **out, const char *text,
					 const struct comprehension_scope *scope,
					 struct gather_error *error);

void comprehension_destroy(struct comprehension **comprehension);

const struct comprehension_source *comprehension_source(const struct comprehension *c);

/* Columns that are read: one for each target of the for clause. */
unsigned comprehension_inputs(const struct comprehension *c);

/* Columns that are given. */
unsigned comprehension_outputs(const struct comprehension *c);

struct evaluator; /* opaque; one thread's scratch for one comprehension */

/* The comprehension must outlive the evaluator.  NULL without memory. */
struct evaluator *evaluator_create(const struct comprehension *c, enum isa isa);

void evaluator_destroy(struct evaluator **evaluator);

/*
 * Run the comprehension over a batch, in place: rows that a condition rejects or that fault
 * are taken out and counted in the batch; the columns become those of the element.  Row order
 * is kept; index is filled as soon as a row has been taken out.  Never allocates.
 */
void evaluator_run(struct evaluator *evaluator, struct batch *batch);

#endif
