/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * document.h - from the tree of a configuration file to a configuration
 */
#ifndef DAEMON_DOCUMENT_H
#define DAEMON_DOCUMENT_H

#include "daemon/config.h"
#include "daemon/yaml.h"

/*
 * Read a tree into a configuration that has its defaults and no pipelines.  Everything that is
 * wrong is noted; where anything was noted (or had been before), the configuration is not to be
 * used, only destroyed.
 */
void document_read(const struct yaml_tree *tree, struct config *config,
		   struct diagnostics *diagnostics);

#endif
