/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * registers.h - from code to a program: few registers, each used again after its last reader
 */
#ifndef COMPREHENSION_REGISTERS_H
#define COMPREHENSION_REGISTERS_H

#include "comprehension/code.h"

/*
 * The program of some code, in the arena.  Instructions that nobody reads and that cannot fault
 * are left out.  NULL with code->diagnosis set without memory, or where more than
 * PROGRAM_REGISTERS are needed at a time.
 */
const struct program *registers_assign(const struct code *code, unsigned inputs, unsigned outputs,
				       struct arena *arena);

#endif
