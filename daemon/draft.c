/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * draft.c - defaults, checks as a whole, and the copy that a configuration keeps
 *
 * A stage reads what the one before it gives.  After a wrong comprehension the stages behind it are
 * checked as a pipeline of their own, in which a harmless one stands for the wrong one; every stage
 * gives one column.
 */
#include "daemon/draft.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/worker.h"

static const char harmless_comprehension[] = "[x for x in uniform(0, 1)]";
static const char *const harmless_gathers[] = { "count" };

void draft_init(struct draft *draft, const char *name)
{
	*draft = (struct draft){
		.name = name,
		.said = { .values = 1,
			  .parallel = 1,
			  .producers = SCHEMA_AUTO,
			  .consumers = SCHEMA_AUTO,
			  .results = { RESULTS_RATE, 1 } },
		.nstages = 1,
	};
}

static unsigned resolve_width(unsigned width, int64_t delay_ns)
{
	if (width != SCHEMA_AUTO) {
		return width;
	}
	/* Waiting takes no CPU. */
	unsigned cpus = delay_ns > 0 ? 1 : worker_cpus();
	return cpus < GATHER_WIDTH_MAX ? cpus : GATHER_WIDTH_MAX;
}

static struct gather_spec spec_of(const struct draft *draft)
{
	const struct schema_pipeline *said = &draft->said;

	return (struct gather_spec){
		.name = draft->name,
		.seed = said->seed,
		.parallel = said->parallel,
		.values = said->values,
		.delay_ns = said->delay_ns,
		.every_ns = said->every_ns,
		.rounds = said->rounds,
		.producers = resolve_width(said->producers, said->delay_ns),
	};
}

/* A check under way. */
struct check {
	struct gather_spec spec;
	unsigned nstages;
	struct gather_stage stages[GATHER_STAGES_MAX]; /* comprehension: NULL where wrong */
	char names[GATHER_STAGES_MAX][3]; /* stand-ins, which no comprehension can mean */
	unsigned ngathers;
	const char *gathers[GATHER_GATHERS_MAX]; /* [ngathers] those that are not wrong */
	unsigned item[GATHER_GATHERS_MAX];       /* [ngathers] which of the draft's each is */
	unsigned base;                           /* the first stage that is still to be checked */
};

static void begin_check(struct check *check, const struct draft *draft)
{
	check->spec = spec_of(draft);
	check->nstages = draft->nstages;
	for (unsigned i = 0; i < draft->nstages; i++) {
		check->stages[i] = draft->stages[i];
		check->stages[i].width =
			resolve_width(draft->stages[i].width, draft->said.delay_ns);
		if (draft->stages[i].name == NULL && draft->nstages > 1) {
			memcpy(check->names[i], (char[]){ '?', (char)('a' + i), '\0' }, 3);
			check->stages[i].name = check->names[i];
		}
	}
	check->ngathers = draft->ngathers;
	for (unsigned i = 0; i < draft->ngathers; i++) {
		check->gathers[i] = draft->gathers[i];
		check->item[i] = i;
	}
	check->base = 0;
}

/* Check from the base up to a stage, exclusive. */
static int check_stages(const struct check *check, unsigned end, struct gather_error *error)
{
	struct gather_stage stages[GATHER_STAGES_MAX];
	struct gather_spec spec = check->spec;
	bool any = check->ngathers > 0;

	spec.nstages = end - check->base;
	memcpy(stages, &check->stages[check->base], spec.nstages * sizeof(*stages));
	if (stages[0].comprehension == NULL) {
		stages[0].comprehension = harmless_comprehension;
	}
	spec.stages = stages;
	spec.gathers = any ? check->gathers : harmless_gathers;
	spec.ngathers = any ? check->ngathers : 1;
	return gather_spec_check(&spec, error);
}

/* Where the stages that depend on each other end. */
static unsigned find_end(const struct check *check)
{
	unsigned end = check->base + 1;

	while (end < check->nstages && check->stages[end].comprehension != NULL) {
		end++;
	}
	return end;
}

/* Leave out a gathered name. */
static bool drop_gather(struct check *check, unsigned item)
{
	if (item >= check->ngathers) {
		return false;
	}
	check->ngathers--;
	for (unsigned i = item; i < check->ngathers; i++) {
		check->gathers[i] = check->gathers[i + 1];
		check->item[i] = check->item[i + 1];
	}
	return true;
}

/* Count items as the draft does. */
static void renumber(const struct check *check, struct gather_error *error)
{
	switch (error->field) {
	case GATHER_FIELD_STAGE_NAME:
	case GATHER_FIELD_COMPREHENSION:
	case GATHER_FIELD_WIDTH:
		error->item += check->base;
		break;
	case GATHER_FIELD_GATHER:
		error->item = error->item < check->ngathers ? check->item[error->item] : 0;
		break;
	default:
		break;
	}
}

/* Put right what an error speaks of, so that the next one can be found.  False where that is not
 * possible. */
static bool mend(struct check *check, const struct gather_error *error)
{
	unsigned stage = check->base + error->item;

	switch (error->field) {
	case GATHER_FIELD_PARALLEL:
		check->spec.parallel = 1;
		return true;
	case GATHER_FIELD_VALUES:
		check->spec.values = 1;
		return true;
	case GATHER_FIELD_DELAY:
		check->spec.delay_ns = 0;
		return true;
	case GATHER_FIELD_EVERY:
		check->spec.every_ns = 0;
		return true;
	case GATHER_FIELD_ROUNDS:
		check->spec.rounds = 0;
		return true;
	case GATHER_FIELD_PRODUCERS:
		check->spec.producers = 1;
		return true;
	case GATHER_FIELD_WIDTH:
		if (stage < check->nstages) {
			check->stages[stage].width = 1;
		}
		return stage < check->nstages;
	case GATHER_FIELD_COMPREHENSION:
		if (stage >= check->nstages || check->stages[stage].comprehension == NULL) {
			return false;
		}
		check->stages[stage].comprehension = NULL;
		check->base = stage;
		return true;
	case GATHER_FIELD_GATHER:
		return drop_gather(check, error->item);
	default:
		return false;
	}
}

void draft_check(const struct draft *draft, draft_report_fn *report, void *arg)
{
	/* More than there are things to put right. */
	enum { ERRORS_MAX = GATHER_STAGES_MAX * 2 + GATHER_GATHERS_MAX + 8 };
	struct check check;
	unsigned errors = 0;

	begin_check(&check, draft);
	while (check.base < check.nstages && errors < ERRORS_MAX) {
		struct gather_error error = { 0 };
		unsigned end = find_end(&check);
		if (check_stages(&check, end, &error) == GATHER_OK) {
			check.base = end;
			continue;
		}
		struct gather_error told = error;
		renumber(&check, &told);
		report(arg, &told);
		errors++;
		if (error.code != GATHER_EINPUT || !mend(&check, &error)) {
			return;
		}
	}
}

static int draw_seed(uint64_t *seed)
{
	return getrandom(seed, sizeof(*seed), 0) == sizeof(*seed) ? GATHER_OK : GATHER_ESYSTEM;
}

/* A copy, or NULL and *fine false.  NULL stays NULL. */
static char *copy_text(const char *text, bool *fine)
{
	char *copy = text == NULL ? NULL : strdup(text);

	*fine = *fine && (copy != NULL || text == NULL);
	return copy;
}

static bool copy_stages(const struct draft *draft, struct gather_spec *spec)
{
	struct gather_stage *stages = calloc(draft->nstages, sizeof(*stages));
	bool fine = stages != NULL;

	spec->stages = stages;
	for (unsigned i = 0; fine && i < draft->nstages; i++) {
		const struct gather_stage *from = &draft->stages[i];
		stages[i].name = copy_text(from->name, &fine);
		stages[i].comprehension = copy_text(from->comprehension, &fine);
		stages[i].width = resolve_width(from->width, draft->said.delay_ns);
		spec->nstages++;
	}
	return fine;
}

static bool copy_gathers(const struct draft *draft, struct gather_spec *spec)
{
	const char **gathers = calloc(draft->ngathers, sizeof(*gathers));
	bool fine = gathers != NULL;

	spec->gathers = gathers;
	for (unsigned i = 0; fine && i < draft->ngathers; i++) {
		gathers[i] = copy_text(draft->gathers[i], &fine);
		spec->ngathers++;
	}
	return fine;
}

int draft_finish(const struct draft *draft, struct config_pipeline *pipeline)
{
	bool fine = true;

	*pipeline = (struct config_pipeline){
		.spec = spec_of(draft),
		.seed_given = draft->seed_given,
		.rounds_given = draft->rounds_given,
		.results = draft->said.results.kind,
		.results_rate = draft->said.results.rate,
	};
	int ret = draft->seed_given ? GATHER_OK : draw_seed(&pipeline->spec.seed);
	pipeline->spec.name = copy_text(draft->name, &fine);
	if (!fine || !copy_stages(draft, &pipeline->spec) ||
	    !copy_gathers(draft, &pipeline->spec)) {
		ret = GATHER_ENOMEM;
	}
	if (ret != GATHER_OK) {
		draft_free(pipeline);
	}
	return ret;
}

void draft_free(struct config_pipeline *pipeline)
{
	struct gather_spec *spec = &pipeline->spec;

	for (unsigned i = 0; i < spec->nstages; i++) {
		free((char *)spec->stages[i].name);
		free((char *)spec->stages[i].comprehension);
	}
	for (unsigned i = 0; i < spec->ngathers; i++) {
		free((char *)spec->gathers[i]);
	}
	free((void *)spec->stages);
	free((void *)spec->gathers);
	free((char *)spec->name);
	*pipeline = (struct config_pipeline){ 0 };
}
