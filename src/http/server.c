#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"
#include "http/inner.h"

enum {
    IDLE_SECONDS = 60,
    CONNECTIONS = 10000,
    OTHER_FILES = 256, /* descriptors beside those of connections: database, logs, files being sent */
    /* What libmicrohttpd sets aside for a connection: request line and headers as they came, and the headers of the reply. It clears the
     * whole of it between two requests, so an idle connection costs all of it in real memory: 10 000 of them about 100 MiB. */
    CONNECTION_MEMORY = 10 * 1024,
    PEM_MAX = 1 << 20,
};

/* The whole of a small text file, ended by a zero byte; null on any trouble. */
static char *read_pem(const char *path)
{
    struct buf b = BUF_INIT(PEM_MAX);
    FILE *f = fopen(path, "re");

    if (f == NULL)
        return NULL;
    for (char *at; (at = buf_room(&b, 4096)) != NULL;) {
        size_t n = fread(at, 1, 4095, f);
        if (n == 0)
            break;
        b.n += n;
    }
    bool good = !ferror(f) && feof(f) && b.n > 0 && !b.full;
    (void)fclose(f);
    if (!good) {
        buf_free(&b);
        return NULL;
    }
    b.p[b.n] = '\0';
    return b.p;
}

static bool read_keys(struct http_server *s, const struct http_config *config, struct error *e)
{
    if (config->tls_cert == NULL && config->tls_key == NULL)
        return true;
    if (config->tls_cert == NULL || (s->cert = read_pem(config->tls_cert)) == NULL)
        return error_setf(e, ERROR_CONFIG_VALUE, "tls_cert", "%s",
                          config->tls_cert != NULL ? config->tls_cert : "");
    if (config->tls_key == NULL || (s->key = read_pem(config->tls_key)) == NULL)
        return error_setf(e, ERROR_CONFIG_VALUE, "tls_key", "%s", config->tls_key != NULL ? config->tls_key : "");
    s->tls = true;
    return true;
}

/* libmicrohttpd's own messages. Any client can cause some, so one a second is enough. */
static void complain(void *server, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
static void complain(void *server, const char *format, va_list args)
{
    struct http_server *s = server;
    int64_t now = time_real(), last = atomic_load(&s->last_complaint);
    char text[256];

    if (now - last < TIME_SECOND || !atomic_compare_exchange_strong(&s->last_complaint, &last, now))
        return;
    int n = vsnprintf(text, sizeof text, format, args);
    if (n < 0)
        return;
    for (char *p = text; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20)
            *p = ' ';
    log_event(LOG_WARN, "http.library", "%s", text);
}

static void raise_file_limit(int connections)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)connections + OTHER_FILES;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
        log_event(LOG_WARN, "http.file_limit", "connections=%d files=%llu", connections,
                  (unsigned long long)limit.rlim_cur);
}

/* --- the threads --- */

/* The bell costs two system calls, so it rings only for one who sleeps. Either this sees `asleep`, or the worker, which sets it first, sees
 * `called`. */
void worker_call(struct http_worker *w)
{
    if (!atomic_exchange(&w->called, true) && atomic_load(&w->asleep))
        (void)eventfd_write(w->bell, 1);
}

/* Sleeps until there is something to do. */
static void worker_sleep(struct http_worker *w)
{
    struct pollfd fds[2] = {{w->epoll, POLLIN, 0}, {w->bell, POLLIN, 0}};
    MHD_UNSIGNED_LONG_LONG ms;
    eventfd_t times;
    int most = -1;

    if (MHD_get_timeout(w->daemon, &ms) == MHD_YES)
        most = ms < INT_MAX ? (int)ms : INT_MAX;
    atomic_store(&w->asleep, true);
    if (atomic_load(&w->called))
        most = 0;
    if (most != 0 && poll(fds, 2, most) > 0 && fds[1].revents != 0)
        (void)eventfd_read(w->bell, &times);
    atomic_store(&w->asleep, false);
    (void)atomic_exchange(&w->called, false);
}

/* Sleeps and runs by turns. libmicrohttpd 0.9.75 could do it with threads of its own, but whenever exactly 128 events come at once they ask
 * epoll_wait for more, with the full time-out, before they touch what they have: when many clients wait for their answers nothing moves
 * until one of them times out. MHD_run never waits. */
static void *worker_run(void *context)
{
    struct http_worker *w = context;
    bool quiet = false;

    while (!atomic_load(&w->server->ending)) {
        worker_sleep(w);
        if (!quiet && atomic_load(&w->server->stopping)) {
            (void)close(MHD_quiesce_daemon(w->daemon)); /* this worker's copy of the listening socket */
            quiet = true;
        }
        (void)MHD_run(w->daemon);
    }
    MHD_stop_daemon(w->daemon);
    return NULL;
}

static struct MHD_Daemon *start_daemon(struct http_worker *w, int fd, int connections)
{
    struct http_server *s = w->server;
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    static char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, s->cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, s->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, priorities},
        {MHD_OPTION_END, 0, NULL},
    };

    if (s->tls)
        flags |= MHD_USE_TLS;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, connection_access, w, MHD_OPTION_EXTERNAL_LOGGER, complain,
        s, /* first, so that it hears about the others */
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_URI_LOG_CALLBACK,
        connection_begin, w, MHD_OPTION_NOTIFY_COMPLETED, connection_completed, w,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, s->tls ? tls : tls + 3, MHD_OPTION_END);
}

/* A daemon of its own for each thread; they share the listening socket. */
static bool worker_open(struct http_worker *w, struct http_server *s, int fd, int connections)
{
    w->server = s;
    w->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int own = w->bell >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
    if (own < 0)
        return false;
    w->daemon = start_daemon(w, own, connections);
    if (w->daemon == NULL) {
        (void)close(own);
        return false;
    }
    w->epoll = MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    if (pthread_create(&w->thread, NULL, worker_run, w) == 0)
        return true;
    MHD_stop_daemon(w->daemon);
    w->daemon = NULL;
    return false;
}

static void call_all(struct http_server *s)
{
    for (int i = 0; i < s->workers; i++)
        worker_call(&s->worker[i]);
}

/* Ends the threads that run. Nothing is suspended. */
static void workers_close(struct http_server *s)
{
    atomic_store(&s->stopping, true);
    atomic_store(&s->ending, true);
    call_all(s);
    for (int i = 0; i < s->workers; i++)
        (void)pthread_join(s->worker[i].thread, NULL);
    for (int i = 0; i < s->workers; i++)
        (void)close(s->worker[i].bell);
    s->workers = 0;
}

static bool workers_open(struct http_server *s, const struct http_config *config, int fd)
{
    int connections = config->connections > 0 ? config->connections : CONNECTIONS;
    int threads = config->threads > 0 ? config->threads : (int)sysconf(_SC_NPROCESSORS_ONLN);
    sigset_t all, before;

    raise_file_limit(connections);
    if (threads > WORKERS_MAX)
        threads = WORKERS_MAX;
    if (threads > connections)
        threads = connections;
    /* Signals are for whoever started us; SIGPIPE, above all, for nobody. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool good = true;
    for (int i = 0; i < threads && good; i++) {
        int share = connections / threads + (i < connections % threads);
        good = worker_open(&s->worker[i], s, fd, share);
        if (good)
            s->workers++;
        else if (s->worker[i].bell >= 0)
            (void)close(s->worker[i].bell);
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!good)
        workers_close(s);
    return good;
}

/* --- start and stop --- */

static struct http_server *server_open(const struct http_config *config)
{
    struct http_server *s = calloc(1, sizeof *s);
    pthread_condattr_t attributes;

    if (s == NULL)
        return NULL;
    s->app = config->app;
    s->trust_proxy = config->trust_proxy;
    atomic_init(&s->refs, 1);
    (void)pthread_mutex_init(&s->lock, NULL);
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&s->emptied, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    return s;
}

void server_release(struct http_server *s)
{
    if (atomic_fetch_sub(&s->refs, 1) > 1)
        return;
    (void)pthread_mutex_destroy(&s->lock);
    (void)pthread_cond_destroy(&s->emptied);
    if (s->key != NULL)
        explicit_bzero(s->key, strlen(s->key));
    free(s->key);
    free(s->cert);
    free(s);
}

bool http_start(struct http_server **ret, const struct http_config *config, struct error *e)
{
    struct http_server *s = server_open(config);

    if (s == NULL)
        return error_cause(e, ERROR_INTERNAL, "out of memory");
    int fd = read_keys(s, config, e) ? listen_open(config->listen, e) : -1;
    if (fd < 0)
        goto fail;
    s->port = listen_port(fd);
    bool good = workers_open(s, config, fd);
    (void)close(fd); /* each worker has its own copy */
    if (!good) {
        (void)error_setf(e, ERROR_CONFIG_VALUE, s->tls ? "tls_cert" : "listen", "%s",
                         s->tls ? config->tls_cert : config->listen);
        goto fail;
    }
    *ret = s;
    return true;
fail:
    server_release(s);
    return false;
}

int http_port(const struct http_server *s)
{
    return s->port;
}

static struct timespec after(int ms)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

void http_stop(struct http_server *s, int grace_ms)
{
    if (s == NULL)
        return;
    const struct timespec until = after(grace_ms);

    atomic_store(&s->stopping, true);
    call_all(s);
    (void)pthread_mutex_lock(&s->lock);
    for (struct http_connection *c = s->live; c != NULL; c = c->next)
        if (c->stream != NULL)
            stream_end(c->stream);
    while (s->live != NULL && pthread_cond_timedwait(&s->emptied, &s->lock, &until) == 0)
        ;
    /* libmicrohttpd cannot stop while a connection is suspended: who has not answered by now never will. */
    s->halting = true;
    for (struct http_connection *c = s->live; c != NULL; c = c->next)
        connection_wake(c);
    (void)pthread_mutex_unlock(&s->lock);
    workers_close(s);
    server_release(s);
}
