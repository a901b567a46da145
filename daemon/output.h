/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * output.h - standard output for results: a reader that stalls does not make us deaf
 *
 * Each piece is written only when standard output has room for it; until then somebody else
 * waits, who can listen to more than that.  The first failure is kept, and nothing is written
 * after it.
 *
 * Threads: none; one owner.
 */
#ifndef DAEMON_OUTPUT_H
#define DAEMON_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

/* Wait until fd can be written; false with errno set to give up. */
typedef bool output_wait_fn(void *arg, int fd);

struct output {
	FILE *stream; /* to print to */
	output_wait_fn *wait;
	void *arg;
	int error; /* errno of the first failure, 0: none */
};

/* Returns false without memory.  output stays where it is until it is closed. */
bool output_open(struct output *output, output_wait_fn *wait, void *arg);

/* Write what was printed; returns false, with error set, where that or any write before failed. */
bool output_flush(struct output *output);

/* Write the rest and free the stream; nothing if it was never opened (all 0). */
void output_close(struct output *output);

#endif
