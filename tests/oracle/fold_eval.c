/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * fold_eval.c - folds what stands on standard input, for an oracle in another language
 *
 * A line is a tile: up to BATCH_ROWS doubles, as strtod() reads them, separated by blanks.  A line
 * "=" ends a round: what every name but "list" reads is printed, in the order of plan_names(), as
 * hexadecimal doubles on one line.  Tiles go to three partials in turn, which are merged.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gather/fold.h"

enum { PARTIALS = 3 };

struct folding {
	struct plan *plan;
	unsigned names;
	struct partial *partial[PARTIALS];
	struct batch *batch;
	unsigned tiles;
};

static void fail(const char *what)
{
	fprintf(stderr, "fold_eval: %s\n", what);
	exit(EXIT_FAILURE);
}

static void set_up(struct folding *folding)
{
	const char *names[GATHER_GATHERS_MAX];
	struct gather_error error;
	enum isa isa;

	for (const char *const *name = plan_names(); *name != NULL; name++) {
		if (strcmp(*name, "list") != 0) {
			names[folding->names++] = *name;
		}
	}
	if (isa_select(&isa, &error) != GATHER_OK ||
	    plan_create(&folding->plan, names, folding->names, isa, &error) != GATHER_OK) {
		fail(error.message);
	}
	folding->batch = batch_create(BATCH_ROWS, 1);
	for (unsigned i = 0; i < PARTIALS; i++) {
		folding->partial[i] = partial_create(folding->plan);
		if (folding->partial[i] == NULL || folding->batch == NULL) {
			fail("no memory");
		}
	}
}

static void tear_down(struct folding *folding)
{
	for (unsigned i = 0; i < PARTIALS; i++) {
		partial_destroy(&folding->partial[i]);
	}
	batch_destroy(&folding->batch);
	plan_destroy(&folding->plan);
}

static void add_tile(struct folding *folding, const char *line)
{
	struct tile tile = { .round = 1, .generators = 1 };
	double *column = folding->batch->column[0];

	while (line += strspn(line, " \n"), *line != '\0') {
		char *end;

		if (tile.steps == BATCH_ROWS) {
			fail("a tile is too long");
		}
		column[tile.steps++] = strtod(line, &end);
		if (end == line) {
			fail("not a number");
		}
		line = end;
	}
	batch_open(folding->batch, &tile, 1);
	partial_add(folding->partial[folding->tiles++ % PARTIALS], folding->batch, NULL);
}

static void end_round(struct folding *folding)
{
	for (unsigned i = 1; i < PARTIALS; i++) {
		partial_merge(folding->partial[0], folding->partial[i]);
	}
	for (unsigned i = 0; i < folding->names; i++) {
		printf("%s%a", i == 0 ? "" : " ", partial_read(folding->partial[0], i));
	}
	printf("\n");
	for (unsigned i = 0; i < PARTIALS; i++) {
		partial_reset(folding->partial[i]);
	}
}

int main(void)
{
	struct folding folding = { 0 };
	char *line = NULL;
	size_t size = 0;

	set_up(&folding);
	while (getline(&line, &size, stdin) > 0) {
		if (strcmp(line, "=\n") == 0) {
			end_round(&folding);
		} else {
			add_tile(&folding, line);
		}
	}
	free(line);
	tear_down(&folding);
	return ferror(stdin) || fflush(stdout) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
