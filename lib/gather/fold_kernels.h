/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * fold_kernels.h - what a tile adds to sums, squares and the range, row by row
 *
 * Row i goes to lane i % 16, whatever the CPU, and the lanes are combined in one order: all
 * variants give the same bits.  Rows begin at a multiple of BATCH_ALIGN; n may be 0.
 *
 * Threads: tables are constant.
 */
#ifndef GATHER_FOLD_KERNELS_H
#define GATHER_FOLD_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/isa.h"

/* high + low; the low part makes up for the rounding errors of the high one. */
struct fold_sum {
	double high;
	double low;
};

struct fold_range {
	double min; /* -0 is less than +0 */
	double max;
	bool nan; /* a value is NaN: min and max mean nothing */
};

struct fold_kernels {
	/*
	 * The sum, with an error below 2**-89 of the sum of all magnitudes.  high is not finite
	 * where a value is not, or where a partial sum overflows.
	 */
	struct fold_sum (*sum)(const double *rows, size_t n);

	/* The sum of (row - center)**2, with a relative error below 2**-44 unless something
	 * underflows. */
	double (*squares)(const double *rows, size_t n, double center);

	/* Of at least one row. */
	struct fold_range (*range)(const double *rows, size_t n);
};

extern const struct fold_kernels fold_kernels_base;
#if defined(__x86_64__)
extern const struct fold_kernels fold_kernels_v3;
extern const struct fold_kernels fold_kernels_v4;
#endif

#endif
