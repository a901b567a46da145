/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * text.c - reading a file whole, and refusing what is no text
 */
#include "daemon/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/characters.h"
#include "gather.h"

enum { ROOM_MIN = 4096 }; /* [bytes] */

static const struct place nowhere;

/* Read everything up to one byte more than is allowed.  NULL with errno set. */
static char *read_all(int fd, size_t *length)
{
	size_t room = ROOM_MIN;
	char *text = malloc(room);
	size_t n = 0;

	while (text != NULL && n <= TEXT_MAX) {
		if (n + 1 == room) {
			room *= 2;
			char *larger = realloc(text, room);
			if (larger == NULL) {
				break;
			}
			text = larger;
		}
		ssize_t got = read(fd, text + n, room - n - 1);
		if (got == 0) {
			text[n] = '\0';
			*length = n;
			return text;
		}
		if (got < 0 && errno != EINTR) {
			break;
		}
		n += got > 0 ? (size_t)got : 0;
	}
	if (n > TEXT_MAX) {
		errno = EFBIG;
	}
	int error = errno;
	free(text);
	errno = error;
	return NULL;
}

/* Returns false and says where the first byte stands that is no text. */
static bool check_text(const char *text, size_t length, struct diagnostics *diagnostics)
{
	struct place place = { 1, 1, 1 };

	for (size_t at = 0; at < length;) {
		uint32_t character;
		size_t n = characters_decode(text + at, length - at, &character);
		if (n == 0) {
			diagnostics_add(diagnostics, place, NULL,
					"not a text in UTF-8: it has a byte 0x%02x here",
					(unsigned char)text[at]);
			return false;
		}
		if (character == 0) {
			diagnostics_add(diagnostics, place, NULL,
					"not a text: it has a NUL byte here");
			return false;
		}
		place.line += character == '\n';
		place.column = character == '\n' ? 1 : place.column + 1;
		at += n;
	}
	return true;
}

static const char *phrase(int error)
{
	switch (error) {
	case EISDIR:
		return "is a directory";
	case EFBIG:
		return "is over 16 MiB";
	default:
		return strerror(error);
	}
}

char *text_load(const char *path, size_t *length, struct diagnostics *diagnostics)
{
	static const char mark[] = "\xEF\xBB\xBF";
	char *text = NULL;
	/* A directory opens, and refuses to be read. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0) {
		text = read_all(fd, length);
	}
	int error = errno;
	if (fd >= 0) {
		close(fd);
	}
	if (text == NULL && error == ENOMEM) {
		diagnostics_fail(diagnostics, GATHER_ENOMEM);
		return NULL;
	}
	if (text == NULL) {
		diagnostics_add(diagnostics, nowhere, NULL, "%s", phrase(error));
		return NULL;
	}
	if (*length >= 3 && memcmp(text, mark, 3) == 0) {
		*length -= 3;
		memmove(text, text + 3, *length + 1);
	}
	if (!check_text(text, *length, diagnostics)) {
		free(text);
		return NULL;
	}
	return text;
}
