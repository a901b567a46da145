/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * token.h - the words and signs of the language
 *
 * Everything that is a token of Python has a kind here, so that what the language does not have
 * can be refused by name.
 */
#ifndef COMPREHENSION_TOKEN_H
#define COMPREHENSION_TOKEN_H

#include "comprehension/diagnosis.h"

enum token_kind {
	TOKEN_END,
	TOKEN_NAME,
	TOKEN_NUMBER,
	/* words */
	TOKEN_AND,
	TOKEN_ASYNC,
	TOKEN_AWAIT,
	TOKEN_ELSE,
	TOKEN_FALSE,
	TOKEN_FOR,
	TOKEN_IF,
	TOKEN_IN,
	TOKEN_IS,
	TOKEN_LAMBDA,
	TOKEN_NONE,
	TOKEN_NOT,
	TOKEN_OR,
	TOKEN_TRUE,
	TOKEN_YIELD,
	TOKEN_STATEMENT, /* any other keyword */
	/* brackets */
	TOKEN_LPAREN,
	TOKEN_RPAREN,
	TOKEN_LBRACKET,
	TOKEN_RBRACKET,
	TOKEN_LBRACE,
	TOKEN_RBRACE,
	/* operators */
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_STAR,
	TOKEN_SLASH,
	TOKEN_FLOOR, /* // */
	TOKEN_PERCENT,
	TOKEN_POWER, /* ** */
	TOKEN_LT,
	TOKEN_LE,
	TOKEN_EQ,
	TOKEN_NE,
	TOKEN_GT,
	TOKEN_GE,
	/* what the language does not have */
	TOKEN_BITOR,
	TOKEN_BITXOR,
	TOKEN_BITAND,
	TOKEN_BITNOT,
	TOKEN_LSHIFT,
	TOKEN_RSHIFT,
	TOKEN_AT,
	TOKEN_WALRUS,
	TOKEN_ELLIPSIS,
	TOKEN_COMMA,
	TOKEN_COLON,
	TOKEN_DOT,
	TOKEN_ASSIGN,
	/* what other languages have */
	TOKEN_NOT_EQUAL, /* <> */
	TOKEN_AND_AND,   /* && */
	TOKEN_OR_OR,     /* || */
	TOKEN_BANG,
	TOKEN_QUESTION,
	TOKEN_OTHER,
};

struct token {
	enum token_kind kind;
	struct span span;
	const char *text; /* not ended by NUL */
	int length;       /* [bytes] as printf's %.*s wants it */
};

#endif
