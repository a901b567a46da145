/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * error.h - filling in a struct gather_error
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "gather.h"

/*
 * Describe an error: clears it, sets code and message, and returns the code.  A message that is
 * too long is cut.  error may be NULL.
 */
__attribute__((format(printf, 3, 4))) int error_set(struct gather_error *error, int code,
						    const char *format, ...);

/* No memory: GATHER_ENOMEM with its phrase. */
int error_nomem(struct gather_error *error);

#endif
