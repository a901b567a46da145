/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_diagnostics.c - errors in the order of their places, each with its line and a mark under it
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/characters.h"
#include "daemon/diagnostics.h"
#include "daemon/excerpt.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static struct diagnostics *diagnostics;

static void set_up(void)
{
	diagnostics = diagnostics_create("gatherd.yaml");
	ck_assert_ptr_nonnull(diagnostics);
}

static void tear_down(void)
{
	diagnostics_destroy(&diagnostics);
	ck_assert_ptr_null(diagnostics);
	diagnostics_destroy(&diagnostics);
}

static struct place at(unsigned line, unsigned column, unsigned length)
{
	return (struct place){ line, column, length };
}

static void set_text(const char *text)
{
	ck_assert(diagnostics_set_text(diagnostics, text, strlen(text)));
}

static void expect(const char *printed)
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	ck_assert_ptr_nonnull(stream);
	diagnostics_print(diagnostics, stream);
	fclose(stream);
	ck_assert_str_eq(text, printed);
	free(text);
}

START_TEST(nothing_is_wrong_at_first)
{
	ck_assert_uint_eq(diagnostics_count(diagnostics), 0);
	ck_assert_str_eq(diagnostics_first(diagnostics), "");
	expect("");
}
END_TEST

START_TEST(an_error_is_shown_with_its_line_and_a_mark)
{
	char buffer[DIAGNOSTICS_HINT_SIZE];

	set_text("a:\n    widht: 2\n");
	diagnostics_add(diagnostics, at(2, 5, 5), diagnostics_hint(buffer, "width"),
			"unknown key '%s'", "widht");
	expect("gatherd.yaml:2:5: unknown key 'widht'; did you mean 'width'?\n"
	       "    2 |     widht: 2\n"
	       "      |     ^~~~~\n");
	ck_assert_str_eq(diagnostics_first(diagnostics),
			 "gatherd.yaml:2:5: unknown key 'widht'; did you mean 'width'?");
}
END_TEST

START_TEST(a_hint_is_a_word_or_a_phrase)
{
	char buffer[DIAGNOSTICS_HINT_SIZE];

	ck_assert_str_eq(diagnostics_hint(buffer, "mean"), "did you mean 'mean'?");
	ck_assert_str_eq(diagnostics_hint(buffer, "write it in quotes"), "write it in quotes");
	ck_assert_ptr_null(diagnostics_hint(buffer, ""));
	ck_assert_ptr_null(diagnostics_hint(buffer, NULL));
}
END_TEST

START_TEST(errors_come_by_place_and_those_without_one_last)
{
	diagnostics_add(diagnostics, at(0, 0, 0), NULL, "nowhere");
	diagnostics_add(diagnostics, at(3, 1, 1), NULL, "later");
	diagnostics_add(diagnostics, at(2, 7, 1), NULL, "first of two");
	diagnostics_add(diagnostics, at(2, 7, 1), "this is why", "second of two");
	diagnostics_add_about(diagnostics, "--values", NULL, "'%s' is none", "x");
	diagnostics_add(diagnostics, at(2, 1, 1), NULL, "earlier");
	diagnostics_add(diagnostics, at(2, 0, 0), NULL, "the whole line");
	ck_assert_uint_eq(diagnostics_count(diagnostics), 7);
	ck_assert_str_eq(diagnostics_first(diagnostics), "gatherd.yaml:2: the whole line");
	expect("gatherd.yaml:2: the whole line\n"
	       "gatherd.yaml:2:1: earlier\n"
	       "gatherd.yaml:2:7: first of two\n"
	       "gatherd.yaml:2:7: second of two; this is why\n"
	       "gatherd.yaml:3:1: later\n"
	       "gatherd.yaml: nowhere\n"
	       "--values: 'x' is none\n");
}
END_TEST

START_TEST(the_first_fifty_are_shown_and_the_rest_counted)
{
	char expected[8192] = "";

	for (unsigned i = 60; i >= 1; i--) {
		diagnostics_add(diagnostics, at(i, 1, 1), NULL, "wrong");
	}
	for (unsigned i = 1; i <= 50; i++) {
		snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected),
			 "gatherd.yaml:%u:1: wrong\n", i);
	}
	strcat(expected, "gatherd.yaml: and 10 more errors\n");
	ck_assert_uint_eq(diagnostics_count(diagnostics), 60);
	expect(expected);
}
END_TEST

START_TEST(one_more_is_counted_as_one)
{
	for (unsigned i = 0; i <= DIAGNOSTICS_SHOWN; i++) {
		diagnostics_add(diagnostics, at(1, 1, 1), NULL, "error %u", i);
	}
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	diagnostics_print(diagnostics, stream);
	fclose(stream);
	ck_assert_ptr_nonnull(strstr(text, ": error 49\n"));
	ck_assert_ptr_null(strstr(text, ": error 50\n"));
	ck_assert_ptr_nonnull(strstr(text, "gatherd.yaml: and 1 more error\n"));
	free(text);
}
END_TEST

START_TEST(messages_stay_one_line_whatever_they_quote)
{
	diagnostics_add(diagnostics, at(0, 0, 0), NULL, "key '%s'",
			"a\nb\tc\x1b[31m\x7f \xE2\x80\xAE \xC2\x9B \xFF \xC3\xA9");
	expect("gatherd.yaml: key 'a\\nb\\tc\\x1b[31m\\x7f \\u202e \\u009b \\xff \xC3\xA9'\n");
}
END_TEST

START_TEST(long_messages_are_cut_between_characters)
{
	char text[3000] = "";

	for (unsigned i = 0; i < 1000; i++) {
		strcat(text, "\xC3\xA9");
	}
	diagnostics_add(diagnostics, at(1, 1, 1), NULL, "%s", text);
	const char *first = diagnostics_first(diagnostics);
	size_t length = strlen(first);

	ck_assert_uint_lt(length, DIAGNOSTICS_MESSAGE_SIZE);
	ck_assert_uint_gt(length, DIAGNOSTICS_MESSAGE_SIZE - 10);
	ck_assert_str_eq(first + length - 5, "\xC3\xA9...");
}
END_TEST

/* What is shown of a line and below it. */
static void expect_excerpt(const char *line, struct place place, const char *shown,
			   const char *mark)
{
	char *text = NULL, *expected = NULL;
	size_t length, expected_length;
	FILE *stream = open_memstream(&text, &length);
	FILE *other = open_memstream(&expected, &expected_length);

	excerpt_print(stream, line, strlen(line), place);
	fclose(stream);
	if (shown != NULL) {
		fprintf(other, "%5u | %s\n", place.line, shown);
	}
	if (mark != NULL) {
		fprintf(other, "      | %s\n", mark);
	}
	fclose(other);
	ck_assert_str_eq(text, expected);
	free(text);
	free(expected);
}

START_TEST(tabs_stand_in_both_lines)
{
	expect_excerpt("\ta:\tb", at(1, 5, 1), "\ta:\tb", "\t  \t^");
	/* A tab within what is marked counts as one. */
	expect_excerpt("a\tb", at(1, 1, 3), "a\tb", "^~~");
	expect_excerpt("a\tb", at(1, 2, 1), "a\tb", " ^");
}
END_TEST

START_TEST(columns_are_characters_as_wide_as_they_are_shown)
{
	/* An accent, a wide character, a combining accent. */
	expect_excerpt("\xC3\xA9: x", at(1, 4, 1), "\xC3\xA9: x", "   ^");
	expect_excerpt("\xE4\xB8\xAD: x", at(1, 4, 1), "\xE4\xB8\xAD: x", "    ^");
	expect_excerpt("\xE4\xB8\xAD: x", at(1, 1, 1), "\xE4\xB8\xAD: x", "^~");
	expect_excerpt("e\xCC\x81: x", at(1, 5, 1), "e\xCC\x81: x", "   ^");
}
END_TEST

START_TEST(what_would_harm_a_terminal_is_shown_as_escapes)
{
	expect_excerpt("\x1b: x", at(1, 4, 1), "\\x1b: x", "      ^");
	expect_excerpt("\xFF\xE2\x80\xAE: x", at(1, 2, 1), "\\xff\\u202e: x", "    ^~~~~~");
	expect_excerpt("a\xF3\xA0\x80\x81z", at(1, 3, 1), "a\\U000e0001z", "           ^");
}
END_TEST

START_TEST(lines_end_with_lf_or_crlf)
{
	expect_excerpt("a\r\nbc\r\nd", at(2, 2, 1), "bc", " ^");
	expect_excerpt("a\nbc", at(2, 3, 1), "bc", "  ^");
	expect_excerpt("a\n\nb", at(2, 1, 1), NULL, NULL);
	expect_excerpt("a\n", at(2, 1, 1), NULL, NULL);
	expect_excerpt("a\n", at(3, 1, 1), NULL, NULL);
	expect_excerpt("a\n", at(0, 0, 0), NULL, NULL);
	expect_excerpt("ab", at(1, 0, 0), "ab", NULL);
}
END_TEST

START_TEST(marks_end_with_the_line)
{
	expect_excerpt("abc", at(1, 2, 100), "abc", " ^~");
	expect_excerpt("abc", at(1, 9, 100), "abc", "   ^");
	expect_excerpt("abc", at(1, 2, 0), "abc", " ^");
}
END_TEST

START_TEST(long_lines_are_cut_around_the_place)
{
	char line[301], shown[128], mark[128];

	for (unsigned i = 0; i < 300; i++) {
		line[i] = (char)('a' + i % 26);
	}
	line[300] = '\0';

	snprintf(shown, sizeof(shown), "%.100s...", line);
	snprintf(mark, sizeof(mark), "%60s^", "");
	expect_excerpt(line, at(1, 61, 1), shown, mark);
	snprintf(shown, sizeof(shown), "...%.100s...", line + 89);
	snprintf(mark, sizeof(mark), "...%60s^~", "");
	memset(mark, ' ', 3);
	expect_excerpt(line, at(1, 150, 2), shown, mark);
	snprintf(shown, sizeof(shown), "...%.100s", line + 200);
	snprintf(mark, sizeof(mark), "%102s^", "");
	expect_excerpt(line, at(1, 300, 5), shown, mark);
	/* A line that just fits is whole. */
	line[100] = '\0';
	snprintf(mark, sizeof(mark), "%99s^", "");
	expect_excerpt(line, at(1, 100, 1), line, mark);
}
END_TEST

START_TEST(only_well_formed_utf8_is_decoded)
{
	static const struct {
		const char *text;
		size_t length;
		uint32_t character;
	} cases[] = {
		{ "a", 1, 'a' },
		{ "\x7F", 1, 0x7F },
		{ "\xC2\x80", 2, 0x80 },
		{ "\xDF\xBF", 2, 0x7FF },
		{ "\xE0\xA0\x80", 3, 0x800 },
		{ "\xED\x9F\xBF", 3, 0xD7FF },
		{ "\xEF\xBF\xBD", 3, 0xFFFD },
		{ "\xF0\x90\x80\x80", 4, 0x10000 },
		{ "\xF4\x8F\xBF\xBF", 4, 0x10FFFF },
		{ "", 0, 0 },
		{ "\x80", 0, 0 },
		{ "\xC1\xBF", 0, 0 },
		{ "\xC3", 0, 0 },
		{ "\xC3z", 0, 0 },
		{ "\xE0\x9F\xBF", 0, 0 },
		{ "\xE4\xB8", 0, 0 },
		{ "\xED\xA0\x80", 0, 0 },
		{ "\xF0\x8F\xBF\xBF", 0, 0 },
		{ "\xF4\x90\x80\x80", 0, 0 },
		{ "\xF5\x80\x80\x80", 0, 0 },
		{ "\xF0\x90\x80z", 0, 0 },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		uint32_t character = 0;
		size_t n = characters_decode(cases[i].text, strlen(cases[i].text), &character);
		ck_assert_msg(n == cases[i].length, "case %zu: %zu bytes", i, n);
		if (n > 0) {
			ck_assert_uint_eq(character, cases[i].character);
		}
	}
	/* What lies beyond the length is not looked at. */
	uint32_t character;
	ck_assert_uint_eq(characters_decode("\xC3\xA9", 1, &character), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("diagnostics");
	TCase *messages = tcase_create("messages");
	TCase *excerpts = tcase_create("excerpts");

	tcase_add_checked_fixture(messages, set_up, tear_down);
	tcase_add_test(messages, nothing_is_wrong_at_first);
	tcase_add_test(messages, an_error_is_shown_with_its_line_and_a_mark);
	tcase_add_test(messages, a_hint_is_a_word_or_a_phrase);
	tcase_add_test(messages, errors_come_by_place_and_those_without_one_last);
	tcase_add_test(messages, the_first_fifty_are_shown_and_the_rest_counted);
	tcase_add_test(messages, one_more_is_counted_as_one);
	tcase_add_test(messages, messages_stay_one_line_whatever_they_quote);
	tcase_add_test(messages, long_messages_are_cut_between_characters);
	suite_add_tcase(suite, messages);
	tcase_add_test(excerpts, tabs_stand_in_both_lines);
	tcase_add_test(excerpts, columns_are_characters_as_wide_as_they_are_shown);
	tcase_add_test(excerpts, what_would_harm_a_terminal_is_shown_as_escapes);
	tcase_add_test(excerpts, lines_end_with_lf_or_crlf);
	tcase_add_test(excerpts, marks_end_with_the_line);
	tcase_add_test(excerpts, long_lines_are_cut_around_the_place);
	tcase_add_test(excerpts, only_well_formed_utf8_is_decoded);
	suite_add_tcase(suite, excerpts);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
