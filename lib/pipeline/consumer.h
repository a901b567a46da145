/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * consumer.h - a thread that runs one stage's comprehension
 *
 * It takes all batches that wait in its mailbox, transforms each in place and posts it to the next
 * stage; after the last stage it folds the batch into its slot's partial and posts it home.
 */
#ifndef PIPELINE_CONSUMER_H
#define PIPELINE_CONSUMER_H

#include "pipeline/pipeline.h"
#include "pipeline/station.h"

struct consumer {
	struct station station;
	struct gather_pipeline *pipeline;
	unsigned stage;
	unsigned slot;   /* among the consumers of the stage */
	unsigned enough; /* batches worth a wake-up */
	struct evaluator *evaluator;
	struct feed feed; /* of the next stage */
};

/* NULL without memory. */
struct consumer *consumer_create(struct gather_pipeline *pipeline, unsigned stage, unsigned slot,
				 unsigned enough, unsigned spins);

/* The thread has left. */
void consumer_destroy(struct consumer **consumer);

GATHER_MUST_USE int consumer_start(struct consumer *consumer, struct gather_error *error);

#endif
