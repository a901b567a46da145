/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * evaluator.c - a batch through the steps of a program, in strips that stay in the nearest cache
 *
 * Finished rows are written to the front of the batch, behind those of the strips before: never
 * past the rows that are still to be read.
 */
#include "comprehension/evaluator.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "comprehension/compiled.h"
#include "comprehension/steps.h"

struct evaluator {
	unsigned inputs, outputs;
	struct steps steps;
	struct strip_faults faults;
	uint16_t index[STRIP_ROWS + ROW_BLOCK]; /* of a strip while all before are whole */
};

/* A batch on its way through the steps. */
struct pass {
	struct evaluator *evaluator;
	struct batch *batch;
	bool came_dense;
	uint32_t start;  /* the strip's first row as it came */
	uint32_t rows;   /* of the strip that are left */
	uint32_t filled; /* rows of the batch that are finished */
	uint16_t *index; /* where the strip's index is made */
	bool indexed;    /* it stands there */
	bool taken;      /* rows have been taken out of the strip */
};

struct evaluator *evaluator_create_program(const struct program *program, enum isa isa)
{
	struct evaluator *evaluator = calloc(1, sizeof(*evaluator));

	if (evaluator == NULL) {
		return NULL;
	}
	evaluator->inputs = program->inputs;
	evaluator->outputs = program->outputs;
	if (!steps_init(&evaluator->steps, program, isa)) {
		free(evaluator);
		return NULL;
	}
	return evaluator;
}

struct evaluator *evaluator_create(const struct comprehension *c, enum isa isa)
{
	return evaluator_create_program(comprehension_program(c), isa);
}

void evaluator_destroy(struct evaluator **evaluator)
{
	if (*evaluator != NULL) {
		steps_fini(&(*evaluator)->steps);
		free(*evaluator);
		*evaluator = NULL;
	}
}

static double *rows_at(const struct pass *pass, const struct place *place)
{
	switch (place->kind) {
	case PLACE_INPUT:
		return pass->batch->column[place->column] + pass->start;
	case PLACE_OUTPUT:
		return pass->batch->column[place->column] + pass->filled;
	default:
		return place->rows;
	}
}

static struct strip_operand operand_at(const struct pass *pass, const struct place *place)
{
	return (struct strip_operand){ rows_at(pass, place), place->step };
}

static void run_kernel(const struct pass *pass, const struct step *step)
{
	struct frame frame = {
		.rows = pass->rows,
		.dst = rows_at(pass, &step->dst),
		.a = operand_at(pass, &step->a),
		.b = operand_at(pass, &step->b),
		.c = operand_at(pass, &step->c),
		.d = operand_at(pass, &step->d),
		.active = operand_at(pass, &step->active),
		.faults = step->checked ? &pass->evaluator->faults : NULL,
	};

	if (!step->is_copy || frame.a.rows != frame.dst) {
		step->kernel(&frame);
	}
}

/* Where the strip's index is now; NULL: it is pass->start and those after it. */
static const uint16_t *index_now(const struct pass *pass)
{
	if (pass->indexed) {
		return pass->index;
	}
	return pass->came_dense ? NULL : pass->batch->index + pass->start;
}

static void filter_index(const struct pass *pass, const struct strip_bits *bits)
{
	pass->evaluator->steps.filter->index(pass->index, index_now(pass), (uint16_t)pass->start,
					     bits, pass->rows);
}

static void filter_column(const struct pass *pass, const struct move *move,
			  const struct strip_bits *bits)
{
	pass->evaluator->steps.filter->column(rows_at(pass, &move->to), rows_at(pass, &move->from),
					      bits, pass->rows);
}

/* All rows stay. */
static void keep_all(const struct pass *pass, const struct step *step)
{
	for (unsigned i = 0; i < step->nmoves; i++) {
		const double *from = rows_at(pass, &step->moves[i].from);
		double *to = rows_at(pass, &step->moves[i].to);

		if (to != from) {
			memmove(to, from, pass->rows * sizeof(*to));
		}
	}
}

/* No row of the strip has faulted. */
static void filter_rows(struct pass *pass, const struct step *step)
{
	struct strip_bits bits = { 0 };
	struct filter_frame frame = {
		.rows = pass->rows,
		.a = operand_at(pass, &step->a),
		.b = operand_at(pass, &step->b),
		.bits = step->nmoves == 1 ? NULL : &bits,
		.index_from = index_now(pass),
		.first = (uint16_t)pass->start,
		.index_to = pass->index,
	};

	if (step->nmoves > 0) {
		frame.from = rows_at(pass, &step->moves[0].from);
		frame.to = rows_at(pass, &step->moves[0].to);
	}
	uint32_t left = (uint32_t)step->filter(&frame);

	pass->batch->filtered += pass->rows - left;
	pass->taken |= left < pass->rows;
	if (step->nmoves == 0 && left > 0) {
		filter_index(pass, &bits);
	}
	for (unsigned i = 1; i < step->nmoves && left > 0; i++) {
		filter_column(pass, &step->moves[i], &bits);
	}
	pass->indexed = true;
	pass->rows = left;
}

/* Count the faulted rows and clear their bits; forget the faults. */
static uint32_t take_faults(struct pass *pass, struct strip_bits *bits)
{
	struct strip_faults *faults = &pass->evaluator->faults;
	uint32_t n = 0;

	for (uint32_t i = 0; i < pass->rows; i++) {
		if (faults->kind[i] != 0) {
			n++;
			pass->batch->faulted[faults->kind[i] - 1]++;
			bits->blocks[i / ROW_BLOCK] &= (uint8_t) ~(1u << i % ROW_BLOCK);
		}
	}
	memset(faults->kind, 0, sizeof(faults->kind));
	faults->any = false;
	return n;
}

static void all_bits(struct strip_bits *bits, uint32_t rows)
{
	memset(bits->blocks, 0xff, rows / ROW_BLOCK);
	if (rows % ROW_BLOCK != 0) {
		bits->blocks[rows / ROW_BLOCK] = (uint8_t)((1u << rows % ROW_BLOCK) - 1);
	}
}

/* Rows of the strip have faulted: they go, whatever the mask says of them. */
static void filter_faulted_rows(struct pass *pass, const struct step *step)
{
	struct strip_bits bits = { 0 };
	uint32_t left = 0;

	if (step->filter != NULL) {
		struct filter_frame frame = {
			.rows = pass->rows,
			.a = operand_at(pass, &step->a),
			.b = operand_at(pass, &step->b),
			.bits = &bits,
		};
		step->filter(&frame);
	} else {
		all_bits(&bits, pass->rows);
	}
	uint32_t faulted = take_faults(pass, &bits);

	for (unsigned i = 0; i < sizeof(bits.blocks); i++) {
		left += (uint32_t)__builtin_popcount(bits.blocks[i]);
	}
	pass->batch->filtered += pass->rows - left - faulted;
	pass->taken = true;
	for (unsigned i = 0; i < step->nmoves; i++) {
		filter_column(pass, &step->moves[i], &bits);
	}
	filter_index(pass, &bits);
	pass->indexed = true;
	pass->rows = left;
}

static void run_filter(struct pass *pass, const struct step *step)
{
	if (pass->evaluator->faults.any) {
		filter_faulted_rows(pass, step);
	} else if (step->filter != NULL) {
		filter_rows(pass, step);
	} else {
		keep_all(pass, step);
	}
}

/* Put the strip's index behind that of the strips before, if there is to be one. */
static void finish_index(struct pass *pass)
{
	struct batch *batch = pass->batch;
	uint16_t *to = batch->index + pass->filled;

	if (batch->dense && pass->taken) {
		for (uint32_t i = 0; i < pass->filled; i++) {
			batch->index[i] = (uint16_t)i;
		}
		batch->dense = false;
	}
	if (batch->dense) {
		return;
	}
	if (pass->indexed) {
		if (to != pass->index) {
			memcpy(to, pass->index, pass->rows * sizeof(*to));
		}
	} else if (pass->came_dense) {
		for (uint32_t i = 0; i < pass->rows; i++) {
			to[i] = (uint16_t)(pass->start + i);
		}
	} else {
		memmove(to, batch->index + pass->start, pass->rows * sizeof(*to));
	}
}

static void run_strip(struct pass *pass)
{
	const struct steps *steps = &pass->evaluator->steps;

	pass->taken = false;
	pass->indexed = false;
	pass->index = pass->batch->dense ? pass->evaluator->index
					 : pass->batch->index + pass->filled;
	for (unsigned i = 0; i < steps->n && pass->rows > 0; i++) {
		const struct step *step = &steps->step[i];

		if (step->kind == STEP_FILTER) {
			run_filter(pass, step);
		} else {
			run_kernel(pass, step);
		}
	}
	finish_index(pass);
	pass->filled += pass->rows;
}

void evaluator_run(struct evaluator *evaluator, struct batch *batch)
{
	struct pass pass = {
		.evaluator = evaluator,
		.batch = batch,
		.came_dense = batch->dense,
	};
	uint32_t rows = batch->rows;

	assert(batch->columns >= evaluator->inputs);
	assert(batch->column[evaluator->outputs - 1] != NULL);
	while (pass.start < rows) {
		uint32_t strip = rows - pass.start < STRIP_ROWS ? rows - pass.start : STRIP_ROWS;

		pass.rows = strip;
		run_strip(&pass);
		pass.start += strip;
	}
	batch->rows = pass.filled;
	batch->columns = evaluator->outputs;
}
