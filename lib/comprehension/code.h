/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * code.h - instructions as they are written, before registers are shared out
 *
 * Every instruction that gives a value gives it a register of its own, and columns may be read
 * anywhere; registers.h makes a program of it.  What is known about masks is used at once, so that
 * constant conditions cost nothing.
 *
 * After a complaint (diagnosis->code) operands mean nothing, but are safe to pass on.
 */
#ifndef COMPREHENSION_CODE_H
#define COMPREHENSION_CODE_H

#include "comprehension/arena.h"
#include "comprehension/diagnosis.h"
#include "comprehension/program.h"

enum { CODE_INSTRUCTIONS_MAX = 4096 };

struct code {
	struct arena *arena;
	struct diagnosis *diagnosis;
	struct span where; /* in the text; for complaints about too much code */
	struct instruction *instructions;
	unsigned ninstructions, room;
	unsigned registers;
	double *constants;
	unsigned nconstants;
	bool faults;             /* an instruction that can fault stands behind the last filter */
	bool can_fault;          /* there is one anywhere */
	bool raised;             /* something constant was left to the rows because it raises ... */
	enum gather_fault fault; /* ... this, the first time */
};

#define CODE_TRUE ((struct operand){ .kind = OPERAND_TRUE })
#define CODE_FALSE ((struct operand){ .kind = OPERAND_FALSE })

void code_init(struct code *code, struct arena *arena, struct diagnosis *diagnosis);

/* Note that something constant raises. */
void code_raises(struct code *code, enum gather_fault fault);

/* Whether any row can fault in an instruction. */
bool code_can_fault(const struct instruction *instruction);

/* Write an instruction that gives a value: its register. */
struct operand code_emit(struct code *code, struct instruction instruction);

/* Write OP_FILTER, OP_FILTER_FAULTS and OP_OUTPUT. */
void code_filter(struct code *code, struct operand mask);
void code_filter_faults(struct code *code);
void code_output(struct code *code, unsigned column, struct operand number);

struct operand code_constant(struct code *code, double value);

/* Masks of masks. */
struct operand code_and(struct code *code, struct operand a, struct operand b);
struct operand code_or(struct code *code, struct operand a, struct operand b);
struct operand code_and_not(struct code *code, struct operand a, struct operand b);
struct operand code_not(struct code *code, struct operand a);
struct operand code_select_mask(struct code *code, struct operand test, struct operand yes,
				struct operand no);

/* A number: yes where test holds, else no. */
struct operand code_select(struct code *code, struct operand test, struct operand yes,
			   struct operand no);

#endif
