/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * number.c - finding the fewest digits that say a double exactly
 *
 * 15 digits are what any double keeps, 17 are enough for all of them.
 */
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Write '.' for the decimal point of the process's locale, which may have several bytes.  It is
 * the only thing in the text that is no digit, sign or exponent. */
static void use_point(char *text)
{
	char *point = text + strspn(text, "+-0123456789");

	if (*point == '\0' || *point == 'e') {
		return;
	}
	char *rest = point + strcspn(point, "0123456789");
	*point = '.';
	memmove(point + 1, rest, strlen(rest) + 1);
}

const char *number_format(char buffer[NUMBER_SIZE], double value)
{
	if (isnan(value)) {
		return strcpy(buffer, "nan");
	}
	if (isinf(value)) {
		return strcpy(buffer, value < 0 ? "-inf" : "inf");
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(buffer, NUMBER_SIZE, "%.*g", digits, value);
		if (strtod(buffer, NULL) == value) {
			break;
		}
	}
	use_point(buffer);
	return buffer;
}
