/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * value.c - values from one form to another
 */
#include "comprehension/value.h"

#include <math.h>
#include <string.h>

#include "base/number.h"

struct value value_constant(struct constant constant, struct span span)
{
	static const enum value_type types[] = {
		[CONSTANT_BOOL] = VALUE_BOOL,
		[CONSTANT_INT] = VALUE_INT,
		[CONSTANT_FLOAT] = VALUE_FLOAT,
	};
	struct value value = {
		.type = types[constant.type],
		.is_constant = true,
		.constant = constant,
		.span = span,
	};

	if (constant.type != CONSTANT_FLOAT) {
		value.low = value.high = (double)constant.integer;
	}
	return value;
}

struct value value_bool(struct operand mask, struct span span)
{
	if (mask.kind == OPERAND_TRUE || mask.kind == OPERAND_FALSE) {
		return value_constant(constant_bool(mask.kind == OPERAND_TRUE), span);
	}
	return (struct value){ .type = VALUE_BOOL, .mask = mask, .high = 1, .span = span };
}

struct value value_int(struct operand number, double low, double high, struct span span)
{
	return (struct value){
		.type = VALUE_INT,
		.number = number,
		.low = fmax(low, -VALUE_INT_MAX),
		.high = fmin(high, VALUE_INT_MAX),
		.span = span,
	};
}

struct value value_float(struct operand number, struct span span)
{
	return (struct value){ .type = VALUE_FLOAT, .number = number, .span = span };
}

struct value value_none(struct span span)
{
	return value_constant(constant_integer(0), span);
}

struct value value_promote(struct code *code, const struct value *value)
{
	if (value->type != VALUE_BOOL) {
		return *value;
	}
	if (value->is_constant) {
		return value_constant(constant_integer(value->constant.integer), value->span);
	}
	struct operand number =
		code_emit(code, (struct instruction){ .op = OP_NUMBER, .a = value->mask });
	return value_int(number, 0, 1, value->span);
}

struct operand value_as_float(struct code *code, const struct value *value)
{
	if (value->is_constant) {
		return code_constant(code, constant_double(&value->constant));
	}
	return value_promote(code, value).number;
}

static void refuse(struct code *code, const struct value *value)
{
	char hint[NUMBER_SIZE + 2];

	number_format(hint, constant_double(&value->constant));
	if (strpbrk(hint, ".e") == NULL) {
		strcat(hint, ".0");
	}
	diagnosis_suggest(code->diagnosis, value->span, hint,
			  "this integer is beyond 2**53, where ints are not exact");
}

struct operand value_as_double(struct code *code, const struct value *value)
{
	if (value->is_constant) {
		struct constant rounded = constant_real(constant_double(&value->constant));

		if (constant_compare(&value->constant, &rounded) % 2 != 0) {
			refuse(code, value);
		}
	}
	return value_as_float(code, value);
}

struct operand value_as_number(struct code *code, const struct value *value)
{
	if (value->is_constant && value->type == VALUE_INT &&
	    !constant_is_exact(&value->constant)) {
		refuse(code, value);
	}
	return value_as_float(code, value);
}

struct operand value_is_int(const struct value *value)
{
	switch (value->type) {
	case VALUE_FLOAT:
		return CODE_FALSE;
	case VALUE_MIXED:
		return value->mask;
	default:
		return CODE_TRUE;
	}
}

struct operand value_truth(struct code *code, const struct value *value)
{
	if (value->is_constant) {
		return constant_truth(&value->constant) ? CODE_TRUE : CODE_FALSE;
	}
	if (value->type == VALUE_BOOL) {
		return value->mask;
	}
	return code_emit(code, (struct instruction){ .op = OP_TRUTH, .a = value->number });
}

/* The mask of a bool. */
static struct operand mask_of(const struct value *value)
{
	if (value->is_constant) {
		return value->constant.integer != 0 ? CODE_TRUE : CODE_FALSE;
	}
	return value->mask;
}

struct value value_join(struct code *code, struct operand number, struct operand test,
			const struct value *yes, const struct value *no)
{
	const struct value *a = yes->type == VALUE_FLOAT ? no : yes;
	const struct value *b = no->type == VALUE_FLOAT ? yes : no;
	struct value result =
		value_int(number, fmin(a->low, b->low), fmax(a->high, b->high), yes->span);

	result.mask = code_select_mask(code, test, value_is_int(yes), value_is_int(no));
	if (result.mask.kind == OPERAND_FALSE) {
		result.type = VALUE_FLOAT;
	} else if (result.mask.kind != OPERAND_TRUE) {
		result.type = VALUE_MIXED;
	}
	return result;
}

struct value value_select(struct code *code, struct operand test, const struct value *yes,
			  const struct value *no)
{
	if (test.kind == OPERAND_TRUE || test.kind == OPERAND_FALSE) {
		return test.kind == OPERAND_TRUE ? *yes : *no;
	}
	if (yes->type == VALUE_BOOL && no->type == VALUE_BOOL) {
		struct operand mask = code_select_mask(code, test, mask_of(yes), mask_of(no));

		return value_bool(mask, yes->span);
	}
	struct operand a = value_as_number(code, yes);
	struct operand b = value_as_number(code, no);
	return value_join(code, code_select(code, test, a, b), test, yes, no);
}
