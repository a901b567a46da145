/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * exact.c - wide fixed-point numbers in overlapping chunks
 *
 * Adding a double touches two chunks: its low bits up to the next chunk's, and the rest.  Reading
 * goes through plain digits of 32 bits, where carries are done with.
 */
#include "gather/exact.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
	DIGIT_BITS = 32,
	/* The weight of bit 0 of chunk 0 is 2**-BIAS: whole digits, and room for the lowest bit of
	 * a product, 2**-2148. */
	BIAS = 2176,
	/* A double is an integer m < 2**53 times 2**(e - 1075), e its exponent field (1 for
	 * subnormals). */
	MANTISSA_BITS = 53,
	POSITION = BIAS - 1075,             /* of the lowest bit of m, less e */
	POSITION_PRODUCT = BIAS - 2 * 1075, /* of that of a product, less both e */
	POSITION_LOWEST = POSITION + 1,     /* of the smallest double */
	EXPONENT_SPECIAL = 0x7ff,
	/* An addition adds less than 2**52 to a chunk; propagated and merged, it is below 2**33:
	 * so many additions keep it below 2**63. */
	PENDING_MAX = 2047,

	DIGITS = EXACT_CHUNKS + 1, /* the last chunk makes two */
	DEVIATION_DIGITS = 2 * DIGITS,
};

enum { SPECIAL_NAN = 1, SPECIAL_PLUS = 2, SPECIAL_MINUS = 4 };

#define LOW_MASK UINT64_C(0xffffffff)

/* A finite double taken apart: m * 2**(e - 1075), negative where sign is all ones. */
struct parts {
	uint64_t m;
	uint64_t sign;
	unsigned e;
};

static inline struct parts take_apart(double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	unsigned e = (unsigned)(bits >> 52 & EXPONENT_SPECIAL);
	uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
	return (struct parts){
		.m = e == 0 ? fraction : fraction | UINT64_C(1) << 52,
		.sign = bits >> 63 != 0 ? UINT64_MAX : 0,
		.e = e == 0 ? 1 : e,
	};
}

/* Move what a chunk has beyond its 32 bits to the next one. */
static void propagate(struct exact *exact)
{
	for (unsigned k = 0; k + 1 < EXACT_CHUNKS; k++) {
		int64_t low = (int64_t)((uint64_t)exact->chunk[k] & LOW_MASK);

		exact->chunk[k + 1] += (exact->chunk[k] - low) / (INT64_C(1) << DIGIT_BITS);
		exact->chunk[k] = low;
	}
	exact->pending = 0;
}

/* Add m * 2**position, m < 2**53, negated where sign is all ones. */
static inline void put(struct exact *exact, unsigned position, uint64_t m, uint64_t sign)
{
	unsigned k = position / DIGIT_BITS;
	unsigned shift = position % DIGIT_BITS;
	uint64_t low = m << shift & LOW_MASK;
	uint64_t high = m >> (DIGIT_BITS - shift);

	exact->chunk[k] += (int64_t)((low ^ sign) - sign);
	exact->chunk[k + 1] += (int64_t)((high ^ sign) - sign);
}

static inline void count(struct exact *exact)
{
	if (exact->pending == PENDING_MAX) {
		propagate(exact);
	}
	exact->pending++;
}

static void add_special(struct exact *exact, double x)
{
	exact->special |= isnan(x) ? SPECIAL_NAN : x > 0 ? SPECIAL_PLUS : SPECIAL_MINUS;
}

void exact_reset(struct exact *exact)
{
	memset(exact, 0, sizeof(*exact));
}

void exact_add(struct exact *exact, double x)
{
	struct parts parts = take_apart(x);

	if (parts.e == EXPONENT_SPECIAL) {
		add_special(exact, x);
		return;
	}
	count(exact);
	put(exact, parts.e + POSITION, parts.m, parts.sign);
}

void exact_add_product(struct exact *exact, double x, double y)
{
	struct parts a = take_apart(x);
	struct parts b = take_apart(y);

	if (a.e == EXPONENT_SPECIAL || b.e == EXPONENT_SPECIAL) {
		add_special(exact, x * y);
		return;
	}
	/* 106 bits, by halves; carried on so that each digit leaves room in its chunk. */
	uint64_t a0 = a.m & LOW_MASK, a1 = a.m >> DIGIT_BITS;
	uint64_t b0 = b.m & LOW_MASK, b1 = b.m >> DIGIT_BITS;
	uint64_t digit0 = a0 * b0;
	uint64_t digit1 = (digit0 >> DIGIT_BITS) + a0 * b1 + a1 * b0;
	uint64_t digit2 = (digit1 >> DIGIT_BITS) + a1 * b1;
	uint64_t sign = a.sign ^ b.sign;
	unsigned position = a.e + b.e + POSITION_PRODUCT;

	count(exact);
	put(exact, position, digit0 & LOW_MASK, sign);
	put(exact, position + DIGIT_BITS, digit1 & LOW_MASK, sign);
	put(exact, position + 2 * DIGIT_BITS, digit2, sign);
}

void exact_merge(struct exact *into, const struct exact *from)
{
	struct exact copy = *from;

	propagate(&copy);
	propagate(into);
	for (unsigned k = 0; k < EXACT_CHUNKS; k++) {
		into->chunk[k] += copy.chunk[k];
	}
	into->pending = 1;
	into->special |= copy.special;
}

/* Reading: a natural number in digits of 32 bits, the lowest first.  Digits behind the last one
 * that is not 0 are left out. */
struct natural {
	unsigned n;
	uint32_t digit[DEVIATION_DIGITS];
};

static void trim(struct natural *x)
{
	while (x->n > 0 && x->digit[x->n - 1] == 0) {
		x->n--;
	}
}

/* The magnitude of the sum; returns whether it is negative. */
static bool magnitude(struct natural *x, const struct exact *exact)
{
	struct exact copy = *exact;

	propagate(&copy);
	bool negative = copy.chunk[EXACT_CHUNKS - 1] < 0;
	if (negative) {
		for (unsigned k = 0; k < EXACT_CHUNKS; k++) {
			copy.chunk[k] = -copy.chunk[k];
		}
		propagate(&copy);
	}
	for (unsigned k = 0; k < EXACT_CHUNKS; k++) {
		x->digit[k] = (uint32_t)((uint64_t)copy.chunk[k] & LOW_MASK);
	}
	x->digit[DIGITS - 1] = (uint32_t)((uint64_t)copy.chunk[EXACT_CHUNKS - 1] >> DIGIT_BITS);
	x->n = DIGITS;
	trim(x);
	return negative;
}

static unsigned bit_length(const struct natural *x)
{
	unsigned bits = x->n * DIGIT_BITS;

	if (x->n > 0) {
		for (uint32_t top = x->digit[x->n - 1]; top >> 31 == 0; top <<= 1) {
			bits--;
		}
	}
	return bits;
}

static uint64_t digit_at(const struct natural *x, unsigned k)
{
	return k < x->n ? x->digit[k] : 0;
}

/* x / 2**position as an integer, where it has at most 64 bits. */
static uint64_t bits_from(const struct natural *x, unsigned position)
{
	unsigned k = position / DIGIT_BITS;
	unsigned shift = position % DIGIT_BITS;
	uint64_t low = digit_at(x, k) | digit_at(x, k + 1) << DIGIT_BITS;

	return shift == 0 ? low : low >> shift | digit_at(x, k + 2) << (2 * DIGIT_BITS - shift);
}

/* Whether x is no multiple of 2**position. */
static bool any_below(const struct natural *x, unsigned position)
{
	for (unsigned k = 0; k < x->n && k < position / DIGIT_BITS; k++) {
		if (x->digit[k] != 0) {
			return true;
		}
	}
	uint64_t mask = (UINT64_C(1) << position % DIGIT_BITS) - 1;
	return (digit_at(x, position / DIGIT_BITS) & mask) != 0;
}

/* x / 2**position to the nearest integer, ties to even, where it has at most 53 bits; sticky says
 * that the true value is a little more than x. */
static uint64_t round_at(const struct natural *x, unsigned position, bool sticky)
{
	uint64_t m = bits_from(x, position);

	if (position == 0) {
		return m;
	}
	bool half = (bits_from(x, position - 1) & 1) != 0;
	return m + (half && (sticky || (m & 1) != 0 || any_below(x, position - 1)) ? 1 : 0);
}

/* x * 2**-BIAS as a double.  A mantissa that is rounded up to 2**53 carries into the exponent, and
 * that of the largest double into infinity. */
static double to_double(const struct natural *x, bool negative, bool sticky)
{
	unsigned length = bit_length(x);
	unsigned position = length < POSITION_LOWEST + MANTISSA_BITS ? POSITION_LOWEST
								     : length - MANTISSA_BITS;
	uint64_t exponent = position - POSITION_LOWEST;
	double value;

	if (exponent >= EXPONENT_SPECIAL - 1) {
		return negative ? -(double)INFINITY : (double)INFINITY;
	}
	uint64_t bits = (exponent << 52) + round_at(x, position, sticky);
	bits |= negative ? UINT64_C(1) << 63 : 0;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

static double special_value(uint32_t special)
{
	switch (special) {
	case SPECIAL_PLUS:
		return (double)INFINITY;
	case SPECIAL_MINUS:
		return -(double)INFINITY;
	default:
		return (double)NAN;
	}
}

double exact_read(const struct exact *exact)
{
	struct natural x;

	if (exact->special != 0) {
		return special_value(exact->special);
	}
	bool negative = magnitude(&x, exact);
	return to_double(&x, negative, false);
}

/* Divide in place, bit by bit; returns whether anything is left over.  Ends with three digits of
 * the quotient, which is more than is read of it. */
static bool divide(struct natural *x, uint64_t n)
{
	uint64_t rest = 0;
	unsigned digits = 0;

	for (unsigned k = x->n; k-- > 0;) {
		uint32_t digit = x->digit[k];
		uint32_t quotient = 0;

		if (digits == 3) {
			bool more = rest != 0 || any_below(x, (k + 1) * DIGIT_BITS);
			memset(x->digit, 0, (k + 1) * sizeof(*x->digit));
			return more;
		}
		for (unsigned bit = DIGIT_BITS; bit-- > 0;) {
			bool carry = rest >> 63 != 0;

			rest = rest << 1 | (digit >> bit & 1);
			if (carry || rest >= n) {
				rest -= n;
				quotient |= UINT32_C(1) << bit;
			}
		}
		x->digit[k] = quotient;
		digits += digits > 0 || quotient != 0;
	}
	return rest != 0;
}

double exact_divide(const struct exact *exact, uint64_t n)
{
	struct natural x;

	if (exact->special != 0) {
		return special_value(exact->special);
	}
	bool negative = magnitude(&x, exact);
	bool sticky = divide(&x, n);
	trim(&x);
	return to_double(&x, negative, sticky);
}

/* x += y * m * 2**(32 from), where it fits. */
static void add_multiple(struct natural *x, const struct natural *y, uint32_t m, unsigned from)
{
	uint64_t carry = 0;

	for (unsigned k = 0; k < y->n || carry != 0; k++) {
		carry += digit_at(y, k) * m + x->digit[from + k];
		x->digit[from + k] = (uint32_t)(carry & LOW_MASK);
		carry >>= DIGIT_BITS;
	}
}

/* x -= y; returns false where that is negative. */
static bool subtract(struct natural *x, const struct natural *y)
{
	uint64_t borrow = 0;

	for (unsigned k = 0; k < DEVIATION_DIGITS; k++) {
		uint64_t difference = (uint64_t)x->digit[k] - y->digit[k] - borrow;

		x->digit[k] = (uint32_t)(difference & LOW_MASK);
		borrow = difference >> 63;
	}
	return borrow == 0;
}

double exact_deviation(const struct exact *sum, const struct exact *squares, uint64_t n,
		       int *half_exponent)
{
	struct natural factor;
	struct natural x = { .n = DEVIATION_DIGITS };
	struct natural square = { .n = DEVIATION_DIGITS };

	*half_exponent = 0;
	if ((sum->special | squares->special) != 0) {
		return (double)NAN;
	}
	/* Both with a weight of 2**(-2 BIAS). */
	if (magnitude(&factor, squares)) {
		return 0;
	}
	add_multiple(&x, &factor, (uint32_t)(n & LOW_MASK), BIAS / DIGIT_BITS);
	add_multiple(&x, &factor, (uint32_t)(n >> DIGIT_BITS), BIAS / DIGIT_BITS + 1);
	(void)magnitude(&factor, sum);
	for (unsigned k = 0; k < factor.n; k++) {
		if (factor.digit[k] != 0) {
			add_multiple(&square, &factor, factor.digit[k], k);
		}
	}
	if (!subtract(&x, &square)) {
		return 0;
	}
	trim(&x);
	unsigned length = bit_length(&x);
	unsigned position = length <= MANTISSA_BITS ? 0 : length - MANTISSA_BITS;
	uint64_t m = round_at(&x, position, false);
	/* 2**(position - 2 BIAS): an odd position goes into the value. */
	*half_exponent = (int)(position / 2) - BIAS;
	return (double)m * (position % 2 == 0 ? 1 : 2);
}
