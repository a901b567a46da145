/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * diagnostics.h - what is wrong with an input, all of it, for people
 *
 * The first DIAGNOSTICS_SHOWN errors by place are kept, the others counted.  Whatever a message
 * quotes, it stays one line that a terminal can be given.
 *
 * Threads: none; one owner.
 */
#ifndef DAEMON_DIAGNOSTICS_H
#define DAEMON_DIAGNOSTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	DIAGNOSTICS_SHOWN = 50,
	DIAGNOSTICS_MESSAGE_SIZE = 1024, /* [bytes] longer messages are cut */
	DIAGNOSTICS_HINT_SIZE = 256,     /* [bytes] */
};

/* Where something stands: counted from 1; 0 where there is no such place. */
struct place {
	unsigned line;
	unsigned column; /* [characters, not bytes] */
	unsigned length; /* [characters] to underline */
};

struct diagnostics; /* opaque */

/* name is how messages call the input: a path as the user gave it, "-e" ...  NULL without
 * memory. */
struct diagnostics *diagnostics_create(const char *name);
void diagnostics_destroy(struct diagnostics **diagnostics);

/* The text that places speak of, copied; without it no line is shown.  False without memory. */
bool diagnostics_set_text(struct diagnostics *diagnostics, const char *text, size_t length);

/* Note an error.  hint (may be NULL) is a phrase that says what to write instead; it comes after
 * the message and "; ". */
void diagnostics_add(struct diagnostics *diagnostics, struct place place, const char *hint,
		     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same for something that is no part of the text (an option, the system): name stands where
 * the name of the input would. */
void diagnostics_add_about(struct diagnostics *diagnostics, const char *name, const char *hint,
			   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Note that the input could not be judged: the phrase of a gather_code (no memory, ...). */
void diagnostics_fail(struct diagnostics *diagnostics, int code);

/* The code of the first diagnostics_fail(); else GATHER_EINPUT, or GATHER_OK without any error. */
int diagnostics_code(const struct diagnostics *diagnostics);

/* "did you mean 'WORD'?" for a single word, any other phrase as it is; NULL for NULL and "".  What
 * suggest() and struct gather_error give can be passed as it is. */
const char *diagnostics_hint(char buffer[DIAGNOSTICS_HINT_SIZE], const char *word);

/* Errors noted, shown or not. */
unsigned diagnostics_count(const struct diagnostics *diagnostics);

/*
 * Print all, by place, those without one last:
 *
 *     gatherd.yaml:14:5: unknown key 'widht'; did you mean 'width'?
 *        14 |     widht: 2
 *           |     ^~~~~
 */
void diagnostics_print(const struct diagnostics *diagnostics, FILE *stream);

/* The first error by place as one line, "gatherd.yaml:14:5: unknown key ..."; "" if none. */
const char *diagnostics_first(const struct diagnostics *diagnostics);

#endif
