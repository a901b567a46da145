/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * bench_fill.c - what it costs to draw a column, for each variant of the kernels
 *
 * Each figure is the median of repetitions; a tile of at most 4096 rows is drawn into the same
 * column again and again, which stays in the caches.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "source/source_kernels.h"
#include "source/stream.h"

enum { REPETITIONS = 101, ROUNDS = 50 };

struct shape {
	const char *name;
	uint32_t generators, steps;
	uint64_t step;
};

static const struct shape shapes[] = {
	{ "1 generator x 4096 steps", 1, 4096, 0 },
	{ "1 generator x 4095 steps, odd", 1, 4095, 1 },
	{ "4 generators x 1000 steps", 4, 1000, 0 },
	{ "40 generators x 100 steps", 40, 100, 0 },
	{ "409 generators x 10 steps", 409, 10, 0 },
	{ "1365 generators x 3 steps", 1365, 3, 0 },
	{ "2048 generators x 2 steps", 2048, 2, 0 },
	{ "4096 generators x 1 step", 4096, 1, 0 },
	{ "4096 generators x 1 step, odd", 4096, 1, 1 },
	{ "4 generators x 1 step", 4, 1, 0 },
	{ "1 generator x 1 step", 1, 1, 0 },
};

static double column[BATCH_ROWS] __attribute__((aligned(BATCH_ALIGN)));

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* [ns] a value. */
static double measure(source_kernel *kernel, const struct shape *shape)
{
	static const double parameters[SOURCE_PARAMETERS] = { -1, 3, 1.9999999999999998 };
	struct tile tile = { .round = 1,
			     .step = shape->step,
			     .generators = shape->generators,
			     .steps = shape->steps };
	struct source_draw draw = { .tile = &tile,
				    .key = stream_key(stream_pipeline(1, "bench"), 1),
				    .parameters = parameters,
				    .out = column };
	double times[REPETITIONS];

	for (int i = 0; i < REPETITIONS; i++) {
		int64_t start = clock_now_ns();

		for (int j = 0; j < ROUNDS; j++) {
			kernel(&draw);
			tile.step += 2 * BATCH_ROWS;
		}
		times[i] = (double)(clock_now_ns() - start) / ROUNDS / tile_rows(&tile);
	}
	qsort(times, REPETITIONS, sizeof(times[0]), compare);
	return times[REPETITIONS / 2];
}

static void bench(enum isa isa, const char *name, enum source_shape draw)
{
	source_kernel *kernel = source_kernels_find(isa)->draw[draw];

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		double ns = measure(kernel, &shapes[i]);

		printf("%-9s  %-14s  %-29s  %8.3f ns/value  %7.1f M values/s\n", isa_name(isa),
		       name, shapes[i].name, ns, 1e3 / ns);
	}
}

int main(void)
{
	static const struct {
		const char *name;
		enum source_shape shape;
	} draws[] = {
		{ "uniform(0, 1)", SOURCE_UNIT },
		{ "uniform(-1, 2)", SOURCE_UNIFORM },
	};

	for (enum isa isa = ISA_BASE; isa < ISA_COUNT; isa++) {
		if (!isa_supported(isa)) {
			printf("%s: this CPU cannot run it\n", isa_name(isa));
			continue;
		}
		for (size_t i = 0; i < sizeof(draws) / sizeof(draws[0]); i++) {
			bench(isa, draws[i].name, draws[i].shape);
		}
	}
	return 0;
}
