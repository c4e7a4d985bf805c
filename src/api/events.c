#include "api/events.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/scope.h"

enum { REACH_MAX = 8 };

struct listener {
    struct listener *next;
    struct events *events;
    struct http_stream *stream;
    struct interval reach[REACH_MAX];
    size_t reach_count;
    unsigned hidden;
};

struct events {
    pthread_mutex_t lock;
    struct listener *first;
};

struct events *events_open(void)
{
    struct events *ev = calloc(1, sizeof *ev);
    if (ev != NULL)
        (void)pthread_mutex_init(&ev->lock, NULL);
    return ev;
}

/* Streams have been closed by the server, which told us: nothing is left then. */
void events_close(struct events *ev)
{
    if (ev == NULL)
        return;
    (void)pthread_mutex_destroy(&ev->lock);
    free(ev);
}

static void gone(void *context)
{
    struct listener *l = context;
    struct events *ev = l->events;
    (void)pthread_mutex_lock(&ev->lock);
    for (struct listener **at = &ev->first; *at != NULL; at = &(*at)->next)
        if (*at == l) {
            *at = l->next;
            break;
        }
    (void)pthread_mutex_unlock(&ev->lock);
    free(l);
}

void events_add(struct events *ev, struct http_request *r, const struct actor *a)
{
    struct listener *l = calloc(1, sizeof *l);
    struct arena *arena = arena_open();
    struct interval *reach;
    size_t n = l != NULL ? scope_units(a, arena, &reach) : 0;

    if (l == NULL) {
        struct error e;
        arena_close(arena);
        (void)error_set(&e, ERROR_OVERLOADED, NULL);
        http_problem(r, &e);
        http_send(r);
        return;
    }
    l->events = ev;
    l->hidden = scope_hidden(a);
    l->reach_count = n < REACH_MAX ? n : REACH_MAX;
    memcpy(l->reach, reach, l->reach_count * sizeof *reach);
    arena_close(arena);
    (void)pthread_mutex_lock(&ev->lock);
    l->stream = http_stream_open(r, gone, l);
    if (l->stream != NULL) {
        l->next = ev->first;
        ev->first = l;
    } else {
        free(l); /* the server stops: nobody will tell us */
    }
    (void)pthread_mutex_unlock(&ev->lock);
}

static bool hears(const struct listener *l, int64_t scope, unsigned class)
{
    for (size_t i = 0; i < l->reach_count; i++)
        if (scope >= l->reach[i].lo && scope < l->reach[i].hi)
            return (class & l->hidden) == 0;
    return false;
}

void events_tell(struct events *ev, const struct journal_entry *entry, struct id case_uuid, unsigned class)
{
    struct buf line = BUF_INIT(BUF_LINE);
    char id[ID_TEXT];

    id_format(case_uuid, id);
    buf_addf(&line, "event: case\ndata: {\"id\":\"%s\",\"rev\":%lld,\"verb\":\"%.*s\"}\n\n", id,
             (long long)entry->n, (int)entry->verb.n, entry->verb.p);
    (void)pthread_mutex_lock(&ev->lock);
    for (struct listener *l = ev->first; l != NULL; l = l->next)
        if (hears(l, entry->scope, class) && !http_stream_write(l->stream, buf_str(&line)))
            http_stream_close(l->stream);
    (void)pthread_mutex_unlock(&ev->lock);
    buf_free(&line);
}

void events_ping(struct events *ev)
{
    (void)pthread_mutex_lock(&ev->lock);
    for (struct listener *l = ev->first; l != NULL; l = l->next)
        (void)http_stream_write(l->stream, STR(": ping\n\n"));
    (void)pthread_mutex_unlock(&ev->lock);
}
