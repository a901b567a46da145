/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * arithmetic_function.c - unary operators, comparisons and functions
 */
#include "comprehension/arithmetic.h"

#include <math.h>

struct value arithmetic_negate(struct code *code, const struct value *a, struct span span)
{
	struct value x = value_promote(code, a);
	struct constant negative;

	x.span = span;
	if (x.is_constant && x.type == VALUE_FLOAT) {
		return value_constant(constant_real(-x.constant.real), span);
	}
	if (x.is_constant) {
		if (constant_negate(&x.constant, &negative) == CONSTANT_DONE) {
			return value_constant(negative, span);
		}
		diagnosis_set(code->diagnosis, span,
			      "the integer constant is too large: over 127 bits");
		return value_none(span);
	}
	struct operand ints = value_is_int(&x);
	struct operand as_int = x.number, as_float = x.number;
	if (ints.kind != OPERAND_FALSE) {
		as_int = code_emit(code, (struct instruction){ .op = OP_INT_NEG, .a = x.number });
	}
	if (ints.kind != OPERAND_TRUE) {
		as_float = code_emit(code, (struct instruction){ .op = OP_NEG, .a = x.number });
	}
	struct value result = x;
	result.number = code_select(code, ints, as_int, as_float);
	result.low = -x.high;
	result.high = -x.low;
	return result;
}

static enum op comparison_op(enum token_kind operator)
{
	switch (operator) {
	case TOKEN_LT:
		return OP_LT;
	case TOKEN_LE:
		return OP_LE;
	case TOKEN_EQ:
		return OP_EQ;
	case TOKEN_NE:
		return OP_NE;
	case TOKEN_GT:
		return OP_GT;
	default:
		return OP_GE;
	}
}

/* a operator b is b mirrored(operator) a. */
static enum op mirrored(enum op op)
{
	switch (op) {
	case OP_LT:
		return OP_GT;
	case OP_LE:
		return OP_GE;
	case OP_GT:
		return OP_LT;
	case OP_GE:
		return OP_LE;
	default:
		return op;
	}
}

static bool holds(enum op op, int order)
{
	switch (op) {
	case OP_LT:
		return order == -1;
	case OP_LE:
		return order == -1 || order == 0;
	case OP_EQ:
		return order == 0;
	case OP_NE:
		return order != 0;
	case OP_GT:
		return order == 1;
	default:
		return order == 1 || order == 0;
	}
}

/*
 * A row compared with an int constant that no double is equal to: with the greatest double below
 * it, then.
 */
static struct operand compare_between(struct code *code, enum op op, struct operand row,
				      const struct constant *constant)
{
	struct constant below = constant_real(constant_double(constant));

	if (constant_compare(&below, constant) > 0) {
		below.real = nextafter(below.real, -HUGE_VAL);
	}
	switch (op) {
	case OP_EQ:
		return CODE_FALSE;
	case OP_NE:
		return CODE_TRUE;
	case OP_LT:
	case OP_LE:
		op = OP_LE;
		break;
	default:
		op = OP_GT;
		break;
	}
	struct operand limit = code_constant(code, below.real);
	return code_emit(code, (struct instruction){ .op = op, .a = row, .b = limit });
}

static bool is_between_doubles(const struct value *v)
{
	if (!v->is_constant || v->type == VALUE_FLOAT) {
		return false;
	}
	struct constant rounded = constant_real(constant_double(&v->constant));
	return constant_compare(&v->constant, &rounded) != 0;
}

struct operand arithmetic_compare(struct code *code, enum token_kind operator,
				  const struct value * a, const struct value *b)
{
	enum op op = comparison_op(operator);

	if (a->is_constant && b->is_constant) {
		return holds(op, constant_compare(&a->constant, &b->constant)) ? CODE_TRUE
									       : CODE_FALSE;
	}
	if (is_between_doubles(a)) {
		return compare_between(code, mirrored(op), value_as_float(code, b), &a->constant);
	}
	if (is_between_doubles(b)) {
		return compare_between(code, op, value_as_float(code, a), &b->constant);
	}
	struct operand left = value_as_float(code, a);
	struct operand right = value_as_float(code, b);
	return code_emit(code, (struct instruction){ .op = op, .a = left, .b = right });
}

struct value arithmetic_abs(struct code *code, const struct value *a, struct span span)
{
	struct value x = value_promote(code, a);
	struct value result = x;

	if (x.is_constant && x.type == VALUE_FLOAT) {
		return value_constant(constant_real(fabs(x.constant.real)), span);
	}
	if (x.is_constant) {
		if (x.constant.integer < 0) {
			return arithmetic_negate(code, &x, span);
		}
		return value_constant(x.constant, span);
	}
	result.number = code_emit(code, (struct instruction){ .op = OP_ABS, .a = x.number });
	result.low = x.low > 0 ? x.low : x.high < 0 ? -x.high : 0;
	result.high = fmax(fabs(x.low), fabs(x.high));
	result.span = span;
	return result;
}

struct value arithmetic_round(struct code *code, const struct value *a, struct operand active,
			      struct span span)
{
	struct value x = value_promote(code, a);
	struct constant rounded;
	enum gather_fault fault;

	x.span = span;
	if (x.is_constant) {
		switch (constant_round(&x.constant, &rounded, &fault)) {
		case CONSTANT_DONE:
			return value_constant(rounded, span);
		case CONSTANT_TOO_LARGE:
			diagnosis_set(code->diagnosis, span,
				      "the integer constant is too large: over 127 bits");
			return value_none(span);
		default:
			code_raises(code, fault);
			break;
		}
	}
	if (x.type == VALUE_INT) {
		return x;
	}
	struct operand number = code_emit(code, (struct instruction){
							.op = OP_ROUND,
							.a = value_as_float(code, &x),
							.active = active,
						});
	return value_int(number, -VALUE_INT_MAX, VALUE_INT_MAX, span);
}

struct value arithmetic_function(struct code *code, const struct function *function,
				 const struct value *a, struct operand active, struct span span)
{
	struct value x = value_promote(code, a);
	struct constant result;
	enum gather_fault fault;

	if (x.is_constant) {
		double number = constant_double(&x.constant);

		if (constant_run(function->op, number, 0, &result, &fault) == CONSTANT_DONE) {
			return value_constant(result, span);
		}
		code_raises(code, fault);
	}
	if (x.type == VALUE_INT && x.low >= function->fault_free_from &&
	    x.high <= function->fault_free_to) {
		active = CODE_FALSE;
	}
	struct operand number = code_emit(code, (struct instruction){
							.op = function->op,
							.a = value_as_float(code, &x),
							.active = active,
						});
	return value_float(number, span);
}

struct value arithmetic_pick(struct code *code, enum op op, const struct value *a,
			     const struct value *b, struct span span)
{
	enum token_kind operator= op == OP_MIN ? TOKEN_LT : TOKEN_GT;
	struct value x = value_promote(code, a), y = value_promote(code, b);
	struct operand second = arithmetic_compare(code, operator, & y, &x);
	struct value result;

	if (x.is_constant && y.is_constant) {
		result = value_select(code, second, &y, &x);
	} else {
		struct operand left = value_as_number(code, &x);
		struct operand right = value_as_number(code, &y);
		struct operand number =
			code_emit(code, (struct instruction){ .op = op, .a = left, .b = right });

		result = value_join(code, number, second, &y, &x);
		if (result.type == VALUE_INT) {
			result.low = op == OP_MIN ? fmin(x.low, y.low) : fmax(x.low, y.low);
			result.high = op == OP_MIN ? fmin(x.high, y.high) : fmax(x.high, y.high);
		}
	}
	result.span = span;
	return result;
}
