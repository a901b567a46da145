/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * source_kernels.h - drawing one column of a tile: one kernel a shape of distribution
 *
 * A kernel writes tile_rows() doubles and nothing behind them.  What it writes depends on the
 * coordinates and parameters alone: all variants give the same bits, for any tile that holds them.
 *
 * Threads: tables are constant and kernels keep nothing.
 */
#ifndef SOURCE_SOURCE_KERNELS_H
#define SOURCE_SOURCE_KERNELS_H

#include "base/isa.h"
#include "queue/batch.h"

enum { SOURCE_PARAMETERS = 4 };

/* What a kernel works on. */
struct source_draw {
	const struct tile *tile;
	uint64_t key;             /* of the tile's round: stream.h */
	const double *parameters; /* [SOURCE_PARAMETERS] as the kernel wants them */
	double *out;              /* [tile_rows()] */
	uint8_t site;
};

typedef void source_kernel(const struct source_draw *draw);

/* The kernels, with their parameters in order. u is the upper 53 bits of the word times 2^-53. */
enum source_shape {
	SOURCE_UNIT,    /* u */
	SOURCE_UNIFORM, /* low, range, top: low + range * u where that is less than top, else top */
	SOURCE_SHAPES,
};

struct source_kernels {
	source_kernel *draw[SOURCE_SHAPES];
};

extern const struct source_kernels source_kernels_base;
#if defined(__x86_64__)
extern const struct source_kernels source_kernels_v3;
extern const struct source_kernels source_kernels_v4;
#endif

/* The table of a variant; NULL where this build has none. */
static inline const struct source_kernels *source_kernels_find(enum isa isa)
{
	switch (isa) {
	case ISA_BASE:
		return &source_kernels_base;
#if defined(__x86_64__)
	case ISA_V3:
		return &source_kernels_v3;
	case ISA_V4:
		return &source_kernels_v4;
#endif
	default:
		return NULL;
	}
}

#endif
