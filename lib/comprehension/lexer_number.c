/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * lexer_number.c - numbers as Python writes them
 *
 * A word that can stand behind a value may follow a number without a space (`1if x else 2`), no
 * other letter or digit may.
 */
#include "comprehension/lexer_number.h"

#include <stdio.h>
#include <string.h>

#include "comprehension/lexer.h"

struct base {
	char letter; /* behind the 0, in lower case */
	const char *digits;
	const char *name; /* with its article */
};

static const struct base bases[] = {
	{ 'x', "0123456789abcdefABCDEF", "a hexadecimal" },
	{ 'o', "01234567", "an octal" },
	{ 'b', "01", "a binary" },
};
static const char decimal[] = "0123456789";

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_part(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

bool lexer_number_starts(const char *text)
{
	return is_digit(text[0]) || (text[0] == '.' && is_digit(text[1]));
}

static struct span span_at(const struct lexer *lexer, size_t from, size_t to)
{
	return (struct span){
		.begin = lexer->at + from,
		.end = lexer->at + to,
		.line = lexer->line,
		.column = lexer->column + (unsigned)from,
	};
}

/* Behind the digits at `at`, single '_' between them; `at` itself where there is none. */
static size_t skip_digits(const char *text, size_t at, const char *digits)
{
	size_t end = at + strspn(text + at, digits);

	while (end > at && text[end] == '_' && text[end + 1] != '\0' &&
	       strchr(digits, text[end + 1]) != NULL) {
		end++;
		end += strspn(text + end, digits);
	}
	return end;
}

/* Whether a word that can stand behind a value begins here; Python, too, looks no further. */
static bool continues(const char *text)
{
	static const char *const words[] = { "and", "else", "for", "if", "in",
					     "is",  "or",   "not", NULL };

	for (unsigned i = 0; words[i] != NULL; i++) {
		if (strncmp(text, words[i], strlen(words[i])) == 0) {
			return true;
		}
	}
	return false;
}

/* Refuse the number and all that sticks to it. */
static size_t refuse_tail(struct lexer *lexer, size_t end, bool is_decimal)
{
	const char *text = lexer->text + lexer->at;
	size_t tail = end;
	char hint[64];

	while (is_name_part(text[tail])) {
		tail++;
	}
	if (text[end] == '_') {
		diagnosis_set(lexer->diagnosis, span_at(lexer, end, end + 1),
			      "'_' in a number stands between two digits");
		return 0;
	}
	if (is_decimal && (text[end] == 'j' || text[end] == 'J') && tail == end + 1) {
		diagnosis_set(lexer->diagnosis, span_at(lexer, 0, tail),
			      "imaginary numbers are not available: values are real");
		return 0;
	}
	int length = snprintf(hint, sizeof(hint), "%.*s*%.*s", (int)end, text, (int)(tail - end),
			      text + end);
	bool fits = length > 0 && (size_t)length < sizeof(hint);
	diagnosis_suggest(lexer->diagnosis, span_at(lexer, 0, tail),
			  is_decimal && fits && (unsigned char)text[end] < 0x80 ? hint : NULL,
			  "a name cannot follow a number directly");
	return 0;
}

/* Bytes up to `end`, if the number may end there. */
static size_t check_end(struct lexer *lexer, size_t end, bool is_decimal)
{
	const char *behind = lexer->text + lexer->at + end;

	if (!is_name_part(*behind) || continues(behind)) {
		return end;
	}
	return refuse_tail(lexer, end, is_decimal);
}

/* A number behind 0x, 0o or 0b. */
static size_t take_based(struct lexer *lexer, const struct base *base)
{
	const char *text = lexer->text + lexer->at;
	size_t first = text[2] == '_' ? 3 : 2;
	size_t end = skip_digits(text, first, base->digits);

	if (is_digit(text[end])) {
		diagnosis_set(lexer->diagnosis, span_at(lexer, end, end + 1),
			      "'%c' is not a digit of %s number", text[end], base->name);
		return 0;
	}
	if (end == first) {
		diagnosis_set(lexer->diagnosis, span_at(lexer, 0, 2),
			      "expected the digits of %s number after '%.2s'", base->name, text);
		return 0;
	}
	return check_end(lexer, end, false);
}

/* Behind the exponent at `at`; `at` itself where there is none. */
static size_t skip_exponent(const char *text, size_t at)
{
	size_t digits = at + 1;

	if (text[at] != 'e' && text[at] != 'E') {
		return at;
	}
	if (text[digits] == '+' || text[digits] == '-') {
		digits++;
	}
	size_t end = skip_digits(text, digits, decimal);
	return end > digits ? end : at;
}

static size_t refuse_zeros(struct lexer *lexer, size_t end)
{
	const char *text = lexer->text + lexer->at;
	size_t zeros = strspn(text, "0_");
	char hint[64];
	int length = snprintf(hint, sizeof(hint), "%.*s", (int)(end - zeros), text + zeros);

	diagnosis_suggest(lexer->diagnosis, span_at(lexer, 0, end),
			  (size_t)length < sizeof(hint) ? hint : NULL,
			  "an integer has no leading zeros");
	return 0;
}

static size_t take_decimal(struct lexer *lexer)
{
	const char *text = lexer->text + lexer->at;
	size_t whole = skip_digits(text, 0, decimal);
	size_t end = whole;

	if (text[end] == '.') {
		end = skip_digits(text, end + 1, decimal);
	}
	end = skip_exponent(text, end);
	bool imaginary = text[end] == 'j' || text[end] == 'J';
	if (end == whole && text[0] == '0' && strspn(text, "0_") < end && !imaginary) {
		return refuse_zeros(lexer, end);
	}
	return check_end(lexer, end, true);
}

size_t lexer_number(struct lexer *lexer)
{
	const char *text = lexer->text + lexer->at;

	for (size_t i = 0; i < sizeof(bases) / sizeof(*bases); i++) {
		if (text[0] == '0' && (text[1] | ('a' ^ 'A')) == bases[i].letter) {
			return take_based(lexer, &bases[i]);
		}
	}
	return take_decimal(lexer);
}
