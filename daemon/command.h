/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * command.h - the commands of gatherd, what their command lines share, and how they end
 */
#ifndef DAEMON_COMMAND_H
#define DAEMON_COMMAND_H

#include <getopt.h>
#include <stdbool.h>

/* Exit statuses, those of sysexits.h where it has one. */
enum exit_status {
	EXIT_FINE = 0,
	EXIT_CUT_SHORT = 1,      /* a run that failed or was cut short, or output that was lost */
	EXIT_USAGE = 64,         /* wrong command line */
	EXIT_INTERNAL = 70,      /* a system call failed that should not */
	EXIT_TRY_AGAIN = 75,     /* no memory, no more threads */
	EXIT_CONFIGURATION = 78, /* wrong configuration */
};

/* Take the command line from the command's own name on, which is "gatherd" for messages; return
 * an exit status. */
typedef int command_fn(int argc, char **argv);

command_fn command_serve; /* the command without a name */
command_fn command_check;
command_fn command_run;
command_fn command_bench;

/* The command of that name, or NULL. */
command_fn *command_find(const char *name);

enum {
	COMMAND_GO_ON = -1,     /* no exit status: the command line is fine so far */
	COMMAND_VERSION = 1000, /* what getopt_long() returns for --version */
};

/* The options that every command has, for its array; -h is "h" in its short ones. */
#define COMMAND_OPTIONS                                       \
	{ "help", no_argument, NULL, 'h' },                   \
	{                                                     \
		"version", no_argument, NULL, COMMAND_VERSION \
	}

/* Do what one of these, or a mistake that getopt_long() has told of, asks for; returns the exit
 * status. */
int command_option(int c);

/* Read the argument of -o; returns COMMAND_GO_ON or an exit status. */
int command_format(const char *text, bool *json);

/* The exit status for a gather_code. */
int command_status(int code);

/* Print "gatherd: " and a message (NULL: getopt has printed one), then where to find help;
 * returns EXIT_USAGE. */
__attribute__((format(printf, 1, 2))) int command_usage(const char *format, ...);

/* The end of a command that printed to standard output: returns status, or, where some of it
 * could not be written, says so and returns EXIT_CUT_SHORT. */
int command_end(int status);

#endif
