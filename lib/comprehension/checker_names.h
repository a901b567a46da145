/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * checker_names.h - what names mean, and what to say of those that mean nothing
 */
#ifndef COMPREHENSION_CHECKER_NAMES_H
#define COMPREHENSION_CHECKER_NAMES_H

#include "comprehension/checker_expression.h"
#include "comprehension/function.h"

enum { NAMES_SHOWN_MAX = 40 }; /* [bytes] of a name in a message */

/* For printf's %.*s: a name as messages show it. */
int checker_names_shown(const struct token *name);

bool checker_names_equal(const struct token *name, const char *text);

/* The column that a name stands for, or -1; the last of several targets of that name. */
int checker_names_column(const struct checker *checker, const struct token *name);

bool checker_names_is_distribution(const struct comprehension_scope *scope,
				   const struct token *name);

/* Say why a name is no value or no function here. */
void checker_names_refuse_value(const struct checker *checker, const struct token *name);
void checker_names_refuse_call(const struct checker *checker, const struct token *name);

/* Say why a name is no source. */
void checker_names_refuse_source(const struct checker *checker, const struct node *source);

#endif
