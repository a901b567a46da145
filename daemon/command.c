/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * command.c - which commands there are, and what their command lines and ends have in common
 */
#include "daemon/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/help.h"
#include "gather.h"

command_fn *command_find(const char *name)
{
	static const struct {
		const char *name;
		command_fn *run;
	} commands[] = {
		{ "check", command_check },
		{ "run", command_run },
		{ "bench", command_bench },
	};

	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(name, commands[i].name) == 0) {
			return commands[i].run;
		}
	}
	return NULL;
}

int command_option(int c)
{
	switch (c) {
	case 'h':
		return help_print();
	case COMMAND_VERSION:
		return help_print_version();
	default:
		return command_usage(NULL);
	}
}

int command_format(const char *text, bool *json)
{
	if (strcmp(text, "json") != 0 && strcmp(text, "text") != 0) {
		return command_usage("-o takes 'text' or 'json', not '%s'", text);
	}
	*json = strcmp(text, "json") == 0;
	return COMMAND_GO_ON;
}

int command_status(int code)
{
	switch (code) {
	case GATHER_OK:
		return EXIT_FINE;
	case GATHER_EINPUT:
	case GATHER_EISA:
		return EXIT_CONFIGURATION;
	case GATHER_ENOMEM:
	case GATHER_ETHREAD:
		return EXIT_TRY_AGAIN;
	default:
		return EXIT_INTERNAL;
	}
}

int command_usage(const char *format, ...)
{
	va_list args;

	if (format != NULL) {
		fprintf(stderr, "gatherd: ");
		va_start(args, format);
		vfprintf(stderr, format, args);
		va_end(args);
		fprintf(stderr, "\n");
	}
	fprintf(stderr, "Try 'gatherd --help'.\n");
	return EXIT_USAGE;
}

int command_end(int status)
{
	/* The reason is lost where an earlier flush failed; then this one has nothing to do. */
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout)) {
		return status;
	}
	fprintf(stderr, "gatherd: cannot write to standard output%s%s\n", errno != 0 ? ": " : "",
		errno != 0 ? strerror(errno) : "");
	return EXIT_CUT_SHORT;
}
