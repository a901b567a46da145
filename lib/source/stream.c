/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * stream.c - keys, counters and blocks of stream version 1, one at a time
 */
#include "source/stream.h"

#include <stddef.h>
#include <string.h>

static uint64_t absorb(uint64_t key, uint64_t word)
{
	uint64_t z = (key ^ word) + UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t stream_pipeline(uint64_t seed, const char *name)
{
	size_t length = strlen(name);
	uint64_t key = absorb(seed, length);

	for (size_t i = 0; i < length; i += 8) {
		uint64_t word = 0;

		for (size_t j = i; j < length && j < i + 8; j++) {
			word |= (uint64_t)(unsigned char)name[j] << (j - i) * 8;
		}
		key = absorb(key, word);
	}
	return key;
}

uint64_t stream_key(uint64_t pipeline, uint64_t round)
{
	return absorb(pipeline, round >> 32);
}

struct stream_counter stream_counter(const struct stream_point *point)
{
	uint32_t generator = point->generator;
	uint32_t round = (uint32_t)point->round;

	return (struct stream_counter){ {
		(uint32_t)point->block,
		(uint32_t)(point->block >> 32 & 0xff) | generator << 8,
		generator >> 24 | round << 8,
		round >> 24 | (uint32_t)point->site << 8 | (uint32_t)point->attempt << 16,
	} };
}

static uint64_t join(uint32_t low, uint32_t high)
{
	return low | (uint64_t)high << 32;
}

struct stream_block stream_block(uint64_t key, struct stream_counter counter)
{
	const uint32_t *in = counter.words;
	uint32_t c0 = in[0], c1 = in[1], c2 = in[2], c3 = in[3];
	uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);

	for (unsigned i = 0; i < STREAM_ROUNDS; i++) {
		uint64_t p0 = (uint64_t)STREAM_MULTIPLIER_0 * c0;
		uint64_t p1 = (uint64_t)STREAM_MULTIPLIER_1 * c2;

		c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
		c1 = (uint32_t)p1;
		c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
		c3 = (uint32_t)p0;
		k0 += STREAM_WEYL_0;
		k1 += STREAM_WEYL_1;
	}
	return (struct stream_block){ { join(c0, c1), join(c2, c3) } };
}
