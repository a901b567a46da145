/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * source.h - what a pipeline draws: distributions over the stream, column by column
 *
 * A value is a pure function of its coordinates (seed, pipeline, round, generator, step,
 * column): see stream.h.  A source is immutable once created and may be used by any
 * number of threads at a time.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/isa.h"
#include "queue/batch.h"

enum { SOURCE_ARGUMENTS = 8 };

/* A call of a distribution as it was written: positional, constant arguments. */
struct source_call {
	const char *name;
	unsigned nargs;
	double args[SOURCE_ARGUMENTS];
};

struct source; /* opaque */

/* The names of all distributions, ended by NULL; for parsers and suggestions. */
const char *const *source_distributions(void);

/*
 * Check one call as NumPy would.  On GATHER_EINPUT error->message says why and *argument is the
 * argument to blame, from 0, or nargs where the number of arguments is wrong.
 */
GATHER_MUST_USE int source_check(const struct source_call *call, unsigned *argument,
				 struct gather_error *error);

/*
 * Create a source of so many columns, each drawn from the same checked call (sites 0, 1,
 * ...), for the pipeline of that name and seed.
 */
GATHER_MUST_USE int source_create(struct source **out, const struct source_call *call,
				  unsigned columns, const char *pipeline, uint64_t seed,
				  enum isa isa, struct gather_error *error);

void source_destroy(struct source **source);

/* Draw every row and column of batch->tile.  The batch is open (batch_open()). */
void source_fill(const struct source *source, struct batch *batch);

#endif
