#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/time.h"
#include "http/inner.h"

enum {
    BODY_FIRST = 64 * 1024,     /* room that is made on a Content-Length's word alone */
    BODY_DROPPED = 1 << 20,     /* so much of a chunked body that is too large is read, for a proper answer */
    BODY_PATIENCE = 120 * 1000, /* ms for a body, and one more a byte: slower is holding on for its own sake */
    LOG_PATH = 200,
};

void *connection_begin(void *worker, const char *uri, struct MHD_Connection *mhd)
{
    struct http_worker *w = worker;
    struct http_server *s = w->server;
    struct http_connection *c = calloc(1, sizeof *c);

    if (c == NULL)
        return NULL;
    c->server = s;
    c->worker = w;
    c->mhd = mhd;
    atomic_init(&c->refs, 1);
    c->body = BUF_INIT(0);
    struct http_request *r = &c->request;
    r->connection = c;
    r->arena = arena_open();
    r->method = HTTP_OTHER; /* until the headers are in */
    r->started = time_real();
    r->reply = BUF_INIT(BUF_REPLY);
    reply_clear(r);
    c->target = arena_str(r->arena, str_of(uri));

    atomic_fetch_add(&s->refs, 1);
    (void)pthread_mutex_lock(&s->lock);
    c->next = s->live;
    if (s->live != NULL)
        s->live->previous = c;
    s->live = c;
    (void)pthread_mutex_unlock(&s->lock);
    return c;
}

static void connection_release(struct http_connection *c)
{
    if (atomic_fetch_sub(&c->refs, 1) > 1)
        return;
    struct http_server *s = c->server;
    if (c->admitted && s->app.over != NULL)
        s->app.over(s->app.context, &c->request);
    stream_free(c->stream);
    buf_free(&c->body);
    buf_free(&c->request.reply);
    reply_close_file(&c->request);
    arena_close(c->request.arena);
    free(c);
    server_release(s);
}

void connection_wake(struct http_connection *c)
{
    if (!c->suspended || c->gone)
        return;
    c->suspended = false;
    MHD_resume_connection(c->mhd);
    worker_call(c->worker);
}

void http_later(struct http_request *r)
{
    struct http_connection *c = r->connection;
    struct http_server *s = c->server;

    c->later = true;
    atomic_fetch_add(&c->refs, 1);
    (void)pthread_mutex_lock(&s->lock);
    if (!s->halting) { /* else the connection is broken off as soon as `handle` returns */
        c->suspended = c->parked = true;
        MHD_suspend_connection(c->mhd);
    }
    (void)pthread_mutex_unlock(&s->lock);
}

bool connection_ready(struct http_connection *c, struct http_stream *stream)
{
    struct http_server *s = c->server;
    bool later = c->later;

    (void)pthread_mutex_lock(&s->lock);
    bool there = !c->gone;
    if (there) {
        c->stage = STAGE_READY;
        c->stream = stream;
        if (stream != NULL && atomic_load(&s->stopping))
            stream_end(stream);
        connection_wake(c);
    }
    (void)pthread_mutex_unlock(&s->lock);
    if (later)
        connection_release(c);
    return there;
}

void http_send(struct http_request *r)
{
    if (r->reply.full) {
        struct error e;
        (void)error_cause(&e, ERROR_INTERNAL, "reply larger than %zu bytes", r->reply.max);
        http_problem(r, &e);
    }
    (void)connection_ready(r->connection, NULL);
}

static enum http_method method_of(const char *name)
{
    for (enum http_method m = 0; m < HTTP_OTHER; m++)
        if (strcmp(name, http_method_name(m)) == 0)
            return m;
    return HTTP_OTHER;
}

static enum MHD_Result refuse(struct http_connection *c, const struct error *e)
{
    http_problem(&c->request, e);
    return reply_queue(c) ? MHD_YES : MHD_NO;
}

/* Lets the app see the headers. False: the reply is built, either by the app or because the body is too large. */
static bool admit(struct http_connection *c, int64_t length)
{
    struct http_app *app = &c->server->app;
    struct error e;

    c->admitted = true;
    if (!app->admit(app->context, &c->request, &c->body_max))
        return false;
    if (length > (int64_t)c->body_max || (length < 0 && c->body_max == 0)) {
        (void)error_setf(&e, ERROR_TOO_LARGE, NULL, "%zu", c->body_max);
        http_problem(&c->request, &e);
        return false;
    }
    c->body.max = c->body_max;
    if (length > 0)
        (void)buf_room(&c->body, length < BODY_FIRST ? (size_t)length : BODY_FIRST);
    return true;
}

/* The headers are in. A refusal is sent before the body is read; libmicrohttpd then closes the connection, as it must. */
static enum MHD_Result headers_done(struct http_connection *c, const char *method)
{
    struct http_request *r = &c->request;
    int64_t length = 0;
    struct error e;

    r->method = method_of(method);
    r->head = r->method == HTTP_HEAD;
    if (r->head)
        r->method = HTTP_GET;
    bool good = request_read(c, &e);
    if (!request_framing(c, &length, &e) || !good)
        return refuse(c, &e);
    c->stage = STAGE_BODY;
    if (admit(c, length))
        return MHD_YES;
    if (length == 0) { /* answered in its turn, which keeps the connection */
        c->stage = STAGE_READY;
        return MHD_YES;
    }
    return reply_queue(c) ? MHD_YES : MHD_NO;
}

static enum MHD_Result body_part(struct http_connection *c, struct str part)
{
    int64_t waited = time_real() - c->request.started;

    if (c->too_large) {
        c->dropped += part.n;
        return c->dropped < BODY_DROPPED ? MHD_YES : MHD_NO;
    }
    if (waited > BODY_PATIENCE && waited - BODY_PATIENCE > (int64_t)c->body.n)
        return MHD_NO;
    buf_add(&c->body, part);
    if (c->body.full) {
        c->too_large = true;
        buf_free(&c->body);
    }
    return MHD_YES;
}

/* The app's turn; afterwards somebody has the request, or the reply is ready. */
static void work(struct http_connection *c)
{
    struct http_request *r = &c->request;
    struct error e;

    if (c->too_large) {
        (void)error_setf(&e, ERROR_TOO_LARGE, NULL, "%zu", c->body.max);
        http_problem(r, &e);
        c->stage = STAGE_READY;
        return;
    }
    r->body = buf_str(&c->body);
    c->stage = STAGE_WORK;
    c->server->app.handle(c->server->app.context, r);
}

static enum stage stage_of(struct http_connection *c)
{
    (void)pthread_mutex_lock(&c->server->lock);
    enum stage stage = c->stage;
    (void)pthread_mutex_unlock(&c->server->lock);
    return stage;
}

/* The request is whole; later again, when it was woken. */
static enum MHD_Result request_done(struct http_connection *c)
{
    if (stage_of(c) == STAGE_BODY) {
        work(c);
        if (c->parked)
            return MHD_YES;
    }
    switch (stage_of(c)) {
    case STAGE_READY:
        return reply_queue(c) ? MHD_YES : MHD_NO;
    case STAGE_SENT:
        return MHD_YES;
    default: /* the server halts and does not wait for the answer */
        if (!c->later)
            log_event(LOG_ERROR, "http.unanswered", "method=%s", http_method_name(c->request.method));
        return MHD_NO;
    }
}

enum MHD_Result connection_access(void *worker, struct MHD_Connection *mhd, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *upload_size, void **context)
{
    struct http_connection *c = *context;

    (void)worker, (void)mhd, (void)url, (void)version;
    if (c == NULL)
        return MHD_NO; /* no memory, or a request line without a target */
    if (c->stage == STAGE_HEADERS)
        return headers_done(c, method);
    if (*upload_size == 0)
        return request_done(c);
    struct str part = str_range(upload, *upload_size);
    *upload_size = 0;
    return c->stage == STAGE_BODY ? body_part(c, part) : MHD_YES;
}

/* The path as it was sent, without the query; what could break the line is masked. */
static void path_for_log(struct str target, char out[LOG_PATH])
{
    size_t n = 0;

    for (; n < target.n && n < LOG_PATH - 1 && target.p[n] != '?'; n++) {
        bool plain = (unsigned char)target.p[n] > 0x20 && (unsigned char)target.p[n] < 0x7f;
        out[n] = target.p[n];
        if (!plain)
            out[n] = '_';
    }
    out[n] = '\0';
}

static void log_access(struct http_connection *c, enum MHD_RequestTerminationCode why)
{
    const struct http_request *r = &c->request;
    int status = c->sent_status;
    char path[LOG_PATH];

    path_for_log(c->target, path);
    if (status == 0) { /* libmicrohttpd's own refusal, if any */
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_HTTP_STATUS);
        if (info != NULL)
            status = (int)info->http_status;
    }
    log_event(LOG_INFO, "http.request", "method=%s path=%s status=%d ms=%lld bytes=%llu peer=%.*s%s",
              r->head ? "HEAD" : http_method_name(r->method), path, status,
              (long long)(time_real() - r->started), (unsigned long long)c->sent_bytes, (int)r->peer.n,
              r->peer.n > 0 ? r->peer.p : "", why == MHD_REQUEST_TERMINATED_COMPLETED_OK ? "" : " broken=1");
}

void connection_completed(void *worker, struct MHD_Connection *mhd, void **context,
                          enum MHD_RequestTerminationCode why)
{
    struct http_connection *c = *context;
    struct http_worker *w = worker;
    struct http_server *s = w->server;

    (void)mhd;
    if (c == NULL)
        return;
    *context = NULL;
    (void)pthread_mutex_lock(&s->lock);
    c->gone = true;
    if (c->previous != NULL)
        c->previous->next = c->next;
    else
        s->live = c->next;
    if (c->next != NULL)
        c->next->previous = c->previous;
    if (s->live == NULL && atomic_load(&s->stopping))
        (void)pthread_cond_signal(&s->emptied);
    struct http_stream *stream = c->stream;
    (void)pthread_mutex_unlock(&s->lock);
    if (stream != NULL)
        stream_over(stream);
    log_access(c, why);
    connection_release(c);
}
