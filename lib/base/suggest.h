/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * suggest.h - "did you mean ...?"
 */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include <stddef.h>

/*
 * The candidate nearest to a word of that length (Damerau-Levenshtein distance in bytes, case
 * ignored), the first of several, or NULL where none is near enough: no edit for a word of one
 * byte, at most one up to four bytes, two up to eight, three beyond.  Candidates are ended by
 * NULL; words over 63 bytes match nothing.
 */
const char *suggest(const char *word, size_t length, const char *const *candidates);

#endif
