/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * random.h - random numbers for tests, with a seed that is printed and can be given again
 *
 * Reference: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014).
 */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* GATHERD_TEST_SEED, or a random one; printed in any case. */
static inline uint64_t random_seed(const char *test)
{
	const char *given = getenv("GATHERD_TEST_SEED");
	uint64_t seed = 1;

	if (given != NULL) {
		seed = strtoull(given, NULL, 0);
	} else if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed)) {
		seed = 1;
	}
	printf("%s: GATHERD_TEST_SEED=%" PRIu64 "\n", test, seed);
	fflush(stdout);
	return seed;
}

#endif
