/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * comprehension_eval.c - comprehensions over given rows, for oracles that talk to it by pipe
 *
 * Requests, on standard input; doubles are their bits as 16 hexadecimal digits:
 *
 *	case BYTES COLUMNS ROWS		a line with the text of so many bytes, then one line a
 *					row with its columns
 *	call NAME X [Y]			one function (exp, log, sin, cos, pow) of one row
 *
 * Answers, on standard output:
 *
 *	error LINE COLUMN LENGTH MESSAGE
 *	columns N			there are so many targets, not COLUMNS
 *	rows SURVIVORS FILTERED FAULTS...	faults by kind, then one line a survivor: its
 *						index and its value
 *	value X, or fault KIND			to a call
 *
 * Every case runs on all kernels that this CPU has; it is a failure of its own if they differ.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "comprehension/comprehension.h"

static const char *const distributions[] = { "uniform", "normal", "exponential", NULL };

static void fail(const char *why)
{
	fprintf(stderr, "comprehension_eval: %s\n", why);
	exit(EXIT_FAILURE);
}

static uint64_t bits(double x)
{
	uint64_t word;

	memcpy(&word, &x, sizeof(word));
	return word;
}

static double read_double(void)
{
	uint64_t word;
	double x;

	if (scanf("%" SCNx64, &word) != 1) {
		fail("expected the bits of a double");
	}
	memcpy(&x, &word, sizeof(x));
	return x;
}

static struct batch *create_batch(uint32_t rows, unsigned columns)
{
	struct tile tile = { .round = 1, .generators = 1, .steps = rows };
	struct batch *batch = batch_create(rows, columns);

	if (batch == NULL) {
		fail("no memory");
	}
	batch_open(batch, &tile, columns);
	return batch;
}

static struct batch *copy_batch(const struct batch *from)
{
	struct batch *to = create_batch(from->rows, from->columns);

	for (unsigned i = 0; i < from->columns; i++) {
		memcpy(to->column[i], from->column[i], from->rows * sizeof(double));
	}
	return to;
}

static void run(const struct comprehension *c, enum isa isa, struct batch *batch)
{
	struct evaluator *evaluator = evaluator_create(c, isa);

	if (evaluator == NULL) {
		fail("no memory");
	}
	evaluator_run(evaluator, batch);
	evaluator_destroy(&evaluator);
}

static unsigned index_of(const struct batch *batch, uint32_t row)
{
	return batch->dense ? row : batch->index[row];
}

static void compare(const struct batch *a, const struct batch *b)
{
	bool same = a->rows == b->rows && a->filtered == b->filtered &&
		    memcmp(a->faulted, b->faulted, sizeof(a->faulted)) == 0;

	for (uint32_t i = 0; same && i < a->rows; i++) {
		same = index_of(a, i) == index_of(b, i) &&
		       bits(a->column[0][i]) == bits(b->column[0][i]);
	}
	if (!same) {
		fail("kernels differ from each other");
	}
}

static void print_batch(const struct batch *batch)
{
	printf("rows %" PRIu32 " %" PRIu32, batch->rows, batch->filtered);
	for (unsigned kind = 0; kind < GATHER_FAULTS; kind++) {
		printf(" %" PRIu32, batch->faulted[kind]);
	}
	printf("\n");
	for (uint32_t i = 0; i < batch->rows; i++) {
		printf("%u %016" PRIx64 "\n", index_of(batch, i), bits(batch->column[0][i]));
	}
}

static void run_all(const struct comprehension *c, struct batch *batch)
{
	struct batch *first = copy_batch(batch);

	run(c, ISA_BASE, first);
	for (enum isa isa = ISA_BASE + 1; isa < ISA_COUNT; isa++) {
		if (isa_supported(isa)) {
			struct batch *other = copy_batch(batch);

			run(c, isa, other);
			compare(first, other);
			batch_destroy(&other);
		}
	}
	print_batch(first);
	batch_destroy(&first);
}

static char *read_text(size_t bytes)
{
	char *text = calloc(bytes + 1, 1);

	if (text == NULL || getchar() != '\n' || fread(text, 1, bytes, stdin) != bytes) {
		fail("expected a text");
	}
	return text;
}

static void answer_case(void)
{
	struct comprehension_scope scope = { .distributions = distributions };
	struct comprehension *c;
	struct gather_error error;
	size_t bytes;
	unsigned columns;
	uint32_t rows;

	if (scanf("%zu %u %" SCNu32, &bytes, &columns, &rows) != 3) {
		fail("expected bytes, columns and rows");
	}
	char *text = read_text(bytes);
	struct batch *batch = create_batch(rows, columns);
	for (uint32_t row = 0; row < rows; row++) {
		for (unsigned column = 0; column < columns; column++) {
			batch->column[column][row] = read_double();
		}
	}
	if (comprehension_create(&c, text, &scope, &error) != GATHER_OK) {
		printf("error %u %u %u %s\n", error.line, error.column, error.length,
		       error.message);
	} else {
		if (comprehension_inputs(c) == columns) {
			run_all(c, batch);
		} else {
			printf("columns %u\n", comprehension_inputs(c));
		}
		comprehension_destroy(&c);
	}
	batch_destroy(&batch);
	free(text);
}

struct call {
	const char *name;
	unsigned arguments;
	const char *text;
};

static const struct call calls[] = {
	{ "exp", 1, "[exp(x) for x in uniform(0, 1)]" },
	{ "log", 1, "[log(x) for x in uniform(0, 1)]" },
	{ "sin", 1, "[sin(x) for x in uniform(0, 1)]" },
	{ "cos", 1, "[cos(x) for x in uniform(0, 1)]" },
	{ "pow", 2, "[x ** y for x, y in uniform(0, 1)]" },
};

static void answer_call(void)
{
	struct comprehension_scope scope = { .distributions = distributions };
	const struct call *call = calls;
	struct comprehension *c;
	struct gather_error error;
	char name[8];

	if (scanf("%7s", name) != 1) {
		fail("expected a function");
	}
	while (strcmp(call->name, name) != 0) {
		if (++call == calls + sizeof(calls) / sizeof(*calls)) {
			fail("unknown function");
		}
	}
	struct batch *batch = create_batch(1, call->arguments);
	for (unsigned i = 0; i < call->arguments; i++) {
		batch->column[i][0] = read_double();
	}
	if (comprehension_create(&c, call->text, &scope, &error) != GATHER_OK) {
		fail(error.message);
	}
	run(c, ISA_BASE, batch);
	comprehension_destroy(&c);
	if (batch->rows == 1) {
		printf("value %016" PRIx64 "\n", bits(batch->column[0][0]));
	} else {
		unsigned kind = 0;

		while (batch->faulted[kind] == 0) {
			kind++;
		}
		printf("fault %u\n", kind);
	}
	batch_destroy(&batch);
}

int main(void)
{
	char request[8];

	while (scanf("%7s", request) == 1) {
		if (strcmp(request, "case") == 0) {
			answer_case();
		} else if (strcmp(request, "call") == 0) {
			answer_call();
		} else {
			fail("unknown request");
		}
		fflush(stdout);
	}
	return EXIT_SUCCESS;
}
