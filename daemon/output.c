/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * output.c - a stream whose writes wait elsewhere
 */
#include "daemon/output.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* A pipe that is said to be writable takes PIPE_BUF bytes without blocking. */
static ssize_t write_piece(struct output *output, const char *bytes, size_t length)
{
	ssize_t ret;

	do {
		if (!output->wait(output->arg, STDOUT_FILENO)) {
			return -1;
		}
		ret = write(STDOUT_FILENO, bytes, length < PIPE_BUF ? length : PIPE_BUF);
	} while (ret < 0 && (errno == EINTR || errno == EAGAIN));
	return ret;
}

/* What stdio calls to write: 0 is a failure. */
static ssize_t write_all(void *cookie, const char *bytes, size_t length)
{
	struct output *output = cookie;

	for (size_t done = 0; output->error == 0 && done < length;) {
		ssize_t ret = write_piece(output, bytes + done, length - done);
		if (ret < 0) {
			output->error = errno;
		} else {
			done += (size_t)ret;
		}
	}
	return output->error == 0 ? (ssize_t)length : 0;
}

bool output_open(struct output *output, output_wait_fn *wait, void *arg)
{
	*output = (struct output){ .wait = wait, .arg = arg };
	output->stream = fopencookie(output, "w", (cookie_io_functions_t){ .write = write_all });
	return output->stream != NULL;
}

bool output_flush(struct output *output)
{
	if (fflush(output->stream) != 0 && output->error == 0) {
		output->error = errno;
	}
	return output->error == 0;
}

void output_close(struct output *output)
{
	if (output->stream != NULL) {
		fclose(output->stream);
		output->stream = NULL;
	}
}
