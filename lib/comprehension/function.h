/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * function.h - the functions and constants that a comprehension may name
 */
#ifndef COMPREHENSION_FUNCTION_H
#define COMPREHENSION_FUNCTION_H

#include <limits.h>
#include <stddef.h>

#include "comprehension/program.h"

enum function_kind {
	FUNCTION_CONSTANT, /* no function: a float by name */
	FUNCTION_FLOAT,    /* float = op(float) */
	FUNCTION_ABS,      /* a number of the argument's type */
	FUNCTION_ROUND,    /* an int */
	FUNCTION_PICK,     /* one of the arguments: min, max */
};

struct function {
	const char *name;
	enum function_kind kind;
	unsigned least, most; /* arguments */
	enum op op;
	double value;           /* FUNCTION_CONSTANT */
	const char *no_more;    /* what an argument beyond `most` would be in Python, or NULL */
	double fault_free_from; /* FUNCTION_FLOAT: arguments that are known to be finite */
	double fault_free_to;   /*   and within these bounds cannot fault */
};

#define FUNCTION_ARGUMENTS_ANY UINT_MAX

/* NULL where there is none of that name. */
const struct function *function_find(const char *name, size_t length);

/* Entry number i; NULL behind the last. */
const struct function *function_at(unsigned i);

#endif
