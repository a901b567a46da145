/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * main.c - which command
 */
#include <string.h>

#include "daemon/command.h"
#include "daemon/help.h"

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = {
		{ "check", command_check },
		{ "run", command_run },
		{ "bench", command_bench },
	};

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0) {
			break;
		}
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0 ||
		    (i == 1 && strcmp(argv[i], "help") == 0)) {
			return help_print();
		}
		if (strcmp(argv[i], "--version") == 0) {
			return help_print_version();
		}
	}
	for (unsigned i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i].name) == 0) {
			return commands[i].run(argc - 1, argv + 1);
		}
	}
	return command_serve(argc, argv);
}
