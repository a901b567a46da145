/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * help.c - the command line, told to people
 */
#include "daemon/help.h"

#include <stdio.h>

#include "daemon/command.h"
#include "daemon/load.h"
#include "gather.h"

int help_print(void)
{
	printf("gatherd: a parallel pipeline of random values\n"
	       "\n"
	       "  gatherd [-c FILE]                      the service, in the foreground\n"
	       "  gatherd check [-c FILE]                everything that running would refuse\n"
	       "  gatherd run [-c FILE] [PIPELINE...]    run to the end and print the results\n"
	       "  gatherd run -e COMPREHENSION           the same without a file; -e - reads\n"
	       "                                         it from standard input\n"
	       "  gatherd bench                          how fast this machine is\n"
	       "\n"
	       "  -c, --config FILE      default %s\n"
	       "  -o, --output FORMAT    text or json (run, bench)\n"
	       "  -h, --help             this text\n"
	       "      --version          version and build features\n"
	       "\n"
	       "with run -e:\n"
	       "      --values N         values of each generator, \"10\", \"100M\" (10)\n"
	       "      --parallel N       generators side by side (1)\n"
	       "      --delay TIME       before each value, \"250ms\", \"1s\" (0)\n"
	       "      --gather NAMES     \"mean,stderr\" ... (list; count,mean,stderr beyond 100 values)\n"
	       "      --producers N      threads that draw, or \"auto\" (auto)\n"
	       "      --consumers N      threads that run the comprehension, or \"auto\" (auto)\n"
	       "      --seed N           0 .. 2^64-1 (random, and printed)\n"
	       "      --rounds N         0: without end (1)\n"
	       "\n"
	       "with bench:\n"
	       "      --producers N, --consumers N, --repetitions N, -e COMPREHENSION\n"
	       "\n"
	       "exit status: 0 fine, 1 cut short, 64 usage, 70 internal, 75 try again,\n"
	       "78 configuration\n",
	       load_default_path());
	return command_end(EXIT_FINE);
}

int help_print_version(void)
{
	struct gather_error error;
	const char *isa;

	printf("gatherd %s\n", gather_version());
	if (gather_isa(&isa, &error) != GATHER_OK) {
		fprintf(stderr, "gatherd: %s\n", error.message);
		return EXIT_CONFIGURATION;
	}
	printf("kernels %s; liburcu (QSBR, wfcqueue), libyaml, libsystemd, SLEEF\n", isa);
	return command_end(EXIT_FINE);
}
