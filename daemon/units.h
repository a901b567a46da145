/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * units.h - durations, counts and frequencies as people write them, and back
 */
#ifndef DAEMON_UNITS_H
#define DAEMON_UNITS_H

#include <stddef.h>
#include <stdint.h>

/* Each returns NULL, or what is wrong and what to write instead: a constant phrase that goes on
 * after the text itself ("has no unit; write ..."). */

/* "250ms", "1s", "1.5s", "5min", "2h", "1d", "0": [ns], 0 .. INT64_MAX.  Units are ns, us, ms, s,
 * min, h and d.  A bare number other than 0 has no unit and is refused, and so is a part of a
 * nanosecond. */
const char *units_duration(const char *text, int64_t *ns);

/* "12", "10k", "1M", "2.5G", "1_000": a whole number >= 0.  k = 1000, then M, G, T. */
const char *units_count(const char *text, uint64_t *count);

/* "1/s", "0.5/s", "10/min", "6/h", "1k/s": [1/s], > 0. */
const char *units_frequency(const char *text, double *per_second);

enum { UNITS_SIZE = 32 };

/* "41us", "1.8ms", "10.002s", "2min 5s": for people, in the unit that leaves at least one digit
 * before the point, without needless zeros.  Below a second three digits, up to a minute
 * milliseconds, then two whole units.  Returns buffer. */
const char *units_format_duration(char buffer[UNITS_SIZE], int64_t ns);

/* "812M", "1.2G", "950", "12.3k": for people, about three digits.  Returns buffer. */
const char *units_format_count(char buffer[UNITS_SIZE], double count);

#endif
