/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * diagnosis.c - complaints about a text
 */
#include "comprehension/diagnosis.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

struct span span_join(struct span first, struct span last)
{
	first.end = last.end;
	return first;
}

unsigned diagnosis_characters(const struct diagnosis *diagnosis, struct span span)
{
	const char *text = diagnosis->text;
	unsigned n = 0;

	for (size_t i = span.begin; i < span.end; i++) {
		if (text[i] == '\n' || text[i] == '\r') {
			break;
		}
		/* All bytes of a UTF-8 character but its first begin with the bits 10. */
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	}
	return n > 0 ? n : 1;
}

static void set(struct diagnosis *diagnosis, struct span span, const char *format, va_list args)
{
	char message[sizeof(diagnosis->error->message)];

	vsnprintf(message, sizeof(message), format, args);
	diagnosis->code = error_set(diagnosis->error, GATHER_EINPUT, "%s", message);
	if (diagnosis->error != NULL) {
		diagnosis->error->line = span.line;
		diagnosis->error->column = span.column;
		diagnosis->error->length = diagnosis_characters(diagnosis, span);
	}
}

void diagnosis_set(struct diagnosis *diagnosis, struct span span, const char *format, ...)
{
	va_list args;

	if (diagnosis->code == GATHER_OK) {
		va_start(args, format);
		set(diagnosis, span, format, args);
		va_end(args);
	}
}

void diagnosis_suggest(struct diagnosis *diagnosis, struct span span, const char *hint,
		       const char *format, ...)
{
	va_list args;

	if (diagnosis->code != GATHER_OK) {
		return;
	}
	va_start(args, format);
	set(diagnosis, span, format, args);
	va_end(args);
	if (diagnosis->error != NULL && hint != NULL &&
	    strlen(hint) < sizeof(diagnosis->error->hint)) {
		strcpy(diagnosis->error->hint, hint);
	}
}

void diagnosis_nomem(struct diagnosis *diagnosis)
{
	if (diagnosis->code == GATHER_OK) {
		diagnosis->code = error_nomem(diagnosis->error);
	}
}
