/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * bench_handwritten.c - the plain loop of `gatherd bench` against one written by hand for AVX2
 *
 * The hand-written loop does [x*x for x in uniform(0, 1) if x > 0.5] with count and sum, all in
 * registers: the same generator, the same values, a plain sum.  It knows no columns, no strips, no
 * rows of survivors and no exactness, so it is as fast as this job can be.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "gather.h"
#include "source/stream.h"

#if defined(__x86_64__)
#include <immintrin.h>

enum { REPETITIONS = 9 };
#define SLICE_NS (NS_PER_S * 2 / 5)
#define AVX2 __attribute__((target("avx2")))

struct words {
	__m256i c0, c1, c2, c3; /* 32-bit words in 64-bit lanes */
};

AVX2 static inline void philox_round(struct words *w, __m256i k0, __m256i k1)
{
	__m256i p0 = _mm256_mul_epu32(w->c0, _mm256_set1_epi64x(0xD2511F53));
	__m256i p1 = _mm256_mul_epu32(w->c2, _mm256_set1_epi64x(0xCD9E8D57));

	w->c0 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), w->c1), k0);
	w->c2 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), w->c3), k1);
	w->c1 = p1;
	w->c3 = p0;
}

/* 53 bits of each lane as a double in [0, 1). */
AVX2 static inline __m256d to_double(__m256i low, __m256i high)
{
	__m256i word = _mm256_blend_epi32(low, _mm256_slli_epi64(high, 32), 0xaa);
	__m256i bits = _mm256_srli_epi64(word, 11);
	__m256i hi = _mm256_or_si256(_mm256_srli_epi64(bits, 32),
				     _mm256_castpd_si256(_mm256_set1_pd(0x1p84)));
	__m256i lo = _mm256_blend_epi32(bits, _mm256_castpd_si256(_mm256_set1_pd(0x1p52)), 0xaa);
	__m256d top = _mm256_sub_pd(_mm256_castsi256_pd(hi), _mm256_set1_pd(0x1p84 + 0x1p52));

	return _mm256_mul_pd(_mm256_add_pd(top, _mm256_castsi256_pd(lo)), _mm256_set1_pd(0x1p-53));
}

struct sums {
	__m256d sum;
	__m256i count;
};

AVX2 static inline void take(struct sums *sums, __m256d x)
{
	__m256d mask = _mm256_cmp_pd(x, _mm256_set1_pd(0.5), _CMP_GT_OQ);

	sums->sum = _mm256_add_pd(sums->sum, _mm256_and_pd(mask, _mm256_mul_pd(x, x)));
	sums->count = _mm256_sub_epi64(sums->count, _mm256_castpd_si256(mask));
}

/* Values of generator 0, round 1, site 0, from step on; pairs is a multiple of 12: three groups of
 * four blocks are in flight. */
AVX2 static void hand(uint64_t key, uint64_t step, uint64_t pairs, double *sum, uint64_t *count)
{
	struct sums a = { _mm256_setzero_pd(), _mm256_setzero_si256() };
	struct sums b = a;
	uint32_t k0 = (uint32_t)key;
	uint32_t k1 = (uint32_t)(key >> 32);
	__m256i keys[2][10];
	__m256i at = _mm256_add_epi64(_mm256_set1_epi64x((long long)(step >> 1)),
				      _mm256_set_epi64x(3, 2, 1, 0));
	const __m256i zero = _mm256_setzero_si256();
	const __m256i round = _mm256_set1_epi64x(1 << 8); /* low half of the round in bits 72.. */

	for (unsigned i = 0; i < 10; i++) {
		keys[0][i] = _mm256_set1_epi64x(k0);
		keys[1][i] = _mm256_set1_epi64x(k1);
		k0 += 0x9E3779B9;
		k1 += 0xBB67AE85;
	}
	for (uint64_t i = 0; i < pairs; i += 12) {
		__m256i at2 = _mm256_add_epi64(at, _mm256_set1_epi64x(4));
		__m256i at3 = _mm256_add_epi64(at, _mm256_set1_epi64x(8));
		struct words u = { at, _mm256_srli_epi64(at, 32), round, zero };
		struct words v = { at2, _mm256_srli_epi64(at2, 32), round, zero };
		struct words w = { at3, _mm256_srli_epi64(at3, 32), round, zero };
		for (unsigned r = 0; r < 10; r++) {
			/* Keeps GCC from mixing rounds, which makes it run out of registers. */
			__asm__("" : "+x"(u.c0), "+x"(v.c0), "+x"(w.c0));
			philox_round(&u, keys[0][r], keys[1][r]);
			philox_round(&v, keys[0][r], keys[1][r]);
			philox_round(&w, keys[0][r], keys[1][r]);
		}
		take(&a, to_double(u.c0, u.c1));
		take(&b, to_double(u.c2, u.c3));
		take(&a, to_double(v.c0, v.c1));
		take(&b, to_double(v.c2, v.c3));
		take(&a, to_double(w.c0, w.c1));
		take(&b, to_double(w.c2, w.c3));
		at = _mm256_add_epi64(at, _mm256_set1_epi64x(12));
	}
	__m256d s = _mm256_add_pd(a.sum, b.sum);
	__m256i c = _mm256_add_epi64(a.count, b.count);
	*sum += s[0] + s[1] + s[2] + s[3];
	*count += (uint64_t)(c[0] + c[1] + c[2] + c[3]);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static double time_hand(uint64_t key)
{
	int64_t start = clock_now_ns();
	int64_t elapsed;
	uint64_t values = 0;
	uint64_t count = 0;
	double sum = 0;

	do {
		for (unsigned i = 0; i < 16; i++) {
			hand(key, values, 2052, &sum, &count);
			values += 4104;
		}
		elapsed = clock_now_ns() - start;
	} while (elapsed < SLICE_NS);
	/* The sum keeps the compiler from dropping the work, and shows that it was done. */
	if (fabs(sum / (double)count - 7.0 / 12) > 0.01) {
		fprintf(stderr, "the hand-written loop is wrong: %g\n", sum / (double)count);
		exit(1);
	}
	return (double)values / (double)elapsed * 1e9;
}

/* The hand-written loop must draw the very values that the library draws. */
static void check_values(uint64_t key)
{
	double sum = 0;
	double expected = 0;
	uint64_t count = 0;

	hand(key, 0, 12, &sum, &count);
	for (uint64_t step = 0; step < 24; step++) {
		struct stream_point point = { .block = step >> 1, .round = 1 };
		struct stream_block block = stream_block(key, stream_counter(&point));
		double x = (double)(block.words[step & 1] >> 11) * 0x1p-53;
		expected += x > 0.5 ? x * x : 0;
	}
	if (fabs(sum - expected) > 1e-12) {
		fprintf(stderr, "the hand-written loop draws other values\n");
		exit(1);
	}
}

int main(void)
{
	static const char *const gathers[] = { "count", "sum" };
	static const struct gather_stage stage = {
		.comprehension = "[x*x for x in uniform(0, 1) if x > 0.5]",
		.width = 1,
	};
	const struct gather_spec spec = {
		.name = "bench",
		.seed = 1,
		.parallel = 1,
		.values = 100000000,
		.producers = 1,
		.nstages = 1,
		.stages = &stage,
		.ngathers = 2,
		.gathers = gathers,
	};
	double hands[REPETITIONS], loops[REPETITIONS];
	struct gather_error error;
	uint64_t key = stream_key(stream_pipeline(1, "bench"), 1);

	if (!__builtin_cpu_supports("avx2")) {
		printf("SKIP: this CPU has no AVX2\n");
		return 77;
	}
	check_values(key);
	for (unsigned i = 0; i < REPETITIONS; i++) {
		hands[i] = time_hand(key);
		if (gather_bench_loop(&spec, 1, SLICE_NS, &loops[i], &error) != GATHER_OK) {
			fprintf(stderr, "%s\n", error.message);
			return 1;
		}
	}
	qsort(hands, REPETITIONS, sizeof(double), compare);
	qsort(loops, REPETITIONS, sizeof(double), compare);
	printf("by hand   %.0f M values/s\nplain loop %.0f M values/s\nratio     %.3f\n",
	       hands[REPETITIONS / 2] / 1e6, loops[REPETITIONS / 2] / 1e6,
	       loops[REPETITIONS / 2] / hands[REPETITIONS / 2]);
	return 0;
}
#else
int main(void)
{
	printf("SKIP: the hand-written loop is for x86-64\n");
	return 77;
}
#endif
