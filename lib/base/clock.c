/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * clock.c - reading CLOCK_MONOTONIC, and adding to its points in time
 */
#include "base/clock.h"

#include <time.h>

int64_t clock_now_ns(void)
{
	struct timespec now = { 0 };

	/* Fails for a clock that is not there, or a bad address: neither can be. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t clock_add_ns(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}
