/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * parser_state.h - what the files of the parser share
 */
#ifndef COMPREHENSION_PARSER_STATE_H
#define COMPREHENSION_PARSER_STATE_H

#include <stdbool.h>

#include "comprehension/arena.h"
#include "comprehension/lexer.h"
#include "comprehension/syntax.h"

/* A bracket that is open, and the one around it. */
struct bracket {
	struct token opening;
	struct bracket *outer;
};

struct parser {
	struct arena *arena;
	struct diagnosis *diagnosis;
	struct lexer lexer;
	struct token token;      /* the next one, not taken yet */
	struct span last;        /* the token taken last */
	struct bracket *bracket; /* the innermost that is open */
	unsigned depth;
};

/* Take the next token.  After an error of the lexer it is TOKEN_END for ever. */
void parser_advance(struct parser *parser);

/* Note that the next token, a bracket, is open, and take it. */
void parser_open(struct parser *parser, struct bracket *bracket);

/*
 * Take the bracket that closes the innermost; if another token stands there, complain.  After an
 * error the bracket is left open: nobody parses on.
 */
bool parser_close(struct parser *parser);

/* expression: a conditional expression or what stands before its `if`; NULL after an error. */
struct node *parser_expression(struct parser *parser);

/* or_test: what sources and conditions are; NULL after an error. */
struct node *parser_or_test(struct parser *parser);

/* Complain that something else than the next token was expected; false. */
bool parser_expected(struct parser *parser, const char *what);

/* The same where a value was expected; NULL. */
struct node *parser_expected_value(struct parser *parser);

/* Complain about the next token; false. */
bool parser_refuse(struct parser *parser, const char *hint, const char *message);

#endif
