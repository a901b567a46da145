/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * utf8.c - UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF
 */
#include "comprehension/utf8.h"

#include <stddef.h>

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

unsigned utf8_decode(const char *text, uint32_t *point)
{
	const unsigned char *bytes = (const unsigned char *)text;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned length;

	if (bytes[0] < 0x80) {
		*point = bytes[0];
		return 1;
	}
	if (bytes[0] < 0xc0 || bytes[0] > 0xf4) {
		return 0;
	}
	length = bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
	*point = bytes[0] & (0x7fu >> length);
	for (unsigned i = 1; i < length; i++) {
		if (!is_continuation(bytes[i])) {
			return 0;
		}
		*point = *point << 6 | (bytes[i] & 0x3fu);
	}
	if (*point < least[length] || *point > 0x10ffff || (*point >= 0xd800 && *point <= 0xdfff)) {
		return 0;
	}
	return length;
}

bool utf8_is_visible(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} unseen[] = {
		{ 0x0000, 0x0020 }, /* controls and space */
		{ 0x007f, 0x00a0 }, { 0x00ad, 0x00ad },    { 0x0300, 0x036f }, /* combining marks */
		{ 0x0600, 0x0605 }, { 0x061c, 0x061c },    { 0x180e, 0x180e },
		{ 0x2000, 0x200f }, /* spaces, joiners, direction */
		{ 0x2028, 0x202f }, { 0x205f, 0x206f },    { 0x20d0, 0x20ff },
		{ 0x3000, 0x3000 }, { 0xd800, 0xf8ff }, /* surrogates, private use */
		{ 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },    { 0xfeff, 0xfeff },
		{ 0xfff0, 0xfffb }, { 0xe0000, 0x10ffff },
	};

	for (size_t i = 0; i < sizeof(unseen) / sizeof(*unseen); i++) {
		if (point >= unseen[i].first && point <= unseen[i].last) {
			return false;
		}
	}
	return true;
}
