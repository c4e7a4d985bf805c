/* A toy app on a real server, and a client that says exactly the bytes it is told to: shared by the http tests. */
#ifndef TESTS_HTTP_TOY_H
#define TESTS_HTTP_TOY_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"
#include "http/assets.h"
#include "http/http.h"

enum { ECHO_MAX = 1000, BIG_MAX = 8 * 1024 * 1024, WORKERS = 2, HELD_STREAMS = 64 };

/* --- the app --- */

struct job {
    struct http_request *request;
    struct job *next;
    int delay_ms;
};

struct toy {
    struct http_server *server;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct job *first, **last;
    bool ending, blocked; /* blocked: workers leave the queue alone */
    pthread_t workers[WORKERS];
    struct http_stream *streams[HELD_STREAMS];
    atomic_int admitted, over, closed, queued, answered;
    const char *file;
};

static inline void nap(int ms)
{
    const struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
    (void)nanosleep(&t, NULL);
}

static inline void *toy_worker(void *context)
{
    struct toy *t = context;

    for (;;) {
        (void)pthread_mutex_lock(&t->lock);
        while (!t->ending && (t->first == NULL || t->blocked))
            (void)pthread_cond_wait(&t->changed, &t->lock);
        struct job *j = t->first;
        if (j == NULL) {
            (void)pthread_mutex_unlock(&t->lock);
            return NULL;
        }
        t->first = j->next;
        if (t->first == NULL)
            t->last = &t->first;
        (void)pthread_mutex_unlock(&t->lock);
        nap(j->delay_ms);
        struct http_request *r = j->request;
        r->type = "text/plain";
        buf_addf(&r->reply, "later %.*s", (int)http_query(r, "n").n, http_query(r, "n").p);
        atomic_fetch_add(&t->answered, 1);
        http_send(r);
    }
}

static inline void toy_later(struct toy *t, struct http_request *r)
{
    struct job *j = ARENA_NEW(r->arena, struct job);
    int64_t ms = 0;

    (void)str_int(http_query(r, "ms"), &ms);
    *j = (struct job){r, NULL, (int)ms};
    http_later(r);
    (void)pthread_mutex_lock(&t->lock);
    *t->last = j;
    t->last = &j->next;
    (void)pthread_cond_signal(&t->changed);
    (void)pthread_mutex_unlock(&t->lock);
    atomic_fetch_add(&t->queued, 1);
}

struct subscription {
    struct toy *toy;
    size_t place;
};

static inline void toy_closed(void *context)
{
    struct subscription *s = context;
    struct toy *t = s->toy;

    (void)pthread_mutex_lock(&t->lock);
    t->streams[s->place] = NULL;
    (void)pthread_mutex_unlock(&t->lock);
    free(s);
    atomic_fetch_add(&t->closed, 1);
}

static inline void toy_stream(struct toy *t, struct http_request *r)
{
    struct subscription *s = calloc(1, sizeof *s);

    assert_non_null(s);
    s->toy = t;
    (void)pthread_mutex_lock(&t->lock);
    while (s->place < HELD_STREAMS - 1 && t->streams[s->place] != NULL)
        s->place++;
    t->streams[s->place] = http_stream_open(r, toy_closed, s);
    (void)pthread_mutex_unlock(&t->lock);
}

static inline void toy_say(struct http_request *r)
{
    struct str name, value;

    r->type = "text/plain; charset=utf-8";
    buf_addf(&r->reply, "%s %.*s\n", r->head ? "HEAD" : http_method_name(r->method), (int)r->path.n, r->path.p);
    for (size_t i = 0; http_query_at(r, i, &name, &value); i++)
        buf_addf(&r->reply, "%.*s=%.*s\n", (int)name.n, name.p, (int)value.n, value.p);
    buf_addf(&r->reply, "bad=%d peer=%.*s secure=%d lang=%s\n", http_bad_encoding(r), (int)r->peer.n,
             r->peer.p, r->secure, lang_tag(r->lang));
    buf_addf(&r->reply, "cookie=%.*s\n", (int)http_cookie(r, "session").n, http_cookie(r, "session").p);
}

static inline bool toy_admit(void *context, struct http_request *r, size_t *body_max)
{
    struct toy *t = context;
    struct error e;

    atomic_fetch_add(&t->admitted, 1);
    *body_max = 0;
    if (str_is(r->path, "/refused")) {
        (void)error_set(&e, ERROR_FORBIDDEN, NULL);
        http_problem(r, &e);
        return false;
    }
    if (r->method == HTTP_POST || r->method == HTTP_PATCH)
        *body_max = str_is(r->path, "/big") ? BIG_MAX : str_is(r->path, "/say") ? 0 : ECHO_MAX;
    return true;
}

static inline void toy_problem(struct http_request *r)
{
    struct str wanted = http_query(r, "code"), detail = http_query(r, "detail");
    struct error e;

    (void)error_setf(&e, ERROR_INTERNAL, "persons.phone", "%.*s", (int)detail.n, detail.p);
    for (int code = 1; code < ERROR_COUNT; code++)
        if (str_is(wanted, error_name((enum error_code)code)))
            e.code = (enum error_code)code;
    http_reply_header(r, "X-Before", "dropped");
    http_problem(r, &e);
}

static inline void toy_handle(void *context, struct http_request *r)
{
    struct toy *t = context;
    struct error e;

    if (str_is(r->path, "/later")) {
        toy_later(t, r);
        return;
    }
    if (str_is(r->path, "/stream")) {
        toy_stream(t, r);
        return;
    }
    if (str_is(r->path, "/echo")) {
        r->type = "application/octet-stream";
        buf_add(&r->reply, r->body);
    } else if (str_is(r->path, "/big")) {
        buf_addf(&r->reply, "%zu %llu", r->body.n, (unsigned long long)str_hash(r->body));
    } else if (str_is(r->path, "/form")) {
        buf_add(&r->reply, http_form(r, "a"));
        buf_addf(&r->reply, "|%d", http_bad_encoding(r));
    } else if (str_is(r->path, "/problem")) {
        toy_problem(r);
    } else if (str_is(r->path, "/file")) {
        r->type = "text/plain";
        r->file = http_query(r, "missing").n > 0 ? "/nonexistent/x" : t->file;
    } else if (str_is(r->path, "/header")) {
        http_reply_header(r, "X-Test", arena_z(r->arena, http_query(r, "v")));
        http_reply_header(r, "Cache-Control", "private, max-age=5");
    } else if (str_is(r->path, "/nap")) {
        nap(300);
    } else if (str_is(r->path, "/overflow")) {
        r->reply.max = 10;
        buf_addz(&r->reply, "more than ten bytes");
    } else if (str_starts(r->path, STR("/web/"))) {
        if (!assets_reply(r, str_range(r->path.p + 5, r->path.n - 5))) {
            (void)error_set(&e, ERROR_NOT_FOUND, NULL);
            http_problem(r, &e);
        }
    } else {
        toy_say(r);
    }
    http_send(r);
}

static inline void toy_over(void *context, struct http_request *r)
{
    struct toy *t = context;

    (void)r;
    atomic_fetch_add(&t->over, 1);
}

static inline struct http_config toy_config(struct toy *t)
{
    return (struct http_config){
        .listen = "127.0.0.1:0", .threads = 2, .app = {toy_admit, toy_handle, toy_over, t}};
}

static inline void toy_start_with(struct toy *t, const struct http_config *config)
{
    struct error e;

    log_set(LOG_ERROR);
    (void)pthread_mutex_init(&t->lock, NULL);
    (void)pthread_cond_init(&t->changed, NULL);
    t->last = &t->first;
    for (size_t i = 0; i < WORKERS; i++)
        assert_int_equal(pthread_create(&t->workers[i], NULL, toy_worker, t), 0);
    assert_true(http_start(&t->server, config, &e));
    assert_true(http_port(t->server) > 0);
}

static inline void toy_start(struct toy *t)
{
    *t = (struct toy){0};
    const struct http_config config = toy_config(t);
    toy_start_with(t, &config);
}

/* Everything that was admitted is over, exactly once, whatever happened in between. */
static inline void toy_stop(struct toy *t)
{
    http_stop(t->server, 2000);
    (void)pthread_mutex_lock(&t->lock);
    t->ending = true;
    (void)pthread_cond_broadcast(&t->changed);
    (void)pthread_mutex_unlock(&t->lock);
    for (size_t i = 0; i < WORKERS; i++)
        (void)pthread_join(t->workers[i], NULL);
    assert_int_equal(atomic_load(&t->admitted), atomic_load(&t->over));
    (void)pthread_mutex_destroy(&t->lock);
    (void)pthread_cond_destroy(&t->changed);
}

/* Waits until a counter reaches a value; a test that never gets there fails. */
static inline void await_count(atomic_int *counter, int wanted)
{
    for (int i = 0; i < 1000 && atomic_load(counter) < wanted; i++)
        nap(10);
    assert_int_equal(atomic_load(counter), wanted);
}

/* --- the client --- */

struct wire {
    int fd;
    struct buf in; /* what came and is not read yet */
};

struct answer {
    int status;
    char *head; /* ends with an empty line */
    char *body;
    size_t body_n;
};

static inline struct wire dial(const struct toy *t)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(t->server))};
    struct wire w = {socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), BUF_INIT(64 * 1024 * 1024)};

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(w.fd >= 0);
    assert_int_equal(connect(w.fd, (struct sockaddr *)&to, sizeof to), 0);
    return w;
}

static inline void hang_up(struct wire *w)
{
    (void)close(w->fd);
    buf_free(&w->in);
}

/* Sends all of it, or stops quietly when the other side has closed. */
static inline void say_bytes(struct wire *w, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(w->fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        p += sent;
        n -= (size_t)sent;
    }
}

static inline void say(struct wire *w, const char *text)
{
    say_bytes(w, text, strlen(text));
}

/* Reads some more; false at the end, or when nothing comes for ten seconds. */
static inline bool hear(struct wire *w)
{
    struct pollfd p = {w->fd, POLLIN, 0};
    char *at = buf_room(&w->in, 65536);

    assert_non_null(at);
    if (poll(&p, 1, 10000) != 1)
        return false;
    ssize_t n = recv(w->fd, at, 65536, 0);
    if (n <= 0)
        return false;
    w->in.n += (size_t)n;
    return true;
}

static inline void forget(struct wire *w, size_t n)
{
    w->in.n -= n;
    memmove(w->in.p, w->in.p + n, w->in.n);
}

/* Waits for `text` and takes everything up to its end; false when the connection ends first. */
static inline bool hear_text(struct wire *w, const char *text)
{
    for (;;) {
        const char *at = w->in.n > 0 ? memmem(w->in.p, w->in.n, text, strlen(text)) : NULL;
        if (at != NULL) {
            forget(w, (size_t)(at - w->in.p) + strlen(text));
            return true;
        }
        if (!hear(w))
            return false;
    }
}

static inline bool is_closed(struct wire *w)
{
    while (hear(w))
        ;
    struct pollfd p = {w->fd, POLLIN, 0};
    return poll(&p, 1, 0) == 1;
}

/* The value of a header, in a buffer that the next call uses again; null when it is missing. */
static inline const char *header_of(const struct answer *a, const char *name)
{
    static _Thread_local char value[1024];
    size_t n = strlen(name);

    for (const char *line = a->head; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncasecmp(line, name, n) != 0 || line[n] != ':')
            continue;
        (void)snprintf(value, sizeof value, "%.*s", (int)strcspn(line + n + 2, "\r\n"), line + n + 2);
        return value;
    }
    return NULL;
}

/* The next answer. `no_body`: it was to a HEAD. Status 0 when the connection ended instead. */
static inline struct answer answer_of(struct wire *w, bool no_body)
{
    struct answer a = {0};
    const char *end;

    while (w->in.n == 0 || (end = memmem(w->in.p, w->in.n, "\r\n\r\n", 4)) == NULL)
        if (!hear(w))
            return a;
    size_t head = (size_t)(end - w->in.p) + 4;
    a.head = strndup(w->in.p, head);
    assert_non_null(a.head);
    assert_memory_equal(a.head, "HTTP/1.", 7);
    a.status = (int)strtol(a.head + 9, NULL, 10);
    forget(w, head);
    const char *length = header_of(&a, "Content-Length");
    if (length != NULL && !no_body && a.status != 304)
        a.body_n = (size_t)strtoull(length, NULL, 10);
    while (w->in.n < a.body_n)
        assert_true(hear(w));
    a.body = strndup(w->in.n > 0 ? w->in.p : "", a.body_n);
    forget(w, a.body_n);
    return a;
}

static inline void answer_free(struct answer *a)
{
    free(a->head);
    free(a->body);
    *a = (struct answer){0};
}

/* One question on a connection of its own. */
static inline struct answer ask(const struct toy *t, const char *request)
{
    struct wire w = dial(t);
    say(&w, request);
    struct answer a = answer_of(&w, strncmp(request, "HEAD", 4) == 0);
    hang_up(&w);
    return a;
}

static inline void ask_status(const struct toy *t, const char *request, int wanted)
{
    struct answer a = ask(t, request);
    if (a.status != wanted)
        print_error("%d instead of %d for: %s\n", a.status, wanted, request);
    assert_int_equal(a.status, wanted);
    answer_free(&a);
}

#endif
