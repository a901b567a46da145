/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * command_check.c - gatherd check: everything that running would refuse, and nothing else
 */
#include "daemon/command.h"

#include <stdio.h>

#include "daemon/load.h"

int command_check(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		COMMAND_OPTIONS,
		{ 0 },
	};
	const char *path = load_default_path();
	int c;

	while ((c = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		if (c != 'c') {
			return command_option(c);
		}
		path = optarg;
	}
	if (optind < argc) {
		return command_usage("check takes no argument '%s'; write -c %s", argv[optind],
				     argv[optind]);
	}
	struct config *config;
	int status = load_file(&config, path);
	if (status != EXIT_FINE) {
		return status;
	}
	printf("%s: fine, %u pipeline%s\n", path, config->npipelines,
	       config->npipelines == 1 ? "" : "s");
	config_destroy(&config);
	return command_end(EXIT_FINE);
}
