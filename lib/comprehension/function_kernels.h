/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * function_kernels.h - the instructions that cost more than a few cycles a row
 *
 * Floor division, modulo and powers with the meaning that Python's float gives them, and the
 * transcendental functions.
 *
 * Threads: tables are constant.
 */
#ifndef COMPREHENSION_FUNCTION_KERNELS_H
#define COMPREHENSION_FUNCTION_KERNELS_H

#include "comprehension/evaluator_kernels.h"

struct function_kernels {
	strip_kernel *op[OP_COUNT]; /* NULL: evaluator_kernels.h has it */
};

extern const struct function_kernels function_kernels_base;
#if defined(__x86_64__)
extern const struct function_kernels function_kernels_v3;
extern const struct function_kernels function_kernels_v4;
#endif

#endif
