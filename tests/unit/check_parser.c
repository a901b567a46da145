/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_parser.c - precedence, places, and a word of its own for all that is not there
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "comprehension/parser.h"

static struct arena arena;
static struct gather_error error;

static void setup(void)
{
	arena_init(&arena);
}

static void teardown(void)
{
	arena_fini(&arena);
}

static struct syntax *parse(const char *text)
{
	struct diagnosis diagnosis = { .text = text, .error = &error };

	memset(&error, 0, sizeof(error));
	struct syntax *syntax = parser_parse(&arena, &diagnosis);
	ck_assert_int_eq(syntax == NULL, diagnosis.code != GATHER_OK);
	return syntax;
}

static const char *sign(enum token_kind kind)
{
	static const char *const signs[] = {
		[TOKEN_PLUS] = "+",   [TOKEN_MINUS] = "-",  [TOKEN_STAR] = "*",
		[TOKEN_SLASH] = "/",  [TOKEN_FLOOR] = "//", [TOKEN_PERCENT] = "%",
		[TOKEN_POWER] = "**", [TOKEN_LT] = "<",     [TOKEN_LE] = "<=",
		[TOKEN_EQ] = "==",    [TOKEN_NE] = "!=",    [TOKEN_GT] = ">",
		[TOKEN_GE] = ">=",    [TOKEN_NOT] = "not ",
	};

	ck_assert(kind < sizeof(signs) / sizeof(*signs) && signs[kind] != NULL);
	return signs[kind];
}

static void put(char **to, const char *text)
{
	size_t length = strlen(text);

	memcpy(*to, text, length + 1);
	*to += length;
}

/* Every operation in brackets of its own. */
static void render(const struct node *node, char **to)
{
	char text[64];

	switch (node->kind) {
	case NODE_CONSTANT:
		snprintf(text, sizeof(text), "%g", constant_double(&node->constant));
		put(to, text);
		return;
	case NODE_NAME:
	case NODE_CALL:
		snprintf(text, sizeof(text), "%.*s", node->word.length, node->word.text);
		put(to, text);
		if (node->kind == NODE_NAME) {
			return;
		}
		break;
	default:
		break;
	}
	put(to, "(");
	if (node->kind == NODE_UNARY) {
		put(to, sign(node->operator));
	}
	unsigned n = 0;
	for (const struct node *child = node->child; child != NULL; child = child->next) {
		if (n++ > 0) {
			put(to, node->kind == NODE_AND           ? " and "
				: node->kind == NODE_OR          ? " or "
				: node->kind == NODE_CONDITIONAL ? " ? "
				: node->kind == NODE_CALL        ? ", "
								 : sign(child->before));
		}
		render(child, to);
	}
	ck_assert_uint_eq(n, node->nchildren);
	put(to, ")");
}

/* How an element is read. */
static void reads(const char *element, const char *expected)
{
	char text[256], result[512], *to = result;

	snprintf(text, sizeof(text), "[%s for x in s]", element);
	struct syntax *syntax = parse(text);
	ck_assert_msg(syntax != NULL, "%s: %s", element, error.message);
	render(syntax->element, &to);
	ck_assert_str_eq(result, expected);
	/* of the whole, with the brackets around it */
	ck_assert_uint_eq(syntax->element->span.begin, 1);
	ck_assert_uint_eq(syntax->element->span.end, 1 + strlen(element));
}

static void refused(const char *text, unsigned line, unsigned column, unsigned length,
		    const char *message, const char *hint)
{
	ck_assert_msg(parse(text) == NULL, "'%s' was accepted", text);
	ck_assert_int_eq(error.code, GATHER_EINPUT);
	ck_assert_msg(error.line == line && error.column == column && error.length == length,
		      "'%s': at %u:%u+%u: %s", text, error.line, error.column, error.length,
		      error.message);
	ck_assert_str_eq(error.message, message);
	ck_assert_str_eq(error.hint, hint);
}

START_TEST(powers_bind_tighter_than_signs_on_their_left)
{
	reads("-x**2", "(-(x**2))");
	reads("2**-1", "(2**(-1))");
	reads("2**3**4", "(2**(3**4))");
	reads("-2**-x**2", "(-(2**(-(x**2))))");
	reads("(-x)**2", "((-x)**2)");
	reads("+-+x", "(+(-(+x)))");
	reads("abs(x)**2", "(abs(x)**2)");
}
END_TEST

START_TEST(operators_of_one_level_stand_in_one_node)
{
	reads("x - y + z", "(x-y+z)");
	reads("x * y / z // x % y", "(x*y/z//x%y)");
	reads("x - (y - z)", "(x-(y-z))");
	reads("x - y * z + x", "(x-(y*z)+x)");
	reads("-x * y", "((-x)*y)");
	reads("x * -y", "(x*(-y))");
}
END_TEST

START_TEST(comparisons_chain)
{
	reads("0 < x <= 1", "(0<x<=1)");
	reads("x == y != z > 1 >= 0", "(x==y!=z>1>=0)");
	reads("(x < y) < z", "((x<y)<z)");
	reads("x + 1 < y * 2", "((x+1)<(y*2))");
}
END_TEST

START_TEST(logic_binds_loosest)
{
	reads("not x == y", "(not (x==y))");
	reads("not not x", "(not (not x))");
	reads("not x and y or z", "(((not x) and y) or z)");
	reads("x or y and z or x", "(x or (y and z) or x)");
	reads("x and (y or z)", "(x and (y or z))");
	reads("x < 1 and y", "((x<1) and y)");
}
END_TEST

START_TEST(conditional_expressions)
{
	/* the test first, as it is evaluated */
	reads("x if y else z", "(y ? x ? z)");
	reads("x or 1 if y or 2 else z or 3", "((y or 2) ? (x or 1) ? (z or 3))");
	reads("1 if x else 2 if y else 3", "(x ? 1 ? (y ? 2 ? 3))");
	reads("(1 if x else 2) if y else 3", "(y ? (x ? 1 ? 2) ? 3)");
	reads("min(x if y else z, 1)", "min((y ? x ? z), 1)");
	reads("1if x else 2", "(x ? 1 ? 2)");
}
END_TEST

START_TEST(calls)
{
	reads("f()", "f()");
	reads("f(x)", "f(x)");
	reads("f(x, y,)", "f(x, y)");
	reads("f(g(x), (y))", "f(g(x), y)");
	reads("((x))", "x");
	reads("True + False", "(1+0)");
}
END_TEST

START_TEST(clauses)
{
	struct syntax *syntax = parse("\n[x async for (x, yy,) in f(1)# c\n if x if not yy]\n#\n");

	ck_assert_ptr_nonnull(syntax);
	ck_assert_uint_eq(syntax->ntargets, 2);
	ck_assert_int_eq(syntax->targets->name.length, 1);
	ck_assert_int_eq(syntax->targets->next->name.length, 2);
	ck_assert_ptr_null(syntax->targets->next->next);
	ck_assert_int_eq(syntax->source->kind, NODE_CALL);
	ck_assert_int_eq(syntax->conditions->kind, NODE_NAME);
	ck_assert_int_eq(syntax->conditions->next->kind, NODE_UNARY);
	ck_assert_ptr_null(syntax->conditions->next->next);
	ck_assert_ptr_null(parse("[x for x in s if]"));
	ck_assert_ptr_nonnull(parse("[x for x in s]"));
	ck_assert_ptr_nonnull(parse("[x for (x), y in s]"));
	ck_assert_ptr_nonnull(parse("[x for ((x, y)) in s]"));
	ck_assert_ptr_nonnull(parse("[x for [x, y] in (f(1))]"));
}
END_TEST

START_TEST(numbers_have_python_values)
{
	static const struct {
		const char *text;
		double value;
	} cases[] = {
		{ "0x_1F", 31 },
		{ "0b101", 5 },
		{ "0o17", 15 },
		{ "1_000", 1000 },
		{ "00", 0 },
		{ "1.5", 1.5 },
		{ ".5", 0.5 },
		{ "5.", 5 },
		{ "1_0.2_5e1_0", 10.25e10 },
		{ "1e-320", 1e-320 },
		{ "007.5", 7.5 },
		{ "0.1", 0.1 },
		{ "1e400", HUGE_VAL },
		{ "0e999999999999", 0 },
		{ "1e-999999999999", 0 },
		{ "0.0000001e7", 1 },
		{ "9007199254740993", 9007199254740992. },
		{ "123456789.123456789", 123456789.123456789 },
		{ "2.2250738585072011e-308", 2.2250738585072011e-308 },
		{ "170141183460469231731687303715884105727", 0x1p127 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[128];

		snprintf(text, sizeof(text), "[%s for x in s]", cases[i].text);
		struct syntax *syntax = parse(text);
		ck_assert_ptr_nonnull(syntax);
		ck_assert_int_eq(syntax->element->kind, NODE_CONSTANT);
		double value = constant_double(&syntax->element->constant);
		ck_assert_msg(value == cases[i].value, "%s became %a", cases[i].text, value);
	}
	refused("[x + 170141183460469231731687303715884105728 for x in s]", 1, 6, 39,
		"the integer constant is too large: over 127 bits", "");
	refused("[0x80000000000000000000000000000000 for x in s]", 1, 2, 34,
		"the integer constant is too large: over 127 bits", "");
}
END_TEST

START_TEST(texts_that_do_not_begin_as_a_comprehension)
{
	refused("", 1, 1, 1, "expected a comprehension, found nothing",
		"[x for x in uniform(0, 1)]");
	refused(" \n # c\n", 3, 1, 1, "expected a comprehension, found nothing",
		"[x for x in uniform(0, 1)]");
	refused("x for x in s", 1, 1, 1, "a comprehension stands in '[' and ']'", "[x for x in s]");
	refused("  x for x in s]\n", 1, 3, 1, "a comprehension stands in '[' and ']'",
		"[x for x in s]");
	refused("x\nfor x in s", 1, 1, 1, "a comprehension stands in '[' and ']'", "[");
	refused("(x for x in s)", 1, 1, 1,
		"generator expressions are not available: a comprehension stands in '[' and ']'",
		"[");
	refused("{x for x in s}", 1, 1, 1,
		"dict and set comprehensions are not available: a comprehension stands in '[' and "
		"']'",
		"[");
	refused("[]", 1, 2, 1, "expected an element, found ']'", "");
	refused("[for x in s]", 1, 2, 3, "expected an element, found 'for'", "");
	refused("[x]", 1, 3, 1, "a list is no comprehension: expected 'for' before ']'", "");
	refused("[x for x in s]]", 1, 15, 1,
		"expected the end of the text after the comprehension, found ']'", "");
	refused("[x for x in s] + 1", 1, 16, 1,
		"expected the end of the text after the comprehension, found '+'", "");
}
END_TEST

START_TEST(brackets_that_do_not_match)
{
	refused("[x for x in s", 1, 1, 1, "'[' is never closed", "");
	refused("[\nx for x in f(1, (2)", 2, 13, 1, "'(' is never closed", "");
	refused("[x for x in f(1]", 1, 16, 1, "']' does not close the '(' of line 1, column 14",
		")");
	refused("[(x] for x in s]", 1, 4, 1, "']' does not close the '(' of line 1, column 2", ")");
	refused("[x) for x in s]", 1, 3, 1, "')' does not close the '[' of line 1, column 1", "]");
	refused("[x} for x in s]", 1, 3, 1, "'}' does not close the '[' of line 1, column 1", "]");
	refused("[(x for x in s]", 1, 5, 3, "expected ')': generator expressions are not available",
		"");
	refused("[f(x for x in s]", 1, 6, 3,
		"expected ')': generator expressions are not available", "");
	refused("[x for (x, y in s]", 1, 14, 2, "expected an operator or ')', found 'in'", "");
}
END_TEST

START_TEST(what_python_has_and_the_language_has_not)
{
	static const struct {
		const char *text;
		unsigned column, length;
		const char *message, *hint;
	} cases[] = {
		{ "[x for x in s for y in t]", 15, 3,
		  "nested for is not available: a comprehension has one for clause", "" },
		{ "[x for x in s async for y in t]", 15, 5,
		  "nested for is not available: a comprehension has one for clause", "" },
		{ "[lambda: x for x in s]", 2, 6, "lambda is not available", "" },
		{ "['x' for x in s]", 2, 1, "strings are not available: a value is a number", "" },
		{ "[f'' for x in s]", 2, 2, "f-strings are not available: a value is a number",
		  "" },
		{ "[x.real for x in s]", 3, 1, "attributes are not available", "" },
		{ "[math.sqrt(x) for x in s]", 6, 1, "attributes are not available", "sqrt" },
		{ "[np.linalg.pi for x in s]", 4, 1, "attributes are not available", "pi" },
		{ "[x[0] for x in s]", 3, 1, "subscripts are not available", "" },
		{ "[{x: 1} for x in s]", 2, 1,
		  "dicts and sets are not available: a value is a number", "" },
		{ "[[x] for x in s]", 2, 1, "lists are not available: a value is a number", "" },
		{ "[(y for y in x) for x in s]", 5, 3,
		  "expected ')': generator expressions are not available", "" },
		{ "[await x for x in s]", 2, 5, "await is not available", "" },
		{ "[x for x in await s]", 13, 5, "await is not available", "" },
		{ "[(y := x) for x in s]", 5, 2, "':=' is not available", "" },
		{ "[y := x for x in s]", 4, 2, "':=' is not available", "" },
		{ "[(yield x) for x in s]", 3, 5, "yield is not available", "" },
		{ "[*x for x in s]", 2, 1, "starred expressions are not available", "" },
		{ "[f(*x) for x in s]", 4, 1, "starred expressions are not available", "" },
		{ "[f(**x) for x in s]", 4, 2, "starred expressions are not available", "" },
		{ "[x, y for x, y in s]", 3, 1,
		  "tuples as element are not available: an element is one value", "" },
		{ "[(x, y) for x, y in s]", 4, 1, "tuples are not available: a value is a number",
		  "" },
		{ "[() for x in s]", 3, 1, "tuples are not available: expected a value", "" },
		{ "[x | 1 for x in s]", 4, 1, "bit operators are not available", "or" },
		{ "[x & 1 for x in s]", 4, 1, "bit operators are not available", "and" },
		{ "[x ^ 2 for x in s]", 4, 1, "bit operators are not available", "**" },
		{ "[x << 2 for x in s]", 4, 2, "bit operators are not available", "" },
		{ "[~x for x in s]", 2, 1, "bit operators are not available", "" },
		{ "[x @ y for x in s]", 4, 1, "matrix products are not available", "" },
		{ "[x in y for x in s]", 4, 2, "'in' does not compare here: it is not available",
		  "" },
		{ "[x not in y for x in s]", 4, 3, "'not in' is not available", "" },
		{ "[x is y for x in s]", 4, 2, "'is' is not available", "==" },
		{ "[x is not y for x in s]", 4, 2, "'is' is not available", "==" },
		{ "[1j for x in s]", 2, 2, "imaginary numbers are not available: values are real",
		  "" },
		{ "[None for x in s]", 2, 4, "None is not available: a value is a number", "" },
		{ "[... for x in s]", 2, 3, "'...' is not available: a value is a number", "" },
		{ "[f(y=x) for x in s]", 5, 1, "keyword arguments are not available", "" },
		{ "[x for x in s, t]", 14, 1,
		  "a comprehension has one source: zip is not available", "" },
		{ "[x for *x in s]", 8, 1, "starred targets are not available", "" },
		{ "[x for x, (y, z) in s]", 11, 6,
		  "nested targets are not available: each target is a column", "" },
		{ "[x for (x, y), z in s]", 8, 6,
		  "nested targets are not available: each target is a column", "" },
		{ "[x for [(x, y)] in s]", 9, 6,
		  "nested targets are not available: each target is a column", "" },
		{ "[x for x.y in s]", 9, 1, "a target is a plain name", "" },
		{ "[x for x[0] in s]", 9, 1, "a target is a plain name", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		refused(cases[i].text, 1, cases[i].column, cases[i].length, cases[i].message,
			cases[i].hint);
	}
}
END_TEST

START_TEST(what_other_languages_have)
{
	refused("[x = 3 for x in s]", 1, 4, 1, "'=' does not compare", "==");
	refused("[x <> 3 for x in s]", 1, 4, 2, "'<>' is no operator", "!=");
	refused("[x && y for x in s]", 1, 4, 2, "'&&' is no operator", "and");
	refused("[x || y for x in s]", 1, 4, 2, "'||' is no operator", "or");
	refused("[!x for x in s]", 1, 2, 1, "'!' is no operator", "not");
	refused("[x ? 1 : 2 for x in s]", 1, 4, 1, "'?' is no operator", "a if c else b");
	refused("[x++ for x in s]", 1, 6, 3, "expected a value, found 'for'", "");
	refused("[2(x) for x in s]", 1, 3, 1, "a value cannot be called: an operator is missing",
		"*");
	refused("[x; for x in s]", 1, 3, 1, "expected an operator or 'for', found ';'", "");
}
END_TEST

START_TEST(something_else_was_expected)
{
	refused("[x y for x in s]", 1, 4, 1, "expected an operator or 'for', found 'y'", "");
	refused("[x fro x in s]", 1, 4, 3, "expected an operator or 'for', found 'fro'", "for");
	refused("[x for x on s]", 1, 10, 2, "expected 'in', found 'on'", "in");
	refused("[x for x of s]", 1, 10, 2, "expected 'in', found 'of'", "");
	refused("[x for x in s fi x]", 1, 15, 2, "expected an operator, 'if' or ']', found 'fi'",
		"if");
	refused("[x if y for x in s]", 1, 9, 3, "expected an operator or 'else', found 'for'", "");
	refused("[x if y esle 2 for x in s]", 1, 9, 4,
		"expected an operator or 'else', found 'esle'", "else");
	refused("[x for x in s if x if y else z]", 1, 25, 4,
		"a conditional expression in a condition needs parentheses", "");
	refused("[x for x in s else 2]", 1, 15, 4, "'else' without 'if'", "");
	refused("[x for x in]", 1, 12, 1, "expected a value, found ']'", "");
	refused("[x for in s]", 1, 8, 2, "expected the name of a target, found 'in'", "");
	refused("[x for x, 1 in s]", 1, 11, 1, "a number cannot be a target", "");
	refused("[x for None in s]", 1, 8, 4, "None cannot be a target", "");
	refused("[x for () in s]", 1, 9, 1, "expected the name of a target, found ')'", "");
	refused("[x for x, in s]", 1, 8, 2,
		"this target unpacks a row, but a row of one column is its value", "");
	refused("[x for [x] in s]", 1, 9, 1,
		"this target unpacks a row, but a row of one column is its value", "");
	refused("[while for x in s]", 1, 2, 5, "'while' is a keyword of Python, not a value", "");
	refused("[f(x y) for x in s]", 1, 6, 1, "expected an operator, ',' or ')', found 'y'", "");
	refused("[f(,) for x in s]", 1, 4, 1, "expected a value, found ','", "");
	refused("[x *\n* for x in s]", 2, 1, 1, "starred expressions are not available", "");
	refused("[\xc3\xa9 for x in s]", 1, 2, 1,
		"unexpected character '\xc3\xa9' (U+00E9): names and operators are ASCII", "");
	refused("[x for x in s] # \xc3\xa9\n'", 2, 1, 1,
		"strings are not available: a value is a number", "");
}
END_TEST

/* "[" and n times what nests, around or before an x. */
static const char *nest(unsigned n, const char *before, const char *after)
{
	static char text[400000];
	char *to = text;

	put(&to, "[");
	for (unsigned i = 0; i < n; i++) {
		put(&to, before);
	}
	put(&to, "x");
	for (unsigned i = 0; i < n; i++) {
		put(&to, after);
	}
	put(&to, " for x in s]");
	return text;
}

START_TEST(depth_is_bounded)
{
	static const struct {
		const char *before, *after;
	} cases[] = {
		{ "(", ")" },           { "-", "" },      { "not ", "" },
		{ "2**", "" },          { "f(", ")" },    { "f(1, ", ", 2)" },
		{ "1 if x else ", "" }, { "1*(2+", ")" }, { "2**-", "" },
	};
	const char *message = "expressions are nested over 100 levels deep";

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *text = nest(45, cases[i].before, cases[i].after);
		ck_assert_msg(parse(text) != NULL, "%s: %s", text, error.message);
		text = nest(PARSER_DEPTH_MAX, cases[i].before, cases[i].after);
		ck_assert_msg(parse(text) == NULL, "%s", text);
		ck_assert_str_eq(error.message, message);
		ck_assert(parse(nest(20000, cases[i].before, cases[i].after)) == NULL);
		ck_assert_str_eq(error.message, message);
	}
	ck_assert_ptr_nonnull(parse(nest(PARSER_DEPTH_MAX - 1, "(", ")")));
	char text[1024], *to = text;
	put(&to, "[x for ");
	for (unsigned i = 0; i < 200; i++) {
		put(&to, "(");
	}
	refused(text, 1, 108, 1, "brackets are nested too deeply", "");
}
END_TEST

START_TEST(length_is_not)
{
	ck_assert_ptr_nonnull(parse(nest(20000, "x + ", "")));
	ck_assert_ptr_nonnull(parse(nest(20000, "x*", "")));
	ck_assert_ptr_nonnull(parse(nest(20000, "x<", "")));
	ck_assert_ptr_nonnull(parse(nest(20000, "x or ", "")));
	ck_assert_ptr_nonnull(parse(nest(20000, "x and ", "")));
	ck_assert_ptr_nonnull(parse(nest(1, "f(x, x, x, x, x, x, x, x, x, x, x, x, x, ", ")")));
}
END_TEST

START_TEST(long_names_are_cut_in_messages)
{
	char text[512], *to = text;

	put(&to, "[x ");
	for (unsigned i = 0; i < 300; i++) {
		put(&to, "y");
	}
	put(&to, " for x in s]");
	ck_assert_ptr_null(parse(text));
	ck_assert_uint_eq(error.length, 300);
	ck_assert_str_eq(error.message, "expected an operator or 'for', found "
					"'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy...'");
}
END_TEST

START_TEST(an_error_is_not_needed)
{
	struct diagnosis diagnosis = { .text = "[x for x in s for" };

	ck_assert_ptr_null(parser_parse(&arena, &diagnosis));
	ck_assert_int_eq(diagnosis.code, GATHER_EINPUT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("parser");
	TCase *tcase = tcase_create("parser");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, powers_bind_tighter_than_signs_on_their_left);
	tcase_add_test(tcase, operators_of_one_level_stand_in_one_node);
	tcase_add_test(tcase, comparisons_chain);
	tcase_add_test(tcase, logic_binds_loosest);
	tcase_add_test(tcase, conditional_expressions);
	tcase_add_test(tcase, calls);
	tcase_add_test(tcase, clauses);
	tcase_add_test(tcase, numbers_have_python_values);
	tcase_add_test(tcase, texts_that_do_not_begin_as_a_comprehension);
	tcase_add_test(tcase, brackets_that_do_not_match);
	tcase_add_test(tcase, what_python_has_and_the_language_has_not);
	tcase_add_test(tcase, what_other_languages_have);
	tcase_add_test(tcase, something_else_was_expected);
	tcase_add_test(tcase, depth_is_bounded);
	tcase_add_test(tcase, length_is_not);
	tcase_add_test(tcase, long_names_are_cut_in_messages);
	tcase_add_test(tcase, an_error_is_not_needed);
	suite_add_tcase(suite, tcase);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
