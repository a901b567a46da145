/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * command.h - the commands of gatherd, and how they end
 */
#ifndef DAEMON_COMMAND_H
#define DAEMON_COMMAND_H

/* Exit statuses, those of sysexits.h where it has one. */
enum exit_status {
	EXIT_FINE = 0,
	EXIT_CUT_SHORT = 1,      /* a run that failed or was cut short; what it has is printed */
	EXIT_USAGE = 64,         /* wrong command line */
	EXIT_INTERNAL = 70,      /* a system call failed that should not */
	EXIT_TRY_AGAIN = 75,     /* no memory, no more threads */
	EXIT_CONFIGURATION = 78, /* wrong configuration */
};

/* Each takes the command line from its own name on, and returns an exit status.  serve is the
 * command without a name; its argv[0] is the program. */
int command_serve(int argc, char **argv);
int command_check(int argc, char **argv);
int command_run(int argc, char **argv);
int command_bench(int argc, char **argv);

/* The exit status for a gather_code. */
int command_status(int code);

/* Print "gatherd: " and a message (NULL: getopt has printed one), then where to find help; returns EXIT_USAGE. */
__attribute__((format(printf, 1, 2))) int command_usage(const char *format, ...);

#endif
