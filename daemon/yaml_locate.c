/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * yaml_locate.c - rereading a scalar the way YAML does, to learn where its characters come from
 *
 * The parser tells what a scalar says, not where each character was.  The source is read again here
 * and must give the very same text; where it does not, nothing is located.
 *
 * References: YAML 1.1, chapter 9 (scalar styles), as libyaml reads it.
 */
#include "daemon/yaml_locate.h"

#include <stdint.h>
#include <string.h>

#include "daemon/characters.h"

/* Rereading under way. */
struct reader {
	const char *at, *end; /* source */
	const char *text;     /* what it must say */
	size_t done;          /* [bytes] of text that were found so far */
	size_t target;        /* [bytes] the character that is sought */
	const char *found;    /* where it stands, or NULL */
};

/* The source at `from` says these bytes: check, and note if the target is among them. */
static bool say(struct reader *reader, const char *bytes, size_t n, const char *from)
{
	if (strncmp(reader->text + reader->done, bytes, n) != 0) {
		return false;
	}
	if (reader->target - reader->done < n) {
		/* Within a copied character or run the bytes correspond; an escape is a whole. */
		reader->found = bytes == from ? from + (reader->target - reader->done) : from;
	}
	reader->done += n;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The length of the line break that text begins with, or 0.  Breaks that are no ASCII are left to
 * the comparison, which they fail. */
static size_t break_length(const char *text, const char *end)
{
	if (text == end) {
		return 0;
	}
	if (text[0] == '\r') {
		return end - text > 1 && text[1] == '\n' ? 2 : 1;
	}
	return text[0] == '\n' ? 1 : 0;
}

/* Blanks and line breaks inside a flow scalar.  escaped: behind a backslash and a break, which say
 * nothing. */
static bool read_space(struct reader *reader, bool escaped)
{
	const char *from = reader->at;
	const char *blanks_end;
	unsigned breaks = 0;
	size_t n;

	while (reader->at < reader->end && is_blank(*reader->at)) {
		reader->at++;
	}
	blanks_end = reader->at;
	while ((n = break_length(reader->at, reader->end)) > 0) {
		breaks++;
		reader->at += n;
		while (reader->at < reader->end && is_blank(*reader->at)) {
			reader->at++;
		}
	}
	if (breaks == 0) {
		return escaped || say(reader, from, (size_t)(blanks_end - from), from);
	}
	if (breaks == 1 && !escaped) {
		return say(reader, " ", 1, blanks_end);
	}
	for (unsigned i = escaped ? 0 : 1; i < breaks; i++) {
		if (!say(reader, "\n", 1, blanks_end)) {
			return false;
		}
	}
	return true;
}

static size_t encode(uint32_t character, char out[4])
{
	if (character < 0x80) {
		out[0] = (char)character;
		return 1;
	}
	size_t n = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
	for (size_t i = n; i-- > 1; character >>= 6) {
		out[i] = (char)(0x80 | (character & 0x3F));
	}
	out[0] = (char)((0xF00u >> n & 0xFFu) | character);
	return n;
}

/* The character of an escape with so many hexadecimal digits. */
static bool read_hex(struct reader *reader, size_t digits, uint32_t *character)
{
	*character = 0;
	if ((size_t)(reader->end - reader->at) < digits) {
		return false;
	}
	for (; digits > 0; digits--) {
		static const char hex[] = "0123456789abcdef0123456789ABCDEF";
		const char *digit = strchr(hex, *reader->at++);
		if (digit == NULL || *digit == '\0') {
			return false;
		}
		*character = *character << 4 | (uint32_t)((digit - hex) % 16);
	}
	return true;
}

/* An escape of a double-quoted scalar, from its backslash on. */
static bool read_escape(struct reader *reader)
{
	static const char names[] = "abt\tnvfre \"/\\N_LP";
	static const uint32_t characters[] = { 7,   8,   9,   9,    10,   11,   12,     13,    27,
					       ' ', '"', '/', '\\', 0x85, 0xA0, 0x2028, 0x2029 };
	const char *from = reader->at++;
	uint32_t character;
	char bytes[4];

	if (reader->at == reader->end) {
		return false;
	}
	if (break_length(reader->at, reader->end) > 0) {
		reader->at += break_length(reader->at, reader->end);
		return read_space(reader, true);
	}
	char name = *reader->at++;
	const char *known = memchr(names, name, sizeof(names) - 1);
	if (known != NULL) {
		character = characters[known - names];
	} else if (!read_hex(reader, name == 'x' ? 2 : name == 'u' ? 4 : 8, &character)) {
		return false;
	}
	return say(reader, bytes, encode(character, bytes), from);
}

/* A plain or quoted scalar, without its quotes; reader->end stands after its last character. */
static bool read_flow(struct reader *reader, enum yaml_style style)
{
	while (reader->at < reader->end) {
		const char *from = reader->at;
		bool fine;
		if (is_blank(*from) || break_length(from, reader->end) > 0) {
			fine = read_space(reader, false);
		} else if (style == YAML_DOUBLE && *from == '\\') {
			fine = read_escape(reader);
		} else if (style == YAML_SINGLE && *from == '\'') {
			/* Two of them stand for one. */
			reader->at += 2;
			fine = say(reader, from, 1, from);
		} else {
			reader->at++;
			fine = say(reader, from, 1, from);
		}
		if (!fine) {
			return false;
		}
	}
	return true;
}

/* One line of a block scalar, without its break: what is indented further than the block. */
struct block_line {
	const char *begin, *end;
	bool empty;
};

static struct block_line next_line(struct reader *reader, size_t indent)
{
	struct block_line line;
	size_t spaces = 0;

	while (reader->at < reader->end && spaces < indent && *reader->at == ' ') {
		reader->at++;
		spaces++;
	}
	line.begin = reader->at;
	while (reader->at < reader->end && break_length(reader->at, reader->end) == 0) {
		reader->at++;
	}
	line.end = reader->at;
	line.empty = line.begin == line.end;
	reader->at += break_length(reader->at, reader->end);
	return line;
}

/* What a block scalar says between two lines that are not empty, with so many empty ones between
 * them.  A folded break becomes a space, unless one of the lines begins with a blank. */
static bool say_breaks(struct reader *reader, unsigned empty, bool fold, const char *from)
{
	if (fold && empty == 0) {
		return say(reader, " ", 1, from);
	}
	for (unsigned i = fold ? 1 : 0; i <= empty; i++) {
		if (!say(reader, "\n", 1, from)) {
			return false;
		}
	}
	return true;
}

/* The lines of a block scalar.  Breaks after the last one are not compared: they say nothing that
 * could be wrong. */
static bool read_block(struct reader *reader, enum yaml_style style, size_t indent)
{
	const char *last_end = NULL; /* of the line that came before, NULL at first */
	bool last_blank = false;
	unsigned empty = 0;

	while (reader->at < reader->end) {
		struct block_line line = next_line(reader, indent);
		if (line.empty) {
			empty++;
			continue;
		}
		bool blank = is_blank(*line.begin);
		if (last_end != NULL) {
			bool fold = style == YAML_FOLDED && !blank && !last_blank;
			if (!say_breaks(reader, empty, fold, last_end)) {
				return false;
			}
		} else {
			for (; empty > 0; empty--) {
				if (!say(reader, "\n", 1, line.begin)) {
					return false;
				}
			}
		}
		if (!say(reader, line.begin, (size_t)(line.end - line.begin), line.begin)) {
			return false;
		}
		last_end = line.end;
		last_blank = blank;
		empty = 0;
	}
	if (reader->done == reader->target && last_end != NULL) {
		reader->found = last_end;
	}
	reader->done += strspn(reader->text + reader->done, "\n");
	return true;
}

/* Whether rereading said everything; the end of the text stands where the source ends. */
static bool is_complete(struct reader *reader)
{
	if (reader->text[reader->done] != '\0') {
		return false;
	}
	if (reader->found == NULL && reader->target == reader->done) {
		reader->found = reader->end;
	}
	return reader->found != NULL;
}

static bool find_in_flow(struct reader *reader, const struct yaml_node *scalar)
{
	bool quoted = scalar->style != YAML_PLAIN;

	if (quoted && scalar->source_length < 2) {
		return false;
	}
	reader->at += quoted;
	reader->end -= quoted;
	return read_flow(reader, scalar->style) && is_complete(reader);
}

/* The indentation of a block is not told: the one that gives the same text is right. */
static bool find_in_block(struct reader *reader, const struct yaml_node *scalar)
{
	enum { INDENT_MAX = 64 };
	const char *body = memchr(reader->at, '\n', scalar->source_length);

	if (body == NULL) {
		return false;
	}
	for (size_t indent = INDENT_MAX; indent > 0; indent--) {
		struct reader attempt = *reader;
		attempt.at = body + 1;
		if (read_block(&attempt, scalar->style, indent) && is_complete(&attempt)) {
			*reader = attempt;
			return true;
		}
	}
	return false;
}

/* Where a byte of the scalar's text stands in the source; NULL where that is not known. */
static const char *find(const struct yaml_node *scalar, size_t target)
{
	struct reader reader = { .at = scalar->source,
				 .end = scalar->source + scalar->source_length,
				 .text = scalar->text,
				 .target = target };
	bool block = scalar->style == YAML_LITERAL || scalar->style == YAML_FOLDED;
	bool found = block ? find_in_block(&reader, scalar) : find_in_flow(&reader, scalar);

	return found ? reader.found : NULL;
}

/* The byte of a text at a line and column; false where it has none.  Lines end with CR, too: that
 * is how comprehensions count them. */
static bool offset_of(const char *text, unsigned line, unsigned column, size_t *offset)
{
	const char *at = text;

	if (line == 0 || column == 0) {
		return false;
	}
	for (; line > 1; line--) {
		at += strcspn(at, "\r\n");
		if (*at == '\0') {
			return false;
		}
		at += strncmp(at, "\r\n", 2) == 0 ? 2 : 1;
	}
	size_t length = strcspn(at, "\r\n");
	if (column - 1 > characters_count(at, length)) {
		return false;
	}
	*offset = (size_t)(at - text) + characters_bytes(at, length, column - 1);
	return true;
}

bool yaml_locate(const struct yaml_node *scalar, struct place within, struct place *place)
{
	size_t first;

	*place = scalar->place;
	if (!offset_of(scalar->text, within.line, within.column, &first)) {
		return false;
	}
	const char *begin = find(scalar, first);
	if (begin == NULL) {
		return false;
	}
	const char *rest = scalar->text + first;
	const char *end = find(scalar, first + characters_bytes(rest, strlen(rest), within.length));
	const char *line = scalar->source;
	for (const char *at = line; at < begin; at++) {
		if (*at == '\n') {
			place->line++;
			place->column = 1;
			line = at + 1;
		}
	}
	place->column += (unsigned)characters_count(line, (size_t)(begin - line));
	size_t length = end == NULL || end < begin ? 0 : (size_t)(end - begin);
	const char *newline = memchr(begin, '\n', length);
	length = newline == NULL ? length : (size_t)(newline - begin);
	place->length = length == 0 ? 1 : (unsigned)characters_count(begin, length);
	return true;
}
