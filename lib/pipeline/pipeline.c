/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pipeline.c - the supervisor's side: starting, opening rounds, gathering them, stopping
 *
 * Threads: all functions but pipeline_notify() are the supervisor's.
 */
#include "pipeline/pipeline.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "pipeline/consumer.h"
#include "pipeline/producer.h"
#include "pipeline/spec.h"

enum {
	BATCHES = 64, /* a producer's, when there is enough to do */
	SPINS = 1000, /* looks before sleeping, where every thread can have a CPU */
};

void pipeline_notify(const struct gather_pipeline *pipeline)
{
	uint64_t one = 1;

	/* Cannot fail but by overflow, which would say the same. */
	ssize_t ret = write(pipeline->eventfd, &one, sizeof(one));
	(void)ret;
}

/* Spinning gains something only where it takes no CPU from somebody with work to do. */
static unsigned spins(const struct gather_pipeline *pipeline)
{
	unsigned threads = pipeline->nproducers;
	unsigned cpus = worker_cpus();

	for (unsigned i = 0; i < pipeline->nstages; i++) {
		threads += pipeline->stages[i].width;
	}
	return pipeline->delay_ns == 0 && cpus > 1 && threads <= cpus ? SPINS : 0;
}

/* Two rounds' worth of tiles is all that can ever be on the way. */
static unsigned batches(const struct gather_pipeline *pipeline)
{
	return pipeline->tiling.tiles < BATCHES / 2 ? (unsigned)pipeline->tiling.tiles * 2
						    : BATCHES;
}

static int create_producers(struct gather_pipeline *pipeline, struct gather_error *error)
{
	unsigned n = pipeline->nproducers;

	pipeline->producers = calloc(n, sizeof(*pipeline->producers));
	if (pipeline->producers == NULL) {
		return error_nomem(error);
	}
	for (unsigned i = 0; i < n; i++) {
		pipeline->producers[i] =
			producer_create(pipeline, i, batches(pipeline), spins(pipeline));
		if (pipeline->producers[i] == NULL) {
			return error_nomem(error);
		}
	}
	return GATHER_OK;
}

static int create_consumers(struct gather_pipeline *pipeline, unsigned s,
			    struct gather_error *error)
{
	struct stage *stage = &pipeline->stages[s];
	unsigned senders = s == 0 ? pipeline->nproducers : stage[-1].width;
	struct route *route = route_create(1, senders, stage->width);

	if (route == NULL) {
		return error_nomem(error);
	}
	stage->route.route = route;
	stage->consumers = calloc(stage->width, sizeof(*stage->consumers));
	if (stage->consumers == NULL) {
		return error_nomem(error);
	}
	for (unsigned i = 0; i < stage->width; i++) {
		struct consumer *consumer = consumer_create(
			pipeline, s, i, (batches(pipeline) + 1) / 2, spins(pipeline));
		if (consumer == NULL) {
			return error_nomem(error);
		}
		stage->consumers[i] = consumer;
		route->to[i] = &consumer->station.mailbox;
	}
	return GATHER_OK;
}

static int create(struct gather_pipeline *pipeline, const struct gather_spec *spec,
		  struct gather_error *error)
{
	int ret = spec_init(pipeline, spec, error);

	if (ret != GATHER_OK) {
		return ret;
	}
	for (unsigned i = 0; i < PIPELINE_ROUNDS; i++) {
		if (!round_init(&pipeline->rounds[i], pipeline->plan,
				pipeline->stages[pipeline->nstages - 1].width)) {
			return error_nomem(error);
		}
	}
	pipeline->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (pipeline->eventfd < 0) {
		return error_set(error, GATHER_ESYSTEM, "cannot make an eventfd: %s",
				 strerror(errno));
	}
	ret = create_producers(pipeline, error);
	for (unsigned i = 0; ret == GATHER_OK && i < pipeline->nstages; i++) {
		ret = create_consumers(pipeline, i, error);
	}
	return ret;
}

int gather_pipeline_create(struct gather_pipeline **out, const struct gather_spec *spec,
			   struct gather_error *error)
{
	struct gather_error unused;
	struct gather_pipeline *pipeline = aligned_alloc(CACHE_LINE, sizeof(*pipeline));

	error = error != NULL ? error : &unused;
	*out = NULL;
	if (pipeline == NULL) {
		return error_nomem(error);
	}
	memset(pipeline, 0, sizeof(*pipeline));
	pipeline->eventfd = -1;
	int ret = create(pipeline, spec, error);
	if (ret != GATHER_OK) {
		gather_pipeline_destroy(&pipeline);
		return ret;
	}
	*out = pipeline;
	return GATHER_OK;
}

/* Calls fn for every thread's station, producers first. */
static void each_station(const struct gather_pipeline *pipeline,
			 void (*fn)(struct station *station, void *arg), void *arg)
{
	if (pipeline->producers != NULL) {
		for (unsigned i = 0; i < pipeline->nproducers; i++) {
			if (pipeline->producers[i] != NULL) {
				fn(&pipeline->producers[i]->station, arg);
			}
		}
	}
	for (unsigned s = 0; s < pipeline->nstages; s++) {
		const struct stage *stage = &pipeline->stages[s];
		for (unsigned i = 0; stage->consumers != NULL && i < stage->width; i++) {
			if (stage->consumers[i] != NULL) {
				fn(&stage->consumers[i]->station, arg);
			}
		}
	}
}

static void leave(struct station *station, void *arg)
{
	(void)arg;
	station_leave(station);
}

static void join(struct station *station, void *arg)
{
	(void)arg;
	worker_join(&station->worker);
}

static void nudge_producers(const struct gather_pipeline *pipeline)
{
	for (unsigned i = 0; i < pipeline->nproducers; i++) {
		mailbox_nudge(&pipeline->producers[i]->station.mailbox);
	}
}

/*
 * When the next round of a pipeline with `every` begins: on the grid of starts that the first round
 * began.  A start that the round before has overrun is made up for at once where it is the
 * last, and skipped where another has come since.  Where the first value is not due yet, the
 * round keeps to the grid, so that rounds that just fill their time do not drift.
 */
static int64_t next_on_grid_ns(struct gather_pipeline *pipeline, int64_t now_ns)
{
	int64_t start = pipeline->next_start_ns;

	if (now_ns > start) {
		int64_t skipped = (now_ns - start) / pipeline->every_ns;
		start += skipped * pipeline->every_ns;
		pipeline->skipped += (uint64_t)skipped;
	}
	pipeline->next_start_ns = clock_add_ns(start, pipeline->every_ns);
	return now_ns - start > pipeline->delay_ns ? now_ns : start;
}

/* 0: at once. */
static int64_t next_start_ns(struct gather_pipeline *pipeline)
{
	int64_t start = pipeline->next_start_ns;

	if (pipeline->every_ns > 0) {
		return next_on_grid_ns(pipeline, clock_now_ns());
	}
	if (pipeline->delay_ns > 0) {
		int64_t length = (int64_t)pipeline->tiling.values * pipeline->delay_ns;
		pipeline->next_start_ns = clock_add_ns(start, length);
	}
	return start;
}

/* Whether the next round may open now.  With `every`, a round is opened when the one before is
 * gathered, so that it is known which start it can make. */
static bool may_open(const struct gather_pipeline *pipeline, uint64_t opened)
{
	if (atomic_load_explicit(&pipeline->stopping, memory_order_relaxed) ||
	    (pipeline->max_rounds != 0 && opened == pipeline->max_rounds)) {
		return false;
	}
	return opened - pipeline->handed < (pipeline->every_ns > 0 ? 1 : PIPELINE_ROUNDS);
}

static int open_rounds(struct gather_pipeline *pipeline)
{
	uint64_t opened = atomic_load_explicit(&pipeline->opened, memory_order_relaxed);

	while (may_open(pipeline, opened)) {
		struct round *round = pipeline_round(pipeline, opened + 1);
		if (plan_has_list(pipeline->plan) && round->lists == NULL) {
			round->lists =
				lists_create(pipeline->tiling.parallel, pipeline->tiling.values);
			if (round->lists == NULL) {
				/* With a round open there will be another try. */
				return opened > pipeline->handed ? GATHER_OK : GATHER_ENOMEM;
			}
		}
		round_open(round, opened + 1, pipeline->tiling.tiles, next_start_ns(pipeline));
		opened++;
		/* Pairs with the producers' acquire load: who sees the number sees the round. */
		atomic_store_explicit(&pipeline->opened, opened, memory_order_release);
		nudge_producers(pipeline);
	}
	return GATHER_OK;
}

int gather_pipeline_start(struct gather_pipeline *pipeline, struct gather_error *error)
{
	int ret = GATHER_OK;

	assert(!pipeline->started);
	pipeline->started = true;
	for (unsigned i = 0; ret == GATHER_OK && i < pipeline->nproducers; i++) {
		ret = producer_start(pipeline->producers[i], i, error);
	}
	for (unsigned s = 0; s < pipeline->nstages; s++) {
		struct stage *stage = &pipeline->stages[s];
		for (unsigned i = 0; ret == GATHER_OK && i < stage->width; i++) {
			ret = consumer_start(stage->consumers[i], error);
		}
	}
	if (ret == GATHER_OK) {
		if (pipeline->delay_ns > 0 || pipeline->every_ns > 0) {
			pipeline->next_start_ns = clock_now_ns();
		}
		ret = open_rounds(pipeline);
		if (ret != GATHER_OK) {
			error_nomem(error);
		}
	}
	if (ret != GATHER_OK) {
		each_station(pipeline, leave, NULL);
		each_station(pipeline, join, NULL);
	}
	return ret;
}

int gather_pipeline_fd(const struct gather_pipeline *pipeline)
{
	return pipeline->eventfd;
}

/* What a round gave, from its merged partial. */
static void read_result(struct gather_pipeline *pipeline, struct round *round,
			struct gather_result *result)
{
	const struct partial *partial = round_merge(round);
	struct tally tally;
	uint64_t given_up = atomic_load_explicit(&round->given_up, memory_order_relaxed);
	uint64_t all = pipeline->tiling.parallel * pipeline->tiling.values;
	int64_t runtime = round->done_ns - round->begun_ns;

	partial_tally(partial, &tally);
	*result = (struct gather_result){
		.round = round->number,
		.outcome = given_up == 0 ? GATHER_COMPLETE : GATHER_STOPPED,
		.runtime_ns = round->begun_ns != 0 && runtime > 0 ? runtime : 0,
		.ideal_ns = (int64_t)pipeline->tiling.values * pipeline->delay_ns,
		.generators = pipeline->tiling.parallel,
		.drawn = tally.drawn,
		.gathered = tally.gathered,
		.filtered = tally.filtered,
		.ngathers = pipeline->ngathers,
		.gathers = (const char *const *)pipeline->gathers,
		.scalars = pipeline->scalars,
		.lists = (const struct gather_lists *)round->lists,
	};
	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		result->faults[i] = tally.faulted[i];
		result->faulted += tally.faulted[i];
	}
	for (unsigned i = 0; i < pipeline->ngathers; i++) {
		pipeline->scalars[i] = partial_read(partial, i);
	}
	/* What must have been drawn is known from the tiles alone. */
	result->ledger_ok = result->drawn == all - given_up &&
			    result->drawn == result->gathered + result->filtered + result->faulted +
						     result->dropped;
}

size_t gather_lists_read(const struct gather_lists *lists, uint32_t generator, uint64_t *cursor,
			 double *out, size_t room)
{
	/* The public name of struct lists, which nobody outside can look into. */
	return lists_read((const struct lists *)lists, generator, cursor, out, room);
}

static void add_tally(struct tally *to, const struct gather_result *result)
{
	to->drawn += result->drawn;
	to->gathered += result->gathered;
	to->filtered += result->filtered;
	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		to->faulted[i] += result->faults[i];
	}
}

/*
 * What is handed over is a prefix of all rounds: after a round that a stop has cut, no other is
 * handed over, and what was drawn for it is dropped.  Of rounds that a stop finds opened in
 * advance and not begun there is nothing to say, unless there is nothing else.
 */
static void hand_over(struct gather_pipeline *pipeline, struct round *round, gather_result_fn *fn,
		      void *arg)
{
	struct gather_result result;

	read_result(pipeline, round, &result);
	pipeline->handed++;
	if (pipeline->cut) {
		add_tally(&pipeline->dropped, &result);
		return;
	}
	pipeline->cut = result.outcome != GATHER_COMPLETE;
	if (result.drawn > 0 || pipeline->reported == 0) {
		pipeline->reported++;
		fn(&result, arg);
	}
}

int gather_pipeline_dispatch(struct gather_pipeline *pipeline, gather_result_fn *fn, void *arg)
{
	uint64_t count;
	ssize_t ret = read(pipeline->eventfd, &count, sizeof(count));

	(void)ret; /* a counter that is 0 already is no error */
	while (pipeline->handed < atomic_load_explicit(&pipeline->opened, memory_order_relaxed)) {
		struct round *round = pipeline_round(pipeline, pipeline->handed + 1);
		if (!round_complete(round)) {
			break;
		}
		hand_over(pipeline, round, fn, arg);
	}
	return open_rounds(pipeline);
}

void gather_pipeline_stop(struct gather_pipeline *pipeline)
{
	uint64_t opened = atomic_load_explicit(&pipeline->opened, memory_order_relaxed);

	if (atomic_exchange_explicit(&pipeline->stopping, true, memory_order_acq_rel)) {
		return;
	}
	for (uint64_t number = pipeline->handed + 1; number <= opened; number++) {
		struct round *round = pipeline_round(pipeline, number);
		uint64_t left = round_close(round);
		round_give_up_rest(round, left,
				   tiling_rows_from(&pipeline->tiling,
						    pipeline->tiling.tiles - left));
	}
	nudge_producers(pipeline);
	pipeline_notify(pipeline);
}

bool gather_pipeline_done(const struct gather_pipeline *pipeline)
{
	if (pipeline->max_rounds != 0 && pipeline->handed == pipeline->max_rounds) {
		return true;
	}
	return atomic_load_explicit(&pipeline->stopping, memory_order_relaxed) &&
	       pipeline->handed == atomic_load_explicit(&pipeline->opened, memory_order_relaxed);
}

static void add_cpu(struct station *station, void *arg)
{
	*(uint64_t *)arg += worker_cpu_ns(&station->worker);
}

static uint64_t read_drawn(const struct gather_pipeline *pipeline)
{
	uint64_t drawn = 0;

	for (unsigned i = 0; i < pipeline->nproducers; i++) {
		drawn += counters_read(&pipeline->producers[i]->station.counters.drawn);
	}
	return drawn;
}

static void read_consumers(const struct gather_pipeline *pipeline, struct gather_stats *stats)
{
	int64_t now_ns = clock_now_ns();

	for (unsigned s = 0; s < pipeline->nstages; s++) {
		const struct stage *stage = &pipeline->stages[s];
		stats->consumers[s] = stage->width;
		for (unsigned i = 0; i < stage->width; i++) {
			const struct station *station = &stage->consumers[i]->station;
			stats->gathered += counters_read(&station->counters.gathered);
			stats->filtered += counters_read(&station->counters.filtered);
			stats->faulted += counters_read(&station->counters.faulted);
			stats->starved_ns += station_waited_ns(station, now_ns);
		}
	}
	for (unsigned i = 0; i < pipeline->nproducers; i++) {
		stats->blocked_ns += station_waited_ns(&pipeline->producers[i]->station, now_ns);
	}
}

/* Consumers have counted the rows of rounds that were passed over; they count as dropped. */
static void move_dropped(const struct gather_pipeline *pipeline, struct gather_stats *stats)
{
	stats->dropped = pipeline->dropped.drawn;
	stats->gathered -= pipeline->dropped.gathered;
	stats->filtered -= pipeline->dropped.filtered;
	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		stats->faulted -= pipeline->dropped.faulted[i];
	}
}

/* Rows that all batches together can carry. */
static uint64_t capacity(const struct gather_pipeline *pipeline)
{
	uint64_t batches_all = (uint64_t)pipeline->nproducers * batches(pipeline);

	return batches_all * tiling_rows_max(&pipeline->tiling);
}

/*
 * What was drawn is read before and after what is accounted for: no more can be accounted for than
 * was drawn afterwards, and no more can be missing of what was drawn before than the batches hold
 * (struct counters says what makes both true).
 */
void gather_pipeline_stats(const struct gather_pipeline *pipeline, struct gather_stats *stats)
{
	uint64_t opened = atomic_load_explicit(&pipeline->opened, memory_order_relaxed);

	*stats = (struct gather_stats){
		.round = pipeline->handed < opened ? pipeline->handed + 1 : opened,
		.rounds = pipeline->reported,
		.skipped = pipeline->skipped,
		.producers = pipeline->nproducers,
		.nstages = pipeline->nstages,
	};
	uint64_t before = read_drawn(pipeline);
	read_consumers(pipeline, stats);
	stats->drawn = read_drawn(pipeline);
	move_dropped(pipeline, stats);
	uint64_t accounted = stats->gathered + stats->filtered + stats->faulted + stats->dropped;
	stats->inflight = stats->drawn - accounted;
	stats->ledger_ok = accounted <= stats->drawn && before <= accounted + capacity(pipeline) &&
			   (!gather_pipeline_done(pipeline) || stats->inflight == 0);
	each_station(pipeline, add_cpu, &stats->cpu_ns);
}

void gather_pipeline_destroy(struct gather_pipeline **pointer)
{
	if (pointer == NULL || *pointer == NULL) {
		return;
	}
	struct gather_pipeline *pipeline = *pointer;

	*pointer = NULL;
	each_station(pipeline, leave, NULL);
	each_station(pipeline, join, NULL);
	for (unsigned i = 0; pipeline->producers != NULL && i < pipeline->nproducers; i++) {
		producer_destroy(&pipeline->producers[i]);
	}
	free(pipeline->producers);
	for (unsigned s = 0; s < pipeline->nstages; s++) {
		struct stage *stage = &pipeline->stages[s];
		for (unsigned i = 0; stage->consumers != NULL && i < stage->width; i++) {
			consumer_destroy(&stage->consumers[i]);
		}
		free(stage->consumers);
		free(stage->route.route);
	}
	for (unsigned i = 0; i < PIPELINE_ROUNDS; i++) {
		round_fini(&pipeline->rounds[i]);
	}
	if (pipeline->eventfd >= 0) {
		close(pipeline->eventfd);
	}
	spec_fini(pipeline);
	free(pipeline);
}
