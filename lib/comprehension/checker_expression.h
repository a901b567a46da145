/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * checker_expression.h - the code of expressions
 */
#ifndef COMPREHENSION_CHECKER_EXPRESSION_H
#define COMPREHENSION_CHECKER_EXPRESSION_H

#include "comprehension/comprehension.h"
#include "comprehension/syntax.h"
#include "comprehension/value.h"

struct checker {
	struct code *code;
	const struct syntax *syntax;
	const struct comprehension_scope *scope;
	bool in_source; /* where no row is yet: targets have no value */
};

/* The value of an expression; faults count where `active` holds. */
struct value checker_value(struct checker *checker, const struct node *node, struct operand active);

/* Where an expression is true; no more of its value is computed than that takes. */
struct operand checker_truth(struct checker *checker, const struct node *node,
			     struct operand active);

#endif
