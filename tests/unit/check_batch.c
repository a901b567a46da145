/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_batch.c - the memory of a batch, and what opening one leaves
 */
#include "queue/batch.h"

#include <check.h>
#include <string.h>

START_TEST(columns_are_aligned_apart_and_have_room_for_a_multiple_of_eight)
{
	static const uint32_t rows[] = { 1, 7, 8, 9, 4095, 4096 };

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (unsigned columns = 1; columns <= BATCH_COLUMNS; columns++) {
			struct batch *batch = batch_create(rows[i], columns);
			ck_assert_ptr_nonnull(batch);
			ck_assert_uint_ge(batch->capacity, rows[i]);
			ck_assert_uint_eq(batch->capacity % 8, 0);
			memset(batch->index, 0xff, batch->capacity * sizeof(uint16_t));
			for (unsigned c = 0; c < columns; c++) {
				ck_assert_uint_eq((uintptr_t)batch->column[c] % BATCH_ALIGN, 0);
				memset(batch->column[c], (int)c, batch->capacity * sizeof(double));
			}
			for (unsigned c = 0; c < columns; c++) {
				const unsigned char *bytes = (unsigned char *)batch->column[c];
				ck_assert_uint_eq(bytes[0], c);
				ck_assert_uint_eq(bytes[batch->capacity * 8 - 1], c);
			}
			ck_assert(columns == BATCH_COLUMNS || batch->column[columns] == NULL);
			batch_destroy(&batch);
			ck_assert_ptr_null(batch);
		}
	}
}
END_TEST

START_TEST(an_opened_batch_is_whole_and_dense)
{
	struct tile tile = { .round = 3, .generator = 5, .generators = 4, .steps = 25 };
	struct batch *batch = batch_create(100, 2);

	batch->filtered = 9;
	batch->dense = false;
	batch->faulted[GATHER_FAULT_VALUE] = 2;
	ck_assert_uint_eq(batch_faulted(batch), 2);
	batch_open(batch, &tile, 2);
	ck_assert_uint_eq(batch->rows, 100);
	ck_assert_uint_eq(batch->columns, 2);
	ck_assert(batch->dense);
	ck_assert_uint_eq(batch->filtered, 0);
	ck_assert_uint_eq(batch_faulted(batch), 0);
	ck_assert_uint_eq(batch->tile.round, 3);
	batch_destroy(&batch);
}
END_TEST

START_TEST(faults_of_all_kinds_are_summed)
{
	struct batch *batch = batch_create(8, 1);

	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		batch->faulted[i] = i + 1;
	}
	ck_assert_uint_eq(batch_faulted(batch), GATHER_FAULTS * (GATHER_FAULTS + 1) / 2);
	batch_destroy(&batch);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("batch");
	TCase *tcase = tcase_create("batch");
	SRunner *runner = srunner_create(suite);

	tcase_add_test(tcase, columns_are_aligned_apart_and_have_room_for_a_multiple_of_eight);
	tcase_add_test(tcase, an_opened_batch_is_whole_and_dense);
	tcase_add_test(tcase, faults_of_all_kinds_are_summed);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
