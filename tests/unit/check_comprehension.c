/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_comprehension.c - sources, limits, and what is left when memory runs out
 *
 * The arena is compiled into this file, with a malloc() that fails when it is told to.
 */
#include <check.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned allowed = UINT_MAX; /* chunks until malloc() fails */
static int chunks;                  /* that are not free yet */

static void *counting_malloc(size_t size)
{
	if (allowed == 0) {
		return NULL;
	}
	allowed -= allowed != UINT_MAX;
	chunks++;
	return malloc(size);
}

static void counting_free(void *memory)
{
	chunks--;
	free(memory);
}

#define malloc counting_malloc
#define free counting_free
#include "comprehension/arena.c"
#undef malloc
#undef free

#include "comprehension/compiled.h"

static const char *const distributions[] = { "uniform", "normal", "standard_normal", NULL };
static const struct comprehension_scope first = { .distributions = distributions };
static const struct comprehension_scope second = { .stage = "high", .stage_columns = 1 };
static const struct comprehension_scope pairs = { .stage = "high", .stage_columns = 2 };

static struct gather_error error;

static struct comprehension *create(const char *text, const struct comprehension_scope *scope)
{
	struct comprehension *c;

	ck_assert_msg(comprehension_create(&c, text, scope, &error) == GATHER_OK, "%.80s: %s", text,
		      error.message);
	return c;
}

static void refused(const char *text, const struct comprehension_scope *scope, unsigned line,
		    unsigned column, unsigned length, const char *message, const char *hint)
{
	struct comprehension *c;
	int before = chunks;

	ck_assert_msg(comprehension_create(&c, text, scope, &error) == GATHER_EINPUT,
		      "%.80s was accepted", text);
	ck_assert_ptr_null(c);
	ck_assert_int_eq(chunks, before);
	ck_assert_msg(error.line == line && error.column == column && error.length == length,
		      "'%.80s': at %u:%u+%u: %s", text, error.line, error.column, error.length,
		      error.message);
	ck_assert_str_eq(error.message, message);
	ck_assert_str_eq(error.hint, hint);
}

START_TEST(a_distribution_and_its_arguments)
{
	struct comprehension *c =
		create("[x for x in\n normal(-1, # mean\n  2*pi, True, 2**60)]", &first);
	const struct comprehension_source *source = comprehension_source(c);

	ck_assert_str_eq(source->name, "normal");
	ck_assert(!source->is_stage);
	ck_assert_uint_eq(source->line, 2);
	ck_assert_uint_eq(source->column, 2);
	ck_assert_uint_eq(source->length, 6);
	ck_assert_uint_eq(source->nargs, 4);
	ck_assert_double_eq(source->args[0], -1);
	ck_assert_double_eq(source->args[1], 2 * M_PI);
	ck_assert_double_eq(source->args[2], 1);
	ck_assert_double_eq(source->args[3], 0x1p60);
	ck_assert_uint_eq(source->arg_line[0], 2);
	ck_assert_uint_eq(source->arg_column[0], 9);
	ck_assert_uint_eq(source->arg_length[0], 2);
	ck_assert_uint_eq(source->arg_line[1], 3);
	ck_assert_uint_eq(source->arg_column[1], 3);
	ck_assert_uint_eq(source->arg_length[1], 4);
	ck_assert_uint_eq(comprehension_inputs(c), 1);
	ck_assert_uint_eq(comprehension_outputs(c), 1);
	comprehension_destroy(&c);
	ck_assert_ptr_null(c);

	c = create("[x for x in standard_normal()]", &first);
	ck_assert_uint_eq(comprehension_source(c)->nargs, 0);
	comprehension_destroy(&c);
	c = create("[x for x in uniform(0, 1e999 - 1e999)]", &first);
	ck_assert(isnan(comprehension_source(c)->args[1]));
	comprehension_destroy(&c);
}
END_TEST

START_TEST(the_stage_before)
{
	struct comprehension *c = create("[y for y in high]", &second);

	ck_assert(comprehension_source(c)->is_stage);
	ck_assert_str_eq(comprehension_source(c)->name, "high");
	ck_assert_uint_eq(comprehension_source(c)->column, 13);
	ck_assert_uint_eq(comprehension_source(c)->nargs, 0);
	comprehension_destroy(&c);
	c = create("[x + y for x, y in high]", &pairs);
	ck_assert_uint_eq(comprehension_inputs(c), 2);
	comprehension_destroy(&c);
	refused("[x for x, y in high]", &second, 1, 11, 1,
		"the stage 'high' gives 1 column, but there are 2 targets", "");
	refused("[x for x in high]", &pairs, 1, 8, 1,
		"the stage 'high' gives 2 columns, but there is 1 target", "");
	refused("[x for x, y, z in high]", &pairs, 1, 14, 1,
		"the stage 'high' gives 2 columns, but there are 3 targets", "");
	refused("[x for x in high()]", &second, 1, 13, 6,
		"the stage before is named without arguments", "high");
	refused("[high for x in high]", &second, 1, 2, 4,
		"'high' is the stage before, which stands behind 'in'", "");
}
END_TEST

START_TEST(sources_that_are_none)
{
	refused("[x for x in unifrom(0, 1)]", &first, 1, 13, 7, "unknown distribution 'unifrom'",
		"uniform");
	refused("[x for x in cauchy(0)]", &first, 1, 13, 6,
		"unknown distribution 'cauchy': expected one of uniform, normal, standard_normal",
		"");
	refused("[x for x in uniform]", &first, 1, 13, 7,
		"'uniform' is a distribution: expected its arguments in '(' and ')'",
		"uniform(...)");
	refused("[x for x in 3]", &first, 1, 13, 1, "the source is not a distribution", "");
	refused("[x for x in uniform(0, 1) + 1]", &first, 1, 13, 17,
		"the source is not a distribution", "");
	refused("[x for x in hihg]", &second, 1, 13, 4,
		"only the first stage draws: this one reads the stage before", "high");
	refused("[x for x in uniform(0, 1)]", &second, 1, 13, 7,
		"only the first stage draws: this one reads the stage before", "high");
	refused("[x for x in 3]", &second, 1, 13, 1, "the source is not the stage before", "high");
}
END_TEST

START_TEST(arguments_are_constants)
{
	refused("[x for x in uniform(0, x)]", &first, 1, 24, 1,
		"the source is drawn before 'x' has a value: its arguments are constants", "");
	refused("[x for x in uniform(0, 1/0)]", &first, 1, 24, 3,
		"this argument raises ZeroDivisionError", "");
	refused("[x for x in uniform(0, log(0) + 1/0)]", &first, 1, 24, 12,
		"this argument raises ValueError", "");
	refused("[x for x in uniform(0, round(1e999))]", &first, 1, 24, 12,
		"this argument raises OverflowError", "");
	refused("[x for x in uniform(0, (-1)**0.5)]", &first, 1, 24, 9,
		"this argument is a complex number", "");
	refused("[x for x in uniform(0, (2**60 + 1)/3)]", &first, 1, 24, 11,
		"this integer is beyond 2**53, where ints are not exact", "1.152921504606847e+18");
	refused("[x for x in uniform(0, q)]", &first, 1, 24, 1,
		"unknown name 'q': expected one of e, pi", "");
	refused("[x for x in uniform(0, normal(0, 1))]", &first, 1, 24, 6,
		"draws inside expressions are not available: 'normal' is a distribution, which "
		"stands behind 'in'",
		"");
	/* targets hide nothing in a source */
	struct comprehension *c = create("[e for e in uniform(e, pi)]", &first);
	ck_assert_double_eq(comprehension_source(c)->args[0], M_E);
	comprehension_destroy(&c);
}
END_TEST

START_TEST(constants_of_the_source_are_not_the_rows)
{
	struct comprehension *c = create("[x + 7 for x in uniform(3, 4)]", &first);

	ck_assert_uint_eq(comprehension_program(c)->nconstants, 1);
	ck_assert_double_eq(comprehension_program(c)->constants[0], 7);
	comprehension_destroy(&c);
}
END_TEST

START_TEST(texts_are_bounded)
{
	static char text[COMPREHENSION_TEXT_MAX + 2];
	const char *short_text = "[x for x in uniform(0, 1)]";

	memset(text, ' ', sizeof(text) - 1);
	memcpy(text, short_text, strlen(short_text));
	refused(text, &first, 1, 1, 1, "the comprehension is too long: over 65536 bytes", "");
	text[COMPREHENSION_TEXT_MAX] = '\0';
	struct comprehension *c = create(text, &first);
	comprehension_destroy(&c);
}
END_TEST

/* Texts of one thing over and over, which must neither crash nor take long. */
START_TEST(no_text_takes_forever)
{
	static const char *const things[] = {
		"[",
		"(",
		"{",
		")",
		"]",
		"-",
		"not ",
		"x ",
		"x,",
		"x if ",
		"x if x else ",
		"1**",
		"x<",
		"x and ",
		"f(",
		"\n",
		"#",
		"1",
		"_",
		"9e",
		".",
		"0x",
		"\xc3\xa9",
		"\xff",
		"'",
		"for ",
		"[x for x in ",
		"x=",
		"*",
		"**",
		"lambda ",
		"(x for",
		"x.",
		"[x for (",
		"[x for x, ",
		"~",
		"\\\n",
	};
	static char text[COMPREHENSION_TEXT_MAX + 1];
	struct comprehension *c;

	for (size_t i = 0; i < sizeof(things) / sizeof(*things); i++) {
		for (unsigned opened = 0; opened < 2; opened++) {
			size_t length = strlen(things[i]), used = opened;

			text[0] = '[';
			while (used + length <= COMPREHENSION_TEXT_MAX) {
				memcpy(text + used, things[i], length);
				used += length;
			}
			text[used] = '\0';
			ck_assert_int_eq(comprehension_create(&c, text, &first, &error),
					 GATHER_EINPUT);
			ck_assert_uint_gt(error.column, 0);
			ck_assert_uint_gt(error.length, 0);
		}
	}
}
END_TEST

START_TEST(without_memory_nothing_is_left)
{
	static char text[16384];
	struct comprehension *c = NULL;
	char *to = text + sprintf(text, "[x");
	unsigned failures = 0;
	int ret;

	for (unsigned i = 0; i < 1000; i++) {
		to += sprintf(to, " + %u.5*x", i);
	}
	strcpy(to, " for x in normal(0, 1) if x > 0 if 1/x > 0]");
	do {
		allowed = failures++;
		chunks = 0;
		ret = comprehension_create(&c, text, &first, &error);
		if (ret != GATHER_OK) {
			ck_assert_int_eq(ret, GATHER_ENOMEM);
			ck_assert_int_eq(error.code, GATHER_ENOMEM);
			ck_assert_ptr_null(c);
			ck_assert_int_eq(chunks, 0);
		}
	} while (ret != GATHER_OK);
	ck_assert_uint_gt(failures, 10);
	ck_assert_int_gt(chunks, 0);
	comprehension_destroy(&c);
	ck_assert_int_eq(chunks, 0);
	allowed = UINT_MAX;
}
END_TEST

START_TEST(an_error_is_not_needed)
{
	struct comprehension *c;

	ck_assert_int_eq(comprehension_create(&c, "[x for", &first, NULL), GATHER_EINPUT);
	ck_assert_int_eq(comprehension_create(&c, "[y for x in uniform(0, 1)]", &first, NULL),
			 GATHER_EINPUT);
	c = NULL;
	comprehension_destroy(&c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("comprehension");
	TCase *tcase = tcase_create("comprehension");

	tcase_add_test(tcase, a_distribution_and_its_arguments);
	tcase_add_test(tcase, the_stage_before);
	tcase_add_test(tcase, sources_that_are_none);
	tcase_add_test(tcase, arguments_are_constants);
	tcase_add_test(tcase, constants_of_the_source_are_not_the_rows);
	tcase_add_test(tcase, texts_are_bounded);
	tcase_add_test(tcase, no_text_takes_forever);
	tcase_add_test(tcase, without_memory_nothing_is_left);
	tcase_add_test(tcase, an_error_is_not_needed);
	suite_add_tcase(suite, tcase);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
