/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * load.h - loading a configuration for a command, with its errors printed
 *
 * These return EXIT_FINE and a configuration in *out, which is the caller's; or else print
 * everything that is wrong on stderr and return the status to end with: EXIT_CONFIGURATION for
 * what has to be mended, EXIT_TRY_AGAIN without memory, EXIT_INTERNAL where the system fails.
 */
#ifndef DAEMON_LOAD_H
#define DAEMON_LOAD_H

#include "daemon/config.h"

/* The configuration that is used when none is named. */
const char *load_default_path(void);

/* Load a file. */
int load_file(struct config **out, const char *path);

/* The same for a pipeline that is given on the command line. */
int load_options(struct config **out, const struct config_options *options);

#endif
