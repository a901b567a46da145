/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * stream_lanes.h - blocks of stream version 1, several at a time; for kernel files only
 *
 * A lane is 64 bits wide and holds one block.  Philox's 32-bit words live in the lower halves, and
 * the upper ones keep whatever is left there: the multiplication does not read them, so nothing
 * is masked between the rounds.
 *
 * In a row of blocks that differ in one word of the counter, the first rounds hardly vary: all that
 * is constant in them is computed once a row, which gains 8 % (bench_fill).
 *
 * The compiler's vector types say all but the multiplication and a blend.
 */
#ifndef SOURCE_STREAM_LANES_H
#define SOURCE_STREAM_LANES_H

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "source/stream.h"

/*
 * Groups of lanes that are computed side by side hide the multiplication's latency.  Measured on
 * Zen 3 for 1, 2, 3 and 4 groups [M values/s]: AVX2 640, 870, 1030, 560; SSE2 280, 410, 500, 360.
 */
#if defined(__AVX512F__)
#define STREAM_LANES 8
#define STREAM_GROUPS 2
#elif defined(__AVX2__)
#define STREAM_LANES 4
#define STREAM_GROUPS 3
#else
#define STREAM_LANES 2
#define STREAM_GROUPS 3
#endif

enum { STREAM_WIDE = STREAM_GROUPS * STREAM_LANES }; /* [blocks] */

#define STREAM_INLINE static inline __attribute__((always_inline))

typedef uint64_t stream_words __attribute__((vector_size(8 * STREAM_LANES)));
typedef double stream_reals __attribute__((vector_size(8 * STREAM_LANES)));

/* Philox's results: 0 and 1 make the word of the even step, 2 and 3 that of the odd one. */
struct stream_lanes {
	stream_words c0, c1, c2, c3;
};

STREAM_INLINE stream_words stream_all(uint64_t word)
{
	return word - (stream_words){ 0 };
}

/* The 64-bit products of the lower halves. */
STREAM_INLINE stream_words stream_multiply(stream_words a, stream_words b)
{
#if STREAM_LANES == 8
	return (stream_words)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif STREAM_LANES == 4
	return (stream_words)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__x86_64__)
	return (stream_words)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
	return (a & UINT32_MAX) * (b & UINT32_MAX);
#endif
}

/* The lower halves of the words, under a constant upper half. */
STREAM_INLINE stream_words stream_crown(uint64_t upper, stream_words words)
{
#if STREAM_LANES == 4
	return (stream_words)_mm256_blend_epi32((__m256i)words, (__m256i)stream_all(upper), 0xaa);
#else
	return stream_all(upper) | (words & UINT32_MAX);
#endif
}

/*
 * The upper 53 bits of words, times 2^-53.  Each half becomes the end of a mantissa whose exponent
 * puts it where it belongs: 2^20 + high 2^-32, and 2^-12 + low 2^-64 without the 11 bits that are
 * too many.  The difference and the sum are exact.
 */
STREAM_INLINE stream_reals stream_unit(stream_words low, stream_words high)
{
	stream_reals h = (stream_reals)stream_crown(UINT64_C(0x4130000000000000), high);
	stream_reals l = (stream_reals)stream_crown(UINT64_C(0x3f30000000000000),
						    low & UINT64_C(0xfffff800));

	return h - (0x1p20 + 0x1p-12) + l;
}

STREAM_INLINE uint32_t stream_low(uint64_t product)
{
	return (uint32_t)product;
}

STREAM_INLINE uint32_t stream_high(uint64_t product)
{
	return (uint32_t)(product >> 32);
}

/* The words of the key in one of Philox's rounds. */
STREAM_INLINE uint32_t stream_key_0(uint64_t key, unsigned round)
{
	return stream_low(key) + round * STREAM_WEYL_0;
}

STREAM_INLINE uint32_t stream_key_1(uint64_t key, unsigned round)
{
	return stream_high(key) + round * STREAM_WEYL_1;
}

/* The same of all rounds, in every lane. */
struct stream_schedule {
	stream_words k0[STREAM_ROUNDS], k1[STREAM_ROUNDS];
};

STREAM_INLINE void stream_schedule_init(struct stream_schedule *schedule, uint64_t key)
{
	for (unsigned i = 0; i < STREAM_ROUNDS; i++) {
		schedule->k0[i] = stream_all(stream_key_0(key, i));
		schedule->k1[i] = stream_all(stream_key_1(key, i));
	}
}

/*
 * What is constant in a row of blocks.  Words 1, 2 and 3 are the same before Philox's round
 * `first`, so that only one of its products varies; what each of the products is xored with, in
 * this round and the two after it, is known beforehand, and so are the other products.
 */
struct stream_row {
	stream_words enter; /* makes word 0 before `first` of the word that varies */
	stream_words first_c2;
	stream_words second_c0, second_c2;
	stream_words third_c2;
};

/* A row that differs in word 0 before the round `first`. */
STREAM_INLINE struct stream_row stream_row(uint64_t key, unsigned first, uint32_t enter,
					   struct stream_counter counter)
{
	const uint32_t *c = counter.words;
	uint64_t first_p1 = (uint64_t)STREAM_MULTIPLIER_1 * c[2];
	uint32_t first_c0 = stream_high(first_p1) ^ c[1] ^ stream_key_0(key, first);
	uint64_t second_p0 = (uint64_t)STREAM_MULTIPLIER_0 * first_c0;

	return (struct stream_row){
		.enter = stream_all(enter),
		.first_c2 = stream_all(c[3] ^ stream_key_1(key, first)),
		.second_c0 = stream_all(stream_low(first_p1) ^ stream_key_0(key, first + 1)),
		.second_c2 = stream_all(stream_high(second_p0) ^ stream_key_1(key, first + 1)),
		.third_c2 = stream_all(stream_low(second_p0) ^ stream_key_1(key, first + 2)),
	};
}

/* Rows of blocks that differ in word 0 of the counter (pairs of steps of a generator), and in
 * word 1 (generators at a pair of steps); `first` of them is 0 and 1. */
STREAM_INLINE struct stream_row stream_row_steps(uint64_t key, struct stream_counter counter)
{
	return stream_row(key, 0, 0, counter);
}

STREAM_INLINE struct stream_row stream_row_generators(uint64_t key, struct stream_counter counter)
{
	const uint32_t *c = counter.words;
	uint64_t p0 = (uint64_t)STREAM_MULTIPLIER_0 * c[0];
	uint64_t p1 = (uint64_t)STREAM_MULTIPLIER_1 * c[2];
	struct stream_counter after = { {
		0,
		stream_low(p1),
		stream_high(p0) ^ c[3] ^ stream_key_1(key, 0),
		stream_low(p0),
	} };

	return stream_row(key, 1, stream_high(p1) ^ stream_key_0(key, 0), after);
}

/*
 * Keep the compiler from moving instructions from one round to another: GCC 12's scheduler makes
 * the whole computation up to a quarter slower otherwise.
 */
STREAM_INLINE void stream_pin(struct stream_lanes *blocks)
{
#if defined(__AVX512F__)
	__asm__("" : "+v"(blocks->c0), "+v"(blocks->c1), "+v"(blocks->c2), "+v"(blocks->c3));
#elif defined(__x86_64__)
	__asm__("" : "+x"(blocks->c0), "+x"(blocks->c1), "+x"(blocks->c2), "+x"(blocks->c3));
#else
	(void)blocks;
#endif
}

/* The blocks of a row whose words that vary are given. */
STREAM_INLINE void stream_draw(const struct stream_row *row, const struct stream_schedule *keys,
			       unsigned first, const stream_words vary[STREAM_GROUPS],
			       struct stream_lanes blocks[STREAM_GROUPS])
{
	const stream_words m0 = stream_all(STREAM_MULTIPLIER_0);
	const stream_words m1 = stream_all(STREAM_MULTIPLIER_1);

	for (unsigned g = 0; g < STREAM_GROUPS; g++) {
		stream_words c0 = first == 0 ? vary[g] : vary[g] ^ row->enter;
		stream_words first_p0 = stream_multiply(c0, m0);
		stream_words first_c2 = (first_p0 >> 32) ^ row->first_c2;
		stream_words second_p1 = stream_multiply(first_c2, m1);
		stream_words second_c0 = (second_p1 >> 32) ^ row->second_c0;
		stream_words third_p0 = stream_multiply(second_c0, m0);
		stream_words third_p1 = stream_multiply(first_p0 ^ row->second_c2, m1);

		blocks[g].c0 = (third_p1 >> 32) ^ (second_p1 ^ keys->k0[first + 2]);
		blocks[g].c1 = third_p1;
		blocks[g].c2 = (third_p0 >> 32) ^ row->third_c2;
		blocks[g].c3 = third_p0;
	}
	for (unsigned i = first + 3; i < STREAM_ROUNDS; i++) {
		for (unsigned g = 0; g < STREAM_GROUPS; g++) {
			stream_pin(&blocks[g]);
		}
		for (unsigned g = 0; g < STREAM_GROUPS; g++) {
			struct stream_lanes *b = &blocks[g];
			stream_words p0 = stream_multiply(b->c0, m0);
			stream_words p1 = stream_multiply(b->c2, m1);

			b->c0 = (p1 >> 32) ^ (b->c1 ^ keys->k0[i]);
			b->c1 = p1;
			b->c2 = (p0 >> 32) ^ (b->c3 ^ keys->k1[i]);
			b->c3 = p0;
		}
	}
}

#endif
