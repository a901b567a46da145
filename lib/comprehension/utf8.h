/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * utf8.h - the characters of a text
 */
#ifndef COMPREHENSION_UTF8_H
#define COMPREHENSION_UTF8_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Bytes of the character that begins here, 1 to 4, and its code point; 0 where no valid UTF-8
 * begins.  The text is ended by NUL; NUL itself is a character of one byte.
 */
unsigned utf8_decode(const char *text, uint32_t *point);

/* Whether the character shows on a terminal as itself: no control or space, nothing that joins
 * or turns its neighbours. */
bool utf8_is_visible(uint32_t point);

#endif
