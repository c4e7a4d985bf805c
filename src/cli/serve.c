#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "job/ledger_job.h"
#include "job/runner.h"
#include "job/upkeep.h"
#include "api/api.h"
#include "api/events.h"
#include "cli/cli.h"

static void tell(void *context, const struct journal_entry *entry, struct id uuid, unsigned class)
{
    struct api *api = context;
    events_tell(api->events, entry, uuid, class);
}

static void ping(void *context)
{
    struct api *api = context;
    events_ping(api->events);
}

struct running {
    struct site site;
    struct exec *exec;
    struct api *api;
    struct http_server *server;
    struct runner *jobs;
    struct importer *importer;
    struct upkeep *upkeep;
};

static bool start(struct running *r, const struct config *config, struct error *e)
{
    struct exec_config exec = {.where = site_where(config),
                               .readers = (int)config->readers,
                               .writers = (int)config->writers,
                               .queue = (int)config->queue};
    if (!site_open(&r->site, config, e) || !exec_open(&r->exec, &exec, e) ||
        !api_open(&r->api, config, r->site.core, r->exec, e))
        return false;
    struct http_config http = {.listen = config->listen,
                               .threads = (int)config->http_threads,
                               .tls_cert = config->tls_cert,
                               .tls_key = config->tls_key,
                               .trust_proxy = config->trust_proxy,
                               .app = api_app(r->api)};
    struct runner_hooks hooks = {.entry = tell, .ping = ping, .context = r->api};
    return http_start(&r->server, &http, e) && runner_start(&r->jobs, r->site.core, r->exec, &hooks, e) &&
           importer_start(&r->importer, r->site.core, r->exec, e) &&
           upkeep_start(&r->upkeep, r->site.core, r->exec, &exec.where, e);
}

/* First no new requests, then what runs, then the jobs, then the database. */
static void stop(struct running *r)
{
    importer_stop(r->importer);
    upkeep_stop(r->upkeep);
    runner_stop(r->jobs);
    if (r->server != NULL)
        http_stop(r->server, 10 * 1000);
    if (r->exec != NULL)
        exec_close(r->exec);
    api_close(r->api);
    site_close(&r->site);
}

static void print_addresses(const struct config *config, int port)
{
    const char *scheme = config->tls_cert != NULL ? "https" : "http";
    char host[128];
    (void)snprintf(host, sizeof host, "%s", config->listen);
    char *colon = strrchr(host, ':');
    if (colon != NULL)
        *colon = '\0';
    (void)printf(
        "portal  %s://%s:%d/\nphone   %s://%s:%d/m/\ndesk    %s://%s:%d/desk/\nAPI     %s://%s:%d/api/v1/docs\n",
        scheme, host, port, scheme, host, port, scheme, host, port, scheme, host, port);
    (void)fflush(stdout);
}

int cli_serve(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {{0}};
    const char *rest[1];
    struct running r = {0};
    struct error e;
    sigset_t set;
    bool help;
    int got;

    if (!cli_flags("serve", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    /* Signals come to this thread alone: the others are started with them blocked. */
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (!start(&r, config, &e)) {
        stop(&r);
        return cli_fail(&e);
    }
    print_addresses(config, http_port(r.server));
    do
        (void)sigwait(&set, &got);
    while (got == SIGPIPE);
    log_event(LOG_INFO, "stopping", "signal=%d", got);
    stop(&r);
    return EXIT_DONE;
}
