/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * supervisor.c - sd-event, signals, and the life of pipelines
 */
#include "daemon/supervisor.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <systemd/sd-event.h>

#include "base/clock.h"

enum { RETRY_US = 100000 }; /* until a round that found no memory is tried again */

struct entry {
	struct supervised shown;
	struct supervisor *supervisor;
	sd_event_source *retry; /* NULL: never needed yet */
	bool starved;           /* of memory for a round, and that was said */
};

struct supervisor {
	const struct config *config;
	unsigned n;
	struct entry *entries; /* [n] */
	const struct supervisor_client *client;
	sd_event *event;
	int signals; /* a signalfd, -1: none yet */
	bool stopping;
	int64_t drained_ns; /* when stopping has to be over */
	bool ended;
	enum supervisor_end end;
};

static void handled_set(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGUSR1);
}

static int fail(struct gather_error *error, int code, const char *what, int errnum)
{
	*error = (struct gather_error){ .code = code };
	snprintf(error->message, sizeof(error->message), "%s: %s", what, strerror(errnum));
	return code;
}

static const struct config_pipeline *find(const struct config *config, const char *name)
{
	for (unsigned i = 0; i < config->npipelines; i++) {
		if (strcmp(config->pipelines[i].spec.name, name) == 0) {
			return &config->pipelines[i];
		}
	}
	abort(); /* the caller has looked */
}

static int create_entries(struct supervisor *supervisor, const char *const *names, unsigned n,
			  struct gather_error *error)
{
	const struct config *config = supervisor->config;
	unsigned count = n > 0 ? n : config->npipelines;

	supervisor->entries = calloc(count, sizeof(*supervisor->entries));
	if (supervisor->entries == NULL) {
		return fail(error, GATHER_ENOMEM, "cannot create pipelines", ENOMEM);
	}
	for (; supervisor->n < count; supervisor->n++) {
		unsigned i = supervisor->n;
		struct entry *entry = &supervisor->entries[i];
		entry->supervisor = supervisor;
		entry->shown.index = i;
		entry->shown.config = n > 0 ? find(config, names[i]) : &config->pipelines[i];
		int ret = gather_pipeline_create(&entry->shown.pipeline, &entry->shown.config->spec,
						 error);
		if (ret != GATHER_OK) {
			return ret;
		}
	}
	return GATHER_OK;
}

int supervisor_create(struct supervisor **out, const struct config *config,
		      const char *const *names, unsigned n, struct gather_error *error)
{
	struct supervisor *supervisor = calloc(1, sizeof(*supervisor));
	sigset_t set;

	*out = NULL;
	if (supervisor == NULL) {
		return fail(error, GATHER_ENOMEM, "cannot create pipelines", ENOMEM);
	}
	supervisor->config = config;
	supervisor->signals = -1;
	/* Before any thread: a signal is then taken by the event loop and nowhere else. */
	handled_set(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int ret = create_entries(supervisor, names, n, error);
	if (ret != GATHER_OK) {
		supervisor_destroy(&supervisor);
		return ret;
	}
	*out = supervisor;
	return GATHER_OK;
}

void supervisor_destroy(struct supervisor **pointer)
{
	struct supervisor *supervisor = *pointer;

	if (supervisor == NULL) {
		return;
	}
	for (unsigned i = 0; i < supervisor->n; i++) {
		sd_event_source_unref(supervisor->entries[i].retry);
		gather_pipeline_destroy(&supervisor->entries[i].shown.pipeline);
	}
	free(supervisor->entries);
	if (supervisor->signals >= 0) {
		close(supervisor->signals);
	}
	sd_event_unref(supervisor->event);
	free(supervisor);
	*pointer = NULL;
}

unsigned supervisor_count(const struct supervisor *supervisor)
{
	return supervisor->n;
}

const struct supervised *supervisor_get(const struct supervisor *supervisor, unsigned index)
{
	assert(index < supervisor->n);
	return &supervisor->entries[index].shown;
}

static void end(struct supervisor *supervisor, enum supervisor_end how)
{
	if (supervisor->ended) {
		return;
	}
	supervisor->ended = true;
	supervisor->end = how;
	sd_event_exit(supervisor->event, 0);
}

static void end_if_all_done(struct supervisor *supervisor)
{
	for (unsigned i = 0; i < supervisor->n; i++) {
		if (!supervisor->entries[i].shown.done) {
			return;
		}
	}
	if (supervisor->stopping) {
		end(supervisor, SUPERVISOR_STOPPED);
	} else if (!supervisor->client->stay) {
		end(supervisor, SUPERVISOR_DONE);
	}
}

static void on_result(const struct gather_result *result, void *arg)
{
	struct entry *entry = arg;
	const struct supervisor_client *client = entry->supervisor->client;

	if (client->gathered != NULL) {
		client->gathered(client->arg, &entry->shown, result);
	}
}

static int on_retry(sd_event_source *source, uint64_t usec, void *arg);

/* Without a round that runs, nothing but this wakes the pipeline again. */
static void retry_later(struct entry *entry)
{
	if (entry->retry == NULL) {
		sd_event_add_time_relative(entry->supervisor->event, &entry->retry, CLOCK_MONOTONIC,
					   RETRY_US, 1, on_retry, entry);
	} else {
		sd_event_source_set_time_relative(entry->retry, RETRY_US);
		sd_event_source_set_enabled(entry->retry, SD_EVENT_ONESHOT);
	}
}

static void note_memory(struct entry *entry, bool starved)
{
	const char *name = entry->shown.config->spec.name;

	if (starved) {
		retry_later(entry);
	}
	if (starved != entry->starved) {
		fprintf(stderr, "gatherd: pipeline '%s': %s\n", name,
			starved ? "not enough memory for a round, trying again until there is"
				: "enough memory for a round again");
		entry->starved = starved;
	}
}

static void dispatch(struct entry *entry)
{
	const struct supervisor_client *client = entry->supervisor->client;
	int ret = gather_pipeline_dispatch(entry->shown.pipeline, on_result, entry);

	note_memory(entry, ret == GATHER_ENOMEM);
	if (!entry->shown.done && gather_pipeline_done(entry->shown.pipeline)) {
		entry->shown.done = true;
		if (client->done != NULL) {
			client->done(client->arg, &entry->shown);
		}
		end_if_all_done(entry->supervisor);
	}
}

static int on_pipeline(sd_event_source *source, int fd, uint32_t revents, void *arg)
{
	(void)source;
	(void)fd;
	(void)revents;
	dispatch(arg);
	return 0;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)source;
	(void)usec;
	dispatch(arg);
	return 0;
}

static int on_tick(sd_event_source *source, uint64_t usec, void *arg)
{
	struct supervisor *supervisor = arg;
	uint64_t interval = (uint64_t)supervisor->client->tick_ns / 1000;
	uint64_t now = usec;

	supervisor->client->tick(supervisor->client->arg);
	/* On the grid, without a burst after a stall. */
	sd_event_now(supervisor->event, CLOCK_MONOTONIC, &now);
	usec += interval;
	if (usec <= now) {
		usec += (now - usec) / interval * interval + interval;
	}
	sd_event_source_set_time(source, usec);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

static int on_drained(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)source;
	(void)usec;
	end(arg, SUPERVISOR_CUT);
	return 0;
}

void supervisor_stop(struct supervisor *supervisor)
{
	if (supervisor->stopping) {
		return;
	}
	supervisor->stopping = true;
	supervisor->drained_ns = clock_add_ns(clock_now_ns(), supervisor->config->drain_ns);
	for (unsigned i = 0; i < supervisor->n; i++) {
		gather_pipeline_stop(supervisor->entries[i].shown.pipeline);
	}
	sd_event_add_time_relative(supervisor->event, NULL, CLOCK_MONOTONIC,
				   (uint64_t)supervisor->config->drain_ns / 1000, 1, on_drained,
				   supervisor);
	end_if_all_done(supervisor);
}

static void stop_on(struct supervisor *supervisor, int number)
{
	const struct supervisor_client *client = supervisor->client;

	if (supervisor->stopping) {
		end(supervisor, SUPERVISOR_CUT);
		return;
	}
	if (client->stopping != NULL) {
		client->stopping(client->arg, sigabbrev_np(number));
	}
	supervisor_stop(supervisor);
}

static void take_signals(struct supervisor *supervisor)
{
	const struct supervisor_client *client = supervisor->client;
	struct signalfd_siginfo info;

	while (read(supervisor->signals, &info, sizeof(info)) == sizeof(info)) {
		int number = (int)info.ssi_signo;
		if (number == SIGTERM || number == SIGINT ||
		    (number == SIGHUP && client->hangup_stops)) {
			stop_on(supervisor, number);
		} else if (client->reopen != NULL) {
			client->reopen(client->arg);
		}
	}
}

static int on_signal(sd_event_source *source, int fd, uint32_t revents, void *arg)
{
	(void)source;
	(void)fd;
	(void)revents;
	take_signals(arg);
	return 0;
}

/* [ms] rounded up; -1: for ever */
static int until_drained(const struct supervisor *supervisor)
{
	if (!supervisor->stopping) {
		return -1;
	}
	int64_t left_ns = supervisor->drained_ns - clock_now_ns();
	int64_t left_ms = left_ns <= 0 ? 0 : left_ns / (NS_PER_S / 1000) + 1;
	return left_ms < INT_MAX ? (int)left_ms : INT_MAX;
}

bool supervisor_wait(struct supervisor *supervisor, int fd)
{
	struct pollfd polled[] = {
		{ .fd = fd, .events = POLLOUT },
		{ .fd = supervisor->signals, .events = POLLIN },
	};

	while (!supervisor->ended || supervisor->end != SUPERVISOR_CUT) {
		int ret = poll(polled, 2, until_drained(supervisor));
		if (ret == 0) {
			end(supervisor, SUPERVISOR_CUT);
		} else if (ret > 0 && polled[1].revents != 0) {
			take_signals(supervisor);
		} else if (ret > 0 || errno != EINTR) {
			return true;
		}
	}
	errno = ECANCELED;
	return false;
}

/* The signals that are listened to, as a descriptor.  They are blocked. */
static int open_signals(const struct supervisor_client *client)
{
	struct sigaction hangup;
	sigset_t set;

	handled_set(&set);
	if (client->hangup_stops && sigaction(SIGHUP, NULL, &hangup) == 0 &&
	    hangup.sa_handler == SIG_IGN) {
		sigdelset(&set, SIGHUP);
	}
	int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return fd >= 0 ? fd : -errno;
}

static int add_sources(struct supervisor *supervisor)
{
	int64_t tick_us = supervisor->client->tick_ns / 1000;
	int ret = sd_event_new(&supervisor->event);

	if (ret >= 0) {
		ret = supervisor->signals = open_signals(supervisor->client);
	}
	if (ret >= 0) {
		ret = sd_event_add_io(supervisor->event, NULL, supervisor->signals, EPOLLIN,
				      on_signal, supervisor);
	}
	for (unsigned i = 0; ret >= 0 && i < supervisor->n; i++) {
		struct entry *entry = &supervisor->entries[i];
		ret = sd_event_add_io(supervisor->event, NULL,
				      gather_pipeline_fd(entry->shown.pipeline), EPOLLIN,
				      on_pipeline, entry);
	}
	if (ret >= 0 && tick_us > 0 && supervisor->client->tick != NULL) {
		ret = sd_event_add_time_relative(supervisor->event, NULL, CLOCK_MONOTONIC,
						 (uint64_t)tick_us, 1, on_tick, supervisor);
	}
	return ret;
}

enum supervisor_end supervisor_run(struct supervisor *supervisor,
				   const struct supervisor_client *client,
				   struct gather_error *error)
{
	supervisor->client = client;
	supervisor->end = SUPERVISOR_FAILED;
	int ret = add_sources(supervisor);
	if (ret < 0) {
		fail(error, GATHER_ESYSTEM, "cannot set up the event loop", -ret);
		return SUPERVISOR_FAILED;
	}
	for (unsigned i = 0; i < supervisor->n; i++) {
		struct supervised *shown = &supervisor->entries[i].shown;
		if (gather_pipeline_start(shown->pipeline, error) != GATHER_OK) {
			return SUPERVISOR_FAILED;
		}
	}
	if (client->started != NULL) {
		client->started(client->arg);
	}
	ret = sd_event_loop(supervisor->event);
	if (ret < 0) {
		fail(error, GATHER_ESYSTEM, "the event loop failed", -ret);
		return SUPERVISOR_FAILED;
	}
	return supervisor->end;
}
