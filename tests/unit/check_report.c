/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_report.c - what results and counters look like, to the letter
 */
#include "daemon/report.h"

#include "daemon/units.h"
#include "gather/list.h"
#include "queue/batch.h"

#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000000)
#define S (1000 * MS)

static const char *const scalar_names[] = { "mean", "stderr" };
static const double scalar_values[] = { 3.14159, 0.00016 };
static struct gather_stage stages[] = {
	{ .name = "high", .comprehension = "[x for x in normal(0, 1)]", .width = 2 },
	{ .name = "log", .comprehension = "[y for y in high]", .width = 3 },
};
static struct config_pipeline pipeline;
static struct gather_result result;
static struct lists *lists;
static struct record *logfmt;
static struct record *json;

static void setup(void)
{
	pipeline = (struct config_pipeline){
		.spec = {
			.name = "pi",
			.seed = 42,
			.parallel = 1,
			.values = 100000000,
			.rounds = 1,
			.producers = 2,
			.nstages = 1,
			.stages = stages,
			.ngathers = 2,
			.gathers = scalar_names,
		},
	};
	result = (struct gather_result){
		.round = 1,
		.outcome = GATHER_COMPLETE,
		.runtime_ns = 214 * MS,
		.generators = 1,
		.drawn = 100000000,
		.gathered = 100000000,
		.ledger_ok = true,
		.ngathers = 2,
		.gathers = scalar_names,
		.scalars = scalar_values,
	};
	lists = NULL;
	logfmt = record_create(RECORD_LOGFMT);
	json = record_create(RECORD_JSON);
	record_begin(logfmt);
	record_begin(json);
}

static void teardown(void)
{
	record_destroy(&logfmt);
	record_destroy(&json);
	lists_destroy(&lists);
}

static const char *end(struct record *record)
{
	size_t length;
	const char *line = record_end(record, &length);

	ck_assert_ptr_nonnull(line);
	ck_assert_uint_eq(strlen(line), length);
	return line;
}

/* What follows the time stamp at the start of a line of the log. */
static const char *after_time(const char *line)
{
	static const char *const stamps[] = { "ts=2026-11-22T19:46:14.123Z ",
					      "{\"ts\":\"2026-11-22T19:46:14.123Z\"," };
	size_t length = strlen(stamps[line[0] == '{']);

	ck_assert_uint_gt(strlen(line), length);
	ck_assert_int_eq(line[length - 1], stamps[line[0] == '{'][length - 1]);
	return line + length;
}

/* Give every generator its steps 0 .. n-1 with the values g + s / 4, n = lengths[g]. */
static void make_lists(uint64_t generators, uint32_t values, const uint32_t *lengths)
{
	static const char *const names[] = { "list" };
	static const double zero[] = { 0 };

	lists = lists_create(generators, values);
	ck_assert_ptr_nonnull(lists);
	for (uint32_t g = 0; g < generators; g++) {
		struct tile tile = {
			.round = 1, .generator = g, .generators = 1, .steps = lengths[g]
		};
		struct batch *batch;

		if (lengths[g] == 0) {
			continue;
		}
		batch = batch_create(lengths[g], 1);
		ck_assert_ptr_nonnull(batch);
		batch_open(batch, &tile, 1);
		for (uint32_t s = 0; s < lengths[g]; s++) {
			batch->column[0][s] = g + s / 4.0;
		}
		lists_add(lists, batch);
		batch_destroy(&batch);
	}
	result.lists = (const struct gather_lists *)lists;
	result.generators = generators;
	result.ngathers = 1;
	result.gathers = names;
	result.scalars = zero;
	pipeline.spec.ngathers = 1;
	pipeline.spec.gathers = names;
}

#define JSON_HEAD "{\"pipeline\":\"pi\",\"round\":1,\"outcome\":\"complete\",\"runtime_s\":0.214,"
#define JSON_COUNTS                                                                   \
	"\"generators\":1,\"drawn\":100000000,\"gathered\":100000000,\"filtered\":0," \
	"\"faulted\":0,\"dropped\":0,"
#define JSON_TAIL "\"seed\":42,\"producers\":2,\"consumers\":[2],"

START_TEST(json_is_the_documented_object)
{
	report_result_record(json, NULL, &pipeline, &result);
	ck_assert_str_eq(end(json), JSON_HEAD JSON_COUNTS JSON_TAIL
			 "\"result\":{\"mean\":3.14159,\"stderr\":0.00016}}");
}
END_TEST

START_TEST(logfmt_has_the_scalars_bare)
{
	report_result_record(logfmt, NULL, &pipeline, &result);
	ck_assert_str_eq(end(logfmt),
			 "pipeline=pi round=1 outcome=complete runtime=0.214000s generators=1 "
			 "drawn=100000000 gathered=100000000 filtered=0 faulted=0 dropped=0 "
			 "ledger=ok seed=42 producers=2 consumers=2 mean=3.14159 stderr=0.00016");
}
END_TEST

START_TEST(a_line_of_the_log_begins_with_time_and_event)
{
	pipeline.spec.nstages = 2;
	report_result_record(logfmt, "gathered", &pipeline, &result);
	record_uint(logfmt, "rounds_since", 7);
	ck_assert_str_eq(after_time(end(logfmt)),
			 "event=gathered pipeline=pi round=1 outcome=complete runtime=0.214000s "
			 "generators=1 drawn=100000000 gathered=100000000 filtered=0 faulted=0 "
			 "dropped=0 ledger=ok seed=42 producers=2 consumers=2,3 mean=3.14159 "
			 "stderr=0.00016 rounds_since=7");
	report_result_record(json, "gathered", &pipeline, &result);
	ck_assert_str_eq(after_time(end(json)),
			 "\"event\":\"gathered\",\"pipeline\":\"pi\",\"round\":1,"
			 "\"outcome\":\"complete\",\"runtime_s\":0.214," JSON_COUNTS
			 "\"ledger\":\"ok\",\"seed\":42,\"producers\":2,\"consumers\":[2,3],"
			 "\"result\":{\"mean\":3.14159,\"stderr\":0.00016}}");
}
END_TEST

START_TEST(faults_are_counted_by_kind)
{
	result.faulted = 5;
	result.gathered -= 5;
	result.faults[GATHER_FAULT_ZERO_DIVISION] = 3;
	result.faults[GATHER_FAULT_OVERFLOW] = 2;
	report_result_record(json, NULL, &pipeline, &result);
	ck_assert_ptr_nonnull(
		strstr(end(json),
		       "\"faulted\":5,\"dropped\":0,"
		       "\"faults\":{\"ZeroDivisionError\":3,\"OverflowError\":2},\"seed\":42,"));
	report_result_record(logfmt, NULL, &pipeline, &result);
	ck_assert_ptr_nonnull(strstr(
		end(logfmt), " faulted=5 dropped=0 fault_ZeroDivisionError=3 fault_OverflowError=2 "
			     "ledger=ok "));
}
END_TEST

START_TEST(a_stopped_round_is_not_reproducible)
{
	result.outcome = GATHER_STOPPED;
	report_result_record(json, NULL, &pipeline, &result);
	ck_assert_ptr_nonnull(strstr(end(json), "\"outcome\":\"stopped\",\"reproducible\":false,"
						"\"runtime_s\":"));
	report_result_record(logfmt, NULL, &pipeline, &result);
	ck_assert_ptr_nonnull(strstr(end(logfmt), " outcome=stopped reproducible=no runtime="));
}
END_TEST

START_TEST(a_broken_ledger_is_always_told)
{
	result.ledger_ok = false;
	report_result_record(json, NULL, &pipeline, &result);
	ck_assert_ptr_nonnull(strstr(end(json), "\"dropped\":0,\"ledger\":\"broken\","));
	report_result_record(logfmt, NULL, &pipeline, &result);
	ck_assert_ptr_nonnull(strstr(end(logfmt), " dropped=0 ledger=broken "));
}
END_TEST

START_TEST(nothing_gathered_is_an_empty_result)
{
	static const double nothing[] = { NAN, INFINITY };

	result.scalars = nothing;
	report_result_record(json, NULL, &pipeline, &result);
	ck_assert_ptr_nonnull(
		strstr(end(json), "\"result\":{\"mean\":\"nan\",\"stderr\":\"inf\"}}"));
	report_result_record(logfmt, NULL, &pipeline, &result);
	ck_assert_ptr_nonnull(strstr(end(logfmt), " mean=nan stderr=inf"));
	result.ngathers = 0;
	record_begin(json);
	report_result_record(json, NULL, &pipeline, &result);
	ck_assert_ptr_nonnull(strstr(end(json), "\"consumers\":[2],\"result\":{}}"));
}
END_TEST

START_TEST(lists_are_one_array_a_generator)
{
	static const uint32_t lengths[] = { 3, 0, 1 };

	make_lists(3, 3, lengths);
	report_result_record(json, NULL, &pipeline, &result);
	ck_assert_ptr_nonnull(strstr(end(json), "\"result\":{\"list\":[[0,0.25,0.5],[],[2]]}}"));
}
END_TEST

START_TEST(lists_are_not_for_the_log)
{
	static const uint32_t lengths[] = { 3 };

	make_lists(1, 3, lengths);
	report_result_record(logfmt, "gathered", &pipeline, &result);
	ck_assert_str_eq(strstr(end(logfmt), "consumers="), "consumers=2");
	report_result_record(json, "gathered", &pipeline, &result);
	ck_assert_str_eq(strstr(end(json), "\"consumers\""), "\"consumers\":[2],\"result\":{}}");
}
END_TEST

START_TEST(long_lists_are_complete_whatever_their_length)
{
	/* around the size of the pieces in which lists are read */
	static const uint32_t lengths[] = { 255, 256, 257, 512, 4096 };
	const char *at;

	make_lists(5, 4096, lengths);
	report_result_record(json, NULL, &pipeline, &result);
	at = strstr(end(json), "\"list\":[") + strlen("\"list\":");
	for (uint32_t g = 0; g < 5; g++) {
		for (uint32_t s = 0; s < lengths[g]; s++) {
			char *rest;

			at += s == 0 ? 2 : 1; /* "[[", ",[" or "," */
			ck_assert_double_eq(strtod(at, &rest), g + s / 4.0);
			at = rest;
		}
		ck_assert_int_eq(*at++, ']');
	}
	ck_assert_str_eq(at, "]}}");
}
END_TEST

static struct gather_stats before, after;
static struct report_interval interval;
static struct report_last last;

static void setup_metrics(void)
{
	setup();
	before = (struct gather_stats){
		.round = 1,
		.drawn = 1000,
		.starved_ns = S,
		.blocked_ns = 2 * S,
		.cpu_ns = 10 * S,
		.ledger_ok = true,
		.producers = 1,
		.nstages = 1,
		.consumers = { 1 },
	};
	after = (struct gather_stats){
		.round = 3,
		.rounds = 2,
		.skipped = 4,
		.drawn = 1623457789,
		.gathered = 1000000000,
		.filtered = 600000000,
		.faulted = 20000000,
		.dropped = 3000000,
		.inflight = 457789,
		.ledger_ok = true,
		.producers = 2,
		.nstages = 2,
		.consumers = { 2, 3 },
		.starved_ns = S + 310 * MS,
		.blocked_ns = 2 * S + 9 * MS,
		.cpu_ns = 10 * S + 3961 * MS,
	};
	interval = (struct report_interval){ .from = &before, .to = &after, .ns = 2 * S };
	last = (struct report_last){ 0 };
}

static const char *metrics_line(struct record *record)
{
	record_begin(record);
	report_metrics_record(record, &pipeline, &interval, &last);
	return after_time(end(record));
}

START_TEST(metrics_have_every_key_in_order)
{
	report_last_set(&last, &result);
	ck_assert_str_eq(metrics_line(logfmt),
			 "event=metrics pipeline=pi round=3 skipped=4 drawn=1623457789 "
			 "rate=811700000 gathered=1000000000 filtered=600000000 faulted=20000000 "
			 "dropped=3000000 inflight=457789 ledger=ok producers=2 consumers=2,3 "
			 "starved=3.1% blocked=0.2% cpu=1.98 mean=3.14159 stderr=0.00016");
	ck_assert_str_eq(metrics_line(json),
			 "\"event\":\"metrics\",\"pipeline\":\"pi\",\"round\":3,\"skipped\":4,"
			 "\"drawn\":1623457789,\"rate\":811700000,\"gathered\":1000000000,"
			 "\"filtered\":600000000,\"faulted\":20000000,\"dropped\":3000000,"
			 "\"inflight\":457789,\"ledger\":\"ok\",\"producers\":2,"
			 "\"consumers\":[2,3],\"starved\":3.1,\"blocked\":0.2,\"cpu\":1.98,"
			 "\"result\":{\"mean\":3.14159,\"stderr\":0.00016}}");
}
END_TEST

START_TEST(metrics_before_the_first_result_have_no_scalars)
{
	const char *line = metrics_line(logfmt);

	ck_assert_str_eq(strstr(line, " cpu="), " cpu=1.98");
	line = metrics_line(json);
	ck_assert_str_eq(strstr(line, ",\"cpu\""), ",\"cpu\":1.98}");
}
END_TEST

START_TEST(metrics_leave_lists_out)
{
	static const char *const names[] = { "count", "list", "max" };
	static const double values[] = { 40, 0, 9.75 };

	result.ngathers = pipeline.spec.ngathers = 3;
	result.gathers = pipeline.spec.gathers = names;
	result.scalars = values;
	report_last_set(&last, &result);
	ck_assert_str_eq(strstr(metrics_line(logfmt), " cpu="), " cpu=1.98 count=40 max=9.75");
}
END_TEST

START_TEST(the_last_result_is_a_copy)
{
	double values[] = { 1, 2 };

	result.scalars = values;
	report_last_set(&last, &result);
	values[0] = 7;
	ck_assert_str_eq(strstr(metrics_line(logfmt), " mean="), " mean=1 stderr=2");
}
END_TEST

START_TEST(rates_have_four_digits)
{
	static const struct {
		uint64_t drawn;
		int64_t ns;
		const char *rate;
	} cases[] = {
		{ 0, S, " rate=0 " },
		{ 4, S, " rate=4 " },
		{ 1, 3 * S, " rate=0.3333 " },
		{ 123456, S, " rate=123500 " },
		{ 999950, S, " rate=1000000 " },
		{ UINT64_C(1) << 60, MS, " rate=1.153e+21 " },
	};

	before.drawn = 0;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *line;

		after.drawn = cases[i].drawn;
		interval.ns = cases[i].ns;
		line = metrics_line(logfmt);
		ck_assert_msg(strstr(line, cases[i].rate) != NULL, "%s in %s", cases[i].rate, line);
	}
}
END_TEST

START_TEST(an_interval_without_length_has_no_rates)
{
	const char *line;

	interval.ns = 0;
	line = metrics_line(logfmt);
	ck_assert_ptr_nonnull(strstr(line, " rate=0 "));
	ck_assert_ptr_nonnull(strstr(line, " starved=0% blocked=0% cpu=0"));
}
END_TEST

START_TEST(a_wait_from_before_the_interval_is_no_more_than_all_of_it)
{
	after.starved_ns = before.starved_ns + 100 * S;
	after.blocked_ns = before.blocked_ns + 4 * S;
	ck_assert_ptr_nonnull(strstr(metrics_line(logfmt), " starved=100% blocked=100% "));
}
END_TEST

START_TEST(counters_that_stand_still_are_zero_rates)
{
	before = after;
	ck_assert_ptr_nonnull(strstr(metrics_line(logfmt), " rate=0 "));
	before.cpu_ns = after.cpu_ns + 1; /* CPU clocks of threads that left are read late */
	ck_assert_str_eq(strstr(metrics_line(logfmt), " cpu="), " cpu=0");
}
END_TEST

START_TEST(a_broken_ledger_shows_in_metrics)
{
	after.ledger_ok = false;
	ck_assert_ptr_nonnull(strstr(metrics_line(logfmt), " ledger=broken "));
}
END_TEST

START_TEST(the_table_tells_of_every_key_of_the_line)
{
	const char *line = metrics_line(logfmt);
	const char *at = strstr(line, " round=");

	for (const struct report_metric *m = report_metrics(); m->name != NULL; m++) {
		size_t length = strlen(m->name);

		ck_assert_int_eq(*at, ' ');
		ck_assert_msg(strncmp(at + 1, m->name, length) == 0 && at[1 + length] == '=',
			      "%s at %s", m->name, at);
		ck_assert_ptr_nonnull(m->unit);
		ck_assert_uint_gt(strlen(m->help), 0);
		at += 1 + strcspn(at + 1, " ");
	}
	ck_assert_str_eq(at, "");
}
END_TEST

static void expect_text(const char *expected)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(stream);
	report_result_text(stream, &pipeline, &result);
	fclose(stream);
	ck_assert_str_eq(text, expected);
	for (size_t i = 0; i < size; i++) {
		ck_assert(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
	}
	free(text);
}

static char text[4096]; /* an expected one */

/* A duration as people read it; check_units.c sees to those. */
static const char *duration(int64_t ns)
{
	static char buffers[4][UNITS_SIZE];
	static unsigned next;

	return units_format_duration(buffers[next++ % 4], ns);
}

static const char *count(double n)
{
	static char buffer[UNITS_SIZE];

	return units_format_count(buffer, n);
}

START_TEST(text_shows_a_fast_round_with_its_rate)
{
	snprintf(text, sizeof(text),
		 "pi  round 1  complete\n"
		 "  runtime   %s\n"
		 "  drawn     100000000 (gathered 100000000, filtered 0, faulted 0, dropped 0)\n"
		 "  rate      %s values/s\n"
		 "  threads   2 drawing, 2 consuming\n"
		 "  seed      42\n"
		 "  mean      3.14159\n"
		 "  stderr    0.00016\n",
		 duration(214 * MS), count(1e8 / 0.214));
	expect_text(text);
}
END_TEST

static void make_classic(int64_t runtime_ns)
{
	static const uint32_t lengths[] = { 2, 2, 0, 2 };

	pipeline.spec.name = "classic";
	pipeline.spec.values = 2;
	pipeline.spec.delay_ns = 5 * S;
	make_lists(4, 2, lengths);
	result.runtime_ns = runtime_ns;
	result.ideal_ns = 10 * S;
	result.drawn = 8;
	result.gathered = 6;
	result.filtered = 2;
}

START_TEST(text_shows_a_timed_round_with_its_lateness)
{
	make_classic(10 * S + 2 * MS);
	snprintf(text, sizeof(text),
		 "classic  round 1  complete\n"
		 "  runtime   %s (ideal %s, %s over)\n"
		 "  drawn     8 (gathered 6, filtered 2, faulted 0, dropped 0)\n"
		 "  threads   2 drawing, 2 consuming\n"
		 "  seed      42\n"
		 "  list      [0, 0.25]\n"
		 "            [1, 1.25]\n"
		 "            []\n"
		 "            [3, 3.25]\n",
		 duration(10 * S + 2 * MS), duration(10 * S), duration(2 * MS));
	expect_text(text);
}
END_TEST

START_TEST(text_shows_a_round_that_was_cut_short)
{
	make_classic(4 * S);
	result.outcome = GATHER_STOPPED;
	result.dropped = 0;
	snprintf(text, sizeof(text),
		 "classic  round 1  stopped (not reproducible)\n"
		 "  runtime   %s\n"
		 "  drawn     8 (gathered 6, filtered 2, faulted 0, dropped 0)\n"
		 "  threads   2 drawing, 2 consuming\n"
		 "  seed      42\n"
		 "  list      [0, 0.25]\n"
		 "            [1, 1.25]\n"
		 "            []\n"
		 "            [3, 3.25]\n",
		 duration(4 * S));
	expect_text(text);
}
END_TEST

START_TEST(text_shows_faults_stages_and_a_broken_ledger)
{
	pipeline.spec.nstages = 2;
	result.faulted = 5;
	result.faults[GATHER_FAULT_VALUE] = 1;
	result.faults[GATHER_FAULT_COMPLEX] = 4;
	result.ledger_ok = false;
	result.runtime_ns = 0;
	snprintf(text, sizeof(text),
		 "pi  round 1  complete\n"
		 "  runtime   %s\n"
		 "  drawn     100000000 (gathered 100000000, filtered 0, faulted 5, dropped 0)\n"
		 "  ledger    broken: these do not add up to what was drawn\n"
		 "  faults    %s 1, %s 4\n"
		 "  threads   2 drawing, 2 high, 3 log\n"
		 "  seed      42\n"
		 "  mean      3.14159\n"
		 "  stderr    0.00016\n",
		 duration(0), gather_fault_name(GATHER_FAULT_VALUE),
		 gather_fault_name(GATHER_FAULT_COMPLEX));
	expect_text(text);
}
END_TEST

START_TEST(text_numbers_read_back)
{
	static const char *const names[] = { "a_name_of_16_char", "b",
					     "a name of over 24 characters" };
	static const double values[] = { 0.1 + 0.2, NAN, -INFINITY };

	result.ngathers = 3;
	result.gathers = names;
	result.scalars = values;
	snprintf(text, sizeof(text),
		 "pi  round 1  complete\n"
		 "  runtime            %s\n"
		 "  drawn              100000000 (gathered 100000000, filtered 0, faulted 0, "
		 "dropped 0)\n"
		 "  rate               %s values/s\n"
		 "  threads            2 drawing, 2 consuming\n"
		 "  seed               42\n"
		 "  a_name_of_16_char  0.30000000000000004\n"
		 "  b                  nan\n"
		 "  a name of over 24 characters  -inf\n",
		 duration(214 * MS), count(1e8 / 0.214));
	expect_text(text);
}
END_TEST

/* The lines of the lists alone. */
static void expect_lists(const char *expected)
{
	char *shown = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&shown, &size);

	ck_assert_ptr_nonnull(stream);
	report_result_text(stream, &pipeline, &result);
	fclose(stream);
	ck_assert_ptr_nonnull(strstr(shown, "  list "));
	ck_assert_str_eq(strstr(shown, "  list "), expected);
	free(shown);
}

START_TEST(text_shows_ten_values_of_a_list)
{
	static const uint32_t lengths[] = { 10, 11, 600 };

	make_lists(3, 600, lengths);
	expect_lists("  list      [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25]\n"
		     "            [1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3, 3.25, ... "
		     "(11 values)]\n"
		     "            [2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 3.75, 4, 4.25, ... "
		     "(600 values)]\n");
}
END_TEST

START_TEST(text_shows_ten_lists)
{
	uint32_t lengths[1000];

	for (unsigned i = 0; i < 1000; i++) {
		lengths[i] = 1;
	}
	make_lists(1000, 1, lengths);
	expect_lists("  list      [0]\n            [1]\n            [2]\n            [3]\n"
		     "            [4]\n            [5]\n            [6]\n            [7]\n"
		     "            [8]\n            [9]\n"
		     "            ... (990 more generators; -o json prints all)\n");
	result.generators = 10;
	expect_lists("  list      [0]\n            [1]\n            [2]\n            [3]\n"
		     "            [4]\n            [5]\n            [6]\n            [7]\n"
		     "            [8]\n            [9]\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("report");
	TCase *records = tcase_create("records");
	TCase *metrics = tcase_create("metrics");
	TCase *texts = tcase_create("texts");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(records, setup, teardown);
	tcase_add_test(records, json_is_the_documented_object);
	tcase_add_test(records, logfmt_has_the_scalars_bare);
	tcase_add_test(records, a_line_of_the_log_begins_with_time_and_event);
	tcase_add_test(records, faults_are_counted_by_kind);
	tcase_add_test(records, a_stopped_round_is_not_reproducible);
	tcase_add_test(records, a_broken_ledger_is_always_told);
	tcase_add_test(records, nothing_gathered_is_an_empty_result);
	tcase_add_test(records, lists_are_one_array_a_generator);
	tcase_add_test(records, lists_are_not_for_the_log);
	tcase_add_test(records, long_lists_are_complete_whatever_their_length);
	suite_add_tcase(suite, records);

	tcase_add_checked_fixture(metrics, setup_metrics, teardown);
	tcase_add_test(metrics, metrics_have_every_key_in_order);
	tcase_add_test(metrics, metrics_before_the_first_result_have_no_scalars);
	tcase_add_test(metrics, metrics_leave_lists_out);
	tcase_add_test(metrics, the_last_result_is_a_copy);
	tcase_add_test(metrics, rates_have_four_digits);
	tcase_add_test(metrics, an_interval_without_length_has_no_rates);
	tcase_add_test(metrics, a_wait_from_before_the_interval_is_no_more_than_all_of_it);
	tcase_add_test(metrics, counters_that_stand_still_are_zero_rates);
	tcase_add_test(metrics, a_broken_ledger_shows_in_metrics);
	tcase_add_test(metrics, the_table_tells_of_every_key_of_the_line);
	suite_add_tcase(suite, metrics);

	tcase_add_checked_fixture(texts, setup, teardown);
	tcase_add_test(texts, text_shows_a_fast_round_with_its_rate);
	tcase_add_test(texts, text_shows_a_timed_round_with_its_lateness);
	tcase_add_test(texts, text_shows_a_round_that_was_cut_short);
	tcase_add_test(texts, text_shows_faults_stages_and_a_broken_ledger);
	tcase_add_test(texts, text_numbers_read_back);
	tcase_add_test(texts, text_shows_ten_values_of_a_list);
	tcase_add_test(texts, text_shows_ten_lists);
	suite_add_tcase(suite, texts);

	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
