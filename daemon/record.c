/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * record.c - lines of keys and values in one growing buffer
 *
 * Memory that runs out is noted once and told by record_end(), so that nobody who puts a value
 * has to look.
 *
 * References: RFC 8259 (JSON); RFC 3629 and the Unicode standard, table 3-7 (UTF-8, and how much
 * of an ill-formed sequence one U+FFFD stands for).
 */
#include "daemon/record.h"

#include "base/clock.h"
#include "base/number.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	DEPTH_MAX = 16,      /* objects and arrays inside each other */
	CAPACITY_MIN = 1024, /* [bytes] */
	INVALID = 0xFFFD,    /* what stands for ill-formed UTF-8 */
};

struct record {
	enum record_format format;
	bool failed;           /* memory ran out since record_begin() */
	bool more;             /* a separator comes before what is put next */
	unsigned depth;        /* open objects and arrays, the line itself included */
	bool array[DEPTH_MAX]; /* [depth] which of them are arrays */
	size_t length;         /* [bytes] used of text, without the NUL */
	size_t capacity;       /* [bytes] */
	char *text;
};

struct record *record_create(enum record_format format)
{
	struct record *record = calloc(1, sizeof(*record));

	if (record == NULL) {
		return NULL;
	}
	record->format = format;
	record->capacity = CAPACITY_MIN;
	record->text = malloc(record->capacity);
	if (record->text == NULL) {
		free(record);
		return NULL;
	}
	record->text[0] = '\0';
	return record;
}

void record_destroy(struct record **record)
{
	if (*record == NULL) {
		return;
	}
	free((*record)->text);
	free(*record);
	*record = NULL;
}

enum record_format record_format(const struct record *record)
{
	return record->format;
}

/* Make room for more bytes and a NUL. */
static bool reserve(struct record *record, size_t more)
{
	size_t capacity = record->capacity;
	char *text;

	if (record->failed) {
		return false;
	}
	if (more < capacity - record->length) {
		return true;
	}
	while (more >= capacity - record->length && capacity <= SIZE_MAX / 2) {
		capacity *= 2;
	}
	text = more < capacity - record->length ? realloc(record->text, capacity) : NULL;
	if (text == NULL) {
		record->failed = true;
		return false;
	}
	record->text = text;
	record->capacity = capacity;
	return true;
}

static void put(struct record *record, const char *bytes, size_t length)
{
	if (reserve(record, length)) {
		memcpy(record->text + record->length, bytes, length);
		record->length += length;
	}
}

static void put_text(struct record *record, const char *text)
{
	put(record, text, strlen(text));
}

/*
 * Decode the character at text, which is ended by NUL and not empty.  Returns the bytes it
 * takes; ill-formed ones give INVALID.
 */
static size_t decode(const unsigned char *text, uint32_t *character)
{
	unsigned char low = 0x80, high = 0xBF; /* bounds of the next byte */
	unsigned char first = text[0];
	size_t length;

	*character = first;
	if (first < 0x80) {
		return 1;
	}
	if (first < 0xC2 || first > 0xF4) {
		*character = INVALID;
		return 1;
	}
	length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
	switch (first) {
	case 0xE0:
		low = 0xA0;
		break;
	case 0xED:
		high = 0x9F;
		break;
	case 0xF0:
		low = 0x90;
		break;
	case 0xF4:
		high = 0x8F;
		break;
	default:
		break;
	}
	*character = first & (0x7FU >> length);
	for (size_t i = 1; i < length; i++) {
		if (text[i] < low || text[i] > high) {
			*character = INVALID;
			return i;
		}
		*character = *character << 6 | (text[i] & 0x3FU);
		low = 0x80;
		high = 0xBF;
	}
	return length;
}

/* Whether a character is always escaped: a control character, or one that ends a line for
 * readers that go by Unicode's idea of a line. */
static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
	       c == 0x202F || c == 0x205F || c == 0x3000;
}

static void put_escape(struct record *record, uint32_t c)
{
	static const char letters[] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
					['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\' };
	char escape[8];

	if (c < sizeof(letters) && letters[c]) {
		snprintf(escape, sizeof(escape), "\\%c", letters[c]);
	} else {
		snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)c & 0xFFFFU);
	}
	put_text(record, escape);
}

static void put_character(struct record *record, const char *bytes, size_t length, uint32_t c)
{
	if (c == INVALID) {
		put_text(record, "\xEF\xBF\xBD");
	} else {
		put(record, bytes, length);
	}
}

static void put_escaped(struct record *record, const char *text)
{
	size_t length;

	for (; *text; text += length) {
		uint32_t c;

		length = decode((const unsigned char *)text, &c);
		if (is_control(c) || c == '"' || c == '\\') {
			put_escape(record, c);
		} else {
			put_character(record, text, length, c);
		}
	}
}

static void put_quoted(struct record *record, const char *text)
{
	put_text(record, "\"");
	put_escaped(record, text);
	put_text(record, "\"");
}

static bool is_special(uint32_t c)
{
	return is_control(c) || is_space(c) || c == '"' || c == '=';
}

/* A key of logfmt. */
static void put_bare_key(struct record *record, const char *key)
{
	size_t length;

	for (; *key; key += length) {
		uint32_t c;

		length = decode((const unsigned char *)key, &c);
		if (is_special(c)) {
			put_text(record, "_");
		} else {
			put_character(record, key, length, c);
		}
	}
}

/* A value of logfmt. */
static void put_bare_or_quoted(struct record *record, const char *value)
{
	size_t before = record->length;
	const char *at = value;
	size_t length;

	for (; *at; at += length) {
		uint32_t c;

		length = decode((const unsigned char *)at, &c);
		if (is_special(c)) {
			break;
		}
		put_character(record, at, length, c);
	}
	if (*at || at == value) {
		record->length = before;
		put_quoted(record, value);
	}
}

/* Put what comes before a value: the separator, and the key (in JSON, with its suffix). */
static void put_key(struct record *record, const char *key, const char *suffix)
{
	assert(record->depth > 0);
	assert((key == NULL) == record->array[record->depth - 1]);
	if (record->more) {
		put_text(record, record->format == RECORD_JSON ? "," : " ");
	}
	record->more = true;
	if (key == NULL) {
		return;
	}
	if (record->format == RECORD_LOGFMT) {
		put_bare_key(record, key);
		put_text(record, "=");
		return;
	}
	put_text(record, "\"");
	put_escaped(record, key);
	put_text(record, suffix);
	put_text(record, "\":");
}

static void push(struct record *record, bool array)
{
	assert(record->depth < DEPTH_MAX);
	record->array[record->depth++] = array;
}

static void pop(struct record *record, bool array)
{
	assert(record->depth > 1 && record->array[record->depth - 1] == array);
	record->depth--;
	record->more = true;
}

void record_begin(struct record *record)
{
	record->failed = false;
	record->more = false;
	record->depth = 0;
	record->length = 0;
	push(record, false);
	if (record->format == RECORD_JSON) {
		put_text(record, "{");
	}
}

void record_string(struct record *record, const char *key, const char *value)
{
	put_key(record, key, "");
	if (record->format == RECORD_JSON) {
		put_quoted(record, value);
	} else {
		put_bare_or_quoted(record, value);
	}
}

void record_uint(struct record *record, const char *key, uint64_t value)
{
	char digits[24];

	put_key(record, key, "");
	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	put_text(record, digits);
}

void record_uints(struct record *record, const char *key, const unsigned *values, unsigned n)
{
	bool json = record->format == RECORD_JSON;

	put_key(record, key, "");
	put_text(record, json ? "[" : "");
	for (unsigned i = 0; i < n; i++) {
		char digits[16];

		snprintf(digits, sizeof(digits), "%s%u", i ? "," : "", values[i]);
		put_text(record, digits);
	}
	put_text(record, json ? "]" : "");
}

static void put_number(struct record *record, double value)
{
	char buffer[NUMBER_SIZE];
	const char *number = number_format(buffer, value);

	if (record->format == RECORD_JSON && !isfinite(value)) {
		put_quoted(record, number);
	} else if (record->format == RECORD_JSON && value == 0 && signbit(value)) {
		/* JSON readers that know ints apart take -0 for one, and its sign is gone. */
		put_text(record, "-0.0");
	} else {
		put_text(record, number);
	}
}

void record_double(struct record *record, const char *key, double value)
{
	put_key(record, key, "");
	put_number(record, value);
}

void record_bool(struct record *record, const char *key, bool value)
{
	put_key(record, key, "");
	if (record->format == RECORD_JSON) {
		put_text(record, value ? "true" : "false");
	} else {
		put_text(record, value ? "yes" : "no");
	}
}

void record_percent(struct record *record, const char *key, double value)
{
	put_key(record, key, "");
	put_number(record, value);
	if (record->format == RECORD_LOGFMT) {
		put_text(record, "%");
	}
}

void record_time(struct record *record, const char *key)
{
	struct timespec now;
	struct tm utc;
	char seconds[32], text[48];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text, sizeof(text), "%s.%03dZ", seconds, (int)(now.tv_nsec / 1000000));
	record_string(record, key, text);
}

/* Put magnitude / 10^decimals; where trim, without zeros at the end. */
static void put_decimal(struct record *record, uint64_t magnitude, int decimals, bool trim)
{
	char text[48];
	size_t length;
	uint64_t unit = 1;

	for (int i = 0; i < decimals; i++) {
		unit *= 10;
	}
	snprintf(text, sizeof(text), "%" PRIu64 ".%0*" PRIu64, magnitude / unit, decimals,
		 magnitude % unit);
	length = strlen(text);
	while (trim && text[length - 1] == '0') {
		length--;
	}
	length -= text[length - 1] == '.' ? 1 : 0;
	put(record, text, length);
}

void record_seconds(struct record *record, const char *key, int64_t ns)
{
	uint64_t magnitude = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;

	put_key(record, key, "_s");
	if (ns < 0) {
		put_text(record, "-");
	}
	if (record->format == RECORD_JSON) {
		put_decimal(record, magnitude, 9, true);
		return;
	}
	if (magnitude >= (uint64_t)NS_PER_S) {
		put_decimal(record, (magnitude + 500000) / 1000000, 3, false);
	} else if (magnitude >= 1000000) {
		put_decimal(record, (magnitude + 500) / 1000, 6, false);
	} else {
		put_decimal(record, magnitude, 9, magnitude == 0);
	}
	put_text(record, "s");
}

void record_open(struct record *record, const char *key)
{
	if (record->format == RECORD_JSON) {
		put_key(record, key, "");
		put_text(record, "{");
		record->more = false;
	}
	push(record, false);
}

void record_close(struct record *record)
{
	bool more = record->more;

	pop(record, false);
	if (record->format == RECORD_JSON) {
		put_text(record, "}");
	} else {
		record->more = more;
	}
}

void record_array(struct record *record, const char *key)
{
	assert(record->format == RECORD_JSON);
	put_key(record, key, "");
	put_text(record, "[");
	record->more = false;
	push(record, true);
}

void record_array_end(struct record *record)
{
	pop(record, true);
	put_text(record, "]");
}

const char *record_end(struct record *record, size_t *length)
{
	assert(record->depth == 1);
	record->depth = 0;
	if (record->format == RECORD_JSON) {
		put_text(record, "}");
	}
	if (record->failed) {
		*length = 0;
		return NULL;
	}
	record->text[record->length] = '\0';
	*length = record->length;
	return record->text;
}
