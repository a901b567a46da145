/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_stream.c - stream version 1 is what it was yesterday
 *
 * Oracles: the known answers that Random123 publishes for philox4x32-10, and tests/oracle/stream.py
 * for keys and whole coordinates.
 */
#include "source/stream.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

START_TEST(philox_gives_the_published_answers)
{
	static const struct {
		struct stream_counter counter;
		uint32_t key[2], result[4];
	} vectors[] = {
		{ { { 0, 0, 0, 0 } },
		  { 0, 0 },
		  { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
		{ { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff } },
		  { 0xffffffff, 0xffffffff },
		  { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
		{ { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 } },
		  { 0xa4093822, 0x299f31d0 },
		  { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
	};

	for (size_t i = 0; i < COUNT(vectors); i++) {
		const uint32_t *key = vectors[i].key, *result = vectors[i].result;
		struct stream_block block =
			stream_block(key[0] | (uint64_t)key[1] << 32, vectors[i].counter);

		ck_assert_uint_eq(block.words[0], result[0] | (uint64_t)result[1] << 32);
		ck_assert_uint_eq(block.words[1], result[2] | (uint64_t)result[3] << 32);
	}
}
END_TEST

static void expect_counter(struct stream_point point, uint32_t w0, uint32_t w1, uint32_t w2,
			   uint32_t w3)
{
	struct stream_counter counter = stream_counter(&point);

	ck_assert_uint_eq(counter.words[0], w0);
	ck_assert_uint_eq(counter.words[1], w1);
	ck_assert_uint_eq(counter.words[2], w2);
	ck_assert_uint_eq(counter.words[3], w3);
}

START_TEST(every_coordinate_has_bits_of_its_own)
{
	const uint64_t block = (UINT64_C(1) << 40) - 1;

	expect_counter((struct stream_point){ 0 }, 0, 0, 0, 0);
	expect_counter((struct stream_point){ .block = block }, 0xffffffff, 0xff, 0, 0);
	expect_counter((struct stream_point){ .generator = UINT32_MAX }, 0, 0xffffff00, 0xff, 0);
	expect_counter((struct stream_point){ .round = UINT32_MAX }, 0, 0, 0xffffff00, 0xff);
	expect_counter((struct stream_point){ .site = 0xff }, 0, 0, 0, 0xff00);
	expect_counter((struct stream_point){ .attempt = 0xffff }, 0, 0, 0, 0xffff0000);
}
END_TEST

START_TEST(coordinates_are_packed_little_end_first)
{
	struct stream_point point = {
		.block = UINT64_C(0xa987654321),
		.generator = 0x12345678,
		.round = UINT64_C(0xfeedface9abcdef0),
		.site = 0xb7,
		.attempt = 0xc6d5,
	};

	expect_counter(point, 0x87654321, 0x345678a9, 0xbcdef012, 0xc6d5b79a);
}
END_TEST

START_TEST(keys_are_those_of_version_1)
{
	static const struct {
		uint64_t seed;
		const char *name;
		uint64_t round, key;
	} vectors[] = {
		{ 0, "", 0, UINT64_C(0xa706dd2f4d197e6f) },
		{ 0, "a", 1, UINT64_C(0xc65453bac8da37f7) },
		{ 42, "pi", 1, UINT64_C(0x10e2251fa6ef102d) },
		{ 42, "pi", UINT32_MAX, UINT64_C(0x10e2251fa6ef102d) },
		{ 42, "pi", UINT64_C(1) << 32, UINT64_C(0x24843ffab20d2a6d) },
		{ 42, "pi", UINT64_MAX, UINT64_C(0xcb5c86431b035bfc) },
		{ UINT64_MAX, "exactly8", 1, UINT64_C(0xe01eff37d2e70ef7) },
		{ 1, "nine byte", 1, UINT64_C(0x211dce5e5f04001e) },
		{ 7, "Gr\303\266\303\237e", 3, UINT64_C(0x12b5f9294a546618) },
		{ UINT64_C(1) << 63,
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 1,
		  UINT64_C(0xb3873f2c7368bc6e) },
	};

	for (size_t i = 0; i < COUNT(vectors); i++) {
		uint64_t pipeline = stream_pipeline(vectors[i].seed, vectors[i].name);

		ck_assert_uint_eq(stream_key(pipeline, vectors[i].round), vectors[i].key);
	}
}
END_TEST

START_TEST(words_are_those_of_version_1)
{
	static const struct {
		uint64_t seed;
		const char *name;
		uint64_t round;
		uint32_t generator;
		uint64_t step;
		uint8_t site;
		uint16_t attempt;
		uint64_t word;
	} vectors[] = {
		{ 0, "a", 1, 0, 0, 0, 0, UINT64_C(0x6290745602f02228) },
		{ 0, "a", 1, 0, 1, 0, 0, UINT64_C(0xda2f7890ff6de891) },
		{ 0, "a", 1, 0, 2, 0, 0, UINT64_C(0x040aa6214e4df34b) },
		{ 0, "a", 1, 1, 0, 0, 0, UINT64_C(0x0d1b26131bd000be) },
		{ 0, "a", 2, 0, 0, 0, 0, UINT64_C(0x4dfb658545f082e6) },
		{ 0, "a", 1, 0, 0, 1, 0, UINT64_C(0xf08976f67f472a0a) },
		{ 0, "a", 1, 0, 0, 0, 1, UINT64_C(0xd53e2fffcbc3e90d) },
		{ 42, "pi", UINT64_C(0x123456789a), 0x89abcdef, UINT64_C(0x1fedcba9876), 0xc3,
		  0x5a0f, UINT64_C(0x0821400979b5f562) },
		{ UINT64_MAX, "pi", UINT64_MAX, UINT32_MAX, UINT64_C(0x1fffffffffe), 0xff, 0xffff,
		  UINT64_C(0x7534f1e3f24f8915) },
		{ UINT64_MAX, "pi", UINT64_MAX, UINT32_MAX, UINT64_C(0x1ffffffffff), 0xff, 0xffff,
		  UINT64_C(0x056fea20855c8e51) },
	};

	for (size_t i = 0; i < COUNT(vectors); i++) {
		uint64_t pipeline = stream_pipeline(vectors[i].seed, vectors[i].name);
		struct stream_point point = {
			.block = vectors[i].step >> 1,
			.round = vectors[i].round,
			.generator = vectors[i].generator,
			.site = vectors[i].site,
			.attempt = vectors[i].attempt,
		};
		struct stream_block block =
			stream_block(stream_key(pipeline, point.round), stream_counter(&point));

		ck_assert_uint_eq(block.words[vectors[i].step & 1], vectors[i].word);
	}
}
END_TEST

START_TEST(similar_names_have_different_keys)
{
	static const char *const names[] = {
		"",
		"a",
		"aa",
		"aaa",
		"aaaaaaa",
		"aaaaaaaa",
		"aaaaaaaaa",
		"aaaaaaaaaaaaaaaa",
		"aaaaaaaaaaaaaaab",
		"baaaaaaaaaaaaaaa",
		"aaaaaaaabaaaaaaa",
		"aaaaaaabaaaaaaaa",
		"A",
		"b",
		"ab",
		"ba",
	};
	uint64_t keys[2 * COUNT(names)];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(names); i++) {
		uint64_t pipeline = stream_pipeline(42, names[i]);

		keys[n++] = stream_key(pipeline, 1);
		keys[n++] = stream_key(pipeline, UINT64_C(1) << 32);
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < i; j++) {
			ck_assert_uint_ne(keys[i], keys[j]);
		}
	}
}
END_TEST

/* x where x ^ (x >> shift) is y. */
static uint64_t unshift(uint64_t y, unsigned shift)
{
	uint64_t x = y;

	for (unsigned i = shift; i < 64; i += shift) {
		x = y ^ (x >> shift);
	}
	return x;
}

/* 1 / a modulo 2^64, for an odd a. */
static uint64_t inverse(uint64_t a)
{
	uint64_t x = a; /* right in the lowest three bits; Newton doubles them */

	for (int i = 0; i < 5; i++) {
		x *= 2 - a * x;
	}
	return x;
}

static uint64_t unabsorb(uint64_t key, uint64_t word)
{
	uint64_t z = unshift(key, 31) * inverse(UINT64_C(0x94d049bb133111eb));

	z = unshift(z, 27) * inverse(UINT64_C(0xbf58476d1ce4e5b9));
	return (unshift(z, 30) - UINT64_C(0x9e3779b97f4a7c15)) ^ word;
}

START_TEST(the_seed_can_be_told_from_the_key)
{
	uint64_t state = random_seed("check_stream");
	static const uint64_t fixed[] = { 0, 1, UINT64_MAX, UINT64_C(1) << 63 };

	for (size_t i = 0; i < 1000; i++) {
		uint64_t seed = i < COUNT(fixed) ? fixed[i] : random_next(&state);
		uint64_t round = random_next(&state);
		uint64_t key = stream_key(stream_pipeline(seed, "pipeline"), round);

		key = unabsorb(key, round >> 32);
		key = unabsorb(key, UINT64_C(0x656e696c65706970)); /* "pipeline" */
		ck_assert_uint_eq(unabsorb(key, 8), seed);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stream");
	TCase *blocks = tcase_create("blocks");
	TCase *keys = tcase_create("keys");
	SRunner *runner;
	int failed;

	tcase_add_test(blocks, philox_gives_the_published_answers);
	tcase_add_test(blocks, every_coordinate_has_bits_of_its_own);
	tcase_add_test(blocks, coordinates_are_packed_little_end_first);
	tcase_add_test(blocks, words_are_those_of_version_1);
	suite_add_tcase(suite, blocks);

	tcase_add_test(keys, keys_are_those_of_version_1);
	tcase_add_test(keys, similar_names_have_different_keys);
	tcase_add_test(keys, the_seed_can_be_told_from_the_key);
	suite_add_tcase(suite, keys);

	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
