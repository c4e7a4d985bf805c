#include <stdlib.h>

#include "core/form.h"
#include "core/scope.h"
#include "core/unit.h"
#include "core/verb.h"
#include "api/handlers.h"

bool call_command(struct call *c, enum subject_kind kind, struct str verb, struct id subject,
                  const json_t *fields, struct answer *ret, struct error *e)
{
    struct command command = {
        .id = c->key, .verb = verb, .subject_kind = kind, .subject = subject, .fields = fields, .rev = c->rev};
    return command_run(c->api->core, c->db, c->scratch, &c->actor, &command, ret, e);
}

/* What a command did, for the step that shows it: a reader's, so that no writer spends its time on pages. */
static bool done(struct call *c, const struct answer *answer, bool (*show)(struct call *c, struct error *e))
{
    if (c->state == NULL)
        c->state = calloc(1, sizeof *answer);
    if (c->state == NULL)
        return false;
    c->state_free = free;
    c->admitted = true;
    memcpy(c->state, answer, sizeof *answer);
    call_then(c, HOW_READ, show);
    return true;
}

/* A new case. Who reports without an account sees it as a resident does, with the code in hand. */
static bool show_new(struct call *c, struct error *e)
{
    const struct answer *answer = c->state;
    struct actor resident = {.kind = ACTOR_RESIDENT, .case_id = answer->subject, .lang = c->actor.lang};
    struct buf page = BUF_INIT(BUF_REPLY);
    struct jw inner = JW_INIT(&page);
    bool ok = false;

    error_clear(e);
    if (c->actor.kind == ACTOR_ACCOUNT)
        ok = case_write_made(c->api->core, c->db, c->scratch, &inner, &c->actor, answer->uuid, e);
    /* A resident's; or reported past one's own desk: no longer ours to see. */
    if (!ok && (c->actor.kind != ACTOR_ACCOUNT || e->code == ERROR_NOT_FOUND)) {
        buf_clear(&page);
        inner = JW_INIT(&page);
        ok = case_write_public(c->api->core, c->db, c->scratch, &inner, &resident, e);
    }
    if (ok) {
        char track[TRACK_TEXT];
        case_track(c->api->core, c->key, track);
        buf_addz(&c->r->reply, "{\"track\":\"");
        buf_addz(&c->r->reply, track);
        buf_addz(&c->r->reply, "\",");
        buf_add(&c->r->reply, str_range(page.p + 1, page.n - 1));
    }
    buf_free(&page);
    return ok;
}

static bool create(struct call *c, struct str verb, struct error *e)
{
    struct answer answer;
    struct id nothing = {{0}};
    return call_command(c, SUBJECT_CASE, verb, nothing, c->body, &answer, e) && done(c, &answer, show_new);
}

bool case_create(struct call *c, struct error *e)
{
    return create(c, STR("report"), e);
}

bool case_create_spot(struct call *c, struct error *e)
{
    return create(c, STR("settle_on_spot"), e);
}

static bool case_id(struct call *c, struct id *ret, struct error *e)
{
    return id_parse(c->capture[0], ret) || error_set(e, ERROR_NOT_FOUND, NULL);
}

bool case_show(struct call *c, struct error *e)
{
    struct id id;
    int64_t logged;
    if (!case_id(c, &id, e) ||
        !case_write_page(c->api->core, c->db, c->scratch, &c->w, &c->actor, id, &logged, e))
        return false;
    call_read(c, SUBJECT_CASE, logged);
    return true;
}

bool call_case(struct call *c, struct case_row *ret, struct error *e)
{
    struct id id;
    enum sight sight;
    if (!case_id(c, &id, e) || !case_load(c->db, c->scratch, id, false, ret, e) ||
        !scope_sight(c->db, &c->actor, ret, &sight, e))
        return false;
    return sight >= SIGHT_WORK || error_set(e, ERROR_NOT_FOUND, NULL);
}

bool case_timeline(struct call *c, struct error *e)
{
    struct case_row row;
    if (!call_case(c, &row, e))
        return false;
    const struct pack *pack = core_pack(c->api->core, c->db, row.pack, e);
    jw_object(&c->w);
    jw_key(&c->w, "items");
    bool ok = pack != NULL &&
              case_write_timeline(c->api->core, c->db, c->scratch, &c->w, &row, pack, SIGHT_WORK, e);
    jw_end_object(&c->w);
    call_read(c, SUBJECT_CASE, case_logged(&row) ? row.id : 0);
    return ok;
}

bool case_verbs(struct call *c, struct error *e)
{
    struct case_row row;
    int64_t role;
    if (!call_case(c, &row, e) || !scope_role(c->db, &c->actor, row.id, &role, e))
        return false;
    const struct pack *pack = core_pack(c->api->core, c->db, row.pack, e);
    if (pack == NULL)
        return false;
    json_t *words = case_words(c->api->core, c->scratch, &row, e);
    if (words == NULL)
        return false;
    struct gate_view view = {
        .core = c->api->core, .db = c->db, .arena = c->scratch, .pack = pack, .c = &row, .words = words};
    jw_object(&c->w);
    verb_write_open(&c->w, &view, &c->actor, role);
    jw_end_object(&c->w);
    json_decref(words);
    return true;
}

static bool show_acted(struct call *c, struct error *e)
{
    const struct answer *answer = c->state;
    if (case_write_page(c->api->core, c->db, c->scratch, &c->w, &c->actor, answer->uuid, NULL, e))
        return true;
    if (e->code != ERROR_NOT_FOUND)
        return false;
    /* The verb took the case out of the actor's sight (sent back, handed on): it is done all the same. */
    buf_clear(&c->r->reply);
    c->w = JW_INIT(&c->r->reply);
    jw_object(&c->w);
    jw_kint(&c->w, "rev", answer->rev);
    jw_kbool(&c->w, "out_of_sight", true);
    jw_end_object(&c->w);
    return true;
}

bool case_act(struct call *c, struct error *e)
{
    struct answer answer;
    struct id id;
    return case_id(c, &id, e) && call_command(c, SUBJECT_CASE, c->capture[1], id, c->body, &answer, e) &&
           done(c, &answer, show_acted);
}

static bool narrow(struct call *c, struct case_filter *f, struct error *e)
{
    struct unit u;
    struct str code = call_query(c, "unit");
    if (code.n == 0)
        return true;
    if (!unit_by_code(c->db, c->scratch, code, &u, e))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    f->lo = u.ord;
    f->hi = u.ord_end;
    return true;
}

static bool read_cursor(struct call *c, struct case_filter *f, struct error *e)
{
    struct str rest = call_query(c, "cursor"), due, id;
    if (rest.n == 0)
        return true;
    f->has_after = true;
    return (str_split(&rest, '.', &due) && str_split(&rest, '.', &id) && rest.p == NULL &&
            str_int(due, &f->after_due) && str_int(id, &f->after_id)) ||
           error_set(e, ERROR_MALFORMED, "cursor");
}

bool case_filter_read(struct call *c, struct case_filter *f, struct error *e)
{
    struct str view = call_query(c, "view"), kind = call_query(c, "kind"), state = call_query(c, "state");

    *f = (struct case_filter){.view = VIEW_OPEN, .q = str_trim(call_query(c, "q"))};
    if (view.n > 0 && !case_view_parse(view, &f->view))
        return error_set(e, ERROR_NOT_A_CHOICE, "view");
    if (kind.n > 0 && !kind_parse(kind, &f->kind))
        return error_set(e, ERROR_NOT_A_CHOICE, "kind");
    if (state.n > 0 && !state_parse(state, &f->state))
        return error_set(e, ERROR_NOT_A_CHOICE, "state");
    return narrow(c, f, e);
}

bool case_list(struct call *c, struct error *e)
{
    struct case_filter f;
    if (!case_filter_read(c, &f, e))
        return false;
    f.limit = call_query_int(c, "limit", 50, 1, 200);
    return read_cursor(c, &f, e) && case_write_list(c->api->core, c->db, c->scratch, &c->w, &c->actor, &f, e);
}

static bool tracked(struct call *c, struct error *e)
{
    return c->actor.kind == ACTOR_RESIDENT || error_set(e, ERROR_SIGN_IN, "code");
}

bool track_show(struct call *c, struct error *e)
{
    return tracked(c, e) && case_write_public(c->api->core, c->db, c->scratch, &c->w, &c->actor, e);
}

bool track_act(struct call *c, struct error *e)
{
    struct answer answer;
    struct case_row row;
    return tracked(c, e) && case_load_id(c->db, c->scratch, c->actor.case_id, &row, e) &&
           call_command(c, SUBJECT_CASE, c->capture[0], row.uuid, c->body, &answer, e) &&
           done(c, &answer, track_show);
}

/* The form of a verb that makes a case, for intake and "settled on the spot". */
bool verb_form(struct call *c, struct error *e)
{
    struct str name = call_query(c, "verb"), kind_name = call_query(c, "kind");
    enum kind kind = KIND_REQUEST;
    const struct pack *pack = core_pack(c->api->core, c->db, 0, e);
    const struct verb *v = verb_find(c->api->core, SUBJECT_CASE, name.n > 0 ? name : STR("report"));

    if (pack == NULL)
        return false;
    if (v == NULL)
        return error_set(e, ERROR_UNKNOWN_VERB, "verb");
    if (kind_name.n > 0 && (!kind_parse(kind_name, &kind) || kind == KIND_TALK))
        return error_set(e, ERROR_NOT_A_CHOICE, "kind");
    jw_object(&c->w);
    jw_kz(&c->w, "verb", v->name);
    jw_ktext(&c->w, "label", pack_verb_label(pack, v->name, kind));
    const struct form_of form = {.pack = pack,
                                 .verb = v,
                                 .kind = kind,
                                 .category = pack_category(pack, kind, call_query(c, "category")),
                                 .lang = c->r->lang};
    form_write(&c->w, c->scratch, &form);
    jw_end_object(&c->w);
    return true;
}
