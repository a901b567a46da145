/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * draft.h - a pipeline between what was written and what can run
 *
 * Whoever reads a file or a command line fills in a draft; here it gets its defaults, is checked as
 * a whole, and becomes part of a configuration.
 *
 * Ownership: a draft owns nothing; its strings belong to what was read.
 */
#ifndef DAEMON_DRAFT_H
#define DAEMON_DRAFT_H

#include "daemon/schema.h"

struct draft {
	const char *name;
	/* Keys that are wrong, and said to be so, keep a harmless value: the rest is still
	 * checked. */
	struct schema_pipeline said;
	bool seed_given;
	bool rounds_given;
	unsigned nstages;
	/* [nstages] name and comprehension: NULL where wrong; width: may be SCHEMA_AUTO. */
	struct gather_stage stages[GATHER_STAGES_MAX];
	unsigned ngathers;
	const char *gathers[GATHER_GATHERS_MAX]; /* [ngathers] */
};

/* A draft with the defaults that files and command lines have in common: one value, one generator,
 * no delay, widths auto, rounds for ever, one stage without a comprehension, nothing gathered,
 * results 1/s. */
void draft_init(struct draft *draft, const char *name);

/* Told of an error; items are counted as in the draft. */
typedef void draft_report_fn(void *arg, const struct gather_error *error);

/*
 * Check a draft with gather_spec_check(), which tells one error at a time: what was told is put
 * right and the rest is checked again, until nothing is left.  An error whose code is not
 * GATHER_EINPUT is none of the draft's, and the last one.
 */
void draft_check(const struct draft *draft, draft_report_fn *report, void *arg);

/* Make a configured pipeline of a draft in which nothing is wrong.  GATHER_ENOMEM, or
 * GATHER_ESYSTEM where the system gives no random seed; *pipeline is then all zero. */
GATHER_MUST_USE int draft_finish(const struct draft *draft, struct config_pipeline *pipeline);

/* Free what draft_finish() allocated. */
void draft_free(struct config_pipeline *pipeline);

#endif
