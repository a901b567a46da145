/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * moments.h - the sum of values, and of their squares, and what follows from them
 *
 * The variance has a relative error below 2**-43, wherever the values lie: values near 1e12 that
 * differ by 1e-3 are no worse than values near 0.  That of values that are all the same is 0.
 *
 * Threads: moments have one owner at a time.
 */
#ifndef GATHER_MOMENTS_H
#define GATHER_MOMENTS_H

#include <stdint.h>

#include "gather/exact.h"
#include "gather/fold_kernels.h"

/* Either may be NULL where nobody asks for it; with squares there is a sum. */
struct moments {
	struct exact *sum;
	struct exact *squares;
};

void moments_reset(struct moments *moments);

/* Add the rows of a tile, 1 to BATCH_ROWS of them.  With a sum. */
void moments_add(struct moments *moments, const struct fold_kernels *kernels, const double *rows,
		 uint32_t n);

void moments_merge(struct moments *into, const struct moments *from);

/* Of n values: what was added.  Not finite where a value is not, as Python's float would have it:
 * NaN, or infinities of both signs, give NaN, and the variance of any infinity is NaN. */
double moments_sum(const struct moments *moments);
double moments_mean(const struct moments *moments, uint64_t n);     /* n = 0: NaN */
double moments_variance(const struct moments *moments, uint64_t n); /* n < 2: NaN, as those below */
double moments_stdev(const struct moments *moments, uint64_t n);
double moments_stderr(const struct moments *moments, uint64_t n);

#endif
