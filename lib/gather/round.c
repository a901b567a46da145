/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * round.c - the two countdowns of a round
 */
#include "gather/round.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"

/* How unclaimed is divided: rows of a round are below 2^62 and so are its tiles far below 2^52. */
enum { TAG_SHIFT = 52 };
#define LEFT_MASK ((UINT64_C(1) << TAG_SHIFT) - 1)

static uint64_t tag(uint64_t number)
{
	return number << TAG_SHIFT;
}

bool round_init(struct round *round, const struct plan *plan, unsigned npartials)
{
	*round = (struct round){ .npartials = npartials };
	atomic_init(&round->unclaimed, 0);
	atomic_init(&round->remaining, 0);
	atomic_init(&round->complete, true);
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
	assert(round_complete(round) && tiles > 0 && tiles <= LEFT_MASK);
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
	atomic_store_explicit(&round->complete, false, memory_order_relaxed);
	/* Opens: all of the above is seen by whoever claims. */
	atomic_store_explicit(&round->unclaimed, tag(number) | tiles, memory_order_release);
}

bool round_claim(struct round *round, uint64_t number, uint64_t *tile)
{
	unsigned long long seen = atomic_load_explicit(&round->unclaimed, memory_order_relaxed);

	do {
		if ((seen & ~LEFT_MASK) != tag(number) || (seen & LEFT_MASK) == 0) {
			return false;
		}
	} while (!atomic_compare_exchange_weak_explicit(
		&round->unclaimed, &seen, seen - 1, memory_order_acquire, memory_order_relaxed));
	*tile = round->tiles - (seen & LEFT_MASK);
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
	if (left > 0) {
		return false;
	}
	round->done_ns = clock_now_ns();
	atomic_store_explicit(&round->complete, true, memory_order_release);
	return true;
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
	return atomic_exchange_explicit(&round->unclaimed, 0, memory_order_acq_rel) & LEFT_MASK;
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
	return atomic_load_explicit(&round->complete, memory_order_acquire);
}

const struct partial *round_merge(struct round *round)
{
	for (unsigned i = 1; i < round->npartials; i++) {
		partial_merge(round->partials[0], round->partials[i]);
	}
	return round->partials[0];
}
