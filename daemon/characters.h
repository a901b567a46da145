/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * characters.h - characters of a text, and how a terminal may be shown them
 */
#ifndef DAEMON_CHARACTERS_H
#define DAEMON_CHARACTERS_H

#include <stddef.h>
#include <stdint.h>

/* Decode the character that text begins with.  Returns its length in bytes, 0 where no valid one
 * begins there (and at the end). */
size_t characters_decode(const char *text, size_t length, uint32_t *character);

/* Characters in a text; a byte that belongs to none counts as one. */
size_t characters_count(const char *text, size_t length);

/* The length in bytes of the first so many characters, at most length. */
size_t characters_bytes(const char *text, size_t length, size_t characters);

enum { CHARACTERS_SHOWN_SIZE = 12 };

/* One character as it may be shown. */
struct characters_shown {
	char text[CHARACTERS_SHOWN_SIZE]; /* itself, or an escape: "\t", "\x1b", "\u202e" */
	unsigned columns; /* on a terminal: 0 of a combining mark, 2 of a wide one */
	size_t bytes;     /* of the text that this shows, at least 1 */
};

/* The first character of a text (length > 0).  Control characters, ill-formed bytes, and whatever
 * ends lines or changes the direction of writing are shown as escapes. */
struct characters_shown characters_show(const char *text, size_t length);

#endif
