/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * uses.h - who reads and who writes what in a program
 */
#ifndef COMPREHENSION_USES_H
#define COMPREHENSION_USES_H

#include "comprehension/program.h"

enum { USES_NO_COLUMN = BATCH_COLUMNS };

/* Whether an operand is that register, column or constant. */
bool uses_is(struct operand operand, enum operand_kind kind, unsigned index);

/* How often an instruction reads it; what a filter keeps, it reads. */
unsigned uses_count(const struct instruction *instruction, enum operand_kind kind, unsigned index);

bool uses_is_filter(const struct instruction *instruction);

/* Whether the instruction gives the register a new value. */
bool uses_writes(const struct instruction *instruction, unsigned index);

/* Whether instruction `at` reads the register once and nothing else reads its value then. */
bool uses_up(const struct program *program, unsigned at, unsigned index);

/*
 * The output that is all that instruction `at` writes the register for, but for filters that keep
 * it, and that may be written there and then because nothing reads the batch column that it
 * overwrites afterwards; or USES_NO_COLUMN.
 */
unsigned uses_early_output(const struct program *program, unsigned at, unsigned index);

#endif
