/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * load.h - loading a configuration for a command, with its errors printed
 */
#ifndef DAEMON_LOAD_H
#define DAEMON_LOAD_H

#include "daemon/config.h"

/* The configuration that is used when none is named. */
const char *load_default_path(void);

/* Load a file; on failure everything that is wrong is printed on stderr, and NULL returned. */
struct config *load_file(const char *path);

/* The same for a pipeline that is given on the command line. */
struct config *load_options(const struct config_options *options);

#endif
