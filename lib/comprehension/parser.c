/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * parser.c - the clauses of a comprehension
 *
 * [element for targets in source if condition if condition ...]
 */
#include "comprehension/parser.h"

#include <stdio.h>
#include <string.h>

#include "comprehension/parser_state.h"

void parser_advance(struct parser *parser)
{
	parser->last = parser->token.span;
	if (parser->diagnosis->code == GATHER_OK) {
		lexer_next(&parser->lexer, &parser->token);
	}
}

void parser_open(struct parser *parser, struct bracket *bracket)
{
	bracket->opening = parser->token;
	bracket->outer = parser->bracket;
	parser->bracket = bracket;
	parser_advance(parser);
}

bool parser_close(struct parser *parser)
{
	enum token_kind opening = parser->bracket->opening.kind;
	enum token_kind closing = opening == TOKEN_LPAREN ? TOKEN_RPAREN : TOKEN_RBRACKET;

	if (parser->token.kind != closing) {
		return parser_expected(parser, closing == TOKEN_RPAREN ? "an operator or ')'"
								       : "an operator or ']'");
	}
	parser->bracket = parser->bracket->outer;
	parser_advance(parser);
	return true;
}

/* A list of targets; is_tuple where it would unpack a row. */
struct targets {
	struct target **end;
	unsigned n;
	bool is_tuple;
};

static bool parse_targets(struct parser *parser, struct targets *targets);

static bool parse_name(struct parser *parser, struct targets *targets)
{
	struct target *target = arena_alloc(parser->arena, 1, sizeof(*target));

	if (target == NULL) {
		diagnosis_nomem(parser->diagnosis);
		return false;
	}
	target->name = parser->token;
	*targets->end = target;
	targets->end = &target->next;
	targets->n++;
	parser_advance(parser);
	if (parser->token.kind == TOKEN_DOT || parser->token.kind == TOKEN_LBRACKET) {
		return parser_refuse(parser, NULL, "a target is a plain name");
	}
	return true;
}

/* Targets in brackets, which mean something only if they are all there is. */
static bool parse_group(struct parser *parser, struct targets *targets, bool *is_tuple)
{
	struct targets inner = { .end = targets->end };
	struct bracket bracket;

	if (parser->depth == PARSER_DEPTH_MAX) {
		return parser_refuse(parser, NULL, "brackets are nested too deeply");
	}
	parser->depth++;
	parser_open(parser, &bracket);
	inner.is_tuple = bracket.opening.kind == TOKEN_LBRACKET;
	if (!parse_targets(parser, &inner) || !parser_close(parser)) {
		return false;
	}
	parser->depth--;
	*is_tuple = inner.is_tuple;
	targets->end = inner.end;
	targets->n += inner.n;
	return true;
}

static bool refuse_target(struct parser *parser)
{
	char message[64];

	switch (parser->token.kind) {
	case TOKEN_STAR:
		return parser_refuse(parser, NULL, "starred targets are not available");
	case TOKEN_NUMBER:
		return parser_refuse(parser, NULL, "a number cannot be a target");
	case TOKEN_TRUE:
	case TOKEN_FALSE:
	case TOKEN_NONE:
		snprintf(message, sizeof(message), "%.*s cannot be a target", parser->token.length,
			 parser->token.text);
		return parser_refuse(parser, NULL, message);
	default:
		return parser_expected(parser, "the name of a target");
	}
}

static bool parse_target(struct parser *parser, struct targets *targets, bool *is_tuple)
{
	*is_tuple = false;
	switch (parser->token.kind) {
	case TOKEN_NAME:
		return parse_name(parser, targets);
	case TOKEN_LPAREN:
	case TOKEN_LBRACKET:
		return parse_group(parser, targets, is_tuple);
	default:
		return refuse_target(parser);
	}
}

static bool ends_targets(enum token_kind kind)
{
	return kind == TOKEN_IN || kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET;
}

static bool parse_targets(struct parser *parser, struct targets *targets)
{
	struct span first = parser->token.span;
	bool comma, is_tuple;

	do {
		struct span start = parser->token.span;

		if (!parse_target(parser, targets, &is_tuple)) {
			return false;
		}
		comma = parser->token.kind == TOKEN_COMMA;
		if (is_tuple && (comma || targets->is_tuple)) {
			diagnosis_set(parser->diagnosis, span_join(start, parser->last),
				      "nested targets are not available: each target is a column");
			return false;
		}
		targets->is_tuple |= comma || is_tuple;
		if (comma) {
			parser_advance(parser);
		}
	} while (comma && !ends_targets(parser->token.kind));
	if (targets->is_tuple && targets->n == 1) {
		diagnosis_set(parser->diagnosis, span_join(first, parser->last),
			      "this target unpacks a row, but a row of one column is its value");
		return false;
	}
	return true;
}

static bool parse_conditions(struct parser *parser, struct syntax *syntax)
{
	struct node **end = &syntax->conditions;

	while (parser->token.kind == TOKEN_IF) {
		parser_advance(parser);
		*end = parser_or_test(parser);
		if (*end == NULL) {
			return false;
		}
		end = &(*end)->next;
	}
	switch (parser->token.kind) {
	case TOKEN_ELSE:
		return parser_refuse(parser, NULL,
				     syntax->conditions == NULL
					     ? "'else' without 'if'"
					     : "a conditional expression in a condition needs "
					       "parentheses");
	case TOKEN_FOR:
	case TOKEN_ASYNC:
		return parser_refuse(parser, NULL,
				     "nested for is not available: a comprehension has one for "
				     "clause");
	case TOKEN_COMMA:
		return parser_refuse(parser, NULL,
				     "a comprehension has one source: zip is not "
				     "available");
	case TOKEN_RBRACKET:
		return true;
	default:
		return parser_expected(parser, "an operator, 'if' or ']'");
	}
}

static bool parse_for(struct parser *parser, struct syntax *syntax)
{
	struct targets targets = { .end = &syntax->targets };

	if (parser->token.kind == TOKEN_ASYNC) {
		parser_advance(parser);
	}
	if (parser->token.kind != TOKEN_FOR) {
		return parser_expected(parser, "an operator or 'for'");
	}
	parser_advance(parser);
	if (!parse_targets(parser, &targets)) {
		return false;
	}
	syntax->ntargets = targets.n;
	if (parser->token.kind != TOKEN_IN) {
		return parser_expected(parser, "'in'");
	}
	parser_advance(parser);
	syntax->source = parser_or_test(parser);
	return syntax->source != NULL && parse_conditions(parser, syntax);
}

static bool parse_element(struct parser *parser, struct syntax *syntax)
{
	switch (parser->token.kind) {
	case TOKEN_RBRACKET:
	case TOKEN_FOR:
	case TOKEN_ASYNC:
		return parser_expected(parser, "an element");
	default:
		syntax->element = parser_expression(parser);
	}
	if (syntax->element == NULL) {
		return false;
	}
	switch (parser->token.kind) {
	case TOKEN_COMMA:
		return parser_refuse(parser, NULL,
				     "tuples as element are not available: an element is one "
				     "value");
	case TOKEN_RBRACKET:
		return parser_refuse(parser, NULL,
				     "a list is no comprehension: expected 'for' before ']'");
	default:
		return true;
	}
}

/* Complain about a text that does not begin with '['. */
static bool refuse_opening(struct parser *parser)
{
	const char *text = parser->diagnosis->text + parser->token.span.begin;
	size_t length = strlen(text);
	char hint[sizeof(parser->diagnosis->error->hint)];

	switch (parser->token.kind) {
	case TOKEN_END:
		return parser_refuse(parser, "[x for x in uniform(0, 1)]",
				     "expected a comprehension, found nothing");
	case TOKEN_LPAREN:
		return parser_refuse(parser, "[",
				     "generator expressions are not available: a comprehension "
				     "stands in '[' and ']'");
	case TOKEN_LBRACE:
		return parser_refuse(parser, "[",
				     "dict and set comprehensions are not available: a "
				     "comprehension stands in '[' and ']'");
	default:
		break;
	}
	while (length > 0 && strchr(" \t\r\n]", text[length - 1]) != NULL) {
		length--;
	}
	bool one_line = strcspn(text, "\r\n#") >= length;
	int written = snprintf(hint, sizeof(hint), "[%.*s]", (int)length, text);
	bool fits = written > 0 && (size_t)written < sizeof(hint);
	return parser_refuse(parser, one_line && fits ? hint : "[",
			     "a comprehension stands in '[' and ']'");
}

static bool parse(struct parser *parser, struct syntax *syntax)
{
	struct bracket bracket;

	if (parser->token.kind != TOKEN_LBRACKET) {
		return refuse_opening(parser);
	}
	parser_open(parser, &bracket);
	if (!parse_element(parser, syntax) || !parse_for(parser, syntax) || !parser_close(parser)) {
		return false;
	}
	if (parser->token.kind != TOKEN_END) {
		return parser_expected(parser, "the end of the text after the comprehension");
	}
	return parser->diagnosis->code == GATHER_OK;
}

struct syntax *parser_parse(struct arena *arena, struct diagnosis *diagnosis)
{
	struct parser parser = { .arena = arena, .diagnosis = diagnosis };
	struct syntax *syntax = arena_alloc(arena, 1, sizeof(*syntax));

	if (syntax == NULL) {
		diagnosis_nomem(diagnosis);
		return NULL;
	}
	lexer_init(&parser.lexer, diagnosis);
	parser_advance(&parser);
	return parse(&parser, syntax) ? syntax : NULL;
}
