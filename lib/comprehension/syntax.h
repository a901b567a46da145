/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * syntax.h - a comprehension as it is written
 *
 * What associates to the left is one node with all its operands, however many: the tree is only
 * as deep as brackets, prefixes, powers and conditional expressions nest, which the parser bounds.
 */
#ifndef COMPREHENSION_SYNTAX_H
#define COMPREHENSION_SYNTAX_H

#include "comprehension/constant.h"
#include "comprehension/token.h"

enum node_kind {
	NODE_CONSTANT,
	NODE_NAME,
	NODE_CALL,       /* word(children) */
	NODE_UNARY,      /* operator child: + - not */
	NODE_ARITHMETIC, /* child operator child operator child ..., from left to right */
	NODE_COMPARISON, /* the same, chained */
	NODE_AND,        /* child and child and child ... */
	NODE_OR,
	NODE_CONDITIONAL, /* children: the test, the value if true, the value if false */
};

struct node {
	enum node_kind kind;
	struct span span;         /* with parentheses around it */
	struct token word;        /* NODE_NAME and NODE_CALL: the name */
	struct constant constant; /* NODE_CONSTANT */
	enum token_kind operator; /* NODE_UNARY */
	enum token_kind before;   /* the operator between the sibling before and this */
	unsigned nchildren;
	struct node *child; /* the first */
	struct node *next;  /* sibling */
};

struct target {
	struct token name;
	struct target *next;
};

struct syntax {
	struct node *element;
	unsigned ntargets;
	struct target *targets;
	struct node *source;
	struct node *conditions; /* siblings */
};

#endif
