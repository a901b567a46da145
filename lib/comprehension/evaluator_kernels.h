/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * evaluator_kernels.h - what an instruction does to a strip: one loop over rows each
 *
 * Threads: tables are constant.  A frame belongs to its evaluator.
 */
#ifndef COMPREHENSION_EVALUATOR_KERNELS_H
#define COMPREHENSION_EVALUATOR_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/isa.h"
#include "comprehension/program.h"

enum {
	ROW_BLOCK = 8,  /* rows that kernels take at a time, whatever the CPU */
	ROWS_VARY = -1, /* strip_operand.step of a register or a column */
	ROWS_SAME = 0,  /* the same of a constant */
};

/*
 * An operand: row i stands at rows[i & step], so that one loop serves columns (step -1) and
 * constants (step 0, ROW_BLOCK copies) alike.  Masks are operands, too.
 */
struct strip_operand {
	const double *rows;
	ptrdiff_t step;
};

/* Faults of the rows of a strip. */
struct strip_faults {
	bool any;                 /* else kind[] is all 0 */
	uint8_t kind[STRIP_ROWS]; /* 0: none, else 1 + enum gather_fault */
};

/*
 * What a kernel works on.  dst may be one of the operands, or the same column at an earlier row.
 * Whole blocks are read and written, faults are noted for the first `rows` rows alone.
 */
struct frame {
	size_t rows;
	double *dst;
	struct strip_operand a, b, c, d;
	struct strip_operand active; /* mask: where faults count */
	struct strip_faults *faults; /* NULL: none are looked for */
};

typedef void strip_kernel(const struct frame *frame);

/* Operations that can be done two or three at a time: what is between them stays in registers
 * of the CPU.  Each is rounded as ever. */
enum arithmetic {
	ARITHMETIC_ADD,
	ARITHMETIC_SUB,
	ARITHMETIC_MUL,
	ARITHMETIC_INNER,                       /* the above */
	ARITHMETIC_SUB_FROM = ARITHMETIC_INNER, /* y - x */
	ARITHMETIC_OUTER,
};

struct evaluator_kernels {
	strip_kernel *op[OP_COUNT]; /* NULL: not a kernel, or function_kernels.h has it */
	strip_kernel *canonical;    /* dst = a, every NaN as the positive quiet one */

	/* dst = (a inner b) outer c */
	strip_kernel *chain[ARITHMETIC_INNER][ARITHMETIC_OUTER];
	/* dst = (a inner b) outer (c inner d): [outer][inner][inner] */
	strip_kernel *tree[ARITHMETIC_INNER][ARITHMETIC_INNER][ARITHMETIC_INNER];
	/* dst = a compared with b ? c : d */
	strip_kernel *choice[OP_COUNT];
};

extern const struct evaluator_kernels evaluator_kernels_base;
#if defined(__x86_64__)
extern const struct evaluator_kernels evaluator_kernels_v3;
extern const struct evaluator_kernels evaluator_kernels_v4;
#endif

#endif
