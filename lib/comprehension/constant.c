/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * constant.c - arithmetic before any row is
 */
#include "comprehension/constant.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "comprehension/evaluator_kernels.h"
#include "comprehension/function_kernels.h"

#define INT_LIMIT 0x1p127 /* beyond all ints */

enum { EXPONENT_LIMIT = 1000000 }; /* far beyond what any text can make up for */

struct constant constant_bool(bool value)
{
	return (struct constant){ .type = CONSTANT_BOOL, .integer = value };
}

struct constant constant_integer(constant_int value)
{
	return (struct constant){ .type = CONSTANT_INT, .integer = value };
}

struct constant constant_real(double value)
{
	return (struct constant){ .type = CONSTANT_FLOAT, .real = value };
}

double constant_double(const struct constant *c)
{
	return c->type == CONSTANT_FLOAT ? c->real : (double)c->integer;
}

bool constant_is_exact(const struct constant *c)
{
	const constant_int limit = (constant_int)1 << 53;

	return c->integer >= -limit && c->integer <= limit;
}

bool constant_truth(const struct constant *c)
{
	return c->type == CONSTANT_FLOAT ? c->real != 0 : c->integer != 0;
}

static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9') {
		return (unsigned)(c - '0');
	}
	return (unsigned)((c | ('a' ^ 'A')) - 'a') + 10;
}

static enum constant_outcome parse_int(const char *text, int length, unsigned base,
				       struct constant *out)
{
	constant_int value = 0;

	for (int i = 0; i < length; i++) {
		if (text[i] != '_' &&
		    (__builtin_mul_overflow(value, (constant_int)base, &value) ||
		     __builtin_add_overflow(value, (constant_int)digit_value(text[i]), &value))) {
			return CONSTANT_TOO_LARGE;
		}
	}
	*out = constant_integer(value);
	return CONSTANT_DONE;
}

static long parse_exponent(const char *text, int length)
{
	bool negative = length > 0 && text[0] == '-';
	long value = 0;

	for (int i = 0; i < length; i++) {
		if (text[i] >= '0' && text[i] <= '9' && value < EXPONENT_LIMIT) {
			value = 10 * value + (text[i] - '0');
		}
	}
	return negative ? -value : value;
}

/* Written without a decimal point, a number means the same to strtod() in every locale. */
static enum constant_outcome parse_float(const struct token *number, struct arena *arena,
					 struct constant *out)
{
	char *digits = arena_alloc(arena, (size_t)number->length + 32, 1);
	size_t n = 0;
	long exponent = 0;
	bool fraction = false;

	if (digits == NULL) {
		return CONSTANT_NO_MEMORY;
	}
	for (int i = 0; i < number->length; i++) {
		char c = number->text[i];

		if (c == 'e' || c == 'E') {
			exponent += parse_exponent(number->text + i + 1, number->length - i - 1);
			break;
		}
		if (c == '.') {
			fraction = true;
		} else if (c != '_') {
			digits[n++] = c;
			exponent -= fraction;
		}
	}
	snprintf(digits + n, 32, "e%ld", exponent);
	*out = constant_real(strtod(digits, NULL));
	return CONSTANT_DONE;
}

enum constant_outcome constant_parse(const struct token *number, struct arena *arena,
				     struct constant *out)
{
	const char *text = number->text;
	int length = number->length;

	if (length > 2 && text[0] == '0') {
		switch (text[1]) {
		case 'x':
		case 'X':
			return parse_int(text + 2, length - 2, 16, out);
		case 'o':
		case 'O':
			return parse_int(text + 2, length - 2, 8, out);
		case 'b':
		case 'B':
			return parse_int(text + 2, length - 2, 2, out);
		default:
			break;
		}
	}
	for (int i = 0; i < length; i++) {
		if (text[i] == '.' || text[i] == 'e' || text[i] == 'E') {
			return parse_float(number, arena, out);
		}
	}
	return parse_int(text, length, 10, out);
}

static int sign_of_difference(double a, double b)
{
	return a < b ? -1 : a > b;
}

/* An int with a float that is not nan. */
static int compare_int(constant_int a, double b)
{
	if (b >= INT_LIMIT) {
		return -1;
	}
	if (b < -INT_LIMIT) {
		return 1;
	}
	constant_int whole = (constant_int)b;
	if (a != whole) {
		return a < whole ? -1 : 1;
	}
	return sign_of_difference(0, b - (double)whole);
}

int constant_compare(const struct constant *a, const struct constant *b)
{
	bool a_is_float = a->type == CONSTANT_FLOAT, b_is_float = b->type == CONSTANT_FLOAT;

	if ((a_is_float && isnan(a->real)) || (b_is_float && isnan(b->real))) {
		return 2;
	}
	if (a_is_float) {
		return b_is_float ? sign_of_difference(a->real, b->real)
				  : -compare_int(b->integer, a->real);
	}
	if (b_is_float) {
		return compare_int(a->integer, b->real);
	}
	return a->integer < b->integer ? -1 : a->integer > b->integer;
}

static enum constant_outcome raise_fault(enum gather_fault kind, enum gather_fault *fault)
{
	*fault = kind;
	return CONSTANT_RAISES;
}

enum constant_outcome constant_run(enum op op, double a, double b, struct constant *out,
				   enum gather_fault *fault)
{
	double x[ROW_BLOCK], y[ROW_BLOCK], result[ROW_BLOCK], everywhere[ROW_BLOCK];
	struct strip_faults faults = { .any = false };
	struct frame frame = {
		.rows = 1,
		.dst = result,
		.a = { x, ROWS_SAME },
		.b = { y, ROWS_SAME },
		.c = { y, ROWS_SAME },
		.active = { everywhere, ROWS_SAME },
		.faults = &faults,
	};
	strip_kernel *kernel = function_kernels_base.op[op];

	for (unsigned i = 0; i < ROW_BLOCK; i++) {
		x[i] = a;
		y[i] = b;
	}
	memset(everywhere, 0xff, sizeof(everywhere));
	if (kernel == NULL) {
		kernel = evaluator_kernels_base.op[op];
	}
	kernel(&frame);
	if (faults.any) {
		return raise_fault((enum gather_fault)(faults.kind[0] - 1), fault);
	}
	*out = constant_real(result[0]);
	return CONSTANT_DONE;
}

enum constant_outcome constant_negate(const struct constant *c, struct constant *out)
{
	constant_int result;

	if (__builtin_sub_overflow((constant_int)0, c->integer, &result)) {
		return CONSTANT_TOO_LARGE;
	}
	*out = constant_integer(result);
	return CONSTANT_DONE;
}

/* Also for what is an int by type, but fits a double only rounded. */
static enum constant_outcome divide_ints(const struct constant *a, const struct constant *b,
					 struct constant *out, enum gather_fault *fault)
{
	struct constant x = constant_real((double)a->integer);
	struct constant y = constant_real((double)b->integer);

	if (constant_compare(a, &x) != 0 || constant_compare(b, &y) != 0) {
		return CONSTANT_INEXACT;
	}
	return constant_run(OP_DIV, x.real, y.real, out, fault);
}

static constant_int floor_modulo(constant_int a, constant_int b)
{
	constant_int remainder = b == -1 ? 0 : a % b;

	return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

static enum constant_outcome floor_divide(constant_int a, constant_int b, struct constant *out)
{
	struct constant dividend = constant_integer(a);

	if (b == -1) {
		return constant_negate(&dividend, out);
	}
	*out = constant_integer(a / b - (a % b != 0 && (a < 0) != (b < 0)));
	return CONSTANT_DONE;
}

static enum constant_outcome int_power(constant_int a, constant_int b, struct constant *out)
{
	constant_int result = 1;

	if (a >= -1 && a <= 1) {
		b = a == 0 ? b > 0 : b % 2; /* enough for the same result */
	}
	for (constant_int i = 0; i < b; i++) {
		if (__builtin_mul_overflow(result, a, &result)) {
			return CONSTANT_TOO_LARGE;
		}
	}
	*out = constant_integer(result);
	return CONSTANT_DONE;
}

static enum constant_outcome int_arithmetic(enum token_kind operator, constant_int a,
					    constant_int b, struct constant *out,
					    enum gather_fault *fault)
{
	constant_int result = 0;
	bool overflow = false;

	if (b == 0 && (operator== TOKEN_FLOOR || operator== TOKEN_PERCENT)) {
		return raise_fault(GATHER_FAULT_ZERO_DIVISION, fault);
	}
	switch (operator) {
	case TOKEN_PLUS:
		overflow = __builtin_add_overflow(a, b, &result);
		break;
	case TOKEN_MINUS:
		overflow = __builtin_sub_overflow(a, b, &result);
		break;
	case TOKEN_STAR:
		overflow = __builtin_mul_overflow(a, b, &result);
		break;
	case TOKEN_PERCENT:
		result = floor_modulo(a, b);
		break;
	case TOKEN_FLOOR:
		return floor_divide(a, b, out);
	default:
		return int_power(a, b, out);
	}
	*out = constant_integer(result);
	return overflow ? CONSTANT_TOO_LARGE : CONSTANT_DONE;
}

enum op constant_float_op(enum token_kind operator)
{
	switch (operator) {
	case TOKEN_PLUS:
		return OP_ADD;
	case TOKEN_MINUS:
		return OP_SUB;
	case TOKEN_STAR:
		return OP_MUL;
	case TOKEN_SLASH:
		return OP_DIV;
	case TOKEN_FLOOR:
		return OP_FLOORDIV;
	case TOKEN_PERCENT:
		return OP_MOD;
	default:
		return OP_POW;
	}
}

enum constant_outcome constant_arithmetic(enum token_kind operator, const struct constant * a,
					  const struct constant *b, struct constant *out,
					  enum gather_fault *fault)
{
	bool ints = a->type != CONSTANT_FLOAT && b->type != CONSTANT_FLOAT;

	if (ints && operator== TOKEN_SLASH) {
		return divide_ints(a, b, out, fault);
	}
	if (ints && (operator!= TOKEN_POWER || b->integer >= 0)) {
		return int_arithmetic(operator, a->integer, b->integer, out, fault);
	}
	return constant_run(constant_float_op(operator), constant_double(a), constant_double(b),
			    out, fault);
}

enum constant_outcome constant_round(const struct constant *c, struct constant *out,
				     enum gather_fault *fault)
{
	if (c->type != CONSTANT_FLOAT) {
		*out = constant_integer(c->integer);
		return CONSTANT_DONE;
	}
	if (isnan(c->real)) {
		return raise_fault(GATHER_FAULT_VALUE, fault);
	}
	if (isinf(c->real)) {
		return raise_fault(GATHER_FAULT_OVERFLOW, fault);
	}
	if (fabs(c->real) >= INT_LIMIT) {
		return CONSTANT_TOO_LARGE;
	}
	*out = constant_integer((constant_int)rint(c->real));
	return CONSTANT_DONE;
}
