/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * spec.c - checks of everything that a specification says, in one place
 */
#include "pipeline/spec.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

/* Returns GATHER_EINPUT; the message stands in *error already. */
static int blame(struct gather_error *error, enum gather_field field, unsigned item)
{
	error->field = field;
	error->item = item;
	return error->code;
}

static int check_name(const char *name, const char *what, struct gather_error *error)
{
	if (name == NULL || name[0] == '\0') {
		return error_set(error, GATHER_EINPUT, "a %s needs a name", what);
	}
	if (strlen(name) > GATHER_NAME_MAX) {
		return error_set(error, GATHER_EINPUT, "the name of a %s has at most %d bytes",
				 what, GATHER_NAME_MAX);
	}
	return GATHER_OK;
}

static int check_width(unsigned width, const char *what, struct gather_error *error)
{
	if (width < 1 || width > GATHER_WIDTH_MAX) {
		return error_set(error, GATHER_EINPUT, "%s must be 1 to %d threads, not %u", what,
				 GATHER_WIDTH_MAX, width);
	}
	return GATHER_OK;
}

static int check_shape(const struct gather_spec *spec, struct gather_error *error)
{
	if (spec->parallel < 1 || spec->parallel > GATHER_PARALLEL_MAX) {
		error_set(error, GATHER_EINPUT, "parallel must be 1 to %" PRIu32 ", not %" PRIu64,
			  GATHER_PARALLEL_MAX, spec->parallel);
		return blame(error, GATHER_FIELD_PARALLEL, 0);
	}
	if (spec->values < 1 || spec->values > GATHER_VALUES_MAX) {
		error_set(error, GATHER_EINPUT, "values must be 1 to %" PRIu64 ", not %" PRIu64,
			  GATHER_VALUES_MAX, spec->values);
		return blame(error, GATHER_FIELD_VALUES, 0);
	}
	if (spec->values > (uint64_t)INT64_MAX / 2 / spec->parallel) {
		error_set(error, GATHER_EINPUT,
			  "%" PRIu64 " generators of %" PRIu64 " values are too many for one round",
			  spec->parallel, spec->values);
		return blame(error, GATHER_FIELD_VALUES, 0);
	}
	return GATHER_OK;
}

static int check_times(const struct gather_spec *spec, struct gather_error *error)
{
	if (spec->delay_ns < 0) {
		error_set(error, GATHER_EINPUT, "delay must not be negative");
		return blame(error, GATHER_FIELD_DELAY, 0);
	}
	/* Half of the range keeps a start of today plus a whole round within it. */
	if ((uint64_t)spec->delay_ns > (uint64_t)INT64_MAX / 2 / spec->values) {
		error_set(error, GATHER_EINPUT,
			  "%" PRIu64 " values with this delay take over 146 years", spec->values);
		return blame(error, GATHER_FIELD_DELAY, 0);
	}
	if (spec->every_ns < 0) {
		error_set(error, GATHER_EINPUT, "every must not be negative");
		return blame(error, GATHER_FIELD_EVERY, 0);
	}
	if (spec->every_ns > INT64_MAX / 2) {
		error_set(error, GATHER_EINPUT, "every is over 146 years");
		return blame(error, GATHER_FIELD_EVERY, 0);
	}
	return GATHER_OK;
}

static int check_stages(const struct gather_spec *spec, struct gather_error *error)
{
	if (spec->nstages < 1 || spec->nstages > GATHER_STAGES_MAX) {
		error_set(error, GATHER_EINPUT, "a pipeline has 1 to %d stages, not %u",
			  GATHER_STAGES_MAX, spec->nstages);
		return blame(error, GATHER_FIELD_STAGE_NAME, 0);
	}
	for (unsigned i = 0; i < spec->nstages; i++) {
		const struct gather_stage *stage = &spec->stages[i];
		if ((spec->nstages > 1 || stage->name != NULL) &&
		    check_name(stage->name, "stage", error) != GATHER_OK) {
			return blame(error, GATHER_FIELD_STAGE_NAME, i);
		}
		for (unsigned j = 0; j < i; j++) {
			if (strcmp(stage->name, spec->stages[j].name) == 0) {
				error_set(error, GATHER_EINPUT, "stage '%s' stands there already",
					  stage->name);
				return blame(error, GATHER_FIELD_STAGE_NAME, i);
			}
		}
		if (check_width(stage->width, "the width of a stage", error) != GATHER_OK) {
			return blame(error, GATHER_FIELD_WIDTH, i);
		}
	}
	return GATHER_OK;
}

static int check_plain(const struct gather_spec *spec, struct gather_error *error)
{
	if (check_name(spec->name, "pipeline", error) != GATHER_OK) {
		return blame(error, GATHER_FIELD_NAME, 0);
	}
	int ret = check_shape(spec, error);
	if (ret != GATHER_OK) {
		return ret;
	}
	ret = check_times(spec, error);
	if (ret != GATHER_OK) {
		return ret;
	}
	if (check_width(spec->producers, "producers", error) != GATHER_OK) {
		return blame(error, GATHER_FIELD_PRODUCERS, 0);
	}
	return check_stages(spec, error);
}

/* Create the source that the first comprehension names; errors stand at its arguments. */
static int create_source(struct gather_pipeline *pipeline, struct gather_error *error)
{
	const struct comprehension *first = pipeline->stages[0].comprehension;
	const struct comprehension_source *from = comprehension_source(first);
	struct source_call call = { .name = from->name };
	unsigned argument = 0;
	int ret;

	if (from->nargs > SOURCE_ARGUMENTS) {
		ret = error_set(error, GATHER_EINPUT, "%s takes at most %d arguments, not %u",
				from->name, SOURCE_ARGUMENTS, from->nargs);
		argument = from->nargs;
	} else {
		call.nargs = from->nargs;
		memcpy(call.args, from->args, from->nargs * sizeof(call.args[0]));
		ret = source_check(&call, &argument, error);
	}
	if (ret == GATHER_EINPUT) {
		bool one = argument < from->nargs;
		error->line = one ? from->arg_line[argument] : from->line;
		error->column = one ? from->arg_column[argument] : from->column;
		error->length = one ? from->arg_length[argument] : from->length;
		return blame(error, GATHER_FIELD_COMPREHENSION, 0);
	}
	if (ret != GATHER_OK) {
		return ret;
	}
	pipeline->source_columns = comprehension_inputs(first);
	return source_create(&pipeline->source, &call, pipeline->source_columns, pipeline->name,
			     pipeline->seed, pipeline->isa, error);
}

static int create_stages(struct gather_pipeline *pipeline, const struct gather_spec *spec,
			 struct gather_error *error)
{
	pipeline->stages = calloc(spec->nstages, sizeof(*pipeline->stages));
	if (pipeline->stages == NULL) {
		return error_nomem(error);
	}
	pipeline->nstages = spec->nstages;
	for (unsigned i = 0; i < spec->nstages; i++) {
		struct stage *stage = &pipeline->stages[i];
		struct comprehension_scope scope = { 0 };
		if (i == 0) {
			scope.distributions = source_distributions();
		} else {
			scope.stage = stage[-1].name;
			scope.stage_columns = comprehension_outputs(stage[-1].comprehension);
		}
		stage->width = spec->stages[i].width;
		if (spec->stages[i].name != NULL) {
			stage->name = strdup(spec->stages[i].name);
			if (stage->name == NULL) {
				return error_nomem(error);
			}
		}
		int ret = comprehension_create(&stage->comprehension, spec->stages[i].comprehension,
					       &scope, error);
		if (ret != GATHER_OK) {
			return blame(error, GATHER_FIELD_COMPREHENSION, i);
		}
		unsigned in = comprehension_inputs(stage->comprehension);
		unsigned out = comprehension_outputs(stage->comprehension);
		unsigned columns = in > out ? in : out;
		pipeline->columns = columns > pipeline->columns ? columns : pipeline->columns;
	}
	return create_source(pipeline, error);
}

/* Lists are kept whole for a round: refuse what this machine can never hold. */
static int check_lists(const struct gather_pipeline *pipeline, struct gather_error *error)
{
	uint64_t bytes = lists_bytes(pipeline->tiling.parallel, pipeline->tiling.values);
	long pages = sysconf(_SC_PHYS_PAGES);
	long page = sysconf(_SC_PAGESIZE);
	uint64_t memory = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_MAX;

	if (bytes != 0 && bytes <= memory) {
		return GATHER_OK;
	}
	return error_set(error, GATHER_EINPUT,
			 "the lists of %" PRIu64 " generators with %" PRIu64
			 " values take %.3g GiB, and this machine has %.3g GiB",
			 pipeline->tiling.parallel, pipeline->tiling.values,
			 (double)pipeline->tiling.parallel * (double)pipeline->tiling.values * 8 /
				 (1 << 30),
			 (double)memory / (1 << 30));
}

static int create_plan(struct gather_pipeline *pipeline, const struct gather_spec *spec,
		       struct gather_error *error)
{
	if (spec->ngathers < 1 || spec->ngathers > GATHER_GATHERS_MAX) {
		error_set(error, GATHER_EINPUT, "gather takes 1 to %d names, not %u",
			  GATHER_GATHERS_MAX, spec->ngathers);
		return blame(error, GATHER_FIELD_GATHER, 0);
	}
	int ret = plan_create(&pipeline->plan, spec->gathers, spec->ngathers, pipeline->isa, error);
	if (ret != GATHER_OK) {
		return blame(error, GATHER_FIELD_GATHER, error->item);
	}
	pipeline->gathers = calloc(spec->ngathers, sizeof(*pipeline->gathers));
	pipeline->scalars = calloc(spec->ngathers, sizeof(*pipeline->scalars));
	if (pipeline->gathers == NULL || pipeline->scalars == NULL) {
		return error_nomem(error);
	}
	for (; pipeline->ngathers < spec->ngathers; pipeline->ngathers++) {
		unsigned i = pipeline->ngathers;
		pipeline->gathers[i] = strdup(spec->gathers[i]);
		if (pipeline->gathers[i] == NULL) {
			return error_nomem(error);
		}
		if (strcmp(spec->gathers[i], "list") == 0 &&
		    check_lists(pipeline, error) != GATHER_OK) {
			free(pipeline->gathers[i]);
			return blame(error, GATHER_FIELD_GATHER, i);
		}
	}
	return GATHER_OK;
}

int spec_init(struct gather_pipeline *pipeline, const struct gather_spec *spec,
	      struct gather_error *error)
{
	int ret = isa_select(&pipeline->isa, error);

	if (ret != GATHER_OK) {
		return ret;
	}
	ret = check_plain(spec, error);
	if (ret != GATHER_OK) {
		return ret;
	}
	pipeline->seed = spec->seed;
	pipeline->max_rounds = spec->rounds;
	pipeline->delay_ns = spec->delay_ns;
	pipeline->every_ns = spec->every_ns;
	pipeline->nproducers = spec->producers;
	tiling_init(&pipeline->tiling, spec->parallel, spec->values, spec->delay_ns > 0);
	pipeline->name = strdup(spec->name);
	if (pipeline->name == NULL) {
		return error_nomem(error);
	}
	ret = create_stages(pipeline, spec, error);
	if (ret != GATHER_OK) {
		return ret;
	}
	return create_plan(pipeline, spec, error);
}

void spec_fini(struct gather_pipeline *pipeline)
{
	for (unsigned i = 0; i < pipeline->nstages; i++) {
		comprehension_destroy(&pipeline->stages[i].comprehension);
		free(pipeline->stages[i].name);
	}
	for (unsigned i = 0; i < pipeline->ngathers; i++) {
		free(pipeline->gathers[i]);
	}
	free(pipeline->stages);
	free(pipeline->gathers);
	free(pipeline->scalars);
	free(pipeline->name);
	source_destroy(&pipeline->source);
	plan_destroy(&pipeline->plan);
}

int gather_spec_check(const struct gather_spec *spec, struct gather_error *error)
{
	struct gather_error unused;
	struct gather_pipeline *pipeline = aligned_alloc(CACHE_LINE, sizeof(*pipeline));

	error = error != NULL ? error : &unused;
	if (pipeline == NULL) {
		return error_nomem(error);
	}
	memset(pipeline, 0, sizeof(*pipeline));
	int ret = spec_init(pipeline, spec, error);
	spec_fini(pipeline);
	free(pipeline);
	return ret;
}
