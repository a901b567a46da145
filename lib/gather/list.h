/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * list.h - one list a generator, filled in place by all consumers of a round
 *
 * The value of generator g and step s has a place of its own, so consumers never share one and
 * nothing is merged.  Places start as zero pages and hold a value's bits exclusive-or'ed with a
 * NaN that no kernel makes, so that zero says "nothing here".
 *
 * Threads: list_add() from any number of threads, for different tiles; reading only after the
 * round's countdown has ordered all of them.
 */
#ifndef GATHER_LIST_H
#define GATHER_LIST_H

#include "queue/batch.h"

struct lists;

/* [bytes] that lists of this shape take; 0 where that overflows. */
uint64_t lists_bytes(uint64_t generators, uint64_t values);

/* NULL without memory (address space is reserved, pages come as they are touched). */
struct lists *lists_create(uint64_t generators, uint64_t values);
void lists_destroy(struct lists **lists);

/* Forget everything; gives the pages back, but for a few that are cleared faster. */
void lists_reset(struct lists *lists);

/* Put the rows of column 0 in their places. */
void lists_add(struct lists *lists, const struct batch *batch);

/* As gather_lists_read(). */
size_t lists_read(const struct lists *lists, uint32_t generator, uint64_t *cursor, double *out,
		  size_t room);

#endif
