/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * batch.h - the rows of one tile on their way, stored by column
 *
 * A tile is the unit of drawing, fixed by coordinates and never by a thread.  A batch
 * carries its rows: the producer that allocated it fills it, each stage transforms it
 * in place, the last stage folds it and posts it back home.
 *
 * Threads: a batch has one owner at a time, the thread that took it from its mailbox;
 * the hand-over orders everything (mailbox.h).
 */
#ifndef QUEUE_BATCH_H
#define QUEUE_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "gather.h"
#include "queue/mailbox.h"

enum {
	BATCH_ROWS = 4096,  /* the most rows of a tile; part of what a result depends on */
	BATCH_COLUMNS = 16, /* the most columns of a row */
	BATCH_ALIGN = 64,   /* [bytes] alignment of every column */
};

/*
 * A rectangle of generators x steps.  Row r belongs to generator r / steps and to step
 * r % steps, both counted from the rectangle's corner.
 */
struct tile {
	uint64_t round;      /* from 1 */
	uint64_t step;       /* first step, from 0 */
	uint32_t generator;  /* first generator, from 0 */
	uint32_t generators; /* [generators] */
	uint32_t steps;      /* [steps] of each generator; generators x steps <= BATCH_ROWS */
};

static inline uint32_t tile_rows(const struct tile *tile)
{
	return tile->generators * tile->steps;
}

/*
 * Rows 0 .. rows-1 of each column are alive.  index[r] is the row of the tile that row r
 * was before rows were filtered out; while dense, index is not filled and r is that row.
 * Columns have room for a multiple of 8 rows; what stands after the last row is garbage.
 */
struct batch {
	struct message message; /* first: a batch is a message */
	struct mailbox *home;   /* the producer that owns the memory */
	struct round *round;    /* what the rows belong to; set by the producer */
	struct tile tile;
	uint32_t capacity; /* [rows] allocated a column */
	uint32_t rows;     /* alive */
	uint32_t columns;  /* in use: columns of the source, then of the stage before */
	bool dense;
	uint32_t filtered;               /* rows left out by a condition so far */
	uint32_t faulted[GATHER_FAULTS]; /* rows left out by a fault so far, by kind */
	uint16_t *index;                 /* [capacity] */
	double *column[BATCH_COLUMNS];   /* [capacity] each; NULL beyond the allocated ones */
};

/* Allocate a batch of so many rows (rounded up to a multiple of 8) and columns; NULL
 * without memory. */
struct batch *batch_create(uint32_t rows, unsigned columns);

/* Free *batch and clear it; accepts NULL. */
void batch_destroy(struct batch **batch);

/* Make the batch carry a whole tile: rows alive, dense, nothing filtered or faulted. */
void batch_open(struct batch *batch, const struct tile *tile, unsigned columns);

/* Rows left out by faults so far, all kinds. */
uint32_t batch_faulted(const struct batch *batch);

#endif
