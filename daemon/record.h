/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * record.h - one line of keys and values, as logfmt or as a JSON object
 *
 * The one place that knows how either is quoted.  Keys keep the order in which they are put.
 * logfmt: key=value, values quoted with "" where they are empty or hold white space, '"', '=',
 * or a control character, escapes as JSON's; what would end a key becomes '_' in it.  JSON:
 * strings escaped, numbers as number_format(), with "nan", "inf" and "-inf" as strings.  In both,
 * invalid UTF-8 becomes U+FFFD, and nothing that some reader takes for the end of a line or a
 * terminal for a command is left unescaped.
 */
#ifndef DAEMON_RECORD_H
#define DAEMON_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum record_format { RECORD_LOGFMT, RECORD_JSON };

struct record; /* opaque; a growing buffer that is used again and again */

/* NULL without memory. */
struct record *record_create(enum record_format format);
void record_destroy(struct record **record);

/* What the record was created for. */
enum record_format record_format(const struct record *record);

/* Begin a new line, forgetting the old one. */
void record_begin(struct record *record);

void record_string(struct record *record, const char *key, const char *value);
void record_uint(struct record *record, const char *key, uint64_t value);
void record_double(struct record *record, const char *key, double value);
void record_bool(struct record *record, const char *key, bool value); /* logfmt: yes, no */

/* Some small numbers.  JSON: an array; logfmt: "2,3". */
void record_uints(struct record *record, const char *key, const unsigned *values, unsigned n);

/* A share of 100: JSON: a number; logfmt: with a '%' after it ("3.1%"). */
void record_percent(struct record *record, const char *key, double value);

/* The wall clock now, "2026-11-22T19:46:14.123Z". */
void record_time(struct record *record, const char *key);

/* Seconds of a duration.  JSON: key_s with an exact number; logfmt: key with the suffix "s",
 * rounded to 3 decimals from a second on ("10.002s"), to 6 from a millisecond on. */
void record_seconds(struct record *record, const char *key, int64_t ns);

/* An object of values until record_close(): JSON nests; logfmt puts the inner keys bare. */
void record_open(struct record *record, const char *key);
void record_close(struct record *record);

/* An array.  JSON only (asserted).  Elements are put with key == NULL. */
void record_array(struct record *record, const char *key);
void record_array_end(struct record *record);

/*
 * End the line.  Returns it without a newline, ended by NUL, valid until the next
 * record_begin(); NULL where memory ran out since record_begin().
 */
const char *record_end(struct record *record, size_t *length);

#endif
