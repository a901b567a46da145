/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * arithmetic.h - Python's operators on values
 *
 * What is constant is folded, unless it would raise: then it is left to the rows, of which only
 * those that evaluate it fault.  Where a value may be an int or a float, both are computed and
 * each row takes its own.  active says where a fault counts.
 */
#ifndef COMPREHENSION_ARITHMETIC_H
#define COMPREHENSION_ARITHMETIC_H

#include "comprehension/function.h"
#include "comprehension/value.h"

/* + - * / // % **, whose token kind it is. */
struct value arithmetic_binary(struct code *code, enum token_kind operator, const struct value * a,
			       const struct value *b, struct operand active);

/* -a; the span is that of the whole. */
struct value arithmetic_negate(struct code *code, const struct value *a, struct span span);

/* A comparison: the mask of the rows where it holds.  Never faults. */
struct operand arithmetic_compare(struct code *code, enum token_kind operator,
				  const struct value * a, const struct value *b);

/* abs(a), round(a), and functions of a float. */
struct value arithmetic_abs(struct code *code, const struct value *a, struct span span);
struct value arithmetic_round(struct code *code, const struct value *a, struct operand active,
			      struct span span);
struct value arithmetic_function(struct code *code, const struct function *function,
				 const struct value *a, struct operand active, struct span span);

/* min(a, b) or max(a, b); op is OP_MIN or OP_MAX. */
struct value arithmetic_pick(struct code *code, enum op op, const struct value *a,
			     const struct value *b, struct span span);

#endif
