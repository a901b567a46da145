/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * batch.c - the memory of batches
 *
 * One allocation holds the header, the index and all columns, so that a batch is found
 * and freed as one thing.
 */
#include "queue/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static size_t align_up(size_t n)
{
	return (n + BATCH_ALIGN - 1) / BATCH_ALIGN * BATCH_ALIGN;
}

struct batch *batch_create(uint32_t rows, unsigned columns)
{
	assert(rows >= 1 && rows <= BATCH_ROWS);
	assert(columns >= 1 && columns <= BATCH_COLUMNS);

	uint32_t capacity = (rows + 7) / 8 * 8;
	size_t header = align_up(sizeof(struct batch));
	size_t index = align_up(capacity * sizeof(uint16_t));
	size_t column = align_up(capacity * sizeof(double));
	char *memory = aligned_alloc(BATCH_ALIGN, header + index + columns * column);

	if (memory == NULL) {
		return NULL;
	}
	struct batch *batch = (struct batch *)memory;
	memset(batch, 0, sizeof(*batch));
	batch->capacity = capacity;
	batch->index = (uint16_t *)(memory + header);
	for (unsigned i = 0; i < columns; i++) {
		batch->column[i] = (double *)(memory + header + index + i * column);
	}
	return batch;
}

void batch_destroy(struct batch **batch)
{
	free(*batch);
	*batch = NULL;
}

void batch_open(struct batch *batch, const struct tile *tile, unsigned columns)
{
	assert(tile_rows(tile) <= batch->capacity);
	assert(columns <= BATCH_COLUMNS && batch->column[columns - 1] != NULL);

	batch->tile = *tile;
	batch->rows = tile_rows(tile);
	batch->columns = columns;
	batch->dense = true;
	batch->filtered = 0;
	memset(batch->faulted, 0, sizeof(batch->faulted));
}

uint32_t batch_faulted(const struct batch *batch)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		n += batch->faulted[i];
	}
	return n;
}
