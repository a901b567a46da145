/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * excerpt.c - which part of a line is shown, and how a mark is aligned with it
 *
 * The mark's line repeats the tabs of the line above it, so that the two agree at any tab width.
 */
#include "daemon/excerpt.h"

#include <stdbool.h>
#include <string.h>

#include "daemon/characters.h"

enum {
	CHARACTERS_MAX = 100,   /* shown of a line */
	CHARACTERS_BEFORE = 60, /* shown before the place, where a line is cut */
};

static const char cut[] = "...";

struct line {
	const char *text;
	size_t length; /* [bytes] */
};

static bool find_line(struct line *line, const char *text, size_t length, unsigned number)
{
	const char *end = text + length;

	for (unsigned i = 1; i < number; i++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		if (newline == NULL) {
			return false;
		}
		text = newline + 1;
	}
	const char *newline = memchr(text, '\n', (size_t)(end - text));
	line->text = text;
	line->length = (size_t)((newline == NULL ? end : newline) - text);
	if (line->length > 0 && line->text[line->length - 1] == '\r') {
		line->length--;
	}
	return true;
}

/* Print the characters of a line, or (blank) as many blanks. */
static void print_characters(FILE *stream, struct line line, bool blank)
{
	for (size_t at = 0; at < line.length;) {
		struct characters_shown shown = characters_show(line.text + at, line.length - at);
		if (line.text[at] == '\t') {
			fputc('\t', stream);
		} else if (blank) {
			fprintf(stream, "%*s", (int)shown.columns, "");
		} else {
			fputs(shown.text, stream);
		}
		at += shown.bytes;
	}
}

/* Columns of the characters that are marked, a tab counting as one. */
static unsigned marked_columns(struct line line)
{
	unsigned columns = 0;

	for (size_t at = 0; at < line.length;) {
		struct characters_shown shown = characters_show(line.text + at, line.length - at);
		columns += line.text[at] == '\t' ? 1 : shown.columns;
		at += shown.bytes;
	}
	return columns;
}

static struct line part(struct line line, size_t from, size_t characters)
{
	size_t begin = characters_bytes(line.text, line.length, from);

	return (struct line){ line.text + begin,
			      characters_bytes(line.text + begin, line.length - begin,
					       characters) };
}

void excerpt_print(FILE *stream, const char *text, size_t length, struct place place)
{
	struct line line;

	if (place.line == 0 || !find_line(&line, text, length, place.line) || line.length == 0) {
		return;
	}
	size_t count = characters_count(line.text, line.length);
	size_t before = place.column == 0 ? 0 : place.column - 1u;
	before = before < count ? before : count;
	size_t from = 0;
	if (count > CHARACTERS_MAX && before > CHARACTERS_BEFORE) {
		from = before - CHARACTERS_BEFORE;
		from = from < count - CHARACTERS_MAX ? from : count - CHARACTERS_MAX;
	}
	struct line shown = part(line, from, CHARACTERS_MAX);
	const char *left = from > 0 ? cut : "";
	bool right = from + CHARACTERS_MAX < count;

	fprintf(stream, "%5u | %s", place.line, left);
	print_characters(stream, shown, false);
	fprintf(stream, "%s\n", right ? cut : "");
	if (place.column == 0) {
		return;
	}
	fprintf(stream, "%5s | %*s", "", (int)strlen(left), "");
	print_characters(stream, part(shown, 0, before - from), true);
	fputc('^', stream);
	unsigned columns = marked_columns(part(shown, before - from, place.length));
	for (unsigned i = 1; i < columns; i++) {
		fputc('~', stream);
	}
	fputc('\n', stream);
}
