/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * consumer.c - take, run, post on or fold
 */
#include "pipeline/consumer.h"

#include <stdio.h>
#include <stdlib.h>

struct consumer *consumer_create(struct gather_pipeline *pipeline, unsigned stage, unsigned slot,
				 unsigned enough, unsigned spins)
{
	struct consumer *consumer = aligned_alloc(CACHE_LINE, sizeof(*consumer));

	if (consumer == NULL) {
		return NULL;
	}
	*consumer = (struct consumer){
		.pipeline = pipeline,
		.stage = stage,
		.slot = slot,
		.enough = enough,
		.feed = { .sender = slot, .run = enough },
	};
	station_init(&consumer->station, spins);
	consumer->evaluator =
		evaluator_create(pipeline->stages[stage].comprehension, pipeline->isa);
	if (consumer->evaluator == NULL) {
		consumer_destroy(&consumer);
	}
	return consumer;
}

void consumer_destroy(struct consumer **consumer)
{
	if (*consumer == NULL) {
		return;
	}
	evaluator_destroy(&(*consumer)->evaluator);
	free(*consumer);
	*consumer = NULL;
}

/* The end of the way: everything is counted before the batch goes home, where it is drawn again. */
static void fold(struct consumer *consumer, struct batch *batch)
{
	counters_add(&consumer->station.counters.gathered, batch->rows);
	bool last = round_fold(batch->round, consumer->slot, batch);

	mailbox_post(batch->home, &batch->message, &consumer->station.outbox);
	if (last) {
		pipeline_notify(consumer->pipeline);
	}
}

static void process(struct consumer *consumer, struct batch *batch)
{
	struct gather_pipeline *pipeline = consumer->pipeline;
	struct counters *counters = &consumer->station.counters;
	uint32_t filtered = batch->filtered;
	uint32_t faulted = batch_faulted(batch);

	evaluator_run(consumer->evaluator, batch);
	counters_add(&counters->filtered, batch->filtered - filtered);
	counters_add(&counters->faulted, batch_faulted(batch) - faulted);
	if (consumer->stage + 1 == pipeline->nstages) {
		fold(consumer, batch);
	} else {
		struct route_slot *next = &pipeline->stages[consumer->stage + 1].route;
		mailbox_post(route_next(next, &consumer->feed), &batch->message,
			     &consumer->station.outbox);
	}
}

static bool ready(void *arg)
{
	const struct consumer *consumer = arg;

	return station_leaving(&consumer->station);
}

static void run(void *arg)
{
	struct consumer *consumer = arg;
	struct parking parking = {
		.enough = consumer->enough,
		.spins = consumer->station.spins,
		.until_ns = INT64_MAX,
		.ready = ready,
		.arg = consumer,
	};

	while (!station_leaving(&consumer->station)) {
		struct message *message = mailbox_take(&consumer->station.mailbox);
		if (message == NULL) {
			station_wait(&consumer->station, &parking, true);
		}
		/* What is left behind when leaving belongs to the producers. */
		while (message != NULL && !station_leaving(&consumer->station)) {
			struct message *next = message->next;
			process(consumer, (struct batch *)message);
			worker_quiescent();
			message = next;
		}
	}
	outbox_flush(&consumer->station.outbox);
}

int consumer_start(struct consumer *consumer, struct gather_error *error)
{
	char name[32];

	snprintf(name, sizeof(name), "run%u.%u/%s", consumer->stage, consumer->slot,
		 consumer->pipeline->name);
	return worker_start(&consumer->station.worker, name, run, consumer, error);
}
