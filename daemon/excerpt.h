/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * excerpt.h - a line of a text with a mark under the place that is spoken of
 */
#ifndef DAEMON_EXCERPT_H
#define DAEMON_EXCERPT_H

#include <stddef.h>
#include <stdio.h>

#include "daemon/diagnostics.h"

/* Print the place's line and its mark, as two lines.  Prints nothing where the text has no such
 * line, and no mark where the place has no column.  Long lines are cut around the place. */
void excerpt_print(FILE *stream, const char *text, size_t length, struct place place);

#endif
