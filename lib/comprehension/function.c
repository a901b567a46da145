/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * function.c - the table of functions and constants
 */
#include "comprehension/function.h"

#include <math.h>
#include <string.h>

static const struct function functions[] = {
	{ .name = "abs", .kind = FUNCTION_ABS, .least = 1, .most = 1, .op = OP_ABS },
	{ .name = "cos",
	  .kind = FUNCTION_FLOAT,
	  .least = 1,
	  .most = 1,
	  .op = OP_COS,
	  .fault_free_from = -HUGE_VAL,
	  .fault_free_to = HUGE_VAL },
	{ .name = "e", .kind = FUNCTION_CONSTANT, .value = M_E },
	{ .name = "exp",
	  .kind = FUNCTION_FLOAT,
	  .least = 1,
	  .most = 1,
	  .op = OP_EXP,
	  .fault_free_from = -HUGE_VAL,
	  .fault_free_to = 709 },
	{ .name = "log",
	  .kind = FUNCTION_FLOAT,
	  .least = 1,
	  .most = 1,
	  .op = OP_LOG,
	  .no_more = "the base",
	  .fault_free_from = 0x1p-1074,
	  .fault_free_to = HUGE_VAL },
	{ .name = "max",
	  .kind = FUNCTION_PICK,
	  .least = 2,
	  .most = FUNCTION_ARGUMENTS_ANY,
	  .op = OP_MAX },
	{ .name = "min",
	  .kind = FUNCTION_PICK,
	  .least = 2,
	  .most = FUNCTION_ARGUMENTS_ANY,
	  .op = OP_MIN },
	{ .name = "pi", .kind = FUNCTION_CONSTANT, .value = M_PI },
	{ .name = "round",
	  .kind = FUNCTION_ROUND,
	  .least = 1,
	  .most = 1,
	  .op = OP_ROUND,
	  .no_more = "the number of digits" },
	{ .name = "sin",
	  .kind = FUNCTION_FLOAT,
	  .least = 1,
	  .most = 1,
	  .op = OP_SIN,
	  .fault_free_from = -HUGE_VAL,
	  .fault_free_to = HUGE_VAL },
	{ .name = "sqrt",
	  .kind = FUNCTION_FLOAT,
	  .least = 1,
	  .most = 1,
	  .op = OP_SQRT,
	  .fault_free_from = 0,
	  .fault_free_to = HUGE_VAL },
};

enum { FUNCTIONS = sizeof(functions) / sizeof(*functions) };

const struct function *function_at(unsigned i)
{
	return i < FUNCTIONS ? &functions[i] : NULL;
}

const struct function *function_find(const char *name, size_t length)
{
	for (unsigned i = 0; i < FUNCTIONS; i++) {
		if (strlen(functions[i].name) == length &&
		    memcmp(functions[i].name, name, length) == 0) {
			return &functions[i];
		}
	}
	return NULL;
}
