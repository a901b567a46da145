/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * tiling.h - how a round is cut into tiles
 *
 * Tiles depend on the shape of the round alone: without a schedule they are as long as possible
 * (4096 steps of one generator, or all steps of several generators); with one they hold the
 * rows that are due together (one step of up to 4096 generators).  They are counted step block by
 * step block, so that generators advance side by side.
 */
#ifndef PIPELINE_TILING_H
#define PIPELINE_TILING_H

#include "queue/batch.h"

struct tiling {
	uint64_t parallel;   /* [generators] */
	uint64_t values;     /* [steps] */
	uint32_t generators; /* of a tile, but for the last ones */
	uint32_t steps;      /* of a tile, but for the last ones */
	uint64_t columns;    /* tiles side by side: blocks of generators */
	uint64_t tiles;      /* of a round */
};

/* parallel and values are within the public limits. */
void tiling_init(struct tiling *tiling, uint64_t parallel, uint64_t values, bool timed);

/* The i-th tile, from 0; round is left alone. */
void tiling_tile(const struct tiling *tiling, uint64_t i, struct tile *tile);

/* [rows] of the tiles from the i-th to the last. */
uint64_t tiling_rows_from(const struct tiling *tiling, uint64_t i);

/* [rows] of the largest tile. */
uint32_t tiling_rows_max(const struct tiling *tiling);

#endif
