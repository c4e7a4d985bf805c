#include "core/mediation.h"

#include <stdio.h>

#include "base/time.h"
#include "core/repeats.h"
#include "core/vault.h"

bool mediation_sides(struct db *db, int64_t case_id, struct sides *ret, struct error *e)
{
    struct db_rows r;
    ret->n = 0;
    if (!db_rows(db, &r, e,
                 "select distinct side from case_person where case_id = ?1 and role = ?2 and side > 0 order by side",
                 ARGS(INT(case_id), INT(ROLE_PARTY))))
        return false;
    while (ret->n < SIDES_MOST && db_next(&r))
        ret->list[ret->n++] = db_int(&r, 0);
    return db_end(&r, e);
}

const json_t *mediation_of(const json_t *words)
{
    return json_object_get(words, "mediation");
}

const json_t *mediation_consent(const json_t *mediation, int64_t side)
{
    char key[24];
    (void)snprintf(key, sizeof key, "%lld", (long long)side);
    return json_object_get(json_object_get(mediation, "consents"), key);
}

bool mediation_all_agreed(const json_t *mediation, const struct sides *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (!json_flag(mediation_consent(mediation, s->list[i]), "given"))
            return false;
    return s->n >= 2;
}

static const json_t *instalments(const json_t *mediation)
{
    return json_object_get(json_object_get(mediation, "agreement"), "instalments");
}

int64_t instalment_paid(const json_t *mediation, int64_t n)
{
    int64_t paid = 0;
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(mediation, "performed"), i, row)
        if (json_int(row, "n", 0) == n)
            paid += json_int(row, "amount", 0);
    return paid;
}

bool instalment_done(const json_t *mediation, int64_t n)
{
    const json_t *row = json_array_get(instalments(mediation), (size_t)n - 1);
    return row != NULL && instalment_paid(mediation, n) >= json_int(row, "amount", 0);
}

bool mediation_next_due(const json_t *mediation, int32_t *ret)
{
    size_t i;
    const json_t *row;
    bool found = false;

    json_array_foreach(instalments(mediation), i, row) {
        int32_t day;
        if (instalment_done(mediation, (int64_t)i + 1) || !date_parse(json_text(row, "due"), &day))
            continue;
        if (!found || day < *ret)
            *ret = day;
        found = true;
    }
    return found;
}

const char *fen_text(struct arena *a, int64_t fen)
{
    return fen % 100 == 0 ? arena_printf(a, "%lld", (long long)(fen / 100))
                          : arena_printf(a, "%lld.%02lld", (long long)(fen / 100), (long long)(fen % 100));
}

bool mediation_has_paper(const json_t *mediation, const char *paper)
{
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(mediation, "papers"), i, row)
        if (str_is(json_text(row, "paper"), paper))
            return true;
    return false;
}

/* By their ids: PostgreSQL, asked for a join, would rather walk all activities while there are few. */
#define ACTIVITIES_OF_CASE                                                                                   \
    "a.id {sqlite:in (}{pg:= any(array(}select activity from activity_case where case_id = ?1{sqlite:)}{pg:))}"

bool mediation_sessions(struct db *db, int64_t case_id, int64_t *ret, struct error *e)
{
    return db_one_int(db, ret, 0, e,
                      "select count(*) from activity a where " ACTIVITIES_OF_CASE
                      " and a.type = ?2 and a.state = ?3",
                      ARGS(INT(case_id), INT(ACT_SESSION), INT(HELD)));
}

/* ---- The page ------------------------------------------------------------------------------------------ */

static void write_sides(struct jw *w, const json_t *mediation, const struct sides *s)
{
    jw_karray(w, "sides");
    for (size_t i = 0; i < s->n; i++) {
        const json_t *consent = mediation_consent(mediation, s->list[i]);
        jw_object(w);
        jw_kint(w, "side", s->list[i]);
        jw_kz(w, "consent", consent == NULL ? "none" : json_flag(consent, "given") ? "given" : "refused");
        jw_ktext(w, "how", json_text(consent, "how"));
        jw_ktime(w, "at", json_int(consent, "at", 0));
        jw_kbool(w, "identity_seen", json_flag(consent, "identity_seen"));
        jw_end_object(w);
    }
    jw_end_array(w);
}

static void write_instalments(struct jw *w, const json_t *mediation)
{
    int32_t due = 0;
    size_t i;
    const json_t *row;

    jw_karray(w, "instalments");
    json_array_foreach(instalments(mediation), i, row) {
        int64_t n = (int64_t)i + 1;
        bool done = instalment_done(mediation, n);
        (void)date_parse(json_text(row, "due"), &due);
        jw_object(w);
        jw_kint(w, "n", n);
        jw_kint(w, "from", json_int(row, "from", 0));
        jw_kint(w, "to", json_int(row, "to", 0));
        jw_kint(w, "amount", json_int(row, "amount", 0));
        jw_kint(w, "paid", instalment_paid(mediation, n));
        jw_ktext(w, "due", json_text(row, "due"));
        jw_ktext(w, "how", json_text(row, "how"));
        jw_kz(w, "state", done ? "done" : due < day_of(time_now()) ? "missed" : "open");
        jw_end_object(w);
    }
    jw_end_array(w);
}

/* What earlier rounds had agreed on: it belongs into the file. */
static void write_earlier(struct jw *w, const json_t *words)
{
    const json_t *round;
    size_t i;
    jw_karray(w, "earlier");
    json_array_foreach(json_object_get(words, "rounds"), i, round) {
        const json_t *done = json_object_get(round, "signed");
        jw_object(w);
        jw_ktext(w, "terms", json_text(json_object_get(round, "agreement"), "terms"));
        jw_ktext(w, "signed_on", json_text(done, "on"));
        jw_kjson(w, "files", json_object_get(done, "files"));
        jw_end_object(w);
    }
    jw_end_array(w);
}

static void write_papers(struct jw *w, const struct pack *pack, const json_t *mediation)
{
    size_t i;
    const json_t *row;
    jw_karray(w, "papers");
    json_array_foreach(json_object_get(mediation, "papers"), i, row) {
        jw_object(w);
        jw_ktext(w, "paper", json_text(row, "paper"));
        jw_ktext(w, "label", pack_label(pack, "mediation.papers", json_text(row, "paper")));
        jw_ktext(w, "on", json_text(row, "on"));
        jw_ktext(w, "note", json_text(row, "note"));
        jw_kjson(w, "files", json_object_get(row, "files"));
        jw_end_object(w);
    }
    jw_end_array(w);
}

static void write_session(struct core *core, struct arena *a, struct jw *w, struct db_rows *r)
{
    struct key key;
    char id[ID_TEXT];
    json_t *words = vault_key(core, db_blob(r, 5), &key, NULL)
                        ? vault_open(a, &key, "activity", db_blob(r, 6), NULL)
                        : NULL;
    id_format(db_id(r, 0), id);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_kz(w, "state", activity_state_code((enum activity_state)db_int(r, 1)));
    jw_ktime(w, "at", db_int(r, 2));
    jw_kint(w, "minutes", db_int(r, 3));
    jw_kint(w, "rev", db_int(r, 4));
    jw_ktext(w, "place", json_text(words, "place"));
    jw_ktext(w, "text", json_text(words, "text"));
    jw_ktext(w, "came", json_text(words, "came"));
    jw_ktext(w, "result", json_text(words, "result"));
    jw_key(w, "steps");
    if (json_is_array(json_object_get(words, "steps")))
        jw_json(w, json_object_get(words, "steps"));
    else
        jw_raw(w, STR("[]"));
    jw_key(w, "told");
    if (json_is_array(json_object_get(words, "told")))
        jw_json(w, json_object_get(words, "told"));
    else
        jw_raw(w, STR("[]"));
    jw_end_object(w);
    json_decref(words);
}

static bool write_sessions(struct core *core, struct db *db, struct arena *a, struct jw *w,
                           const struct case_row *c, struct error *e)
{
    struct db_rows r;
    if (!db_rows(db, &r, e,
                 "select a.uuid, a.state, a.happened_at, coalesce(a.minutes, 0), a.rev, a.key, a.sealed from activity a "
                 "where " ACTIVITIES_OF_CASE " and a.type = ?2 order by a.happened_at, a.id",
                 ARGS(INT(c->id), INT(ACT_SESSION))))
        return false;
    jw_karray(w, "sessions");
    while (db_next(&r))
        write_session(core, a, w, &r);
    jw_end_array(w);
    return db_end(&r, e);
}

bool mediation_may_draw(const struct category *category)
{
    const json_t *own = json_object_get(category != NULL ? category->row : NULL, "e_sign");
    if (own == NULL && category != NULL)
        own = json_object_get(category->parent_row, "e_sign");
    return category != NULL && !json_is_false(own);
}

/* Where else the parties may go, of the category or of all (People's Mediation Law, art. 26). */
struct str mediation_guidance(const struct pack *pack, const struct category *category)
{
    struct str own = category != NULL ? json_text(category->row, "guidance_on_end") : STR("");
    if (own.n == 0 && category != NULL)
        own = json_text(category->parent_row, "guidance_on_end");
    return own.n > 0 ? own : json_text(json_object_get(pack->doc, "mediation"), "guidance");
}

bool mediation_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                     const struct case_row *c, const struct pack *pack, const json_t *words, struct error *e)
{
    const json_t *m = mediation_of(words);
    struct sides s;
    bool agreed = (c->flags & FLAG_AGREED) != 0;

    if (!mediation_sides(db, c->id, &s, e))
        return false;
    jw_kobject(w, "mediation");
    write_sides(w, m, &s);
    jw_kint(w, "term_days", json_int(m, "term_days", 0));
    jw_ktime(w, "started_at", json_int(m, "started_at", 0));
    jw_kjson(w, "extension", json_object_get(m, "extension"));
    jw_kjson(w, "agreement", json_object_get(m, "agreement"));
    jw_kjson(w, "signed", json_object_get(m, "signed"));
    jw_kbool(w, "may_draw", mediation_may_draw(pack_category(pack, c->kind, c->category)));
    jw_kjson(w, "adopted", json_object_get(m, "adopted"));
    jw_kjson(w, "confirmation", json_object_get(m, "confirmation"));
    jw_ktime(w, "effective_at", agreed ? c->settled_at : 0);
    jw_ktext(w, "archive_no", json_text(m, "archive_no"));
    jw_ktext(w, "guidance", mediation_guidance(pack, pack_category(pack, c->kind, c->category)));
    jw_kint(w, "rounds", (int64_t)json_array_size(json_object_get(words, "rounds")));
    jw_key(w, "performed");
    if (json_is_array(json_object_get(m, "performed")))
        jw_json(w, json_object_get(m, "performed"));
    else
        jw_raw(w, STR("[]"));
    write_instalments(w, m);
    write_earlier(w, words);
    write_papers(w, pack, m);
    bool ok = write_sessions(core, db, a, w, c, e) && repeats_write(core, db, a, w, actor, c, words, e);
    jw_end_object(w);
    return ok;
}
