/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * gather.h - the public interface of libgather
 *
 * A pipeline draws random values from a named source, runs comprehensions over
 * them and gathers what is left, round after round.  What a round gives depends
 * on its specification and its seed alone, never on the number of threads.
 *
 * Threads: a pipeline starts threads of its own.  Every function that takes a
 * pipeline must be called from one thread, its supervisor, and none of them
 * blocks unless its comment says so.  Different pipelines may have different
 * supervisors.
 *
 * Time: every *_ns is in nanoseconds; a point in time is CLOCK_MONOTONIC.
 */
#ifndef GATHER_H
#define GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(GATHER_BUILDING) && defined(__GNUC__)
#define GATHER_API __attribute__((visibility("default")))
#else
#define GATHER_API
#endif
#if defined(__GNUC__)
#define GATHER_MUST_USE __attribute__((warn_unused_result))
#else
#define GATHER_MUST_USE
#endif

/* What can go wrong.  Functions return GATHER_OK or one of the negative codes. */
enum gather_code {
	GATHER_OK = 0,
	GATHER_EINPUT = -1,  /* the specification is wrong; the caller can mend it */
	GATHER_ENOMEM = -2,  /* no memory */
	GATHER_ETHREAD = -3, /* the system refuses another thread */
	GATHER_ESYSTEM = -4, /* another system call failed */
	GATHER_EISA = -5,    /* GATHERD_ISA names what this CPU cannot run */
};

/* A phrase for a code, without a full stop; never NULL. */
GATHER_API const char *gather_strerror(int code);

/* The part of a specification that an error speaks of. */
enum gather_field {
	GATHER_FIELD_NONE,
	GATHER_FIELD_NAME,
	GATHER_FIELD_PARALLEL,
	GATHER_FIELD_VALUES,
	GATHER_FIELD_DELAY,
	GATHER_FIELD_EVERY,
	GATHER_FIELD_ROUNDS,
	GATHER_FIELD_PRODUCERS,
	GATHER_FIELD_STAGE_NAME,    /* item: the stage, from 0 */
	GATHER_FIELD_COMPREHENSION, /* item: the stage, from 0 */
	GATHER_FIELD_WIDTH,         /* item: the stage, from 0 */
	GATHER_FIELD_GATHER,        /* item: the gathered name, from 0 */
};

/*
 * An error, for people.  line and column count from 1 within the text that the
 * field holds (a comprehension); 0 where the whole field is meant.  length is
 * the number of characters concerned, at least 1 where column is not 0.
 */
struct gather_error {
	int code;
	enum gather_field field;
	unsigned item;
	unsigned line;
	unsigned column;
	unsigned length;
	char message[256]; /* what is wrong, one line, no full stop */
	char hint[128];    /* what was probably meant; empty where nobody knows */
};

enum {
	GATHER_WIDTH_MAX = 4096, /* threads of one stage, or producers */
	GATHER_STAGES_MAX = 16,  /* stages of one pipeline */
	GATHER_GATHERS_MAX = 64, /* gathered names of one pipeline */
	GATHER_NAME_MAX = 63,    /* bytes of a pipeline's or a stage's name */
};
#define GATHER_PARALLEL_MAX UINT32_MAX        /* generators, stream version 1 */
#define GATHER_VALUES_MAX (UINT64_C(1) << 41) /* steps, stream version 1 */

/* One stage: a comprehension and the number of threads that run it. */
struct gather_stage {
	const char *name; /* may be NULL in a pipeline of one stage */
	const char *comprehension;
	unsigned width; /* [threads] */
};

/* Everything that says what a pipeline is.  Copied by whoever takes one. */
struct gather_spec {
	const char *name; /* part of the seed: another name draws other values */
	uint64_t seed;
	uint64_t parallel;  /* [generators] side by side */
	uint64_t values;    /* [steps] of each generator in a round */
	int64_t delay_ns;   /* before each value; 0: as fast as possible */
	int64_t every_ns;   /* between the starts of rounds; 0: one after another */
	uint64_t rounds;    /* 0: for ever */
	unsigned producers; /* [threads] that draw */
	unsigned nstages;
	const struct gather_stage *stages; /* [nstages] */
	unsigned ngathers;
	const char *const *gathers; /* [ngathers] "mean", "list" ... */
};

struct gather_pipeline; /* opaque */

/* Check all that gather_pipeline_create() would refuse, without starting anything. */
GATHER_API GATHER_MUST_USE int gather_spec_check(const struct gather_spec *spec,
						 struct gather_error *error);

/* Why a row was left out where Python would have raised, or where a double cannot
 * say what Python's answer is. */
enum gather_fault {
	GATHER_FAULT_ZERO_DIVISION, /* ZeroDivisionError */
	GATHER_FAULT_VALUE,         /* ValueError: math domain error */
	GATHER_FAULT_OVERFLOW,      /* OverflowError */
	GATHER_FAULT_INTEGER,       /* an int beyond 2**53 */
	GATHER_FAULT_COMPLEX,       /* Python's answer is a complex number */
	GATHER_FAULTS,
};

/* The name of a fault as results and logs show it; never NULL. */
GATHER_API const char *gather_fault_name(enum gather_fault fault);

enum gather_outcome {
	GATHER_COMPLETE, /* every value was drawn and accounted for */
	GATHER_STOPPED,  /* cut short by gather_pipeline_stop() */
};

GATHER_API const char *gather_outcome_name(enum gather_outcome outcome);

struct gather_lists; /* opaque: one list a generator */

/* What one round gave.  Valid during the callback that hands it over. */
struct gather_result {
	uint64_t round; /* from 1 */
	enum gather_outcome outcome;
	int64_t runtime_ns; /* from the round's start to the gathered result */
	int64_t ideal_ns;   /* values x delay */
	uint64_t generators;
	uint64_t drawn; /* [values] */
	uint64_t gathered;
	uint64_t filtered;
	uint64_t faulted;
	uint64_t dropped;
	uint64_t faults[GATHER_FAULTS]; /* faulted, by kind */
	bool ledger_ok;                 /* drawn = gathered + filtered + faulted + dropped */
	unsigned ngathers;
	const char *const *gathers;       /* [ngathers] names, in declared order */
	const double *scalars;            /* [ngathers]; 0 where the name is "list" */
	const struct gather_lists *lists; /* NULL without "list" */
};

typedef void gather_result_fn(const struct gather_result *result, void *arg);

/*
 * Copy the next values of one generator's list to out, at most room of them,
 * and return how many.  *cursor is 0 at first and is moved on; the list is at its
 * end where less than room is returned.
 */
GATHER_API size_t gather_lists_read(const struct gather_lists *lists, uint32_t generator,
				    uint64_t *cursor, double *out, size_t room);

/*
 * Create a pipeline: check the specification, compile the comprehensions, allocate.
 * On failure *error says why and *out is NULL.
 */
GATHER_API GATHER_MUST_USE int gather_pipeline_create(struct gather_pipeline **out,
						      const struct gather_spec *spec,
						      struct gather_error *error);

/*
 * Start the threads and open the first round.  On failure no thread is left
 * running and the pipeline can only be destroyed.
 */
GATHER_API GATHER_MUST_USE int gather_pipeline_start(struct gather_pipeline *pipeline,
						     struct gather_error *error);

/* A descriptor that is readable when gather_pipeline_dispatch() has work to do. */
GATHER_API int gather_pipeline_fd(const struct gather_pipeline *pipeline);

/*
 * Hand over the rounds that are gathered, in round order, and open those that are due.  Returns
 * GATHER_OK, or GATHER_ENOMEM where there was no memory to open a round and none is open: the
 * descriptor will not announce anything, so call again after a while.
 */
GATHER_API int gather_pipeline_dispatch(struct gather_pipeline *pipeline, gather_result_fn *fn,
					void *arg);

/*
 * Stop drawing.  What is in flight is gathered, and the round that was cut short comes from
 * dispatch with GATHER_STOPPED; what was drawn for the one after it is dropped.  Then the pipeline
 * is done.  Idempotent; may be called from the callback of dispatch.
 */
GATHER_API void gather_pipeline_stop(struct gather_pipeline *pipeline);

/* Whether every round has been handed over: nothing more will come. */
GATHER_API bool gather_pipeline_done(const struct gather_pipeline *pipeline);

/* Counters over the pipeline's life, as one consistent statement. */
struct gather_stats {
	uint64_t round;   /* the oldest round that is not handed over yet, from 1 */
	uint64_t rounds;  /* rounds handed over */
	uint64_t skipped; /* starts that `every` had to skip, the last round still running */
	uint64_t drawn;   /* [values] */
	uint64_t gathered;
	uint64_t filtered;
	uint64_t faulted;
	uint64_t dropped;
	uint64_t inflight; /* drawn and not accounted for yet */
	bool ledger_ok;    /* what is in flight fits what the batches can hold */
	unsigned producers;
	unsigned nstages;
	unsigned consumers[GATHER_STAGES_MAX];
	uint64_t starved_ns; /* consumers' waits for something to do, summed over threads */
	uint64_t blocked_ns; /* producers' waits for a batch to come home, likewise */
	uint64_t cpu_ns;     /* CPU time of all threads of the pipeline */
};

GATHER_API void gather_pipeline_stats(const struct gather_pipeline *pipeline,
				      struct gather_stats *stats);

/* Stop at once what is still running, join all threads and free everything.
 * Blocks until the threads have left.  NULL and *pipeline == NULL are fine. */
GATHER_API void gather_pipeline_destroy(struct gather_pipeline **pipeline);

/* Measurements.  Each blocks for about the time that it is given, and measures what the machine
 * does meanwhile: take the median of several. */

/*
 * The pipeline as specified (rounds and schedule are ignored), at full speed: values drawn
 * and accounted for a second.
 */
GATHER_API GATHER_MUST_USE int gather_bench_pipeline(const struct gather_spec *spec, int64_t ns,
						     double *values_per_s,
						     struct gather_error *error);

/*
 * The same kernels over the same tiles in a plain loop in each of so many threads, without
 * queues: what the pipeline is compared with.
 */
GATHER_API GATHER_MUST_USE int gather_bench_loop(const struct gather_spec *spec, unsigned threads,
						 int64_t ns, double *values_per_s,
						 struct gather_error *error);

struct gather_bench_queue {
	double handoffs_per_s; /* messages from one thread to another, many on the way */
	double one_way_us;     /* of a single message, neither side asleep */
	double wakeup_us;      /* from a post to a sleeping thread until it runs, median */
};

/* The mailbox alone, between two threads. */
GATHER_API GATHER_MUST_USE int gather_bench_queue(int64_t ns, struct gather_bench_queue *result,
						  struct gather_error *error);

/* The kernels in use ("x86-64", "x86-64-v3", "x86-64-v4" or "portable"); honours
 * GATHERD_ISA.  GATHER_EISA with the reason where that cannot be. */
GATHER_API GATHER_MUST_USE int gather_isa(const char **name, struct gather_error *error);

/* The library's version, "1.2.3". */
GATHER_API const char *gather_version(void);

#ifdef __cplusplus
}
#endif
#endif
