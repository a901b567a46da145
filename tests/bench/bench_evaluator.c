/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * bench_evaluator.c - what comprehensions cost, in nanoseconds a row
 *
 * Programs built by hand run over one batch again and again, once for each variant of the kernels
 * that this CPU has.  The best of several runs is printed: others may be using the machine.
 * Filling the batch anew is not counted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/isa.h"
#include "comprehension/evaluator.h"
#include "queue/batch.h"

enum { ROUNDS = 200, RUNS = 15 };

#define R(n)                        \
	{                           \
		OPERAND_REGISTER, n \
	}
#define X                         \
	{                         \
		OPERAND_COLUMN, 0 \
	}
#define Y                         \
	{                         \
		OPERAND_COLUMN, 1 \
	}
#define K(n)                        \
	{                           \
		OPERAND_CONSTANT, n \
	}
#define ALWAYS .active = { OPERAND_TRUE, 0 }

static const double constants[] = { 0.5, 1, 4, 2, 3, 2.5, 0 };
static const struct keep keep_x[] = { { X, 0 } };
static const struct keep keep_both[] = { { X, 0 }, { Y, 1 } };
static const struct keep keep_r0[] = { { R(0), 0 } };

static const struct instruction filtered_square[] = {
	{ .op = OP_GT, .dst = 0, .a = X, .b = K(0) },
	{ .op = OP_FILTER, .a = R(0), .nkeep = 1, .keep = keep_x },
	{ .op = OP_MUL, .dst = 0, .a = R(0), .b = R(0) },
	{ .op = OP_OUTPUT, .dst = 0, .a = R(0) },
};

static const struct instruction pi[] = {
	{ .op = OP_MUL, .dst = 0, .a = X, .b = X },
	{ .op = OP_MUL, .dst = 1, .a = Y, .b = Y },
	{ .op = OP_ADD, .dst = 0, .a = R(0), .b = R(1) },
	{ .op = OP_LT, .dst = 0, .a = R(0), .b = K(1) },
	{ .op = OP_SELECT, .dst = 0, .a = R(0), .b = K(2), .c = K(6) },
	{ .op = OP_OUTPUT, .dst = 0, .a = R(0) },
};

static const struct instruction filter_one[] = {
	{ .op = OP_GT, .dst = 0, .a = X, .b = K(0) },
	{ .op = OP_FILTER, .a = R(0), .nkeep = 1, .keep = keep_x },
	{ .op = OP_OUTPUT, .dst = 0, .a = R(0) },
};

static const struct instruction filter_two[] = {
	{ .op = OP_GT, .dst = 0, .a = X, .b = K(0) },
	{ .op = OP_FILTER, .a = R(0), .nkeep = 2, .keep = keep_both },
	{ .op = OP_OUTPUT, .dst = 0, .a = R(0) },
	{ .op = OP_OUTPUT, .dst = 1, .a = R(1) },
};

static const struct instruction identity[] = {
	{ .op = OP_OUTPUT, .dst = 0, .a = X },
};

static const struct instruction linear[] = {
	{ .op = OP_MUL, .dst = 0, .a = X, .b = K(2) },
	{ .op = OP_ADD, .dst = 0, .a = R(0), .b = K(1) },
	{ .op = OP_OUTPUT, .dst = 0, .a = R(0) },
};

static const struct instruction sum[] = {
	{ .op = OP_ADD, .dst = 0, .a = X, .b = Y },
	{ .op = OP_OUTPUT, .dst = 0, .a = R(0) },
};

#define FUNCTION(name, opcode, operands)                                 \
	static const struct instruction name[] = {                       \
		{ .op = opcode, .dst = 0, operands, ALWAYS },            \
		{ .op = OP_FILTER_FAULTS, .nkeep = 1, .keep = keep_r0 }, \
		{ .op = OP_OUTPUT, .dst = 0, .a = R(0) },                \
	};
#define OF(...) __VA_ARGS__
FUNCTION(divide, OP_DIV, OF(.a = X, .b = Y))
FUNCTION(reciprocal, OP_DIV, OF(.a = K(1), .b = X))
FUNCTION(floor_divide, OP_FLOORDIV, OF(.a = X, .b = Y))
FUNCTION(modulo, OP_MOD, OF(.a = X, .b = Y))
FUNCTION(power_2, OP_POW, OF(.a = X, .b = K(3)))
FUNCTION(power_3, OP_POW, OF(.a = X, .b = K(4)))
FUNCTION(power_half, OP_POW, OF(.a = X, .b = K(0)))
FUNCTION(power_any, OP_POW, OF(.a = X, .b = Y))
FUNCTION(square_root, OP_SQRT, OF(.a = X))
FUNCTION(exponential, OP_EXP, OF(.a = X))
FUNCTION(logarithm, OP_LOG, OF(.a = X))
FUNCTION(sine, OP_SIN, OF(.a = X))
FUNCTION(round_even, OP_ROUND, OF(.a = X))
FUNCTION(int_add, OP_INT_ADD, OF(.a = K(1), .b = K(2)))
FUNCTION(int_power, OP_INT_POW, OF(.a = K(4), .b = K(3)))

struct subject {
	const char *text;
	unsigned inputs, outputs;
	bool can_fault;
	unsigned n;
	const struct instruction *code;
};

#define SUBJECT(text, code, inputs, outputs, can_fault)                                  \
	{                                                                                \
		text, inputs, outputs, can_fault, sizeof(code) / sizeof((code)[0]), code \
	}

static const struct subject subjects[] = {
	SUBJECT("x*x if x > 0.5", filtered_square, 1, 1, false),
	SUBJECT("4*(x*x + y*y < 1)", pi, 2, 1, false),
	SUBJECT("x", identity, 1, 1, false),
	SUBJECT("4*x + 1", linear, 1, 1, false),
	SUBJECT("x + y", sum, 2, 1, false),
	SUBJECT("x if x > 0.5", filter_one, 1, 1, false),
	SUBJECT("(x, y) if x > 0.5", filter_two, 2, 2, false),
	SUBJECT("x / y", divide, 2, 1, true),
	SUBJECT("1 / x", reciprocal, 1, 1, true),
	SUBJECT("x // y", floor_divide, 2, 1, true),
	SUBJECT("x % y", modulo, 2, 1, true),
	SUBJECT("x ** 2", power_2, 1, 1, true),
	SUBJECT("x ** 3", power_3, 1, 1, true),
	SUBJECT("x ** 0.5", power_half, 1, 1, true),
	SUBJECT("x ** y", power_any, 2, 1, true),
	SUBJECT("sqrt(x)", square_root, 1, 1, true),
	SUBJECT("exp(x)", exponential, 1, 1, true),
	SUBJECT("log(x)", logarithm, 1, 1, true),
	SUBJECT("sin(x)", sine, 1, 1, true),
	SUBJECT("round(x)", round_even, 1, 1, true),
	SUBJECT("1 + 4 (ints)", int_add, 1, 1, true),
	SUBJECT("3 ** 2 (ints)", int_power, 1, 1, true),
};

static uint64_t next_random(void)
{
	static uint64_t state = 1;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void refill(struct batch *batch, const double *x, const double *y)
{
	const struct tile tile = { .round = 1, .generators = 1, .steps = BATCH_ROWS };

	batch_open(batch, &tile, 2);
	memcpy(batch->column[0], x, BATCH_ROWS * sizeof(*x));
	memcpy(batch->column[1], y, BATCH_ROWS * sizeof(*y));
}

/* [ns] for one row. */
static double measure(const struct subject *s, enum isa isa, struct batch *batch)
{
	static double x[BATCH_ROWS], y[BATCH_ROWS];
	const struct program program = {
		.inputs = s->inputs,
		.outputs = s->outputs,
		.registers = 2,
		.nconstants = sizeof(constants) / sizeof(constants[0]),
		.constants = constants,
		.ninstructions = s->n,
		.instructions = s->code,
		.can_fault = s->can_fault,
	};
	struct evaluator *evaluator = evaluator_create_program(&program, isa);
	int64_t best = INT64_MAX;

	if (evaluator == NULL) {
		abort();
	}
	for (unsigned i = 0; i < BATCH_ROWS; i++) {
		x[i] = ((double)(next_random() >> 12) + 0.5) * 0x1p-52;
		y[i] = ((double)(next_random() >> 12) + 0.5) * 0x1p-52;
	}
	for (unsigned run = 0; run < RUNS; run++) {
		int64_t spent = 0;

		for (unsigned round = 0; round < ROUNDS; round++) {
			refill(batch, x, y);
			int64_t start = clock_now_ns();
			evaluator_run(evaluator, batch);
			spent += clock_now_ns() - start;
		}
		best = spent < best ? spent : best;
	}
	evaluator_destroy(&evaluator);
	return (double)best / ROUNDS / BATCH_ROWS;
}

int main(void)
{
	struct batch *batch = batch_create(BATCH_ROWS, 2);

	if (batch == NULL) {
		abort();
	}
	printf("%-20s", "ns/row");
	for (int isa = 0; isa < ISA_COUNT; isa++) {
		printf(" %12s", isa_supported(isa) ? isa_name(isa) : "");
	}
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		printf("\n%-20s", subjects[i].text);
		for (int isa = 0; isa < ISA_COUNT; isa++) {
			if (isa_supported(isa)) {
				printf(" %12.3f", measure(&subjects[i], isa, batch));
			}
		}
	}
	printf("\n");
	batch_destroy(&batch);
	return 0;
}
