/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * tiling.c - arithmetic on rectangles
 */
#include "pipeline/tiling.h"

#include <assert.h>

static uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t div_up(uint64_t a, uint64_t b)
{
	return a / b + (a % b != 0);
}

void tiling_init(struct tiling *tiling, uint64_t parallel, uint64_t values, bool timed)
{
	assert(parallel > 0 && values > 0);
	tiling->parallel = parallel;
	tiling->values = values;
	tiling->steps = timed ? 1 : (uint32_t)min_u64(values, BATCH_ROWS);
	tiling->generators = (uint32_t)min_u64(parallel, BATCH_ROWS / tiling->steps);
	tiling->columns = div_up(parallel, tiling->generators);
	tiling->tiles = tiling->columns * div_up(values, tiling->steps);
}

void tiling_tile(const struct tiling *tiling, uint64_t i, struct tile *tile)
{
	assert(i < tiling->tiles);
	uint64_t generator = i % tiling->columns * tiling->generators;
	uint64_t step = i / tiling->columns * tiling->steps;

	tile->generator = (uint32_t)generator;
	tile->step = step;
	tile->generators = (uint32_t)min_u64(tiling->generators, tiling->parallel - generator);
	tile->steps = (uint32_t)min_u64(tiling->steps, tiling->values - step);
}

uint64_t tiling_rows_from(const struct tiling *tiling, uint64_t i)
{
	if (i >= tiling->tiles) {
		return 0;
	}
	uint64_t step = i / tiling->columns * tiling->steps;
	uint64_t steps = min_u64(tiling->steps, tiling->values - step);
	uint64_t generators_before = i % tiling->columns * tiling->generators;

	return (tiling->values - step) * tiling->parallel - generators_before * steps;
}

uint32_t tiling_rows_max(const struct tiling *tiling)
{
	return tiling->generators * tiling->steps;
}
