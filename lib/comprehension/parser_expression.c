/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * parser_expression.c - expressions: one function a level of Python's grammar
 */
#include "comprehension/parser_state.h"

#include <stdio.h>

#include "comprehension/function.h"
#include "comprehension/parser.h"

static struct node *create(struct parser *parser, enum node_kind kind, struct span start)
{
	struct node *node = arena_alloc(parser->arena, 1, sizeof(*node));

	if (node == NULL) {
		diagnosis_nomem(parser->diagnosis);
		return NULL;
	}
	node->kind = kind;
	node->span = span_join(start, parser->last);
	return node;
}

static bool enter(struct parser *parser)
{
	if (parser->depth == PARSER_DEPTH_MAX) {
		diagnosis_set(parser->diagnosis, parser->token.span,
			      "expressions are nested over %d levels deep", PARSER_DEPTH_MAX);
		return false;
	}
	parser->depth++;
	return true;
}

typedef struct node *parse_function(struct parser *parser);

/* Take the next token, an operator, and parse its right operand, one level deeper. */
static struct node *parse_nested(struct parser *parser, parse_function *parse_operand)
{
	if (!enter(parser)) {
		return NULL;
	}
	parser_advance(parser);
	struct node *operand = parse_operand(parser);
	parser->depth--;
	return operand;
}

/* The children of a node while they are parsed. */
struct children {
	struct node *parent;
	struct node **end;
};

static void append(struct children *children, enum token_kind before, struct node *child)
{
	child->before = before;
	*children->end = child;
	children->end = &child->next;
	children->parent->nchildren++;
	children->parent->span = span_join(children->parent->span, child->span);
}

/* A level whose operators stand between operands of the level below. */
struct level {
	enum node_kind kind;
	parse_function *operand;
	bool (*is_operator)(struct parser *parser);
};

static struct node *parse_level(struct parser *parser, const struct level *level)
{
	struct node *first = level->operand(parser);
	struct children children;

	if (first == NULL || !level->is_operator(parser)) {
		return parser->diagnosis->code == GATHER_OK ? first : NULL;
	}
	children.parent = create(parser, level->kind, first->span);
	if (children.parent == NULL) {
		return NULL;
	}
	children.end = &children.parent->child;
	append(&children, TOKEN_END, first);
	while (level->is_operator(parser)) {
		enum token_kind operator= parser->token.kind;

		parser_advance(parser);
		struct node *operand = level->operand(parser);
		if (operand == NULL) {
			return NULL;
		}
		append(&children, operator, operand);
	}
	return parser->diagnosis->code == GATHER_OK ? children.parent : NULL;
}

static struct node *parse_constant(struct parser *parser, struct constant constant)
{
	parser_advance(parser);
	struct node *node = create(parser, NODE_CONSTANT, parser->last);
	if (node != NULL) {
		node->constant = constant;
	}
	return node;
}

static struct node *parse_number(struct parser *parser)
{
	struct constant constant;

	switch (constant_parse(&parser->token, parser->arena, &constant)) {
	case CONSTANT_DONE:
		return parse_constant(parser, constant);
	case CONSTANT_TOO_LARGE:
		diagnosis_set(parser->diagnosis, parser->token.span,
			      "the integer constant is too large: over 127 bits");
		return NULL;
	default:
		diagnosis_nomem(parser->diagnosis);
		return NULL;
	}
}

static struct node *parse_parenthesised(struct parser *parser)
{
	struct bracket bracket;

	parser_open(parser, &bracket);
	if (parser->token.kind == TOKEN_RPAREN) {
		parser_refuse(parser, NULL, "tuples are not available: expected a value");
		return NULL;
	}
	struct node *node = parser_expression(parser);
	if (node == NULL) {
		return NULL;
	}
	switch (parser->token.kind) {
	case TOKEN_COMMA:
		parser_refuse(parser, NULL, "tuples are not available: a value is a number");
		return NULL;
	case TOKEN_FOR:
	case TOKEN_ASYNC:
		parser_refuse(parser, NULL,
			      "expected ')': generator expressions are not available");
		return NULL;
	default:
		break;
	}
	if (!parser_close(parser)) {
		return NULL;
	}
	node->span = span_join(bracket.opening.span, parser->last);
	return node;
}

static struct node *parse_atom(struct parser *parser)
{
	struct token token = parser->token;

	switch (token.kind) {
	case TOKEN_NUMBER:
		return parse_number(parser);
	case TOKEN_TRUE:
	case TOKEN_FALSE:
		return parse_constant(parser, constant_bool(token.kind == TOKEN_TRUE));
	case TOKEN_LPAREN:
		return parse_parenthesised(parser);
	case TOKEN_NAME:
		break;
	default:
		return parser_expected_value(parser);
	}
	parser_advance(parser);
	struct node *node = create(parser, NODE_NAME, token.span);
	if (node != NULL) {
		node->word = token;
	}
	return node;
}

static bool parse_argument(struct parser *parser, struct children *children)
{
	struct node *argument = parser_expression(parser);

	if (argument == NULL) {
		return false;
	}
	switch (parser->token.kind) {
	case TOKEN_ASSIGN:
		return parser_refuse(parser, NULL, "keyword arguments are not available");
	case TOKEN_FOR:
	case TOKEN_ASYNC:
		return parser_refuse(parser, NULL,
				     "expected ')': generator expressions are not available");
	default:
		append(children, TOKEN_COMMA, argument);
		return true;
	}
}

static struct node *parse_call(struct parser *parser, struct node *name)
{
	struct children children = { .parent = name, .end = &name->child };
	struct bracket bracket;
	bool more = true;

	if (name->kind != NODE_NAME) {
		parser_refuse(parser, "*", "a value cannot be called: an operator is missing");
		return NULL;
	}
	name->kind = NODE_CALL;
	parser_open(parser, &bracket);
	while (more && parser->token.kind != TOKEN_RPAREN) {
		if (!parse_argument(parser, &children)) {
			return NULL;
		}
		more = parser->token.kind == TOKEN_COMMA;
		if (more) {
			parser_advance(parser);
		}
	}
	if (parser->token.kind != TOKEN_RPAREN) {
		parser_expected(parser, "an operator, ',' or ')'");
		return NULL;
	}
	if (!parser_close(parser)) {
		return NULL;
	}
	name->span = span_join(name->span, parser->last);
	return name;
}

/* math.sqrt and its like: probably the last name alone was meant. */
static struct node *refuse_attribute(struct parser *parser)
{
	struct span dot = parser->token.span;
	struct token last = parser->token;
	char hint[sizeof(parser->diagnosis->error->hint)] = "";

	while (parser->token.kind == TOKEN_DOT) {
		parser_advance(parser);
		last = parser->token;
		if (last.kind == TOKEN_NAME) {
			parser_advance(parser);
		}
	}
	if (last.kind == TOKEN_NAME && function_find(last.text, (size_t)last.length) != NULL) {
		snprintf(hint, sizeof(hint), "%.*s", last.length, last.text);
	}
	diagnosis_suggest(parser->diagnosis, dot, hint, "attributes are not available");
	return NULL;
}

static struct node *parse_primary(struct parser *parser)
{
	struct node *node = parse_atom(parser);

	while (node != NULL) {
		switch (parser->token.kind) {
		case TOKEN_LPAREN:
			node = parse_call(parser, node);
			break;
		case TOKEN_LBRACKET:
			parser_refuse(parser, NULL, "subscripts are not available");
			return NULL;
		case TOKEN_DOT:
			return refuse_attribute(parser);
		default:
			return node;
		}
	}
	return NULL;
}

static struct node *parse_factor(struct parser *parser);

static struct node *parse_power(struct parser *parser)
{
	struct node *base = parse_primary(parser);
	struct children children;

	if (base == NULL || parser->token.kind != TOKEN_POWER) {
		return base;
	}
	children.parent = create(parser, NODE_ARITHMETIC, base->span);
	if (children.parent == NULL) {
		return NULL;
	}
	children.end = &children.parent->child;
	append(&children, TOKEN_END, base);
	struct node *exponent = parse_nested(parser, parse_factor);
	if (exponent == NULL) {
		return NULL;
	}
	append(&children, TOKEN_POWER, exponent);
	return children.parent;
}

/* operator operand, where the operand may begin with another such operator. */
static struct node *parse_prefix(struct parser *parser, parse_function *parse_operand)
{
	struct token operator= parser->token;
	struct node *operand = parse_nested(parser, parse_operand);

	if (operand == NULL) {
		return NULL;
	}
	struct node *node = create(parser, NODE_UNARY, operator.span);
	if (node == NULL) {
		return NULL;
	}
	struct children children = { .parent = node, .end = &node->child };
	append(&children, TOKEN_END, operand);
	node->operator= operator.kind;
	return node;
}

static struct node *parse_factor(struct parser *parser)
{
	bool is_prefix = parser->token.kind == TOKEN_PLUS || parser->token.kind == TOKEN_MINUS;

	return is_prefix ? parse_prefix(parser, parse_factor) : parse_power(parser);
}

static bool is_term_operator(struct parser *parser)
{
	switch (parser->token.kind) {
	case TOKEN_STAR:
	case TOKEN_SLASH:
	case TOKEN_FLOOR:
	case TOKEN_PERCENT:
		return true;
	default:
		return false;
	}
}

static struct node *parse_term(struct parser *parser)
{
	static const struct level level = { NODE_ARITHMETIC, parse_factor, is_term_operator };

	return parse_level(parser, &level);
}

static bool is_sum_operator(struct parser *parser)
{
	return parser->token.kind == TOKEN_PLUS || parser->token.kind == TOKEN_MINUS;
}

static struct node *parse_sum(struct parser *parser)
{
	static const struct level level = { NODE_ARITHMETIC, parse_term, is_sum_operator };

	return parse_level(parser, &level);
}

/* Also refuses the comparisons that the language does not have. */
static bool is_comparison(struct parser *parser)
{
	switch (parser->token.kind) {
	case TOKEN_LT:
	case TOKEN_LE:
	case TOKEN_EQ:
	case TOKEN_NE:
	case TOKEN_GT:
	case TOKEN_GE:
		return true;
	case TOKEN_IN:
		return parser_refuse(parser, NULL,
				     "'in' does not compare here: it is not "
				     "available");
	case TOKEN_IS:
		return parser_refuse(parser, "==", "'is' is not available");
	case TOKEN_NOT:
		return parser_refuse(parser, NULL, "'not in' is not available");
	default:
		return false;
	}
}

static struct node *parse_comparison(struct parser *parser)
{
	static const struct level level = { NODE_COMPARISON, parse_sum, is_comparison };

	return parse_level(parser, &level);
}

static struct node *parse_not(struct parser *parser)
{
	return parser->token.kind == TOKEN_NOT ? parse_prefix(parser, parse_not)
					       : parse_comparison(parser);
}

static bool is_and(struct parser *parser)
{
	return parser->token.kind == TOKEN_AND;
}

static struct node *parse_and(struct parser *parser)
{
	static const struct level level = { NODE_AND, parse_not, is_and };

	return parse_level(parser, &level);
}

static bool is_or(struct parser *parser)
{
	return parser->token.kind == TOKEN_OR;
}

struct node *parser_or_test(struct parser *parser)
{
	static const struct level level = { NODE_OR, parse_and, is_or };

	return parse_level(parser, &level);
}

/* yes `if test else no`, from the `if` on; Python evaluates the test first. */
static struct node *parse_conditional(struct parser *parser, struct node *yes)
{
	struct node *test, *no, *node;

	parser_advance(parser);
	test = parser_or_test(parser);
	if (test == NULL) {
		return NULL;
	}
	if (parser->token.kind != TOKEN_ELSE) {
		parser_expected(parser, "an operator or 'else'");
		return NULL;
	}
	parser_advance(parser);
	no = parser_expression(parser);
	if (no == NULL) {
		return NULL;
	}
	node = create(parser, NODE_CONDITIONAL, yes->span);
	if (node != NULL) {
		struct children children = { .parent = node, .end = &node->child };

		append(&children, TOKEN_END, test);
		append(&children, TOKEN_END, yes);
		append(&children, TOKEN_END, no);
	}
	return node;
}

struct node *parser_expression(struct parser *parser)
{
	struct node *node;

	if (!enter(parser)) {
		return NULL;
	}
	node = parser_or_test(parser);
	if (node != NULL && parser->token.kind == TOKEN_IF) {
		node = parse_conditional(parser, node);
	}
	parser->depth--;
	return node;
}
