/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * registers.c - one walk backwards for the last readers, one forwards to hand registers out
 *
 * The first filter moves the columns that are read behind it into registers, too.
 */
#include "comprehension/registers.h"

#include <string.h>

enum {
	NOBODY = UINT16_MAX, /* instead of the place of an instruction */
	WORD_BITS = 64,
	WORDS = PROGRAM_REGISTERS / WORD_BITS,
};

struct assignment {
	const struct code *code;
	struct arena *arena;
	struct instruction *out;
	unsigned n;
	uint16_t *last_reader; /* [code->registers] */
	uint16_t *assigned;    /* [code->registers] */
	uint16_t column_last_reader[BATCH_COLUMNS];
	uint16_t column_assigned[BATCH_COLUMNS];
	uint64_t used[WORDS]; /* bit r: register r holds something */
	unsigned registers;   /* ever used */
	bool filtered;        /* columns are in registers by now */
	bool full;
};

static bool gives_value(const struct instruction *i)
{
	return i->op != OP_FILTER && i->op != OP_FILTER_FAULTS && i->op != OP_OUTPUT;
}

static void note_reader(struct assignment *s, struct operand operand, unsigned at)
{
	uint16_t *last = NULL;

	if (operand.kind == OPERAND_REGISTER) {
		last = &s->last_reader[operand.index];
	} else if (operand.kind == OPERAND_COLUMN) {
		last = &s->column_last_reader[operand.index];
	}
	if (last != NULL && *last == NOBODY) {
		*last = (uint16_t)at;
	}
}

/* Whether an instruction does anything, once those behind it have been looked at. */
static bool is_needed(const struct assignment *s, const struct instruction *i)
{
	return !gives_value(i) || code_can_fault(i) || s->last_reader[i->dst] != NOBODY;
}

static void find_readers(struct assignment *s)
{
	for (unsigned at = s->code->ninstructions; at-- > 0;) {
		const struct instruction *i = &s->code->instructions[at];

		if (is_needed(s, i)) {
			note_reader(s, i->a, at);
			note_reader(s, i->b, at);
			note_reader(s, i->c, at);
			note_reader(s, i->active, at);
		}
	}
}

static uint16_t take(struct assignment *s)
{
	for (unsigned word = 0; word < WORDS; word++) {
		if (s->used[word] != UINT64_MAX) {
			unsigned bit = (unsigned)__builtin_ctzll(~s->used[word]);
			unsigned index = word * WORD_BITS + bit;

			s->used[word] |= UINT64_C(1) << bit;
			if (index >= s->registers) {
				s->registers = index + 1;
			}
			return (uint16_t)index;
		}
	}
	s->full = true;
	return 0;
}

static void give_back(struct assignment *s, unsigned index)
{
	s->used[index / WORD_BITS] &= ~(UINT64_C(1) << index % WORD_BITS);
}

/* The operand as the program has it. */
static struct operand place(const struct assignment *s, struct operand operand)
{
	if (operand.kind == OPERAND_REGISTER) {
		operand.index = s->assigned[operand.index];
	} else if (operand.kind == OPERAND_COLUMN && s->filtered) {
		operand.kind = OPERAND_REGISTER;
		operand.index = s->column_assigned[operand.index];
	}
	return operand;
}

/* Give an operand's register back if nobody reads it behind here. */
static void release(struct assignment *s, struct operand operand, unsigned at)
{
	if (operand.kind == OPERAND_REGISTER && s->last_reader[operand.index] == at) {
		give_back(s, s->assigned[operand.index]);
	} else if (operand.kind == OPERAND_COLUMN && s->filtered &&
		   s->column_last_reader[operand.index] == at) {
		give_back(s, s->column_assigned[operand.index]);
	}
}

static unsigned count_used(const struct assignment *s)
{
	unsigned n = 0;

	for (unsigned word = 0; word < WORDS; word++) {
		n += (unsigned)__builtin_popcountll(s->used[word]);
	}
	return n;
}

/* What a filter has to keep: all registers in use and, of the first one, columns. */
static bool keep(struct assignment *s, struct instruction *filter, unsigned at)
{
	struct keep *keeps =
		arena_alloc(s->arena, count_used(s) + (size_t)BATCH_COLUMNS, sizeof(*keeps));
	unsigned n = 0;

	if (keeps == NULL) {
		return false;
	}
	for (unsigned r = 0; r < PROGRAM_REGISTERS; r++) {
		if (s->used[r / WORD_BITS] >> r % WORD_BITS & 1) {
			keeps[n++] = (struct keep){
				.from = { .kind = OPERAND_REGISTER, .index = (uint16_t)r },
				.to = (uint16_t)r,
			};
		}
	}
	for (unsigned column = 0; column < BATCH_COLUMNS && !s->filtered; column++) {
		if (s->column_last_reader[column] != NOBODY && s->column_last_reader[column] > at) {
			s->column_assigned[column] = take(s);
			keeps[n++] = (struct keep){
				.from = { .kind = OPERAND_COLUMN, .index = (uint16_t)column },
				.to = s->column_assigned[column],
			};
		}
	}
	filter->keep = keeps;
	filter->nkeep = (uint16_t)n;
	s->filtered = true;
	return true;
}

static bool assign(struct assignment *s, unsigned at)
{
	const struct instruction *from = &s->code->instructions[at];
	struct instruction *to = &s->out[s->n++];

	*to = *from;
	to->a = place(s, from->a);
	to->b = place(s, from->b);
	to->c = place(s, from->c);
	to->active = place(s, from->active);
	release(s, from->a, at);
	release(s, from->b, at);
	release(s, from->c, at);
	release(s, from->active, at);
	if (gives_value(from)) {
		to->dst = take(s);
		s->assigned[from->dst] = to->dst;
		if (s->last_reader[from->dst] == NOBODY) {
			give_back(s, to->dst);
		}
		return true;
	}
	return from->op == OP_OUTPUT || keep(s, to, at);
}

static bool assign_all(struct assignment *s)
{
	for (unsigned at = 0; at < s->code->ninstructions; at++) {
		if (is_needed(s, &s->code->instructions[at]) && !assign(s, at)) {
			diagnosis_nomem(s->code->diagnosis);
			return false;
		}
		if (s->full) {
			diagnosis_set(s->code->diagnosis, s->code->where,
				      "the comprehension is too complex: over %d values at a time",
				      PROGRAM_REGISTERS);
			return false;
		}
	}
	return true;
}

static bool prepare(struct assignment *s)
{
	const struct code *code = s->code;
	size_t registers = code->registers;

	s->out = arena_alloc(s->arena, code->ninstructions, sizeof(*s->out));
	s->last_reader = arena_alloc(code->arena, registers, sizeof(*s->last_reader));
	s->assigned = arena_alloc(code->arena, registers, sizeof(*s->assigned));
	if (s->out == NULL || s->last_reader == NULL || s->assigned == NULL) {
		diagnosis_nomem(code->diagnosis);
		return false;
	}
	memset(s->last_reader, 0xff, registers * sizeof(*s->last_reader));
	memset(s->column_last_reader, 0xff, sizeof(s->column_last_reader));
	return true;
}

const struct program *registers_assign(const struct code *code, unsigned inputs, unsigned outputs,
				       struct arena *arena)
{
	struct assignment s = { .code = code, .arena = arena };
	struct program *program = arena_alloc(arena, 1, sizeof(*program));
	double *constants = arena_alloc(arena, code->nconstants, sizeof(*constants));

	if (program == NULL || constants == NULL) {
		diagnosis_nomem(code->diagnosis);
		return NULL;
	}
	if (!prepare(&s)) {
		return NULL;
	}
	find_readers(&s);
	if (!assign_all(&s)) {
		return NULL;
	}
	if (code->nconstants > 0) {
		memcpy(constants, code->constants, code->nconstants * sizeof(*constants));
	}
	*program = (struct program){
		.inputs = inputs,
		.outputs = outputs,
		.registers = s.registers,
		.nconstants = code->nconstants,
		.constants = constants,
		.ninstructions = s.n,
		.instructions = s.out,
		.can_fault = code->can_fault,
	};
	return program;
}
