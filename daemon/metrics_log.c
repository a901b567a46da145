/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * metrics_log.c - append lines, notice what went wrong, and get over it
 *
 * Whatever fails, the descriptor is closed and the path is opened again later: that one way out
 * covers disks that fill, file systems that turn read-only, and directories that go and come.
 */
#include "daemon/metrics_log.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define RETRY_NS (NS_PER_S / 10)

enum { REASON_SIZE = PATH_MAX + 128 };

struct metrics_log {
	char *path;
	bool is_stdout;
	metrics_log_report_fn *report;
	void *arg;
	int fd;                   /* -1: not open */
	bool torn;                /* what fd was last written does not end in a newline */
	bool failing;             /* reported, and nothing has been written since */
	int64_t retry_ns;         /* nothing is tried before */
	uint64_t lost;            /* [lines] since the log was opened */
	uint64_t told;            /* [lines] of them that the caller has heard of */
	char reason[REASON_SIZE]; /* of the last failure */
};

/* Keep the reason of a failure until everything else is settled and tell() is called. */
__attribute__((format(printf, 2, 3))) static void fail(struct metrics_log *log, const char *format,
						       ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(log->reason, sizeof(log->reason), format, args);
	va_end(args);
}

/* Tell the caller of a failure, unless it is one that goes on. */
static void tell(struct metrics_log *log)
{
	if (!log->failing) {
		log->failing = true;
		log->report(log->arg, log->reason, 0);
	}
}

/* Whether the file that fd writes has a last line without its newline.  The descriptor for
 * reading is another one because the log may be a file that we must only write. */
static bool ends_torn(const char *path, const struct stat *writing)
{
	struct stat reading;
	bool torn = false;
	char last = '\n';
	int fd;

	if (!S_ISREG(writing->st_mode) || writing->st_size == 0) {
		return false;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		return false;
	}
	if (fstat(fd, &reading) == 0 && reading.st_dev == writing->st_dev &&
	    reading.st_ino == writing->st_ino && pread(fd, &last, 1, writing->st_size - 1) == 1) {
		torn = last != '\n';
	}
	close(fd);
	return torn;
}

/* Open the path; false with the reason noted. */
static bool open_path(struct metrics_log *log)
{
	struct stat status;

	if (log->is_stdout) {
		log->fd = STDOUT_FILENO;
		return true;
	}
	/* O_NONBLOCK: a FIFO that nobody reads must not stop the supervisor. */
	do {
		log->fd = open(log->path,
			       O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
			       0640);
	} while (log->fd < 0 && errno == EINTR);
	if (log->fd < 0) {
		fail(log, "cannot open %s: %s", log->path, strerror(errno));
		return false;
	}
	log->torn = fstat(log->fd, &status) == 0 && ends_torn(log->path, &status);
	return true;
}

static ssize_t write_parts(int fd, const struct iovec *parts, int n)
{
	ssize_t written;

	do {
		written = writev(fd, parts, n);
	} while (written < 0 && errno == EINTR);
	return written;
}

/* Give the last line its newline, if that is possible; else errno says why not. */
static bool close_line(struct metrics_log *log)
{
	static char newline[] = "\n";
	const struct iovec part = { newline, 1 };

	errno = 0;
	if (write_parts(log->fd, &part, 1) != 1) {
		return false;
	}
	log->torn = false;
	return true;
}

static void close_path(struct metrics_log *log)
{
	if (log->fd >= 0 && log->torn) {
		close_line(log);
	}
	if (log->fd >= 0 && !log->is_stdout) {
		close(log->fd);
		log->torn = false;
	}
	log->fd = -1;
}

/* Whether the file is still in some directory.  Asked at every line, for half a microsecond: what
 * is written to a removed file is lost without a sign. */
static bool is_linked(const struct metrics_log *log)
{
	struct stat status;

	return log->is_stdout || fstat(log->fd, &status) != 0 || status.st_nlink > 0;
}

struct metrics_log *metrics_log_open(const char *path, metrics_log_report_fn *report, void *arg)
{
	struct metrics_log *log = calloc(1, sizeof(*log));

	if (log == NULL) {
		return NULL;
	}
	log->path = strdup(path);
	if (log->path == NULL) {
		free(log);
		return NULL;
	}
	log->is_stdout = strcmp(path, "-") == 0;
	log->report = report;
	log->arg = arg;
	log->fd = -1;
	log->retry_ns = INT64_MIN;
	if (!open_path(log)) {
		tell(log);
	}
	return log;
}

void metrics_log_close(struct metrics_log **log)
{
	if (*log == NULL) {
		return;
	}
	close_path(*log);
	free((*log)->path);
	free(*log);
	*log = NULL;
}

static const char *shown_path(const struct metrics_log *log)
{
	return log->is_stdout ? "standard output" : log->path;
}

/* A line of which only a part was written.  The disk tells its reason only when it is asked for
 * the newline, too. */
static void fail_short(struct metrics_log *log, size_t written, size_t wanted)
{
	if (close_line(log) || errno == 0) {
		fail(log, "cannot write %s: only %zu of %zu bytes were taken", shown_path(log),
		     written, wanted);
	} else {
		fail(log, "cannot write %s: %s", shown_path(log), strerror(errno));
	}
}

/* Write a line to the open file; false with the reason noted. */
static bool append(struct metrics_log *log, const char *line, size_t length)
{
	static char newline[] = "\n";
	size_t before = log->torn ? 1 : 0;
	size_t wanted = before + length + 1;
	const struct iovec parts[] = {
		{ newline, before },
		{ (void *)(uintptr_t)line, length }, /* writev() does not write to it */
		{ newline, 1 },
	};
	ssize_t result = write_parts(log->fd, parts, 3);
	size_t written = result < 0 ? 0 : (size_t)result;

	if (written == wanted) {
		log->torn = false;
		return true;
	}
	if (result < 0) {
		fail(log, "cannot write %s: %s", shown_path(log), strerror(errno));
		return false;
	}
	if (written >= before) {
		log->torn = written > before;
	}
	if (written == wanted - 1 && length > 0) {
		return true; /* the newline alone is missing, and comes before the next */
	}
	fail_short(log, written, wanted);
	return false;
}

/* A line was written: tell the caller if that is news. */
static void recover(struct metrics_log *log)
{
	uint64_t missed = log->lost - log->told;

	if (log->failing) {
		log->failing = false;
		log->told = log->lost;
		log->report(log->arg, NULL, missed);
	}
}

bool metrics_log_write(struct metrics_log *log, const char *line, size_t length)
{
	return metrics_log_write_at(log, line, length, clock_now_ns());
}

bool metrics_log_write_at(struct metrics_log *log, const char *line, size_t length, int64_t now_ns)
{
	if (now_ns < log->retry_ns) {
		log->lost++;
		return false;
	}
	if (log->fd >= 0 && !is_linked(log)) {
		close_path(log);
	}
	if ((log->fd < 0 && !open_path(log)) || !append(log, line, length)) {
		close_path(log);
		log->lost++;
		log->retry_ns = clock_add_ns(now_ns, RETRY_NS);
		tell(log);
		return false;
	}
	recover(log);
	return true;
}

void metrics_log_reopen(struct metrics_log *log)
{
	close_path(log);
	log->retry_ns = INT64_MIN;
	if (!open_path(log)) {
		tell(log);
	}
}

uint64_t metrics_log_lost(const struct metrics_log *log)
{
	return log->lost;
}
