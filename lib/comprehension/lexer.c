/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * lexer.c - tokens as Python's tokenizer cuts them within brackets
 *
 * Newlines, comments and joined lines separate tokens and mean nothing else.
 */
#include "comprehension/lexer.h"

#include <stdio.h>
#include <string.h>

#include "comprehension/lexer_number.h"
#include "comprehension/utf8.h"

struct spelling {
	const char *text;
	enum token_kind kind;
};

static const struct spelling words[] = {
	{ "and", TOKEN_AND },
	{ "async", TOKEN_ASYNC },
	{ "await", TOKEN_AWAIT },
	{ "else", TOKEN_ELSE },
	{ "False", TOKEN_FALSE },
	{ "for", TOKEN_FOR },
	{ "if", TOKEN_IF },
	{ "in", TOKEN_IN },
	{ "is", TOKEN_IS },
	{ "lambda", TOKEN_LAMBDA },
	{ "None", TOKEN_NONE },
	{ "not", TOKEN_NOT },
	{ "or", TOKEN_OR },
	{ "True", TOKEN_TRUE },
	{ "yield", TOKEN_YIELD },
	{ "as", TOKEN_STATEMENT },
	{ "assert", TOKEN_STATEMENT },
	{ "break", TOKEN_STATEMENT },
	{ "class", TOKEN_STATEMENT },
	{ "continue", TOKEN_STATEMENT },
	{ "def", TOKEN_STATEMENT },
	{ "del", TOKEN_STATEMENT },
	{ "elif", TOKEN_STATEMENT },
	{ "except", TOKEN_STATEMENT },
	{ "finally", TOKEN_STATEMENT },
	{ "from", TOKEN_STATEMENT },
	{ "global", TOKEN_STATEMENT },
	{ "import", TOKEN_STATEMENT },
	{ "nonlocal", TOKEN_STATEMENT },
	{ "pass", TOKEN_STATEMENT },
	{ "raise", TOKEN_STATEMENT },
	{ "return", TOKEN_STATEMENT },
	{ "try", TOKEN_STATEMENT },
	{ "while", TOKEN_STATEMENT },
	{ "with", TOKEN_STATEMENT },
	{ NULL, TOKEN_NAME },
};

/* The longest first. */
static const struct spelling signs[] = {
	{ "...", TOKEN_ELLIPSIS }, { "**", TOKEN_POWER },     { "//", TOKEN_FLOOR },
	{ "==", TOKEN_EQ },        { "!=", TOKEN_NE },        { "<=", TOKEN_LE },
	{ ">=", TOKEN_GE },        { "<>", TOKEN_NOT_EQUAL }, { "<<", TOKEN_LSHIFT },
	{ ">>", TOKEN_RSHIFT },    { ":=", TOKEN_WALRUS },    { "&&", TOKEN_AND_AND },
	{ "||", TOKEN_OR_OR },     { "->", TOKEN_OTHER },     { "(", TOKEN_LPAREN },
	{ ")", TOKEN_RPAREN },     { "[", TOKEN_LBRACKET },   { "]", TOKEN_RBRACKET },
	{ "{", TOKEN_LBRACE },     { "}", TOKEN_RBRACE },     { "+", TOKEN_PLUS },
	{ "-", TOKEN_MINUS },      { "*", TOKEN_STAR },       { "/", TOKEN_SLASH },
	{ "%", TOKEN_PERCENT },    { "<", TOKEN_LT },         { ">", TOKEN_GT },
	{ "|", TOKEN_BITOR },      { "^", TOKEN_BITXOR },     { "&", TOKEN_BITAND },
	{ "~", TOKEN_BITNOT },     { "@", TOKEN_AT },         { ",", TOKEN_COMMA },
	{ ":", TOKEN_COLON },      { ".", TOKEN_DOT },        { "=", TOKEN_ASSIGN },
	{ "!", TOKEN_BANG },       { "?", TOKEN_QUESTION },   { ";", TOKEN_OTHER },
	{ "$", TOKEN_OTHER },      { "`", TOKEN_OTHER },      { NULL, TOKEN_OTHER },
};

/* Signs that look like one of ours. */
static const struct {
	uint32_t point;
	const char *meant;
} lookalikes[] = {
	{ 0x00a0, "a plain space" },
	{ 0x00b7, "*" },
	{ 0x00d7, "*" },
	{ 0x00f7, "/" },
	{ 0x03c0, "pi" },
	{ 0x2013, "-" },
	{ 0x2014, "-" },
	{ 0x2212, "-" },
	{ 0x2215, "/" },
	{ 0x221a, "sqrt" },
	{ 0x2260, "!=" },
	{ 0x2264, "<=" },
	{ 0x2265, ">=" },
};

void lexer_init(struct lexer *lexer, struct diagnosis *diagnosis)
{
	*lexer = (struct lexer){
		.diagnosis = diagnosis,
		.text = diagnosis->text,
		.line = 1,
		.column = 1,
	};
}

static struct span span_here(const struct lexer *lexer, size_t bytes)
{
	return (struct span){
		.begin = lexer->at,
		.end = lexer->at + bytes,
		.line = lexer->line,
		.column = lexer->column,
	};
}

static bool is_newline(char c)
{
	return c == '\n' || c == '\r';
}

static void skip_newline(struct lexer *lexer)
{
	const char *here = lexer->text + lexer->at;

	lexer->at += here[0] == '\r' && here[1] == '\n' ? 2 : 1;
	lexer->line++;
	lexer->column = 1;
}

static void refuse_bytes(struct lexer *lexer)
{
	diagnosis_set(lexer->diagnosis, span_here(lexer, 1), "the text is not valid UTF-8");
}

static bool skip_comment(struct lexer *lexer)
{
	while (lexer->text[lexer->at] != '\0' && !is_newline(lexer->text[lexer->at])) {
		uint32_t point;
		unsigned bytes = utf8_decode(lexer->text + lexer->at, &point);

		if (bytes == 0) {
			refuse_bytes(lexer);
			return false;
		}
		lexer->at += bytes;
		lexer->column++;
	}
	return true;
}

/* To the next token or the end. */
static bool skip_space(struct lexer *lexer)
{
	for (;;) {
		const char *here = lexer->text + lexer->at;

		if (is_newline(here[0])) {
			skip_newline(lexer);
		} else if (here[0] == '\\' && is_newline(here[1])) {
			lexer->at++;
			skip_newline(lexer);
		} else if (here[0] == ' ' || here[0] == '\t' || here[0] == '\f') {
			lexer->at++;
			lexer->column++;
		} else if (here[0] == '#') {
			if (!skip_comment(lexer)) {
				return false;
			}
		} else {
			return true;
		}
	}
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

static bool refuse_string(struct lexer *lexer, size_t prefix)
{
	const char *here = lexer->text + lexer->at;
	bool formatted = memchr(here, 'f', prefix) != NULL || memchr(here, 'F', prefix) != NULL;

	diagnosis_set(lexer->diagnosis, span_here(lexer, prefix + 1),
		      "%s are not available: a value is a number",
		      formatted ? "f-strings" : "strings");
	return false;
}

static bool refuse_character(struct lexer *lexer)
{
	const char *here = lexer->text + lexer->at;
	const char *meant = NULL;
	char name[32];
	uint32_t point;
	unsigned bytes = utf8_decode(here, &point);

	if (bytes == 0) {
		refuse_bytes(lexer);
		return false;
	}
	if (point == '\\') {
		diagnosis_set(lexer->diagnosis, span_here(lexer, bytes),
			      "a backslash stands only at the end of a line");
		return false;
	}
	if (point < 0x80) { /* all others are signs */
		diagnosis_set(lexer->diagnosis, span_here(lexer, bytes),
			      "unexpected character U+%04X", (unsigned)point);
		return false;
	}
	for (size_t i = 0; i < sizeof(lookalikes) / sizeof(*lookalikes); i++) {
		if (lookalikes[i].point == point) {
			meant = lookalikes[i].meant;
		}
	}
	if (utf8_is_visible(point)) {
		snprintf(name, sizeof(name), "'%.*s' (U+%04X)", (int)bytes, here, (unsigned)point);
	} else {
		snprintf(name, sizeof(name), "U+%04X", (unsigned)point);
	}
	diagnosis_suggest(lexer->diagnosis, span_here(lexer, bytes), meant,
			  "unexpected character %s: names and operators are ASCII", name);
	return false;
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_part(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9');
}

static size_t take_name(struct lexer *lexer, struct token *token)
{
	const char *here = lexer->text + lexer->at;
	const struct spelling *word = words;
	size_t length = 1;

	while (is_name_part(here[length])) {
		length++;
	}
	if (length <= 2 && is_quote(here[length]) && strspn(here, "rRuUbBfF") >= length) {
		refuse_string(lexer, length);
		return 0;
	}
	while (word->text != NULL &&
	       (strlen(word->text) != length || memcmp(word->text, here, length) != 0)) {
		word++;
	}
	token->kind = word->kind;
	return length;
}

static size_t take_number(struct lexer *lexer, struct token *token)
{
	size_t length = lexer_number(lexer);

	token->kind = TOKEN_NUMBER;
	return length;
}

static size_t take_sign(struct lexer *lexer, struct token *token)
{
	const struct spelling *sign = signs;

	while (sign->text != NULL &&
	       strncmp(lexer->text + lexer->at, sign->text, strlen(sign->text)) != 0) {
		sign++;
	}
	if (sign->text == NULL) {
		refuse_character(lexer);
		return 0;
	}
	token->kind = sign->kind;
	return strlen(sign->text);
}

/* Bytes of the token that stands here; 0 with the diagnosis set where there is none. */
static size_t take(struct lexer *lexer, struct token *token)
{
	const char *here = lexer->text + lexer->at;

	if (is_name_start(here[0])) {
		return take_name(lexer, token);
	}
	if (lexer_number_starts(here)) {
		return take_number(lexer, token);
	}
	if (is_quote(here[0])) {
		refuse_string(lexer, 0);
		return 0;
	}
	return take_sign(lexer, token);
}

bool lexer_next(struct lexer *lexer, struct token *token)
{
	size_t bytes = 0;
	bool found = skip_space(lexer);

	*token = (struct token){ .kind = TOKEN_END, .text = lexer->text + lexer->at };
	if (found && lexer->text[lexer->at] != '\0') {
		bytes = take(lexer, token);
		found = bytes != 0;
	}
	if (!found) {
		token->kind = TOKEN_END;
	}
	token->span = span_here(lexer, bytes);
	token->length = (int)bytes;
	lexer->at += bytes;
	lexer->column += (unsigned)bytes; /* tokens are ASCII */
	return found;
}
