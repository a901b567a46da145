/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * program.h - the checked form of a comprehension: straight-line code over columns
 *
 * The checker makes it, the evaluator runs it, strip by strip of STRIP_ROWS rows.  Every
 * instruction handles all rows of a strip; what Python would not evaluate for a row is
 * computed all the same, and only its faults are withheld (operand `active`).
 *
 * A register holds one strip of one value, 8 bytes a row: a number (a double; an int is an
 * integral double of at most 2**53 in magnitude, never -0) or a mask (all bits set or none).
 * Each instruction says which it reads and writes.
 */
#ifndef COMPREHENSION_PROGRAM_H
#define COMPREHENSION_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "queue/batch.h"

enum {
	STRIP_ROWS = 512,
	PROGRAM_REGISTERS = 256,
	PROGRAM_CONSTANTS = 1024,
};

enum op {
	/* number = number op number; floats, as Python's float does it; never faults */
	OP_ADD,
	OP_SUB,
	OP_MUL,
	/* number = op number; float negation; absolute value; copy */
	OP_NEG,
	OP_ABS,
	OP_COPY,
	/* number = number op number, as Python's float does it; OP_DIV also for ints */
	OP_DIV,      /* zero: ZERO_DIVISION */
	OP_FLOORDIV, /* zero: ZERO_DIVISION */
	OP_MOD,      /* zero: ZERO_DIVISION */
	OP_POW,      /* 0.0 ** negative: ZERO_DIVISION; overflow: OVERFLOW; negative **
			fraction: COMPLEX */
	/* ints: as above, result never -0, beyond 2**53: INTEGER */
	OP_INT_ADD,
	OP_INT_SUB,
	OP_INT_MUL,
	OP_INT_NEG,
	OP_INT_FLOORDIV,
	OP_INT_MOD,
	OP_INT_POW, /* b >= 0 wherever active */
	/* mask = number op number */
	OP_LT,
	OP_LE,
	OP_EQ,
	OP_NE,
	OP_GT,
	OP_GE,
	/* mask = mask op mask; OP_NOT: mask = not mask */
	OP_AND,
	OP_OR,
	OP_ANDNOT /* a and not b */,
	OP_NOT,
	OP_TRUTH,       /* mask = number != 0 (nan is true) */
	OP_NUMBER,      /* number = 1.0 where mask, else 0.0 */
	OP_SELECT,      /* number = mask a ? number b : number c */
	OP_SELECT_MASK, /* mask = mask a ? mask b : mask c */
	/* number = number op number, as Python's min and max with two arguments:
	 * min: b < a ? b : a; max: b > a ? b : a */
	OP_MIN,
	OP_MAX,
	/* number = function(number) */
	OP_SQRT,  /* negative: VALUE */
	OP_EXP,   /* overflow: OVERFLOW */
	OP_LOG,   /* zero or negative: VALUE */
	OP_SIN,   /* inf: VALUE */
	OP_COS,   /* inf: VALUE */
	OP_ROUND, /* to an int, half to even, never -0; nan: VALUE; inf: OVERFLOW; beyond
		     2**53: INTEGER */
	/*
	 * Go on with the rows where mask a holds and that have not faulted, in their order;
	 * the others are counted (a faulted row as faulted, whatever the mask).  Compacts the
	 * index and what is kept: batch columns become readable through the registers
	 * that each `keep` names, registers stay where they are.
	 */
	OP_FILTER,
	/* Take out the rows that have faulted; as OP_FILTER with a mask of all rows. */
	OP_FILTER_FAULTS,
	/* Write number a as column `dst` of the batch.  The last instructions of a program. */
	OP_OUTPUT,
	OP_COUNT,
};

/* An operand. */
enum operand_kind {
	OPERAND_NONE,
	OPERAND_REGISTER,
	OPERAND_COLUMN,   /* of the batch as it came; only before the first filter */
	OPERAND_CONSTANT, /* a number of the program's pool, the same for all rows */
	OPERAND_TRUE,     /* a mask that holds everywhere */
	OPERAND_FALSE,    /* a mask that holds nowhere */
};

struct operand {
	uint16_t kind;  /* enum operand_kind */
	uint16_t index; /* register, column or constant */
};

struct instruction {
	enum op op;
	uint16_t dst; /* register; column for OP_OUTPUT */
	struct operand a, b, c;
	/* Mask: where a fault counts; OPERAND_TRUE where always; OPERAND_FALSE also where it is
	 * known that no row can fault: nothing needs to be looked for. */
	struct operand active;
	/* OP_FILTER, OP_FILTER_FAULTS: what is needed afterwards */
	uint16_t nkeep;
	const struct keep *keep; /* [nkeep] */
};

/* A value that survives a filter: the register `to` gets the compacted rows of `from`,
 * a column or a register (then to == from.index). */
struct keep {
	struct operand from;
	uint16_t to;
};

struct program {
	unsigned inputs;    /* columns read */
	unsigned outputs;   /* columns written */
	unsigned registers; /* used */
	unsigned nconstants;
	const double *constants;
	unsigned ninstructions;
	const struct instruction *instructions;
	bool can_fault; /* any instruction can; else the fault column is never made */
};

/*
 * Invariants (the evaluator asserts the cheap ones at create):
 *  - the dst of an instruction may be one of its own operands' registers;
 *  - outputs are written by nothing but the final run of OP_OUTPUT, in column order, each
 *    from a register, a constant or a column;
 *  - where can_fault, an OP_FILTER or OP_FILTER_FAULTS stands after the last instruction that
 *    can fault.
 */

#endif
