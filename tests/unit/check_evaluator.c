/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_evaluator.c - what instructions compute, against a row by row interpreter and CPython
 *
 * Every test runs once for each variant of the kernels; those that this CPU lacks are named as
 * skipped.
 */
#include "comprehension/evaluator.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evaluator_corners.h"
#include "evaluator_draft.h"
#include "random.h"

static const double special[] = {
	0.0,
	-0.0,
	1,
	-1,
	0.5,
	-0.5,
	2,
	-2,
	3,
	10,
	1.5,
	2.5,
	-2.5,
	0.1,
	1e16,
	1e300,
	-1e300,
	1e308,
	5e-324,
	-5e-324,
	0x1p-1022,
	0x1.fffffffffffffp+1023,
	0x1p53,
	0x1p53 + 2,
	0x1.fffffffffffffp-1,
	709.78271289338397,
	709.782711150,
	710,
	-745.2,
	INFINITY,
	-INFINITY,
	(double)NAN,
};

static const double special_int[] = {
	0,
	1,
	-1,
	2,
	-2,
	3,
	-3,
	5,
	7,
	10,
	15,
	16,
	33,
	34,
	53,
	54,
	65,
	0x1p53,
	-0x1p53,
	0x1p53 - 1,
	-0x1p53 + 1,
	0x1p52 - 1,
	0x1p52 + 1,
	94906265,
	94906266,
	-94906266,
	3002399751580331,
	321,
	28059810762433,
	208063,
	208064,
};

static double random_double(uint64_t *state)
{
	uint64_t bits = random_next(state);
	double x;

	switch (random_next(state) % 4) {
	case 0:
		return special[bits % COUNT(special)];
	case 1:
		return ((double)(bits >> 11) * 0x1p-53 - 0.5) * 20;
	case 2:
		return (double)(bits % 21) - 10;
	default:
		memcpy(&x, &bits, sizeof(x));
		return isnan(x) ? 1 : x;
	}
}

static double random_int(uint64_t *state)
{
	uint64_t bits = random_next(state);

	switch (random_next(state) % 3) {
	case 0:
		return special_int[bits % COUNT(special_int)];
	case 1:
		return (double)(bits % 41) - 20;
	default:
		return (double)((int64_t)(bits >> 10) - INT64_C(0x20000000000000));
	}
}

static unsigned operands_of(enum op op)
{
	switch (op) {
	case OP_NEG:
	case OP_ABS:
	case OP_COPY:
	case OP_INT_NEG:
	case OP_NOT:
	case OP_TRUTH:
	case OP_NUMBER:
	case OP_SQRT:
	case OP_EXP:
	case OP_LOG:
	case OP_SIN:
	case OP_COS:
	case OP_ROUND:
		return 1;
	case OP_SELECT:
	case OP_SELECT_MASK:
		return 3;
	default:
		return 2;
	}
}

static bool takes_mask(enum op op, unsigned operand)
{
	return (op >= OP_AND && op <= OP_NOT) || op == OP_NUMBER || op == OP_SELECT_MASK ||
	       (op == OP_SELECT && operand == 0);
}

static bool gives_mask(enum op op)
{
	return (op >= OP_LT && op <= OP_TRUTH) || op == OP_SELECT_MASK;
}

static bool is_int_op(enum op op)
{
	return op >= OP_INT_ADD && op <= OP_INT_POW;
}

static bool is_sleef(enum op op)
{
	return op == OP_POW || op == OP_EXP || op == OP_LOG || op == OP_SIN || op == OP_COS;
}

/* Registers: 0 to 2 columns, 3 to 5 masks, 6 and 7 results. */
static struct operand operand_of_kind(struct draft *d, enum op op, unsigned operand, unsigned kind)
{
	if (takes_mask(op, operand)) {
		static const uint16_t kinds[] = { OPERAND_REGISTER, OPERAND_TRUE, OPERAND_FALSE };

		return (struct operand){ kinds[kind], (uint16_t)(kind == 0 ? 3 + operand : 0) };
	}
	switch (kind) {
	case 0:
		return (struct operand)R((uint16_t)operand);
	case 1:
		return (struct operand)C((uint16_t)operand);
	default:
		return draft_constant(d, operand == 0 ? 5 : 3);
	}
}

/* One operation on operands of these kinds, into a register of its own or of an operand. */
static void check_operation(enum isa isa, enum op op, const unsigned kinds[3], unsigned dst,
			    unsigned active)
{
	static const struct operand actives[] = { TRUE_MASK, R(5), { OPERAND_FALSE, 0 } };
	struct draft d;
	struct instruction *i;

	draft_init(&d, 3);
	for (uint16_t n = 0; n < 3; n++) {
		draft_op(&d, OP_COPY, n, (struct operand)C(n), (struct operand){ 0, 0 });
	}
	draft_op(&d, OP_LT, 3, (struct operand)C(0), (struct operand)C(1));
	draft_op(&d, OP_GE, 4, (struct operand)C(2), (struct operand)C(1));
	draft_op(&d, OP_LE, 5, (struct operand)C(0), (struct operand)C(2));
	draft_op(&d, OP_AND, 7, actives[active], actives[active]);
	i = draft_add(&d, op, dst);
	i->active = actives[active];
	i->a = operand_of_kind(&d, op, 0, kinds[0]);
	if (operands_of(op) > 1) {
		i->b = operand_of_kind(&d, op, 1, kinds[1]);
	}
	if (operands_of(op) > 2) {
		i->c = operand_of_kind(&d, op, 2, kinds[2]);
	}
	if (gives_mask(op)) {
		draft_op(&d, OP_NUMBER, 6, (struct operand)R((uint16_t)dst),
			 (struct operand){ 0, 0 });
	} else {
		i = draft_op(&d, OP_SELECT, 6, (struct operand)R(7),
			     (struct operand)R((uint16_t)dst));
		i->c = draft_constant(&d, 9);
	}
	draft_filter(&d, OP_FILTER_FAULTS, (struct operand){ 0, 0 });
	draft_keep(&d, (struct operand)R(6), 6);
	draft_output(&d, 0, (struct operand)R(6));
	check_program(&d.program, isa, 601, true, is_sleef(op) ? 1 : 0);
}

static void fill_inputs(enum op op, uint64_t *state)
{
	for (unsigned c = 0; c < 4; c++) {
		for (unsigned i = 0; i < BATCH_ROWS; i++) {
			input[c][i] = is_int_op(op) ? random_int(state) : random_double(state);
			if (op == OP_INT_POW && c == 1) {
				input[c][i] = fabs(input[c][i]);
			}
		}
	}
}

START_TEST(every_operation_agrees_with_plain_c_for_every_kind_of_operand)
{
	FOR_ISA(isa)
	uint64_t state = random_seed("operations");

	for (enum op op = OP_ADD; op <= OP_ROUND; op++) {
		unsigned n = operands_of(op);

		fill_inputs(op, &state);
		for (unsigned k = 0; k < 27; k++) {
			unsigned kinds[3] = { k % 3, k / 3 % 3, k / 9 };

			if ((n < 3 && kinds[2] > 0) || (n < 2 && kinds[1] > 0)) {
				continue;
			}
			for (unsigned dst = 0; dst <= 6; dst++) {
				unsigned actives = reference_is_fallible(op) ? 3 : 1;

				for (unsigned active = 0; active < actives; active++) {
					check_operation(isa, op, kinds, dst, active);
				}
			}
		}
	}
}
END_TEST

START_TEST(corners_are_those_of_cpython)
{
	FOR_ISA(isa)
	/* both as columns, then b as a constant */
	for (unsigned n = 0; n < 2 * COUNT(corners); n++) {
		const struct corner *corner = &corners[n / 2];
		struct draft d;

		draft_init(&d, 2);
		struct operand b = n % 2 == 0 ? (struct operand)C(1)
					      : draft_constant(&d, corner->b);
		draft_op(&d, corner->op, 0, (struct operand)C(0), b);
		draft_filter(&d, OP_FILTER_FAULTS, (struct operand){ 0, 0 });
		draft_keep(&d, (struct operand)R(0), 0);
		draft_output(&d, 0, (struct operand)R(0));
		for (unsigned i = 0; i < 3; i++) {
			input[0][i] = corner->a;
			input[1][i] = corner->b;
		}
		struct evaluator *evaluator = evaluator_create_program(&d.program, isa);
		struct batch *batch = make_batch(&d.program, 3, true);
		ck_assert_ptr_nonnull(evaluator);
		evaluator_run(evaluator, batch);
		ck_assert_msg(batch->rows == (corner->fault < 0 ? 3 : 0), "corner %u: %u rows",
			      n / 2, batch->rows);
		for (int fault = 0; fault < GATHER_FAULTS; fault++) {
			uint32_t faults = batch->faulted[fault] - 10 - (uint32_t)fault;
			ck_assert_msg(faults == (fault == corner->fault ? 3 : 0),
				      "corner %u: %u faults of kind %d", n / 2, faults, fault);
		}
		for (uint32_t i = 0; i < batch->rows; i++) {
			ck_assert_msg(agrees(batch->column[0][i], corner->value, 0),
				      "corner %u: %a, not %a", n / 2, batch->column[0][i],
				      corner->value);
		}
		batch_destroy(&batch);
		evaluator_destroy(&evaluator);
	}
}
END_TEST

/* exp() and powers close to the greatest double, where SLEEF alone is infinite too early. */
START_TEST(the_last_results_before_overflow_are_not_lost)
{
	FOR_ISA(isa)
	static const double near[] = { 709.78271,  709.7827111, 709.7827112,
				       709.782712, 709.7827128, 709.78271289338397 };
	struct draft d;

	draft_init(&d, 2);
	draft_op(&d, OP_EXP, 0, (struct operand)C(0), (struct operand){ 0, 0 });
	draft_op(&d, OP_POW, 1, draft_constant(&d, 0x1.5bf0a8b145769p+1), (struct operand)C(1));
	draft_filter(&d, OP_FILTER_FAULTS, (struct operand){ 0, 0 });
	draft_keep(&d, (struct operand)R(0), 0);
	draft_keep(&d, (struct operand)R(1), 1);
	draft_output(&d, 0, (struct operand)R(0));
	draft_output(&d, 1, (struct operand)R(1));
	for (unsigned i = 0; i < COUNT(near); i++) {
		input[0][i] = near[i];
		input[1][i] = near[i] - 1e-7;
	}
	check_program(&d.program, isa, COUNT(near), true, 2);
}
END_TEST

static void same_bits(const struct program *program, enum isa isa)
{
	struct evaluator *one = evaluator_create_program(program, ISA_BASE);
	struct evaluator *other = evaluator_create_program(program, isa);
	struct batch *expected = make_batch(program, BATCH_ROWS, true);
	struct batch *got = make_batch(program, BATCH_ROWS, true);

	evaluator_run(one, expected);
	evaluator_run(other, got);
	ck_assert_uint_eq(got->rows, expected->rows);
	ck_assert_mem_eq(got->faulted, expected->faulted, sizeof(got->faulted));
	for (unsigned c = 0; c < program->outputs; c++) {
		ck_assert_mem_eq(got->column[c], expected->column[c], got->rows * sizeof(double));
	}
	batch_destroy(&expected);
	batch_destroy(&got);
	evaluator_destroy(&one);
	evaluator_destroy(&other);
}

START_TEST(functions_give_the_same_bits_on_every_cpu)
{
	FOR_ISA(isa)
	static const double exponents[] = { 2, 3, 5, 17, 64, 65, 0.5, -1, -2, 1.5, 1 };
	uint64_t state = random_seed("functions");

	for (unsigned n = 0; n < 40; n++) {
		fill_inputs(OP_POW, &state);
		for (enum op op = OP_DIV; op <= OP_ROUND; op++) {
			struct draft d;

			if (!is_sleef(op) && op != OP_FLOORDIV && op != OP_MOD) {
				continue;
			}
			draft_init(&d, 2);
			struct operand b = C(1);
			if (op == OP_POW && n % 2 == 0) {
				b = draft_constant(&d, exponents[n / 2 % COUNT(exponents)]);
			}
			draft_op(&d, op, 0, (struct operand)C(0), b);
			draft_filter(&d, OP_FILTER_FAULTS, (struct operand){ 0, 0 });
			draft_keep(&d, (struct operand)R(0), 0);
			draft_output(&d, 0, (struct operand)R(0));
			same_bits(&d.program, isa);
		}
	}
}
END_TEST

/*
 * Random programs.  What a register holds is known while one is drafted, ints are only made where
 * all rows are active, and what is not active is selected away, as the checker does it.
 */
enum held { HELD_NOTHING, HELD_NUMBER, HELD_INT, HELD_MASK };
enum { RANDOM_REGISTERS = 7 };

struct author {
	struct draft d;
	uint64_t *state;
	enum held held[RANDOM_REGISTERS];
	unsigned last; /* register written last */
	bool columns;  /* can be read */
	bool fallible; /* an instruction since the last filter is */
};

static unsigned pick(struct author *a, unsigned n)
{
	return (unsigned)(random_next(a->state) % n);
}

static bool fits(enum held held, enum held wanted)
{
	return held == wanted || (wanted == HELD_NUMBER && held == HELD_INT);
}

static struct operand random_operand(struct author *a, enum held wanted)
{
	if (fits(a->held[a->last], wanted) && pick(a, 2) == 0) {
		return (struct operand)R((uint16_t)a->last);
	}
	for (unsigned tries = 0; tries < 6; tries++) {
		unsigned n = pick(a, RANDOM_REGISTERS);

		if (fits(a->held[n], wanted)) {
			return (struct operand)R((uint16_t)n);
		}
	}
	if (wanted == HELD_MASK) {
		return (struct operand){ pick(a, 2) == 0 ? OPERAND_TRUE : OPERAND_FALSE, 0 };
	}
	if (wanted == HELD_NUMBER && a->columns && pick(a, 3) > 0) {
		return (struct operand)C((uint16_t)pick(a, a->d.program.inputs));
	}
	return (struct operand)K((uint16_t)(wanted == HELD_INT ? pick(a, 4) : pick(a, 12)));
}

static enum held wanted_by(enum op op, unsigned operand)
{
	if (takes_mask(op, operand)) {
		return HELD_MASK;
	}
	return is_int_op(op) ? HELD_INT : HELD_NUMBER;
}

static void write_operation(struct author *a)
{
	static const enum op ops[] = {
		OP_ADD,         OP_ADD,     OP_SUB,     OP_SUB,     OP_MUL,     OP_MUL,
		OP_MUL,         OP_NEG,     OP_ABS,     OP_COPY,    OP_DIV,     OP_FLOORDIV,
		OP_MOD,         OP_INT_ADD, OP_INT_SUB, OP_INT_MUL, OP_INT_NEG, OP_INT_FLOORDIV,
		OP_INT_MOD,     OP_LT,      OP_LE,      OP_EQ,      OP_NE,      OP_GT,
		OP_GE,          OP_LT,      OP_GT,      OP_AND,     OP_OR,      OP_ANDNOT,
		OP_NOT,         OP_TRUTH,   OP_NUMBER,  OP_NUMBER,  OP_SELECT,  OP_SELECT,
		OP_SELECT_MASK, OP_MIN,     OP_MAX,     OP_SQRT,    OP_ROUND,
	};
	enum op op = ops[pick(a, COUNT(ops))];
	bool makes_int = is_int_op(op) || op == OP_ROUND || op == OP_NUMBER;
	unsigned dst = pick(a, RANDOM_REGISTERS);
	struct instruction i = { .op = op };
	struct operand *operands[] = { &i.a, &i.b, &i.c };

	for (unsigned n = 0; n < operands_of(op); n++) {
		*operands[n] = random_operand(a, wanted_by(op, n));
	}
	struct instruction *written = draft_op(&a->d, op, dst, i.a, i.b);
	written->c = i.c;
	if (reference_is_fallible(op)) {
		a->fallible = true;
		written->active = makes_int ? (struct operand)TRUE_MASK
					    : random_operand(a, HELD_MASK);
	}
	a->last = dst;
	a->held[dst] = gives_mask(op) ? HELD_MASK : makes_int ? HELD_INT : HELD_NUMBER;
	if (written->active.kind != OPERAND_TRUE) {
		struct operand mask = written->active;

		if (mask.kind == OPERAND_REGISTER && mask.index == dst) {
			written->active = (struct operand)TRUE_MASK;
			return;
		}
		draft_op(&a->d, OP_SELECT, dst, mask, (struct operand)R((uint16_t)dst))->c =
			(struct operand)K(1);
	}
}

static void write_filter(struct author *a, enum op op)
{
	enum held held[RANDOM_REGISTERS] = { HELD_NOTHING };

	draft_filter(&a->d, op, random_operand(a, HELD_MASK));
	for (unsigned n = 0; n < RANDOM_REGISTERS; n++) {
		if (a->held[n] != HELD_NOTHING && pick(a, 2) == 0) {
			draft_keep(&a->d, (struct operand)R((uint16_t)n), n);
			held[n] = a->held[n];
		}
	}
	for (unsigned n = 0; n < RANDOM_REGISTERS && a->columns; n++) {
		if (held[n] == HELD_NOTHING && pick(a, 3) == 0) {
			draft_keep(&a->d, (struct operand)C((uint16_t)pick(a, a->d.program.inputs)),
				   n);
			held[n] = HELD_NUMBER;
		}
	}
	memcpy(a->held, held, sizeof(held));
	a->columns = false;
	a->fallible = false;
}

static void write_program(struct author *a, uint64_t *state)
{
	static const double constants[] = { 0,   1, -3,   2,     -0.0,     0.5,
					    2.5, 4, -1.5, 1e300, INFINITY, -(double)NAN };

	memset(a, 0, sizeof(*a));
	draft_init(&a->d, 3);
	a->state = state;
	a->columns = true;
	for (unsigned n = 0; n < COUNT(constants); n++) {
		draft_constant(&a->d, constants[n]);
	}
	for (unsigned n = pick(a, 20); n > 0; n--) {
		write_operation(a);
		while (pick(a, 6) == 0) {
			write_filter(a, OP_FILTER);
		}
	}
	if (a->fallible) {
		write_filter(a, pick(a, 2) == 0 ? OP_FILTER : OP_FILTER_FAULTS);
	}
	unsigned outputs = 1 + pick(a, 4);
	for (unsigned n = 0; n < outputs; n++) {
		draft_output(&a->d, n, random_operand(a, HELD_NUMBER));
	}
}

START_TEST(random_programs_do_what_they_say)
{
	FOR_ISA(isa)
	uint64_t state = random_seed("programs");
	unsigned n = getenv("GATHERD_TEST_LONG") != NULL ? 100000 : 3000;

	for (unsigned i = 0; i < n; i++) {
		static const uint32_t sizes[] = { 1, 7, 8, 9, 500, 512, 513, 1100 };
		struct author a;

		if (i % 50 == 0) {
			fill_inputs(OP_ADD, &state);
		}
		write_program(&a, &state);
		check_program(&a.d.program, isa, sizes[i % COUNT(sizes)], i % 3 > 0, 0);
	}
}
END_TEST

/* Instructions share a loop only where nothing else needs what is between them. */
START_TEST(a_value_that_is_needed_twice_is_not_folded_away)
{
	FOR_ISA(isa)
	static const struct operand columns[] = { C(0), C(1), C(2) };
	uint64_t state = random_seed("needed twice");

	for (unsigned n = 0; n < 8; n++) {
		struct draft d;
		uint16_t second = n & 1 ? 1 : 2, third = n & 2 ? 0 : 3;

		draft_init(&d, 3);
		draft_op(&d, OP_SUB, 0, columns[0], columns[1]);
		draft_op(&d, OP_MUL, second, (struct operand)R(0), columns[2]);
		draft_op(&d, OP_ADD, third, (struct operand)R(0), (struct operand)R(second));
		draft_op(&d, OP_LT, 4, (struct operand)R(third), columns[1]);
		draft_op(&d, OP_NUMBER, 5, (struct operand)R(4), (struct operand){ 0, 0 });
		if (n & 4) {
			draft_op(&d, OP_ADD, 5, (struct operand)R(5), (struct operand)R(third));
		}
		draft_output(&d, 0, (struct operand)R(third));
		draft_output(&d, 1, (struct operand)R(5));
		fill_inputs(OP_ADD, &state);
		check_program(&d.program, isa, 600, true, 0);
	}
}
END_TEST

/* Whose `active` is a mask that holds nowhere. */
START_TEST(ints_that_cannot_fault_are_still_ints)
{
	FOR_ISA(isa)
	static const struct operand columns[] = { C(0), C(1), C(2) };
	static const struct operand nowhere = { OPERAND_FALSE, 0 };
	struct draft d;

	draft_init(&d, 3);
	draft_op(&d, OP_INT_ADD, 0, columns[0], columns[1])->active = nowhere;
	draft_op(&d, OP_INT_SUB, 0, columns[2], (struct operand)R(0))->active = nowhere;
	draft_op(&d, OP_INT_MUL, 1, columns[0], columns[1])->active = nowhere;
	draft_op(&d, OP_INT_SUB, 2, columns[0], columns[2])->active = nowhere;
	draft_op(&d, OP_INT_NEG, 2, (struct operand)R(2), (struct operand){ 0, 0 })->active =
		nowhere;
	draft_op(&d, OP_INT_FLOORDIV, 3, columns[0], draft_constant(&d, -7))->active = nowhere;
	for (uint16_t n = 0; n < 4; n++) {
		draft_output(&d, n, (struct operand)R(n));
	}
	for (unsigned c = 0; c < 3; c++) {
		for (unsigned i = 0; i < 700; i++) {
			input[c][i] = (double)(i * (7 + c) % 23) - 11;
		}
	}
	check_program(&d.program, isa, 700, true, 0);
}
END_TEST

START_TEST(destroying_nothing_is_fine)
{
	struct evaluator *evaluator = NULL;

	evaluator_destroy(&evaluator);
	ck_assert_ptr_null(evaluator);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("evaluator");
	TCase *values = tcase_create("values");

	tcase_set_timeout(values, 60);
	tcase_add_loop_test(values, every_operation_agrees_with_plain_c_for_every_kind_of_operand,
			    0, ISA_COUNT);
	tcase_add_loop_test(values, corners_are_those_of_cpython, 0, ISA_COUNT);
	tcase_add_loop_test(values, the_last_results_before_overflow_are_not_lost, 0, ISA_COUNT);
	tcase_add_loop_test(values, functions_give_the_same_bits_on_every_cpu, 0, ISA_COUNT);
	tcase_add_loop_test(values, a_value_that_is_needed_twice_is_not_folded_away, 0, ISA_COUNT);
	tcase_add_loop_test(values, ints_that_cannot_fault_are_still_ints, 0, ISA_COUNT);
	tcase_add_loop_test(values, random_programs_do_what_they_say, 0, ISA_COUNT);
	tcase_add_test(values, destroying_nothing_is_fine);
	suite_add_tcase(suite, values);
	return run_for_all_isas(suite);
}
