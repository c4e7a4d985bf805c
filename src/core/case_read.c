#include "core/case_read.h"

#include "base/time.h"
#include "core/account.h"
#include "core/case_card.h"
#include "core/clock.h"
#include "core/duty.h"
#include "core/file.h"
#include "core/mediation.h"
#include "core/office.h"
#include "core/person.h"
#include "core/power.h"
#include "core/root.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/unit.h"
#include "core/vault.h"
#include "core/verb.h"

/* What hangs on a case for who reads it, asked at once: most have no files, no referrals and no links. */
struct hanging {
    int64_t role; /* of the reader in the case (enum worker_role); 0: none */
    bool files, referrals, links;
};

static bool read_hanging(struct db *db, const struct case_row *c, const struct actor *actor,
                         struct hanging *ret, struct error *e)
{
    struct db_rows r;
    *ret = (struct hanging){0};
    if (!db_rows(db, &r, e,
                 "select (select role from case_worker where case_id = ?1 and account = ?2), "
                 "(select 1 from file_use where subject_kind = ?3 and subject = ?1 limit 1), "
                 "(select 1 from referral where case_id = ?1 limit 1), "
                 "coalesce((select 1 from case_link where case_id = ?1 limit 1), (select 1 from case_link where other = ?1 limit 1))",
                 ARGS(INT(c->id), INT(actor->kind == ACTOR_ACCOUNT ? actor->account : 0), INT(SUBJECT_CASE))))
        return false;
    if (db_next(&r))
        *ret = (struct hanging){db_int(&r, 0), db_int(&r, 1) != 0, db_int(&r, 2) != 0, db_int(&r, 3) != 0};
    return db_end(&r, e) && scope_role_beside(db, actor, c->id, ret->role, &ret->role, e);
}

static void write_none(struct jw *w, const char *key)
{
    jw_karray(w, key);
    jw_end_array(w);
}

static void write_id(struct jw *w, const char *key, struct id id)
{
    char text[ID_TEXT];
    id_format(id, text);
    jw_kz(w, key, text);
}

/* What the case itself says of a person in it. */
static void write_own(struct jw *w, const json_t *words, struct id person)
{
    char id[ID_TEXT];
    id_format(person, id);
    const json_t *own = json_object_get(json_object_get(words, "people"), id);
    jw_kbool(w, "org", json_flag(own, "org"));
    jw_ktext(w, "job", json_text(own, "job"));
    jw_ktext(w, "authority", json_text(own, "authority"));
}

bool case_write_people(struct core *core, struct db *db, struct arena *a, struct jw *w,
                       const struct case_row *c, const json_t *words, enum lang lang, struct error *e)
{
    enum { PEOPLE_MOST = 64 };
    struct db_rows r;
    bool ok = true;

    if (!db_rows(db, &r, e,
                 "select q.role, q.side, p.uuid, p.key, p.sealed from case_person q join person p on p.id = q.person where q.case_id = ?1 "
                 "order by q.role, q.side, q.id limit ?2",
                 ARGS(INT(c->id), INT(PEOPLE_MOST))))
        return false;
    jw_karray(w, "persons");
    while (ok && db_next(&r)) {
        const char *role = role_code((enum person_role)db_int(&r, 0));
        jw_object(w);
        jw_kz(w, "role", role);
        jw_kz(w, "role_label", lang_word(lang, arena_printf(a, "choice.role.%s", role)));
        jw_kint(w, "side", db_int(&r, 1));
        ok = person_write_row(core, a, w, db_id(&r, 2), db_blob(&r, 3), db_blob(&r, 4), lang, e);
        write_own(w, words, db_id(&r, 2));
        jw_end_object(w);
    }
    jw_end_array(w);
    return db_end(&r, ok ? e : NULL) && ok;
}

static bool write_referrals(struct db *db, struct jw *w, const struct case_row *c, enum lang lang,
                            struct error *e)
{
    struct db_rows r;
    if (!db_rows(db, &r, e,
                 "select o.name, r.mode, r.sent_at, r.signed_at, r.answered_at, r.returned_at, r.joint from referral r join office o on o.id = r.office "
                 "where r.case_id = ?1 order by r.id",
                 ARGS(INT(c->id))))
        return false;
    jw_karray(w, "referrals");
    while (db_next(&r)) {
        jw_object(w);
        jw_ktext(w, "office", db_text(&r, 0));
        jw_kz(w, "mode_label",
              lang_word(lang, db_int(&r, 1) == MODE_TRANSFER ? "choice.mode.transfer" : "choice.mode.refer"));
        jw_ktime(w, "sent_at", db_int(&r, 2));
        jw_ktime(w, "accepted_at", db_int(&r, 3));
        jw_ktime(w, "answered_at", db_int(&r, 4));
        jw_ktime(w, "returned_at", db_int(&r, 5));
        jw_kbool(w, "joint", db_int(&r, 6) != 0);
        jw_end_object(w);
    }
    jw_end_array(w);
    return db_end(&r, e);
}

static bool write_links(struct db *db, struct jw *w, const struct case_row *c, struct error *e)
{
    struct db_rows r;
    if (!db_rows(db, &r, e,
                 "select c.uuid, c.number, l.relation, l.case_id = ?1 from case_link l "
                 "join cases c on c.id = case when l.case_id = ?1 then l.other else l.case_id end where (l.case_id = ?1 or l.other = ?1) and l.relation in (?2, ?3)",
                 ARGS(INT(c->id), INT(LINK_MERGED), INT(LINK_ROOT))))
        return false;
    jw_karray(w, "links");
    while (db_next(&r)) {
        bool from_here = db_int(&r, 3) != 0;
        jw_object(w);
        write_id(w, "id", db_id(&r, 0));
        jw_ktext(w, "number", db_text(&r, 1));
        jw_kz(w, "relation",
              db_int(&r, 2) == LINK_MERGED ? (from_here ? "merged_into" : "merged_from")
                                           : (from_here ? "root" : "behind"));
        jw_end_object(w);
    }
    jw_end_array(w);
    return db_end(&r, e);
}

static void write_judgement(struct jw *w, const struct case_row *c, const json_t *words)
{
    const json_t *judgement = json_object_get(words, "judgement");
    jw_key(w, "judgement");
    if (c->resolved == 0) {
        jw_null(w);
        return;
    }
    jw_object(w);
    jw_kz(w, "resolved", resolved_code((enum resolved)c->resolved));
    jw_kz(w, "satisfied", satisfied_code((enum satisfied)c->satisfied));
    jw_ktext(w, "text", json_text(judgement, "text"));
    jw_ktime(w, "at", json_int(judgement, "at", 0));
    jw_end_object(w);
}

/* What the pack's own form asked: label and value, in the form's order. */
static void write_own_fields(struct jw *w, struct arena *a, const struct pack *pack, const struct case_row *c,
                             const json_t *words)
{
    struct field *fields;
    const json_t *own = json_object_get(words, "fields");
    size_t n = pack_fields(pack, a, c->kind, pack_category(pack, c->kind, c->category), "report", &fields);

    jw_karray(w, "fields");
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_object_get(own, fields[i].name);
        if (value == NULL || json_is_null(value))
            continue;
        jw_object(w);
        jw_kz(w, "label", fields[i].label);
        jw_kjson(w, "value", value);
        jw_end_object(w);
    }
    jw_end_array(w);
}

static void write_words(struct jw *w, const struct pack *pack, const struct case_row *c, const json_t *words)
{
    const struct outcome *o = pack_outcome(pack, c->kind, c->outcome);
    jw_ktext(w, "text", json_text(words, "text"));
    jw_ktext(w, "place", json_text(words, "place"));
    jw_ktext(w, "result", json_text(words, "result"));
    jw_ktext(w, "told_how", json_text(words, "told_how"));
    jw_ktext(w, "outcome", c->outcome);
    jw_ktext(w, "outcome_label", o != NULL ? o->label : STR(""));
    jw_ktext(w, "channel", c->channel);
    jw_ktext(w, "channel_label", pack_label(pack, "channels", c->channel));
    jw_kbool(w, "anonymous", (c->flags & FLAG_ANONYMOUS) != 0);
    jw_kbool(w, "bypass_village", (c->class & CLASS_BYPASS) != 0);
    jw_kjson(w, "external", json_object_get(words, "external"));
    jw_key(w, "quantity");
    if (c->quantity == 0) {
        jw_null(w);
    } else {
        jw_object(w);
        jw_key(w, "n");
        jw_double(w, (double)c->quantity / 1000);
        jw_ktext(w, "unit", c->quantity_unit);
        jw_end_object(w);
    }
    write_judgement(w, c, words);
}

/* What the parts of one page share. */
struct page {
    struct cards cards;
    struct jw *w;
    struct case_row c;
    struct hanging hangs;
    const struct pack *pack;
    json_t *words; /* null: only the card is seen */
    struct clock_row *clocks;
    size_t clock_count;
};

static bool write_hanging(struct page *p, struct error *e)
{
    struct db *db = p->cards.db;
    char id[ID_TEXT];
    id_format(p->c.uuid, id);
    if (!p->hangs.files)
        write_none(p->w, "files");
    else if (!file_write_hung(db, p->cards.a, p->w, SUBJECT_CASE, p->c.id, false,
                              arena_printf(p->cards.a, "/api/v1/cases/%s", id), e))
        return false;
    if (!p->hangs.referrals)
        write_none(p->w, "referrals");
    else if (!write_referrals(db, p->w, &p->c, p->cards.actor->lang, e))
        return false;
    if (!p->hangs.links)
        write_none(p->w, "links");
    return !p->hangs.links || write_links(db, p->w, &p->c, e);
}

static bool write_work(struct page *p, struct error *e)
{
    struct cards *k = &p->cards;
    struct jw *w = p->w;
    struct name finder, committee;

    if (!names_get(&k->names, k->db, k->a, NAME_ACCOUNT, p->c.finder, &finder, e) ||
        !names_get(&k->names, k->db, k->a, NAME_COMMITTEE, p->c.unit, &committee, e))
        return false;
    if (committee.name.n == 0)
        return error_set(e, ERROR_NOT_FOUND, "unit");
    write_words(w, p->pack, &p->c, p->words);
    duty_write(w, k->a, p->pack, pack_category(p->pack, p->c.kind, p->c.category), p->words, k->actor->lang);
    write_own_fields(w, k->a, p->pack, &p->c, p->words);
    jw_ktext(w, "finder", finder.name);
    jw_kobject(w, "committee");
    jw_ktext(w, "code", committee.code);
    jw_ktext(w, "name", committee.name);
    jw_end_object(w);
    jw_karray(w, "clocks");
    for (size_t i = 0; i < p->clock_count; i++)
        clock_explain(k->core, p->pack, w, &p->clocks[i], time_now(), k->actor->lang, k->a);
    jw_end_array(w);
    if (p->c.kind == KIND_DISPUTE &&
        !mediation_write(k->core, k->db, k->a, w, k->actor, &p->c, p->pack, p->words, e))
        return false;
    return case_write_people(k->core, k->db, k->a, w, &p->c, p->words, k->actor->lang, e) && write_hanging(p, e);
}

bool case_write_made(struct core *core, struct db *db, struct arena *a, struct jw *w,
                     const struct actor *actor, struct id uuid, struct error *e)
{
    struct case_row c;
    enum sight sight;
    if (!case_load(db, a, uuid, false, &c, e) || !scope_sight(db, actor, &c, &sight, e))
        return false;
    if (sight != SIGHT_WORK && sight != SIGHT_CARD)
        return error_set(e, ERROR_NOT_FOUND, NULL);
    return case_write_card(core, db, a, w, actor, &c, sight == SIGHT_CARD, e);
}

static bool write_page(struct page *p, enum sight sight, struct error *e)
{
    struct cards *k = &p->cards;
    bool ok;

    jw_object(p->w);
    ok = card_members(k, p->w, &p->c, json_text(p->words, "title"), p->clocks, p->clock_count, e) &&
         (sight != SIGHT_WORK || write_work(p, e));
    if (ok) {
        power_write(p->w, k->a, p->pack, p->c.kind, "");
        struct gate_view view = {
            .core = k->core, .db = k->db, .arena = k->a, .pack = p->pack, .c = &p->c, .words = p->words};
        verb_write_open(p->w, &view, k->actor, p->hangs.role);
        jw_key(p->w, "timeline");
        ok = card_timeline(k, p->w, &p->c, p->pack, sight, e);
    }
    jw_end_object(p->w);
    return ok;
}

bool case_write_page(struct core *core, struct db *db, struct arena *a, struct jw *w,
                     const struct actor *actor, struct id uuid, int64_t *ret_logged, struct error *e)
{
    struct page p = {.w = w};
    struct case_row *c = &p.c;
    enum sight sight;

    if (ret_logged != NULL)
        *ret_logged = 0;
    if (!case_load(db, a, uuid, false, c, e) || !read_hanging(db, c, actor, &p.hangs, e) ||
        !scope_sight_as(db, actor, c, p.hangs.role, &sight, e))
        return false;
    if (sight != SIGHT_WORK && sight != SIGHT_CARD)
        return error_set(e, ERROR_NOT_FOUND, NULL);
    if (ret_logged != NULL && sight == SIGHT_WORK && case_logged(c))
        *ret_logged = c->id;
    p.cards = cards_open(core, db, a, actor);
    p.pack = core_pack(core, db, c->pack, e);
    p.clock_count = clock_rows(db, a, c->id, &p.clocks, e);
    p.words = sight == SIGHT_WORK ? card_words(core, a, c, actor->lang, e) : NULL;
    bool ok = p.pack != NULL && (p.words != NULL || sight == SIGHT_CARD) && write_page(&p, sight, e);
    json_decref(p.words);
    return ok;
}

bool case_write_public(struct core *core, struct db *db, struct arena *a, struct jw *w,
                       const struct actor *actor, struct error *e)
{
    struct case_row c;
    struct clock_row *clocks;
    struct str place;

    if (!case_load_id(db, a, actor->case_id, &c, e) || !unit_full_name(db, a, c.unit, UNIT_COMMITTEE, &place, e))
        return false;
    const struct pack *pack = core_pack(core, db, c.pack, e);
    json_t *words = card_words(core, a, &c, actor->lang, e);
    size_t n = clock_rows(db, a, c.id, &clocks, e);
    if (pack == NULL || words == NULL) {
        json_decref(words);
        return false;
    }
    jw_object(w);
    jw_ktext(w, "number", c.number);
    jw_kz(w, "kind", kind_code(c.kind));
    jw_ktext(w, "kind_label", pack->kinds[c.kind].short_label);
    jw_kz(w, "state", state_code(c.state));
    jw_ktext(w, "state_label", pack->kinds[c.kind].states[c.state]);
    jw_ktext(w, "unit", place);
    jw_ktime(w, "reported_at", c.reported_at);
    jw_ktext(w, "title", json_text(words, "title"));
    jw_ktext(w, "text", json_text(words, "text"));
    jw_ktext(w, "result", json_text(words, "result"));
    jw_kint(w, "rev", c.rev);
    card_due(w, pack, &c, time_now());
    card_promises(w, clocks, n, time_now());
    write_judgement(w, &c, words);
    bool ok = file_write_hung(db, a, w, SUBJECT_CASE, c.id, true, "/api/v1/track", e) &&
              account_write_steward(core, db, a, w, c.scope, e);
    struct gate_view view = {.core = core, .db = db, .arena = a, .pack = pack, .c = &c, .words = words};
    verb_write_open(w, &view, actor, 0);
    jw_key(w, "steps");
    ok = ok && case_write_timeline(core, db, a, w, &c, pack, SIGHT_PUBLIC, e);
    jw_end_object(w);
    json_decref(words);
    return ok;
}
