/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * number.h - doubles as text that reads back to the same double
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

enum { NUMBER_SIZE = 32 };

/*
 * The shortest of %.15g, %.16g and %.17g that strtod() reads back to the same bits, in the "C"
 * locale's notation; "nan", "inf" and "-inf".  Returns buffer.
 */
const char *number_format(char buffer[NUMBER_SIZE], double value);

#endif
