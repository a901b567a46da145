/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_isa.c - which kernels are chosen, and who may choose
 *
 * The oracle for what the CPU can run is /proc/cpuinfo.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/isa.h"

static void setup(void)
{
	unsetenv("GATHERD_ISA");
}

static enum isa selected(void)
{
	struct gather_error error;
	enum isa isa = ISA_COUNT;

	ck_assert_int_eq(isa_select(&isa, &error), GATHER_OK);
	return isa;
}

START_TEST(levels_have_names_of_their_own)
{
#if defined(__x86_64__)
	ck_assert_str_eq(isa_name(ISA_BASE), "x86-64");
#else
	ck_assert_str_eq(isa_name(ISA_BASE), "portable");
#endif
	ck_assert_str_eq(isa_name(ISA_V3), "x86-64-v3");
	ck_assert_str_eq(isa_name(ISA_V4), "x86-64-v4");
}
END_TEST

START_TEST(every_level_includes_those_below)
{
	ck_assert(isa_supported(ISA_BASE));
	ck_assert(!isa_supported(ISA_V4) || isa_supported(ISA_V3));
	ck_assert(!isa_supported(ISA_COUNT));
}
END_TEST

START_TEST(the_best_that_the_cpu_runs_is_chosen)
{
	enum isa isa = selected();

	ck_assert(isa_supported(isa));
	for (enum isa better = isa + 1; better < ISA_COUNT; better++) {
		ck_assert(!isa_supported(better));
	}
	ck_assert_int_eq(setenv("GATHERD_ISA", "", 1), 0);
	ck_assert_int_eq(selected(), isa);
}
END_TEST

START_TEST(gatherd_isa_names_a_level_in_full_or_in_short)
{
	static const struct {
		const char *name;
		enum isa isa;
	} names[] = {
#if defined(__x86_64__)
		{ "x86-64", ISA_BASE },
#else
		{ "portable", ISA_BASE },
#endif
		{ "x86-64-v3", ISA_V3 },
		{ "v3", ISA_V3 },
		{ "x86-64-v4", ISA_V4 },
		{ "v4", ISA_V4 },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct gather_error error = { 0 };
		enum isa isa = ISA_COUNT;

		ck_assert_int_eq(setenv("GATHERD_ISA", names[i].name, 1), 0);
		int ret = isa_select(&isa, &error);
		if (isa_supported(names[i].isa)) {
			ck_assert_int_eq(ret, GATHER_OK);
			ck_assert_int_eq(isa, names[i].isa);
		} else {
			ck_assert_int_eq(ret, GATHER_EISA);
			ck_assert_int_eq(error.code, GATHER_EISA);
			ck_assert_ptr_nonnull(strstr(error.message, isa_name(names[i].isa)));
		}
	}
}
END_TEST

START_TEST(an_unknown_name_is_an_error_that_says_what_there_is)
{
	static const char *const names[] = { "avx2",    "3",         "-v3", "64",
					     "x86-64-", "x86-64-v5", "V3",  "v3 " };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct gather_error error = { 0 };
		enum isa isa = ISA_COUNT;

		ck_assert_int_eq(setenv("GATHERD_ISA", names[i], 1), 0);
		ck_assert_int_eq(isa_select(&isa, &error), GATHER_EISA);
		ck_assert_int_eq(error.code, GATHER_EISA);
		ck_assert_ptr_nonnull(strstr(error.message, names[i]));
		ck_assert_ptr_nonnull(strstr(error.message, isa_name(ISA_BASE)));
		ck_assert_int_eq(isa_select(&isa, NULL), GATHER_EISA);
	}
}
END_TEST

#if defined(__x86_64__)
/* Whether the first CPU in /proc/cpuinfo has all of some flags. */
static bool cpuinfo_has(const char *line, const char *const *flags)
{
	for (; *flags != NULL; flags++) {
		char word[32];

		snprintf(word, sizeof(word), " %s ", *flags);
		if (strstr(line, word) == NULL) {
			return false;
		}
	}
	return true;
}

START_TEST(the_kernel_says_the_same_of_the_cpu)
{
	static const char *const v3[] = { "avx", "avx2",  "bmi1",   "bmi2",   "f16c",  "fma",
					  "abm", "movbe", "popcnt", "sse4_2", "xsave", NULL };
	static const char *const v4[] = { "avx512f",  "avx512bw", "avx512cd",
					  "avx512dq", "avx512vl", NULL };
	static char line[16384];
	bool found = false;
	FILE *file = fopen("/proc/cpuinfo", "r");

	ck_assert_ptr_nonnull(file);
	while (!found && fgets(line, sizeof(line), file) != NULL) {
		found = strncmp(line, "flags", 5) == 0;
	}
	fclose(file);
	ck_assert(found);
	line[strcspn(line, "\n")] = ' ';
	ck_assert_int_eq(isa_supported(ISA_V3), cpuinfo_has(line, v3));
	ck_assert_int_eq(isa_supported(ISA_V4), cpuinfo_has(line, v3) && cpuinfo_has(line, v4));
}
END_TEST
#endif

int main(void)
{
	Suite *suite = suite_create("isa");
	TCase *tcase = tcase_create("isa");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, levels_have_names_of_their_own);
	tcase_add_test(tcase, every_level_includes_those_below);
	tcase_add_test(tcase, the_best_that_the_cpu_runs_is_chosen);
	tcase_add_test(tcase, gatherd_isa_names_a_level_in_full_or_in_short);
	tcase_add_test(tcase, an_unknown_name_is_an_error_that_says_what_there_is);
#if defined(__x86_64__)
	tcase_add_test(tcase, the_kernel_says_the_same_of_the_cpu);
#endif
	suite_add_tcase(suite, tcase);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
