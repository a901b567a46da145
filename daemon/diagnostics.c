/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * diagnostics.c - errors kept in the order of their places
 *
 * Memory that runs out costs messages, never their number: an input with errors stays one.
 */
#include "daemon/diagnostics.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/excerpt.h"
#include "daemon/characters.h"
#include "gather.h"

struct entry {
	struct place place;
	char *message; /* the whole line, place and hint included */
};

struct diagnostics {
	char *name;
	char *text; /* NULL: no lines are shown */
	size_t length;
	int code; /* of the first diagnostics_fail(); 0: none */
	unsigned count;
	unsigned nkept;
	struct entry kept[DIAGNOSTICS_SHOWN]; /* [nkept] by place, then in the order of adding */
};

struct diagnostics *diagnostics_create(const char *name)
{
	struct diagnostics *diagnostics = calloc(1, sizeof(*diagnostics));

	if (diagnostics == NULL) {
		return NULL;
	}
	diagnostics->name = strdup(name);
	if (diagnostics->name == NULL) {
		free(diagnostics);
		return NULL;
	}
	return diagnostics;
}

void diagnostics_destroy(struct diagnostics **diagnostics)
{
	if (*diagnostics == NULL) {
		return;
	}
	for (unsigned i = 0; i < (*diagnostics)->nkept; i++) {
		free((*diagnostics)->kept[i].message);
	}
	free((*diagnostics)->name);
	free((*diagnostics)->text);
	free(*diagnostics);
	*diagnostics = NULL;
}

bool diagnostics_set_text(struct diagnostics *diagnostics, const char *text, size_t length)
{
	char *copy = malloc(length + 1);

	if (copy == NULL) {
		return false;
	}
	memcpy(copy, text, length);
	copy[length] = '\0';
	free(diagnostics->text);
	diagnostics->text = copy;
	diagnostics->length = length;
	return true;
}

const char *diagnostics_hint(char buffer[DIAGNOSTICS_HINT_SIZE], const char *word)
{
	if (word == NULL || word[0] == '\0') {
		return NULL;
	}
	snprintf(buffer, DIAGNOSTICS_HINT_SIZE,
		 strchr(word, ' ') == NULL ? "did you mean '%s'?" : "%s", word);
	return buffer;
}

/* A message under way: bytes beyond its room are left out. */
struct builder {
	char text[DIAGNOSTICS_MESSAGE_SIZE];
	size_t length;
	bool full;
};

static const char ellipsis[] = "...";

/* Add a text, every character of it as it may be shown. */
static void build(struct builder *builder, const char *text)
{
	size_t length = strlen(text);

	for (size_t at = 0; at < length && !builder->full;) {
		struct characters_shown shown = characters_show(text + at, length - at);
		size_t n = strlen(shown.text);
		if (builder->length + n + sizeof(ellipsis) > sizeof(builder->text)) {
			memcpy(builder->text + builder->length, ellipsis, sizeof(ellipsis));
			builder->full = true;
			return;
		}
		memcpy(builder->text + builder->length, shown.text, n + 1);
		builder->length += n;
		at += shown.bytes;
	}
}

static bool before(struct place a, struct place b)
{
	if (a.line == 0 || b.line == 0) {
		/* What has no place comes last. */
		return a.line != 0;
	}
	return a.line != b.line ? a.line < b.line : a.column < b.column;
}

/* Keep a message if it is among the first. */
static void keep(struct diagnostics *diagnostics, struct place place, const char *message)
{
	struct entry *kept = diagnostics->kept;
	unsigned at = diagnostics->nkept;

	while (at > 0 && before(place, kept[at - 1].place)) {
		at--;
	}
	if (at == DIAGNOSTICS_SHOWN) {
		return;
	}
	char *copy = strdup(message);
	if (copy == NULL) {
		return;
	}
	if (diagnostics->nkept == DIAGNOSTICS_SHOWN) {
		free(kept[--diagnostics->nkept].message);
	}
	memmove(&kept[at + 1], &kept[at], (diagnostics->nkept - at) * sizeof(*kept));
	kept[at] = (struct entry){ place, copy };
	diagnostics->nkept++;
}

static void add(struct diagnostics *diagnostics, const char *name, struct place place,
		const char *hint, const char *format, va_list args)
{
	struct builder builder = { .length = 0 };
	char buffer[DIAGNOSTICS_MESSAGE_SIZE];

	build(&builder, name);
	if (place.line > 0) {
		snprintf(buffer, sizeof(buffer), place.column > 0 ? ":%u:%u" : ":%u", place.line,
			 place.column);
		build(&builder, buffer);
	}
	build(&builder, ": ");
	vsnprintf(buffer, sizeof(buffer), format, args);
	build(&builder, buffer);
	if (hint != NULL) {
		build(&builder, "; ");
		build(&builder, hint);
	}
	diagnostics->count++;
	keep(diagnostics, place, builder.text);
}

void diagnostics_add(struct diagnostics *diagnostics, struct place place, const char *hint,
		     const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(diagnostics, diagnostics->name, place, hint, format, args);
	va_end(args);
}

void diagnostics_add_about(struct diagnostics *diagnostics, const char *name, const char *hint,
			   const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(diagnostics, name, (struct place){ 0 }, hint, format, args);
	va_end(args);
}

void diagnostics_fail(struct diagnostics *diagnostics, int code)
{
	if (diagnostics->code == GATHER_OK) {
		diagnostics->code = code;
	}
	diagnostics_add_about(diagnostics, "gatherd", NULL, "%s", gather_strerror(code));
}

int diagnostics_code(const struct diagnostics *diagnostics)
{
	if (diagnostics->code != GATHER_OK) {
		return diagnostics->code;
	}
	return diagnostics->count > 0 ? GATHER_EINPUT : GATHER_OK;
}

unsigned diagnostics_count(const struct diagnostics *diagnostics)
{
	return diagnostics->count;
}

void diagnostics_print(const struct diagnostics *diagnostics, FILE *stream)
{
	for (unsigned i = 0; i < diagnostics->nkept; i++) {
		const struct entry *entry = &diagnostics->kept[i];
		fprintf(stream, "%s\n", entry->message);
		if (diagnostics->text != NULL) {
			excerpt_print(stream, diagnostics->text, diagnostics->length, entry->place);
		}
	}
	unsigned more = diagnostics->count - diagnostics->nkept;
	if (more > 0) {
		struct builder builder = { .length = 0 };
		build(&builder, diagnostics->name);
		fprintf(stream, "%s: and %u more error%s\n", builder.text, more,
			more == 1 ? "" : "s");
	}
}

const char *diagnostics_first(const struct diagnostics *diagnostics)
{
	if (diagnostics->count == 0) {
		return "";
	}
	return diagnostics->nkept > 0 ? diagnostics->kept[0].message : "not enough memory";
}
