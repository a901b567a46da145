/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * list.c - one place of eight bytes for each value of a round
 */
#include "gather/list.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The NaN that stands for no value; kernels make the canonical one alone. */
#define NO_VALUE UINT64_C(0xfff8676174686572)

/*
 * [bytes] Larger lists ask for huge pages: putting a value into a new page takes 0.6 instead of
 * 4 ns then, and giving it back 0.02 instead of 0.5 (bench_fold).  Smaller ones keep their pages
 * and are cleared in 0.1.
 */
#define HUGE_PAGE ((size_t)2 << 20)

struct lists {
	uint64_t generators;
	uint64_t values;
	size_t bytes;    /* mapped */
	uint64_t *place; /* [generators x values] a value's bits ^ NO_VALUE; 0: no value */
};

uint64_t lists_bytes(uint64_t generators, uint64_t values)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t places, bytes;

	if (__builtin_mul_overflow(generators, values, &places) ||
	    __builtin_mul_overflow(places, sizeof(double), &bytes) ||
	    __builtin_add_overflow(bytes, page - 1, &bytes)) {
		return 0;
	}
	return bytes / page * page;
}

struct lists *lists_create(uint64_t generators, uint64_t values)
{
	uint64_t bytes = lists_bytes(generators, values);

	if (bytes == 0 || bytes > SIZE_MAX) {
		return NULL;
	}
	struct lists *lists = malloc(sizeof(*lists));
	if (lists == NULL) {
		return NULL;
	}
	void *memory = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED) {
		free(lists);
		return NULL;
	}
	if (bytes > HUGE_PAGE) {
		/* A wish: without huge pages it is only slower. */
		(void)madvise(memory, (size_t)bytes, MADV_HUGEPAGE);
	}
	*lists = (struct lists){
		.generators = generators,
		.values = values,
		.bytes = (size_t)bytes,
		.place = memory,
	};
	return lists;
}

void lists_destroy(struct lists **lists)
{
	if (*lists != NULL) {
		munmap((*lists)->place, (*lists)->bytes);
		free(*lists);
		*lists = NULL;
	}
}

void lists_reset(struct lists *lists)
{
	if (lists->bytes <= HUGE_PAGE || madvise(lists->place, lists->bytes, MADV_DONTNEED) != 0) {
		memset(lists->place, 0, lists->bytes);
	}
}

static inline uint64_t encode(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits ^ NO_VALUE;
}

static inline double decode(uint64_t bits)
{
	double value;

	bits ^= NO_VALUE;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* Two rows or two places, at any of them. */
typedef uint64_t pair __attribute__((vector_size(16), aligned(8), may_alias));

/* Rows side by side in their list. */
static void add_run(uint64_t *to, const double *rows, size_t n)
{
	size_t i;

	for (i = 0; i + 2 <= n; i += 2) {
		*(pair *)(to + i) = *(const pair *)(rows + i) ^ NO_VALUE;
	}
	if (i < n) {
		to[i] = encode(rows[i]);
	}
}

static void add_dense(const struct lists *lists, const struct batch *batch, uint64_t *corner)
{
	const struct tile *tile = &batch->tile;
	const double *rows = batch->column[0];

	if (tile->steps == lists->values) {
		add_run(corner, rows, batch->rows);
	} else if (tile->steps == 1) {
		for (uint32_t i = 0; i < batch->rows; i++) {
			corner[i * lists->values] = encode(rows[i]);
		}
	} else {
		for (uint32_t i = 0; i < batch->rows; i += tile->steps) {
			add_run(corner, rows + i, tile->steps);
			corner += lists->values;
		}
	}
}

/* Rows by their index, which grows. */
static void add_indexed(const struct lists *lists, const struct batch *batch, uint64_t *corner)
{
	uint32_t steps = batch->tile.steps;
	uint32_t first = 0; /* row of the tile that stands at corner */

	for (uint32_t i = 0; i < batch->rows; i++) {
		uint32_t row = batch->index[i];

		while (row - first >= steps) {
			first += steps;
			corner += lists->values;
		}
		corner[row - first] = encode(batch->column[0][i]);
	}
}

void lists_add(struct lists *lists, const struct batch *batch)
{
	const struct tile *tile = &batch->tile;

	assert((uint64_t)tile->generator + tile->generators <= lists->generators);
	assert(tile->step + tile->steps <= lists->values);
	assert(batch->rows <= tile_rows(tile));

	uint64_t *corner = lists->place + tile->generator * lists->values + tile->step;
	if (batch->dense) {
		assert(batch->rows == tile_rows(tile));
		add_dense(lists, batch, corner);
	} else {
		add_indexed(lists, batch, corner);
	}
}

size_t lists_read(const struct lists *lists, uint32_t generator, uint64_t *cursor, double *out,
		  size_t room)
{
	assert(generator < lists->generators && *cursor <= lists->values);

	const uint64_t *list = lists->place + generator * lists->values;
	uint64_t step = *cursor;
	size_t n = 0;

	while (n < room && step < lists->values) {
		uint64_t bits = list[step++];

		out[n] = decode(bits);
		n += bits != 0;
	}
	*cursor = step;
	return n;
}
