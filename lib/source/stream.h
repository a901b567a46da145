/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * stream.h - stream version 1: the random words that stand at every coordinate
 *
 * This is the definition in plain C, and what the kernels are held to.  Every CPU gives the same
 * words, whatever its byte order.  Two consecutive steps of a generator share a block: word 0
 * belongs to the even step, word 1 to the odd one.
 *
 * Key.  It starts as the seed; then 64-bit words are absorbed in this order: the length of the
 * pipeline's name in bytes; the name, eight bytes a word, first byte lowest, the last word filled
 * up with zeros; the high half of the round.  Absorbing w makes mix((key ^ w) + 2^64 / phi) of
 * the key, where mix is SplitMix64's finaliser.  Each absorption is a bijection of the key: within
 * one name and one high half, different seeds have different keys.  Across n names, halves and
 * seeds two keys are the same by chance alone, with a probability of about n^2 / 2^65.
 *
 * Threads: pure functions.
 *
 * References: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11 (Philox4x32-10);
 * Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, with the
 * constants of Stafford's variant 13.
 */
#ifndef SOURCE_STREAM_H
#define SOURCE_STREAM_H

#include <stdint.h>

/* Philox4x32: multipliers, what the keys grow by each round, rounds. */
#define STREAM_MULTIPLIER_0 UINT32_C(0xd2511f53)
#define STREAM_MULTIPLIER_1 UINT32_C(0xcd9e8d57)
#define STREAM_WEYL_0 UINT32_C(0x9e3779b9)
#define STREAM_WEYL_1 UINT32_C(0xbb67ae85)
enum { STREAM_ROUNDS = 10 };

/* Where a block stands. */
struct stream_point {
	uint64_t block; /* step >> 1, below 2^40 */
	uint64_t round; /* its low half; the high half is in the key */
	uint32_t generator;
	uint8_t site;     /* a column of the source, or a call in an expression */
	uint16_t attempt; /* of a rejection sampler */
};

/* 128 bits, lowest word first. */
struct stream_counter {
	uint32_t words[4];
};

struct stream_block {
	uint64_t words[2]; /* even step, odd step */
};

/* What the keys of a pipeline of that name and seed have in common. */
uint64_t stream_pipeline(uint64_t seed, const char *name);

/* The key of a round, from what stream_pipeline() gave. */
uint64_t stream_key(uint64_t pipeline, uint64_t round);

/*
 * Pack a counter: bits 0-39 block, 40-71 generator, 72-103 low half of the round, 104-111 site,
 * 112-127 attempt.
 */
struct stream_counter stream_counter(const struct stream_point *point);

/*
 * Philox4x32-10 of a counter.  The low half of the key is Philox's first key word; its results 0
 * and 1 are the low and high half of word 0, results 2 and 3 of word 1.
 */
struct stream_block stream_block(uint64_t key, struct stream_counter counter);

#endif
