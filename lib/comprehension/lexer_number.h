/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * lexer_number.h - the numbers of a text
 */
#ifndef COMPREHENSION_LEXER_NUMBER_H
#define COMPREHENSION_LEXER_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

struct lexer;

/* Whether a number begins here. */
bool lexer_number_starts(const char *text);

/* Bytes of the number at lexer->at, or 0 with the diagnosis set. */
size_t lexer_number(struct lexer *lexer);

#endif
