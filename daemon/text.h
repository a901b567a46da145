/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * text.h - a file of text, read whole
 */
#ifndef DAEMON_TEXT_H
#define DAEMON_TEXT_H

#include <stddef.h>

#include "daemon/diagnostics.h"

enum { TEXT_MAX = 16 << 20 }; /* [bytes] */

/*
 * Read a file or pipe to its end.  Returns its text, ended by NUL, without a byte order mark; the
 * caller frees it.  It holds no other NUL and is valid UTF-8.  NULL where it cannot be had, is no
 * text or is over TEXT_MAX; one error then says so.  Blocks as long as a pipe has a writer.
 */
char *text_load(const char *path, size_t *length, struct diagnostics *diagnostics);

#endif
