/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_suggest.c - which names are near enough to be suggested, and which is the nearest
 */
#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"

static const char *of(const char *word, const char *const *candidates)
{
	return suggest(word, strlen(word), candidates);
}

/* Whether the only candidate is suggested for a word. */
static bool near(const char *word, const char *candidate)
{
	const char *const candidates[] = { candidate, NULL };
	const char *found = of(word, candidates);

	ck_assert(found == NULL || found == candidate);
	return found != NULL;
}

START_TEST(each_kind_of_edit_counts_one)
{
	/* Words of four bytes may be one edit away, and not two. */
	ck_assert(near("widh", "width"));
	ck_assert(near("meann", "mean"));
	ck_assert(near("maan", "mean"));
	ck_assert(near("mena", "mean"));
	ck_assert(!near("men", "median"));
	ck_assert(!near("mnae", "mean"));
	ck_assert(!near("eman", "mena"));
}
END_TEST

START_TEST(the_reach_grows_with_the_word)
{
	static const struct {
		const char *word, *candidate;
		bool near;
	} cases[] = {
		{ "x", "y", false },
		{ "X", "x", true },
		{ "x", "xy", false },
		{ "ab", "ax", true },
		{ "ab", "xy", false },
		{ "abcd", "abcx", true },
		{ "abcd", "abxy", false },
		{ "abcde", "abcxy", true },
		{ "abcde", "abxyz", false },
		{ "abcdefgh", "abcdefxy", true },
		{ "abcdefgh", "abcdexyz", false },
		{ "abcdefghi", "abcdefxyz", true },
		{ "abcdefghi", "abcdewxyz", false },
		{ "abcdefghijklmnopqrst", "abcdefghijklmnopqxyz", true },
		{ "abcdefghijklmnopqrst", "abcdefghijklmnopwxyz", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ck_assert_msg(near(cases[i].word, cases[i].candidate) == cases[i].near, "%s for %s",
			      cases[i].candidate, cases[i].word);
	}
}
END_TEST

START_TEST(case_is_ignored_in_ascii_alone)
{
	ck_assert(near("UNIFORM", "uniform"));
	ck_assert(near("uNIFROM", "Uniform"));
	/* '@' and '`', '[' and '{' differ by the same bit as 'A' and 'a'. */
	ck_assert(!near("@@@@@", "`````"));
	ck_assert(!near("[[[[[", "{{{{{"));
}
END_TEST

START_TEST(the_nearest_wins_and_the_first_of_equals)
{
	static const char *const names[] = { "consumers", "producers", "product", "produce", NULL };

	ck_assert_str_eq(of("prodcuers", names), "producers");
	ck_assert_str_eq(of("produc", names), "product");
	ck_assert_str_eq(of("produce", names), "produce");
	ck_assert_ptr_null(of("schedule", names));
}
END_TEST

START_TEST(only_the_given_length_is_read)
{
	static const char *const names[] = { "mean", NULL };

	ck_assert_str_eq(suggest("meam(x) for", 4, names), "mean");
	ck_assert_ptr_null(suggest("mean", 0, names));
	ck_assert_ptr_null(suggest("mean", 1, names));
}
END_TEST

START_TEST(words_over_63_bytes_match_nothing)
{
	char word[66] = { 0 };

	memset(word, 'a', 63);
	ck_assert(near(word, word));
	const char *const same[] = { word, NULL };
	ck_assert_ptr_eq(suggest(word, 62, same), word);
	word[63] = 'a';
	ck_assert(!near(word, word));
	/* The word is short enough, the candidate is not. */
	ck_assert_ptr_null(suggest(word, 63, same));
}
END_TEST

START_TEST(no_candidates_no_suggestion)
{
	static const char *const none[] = { NULL };

	ck_assert_ptr_null(of("mean", none));
	ck_assert(!near("mean", ""));
	ck_assert(!near("", ""));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("suggest");
	TCase *tcase = tcase_create("suggest");

	tcase_add_test(tcase, each_kind_of_edit_counts_one);
	tcase_add_test(tcase, the_reach_grows_with_the_word);
	tcase_add_test(tcase, case_is_ignored_in_ascii_alone);
	tcase_add_test(tcase, the_nearest_wins_and_the_first_of_equals);
	tcase_add_test(tcase, only_the_given_length_is_read);
	tcase_add_test(tcase, words_over_63_bytes_match_nothing);
	tcase_add_test(tcase, no_candidates_no_suggestion);
	suite_add_tcase(suite, tcase);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
