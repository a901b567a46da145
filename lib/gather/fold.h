/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * fold.h - aggregate functions: add a batch, merge, read
 *
 * A plan says which folds a pipeline needs; a partial is the state of all of them, for one
 * round and one consumer.  Any split of the batches of a round over partials, merged in any
 * order, reads the same bits: counts are integers, min and max are order-free, and sums are
 * kept in exact accumulators (exact.h) to which each tile adds a few doubles that depend on
 * that tile alone.
 *
 * Threads: a plan is immutable and shared.  A partial has one owner at a time.
 */
#ifndef GATHER_FOLD_H
#define GATHER_FOLD_H

#include "base/isa.h"
#include "queue/batch.h"

struct plan;    /* opaque */
struct partial; /* opaque */
struct lists;   /* opaque; see list.h */

/* The gathered names that can be asked for, ended by NULL. */
const char *const *plan_names(void);

/*
 * Make a plan of n names.  On GATHER_EINPUT error->item is the name to blame (unknown, with a
 * suggestion in hint; or given twice).
 */
GATHER_MUST_USE int plan_create(struct plan **out, const char *const *names, unsigned n,
				enum isa isa, struct gather_error *error);

void plan_destroy(struct plan **plan);

/* Whether "list" is among the names. */
bool plan_has_list(const struct plan *plan);

/* NULL without memory.  The plan must outlive the partial. */
struct partial *partial_create(const struct plan *plan);

void partial_destroy(struct partial **partial);

/* Forget everything. */
void partial_reset(struct partial *partial);

/*
 * Add what is left of a tile at the end of the last stage, and count what was drawn, filtered
 * and faulted.  lists is where "list" goes, NULL without it.  Never allocates.
 */
void partial_add(struct partial *partial, const struct batch *batch, struct lists *lists);

/* Add everything that is in from to into. */
void partial_merge(struct partial *into, const struct partial *from);

/* The ledger of what was added. */
struct tally {
	uint64_t drawn;
	uint64_t gathered;
	uint64_t filtered;
	uint64_t faulted[GATHER_FAULTS];
};

void partial_tally(const struct partial *partial, struct tally *tally);

/*
 * The value of the plan's n-th name; 0 for "list".  Of nothing: count and sum are 0, the others
 * nan; variance, stdev and stderr of fewer than two values are nan.
 *
 * A nan among the values makes all but count nan.  Infinities add up as floats do, variance,
 * stdev and stderr are nan then.  -0 is less than +0.  Variance is that of a sample (n - 1), stderr
 * that of the mean.  sum and mean are exact but for what a tile rounds (fold_kernels.h), the others
 * as moments.h says; stdev and stderr hold where the variance itself leaves the range of a double.
 */
double partial_read(const struct partial *partial, unsigned n);

#endif
