/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * evaluator.h - run a checked program over batches
 *
 * The interface of an evaluator is comprehension.h's; here is its way around the text.
 */
#ifndef COMPREHENSION_EVALUATOR_H
#define COMPREHENSION_EVALUATOR_H

#include "comprehension/comprehension.h"
#include "comprehension/program.h"

/* As evaluator_create(), of a program, which must outlive the evaluator. */
struct evaluator *evaluator_create_program(const struct program *program, enum isa isa);

#endif
