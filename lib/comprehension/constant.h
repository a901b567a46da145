/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * constant.h - what is known before any row is: bool, int and float, as Python computes them
 *
 * An int has up to 127 bits.  What floats become is computed by the kernels that compute rows, so
 * that a folded constant has the bits that every row would get.
 */
#ifndef COMPREHENSION_CONSTANT_H
#define COMPREHENSION_CONSTANT_H

#include <stdbool.h>
#include <stddef.h>

#include "comprehension/arena.h"
#include "comprehension/program.h"
#include "comprehension/token.h"

enum constant_type {
	CONSTANT_BOOL,
	CONSTANT_INT,
	CONSTANT_FLOAT,
};

typedef __int128 constant_int;

struct constant {
	enum constant_type type;
	constant_int integer; /* bool (0 or 1) and int */
	double real;          /* float */
};

/* What comes of folding. */
enum constant_outcome {
	CONSTANT_DONE,
	CONSTANT_TOO_LARGE, /* an int of more than 127 bits */
	CONSTANT_RAISES,    /* what Python would raise: see the fault */
	CONSTANT_INEXACT,   /* ints whose quotient takes more than one rounding here */
	CONSTANT_NO_MEMORY,
};

struct constant constant_bool(bool value);
struct constant constant_integer(constant_int value);
struct constant constant_real(double value);

/* Read the text of a number token. */
enum constant_outcome constant_parse(const struct token *number, struct arena *arena,
				     struct constant *out);

/* As a float; an int is rounded to the nearest, half to even. */
double constant_double(const struct constant *c);

/* Whether an int (or bool) is at most 2**53 in magnitude. */
bool constant_is_exact(const struct constant *c);

bool constant_truth(const struct constant *c);

/* -1, 0 or 1, exactly, whatever the types; 2 where one is nan. */
int constant_compare(const struct constant *a, const struct constant *b);

/* -c; c is an int or a bool. */
enum constant_outcome constant_negate(const struct constant *c, struct constant *out);

/* A binary operator of arithmetic; *fault is set with CONSTANT_RAISES. */
enum constant_outcome constant_arithmetic(enum token_kind operator, const struct constant * a,
					  const struct constant *b, struct constant *out,
					  enum gather_fault *fault);

/* The instruction for floats of a binary operator of arithmetic. */
enum op constant_float_op(enum token_kind operator);

/* An instruction of floats, as rows would run it; b is ignored where it takes one operand. */
enum constant_outcome constant_run(enum op op, double a, double b, struct constant *out,
				   enum gather_fault *fault);

/* round(c) to an int. */
enum constant_outcome constant_round(const struct constant *c, struct constant *out,
				     enum gather_fault *fault);

#endif
