/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * code.c - writing instructions
 */
#include "comprehension/code.h"

#include <string.h>

void code_init(struct code *code, struct arena *arena, struct diagnosis *diagnosis)
{
	*code = (struct code){
		.arena = arena,
		.diagnosis = diagnosis,
		.where = { .line = 1, .column = 1 },
	};
}

void code_raises(struct code *code, enum gather_fault fault)
{
	if (!code->raised) {
		code->raised = true;
		code->fault = fault;
	}
}

static bool can_op_fault(enum op op)
{
	switch (op) {
	case OP_DIV:
	case OP_FLOORDIV:
	case OP_MOD:
	case OP_POW:
	case OP_INT_ADD:
	case OP_INT_SUB:
	case OP_INT_MUL:
	case OP_INT_FLOORDIV:
	case OP_INT_MOD:
	case OP_INT_POW:
	case OP_SQRT:
	case OP_EXP:
	case OP_LOG:
	case OP_SIN:
	case OP_COS:
	case OP_ROUND:
		return true;
	default:
		return false;
	}
}

bool code_can_fault(const struct instruction *instruction)
{
	return can_op_fault(instruction->op) && instruction->active.kind != OPERAND_FALSE;
}

static bool make_room(struct code *code)
{
	if (code->ninstructions < code->room) {
		return true;
	}
	unsigned room = code->room == 0 ? 64 : 2 * code->room;
	struct instruction *instructions = arena_alloc(code->arena, room, sizeof(*instructions));

	if (instructions == NULL) {
		diagnosis_nomem(code->diagnosis);
		return false;
	}
	if (code->ninstructions > 0) {
		memcpy(instructions, code->instructions,
		       code->ninstructions * sizeof(*instructions));
	}
	code->instructions = instructions;
	code->room = room;
	return true;
}

static void add(struct code *code, const struct instruction *instruction)
{
	if (code->diagnosis->code != GATHER_OK) {
		return;
	}
	if (code->ninstructions == CODE_INSTRUCTIONS_MAX) {
		diagnosis_set(code->diagnosis, code->where,
			      "the comprehension is too long: over %d instructions",
			      CODE_INSTRUCTIONS_MAX);
		return;
	}
	if (make_room(code)) {
		code->instructions[code->ninstructions++] = *instruction;
	}
}

struct operand code_emit(struct code *code, struct instruction instruction)
{
	struct operand result = { .kind = OPERAND_REGISTER };

	if (instruction.active.kind == OPERAND_NONE || !can_op_fault(instruction.op)) {
		instruction.active = CODE_TRUE;
	}
	if (code->registers <= CODE_INSTRUCTIONS_MAX) { /* else the code is full */
		result.index = (uint16_t)code->registers++;
	}
	instruction.dst = result.index;
	if (code_can_fault(&instruction)) {
		code->faults = true;
		code->can_fault = true;
	}
	add(code, &instruction);
	return result;
}

void code_filter(struct code *code, struct operand mask)
{
	add(code, &(struct instruction){ .op = OP_FILTER, .a = mask, .active = CODE_TRUE });
	code->faults = false;
}

void code_filter_faults(struct code *code)
{
	add(code, &(struct instruction){ .op = OP_FILTER_FAULTS, .active = CODE_TRUE });
	code->faults = false;
}

void code_output(struct code *code, unsigned column, struct operand number)
{
	add(code, &(struct instruction){
			  .op = OP_OUTPUT,
			  .dst = (uint16_t)column,
			  .a = number,
			  .active = CODE_TRUE,
		  });
}

struct operand code_constant(struct code *code, double value)
{
	struct operand result = { .kind = OPERAND_CONSTANT };

	if (code->constants == NULL) {
		code->constants =
			arena_alloc(code->arena, PROGRAM_CONSTANTS, sizeof(*code->constants));
	}
	if (code->constants == NULL) {
		diagnosis_nomem(code->diagnosis);
		return result;
	}
	for (unsigned i = 0; i < code->nconstants; i++) {
		/* by their bits: -0.0 is not 0.0, and nan is nan */
		if (memcmp(&code->constants[i], &value, sizeof(value)) == 0) {
			result.index = (uint16_t)i;
			return result;
		}
	}
	if (code->nconstants == PROGRAM_CONSTANTS) {
		diagnosis_set(code->diagnosis, code->where,
			      "the comprehension is too long: over %d different constants",
			      PROGRAM_CONSTANTS);
		return result;
	}
	result.index = (uint16_t)code->nconstants;
	code->constants[code->nconstants++] = value;
	return result;
}

struct operand code_not(struct code *code, struct operand a)
{
	switch (a.kind) {
	case OPERAND_TRUE:
		return CODE_FALSE;
	case OPERAND_FALSE:
		return CODE_TRUE;
	default:
		return code_emit(code, (struct instruction){ .op = OP_NOT, .a = a });
	}
}

struct operand code_and(struct code *code, struct operand a, struct operand b)
{
	if (a.kind == OPERAND_FALSE || b.kind == OPERAND_TRUE) {
		return a;
	}
	if (b.kind == OPERAND_FALSE || a.kind == OPERAND_TRUE) {
		return b;
	}
	return code_emit(code, (struct instruction){ .op = OP_AND, .a = a, .b = b });
}

struct operand code_or(struct code *code, struct operand a, struct operand b)
{
	if (a.kind == OPERAND_TRUE || b.kind == OPERAND_FALSE) {
		return a;
	}
	if (b.kind == OPERAND_TRUE || a.kind == OPERAND_FALSE) {
		return b;
	}
	return code_emit(code, (struct instruction){ .op = OP_OR, .a = a, .b = b });
}

struct operand code_and_not(struct code *code, struct operand a, struct operand b)
{
	if (a.kind == OPERAND_FALSE || b.kind == OPERAND_FALSE) {
		return a;
	}
	if (b.kind == OPERAND_TRUE) {
		return CODE_FALSE;
	}
	if (a.kind == OPERAND_TRUE) {
		return code_not(code, b);
	}
	return code_emit(code, (struct instruction){ .op = OP_ANDNOT, .a = a, .b = b });
}

static bool is_same(struct operand a, struct operand b)
{
	return a.kind == b.kind && a.index == b.index;
}

static bool is_constant(struct operand mask)
{
	return mask.kind == OPERAND_TRUE || mask.kind == OPERAND_FALSE;
}

struct operand code_select_mask(struct code *code, struct operand test, struct operand yes,
				struct operand no)
{
	if (is_constant(test)) {
		return test.kind == OPERAND_TRUE ? yes : no;
	}
	if (yes.kind == OPERAND_FALSE) {
		return code_and_not(code, no, test);
	}
	if (no.kind == OPERAND_FALSE || is_same(no, test)) {
		return code_and(code, test, yes);
	}
	if (yes.kind == OPERAND_TRUE || is_same(yes, test)) {
		return code_or(code, test, no);
	}
	if (no.kind == OPERAND_TRUE) {
		return code_or(code, code_not(code, test), yes);
	}
	return code_emit(code, (struct instruction){
				       .op = OP_SELECT_MASK,
				       .a = test,
				       .b = yes,
				       .c = no,
			       });
}

struct operand code_select(struct code *code, struct operand test, struct operand yes,
			   struct operand no)
{
	if (is_constant(test)) {
		return test.kind == OPERAND_TRUE ? yes : no;
	}
	if (is_same(yes, no)) {
		return yes;
	}
	return code_emit(code, (struct instruction){
				       .op = OP_SELECT,
				       .a = test,
				       .b = yes,
				       .c = no,
			       });
}
