/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * clock.h - points in time of CLOCK_MONOTONIC, in nanoseconds
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define NS_PER_S INT64_C(1000000000)

/* Now [ns]. */
int64_t clock_now_ns(void);

/* a + b, or INT64_MAX where that does not fit; b >= 0. */
int64_t clock_add_ns(int64_t a, int64_t b);

#endif
