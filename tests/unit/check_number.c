/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_number.c - numbers as text: short, exact, and the same in every locale
 */
#include <check.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "random.h"

static uint64_t bits(double value)
{
	uint64_t word;

	memcpy(&word, &value, sizeof(word));
	return word;
}

static void expect(double value, const char *text)
{
	char buffer[NUMBER_SIZE];

	ck_assert_ptr_eq(number_format(buffer, value), buffer);
	ck_assert_str_eq(buffer, text);
}

START_TEST(as_few_digits_as_will_do)
{
	expect(0, "0");
	expect(1, "1");
	expect(-2.5, "-2.5");
	expect(0.1, "0.1");
	expect(0.3, "0.3");
	expect(0.1 + 0.2, "0.30000000000000004");
	expect(1.0 / 3, "0.3333333333333333");
	expect(2.0 / 3, "0.6666666666666666");
	expect(M_PI, "3.141592653589793");
	expect(1e15, "1e+15");
	expect(123456789012345, "123456789012345");
	expect(9007199254740992, "9007199254740992");
	expect(1e300, "1e+300");
	expect(1e-7, "1e-07");
}
END_TEST

START_TEST(the_ends_of_the_range)
{
	expect(DBL_MAX, "1.7976931348623157e+308");
	expect(-DBL_MAX, "-1.7976931348623157e+308");
	expect(DBL_MIN, "2.2250738585072014e-308");
	expect(0x1p-1074, "4.94065645841247e-324");
	expect(-0.0, "-0");
}
END_TEST

START_TEST(what_is_no_number_has_one_spelling)
{
	expect(NAN, "nan");
	expect(copysign(NAN, -1), "nan");
	expect(INFINITY, "inf");
	expect(-INFINITY, "-inf");
}
END_TEST

START_TEST(any_double_reads_back_to_the_same_bits)
{
	uint64_t state = random_seed("number");

	for (int i = 0; i < 200000; i++) {
		char buffer[NUMBER_SIZE];
		uint64_t word = random_next(&state);
		double value;

		memcpy(&value, &word, sizeof(value));
		if (!isfinite(value)) {
			continue;
		}
		number_format(buffer, value);
		ck_assert_msg(bits(strtod(buffer, NULL)) == word, "%a became %s", value, buffer);
	}
}
END_TEST

START_TEST(no_shorter_text_would_do)
{
	uint64_t state = random_seed("number");

	for (int i = 0; i < 50000; i++) {
		char buffer[NUMBER_SIZE], shorter[NUMBER_SIZE];
		double value = (double)(random_next(&state) >> 11) * 0x1p-53;
		int digits = 17;

		while (digits > 15) {
			snprintf(shorter, sizeof(shorter), "%.*g", digits - 1, value);
			if (strtod(shorter, NULL) != value) {
				break;
			}
			digits--;
		}
		snprintf(shorter, sizeof(shorter), "%.*g", digits, value);
		ck_assert_str_eq(number_format(buffer, value), shorter);
	}
}
END_TEST

START_TEST(a_locale_with_a_decimal_comma_changes_nothing)
{
	static const char *const locales[] = { "de_DE.UTF-8", "de_DE",       "fr_FR.UTF-8",
					       "ps_AF",       "pt_BR.UTF-8", "ru_RU.UTF-8" };

	for (size_t i = 0; i < sizeof(locales) / sizeof(*locales); i++) {
		if (setlocale(LC_NUMERIC, locales[i]) != NULL) {
			printf("with locale %s\n", locales[i]);
			expect(-2.5, "-2.5");
			expect(1e300, "1e+300");
			expect(1.5e-300, "1.5e-300");
			expect(0.1 + 0.2, "0.30000000000000004");
		}
	}
	ck_assert_ptr_nonnull(setlocale(LC_NUMERIC, "C"));
	expect(-2.5, "-2.5");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("number");
	TCase *tcase = tcase_create("number");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, as_few_digits_as_will_do);
	tcase_add_test(tcase, the_ends_of_the_range);
	tcase_add_test(tcase, what_is_no_number_has_one_spelling);
	tcase_add_test(tcase, any_double_reads_back_to_the_same_bits);
	tcase_add_test(tcase, no_shorter_text_would_do);
	tcase_add_test(tcase, a_locale_with_a_decimal_comma_changes_nothing);
	suite_add_tcase(suite, tcase);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
