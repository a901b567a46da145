/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * suggest.c - the nearest of some names to a mistyped one
 *
 * Edits are to insert, delete or replace a byte, or to swap two neighbours; a swapped pair is
 * not edited again, which is what people's typing errors look like (Damerau, "A technique for
 * computer detection and correction of spelling errors", 1964).
 */
#include "base/suggest.h"

#include <string.h>

enum { LENGTH_MAX = 63 };

static unsigned char lower(char c)
{
	unsigned char byte = (unsigned char)c;

	/* Not tolower(): the answer does not depend on a locale. */
	return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte - 'A' + 'a') : byte;
}

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

struct text {
	const char *bytes;
	size_t length; /* at most LENGTH_MAX */
};

/* Edits between a and b. */
static unsigned distance(struct text a, struct text b)
{
	/* Row i holds the distances of a's first i bytes to each beginning of b; the rows of
	 * i, i - 1 and i - 2 are kept. */
	unsigned rows[3][LENGTH_MAX + 1];

	for (unsigned j = 0; j <= b.length; j++) {
		rows[0][j] = j;
	}
	for (unsigned i = 1; i <= a.length; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3];
		const unsigned *above2 = rows[(i + 1) % 3];

		row[0] = i;
		for (unsigned j = 1; j <= b.length; j++) {
			unsigned char x = lower(a.bytes[i - 1]), y = lower(b.bytes[j - 1]);
			unsigned uneven = smaller(above[j], row[j - 1]) + 1;

			row[j] = smaller(above[j - 1] + (x != y), uneven);
			if (i > 1 && j > 1 && x == lower(b.bytes[j - 2]) &&
			    y == lower(a.bytes[i - 2])) {
				row[j] = smaller(row[j], above2[j - 2] + 1);
			}
		}
	}
	return rows[a.length % 3][b.length];
}

/* The most edits that a word may be away. */
static unsigned reach(size_t length)
{
	if (length <= 1) {
		/* Anything is one edit from a single byte. */
		return 0;
	}
	return length <= 4 ? 1 : length <= 8 ? 2 : 3;
}

const char *suggest(const char *word, size_t length, const char *const *candidates)
{
	const char *best = NULL;
	unsigned nearest = reach(length) + 1;

	if (length == 0 || length > LENGTH_MAX) {
		return NULL;
	}
	for (; *candidates != NULL; candidates++) {
		struct text candidate = { *candidates, strlen(*candidates) };

		if (candidate.length > LENGTH_MAX) {
			continue;
		}
		unsigned edits = distance((struct text){ word, length }, candidate);
		if (edits < nearest) {
			nearest = edits;
			best = *candidates;
		}
	}
	return best;
}
