/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_units.c - numbers with units: what is read, what is refused, and how they are printed
 */
#include <check.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/units.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

START_TEST(durations_are_read_to_the_nanosecond)
{
	static const struct {
		const char *text;
		int64_t ns;
	} cases[] = {
		{ "0", 0 },
		{ "0s", 0 },
		{ "00.0", 0 },
		{ "1ns", 1 },
		{ "41us", 41000 },
		{ "41\xC2\xB5s", 41000 },
		{ "41\xCE\xBCs", 41000 },
		{ "250ms", 250000000 },
		{ "1s", 1000000000 },
		{ "0.1s", 100000000 },
		{ "1.5s", 1500000000 },
		{ "1.500000001s", 1500000001 },
		{ "1.5000000000000s", 1500000000 },
		{ "5min", INT64_C(300000000000) },
		{ "0.25min", INT64_C(15000000000) },
		{ "2h", INT64_C(7200000000000) },
		{ "1.5d", INT64_C(129600000000000) },
		{ "1_000ms", 1000000000 },
		{ "9223372036854775807ns", INT64_MAX },
		{ "9223372036.854775807s", INT64_MAX },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		int64_t ns = -1;
		const char *wrong = units_duration(cases[i].text, &ns);
		ck_assert_msg(wrong == NULL, "%s %s", cases[i].text, wrong);
		ck_assert_msg(ns == cases[i].ns, "%s is %" PRId64, cases[i].text, ns);
	}
}
END_TEST

START_TEST(durations_that_are_none_are_refused_with_the_reason)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{ "", "is no duration" },
		{ "s", "is no duration" },
		{ ".5s", "is no duration" },
		{ "5.s", "is no duration" },
		{ "+1s", "is no duration" },
		{ " 1s", "is no duration" },
		{ "_1s", "is no duration" },
		{ "ten", "is no duration" },
		{ "-1s", "is negative" },
		{ "-0", "is negative" },
		{ "10", "has no unit" },
		{ "1.5", "has no unit" },
		{ "0.5", "has no unit" },
		{ "10x", "unknown unit" },
		{ "10 s", "unknown unit" },
		{ "10S", "unknown unit" },
		{ "10m", "unknown unit" },
		{ "10sec", "unknown unit" },
		{ "1__0s", "unknown unit" },
		{ "1_s", "unknown unit" },
		{ "1s2ms", "unknown unit" },
		{ "1e3s", "unknown unit" },
		{ "0.5ns", "finer than a nanosecond" },
		{ "1.0000000001s", "finer than a nanosecond" },
		{ "9223372036854775808ns", "too long" },
		{ "9223372036.854775808s", "too long" },
		{ "106752d", "too long" },
		{ "99999999999999999999s", "too long" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		int64_t ns = 7;
		const char *wrong = units_duration(cases[i].text, &ns);
		ck_assert_msg(wrong != NULL, "'%s' is taken", cases[i].text);
		ck_assert_msg(strstr(wrong, cases[i].reason) != NULL, "'%s' %s", cases[i].text,
			      wrong);
		ck_assert_int_eq(ns, 7);
	}
}
END_TEST

START_TEST(counts_are_whole_numbers)
{
	static const struct {
		const char *text;
		uint64_t count;
	} cases[] = {
		{ "0", 0 },
		{ "12", 12 },
		{ "007", 7 },
		{ "10k", 10000 },
		{ "1M", 1000000 },
		{ "2.5G", UINT64_C(2500000000) },
		{ "2.50000G", UINT64_C(2500000000) },
		{ "0.001k", 1 },
		{ "3T", UINT64_C(3000000000000) },
		{ "1_000", 1000 },
		{ "1_0.2_5k", 10250 },
		{ "1.0", 1 },
		{ "18446744073709551615", UINT64_MAX },
		{ "18446744073709551.615k", UINT64_MAX },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		uint64_t count = 7;
		const char *wrong = units_count(cases[i].text, &count);
		ck_assert_msg(wrong == NULL, "%s %s", cases[i].text, wrong);
		ck_assert_msg(count == cases[i].count, "%s is %" PRIu64, cases[i].text, count);
	}
}
END_TEST

START_TEST(counts_that_are_none_are_refused_with_the_reason)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{ "", "is no count" },
		{ "k", "is no count" },
		{ ".5k", "is no count" },
		{ "1.", "is no count" },
		{ "auto", "is no count" },
		{ "0x10", "unknown unit" },
		{ "10K", "unknown unit" },
		{ "10m", "unknown unit" },
		{ "10kk", "unknown unit" },
		{ "4KiB", "unknown unit" },
		{ "1e6", "unknown unit" },
		{ "1 000", "unknown unit" },
		{ "1_", "unknown unit" },
		{ "-1", "is negative" },
		{ "1.5", "not a whole number" },
		{ "0.0001k", "not a whole number" },
		{ "18446744073709551616", "too large" },
		{ "18446744073709551.616k", "too large" },
		{ "20000000T", "too large" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		uint64_t count;
		const char *wrong = units_count(cases[i].text, &count);
		ck_assert_msg(wrong != NULL, "'%s' is taken", cases[i].text);
		ck_assert_msg(strstr(wrong, cases[i].reason) != NULL, "'%s' %s", cases[i].text,
			      wrong);
	}
}
END_TEST

START_TEST(frequencies_are_read_a_second)
{
	static const struct {
		const char *text;
		double per_second;
	} cases[] = {
		{ "1/s", 1 },      { "0.5/s", 0.5 }, { "0.1/s", 0.1 }, { "2.5k/s", 2500 },
		{ "30/min", 0.5 }, { "36/h", 0.01 }, { "1G/s", 1e9 },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		double per_second = -1;
		const char *wrong = units_frequency(cases[i].text, &per_second);
		ck_assert_msg(wrong == NULL, "%s %s", cases[i].text, wrong);
		ck_assert_msg(per_second == cases[i].per_second, "%s is %.17g", cases[i].text,
			      per_second);
	}
}
END_TEST

START_TEST(frequencies_that_are_none_are_refused_with_the_reason)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{ "", "is no frequency" },
		{ "1", "is no frequency" },
		{ "/s", "is no frequency" },
		{ "1/", "is no frequency" },
		{ "1/ms", "is no frequency" },
		{ "1s", "is no frequency" },
		{ "1/s ", "is no frequency" },
		{ "-1/s", "is no frequency" },
		{ "1x/s", "is no frequency" },
		{ "99999999999999999999999999999999999999999/s", "is no frequency" },
		{ "0/s", "is never" },
		{ "1.1G/s", "too often" },
		{ "0.0000000009/s", "too seldom" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		double per_second;
		const char *wrong = units_frequency(cases[i].text, &per_second);
		ck_assert_msg(wrong != NULL, "'%s' is taken", cases[i].text);
		ck_assert_msg(strstr(wrong, cases[i].reason) != NULL, "'%s' %s", cases[i].text,
			      wrong);
	}
}
END_TEST

START_TEST(durations_are_printed_for_people)
{
	static const struct {
		int64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 1, "1ns" },
		{ 999, "999ns" },
		{ 1000, "1us" },
		{ 41000, "41us" },
		{ 41234, "41.2us" },
		{ 1800000, "1.8ms" },
		{ 1234567, "1.23ms" },
		{ 9996000, "10ms" },
		{ 123456789, "123ms" },
		{ 999499999, "999ms" },
		{ 999500000, "1s" },
		{ 1000000000, "1s" },
		{ INT64_C(10002000000), "10.002s" },
		{ INT64_C(59999400000), "59.999s" },
		{ INT64_C(59999600000), "1min" },
		{ INT64_C(60000000000), "1min" },
		{ INT64_C(125000000000), "2min 5s" },
		{ INT64_C(3599499999999), "59min 59s" },
		{ INT64_C(3599500000000), "1h" },
		{ INT64_C(7265000000000), "2h 1min" },
		{ INT64_C(7290000000000), "2h 2min" },
		{ INT64_C(86369000000000), "23h 59min" },
		{ INT64_C(86371000000000), "1d" },
		{ INT64_C(93600000000000), "1d 2h" },
		{ INT64_C(9223370000000000000), "106751d 23h" },
		{ INT64_MAX, "106752d" },
		{ -41000, "-41us" },
		{ INT64_MIN, "-106752d" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		char buffer[UNITS_SIZE];
		ck_assert_ptr_eq(units_format_duration(buffer, cases[i].ns), buffer);
		ck_assert_str_eq(buffer, cases[i].text);
	}
}
END_TEST

START_TEST(short_durations_read_back_to_what_was_printed)
{
	static const int64_t ns[] = { 0, 1, 41000, 1800000, 250000000, INT64_C(10002000000) };

	for (size_t i = 0; i < LENGTH(ns); i++) {
		char buffer[UNITS_SIZE];
		int64_t back = -1;
		ck_assert_ptr_null(units_duration(units_format_duration(buffer, ns[i]), &back));
		ck_assert_int_eq(back, ns[i]);
	}
}
END_TEST

START_TEST(counts_are_printed_for_people)
{
	static const struct {
		double count;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 1, "1" },
		{ 0.25, "0.25" },
		{ 950, "950" },
		{ 999.4, "999" },
		{ 999.6, "1k" },
		{ 1000, "1k" },
		{ 1234, "1.23k" },
		{ 12345, "12.3k" },
		{ 99960, "100k" },
		{ 999600, "1M" },
		{ 812345678, "812M" },
		{ 1.2e9, "1.2G" },
		{ 9.996e9, "10G" },
		{ 5e12, "5T" },
		{ 5e15, "5e+15" },
		{ -1234, "-1.23k" },
		{ INFINITY, "inf" },
		{ -INFINITY, "-inf" },
		{ NAN, "nan" },
		{ DBL_MAX, "1.8e+308" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		char buffer[UNITS_SIZE];
		ck_assert_ptr_eq(units_format_count(buffer, cases[i].count), buffer);
		ck_assert_str_eq(buffer, cases[i].text);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("units");
	TCase *read = tcase_create("read");
	TCase *print = tcase_create("print");

	tcase_add_test(read, durations_are_read_to_the_nanosecond);
	tcase_add_test(read, durations_that_are_none_are_refused_with_the_reason);
	tcase_add_test(read, counts_are_whole_numbers);
	tcase_add_test(read, counts_that_are_none_are_refused_with_the_reason);
	tcase_add_test(read, frequencies_are_read_a_second);
	tcase_add_test(read, frequencies_that_are_none_are_refused_with_the_reason);
	suite_add_tcase(suite, read);
	tcase_add_test(print, durations_are_printed_for_people);
	tcase_add_test(print, short_durations_read_back_to_what_was_printed);
	tcase_add_test(print, counts_are_printed_for_people);
	suite_add_tcase(suite, print);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
