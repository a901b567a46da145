/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * error.c - the phrases of the error codes, faults and outcomes
 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int error_set(struct gather_error *error, int code, const char *format, ...)
{
	va_list args;

	if (error == NULL) {
		return code;
	}
	memset(error, 0, sizeof(*error));
	error->code = code;
	va_start(args, format);
	vsnprintf(error->message, sizeof(error->message), format, args);
	va_end(args);
	return code;
}

int error_nomem(struct gather_error *error)
{
	return error_set(error, GATHER_ENOMEM, "%s", gather_strerror(GATHER_ENOMEM));
}

const char *gather_strerror(int code)
{
	switch (code) {
	case GATHER_OK:
		return "no error";
	case GATHER_EINPUT:
		return "the specification is wrong";
	case GATHER_ENOMEM:
		return "not enough memory";
	case GATHER_ETHREAD:
		return "the system refuses another thread";
	case GATHER_ESYSTEM:
		return "a system call failed";
	case GATHER_EISA:
		return "the CPU cannot run these kernels";
	default:
		return "unknown error";
	}
}

const char *gather_fault_name(enum gather_fault fault)
{
	static const char *const names[GATHER_FAULTS] = {
		[GATHER_FAULT_ZERO_DIVISION] = "ZeroDivisionError",
		[GATHER_FAULT_VALUE] = "ValueError",
		[GATHER_FAULT_OVERFLOW] = "OverflowError",
		[GATHER_FAULT_INTEGER] = "IntegerBeyond2p53",
		[GATHER_FAULT_COMPLEX] = "ComplexResult",
	};

	return (unsigned)fault < GATHER_FAULTS ? names[fault] : "unknown fault";
}

const char *gather_outcome_name(enum gather_outcome outcome)
{
	return outcome == GATHER_COMPLETE ? "complete" : "stopped";
}
