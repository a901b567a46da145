/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * characters.c - decoding of UTF-8, and which characters are fit to be shown
 *
 * Nothing here depends on the process's locale.
 *
 * References: the Unicode standard, table 3-7 (well-formed sequences) and its annex 11 (East Asian
 * width), of which the blocks that are wide as a whole are kept here.
 */
#include "daemon/characters.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct range {
	uint32_t first, last;
};

/* Shown as escapes: controls, line ends, marks and overrides of direction, the byte order mark. */
static const struct range hidden[] = {
	{ 0x00, 0x1F },     { 0x7F, 0x9F },     { 0xAD, 0xAD },       { 0x61C, 0x61C },
	{ 0x180E, 0x180E }, { 0x200B, 0x200F }, { 0x2028, 0x202E },   { 0x2060, 0x206F },
	{ 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xE0000, 0xE007F },
};

static const struct range combining[] = {
	{ 0x300, 0x36F },   { 0x483, 0x489 },   { 0x591, 0x5BD },   { 0x610, 0x61A },
	{ 0x64B, 0x65F },   { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF },
	{ 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
};

static const struct range wide[] = {
	{ 0x1100, 0x115F },   { 0x2E80, 0x303E },   { 0x3041, 0x33FF },   { 0x3400, 0x4DBF },
	{ 0x4E00, 0xA4CF },   { 0xA960, 0xA97F },   { 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },
	{ 0xFE30, 0xFE6F },   { 0xFF00, 0xFF60 },   { 0xFFE0, 0xFFE6 },   { 0x1F300, 0x1F64F },
	{ 0x1F680, 0x1F6FF }, { 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD },
};

#define IN(ranges, character) in(ranges, sizeof(ranges) / sizeof(*(ranges)), character)

static bool in(const struct range *ranges, size_t n, uint32_t character)
{
	for (size_t i = 0; i < n; i++) {
		if (character >= ranges[i].first && character <= ranges[i].last) {
			return true;
		}
	}
	return false;
}

size_t characters_decode(const char *text, size_t length, uint32_t *character)
{
	const unsigned char *bytes = (const unsigned char *)text;
	unsigned char low = 0x80, high = 0xBF; /* bounds of the second byte */
	size_t n;

	if (length == 0) {
		return 0;
	}
	if (bytes[0] < 0x80) {
		*character = bytes[0];
		return 1;
	}
	if (bytes[0] < 0xC2 || bytes[0] > 0xF4) {
		return 0;
	}
	n = bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
	/* Overlong forms, surrogates, and what is beyond U+10FFFF. */
	low = bytes[0] == 0xE0 ? 0xA0 : bytes[0] == 0xF0 ? 0x90 : low;
	high = bytes[0] == 0xED ? 0x9F : bytes[0] == 0xF4 ? 0x8F : high;
	if (length < n || bytes[1] < low || bytes[1] > high) {
		return 0;
	}
	*character = bytes[0] & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((bytes[i] & 0xC0) != 0x80) {
			return 0;
		}
		*character = *character << 6 | (bytes[i] & 0x3Fu);
	}
	return n;
}

/* The length of the first character, or 1 for a byte that belongs to none; length > 0. */
static size_t step(const char *text, size_t length)
{
	uint32_t character;
	size_t n = characters_decode(text, length, &character);

	return n == 0 ? 1 : n;
}

size_t characters_count(const char *text, size_t length)
{
	size_t count = 0;

	for (size_t at = 0; at < length; at += step(text + at, length - at)) {
		count++;
	}
	return count;
}

size_t characters_bytes(const char *text, size_t length, size_t characters)
{
	size_t at = 0;

	for (; at < length && characters > 0; characters--) {
		at += step(text + at, length - at);
	}
	return at;
}

struct characters_shown characters_show(const char *text, size_t length)
{
	struct characters_shown shown = { .bytes = 1 };
	uint32_t character;
	size_t n = characters_decode(text, length, &character);

	if (n == 0) {
		snprintf(shown.text, sizeof(shown.text), "\\x%02x", (unsigned char)text[0]);
		shown.columns = 4;
		return shown;
	}
	shown.bytes = n;
	if (!IN(hidden, character)) {
		memcpy(shown.text, text, n);
		shown.columns = IN(combining, character) ? 0 : IN(wide, character) ? 2 : 1;
		return shown;
	}
	const char *format = character == '\n'     ? "\\n"
			     : character == '\r'   ? "\\r"
			     : character == '\t'   ? "\\t"
			     : character < 0x80    ? "\\x%02x"
			     : character <= 0xFFFF ? "\\u%04x"
						   : "\\U%08x";
	shown.columns = (unsigned)snprintf(shown.text, sizeof(shown.text), format, character);
	return shown;
}
