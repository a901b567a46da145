/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * fold.c - the table of aggregate functions, and the state that they share
 *
 * Several names live on the same state: a mean is a sum and a count.  A plan collects what its
 * names need, and a partial keeps that and nothing else.
 */
#include "gather/fold.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/suggest.h"
#include "gather/fold_kernels.h"
#include "gather/list.h"
#include "gather/moments.h"

enum {
	NEED_SUM = 1 << 0,
	NEED_SQUARES = 1 << 1,
	NEED_RANGE = 1 << 2,
	NEED_LIST = 1 << 3,
};

/* Name, what it needs, how it is read. */
/* clang-format off */
#define FOLDS(x)                                              \
	x("list", NEED_LIST, read_nothing)                    \
	x("count", 0, read_count)                             \
	x("sum", NEED_SUM, read_sum)                          \
	x("mean", NEED_SUM, read_mean)                        \
	x("variance", NEED_SUM | NEED_SQUARES, read_variance) \
	x("stdev", NEED_SUM | NEED_SQUARES, read_stdev)       \
	x("stderr", NEED_SUM | NEED_SQUARES, read_stderr)     \
	x("min", NEED_RANGE, read_min)                        \
	x("max", NEED_RANGE, read_max)
/* clang-format on */

struct fold {
	const char *name;
	unsigned needs;
	double (*read)(const struct partial *partial);
};

struct plan {
	const struct fold_kernels *kernels;
	unsigned needs;
	unsigned n;
	const struct fold *folds[]; /* [n] in the order in which they are named */
};

struct partial {
	const struct plan *plan;
	struct tally tally;
	struct fold_range range; /* of nothing while nothing is gathered */
	struct moments moments;  /* accumulators behind this struct, those that are needed */
};

#define NOTHING ((double)NAN)

static double read_nothing(const struct partial *partial)
{
	(void)partial;
	return 0;
}

static double read_count(const struct partial *partial)
{
	return (double)partial->tally.gathered;
}

static double read_sum(const struct partial *partial)
{
	return moments_sum(&partial->moments);
}

static double read_mean(const struct partial *partial)
{
	return moments_mean(&partial->moments, partial->tally.gathered);
}

static double read_variance(const struct partial *partial)
{
	return moments_variance(&partial->moments, partial->tally.gathered);
}

static double read_stdev(const struct partial *partial)
{
	return moments_stdev(&partial->moments, partial->tally.gathered);
}

static double read_stderr(const struct partial *partial)
{
	return moments_stderr(&partial->moments, partial->tally.gathered);
}

static double read_min(const struct partial *partial)
{
	bool none = partial->tally.gathered == 0 || partial->range.nan;

	return none ? NOTHING : partial->range.min;
}

static double read_max(const struct partial *partial)
{
	bool none = partial->tally.gathered == 0 || partial->range.nan;

	return none ? NOTHING : partial->range.max;
}

#define FOLD(name, needs, read) { name, needs, read },
static const struct fold folds[] = { FOLDS(FOLD) };

#define NAME(name, needs, read) name,
static const char *const names_of_folds[] = { FOLDS(NAME) NULL };

const char *const *plan_names(void)
{
	return names_of_folds;
}

static const struct fold *find(const char *name)
{
	for (size_t i = 0; i < sizeof(folds) / sizeof(*folds); i++) {
		if (strcmp(folds[i].name, name) == 0) {
			return &folds[i];
		}
	}
	return NULL;
}

/* "write list, count ... or max" */
static void list_names(char *text, size_t size)
{
	size_t length = 0;

	for (const char *const *name = names_of_folds; *name != NULL && length < size; name++) {
		const char *before = name == names_of_folds ? "write "
				     : name[1] == NULL      ? " or "
							    : ", ";
		length += (size_t)snprintf(text + length, size - length, "%s%s", before, *name);
	}
}

static int refuse_unknown(struct gather_error *error, const char *name)
{
	const char *hint = suggest(name, strlen(name), names_of_folds);
	int ret = error_set(error, GATHER_EINPUT, "unknown name '%s' in gather", name);

	if (error != NULL && hint != NULL) {
		snprintf(error->hint, sizeof(error->hint), "%s", hint);
	} else if (error != NULL) {
		list_names(error->hint, sizeof(error->hint));
	}
	return ret;
}

static int add_name(struct plan *plan, const char *name, struct gather_error *error)
{
	const struct fold *fold = find(name);

	if (fold == NULL) {
		return refuse_unknown(error, name);
	}
	for (unsigned i = 0; i < plan->n; i++) {
		if (plan->folds[i] == fold) {
			return error_set(error, GATHER_EINPUT, "'%s' is gathered twice", name);
		}
	}
	plan->folds[plan->n++] = fold;
	plan->needs |= fold->needs;
	return GATHER_OK;
}

static const struct fold_kernels *kernels_of(enum isa isa)
{
	assert(isa_supported(isa));
#if defined(__x86_64__)
	static const struct fold_kernels *const variants[ISA_COUNT] = {
		[ISA_BASE] = &fold_kernels_base,
		[ISA_V3] = &fold_kernels_v3,
		[ISA_V4] = &fold_kernels_v4,
	};
	return variants[isa];
#else
	return &fold_kernels_base;
#endif
}

int plan_create(struct plan **out, const char *const *names, unsigned n, enum isa isa,
		struct gather_error *error)
{
	*out = NULL;
	if (n == 0) {
		return error_set(error, GATHER_EINPUT, "there is nothing to gather");
	}
	struct plan *plan = calloc(1, sizeof(*plan) + n * sizeof(plan->folds[0]));
	if (plan == NULL) {
		return error_nomem(error);
	}
	plan->kernels = kernels_of(isa);
	for (unsigned i = 0; i < n; i++) {
		int ret = add_name(plan, names[i], error);
		if (ret != GATHER_OK) {
			if (error != NULL) {
				error->item = i;
			}
			free(plan);
			return ret;
		}
	}
	*out = plan;
	return GATHER_OK;
}

void plan_destroy(struct plan **plan)
{
	free(*plan);
	*plan = NULL;
}

bool plan_has_list(const struct plan *plan)
{
	return (plan->needs & NEED_LIST) != 0;
}

/* Whole cache lines, so that partials of two consumers share none. */
static size_t lines(size_t bytes)
{
	return (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

struct partial *partial_create(const struct plan *plan)
{
	bool sum = (plan->needs & NEED_SUM) != 0;
	bool squares = (plan->needs & NEED_SQUARES) != 0;
	size_t header = lines(sizeof(struct partial));
	size_t accumulator = lines(sizeof(struct exact));
	char *memory = aligned_alloc(CACHE_LINE, header + (sum + squares) * accumulator);

	if (memory == NULL) {
		return NULL;
	}
	struct partial *partial = (struct partial *)memory;
	partial->plan = plan;
	partial->moments = (struct moments){
		.sum = sum ? (struct exact *)(memory + header) : NULL,
		.squares = squares ? (struct exact *)(memory + header + accumulator) : NULL,
	};
	partial_reset(partial);
	return partial;
}

void partial_destroy(struct partial **partial)
{
	free(*partial);
	*partial = NULL;
}

void partial_reset(struct partial *partial)
{
	partial->tally = (struct tally){ 0 };
	partial->range = (struct fold_range){ .min = (double)INFINITY, .max = -(double)INFINITY };
	moments_reset(&partial->moments);
}

static void tally_batch(struct tally *tally, const struct batch *batch)
{
	tally->drawn += tile_rows(&batch->tile);
	tally->gathered += batch->rows;
	tally->filtered += batch->filtered;
	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		tally->faulted[i] += batch->faulted[i];
	}
}

static double lesser(double a, double b)
{
	return a < b || (a == b && signbit(a)) ? a : b;
}

static void widen(struct fold_range *range, const struct fold_range *by)
{
	range->min = lesser(range->min, by->min);
	range->max = -lesser(-range->max, -by->max);
	range->nan |= by->nan;
}

void partial_add(struct partial *partial, const struct batch *batch, struct lists *lists)
{
	const struct fold_kernels *kernels = partial->plan->kernels;
	unsigned needs = partial->plan->needs;
	const double *rows = batch->column[0];
	uint32_t n = batch->rows;

	tally_batch(&partial->tally, batch);
	if (n == 0) {
		return;
	}
	if ((needs & NEED_SUM) != 0) {
		moments_add(&partial->moments, kernels, rows, n);
	}
	if ((needs & NEED_RANGE) != 0) {
		struct fold_range range = kernels->range(rows, n);
		widen(&partial->range, &range);
	}
	if ((needs & NEED_LIST) != 0) {
		lists_add(lists, batch);
	}
}

void partial_merge(struct partial *into, const struct partial *from)
{
	assert(into->plan == from->plan && into != from);
	into->tally.drawn += from->tally.drawn;
	into->tally.gathered += from->tally.gathered;
	into->tally.filtered += from->tally.filtered;
	for (unsigned i = 0; i < GATHER_FAULTS; i++) {
		into->tally.faulted[i] += from->tally.faulted[i];
	}
	widen(&into->range, &from->range);
	moments_merge(&into->moments, &from->moments);
}

void partial_tally(const struct partial *partial, struct tally *tally)
{
	*tally = partial->tally;
}

double partial_read(const struct partial *partial, unsigned n)
{
	assert(n < partial->plan->n);
	return partial->plan->folds[n]->read(partial);
}
