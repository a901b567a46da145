/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * stress_pipeline.c - random pipelines at random widths: the same bits, a ledger that adds up
 *
 * Every random specification runs once at width 1x1 and then at other widths; results must agree to
 * the bit, round by round.  Then it runs once more and is stopped at some moment: what was begun is
 * accounted for, and every round handed over is either whole and equal to the undisturbed one, or
 * is the last and says that it was stopped.  Ten seconds in which nothing moves mean that a batch
 * or a wake-up was lost.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gather.h"
#include "random.h"

enum { ROUNDS_MAX = 6, GATHERS = 8, STAGES = 3, FACES = 64, SILENCE_MS = 10000 };

static const char *const names[GATHERS] = { "count", "sum", "mean",  "variance",
					    "min",   "max", "stdev", "list" };

static const char *const firsts[] = {
	"[x for x in uniform(0, 1)]",
	"[x*x for x in uniform(-1, 1) if x > 0.5]",
	"[4*(x*x+y*y<1) for x, y in uniform(0, 1)]",
	"[1/round(x) for x in uniform(0, 3)]",
	"[x for x in uniform(0, 1) if x > 2]",
	"[x/(y > 0.001) for x, y in uniform(0, 1) if x or y]",
};
static const char *const nexts[] = {
	"[log(y) for y in s%u if y < 0.9]",
	"[y + 1 for y in s%u]",
	"[y if y > 0.1 else -y for y in s%u if y != 1]",
};

/* What a round gave, in a form that can be compared. */
struct face {
	uint64_t drawn, gathered, filtered, faulted, digest;
	double scalars[GATHERS];
};

struct watched {
	struct gather_spec spec;
	struct face faces[FACES];
	uint64_t nfaces;
	const struct watched *model; /* the undisturbed run, or NULL */
	bool stopping;
	bool cut; /* a round was stopped: the last one */
};

static void die(const struct watched *run, const char *what)
{
	fprintf(stderr, "pipeline: %s: %u producers, %u stages of %u .. consumers, %s\n", what,
		run->spec.producers, run->spec.nstages, run->spec.stages[0].width,
		run->spec.stages[0].comprehension);
	abort();
}

static uint64_t digest_lists(const struct gather_result *result)
{
	uint64_t digest = 1;
	double values[100];

	for (uint32_t g = 0; g < result->generators; g++) {
		uint64_t cursor = 0;
		size_t n;
		do {
			n = gather_lists_read(result->lists, g, &cursor, values, 100);
			for (size_t i = 0; i < n; i++) {
				uint64_t bits;
				memcpy(&bits, &values[i], sizeof(bits));
				digest = (digest ^ bits) * UINT64_C(0x100000001b3) + 1;
			}
		} while (n == 100);
		digest = digest * UINT64_C(0x9e3779b97f4a7c15) + g;
	}
	return digest;
}

static void on_result(const struct gather_result *result, void *arg)
{
	struct watched *run = arg;
	struct face face;

	memset(&face, 0, sizeof(face));
	face.drawn = result->drawn;
	face.gathered = result->gathered;
	face.filtered = result->filtered;
	face.faulted = result->faulted;
	face.digest = result->lists != NULL ? digest_lists(result) : 0;
	memcpy(face.scalars, result->scalars, result->ngathers * sizeof(double));
	if (!result->ledger_ok) {
		die(run, "the ledger does not add up");
	}
	if (result->round != run->nfaces + 1) {
		die(run, "a round out of order");
	}
	if (run->cut) {
		die(run, "a round after one that was stopped");
	}
	run->cut = result->outcome != GATHER_COMPLETE;
	if (result->outcome == GATHER_COMPLETE) {
		if (result->drawn != run->spec.parallel * run->spec.values) {
			die(run, "a complete round that is not");
		}
		if (run->model != NULL &&
		    memcmp(&face, &run->model->faces[run->nfaces], sizeof(face)) != 0) {
			die(run, "other bits than at width 1x1");
		}
	} else if (!run->stopping) {
		die(run, "stopped by nobody");
	}
	if (run->nfaces == FACES) {
		die(run, "more rounds than asked for");
	}
	run->faces[run->nfaces++] = face;
}

static void check_stats(struct watched *run, const struct gather_pipeline *pipeline)
{
	struct gather_stats stats;

	gather_pipeline_stats(pipeline, &stats);
	if (!stats.ledger_ok || stats.drawn != stats.gathered + stats.filtered + stats.faulted +
						       stats.dropped + stats.inflight) {
		die(run, "the counters do not add up");
	}
}

static void run_once(struct watched *run, int64_t stop_after_us)
{
	struct gather_pipeline *pipeline;
	struct gather_error error;

	if (gather_pipeline_create(&pipeline, &run->spec, &error) != GATHER_OK ||
	    gather_pipeline_start(pipeline, &error) != GATHER_OK) {
		fprintf(stderr, "%s\n", error.message);
		die(run, "cannot start");
	}
	if (stop_after_us >= 0) {
		struct timespec pause = { .tv_nsec = stop_after_us * 1000 };
		nanosleep(&pause, NULL);
		run->stopping = true;
		gather_pipeline_stop(pipeline);
	}
	while (!gather_pipeline_done(pipeline)) {
		struct pollfd pollfd = { .fd = gather_pipeline_fd(pipeline), .events = POLLIN };
		if (poll(&pollfd, 1, SILENCE_MS) == 0) {
			die(run, "ten seconds of silence, a batch or a wake-up was lost");
		}
		check_stats(run, pipeline);
		if (gather_pipeline_dispatch(pipeline, on_result, run) != GATHER_OK) {
			die(run, "no memory");
		}
	}
	check_stats(run, pipeline);
	gather_pipeline_destroy(&pipeline);
}

struct sketch {
	struct gather_spec spec;
	struct gather_stage stages[STAGES];
	char names[STAGES][8];
	char texts[STAGES][128];
};

static unsigned pick(uint64_t *random, unsigned from, unsigned to)
{
	return from + (unsigned)(random_next(random) % (to - from + 1));
}

static void invent(struct sketch *sketch, uint64_t *random)
{
	uint64_t rows = 1 + random_next(random) % 60000;
	uint64_t parallel = 1 + random_next(random) % (random_next(random) % 2 == 0 ? 5 : rows);

	memset(sketch, 0, sizeof(*sketch));
	sketch->spec = (struct gather_spec){
		.name = "stress",
		.seed = random_next(random),
		.parallel = parallel,
		.values = rows / parallel + 1,
		.delay_ns = random_next(random) % 4 == 0 ? 1000 : 0,
		.every_ns = random_next(random) % 8 == 0 ? 100000 : 0,
		.rounds = 1 + random_next(random) % ROUNDS_MAX,
		.nstages = pick(random, 1, STAGES),
		.stages = sketch->stages,
		.ngathers = GATHERS,
		.gathers = names,
	};
	if (sketch->spec.delay_ns > 0 && sketch->spec.values > 300) {
		sketch->spec.values = 300;
	}
	for (unsigned i = 0; i < sketch->spec.nstages; i++) {
		snprintf(sketch->names[i], sizeof(sketch->names[i]), "s%u", i);
		if (i == 0) {
			snprintf(sketch->texts[0], sizeof(sketch->texts[0]), "%s",
				 firsts[pick(random, 0, sizeof(firsts) / sizeof(*firsts) - 1)]);
		} else {
			unsigned k = pick(random, 0, sizeof(nexts) / sizeof(*nexts) - 1);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			snprintf(sketch->texts[i], sizeof(sketch->texts[i]), nexts[k], i - 1);
#pragma GCC diagnostic pop
		}
		sketch->stages[i].name = sketch->names[i];
		sketch->stages[i].comprehension = sketch->texts[i];
	}
}

static void set_widths(struct sketch *sketch, uint64_t *random, unsigned max)
{
	sketch->spec.producers = max == 1 ? 1 : pick(random, 1, max);
	for (unsigned i = 0; i < sketch->spec.nstages; i++) {
		sketch->stages[i].width = max == 1 ? 1 : pick(random, 1, max);
	}
}

static void run_case(uint64_t *random)
{
	static struct watched model, run;
	struct sketch sketch;

	invent(&sketch, random);
	memset(&model, 0, sizeof(model));
	set_widths(&sketch, random, 1);
	model.spec = sketch.spec;
	run_once(&model, -1);
	for (unsigned i = 0; i < 4; i++) {
		memset(&run, 0, sizeof(run));
		set_widths(&sketch, random, i == 0 ? 32 : 8);
		run.spec = sketch.spec;
		run.model = &model;
		run_once(&run, i < 2 ? -1 : (int64_t)(random_next(random) % 3000));
	}
}

int main(void)
{
	uint64_t random = random_seed("stress_pipeline");
	unsigned cases = getenv("GATHERD_TEST_LONG") != NULL ? 1000 : 40;

	for (unsigned i = 0; i < cases; i++) {
		run_case(&random);
	}
	printf("pipeline: %u specifications at 5 widths each, all the same bits\n", cases);
	return 0;
}
