/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * lexer.h - from text to tokens, one at a time
 */
#ifndef COMPREHENSION_LEXER_H
#define COMPREHENSION_LEXER_H

#include <stdbool.h>

#include "comprehension/token.h"

struct lexer {
	struct diagnosis *diagnosis;
	const char *text;      /* ended by NUL */
	size_t at;             /* [bytes] */
	unsigned line, column; /* of at */
};

/* Start at the beginning of diagnosis->text. */
void lexer_init(struct lexer *lexer, struct diagnosis *diagnosis);

/*
 * The next token; TOKEN_END over and over at the end.  False with the diagnosis set where the
 * text has no token: then *token is TOKEN_END, too.
 */
bool lexer_next(struct lexer *lexer, struct token *token);

#endif
