/* A load generator for HTTP/1.1 with connections that stay open: one thread, epoll, each connection sends its next request as soon as the
 * last one is answered. Prints one line of JSON. Waits nowhere but in epoll, so it takes as little of the machine as it can. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "latency.h"
#include "mix.h"

enum { HEAD_MAX = 4096, EVENTS = 512, STATUSES = 600, LOOK_US = 2000 };

struct connection {
    int fd;
    struct buf out;
    size_t sent;
    char *head; /* what of the reply's head has come */
    size_t head_n;
    int64_t body_left; /* -1: the head is not whole yet */
    int status;
    int64_t began;
    bool resting;
};

static struct load {
    const char *host, *port, *mix_path, *watch;
    int connections, seconds, warm;
    bool rest; /* one request a connection, then hold it open */

    struct addrinfo *to;
    struct mix *mix;
    int epoll;
    struct connection *all;
    bool counting, ending;
    uint64_t requests, bytes, status[STATUSES], broken, reconnected;
    uint64_t body_bytes;
    struct latency latency, quiet;
    char *first_bad; /* the first reply that was no success, for a person to read */
    struct timespec watched;
    int64_t looked, disturbed;
    int resting;
} g = {.host = "127.0.0.1", .connections = 16, .seconds = 60, .warm = 1};

static void die(const char *what)
{
    (void)fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* A checkpoint writes into the file of the database: requests that were under way then are left out of `quiet`. */
static void look(int64_t now)
{
    struct stat st;
    if (g.watch == NULL || now - g.looked < LOOK_US)
        return;
    g.looked = now;
    if (stat(g.watch, &st) != 0)
        return;
    if (st.st_mtim.tv_sec != g.watched.tv_sec || st.st_mtim.tv_nsec != g.watched.tv_nsec) {
        g.watched = st.st_mtim;
        g.disturbed = now;
    }
}

static void want(struct connection *c, bool write)
{
    struct epoll_event ev = {.events = write ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = c};
    if (epoll_ctl(g.epoll, EPOLL_CTL_MOD, c->fd, &ev) != 0)
        die("epoll_ctl");
}

static void open_connection(struct connection *c)
{
    int one = 1;
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
    c->fd = socket(g.to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, g.to->ai_addr, g.to->ai_addrlen) != 0)
        die("connect");
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (fcntl(c->fd, F_SETFL, O_NONBLOCK) != 0 || epoll_ctl(g.epoll, EPOLL_CTL_ADD, c->fd, &ev) != 0)
        die("epoll_ctl");
}

static void flush(struct connection *c)
{
    while (c->sent < c->out.n) {
        ssize_t n = send(c->fd, c->out.p + c->sent, c->out.n - c->sent, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            want(c, true);
            return;
        }
        if (n < 0)
            return; /* the reading side will see it */
        c->sent += (size_t)n;
    }
}

static void begin(struct connection *c)
{
    if (g.ending)
        return;
    buf_clear(&c->out);
    mix_next(g.mix, &c->out);
    c->sent = 0;
    c->head_n = 0;
    c->body_left = -1;
    c->began = latency_now();
    flush(c);
}

static void keep_bad(const struct connection *c, const char *body, size_t n)
{
    if (g.first_bad != NULL || (g.first_bad = malloc(1024)) == NULL)
        return;
    (void)snprintf(g.first_bad, 1024, "%d %.*s", c->status, (int)(n < 900 ? n : 900), body);
    for (char *p = g.first_bad; *p != '\0'; p++)
        if (*p == '"' || *p == '\\' || (unsigned char)*p < 0x20)
            *p = '\'';
}

static void over(struct connection *c)
{
    int64_t now = latency_now();
    uint64_t took = (uint64_t)(now - c->began);

    look(now);
    if (g.counting) {
        g.requests++;
        g.status[c->status]++;
        if (c->status < 300) {
            latency_add(&g.latency, took);
            if (g.watch != NULL && g.disturbed + LOOK_US < c->began)
                latency_add(&g.quiet, took);
        }
    }
    if (g.rest) {
        c->resting = true;
        g.resting++;
        c->head_n = 0;
        c->body_left = -1;
        return;
    }
    begin(c);
}

/* The length of the head with its empty line, 0 while it is not whole. */
static size_t head_length(const struct connection *c)
{
    const char *end = memmem(c->head, c->head_n, "\r\n\r\n", 4);
    return end != NULL ? (size_t)(end - c->head) + 4 : 0;
}

static bool read_head(struct connection *c, size_t n)
{
    struct str head = str_range(c->head, n), status;
    int64_t value = 0;

    if (n < 16 || memcmp(head.p, "HTTP/1.1 ", 9) != 0)
        return false;
    status = str_range(head.p + 9, 3);
    if (!str_int(status, &value) || value < 100 || value >= STATUSES)
        return false;
    c->status = (int)value;
    c->body_left = 0;
    for (const char *at = c->head; at < c->head + n;) {
        const char *end = memmem(at, (size_t)(c->head + n - at), "\r\n", 2);
        if (end == NULL)
            break;
        if (end - at > 16 && strncasecmp(at, "Content-Length: ", 16) == 0 &&
            !str_int(str_range(at + 16, (size_t)(end - at - 16)), &c->body_left))
            return false;
        if (end - at > 18 && strncasecmp(at, "Transfer-Encoding:", 18) == 0)
            return false; /* a stream: nothing that is measured here answers with one */
        at = end + 2;
    }
    return true;
}

static void again(struct connection *c)
{
    if (g.counting)
        g.broken++;
    g.reconnected++;
    if (c->resting) {
        g.resting--;
        c->resting = false;
    }
    (void)close(c->fd);
    if (g.reconnected > 100000) {
        (void)fprintf(stderr, "load: the server keeps closing its connections\n");
        exit(1);
    }
    if (g.rest)
        return;
    open_connection(c);
    begin(c);
}

/* What came, at most `n` bytes: perhaps a part of the head, perhaps of the body. False: no HTTP that we know. */
static bool take(struct connection *c, const char *p, size_t n)
{
    g.bytes += g.counting ? n : 0;
    while (n > 0) {
        if (c->body_left < 0) {
            size_t room = HEAD_MAX - c->head_n, part = n < room ? n : room, before = c->head_n;
            memcpy(c->head + c->head_n, p, part);
            c->head_n += part;
            size_t head = head_length(c);
            if (head == 0) {
                if (c->head_n == HEAD_MAX)
                    return false;
                return true;
            }
            if (!read_head(c, head))
                return false;
            p += head - before;
            n -= head - before;
            if (g.counting)
                g.body_bytes += (uint64_t)c->body_left;
            if (c->status >= 300)
                keep_bad(c, p, n);
        }
        size_t part = n < (size_t)c->body_left ? n : (size_t)c->body_left;
        c->body_left -= (int64_t)part;
        p += part;
        n -= part;
        if (c->body_left == 0)
            over(c);
        else
            return true;
    }
    return true;
}

static void ready(struct connection *c, uint32_t events)
{
    static char room[256 * 1024];

    if ((events & EPOLLOUT) != 0) {
        want(c, false);
        flush(c);
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0)
        return;
    ssize_t n = recv(c->fd, room, sizeof room, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0 || !take(c, room, (size_t)n))
        again(c);
}

static void run_until(int64_t until)
{
    struct epoll_event events[EVENTS];
    int64_t now;

    while ((now = latency_now()) < until) {
        int ms = (int)((until - now) / 1000) + 1;
        int n = epoll_wait(g.epoll, events, EVENTS, ms < 20 || g.watch == NULL ? ms : 20);
        look(latency_now());
        for (int i = 0; i < n; i++)
            ready(events[i].data.ptr, events[i].events);
    }
}

static void print_latency(const char *name, const struct latency *l)
{
    (void)printf(", \"%s\": {\"n\": %" PRIu64
                 ", \"mean\": %.3f, \"p50\": %.3f, \"p90\": %.3f, \"p99\": %.3f, \"p999\": %.3f, \"max\": %.3f}",
                 name, l->all, l->all > 0 ? (double)l->sum / (double)l->all / 1e3 : 0,
                 (double)latency_at(l, 500) / 1e3, (double)latency_at(l, 900) / 1e3,
                 (double)latency_at(l, 990) / 1e3, (double)latency_at(l, 999) / 1e3, (double)l->most / 1e3);
}

static double cpu_seconds(void)
{
    struct rusage u;
    (void)getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void report(double seconds, double cpu)
{
    const char *sep = "";
    uint64_t good = g.latency.all;

    (void)printf("{\"connections\": %d, \"seconds\": %.2f, \"requests\": %" PRIu64 ", \"per_second\": %.1f",
                 g.connections, seconds, g.requests, (double)good / seconds);
    (void)printf(", \"bytes\": %" PRIu64 ", \"mean_body\": %.0f, \"broken\": %" PRIu64 ", \"own_cpu\": %.2f",
                 g.bytes, g.requests > 0 ? (double)g.body_bytes / (double)g.requests : 0, g.broken, cpu);
    (void)printf(", \"status\": {");
    for (int i = 0; i < STATUSES; i++)
        if (g.status[i] > 0) {
            (void)printf("%s\"%d\": %" PRIu64, sep, i, g.status[i]);
            sep = ", ";
        }
    (void)printf("}");
    print_latency("ms", &g.latency);
    if (g.watch != NULL)
        print_latency("ms_between_checkpoints", &g.quiet);
    if (g.first_bad != NULL)
        (void)printf(", \"first_bad\": \"%s\"", g.first_bad);
    (void)printf("}\n");
}

static void resolve(void)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    if (getaddrinfo(g.host, g.port, &hints, &g.to) != 0) {
        (void)fprintf(stderr, "load: no such address %s:%s\n", g.host, g.port);
        exit(1);
    }
}

static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int usage(void)
{
    (void)fputs(
        "load --port PORT --mix FILE [--host H] [--connections N] [--seconds S] [--warm S] [--watch FILE] [--rest]\n"
        "  --watch  file of the database: latencies between its checkpoints are counted apart as well\n"
        "  --rest   one request on each connection, then hold them open: prints `resting N` and, after S seconds, the report\n",
        stderr);
    return 2;
}

static bool read_flags(int argc, char **argv)
{
    static const struct option options[] = {
        {"host", 1, NULL, 'h'},        {"port", 1, NULL, 'p'},    {"mix", 1, NULL, 'm'},
        {"connections", 1, NULL, 'c'}, {"seconds", 1, NULL, 's'}, {"warm", 1, NULL, 'w'},
        {"watch", 1, NULL, 'W'},       {"rest", 0, NULL, 'r'},    {0},
    };
    int o;
    int64_t n;
    while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
        bool number = o == 'c' || o == 's' || o == 'w';
        if (number && (!str_int(str_of(optarg), &n) || n < 0 || n > 100000))
            return false;
        switch (o) {
        case 'h':
            g.host = optarg;
            break;
        case 'p':
            g.port = optarg;
            break;
        case 'm':
            g.mix_path = optarg;
            break;
        case 'c':
            g.connections = (int)n;
            break;
        case 's':
            g.seconds = (int)n;
            break;
        case 'w':
            g.warm = (int)n;
            break;
        case 'W':
            g.watch = optarg;
            break;
        case 'r':
            g.rest = true;
            break;
        default:
            return false;
        }
    }
    return g.port != NULL && g.mix_path != NULL && g.connections > 0;
}

static void open_all(void)
{
    g.all = calloc((size_t)g.connections, sizeof *g.all);
    g.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (g.all == NULL || g.epoll < 0)
        die("epoll");
    for (int i = 0; i < g.connections; i++) {
        struct connection *c = &g.all[i];
        c->out = BUF_INIT(1 << 20);
        c->head = malloc(HEAD_MAX);
        if (c->head == NULL)
            die("memory");
        open_connection(c);
        begin(c);
        if (g.rest && i % 64 == 63) /* let the server keep up with accepting */
            run_until(latency_now() + 2000);
    }
}

/* Every connection has had its answer and now does nothing, as browsers do between two clicks. */
static void rest(void)
{
    int64_t until = latency_now() + (int64_t)30 * 1000000;
    while (g.resting < g.connections && latency_now() < until)
        run_until(latency_now() + 50000);
    (void)printf("resting %d\n", g.resting);
    (void)fflush(stdout);
    run_until(latency_now() + (int64_t)g.seconds * 1000000);
}

int main(int argc, char **argv)
{
    char address[300];

    if (!read_flags(argc, argv))
        return usage();
    (void)signal(SIGPIPE, SIG_IGN);
    raise_file_limit();
    resolve();
    (void)snprintf(address, sizeof address, "%s:%s", g.host, g.port);
    g.mix = mix_open(g.mix_path, address);
    if (g.mix == NULL)
        return 1;
    if (g.rest) {
        g.counting = true;
        open_all();
        rest();
        return g.resting == g.connections ? 0 : 1;
    }
    open_all();
    run_until(latency_now() + (int64_t)g.warm * 1000000);
    double cpu = cpu_seconds();
    int64_t began = latency_now();
    g.counting = true;
    run_until(began + (int64_t)g.seconds * 1000000);
    g.counting = false;
    double seconds = (double)(latency_now() - began) / 1e6;
    report(seconds, cpu_seconds() - cpu);
    return g.latency.all > 0 ? 0 : 1;
}
