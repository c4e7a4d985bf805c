#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "http/inner.h"

/* On every reply, unless it set its own of the same name. */
static const struct {
    const char *name, *value;
    bool secure_only;
} usual[] = {
    {"Content-Security-Policy",
     "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self'; object-src 'none'; base-uri 'none'; "
     "frame-ancestors 'none'; form-action 'self'",
     false},
    {"X-Content-Type-Options", "nosniff", false},
    {"Referrer-Policy", "no-referrer", false},
    {"Cross-Origin-Opener-Policy", "same-origin", false},
    {"Permissions-Policy", "camera=(self), microphone=(self), geolocation=(self)", false},
    {"Cache-Control", "no-store", false},
    {"Strict-Transport-Security", "max-age=31536000", true},
};

void reply_close_file(struct http_request *r)
{
    if (r->open_file > 0)
        (void)close(r->open_file);
    r->open_file = 0;
}

void reply_clear(struct http_request *r)
{
    r->status = 200;
    r->type = "application/json";
    buf_clear(&r->reply);
    r->fixed = NULL;
    r->fixed_size = 0;
    r->file = NULL;
    reply_close_file(r);
    r->connection->reply_first = r->connection->reply_last = NULL;
}

/* A line break would let a value begin a header of its own. */
static bool value_is_safe(const char *value)
{
    for (; *value != '\0'; value++)
        if (((unsigned char)*value < 0x20 && *value != '\t') || *value == 0x7f)
            return false;
    return true;
}

void http_reply_header(struct http_request *r, const char *name, const char *value)
{
    struct http_connection *c = r->connection;

    if (!value_is_safe(value)) {
        log_event(LOG_ERROR, "http.header_refused", "name=%s", name);
        return;
    }
    struct reply_header *h = ARENA_NEW(r->arena, struct reply_header);
    h->name = name;
    h->value = arena_z(r->arena, str_of(value));
    if (c->reply_last != NULL)
        c->reply_last->next = h;
    else
        c->reply_first = h;
    c->reply_last = h;
}

static bool has_header(const struct http_connection *c, const char *name)
{
    for (const struct reply_header *h = c->reply_first; h != NULL; h = h->next)
        if (strcasecmp(h->name, name) == 0)
            return true;
    return false;
}

/* Takes the file's descriptor over. Only a plain file, never through a link. */
static struct MHD_Response *file_response(struct http_connection *c, struct error *e)
{
    struct http_request *r = &c->request;
    struct stat st;
    int fd = r->open_file > 0 ? r->open_file : open(r->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    r->open_file = 0;

    if (fd < 0) {
        (void)error_cause(e, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_INTERNAL, "open: %s",
                          strerrordesc_np(errno));
        return NULL;
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        (void)close(fd);
        (void)error_cause(e, ERROR_INTERNAL, "not a plain file");
        return NULL;
    }
    struct MHD_Response *response = MHD_create_response_from_fd64((uint64_t)st.st_size, fd);
    if (response == NULL)
        (void)close(fd);
    c->sent_bytes = (uint64_t)st.st_size;
    return response;
}

/* The buffer goes to the response without a copy: it is freed when the last byte is sent, which may be after the request. */
static struct MHD_Response *buf_response(struct http_connection *c)
{
    struct buf *b = &c->request.reply;
    struct MHD_Response *response = MHD_create_response_from_buffer(b->n, b->p, MHD_RESPMEM_MUST_FREE);

    c->sent_bytes = b->n;
    if (response != NULL)
        *b = BUF_INIT(b->max);
    return response;
}

static struct MHD_Response *body_response(struct http_connection *c, struct error *e)
{
    struct http_request *r = &c->request;

    if (c->stream != NULL)
        return stream_response(c->stream);
    if (r->file != NULL || r->open_file > 0)
        return file_response(c, e);
    if (r->fixed != NULL) {
        union {
            const void *given;
            void *taken; /* libmicrohttpd's signature forgot the const; it only reads */
        } body = {r->fixed};
        c->sent_bytes = r->fixed_size;
        return MHD_create_response_from_buffer(r->fixed_size, body.taken, MHD_RESPMEM_PERSISTENT);
    }
    if (r->reply.n > 0)
        return buf_response(c);
    c->sent_bytes = 0;
    return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    if (MHD_add_response_header(response, name, value) == MHD_YES)
        return true;
    log_event(LOG_ERROR, "http.header_refused", "name=%s", name);
    return false;
}

static void add_headers(struct http_connection *c, struct MHD_Response *response)
{
    struct http_request *r = &c->request;

    for (const struct reply_header *h = c->reply_first; h != NULL; h = h->next)
        (void)add(response, h->name, h->value);
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if ((!usual[i].secure_only || r->secure) && !has_header(c, usual[i].name))
            (void)add(response, usual[i].name, usual[i].value);
    if (r->status != 204 && r->status != 304)
        (void)add(response, "Content-Type", r->type);
    if (atomic_load(&c->server->stopping)) /* the client should not try this connection again */
        (void)add(response, "Connection", "close");
}

bool reply_queue(struct http_connection *c)
{
    struct http_request *r = &c->request;
    struct error e;

    error_clear(&e);
    struct MHD_Response *response = body_response(c, &e);
    if (response == NULL && e.code != ERROR_NONE) {
        http_problem(r, &e);
        response = body_response(c, &e);
    }
    if (response == NULL)
        return false;
    add_headers(c, response);
    c->sent_status = r->status;
    if (r->head || r->status == 204 || r->status == 304)
        c->sent_bytes = 0;
    bool queued = MHD_queue_response(c->mhd, (unsigned)r->status, response) == MHD_YES;
    MHD_destroy_response(response);
    (void)pthread_mutex_lock(&c->server->lock);
    c->stage = STAGE_SENT;
    (void)pthread_mutex_unlock(&c->server->lock);
    return queued;
}
