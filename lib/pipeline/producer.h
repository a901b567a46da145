/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * producer.h - a thread that draws values and fills batches
 *
 * It claims a tile of an open round, waits until it is due and a batch is at home, fills it and
 * posts it to the first stage.  Its batches are all that it may have on the way: with none
 * at home it waits, which is backpressure.
 */
#ifndef PIPELINE_PRODUCER_H
#define PIPELINE_PRODUCER_H

#include "pipeline/pipeline.h"
#include "pipeline/station.h"

struct producer {
	struct station station;
	struct gather_pipeline *pipeline;
	unsigned nbatches;
	struct batch **batches; /* [nbatches] owned, wherever they are */

	/* The thread's own. */
	struct batch *home;    /* those at home, by message.next, the warmest first */
	uint64_t round;        /* the round to claim from next */
	struct round *claimed; /* round of the claimed tile, or NULL */
	struct tile tile;
	int64_t due_ns; /* of the claimed tile; 0: at once */
	struct feed feed;
};

/* NULL without memory. */
struct producer *producer_create(struct gather_pipeline *pipeline, unsigned slot, unsigned nbatches,
				 unsigned spins);

/* The thread has left, and no batch of it is used by anybody. */
void producer_destroy(struct producer **producer);

GATHER_MUST_USE int producer_start(struct producer *producer, unsigned slot,
				   struct gather_error *error);

#endif
