/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * steps.c - from a program to steps
 *
 * A kernel is bound by what it stores: every strip that is not stored saves 0.08 ns a row.  That is
 * what sharing steps and writing outputs early is for (4*(x*x + y*y < 1): 0.68 ns
 * without, 0.32 ns with).
 *
 * Writing an output early is safe where nothing reads the batch column it overwrites afterwards:
 * an output never begins behind the row that its strip begins at, and a kernel reads before it
 * writes.
 */
#include "comprehension/steps.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "comprehension/function_kernels.h"
#include "comprehension/uses.h"

enum {
	/* Registers do not begin at the same offset of a page: rows of different registers would
	 * be mistaken for each other by the CPU's store buffer and fight for one cache set. */
	REGISTER_ROWS = STRIP_ROWS + ROW_BLOCK,
};

struct kernels {
	const struct evaluator_kernels *evaluator;
	const struct function_kernels *function;
	const struct filter_kernels *filter;
};

static struct kernels kernels_of(enum isa isa)
{
	static const struct kernels all[ISA_COUNT] = {
		[ISA_BASE] = { &evaluator_kernels_base, &function_kernels_base,
			       &filter_kernels_base },
#if defined(__x86_64__)
		[ISA_V3] = { &evaluator_kernels_v3, &function_kernels_v3, &filter_kernels_v3 },
		[ISA_V4] = { &evaluator_kernels_v4, &function_kernels_v4, &filter_kernels_v4 },
#endif
	};

	assert(isa < ISA_COUNT && all[isa].evaluator != NULL);
	return all[isa];
}

struct builder {
	struct steps *steps;
	const struct program *program;
	struct kernels kernels;
	unsigned nmoves;
	unsigned nblocks;
	double *blocks; /* in scratch: the program's constants, then those of the next line */
	struct place all_rows, no_row, one, zero;
	int arithmetic[2];                      /* of the last step and the one before, or -1 */
	bool may_be_odd_nan[PROGRAM_REGISTERS]; /* holds NaNs other than the canonical one */
	unsigned output[PROGRAM_REGISTERS];     /* it stands in, or USES_NO_COLUMN */
	bool early[BATCH_COLUMNS];              /* written before its OP_OUTPUT */
};

static struct place scratch_place(double *rows, ptrdiff_t step)
{
	return (struct place){ .kind = PLACE_SCRATCH, .rows = rows, .step = step };
}

static struct place column_place(enum place_kind kind, unsigned column)
{
	return (struct place){ .kind = kind, .column = column, .step = ROWS_VARY };
}

static struct place add_block(struct builder *b, double x)
{
	double *block = b->blocks + (size_t)b->nblocks++ * ROW_BLOCK;

	for (unsigned i = 0; i < ROW_BLOCK; i++) {
		block[i] = isnan(x) ? (double)NAN : x;
	}
	return scratch_place(block, ROWS_SAME);
}

/* Registers behind the program's own are for outputs that are put off. */
static struct place register_place(const struct builder *b, unsigned index)
{
	return scratch_place(b->steps->scratch + (size_t)index * REGISTER_ROWS, ROWS_VARY);
}

static struct place operand_place(const struct builder *b, struct operand operand)
{
	switch (operand.kind) {
	case OPERAND_REGISTER:
		assert(operand.index < b->program->registers);
		return register_place(b, operand.index);
	case OPERAND_COLUMN:
		assert(operand.index < b->program->inputs);
		return column_place(PLACE_INPUT, operand.index);
	case OPERAND_CONSTANT:
		assert(operand.index < b->program->nconstants);
		return scratch_place(b->blocks + (size_t)operand.index * ROW_BLOCK, ROWS_SAME);
	case OPERAND_FALSE:
		return b->no_row;
	default: /* where a fault counts if nothing is said */
		return b->all_rows;
	}
}

static bool is_odd_nan(const struct builder *b, struct operand operand)
{
	return operand.kind == OPERAND_REGISTER && b->may_be_odd_nan[operand.index];
}

static bool is_finite_constant(const struct builder *b, struct operand operand)
{
	return operand.kind == OPERAND_CONSTANT && isfinite(b->program->constants[operand.index]);
}

static bool is_finite_nonzero(const struct builder *b, struct operand operand)
{
	return is_finite_constant(b, operand) && b->program->constants[operand.index] != 0;
}

/*
 * Whether the result may hold a NaN that is not the canonical one: a new one of inf - inf, 0 * inf
 * and their like, or an old one.  Batches bring canonical NaNs only.
 */
static bool makes_odd_nan(const struct builder *b, const struct instruction *i)
{
	bool old = is_odd_nan(b, i->a) || is_odd_nan(b, i->b) || is_odd_nan(b, i->c);

	switch (i->op) {
	case OP_ADD:
	case OP_SUB:
		return old || !(is_finite_constant(b, i->a) || is_finite_constant(b, i->b));
	case OP_MUL:
		return old || !((i->a.kind == i->b.kind && i->a.index == i->b.index) ||
				is_finite_nonzero(b, i->a) || is_finite_nonzero(b, i->b));
	case OP_DIV:
		return old || !(is_finite_constant(b, i->a) || is_finite_nonzero(b, i->b));
	case OP_COPY:
	case OP_ABS:
	case OP_SELECT:
	case OP_MIN:
	case OP_MAX:
	case OP_SQRT:
		return old;
	case OP_NEG:
	case OP_FLOORDIV:
	case OP_MOD:
	case OP_POW:
	case OP_EXP:
	case OP_LOG:
	case OP_SIN:
	case OP_COS:
		return true;
	default: /* ints, masks */
		return false;
	}
}

static struct step *new_step(struct builder *b, enum step_kind kind)
{
	struct step *step = &b->steps->step[b->steps->n++];

	memset(step, 0, sizeof(*step));
	step->kind = kind;
	b->arithmetic[1] = b->arithmetic[0];
	b->arithmetic[0] = -1;
	return step;
}

/* The last step is part of the next one. */
static struct step take_step(struct builder *b)
{
	b->arithmetic[0] = b->arithmetic[1];
	b->arithmetic[1] = -1;
	return b->steps->step[--b->steps->n];
}

/* What an instruction does not have is what it has: kernels may load it. */
static void place_operands(struct builder *b, struct step *step, const struct instruction *i)
{
	step->a = operand_place(b, i->a);
	step->b = i->b.kind == OPERAND_NONE ? step->a : operand_place(b, i->b);
	step->c = i->c.kind == OPERAND_NONE ? step->a : operand_place(b, i->c);
	step->d = step->a;
	step->active = operand_place(b, i->active);
	step->checked = i->active.kind != OPERAND_FALSE;
}

/* From now on the register's value stands in the output, or in the register. */
static void settle(struct builder *b, unsigned index, unsigned output)
{
	b->output[index] = output;
	if (output != USES_NO_COLUMN) {
		b->early[output] = true;
	}
}

static struct place result_place(const struct builder *b, unsigned index)
{
	unsigned output = b->output[index];

	return output != USES_NO_COLUMN ? column_place(PLACE_OUTPUT, output)
					: register_place(b, index);
}

/* Ints that cannot fault are added as floats are; their product may be -0. */
static int arithmetic_of(const struct instruction *i)
{
	bool sure = i->active.kind == OPERAND_FALSE;

	switch (i->op) {
	case OP_ADD:
		return ARITHMETIC_ADD;
	case OP_SUB:
		return ARITHMETIC_SUB;
	case OP_MUL:
		return ARITHMETIC_MUL;
	case OP_INT_ADD:
		return sure ? ARITHMETIC_ADD : -1;
	case OP_INT_SUB:
		return sure ? ARITHMETIC_SUB : -1;
	default:
		return -1;
	}
}

/* Whether the operand of instruction `at` is what the instruction `back` before it wrote, and
 * needed by nothing else. */
static bool is_result_of(const struct builder *b, unsigned at, unsigned back,
			 struct operand operand)
{
	return at >= back && operand.kind == OPERAND_REGISTER &&
	       uses_writes(&b->program->instructions[at - back], operand.index) &&
	       uses_up(b->program, at, operand.index);
}

/* (a inner b) outer (c inner d), from the last three instructions. */
static bool share_tree(struct builder *b, unsigned at, int outer)
{
	const struct instruction *i = &b->program->instructions[at];

	if (b->arithmetic[0] < 0 || b->arithmetic[1] < 0 || !is_result_of(b, at, 1, i->b) ||
	    !is_result_of(b, at, 2, i->a) || uses_writes(i - 1, i->a.index) ||
	    uses_count(i - 1, OPERAND_REGISTER, i->a.index) > 0) {
		return false;
	}
	int inner_right = b->arithmetic[0];
	struct step right = take_step(b);
	int inner_left = b->arithmetic[0];
	struct step left = take_step(b);
	struct step *step = new_step(b, STEP_KERNEL);

	*step = left;
	step->c = right.a;
	step->d = right.b;
	step->kernel = b->kernels.evaluator->tree[outer][inner_left][inner_right];
	return true;
}

/* (a inner b) outer c, from the last two instructions. */
static bool share_chain(struct builder *b, unsigned at, int outer)
{
	const struct instruction *i = &b->program->instructions[at];
	bool first = is_result_of(b, at, 1, i->a);

	if (b->arithmetic[0] < 0 || (!first && !is_result_of(b, at, 1, i->b))) {
		return false;
	}
	int inner = b->arithmetic[0];
	struct step left = take_step(b);
	struct step *step = new_step(b, STEP_KERNEL);

	if (!first && outer == ARITHMETIC_SUB) {
		outer = ARITHMETIC_SUB_FROM;
	}
	*step = left;
	step->c = operand_place(b, first ? i->b : i->a);
	step->kernel = b->kernels.evaluator->chain[inner][outer];
	return true;
}

/* Whether mask a of instruction `at` is that of a comparison right before it, and of use to
 * nothing else. */
static bool is_compared(const struct builder *b, unsigned at)
{
	const struct instruction *i = &b->program->instructions[at];

	return is_result_of(b, at, 1, i->a) && i[-1].op >= OP_LT && i[-1].op <= OP_GE;
}

/* A comparison and what chooses by its mask. */
static bool share_choice(struct builder *b, unsigned at, struct place yes, struct place no)
{
	const struct instruction *i = &b->program->instructions[at];

	if (!is_compared(b, at)) {
		return false;
	}
	struct step comparison = take_step(b);
	struct step *step = new_step(b, STEP_KERNEL);

	*step = comparison;
	step->kernel = b->kernels.evaluator->choice[i[-1].op];
	step->c = yes;
	step->d = no;
	return true;
}

/* Make instruction `at` share the step of those before it. */
static bool share_step(struct builder *b, unsigned at)
{
	const struct instruction *i = &b->program->instructions[at];
	int outer = arithmetic_of(i);

	if (outer >= 0) {
		return share_tree(b, at, outer) || share_chain(b, at, outer);
	}
	if (i->op == OP_NUMBER) {
		return share_choice(b, at, b->one, b->zero);
	}
	return i->op == OP_SELECT &&
	       share_choice(b, at, operand_place(b, i->b), operand_place(b, i->c));
}

static strip_kernel *kernel_of(const struct builder *b, enum op op)
{
	strip_kernel *kernel = b->kernels.function->op[op];

	return kernel != NULL ? kernel : b->kernels.evaluator->op[op];
}

static void add_kernel(struct builder *b, unsigned at)
{
	const struct instruction *i = &b->program->instructions[at];

	assert(i->op < OP_COUNT && i->dst < b->program->registers);
	assert(kernel_of(b, i->op) != NULL);
	if (!share_step(b, at)) {
		struct step *step = new_step(b, STEP_KERNEL);

		step->kernel = kernel_of(b, i->op);
		place_operands(b, step, i);
		b->arithmetic[0] = arithmetic_of(i);
	}
	settle(b, i->dst, uses_early_output(b->program, at, i->dst));
	b->steps->step[b->steps->n - 1].dst = result_place(b, i->dst);
	b->may_be_odd_nan[i->dst] = makes_odd_nan(b, i);
}

static bool is_kept_column(const struct instruction *filter, unsigned first, unsigned column)
{
	for (unsigned k = first; k < filter->nkeep; k++) {
		if (uses_is(filter->keep[k].from, OPERAND_COLUMN, column)) {
			return true;
		}
	}
	return false;
}

static void add_moves(struct builder *b, struct step *step, unsigned at)
{
	const struct instruction *i = &b->program->instructions[at];

	step->moves = b->steps->moves + b->nmoves;
	step->nmoves = i->nkeep;
	b->nmoves += i->nkeep;
	for (unsigned k = 0; k < i->nkeep; k++) {
		const struct keep *keep = &i->keep[k];
		struct move *move = &step->moves[k];

		assert(keep->to < b->program->registers);
		if (keep->from.kind == OPERAND_REGISTER) {
			assert(keep->from.index == keep->to);
			move->from = move->to = result_place(b, keep->to);
			continue;
		}
		unsigned output = uses_early_output(b->program, at, keep->to);

		settle(b, keep->to, is_kept_column(i, k + 1, output) ? USES_NO_COLUMN : output);
		move->from = operand_place(b, keep->from);
		move->to = result_place(b, keep->to);
		b->may_be_odd_nan[keep->to] = false;
	}
}

/* The comparison of b with a that says what one of a with b does. */
static enum op turned(enum op comparison)
{
	switch (comparison) {
	case OP_LT:
		return OP_GT;
	case OP_LE:
		return OP_GE;
	case OP_GT:
		return OP_LT;
	case OP_GE:
		return OP_LE;
	default:
		return comparison;
	}
}

static void add_filter(struct builder *b, unsigned at)
{
	const struct instruction *i = &b->program->instructions[at];
	const struct filter_kernels *kernels = b->kernels.filter;
	struct step *step;

	if (i->op == OP_FILTER && is_compared(b, at)) {
		struct step comparison = take_step(b);
		bool turn = comparison.a.step == ROWS_SAME;

		step = new_step(b, STEP_FILTER);
		step->a = turn ? comparison.b : comparison.a;
		step->b = turn ? comparison.a : comparison.b;
		step->filter = kernels->filter[turn ? turned(i[-1].op) : i[-1].op];
	} else {
		step = new_step(b, STEP_FILTER);
		step->a = operand_place(b, i->a);
		step->b = b->all_rows;
		step->filter = i->op == OP_FILTER ? kernels->filter[OP_FILTER] : NULL;
	}
	add_moves(b, step, at);
}

/* An output of a column that an output before it overwrites is put aside first. */
static bool is_put_aside(const struct instruction *output)
{
	return output->a.kind == OPERAND_COLUMN && output->a.index < output->dst;
}

static struct step *add_copy(struct builder *b, struct place from, struct place to)
{
	struct step *step = new_step(b, STEP_KERNEL);

	step->kernel = b->kernels.evaluator->op[OP_COPY];
	step->is_copy = true;
	step->a = step->b = step->c = step->d = from;
	step->active = b->all_rows;
	step->dst = to;
	return step;
}

static void add_outputs(struct builder *b, unsigned first)
{
	const struct instruction *outputs = &b->program->instructions[first];
	unsigned n = b->program->ninstructions - first;

	assert(n == b->program->outputs);
	for (unsigned i = 0; i < n; i++) {
		assert(outputs[i].op == OP_OUTPUT && outputs[i].dst == i);
		if (is_put_aside(&outputs[i])) {
			add_copy(b, operand_place(b, outputs[i].a),
				 register_place(b, b->program->registers + i));
		}
	}
	for (unsigned i = 0; i < n; i++) {
		struct place to = column_place(PLACE_OUTPUT, i);
		struct place from = operand_place(b, outputs[i].a);
		bool odd_nan = is_odd_nan(b, outputs[i].a);

		if (b->early[i] && !odd_nan) {
			continue;
		}
		if (b->early[i]) {
			from = to;
		} else if (is_put_aside(&outputs[i])) {
			from = register_place(b, b->program->registers + i);
		}
		struct step *step = add_copy(b, from, to);
		if (odd_nan) {
			step->kernel = b->kernels.evaluator->canonical;
			step->is_copy = false;
		}
	}
}

static bool allocate(struct builder *b)
{
	const struct program *p = b->program;
	size_t registers = (size_t)(p->registers + p->outputs) * REGISTER_ROWS;
	size_t blocks = (size_t)p->nconstants + 4; /* all_rows and its like */
	size_t bytes = (registers + blocks * ROW_BLOCK) * sizeof(double);
	size_t nmoves = 0;

	for (unsigned i = 0; i < p->ninstructions; i++) {
		nmoves += p->instructions[i].nkeep;
	}
	b->steps->step = calloc((size_t)p->ninstructions + p->outputs, sizeof(struct step));
	b->steps->moves = calloc(nmoves + 1, sizeof(struct move));
	b->steps->scratch = aligned_alloc(BATCH_ALIGN, bytes);
	if (b->steps->step == NULL || b->steps->moves == NULL || b->steps->scratch == NULL) {
		return false;
	}
	memset(b->steps->scratch, 0, bytes);
	b->blocks = b->steps->scratch + registers;
	return true;
}

static void fill_blocks(struct builder *b)
{
	for (unsigned i = 0; i < b->program->nconstants; i++) {
		add_block(b, b->program->constants[i]);
	}
	b->one = add_block(b, 1);
	b->zero = add_block(b, 0);
	b->no_row = add_block(b, 0);
	b->all_rows = add_block(b, 0);
	memset(b->all_rows.rows, 0xff, ROW_BLOCK * sizeof(double));
}

bool steps_init(struct steps *steps, const struct program *program, enum isa isa)
{
	struct builder b = {
		.steps = steps,
		.program = program,
		.kernels = kernels_of(isa),
		.arithmetic = { -1, -1 },
	};
	unsigned first_output = program->ninstructions - program->outputs;

	assert(program->outputs >= 1 && program->outputs <= BATCH_COLUMNS);
	assert(program->inputs <= BATCH_COLUMNS && program->registers <= PROGRAM_REGISTERS);
	assert(program->ninstructions >= program->outputs);
	memset(steps, 0, sizeof(*steps));
	if (!allocate(&b)) {
		steps_fini(steps);
		return false;
	}
	steps->filter = b.kernels.filter;
	fill_blocks(&b);
	for (unsigned i = 0; i < first_output; i++) {
		if (uses_is_filter(&program->instructions[i])) {
			add_filter(&b, i);
		} else {
			add_kernel(&b, i);
		}
	}
	add_outputs(&b, first_output);
	return true;
}

void steps_fini(struct steps *steps)
{
	free(steps->step);
	free(steps->moves);
	free(steps->scratch);
	memset(steps, 0, sizeof(*steps));
}
