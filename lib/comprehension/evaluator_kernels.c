/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * evaluator_kernels.c - arithmetic, comparisons and masks, a strip at a time
 *
 * Every instruction is one loop; what its operands are differs in their step alone.  Faults are
 * looked for first, in a loop that only reads, because dst may be an operand and because hardly a
 * strip has any: only one that has is gone through row by row.
 */
#include "comprehension/evaluator_kernels.h"

#include "comprehension/strip.h"

/* Number or mask = expression of a and b; for one operand b is not looked at. */
#define LANEWISE(name, expression)                  \
	static lanes name##_lanes(lanes a, lanes b) \
	{                                           \
		(void)a;                            \
		(void)b;                            \
		return (lanes)(expression);         \
	}                                           \
	static void name(const struct frame *frame) \
	{                                           \
		strip_apply(frame, name##_lanes);   \
	}

/* The same where rows may fault: where suspect holds, fault decides. */
#define FAULTING(name, expression, suspect, fault)                \
	static lanes name##_lanes(lanes a, lanes b)               \
	{                                                         \
		(void)b;                                          \
		return expression;                                \
	}                                                         \
	static lane_mask name##_suspect(lanes a, lanes b)         \
	{                                                         \
		(void)a;                                          \
		(void)b;                                          \
		return suspect;                                   \
	}                                                         \
	static unsigned name##_fault(double a, double b)          \
	{                                                         \
		(void)a;                                          \
		(void)b;                                          \
		return fault;                                     \
	}                                                         \
	static void name(const struct frame *frame)               \
	{                                                         \
		strip_check(frame, name##_suspect, name##_fault); \
		strip_apply(frame, name##_lanes);                 \
	}

#define COMPARISON(name, operator)                           \
	LANEWISE(name, a operator b)                         \
	static lane_mask name##_predicate(lanes a, lanes b)  \
	{                                                    \
		return a operator b;                         \
	}                                                    \
	static void name##_choice(const struct frame *frame) \
	{                                                    \
		strip_choice(frame, name##_predicate);       \
	}

/* The greatest magnitude up to which doubles hold every integer. */
#define INTEGER_MAX 0x1p53

static const unsigned zero_division = 1 + GATHER_FAULT_ZERO_DIVISION;
static const unsigned value = 1 + GATHER_FAULT_VALUE;
static const unsigned overflow = 1 + GATHER_FAULT_OVERFLOW;
static const unsigned integer = 1 + GATHER_FAULT_INTEGER;

LANEWISE(add, a + b)
LANEWISE(subtract, a - b)
LANEWISE(multiply, (a) * (b))
LANEWISE(negate, lanes_negate(a))
LANEWISE(absolute, lanes_abs(a))
LANEWISE(copy, a)
LANEWISE(minimum, lanes_select(b < a, b, a))
LANEWISE(maximum, lanes_select(b > a, b, a))
FAULTING(divide, a / b, b == 0, b == 0 ? zero_division : 0)
FAULTING(square_root, lanes_sqrt(a), a < 0, a < 0 ? value : 0)

COMPARISON(less, <)
COMPARISON(less_equal, <=)
COMPARISON(equal, ==)
COMPARISON(not_equal, !=)
COMPARISON(greater, >)
COMPARISON(greater_equal, >=)

LANEWISE(and, lanes_and(a, b))
LANEWISE(or, (lane_mask)a | (lane_mask)b)
LANEWISE(and_not, (lane_mask)a & ~(lane_mask)b)
LANEWISE(not, ~(lane_mask)a)
LANEWISE(truth, a != 0)
LANEWISE(number, lanes_and(a, lanes_all(1)))

static lanes subtract_from_lanes(lanes a, lanes b)
{
	return b - a;
}

#define CHAIN(inner, outer)                                       \
	static void inner##_##outer(const struct frame *frame)    \
	{                                                         \
		strip_chain(frame, inner##_lanes, outer##_lanes); \
	}
#define CHAINS(inner)          \
	CHAIN(inner, add)      \
	CHAIN(inner, subtract) \
	CHAIN(inner, multiply) \
	CHAIN(inner, subtract_from)
CHAINS(add)
CHAINS(subtract)
CHAINS(multiply)

#define TREE(outer, left, right)                                               \
	static void outer##_##left##_##right(const struct frame *frame)        \
	{                                                                      \
		strip_tree(frame, outer##_lanes, left##_lanes, right##_lanes); \
	}
#define TREES_OF(outer, left)       \
	TREE(outer, left, add)      \
	TREE(outer, left, subtract) \
	TREE(outer, left, multiply)
#define TREES(outer)              \
	TREES_OF(outer, add)      \
	TREES_OF(outer, subtract) \
	TREES_OF(outer, multiply)
TREES(add)
TREES(subtract)
TREES(multiply)

static lane_mask is_set(lanes a, lanes b)
{
	(void)b;
	return (lane_mask)a;
}

/* Numbers or masks: mask a ? b : c. */
static void choose(const struct frame *frame)
{
	struct frame f = *frame;

	f.c = frame->b;
	f.d = frame->c;
	strip_choice(&f, is_set);
}

/*
 * Ints.  A sum, difference or product of exact ints is exact unless it is beyond INTEGER_MAX or
 * has been rounded to it.  Adding 0 turns -0 into 0 and nothing else.
 */
static unsigned sum_fault(double a, double b)
{
	double sum = a + b;

	return fabs(sum) > INTEGER_MAX || sum - a != b ? integer : 0;
}

static unsigned difference_fault(double a, double b)
{
	return sum_fault(a, -b);
}

static unsigned product_fault(double a, double b)
{
	double product = a * b;

	return fabs(product) > INTEGER_MAX || fma(a, b, -product) != 0 ? integer : 0;
}

FAULTING(int_add, a + b, lanes_abs(a + b) >= INTEGER_MAX, sum_fault(a, b))
FAULTING(int_subtract, a - b, lanes_abs(a - b) >= INTEGER_MAX, difference_fault(a, b))
FAULTING(int_multiply, (a) * (b) + 0, lanes_abs((a) * (b)) >= INTEGER_MAX, product_fault(a, b))
LANEWISE(int_negate, 0 - a)

/*
 * The quotient of two ints never rounds to an integer that it is not: it is at least 1/|b| away
 * from an integer k, and since |k*b| <= 2**53 half the gap between doubles next to k is less than
 * that.  So floor and trunc of the rounded quotient are those of the true one.  trunc(a/b)*b is at
 * most |a| and exact, which floor(a/b)*b need not be.
 */
static lanes int_remainder(lanes a, lanes b)
{
	lanes remainder = a - lanes_trunc(a / b) * b;
	lane_mask other_sign = (remainder != 0) & ((remainder < 0) != (b < 0));

	return remainder + lanes_select(other_sign, b, (lanes){ 0 });
}

FAULTING(int_floor_divide, lanes_floor(a / b) + 0, b == 0, b == 0 ? zero_division : 0)
FAULTING(int_modulo, int_remainder(a, b), b == 0, b == 0 ? zero_division : 0)

static unsigned round_fault(double a)
{
	if (isnan(a)) {
		return value;
	}
	if (isinf(a)) {
		return overflow;
	}
	return fabs(rint(a)) > INTEGER_MAX ? integer : 0;
}

/* What rounds to more than INTEGER_MAX is more than that. */
FAULTING(round_even, lanes_rint(a) + 0, ~(lanes_abs(a) <= INTEGER_MAX), round_fault(a))

static lane_mask is_nan(lanes x)
{
	return x != x;
}

static lanes canonical_lanes(lanes a, lanes b)
{
	(void)b;
	return lanes_select(is_nan(a), lanes_all((double)NAN), a);
}

static bool has_nan(const struct strip_operand *operand, size_t rows)
{
	lane_mask any = { 0 };

	for (size_t i = 0; i < rows; i += ROW_BLOCK) {
		const double *a = strip_at(operand, i);

		for (size_t j = 0; j < ROW_BLOCK; j += LANES) {
			any |= is_nan(lanes_load(a + j));
		}
	}
	return lanes_any(any);
}

/* In place, looking is cheaper than writing. */
static void canonical(const struct frame *frame)
{
	if (frame->dst != frame->a.rows || has_nan(&frame->a, frame->rows)) {
		strip_apply(frame, canonical_lanes);
	}
}

/* In the order of enum arithmetic. */
#define CHAIN_TABLE(inner)                                                             \
	{                                                                              \
		inner##_add, inner##_subtract, inner##_multiply, inner##_subtract_from \
	}
#define TREE_ROW(outer, left)                                                              \
	{                                                                                  \
		outer##_##left##_add, outer##_##left##_subtract, outer##_##left##_multiply \
	}
#define TREE_TABLE(outer)                                                                  \
	{                                                                                  \
		TREE_ROW(outer, add), TREE_ROW(outer, subtract), TREE_ROW(outer, multiply) \
	}

const struct evaluator_kernels KERNEL(evaluator_kernels) = {
	.op = {
		[OP_ADD] = add,
		[OP_SUB] = subtract,
		[OP_MUL] = multiply,
		[OP_NEG] = negate,
		[OP_ABS] = absolute,
		[OP_COPY] = copy,
		[OP_DIV] = divide,
		[OP_INT_ADD] = int_add,
		[OP_INT_SUB] = int_subtract,
		[OP_INT_MUL] = int_multiply,
		[OP_INT_NEG] = int_negate,
		[OP_INT_FLOORDIV] = int_floor_divide,
		[OP_INT_MOD] = int_modulo,
		[OP_LT] = less,
		[OP_LE] = less_equal,
		[OP_EQ] = equal,
		[OP_NE] = not_equal,
		[OP_GT] = greater,
		[OP_GE] = greater_equal,
		[OP_AND] = and,
		[OP_OR] = or,
		[OP_ANDNOT] = and_not,
		[OP_NOT] = not,
		[OP_TRUTH] = truth,
		[OP_NUMBER] = number,
		[OP_SELECT] = choose,
		[OP_SELECT_MASK] = choose,
		[OP_MIN] = minimum,
		[OP_MAX] = maximum,
		[OP_SQRT] = square_root,
		[OP_ROUND] = round_even,
	},
	.canonical = canonical,
	.chain = {
		[ARITHMETIC_ADD] = CHAIN_TABLE(add),
		[ARITHMETIC_SUB] = CHAIN_TABLE(subtract),
		[ARITHMETIC_MUL] = CHAIN_TABLE(multiply),
	},
	.tree = {
		[ARITHMETIC_ADD] = TREE_TABLE(add),
		[ARITHMETIC_SUB] = TREE_TABLE(subtract),
		[ARITHMETIC_MUL] = TREE_TABLE(multiply),
	},
	.choice = {
		[OP_LT] = less_choice,
		[OP_LE] = less_equal_choice,
		[OP_EQ] = equal_choice,
		[OP_NE] = not_equal_choice,
		[OP_GT] = greater_choice,
		[OP_GE] = greater_equal_choice,
	},
};
