#include <string.h>

#include "http/inner.h"

enum {
    STREAM_WAITING = 256 * 1024, /* bytes that may wait unsent */
    STREAM_BLOCK = 4 * 1024,
    STREAM_KEPT = 4 * 1024, /* a larger buffer is given back when it is empty: there may be thousands of streams */
};

/* Lives in the request's arena. Guarded by the server's lock, but for `closed` and `context`, which never change. */
struct http_stream {
    struct http_connection *connection;
    void (*closed)(void *context);
    void *context;
    struct buf waiting;
    size_t taken; /* bytes at the front of `waiting` that are sent */
    bool ended;   /* nothing more is added; ends when all is sent */
};

struct http_stream *http_stream_open(struct http_request *r, void (*closed)(void *context), void *context)
{
    struct http_connection *c = r->connection;
    struct http_stream *s = ARENA_NEW(r->arena, struct http_stream);

    *s = (struct http_stream){c, closed, context, BUF_INIT(STREAM_WAITING), 0, false};
    reply_clear(r);
    r->type = "text/event-stream; charset=utf-8";
    http_reply_header(r, "X-Accel-Buffering", "no"); /* nginx would hold events back */
    return connection_ready(c, s) ? s : NULL;
}

static size_t left(const struct http_stream *s)
{
    return s->waiting.n - s->taken;
}

/* What is sent leaves the front. */
static void compact(struct http_stream *s)
{
    if (left(s) > 0)
        memmove(s->waiting.p, s->waiting.p + s->taken, left(s));
    s->waiting.n -= s->taken;
    s->taken = 0;
    if (s->waiting.n == 0 && s->waiting.cap > STREAM_KEPT)
        buf_free(&s->waiting);
}

bool http_stream_write(struct http_stream *s, struct str bytes)
{
    if (s == NULL)
        return false;
    struct http_connection *c = s->connection;
    (void)pthread_mutex_lock(&c->server->lock);
    bool fits = !c->gone && !s->ended && bytes.n <= STREAM_WAITING - left(s);
    if (fits) {
        if (s->waiting.n + bytes.n > STREAM_WAITING)
            compact(s);
        buf_add(&s->waiting, bytes);
        fits = !s->waiting.full;
        connection_wake(c);
    }
    (void)pthread_mutex_unlock(&c->server->lock);
    return fits;
}

void stream_end(struct http_stream *s)
{
    s->ended = true;
    connection_wake(s->connection);
}

void http_stream_close(struct http_stream *s)
{
    if (s == NULL)
        return;
    (void)pthread_mutex_lock(&s->connection->server->lock);
    stream_end(s);
    (void)pthread_mutex_unlock(&s->connection->server->lock);
}

/* libmicrohttpd wants bytes. With none the connection sleeps until connection_wake. */
static ssize_t read_waiting(void *context, uint64_t position, char *out, size_t max)
{
    struct http_stream *s = context;
    struct http_connection *c = s->connection;
    ssize_t n = 0;

    (void)position;
    (void)pthread_mutex_lock(&c->server->lock);
    if (left(s) > 0) {
        n = (ssize_t)(left(s) < max ? left(s) : max);
        memcpy(out, s->waiting.p + s->taken, (size_t)n);
        s->taken += (size_t)n;
        c->sent_bytes += (uint64_t)n;
        if (left(s) == 0)
            compact(s);
    } else if (s->ended || c->server->halting) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        c->suspended = true;
        MHD_suspend_connection(c->mhd);
    }
    (void)pthread_mutex_unlock(&c->server->lock);
    return n;
}

struct MHD_Response *stream_response(struct http_stream *s)
{
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_waiting, s, NULL);
}

void stream_over(struct http_stream *s)
{
    s->closed(s->context);
}

void stream_free(struct http_stream *s)
{
    if (s != NULL)
        buf_free(&s->waiting);
}
