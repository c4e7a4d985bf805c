/* For phones and other programs: what changed in my reach, a queue of commands, the event stream, notices. */
#include <stdlib.h>

#include "core/journal.h"
#include "core/notice.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/sync.h"
#include "api/handlers.h"

/* A cursor carries the database's epoch, which a restore changes: an old one starts over. */
static bool read_cursor(struct call *c, struct str epoch, struct journal_cursor *ret, bool *ret_fresh,
                        struct error *e)
{
    struct str rest = call_query(c, "cursor"), own, xid, seq;
    *ret_fresh = true;
    if (rest.n == 0)
        return true;
    if (!str_split(&rest, '.', &own) || !str_split(&rest, '.', &xid) || !str_split(&rest, '.', &seq) ||
        rest.p != NULL || !str_int(xid, &ret->xid) || !str_int(seq, &ret->seq))
        return error_set(e, ERROR_MALFORMED, "cursor");
    *ret_fresh = !str_eq(own, epoch);
    return true;
}

bool sync_show(struct call *c, struct error *e)
{
    struct journal_cursor cursor = {0};
    struct str epoch;
    bool fresh;

    if (!meta_get(c->db, c->scratch, "epoch", &epoch, e) || !read_cursor(c, epoch, &cursor, &fresh, e))
        return false;
    jw_object(&c->w);
    jw_kbool(&c->w, "fresh", fresh);
    jw_key(&c->w, "rows");
    if (!(fresh ? sync_all(c->api->core, c->db, c->scratch, &c->w, &c->actor, &cursor, e)
                : sync_changes(c->api->core, c->db, c->scratch, &c->w, &c->actor, &cursor, e)))
        return false;
    jw_kz(&c->w, "next",
          arena_printf(c->scratch, "%.*s.%lld.%lld", (int)epoch.n, epoch.p, (long long)cursor.xid,
                       (long long)cursor.seq));
    jw_end_object(&c->w);
    return true;
}

/* A batch: each command is a transaction of its own, in order; what is refused does not stop what does not hang on it. */
struct batch {
    struct buf answers;
    const json_t *commands;
    size_t at;
};

static void free_batch(void *state)
{
    struct batch *b = state;
    buf_free(&b->answers);
    free(b);
}

static const struct field command_fields[] = {
    {.name = "id", .type = FIELD_ID, .required = true},
    {.name = "verb", .type = FIELD_TEXT, .required = true, .most = 40},
    {.name = "kind", .type = FIELD_TEXT, .most = 40}, /* case, activity, person, household, place, or a register's name */
    {.name = "subject", .type = FIELD_ID},
    {.name = "fields", .type = FIELD_OBJECT, .required = true},
    {.name = "rev", .type = FIELD_INT, .least = 0, .most = INT32_MAX},
    {.name = "after", .type = FIELD_ID},
    {.name = "happened_at", .type = FIELD_TIME},
    FIELD_END,
};

static bool batch_step(struct call *c, struct error *e);

static void begin_answer(struct batch *b, const json_t *command, int status)
{
    struct str id = json_text(command, "id");
    buf_addz(&b->answers, b->at == 0 ? "" : ",");
    struct jw w = JW_INIT(&b->answers);
    buf_addz(&b->answers, "{\"id\":");
    jw_text(&w, id);
    buf_addf(&b->answers, ",\"status\":%d,\"body\":", status);
}

static void batch_next(struct call *c)
{
    struct batch *b = c->state;
    b->at++;
    call_then(c, HOW_WRITE, batch_step);
}

static void batch_refused(struct call *c, const struct error *e)
{
    struct batch *b = c->state;
    begin_answer(b, json_array_get(b->commands, b->at), error_status(e->code));
    problem_json(&b->answers, c->r->arena, c->r->lang, e);
    buf_addc(&b->answers, '}');
    batch_next(c);
}

/* The step before wrote its answer into the reply; it is kept only now that its commit is on disk. */
static bool batch_keep(struct call *c, struct error *e)
{
    struct batch *b = c->state;
    (void)e;
    begin_answer(b, json_array_get(b->commands, b->at), 200);
    buf_add(&b->answers, buf_str(&c->r->reply));
    buf_addc(&b->answers, '}');
    batch_next(c);
    return true;
}

static bool run_one(struct call *c, const json_t *row, struct answer *ret, struct error *e)
{
    const struct field *tables[] = {command_fields, NULL};
    enum subject_kind kind = SUBJECT_CASE;
    struct command command = {.id = c->key, .rev = json_int(row, "rev", -1), .late_entry = true};

    if (!field_check(tables, row, e))
        return false;
    if (json_text(row, "kind").n > 0 &&
        (!subject_parse(json_text(row, "kind"), &kind) || kind == SUBJECT_ACCOUNT || kind == SUBJECT_UNIT))
        return error_set(e, ERROR_NOT_A_CHOICE, "kind");
    command.subject_kind = kind;
    command.verb = json_text(row, "verb");
    (void)id_parse(json_text(row, "subject"), &command.subject);
    (void)id_parse(json_text(row, "after"), &command.after);
    json_t *fields = json_copy(json_object_get(row, "fields"));
    if (json_object_get(row, "happened_at") != NULL)
        (void)json_object_set(fields, "happened_at", json_object_get(row, "happened_at"));
    /* A case made in this queue has no id yet on the phone: `after` names the command that made it. */
    if (id_is_zero(command.subject) && !id_is_zero(command.after)) {
        struct journal_entry before;
        bool found;
        if (!journal_find(c->db, c->scratch, command.after, &before, &found, e) ||
            (found && !subject_uuid(c->db, before.subject_kind, before.subject, &command.subject, e))) {
            json_decref(fields);
            return false;
        }
        if (!found) {
            json_decref(fields);
            return error_set(e, ERROR_BLOCKED_BY, "after");
        }
    }
    command.fields = fields;
    bool ok = command_run(c->api->core, c->db, c->scratch, &c->actor, &command, ret, e);
    json_decref(fields);
    return ok;
}

static bool batch_step(struct call *c, struct error *e)
{
    struct batch *b = c->state;
    struct answer answer;
    char id[ID_TEXT], track[TRACK_TEXT];

    if (b->at == json_array_size(b->commands)) { /* all done: the answers are the reply */
        c->refused = NULL;
        buf_addz(&c->r->reply, "{\"answers\":[");
        buf_add(&c->r->reply, buf_str(&b->answers));
        buf_addz(&c->r->reply, "]}");
        return true;
    }
    const json_t *row = json_array_get(b->commands, b->at);
    if (!id_parse(json_text(row, "id"), &c->key))
        return error_set(e, ERROR_MALFORMED, "id");
    if (!run_one(c, row, &answer, e))
        return false;
    id_format(answer.uuid, id);
    jw_object(&c->w);
    jw_kz(&c->w, "id", id);
    jw_kint(&c->w, "rev", answer.rev);
    jw_kbool(&c->w, "again", answer.again);
    if (answer.subject_kind == SUBJECT_CASE && answer.entry.n == 1) {
        case_track(c->api->core, c->key, track);
        jw_kz(&c->w, "track", track);
    }
    jw_end_object(&c->w);
    call_then(c, HOW_SLOW, batch_keep);
    return true;
}

bool batch_run(struct call *c, struct error *e)
{
    struct batch *b = c->state != NULL ? c->state : calloc(1, sizeof *b);
    if (b == NULL)
        return error_set(e, ERROR_OVERLOADED, NULL);
    c->state = b;
    c->state_free = free_batch;
    b->answers = BUF_INIT(BUF_REPLY);
    b->commands = json_object_get(c->body, "commands");
    c->refused = batch_refused;
    call_then(c, HOW_WRITE, batch_step);
    return true;
}

bool events_show(struct call *c, struct error *e)
{
    (void)e;
    c->streams = true;
    return true;
}

bool notice_list(struct call *c, struct error *e)
{
    return notice_write_list(c->api->core, c->db, c->scratch, &c->w, c->actor.account, c->r->lang, e);
}

bool notice_seen(struct call *c, struct error *e)
{
    c->r->status = 204;
    return notice_mark_seen(c->db, c->actor.account, e);
}
