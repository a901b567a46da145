/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * source_kernels.c - the transforms of all distributions, from blocks to values
 */
#include "source/source_kernels.h"

#include "source/stream_fill.h"

STREAM_INLINE struct stream_pairs to_unit(const struct stream_lanes *blocks,
					  const double *parameters)
{
	(void)parameters;
	return (struct stream_pairs){
		.even = stream_unit(blocks->c0, blocks->c1),
		.odd = stream_unit(blocks->c2, blocks->c3),
	};
}

static void unit(const struct source_draw *draw)
{
	stream_fill(draw, to_unit);
}

/* x where it is less than y, else y. */
STREAM_INLINE stream_reals lesser(stream_reals x, stream_reals y)
{
#if STREAM_LANES == 8
	return _mm512_min_pd(x, y);
#elif STREAM_LANES == 4
	return _mm256_min_pd(x, y);
#elif defined(__x86_64__)
	return _mm_min_pd(x, y);
#else
	stream_words less = (stream_words)(x < y);

	return (stream_reals)((less & (stream_words)x) | (~less & (stream_words)y));
#endif
}

STREAM_INLINE struct stream_pairs to_uniform(const struct stream_lanes *blocks,
					     const double *parameters)
{
	struct stream_pairs u = to_unit(blocks, parameters);
	const double low = parameters[0], range = parameters[1];
	const stream_reals top = parameters[2] - (stream_reals){ 0 };

	return (struct stream_pairs){
		.even = lesser(low + range * u.even, top),
		.odd = lesser(low + range * u.odd, top),
	};
}

static void uniform(const struct source_draw *draw)
{
	stream_fill(draw, to_uniform);
}

const struct source_kernels KERNEL(source_kernels) = {
	.draw = {
		[SOURCE_UNIT] = unit,
		[SOURCE_UNIFORM] = uniform,
	},
};
