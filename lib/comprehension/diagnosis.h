/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * diagnosis.h - what is wrong with a text, and where
 *
 * The first complaint stays; those who complain go on, or leave as fast as they can.
 */
#ifndef COMPREHENSION_DIAGNOSIS_H
#define COMPREHENSION_DIAGNOSIS_H

#include <stddef.h>

#include "gather.h"

/* A place in a text. */
struct span {
	size_t begin, end;     /* [bytes] from the start of the text; end is behind the last byte */
	unsigned line, column; /* of begin, from 1, the column in characters */
};

struct diagnosis {
	const char *text;           /* what spans are of */
	struct gather_error *error; /* may be NULL */
	int code;                   /* GATHER_OK until something is wrong */
};

/* From the beginning of one span to the end of another. */
struct span span_join(struct span first, struct span last);

/* Characters of a span within its first line, at least 1. */
unsigned diagnosis_characters(const struct diagnosis *diagnosis, struct span span);

/* Set code, message and place.  A span over several lines is cut at the end of its first. */
__attribute__((format(printf, 3, 4))) void diagnosis_set(struct diagnosis *diagnosis,
							 struct span span, const char *format, ...);

/* No memory. */
void diagnosis_nomem(struct diagnosis *diagnosis);

/*
 * The same as diagnosis_set(), with what was probably meant: a word or a phrase, or NULL.  A hint
 * that is too long is left out.
 */
__attribute__((format(printf, 4, 5))) void diagnosis_suggest(struct diagnosis *diagnosis,
							     struct span span, const char *hint,
							     const char *format, ...);

#endif
