/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * producer.c - claim, wait, draw, post
 */
#include "pipeline/producer.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

struct producer *producer_create(struct gather_pipeline *pipeline, unsigned slot, unsigned nbatches,
				 unsigned spins)
{
	struct producer *producer = aligned_alloc(CACHE_LINE, sizeof(*producer));

	if (producer == NULL) {
		return NULL;
	}
	*producer = (struct producer){ .pipeline = pipeline, .round = 1 };
	station_init(&producer->station, spins);
	producer->feed = (struct feed){ .sender = slot, .run = nbatches > 1 ? nbatches / 2 : 1 };
	producer->batches = calloc(nbatches, sizeof(struct batch *));
	if (producer->batches == NULL) {
		goto fail;
	}
	for (; producer->nbatches < nbatches; producer->nbatches++) {
		struct batch *batch =
			batch_create(tiling_rows_max(&pipeline->tiling), pipeline->columns);
		if (batch == NULL) {
			goto fail;
		}
		batch->home = &producer->station.mailbox;
		batch->message.next = (struct message *)producer->home;
		producer->home = batch;
		producer->batches[producer->nbatches] = batch;
	}
	return producer;
fail:
	producer_destroy(&producer);
	return NULL;
}

void producer_destroy(struct producer **producer)
{
	if (*producer == NULL) {
		return;
	}
	for (unsigned i = 0; i < (*producer)->nbatches; i++) {
		batch_destroy(&(*producer)->batches[i]);
	}
	free((*producer)->batches);
	free(*producer);
	*producer = NULL;
}

static bool stopping(const struct producer *producer)
{
	return atomic_load_explicit(&producer->pipeline->stopping, memory_order_acquire);
}

static uint64_t opened(const struct producer *producer)
{
	return atomic_load_explicit(&producer->pipeline->opened, memory_order_acquire);
}

/* When the rows of the claimed tile are due. */
static int64_t due_ns(const struct producer *producer)
{
	const struct gather_pipeline *pipeline = producer->pipeline;
	int64_t start = producer->claimed->start_ns;

	if (pipeline->delay_ns == 0) {
		return start;
	}
	return clock_add_ns(start, ((int64_t)producer->tile.step + 1) * pipeline->delay_ns);
}

/* Claim a tile of the oldest round that has one.  A round whose slot holds a later one is over. */
static void claim(struct producer *producer)
{
	uint64_t newest = opened(producer);
	uint64_t i;

	if (producer->round + PIPELINE_ROUNDS <= newest) {
		producer->round = newest - PIPELINE_ROUNDS + 1;
	}
	for (; producer->round <= newest; producer->round++) {
		struct round *round = pipeline_round(producer->pipeline, producer->round);
		if (round_claim(round, producer->round, &i)) {
			producer->claimed = round;
			tiling_tile(&producer->pipeline->tiling, i, &producer->tile);
			producer->tile.round = round->number;
			producer->due_ns = due_ns(producer);
			return;
		}
	}
}

/* Batches that came home; the one that was posted last is the warmest and comes first. */
static void take_home(struct producer *producer)
{
	struct message *message = mailbox_take(&producer->station.mailbox);

	while (message != NULL) {
		struct message *next = message->next;
		message->next = (struct message *)producer->home;
		producer->home = (struct batch *)message;
		message = next;
	}
}

static void draw(struct producer *producer)
{
	struct gather_pipeline *pipeline = producer->pipeline;
	struct batch *batch = producer->home;

	producer->home = (struct batch *)batch->message.next;
	batch_open(batch, &producer->tile, pipeline->source_columns);
	batch->round = producer->claimed;
	source_fill(pipeline->source, batch);
	counters_add(&producer->station.counters.drawn, batch->rows);
	producer->claimed = NULL;
	mailbox_post(route_next(&pipeline->stages[0].route, &producer->feed), &batch->message,
		     &producer->station.outbox);
}

static void give_up(struct producer *producer)
{
	if (round_give_up(producer->claimed, tile_rows(&producer->tile))) {
		pipeline_notify(producer->pipeline);
	}
	producer->claimed = NULL;
}

static bool ready(void *arg)
{
	const struct producer *producer = arg;

	if (station_leaving(&producer->station)) {
		return true;
	}
	return producer->claimed != NULL ? stopping(producer) : opened(producer) >= producer->round;
}

/* Sleep until the claimed tile is due, a round opens, or, for want of a batch, half of them
 * are home. */
static void wait(struct producer *producer)
{
	bool blocked = producer->claimed != NULL && producer->home == NULL;
	struct parking parking = {
		.enough = MAILBOX_QUIET,
		.until_ns = INT64_MAX,
		.ready = ready,
		.arg = producer,
	};

	if (blocked) {
		parking.enough = producer->feed.run;
		parking.spins = producer->station.spins;
	} else if (producer->claimed != NULL) {
		parking.until_ns = producer->due_ns;
	}
	station_wait(&producer->station, &parking, blocked);
}

static void run(void *arg)
{
	struct producer *producer = arg;

	while (!station_leaving(&producer->station)) {
		worker_quiescent();
		if (producer->claimed == NULL) {
			claim(producer);
		}
		if (producer->home == NULL) {
			take_home(producer);
		}
		if (producer->claimed != NULL && stopping(producer)) {
			give_up(producer);
		} else if (producer->claimed == NULL || producer->home == NULL) {
			wait(producer);
		} else if (producer->due_ns != 0 && clock_now_ns() < producer->due_ns) {
			wait(producer);
		} else {
			draw(producer);
		}
	}
	outbox_flush(&producer->station.outbox);
}

int producer_start(struct producer *producer, unsigned slot, struct gather_error *error)
{
	char name[32];

	snprintf(name, sizeof(name), "draw%u/%s", slot, producer->pipeline->name);
	return worker_start(&producer->station.worker, name, run, producer, error);
}
