/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * evaluator_draft.h - programs built by hand, run, and compared with the reference
 */
#ifndef TESTS_EVALUATOR_DRAFT_H
#define TESTS_EVALUATOR_DRAFT_H

#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "comprehension/evaluator.h"
#include "evaluator_reference.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define R(n)                        \
	{                           \
		OPERAND_REGISTER, n \
	}
#define C(n)                      \
	{                         \
		OPERAND_COLUMN, n \
	}
#define K(n)                        \
	{                           \
		OPERAND_CONSTANT, n \
	}
#define TRUE_MASK               \
	{                       \
		OPERAND_TRUE, 0 \
	}

/* A program under construction. */
struct draft {
	struct program program;
	struct instruction code[128];
	struct keep keeps[128];
	unsigned nkeeps;
	double constants[16];
};

static inline void draft_init(struct draft *d, unsigned inputs)
{
	memset(d, 0, sizeof(*d));
	d->program.inputs = inputs;
	d->program.instructions = d->code;
	d->program.constants = d->constants;
}

static inline struct instruction *draft_add(struct draft *d, enum op op, unsigned dst)
{
	struct instruction *i = &d->code[d->program.ninstructions++];

	if (d->program.ninstructions > COUNT(d->code)) {
		ck_abort_msg("too long a program");
	}
	i->op = op;
	i->dst = (uint16_t)dst;
	i->active = (struct operand)TRUE_MASK;
	if (op != OP_OUTPUT && dst >= d->program.registers) {
		d->program.registers = dst + 1;
	}
	d->program.outputs += op == OP_OUTPUT;
	d->program.can_fault |= reference_is_fallible(op);
	return i;
}

static inline struct instruction *draft_op(struct draft *d, enum op op, unsigned dst,
					   struct operand a, struct operand b)
{
	struct instruction *i = draft_add(d, op, dst);

	i->a = a;
	i->b = b;
	return i;
}

static inline void draft_output(struct draft *d, unsigned column, struct operand a)
{
	draft_add(d, OP_OUTPUT, column)->a = a;
}

static inline struct instruction *draft_filter(struct draft *d, enum op op, struct operand mask)
{
	struct instruction *i = draft_add(d, op, 0);

	i->a = mask;
	i->keep = &d->keeps[d->nkeeps];
	return i;
}

static inline void draft_keep(struct draft *d, struct operand from, unsigned to)
{
	d->keeps[d->nkeeps++] = (struct keep){ from, (uint16_t)to };
	d->code[d->program.ninstructions - 1].nkeep++;
	if (to >= d->program.registers) {
		d->program.registers = to + 1;
	}
}

static inline struct operand draft_constant(struct draft *d, double x)
{
	d->constants[d->program.nconstants] = x;
	return (struct operand){ OPERAND_CONSTANT, (uint16_t)d->program.nconstants++ };
}

static double input[BATCH_COLUMNS][BATCH_ROWS];

static inline int64_t ordered(double x)
{
	int64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits < 0 ? INT64_MIN - bits : bits;
}

static inline uint64_t bits_of(double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits;
}

/* Whether a result is the expected one, to the bit or so many doubles beside it. */
static inline bool agrees(double got, double expected, int64_t ulps)
{
	if (isnan(expected)) {
		return bits_of(got) == UINT64_C(0x7ff8000000000000);
	}
	if (ulps == 0 || got == 0 || expected == 0 || isinf(expected)) {
		return bits_of(got) == bits_of(expected) ||
		       (ulps > 0 && llabs(ordered(got) - ordered(expected)) <= ulps);
	}
	return llabs(ordered(got) - ordered(expected)) <= ulps;
}

/* What stands behind the last row must not matter: here, what faults. */
static inline void poison(struct batch *batch)
{
	static const double bad[] = { 0.0, (double)NAN, -1, INFINITY, 0x1p53, -INFINITY };

	for (unsigned c = 0; c < BATCH_COLUMNS && batch->column[c] != NULL; c++) {
		for (uint32_t i = batch->rows; i < batch->capacity; i++) {
			batch->column[c][i] = bad[(i + 2 * c) % COUNT(bad)];
		}
	}
}

static inline uint16_t sparse_index(uint32_t row, uint32_t rows)
{
	return (uint16_t)(row + row * (BATCH_ROWS - rows) / rows);
}

static inline struct batch *make_batch(const struct program *program, uint32_t rows, bool dense)
{
	unsigned columns = program->inputs > program->outputs ? program->inputs : program->outputs;
	struct batch *batch = batch_create(rows > 0 ? rows : 1, columns);
	struct tile tile = { .round = 1, .generators = 1, .steps = rows };

	ck_assert_ptr_nonnull(batch);
	batch_open(batch, &tile, program->inputs);
	batch->dense = dense;
	batch->filtered = 5;
	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		batch->faulted[i] = 10 + i;
	}
	for (unsigned c = 0; c < program->inputs; c++) {
		memcpy(batch->column[c], input[c], rows * sizeof(double));
	}
	for (uint32_t i = 0; i < batch->capacity; i++) {
		batch->index[i] = dense || i >= rows ? 0xffff : sparse_index(i, rows);
	}
	poison(batch);
	return batch;
}

/* For messages: the operations of a program by number. */
static const char *describe(const struct program *program)
{
	static char text[1024];
	size_t length = 0;

	for (unsigned i = 0; i < program->ninstructions && length < sizeof(text); i++) {
		const struct instruction *at = &program->instructions[i];
		int n = snprintf(text + length, sizeof(text) - length, " %u=%d(%u.%u %u.%u %u.%u)",
				 at->dst, (int)at->op, at->a.kind, at->a.index, at->b.kind,
				 at->b.index, at->c.kind, at->c.index);
		length += (size_t)n;
	}
	return text;
}

/* What becomes of the rows of a batch, by the reference. */
struct expected {
	uint32_t left;
	uint32_t filtered;
	uint32_t faulted[GATHER_FAULTS];
	uint16_t row[BATCH_ROWS];                 /* [left] */
	double column[BATCH_COLUMNS][BATCH_ROWS]; /* [left] each */
};

static inline void expect(struct expected *e, const struct program *program, uint32_t rows)
{
	memset(e, 0, offsetof(struct expected, row));
	for (uint32_t i = 0; i < rows; i++) {
		double columns[BATCH_COLUMNS] = { 0 }, outputs[BATCH_COLUMNS];

		for (unsigned c = 0; c < program->inputs; c++) {
			columns[c] = input[c][i];
		}
		int fate = reference_row(program, columns, outputs);

		if (fate == REFERENCE_STAYS) {
			for (unsigned c = 0; c < program->outputs; c++) {
				e->column[c][e->left] = outputs[c];
			}
			e->row[e->left++] = (uint16_t)i;
		} else if (fate == REFERENCE_FILTERED) {
			e->filtered++;
		} else {
			e->faulted[fate]++;
		}
	}
}

/* Asserted only where wrong: an assertion that holds costs a system call. */
static inline void check_batch_rows(const struct program *program, const struct batch *batch,
				    const struct expected *e, uint32_t rows, bool dense,
				    int64_t ulps)
{
	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		if (batch->faulted[i] != 10 + i + e->faulted[i]) {
			ck_abort_msg("%u rows: %u faults of kind %u, not %u:%s", rows,
				     batch->faulted[i] - 10 - i, i, e->faulted[i],
				     describe(program));
		}
	}
	ck_assert_uint_eq(batch->filtered, 5 + e->filtered);
	ck_assert_uint_eq(batch->rows, e->left);
	ck_assert_uint_eq(batch->columns, program->outputs);
	ck_assert_int_eq(batch->dense, dense && e->left == rows);
	for (uint32_t i = 0; i < e->left; i++) {
		uint32_t row = e->row[i];

		for (unsigned c = 0; c < program->outputs; c++) {
			if (!agrees(batch->column[c][i], e->column[c][i], ulps)) {
				ck_abort_msg("row %u of %u, output %u: %a (%" PRIx64 "), not %a, "
					     "of %a, %a, %a:%s",
					     row, rows, c, batch->column[c][i],
					     bits_of(batch->column[c][i]), e->column[c][i],
					     input[0][row], input[1][row], input[2][row],
					     describe(program));
			}
		}
		if (!batch->dense && batch->index[i] != (dense ? row : sparse_index(row, rows))) {
			ck_abort_msg("index %u is %u", i, batch->index[i]);
		}
	}
	for (uint32_t i = 0; batch->dense && i < batch->capacity; i++) {
		if (batch->index[i] != 0xffff) {
			ck_abort_msg("index %u of a dense batch was touched", i);
		}
	}
}

static inline void check_program(const struct program *program, enum isa isa, uint32_t rows,
				 bool dense, int64_t ulps)
{
	static struct expected expected;
	struct evaluator *evaluator = evaluator_create_program(program, isa);

	ck_assert_ptr_nonnull(evaluator);
	expect(&expected, program, rows);
	/* twice: nothing of one batch is left for the next */
	for (unsigned n = 0; n < 2; n++) {
		struct batch *batch = make_batch(program, rows, dense);

		evaluator_run(evaluator, batch);
		check_batch_rows(program, batch, &expected, rows, dense, ulps);
		batch_destroy(&batch);
	}
	evaluator_destroy(&evaluator);
}

/* In a loop test over enum isa: nothing to do for what this CPU lacks. */
#define FOR_ISA(isa)                       \
	const enum isa isa = (enum isa)_i; \
	if (!isa_supported(isa)) {         \
		return;                    \
	}

/* Run the suite, naming the kernels that are not tested. */
static inline int run_for_all_isas(Suite *suite)
{
	SRunner *runner = srunner_create(suite);

	for (int isa = 0; isa < ISA_COUNT; isa++) {
		if (!isa_supported((enum isa)isa)) {
			printf("skipped: the %s kernels, which this CPU cannot run\n",
			       isa_name((enum isa)isa));
		}
	}
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
