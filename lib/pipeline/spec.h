/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * spec.h - from a specification to the constant parts of a pipeline
 */
#ifndef PIPELINE_SPEC_H
#define PIPELINE_SPEC_H

#include "pipeline/pipeline.h"

/*
 * Check a specification and fill in the constant parts of a zeroed pipeline from it.  What was
 * filled in is freed by spec_fini(), after failure too.
 */
GATHER_MUST_USE int spec_init(struct gather_pipeline *pipeline, const struct gather_spec *spec,
			      struct gather_error *error);
void spec_fini(struct gather_pipeline *pipeline);

#endif
