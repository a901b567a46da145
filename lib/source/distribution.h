/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * distribution.h - the table of distributions: names, arguments, and which kernel draws them
 *
 * Names, parameters and defaults are those of NumPy's Generator.  Another distribution is a
 * definition in distribution.c, and a kernel where no shape of source_kernels.h fits.
 *
 * Threads: the table is constant.
 */
#ifndef SOURCE_DISTRIBUTION_H
#define SOURCE_DISTRIBUTION_H

#include "source/source.h"
#include "source/source_kernels.h"

struct distribution {
	const char *name;
	unsigned required;                      /* arguments that must be given */
	unsigned arguments;                     /* arguments that may be given */
	const char *argument[SOURCE_ARGUMENTS]; /* their names */
	double defaults[SOURCE_ARGUMENTS];      /* from `required` on */

	/*
	 * Check all arguments, as many as may be given.  NULL where there are none.  On
	 * GATHER_EINPUT *blame is the argument to blame.
	 */
	int (*check)(const struct distribution *distribution, const double *args, unsigned *blame,
		     struct gather_error *error);

	/* Turn checked arguments into a shape and its parameters [SOURCE_PARAMETERS]. */
	enum source_shape (*prepare)(const double *args, double *parameters);
};

/* The names of all distributions, ended by NULL. */
const char *const *distribution_names(void);

/* The distribution of that name, or NULL. */
const struct distribution *distribution_find(const char *name);

#endif
