/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * load.c - one way for all commands to load and to complain
 */
#include "daemon/load.h"

#include <stdio.h>

#ifndef GATHERD_SYSCONFDIR
#error "the build gives GATHERD_SYSCONFDIR"
#endif

const char *load_default_path(void)
{
	return GATHERD_SYSCONFDIR "/gatherd/gatherd.yaml";
}

static void complain(struct diagnostics **diagnostics)
{
	if (*diagnostics == NULL) {
		fprintf(stderr, "gatherd: %s\n", gather_strerror(GATHER_ENOMEM));
		return;
	}
	diagnostics_print(*diagnostics, stderr);
	diagnostics_destroy(diagnostics);
}

struct config *load_file(const char *path)
{
	struct diagnostics *diagnostics = NULL;
	struct config *config = config_load(path, &diagnostics);

	if (config == NULL) {
		complain(&diagnostics);
	}
	diagnostics_destroy(&diagnostics);
	return config;
}

struct config *load_options(const struct config_options *options)
{
	struct diagnostics *diagnostics = NULL;
	struct config *config = config_from_options(options, &diagnostics);

	if (config == NULL) {
		complain(&diagnostics);
	}
	diagnostics_destroy(&diagnostics);
	return config;
}
