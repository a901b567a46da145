/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_checker.c - the program that becomes of a comprehension
 */
#include <check.h>
#include <stdlib.h>

#include "comprehension/code.h"
#include "comprehension/compiled.h"
#include "listing.h"

static const char *const distributions[] = { "uniform", "normal", NULL };
static const struct comprehension_scope scope = { .distributions = distributions };

static struct gather_error error;

/* The program of "[what in uniform(0, 1) conditions]"; what is "element for targets". */
static void gives(const char *what, const char *conditions, const char *expected)
{
	struct comprehension *c;
	char text[512], result[4096];

	snprintf(text, sizeof(text), "[%s in uniform(0, 1)%s]", what, conditions);
	ck_assert_msg(comprehension_create(&c, text, &scope, &error) == GATHER_OK, "%s: %s", text,
		      error.message);
	listing(comprehension_program(c), result);
	ck_assert_msg(strcmp(result, expected) == 0, "%s gives\n%s", text, result);
	comprehension_destroy(&c);
}

static void element(const char *expression, const char *expected)
{
	char what[256];

	snprintf(what, sizeof(what), "%s for x, y", expression);
	gives(what, "", expected);
}

static bool can_fault(const char *expression)
{
	struct comprehension *c;
	char text[512];

	snprintf(text, sizeof(text), "[%s for x, y in uniform(0, 1)]", expression);
	ck_assert_int_eq(comprehension_create(&c, text, &scope, &error), GATHER_OK);
	bool result = comprehension_program(c)->can_fault;
	comprehension_destroy(&c);
	return result;
}

static void refused(const char *text, unsigned line, unsigned column, unsigned length,
		    const char *message, const char *hint)
{
	struct comprehension *c;

	ck_assert_msg(comprehension_create(&c, text, &scope, &error) == GATHER_EINPUT,
		      "%.80s was accepted", text);
	ck_assert_ptr_null(c);
	ck_assert_int_eq(error.code, GATHER_EINPUT);
	ck_assert_msg(error.line == line && error.column == column && error.length == length,
		      "'%.80s': at %u:%u+%u: %s", text, error.line, error.column, error.length,
		      error.message);
	ck_assert_str_eq(error.message, message);
	ck_assert_str_eq(error.hint, hint);
}

START_TEST(columns_are_read_where_they_are)
{
	element("x", "OUTPUT c0\n");
	element("y", "OUTPUT c1\n");
	element("x + y", "r0 = ADD c0 c1\nOUTPUT r0\n");
	element("3", "OUTPUT 3\n");
	gives("_ for _, _", "", "OUTPUT c1\n");
}
END_TEST

START_TEST(registers_are_used_again)
{
	element("x*x + y*y", "r0 = MUL c0 c0\n"
			     "r1 = MUL c1 c1\n"
			     "r0 = ADD r0 r1\n"
			     "OUTPUT r0\n");
	element("((x+1) * (y+2)) - ((x+3) * (y+4))", "r0 = ADD c0 1\n"
						     "r1 = ADD c1 2\n"
						     "r0 = MUL r0 r1\n"
						     "r1 = ADD c0 3\n"
						     "r2 = ADD c1 4\n"
						     "r1 = MUL r1 r2\n"
						     "r0 = SUB r0 r1\n"
						     "OUTPUT r0\n");
}
END_TEST

START_TEST(a_chain_of_any_length_needs_few_registers)
{
	struct comprehension *c;
	char text[8192] = "[x", *to = text + 2;

	for (unsigned i = 0; i < 1000; i++) {
		to += sprintf(to, " + x*y");
	}
	strcpy(to, " for x, y in uniform(0, 1)]");
	ck_assert_int_eq(comprehension_create(&c, text, &scope, &error), GATHER_OK);
	ck_assert_uint_eq(comprehension_program(c)->registers, 2);
	ck_assert_uint_eq(comprehension_program(c)->ninstructions, 2001);
	comprehension_destroy(&c);
}
END_TEST

START_TEST(conditions_filter_one_after_another)
{
	gives("x for x", " if x > 1",
	      "r0 = GT c0 1\n"
	      "FILTER r0 : c0>r0\n"
	      "OUTPUT r0\n");
	/* columns are kept only as long as they are needed */
	gives("z for x, y, z", " if x > 1 if y < 2 if z",
	      "r0 = GT c0 1\n"
	      "FILTER r0 : c1>r0 c2>r1\n"
	      "r0 = LT r0 2\n"
	      "FILTER r0 : r1>r1\n"
	      "r0 = TRUTH r1\n"
	      "FILTER r0 : r1>r1\n"
	      "OUTPUT r1\n");
	gives("1 for x", " if x",
	      "r0 = TRUTH c0\n"
	      "FILTER r0\n"
	      "OUTPUT 1\n");
}
END_TEST

START_TEST(constant_conditions)
{
	gives("x for x", " if True if 1 < 2 if not 0 if 2 or x", "OUTPUT c0\n");
	gives("x for x", " if x if False if x > 1",
	      "r0 = TRUTH c0\n"
	      "FILTER r0 : c0>r0\n"
	      "FILTER F : r0>r0\n"
	      "r1 = GT r0 1\n"
	      "FILTER r1 : r0>r0\n"
	      "OUTPUT r0\n");
	/* where no row is left nothing faults */
	gives("1/x for x", " if 0",
	      "FILTER F : c0>r0\n"
	      "r0 = DIV 1 r0 ? F\n"
	      "OUTPUT r0\n");
}
END_TEST

START_TEST(faults_are_taken_out_before_the_output)
{
	element("1/x", "r0 = DIV 1 c0\n"
		       "FILTER_FAULTS : r0>r0\n"
		       "OUTPUT r0\n");
	/* a filter takes them out, too */
	gives("x for x", " if 1/x > 2",
	      "r0 = DIV 1 c0\n"
	      "r0 = GT r0 2\n"
	      "FILTER r0 : c0>r0\n"
	      "OUTPUT r0\n");
	/* faults without a result that is used */
	gives("y for x, y", " if 1/x or True",
	      "r0 = DIV 1 c0\n"
	      "FILTER_FAULTS : c1>r0\n"
	      "OUTPUT r0\n");
	/* what is never read is not computed, unless it can fault */
	gives("y for x, y", " if x*x or True", "OUTPUT c1\n");
}
END_TEST

START_TEST(faults_count_only_where_python_evaluates)
{
	element("x and 1/x", "r0 = TRUTH c0\n"
			     "r1 = DIV 1 c0 ? r0\n"
			     "r0 = SELECT r0 r1 c0\n"
			     "FILTER_FAULTS : r0>r0\n"
			     "OUTPUT r0\n");
	element("x or 1/y", "r0 = TRUTH c0\n"
			    "r1 = NOT r0\n"
			    "r1 = DIV 1 c1 ? r1\n"
			    "r0 = SELECT r0 c0 r1\n"
			    "FILTER_FAULTS : r0>r0\n"
			    "OUTPUT r0\n");
	element("1/x if y else log(x)", "r0 = TRUTH c1\n"
					"r1 = DIV 1 c0 ? r0\n"
					"r2 = NOT r0\n"
					"r2 = LOG c0 ? r2\n"
					"r0 = SELECT r0 r1 r2\n"
					"FILTER_FAULTS : r0>r0\n"
					"OUTPUT r0\n");
	/* nested: where both hold */
	element("x > 0 and y > 0 and log(x)", "r0 = GT c0 0\n"
					      "r1 = GT c1 0\n"
					      "r1 = AND r0 r1\n"
					      "r0 = AND r0 r1\n"
					      "r0 = LOG c0 ? r0\n"
					      "r2 = NUMBER r1\n"
					      "r0 = SELECT r1 r0 r2\n"
					      "FILTER_FAULTS : r0>r0\n"
					      "OUTPUT r0\n");
	element("1/x if y else (1/y if x else 0)", "r0 = TRUTH c1\n"
						   "r1 = DIV 1 c0 ? r0\n"
						   "r2 = NOT r0\n"
						   "r3 = TRUTH c0\n"
						   "r2 = AND r2 r3\n"
						   "r2 = DIV 1 c1 ? r2\n"
						   "r2 = SELECT r3 r2 0\n"
						   "r0 = SELECT r0 r1 r2\n"
						   "FILTER_FAULTS : r0>r0\n"
						   "OUTPUT r0\n");
	/* the third operand of a chain only where the first two compare */
	element("0 < x < 1/y", "r0 = LT 0 c0\n"
			       "r1 = DIV 1 c1 ? r0\n"
			       "r1 = LT c0 r1\n"
			       "r0 = AND r0 r1\n"
			       "r0 = NUMBER r0\n"
			       "FILTER_FAULTS : r0>r0\n"
			       "OUTPUT r0\n");
	/* what is constantly not evaluated cannot fault */
	element("x if True else 1/0", "OUTPUT c0\n");
	ck_assert(!can_fault("x and (1 or 1/0)"));
}
END_TEST

START_TEST(a_middle_operand_is_evaluated_once)
{
	element("0 < x*y < 1", "r0 = MUL c0 c1\n"
			       "r1 = LT 0 r0\n"
			       "r0 = LT r0 1\n"
			       "r0 = AND r1 r0\n"
			       "r0 = NUMBER r0\n"
			       "OUTPUT r0\n");
}
END_TEST

START_TEST(constants_are_folded_as_python_folds_them)
{
	element("2 + 3 * 4", "OUTPUT 14\n");
	element("-2**2", "OUTPUT -4\n");
	element("2**-1", "OUTPUT 0.5\n");
	element("7 // -2", "OUTPUT -4\n");
	element("-7 % 3", "OUTPUT 2\n");
	element("7 / 2", "OUTPUT 3.5\n");
	element("0 / -5", "OUTPUT -0\n");
	element("0 * -5", "OUTPUT 0\n");
	element("0.0 * -5", "OUTPUT -0\n");
	element("True + True", "OUTPUT 2\n");
	element("2**100 // 2**98", "OUTPUT 4\n");
	element("-2**100 // (2**98 - 1)", "OUTPUT -5\n");
	element("2**100 % -7", "OUTPUT -5\n");
	element("2**64 - 2**64 + 1", "OUTPUT 1\n");
	element("2**100 / 2**99", "OUTPUT 2\n");
	element("(-1)**2**100", "OUTPUT 1\n");
	element("2**60 > 1e18", "OUTPUT 1\n");
	element("9007199254740993 == 9007199254740992.0", "OUTPUT 0\n");
	element("9007199254740993 > 9007199254740992.0", "OUTPUT 1\n");
	element("-9007199254740993 < -9007199254740992.0", "OUTPUT 1\n");
	element("1 < 2 < 3 < 2", "OUTPUT 0\n");
	element("not 0.0", "OUTPUT 1\n");
	element("0 or 3", "OUTPUT 3\n");
	element("2 and 3", "OUTPUT 3\n");
	element("1 if 0 else 2", "OUTPUT 2\n");
	element("min(3, 1, 2) + max(1, 2.5)", "OUTPUT 3.5\n");
	element("abs(-3) + abs(True)", "OUTPUT 4\n");
	element("round(2.5) + round(-0.5)", "OUTPUT 2\n");
	element("round(1e18) % 1000 + sqrt(4)", "OUTPUT 2\n");
	element("log(1) + exp(0) + sin(0) + cos(0)", "OUTPUT 2\n");
	element("pi - 3.141592653589793", "OUTPUT 0\n");
	element("x * 2**60", "r0 = MUL c0 1.152921504606847e+18\nOUTPUT r0\n");
	element("x and 2**60 > 3", "r0 = TRUTH c0\n"
				   "r0 = SELECT r0 1 c0\n"
				   "OUTPUT r0\n");
}
END_TEST

START_TEST(what_would_raise_is_left_to_the_rows)
{
	element("1 / 0", "r0 = DIV 1 0\nFILTER_FAULTS : r0>r0\nOUTPUT r0\n");
	element("1 // 0", "r0 = INT_FLOORDIV 1 0\nFILTER_FAULTS : r0>r0\nOUTPUT r0\n");
	element("0 ** -1", "r0 = POW 0 -1\nFILTER_FAULTS : r0>r0\nOUTPUT r0\n");
	element("(-1) ** 0.5", "r0 = POW -1 0.5\nFILTER_FAULTS : r0>r0\nOUTPUT r0\n");
	element("log(0)", "r0 = LOG 0\nFILTER_FAULTS : r0>r0\nOUTPUT r0\n");
	element("exp(710)", "r0 = EXP 710\nFILTER_FAULTS : r0>r0\nOUTPUT r0\n");
	element("round(1e999)", "r0 = ROUND inf\nFILTER_FAULTS : r0>r0\nOUTPUT r0\n");
	element("1/0 if x else 2", "r0 = TRUTH c0\n"
				   "r1 = DIV 1 0 ? r0\n"
				   "r0 = SELECT r0 r1 2\n"
				   "FILTER_FAULTS : r0>r0\n"
				   "OUTPUT r0\n");
}
END_TEST

START_TEST(ints_are_not_floats)
{
	element("round(x) + round(y)", "r0 = ROUND c0\n"
				       "r1 = ROUND c1\n"
				       "r0 = INT_ADD r0 r1\n"
				       "FILTER_FAULTS : r0>r0\n"
				       "OUTPUT r0\n");
	element("round(x) + 1.0", "r0 = ROUND c0\n"
				  "r0 = ADD r0 1\n"
				  "FILTER_FAULTS : r0>r0\n"
				  "OUTPUT r0\n");
	element("-round(x)", "r0 = ROUND c0\n"
			     "r0 = INT_NEG r0\n"
			     "FILTER_FAULTS : r0>r0\n"
			     "OUTPUT r0\n");
	element("-x", "r0 = NEG c0\nOUTPUT r0\n");
	element("round(x) / 3", "r0 = ROUND c0\n"
				"r0 = DIV r0 3 ? F\n"
				"FILTER_FAULTS : r0>r0\n"
				"OUTPUT r0\n");
	element("round(round(x))", "r0 = ROUND c0\n"
				   "FILTER_FAULTS : r0>r0\n"
				   "OUTPUT r0\n");
	element("-(x > 1)", "r0 = GT c0 1\n"
			    "r0 = NUMBER r0\n"
			    "r0 = INT_NEG r0\n"
			    "OUTPUT r0\n");
	element("round(x) ** 3", "r0 = ROUND c0\n"
				 "r0 = INT_POW r0 3\n"
				 "FILTER_FAULTS : r0>r0\n"
				 "OUTPUT r0\n");
	element("round(x) ** -3", "r0 = ROUND c0\n"
				  "r0 = POW r0 -3\n"
				  "FILTER_FAULTS : r0>r0\n"
				  "OUTPUT r0\n");
}
END_TEST

START_TEST(rows_of_either_type)
{
	/* both are computed, and each faults only where it applies */
	element("(x or 3) // (y or 2)", "r0 = TRUTH c0\n"
					"r1 = SELECT r0 c0 3\n"
					"r0 = NOT r0\n"
					"r2 = TRUTH c1\n"
					"r3 = SELECT r2 c1 2\n"
					"r2 = NOT r2\n"
					"r0 = AND r0 r2\n"
					"r2 = INT_FLOORDIV r1 r3 ? F\n"
					"r4 = NOT r0\n"
					"r1 = FLOORDIV r1 r3 ? r4\n"
					"r0 = SELECT r0 r2 r1\n"
					"FILTER_FAULTS : r0>r0\n"
					"OUTPUT r0\n");
	element("2 ** round(y)", "r0 = ROUND c1\n"
				 "r1 = GE r0 0\n"
				 "r2 = INT_POW 2 r0 ? r1\n"
				 "r3 = NOT r1\n"
				 "r0 = POW 2 r0 ? r3\n"
				 "r0 = SELECT r1 r2 r0\n"
				 "FILTER_FAULTS : r0>r0\n"
				 "OUTPUT r0\n");
	element("-(x or 0)", "r0 = TRUTH c0\n"
			     "r1 = SELECT r0 c0 0\n"
			     "r0 = NOT r0\n"
			     "r2 = INT_NEG r1\n"
			     "r1 = NEG r1\n"
			     "r0 = SELECT r0 r2 r1\n"
			     "OUTPUT r0\n");
	/* with a float all is float */
	element("(x or 3) * 1.5", "r0 = TRUTH c0\n"
				  "r0 = SELECT r0 c0 3\n"
				  "r0 = MUL r0 1.5\n"
				  "OUTPUT r0\n");
	/* where the type makes no difference it costs nothing */
	element("x or 3", "r0 = TRUTH c0\n"
			  "r0 = SELECT r0 c0 3\n"
			  "OUTPUT r0\n");
	element("(x or 3) + 2", "r0 = TRUTH c0\n"
				"r0 = SELECT r0 c0 3\n"
				"r0 = ADD r0 2\n"
				"OUTPUT r0\n");
	element("max(0, x)", "r0 = MAX 0 c0\nOUTPUT r0\n");
}
END_TEST

START_TEST(masks_stay_masks)
{
	element("4 * (x*x + y*y < 1)", "r0 = MUL c0 c0\n"
				       "r1 = MUL c1 c1\n"
				       "r0 = ADD r0 r1\n"
				       "r0 = LT r0 1\n"
				       "r0 = SELECT r0 4 0\n"
				       "OUTPUT r0\n");
	element("(x > 1) * -1.5", "r0 = GT c0 1\n"
				  "r0 = SELECT r0 -1.5 -0\n"
				  "OUTPUT r0\n");
	element("(x > 1) * (y > 1)", "r0 = GT c0 1\n"
				     "r1 = GT c1 1\n"
				     "r0 = AND r0 r1\n"
				     "r0 = NUMBER r0\n"
				     "OUTPUT r0\n");
	element("x > 1 or y > 1", "r0 = GT c0 1\n"
				  "r1 = GT c1 1\n"
				  "r0 = OR r0 r1\n"
				  "r0 = NUMBER r0\n"
				  "OUTPUT r0\n");
	element("x > 1 if y else True", "r0 = TRUTH c1\n"
					"r1 = GT c0 1\n"
					"r0 = NOT r0\n"
					"r0 = OR r0 r1\n"
					"r0 = NUMBER r0\n"
					"OUTPUT r0\n");
	/* of what is only asked whether it is true no value is computed */
	gives("1 for x, y", " if x and (y or x > 3)",
	      "r0 = TRUTH c0\n"
	      "r1 = TRUTH c1\n"
	      "r2 = GT c0 3\n"
	      "r1 = OR r1 r2\n"
	      "r0 = AND r0 r1\n"
	      "FILTER r0\n"
	      "OUTPUT 1\n");
}
END_TEST

START_TEST(small_ints_cannot_fault)
{
	ck_assert(!can_fault("(x > 1) + (y > 1) * 7 - 2"));
	ck_assert(!can_fault("((x > 1) + 1) ** 20"));
	ck_assert(!can_fault("(x > 1) / ((y > 1) + 1)"));
	ck_assert(!can_fault("(x > 1) // -3 % 7"));
	ck_assert(!can_fault("sqrt(x > 1) + sin(y > 1) + exp((x > 1) - 2)"));
	ck_assert(!can_fault("log((x > 1) + 1)"));
	ck_assert(!can_fault("x / 3 + x // 3 + x % -0.5"));
	ck_assert(!can_fault("9007199254740990 + (x > 1)"));
	ck_assert(can_fault("9007199254740991 + (x > 1)"));
	ck_assert(can_fault("9007199254740991 * ((x > 1) + 1)"));
	ck_assert(can_fault("((x > 1) + 1) ** 53"));
	ck_assert(can_fault("1 / (x > 1)"));
	ck_assert(can_fault("1 // ((x > 1) - 1)"));
	ck_assert(can_fault("log(x > 1)"));
	ck_assert(can_fault("sqrt((x > 1) - 1)"));
	ck_assert(can_fault("exp((x > 1) * 710)"));
	ck_assert(can_fault("x / 0"));
	ck_assert(can_fault("x % y"));
	ck_assert(can_fault("round(x) + 1"));
	ck_assert(can_fault("x ** 2"));
	/* bounds on either side */
	ck_assert(can_fault("log(1 - (x > 1))"));
	ck_assert(!can_fault("log(2 - (x > 1))"));
	ck_assert(can_fault("log(-(x > 1) + 1)"));
	ck_assert(!can_fault("log(-(x > 1) + 2)"));
	ck_assert(can_fault("log((x > 1) // -1 + 1)"));
	ck_assert(!can_fault("log((x > 1) // 2 + 1)"));
	ck_assert(can_fault("log((x > 1) % -3 + 2)"));
	ck_assert(!can_fault("log((x > 1) % -3 + 3)"));
	ck_assert(can_fault("log(((x > 1) - 3) ** 3 + 27)"));
	ck_assert(!can_fault("log(((x > 1) - 3) ** 3 + 28)"));
	ck_assert(can_fault("log(((x > 1) - 1) * 3 + 3)"));
	ck_assert(!can_fault("log(((x > 1) - 1) * 3 + 4)"));
	ck_assert(!can_fault("sqrt(abs((x > 1) - 3) - 2)"));
	ck_assert(can_fault("sqrt(abs((x > 1) - 3) - 3)"));
	ck_assert(can_fault("log(min(x > 1, 2))"));
	ck_assert(!can_fault("log(max(x > 1, 2))"));
	/* only as a float would it be -0.0 */
	element("(x > 1) - 1", "r0 = GT c0 1\n"
			       "r0 = NUMBER r0\n"
			       "r0 = SUB r0 1\n"
			       "OUTPUT r0\n");
	element("((x > 1) - 1) * ((y > 1) + 0)", "r0 = GT c0 1\n"
						 "r0 = NUMBER r0\n"
						 "r0 = SUB r0 1\n"
						 "r1 = GT c1 1\n"
						 "r1 = NUMBER r1\n"
						 "r1 = ADD r1 0\n"
						 "r0 = INT_MUL r0 r1 ? F\n"
						 "OUTPUT r0\n");
}
END_TEST

START_TEST(division_by_a_power_of_two_is_a_product)
{
	element("x / 4", "r0 = MUL c0 0.25\nOUTPUT r0\n");
	element("x / -0.5", "r0 = MUL c0 -2\nOUTPUT r0\n");
	element("x / 8.98846567431158e+307", "r0 = MUL c0 1.1125369292536007e-308\nOUTPUT r0\n");
	element("x / 5e-324", "r0 = DIV c0 4.9406564584124654e-324 ? F\nOUTPUT r0\n");
	element("x / 3", "r0 = DIV c0 3 ? F\nOUTPUT r0\n");
	element("x / 1e999", "r0 = DIV c0 inf ? F\nOUTPUT r0\n");
}
END_TEST

START_TEST(ints_between_doubles_compare_exactly)
{
	element("x < 9007199254740993", "r0 = LE c0 9007199254740992\n"
					"r0 = NUMBER r0\n"
					"OUTPUT r0\n");
	element("x >= 9007199254740993", "r0 = GT c0 9007199254740992\n"
					 "r0 = NUMBER r0\n"
					 "OUTPUT r0\n");
	element("9007199254740993 < x", "r0 = GT c0 9007199254740992\n"
					"r0 = NUMBER r0\n"
					"OUTPUT r0\n");
	element("-9007199254740993 < x", "r0 = GT c0 -9007199254740994\n"
					 "r0 = NUMBER r0\n"
					 "OUTPUT r0\n");
	element("x == 9007199254740993", "OUTPUT 0\n");
	element("x != 9007199254740993", "OUTPUT 1\n");
	element("x < 2**60", "r0 = LT c0 1.152921504606847e+18\n"
			     "r0 = NUMBER r0\n"
			     "OUTPUT r0\n");
}
END_TEST

START_TEST(ints_that_are_too_large_are_refused)
{
	const char *beyond = "this integer is beyond 2**53, where ints are not exact";

	refused("[2**60 for x in uniform(0, 1)]", 1, 2, 5, beyond, "1.152921504606847e+18");
	refused("[x or 9007199254740993 for x in uniform(0, 1)]", 1, 7, 16, beyond,
		"9007199254740992.0");
	refused("[2**60 if x else 1 for x in uniform(0, 1)]", 1, 2, 5, beyond,
		"1.152921504606847e+18");
	refused("[round(x) * -2**60 for x in uniform(0, 1)]", 1, 13, 6, beyond,
		"-1.152921504606847e+18");
	refused("[round(x) / (2**60 + 1) for x in uniform(0, 1)]", 1, 13, 11, beyond,
		"1.152921504606847e+18");
	refused("[min(x, 2**60) for x in uniform(0, 1)]", 1, 9, 5, beyond, "1.152921504606847e+18");
	refused("[2**127 * x for x in uniform(0, 1)]", 1, 2, 6,
		"the integer constant is too large: over 127 bits", "");
	refused("[-(2**126 + (2**126 - 1)) - 2 for x in uniform(0, 1)]", 1, 2, 28,
		"the integer constant is too large: over 127 bits", "");
	refused("[round(1e39) for x in uniform(0, 1)]", 1, 2, 11,
		"the integer constant is too large: over 127 bits", "");
	element("round(x) / 2**60", "r0 = ROUND c0\n"
				    "r0 = MUL r0 8.6736173798840355e-19\n"
				    "FILTER_FAULTS : r0>r0\n"
				    "OUTPUT r0\n");
}
END_TEST

START_TEST(names)
{
	element("e + pi", "OUTPUT 5.8598744820488378\n");
	gives("e for e", "", "OUTPUT c0\n");
	gives("uniform for uniform", "", "OUTPUT c0\n");
	refused("[y for x in uniform(0, 1)]", 1, 2, 1, "unknown name 'y': expected one of x, e, pi",
		"");
	refused("[x + (alhpa) for alpha, x in uniform(0, 1)]", 1, 7, 5, "unknown name 'alhpa'",
		"alpha");
	refused("[1 for x in uniform(0, 1) if\nX]", 2, 1, 1, "unknown name 'X'", "x");
	refused("[sqr(x) for x in uniform(0, 1)]", 1, 2, 3, "unknown function 'sqr'", "sqrt");
	refused("[floor(x) for x in uniform(0, 1)]", 1, 2, 5,
		"unknown function 'floor': expected one of abs, cos, exp, log, max, min, round, "
		"sin, sqrt",
		"");
	refused("[sqrt + x for x in uniform(0, 1)]", 1, 2, 4, "'sqrt' is a function, not a value",
		"sqrt(...)");
	refused("[pi(x) for x in uniform(0, 1)]", 1, 2, 2, "'pi' is a constant, not a function",
		"");
	refused("[abs(x) for x, abs in uniform(0, 1)]", 1, 2, 3,
		"'abs' is a number, not a function", "");
	refused("[normal(0, 1) + x for x in uniform(0, 1)]", 1, 2, 6,
		"draws inside expressions are not available: 'normal' is a distribution, which "
		"stands behind 'in'",
		"");
	refused("[normal + x for x in uniform(0, 1)]", 1, 2, 6,
		"draws inside expressions are not available: 'normal' is a distribution, which "
		"stands behind 'in'",
		"");
	/* also where it is not evaluated */
	refused("[x if True else y for x in uniform(0, 1)]", 1, 17, 1,
		"unknown name 'y': expected one of x, e, pi", "");
}
END_TEST

START_TEST(arguments)
{
	refused("[sqrt() for x in uniform(0, 1)]", 1, 2, 6, "sqrt() takes 1 argument, not 0", "");
	refused("[1 + sqrt(x, 2) for x in uniform(0, 1)]", 1, 6, 10,
		"sqrt() takes 1 argument, not 2", "");
	refused("[min(x) for x in uniform(0, 1)]", 1, 2, 6,
		"min() takes 2 or more arguments, not 1", "");
	refused("[round(x, 2) for x in uniform(0, 1)]", 1, 11, 1,
		"the number of digits of round() is not available", "");
	refused("[round(x, 2, 3) for x in uniform(0, 1)]", 1, 2, 14,
		"round() takes 1 argument, not 3", "");
	refused("[log(x, 10) for x in uniform(0, 1)]", 1, 9, 2,
		"the base of log() is not available", "");
	element("max(x, 1, y, 2.5)", "r0 = MAX c0 1\n"
				     "r0 = MAX r0 c1\n"
				     "r0 = MAX r0 2.5\n"
				     "OUTPUT r0\n");
}
END_TEST

START_TEST(targets)
{
	struct comprehension *c;
	char text[256] = "[t0 for t0", *to = text + strlen(text);

	refused("[x for x, y, x in uniform(0, 1)]", 1, 14, 1, "'x' is a target already", "");
	refused("[x for x, x, x in uniform(0, 1)]", 1, 11, 1, "'x' is a target already", "");
	for (unsigned i = 1; i < BATCH_COLUMNS; i++) {
		to += sprintf(to, ", t%u", i);
	}
	strcpy(to, " in uniform(0, 1)]");
	ck_assert_int_eq(comprehension_create(&c, text, &scope, &error), GATHER_OK);
	ck_assert_uint_eq(comprehension_inputs(c), BATCH_COLUMNS);
	ck_assert_uint_eq(comprehension_outputs(c), 1);
	comprehension_destroy(&c);
	strcpy(to, ", more in uniform(0, 1)]");
	refused(text, 1, (unsigned)(to - text) + 3, 4,
		"too many targets: a row has at most 16 columns", "");
}
END_TEST

START_TEST(too_much_of_anything)
{
	static char text[60000];
	char *to = text;

	to += sprintf(to, "[x");
	for (unsigned i = 0; i < CODE_INSTRUCTIONS_MAX; i++) {
		to += sprintf(to, "+x");
	}
	strcpy(to, " for x in uniform(0, 1)]");
	refused(text, 1, 8194, 1, "the comprehension is too long: over 4096 instructions", "");
	to = text + sprintf(text, "[x");
	for (unsigned i = 0; i < PROGRAM_CONSTANTS + 1; i++) {
		to += sprintf(to, "+%u", 1000 + i);
	}
	strcpy(to, " for x in uniform(0, 1)]");
	refused(text, 1, 5124, 4, "the comprehension is too long: over 1024 different constants",
		"");
	to = text + sprintf(text, "[");
	for (unsigned i = 0; i < 90; i++) {
		to += sprintf(to, "(x or 3) %% (x or 3) - (x or 3) * (");
	}
	to += sprintf(to, "(x or 3)");
	for (unsigned i = 0; i < 90; i++) {
		to += sprintf(to, ")");
	}
	strcpy(to, " for x in uniform(0, 1)]");
	struct comprehension *c;
	ck_assert_int_eq(comprehension_create(&c, text, &scope, &error), GATHER_EINPUT);
	ck_assert_str_eq(error.message,
			 "the comprehension is too complex: over 256 values at a time");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("checker");
	TCase *tcase = tcase_create("checker");

	tcase_add_test(tcase, columns_are_read_where_they_are);
	tcase_add_test(tcase, registers_are_used_again);
	tcase_add_test(tcase, a_chain_of_any_length_needs_few_registers);
	tcase_add_test(tcase, conditions_filter_one_after_another);
	tcase_add_test(tcase, constant_conditions);
	tcase_add_test(tcase, faults_are_taken_out_before_the_output);
	tcase_add_test(tcase, faults_count_only_where_python_evaluates);
	tcase_add_test(tcase, a_middle_operand_is_evaluated_once);
	tcase_add_test(tcase, constants_are_folded_as_python_folds_them);
	tcase_add_test(tcase, what_would_raise_is_left_to_the_rows);
	tcase_add_test(tcase, ints_are_not_floats);
	tcase_add_test(tcase, rows_of_either_type);
	tcase_add_test(tcase, masks_stay_masks);
	tcase_add_test(tcase, small_ints_cannot_fault);
	tcase_add_test(tcase, division_by_a_power_of_two_is_a_product);
	tcase_add_test(tcase, ints_between_doubles_compare_exactly);
	tcase_add_test(tcase, ints_that_are_too_large_are_refused);
	tcase_add_test(tcase, names);
	tcase_add_test(tcase, arguments);
	tcase_add_test(tcase, targets);
	tcase_add_test(tcase, too_much_of_anything);
	suite_add_tcase(suite, tcase);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
