/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * help.h - what --help and --version print
 */
#ifndef DAEMON_HELP_H
#define DAEMON_HELP_H

/* Each prints to standard output and returns an exit status. */
int help_print(void);
int help_print_version(void);

#endif
