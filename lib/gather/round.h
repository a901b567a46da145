/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * round.h - one gather on its way: which tiles are taken, which are folded, and into what
 *
 * A round counts down.  Producers claim its tiles one by one; the batch of each travels to the end
 * of the last stage, where a consumer folds it into the partial of its own slot and counts down.
 * Tiles that are given up when a pipeline stops are counted down by whoever gives them up.
 * Who counts down to 0 tells the supervisor, which merges the partials.
 *
 * Threads: the supervisor opens and reads a round; producers claim, consumers fold.  A round that
 * is exhausted may be claimed from at any time: the claim fails.
 */
#ifndef GATHER_ROUND_H
#define GATHER_ROUND_H

#include <stdatomic.h>

#include "gather/fold.h"
#include "gather/list.h"

struct round {
	/* Written by the supervisor before it opens the round, then constant until the round is
	 * complete; ordered by the release store of unclaimed and the acquiring claim. */
	uint64_t number;
	uint64_t tiles;
	int64_t start_ns; /* when it is due to begin; 0: with its first claim */
	unsigned npartials;
	struct partial **partials; /* [npartials] one for each slot of the last stage */
	struct lists *lists;       /* NULL without "list" */

	/* Written by the producer that claims tile 0, read by the supervisor when the round is
	 * complete. */
	int64_t begun_ns;
	/* Written by whoever counts down to 0, ordered by complete. */
	int64_t done_ns;

	/* Tiles not claimed yet, in the low bits, under the low bits of the round's number, so that
	 * who comes late cannot take a later round's tile for one of this.  Producers take one by
	 * compare-and-swap with acquire, the supervisor opens with a release store and closes
	 * with an exchange. */
	_Alignas(CACHE_LINE) atomic_ullong unclaimed;
	/* Tiles neither folded nor given up.  Counted down with acq_rel, so that whoever counts
	 * down to 0 has every partial behind it; then that thread sets complete with release. */
	_Alignas(CACHE_LINE) atomic_llong remaining;
	atomic_bool complete;
	/* Rows of tiles that were given up; relaxed, ordered by remaining. */
	atomic_ullong given_up;
};

/* Make an empty round that nobody can claim from.  False without memory. */
GATHER_MUST_USE bool round_init(struct round *round, const struct plan *plan, unsigned npartials);
void round_fini(struct round *round);

/* Open: nothing of an earlier round may be left (round_complete()).  The supervisor's. */
void round_open(struct round *round, uint64_t number, uint64_t tiles, int64_t start_ns);

/* Claim the next tile: true and its index; false when there is none, or the slot holds another
 * round than that number.  Producers. */
bool round_claim(struct round *round, uint64_t number, uint64_t *tile);

/* Fold a batch of this round and count down.  True where this was the last. */
GATHER_MUST_USE bool round_fold(struct round *round, unsigned slot, const struct batch *batch);

/* Give up a claimed tile of so many rows.  True where this was the last. */
GATHER_MUST_USE bool round_give_up(struct round *round, uint32_t rows);

/* Let nobody claim any more; returns how many tiles were left, the last ones by index.  The
 * supervisor counts them down with round_give_up_rest(). */
uint64_t round_close(struct round *round);
void round_give_up_rest(struct round *round, uint64_t tiles, uint64_t rows);

/* Whether everything is folded or given up, and done_ns known.  Acquires the partials. */
bool round_complete(const struct round *round);

/* Merge all partials into the first one and return it.  After round_complete(). */
const struct partial *round_merge(struct round *round);

#endif
