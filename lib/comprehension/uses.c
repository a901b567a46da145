/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * uses.c - looking ahead in a program
 *
 * Programs are short and this is done once, so every question is answered by reading on.
 */
#include "comprehension/uses.h"

bool uses_is(struct operand operand, enum operand_kind kind, unsigned index)
{
	return operand.kind == kind && operand.index == index;
}

unsigned uses_count(const struct instruction *i, enum operand_kind kind, unsigned index)
{
	unsigned n = 0;

	n += uses_is(i->a, kind, index);
	n += uses_is(i->b, kind, index);
	n += uses_is(i->c, kind, index);
	n += uses_is(i->active, kind, index);
	for (unsigned k = 0; k < i->nkeep; k++) {
		n += uses_is(i->keep[k].from, kind, index);
	}
	return n;
}

bool uses_is_filter(const struct instruction *i)
{
	return i->op == OP_FILTER || i->op == OP_FILTER_FAULTS;
}

bool uses_writes(const struct instruction *i, unsigned index)
{
	for (unsigned k = 0; k < i->nkeep; k++) {
		if (i->keep[k].to == index) {
			return true;
		}
	}
	return !uses_is_filter(i) && i->op != OP_OUTPUT && i->dst == index;
}

/* Whether instruction `at` or a later one reads the register before it is written again. */
static bool is_read_from(const struct program *p, unsigned at, unsigned index)
{
	for (unsigned i = at; i < p->ninstructions; i++) {
		if (uses_count(&p->instructions[i], OPERAND_REGISTER, index) > 0) {
			return true;
		}
		if (uses_writes(&p->instructions[i], index)) {
			return false;
		}
	}
	return false;
}

bool uses_up(const struct program *p, unsigned at, unsigned index)
{
	const struct instruction *i = &p->instructions[at];

	return uses_count(i, OPERAND_REGISTER, index) == 1 &&
	       (uses_writes(i, index) || !is_read_from(p, at + 1, index));
}

/* Whether a filter keeps what is in the register, and does not need it itself. */
static bool keeps_register(const struct instruction *filter, unsigned index)
{
	return uses_is_filter(filter) && !uses_is(filter->a, OPERAND_REGISTER, index) &&
	       uses_count(filter, OPERAND_REGISTER, index) == 1;
}

unsigned uses_early_output(const struct program *p, unsigned at, unsigned index)
{
	unsigned column = USES_NO_COLUMN;

	for (unsigned i = at + 1; i < p->ninstructions; i++) {
		const struct instruction *instruction = &p->instructions[i];

		if (keeps_register(instruction, index)) {
			continue;
		}
		if (uses_count(instruction, OPERAND_REGISTER, index) > 0) {
			if (instruction->op != OP_OUTPUT || column != USES_NO_COLUMN) {
				return USES_NO_COLUMN;
			}
			column = instruction->dst;
		}
		if (uses_is_filter(instruction) || uses_writes(instruction, index)) {
			break;
		}
	}
	for (unsigned i = at + 1; i < p->ninstructions && column != USES_NO_COLUMN; i++) {
		if (uses_count(&p->instructions[i], OPERAND_COLUMN, column) > 0) {
			return USES_NO_COLUMN;
		}
	}
	return column;
}
