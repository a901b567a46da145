/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * value.h - what is known about the value of an expression, and where it stands
 *
 * Python's types are kept apart: True is 1, but an int is no float.  Where rows differ in type
 * (`x or 3`), a mask says which of them are ints.
 */
#ifndef COMPREHENSION_VALUE_H
#define COMPREHENSION_VALUE_H

#include "comprehension/code.h"
#include "comprehension/constant.h"

enum value_type {
	VALUE_BOOL,
	VALUE_INT,
	VALUE_FLOAT,
	VALUE_MIXED, /* an int in some rows, a float in others */
};

/* The greatest magnitude of an int: beyond it a row faults. */
#define VALUE_INT_MAX 0x1p53

struct value {
	enum value_type type;
	bool is_constant;
	struct constant constant;
	struct operand number; /* of rows: int, float, mixed */
	struct operand mask;   /* of rows: bool: where it is true; mixed: where it is an int */
	double low, high;      /* what holds for its ints, inclusive */
	struct span span;      /* in the text */
};

struct value value_constant(struct constant constant, struct span span);
struct value value_bool(struct operand mask, struct span span);
struct value value_int(struct operand number, double low, double high, struct span span);
struct value value_float(struct operand number, struct span span);

/* A value that says nothing, after a complaint. */
struct value value_none(struct span span);

/* The same as a number: a bool becomes an int. */
struct value value_promote(struct code *code, const struct value *value);

/* Its number, where a float is meant: an int constant is rounded. */
struct operand value_as_float(struct code *code, const struct value *value);

/* Its number, where a double must hold it exactly; an int constant that it cannot is refused. */
struct operand value_as_double(struct code *code, const struct value *value);

/* Its number, where an int may be meant: an int constant beyond VALUE_INT_MAX is refused. */
struct operand value_as_number(struct code *code, const struct value *value);

/* Where it is an int or a bool. */
struct operand value_is_int(const struct value *value);

/* Where it is true. */
struct operand value_truth(struct code *code, const struct value *value);

/* A number that is yes where test holds, else no, and no bool: its type and bounds. */
struct value value_join(struct code *code, struct operand number, struct operand test,
			const struct value *yes, const struct value *no);

/* yes where test holds, else no. */
struct value value_select(struct code *code, struct operand test, const struct value *yes,
			  const struct value *no);

#endif
