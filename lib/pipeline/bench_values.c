/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * bench_values.c - the pipeline, and the plain loop that it is measured against
 *
 * The loop is the fastest arrangement of the same kernels that there is: each thread draws, runs
 * and folds one batch again and again, which never leaves its caches.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/worker.h"
#include "pipeline/spec.h"

enum { TILES_PER_LOOK = 16 }; /* between two looks at the clock */

struct loop {
	const struct gather_pipeline *pipeline; /* only its constant parts */
	unsigned slot;
	int64_t ns;
	struct worker worker;
	struct batch *batch;
	struct evaluator *evaluators[GATHER_STAGES_MAX];
	struct partial *partial;
	struct lists *lists;
	/* The thread's until it is joined. */
	uint64_t rows;
	int64_t elapsed_ns;
};

static void run_tile(struct loop *loop, uint64_t i)
{
	const struct gather_pipeline *pipeline = loop->pipeline;
	struct tile tile = { .round = 1 };

	tiling_tile(&pipeline->tiling, i % pipeline->tiling.tiles, &tile);
	batch_open(loop->batch, &tile, pipeline->source_columns);
	source_fill(pipeline->source, loop->batch);
	loop->rows += loop->batch->rows;
	for (unsigned s = 0; s < pipeline->nstages; s++) {
		evaluator_run(loop->evaluators[s], loop->batch);
	}
	partial_add(loop->partial, loop->batch, loop->lists);
}

static void run(void *arg)
{
	struct loop *loop = arg;
	int64_t start = clock_now_ns();
	uint64_t i = loop->slot * (loop->pipeline->tiling.tiles / GATHER_WIDTH_MAX);

	worker_offline();
	do {
		for (unsigned k = 0; k < TILES_PER_LOOK; k++) {
			run_tile(loop, i++);
		}
		loop->elapsed_ns = clock_now_ns() - start;
	} while (loop->elapsed_ns < loop->ns);
	worker_online();
}

static bool init(struct loop *loop)
{
	const struct gather_pipeline *pipeline = loop->pipeline;

	if (plan_has_list(pipeline->plan)) {
		loop->lists = lists_create(pipeline->tiling.parallel, pipeline->tiling.values);
		if (loop->lists == NULL) {
			return false;
		}
	}
	loop->batch = batch_create(tiling_rows_max(&pipeline->tiling), pipeline->columns);
	loop->partial = partial_create(pipeline->plan);
	if (loop->batch == NULL || loop->partial == NULL) {
		return false;
	}
	for (unsigned s = 0; s < pipeline->nstages; s++) {
		loop->evaluators[s] =
			evaluator_create(pipeline->stages[s].comprehension, pipeline->isa);
		if (loop->evaluators[s] == NULL) {
			return false;
		}
	}
	return true;
}

static void fini(struct loop *loop)
{
	if (loop->batch != NULL) {
		batch_destroy(&loop->batch);
	}
	partial_destroy(&loop->partial);
	lists_destroy(&loop->lists);
	for (unsigned s = 0; s < loop->pipeline->nstages; s++) {
		evaluator_destroy(&loop->evaluators[s]);
	}
}

static int run_loops(struct loop *loops, unsigned threads, struct gather_error *error)
{
	for (unsigned i = 0; i < threads; i++) {
		if (!init(&loops[i])) {
			return error_nomem(error);
		}
	}
	int ret = GATHER_OK;
	for (unsigned i = 0; ret == GATHER_OK && i < threads; i++) {
		ret = worker_start(&loops[i].worker, "bench/loop", run, &loops[i], error);
	}
	for (unsigned i = 0; i < threads; i++) {
		worker_join(&loops[i].worker);
	}
	return ret;
}

static int measure_loops(const struct gather_pipeline *pipeline, unsigned threads, int64_t ns,
			 double *values_per_s, struct gather_error *error)
{
	struct loop *loops = calloc(threads, sizeof(*loops));

	if (loops == NULL) {
		return error_nomem(error);
	}
	for (unsigned i = 0; i < threads; i++) {
		loops[i] = (struct loop){ .pipeline = pipeline, .slot = i, .ns = ns };
	}
	int ret = run_loops(loops, threads, error);

	*values_per_s = 0;
	for (unsigned i = 0; i < threads; i++) {
		if (ret == GATHER_OK) {
			*values_per_s += (double)loops[i].rows / (double)loops[i].elapsed_ns * 1e9;
		}
		fini(&loops[i]);
	}
	free(loops);
	return ret;
}

int gather_bench_loop(const struct gather_spec *spec, unsigned threads, int64_t ns,
		      double *values_per_s, struct gather_error *error)
{
	struct gather_pipeline *pipeline = aligned_alloc(CACHE_LINE, sizeof(*pipeline));

	if (pipeline == NULL) {
		return error_nomem(error);
	}
	memset(pipeline, 0, sizeof(*pipeline));
	int ret = spec_init(pipeline, spec, error);
	if (ret == GATHER_OK) {
		ret = measure_loops(pipeline, threads, ns, values_per_s, error);
	}
	spec_fini(pipeline);
	free(pipeline);
	return ret;
}

static void ignore(const struct gather_result *result, void *arg)
{
	(void)result;
	(void)arg;
}

/* Supervise for a while: rounds are opened and gathered as in the service. */
static void supervise(struct gather_pipeline *pipeline, int64_t until_ns)
{
	struct timespec pause = { .tv_nsec = 1000 * 1000 };

	while (clock_now_ns() < until_ns) {
		(void)gather_pipeline_dispatch(pipeline, ignore, NULL);
		nanosleep(&pause, NULL);
	}
}

static uint64_t accounted(const struct gather_pipeline *pipeline)
{
	struct gather_stats stats;

	gather_pipeline_stats(pipeline, &stats);
	return stats.gathered + stats.filtered + stats.faulted;
}

int gather_bench_pipeline(const struct gather_spec *spec, int64_t ns, double *values_per_s,
			  struct gather_error *error)
{
	struct gather_spec endless = *spec;
	struct gather_pipeline *pipeline;

	endless.rounds = 0;
	endless.delay_ns = 0;
	endless.every_ns = 0;
	int ret = gather_pipeline_create(&pipeline, &endless, error);
	if (ret == GATHER_OK) {
		ret = gather_pipeline_start(pipeline, error);
	}
	if (ret == GATHER_OK) {
		/* A tenth to warm up: threads on their CPUs, batches in the caches. */
		supervise(pipeline, clock_now_ns() + ns / 10);
		int64_t start = clock_now_ns();
		uint64_t before = accounted(pipeline);
		supervise(pipeline, start + ns);
		uint64_t after = accounted(pipeline);
		*values_per_s = (double)(after - before) / (double)(clock_now_ns() - start) * 1e9;
	}
	gather_pipeline_destroy(&pipeline);
	return ret;
}
