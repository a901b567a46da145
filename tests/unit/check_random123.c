/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_random123.c - our Philox is Random123's, for counters and keys at random
 */
#include <Random123/philox.h>

#include <check.h>
#include <stdlib.h>

#include "source/stream.h"
#include "random.h"

static void compare(uint64_t key, struct stream_counter counter)
{
	philox4x32_ctr_t in = { { counter.words[0], counter.words[1], counter.words[2],
				  counter.words[3] } };
	philox4x32_key_t with = { { (uint32_t)key, (uint32_t)(key >> 32) } };
	philox4x32_ctr_t out = philox4x32_R(10, in, with);
	struct stream_block block = stream_block(key, counter);

	ck_assert_uint_eq(block.words[0], out.v[0] | (uint64_t)out.v[1] << 32);
	ck_assert_uint_eq(block.words[1], out.v[2] | (uint64_t)out.v[3] << 32);
}

START_TEST(blocks_agree_at_random)
{
	uint64_t state = random_seed("check_random123");

	for (int i = 0; i < 100000; i++) {
		uint64_t low = random_next(&state), high = random_next(&state);

		compare(random_next(&state),
			(struct stream_counter){ { (uint32_t)low, (uint32_t)(low >> 32),
						   (uint32_t)high, (uint32_t)(high >> 32) } });
	}
}
END_TEST

/* One bit set of all 192, and one bit clear. */
START_TEST(blocks_agree_for_single_bits)
{
	for (unsigned bit = 0; bit < 192; bit++) {
		struct stream_counter set = { { 0 } }, clear;
		uint64_t key = 0;

		if (bit < 128) {
			set.words[bit / 32] = UINT32_C(1) << bit % 32;
		} else {
			key = UINT64_C(1) << (bit - 128);
		}
		for (unsigned i = 0; i < 4; i++) {
			clear.words[i] = ~set.words[i];
		}
		compare(key, set);
		compare(~key, clear);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("random123");
	TCase *blocks = tcase_create("blocks");
	SRunner *runner;
	int failed;

	tcase_add_test(blocks, blocks_agree_at_random);
	tcase_add_test(blocks, blocks_agree_for_single_bits);
	suite_add_tcase(suite, blocks);

	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
