/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * arena.c - chunks from malloc(), handed out piece by piece
 */
#include "comprehension/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK_SIZE = 16384, /* [bytes] */
	ALIGNMENT = alignof(max_align_t),
};

struct arena_chunk {
	struct arena_chunk *older;
	alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *arena)
{
	memset(arena, 0, sizeof(*arena));
}

void arena_fini(struct arena *arena)
{
	while (arena->chunks != NULL) {
		struct arena_chunk *chunk = arena->chunks;

		arena->chunks = chunk->older;
		free(chunk);
	}
	arena_init(arena);
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > (SIZE_MAX - CHUNK_SIZE) / size) {
		return NULL;
	}
	/* nothing has an address, too */
	size_t bytes = (count * size / ALIGNMENT + 1) * ALIGNMENT;

	if (bytes > arena->left) {
		size_t room = bytes > CHUNK_SIZE ? bytes : CHUNK_SIZE;
		struct arena_chunk *chunk = malloc(sizeof(*chunk) + room);

		if (chunk == NULL) {
			return NULL;
		}
		chunk->older = arena->chunks;
		arena->chunks = chunk;
		arena->next = chunk->bytes;
		arena->left = room;
	}
	void *result = arena->next;
	arena->next += bytes;
	arena->left -= bytes;
	return memset(result, 0, bytes);
}
