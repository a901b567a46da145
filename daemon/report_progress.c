/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * report_progress.c - how far a pipeline is, and how long it will still take
 */
#include "daemon/report_progress.h"

#include "base/clock.h"
#include "daemon/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	COLUMNS = 80,         /* of a terminal that does not tell */
	LEFT_MAX_S = 1 << 30, /* beyond, it is no news that it takes long */
};

/* How much of a whole is done, both in the same unit. */
struct share {
	double done;
	double total;
	double left_ns; /* negative: nobody knows yet */
};

static double bounded(double done, double total)
{
	return fmax(0, fmin(done, total));
}

/* Rounds before the newest one. */
static double rounds_before(const struct gather_stats *now)
{
	return now->round > 0 ? (double)(now->round - 1) : 0;
}

/* [ns] from a round's start to its last due time; 0 without delays */
static double round_ns(const struct gather_spec *spec)
{
	return (double)spec->values * (double)spec->delay_ns;
}

/* [ns] between the starts of rounds, as scheduled */
static double period_ns(const struct gather_spec *spec)
{
	return fmax((double)spec->every_ns, round_ns(spec));
}

/* [ns] from the first round's start to the last one's */
static double last_start_ns(const struct gather_spec *spec)
{
	return spec->rounds > 0 ? period_ns(spec) * (double)(spec->rounds - 1) : 0;
}

/* By the values that are accounted for. */
static struct share share_of_values(const struct report_run *run)
{
	const struct gather_spec *spec = run->spec;
	const struct gather_stats *now = run->interval.to;
	double elapsed = (double)run->elapsed_ns;
	double round = (double)spec->parallel * (double)spec->values;
	double done = (double)now->drawn - (double)now->inflight;
	struct share share = { .total = round, .left_ns = -1 };

	if (spec->rounds > 0) {
		share.total *= (double)spec->rounds;
	} else {
		done -= round * rounds_before(now);
	}
	share.done = bounded(done, share.total);
	if (share.done > 0) {
		double by_speed = (share.total - share.done) / share.done * elapsed;

		share.left_ns = fmax(by_speed, last_start_ns(spec) - elapsed);
	}
	return share;
}

/* By the schedule: the time that has passed, of the time that it takes. */
static struct share share_of_time(const struct report_run *run)
{
	const struct gather_spec *spec = run->spec;
	double done = (double)run->elapsed_ns;
	struct share share = { .total = last_start_ns(spec) + round_ns(spec) };

	if (spec->rounds == 0) {
		done -= period_ns(spec) * rounds_before(run->interval.to);
	}
	share.done = bounded(done, share.total);
	share.left_ns = share.total - share.done;
	return share;
}

/* Add to a text that is cut where its buffer ends. */
__attribute__((format(printf, 2, 3))) static void add(char buffer[REPORT_PROGRESS_SIZE],
						      const char *format, ...)
{
	size_t length = strlen(buffer);
	va_list args;

	va_start(args, format);
	vsnprintf(buffer + length, REPORT_PROGRESS_SIZE - length, format, args);
	va_end(args);
}

/* A tenth of a percent at a time.  With rounds to come, or results, it is not all yet. */
static void add_percent(char buffer[REPORT_PROGRESS_SIZE], const struct share *share, bool complete,
			bool counted)
{
	unsigned permille = (unsigned)(1000 * share->done / share->total);

	if (complete) {
		permille = 1000;
	} else if (counted && permille == 1000) {
		permille = 999;
	}
	add(buffer, "  %u.%u%%", permille / 10, permille % 10);
}

static void add_activity(char buffer[REPORT_PROGRESS_SIZE], const struct report_interval *interval)
{
	const struct gather_stats *now = interval->to;
	char rate[UNITS_SIZE];

	if (now->round > 0 && now->rounds >= now->round) {
		add(buffer, "  waiting for the next round");
	} else {
		add(buffer, "  %s values/s", units_format_count(rate, report_rate(interval)));
	}
}

/* In steps that matter to somebody who waits. */
static void add_left(char buffer[REPORT_PROGRESS_SIZE], double left_ns)
{
	int64_t step_ns = left_ns < 10 * (double)NS_PER_S ? NS_PER_S / 10 : NS_PER_S;
	char text[UNITS_SIZE];

	if (left_ns >= 0 && left_ns < LEFT_MAX_S * (double)NS_PER_S) {
		int64_t steps = (int64_t)ceil(left_ns / (double)step_ns);

		add(buffer, "  %s left", units_format_duration(text, steps * step_ns));
	}
}

/* Cut a text to so many characters, which take a column each, and break none. */
static void cut(char *text, unsigned columns)
{
	for (; *text; text++) {
		bool starts = ((unsigned char)*text & 0xC0) != 0x80;

		if (starts && columns == 0) {
			*text = '\0';
			return;
		}
		columns -= starts ? 1 : 0;
	}
}

const char *report_progress(char buffer[REPORT_PROGRESS_SIZE], const struct report_run *run,
			    unsigned columns)
{
	const struct gather_spec *spec = run->spec;
	const struct gather_stats *now = run->interval.to;
	bool counted = spec->rounds > 0;
	bool complete = counted && now->rounds >= spec->rounds;
	struct share share = spec->delay_ns > 0 ? share_of_time(run) : share_of_values(run);

	strcpy(buffer, REPORT_CLEAR);
	add(buffer, "%s  round %" PRIu64, spec->name, now->round);
	if (counted) {
		add(buffer, "/%" PRIu64, spec->rounds);
	}
	add_percent(buffer, &share, complete, counted);
	if (!complete) {
		add_activity(buffer, &run->interval);
	}
	if (counted && !complete) {
		add_left(buffer, share.left_ns);
	}
	/* A terminal wraps, or waits to wrap, when its last column is filled. */
	cut(buffer + strlen(REPORT_CLEAR), (columns > 0 ? columns : COLUMNS) - 1);
	return buffer;
}
