/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_evaluator_rows.c - which rows are left, where, and what is counted
 *
 * Every test runs once for each variant of the kernels; those that this CPU lacks are named as
 * skipped.
 */
#include "comprehension/evaluator.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "evaluator_draft.h"
#include "random.h"

/* x > 0 decides; kept: x, y, a register and a mask, as many as asked for. */
static void draft_filtering(struct draft *d, unsigned kept, bool fused)
{
	draft_init(d, 2);
	draft_op(d, OP_LT, 4, (struct operand)C(1), (struct operand)C(0));
	draft_op(d, OP_ADD, 2, (struct operand)C(0), (struct operand)C(1));
	draft_op(d, OP_GT, 3, (struct operand)C(0), draft_constant(d, 0));
	if (!fused) {
		draft_op(d, OP_AND, 3, (struct operand)R(3), (struct operand)TRUE_MASK);
	}
	draft_filter(d, OP_FILTER, (struct operand)R(3));
	draft_keep(d, (struct operand)C(0), 0);
	if (kept > 1) {
		draft_keep(d, (struct operand)C(1), 1);
	}
	if (kept > 2) {
		draft_keep(d, (struct operand)R(2), 2);
		draft_keep(d, (struct operand)R(4), 4);
		draft_op(d, OP_NUMBER, 4, (struct operand)R(4), (struct operand){ 0, 0 });
	}
	for (uint16_t n = 0; n < kept; n++) {
		draft_output(d, n, (struct operand)R(n));
	}
	if (kept > 2) {
		draft_output(d, 3, (struct operand)R(4));
	}
}

static void check_filtering(enum isa isa, uint32_t rows)
{
	for (unsigned kept = 1; kept <= 3; kept++) {
		for (unsigned kind = 0; kind < 4; kind++) {
			struct draft d;

			draft_filtering(&d, kept, kind % 2 == 0);
			check_program(&d.program, isa, rows, kind / 2 == 0, 0);
		}
	}
}

START_TEST(filters_keep_every_pattern_of_rows)
{
	FOR_ISA(isa)
	for (unsigned shift = 0; shift < 8; shift++) {
		for (unsigned i = 0; i < 2048 + 8; i++) {
			bool stays = (i - shift) / 8 >> (i - shift) % 8 & 1;

			input[0][i] = stays ? i + 1 : -(double)i;
			input[1][i] = i * 0.5;
		}
		check_filtering(isa, 2048 + shift);
	}
}
END_TEST

START_TEST(filters_keep_none_some_and_all_of_any_number_of_rows)
{
	FOR_ISA(isa)
	uint64_t state = random_seed("filters");

	for (unsigned density = 0; density <= 4; density++) {
		for (unsigned i = 0; i < BATCH_ROWS; i++) {
			input[0][i] = random_next(&state) % 4 < density ? i + 1 : -(double)i;
			input[1][i] = i * 0.5;
		}
		for (uint32_t rows = 0; rows <= 20; rows++) {
			check_filtering(isa, rows);
		}
		for (uint32_t rows = 505; rows <= 520; rows++) {
			check_filtering(isa, rows);
		}
		check_filtering(isa, BATCH_ROWS);
	}
}
END_TEST

/* A row that goes late in a batch: the index of those before it has to be filled in. */
START_TEST(the_index_is_right_wherever_the_first_row_is_taken_out)
{
	FOR_ISA(isa)
	for (uint32_t gone = 0; gone < 1600; gone += 97) {
		for (unsigned i = 0; i < 1600; i++) {
			input[0][i] = i == gone ? -1 : 1;
			input[1][i] = i;
		}
		check_filtering(isa, 1600);
	}
}
END_TEST

START_TEST(the_first_fault_of_a_row_counts_and_only_where_active)
{
	FOR_ISA(isa)
	struct draft d;

	draft_init(&d, 2);
	draft_op(&d, OP_GE, 0, (struct operand)C(1), draft_constant(&d, 0));
	/* 1 / x, then log(y) where y >= 0, then sqrt(y): each may be what goes wrong first */
	draft_op(&d, OP_DIV, 1, draft_constant(&d, 1), (struct operand)C(0));
	draft_op(&d, OP_LOG, 2, (struct operand)C(1), (struct operand){ 0, 0 })->active =
		(struct operand)R(0);
	draft_op(&d, OP_ROUND, 2, (struct operand)C(1), (struct operand){ 0, 0 })->active =
		(struct operand)R(0);
	draft_op(&d, OP_LT, 0, (struct operand)C(0), draft_constant(&d, 3));
	draft_filter(&d, OP_FILTER, (struct operand)R(0));
	draft_keep(&d, (struct operand)R(1), 1);
	draft_output(&d, 0, (struct operand)R(1));
	for (unsigned i = 0; i < 1200; i++) {
		static const double y[] = { -1, 0, 1, 1e17, 2, -0.0, -5 };

		input[0][i] = i % 5;
		input[1][i] = y[i % 7];
	}
	for (uint32_t rows = 0; rows <= 20; rows++) {
		check_program(&d.program, isa, rows, true, 0);
	}
	check_program(&d.program, isa, 1200, true, 0);
	check_program(&d.program, isa, 1200, false, 0);
}
END_TEST

START_TEST(faults_are_counted_to_the_last_row_and_not_behind_it)
{
	FOR_ISA(isa)
	static const enum op ops[] = { OP_DIV,   OP_FLOORDIV, OP_MOD, OP_SQRT,   OP_LOG,
				       OP_ROUND, OP_SIN,      OP_POW, OP_INT_ADD };

	for (unsigned n = 0; n < COUNT(ops); n++) {
		struct draft d;

		draft_init(&d, 2);
		draft_op(&d, ops[n], 0, (struct operand)C(0), (struct operand)C(1));
		draft_filter(&d, OP_FILTER_FAULTS, (struct operand){ 0, 0 });
		draft_keep(&d, (struct operand)R(0), 0);
		draft_output(&d, 0, (struct operand)R(0));
		for (unsigned i = 0; i < 600; i++) {
			input[0][i] = i + 1;
			input[1][i] = 2;
		}
		for (uint32_t rows = 1; rows <= 530; rows += rows < 20 ? 1 : 51) {
			check_program(&d.program, isa, rows, true, 1);
			/* and the last row does */
			double a = input[0][rows - 1], b = input[1][rows - 1];
			input[0][rows - 1] = ops[n] == OP_INT_ADD ? 0x1p53 : -1;
			if (ops[n] == OP_SIN || ops[n] == OP_ROUND) {
				input[0][rows - 1] = INFINITY;
			}
			input[1][rows - 1] = ops[n] == OP_POW ? 0.25 : ops[n] == OP_INT_ADD;
			check_program(&d.program, isa, rows, true, 1);
			input[0][rows - 1] = a;
			input[1][rows - 1] = b;
		}
	}
}
END_TEST

/* Outputs that are each other's columns, in all orders, with and without a filter. */
START_TEST(outputs_may_be_each_others_columns)
{
	FOR_ISA(isa)
	for (unsigned i = 0; i < 1300; i++) {
		input[0][i] = i;
		input[1][i] = 1e4 + i;
		input[2][i] = 2e4 + (double)(i % 7) - 3;
	}
	for (unsigned n = 0; n < 4 * 4 * 4 * 2; n++) {
		unsigned from[3] = { n % 4, n / 4 % 4, n / 16 % 4 };
		struct draft d;

		draft_init(&d, 3);
		struct operand two = draft_constant(&d, 2);
		if (n >= 64) {
			draft_op(&d, OP_GE, 5, (struct operand)C(2), draft_constant(&d, 2e4));
			draft_filter(&d, OP_FILTER, (struct operand)R(5));
			for (uint16_t k = 0; k < 3; k++) {
				draft_keep(&d, (struct operand)C(k), k);
			}
			draft_op(&d, OP_ADD, 3, (struct operand)R(0), (struct operand)R(1));
		} else {
			draft_op(&d, OP_ADD, 3, (struct operand)C(0), (struct operand)C(1));
		}
		for (unsigned k = 0; k < 3; k++) {
			bool column = n < 64 && from[k] < 3;

			draft_output(&d, k,
				     (struct operand){ column ? OPERAND_COLUMN : OPERAND_REGISTER,
						       (uint16_t)from[k] });
		}
		draft_output(&d, 3, two);
		check_program(&d.program, isa, 1300, n % 2 == 0, 0);
	}
}
END_TEST

START_TEST(a_batch_goes_from_stage_to_stage)
{
	FOR_ISA(isa)
	struct draft d;
	struct tile tile = { .round = 1, .generators = 2, .steps = 2000 };
	struct batch *batch = batch_create(4000, 1);

	ck_assert_ptr_nonnull(batch);
	draft_init(&d, 1);
	draft_op(&d, OP_GT, 0, (struct operand)C(0), draft_constant(&d, 0));
	draft_filter(&d, OP_FILTER, (struct operand)R(0));
	draft_keep(&d, (struct operand)C(0), 0);
	draft_op(&d, OP_SUB, 0, (struct operand)R(0), draft_constant(&d, 1));
	draft_output(&d, 0, (struct operand)R(0));
	struct evaluator *evaluator = evaluator_create_program(&d.program, isa);
	ck_assert_ptr_nonnull(evaluator);
	batch_open(batch, &tile, 1);
	for (unsigned i = 0; i < 4000; i++) {
		batch->column[0][i] = i % 7;
	}
	for (unsigned stage = 1; stage <= 6; stage++) {
		evaluator_run(evaluator, batch);
		uint32_t left = 0;
		for (unsigned i = 0; i < 4000; i++) {
			if (i % 7 >= stage) {
				if (batch->index[left] != i ||
				    batch->column[0][left] != i % 7 - stage) {
					ck_abort_msg("row %u is wrong", i);
				}
				left++;
			}
		}
		ck_assert_uint_eq(batch->rows, left);
		ck_assert_uint_eq(batch->filtered, 4000 - left);
	}
	batch_destroy(&batch);
	evaluator_destroy(&evaluator);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("evaluator_rows");
	TCase *rows = tcase_create("rows");

	tcase_set_timeout(rows, 60);
	tcase_add_loop_test(rows, filters_keep_every_pattern_of_rows, 0, ISA_COUNT);
	tcase_add_loop_test(rows, filters_keep_none_some_and_all_of_any_number_of_rows, 0,
			    ISA_COUNT);
	tcase_add_loop_test(rows, the_index_is_right_wherever_the_first_row_is_taken_out, 0,
			    ISA_COUNT);
	tcase_add_loop_test(rows, the_first_fault_of_a_row_counts_and_only_where_active, 0,
			    ISA_COUNT);
	tcase_add_loop_test(rows, faults_are_counted_to_the_last_row_and_not_behind_it, 0,
			    ISA_COUNT);
	tcase_add_loop_test(rows, outputs_may_be_each_others_columns, 0, ISA_COUNT);
	tcase_add_loop_test(rows, a_batch_goes_from_stage_to_stage, 0, ISA_COUNT);
	suite_add_tcase(suite, rows);
	return run_for_all_isas(suite);
}
