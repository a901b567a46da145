/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * compiled.h - the program of a comprehension, for those who run it
 */
#ifndef COMPREHENSION_COMPILED_H
#define COMPREHENSION_COMPILED_H

#include "comprehension/comprehension.h"
#include "comprehension/program.h"

/* Belongs to the comprehension and lives as long as it. */
const struct program *comprehension_program(const struct comprehension *comprehension);

#endif
