/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_lexer.c - where tokens begin and end, and what is no token
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "comprehension/lexer.h"

struct reading {
	struct gather_error error;
	struct diagnosis diagnosis;
	struct lexer lexer;
};

static void start(struct reading *reading, const char *text)
{
	memset(reading, 0, sizeof(*reading));
	reading->diagnosis.text = text;
	reading->diagnosis.error = &reading->error;
	lexer_init(&reading->lexer, &reading->diagnosis);
}

/* The tokens of a text, each in '|'. */
static const char *split(const char *text)
{
	static char result[1024];
	struct reading reading;
	struct token token;
	size_t used = 0;

	start(&reading, text);
	result[0] = '\0';
	for (;;) {
		ck_assert_msg(lexer_next(&reading.lexer, &token), "%s", reading.error.message);
		if (token.kind == TOKEN_END) {
			break;
		}
		used += (size_t)snprintf(result + used, sizeof(result) - used, "|%.*s",
					 token.length, token.text);
		ck_assert_uint_lt(used, sizeof(result));
	}
	ck_assert(lexer_next(&reading.lexer, &token));
	ck_assert_int_eq(token.kind, TOKEN_END);
	return result;
}

/* The kind of the only token of a text. */
static enum token_kind kind(const char *text)
{
	struct reading reading;
	struct token token, end;

	start(&reading, text);
	ck_assert(lexer_next(&reading.lexer, &token));
	ck_assert_int_eq(token.length, (int)strlen(text));
	ck_assert(lexer_next(&reading.lexer, &end));
	ck_assert_int_eq(end.kind, TOKEN_END);
	return token.kind;
}

static void refused(const char *text, unsigned line, unsigned column, unsigned length,
		    const char *message, const char *hint)
{
	struct reading reading;
	struct token token;

	start(&reading, text);
	do {
		if (!lexer_next(&reading.lexer, &token)) {
			break;
		}
	} while (token.kind != TOKEN_END);
	ck_assert_int_eq(token.kind, TOKEN_END);
	ck_assert_msg(reading.diagnosis.code == GATHER_EINPUT, "'%s' was accepted", text);
	ck_assert_msg(reading.error.line == line && reading.error.column == column &&
			      reading.error.length == length,
		      "'%s': at %u:%u+%u", text, reading.error.line, reading.error.column,
		      reading.error.length);
	ck_assert_str_eq(reading.error.message, message);
	ck_assert_str_eq(reading.error.hint, hint);
}

START_TEST(the_longest_sign_wins)
{
	ck_assert_str_eq(split("x**2*3//4/5"), "|x|**|2|*|3|//|4|/|5");
	ck_assert_str_eq(split("a<=b<c>=d==e!=f"), "|a|<=|b|<|c|>=|d|==|e|!=|f");
	ck_assert_str_eq(split("a<-b"), "|a|<|-|b");
	ck_assert_str_eq(split("x***y"), "|x|**|*|y");
	ck_assert_str_eq(split("a:=b:c=d"), "|a|:=|b|:|c|=|d");
	ck_assert_str_eq(split("a<<b>>c<>d"), "|a|<<|b|>>|c|<>|d");
	ck_assert_str_eq(split("....5"), "|...|.5");
	ck_assert_str_eq(split("[({)]}"), "|[|(|{|)|]|}");
}
END_TEST

START_TEST(words_are_keywords_only_when_whole)
{
	ck_assert_int_eq(kind("for"), TOKEN_FOR);
	ck_assert_int_eq(kind("fort"), TOKEN_NAME);
	ck_assert_int_eq(kind("For"), TOKEN_NAME);
	ck_assert_int_eq(kind("_in"), TOKEN_NAME);
	ck_assert_int_eq(kind("in"), TOKEN_IN);
	ck_assert_int_eq(kind("i"), TOKEN_NAME);
	ck_assert_int_eq(kind("True"), TOKEN_TRUE);
	ck_assert_int_eq(kind("true"), TOKEN_NAME);
	ck_assert_int_eq(kind("while"), TOKEN_STATEMENT);
	ck_assert_int_eq(kind("match"), TOKEN_NAME);
	ck_assert_int_eq(kind("x1_y2"), TOKEN_NAME);
}
END_TEST

START_TEST(numbers_are_cut_as_python_cuts_them)
{
	static const char *const numbers[] = {
		"0",      "00",          "0_0",   "1_000", "0x1F", "0X_ff_00", "0o17",
		"0B_1",   "1.",          ".5",    "1.5",   "1e5",  "1E+5",     "1.e-5",
		".5e1_0", "1_0.0_1e1_0", "007.5", "012e1", "0.0",  "00.",      "1e05",
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		ck_assert_msg(kind(numbers[i]) == TOKEN_NUMBER, "%s", numbers[i]);
	}
	ck_assert_str_eq(split("1.5.3"), "|1.5|.3");
	ck_assert_str_eq(split("1..real"), "|1.|.|real");
	ck_assert_str_eq(split("1-2"), "|1|-|2");
	ck_assert_str_eq(split("1e5-2"), "|1e5|-|2");
}
END_TEST

START_TEST(words_may_stick_to_the_end_of_a_number)
{
	ck_assert_str_eq(split("1if x else 2"), "|1|if|x|else|2");
	ck_assert_str_eq(split("1else"), "|1|else");
	ck_assert_str_eq(split("1.if 2.5or 3"), "|1.|if|2.5|or|3");
	ck_assert_str_eq(split("1and 2in 3is 4not 5for"), "|1|and|2|in|3|is|4|not|5|for");
	ck_assert_str_eq(split("0x1for"), "|0x1f|or");
	ck_assert_str_eq(split("0b1if"), "|0b1|if");
	ck_assert_str_eq(split("1_0or"), "|1_0|or");
}
END_TEST

START_TEST(white_space_and_comments_separate)
{
	ck_assert_str_eq(split(""), "");
	ck_assert_str_eq(split(" \t\f\r\n\n\r "), "");
	ck_assert_str_eq(split("x # y [ 'z' \n z"), "|x|z");
	ck_assert_str_eq(split("# only a comment, of \xc3\xa9"), "");
	ck_assert_str_eq(split("a\\\nb\\\r\nc"), "|a|b|c");
}
END_TEST

START_TEST(places_count_lines_and_characters)
{
	struct reading reading;
	struct token token;

	start(&reading, "ab\r\n cd # \xc3\xa9\xe2\x82\xac\rx\n\n\t(");
	ck_assert(lexer_next(&reading.lexer, &token));
	ck_assert_uint_eq(token.span.line, 1);
	ck_assert_uint_eq(token.span.column, 1);
	ck_assert(lexer_next(&reading.lexer, &token));
	ck_assert_uint_eq(token.span.line, 2);
	ck_assert_uint_eq(token.span.column, 2);
	ck_assert_uint_eq(token.span.begin, 5);
	ck_assert_uint_eq(token.span.end, 7);
	ck_assert(lexer_next(&reading.lexer, &token));
	ck_assert_uint_eq(token.span.line, 3);
	ck_assert_uint_eq(token.span.column, 1);
	ck_assert(lexer_next(&reading.lexer, &token));
	ck_assert_uint_eq(token.span.line, 5);
	ck_assert_uint_eq(token.span.column, 2);
	ck_assert(lexer_next(&reading.lexer, &token));
	ck_assert_uint_eq(token.span.line, 5);
	ck_assert_uint_eq(token.span.column, 3);
}
END_TEST

START_TEST(numbers_that_are_none)
{
	refused("x + 2y1", 1, 5, 3, "a name cannot follow a number directly", "2*y1");
	refused("1.5e", 1, 1, 4, "a name cannot follow a number directly", "1.5*e");
	refused("0x1g", 1, 1, 4, "a name cannot follow a number directly", "");
	refused("2\xc3\xa9", 1, 1, 2, "a name cannot follow a number directly", "");
	refused("007", 1, 1, 3, "an integer has no leading zeros", "7");
	refused("0_7", 1, 1, 3, "an integer has no leading zeros", "7");
	refused("1_", 1, 2, 1, "'_' in a number stands between two digits", "");
	refused("1__0", 1, 2, 1, "'_' in a number stands between two digits", "");
	refused("1._5", 1, 3, 1, "'_' in a number stands between two digits", "");
	refused("0x", 1, 1, 2, "expected the digits of a hexadecimal number after '0x'", "");
	refused("0o_", 1, 1, 2, "expected the digits of an octal number after '0o'", "");
	refused("0b12", 1, 4, 1, "'2' is not a digit of a binary number", "");
	refused("0o8", 1, 3, 1, "'8' is not a digit of an octal number", "");
	refused("1 + 2j", 1, 5, 2, "imaginary numbers are not available: values are real", "");
	refused("01J", 1, 1, 3, "imaginary numbers are not available: values are real", "");
	refused("1.5e3j", 1, 1, 6, "imaginary numbers are not available: values are real", "");
}
END_TEST

START_TEST(strings_are_refused_where_they_begin)
{
	refused(" 'a'", 1, 2, 1, "strings are not available: a value is a number", "");
	refused("\"", 1, 1, 1, "strings are not available: a value is a number", "");
	refused("rb'a'", 1, 1, 3, "strings are not available: a value is a number", "");
	refused("f'{x}'", 1, 1, 2, "f-strings are not available: a value is a number", "");
	refused("Rf\"", 1, 1, 3, "f-strings are not available: a value is a number", "");
	ck_assert_str_eq(split("rb f"), "|rb|f");
	refused("x'", 1, 2, 1, "strings are not available: a value is a number", "");
}
END_TEST

START_TEST(characters_that_are_none_of_the_language)
{
	refused("a \xc3\xa9", 1, 3, 1,
		"unexpected character '\xc3\xa9' (U+00E9): names and operators are ASCII", "");
	refused("# \xc3\xa9\n\xe2\x88\x92", 2, 1, 1,
		"unexpected character '\xe2\x88\x92' (U+2212): names and operators are ASCII", "-");
	refused("\xe2\x89\xa4", 1, 1, 1,
		"unexpected character '\xe2\x89\xa4' (U+2264): names and operators are ASCII",
		"<=");
	refused("a\xc2\xa0", 1, 2, 1, "unexpected character U+00A0: names and operators are ASCII",
		"a plain space");
	refused("\xe2\x80\xae", 1, 1, 1,
		"unexpected character U+202E: names and operators are ASCII", "");
	refused("\xf0\x9f\x98\x80", 1, 1, 1,
		"unexpected character '\xf0\x9f\x98\x80' (U+1F600): names and operators are ASCII",
		"");
	refused("a\x01", 1, 2, 1, "unexpected character U+0001", "");
	refused("\x7f", 1, 1, 1, "unexpected character U+007F", "");
	refused("a \\ b", 1, 3, 1, "a backslash stands only at the end of a line", "");
	refused("\\", 1, 1, 1, "a backslash stands only at the end of a line", "");
}
END_TEST

START_TEST(invalid_utf8_is_refused_even_in_comments)
{
	static const char *const invalid[] = {
		"\x80",
		"\xc3",
		"\xc3(",
		"\xc0\x80",
		"\xe0\x80\x80",
		"\xed\xa0\x80",
		"\xf4\x90\x80\x80",
		"\xf8\x88\x80\x80\x80",
		"\xff",
		"\xe2\x82",
		"\xf0\x80\x80\x80",
		"\xf0\x9f\x98",
	};
	char text[32];

	for (size_t i = 0; i < sizeof(invalid) / sizeof(*invalid); i++) {
		refused(invalid[i], 1, 1, 1, "the text is not valid UTF-8", "");
		snprintf(text, sizeof(text), "x # \xc3\xa9 %s", invalid[i]);
		refused(text, 1, 7, 1, "the text is not valid UTF-8", "");
	}
}
END_TEST

START_TEST(after_an_error_the_text_is_at_its_end)
{
	struct reading reading;
	struct token token;

	start(&reading, "a ' b");
	ck_assert(lexer_next(&reading.lexer, &token));
	ck_assert(!lexer_next(&reading.lexer, &token));
	ck_assert_int_eq(token.kind, TOKEN_END);
	ck_assert(!lexer_next(&reading.lexer, &token));
	ck_assert_int_eq(token.kind, TOKEN_END);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lexer");
	TCase *tcase = tcase_create("lexer");

	tcase_add_test(tcase, the_longest_sign_wins);
	tcase_add_test(tcase, words_are_keywords_only_when_whole);
	tcase_add_test(tcase, numbers_are_cut_as_python_cuts_them);
	tcase_add_test(tcase, words_may_stick_to_the_end_of_a_number);
	tcase_add_test(tcase, white_space_and_comments_separate);
	tcase_add_test(tcase, places_count_lines_and_characters);
	tcase_add_test(tcase, numbers_that_are_none);
	tcase_add_test(tcase, strings_are_refused_where_they_begin);
	tcase_add_test(tcase, characters_that_are_none_of_the_language);
	tcase_add_test(tcase, invalid_utf8_is_refused_even_in_comments);
	tcase_add_test(tcase, after_an_error_the_text_is_at_its_end);
	suite_add_tcase(suite, tcase);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
