/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * arena.h - memory that is freed all at once
 *
 * Threads: an arena has one owner.
 */
#ifndef COMPREHENSION_ARENA_H
#define COMPREHENSION_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks;
	char *next;  /* free within the newest chunk */
	size_t left; /* [bytes] */
};

/* An empty arena; it allocates nothing yet. */
void arena_init(struct arena *arena);

/* Free everything that was allocated in it.  It is empty afterwards. */
void arena_fini(struct arena *arena);

/* Zeroed memory for count objects of a size, aligned for any of them; NULL without memory. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

#endif
