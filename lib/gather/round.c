/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * round.c - the two countdowns of a round
 */
#include "gather/round.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"

bool round_init(struct round *round, const struct plan *plan, unsigned npartials)
{
	*round = (struct round){ .npartials = npartials };
	atomic_init(&round->unclaimed, 0);
	atomic_init(&round->remaining, 0);
	atomic_init(&round->given_up, 0);
	round->partials = calloc(npartials, sizeof(*round->partials));
	if (round->partials == NULL) {
		return false;
	}
	for (unsigned i = 0; i < npartials; i++) {
		round->partials[i] = partial_create(plan);
		if (round->partials[i] == NULL) {
			round_fini(round);
			return false;
		}
	}
	return true;
}

void round_fini(struct round *round)
{
	if (round->partials != NULL) {
		for (unsigned i = 0; i < round->npartials; i++) {
			partial_destroy(&round->partials[i]);
		}
	}
	free(round->partials);
	round->partials = NULL;
	lists_destroy(&round->lists);
}

void round_open(struct round *round, uint64_t number, uint64_t tiles, int64_t start_ns)
{
	assert(round_complete(round) && tiles > 0 && tiles <= INT64_MAX);
	round->number = number;
	round->tiles = tiles;
	round->start_ns = start_ns;
	round->begun_ns = start_ns;
	for (unsigned i = 0; i < round->npartials; i++) {
		partial_reset(round->partials[i]);
	}
	if (round->lists != NULL) {
		lists_reset(round->lists);
	}
	atomic_store_explicit(&round->given_up, 0, memory_order_relaxed);
	atomic_store_explicit(&round->remaining, (long long)tiles, memory_order_relaxed);
	/* Opens: all of the above is seen by whoever claims. */
	atomic_store_explicit(&round->unclaimed, (long long)tiles, memory_order_release);
}

bool round_claim(struct round *round, uint64_t *tile)
{
	/* The look first keeps a crowd of idle producers from counting ever further down. */
	if (atomic_load_explicit(&round->unclaimed, memory_order_relaxed) <= 0) {
		return false;
	}
	long long left = atomic_fetch_sub_explicit(&round->unclaimed, 1, memory_order_acq_rel);
	if (left <= 0) {
		return false;
	}
	*tile = round->tiles - (uint64_t)left;
	if (*tile == 0 && round->start_ns == 0) {
		round->begun_ns = clock_now_ns();
	}
	return true;
}

/* The decrement releases what this thread did for the round, and acquires what all others did
 * where it is the last. */
static bool count_down(struct round *round, long long tiles)
{
	long long left =
		atomic_fetch_sub_explicit(&round->remaining, tiles, memory_order_acq_rel) - tiles;

	assert(left >= 0);
	return left == 0;
}

bool round_fold(struct round *round, unsigned slot, const struct batch *batch)
{
	assert(slot < round->npartials && batch->tile.round == round->number);
	partial_add(round->partials[slot], batch, round->lists);
	return count_down(round, 1);
}

bool round_give_up(struct round *round, uint32_t rows)
{
	atomic_fetch_add_explicit(&round->given_up, rows, memory_order_relaxed);
	return count_down(round, 1);
}

uint64_t round_close(struct round *round)
{
	long long left = atomic_exchange_explicit(&round->unclaimed, 0, memory_order_acq_rel);

	return left > 0 ? (uint64_t)left : 0;
}

void round_give_up_rest(struct round *round, uint64_t tiles, uint64_t rows)
{
	if (tiles > 0) {
		atomic_fetch_add_explicit(&round->given_up, rows, memory_order_relaxed);
		(void)count_down(round, (long long)tiles);
	}
}

bool round_complete(const struct round *round)
{
	return atomic_load_explicit(&round->remaining, memory_order_acquire) == 0;
}

const struct partial *round_merge(struct round *round)
{
	for (unsigned i = 1; i < round->npartials; i++) {
		partial_merge(round->partials[0], round->partials[i]);
	}
	return round->partials[0];
}
