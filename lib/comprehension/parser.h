/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * parser.h - from text to syntax: Python's grammar of a list comprehension
 */
#ifndef COMPREHENSION_PARSER_H
#define COMPREHENSION_PARSER_H

#include "comprehension/arena.h"
#include "comprehension/syntax.h"

enum {
	PARSER_DEPTH_MAX = 100, /* levels of expressions within expressions */
};

/* The syntax of diagnosis->text, in the arena; NULL with the diagnosis set. */
struct syntax *parser_parse(struct arena *arena, struct diagnosis *diagnosis);

#endif
