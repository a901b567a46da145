/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * stress_mailbox.c - many senders, one owner: order, loss, repetition, poison, sleep
 *
 * Each sender owns a few messages and posts them again as soon as the owner has sent them back, so
 * that memory is reused at once.  A message carries its sender, a sequence number and a check word
 * made of both; the owner poisons it when it has read it.  What is wrong ends the program with a
 * word about it, and so does a silence of ten seconds, which is how a lost wake-up or a lost
 * message looks.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/worker.h"
#include "queue/mailbox.h"
#include "random.h"

enum { SENDERS_MAX = 16, MESSAGES_MAX = 64 };
#define SILENCE_NS (10 * NS_PER_S)
#define POISON UINT64_C(0xdeadbeefdeadbeef)

struct letter {
	struct message message;
	unsigned sender;
	uint64_t sequence;
	uint64_t check;
};

struct sender {
	struct mailbox mailbox; /* where its letters come home to */
	struct worker worker;
	struct owner *owner;
	struct outbox outbox;
	unsigned index;
	unsigned nletters;
	uint64_t letters_to_send;
	uint64_t random;
	struct letter letters[MESSAGES_MAX];
};

struct owner {
	struct mailbox mailbox;
	struct worker worker;
	unsigned nsenders;
	uint32_t enough;
	uint64_t expected[SENDERS_MAX];
	uint64_t total;
	struct sender *senders;
};

static uint64_t check_word(unsigned sender, uint64_t sequence)
{
	return (sequence + 1) * UINT64_C(0x9e3779b97f4a7c15) ^ sender;
}

static void die(const char *what, unsigned sender, uint64_t expected, uint64_t got)
{
	fprintf(stderr, "mailbox: %s: sender %u, expected %" PRIu64 ", got %" PRIu64 "\n", what,
		sender, expected, got);
	abort();
}

/* Sleep as hot threads do.  A deadline that passes is a loss. */
static void wait(struct mailbox *mailbox, struct outbox *outbox, uint32_t enough, uint64_t random)
{
	int64_t until = clock_now_ns() + SILENCE_NS;
	struct parking parking = {
		.enough = enough,
		.spins = random % 4 == 0 ? 50 : 0,
		.until_ns = until,
	};

	if (outbox != NULL) {
		outbox_flush(outbox);
	}
	worker_offline();
	mailbox_park(mailbox, &parking);
	worker_online();
	if (clock_now_ns() >= until) {
		die("ten seconds of silence, a message or a wake-up was lost", 0, 0, 0);
	}
}

static void send(void *arg)
{
	struct sender *sender = arg;
	struct letter *home[MESSAGES_MAX];
	unsigned nhome = 0;
	uint64_t sequence = 0;

	for (; nhome < sender->nletters; nhome++) {
		home[nhome] = &sender->letters[nhome];
	}
	while (sequence < sender->letters_to_send) {
		struct message *message = mailbox_take(&sender->mailbox);
		for (; message != NULL; message = message->next) {
			struct letter *letter = (struct letter *)message;
			if (letter->check != POISON) {
				die("a letter came home unread", sender->index, 0, letter->check);
			}
			home[nhome++] = letter;
		}
		if (nhome == 0) {
			wait(&sender->mailbox, &sender->outbox, (sender->nletters + 1) / 2,
			     random_next(&sender->random));
			continue;
		}
		struct letter *letter = home[--nhome];
		letter->sender = sender->index;
		letter->check = check_word(sender->index, sequence);
		letter->sequence = sequence++;
		mailbox_post(&sender->owner->mailbox, &letter->message,
			     random_next(&sender->random) % 8 == 0 ? NULL : &sender->outbox);
	}
	outbox_flush(&sender->outbox);
}

static void read_letter(struct owner *owner, struct letter *letter)
{
	unsigned sender = letter->sender;

	if (sender >= owner->nsenders) {
		die("a letter of nobody", sender, 0, 0);
	}
	if (letter->check != check_word(sender, letter->sequence)) {
		die("a torn letter", sender, check_word(sender, letter->sequence), letter->check);
	}
	if (letter->sequence != owner->expected[sender]) {
		die("out of order, lost or twice", sender, owner->expected[sender],
		    letter->sequence);
	}
	owner->expected[sender]++;
	letter->check = POISON;
}

static void receive(void *arg)
{
	struct owner *owner = arg;
	struct outbox outbox = { 0 };
	uint64_t random = owner->total;
	uint64_t received = 0;

	while (received < owner->total) {
		struct message *message = mailbox_take(&owner->mailbox);
		if (message == NULL) {
			wait(&owner->mailbox, &outbox, owner->enough, random_next(&random));
		}
		while (message != NULL) {
			struct message *next = message->next;
			struct letter *letter = (struct letter *)message;
			read_letter(owner, letter);
			mailbox_post(&owner->senders[letter->sender].mailbox, message, &outbox);
			received++;
			message = next;
		}
	}
	outbox_flush(&outbox);
}

static void start(struct worker *worker, const char *name, void (*run)(void *), void *arg)
{
	struct gather_error error;

	if (worker_start(worker, name, run, arg, &error) != GATHER_OK) {
		fprintf(stderr, "%s\n", error.message);
		exit(1);
	}
}

static void run_case(uint64_t *random, unsigned nsenders, unsigned nletters, uint64_t each)
{
	struct owner *owner = aligned_alloc(CACHE_LINE, sizeof(*owner));
	struct sender *senders = aligned_alloc(CACHE_LINE, nsenders * sizeof(*senders));

	if (owner == NULL || senders == NULL) {
		exit(1);
	}
	memset(owner, 0, sizeof(*owner));
	memset(senders, 0, nsenders * sizeof(*senders));
	mailbox_init(&owner->mailbox);
	owner->nsenders = nsenders;
	owner->senders = senders;
	owner->enough = (uint32_t)(random_next(random) % nletters) + 1;
	owner->total = each * nsenders;
	for (unsigned i = 0; i < nsenders; i++) {
		mailbox_init(&senders[i].mailbox);
		senders[i].owner = owner;
		senders[i].index = i;
		senders[i].nletters = nletters;
		senders[i].letters_to_send = each;
		senders[i].random = random_next(random);
	}
	start(&owner->worker, "owner", receive, owner);
	for (unsigned i = 0; i < nsenders; i++) {
		start(&senders[i].worker, "sender", send, &senders[i]);
	}
	for (unsigned i = 0; i < nsenders; i++) {
		worker_join(&senders[i].worker);
	}
	worker_join(&owner->worker);
	printf("mailbox: %u senders, %u letters each, enough %u: %" PRIu64 " in order\n", nsenders,
	       nletters, owner->enough, owner->total);
	free(senders);
	free(owner);
}

int main(void)
{
	uint64_t random = random_seed("stress_mailbox");
	uint64_t each = getenv("GATHERD_TEST_LONG") != NULL ? 2000000 : 30000;

	run_case(&random, 1, 1, each);
	run_case(&random, 1, 64, each);
	run_case(&random, 2, 8, each);
	run_case(&random, 16, 2, each / 8);
	for (unsigned i = 0; i < 6; i++) {
		unsigned nsenders = (unsigned)(random_next(&random) % SENDERS_MAX) + 1;
		unsigned nletters = (unsigned)(random_next(&random) % MESSAGES_MAX) + 1;
		run_case(&random, nsenders, nletters, each / nsenders);
	}
	return 0;
}
