/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * bench_fold.c - what gathering costs: adding tiles, for each variant of the kernels, and reading
 *
 * Each figure is the median of repetitions.  The same tile is added again and again, which stays in
 * the caches; lists are written all over, place after place.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gather/fold.h"
#include "gather/list.h"
#include "random.h"

enum { REPETITIONS = 101, ROUNDS = 50, LIST_TILES = 256 };

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double times[REPETITIONS])
{
	qsort(times, REPETITIONS, sizeof(times[0]), compare);
	return times[REPETITIONS / 2];
}

static void need(bool there)
{
	if (!there) {
		fprintf(stderr, "bench_fold: no memory\n");
		exit(EXIT_FAILURE);
	}
}

static struct plan *create_plan(const char *name, enum isa isa)
{
	struct gather_error error;
	struct plan *plan;

	if (plan_create(&plan, &name, 1, isa, &error) != GATHER_OK) {
		fprintf(stderr, "bench_fold: %s\n", error.message);
		exit(EXIT_FAILURE);
	}
	return plan;
}

/* A whole tile of one generator. */
static struct batch *create_batch(uint32_t rows)
{
	struct tile tile = { .round = 1, .generators = 1, .steps = rows };
	struct batch *batch = batch_create(rows, 1);
	uint64_t state = 1;

	need(batch != NULL);
	batch_open(batch, &tile, 1);
	for (uint32_t i = 0; i < rows; i++) {
		batch->column[0][i] = (double)(random_next(&state) >> 11) * 0x1p-53;
	}
	return batch;
}

/* [ns] a row. */
static double measure_add(struct partial *partial, struct batch *batch)
{
	double times[REPETITIONS];

	for (int i = 0; i < REPETITIONS; i++) {
		int64_t start = clock_now_ns();

		for (int j = 0; j < ROUNDS; j++) {
			partial_add(partial, batch, NULL);
		}
		times[i] = (double)(clock_now_ns() - start) / ROUNDS / batch->rows;
	}
	return median(times);
}

static void bench_add(enum isa isa, const char *name, uint32_t rows, double (*change)(double))
{
	struct plan *plan = create_plan(name, isa);
	struct partial *partial = partial_create(plan);
	struct batch *batch = create_batch(rows);

	need(partial != NULL);
	for (uint32_t i = 0; i < rows && change != NULL; i++) {
		batch->column[0][i] = change(batch->column[0][i]);
	}
	double ns = measure_add(partial, batch);
	printf("%-9s  %-8s  %4u rows%s  %8.3f ns/row  %9.1f ns/tile\n", isa_name(isa), name, rows,
	       change != NULL ? " (huge)" : "       ", ns, ns * rows);
	batch_destroy(&batch);
	partial_destroy(&partial);
	plan_destroy(&plan);
}

static double huge(double x)
{
	return x * 1e300;
}

/* Lists of one round after another, pages given back in between. */
static void bench_lists(uint32_t generators, uint64_t tiles)
{
	struct batch *batch = create_batch(BATCH_ROWS);
	uint64_t values = tiles * BATCH_ROWS / generators;
	struct lists *lists = lists_create(generators, values);
	double add[REPETITIONS], reset[REPETITIONS];

	need(lists != NULL);
	batch->tile.generators = generators;
	batch->tile.steps = BATCH_ROWS / generators;
	for (int i = 0; i < REPETITIONS; i++) {
		int64_t start = clock_now_ns();

		for (uint64_t j = 0; j < tiles; j++) {
			batch->tile.step = j * batch->tile.steps;
			lists_add(lists, batch);
		}
		int64_t middle = clock_now_ns();
		lists_reset(lists);
		add[i] = (double)(middle - start) / (double)(tiles * BATCH_ROWS);
		reset[i] = (double)(clock_now_ns() - middle) / (double)(tiles * BATCH_ROWS);
	}
	printf("list       %4u generators x %7" PRIu64 " values", generators, values);
	printf("  add %8.3f ns/row  reset %8.3f ns/row\n", median(add), median(reset));
	lists_destroy(&lists);
	batch_destroy(&batch);
}

static void bench_read(const char *name)
{
	struct plan *plan = create_plan(name, ISA_BASE);
	struct partial *partial = partial_create(plan);
	struct partial *other = partial_create(plan);
	struct batch *batch = create_batch(BATCH_ROWS);
	double read[REPETITIONS], merge[REPETITIONS];
	double sum = 0;

	need(partial != NULL && other != NULL);
	partial_add(other, batch, NULL);
	for (int i = 0; i < REPETITIONS; i++) {
		int64_t start = clock_now_ns();

		for (int j = 0; j < ROUNDS; j++) {
			partial_merge(partial, other);
		}
		int64_t middle = clock_now_ns();
		for (int j = 0; j < ROUNDS; j++) {
			sum += partial_read(partial, 0);
		}
		merge[i] = (double)(middle - start) / ROUNDS;
		read[i] = (double)(clock_now_ns() - middle) / ROUNDS;
	}
	printf("%-8s  merge %8.1f ns  read %8.1f ns%s\n", name, median(merge), median(read),
	       isnan(sum) ? " (nan)" : "");
	batch_destroy(&batch);
	partial_destroy(&other);
	partial_destroy(&partial);
	plan_destroy(&plan);
}

int main(void)
{
	static const char *const names[] = { "count", "sum", "variance", "min" };
	static const uint32_t rows[] = { 4096, 2048, 100, 1 };

	for (enum isa isa = ISA_BASE; isa < ISA_COUNT; isa++) {
		if (!isa_supported(isa)) {
			printf("%s: this CPU cannot run it\n", isa_name(isa));
			continue;
		}
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++) {
				bench_add(isa, names[i], rows[j], NULL);
			}
		}
		bench_add(isa, "sum", 4096, huge);
		bench_add(isa, "variance", 4096, huge);
	}
	for (const char *const *name = plan_names(); *name != NULL; name++) {
		if (strcmp(*name, "list") != 0) {
			bench_read(*name);
		}
	}
	bench_lists(1, 1);
	bench_lists(1, LIST_TILES);
	bench_lists(64, LIST_TILES);
	bench_lists(4096, LIST_TILES);
	return 0;
}
