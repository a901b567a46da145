/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pipeline.h - what producers, consumers and the supervisor of one pipeline share
 *
 * Threads: the supervisor is the one thread that calls the public interface.  Fields say who else
 * reads them.
 */
#ifndef PIPELINE_PIPELINE_H
#define PIPELINE_PIPELINE_H

#include "comprehension/comprehension.h"
#include "gather/round.h"
#include "pipeline/route.h"
#include "pipeline/tiling.h"
#include "source/source.h"

struct producer;
struct consumer;

/* Rounds that are open at a time: the one being drained and the one being drawn. */
enum { PIPELINE_ROUNDS = 2 };

struct stage {
	char *name; /* NULL where the only stage has none */
	struct comprehension *comprehension;
	struct route_slot route; /* read by the stage before, or by producers */
	unsigned width;
	struct consumer **consumers; /* [width] the supervisor's */
};

struct gather_pipeline {
	/* Constant after creation; everybody reads. */
	char *name;
	uint64_t seed;
	uint64_t max_rounds; /* 0: for ever */
	int64_t delay_ns;
	int64_t every_ns;
	enum isa isa;
	struct tiling tiling;
	struct plan *plan;
	struct source *source;
	unsigned source_columns;
	unsigned columns; /* of a batch: the widest stage's */
	unsigned nstages;
	struct stage *stages; /* [nstages] */
	unsigned ngathers;
	char **gathers; /* [ngathers] */
	int eventfd;    /* consumers write when a round is complete */

	/* The supervisor's. */
	unsigned nproducers;
	struct producer **producers; /* [nproducers] */
	bool started;
	uint64_t handed;      /* rounds handed over, or passed over after a stop */
	uint64_t reported;    /* rounds handed over */
	bool cut;             /* a round was not complete: no later one is handed over */
	struct tally dropped; /* of the rounds that were drawn and passed over */
	uint64_t skipped;
	int64_t next_start_ns; /* of the next round to open; 0: at once */
	double *scalars;       /* [ngathers] */

	/* Shared.  opened: rounds that have been opened; the supervisor stores with release after
	 * round_open(), producers load with acquire.  stopping: set once by the supervisor. */
	_Alignas(CACHE_LINE) atomic_ullong opened;
	atomic_bool stopping;
	struct round rounds[PIPELINE_ROUNDS]; /* round n is in rounds[n % PIPELINE_ROUNDS] */
};

/* Tell the supervisor that a round is complete.  Any thread; never blocks. */
void pipeline_notify(const struct gather_pipeline *pipeline);

static inline struct round *pipeline_round(struct gather_pipeline *pipeline, uint64_t number)
{
	return &pipeline->rounds[number % PIPELINE_ROUNDS];
}

#endif
