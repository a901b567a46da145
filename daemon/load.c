/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * load.c - one way for all commands to load and to complain
 */
#include "daemon/load.h"

#include <stdio.h>

#include "daemon/command.h"

#ifndef GATHERD_SYSCONFDIR
#error "the build gives GATHERD_SYSCONFDIR"
#endif

const char *load_default_path(void)
{
	return GATHERD_SYSCONFDIR "/gatherd/gatherd.yaml";
}

static int finish(const struct config *config, struct diagnostics **diagnostics)
{
	int code = *diagnostics == NULL ? GATHER_ENOMEM : diagnostics_code(*diagnostics);

	if (config != NULL) {
		code = GATHER_OK;
	} else if (*diagnostics == NULL) {
		fprintf(stderr, "gatherd: %s\n", gather_strerror(code));
	} else {
		diagnostics_print(*diagnostics, stderr);
	}
	diagnostics_destroy(diagnostics);
	return command_status(code);
}

int load_file(struct config **out, const char *path)
{
	struct diagnostics *diagnostics = NULL;

	*out = config_load(path, &diagnostics);
	return finish(*out, &diagnostics);
}

int load_options(struct config **out, const struct config_options *options)
{
	struct diagnostics *diagnostics = NULL;

	*out = config_from_options(options, &diagnostics);
	return finish(*out, &diagnostics);
}
