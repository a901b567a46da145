/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * checker_expression.c - one function a kind of node
 *
 * Instructions are written in the order in which Python evaluates, so that the first fault of a
 * row is what Python would raise.
 */
#include "comprehension/checker_expression.h"

#include "comprehension/arithmetic.h"
#include "comprehension/checker_names.h"
#include "comprehension/function.h"

static struct value check_name(struct checker *checker, const struct node *node)
{
	const struct token *name = &node->word;
	const struct function *function = function_find(name->text, (size_t)name->length);
	int column = checker->in_source ? -1 : checker_names_column(checker, name);

	if (column >= 0) {
		struct operand number = { .kind = OPERAND_COLUMN, .index = (uint16_t)column };

		return value_float(number, node->span);
	}
	if (function != NULL && function->kind == FUNCTION_CONSTANT) {
		return value_constant(constant_real(function->value), node->span);
	}
	checker_names_refuse_value(checker, name);
	return value_none(node->span);
}

static const char *plural(unsigned n)
{
	return n == 1 ? "" : "s";
}

/* Whether there are as many arguments as the function takes. */
static bool check_arguments(const struct checker *checker, const struct node *call,
			    const struct function *function)
{
	struct diagnosis *diagnosis = checker->code->diagnosis;
	const struct node *argument = call->child;

	if (call->nchildren >= function->least && call->nchildren <= function->most) {
		return true;
	}
	if (call->nchildren == function->most + 1 && function->no_more != NULL) {
		for (unsigned i = 0; i < function->most; i++) {
			argument = argument->next;
		}
		diagnosis_set(diagnosis, argument->span, "%s of %s() is not available",
			      function->no_more, function->name);
	} else {
		diagnosis_set(diagnosis, call->span, "%s() takes %u %sargument%s, not %u",
			      function->name, function->least,
			      function->most > function->least ? "or more " : "",
			      plural(function->most), call->nchildren);
	}
	return false;
}

static struct value check_pick(struct checker *checker, const struct node *node,
			       const struct function *function, struct operand active)
{
	struct value best = checker_value(checker, node->child, active);

	for (const struct node *arg = node->child->next; arg != NULL; arg = arg->next) {
		struct value next = checker_value(checker, arg, active);

		best = arithmetic_pick(checker->code, function->op, &best, &next, node->span);
	}
	return best;
}

static struct value check_call(struct checker *checker, const struct node *node,
			       struct operand active)
{
	const struct token *name = &node->word;
	const struct function *function = function_find(name->text, (size_t)name->length);
	bool hidden = !checker->in_source && checker_names_column(checker, name) >= 0;

	if (hidden || function == NULL || function->kind == FUNCTION_CONSTANT) {
		checker_names_refuse_call(checker, name);
		return value_none(node->span);
	}
	if (!check_arguments(checker, node, function)) {
		return value_none(node->span);
	}
	if (function->kind == FUNCTION_PICK) {
		return check_pick(checker, node, function, active);
	}
	struct value argument = checker_value(checker, node->child, active);
	switch (function->kind) {
	case FUNCTION_ABS:
		return arithmetic_abs(checker->code, &argument, node->span);
	case FUNCTION_ROUND:
		return arithmetic_round(checker->code, &argument, active, node->span);
	default:
		return arithmetic_function(checker->code, function, &argument, active, node->span);
	}
}

static struct value check_unary(struct checker *checker, const struct node *node,
				struct operand active)
{
	if (node->operator== TOKEN_NOT) {
		struct operand truth = checker_truth(checker, node->child, active);

		return value_bool(code_not(checker->code, truth), node->span);
	}
	struct value operand = checker_value(checker, node->child, active);
	if (node->operator== TOKEN_MINUS) {
		return arithmetic_negate(checker->code, &operand, node->span);
	}
	return value_promote(checker->code, &operand);
}

/* What an operator chain covers up to one of its operands. */
static struct span span_up_to(const struct node *chain, const struct node *operand)
{
	return operand->next == NULL ? chain->span : span_join(chain->child->span, operand->span);
}

static struct value check_arithmetic(struct checker *checker, const struct node *node,
				     struct operand active)
{
	struct value left = checker_value(checker, node->child, active);

	for (const struct node *operand = node->child->next; operand != NULL;
	     operand = operand->next) {
		struct value right = checker_value(checker, operand, active);

		left = arithmetic_binary(checker->code, operand->before, &left, &right, active);
		left.span = span_up_to(node, operand);
	}
	return left;
}

/* Each operand is evaluated once, and only where all comparisons before it hold. */
static struct operand check_comparison(struct checker *checker, const struct node *node,
				       struct operand active)
{
	struct value left = checker_value(checker, node->child, active);
	struct operand all = CODE_TRUE;

	for (const struct node *operand = node->child->next; operand != NULL;
	     operand = operand->next) {
		struct operand reached = code_and(checker->code, active, all);
		struct value right = checker_value(checker, operand, reached);
		struct operand here =
			arithmetic_compare(checker->code, operand->before, &left, &right);

		all = code_and(checker->code, all, here);
		left = right;
	}
	return all;
}

/* x and y is x where x is false; x or y where it is true. */
static struct value check_logic(struct checker *checker, const struct node *node,
				struct operand active)
{
	struct code *code = checker->code;
	struct value left = checker_value(checker, node->child, active);

	for (const struct node *operand = node->child->next; operand != NULL;
	     operand = operand->next) {
		struct operand truth = value_truth(code, &left);

		active = node->kind == NODE_AND ? code_and(code, active, truth)
						: code_and_not(code, active, truth);
		struct value right = checker_value(checker, operand, active);
		left = node->kind == NODE_AND ? value_select(code, truth, &right, &left)
					      : value_select(code, truth, &left, &right);
		left.span = span_up_to(node, operand);
	}
	return left;
}

static struct operand check_logic_truth(struct checker *checker, const struct node *node,
					struct operand active)
{
	struct code *code = checker->code;
	struct operand truth = checker_truth(checker, node->child, active);

	for (const struct node *operand = node->child->next; operand != NULL;
	     operand = operand->next) {
		struct operand reached = node->kind == NODE_AND ? code_and(code, active, truth)
								: code_and_not(code, active, truth);
		struct operand right = checker_truth(checker, operand, reached);

		truth = node->kind == NODE_AND ? code_and(code, truth, right)
					       : code_or(code, truth, right);
	}
	return truth;
}

static struct value check_conditional(struct checker *checker, const struct node *node,
				      struct operand active)
{
	struct code *code = checker->code;
	const struct node *test = node->child, *yes = test->next, *no = yes->next;
	struct operand truth = checker_truth(checker, test, active);
	struct value if_true = checker_value(checker, yes, code_and(code, active, truth));
	struct value if_false = checker_value(checker, no, code_and_not(code, active, truth));
	struct value result = value_select(code, truth, &if_true, &if_false);

	result.span = node->span;
	return result;
}

static struct operand check_conditional_truth(struct checker *checker, const struct node *node,
					      struct operand active)
{
	struct code *code = checker->code;
	const struct node *test = node->child, *yes = test->next, *no = yes->next;
	struct operand truth = checker_truth(checker, test, active);
	struct operand if_true = checker_truth(checker, yes, code_and(code, active, truth));
	struct operand if_false = checker_truth(checker, no, code_and_not(code, active, truth));

	return code_select_mask(code, truth, if_true, if_false);
}

struct value checker_value(struct checker *checker, const struct node *node, struct operand active)
{
	checker->code->where = node->span;
	switch (node->kind) {
	case NODE_CONSTANT:
		return value_constant(node->constant, node->span);
	case NODE_NAME:
		return check_name(checker, node);
	case NODE_CALL:
		return check_call(checker, node, active);
	case NODE_UNARY:
		return check_unary(checker, node, active);
	case NODE_ARITHMETIC:
		return check_arithmetic(checker, node, active);
	case NODE_COMPARISON:
		return value_bool(check_comparison(checker, node, active), node->span);
	case NODE_AND:
	case NODE_OR:
		return check_logic(checker, node, active);
	default:
		return check_conditional(checker, node, active);
	}
}

struct operand checker_truth(struct checker *checker, const struct node *node,
			     struct operand active)
{
	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
		return check_logic_truth(checker, node, active);
	case NODE_CONDITIONAL:
		return check_conditional_truth(checker, node, active);
	default:
		break;
	}
	struct value value = checker_value(checker, node, active);
	return value_truth(checker->code, &value);
}
