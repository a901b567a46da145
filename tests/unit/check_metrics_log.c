/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_metrics_log.c - whole lines, whatever happens to the file: rotation, removal, full disks
 *
 * Real files in a directory of the test's own; time is what the test says it is.
 */
#include "daemon/metrics_log.h"

#include "base/clock.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define RETRY_NS (NS_PER_S / 10) /* ten times a second */

static char *directory;       /* also the current one */
static int64_t now_ns = 1000; /* the tests' time */

/* What the log reported. */
static struct {
	unsigned failures;
	unsigned recoveries;
	uint64_t lost;     /* of the last recovery */
	char reason[1024]; /* of the last failure */
} heard;

static void hear(void *arg, const char *reason, uint64_t lost)
{
	ck_assert_ptr_eq(arg, &heard);
	if (reason != NULL) {
		heard.failures++;
		snprintf(heard.reason, sizeof(heard.reason), "%s", reason);
	} else {
		heard.recoveries++;
		heard.lost = lost;
	}
}

static void setup(void)
{
	const char *base = getenv("TMPDIR");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/check_metrics_log.XXXXXX", base != NULL ? base : P_tmpdir);
	ck_assert_ptr_nonnull(mkdtemp(path));
	directory = strdup(path);
	ck_assert_int_eq(chdir(directory), 0);
	umask(022);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

static void teardown(void)
{
	static const char *const left[] = {
		"log", "log.1", "fifo", "stdout", "sub/log", "full/log"
	};

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		unlink(left[i]);
	}
	rmdir("sub");
	rmdir("full");
	rmdir("log");
	ck_assert_int_eq(rmdir(directory), 0); /* nothing else was made */
	free(directory);
}

static struct metrics_log *open_log(const char *path)
{
	struct metrics_log *log = metrics_log_open(path, hear, &heard);

	ck_assert_ptr_nonnull(log);
	return log;
}

static bool put(struct metrics_log *log, const char *line)
{
	return metrics_log_write_at(log, line, strlen(line), now_ns);
}

static void put_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static void expect_file(const char *path, const char *expected)
{
	char text[4096];
	FILE *file = fopen(path, "r");
	size_t length;

	ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	fclose(file);
	ck_assert_str_eq(text, expected);
}

START_TEST(lines_are_appended)
{
	struct metrics_log *log;

	put_file("log", "old\n");
	log = open_log("log");
	ck_assert(put(log, "one"));
	expect_file("log", "old\none\n");
	ck_assert(put(log, "two"));
	ck_assert(put(log, ""));
	expect_file("log", "old\none\ntwo\n\n");
	ck_assert_uint_eq(metrics_log_lost(log), 0);
	metrics_log_close(&log);
	ck_assert_ptr_null(log);
	metrics_log_close(&log);
	expect_file("log", "old\none\ntwo\n\n");
	ck_assert_uint_eq(heard.failures + heard.recoveries, 0);
}
END_TEST

START_TEST(the_time_is_now_where_none_is_given)
{
	struct metrics_log *log = open_log("sub/log");
	int64_t before_ns = clock_now_ns(), after_ns;

	ck_assert(!metrics_log_write(log, "lost", 4));
	after_ns = clock_now_ns();
	ck_assert_int_eq(mkdir("sub", 0755), 0);
	ck_assert(!metrics_log_write_at(log, "lost", 4, before_ns + RETRY_NS - 1));
	ck_assert(metrics_log_write_at(log, "kept", 4, after_ns + RETRY_NS));
	expect_file("sub/log", "kept\n");
	metrics_log_close(&log);
}
END_TEST

START_TEST(a_new_file_is_not_for_everybody)
{
	struct metrics_log *log = open_log("log");
	struct stat status;

	ck_assert_int_eq(stat("log", &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0640);
	metrics_log_close(&log);
}
END_TEST

START_TEST(a_torn_last_line_is_closed_before_the_next)
{
	struct metrics_log *log;

	put_file("log", "whole\nto");
	log = open_log("log");
	ck_assert(put(log, "one"));
	ck_assert(put(log, "two"));
	expect_file("log", "whole\nto\none\ntwo\n");
	metrics_log_close(&log);
}
END_TEST

START_TEST(a_torn_last_line_is_closed_without_a_next)
{
	struct metrics_log *log;

	put_file("log", "to");
	log = open_log("log");
	metrics_log_close(&log);
	expect_file("log", "to\n");
}
END_TEST

START_TEST(rotation_loses_no_line)
{
	struct metrics_log *log = open_log("log");

	ck_assert(put(log, "one"));
	ck_assert_int_eq(rename("log", "log.1"), 0);
	ck_assert(put(log, "two")); /* until it is told, the old file goes on */
	metrics_log_reopen(log);
	ck_assert(put(log, "three"));
	expect_file("log.1", "one\ntwo\n");
	expect_file("log", "three\n");
	metrics_log_close(&log);
	ck_assert_uint_eq(heard.failures + heard.recoveries, 0);
}
END_TEST

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int lowest_free_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	close(fd);
	return fd;
}

START_TEST(no_descriptor_is_left_behind)
{
	int free_before = lowest_free_descriptor();
	struct metrics_log *log = open_log("log");

	for (unsigned i = 0; i < 3; i++) {
		metrics_log_reopen(log);
		ck_assert(put(log, "one"));
		ck_assert_int_eq(unlink("log"), 0);
		ck_assert(put(log, "two"));
		limit_files(0);
		ck_assert(!put(log, "lost"));
		limit_files(RLIM_INFINITY);
		now_ns += RETRY_NS;
	}
	metrics_log_close(&log);
	ck_assert_int_eq(lowest_free_descriptor(), free_before);
}
END_TEST

START_TEST(rotation_may_have_made_the_new_file)
{
	struct metrics_log *log = open_log("log");

	ck_assert(put(log, "one"));
	ck_assert_int_eq(rename("log", "log.1"), 0);
	put_file("log", "rotated, to");
	metrics_log_reopen(log);
	ck_assert(put(log, "two"));
	expect_file("log", "rotated, to\ntwo\n");
	metrics_log_close(&log);
}
END_TEST

START_TEST(a_removed_file_is_made_again)
{
	struct metrics_log *log = open_log("log");

	ck_assert(put(log, "one"));
	ck_assert_int_eq(unlink("log"), 0);
	ck_assert(put(log, "two"));
	expect_file("log", "two\n");
	ck_assert_uint_eq(metrics_log_lost(log), 0);
	ck_assert_uint_eq(heard.failures, 0);
	metrics_log_close(&log);
}
END_TEST

START_TEST(a_directory_may_go_and_come)
{
	struct metrics_log *log;

	ck_assert_int_eq(mkdir("sub", 0755), 0);
	log = open_log("sub/log");
	ck_assert(put(log, "one"));
	ck_assert_int_eq(unlink("sub/log"), 0);
	ck_assert_int_eq(rmdir("sub"), 0);
	for (unsigned i = 0; i < 3; i++) {
		ck_assert(!put(log, "lost"));
		now_ns += RETRY_NS;
	}
	ck_assert_uint_eq(heard.failures, 1);
	ck_assert_str_eq(heard.reason, "cannot open sub/log: No such file or directory");
	ck_assert_int_eq(mkdir("sub", 0755), 0);
	ck_assert(put(log, "two"));
	expect_file("sub/log", "two\n");
	ck_assert_uint_eq(heard.recoveries, 1);
	ck_assert_uint_eq(heard.lost, 3);
	ck_assert_uint_eq(metrics_log_lost(log), 3);
	metrics_log_close(&log);
}
END_TEST

START_TEST(a_failure_is_tried_again_ten_times_a_second)
{
	struct metrics_log *log = open_log("sub/log");

	ck_assert_uint_eq(heard.failures, 1);
	ck_assert(!put(log, "tried at once"));
	ck_assert_int_eq(mkdir("sub", 0755), 0);
	now_ns += RETRY_NS - 1;
	ck_assert(!put(log, "not yet"));
	now_ns += 1;
	ck_assert(put(log, "now"));
	expect_file("sub/log", "now\n");
	ck_assert_uint_eq(heard.failures, 1);
	ck_assert_uint_eq(heard.recoveries, 1);
	ck_assert_uint_eq(heard.lost, 2);
	metrics_log_close(&log);
}
END_TEST

START_TEST(reopening_tries_at_once)
{
	struct metrics_log *log = open_log("sub/log");

	ck_assert(!put(log, "lost"));
	ck_assert_int_eq(mkdir("sub", 0755), 0);
	metrics_log_reopen(log);
	ck_assert(put(log, "kept"));
	expect_file("sub/log", "kept\n");
	ck_assert_uint_eq(heard.lost, 1);
	metrics_log_close(&log);
}
END_TEST

START_TEST(every_failure_is_reported_and_counted_apart)
{
	struct metrics_log *log;

	ck_assert_int_eq(mkdir("sub", 0755), 0);
	log = open_log("sub/log");
	for (uint64_t lost = 1; lost <= 3; lost++) {
		ck_assert_int_eq(unlink("sub/log"), 0);
		ck_assert_int_eq(rmdir("sub"), 0);
		for (uint64_t i = 0; i < lost; i++) {
			ck_assert(!put(log, "lost"));
		}
		now_ns += RETRY_NS;
		ck_assert_int_eq(mkdir("sub", 0755), 0);
		ck_assert(put(log, "kept"));
		ck_assert_uint_eq(heard.failures, lost);
		ck_assert_uint_eq(heard.recoveries, lost);
		ck_assert_uint_eq(heard.lost, lost);
	}
	ck_assert_uint_eq(metrics_log_lost(log), 1 + 2 + 3);
	metrics_log_close(&log);
}
END_TEST

START_TEST(a_path_that_is_a_directory_is_reported)
{
	struct metrics_log *log;

	ck_assert_int_eq(mkdir("log", 0755), 0);
	log = open_log("log");
	ck_assert_uint_eq(heard.failures, 1);
	ck_assert_str_eq(heard.reason, "cannot open log: Is a directory");
	ck_assert(!put(log, "lost"));
	ck_assert_uint_eq(heard.failures, 1);
	ck_assert_int_eq(rmdir("log"), 0);
	now_ns += RETRY_NS;
	ck_assert(put(log, "kept"));
	expect_file("log", "kept\n");
	metrics_log_close(&log);
}
END_TEST

START_TEST(a_file_at_its_limit_gets_whole_lines_after_the_torn_one)
{
	struct metrics_log *log = open_log("log");

	ck_assert(put(log, "one"));
	limit_files(6);
	ck_assert(!put(log, "second"));
	expect_file("log", "one\nse");
	ck_assert_uint_eq(heard.failures, 1);
	ck_assert_str_eq(heard.reason, "cannot write log: File too large");
	now_ns += RETRY_NS;
	ck_assert(!put(log, "third"));
	ck_assert(!put(log, "fourth"));
	expect_file("log", "one\nse");
	limit_files(RLIM_INFINITY);
	now_ns += RETRY_NS;
	ck_assert(put(log, "fifth"));
	expect_file("log", "one\nse\nfifth\n");
	ck_assert_uint_eq(heard.failures, 1);
	ck_assert_uint_eq(heard.recoveries, 1);
	ck_assert_uint_eq(heard.lost, 3);
	metrics_log_close(&log);
}
END_TEST

START_TEST(a_line_that_lacks_its_newline_only_is_not_lost)
{
	struct metrics_log *log = open_log("log");

	limit_files(3);
	ck_assert(put(log, "one"));
	expect_file("log", "one");
	ck_assert_uint_eq(metrics_log_lost(log), 0);
	limit_files(8);
	ck_assert(put(log, "two"));
	expect_file("log", "one\ntwo\n");
	ck_assert(!put(log, "lost"));
	limit_files(RLIM_INFINITY);
	now_ns += RETRY_NS;
	ck_assert(put(log, "three"));
	expect_file("log", "one\ntwo\nthree\n");
	ck_assert_uint_eq(heard.lost, 1);
	metrics_log_close(&log);
}
END_TEST

START_TEST(a_torn_line_is_closed_when_the_log_is_closed)
{
	struct metrics_log *log = open_log("log");

	limit_files(3);
	ck_assert(put(log, "one"));
	limit_files(RLIM_INFINITY);
	metrics_log_close(&log);
	expect_file("log", "one\n");
}
END_TEST

/* A disk of 64 KiB, seen by this process alone and gone with it; false without the right. */
static bool mount_disk(void)
{
	ck_assert_int_eq(mkdir("full", 0755), 0);
	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", "full", "tmpfs", 0, "size=64k") == 0;
}

START_TEST(a_full_disk_loses_lines_and_tells_how_many)
{
	enum { LINE = 1000, LINES = 100 };
	struct metrics_log *log;
	char line[LINE + 1], seen[LINE + 2];
	uint64_t kept = 0, lost = 0, whole = 0;
	FILE *file;

	if (!mount_disk()) {
		printf("skipped: a full disk needs the right to mount one (%s)\n", strerror(errno));
		return;
	}
	memset(line, 'x', LINE);
	line[LINE] = '\0';
	log = open_log("full/log");
	for (unsigned i = 0; i < LINES; i++) {
		*(put(log, line) ? &kept : &lost) += 1;
		now_ns += RETRY_NS;
	}
	ck_assert_uint_gt(lost, 0);
	ck_assert_uint_eq(heard.failures, 1);
	ck_assert_str_eq(heard.reason, "cannot write full/log: No space left on device");
	ck_assert_uint_eq(metrics_log_lost(log), lost);
	ck_assert_int_eq(mount("none", "full", "tmpfs", MS_REMOUNT, "size=1m"), 0);
	ck_assert(put(log, line));
	kept++;
	ck_assert_uint_eq(heard.recoveries, 1);
	ck_assert_uint_eq(heard.lost, lost);
	metrics_log_close(&log);
	file = fopen("full/log", "r");
	while (fgets(seen, sizeof(seen), file) != NULL) {
		ck_assert_int_eq(seen[strlen(seen) - 1], '\n');
		whole += strlen(seen) == LINE + 1;
	}
	fclose(file);
	ck_assert_int_eq(umount("full"), 0);
	ck_assert_uint_eq(whole, kept);
}
END_TEST

START_TEST(a_full_device_is_reported)
{
	struct metrics_log *log = open_log("/dev/full");

	ck_assert_uint_eq(heard.failures, 0);
	ck_assert(!put(log, "lost"));
	ck_assert_str_eq(heard.reason, "cannot write /dev/full: No space left on device");
	metrics_log_close(&log);
}
END_TEST

START_TEST(a_fifo_without_a_reader_does_not_block)
{
	struct metrics_log *log;
	char text[32];
	ssize_t n;
	int reader;

	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	log = open_log("fifo");
	ck_assert(!put(log, "lost"));
	reader = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ck_assert_int_ge(reader, 0);
	now_ns += RETRY_NS;
	ck_assert(put(log, "kept"));
	n = read(reader, text, sizeof(text));
	ck_assert_int_eq(n, 5);
	ck_assert_mem_eq(text, "kept\n", 5);
	/* full, then closed */
	while (put(log, "more")) {
	}
	ck_assert_str_eq(heard.reason, "cannot write fifo: Resource temporarily unavailable");
	close(reader);
	now_ns += RETRY_NS;
	ck_assert(!put(log, "lost"));
	ck_assert_uint_eq(heard.failures, 2);
	ck_assert_uint_eq(metrics_log_lost(log), 3);
	metrics_log_close(&log);
}
END_TEST

START_TEST(a_dash_is_standard_output)
{
	struct metrics_log *log;
	int kept = dup(STDOUT_FILENO);
	int file = open("stdout", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	ck_assert_int_ge(file, 0);
	fflush(stdout);
	ck_assert_int_ge(dup2(file, STDOUT_FILENO), 0);
	log = open_log("-");
	ck_assert(put(log, "one"));
	metrics_log_reopen(log);
	ck_assert(put(log, "two"));
	metrics_log_close(&log);
	ck_assert_int_ge(fcntl(STDOUT_FILENO, F_GETFD), 0); /* left open */
	ck_assert_int_ge(dup2(kept, STDOUT_FILENO), 0);
	close(file);
	close(kept);
	expect_file("stdout", "one\ntwo\n");
	ck_assert_int_ne(access("-", F_OK), 0);
}
END_TEST

START_TEST(standard_output_closes_a_torn_line_too)
{
	struct metrics_log *log;
	int kept = dup(STDOUT_FILENO);
	int file = open("stdout", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	unsigned failures;

	fflush(stdout);
	ck_assert_int_ge(dup2(file, STDOUT_FILENO), 0);
	log = open_log("-");
	limit_files(2);
	put(log, "first");
	limit_files(RLIM_INFINITY);
	now_ns += RETRY_NS;
	put(log, "second");
	failures = heard.failures;
	metrics_log_close(&log);
	ck_assert_int_ge(dup2(kept, STDOUT_FILENO), 0);
	close(file);
	close(kept);
	ck_assert_uint_eq(failures, 1);
	ck_assert_str_eq(heard.reason, "cannot write standard output: File too large");
	expect_file("stdout", "fi\nsecond\n");
}
END_TEST

/* The callback may write; its line comes after the one that worked. */
static struct metrics_log *echoed;

static void echo(void *arg, const char *reason, uint64_t lost)
{
	char line[64];

	hear(arg, reason, lost);
	if (reason != NULL) {
		ck_assert(echoed == NULL || !put(echoed, "lost, too"));
	} else {
		snprintf(line, sizeof(line), "event=log lost=%u", (unsigned)lost);
		ck_assert(put(echoed, line));
	}
}

START_TEST(the_report_may_write_a_line)
{
	struct metrics_log *log;

	ck_assert_int_eq(mkdir("sub", 0755), 0);
	log = metrics_log_open("sub/log", echo, &heard);
	echoed = log;
	ck_assert_int_eq(unlink("sub/log"), 0);
	ck_assert_int_eq(rmdir("sub"), 0);
	ck_assert(!put(log, "lost"));
	ck_assert_int_eq(mkdir("sub", 0755), 0);
	now_ns += RETRY_NS;
	ck_assert(put(log, "kept"));
	expect_file("sub/log", "kept\nevent=log lost=2\n");
	ck_assert_uint_eq(metrics_log_lost(log), 2);
	metrics_log_close(&log);
}
END_TEST

enum { APPENDERS = 2, APPENDED = 2000, APPENDED_LENGTH = 300 };

struct appender {
	char letter;
	struct metrics_log *log;
	pthread_t thread;
};

static void *append_lines(void *arg)
{
	const struct appender *appender = arg;
	char line[APPENDED_LENGTH];

	memset(line, appender->letter, sizeof(line));
	for (unsigned i = 0; i < APPENDED; i++) {
		/* lengths differ, so that lines start anywhere in a page */
		metrics_log_write_at(appender->log, line, APPENDED_LENGTH - i % 7, now_ns);
	}
	return NULL;
}

static void ignore(void *arg, const char *reason, uint64_t lost)
{
	(void)arg;
	(void)reason;
	(void)lost;
}

START_TEST(two_logs_of_one_file_keep_lines_whole)
{
	struct appender appenders[APPENDERS];
	unsigned seen[APPENDERS] = { 0 };
	char line[APPENDED_LENGTH + 2];
	FILE *file;

	for (int i = 0; i < APPENDERS; i++) {
		appenders[i].letter = (char)('a' + i);
		appenders[i].log = metrics_log_open("log", ignore, NULL);
	}
	for (int i = 0; i < APPENDERS; i++) {
		ck_assert_int_eq(
			pthread_create(&appenders[i].thread, NULL, append_lines, &appenders[i]), 0);
	}
	for (int i = 0; i < APPENDERS; i++) {
		pthread_join(appenders[i].thread, NULL);
		ck_assert_uint_eq(metrics_log_lost(appenders[i].log), 0);
		metrics_log_close(&appenders[i].log);
	}
	file = fopen("log", "r");
	while (fgets(line, sizeof(line), file) != NULL) {
		unsigned i = (unsigned)(line[0] - 'a');
		char letters[] = { line[0], '\0' };

		ck_assert_uint_lt(i, APPENDERS);
		ck_assert_uint_eq(strspn(line, letters), APPENDED_LENGTH - seen[i] % 7);
		ck_assert_str_eq(line + strspn(line, letters), "\n");
		seen[i]++;
	}
	fclose(file);
	for (int i = 0; i < APPENDERS; i++) {
		ck_assert_uint_eq(seen[i], APPENDED);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("metrics_log");
	TCase *files = tcase_create("files");
	TCase *failures = tcase_create("failures");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(files, setup, teardown);
	tcase_add_test(files, lines_are_appended);
	tcase_add_test(files, a_new_file_is_not_for_everybody);
	tcase_add_test(files, a_torn_last_line_is_closed_before_the_next);
	tcase_add_test(files, a_torn_last_line_is_closed_without_a_next);
	tcase_add_test(files, rotation_loses_no_line);
	tcase_add_test(files, no_descriptor_is_left_behind);
	tcase_add_test(files, rotation_may_have_made_the_new_file);
	tcase_add_test(files, a_removed_file_is_made_again);
	tcase_add_test(files, a_dash_is_standard_output);
	tcase_add_test(files, two_logs_of_one_file_keep_lines_whole);
	suite_add_tcase(suite, files);

	tcase_add_checked_fixture(failures, setup, teardown);
	tcase_add_test(failures, the_time_is_now_where_none_is_given);
	tcase_add_test(failures, a_directory_may_go_and_come);
	tcase_add_test(failures, a_failure_is_tried_again_ten_times_a_second);
	tcase_add_test(failures, reopening_tries_at_once);
	tcase_add_test(failures, every_failure_is_reported_and_counted_apart);
	tcase_add_test(failures, a_path_that_is_a_directory_is_reported);
	tcase_add_test(failures, a_file_at_its_limit_gets_whole_lines_after_the_torn_one);
	tcase_add_test(failures, a_line_that_lacks_its_newline_only_is_not_lost);
	tcase_add_test(failures, a_torn_line_is_closed_when_the_log_is_closed);
	tcase_add_test(failures, a_full_disk_loses_lines_and_tells_how_many);
	tcase_add_test(failures, a_full_device_is_reported);
	tcase_add_test(failures, a_fifo_without_a_reader_does_not_block);
	tcase_add_test(failures, standard_output_closes_a_torn_line_too);
	tcase_add_test(failures, the_report_may_write_a_line);
	suite_add_tcase(suite, failures);

	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
