/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * steps.h - a program made ready to run: kernels chosen, operands placed, copies left out
 *
 * A step is what an instruction becomes.  Instructions whose result serves the next one alone may
 * share its step; one whose result is an output alone writes into the batch.
 *
 * Threads: steps belong to their evaluator.
 */
#ifndef COMPREHENSION_STEPS_H
#define COMPREHENSION_STEPS_H

#include "comprehension/evaluator_kernels.h"
#include "comprehension/filter_kernels.h"
#include "comprehension/program.h"

/* Where the rows of a strip stand. */
enum place_kind {
	PLACE_SCRATCH, /* at `rows`: a register or a constant */
	PLACE_INPUT,   /* in a batch column, from the first row of the strip on */
	PLACE_OUTPUT,  /* in a batch column, behind the rows that are finished */
};

struct place {
	enum place_kind kind;
	unsigned column;
	double *rows;
	ptrdiff_t step; /* as strip_operand.step */
};

struct move {
	struct place from, to;
};

enum step_kind {
	STEP_KERNEL,
	STEP_FILTER,
};

struct step {
	enum step_kind kind;
	strip_kernel *kernel;  /* STEP_KERNEL */
	bool is_copy;          /* STEP_KERNEL: nothing to do where a is dst */
	bool checked;          /* STEP_KERNEL: may fault */
	filter_kernel *filter; /* STEP_FILTER; NULL: takes out nothing but faulted rows */
	struct place dst, a, b, c, d, active;
	unsigned nmoves; /* STEP_FILTER: what is needed afterwards */
	struct move *moves;
};

struct steps {
	const struct filter_kernels *filter;
	unsigned n;
	struct step *step;
	struct move *moves; /* of all filters */
	double *scratch;    /* registers, constants and masks */
};

/* False without memory; then there is nothing to free. */
bool steps_init(struct steps *steps, const struct program *program, enum isa isa);
void steps_fini(struct steps *steps);

#endif
