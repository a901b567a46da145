/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * parser_refusal.c - what to say where a text goes on as it must not
 */
#include "comprehension/parser_state.h"

#include <stdio.h>
#include <string.h>

#include "base/suggest.h"

enum { SHOWN_MAX = 40 }; /* [bytes] of a token in a message */

struct refusal {
	enum token_kind kind;
	const char *hint;
	const char *message;
};

#define NO_BITS "bit operators are not available"

/* What Python has where a value begins. */
static const struct refusal as_value[] = {
	{ TOKEN_LBRACKET, NULL, "lists are not available: a value is a number" },
	{ TOKEN_LBRACE, NULL, "dicts and sets are not available: a value is a number" },
	{ TOKEN_STAR, NULL, "starred expressions are not available" },
	{ TOKEN_POWER, NULL, "starred expressions are not available" },
	{ TOKEN_LAMBDA, NULL, "lambda is not available" },
	{ TOKEN_AWAIT, NULL, "await is not available" },
	{ TOKEN_YIELD, NULL, "yield is not available" },
	{ TOKEN_NONE, NULL, "None is not available: a value is a number" },
	{ TOKEN_ELLIPSIS, NULL, "'...' is not available: a value is a number" },
	{ TOKEN_BITNOT, NULL, NO_BITS },
	{ TOKEN_BANG, "not", "'!' is no operator" },
	{ TOKEN_END, NULL, NULL },
};

/* What Python or another language has behind a value. */
static const struct refusal as_operator[] = {
	{ TOKEN_BITXOR, "**", NO_BITS },
	{ TOKEN_BITAND, "and", NO_BITS },
	{ TOKEN_BITOR, "or", NO_BITS },
	{ TOKEN_LSHIFT, NULL, NO_BITS },
	{ TOKEN_RSHIFT, NULL, NO_BITS },
	{ TOKEN_BITNOT, NULL, NO_BITS },
	{ TOKEN_AT, NULL, "matrix products are not available" },
	{ TOKEN_WALRUS, NULL, "':=' is not available" },
	{ TOKEN_ASSIGN, "==", "'=' does not compare" },
	{ TOKEN_NOT_EQUAL, "!=", "'<>' is no operator" },
	{ TOKEN_AND_AND, "and", "'&&' is no operator" },
	{ TOKEN_OR_OR, "or", "'||' is no operator" },
	{ TOKEN_BANG, "!=", "'!' is no operator" },
	{ TOKEN_QUESTION, "a if c else b", "'?' is no operator" },
	{ TOKEN_END, NULL, NULL },
};

bool parser_refuse(struct parser *parser, const char *hint, const char *message)
{
	diagnosis_suggest(parser->diagnosis, parser->token.span, hint, "%s", message);
	return false;
}

static bool refuse_listed(struct parser *parser, const struct refusal *refusal)
{
	while (refusal->message != NULL) {
		if (refusal->kind == parser->token.kind) {
			parser_refuse(parser, refusal->hint, refusal->message);
			return true;
		}
		refusal++;
	}
	return false;
}

static void describe(const struct token *token, char text[SHOWN_MAX + 32])
{
	int shown = token->length < SHOWN_MAX ? token->length : SHOWN_MAX;
	const char *cut = token->length > SHOWN_MAX ? "..." : "";

	if (token->kind == TOKEN_END) {
		strcpy(text, "the end of the text");
	} else {
		snprintf(text, SHOWN_MAX + 32, "'%.*s%s'", shown, token->text, cut);
	}
}

static bool is_closing(enum token_kind kind)
{
	return kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET || kind == TOKEN_RBRACE;
}

static void refuse_unclosed(struct parser *parser)
{
	const struct token *opening = &parser->bracket->opening;

	diagnosis_set(parser->diagnosis, opening->span, "'%.1s' is never closed", opening->text);
}

/* A bracket that closes another one than the innermost. */
static void refuse_closing(struct parser *parser)
{
	const struct token *opening = &parser->bracket->opening;
	const char *expected = opening->kind == TOKEN_LPAREN ? ")" : "]";

	diagnosis_suggest(parser->diagnosis, parser->token.span, expected,
			  "'%.1s' does not close the '%.1s' of line %u, column %u",
			  parser->token.text, opening->text, opening->span.line,
			  opening->span.column);
}

static bool closes(const struct parser *parser)
{
	enum token_kind opening = parser->bracket->opening.kind;

	return parser->token.kind == (opening == TOKEN_LPAREN ? TOKEN_RPAREN : TOKEN_RBRACKET);
}

/* Complaints that do not depend on what was expected; false where there is none. */
static bool refuse_anywhere(struct parser *parser)
{
	if (parser->bracket == NULL) {
		return false;
	}
	if (parser->token.kind == TOKEN_END) {
		refuse_unclosed(parser);
		return true;
	}
	if (is_closing(parser->token.kind) && !closes(parser)) {
		refuse_closing(parser);
		return true;
	}
	return false;
}

/* The word that a name was probably meant to be, if it was expected. */
static const char *word_meant(const struct token *token, const char *expected)
{
	static const char *const words[] = { "for", "in", "if", "else", NULL };
	const char *word = NULL;
	char quoted[16];

	if (token->kind == TOKEN_NAME) {
		word = suggest(token->text, (size_t)token->length, words);
	}
	if (word == NULL) {
		return NULL;
	}
	snprintf(quoted, sizeof(quoted), "'%s'", word);
	return strstr(expected, quoted) != NULL ? word : NULL;
}

bool parser_expected(struct parser *parser, const char *what)
{
	char found[SHOWN_MAX + 32];

	if (refuse_anywhere(parser) || refuse_listed(parser, as_operator)) {
		return false;
	}
	describe(&parser->token, found);
	diagnosis_suggest(parser->diagnosis, parser->token.span, word_meant(&parser->token, what),
			  "expected %s, found %s", what, found);
	return false;
}

struct node *parser_expected_value(struct parser *parser)
{
	char found[SHOWN_MAX + 32];

	if (refuse_anywhere(parser) || refuse_listed(parser, as_value)) {
		return NULL;
	}
	describe(&parser->token, found);
	if (parser->token.kind == TOKEN_STATEMENT) {
		diagnosis_set(parser->diagnosis, parser->token.span,
			      "%s is a keyword of Python, not a value", found);
	} else {
		diagnosis_set(parser->diagnosis, parser->token.span, "expected a value, found %s",
			      found);
	}
	return NULL;
}
