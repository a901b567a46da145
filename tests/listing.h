/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * listing.h - programs as text, for tests
 *
 * An instruction a line, "r0 = ADD c0 2 ? r1": r registers, c columns, constants by value, T and F
 * constant masks; behind '?' stands where a fault counts, unless everywhere.  A filter lists what
 * it keeps, "FILTER r0 : c1>r0".
 */
#ifndef TESTS_LISTING_H
#define TESTS_LISTING_H

#include <stdio.h>
#include <string.h>

#include "comprehension/program.h"

static const char *const listing_names[OP_COUNT] = {
	[OP_ADD] = "ADD",
	[OP_SUB] = "SUB",
	[OP_MUL] = "MUL",
	[OP_NEG] = "NEG",
	[OP_ABS] = "ABS",
	[OP_COPY] = "COPY",
	[OP_DIV] = "DIV",
	[OP_FLOORDIV] = "FLOORDIV",
	[OP_MOD] = "MOD",
	[OP_POW] = "POW",
	[OP_INT_ADD] = "INT_ADD",
	[OP_INT_SUB] = "INT_SUB",
	[OP_INT_MUL] = "INT_MUL",
	[OP_INT_NEG] = "INT_NEG",
	[OP_INT_FLOORDIV] = "INT_FLOORDIV",
	[OP_INT_MOD] = "INT_MOD",
	[OP_INT_POW] = "INT_POW",
	[OP_LT] = "LT",
	[OP_LE] = "LE",
	[OP_EQ] = "EQ",
	[OP_NE] = "NE",
	[OP_GT] = "GT",
	[OP_GE] = "GE",
	[OP_AND] = "AND",
	[OP_OR] = "OR",
	[OP_ANDNOT] = "ANDNOT",
	[OP_NOT] = "NOT",
	[OP_TRUTH] = "TRUTH",
	[OP_NUMBER] = "NUMBER",
	[OP_SELECT] = "SELECT",
	[OP_SELECT_MASK] = "SELECT_MASK",
	[OP_MIN] = "MIN",
	[OP_MAX] = "MAX",
	[OP_SQRT] = "SQRT",
	[OP_EXP] = "EXP",
	[OP_LOG] = "LOG",
	[OP_SIN] = "SIN",
	[OP_COS] = "COS",
	[OP_ROUND] = "ROUND",
	[OP_FILTER] = "FILTER",
	[OP_FILTER_FAULTS] = "FILTER_FAULTS",
	[OP_OUTPUT] = "OUTPUT",
};

static inline void listing_operand(char **to, const struct program *p, struct operand operand)
{
	switch (operand.kind) {
	case OPERAND_REGISTER:
		*to += sprintf(*to, " r%u", operand.index);
		break;
	case OPERAND_COLUMN:
		*to += sprintf(*to, " c%u", operand.index);
		break;
	case OPERAND_CONSTANT:
		*to += sprintf(*to, " %.17g", p->constants[operand.index]);
		break;
	case OPERAND_TRUE:
		*to += sprintf(*to, " T");
		break;
	case OPERAND_FALSE:
		*to += sprintf(*to, " F");
		break;
	default:
		break;
	}
}

static inline void listing_instruction(char **to, const struct program *p,
				       const struct instruction *i)
{
	bool filter = i->op == OP_FILTER || i->op == OP_FILTER_FAULTS;

	if (!filter && i->op != OP_OUTPUT) {
		*to += sprintf(*to, "r%u = ", i->dst);
	}
	*to += sprintf(*to, "%s", listing_names[i->op]);
	listing_operand(to, p, i->a);
	listing_operand(to, p, i->b);
	listing_operand(to, p, i->c);
	if (i->active.kind != OPERAND_TRUE) {
		*to += sprintf(*to, " ?");
		listing_operand(to, p, i->active);
	}
	if (i->nkeep > 0) {
		*to += sprintf(*to, " :");
	}
	for (unsigned k = 0; k < i->nkeep; k++) {
		listing_operand(to, p, i->keep[k].from);
		*to += sprintf(*to, ">r%u", i->keep[k].to);
	}
	*to += sprintf(*to, "\n");
}

/* The program; text has room for 64 bytes an instruction, or more if it keeps much. */
static inline void listing(const struct program *p, char *text)
{
	text[0] = '\0';
	for (unsigned i = 0; i < p->ninstructions; i++) {
		listing_instruction(&text, p, &p->instructions[i]);
	}
}

#endif
