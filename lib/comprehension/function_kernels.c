/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * function_kernels.c - Python's floor division, modulo and power; exp, log, sin and cos
 *
 * Division and modulo have CPython's bits.  Powers with the exponents 0.5, -1 and 1 to 64 are
 * rounded correctly but for one case in about 2**45; all else is SLEEF's, within 1 ulp over the
 * whole range of doubles.
 *
 * References: T. J. Dekker, "A floating-point technique for extending the available precision"
 * (1971).
 */
#include "comprehension/function_kernels.h"

#include "comprehension/strip.h"

enum { EXACT_POWER_MAX = 64 };

#define INTEGER_MAX 0x1p53
#define SQUARE_MAX 0x1.fffffffffffffp+511 /* the greatest whose square is finite */
#define EXP_MAX 0x1.62e42fefa39efp+9      /* exp() of the next double is beyond the greatest */

/*
 * What is left of a by b when the quotient is cut to an integer, as fmod() but perhaps once b too
 * far, to the other side of zero.  Exact: the quotient is below 2**53, so that rounding can make
 * it too great by one at most, and either remainder has no more bits than b.
 */
static lanes remainder_near(lanes a, lanes b)
{
#if defined(LANES_HAVE_FMA)
	lanes quotient = a / b;
	lane_mask easy = (lanes_abs(quotient) < INTEGER_MAX) & (lanes_abs(b) < HUGE_VAL);

	if (!lanes_any(~easy)) {
		return lanes_fma(-lanes_trunc(quotient), b, a);
	}
#endif
	lanes remainder;

	for (size_t j = 0; j < LANES; j++) {
		remainder[j] = fmod(a[j], b[j]);
	}
	return remainder;
}

static lane_mask signs_differ(lanes a, lanes b)
{
	return (a < 0) != (b < 0);
}

static lanes modulo_lanes(lanes a, lanes b)
{
	lanes remainder = remainder_near(a, b);
	lanes positive = lanes_select(signs_differ(remainder, b), remainder + b, remainder);

	return lanes_select(remainder == 0, lanes_copysign((lanes){ 0 }, b), positive);
}

static lanes floor_divide_lanes(lanes a, lanes b)
{
	lanes zero = { 0 };
	lanes near = remainder_near(a, b);
	lane_mask beyond = (near != 0) & signs_differ(near, a);
	lanes remainder = near + lanes_select(beyond, lanes_copysign(b, a), zero);
	lane_mask below = (remainder != 0) & signs_differ(remainder, b);
	lanes quotient = (a - remainder) / b - lanes_select(below, lanes_all(1), zero);
	lanes down = lanes_floor(quotient);
	lane_mask snap = quotient - down > 0.5;
	lanes result = down + lanes_select(snap, lanes_all(1), zero);

	return lanes_select(quotient == 0, lanes_copysign(zero, a / b), result);
}

static lane_mask zero_divisor(lanes a, lanes b)
{
	(void)a;
	return b == 0;
}

static unsigned zero_divisor_fault(double a, double b)
{
	(void)a;
	return b == 0 ? 1 + GATHER_FAULT_ZERO_DIVISION : 0;
}

static void modulo(const struct frame *frame)
{
	strip_check(frame, zero_divisor, zero_divisor_fault);
	strip_apply(frame, modulo_lanes);
}

static void floor_divide(const struct frame *frame)
{
	strip_check(frame, zero_divisor, zero_divisor_fault);
	strip_apply(frame, floor_divide_lanes);
}

/* What rounding took from product = a * b; exact while nothing is near the limits of a double. */
static lanes product_error(lanes a, lanes b, lanes product)
{
#if defined(LANES_HAVE_FMA)
	return lanes_fma(a, b, -product);
#else
	const double split = 0x1p27 + 1;
	lanes a_high = a * split - (a * split - a);
	lanes b_high = b * split - (b * split - b);
	lanes a_low = a - a_high;
	lanes b_low = b - b_high;

	return a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low);
#endif
}

/* A number as an unevaluated sum, twice as precise. */
struct pair {
	lanes high, low;
};

static struct pair pair_multiply(struct pair x, struct pair y)
{
	lanes product = x.high * y.high;
	lanes error = product_error(x.high, y.high, product);
	struct pair result;

	error += x.high * y.low + x.low * y.high;
	result.high = product + error;
	result.low = error - (result.high - product);
	return result;
}

static lane_mask is_finite(lanes x)
{
	return lanes_abs(x) < HUGE_VAL;
}

/*
 * SLEEF's power, which is infinite already for results within 2e-6 of the greatest double: those
 * are had from the root.
 */
static lanes power_sleef(lanes a, lanes b)
{
	lanes power = lanes_pow(a, b);
	lane_mask lost = (lanes_abs(power) == HUGE_VAL) & is_finite(a) & is_finite(b) & (a != 0);

	if (lanes_any(lost)) {
		lanes root = lanes_pow(lanes_abs(a), b * 0.5);

		power = lanes_select(lost, lanes_copysign(root * root, power), power);
	}
	return power;
}

/* Of -0.0 and -inf, too, it is positive. */
static lanes power_root(lanes a, lanes b)
{
	(void)b;
	return lanes_sqrt(lanes_select(a == -HUGE_VAL, -a, a) + 0);
}

static lanes power_inverse(lanes a, lanes b)
{
	(void)b;
	return 1 / a;
}

static lanes power_itself(lanes a, lanes b)
{
	(void)b;
	return a;
}

static lanes power_square(lanes a, lanes b)
{
	(void)b;
	return a * a;
}

/* One exponent for all lanes, an integer from 3 to EXACT_POWER_MAX. */
static lanes power_integer(lanes a, lanes b)
{
	const unsigned n = (unsigned)b[0];
	const struct pair base = { a, { 0 } };
	struct pair result = base;

	for (unsigned bit = 1u << (30 - __builtin_clz(n)); bit != 0; bit >>= 1) {
		result = pair_multiply(result, result);
		if (n & bit) {
			result = pair_multiply(result, base);
		}
	}
	/* near the limits of a double, errors are not exact */
	lane_mask inside = (lanes_abs(result.high) > 0x1p-900) & (lanes_abs(result.high) < 0x1p900);

	if (lanes_any(~inside)) {
		return lanes_select(inside, result.high, power_sleef(a, b));
	}
	return result.high;
}

/* The best way to raise to the power of b. */
static strip_function *power_function(double b)
{
	if (b == 0.5) {
		return power_root;
	}
	if (b == -1) {
		return power_inverse;
	}
	if (!(b >= 1 && b <= EXACT_POWER_MAX && b == floor(b))) {
		return power_sleef;
	}
	return b == 1 ? power_itself : b == 2 ? power_square : power_integer;
}

/* The same lane by lane. */
static lanes power_lanes(lanes a, lanes b)
{
	lanes power = power_sleef(a, b);

	for (size_t j = 0; j < LANES; j++) {
		strip_function *function = power_function(b[j]);

		if (function != power_sleef) {
			power[j] = function(lanes_all(a[j]), lanes_all(b[j]))[0];
		}
	}
	return power;
}

static unsigned power_fault(double a, double b, double power)
{
	if (!isfinite(a) || !isfinite(b)) {
		return 0;
	}
	if (a == 0) {
		return b < 0 ? 1 + GATHER_FAULT_ZERO_DIVISION : 0;
	}
	if (a < 0 && b != floor(b)) { /* complex numbers overflow, too */
		power = power_sleef(lanes_all(-a), lanes_all(b))[0];
		return 1 + (isinf(power) ? GATHER_FAULT_OVERFLOW : GATHER_FAULT_COMPLEX);
	}
	return isinf(power) ? 1 + GATHER_FAULT_OVERFLOW : 0;
}

/* Note what is wrong with lanes that are not finite. */
static void power_check(const struct frame *frame, size_t row, lanes a, lanes b, lanes power)
{
	if (lanes_any(~is_finite(power))) {
		for (size_t j = 0; j < LANES; j++) {
			strip_note(frame, row + j, power_fault(a[j], b[j], power[j]));
		}
	}
}

/* Infinity, too, but that is rare. */
static lane_mask square_overflow(lanes a, lanes b)
{
	(void)b;
	return lanes_abs(a) > SQUARE_MAX;
}

static unsigned square_fault(double a, double b)
{
	return power_fault(a, b, a * a);
}

/* Faults show in the result, so they are noted as it is made. */
STRIP_INLINE void power_loop(const struct frame *frame, strip_function *function)
{
	const struct frame f = *frame;

	for (size_t i = 0; i < f.rows; i += ROW_BLOCK) {
		for (size_t j = 0; j < ROW_BLOCK; j += LANES) {
			lanes a = strip_lanes(&f.a, i, j, NULL);
			lanes b = strip_lanes(&f.b, i, j, NULL);
			lanes result = function(a, b);

			power_check(frame, i + j, a, b, result);
			lanes_store(f.dst + i + j, result);
		}
	}
}

static void power(const struct frame *frame)
{
	strip_function *function = power_lanes;

	if (frame->b.step == ROWS_SAME) {
		function = power_function(frame->b.rows[0]);
	}
	if (function == power_square) {
		strip_check(frame, square_overflow, square_fault);
		strip_apply(frame, power_square);
	} else if (function == power_integer) {
		power_loop(frame, power_integer);
	} else {
		power_loop(frame, function);
	}
}

/*
 * Squaring and multiplying, exact up to INTEGER_MAX; beyond, roundings cannot bring a product back
 * to INTEGER_MAX, because 2**53 + 1 is no power.  An exponent over 64 is replaced by 64 or 65: the
 * same for 0, 1 and -1, and enough for all others to be out of range.
 */
static lanes int_power_lanes(lanes a, lanes b)
{
	lanes odd = b - 2 * lanes_floor(b * 0.5);
	lanes left = lanes_select(b > 64, 64 + odd, b);
	lanes result = lanes_all(1);

	do {
		lanes half = lanes_floor(left * 0.5);

		result = lanes_select(left != 2 * half, result * a, result);
		a *= a;
		left = half;
	} while (lanes_any(left > 0));
	return result;
}

static void int_power(const struct frame *frame)
{
	const struct frame f = *frame;

	for (size_t i = 0; i < f.rows; i += ROW_BLOCK) {
		const double *a = strip_at(&f.a, i);
		const double *b = strip_at(&f.b, i);

		for (size_t j = 0; j < ROW_BLOCK; j += LANES) {
			lanes result = int_power_lanes(lanes_load(a + j), lanes_load(b + j));
			lane_mask beyond = ~(lanes_abs(result) <= INTEGER_MAX);

			for (size_t k = 0; lanes_any(beyond) && k < LANES; k++) {
				strip_note(frame, i + j + k,
					   beyond[k] ? 1 + GATHER_FAULT_INTEGER : 0);
			}
			lanes_store(f.dst + i + j, result);
		}
	}
}

/* SLEEF's exp is infinite already 2e-6 before EXP_MAX; what is left there is exp(a - 1) * e. */
static lanes exp_lanes(lanes a, lanes b)
{
	lanes result = lanes_exp(a);
	lane_mask lost = ~is_finite(result) & (a <= EXP_MAX);

	(void)b;
	if (lanes_any(lost)) {
		result = lanes_select(lost, lanes_exp(a - 1) * 0x1.5bf0a8b145769p+1, result);
	}
	return result;
}

static lane_mask exp_overflow(lanes a, lanes b)
{
	(void)b;
	return (a > EXP_MAX) & is_finite(a);
}

static unsigned exp_fault(double a, double b)
{
	(void)b;
	return a > EXP_MAX && isfinite(a) ? 1 + GATHER_FAULT_OVERFLOW : 0;
}

static void exponential(const struct frame *frame)
{
	strip_check(frame, exp_overflow, exp_fault);
	strip_apply(frame, exp_lanes);
}

static lanes log_lanes(lanes a, lanes b)
{
	(void)b;
	return lanes_log(a);
}

static lane_mask not_positive(lanes a, lanes b)
{
	(void)b;
	return a <= 0;
}

static unsigned log_fault(double a, double b)
{
	(void)b;
	return a <= 0 ? 1 + GATHER_FAULT_VALUE : 0;
}

static void logarithm(const struct frame *frame)
{
	strip_check(frame, not_positive, log_fault);
	strip_apply(frame, log_lanes);
}

static lane_mask is_infinite(lanes a, lanes b)
{
	(void)b;
	return lanes_abs(a) == HUGE_VAL;
}

static unsigned infinite_fault(double a, double b)
{
	(void)b;
	return isinf(a) ? 1 + GATHER_FAULT_VALUE : 0;
}

static lanes sin_lanes(lanes a, lanes b)
{
	(void)b;
	return lanes_sin(a);
}

static void sine(const struct frame *frame)
{
	strip_check(frame, is_infinite, infinite_fault);
	strip_apply(frame, sin_lanes);
}

static lanes cos_lanes(lanes a, lanes b)
{
	(void)b;
	return lanes_cos(a);
}

static void cosine(const struct frame *frame)
{
	strip_check(frame, is_infinite, infinite_fault);
	strip_apply(frame, cos_lanes);
}

const struct function_kernels KERNEL(function_kernels) = {
	.op = {
		[OP_FLOORDIV] = floor_divide,
		[OP_MOD] = modulo,
		[OP_POW] = power,
		[OP_INT_POW] = int_power,
		[OP_EXP] = exponential,
		[OP_LOG] = logarithm,
		[OP_SIN] = sine,
		[OP_COS] = cosine,
	},
};
