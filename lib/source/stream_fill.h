/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * stream_fill.h - from the coordinates of a tile to a column of values; for kernel files only
 *
 * A tile is cut into patches, in which the upper bits of step and generator are constant.  A patch
 * is drawn along the steps, one generator after another, or across the generators, one pair of
 * steps after another, whichever leaves fewer lanes idle.  What becomes of the blocks is up to
 * a transform, which is inlined into the loops.
 */
#ifndef SOURCE_STREAM_FILL_H
#define SOURCE_STREAM_FILL_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "source/source_kernels.h"
#include "source/stream_lanes.h"

/* Values of the even and of the odd steps of as many blocks as there are lanes. */
struct stream_pairs {
	stream_reals even, odd;
};

/* From blocks to values, by the parameters of the draw. */
typedef struct stream_pairs stream_transform(const struct stream_lanes *blocks,
					     const double *parameters);

/*
 * The bits from here on are constant within a patch: word 0 of the counter has 32 bits of the step,
 * without its lowest, and word 1 has 24 bits of the generator.
 */
enum { STREAM_PATCH_STEP = 33, STREAM_PATCH_GENERATOR = 24 };

struct stream_patch {
	const double *parameters;
	double *out;
	size_t stride; /* [rows] from one generator to the next */
	struct stream_point corner;
	bool odd; /* the first step is the odd one of its block */
	uint32_t generators, steps;
	uint64_t key;
	struct stream_schedule keys;
};

/*
 * Zipping takes the low lanes of each 128 bits, then the high ones.  Blocks that stand in the lanes
 * in STREAM_ORDER come out in their own order.
 */
#if STREAM_LANES == 8
#define STREAM_ORDER 0, 4, 1, 5, 2, 6, 3, 7
#define STREAM_ZIP_LOW 0, 8, 2, 10, 4, 12, 6, 14
#define STREAM_ZIP_HIGH 1, 9, 3, 11, 5, 13, 7, 15
#define STREAM_COUNT 0, 1, 2, 3, 4, 5, 6, 7
#elif STREAM_LANES == 4
#define STREAM_ORDER 0, 2, 1, 3
#define STREAM_ZIP_LOW 0, 4, 2, 6
#define STREAM_ZIP_HIGH 1, 5, 3, 7
#define STREAM_COUNT 0, 1, 2, 3
#else
#define STREAM_ORDER 0, 1
#define STREAM_ZIP_LOW 0, 2
#define STREAM_ZIP_HIGH 1, 3
#define STREAM_COUNT 0, 1
#endif

typedef double stream_memory __attribute__((vector_size(8 * STREAM_LANES), aligned(8), may_alias));

STREAM_INLINE void stream_store(double *to, stream_reals x)
{
	*(stream_memory *)to = x;
}

STREAM_INLINE void stream_store_zipped(double *to, struct stream_pairs x)
{
	stream_store(to, __builtin_shufflevector(x.even, x.odd, STREAM_ZIP_LOW));
	stream_store(to + STREAM_LANES, __builtin_shufflevector(x.even, x.odd, STREAM_ZIP_HIGH));
}

/* Draw all steps of one generator.  Blocks that the patch has half of, or none, go round by
 * a buffer. */
STREAM_INLINE void stream_fill_row(const struct stream_patch *patch, struct stream_point point,
				   double *out, stream_transform *transform)
{
	enum { ROWS = 2 * STREAM_WIDE };
	struct stream_row row = stream_row_steps(patch->key, stream_counter(&point));
	stream_words next = stream_all(point.block) + (stream_words){ STREAM_ORDER };
	size_t skip = patch->odd;
	size_t left = patch->steps;

	while (left > 0) {
		struct stream_lanes blocks[STREAM_GROUPS];
		stream_words vary[STREAM_GROUPS];
		double buffer[ROWS];
		size_t rows = ROWS - skip < left ? ROWS - skip : left;
		double *to = rows == ROWS ? out : buffer;

		for (unsigned g = 0; g < STREAM_GROUPS; g++) {
			vary[g] = next + (uint64_t)g * STREAM_LANES;
		}
		next += STREAM_WIDE;
		stream_draw(&row, &patch->keys, 0, vary, blocks);
		for (unsigned g = 0; g < STREAM_GROUPS; g++) {
			stream_store_zipped(to + 2 * STREAM_LANES * g,
					    transform(&blocks[g], patch->parameters));
		}
		if (rows < ROWS) {
			memcpy(out, buffer + skip, rows * sizeof(double));
			skip = 0;
		}
		out += rows;
		left -= rows;
	}
}

STREAM_INLINE void stream_fill_along(const struct stream_patch *patch, stream_transform *transform)
{
	struct stream_point point = patch->corner;

	for (uint32_t i = 0; i < patch->generators; i++, point.generator++) {
		stream_fill_row(patch, point, patch->out + i * patch->stride, transform);
	}
}

/* The steps of a block that a patch has. */
enum stream_half {
	STREAM_BOTH,
	STREAM_EVEN,
	STREAM_ODD,
};

STREAM_INLINE void stream_store_half(double *to, struct stream_pairs x, enum stream_half half)
{
	if (half == STREAM_BOTH) {
		stream_store_zipped(to, x);
	} else {
		stream_store(to, half == STREAM_EVEN ? x.even : x.odd);
	}
}

/* Draw one block of every generator, and store the half that is asked for. */
STREAM_INLINE void stream_fill_column(const struct stream_patch *patch, struct stream_point point,
				      double *out, enum stream_half half,
				      stream_transform *transform)
{
	const stream_words both = { STREAM_ORDER }, one = { STREAM_COUNT };
	const size_t steps = half == STREAM_BOTH ? 2 : 1;
	struct stream_counter counter = stream_counter(&point);
	struct stream_row row = stream_row_generators(patch->key, counter);
	stream_words next = ((half == STREAM_BOTH ? both : one) << 8) + counter.words[1];

	for (size_t i = 0; i < patch->generators; i += STREAM_WIDE) {
		struct stream_lanes blocks[STREAM_GROUPS];
		stream_words vary[STREAM_GROUPS];
		double buffer[2 * STREAM_WIDE];
		size_t left = patch->generators - i;
		bool direct = patch->stride == steps && left >= STREAM_WIDE;
		double *to = direct ? out + i * steps : buffer;

		for (unsigned g = 0; g < STREAM_GROUPS; g++) {
			vary[g] = next + ((uint64_t)g * STREAM_LANES << 8);
		}
		next += STREAM_WIDE << 8;
		stream_draw(&row, &patch->keys, 1, vary, blocks);
		for (unsigned g = 0; g < STREAM_GROUPS; g++) {
			stream_store_half(to + steps * STREAM_LANES * g,
					  transform(&blocks[g], patch->parameters), half);
		}
		for (size_t j = 0; !direct && j < STREAM_WIDE && j < left; j++) {
			memcpy(out + (i + j) * patch->stride, buffer + j * steps,
			       steps * sizeof(double));
		}
	}
}

STREAM_INLINE void stream_fill_across(const struct stream_patch *patch, stream_transform *transform)
{
	struct stream_point point = patch->corner;
	uint32_t step = 0;

	if (patch->odd) {
		stream_fill_column(patch, point, patch->out, STREAM_ODD, transform);
		point.block++;
		step = 1;
	}
	for (; patch->steps - step >= 2; step += 2, point.block++) {
		stream_fill_column(patch, point, patch->out + step, STREAM_BOTH, transform);
	}
	if (step < patch->steps) {
		stream_fill_column(patch, point, patch->out + step, STREAM_EVEN, transform);
	}
}

/* Blocks that are computed where so many are wanted in a row. */
STREAM_INLINE uint64_t stream_fill_wide(uint64_t blocks)
{
	return (blocks + STREAM_WIDE - 1) / STREAM_WIDE * STREAM_WIDE;
}

STREAM_INLINE void stream_fill_patch(const struct stream_patch *patch, stream_transform *transform)
{
	uint64_t blocks = (patch->steps + (uint64_t)patch->odd + 1) / 2;

	if (patch->generators * stream_fill_wide(blocks) <=
	    blocks * stream_fill_wide(patch->generators)) {
		stream_fill_along(patch, transform);
	} else {
		stream_fill_across(patch, transform);
	}
}

/* The least of n and the coordinates from here to the next multiple of 2^bits. */
STREAM_INLINE uint32_t stream_fill_reach(uint64_t from, unsigned bits, uint32_t n)
{
	uint64_t most = (UINT64_C(1) << bits) - (from & ((UINT64_C(1) << bits) - 1));

	return n < most ? n : (uint32_t)most;
}

/* Draw a column of a tile: the kernel, but for its transform. */
STREAM_INLINE void stream_fill(const struct source_draw *draw, stream_transform *transform)
{
	const struct tile *tile = draw->tile;
	double parameters[SOURCE_PARAMETERS]; /* a copy: a store to `out` cannot change it */
	struct stream_patch patch = {
		.parameters = parameters,
		.stride = tile->steps,
		.key = draw->key,
	};

	memcpy(parameters, draw->parameters, sizeof(parameters));
	stream_schedule_init(&patch.keys, draw->key);
	for (uint32_t step = 0; step < tile->steps; step += patch.steps) {
		uint64_t at = tile->step + step;

		patch.steps = stream_fill_reach(at, STREAM_PATCH_STEP, tile->steps - step);
		patch.odd = at % 2 != 0;
		for (uint32_t i = 0; i < tile->generators; i += patch.generators) {
			uint32_t generator = tile->generator + i;

			patch.generators = stream_fill_reach(generator, STREAM_PATCH_GENERATOR,
							     tile->generators - i);
			patch.corner = (struct stream_point){
				.block = at >> 1,
				.round = tile->round,
				.generator = generator,
				.site = draw->site,
			};
			patch.out = draw->out + (size_t)i * tile->steps + step;
			stream_fill_patch(&patch, transform);
		}
	}
}

#endif
