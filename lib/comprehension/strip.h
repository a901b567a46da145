/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * strip.h - the loops of the kernels, around what they do to lanes; for kernel files only
 *
 * The functions given are constants of the caller, so that each kernel is a loop of its own.  dst
 * may be an operand or lie before one in the same column: what a step reads is read before the step
 * writes, and nothing is declared restrict.
 */
#ifndef COMPREHENSION_STRIP_H
#define COMPREHENSION_STRIP_H

#include "comprehension/evaluator_kernels.h"
#include "comprehension/lanes.h"

#define STRIP_INLINE static inline __attribute__((always_inline))

typedef lanes strip_function(lanes a, lanes b);
typedef lane_mask strip_predicate(lanes a, lanes b);

/* 0, or 1 + the fault that a row of these operands makes. */
typedef unsigned strip_fault(double a, double b);

STRIP_INLINE const double *strip_at(const struct strip_operand *operand, size_t row)
{
	return operand->rows + (row & (size_t)operand->step);
}

/* dst = function(a, b) */
STRIP_INLINE void strip_apply(const struct frame *frame, strip_function *function)
{
	const struct frame f = *frame;

	for (size_t i = 0; i < f.rows; i += ROW_BLOCK) {
		const double *a = strip_at(&f.a, i);
		const double *b = strip_at(&f.b, i);

		for (size_t j = 0; j < ROW_BLOCK; j += LANES) {
			lanes_store(f.dst + i + j, function(lanes_load(a + j), lanes_load(b + j)));
		}
	}
}

/* The operand's rows row + lane and on; an operand that was loaded before is `same`. */
STRIP_INLINE lanes strip_lanes(const struct strip_operand *operand, size_t row, size_t lane,
			       const lanes *same)
{
	return same != NULL ? *same : lanes_load(strip_at(operand, row) + lane);
}

/* dst = outer(inner(a, b), c) */
STRIP_INLINE void strip_chain_loop(const struct frame *frame, strip_function *inner,
				   strip_function *outer, bool b_same, bool c_same)
{
	const struct frame f = *frame;
	const lanes b = lanes_load(f.b.rows);
	const lanes c = lanes_load(f.c.rows);

	for (size_t i = 0; i < f.rows; i += ROW_BLOCK) {
		for (size_t j = 0; j < ROW_BLOCK; j += LANES) {
			lanes x = inner(strip_lanes(&f.a, i, j, NULL),
					strip_lanes(&f.b, i, j, b_same ? &b : NULL));

			lanes_store(f.dst + i + j,
				    outer(x, strip_lanes(&f.c, i, j, c_same ? &c : NULL)));
		}
	}
}

/* With constants kept in registers: what would be 3 loads for a store is bound by loads. */
STRIP_INLINE void strip_chain(const struct frame *frame, strip_function *inner,
			      strip_function *outer)
{
	bool b_same = frame->b.step == ROWS_SAME;
	bool c_same = frame->c.step == ROWS_SAME;

	if (b_same && c_same) {
		strip_chain_loop(frame, inner, outer, true, true);
	} else if (b_same) {
		strip_chain_loop(frame, inner, outer, true, false);
	} else if (c_same) {
		strip_chain_loop(frame, inner, outer, false, true);
	} else {
		strip_chain_loop(frame, inner, outer, false, false);
	}
}

STRIP_INLINE void strip_tree_loop(const struct frame *frame, strip_function *outer,
				  strip_function *left, strip_function *right, bool squares)
{
	const struct frame f = *frame;

	for (size_t i = 0; i < f.rows; i += ROW_BLOCK) {
		for (size_t j = 0; j < ROW_BLOCK; j += LANES) {
			lanes a = strip_lanes(&f.a, i, j, NULL);
			lanes x = left(a, strip_lanes(&f.b, i, j, squares ? &a : NULL));
			lanes c = strip_lanes(&f.c, i, j, NULL);
			lanes y = right(c, strip_lanes(&f.d, i, j, squares ? &c : NULL));

			lanes_store(f.dst + i + j, outer(x, y));
		}
	}
}

/* dst = outer(left(a, b), right(c, d)) */
STRIP_INLINE void strip_tree(const struct frame *frame, strip_function *outer, strip_function *left,
			     strip_function *right)
{
	if (frame->a.rows == frame->b.rows && frame->c.rows == frame->d.rows) {
		strip_tree_loop(frame, outer, left, right, true);
	} else {
		strip_tree_loop(frame, outer, left, right, false);
	}
}

STRIP_INLINE void strip_choice_loop(const struct frame *frame, strip_predicate *predicate,
				    bool same)
{
	const struct frame f = *frame;
	const lanes c = lanes_load(f.c.rows);
	const lanes d = lanes_load(f.d.rows);

	for (size_t i = 0; i < f.rows; i += ROW_BLOCK) {
		for (size_t j = 0; j < ROW_BLOCK; j += LANES) {
			lane_mask chosen = predicate(strip_lanes(&f.a, i, j, NULL),
						     strip_lanes(&f.b, i, j, NULL));

			lanes_store(f.dst + i + j,
				    lanes_select(chosen, strip_lanes(&f.c, i, j, same ? &c : NULL),
						 strip_lanes(&f.d, i, j, same ? &d : NULL)));
		}
	}
}

/* dst = predicate(a, b) ? c : d */
STRIP_INLINE void strip_choice(const struct frame *frame, strip_predicate *predicate)
{
	if (frame->c.step == ROWS_SAME && frame->d.step == ROWS_SAME) {
		strip_choice_loop(frame, predicate, true);
	} else {
		strip_choice_loop(frame, predicate, false);
	}
}

/* Whether the predicate holds in any active row of a block; rows before `within` count. */
STRIP_INLINE lane_mask strip_suspects(const struct frame *f, size_t row, size_t within,
				      strip_predicate *predicate, bool all_active)
{
	static const int64_t window[2 * ROW_BLOCK] = { -1, -1, -1, -1, -1, -1, -1, -1 };
	lane_mask any = { 0 };

	for (size_t j = 0; j < ROW_BLOCK; j += LANES) {
		lane_mask found = predicate(strip_lanes(&f->a, row, j, NULL),
					    strip_lanes(&f->b, row, j, NULL));

		if (!all_active) {
			found &= (lane_mask)strip_lanes(&f->active, row, j, NULL);
		}
		if (within < ROW_BLOCK) {
			found &= *(const lane_mask_memory *)(window + ROW_BLOCK - within + j);
		}
		any |= found;
	}
	return any;
}

STRIP_INLINE bool strip_is_suspect(const struct frame *frame, strip_predicate *predicate,
				   bool all_active)
{
	const struct frame f = *frame;
	size_t whole = f.rows - f.rows % ROW_BLOCK;
	lane_mask any = { 0 };

	for (size_t i = 0; i < whole; i += ROW_BLOCK) {
		any |= strip_suspects(&f, i, ROW_BLOCK, predicate, all_active);
	}
	if (whole < f.rows) {
		any |= strip_suspects(&f, whole, f.rows - whole, predicate, all_active);
	}
	return lanes_any(any);
}

/* Note the fault of one row, if it is the row's first and counts. */
static inline void strip_note(const struct frame *frame, size_t row, unsigned fault)
{
	struct strip_faults *faults = frame->faults;
	uint64_t active;

	if (faults == NULL || fault == 0 || row >= frame->rows || faults->kind[row] != 0) {
		return;
	}
	memcpy(&active, strip_at(&frame->active, row - row % ROW_BLOCK) + row % ROW_BLOCK,
	       sizeof(active));
	if (active != 0) {
		faults->kind[row] = (uint8_t)fault;
		faults->any = true;
	}
}

__attribute__((noinline, cold, unused)) static void strip_note_all(const struct frame *frame,
								   strip_fault *fault)
{
	for (size_t i = 0; i < frame->rows; i++) {
		size_t lane = i % ROW_BLOCK;

		strip_note(frame, i,
			   fault(strip_at(&frame->a, i - lane)[lane],
				 strip_at(&frame->b, i - lane)[lane]));
	}
}

/* Note the faults of the rows; suspect holds wherever fault is not 0. */
STRIP_INLINE void strip_check(const struct frame *frame, strip_predicate *suspect,
			      strip_fault *fault)
{
	if (frame->faults == NULL) {
		return;
	}
	if (frame->active.step == ROWS_SAME ? strip_is_suspect(frame, suspect, true)
					    : strip_is_suspect(frame, suspect, false)) {
		strip_note_all(frame, fault);
	}
}

#endif
