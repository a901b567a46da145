/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * command_serve.c - gatherd without a command: the service, in the foreground
 */
#include "daemon/command.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <systemd/sd-daemon.h>

#include "daemon/load.h"
#include "daemon/service_log.h"
#include "daemon/supervisor.h"

struct service {
	struct supervisor *supervisor;
	struct service_log *log;
};

static void each(struct service *service,
		 void (*fn)(struct service_log *log, const struct supervised *pipeline))
{
	for (unsigned i = 0; i < supervisor_count(service->supervisor); i++) {
		fn(service->log, supervisor_get(service->supervisor, i));
	}
}

static void on_started(void *arg)
{
	struct service *service = arg;
	unsigned n = supervisor_count(service->supervisor);

	each(service, service_log_started);
	fprintf(stderr, "gatherd: %s started, %u pipeline%s\n", gather_version(), n,
		n == 1 ? "" : "s");
	sd_notifyf(0, "READY=1\nSTATUS=%u pipeline%s", n, n == 1 ? "" : "s");
}

static void on_gathered(void *arg, const struct supervised *pipeline,
			const struct gather_result *result)
{
	struct service *service = arg;

	service_log_gathered(service->log, pipeline, result);
}

static void on_done(void *arg, const struct supervised *pipeline)
{
	struct service *service = arg;

	service_log_stopped(service->log, pipeline);
}

static void on_tick(void *arg)
{
	each(arg, service_log_metrics);
}

static void on_stopping(void *arg, const char *signal)
{
	(void)arg;
	sd_notify(0, "STOPPING=1");
	fprintf(stderr, "gatherd: SIG%s, stopping: gathering what is in flight\n", signal);
}

static void on_reopen(void *arg)
{
	struct service *service = arg;

	service_log_reopen(service->log);
}

/* Say how it ended, and what was lost. */
static int summary(struct service *service, enum supervisor_end end,
		   const struct gather_error *error)
{
	struct gather_stats all = { 0 };

	if (end == SUPERVISOR_FAILED) {
		fprintf(stderr, "gatherd: %s\n", error->message);
		return command_status(error->code);
	}
	for (unsigned i = 0; i < supervisor_count(service->supervisor); i++) {
		struct gather_stats stats;
		gather_pipeline_stats(supervisor_get(service->supervisor, i)->pipeline, &stats);
		all.drawn += stats.drawn;
		all.gathered += stats.gathered;
		all.inflight += stats.inflight;
	}
	fprintf(stderr, "gatherd: stopped, drawn %llu, gathered %llu, not accounted for %llu\n",
		(unsigned long long)all.drawn, (unsigned long long)all.gathered,
		(unsigned long long)all.inflight);
	return end == SUPERVISOR_CUT ? EXIT_CUT_SHORT : EXIT_FINE;
}

static int serve(const struct config *config)
{
	struct service service = { 0 };
	struct gather_error error;
	int ret = supervisor_create(&service.supervisor, config, NULL, 0, &error);

	if (ret != GATHER_OK) {
		fprintf(stderr, "gatherd: %s\n", error.message);
		return command_status(ret);
	}
	service.log = service_log_create(config, supervisor_count(service.supervisor));
	if (service.log == NULL) {
		fprintf(stderr, "gatherd: %s\n", gather_strerror(GATHER_ENOMEM));
		supervisor_destroy(&service.supervisor);
		return EXIT_TRY_AGAIN;
	}
	struct supervisor_client client = {
		.arg = &service,
		.started = on_started,
		.gathered = on_gathered,
		.done = on_done,
		.tick = on_tick,
		.stopping = on_stopping,
		.reopen = on_reopen,
		.tick_ns = config->metrics_interval_ns,
		.stay = true,
	};
	enum supervisor_end end = supervisor_run(service.supervisor, &client, &error);
	int status = summary(&service, end, &error);
	supervisor_destroy(&service.supervisor);
	service_log_destroy(&service.log);
	return status;
}

static int refuse_argument(const char *argument, const char *path)
{
	if (command_find(argument) == NULL) {
		return command_usage("unknown command '%s'", argument);
	}
	return command_usage("the command comes first: write 'gatherd %s%s%s'", argument,
			     path != NULL ? " -c " : "", path != NULL ? path : "");
}

int command_serve(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		COMMAND_OPTIONS,
		{ 0 },
	};
	const char *path = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		if (c != 'c') {
			return command_option(c);
		}
		path = optarg;
	}
	if (optind < argc) {
		return refuse_argument(argv[optind], path);
	}
	/* A log on a full disk, or a closed pipe, is an error to report and not an end. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	/* Until the supervisor takes them: there is no log yet to open anew. */
	signal(SIGHUP, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	struct config *config;
	int status = load_file(&config, path != NULL ? path : load_default_path());
	if (status != EXIT_FINE) {
		return status;
	}
	status = serve(config);
	config_destroy(&config);
	return status;
}
