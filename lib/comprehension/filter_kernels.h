/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * filter_kernels.h - find the rows of a strip that stay, and move them together
 *
 * Without branches: a filter of one half as a branch costs three to four times.  Rows are moved to
 * where they came from or to an earlier place of the same column; whole blocks are written, never
 * behind the block that was read last.
 *
 * Threads: tables are constant.
 */
#ifndef COMPREHENSION_FILTER_KERNELS_H
#define COMPREHENSION_FILTER_KERNELS_H

#include "comprehension/evaluator_kernels.h"

/* One bit a row, row 0 lowest: the row stays. */
struct strip_bits {
	uint8_t blocks[STRIP_ROWS / ROW_BLOCK];
};

struct filter_frame {
	size_t rows;
	struct strip_operand a, b; /* of the comparison; a is the mask where there is none */
	struct strip_bits *bits;   /* written up to the last row; NULL: not needed afterwards */
	const double *from;        /* a column to move, with the index; NULL: bits are enough */
	double *to;
	const uint16_t *index_from; /* NULL: `first` and those after it */
	uint16_t first;
	uint16_t *index_to;
};

/* Returns how many rows stay. */
typedef size_t filter_kernel(const struct filter_frame *frame);

struct filter_kernels {
	filter_kernel *filter[OP_COUNT]; /* of comparisons; OP_FILTER: of a mask */

	/* Move one column as the bits say; they are 0 behind the last row. */
	void (*column)(double *to, const double *from, const struct strip_bits *bits, size_t rows);
	/* Move an index; from NULL: first and those after it. */
	void (*index)(uint16_t *to, const uint16_t *from, uint16_t first,
		      const struct strip_bits *bits, size_t rows);
};

extern const struct filter_kernels filter_kernels_base;
#if defined(__x86_64__)
extern const struct filter_kernels filter_kernels_v3;
extern const struct filter_kernels filter_kernels_v4;
#endif

#endif
