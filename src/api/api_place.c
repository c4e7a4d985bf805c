/* The pack, the territory, offices, accounts; persons, households, places. */
#include "core/journal.h"
#include "core/office.h"
#include "core/person.h"
#include "core/place.h"
#include "core/scope.h"
#include "core/stand_in.h"
#include "core/unit.h"
#include "api/handlers.h"

bool pack_show(struct call *c, struct error *e)
{
    const struct pack *pack = core_pack(c->api->core, c->db, 0, e);
    if (pack == NULL)
        return false;
    buf_add(&c->r->reply, buf_str(&pack->public));
    http_reply_header(c->r, "Cache-Control", "no-cache");
    return true;
}

static bool write_unit(struct call *c, const struct unit *u, struct error *e)
{
    struct str full;
    struct unit parent;
    struct db_rows r;
    struct jw *w = &c->w;

    if (!unit_full_name(c->db, c->scratch, u->id, UNIT_PROVINCE, &full, e))
        return false;
    jw_ktext(w, "code", u->code);
    jw_ktext(w, "name", u->name);
    jw_ktext(w, "full_name", full);
    jw_kz(w, "level", level_code(unit_case_level(u->level)));
    jw_key(w, "parent");
    if (u->parent != 0 && unit_load(c->db, c->scratch, u->parent, &parent, NULL)) {
        jw_object(w);
        jw_ktext(w, "code", parent.code);
        jw_ktext(w, "name", parent.name);
        jw_end_object(w);
    } else {
        jw_null(w);
    }
    if (!unit_children(c->db, &r, u->id, e))
        return false;
    jw_karray(w, "children");
    while (db_next(&r)) {
        jw_object(w);
        jw_ktext(w, "code", db_text(&r, 0));
        jw_ktext(w, "name", db_text(&r, 1));
        jw_kz(w, "level", level_code(unit_case_level((int)db_int(&r, 2))));
        jw_end_object(w);
    }
    jw_end_array(w);
    return db_end(&r, e) && account_write_steward(c->api->core, c->db, c->scratch, w, u->ord, e);
}

static bool find_unit(struct call *c, struct str code, struct unit *ret, struct error *e)
{
    return unit_by_code(c->db, c->scratch, code, ret, NULL) || error_set(e, ERROR_NOT_FOUND, "unit");
}

bool unit_show(struct call *c, struct error *e)
{
    struct unit u;
    if (!find_unit(c, c->capture[0], &u, e))
        return false;
    jw_object(&c->w);
    bool ok = write_unit(c, &u, e);
    jw_end_object(&c->w);
    return ok;
}

/* Whose installation this is: the portal's home. */
bool host_show(struct call *c, struct error *e)
{
    struct str code, name;
    struct unit u;
    if (!meta_get(c->db, c->scratch, "host", &code, e) || !meta_get(c->db, c->scratch, "name", &name, e))
        return false;
    jw_object(&c->w);
    jw_ktext(&c->w, "name", name.n > 0 ? name : str_of(lang_word(c->r->lang, "app.name")));
    jw_kz(&c->w, "lang", c->api->config->lang);
    jw_key(&c->w, "unit");
    bool ok = true;
    if (code.n > 0 && find_unit(c, code, &u, e)) {
        jw_object(&c->w);
        ok = write_unit(c, &u, e);
        jw_end_object(&c->w);
    } else {
        jw_null(&c->w);
    }
    jw_end_object(&c->w);
    return ok;
}

static bool unit_query(struct call *c, struct unit *ret, struct error *e)
{
    struct str code = call_query(c, "unit");
    return code.n > 0 ? find_unit(c, code, ret, e) : error_set(e, ERROR_MISSING, "unit");
}

bool office_list(struct call *c, struct error *e)
{
    struct unit u;
    if (!unit_query(c, &u, e))
        return false;
    jw_object(&c->w);
    bool ok = office_write_list(c->db, c->scratch, &c->w, u.id, e);
    jw_end_object(&c->w);
    return ok;
}

bool account_list(struct call *c, struct error *e)
{
    struct unit u;
    if (!unit_query(c, &u, e))
        return false;
    if (!scope_reaches(&c->actor, u.ord, POSTS_ALL))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    jw_object(&c->w);
    bool ok = account_write_list(c->api->core, c->db, c->scratch, &c->w, u.id, e);
    jw_end_object(&c->w);
    return ok;
}

/* Registers answer with what was made: id and rev. */
static bool write_made(struct call *c, const struct answer *answer)
{
    char id[ID_TEXT];
    id_format(answer->uuid, id);
    jw_object(&c->w);
    jw_kz(&c->w, "id", id);
    jw_kint(&c->w, "rev", answer->rev);
    jw_end_object(&c->w);
    return true;
}

static bool make(struct call *c, enum subject_kind kind, struct str verb, struct error *e)
{
    struct answer answer;
    struct id nothing = {{0}};
    return call_command(c, kind, verb, nothing, c->body, &answer, e) && write_made(c, &answer);
}

static bool act(struct call *c, enum subject_kind kind, struct error *e)
{
    struct answer answer;
    struct id id;
    return (id_parse(c->capture[0], &id) || error_set(e, ERROR_NOT_FOUND, NULL)) &&
           call_command(c, kind, c->capture[1], id, c->body, &answer, e) && write_made(c, &answer);
}

bool account_create(struct call *c, struct error *e)
{
    return make(c, SUBJECT_ACCOUNT, STR("open"), e);
}

bool account_act(struct call *c, struct error *e)
{
    return act(c, SUBJECT_ACCOUNT, e);
}

bool stand_in_list(struct call *c, struct error *e)
{
    struct str absent = call_query(c, "for");
    struct id id = {{0}};
    if (absent.n > 0 && !id_parse(absent, &id))
        return error_set(e, ERROR_NOT_FOUND, "for");
    return stand_in_write(c->api->core, c->db, c->scratch, &c->w, &c->actor, id, e);
}

bool person_create(struct call *c, struct error *e)
{
    return make(c, SUBJECT_PERSON, STR("register"), e);
}

bool person_act(struct call *c, struct error *e)
{
    return act(c, SUBJECT_PERSON, e);
}

bool household_create(struct call *c, struct error *e)
{
    return make(c, SUBJECT_HOUSEHOLD, STR("register"), e);
}

bool place_create(struct call *c, struct error *e)
{
    return make(c, SUBJECT_PLACE, STR("register"), e);
}

bool place_act(struct call *c, struct error *e)
{
    return act(c, SUBJECT_PLACE, e);
}

bool person_list(struct call *c, struct error *e)
{
    struct str q = str_trim(call_query(c, "q"));
    if (q.n == 0)
        return error_set(e, ERROR_MISSING, "q");
    return person_search(c->api->core, c->db, c->scratch, &c->actor, q, &c->w, e);
}

/* Unmasked, and written down: a write, because nothing is shown before that line is on disk. */
bool person_show_plain(struct call *c, struct error *e)
{
    struct id id;
    return (id_parse(c->capture[0], &id) || error_set(e, ERROR_NOT_FOUND, NULL)) &&
           person_reveal(c->api->core, c->db, c->scratch, &c->actor, id, call_text(c, "purpose"), &c->w, e);
}

bool place_list(struct call *c, struct error *e)
{
    struct unit u;
    if (!unit_query(c, &u, e))
        return false;
    if (!scope_reaches(&c->actor, u.ord, POSTS_WORK))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    return place_write_list(c->api->core, c->db, c->scratch, &c->w, u.ord, u.ord_end, e);
}

bool journal_list(struct call *c, struct error *e)
{
    struct unit u;
    if (!unit_query(c, &u, e))
        return false;
    if (!scope_reaches(&c->actor, u.ord, AS(AUDITOR) | AS(ADMIN)))
        return error_set(e, ERROR_NOT_FOUND, "unit");
    return journal_write_list(c->db, &c->w, u.ord, u.ord_end, call_query_int(c, "before", 0, 0, INT64_MAX),
                              call_query_int(c, "limit", 100, 1, 200), e);
}

/* The access log knows no place: only who audits the whole installation reads it. */
bool access_list(struct call *c, struct error *e)
{
    return access_write_list(c->api->core, c->db, c->scratch, &c->w,
                             call_query_int(c, "before", 0, 0, INT64_MAX),
                             call_query_int(c, "limit", 100, 1, 200), e);
}
