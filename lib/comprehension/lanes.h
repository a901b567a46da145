/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * lanes.h - as many doubles as one register of the CPU holds; for kernel files only
 *
 * What the compiler's vector types cannot say (rounding, square roots, SLEEF) is said here once
 * for each level.  All levels give the same bits: rounding and square roots are exact, and SLEEF's
 * `cinz` functions agree with each other whatever their width.
 */
#ifndef COMPREHENSION_LANES_H
#define COMPREHENSION_LANES_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sleef.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#define LANES 8
#elif defined(__AVX2__)
#define LANES 4
#else
#define LANES 2
#endif

typedef double lanes __attribute__((vector_size(8 * LANES)));
typedef int64_t lane_mask __attribute__((vector_size(8 * LANES))); /* -1 or 0 */

/* The same in memory, where a column may begin at any row. */
typedef double lanes_memory __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef int64_t lane_mask_memory __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

static inline lanes lanes_load(const double *from)
{
	return *(const lanes_memory *)from;
}

static inline void lanes_store(double *to, lanes x)
{
	*(lanes_memory *)to = x;
}

static inline lane_mask lanes_load_mask(const double *from)
{
	return *(const lane_mask_memory *)from;
}

static inline void lanes_store_mask(double *to, lane_mask x)
{
	*(lane_mask_memory *)to = x;
}

static inline lanes lanes_all(double x)
{
#if LANES == 8
	return _mm512_set1_pd(x);
#elif LANES == 4
	return _mm256_set1_pd(x);
#else
	return (lanes){ x, x };
#endif
}

/* yes where mask, else no. */
static inline lanes lanes_select(lane_mask mask, lanes yes, lanes no)
{
	return (lanes)((mask & (lane_mask)yes) | (~mask & (lane_mask)no));
}

static inline lanes lanes_and(lanes a, lanes b)
{
	return (lanes)((lane_mask)a & (lane_mask)b);
}

static inline lanes lanes_abs(lanes x)
{
	return (lanes)((lane_mask)x & INT64_MAX);
}

static inline lanes lanes_negate(lanes x)
{
	return (lanes)((lane_mask)x ^ INT64_MIN);
}

/* The magnitude of x with the sign of y. */
static inline lanes lanes_copysign(lanes x, lanes y)
{
	return (lanes)(((lane_mask)x & INT64_MAX) | ((lane_mask)y & INT64_MIN));
}

/* The sign bits, lane 0 lowest: all of a mask. */
static inline unsigned lanes_bits(lane_mask mask)
{
	unsigned bits;

#if LANES == 8
	bits = (unsigned)_mm512_movepi64_mask((__m512i)mask);
#elif LANES == 4
	bits = (unsigned)_mm256_movemask_pd((__m256d)mask);
#elif defined(__x86_64__)
	bits = (unsigned)_mm_movemask_pd((__m128d)mask);
#else
	bits = (unsigned)(mask[0] & 1) | (unsigned)(mask[1] & 2);
#endif
	if (bits >> LANES != 0) {
		__builtin_unreachable(); /* saves the masking of what is put together of these */
	}
	return bits;
}

static inline bool lanes_any(lane_mask mask)
{
	return lanes_bits(mask) != 0;
}

/* A function of libm that is exact, lane by lane. */
#define LANES_EXACT(name, function)                               \
	static inline lanes name(lanes x)                         \
	{                                                         \
		return (lanes){ function(x[0]), function(x[1]) }; \
	}

#if LANES == 8
#define LANES_ROUNDING(name, direction)                                          \
	static inline lanes name(lanes x)                                        \
	{                                                                        \
		return _mm512_roundscale_pd(x, (direction) | _MM_FROUND_NO_EXC); \
	}
#elif LANES == 4
#define LANES_ROUNDING(name, direction)                                     \
	static inline lanes name(lanes x)                                   \
	{                                                                   \
		return _mm256_round_pd(x, (direction) | _MM_FROUND_NO_EXC); \
	}
#endif

#if LANES > 2
LANES_ROUNDING(lanes_floor, _MM_FROUND_TO_NEG_INF)
LANES_ROUNDING(lanes_trunc, _MM_FROUND_TO_ZERO)
LANES_ROUNDING(lanes_rint, _MM_FROUND_TO_NEAREST_INT)
#else
LANES_EXACT(lanes_floor, floor)
LANES_EXACT(lanes_trunc, trunc)
LANES_EXACT(lanes_rint, rint)
#endif

static inline lanes lanes_sqrt(lanes x)
{
#if LANES == 8
	return _mm512_sqrt_pd(x);
#elif LANES == 4
	return _mm256_sqrt_pd(x);
#elif defined(__x86_64__)
	return _mm_sqrt_pd(x);
#else
	return (lanes){ sqrt(x[0]), sqrt(x[1]) };
#endif
}

/* a * b + c, rounded once; where it is one instruction. */
#if LANES > 2 && defined(__FMA__)
#define LANES_HAVE_FMA 1
static inline lanes lanes_fma(lanes a, lanes b, lanes c)
{
#if LANES == 8
	return _mm512_fmadd_pd(a, b, c);
#else
	return _mm256_fmadd_pd(a, b, c);
#endif
}
#endif

/* Within 1 ulp everywhere, sin and cos of huge arguments included. */
#if LANES == 8
#define LANES_SLEEF(f) Sleef_cinz_##f##d8_u10avx512fnofma
#elif LANES == 4
#define LANES_SLEEF(f) Sleef_cinz_##f##d4_u10avx
#elif defined(__x86_64__)
#define LANES_SLEEF(f) Sleef_cinz_##f##d2_u10sse2
#else
#define LANES_SLEEF_SCALAR(f) Sleef_cinz_##f##d1_u10purec
#endif

#ifdef LANES_SLEEF
#define LANES_FUNCTION(f)                      \
	static inline lanes lanes_##f(lanes x) \
	{                                      \
		return LANES_SLEEF(f)(x);      \
	}
static inline lanes lanes_pow(lanes x, lanes y)
{
	return LANES_SLEEF(pow)(x, y);
}
#else
#define LANES_FUNCTION(f)                                                                   \
	static inline lanes lanes_##f(lanes x)                                              \
	{                                                                                   \
		return (lanes){ LANES_SLEEF_SCALAR(f)(x[0]), LANES_SLEEF_SCALAR(f)(x[1]) }; \
	}
static inline lanes lanes_pow(lanes x, lanes y)
{
	return (lanes){ LANES_SLEEF_SCALAR(pow)(x[0], y[0]), LANES_SLEEF_SCALAR(pow)(x[1], y[1]) };
}
#endif
LANES_FUNCTION(exp)
LANES_FUNCTION(log)
LANES_FUNCTION(sin)
LANES_FUNCTION(cos)

#endif
