/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_yaml.c - YAML as a tree: what is in it, where it stands, and what is refused
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "daemon/characters.h"
#include "daemon/yaml.h"
#include "daemon/yaml_locate.h"
#include "random.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static struct diagnostics *diagnostics;
static struct yaml_tree *tree;

static void tear_down(void)
{
	yaml_destroy(&tree);
	diagnostics_destroy(&diagnostics);
}

static const struct yaml_node *parse(const char *text)
{
	tear_down();
	diagnostics = diagnostics_create("t");
	ck_assert_ptr_nonnull(diagnostics);
	tree = yaml_parse(text, strlen(text), diagnostics);
	return tree == NULL ? NULL : yaml_root(tree);
}

static const struct yaml_node *parse_fine(const char *text)
{
	const struct yaml_node *root = parse(text);

	ck_assert_str_eq(diagnostics_first(diagnostics), "");
	ck_assert_ptr_nonnull(tree);
	return root;
}

/* The only error of a text. */
static void expect_error(const char *text, const char *message)
{
	parse(text);
	ck_assert_msg(diagnostics_count(diagnostics) == 1, "%u errors in: %s",
		      diagnostics_count(diagnostics), text);
	ck_assert_str_eq(diagnostics_first(diagnostics), message);
}

static const struct yaml_node *child(const struct yaml_node *node, unsigned n)
{
	node = node->first;
	for (; n > 0; n--) {
		ck_assert_ptr_nonnull(node);
		node = node->next;
	}
	return node;
}

static void expect_place(struct place place, unsigned line, unsigned column, unsigned length)
{
	ck_assert_uint_eq(place.line, line);
	ck_assert_uint_eq(place.column, column);
	ck_assert_uint_eq(place.length, length);
}

START_TEST(a_tree_has_everything_in_order_and_in_its_place)
{
	const struct yaml_node *root = parse_fine("# top\n"
						  "a: 1\n"
						  "bc:\n"
						  "  - \"x y\"\n"
						  "  - {d: 'z'}\n"
						  "e:\n");
	const struct yaml_node *a = child(root, 0), *bc = child(root, 1), *e = child(root, 2);

	ck_assert_int_eq(root->kind, YAML_MAPPING);
	expect_place(root->place, 2, 1, 1);
	ck_assert_str_eq(a->key->text, "a");
	expect_place(a->key->place, 2, 1, 1);
	ck_assert_str_eq(a->text, "1");
	expect_place(a->place, 2, 4, 1);
	ck_assert_int_eq(a->style, YAML_PLAIN);
	ck_assert_ptr_null(a->first);
	ck_assert_int_eq(bc->kind, YAML_SEQUENCE);
	expect_place(bc->key->place, 3, 1, 2);
	ck_assert_str_eq(child(bc, 0)->text, "x y");
	ck_assert_int_eq(child(bc, 0)->style, YAML_DOUBLE);
	expect_place(child(bc, 0)->place, 4, 5, 5);
	ck_assert_ptr_null(child(bc, 0)->key);
	ck_assert_int_eq(child(bc, 1)->kind, YAML_MAPPING);
	expect_place(child(bc, 1)->place, 5, 5, 1);
	ck_assert_int_eq(child(child(bc, 1), 0)->style, YAML_SINGLE);
	expect_place(child(child(bc, 1), 0)->place, 5, 9, 3);
	ck_assert_ptr_null(child(bc, 2));
	ck_assert(yaml_is_empty(e));
	expect_place(e->place, 6, 3, 1);
	ck_assert_ptr_null(child(root, 3));
}
END_TEST

START_TEST(scalars_are_texts_and_nothing_else)
{
	const struct yaml_node *root = parse_fine("[~, null, yes, 0o17, 1:30, \"\", '', .inf]");
	static const char *const texts[] = { "~", "null", "yes", "0o17", "1:30", "", "", ".inf" };

	for (unsigned i = 0; i < LENGTH(texts); i++) {
		ck_assert_int_eq(child(root, i)->kind, YAML_SCALAR);
		ck_assert_str_eq(child(root, i)->text, texts[i]);
		/* Quotes say that there is something. */
		ck_assert(!yaml_is_empty(child(root, i)));
	}
}
END_TEST

START_TEST(a_text_without_content_has_no_root)
{
	ck_assert_ptr_null(parse_fine(""));
	ck_assert_ptr_null(parse_fine("# nothing\n\n  # at all"));
	ck_assert(yaml_is_empty(parse_fine("---\n")));
}
END_TEST

START_TEST(columns_are_characters_and_lines_those_of_editors)
{
	/* An accent, and U+2028, which YAML takes for the end of a line. */
	const struct yaml_node *root = parse_fine("\"\xC3\xA9\": \"\xE2\x80\xA8\"\r\nb: 1\r\n");

	expect_place(child(root, 0)->place, 1, 6, 3);
	expect_place(child(root, 1)->key->place, 2, 1, 1);
	expect_place(child(root, 1)->place, 2, 4, 1);
}
END_TEST

START_TEST(a_place_that_goes_on_is_cut_at_the_end_of_its_line)
{
	const struct yaml_node *root = parse_fine("a: \"x\n  y\"\nb: |\n  z\n");

	expect_place(child(root, 0)->place, 1, 4, 2);
	expect_place(child(root, 1)->place, 3, 4, 1);
}
END_TEST

START_TEST(a_syntax_error_is_told_with_its_place)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "a: b: c", "t:1:5: a ':' is not expected here; "
			     "mend the indentation, or quote a text that has ': ' in it" },
		{ "a:\n\tb: 1", "t:2:1: YAML does not take a tab here; indent with spaces" },
		{ "a: @b", "t:1:4: a text cannot begin with '@'; put it in quotes" },
		{ "a: `b", "t:1:4: a text cannot begin with '`'; put it in quotes" },
		{ "x: 1\na: [1,\n  2\n", "t:2:4: did not find expected ',' or ']' "
					 "while parsing a flow sequence" },
		{ "a: \"x\nb: 1\n",
		  "t:1:4: found unexpected end of stream while scanning a quoted scalar" },
		{ "a: 1\n b: 2\n", "t:2:3: a ':' is not expected here; "
				   "mend the indentation, or quote a text that has ': ' in it" },
		{ "a:\n  - 1\n b: 2\n", "t:3:2: did not find expected key "
					"while parsing a block mapping that begins in line 1" },
		{ "a: \"\\q\"", "t:1:5: found unknown escape character "
				"while parsing a quoted scalar that begins in line 1" },
		{ "a: \x01", "t:1:4: the character U+0001 is not allowed in YAML" },
		{ "\xC3\xA9\nb: \xEF\xBF\xBE",
		  "t:2:4: the character U+FFFE is not allowed in YAML" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		expect_error(cases[i].text, cases[i].message);
		ck_assert_ptr_null(tree);
	}
}
END_TEST

START_TEST(a_syntax_error_is_told_alone)
{
	expect_error("a: *x\na: &y 1\n\"b\n", "t:3:1: found unexpected end of stream "
					      "while scanning a quoted scalar");
}
END_TEST

START_TEST(what_yaml_has_and_we_have_not_is_refused)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "a: &x 1", "t:1:4: anchor '&x' is not allowed; "
			     "write the value out where it is used" },
		{ "a: &x [1]", "t:1:4: anchor '&x' is not allowed; "
			       "write the value out where it is used" },
		{ "&x a: 1", "t:1:1: anchor '&x' is not allowed; "
			     "write the value out where it is used" },
		{ "a: *x", "t:1:4: alias '*x' is not allowed; "
			   "write the value out, or put it in quotes if it is a text" },
		{ "*x : 1", "t:1:1: alias '*x' is not allowed; "
			    "write the value out, or put it in quotes if it is a text" },
		{ "a: !!str 1", "t:1:4: a tag is not allowed; "
				"leave it out, values are read as their keys say" },
		{ "a: !own {}", "t:1:4: a tag is not allowed; "
				"leave it out, values are read as their keys say" },
		{ "a: 1\n---\nb: 2\n",
		  "t:2:1: a second document is not allowed; make it a file of its own" },
		{ "? [a]\n: 1", "t:1:3: a key must be a text, not a list" },
		{ "{{a: b}: 1}", "t:1:2: a key must be a text, not a mapping" },
		{ "a: \"x\\0y\"", "t:1:4: a NUL character is not allowed" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		expect_error(cases[i].text, cases[i].message);
		ck_assert_ptr_nonnull(tree);
	}
}
END_TEST

START_TEST(what_is_refused_is_left_in_no_doubt)
{
	const struct yaml_node *root = parse("{a: *x, [b]: [1, 2], c: 3, d: \"\\0\"}");

	ck_assert_uint_eq(diagnostics_count(diagnostics), 3);
	ck_assert_int_eq(child(root, 0)->kind, YAML_REFUSED);
	ck_assert_str_eq(child(root, 1)->key->text, "c");
	ck_assert_str_eq(child(root, 1)->text, "3");
	ck_assert_int_eq(child(root, 2)->kind, YAML_REFUSED);
	ck_assert_ptr_null(child(root, 3));
}
END_TEST

START_TEST(nothing_of_a_second_document_is_read)
{
	const struct yaml_node *root = parse("a: 1\n---\nb: *x\n---\nc: 1\n");

	ck_assert_uint_eq(diagnostics_count(diagnostics), 1);
	ck_assert_str_eq(child(root, 0)->key->text, "a");
	ck_assert_ptr_null(child(root, 1));
}
END_TEST

START_TEST(repeated_keys_are_refused_with_the_line_of_the_first)
{
	expect_error("a: 1\nb: 2\n\"a\": 3\n", "t:3:1: 'a' is there already, in line 1");
	expect_error("b: {c: 1,\n  d: 2, c: 3}\n", "t:2:9: 'c' is there already, in line 1");
	/* The same key elsewhere is another one. */
	parse_fine("a: {a: 1}\nb: {a: 1}\n");

	expect_error("a: 1\nb: 1\nb: 2\n", "t:3:1: 'b' is there already, in line 2");
	expect_error("{    a: 1,\n a: 2}\n", "t:2:2: 'a' is there already, in line 1");
	parse("a: 1\na: 2\nb: 1\na: 3\n");
	ck_assert_uint_eq(diagnostics_count(diagnostics), 2);
}
END_TEST

START_TEST(depth_and_size_are_bounded)
{
	static char text[1 << 20];

	memset(text, '[', YAML_DEPTH_MAX);
	memset(text + YAML_DEPTH_MAX, ']', YAML_DEPTH_MAX);
	parse_fine(text);
	memset(text, '[', YAML_DEPTH_MAX + 1);
	memset(text + YAML_DEPTH_MAX + 1, ']', YAML_DEPTH_MAX + 1);
	expect_error(text, "t:1:33: nested more than 32 deep");
	ck_assert_ptr_null(tree);

	/* A list and its members. */
	text[0] = '[';
	for (unsigned i = 1; i < YAML_NODES_MAX; i++) {
		memcpy(text + 2 * i - 1, "a,", 2);
	}
	memcpy(text + 2 * YAML_NODES_MAX - 1, "]", 2);
	parse_fine(text);
	memcpy(text + 2 * YAML_NODES_MAX - 1, "a]", 3);
	expect_error(text, "t:1:524288: more than 262144 keys and values");
}
END_TEST

/* Where a place within the first value of a text is. */
static void expect_located(const char *text, struct place within, unsigned line, unsigned column,
			   unsigned length)
{
	const struct yaml_node *root = parse_fine(text);
	struct place place;

	ck_assert_msg(yaml_locate(child(root, 0), within, &place), "%u:%u of %s", within.line,
		      within.column, text);
	ck_assert_msg(place.line == line && place.column == column && place.length == length,
		      "%u:%u+%u of %s is at %u:%u+%u", within.line, within.column, within.length,
		      text, place.line, place.column, place.length);
}

START_TEST(places_in_scalars_of_one_line)
{
	expect_located("a: bcd", (struct place){ 1, 2, 1 }, 1, 5, 1);
	expect_located("a: bcd", (struct place){ 1, 2, 2 }, 1, 5, 2);
	expect_located("a: bcd # e", (struct place){ 1, 4, 1 }, 1, 7, 1);
	expect_located("a:   b  c ", (struct place){ 1, 4, 1 }, 1, 9, 1);
	expect_located("a: 'bcd'", (struct place){ 1, 2, 1 }, 1, 6, 1);
	expect_located("a: 'it''s b'", (struct place){ 1, 3, 3 }, 1, 7, 4);
	expect_located("a: 'it''s b'", (struct place){ 1, 6, 1 }, 1, 11, 1);
	expect_located("a: 'bc'", (struct place){ 1, 3, 1 }, 1, 7, 1);
	expect_located("a: \"bcd\"", (struct place){ 1, 2, 1 }, 1, 6, 1);
	expect_located("a: \"\\tb\\\\c\\u00e9d\"", (struct place){ 1, 1, 1 }, 1, 5, 2);
	expect_located("a: \"\\tb\\\\c\\u00e9d\"", (struct place){ 1, 2, 1 }, 1, 7, 1);
	expect_located("a: \"\\tb\\\\c\\u00e9d\"", (struct place){ 1, 4, 1 }, 1, 10, 1);
	expect_located("a: \"\\tb\\\\c\\u00e9d\"", (struct place){ 1, 5, 2 }, 1, 11, 7);
	expect_located("a: \"\\tb\\\\c\\u00e9d\"", (struct place){ 1, 6, 1 }, 1, 17, 1);
	expect_located("\xC3\xA9: \"\xC3\xA9z\"", (struct place){ 1, 2, 1 }, 1, 6, 1);
	expect_located("a: \"b\\x0ac\"", (struct place){ 2, 1, 1 }, 1, 10, 1);
	expect_located("a: \"b\\rc\"", (struct place){ 2, 1, 1 }, 1, 8, 1);
	expect_located("a: \"b\\r\\nc\"", (struct place){ 2, 1, 1 }, 1, 10, 1);
}
END_TEST

START_TEST(places_in_scalars_of_several_lines)
{
	expect_located("a: b c\n  d e\n\n  f", (struct place){ 1, 5, 1 }, 2, 3, 1);
	expect_located("a: b c\n  d e\n\n  f", (struct place){ 2, 1, 1 }, 4, 3, 1);
	expect_located("a: 'b  \n  c'", (struct place){ 1, 3, 1 }, 2, 3, 1);
	expect_located("a: \"b \\\n   c \\n d\"", (struct place){ 1, 3, 1 }, 2, 4, 1);
	expect_located("a: \"b \\\n   c \\n d\"", (struct place){ 2, 2, 1 }, 2, 9, 1);
	expect_located("a: \"b\\\n\n  c\"", (struct place){ 2, 1, 1 }, 3, 3, 1);
	/* What goes on is cut at the end of the line. */
	expect_located("a: \"bcd\n  e\"", (struct place){ 1, 2, 4 }, 1, 6, 2);
}
END_TEST

START_TEST(places_in_block_scalars)
{
	expect_located("a: |\n  bc\n   d\n", (struct place){ 1, 2, 1 }, 2, 4, 1);
	expect_located("a: |\n  bc\n   d\n", (struct place){ 2, 2, 1 }, 3, 4, 1);
	expect_located("a: |\n  bc\n   d\n", (struct place){ 2, 3, 1 }, 3, 5, 1);
	expect_located("a: | # c\n\n\n    bc\n", (struct place){ 3, 2, 1 }, 4, 6, 1);
	expect_located("a: |2-\n   bc\n", (struct place){ 1, 3, 1 }, 2, 5, 1);
	expect_located("a: |\r\n  bc\r\n  d\r\n", (struct place){ 2, 1, 1 }, 3, 3, 1);
	expect_located("a: >-\n  b\n  c\n\n  d\n", (struct place){ 1, 3, 1 }, 3, 3, 1);
	expect_located("a: >-\n  b\n  c\n\n  d\n", (struct place){ 2, 1, 1 }, 5, 3, 1);
	expect_located("a: >\n  b\n   c\n  d\n", (struct place){ 2, 2, 1 }, 3, 4, 1);
	expect_located("a: >\n  b\n   c\n  d\n", (struct place){ 3, 1, 1 }, 4, 3, 1);
	expect_located("a: |\n  b\n\n\nc: d", (struct place){ 1, 2, 1 }, 2, 4, 1);
}
END_TEST

START_TEST(a_place_that_is_not_there_is_the_whole_scalar)
{
	static const struct place places[] = { { 0, 0, 1 }, { 1, 0, 1 }, { 1, 5, 1 }, { 2, 1, 1 } };

	for (size_t i = 0; i < LENGTH(places); i++) {
		const struct yaml_node *root = parse_fine("a: bcd\n");
		struct place place;
		ck_assert(!yaml_locate(child(root, 0), places[i], &place));
		expect_place(place, 1, 4, 3);
	}
}
END_TEST

/* A text of letters, blanks, quotes and line ends, as it may stand in a block. */
static void make_text(uint64_t *random, char *text, size_t size)
{
	static const char bytes[] = "abcdefgABCDEFG0123   ''\"\"\\:#,[]{}\n\n";
	size_t length = 2 + random_next(random) % (size - 2);

	for (size_t i = 0; i < length; i++) {
		text[i] = bytes[random_next(random) % (sizeof(bytes) - 1)];
	}
	text[0] = 'x';
	text[length - 1] = 'y';
	text[length] = '\0';
}

/* The text as libyaml writes it in some style.  What it says then may differ in its white space:
 * the emitter folds lines that it should not. */
static void emit(const char *text, yaml_scalar_style_t style, int width, char *out, size_t size)
{
	yaml_emitter_t emitter;
	yaml_event_t event;
	size_t written = 0;
	yaml_char_t *value = (yaml_char_t *)(uintptr_t)text;

	ck_assert(yaml_emitter_initialize(&emitter));
	yaml_emitter_set_output_string(&emitter, (unsigned char *)out, size - 1, &written);
	yaml_emitter_set_width(&emitter, width);
	yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
	ck_assert(yaml_emitter_emit(&emitter, &event));
	yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1);
	ck_assert(yaml_emitter_emit(&emitter, &event));
	yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE);
	ck_assert(yaml_emitter_emit(&emitter, &event));
	yaml_scalar_event_initialize(&event, NULL, NULL, value, (int)strlen(text), 1, 1, style);
	ck_assert(yaml_emitter_emit(&emitter, &event));
	yaml_sequence_end_event_initialize(&event);
	ck_assert(yaml_emitter_emit(&emitter, &event));
	yaml_document_end_event_initialize(&event, 1);
	ck_assert(yaml_emitter_emit(&emitter, &event));
	yaml_stream_end_event_initialize(&event);
	ck_assert(yaml_emitter_emit(&emitter, &event));
	yaml_emitter_delete(&emitter);
	out[written] = '\0';
}

/* The byte at a place. */
static const char *byte_at(const char *text, struct place place)
{
	for (unsigned line = 1; line < place.line; line++) {
		text = strchr(text, '\n') + 1;
	}
	return text + place.column - 1;
}

START_TEST(every_letter_is_found_where_the_emitter_put_it)
{
	static const yaml_scalar_style_t styles[] = {
		YAML_PLAIN_SCALAR_STYLE,         YAML_SINGLE_QUOTED_SCALAR_STYLE,
		YAML_DOUBLE_QUOTED_SCALAR_STYLE, YAML_LITERAL_SCALAR_STYLE,
		YAML_FOLDED_SCALAR_STYLE,
	};
	static const char letters[] = "abcdefgABCDEFG0123xy";
	uint64_t random = random_seed("check_yaml");
	unsigned found[5] = { 0 };

	for (unsigned i = 0; i < 500; i++) {
		char text[80], file[1024];
		make_text(&random, text, sizeof(text));
		int width = 10 + (int)(random_next(&random) % 80);
		emit(text, styles[i % LENGTH(styles)], width, file, sizeof(file));
		const struct yaml_node *scalar = child(parse_fine(file), 0);
		struct place within = { 1, 1, 1 };
		const char *last = file;
		for (const char *at = scalar->text; *at != '\0'; at++) {
			struct place place;
			ck_assert_msg(yaml_locate(scalar, within, &place), "%u:%u of %s",
				      within.line, within.column, file);
			if (strchr(letters, *at) != NULL) {
				const char *there = byte_at(file, place);
				ck_assert_msg(*there == *at && there > last, "%u:%u of %s",
					      within.line, within.column, file);
				last = there;
				found[scalar->style]++;
			}
			within.line += *at == '\n';
			within.column = *at == '\n' ? 1 : within.column + 1;
		}
	}
	for (unsigned i = 0; i < LENGTH(found); i++) {
		ck_assert_uint_gt(found[i], 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("yaml");
	TCase *trees = tcase_create("trees");
	TCase *places = tcase_create("places");

	tcase_add_checked_fixture(trees, NULL, tear_down);
	tcase_set_timeout(trees, 120);
	tcase_add_test(trees, a_tree_has_everything_in_order_and_in_its_place);
	tcase_add_test(trees, scalars_are_texts_and_nothing_else);
	tcase_add_test(trees, a_text_without_content_has_no_root);
	tcase_add_test(trees, columns_are_characters_and_lines_those_of_editors);
	tcase_add_test(trees, a_place_that_goes_on_is_cut_at_the_end_of_its_line);
	tcase_add_test(trees, a_syntax_error_is_told_with_its_place);
	tcase_add_test(trees, a_syntax_error_is_told_alone);
	tcase_add_test(trees, what_yaml_has_and_we_have_not_is_refused);
	tcase_add_test(trees, what_is_refused_is_left_in_no_doubt);
	tcase_add_test(trees, nothing_of_a_second_document_is_read);
	tcase_add_test(trees, repeated_keys_are_refused_with_the_line_of_the_first);
	tcase_add_test(trees, depth_and_size_are_bounded);
	suite_add_tcase(suite, trees);
	tcase_add_checked_fixture(places, NULL, tear_down);
	tcase_set_timeout(places, 120);
	tcase_add_test(places, places_in_scalars_of_one_line);
	tcase_add_test(places, places_in_scalars_of_several_lines);
	tcase_add_test(places, places_in_block_scalars);
	tcase_add_test(places, a_place_that_is_not_there_is_the_whole_scalar);
	tcase_add_test(places, every_letter_is_found_where_the_emitter_put_it);
	suite_add_tcase(suite, places);

	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
