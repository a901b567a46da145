/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * evaluator_reference.h - a program run row by row, as plainly as can be
 *
 * What the evaluator is compared with.  It shares nothing with it but program.h; ints are 128 bits
 * wide here, and functions of libm stand for SLEEF's.
 */
#ifndef TESTS_EVALUATOR_REFERENCE_H
#define TESTS_EVALUATOR_REFERENCE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "comprehension/program.h"

enum { REFERENCE_STAYS = -1, REFERENCE_FILTERED = -2 }; /* else an enum gather_fault */

struct reference {
	const struct program *program;
	const double *columns; /* [inputs] of the row */
	double number[PROGRAM_REGISTERS];
	bool mask[PROGRAM_REGISTERS];
	int fault; /* of the row so far, or REFERENCE_STAYS */
};

static inline double reference_number(const struct reference *r, struct operand operand)
{
	switch (operand.kind) {
	case OPERAND_REGISTER:
		return r->number[operand.index];
	case OPERAND_COLUMN:
		return r->columns[operand.index];
	case OPERAND_CONSTANT:
		return r->program->constants[operand.index];
	default:
		abort();
	}
}

static inline bool reference_mask(const struct reference *r, struct operand operand)
{
	switch (operand.kind) {
	case OPERAND_REGISTER:
		return r->mask[operand.index];
	case OPERAND_TRUE:
		return true;
	case OPERAND_FALSE:
		return false;
	default:
		abort();
	}
}

/* Python's float % float and float // float. */
static inline double reference_modulo(double x, double y)
{
	double m = fmod(x, y);

	if (m == 0) {
		return copysign(0.0, y);
	}
	return (y < 0) != (m < 0) ? m + y : m;
}

static inline double reference_floor_divide(double x, double y)
{
	double m = fmod(x, y);
	double div = (x - m) / y;

	if (m != 0 && (y < 0) != (m < 0)) {
		div -= 1.0;
	}
	if (div == 0) {
		return copysign(0.0, x / y);
	}
	double whole = floor(div);

	return div - whole > 0.5 ? whole + 1.0 : whole;
}

/* An int of any size as the double and the fault that come of it. */
static inline double reference_int(__int128 x, int *fault)
{
	__int128 most = (__int128)1 << 53;

	if (x > most || x < -most) {
		*fault = GATHER_FAULT_INTEGER;
	}
	return (double)x;
}

static inline double reference_int_op(enum op op, double x, double y, int *fault)
{
	__int128 a = (__int128)x, b = (__int128)y, power = 1, quotient;

	switch (op) {
	case OP_INT_ADD:
		return reference_int(a + b, fault);
	case OP_INT_SUB:
		return reference_int(a - b, fault);
	case OP_INT_MUL:
		return reference_int(a * b, fault);
	case OP_INT_NEG:
		return reference_int(-a, fault);
	case OP_INT_FLOORDIV:
	case OP_INT_MOD:
		if (b == 0) {
			*fault = GATHER_FAULT_ZERO_DIVISION;
			return 0;
		}
		quotient = a / b;
		if (a % b != 0 && (a < 0) != (b < 0)) {
			quotient--;
		}
		return reference_int(op == OP_INT_MOD ? a - quotient * b : quotient, fault);
	default: /* OP_INT_POW */
		if (a >= -1 && a <= 1 && b > 1) {
			b = 2 + b % 2;
		}
		for (; b > 0 && *fault == REFERENCE_STAYS; b--) {
			power *= a;
			reference_int(power, fault);
		}
		return (double)power;
	}
}

static inline double reference_power(double x, double y, int *fault)
{
	if (isfinite(x) && isfinite(y)) {
		if (x == 0 && y < 0) {
			*fault = GATHER_FAULT_ZERO_DIVISION;
		} else if (x < 0 && y != floor(y)) {
			*fault = isinf((double)powl(-x, y)) ? GATHER_FAULT_OVERFLOW
							    : GATHER_FAULT_COMPLEX;
		} else if (isinf((double)powl(x, y))) {
			*fault = GATHER_FAULT_OVERFLOW;
		}
	}
	return (double)powl(x, y);
}

static inline double reference_round(double x, int *fault)
{
	double even = nearbyint(x);

	if (isnan(x)) {
		*fault = GATHER_FAULT_VALUE;
	} else if (isinf(x)) {
		*fault = GATHER_FAULT_OVERFLOW;
	} else if (fabs(even) > 0x1p53) {
		*fault = GATHER_FAULT_INTEGER;
	}
	return even == 0 ? 0.0 : even;
}

static inline double reference_function(enum op op, double x, double y, int *fault)
{
	switch (op) {
	case OP_DIV:
		*fault = y == 0 ? GATHER_FAULT_ZERO_DIVISION : *fault;
		return x / y;
	case OP_FLOORDIV:
		*fault = y == 0 ? GATHER_FAULT_ZERO_DIVISION : *fault;
		return reference_floor_divide(x, y);
	case OP_MOD:
		*fault = y == 0 ? GATHER_FAULT_ZERO_DIVISION : *fault;
		return reference_modulo(x, y);
	case OP_POW:
		return reference_power(x, y, fault);
	case OP_SQRT:
		*fault = x < 0 ? GATHER_FAULT_VALUE : *fault;
		return sqrt(x);
	case OP_EXP:
		*fault = isfinite(x) && isinf((double)expl(x)) ? GATHER_FAULT_OVERFLOW : *fault;
		return (double)expl(x);
	case OP_LOG:
		*fault = x <= 0 ? GATHER_FAULT_VALUE : *fault;
		return (double)logl(x);
	case OP_SIN:
		*fault = isinf(x) ? GATHER_FAULT_VALUE : *fault;
		return (double)sinl(x);
	case OP_COS:
		*fault = isinf(x) ? GATHER_FAULT_VALUE : *fault;
		return (double)cosl(x);
	default:
		return reference_round(x, fault);
	}
}

static inline double reference_plain(enum op op, double x, double y)
{
	switch (op) {
	case OP_ADD:
		return x + y;
	case OP_SUB:
		return x - y;
	case OP_MUL:
		return x * y;
	case OP_NEG:
		return -x;
	case OP_ABS:
		return fabs(x);
	case OP_COPY:
		return x;
	case OP_MIN:
		return y < x ? y : x;
	default: /* OP_MAX */
		return y > x ? y : x;
	}
}

static inline bool reference_compare(enum op op, double x, double y)
{
	switch (op) {
	case OP_LT:
		return x < y;
	case OP_LE:
		return x <= y;
	case OP_EQ:
		return x == y;
	case OP_NE:
		return x != y;
	case OP_GT:
		return x > y;
	default: /* OP_GE */
		return x >= y;
	}
}

static inline bool reference_is_fallible(enum op op)
{
	return (op >= OP_DIV && op <= OP_INT_POW) || (op >= OP_SQRT && op <= OP_ROUND);
}

static inline bool reference_is_int(double x)
{
	return fabs(x) <= 0x1p53 && x == floor(x) && !(x == 0 && signbit(x));
}

static inline double reference_fallible(const struct instruction *i, struct reference *r)
{
	double x = reference_number(r, i->a);
	double y = i->b.kind == OPERAND_NONE ? 0 : reference_number(r, i->b);
	int fault = REFERENCE_STAYS;
	double result = 0;

	if (r->fault != REFERENCE_STAYS) {
		return 0;
	}
	if (i->op < OP_INT_ADD || i->op > OP_INT_POW) {
		result = reference_function(i->op, x, y, &fault);
	} else if (reference_is_int(x) && reference_is_int(y)) { /* else not active, or a bug */
		result = reference_int_op(i->op, x, y, &fault);
	}
	if (reference_mask(r, i->active)) {
		r->fault = fault;
	}
	return result;
}

static inline void reference_step(struct reference *r, const struct instruction *i)
{
	if (reference_is_fallible(i->op)) {
		r->number[i->dst] = reference_fallible(i, r);
		return;
	}
	switch (i->op) {
	case OP_LT:
	case OP_LE:
	case OP_EQ:
	case OP_NE:
	case OP_GT:
	case OP_GE:
		r->mask[i->dst] = reference_compare(i->op, reference_number(r, i->a),
						    reference_number(r, i->b));
		break;
	case OP_AND:
		r->mask[i->dst] = reference_mask(r, i->a) && reference_mask(r, i->b);
		break;
	case OP_OR:
		r->mask[i->dst] = reference_mask(r, i->a) || reference_mask(r, i->b);
		break;
	case OP_ANDNOT:
		r->mask[i->dst] = reference_mask(r, i->a) && !reference_mask(r, i->b);
		break;
	case OP_NOT:
		r->mask[i->dst] = !reference_mask(r, i->a);
		break;
	case OP_TRUTH:
		r->mask[i->dst] = reference_number(r, i->a) != 0;
		break;
	case OP_NUMBER:
		r->number[i->dst] = reference_mask(r, i->a) ? 1 : 0;
		break;
	case OP_SELECT:
		r->number[i->dst] = reference_number(r, reference_mask(r, i->a) ? i->b : i->c);
		break;
	case OP_SELECT_MASK:
		r->mask[i->dst] = reference_mask(r, reference_mask(r, i->a) ? i->b : i->c);
		break;
	default:
		r->number[i->dst] =
			reference_plain(i->op, reference_number(r, i->a),
					i->b.kind == OPERAND_NONE ? 0 : reference_number(r, i->b));
		break;
	}
}

/* What becomes of one row: REFERENCE_STAYS with its outputs, REFERENCE_FILTERED, or its fault. */
static inline int reference_row(const struct program *program, const double *columns,
				double *outputs)
{
	static struct reference r; /* registers are written before they are read */

	r.program = program;
	r.columns = columns;
	r.fault = REFERENCE_STAYS;
	for (unsigned n = 0; n < program->ninstructions; n++) {
		const struct instruction *i = &program->instructions[n];

		if (i->op == OP_OUTPUT) {
			outputs[i->dst] = reference_number(&r, i->a);
		} else if (i->op == OP_FILTER || i->op == OP_FILTER_FAULTS) {
			if (r.fault != REFERENCE_STAYS) {
				return r.fault;
			}
			if (i->op == OP_FILTER && !reference_mask(&r, i->a)) {
				return REFERENCE_FILTERED;
			}
			for (unsigned k = 0; k < i->nkeep; k++) {
				if (i->keep[k].from.kind == OPERAND_COLUMN) {
					r.number[i->keep[k].to] =
						reference_number(&r, i->keep[k].from);
				}
			}
		} else {
			reference_step(&r, i);
		}
	}
	return REFERENCE_STAYS;
}

#endif
