/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * check_source.c - columns hold what stands at their coordinates, whatever draws them
 *
 * The oracle is stream.c, one block at a time, and the definition of uniform in plain arithmetic.
 * A variant that this CPU cannot run is skipped, and says so.
 */
#include "source/source.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "source/source_kernels.h"
#include "source/stream.h"
#include "random.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { MARGIN = 8 }; /* [rows] around a column, to see what is written there */

static const uint64_t step_end = UINT64_C(1) << 41;
static const uint64_t generator_end = UINT64_C(1) << 32;

static uint64_t seed;
static double column[MARGIN + BATCH_ROWS + MARGIN];

static double reference_unit(const struct source_draw *draw, uint32_t row)
{
	const struct tile *tile = draw->tile;
	uint64_t step = tile->step + row % tile->steps;
	struct stream_point point = {
		.block = step >> 1,
		.round = tile->round,
		.generator = tile->generator + row / tile->steps,
		.site = draw->site,
	};
	struct stream_block block = stream_block(draw->key, stream_counter(&point));

	return (double)(block.words[step & 1] >> 11) * 0x1p-53;
}

static double reference_uniform(double u, double low, double high)
{
	volatile double product = (high - low) * u; /* rounded before it is added */
	double value = low + product;
	double top = nextafter(high, low);

	return value < top ? value : top;
}

static bool same(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

static source_kernel *kernel_of(int isa, enum source_shape shape)
{
	return source_kernels_find((enum isa)isa)->draw[shape];
}

static void expect_tile(source_kernel *kernel, const struct source_draw *draw, bool unit)
{
	const struct tile *tile = draw->tile;
	struct source_draw to = *draw;
	uint32_t rows = tile_rows(tile);

	for (size_t i = 0; i < COUNT(column); i++) {
		column[i] = -7;
	}
	to.out = &column[MARGIN];
	kernel(&to);
	for (uint32_t i = 0; i < rows; i++) {
		double u = reference_unit(draw, i);
		double value = unit ? u : reference_uniform(u, draw->parameters[0], 7);

		if (!same(to.out[i], value)) {
			ck_abort_msg("row %u of step %" PRIu64 " generator %u, %u x %u: %a, not %a",
				     i, tile->step, tile->generator, tile->generators, tile->steps,
				     to.out[i], value);
		}
	}
	for (uint32_t i = 0; i < MARGIN; i++) {
		if (!same(column[i], -7) || !same(to.out[rows + i], -7)) {
			ck_abort_msg("written beyond the %u rows", rows);
		}
	}
}

/* uniform(-3, 7) and uniform(0, 1) of a tile. */
static void expect_draws(int isa, const struct tile *tile, uint64_t key, uint8_t site)
{
	const double parameters[SOURCE_PARAMETERS] = { -3, 10, nextafter(7, -3) };
	struct source_draw draw = {
		.tile = tile,
		.key = key,
		.parameters = parameters,
		.site = site,
	};

	expect_tile(kernel_of(isa, SOURCE_UNIT), &draw, true);
	expect_tile(kernel_of(isa, SOURCE_UNIFORM), &draw, false);
}

static const struct {
	uint32_t generators, steps;
} shapes[] = {
	{ 1, 1 },    { 1, 2 },    { 1, 3 },    { 1, 10 },   { 1, 23 },   { 1, 24 },
	{ 1, 47 },   { 1, 48 },   { 1, 49 },   { 1, 4095 }, { 1, 4096 }, { 2, 2048 },
	{ 3, 1000 }, { 4, 10 },   { 4, 1 },    { 11, 1 },   { 12, 1 },   { 13, 1 },
	{ 16, 1 },   { 17, 1 },   { 40, 100 }, { 64, 64 },  { 11, 2 },   { 12, 2 },
	{ 13, 2 },   { 409, 10 }, { 1365, 3 }, { 2048, 2 }, { 4095, 1 }, { 4096, 1 },
};

START_TEST(every_shape_of_tile_holds_its_coordinates)
{
	for (size_t i = 0; i < COUNT(shapes); i++) {
		for (uint64_t step = 0; step < 4; step++) {
			struct tile tile = {
				.round = 1,
				.step = step,
				.generator = 5,
				.generators = shapes[i].generators,
				.steps = shapes[i].steps,
			};

			expect_draws(_i, &tile, UINT64_C(0x0123456789abcdef), 1);
		}
	}
}
END_TEST

/* A start so that a run of that length is within a few of the boundary, and ends before end. */
static uint64_t start_near(uint64_t boundary, uint32_t length, uint64_t end, uint64_t *state)
{
	uint64_t past = random_next(state) % (length + 4);
	uint64_t start = boundary + 2 > past ? boundary + 2 - past : 0;

	return start + length <= end ? start : end - length;
}

START_TEST(tiles_at_the_ends_and_seams_hold_their_coordinates)
{
	static const uint64_t steps[] = { 0, UINT64_C(1) << 32, UINT64_C(1) << 33,
					  UINT64_C(0xff) << 33, UINT64_C(1) << 41 };
	static const uint64_t generators[] = { 0, UINT64_C(1) << 24, UINT64_C(1) << 31,
					       UINT64_C(0xff) << 24, UINT64_C(1) << 32 };
	uint64_t state = seed;

	for (size_t i = 0; i < COUNT(shapes); i++) {
		struct tile tile = { .generators = shapes[i].generators, .steps = shapes[i].steps };

		for (size_t j = 0; j < COUNT(steps) * COUNT(generators); j++) {
			tile.round = random_next(&state);
			tile.step =
				start_near(steps[j % COUNT(steps)], tile.steps, step_end, &state);
			tile.generator = (uint32_t)start_near(generators[j / COUNT(steps)],
							      tile.generators, generator_end,
							      &state);
			expect_draws(_i, &tile, random_next(&state), (uint8_t)random_next(&state));
		}
	}
}
END_TEST

START_TEST(tiles_at_random_hold_their_coordinates)
{
	uint64_t state = seed;

	for (int i = 0; i < 300; i++) {
		uint32_t most = 1U << random_next(&state) % 13;
		struct tile tile = { .round = random_next(&state) };

		tile.generators = 1 + (uint32_t)(random_next(&state) % most);
		tile.steps = 1 + (uint32_t)(random_next(&state) % (BATCH_ROWS / tile.generators));
		tile.step = random_next(&state) % (step_end - tile.steps + 1);
		tile.generator =
			(uint32_t)(random_next(&state) % (generator_end - tile.generators + 1));
		expect_draws(_i, &tile, random_next(&state), (uint8_t)random_next(&state));
	}
}
END_TEST

/* 1 / a modulo 2^32, for an odd a. */
static uint32_t inverse(uint32_t a)
{
	uint32_t x = a; /* right in the lowest three bits; Newton doubles them */

	for (int i = 0; i < 4; i++) {
		x *= 2 - a * x;
	}
	return x;
}

/* The counter whose block has these words: Philox backwards. */
static struct stream_counter counter_of(uint64_t key, const uint64_t words[2])
{
	uint32_t c0 = (uint32_t)words[0], c1 = (uint32_t)(words[0] >> 32);
	uint32_t c2 = (uint32_t)words[1], c3 = (uint32_t)(words[1] >> 32);

	for (uint32_t round = STREAM_ROUNDS; round-- > 0;) {
		uint32_t before_c0 = c3 * inverse(STREAM_MULTIPLIER_0);
		uint32_t before_c2 = c1 * inverse(STREAM_MULTIPLIER_1);
		uint64_t p0 = (uint64_t)STREAM_MULTIPLIER_0 * before_c0;
		uint64_t p1 = (uint64_t)STREAM_MULTIPLIER_1 * before_c2;

		c1 = c0 ^ (uint32_t)(p1 >> 32) ^ ((uint32_t)key + round * STREAM_WEYL_0);
		c3 = c2 ^ (uint32_t)(p0 >> 32) ^ ((uint32_t)(key >> 32) + round * STREAM_WEYL_1);
		c0 = before_c0;
		c2 = before_c2;
	}
	return (struct stream_counter){ { c0, c1, c2, c3 } };
}

/* A place where a given word stands: there is one in 2^16 words of the other half. */
static struct source_draw place_of(uint64_t word, bool odd, uint64_t key, struct tile *tile)
{
	struct stream_counter counter = { { 0 } };
	uint64_t words[2] = { word, word };

	do {
		words[odd ? 0 : 1]++;
		counter = counter_of(key, words);
	} while (counter.words[3] >> 16 != 0); /* the attempt is 0 */
	*tile = (struct tile){
		.round = counter.words[2] >> 8 | counter.words[3] << 24,
		.step = 2 * (counter.words[0] | (uint64_t)(counter.words[1] & 0xff) << 32) + odd,
		.generator = counter.words[1] >> 8 | counter.words[2] << 24,
		.generators = 1,
		.steps = 1,
	};
	return (struct source_draw){
		.tile = tile,
		.key = key,
		.out = column,
		.site = (uint8_t)(counter.words[3] >> 8),
	};
}

static const struct {
	double low, high;
} intervals[] = {
	{ 0, 1 },
	{ -1, 0 },
	{ 1, 1 + 0x1p-52 },
	{ 0, 5e-324 },
	{ -5e-324, 5e-324 },
	{ -1e308, 7e307 },
	{ 1, 1 + 0x1p-51 },
	{ 0, 1.7976931348623157e308 },
	{ 1e16, 1e16 + 6 },
	{ -0.1, 0.3 },
	{ 4.9, 5.1 },
	{ 1e-310, 3e-310 },
};

START_TEST(extreme_words_stay_within_the_interval)
{
	const uint64_t words[] = {
		0, 0x7ff, 0x800, UINT64_C(1) << 63, ~UINT64_C(0x800), UINT64_MAX - 0x7ff, UINT64_MAX
	};
	uint64_t state = seed;

	for (size_t i = 0; i < 2 * COUNT(words); i++) {
		uint64_t word = words[i / 2];
		struct tile tile;
		struct source_draw draw = place_of(word, i % 2 != 0, random_next(&state), &tile);

		draw.parameters = (const double[SOURCE_PARAMETERS]){ 0 };
		kernel_of(_i, SOURCE_UNIT)(&draw);
		ck_assert(same(column[0], (double)(word >> 11) * 0x1p-53));
		for (size_t j = 0; j < COUNT(intervals); j++) {
			double low = intervals[j].low, high = intervals[j].high;

			draw.parameters = (const double[SOURCE_PARAMETERS]){ low, high - low,
									     nextafter(high, low) };
			kernel_of(_i, SOURCE_UNIFORM)(&draw);
			ck_assert_msg(low <= column[0] && column[0] < high, "%a is not in [%a, %a)",
				      column[0], low, high);
			ck_assert(word >> 11 != 0 || column[0] == low);
		}
	}
}
END_TEST

static struct batch *batch;

static void setup(void)
{
	batch = batch_create(BATCH_ROWS, 3);
	ck_assert_ptr_nonnull(batch);
}

static void teardown(void)
{
	batch_destroy(&batch);
}

/* Draw 1000 rows of a source with one column. */
static const double *draw_call(const struct source_call *call, int isa)
{
	const struct tile tile = { .round = 1, .generators = 2, .steps = 500 };
	struct source *source;

	ck_assert_int_eq(source_create(&source, call, 1, "pipeline", 42, (enum isa)isa, NULL),
			 GATHER_OK);
	batch_open(batch, &tile, 1);
	source_fill(source, batch);
	source_destroy(&source);
	ck_assert_ptr_null(source);
	source_destroy(&source);
	return batch->column[0];
}

static void expect_uniform(const struct source_call *call, int isa, double low, double high)
{
	const double *values = draw_call(call, isa);
	struct source_draw draw = {
		.tile = &batch->tile,
		.key = stream_key(stream_pipeline(42, "pipeline"), 1),
	};

	for (uint32_t i = 0; i < batch->rows; i++) {
		double u = reference_unit(&draw, i);

		if (!same(values[i], reference_uniform(u, low, high)) || values[i] < low ||
		    values[i] >= high) {
			ck_abort_msg("row %u of uniform(%a, %a) is %a", i, low, high, values[i]);
		}
	}
}

START_TEST(uniform_is_drawn_as_it_is_called)
{
	for (size_t i = 0; i < COUNT(intervals); i++) {
		double low = intervals[i].low, high = intervals[i].high;

		expect_uniform(&(struct source_call){ "uniform", 2, { low, high } }, _i, low, high);
	}
	expect_uniform(&(struct source_call){ "uniform", 0, { 5, 6 } }, _i, 0, 1);
	expect_uniform(&(struct source_call){ "uniform", 1, { -2.5, 6 } }, _i, -2.5, 1);
	expect_uniform(&(struct source_call){ "uniform", 2, { -0.0, 1 } }, _i, -0.0, 1);
	expect_uniform(&(struct source_call){ "random", 0, { 5, 6 } }, _i, 0, 1);
}
END_TEST

START_TEST(an_empty_interval_is_its_bound)
{
	static const double bounds[] = { 0, -0.0, 1, -1e308, 5e-324, 0.1 };

	for (size_t i = 0; i < COUNT(bounds); i++) {
		double bound = bounds[i];
		const double *values =
			draw_call(&(struct source_call){ "uniform", 2, { bound, bound } }, _i);

		for (uint32_t j = 0; j < batch->rows; j++) {
			if (!same(values[j], bound)) {
				ck_abort_msg("%a, not %a", values[j], bound);
			}
		}
	}
}
END_TEST

START_TEST(columns_are_sites_of_the_round)
{
	const struct source_call call = { "random", 0, { 0 } };
	const uint64_t rounds[] = { 1, 2, UINT64_C(1) << 32, UINT64_MAX };
	struct source *source;
	enum isa isa;

	ck_assert_int_eq(isa_select(&isa, NULL), GATHER_OK);
	ck_assert_int_eq(source_create(&source, &call, 3, "name", 7, isa, NULL), GATHER_OK);
	for (size_t i = 0; i < COUNT(rounds); i++) {
		const struct tile tile = {
			.round = rounds[i], .step = 9, .generator = 3, .generators = 20, .steps = 11
		};
		struct source_draw draw = {
			.tile = &tile,
			.key = stream_key(stream_pipeline(7, "name"), rounds[i]),
		};

		batch_open(batch, &tile, 3);
		source_fill(source, batch);
		for (draw.site = 0; draw.site < 3; draw.site++) {
			for (uint32_t j = 0; j < batch->rows; j++) {
				ck_assert(same(batch->column[draw.site][j],
					       reference_unit(&draw, j)));
			}
		}
	}
	source_destroy(&source);
}
END_TEST

START_TEST(the_distributions_are_named)
{
	const char *const *names = source_distributions();
	bool uniform = false;

	for (; *names != NULL; names++) {
		struct source_call call = { *names, SOURCE_ARGUMENTS + 1, { 0 } };
		struct gather_error error;
		unsigned argument;

		/* known, but not with so many arguments */
		ck_assert_int_eq(source_check(&call, &argument, &error), GATHER_EINPUT);
		ck_assert_msg(strstr(error.message, " takes ") != NULL, "%s", error.message);
		uniform = uniform || strcmp(*names, "uniform") == 0;
	}
	ck_assert(uniform);
}
END_TEST

static void expect_refused(const struct source_call *call, unsigned argument, const char *message)
{
	struct gather_error error;
	struct source *source = (struct source *)column;
	unsigned blamed = 99;

	ck_assert_int_eq(source_check(call, &blamed, &error), GATHER_EINPUT);
	ck_assert_int_eq(error.code, GATHER_EINPUT);
	ck_assert_str_eq(error.message, message);
	ck_assert_uint_eq(blamed, argument);
	ck_assert_int_eq(source_check(call, &blamed, NULL), GATHER_EINPUT);
	ck_assert_int_eq(source_create(&source, call, 1, "name", 1, ISA_BASE, &error),
			 GATHER_EINPUT);
	ck_assert_ptr_null(source);
}

START_TEST(calls_that_make_no_sense_are_refused)
{
	expect_refused(&(struct source_call){ "unifrom", 1, { 0 } }, 1,
		       "there is no distribution 'unifrom'");
	expect_refused(&(struct source_call){ "uniform", 3, { 0, 1, 2 } }, 3,
		       "uniform takes at most 2 arguments, not 3");
	expect_refused(&(struct source_call){ "random", 1, { 0 } }, 1, "random takes no arguments");
	expect_refused(&(struct source_call){ "uniform", 2, { NAN, 1 } }, 0,
		       "low must be finite, not nan");
	expect_refused(&(struct source_call){ "uniform", 2, { 0, INFINITY } }, 1,
		       "high must be finite, not inf");
	expect_refused(&(struct source_call){ "uniform", 2, { 0.3, 0.1 } }, 1,
		       "low must not be above high, but 0.3 > 0.1");
	expect_refused(&(struct source_call){ "uniform", 1, { 5 } }, 0,
		       "low must not be above high, but 5 > 1; high is 1 by default");
	expect_refused(&(struct source_call){ "uniform", 2, { -1e308, 1e308 } }, 1,
		       "high - low must be finite, but 1e+308 - -1e+308 is not");
}
END_TEST

START_TEST(calls_that_make_sense_are_accepted)
{
	static const struct source_call calls[] = {
		{ "random", 0, { 0 } },          { "uniform", 0, { 0 } },
		{ "uniform", 1, { 1 } },         { "uniform", 1, { -1e308 } },
		{ "uniform", 2, { 3, 3 } },      { "uniform", 2, { -1e308, 7e307 } },
		{ "uniform", 2, { 0, 5e-324 } }, { "uniform", 2, { 0.1, 0.3 } },
	};

	for (size_t i = 0; i < COUNT(calls); i++) {
		unsigned argument;

		ck_assert_int_eq(source_check(&calls[i], &argument, NULL), GATHER_OK);
	}
}
END_TEST

/* Run a test once for each variant of the kernels. */
static void add_for_each_isa(TCase *tcase, const TTest *test)
{
	for (int isa = ISA_BASE; isa < ISA_COUNT; isa++) {
		if (isa_supported((enum isa)isa)) {
			tcase_add_loop_test(tcase, test, isa, isa + 1);
		}
	}
}

static void announce_skips(void)
{
	for (int isa = ISA_BASE; isa < ISA_COUNT; isa++) {
		if (!isa_supported((enum isa)isa)) {
			printf("check_source: SKIP: this CPU cannot run %s\n",
			       isa_name((enum isa)isa));
		}
	}
	fflush(stdout);
}

int main(void)
{
	Suite *suite = suite_create("source");
	TCase *kernels = tcase_create("kernels");
	TCase *sources = tcase_create("sources");
	TCase *calls = tcase_create("calls");
	SRunner *runner;
	int failed;

	seed = random_seed("check_source");
	announce_skips();
	add_for_each_isa(kernels, every_shape_of_tile_holds_its_coordinates);
	add_for_each_isa(kernels, tiles_at_the_ends_and_seams_hold_their_coordinates);
	add_for_each_isa(kernels, tiles_at_random_hold_their_coordinates);
	add_for_each_isa(kernels, extreme_words_stay_within_the_interval);
	tcase_set_timeout(kernels, 60);
	suite_add_tcase(suite, kernels);

	tcase_add_checked_fixture(sources, setup, teardown);
	add_for_each_isa(sources, uniform_is_drawn_as_it_is_called);
	add_for_each_isa(sources, an_empty_interval_is_its_bound);
	tcase_add_test(sources, columns_are_sites_of_the_round);
	suite_add_tcase(suite, sources);

	tcase_add_test(calls, the_distributions_are_named);
	tcase_add_test(calls, calls_that_make_no_sense_are_refused);
	tcase_add_test(calls, calls_that_make_sense_are_accepted);
	suite_add_tcase(suite, calls);

	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
