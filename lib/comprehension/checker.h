/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * checker.h - from syntax to code: names, types, constants
 *
 * What Python would raise for some rows is no error here; what it would refuse for every row,
 * or what the language does not have, is.
 */
#ifndef COMPREHENSION_CHECKER_H
#define COMPREHENSION_CHECKER_H

#include "comprehension/code.h"
#include "comprehension/comprehension.h"
#include "comprehension/syntax.h"

/* Check the targets and write the code of conditions and element; diagnosis->code says whether
 * that went well. */
void checker_rows(struct code *code, const struct syntax *syntax,
		  const struct comprehension_scope *scope);

/* Check the source and fold its arguments; what *source points to is in the arena. */
void checker_source(struct code *code, const struct syntax *syntax,
		    const struct comprehension_scope *scope, struct arena *arena,
		    struct comprehension_source *source);

#endif
