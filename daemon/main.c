/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * main.c - which command
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "daemon/command.h"
#include "daemon/help.h"

/* What is opened later must not become standard input or output.  Opened the wrong way round, so
 * that who uses them still hears that they are closed. */
static void fill_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0) {
			/* Takes the lowest that is free, this one. */
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
		}
	}
}

int main(int argc, char **argv)
{
	static char name[] = "gatherd"; /* before getopt's messages, however we were called */

	fill_standard_descriptors();
	if (argc > 1 && strcmp(argv[1], "help") == 0) {
		return help_print();
	}
	command_fn *command = argc > 1 ? command_find(argv[1]) : NULL;
	if (command != NULL) {
		argc--;
		argv++;
	} else {
		command = command_serve;
	}
	if (argc > 0) {
		argv[0] = name;
	}
	return command(argc, argv);
}
