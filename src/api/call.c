/* The life of a request: admit → decode → gate → run in the executor → reply. Each step is one function. */
#include <stdio.h>
#include <stdlib.h>

#include "http/assets.h"
#include "api/api.h"
#include "api/events.h"
#include "api/guesses.h"
#include "api/handlers.h"

enum { JSON_MAX = 256 * 1024, BYTES_MAX = 12 * 1024 * 1024, FORM_MAX = 64 * 1024 };

static size_t body_max(const struct route *route)
{
    switch (route->body) {
    case BODY_NONE:
        return 0;
    case BODY_BYTES:
        return BYTES_MAX;
    case BODY_FORM:
        return FORM_MAX;
    default:
        return JSON_MAX;
    }
}

struct call *call_of(struct http_request *r)
{
    return r->app;
}

static struct call *call_open(struct api *api, struct http_request *r, const struct route *route,
                              const struct router_match *m)
{
    struct call *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->api = api;
    c->r = r;
    c->route = route;
    c->run = route->run;
    c->rev = -1;
    c->scratch = arena_open();
    memcpy(c->capture, m->capture, sizeof c->capture);
    c->w = JW_INIT(&r->reply);
    r->app = c;
    return c;
}

static void over(void *context, struct http_request *r)
{
    struct call *c = r->app;
    (void)context;
    if (c == NULL)
        return;
    if (c->state_free != NULL)
        c->state_free(c->state);
    json_decref(c->body);
    arena_close(c->scratch);
    free(c);
    r->app = NULL;
}

static void refuse(struct http_request *r, enum error_code code, const char *field)
{
    struct error e;
    (void)error_set(&e, code, field);
    http_problem(r, &e);
}

static bool admit(void *context, struct http_request *r, size_t *ret_body_max)
{
    struct api *api = context;
    struct router_match m;

    *ret_body_max = 0;
    if (!router_find(api->router, r->method, r->path, &m)) {
        if (m.methods != 0) {
            refuse(r, ERROR_WRONG_METHOD, NULL);
            return false;
        }
        if (r->method == HTTP_GET)
            return true; /* an asset, or a page of the apps */
        refuse(r, ERROR_NOT_FOUND, NULL);
        return false;
    }
    if (call_open(api, r, &routes[m.route], &m) == NULL) {
        refuse(r, ERROR_OVERLOADED, NULL);
        return false;
    }
    *ret_body_max = body_max(&routes[m.route]);
    return true;
}

/* Browsers send Origin with what changes something; a foreign page's must not act with our cookie (S4). */
static bool check_origin(struct call *c, struct error *e)
{
    struct str origin = http_header(c->r, "Origin"), host = http_header(c->r, "Host");
    if (c->route->method == HTTP_GET || origin.n == 0 || c->token.n > 0)
        return true;
    struct str own =
        str_of(arena_printf(c->r->arena, "%s://%.*s", c->r->secure ? "https" : "http", (int)host.n, host.p));
    if (str_eq(origin, own) || (c->api->config->public_url != NULL && str_is(origin, c->api->config->public_url)))
        return true;
    return error_set(e, ERROR_FOREIGN_ORIGIN, NULL);
}

static void read_credentials(struct call *c)
{
    struct str authorization = http_header(c->r, "Authorization");
    c->cookie = http_cookie(c->r, "lx_session");
    if (str_starts(authorization, STR("Bearer ")))
        c->token = str_trim(str_range(authorization.p + 7, authorization.n - 7));
    if (str_starts(authorization, STR("Track ")))
        c->track = str_trim(str_range(authorization.p + 6, authorization.n - 6));
}

static bool read_key(struct call *c, struct error *e)
{
    struct str key = http_header(c->r, "Idempotency-Key"), match = http_header(c->r, "If-Match");
    if (key.n > 0 && !id_parse(key, &c->key))
        return error_set(e, ERROR_MALFORMED, "Idempotency-Key");
    c->has_key = key.n > 0;
    if (key.n == 0)
        c->key = id_new();
    if (match.n == 0)
        return true;
    if (match.n > 2 && match.p[0] == '"' && match.p[match.n - 1] == '"')
        match = str_range(match.p + 1, match.n - 2);
    return (str_int(match, &c->rev) && c->rev >= 0) || error_set(e, ERROR_MALFORMED, "If-Match");
}

static bool read_body(struct call *c, struct error *e)
{
    struct str type = http_header(c->r, "Content-Type");
    const struct field *tables[] = {c->route->fields, NULL};

    if (c->route->body != BODY_JSON && c->route->body != BODY_VERB)
        return true;
    if (c->r->body.n == 0) {
        c->body = json_object();
    } else {
        if (!str_starts(type, STR("application/json")))
            return error_setf(e, ERROR_MEDIA_TYPE, "Content-Type", "application/json");
        c->body = json_read(c->r->body, e);
        if (c->body == NULL)
            return false;
    }
    if (!json_is_object(c->body))
        return error_set(e, ERROR_WRONG_TYPE, NULL);
    return c->route->body == BODY_VERB || c->route->fields == NULL || field_check(tables, c->body, e);
}

static const struct field *query_field(const struct route *route, struct str name)
{
    for (const struct field *f = route->query; f != NULL && f->name != NULL; f++)
        if (str_is(name, f->name))
            return f;
    return NULL;
}

/* Unknown parameters are refused: a misspelt filter must not show everything. */
static bool check_query(struct call *c, struct error *e)
{
    struct str name, value;
    for (size_t i = 0; http_query_at(c->r, i, &name, &value); i++) {
        const struct field *f = query_field(c->route, name);
        if (f == NULL && !str_is(name, "lang"))
            return error_set(e, ERROR_UNKNOWN_FIELD, arena_z(c->r->arena, name));
        int64_t n;
        if (f != NULL && f->type == FIELD_INT && value.n > 0 &&
            (!str_int(value, &n) || n < f->least || (f->most > f->least && n > f->most)))
            return error_setf(e, ERROR_OUT_OF_RANGE, f->name, "%lld…%lld", (long long)f->least,
                              (long long)f->most);
    }
    return !http_bad_encoding(c->r) || error_set(e, ERROR_WRONG_ENCODING, NULL);
}

/* Who brings nothing where somebody is wanted is told so before anything is looked at. */
static bool check_credentials(const struct call *c, struct error *e)
{
    unsigned who = c->route->who;
    bool brought = c->token.n > 0 || c->cookie.n > 0 || (c->track.n > 0 && (who & WHO_TRACKING) != 0);
    return brought || (who & WHO_ANYONE) != 0 || error_set(e, ERROR_SIGN_IN, NULL);
}

static bool decode(struct call *c, struct error *e)
{
    read_credentials(c);
    return check_credentials(c, e) && check_query(c, e) && check_origin(c, e) && read_key(c, e) &&
           read_body(c, e);
}

bool call_track(struct call *c, struct str code, struct error *e)
{
    if (!guesses_allow(c->api->guesses, c->r->peer, e))
        return false;
    if (track_actor(c->api->core, c->db, c->scratch, code, &c->actor, e))
        return true;
    if (e->code == ERROR_NOT_FOUND)
        guesses_wrong(c->api->guesses, c->r->peer);
    return false;
}

/* The outer gate; whether this case, this unit may be seen is asked by core. */
static bool gate(struct call *c, struct error *e)
{
    struct actor *a = &c->actor;
    *a = (struct actor){.lang = c->r->lang, .peer = c->r->peer};
    if (c->track.n > 0 && (c->route->who & WHO_TRACKING) != 0)
        return call_track(c, c->track, e);
    bool came = c->token.n > 0 || c->cookie.n > 0;
    if (c->token.n > 0 && !token_actor(c->api->core, c->db, c->scratch, c->token, a, e))
        return false;
    if (c->token.n == 0 && c->cookie.n > 0 && !session_actor(c->api->core, c->db, c->scratch, c->cookie, a, e)) {
        if (e->code != ERROR_SIGN_IN || (c->route->who & WHO_ANYONE) == 0)
            return false;
        *a = (struct actor){.lang = c->r->lang, .peer = c->r->peer};
        came = false;
    }
    if ((c->route->who & WHO_ANYONE) != 0)
        return true;
    if (!came)
        return error_set(e, ERROR_SIGN_IN, NULL);
    if ((c->route->who & WHO_SIGNED_IN) == 0)
        return error_set(e, ERROR_FORBIDDEN, NULL);
    return c->route->posts == 0 || actor_is(a, c->route->posts) || error_set(e, ERROR_FORBIDDEN, NULL);
}

static bool task_run(struct db *db, void *context, struct error *e)
{
    struct call *c = context;
    if (!c->admitted)
        arena_reset(c->scratch);
    buf_clear(&c->r->reply);
    c->w = JW_INIT(&c->r->reply);
    c->db = db;
    c->failed = false;
    c->next = NULL;
    return (c->admitted || gate(c, e)) && c->run(c, e);
}

static bool task_landed(struct db *db, void *context, bool *ret, struct error *e)
{
    struct call *c = context;
    return command_landed(db, c->key, ret, e);
}

static void touch_done(void *context, const struct error *e)
{
    (void)e;
    free(context);
}

struct touch {
    struct exec_task task;
    unsigned char hash[HASH_BYTES];
};

static bool touch_run(struct db *db, void *context, struct error *e)
{
    struct touch *t = context;
    return session_touch(db, t->hash, e);
}

/* A session is prolonged by use; the write follows the answer. */
static void touch_session(struct call *c)
{
    struct touch *t = c->actor.session_stale ? calloc(1, sizeof *t) : NULL;
    if (t == NULL)
        return;
    memcpy(t->hash, c->actor.session, HASH_BYTES);
    t->task = (struct exec_task){.run = touch_run, .done = touch_done, .context = t};
    if (!exec_write(c->api->exec, &t->task, NULL))
        free(t);
}

static void finish(struct call *c)
{
    struct http_request *r = c->r;
    if (c->failed)
        http_problem(r, &c->error);
    else if (r->reply.full)
        refuse(r, ERROR_INTERNAL, NULL);
    else if (c->route->created && r->status == 200)
        r->status = 201;
    /* The last thing done with the call: it may be freed by the time these return. */
    if (c->streams && !c->failed)
        events_add(c->api->events, r, &c->actor);
    else
        http_send(r);
}

static void fail(struct call *c, const struct error *e)
{
    c->failed = true;
    c->error = *e;
    finish(c);
}

/* Somebody was quicker: the answer carries the case as it is now (409 with `current`). */
static bool stale_current(struct call *c, struct error *e)
{
    struct id id;
    struct buf page = BUF_INIT(BUF_REPLY), *out = &c->r->reply;
    struct jw w = JW_INIT(&page);
    bool ok = id_parse(c->capture[0], &id) &&
              case_write_page(c->api->core, c->db, c->scratch, &w, &c->actor, id, NULL, e);

    http_problem(c->r, &c->error);
    if (ok && out->n > 1 && out->p[out->n - 1] == '}') {
        out->n--;
        buf_addz(out, ",\"current\":");
        buf_add(out, buf_str(&page));
        buf_addc(out, '}');
    }
    buf_free(&page);
    return true;
}

static void start(struct call *c, enum route_how how, bool (*run)(struct call *, struct error *));

static void reading_done(void *context, const struct error *e)
{
    struct call *c = context;
    if (e != NULL)
        fail(c, e);
    else
        finish(c);
}

void call_read(struct call *c, enum subject_kind kind, int64_t subject)
{
    struct reading *r = &c->reading;
    for (size_t i = 0; i < r->n; i++) /* a step may run again */
        if (r->lines[i].kind == kind && r->lines[i].subject == subject)
            return;
    if (subject == 0 || r->n == READING_LINES)
        return;
    r->account = c->actor.account;
    r->post = c->actor.post_count > 0 ? (int64_t)c->actor.posts[0].post : -1;
    r->what = c->route->name;
    r->lines[r->n].kind = kind;
    r->lines[r->n++].subject = subject;
}

static void step_done(struct call *c)
{
    bool (*next)(struct call *, struct error *) = c->next;
    c->next = NULL;
    if (next != NULL) {
        start(c, c->next_how, next);
    } else if (c->reading.n > 0) {
        c->reading.done = reading_done;
        c->reading.context = c;
        readings_add(c->api->readings, &c->reading);
    } else {
        finish(c);
    }
}

static void task_done(void *context, const struct error *e)
{
    struct call *c = context;
    if (e != NULL && c->refused != NULL) {
        c->refused(c, e);
        step_done(c);
        return;
    }
    if (e != NULL && e->code == ERROR_STALE && c->run != stale_current && c->route->body == BODY_VERB) {
        c->error = *e;
        start(c, HOW_READ, stale_current);
        return;
    }
    if (e != NULL) {
        fail(c, e);
        return;
    }
    touch_session(c);
    step_done(c);
}

static void pool_step(void *context)
{
    struct call *c = context;
    struct error e;
    error_clear(&e);
    if (!c->run(c, &e))
        fail(c, &e);
    else
        step_done(c);
}

/* Commands of one subject keep their order; what makes a subject may go to any writer. */
static uint64_t subject_hash(const struct call *c)
{
    return c->capture[0].n > 0 ? str_hash(c->capture[0])
                               : str_hash(str_range((const char *)c->key.b, sizeof c->key.b));
}

static void start(struct call *c, enum route_how how, bool (*run)(struct call *, struct error *))
{
    struct error e;
    bool taken, goes_on = c->begun;

    c->run = run;
    c->begun = true;
    c->task = (struct exec_task){.run = task_run,
                                 .landed = how == HOW_WRITE ? task_landed : NULL,
                                 .done = task_done,
                                 .context = c,
                                 .subject = subject_hash(c),
                                 .goes_on = goes_on}; /* what is done must not be answered as if it had been refused */
    if (how == HOW_SLOW)
        taken = pool_add(c->api->pool, goes_on, pool_step, c) || error_set(&e, ERROR_OVERLOADED, NULL);
    else
        taken =
            how == HOW_WRITE ? exec_write(c->api->exec, &c->task, &e) : exec_read(c->api->exec, &c->task, &e);
    if (!taken)
        fail(c, &e);
}

void call_then(struct call *c, enum route_how how, bool (*run)(struct call *c, struct error *e))
{
    c->next = run;
    c->next_how = how;
}

static void handle(void *context, struct http_request *r)
{
    struct api *api = context;
    struct call *c = r->app;
    struct error e;

    if (c == NULL) {
        page_reply(api, r);
        http_send(r);
        return;
    }
    error_clear(&e);
    if (!decode(c, &e)) {
        fail(c, &e);
        return;
    }
    if (c->route->how == HOW_DIRECT) {
        if (c->run(c, &e))
            finish(c);
        else
            fail(c, &e);
        return;
    }
    http_later(r);
    start(c, c->route->how, c->route->run);
}

struct http_app api_app(struct api *api)
{
    return (struct http_app){.admit = admit, .handle = handle, .over = over, .context = api};
}

struct str call_text(const struct call *c, const char *field)
{
    return str_trim(json_text(c->body, field));
}

struct str call_query(struct call *c, const char *name)
{
    return http_query(c->r, name);
}

int64_t call_query_int(struct call *c, const char *name, int64_t otherwise, int64_t least, int64_t most)
{
    int64_t n;
    if (!str_int(call_query(c, name), &n))
        return otherwise;
    return n < least ? least : n > most ? most : n;
}

bool api_open(struct api **ret, const struct config *config, struct core *core, struct exec *exec,
              struct error *e)
{
    struct api *api = calloc(1, sizeof *api);
    if (api == NULL)
        return error_set(e, ERROR_INTERNAL, NULL);
    api->config = config;
    api->core = core;
    api->exec = exec;
    api->pool = pool_open(2, 256);
    api->router = router_open();
    api->events = events_open();
    api->readings = readings_open(core, exec);
    api->guesses = guesses_open();
    api->openapi = BUF_INIT(BUF_REPLY);
    openapi_write(&api->openapi, core);
    for (size_t i = 0; routes[i].path != NULL; i++)
        if (!router_add(api->router, routes[i].method, routes[i].path, i)) {
            api_close(api);
            return error_cause(e, ERROR_INTERNAL, "route %s stands twice", routes[i].path);
        }
    *ret = api;
    return true;
}

void api_close(struct api *api)
{
    if (api == NULL)
        return;
    pool_close(api->pool);
    router_close(api->router);
    events_close(api->events);
    readings_close(api->readings);
    guesses_close(api->guesses);
    buf_free(&api->openapi);
    free(api);
}
