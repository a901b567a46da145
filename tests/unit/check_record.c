/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_record.c - lines of keys and values: order, quoting, nesting, numbers that read back
 */
#include "daemon/record.h"

#include <check.h>
#include <math.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct record *logfmt;
static struct record *json;

static void setup(void)
{
	logfmt = record_create(RECORD_LOGFMT);
	json = record_create(RECORD_JSON);
	ck_assert_ptr_nonnull(logfmt);
	ck_assert_ptr_nonnull(json);
	record_begin(logfmt);
	record_begin(json);
}

static void teardown(void)
{
	record_destroy(&logfmt);
	record_destroy(&json);
	ck_assert_ptr_null(logfmt);
	record_destroy(&logfmt);
}

static void expect(struct record *record, const char *expected)
{
	size_t length;
	const char *line = record_end(record, &length);

	ck_assert_ptr_nonnull(line);
	ck_assert_str_eq(line, expected);
	ck_assert_uint_eq(length, strlen(expected));
	record_begin(record);
}

/* What a value looks like in both formats. */
static void expect_string(const char *value, const char *in_logfmt, const char *in_json)
{
	record_string(logfmt, "k", value);
	expect(logfmt, in_logfmt);
	record_string(json, "k", value);
	expect(json, in_json);
}

START_TEST(keys_keep_the_order_in_which_they_are_put)
{
	static const char *const keys[] = { "zeta", "alpha", "mid", "alpha2" };

	for (unsigned i = 0; i < 4; i++) {
		record_uint(logfmt, keys[i], i);
		record_uint(json, keys[i], i);
	}
	expect(logfmt, "zeta=0 alpha=1 mid=2 alpha2=3");
	expect(json, "{\"zeta\":0,\"alpha\":1,\"mid\":2,\"alpha2\":3}");
}
END_TEST

START_TEST(an_empty_line_is_empty_or_an_empty_object)
{
	expect(logfmt, "");
	expect(json, "{}");
}
END_TEST

START_TEST(begin_forgets_the_line_before)
{
	record_uint(json, "old", 1);
	record_array(json, "half");
	record_begin(json);
	record_uint(json, "new", 2);
	expect(json, "{\"new\":2}");
}
END_TEST

START_TEST(plain_words_are_not_quoted_in_logfmt)
{
	expect_string("pi", "k=pi", "{\"k\":\"pi\"}");
	expect_string("2,3", "k=2,3", "{\"k\":\"2,3\"}");
	expect_string("a/b:c-d_e.f", "k=a/b:c-d_e.f", "{\"k\":\"a/b:c-d_e.f\"}");
	expect_string("gr\xC3\xBC\xC3\x9F"
		      "e",
		      "k=gr\xC3\xBC\xC3\x9F"
		      "e",
		      "{\"k\":\"gr\xC3\xBC\xC3\x9F"
		      "e\"}");
	expect_string("\xF0\x9F\x98\x80", "k=\xF0\x9F\x98\x80", "{\"k\":\"\xF0\x9F\x98\x80\"}");
}
END_TEST

START_TEST(what_would_break_a_word_is_quoted)
{
	expect_string("", "k=\"\"", "{\"k\":\"\"}");
	expect_string("a b", "k=\"a b\"", "{\"k\":\"a b\"}");
	expect_string("a=b", "k=\"a=b\"", "{\"k\":\"a=b\"}");
	expect_string("say \"no\"", "k=\"say \\\"no\\\"\"", "{\"k\":\"say \\\"no\\\"\"}");
	/* a no-break space, an em space */
	expect_string("a\xC2\xA0"
		      "b",
		      "k=\"a\xC2\xA0"
		      "b\"",
		      "{\"k\":\"a\xC2\xA0"
		      "b\"}");
	expect_string("a\xE2\x80\x83"
		      "b",
		      "k=\"a\xE2\x80\x83"
		      "b\"",
		      "{\"k\":\"a\xE2\x80\x83"
		      "b\"}");
}
END_TEST

START_TEST(a_backslash_is_escaped_within_quotes_only)
{
	expect_string("a\\b", "k=a\\b", "{\"k\":\"a\\\\b\"}");
	expect_string("a\\ b", "k=\"a\\\\ b\"", "{\"k\":\"a\\\\ b\"}");
}
END_TEST

START_TEST(control_characters_are_escaped)
{
	expect_string("\b\t\n\f\r", "k=\"\\b\\t\\n\\f\\r\"", "{\"k\":\"\\b\\t\\n\\f\\r\"}");
	expect_string("\x01\x1B[2J\x1F", "k=\"\\u0001\\u001b[2J\\u001f\"",
		      "{\"k\":\"\\u0001\\u001b[2J\\u001f\"}");
	expect_string("\x7F", "k=\"\\u007f\"", "{\"k\":\"\\u007f\"}");
	/* U+009B is a terminal's CSI, U+0085 a new line */
	expect_string("\xC2\x9B"
		      "2J\xC2\x85",
		      "k=\"\\u009b2J\\u0085\"", "{\"k\":\"\\u009b2J\\u0085\"}");
}
END_TEST

START_TEST(what_unicode_calls_a_line_end_is_escaped)
{
	expect_string("a\xE2\x80\xA8"
		      "b\xE2\x80\xA9",
		      "k=\"a\\u2028b\\u2029\"", "{\"k\":\"a\\u2028b\\u2029\"}");
}
END_TEST

#define REPLACED "\xEF\xBF\xBD"

START_TEST(invalid_utf8_becomes_replacement_characters)
{
	static const struct {
		const char *given, *shown;
	} cases[] = {
		{ "a\x80z", "a" REPLACED "z" },                 /* continuation alone */
		{ "a\xFFz", "a" REPLACED "z" },                 /* no such byte */
		{ "\xC0\xAF", REPLACED REPLACED },              /* overlong '/' */
		{ "\xE0\x80\x80", REPLACED REPLACED REPLACED }, /* overlong */
		{ "\xED\xA0\x80", REPLACED REPLACED REPLACED }, /* surrogate */
		{ "\xF0\x8F\xBF\xBF", REPLACED REPLACED REPLACED REPLACED }, /* overlong */
		{ "\xF4\x90\x80\x80", REPLACED REPLACED REPLACED REPLACED }, /* > U+10FFFF */
		{ "\xE2\x82", REPLACED }, /* cut short by the end */
		{ "\xF0\x9F\x98", REPLACED },
		{ "\xE2\x82z", REPLACED "z" }, /* cut short by a letter */
		{ "\xC3\xC3\xA9", REPLACED "\xC3\xA9" },
		{ REPLACED, REPLACED }, /* as it came */
		{ "\xF4\x8F\xBF\xBF\xED\x9F\xBF\xE0\xA0\x80\xF0\x90\x80\x80",
		  "\xF4\x8F\xBF\xBF\xED\x9F\xBF\xE0\xA0\x80\xF0\x90\x80\x80" }, /* bounds */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char in_logfmt[64], in_json[64];

		snprintf(in_logfmt, sizeof(in_logfmt), "k=%s", cases[i].shown);
		snprintf(in_json, sizeof(in_json), "{\"k\":\"%s\"}", cases[i].shown);
		expect_string(cases[i].given, in_logfmt, in_json);
	}
}
END_TEST

START_TEST(keys_cannot_break_a_line)
{
	record_double(logfmt, "histogram(4.7, 5.2, 20)", 1);
	record_uint(logfmt, "a=b\"c\n", 2);
	record_uint(logfmt, "\xFF", 3);
	expect(logfmt, "histogram(4.7,_5.2,_20)=1 a_b_c_=2 " REPLACED "=3");
	record_double(json, "histogram(4.7, 5.2, 20)", 1);
	record_uint(json, "a=b\"c\n", 2);
	expect(json, "{\"histogram(4.7, 5.2, 20)\":1,\"a=b\\\"c\\n\":2}");
}
END_TEST

START_TEST(whole_numbers_are_exact)
{
	record_uint(json, "a", UINT64_MAX);
	record_uint(json, "b", 0);
	expect(json, "{\"a\":18446744073709551615,\"b\":0}");
	record_uint(logfmt, "a", UINT64_MAX);
	expect(logfmt, "a=18446744073709551615");
}
END_TEST

START_TEST(doubles_read_back_to_the_same_bits)
{
	static const double values[] = { 0.1,
					 1.0 / 3,
					 1e23,
					 5e-324,
					 1.7976931348623157e308,
					 -2.2250738585072014e-308,
					 9007199254740993.0,
					 -0.0,
					 42 };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		size_t length;
		double back;

		record_double(json, "k", values[i]);
		back = strtod(record_end(json, &length) + strlen("{\"k\":"), NULL);
		ck_assert_mem_eq(&back, &values[i], sizeof(back));
		record_begin(json);
		record_double(logfmt, "k", values[i]);
		back = strtod(record_end(logfmt, &length) + strlen("k="), NULL);
		ck_assert_mem_eq(&back, &values[i], sizeof(back));
		record_begin(logfmt);
	}
	record_double(json, "k", 0.1);
	record_double(json, "n", 40);
	expect(json, "{\"k\":0.1,\"n\":40}");
	/* A float for readers that know ints apart, as Python's. */
	record_double(json, "k", -0.0);
	expect(json, "{\"k\":-0.0}");
}
END_TEST

START_TEST(what_json_cannot_say_is_a_string)
{
	struct record *both[] = { json, logfmt };

	for (unsigned i = 0; i < 2; i++) {
		record_double(both[i], "a", NAN);
		record_double(both[i], "b", INFINITY);
		record_double(both[i], "c", -INFINITY);
	}
	expect(json, "{\"a\":\"nan\",\"b\":\"inf\",\"c\":\"-inf\"}");
	expect(logfmt, "a=nan b=inf c=-inf");
}
END_TEST

START_TEST(bools_are_words)
{
	record_bool(json, "a", true);
	record_bool(json, "b", false);
	expect(json, "{\"a\":true,\"b\":false}");
	record_bool(logfmt, "a", true);
	record_bool(logfmt, "b", false);
	expect(logfmt, "a=yes b=no");
}
END_TEST

START_TEST(percentages_carry_their_sign_in_logfmt)
{
	record_percent(json, "starved", 3.1);
	expect(json, "{\"starved\":3.1}");
	record_percent(logfmt, "starved", 3.1);
	expect(logfmt, "starved=3.1%");
	record_percent(json, "starved", NAN);
	expect(json, "{\"starved\":\"nan\"}");
}
END_TEST

START_TEST(lists_of_small_numbers_are_arrays_or_commas)
{
	const unsigned widths[] = { 2, 3, 4294967295 };

	record_uints(json, "consumers", widths, 3);
	record_uints(json, "none", widths, 0);
	expect(json, "{\"consumers\":[2,3,4294967295],\"none\":[]}");
	record_uints(logfmt, "consumers", widths, 3);
	record_uints(logfmt, "one", widths, 1);
	expect(logfmt, "consumers=2,3,4294967295 one=2");
}
END_TEST

START_TEST(seconds_are_exact_in_json_and_short_in_logfmt)
{
	static const struct {
		int64_t ns;
		const char *in_json, *in_logfmt;
	} cases[] = {
		{ 0, "{\"t_s\":0}", "t=0s" },
		{ 1, "{\"t_s\":0.000000001}", "t=0.000000001s" },
		{ 41200, "{\"t_s\":0.0000412}", "t=0.000041200s" },
		{ 1800000, "{\"t_s\":0.0018}", "t=0.001800s" },
		{ 214000000, "{\"t_s\":0.214}", "t=0.214000s" },
		{ 999999999, "{\"t_s\":0.999999999}", "t=1.000000s" },
		{ 10000000000, "{\"t_s\":10}", "t=10.000s" },
		{ 10002499999, "{\"t_s\":10.002499999}", "t=10.002s" },
		{ 10002500000, "{\"t_s\":10.0025}", "t=10.003s" },
		{ -1500000000, "{\"t_s\":-1.5}", "t=-1.500s" },
		{ INT64_MAX, "{\"t_s\":9223372036.854775807}", "t=9223372036.855s" },
		{ INT64_MIN, "{\"t_s\":-9223372036.854775808}", "t=-9223372036.855s" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		record_seconds(json, "t", cases[i].ns);
		expect(json, cases[i].in_json);
		record_seconds(logfmt, "t", cases[i].ns);
		expect(logfmt, cases[i].in_logfmt);
	}
}
END_TEST

START_TEST(time_is_iso_8601_with_milliseconds)
{
	struct record *both[] = { logfmt, json };
	static const char *const patterns[] = {
		"^ts=20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\\.[0-9]{3}Z$",
		"^\\{\"ts\":\"20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]"
		"\\.[0-9]{3}Z\"\\}$",
	};

	for (unsigned i = 0; i < 2; i++) {
		size_t length;
		const char *line;
		regex_t pattern;

		record_time(both[i], "ts");
		line = record_end(both[i], &length);
		ck_assert_int_eq(regcomp(&pattern, patterns[i], REG_EXTENDED | REG_NOSUB), 0);
		ck_assert_msg(regexec(&pattern, line, 0, NULL, 0) == 0, "%s", line);
		regfree(&pattern);
	}
}
END_TEST

START_TEST(time_is_the_wall_clock_of_utc)
{
	struct timespec before, after;
	struct tm utc = { 0 };
	const char *line;
	size_t length;
	time_t shown;

	setenv("TZ", "IST-5:30", 1);
	tzset();
	clock_gettime(CLOCK_REALTIME, &before);
	record_time(logfmt, "ts");
	clock_gettime(CLOCK_REALTIME, &after);
	line = record_end(logfmt, &length);
	ck_assert_ptr_nonnull(strptime(line, "ts=%Y-%m-%dT%H:%M:%S", &utc));
	shown = timegm(&utc);
	ck_assert_int_ge(shown, before.tv_sec);
	ck_assert_int_le(shown, after.tv_sec);
}
END_TEST

static void put_nested(struct record *record)
{
	record_uint(record, "a", 1);
	record_open(record, "result");
	record_double(record, "mean", 0.5);
	record_open(record, "inner");
	record_close(record);
	record_double(record, "p99", 2);
	record_close(record);
	record_uint(record, "b", 2);
}

START_TEST(objects_nest_in_json_and_are_flat_in_logfmt)
{
	put_nested(json);
	expect(json, "{\"a\":1,\"result\":{\"mean\":0.5,\"inner\":{},\"p99\":2},\"b\":2}");
	put_nested(logfmt);
	expect(logfmt, "a=1 mean=0.5 p99=2 b=2");
}
END_TEST

START_TEST(logfmt_objects_leave_no_blank)
{
	record_open(logfmt, "empty");
	record_close(logfmt);
	record_uint(logfmt, "a", 1);
	record_open(logfmt, "empty");
	record_close(logfmt);
	expect(logfmt, "a=1");
}
END_TEST

START_TEST(arrays_hold_values_arrays_and_objects)
{
	record_array(json, "list");
	record_array(json, NULL);
	record_double(json, NULL, 1);
	record_double(json, NULL, NAN);
	record_array_end(json);
	record_array(json, NULL);
	record_array_end(json);
	record_open(json, NULL);
	record_bool(json, "x", true);
	record_close(json);
	record_string(json, NULL, "end");
	record_array_end(json);
	record_uint(json, "after", 1);
	expect(json, "{\"list\":[[1,\"nan\"],[],{\"x\":true},\"end\"],\"after\":1}");
}
END_TEST

START_TEST(arrays_are_refused_in_logfmt)
{
	record_array(logfmt, "list");
}
END_TEST

START_TEST(a_key_in_an_array_is_refused)
{
	record_array(json, "list");
	record_uint(json, "key", 1);
}
END_TEST

START_TEST(a_missing_key_is_refused)
{
	record_uint(json, NULL, 1);
}
END_TEST

START_TEST(an_unbalanced_line_is_refused)
{
	size_t length;

	record_open(json, "result");
	record_end(json, &length);
}
END_TEST

START_TEST(long_lines_grow_and_short_ones_follow)
{
	enum { VALUES = 100000 };
	size_t length;
	const char *line;

	record_array(json, "list");
	for (unsigned i = 0; i < VALUES; i++) {
		record_double(json, NULL, 7);
	}
	record_array_end(json);
	line = record_end(json, &length);
	ck_assert_ptr_nonnull(line);
	ck_assert_uint_eq(length, strlen("{\"list\":[]}") + 2 * VALUES - 1);
	ck_assert_uint_eq(strlen(line), length);
	record_begin(json);
	record_uint(json, "a", 1);
	expect(json, "{\"a\":1}");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("record");
	TCase *lines = tcase_create("lines");
	TCase *values = tcase_create("values");
	TCase *nesting = tcase_create("nesting");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(lines, setup, teardown);
	tcase_add_test(lines, keys_keep_the_order_in_which_they_are_put);
	tcase_add_test(lines, an_empty_line_is_empty_or_an_empty_object);
	tcase_add_test(lines, begin_forgets_the_line_before);
	tcase_add_test(lines, keys_cannot_break_a_line);
	tcase_add_test(lines, long_lines_grow_and_short_ones_follow);
	suite_add_tcase(suite, lines);

	tcase_add_checked_fixture(values, setup, teardown);
	tcase_add_test(values, plain_words_are_not_quoted_in_logfmt);
	tcase_add_test(values, what_would_break_a_word_is_quoted);
	tcase_add_test(values, a_backslash_is_escaped_within_quotes_only);
	tcase_add_test(values, control_characters_are_escaped);
	tcase_add_test(values, what_unicode_calls_a_line_end_is_escaped);
	tcase_add_test(values, invalid_utf8_becomes_replacement_characters);
	tcase_add_test(values, whole_numbers_are_exact);
	tcase_add_test(values, doubles_read_back_to_the_same_bits);
	tcase_add_test(values, what_json_cannot_say_is_a_string);
	tcase_add_test(values, bools_are_words);
	tcase_add_test(values, percentages_carry_their_sign_in_logfmt);
	tcase_add_test(values, lists_of_small_numbers_are_arrays_or_commas);
	tcase_add_test(values, seconds_are_exact_in_json_and_short_in_logfmt);
	tcase_add_test(values, time_is_iso_8601_with_milliseconds);
	tcase_add_test(values, time_is_the_wall_clock_of_utc);
	suite_add_tcase(suite, values);

	tcase_add_checked_fixture(nesting, setup, teardown);
	tcase_add_test(nesting, objects_nest_in_json_and_are_flat_in_logfmt);
	tcase_add_test(nesting, logfmt_objects_leave_no_blank);
	tcase_add_test(nesting, arrays_hold_values_arrays_and_objects);
	tcase_add_test_raise_signal(nesting, arrays_are_refused_in_logfmt, SIGABRT);
	tcase_add_test_raise_signal(nesting, a_key_in_an_array_is_refused, SIGABRT);
	tcase_add_test_raise_signal(nesting, a_missing_key_is_refused, SIGABRT);
	tcase_add_test_raise_signal(nesting, an_unbalanced_line_is_refused, SIGABRT);
	suite_add_tcase(suite, nesting);

	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
