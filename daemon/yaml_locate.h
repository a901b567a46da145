/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * yaml_locate.h - where a character of a scalar's text stands in the file
 */
#ifndef DAEMON_YAML_LOCATE_H
#define DAEMON_YAML_LOCATE_H

#include "daemon/yaml.h"

/*
 * The place in the file of a place in a scalar's text (line, column and length, counted from 1
 * within that text; one column past the end of a line is its end).  Quotes, escapes, indentation
 * and folded lines are seen through; what goes on over the end of a line is cut there.  False, and
 * the scalar's own place, where the text has no such place.
 */
bool yaml_locate(const struct yaml_node *scalar, struct place within, struct place *place);

#endif
