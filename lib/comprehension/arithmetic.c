/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * arithmetic.c - binary operators
 *
 * Bounds of ints are followed through operators, because most ints are counts and masks: where
 * no result can be beyond 2**53, or be -0.0 as a float, the cheaper instruction for floats does.
 */
#include "comprehension/arithmetic.h"

#include <math.h>

#include "comprehension/arithmetic_bounds.h"

/* Two numbers and an operator between them. */
struct operation {
	enum token_kind operator;
	struct value a, b; /* no bools but constants */
	struct operand active;
	struct span span;
};

static bool may_be_zero(const struct value *v)
{
	return v->low <= 0 && v->high >= 0;
}

/* Whether a divisor can be 0 in a row. */
static bool may_divide_by_zero(const struct value *b)
{
	if (b->is_constant) {
		return constant_double(&b->constant) == 0;
	}
	return b->type != VALUE_INT || may_be_zero(b);
}

/* Whether the product of ints may be -0.0 when computed as floats; a square never is. */
static bool may_be_negative_zero(const struct value *a, const struct value *b)
{
	bool same = a->number.kind == OPERAND_REGISTER && b->number.kind == OPERAND_REGISTER &&
		    a->number.index == b->number.index;

	return !same && ((may_be_zero(a) && b->low < 0) || (may_be_zero(b) && a->low < 0));
}

static enum op int_op(enum token_kind operator)
{
	switch (operator) {
	case TOKEN_PLUS:
		return OP_INT_ADD;
	case TOKEN_MINUS:
		return OP_INT_SUB;
	case TOKEN_STAR:
		return OP_INT_MUL;
	case TOKEN_FLOOR:
		return OP_INT_FLOORDIV;
	case TOKEN_PERCENT:
		return OP_INT_MOD;
	default:
		return OP_INT_POW;
	}
}

/* Whether the instruction for floats gives the right ints, too. */
static bool is_as_floats(const struct operation *o)
{
	struct bounds bounds = arithmetic_bounds(o->operator, & o->a, &o->b);

	switch (o->operator) {
	case TOKEN_PLUS:
	case TOKEN_MINUS:
		return !bounds_are_beyond(&bounds);
	case TOKEN_STAR:
		return !bounds_are_beyond(&bounds) && !may_be_negative_zero(&o->a, &o->b);
	default:
		return false;
	}
}

/* The operation on ints, in rows where `active` holds. */
static struct value compute_ints(struct code *code, const struct operation *o,
				 struct operand active)
{
	struct bounds bounds = arithmetic_bounds(o->operator, & o->a, &o->b);
	bool divides = o->operator== TOKEN_FLOOR || o->operator== TOKEN_PERCENT;
	bool may_fault = divides ? may_be_zero(&o->b) : bounds_are_beyond(&bounds);
	enum op op = is_as_floats(o) ? constant_float_op(o->operator) : int_op(o->operator);
	struct operand a = value_as_number(code, &o->a);
	struct operand b = value_as_number(code, &o->b);
	struct operand result = code_emit(code, (struct instruction){
							.op = op,
							.a = a,
							.b = b,
							.active = may_fault ? active : CODE_FALSE,
						});
	return value_int(result, bounds.low, bounds.high, o->span);
}

/* The divisor as a factor, where that rounds the same: a power of two. */
static bool has_exact_inverse(const struct value *divisor, double *inverse)
{
	int exponent;

	if (!divisor->is_constant) {
		return false;
	}
	double x = constant_double(&divisor->constant);
	struct constant rounded = constant_real(x);
	*inverse = 1 / x;
	return constant_compare(&divisor->constant, &rounded) == 0 && isfinite(x) &&
	       isfinite(*inverse) && fabs(frexp(x, &exponent)) == 0.5;
}

/* The operation on floats, in rows where `active` holds. */
static struct operand compute_floats(struct code *code, const struct operation *o,
				     struct operand active)
{
	bool rounds = o->operator== TOKEN_SLASH && o->a.type != VALUE_FLOAT &&
		      o->b.type != VALUE_FLOAT; /* ints are divided exactly, then rounded */
	struct operand a = rounds ? value_as_double(code, &o->a) : value_as_float(code, &o->a);
	double inverse;

	if (o->operator== TOKEN_SLASH && has_exact_inverse(&o->b, &inverse)) {
		struct operand factor = code_constant(code, inverse);

		return code_emit(code, (struct instruction){ .op = OP_MUL, .a = a, .b = factor });
	}
	struct operand b = rounds ? value_as_double(code, &o->b) : value_as_float(code, &o->b);
	bool may_fault = o->operator== TOKEN_POWER || may_divide_by_zero(&o->b);
	return code_emit(code, (struct instruction){
				       .op = constant_float_op(o->operator),
				       .a = a,
				       .b = b,
				       .active = may_fault ? active : CODE_FALSE,
			       });
}

/* Where the result is an int. */
static struct operand where_ints(struct code *code, const struct operation *o)
{
	struct operand ints = code_and(code, value_is_int(&o->a), value_is_int(&o->b));

	if (o->operator== TOKEN_SLASH || ints.kind == OPERAND_FALSE) {
		return CODE_FALSE;
	}
	if (o->operator!= TOKEN_POWER || o->b.low >= 0) {
		return ints;
	}
	if (o->b.high < 0) {
		return CODE_FALSE;
	}
	struct operand b = value_as_number(code, &o->b);
	struct operand zero = code_constant(code, 0);
	struct operand natural =
		code_emit(code, (struct instruction){ .op = OP_GE, .a = b, .b = zero });
	return code_and(code, ints, natural);
}

static struct value compute(struct code *code, const struct operation *o)
{
	struct operand ints = where_ints(code, o);

	if (ints.kind == OPERAND_TRUE) {
		return compute_ints(code, o, o->active);
	}
	if (ints.kind == OPERAND_FALSE) {
		return value_float(compute_floats(code, o, o->active), o->span);
	}
	struct value result = compute_ints(code, o, code_and(code, o->active, ints));
	result.type = VALUE_MIXED;
	result.mask = ints;
	if (!is_as_floats(o)) {
		struct operand floats =
			compute_floats(code, o, code_and_not(code, o->active, ints));

		result.number = code_select(code, ints, result.number, floats);
	}
	return result;
}

/* Fold constants; false where that is left to the rows. */
static bool fold(struct code *code, const struct operation *o, struct value *result)
{
	struct constant constant;
	enum gather_fault fault;

	if (!o->a.is_constant || !o->b.is_constant) {
		return false;
	}
	switch (constant_arithmetic(o->operator, & o->a.constant, &o->b.constant, &constant,
				    &fault)) {
	case CONSTANT_DONE:
		*result = value_constant(constant, o->span);
		return true;
	case CONSTANT_TOO_LARGE:
		diagnosis_set(code->diagnosis, o->span,
			      "the integer constant is too large: over 127 bits");
		*result = value_none(o->span);
		return true;
	case CONSTANT_RAISES:
		code_raises(code, fault);
		return false;
	default:
		return false;
	}
}

/* The factor times a bool is the factor or, where that is known, its zero. */
static bool multiply_mask(struct code *code, struct operand mask, const struct value *factor,
			  struct value *result)
{
	struct value zero = value_constant(constant_integer(0), factor->span);

	if (factor->type == VALUE_BOOL && !factor->is_constant) {
		struct value both = value_bool(code_and(code, mask, factor->mask), factor->span);

		*result = value_promote(code, &both);
		return true;
	}
	if (factor->is_constant && factor->type == VALUE_FLOAT) {
		/* -0.0 or nan */
		zero = value_constant(constant_real(0 * factor->constant.real), factor->span);
	} else if (factor->type != VALUE_INT && factor->type != VALUE_BOOL) {
		return false;
	}
	struct value promoted = value_promote(code, factor);
	*result = value_select(code, mask, &promoted, &zero);
	return true;
}

static bool multiply_by_mask(struct code *code, const struct operation *o, struct value *result)
{
	bool done = false;

	if (o->operator!= TOKEN_STAR) {
		return false;
	}
	if (o->a.type == VALUE_BOOL && !o->a.is_constant) {
		done = multiply_mask(code, o->a.mask, &o->b, result);
	} else if (o->b.type == VALUE_BOOL && !o->b.is_constant) {
		done = multiply_mask(code, o->b.mask, &o->a, result);
	}
	result->span = o->span;
	return done;
}

/* A square is a product, of ints: products of floats do not overflow as powers do. */
static bool square(struct code *code, const struct operation *o, struct value *result)
{
	struct operation product = *o;

	if (o->operator!= TOKEN_POWER || o->a.type != VALUE_INT || o->a.is_constant ||
	    o->b.type != VALUE_INT || o->b.low != 2 || o->b.high != 2) {
		return false;
	}
	product.operator= TOKEN_STAR;
	product.b = o->a;
	*result = compute_ints(code, &product, o->active);
	result->low = fmax(result->low, 0);
	return true;
}

struct value arithmetic_binary(struct code *code, enum token_kind operator, const struct value * a,
			       const struct value *b, struct operand active)
{
	struct operation o = { operator, * a, *b, active, span_join(a->span, b->span) };
	struct value result;

	if (fold(code, &o, &result) || multiply_by_mask(code, &o, &result)) {
		return result;
	}
	o.a = value_promote(code, a);
	o.b = value_promote(code, b);
	return square(code, &o, &result) ? result : compute(code, &o);
}
