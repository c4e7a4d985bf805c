#include "core/oral.h"

#include "base/time.h"
#include "core/account.h"
#include "core/case_read.h"
#include "core/mediation.h"
#include "core/unit.h"

enum { ORAL_MOST = 400 };

struct found {
    int64_t id, at;
};

/* A court may have confirmed what was agreed by word of mouth; then only the missing draft tells it from a written one. */
static bool find(struct db *db, const struct oral_filter *f, struct found *ret, size_t *ret_n, struct error *e)
{
    struct db_rows r;
    int64_t limit = f->limit < ORAL_MOST ? f->limit : ORAL_MOST;
    *ret_n = 0;
    if (!db_rows(db, &r, e,
                 "select id, settled_at from cases where scope >= ?1 and scope < ?2 and kind = ?3 and outcome in ('ORAL', 'SPOT_ORAL', 'CONFIRMED') "
                 "and settled_at >= ?4 and settled_at < ?5 and (settled_at, id) > (?6, ?7) order by settled_at, id limit ?8",
                 ARGS(INT(f->lo), INT(f->hi), INT(KIND_DISPUTE), INT(f->from), INT(f->to), INT(f->after_at),
                      INT(f->after_id), INT(limit))))
        return false;
    while (*ret_n < (size_t)limit && db_next(&r)) {
        ret[*ret_n].id = db_int(&r, 0);
        ret[(*ret_n)++].at = db_int(&r, 1);
    }
    return db_end(&r, e);
}

/* Who brought it about, or made an agreement of a reconciliation by asking both sides again. */
static bool mediator_of(struct core *core, struct db *db, struct arena *a, const struct case_row *c,
                        bool adopted, struct str *ret, struct error *e)
{
    int64_t account = c->settled_by;
    if (adopted &&
        !db_one_int(db, &account, account, e,
                    "select actor from journal where subject_kind = ?1 and subject = ?2 and verb = 'adopt' order by n desc limit 1",
                    ARGS(INT(SUBJECT_CASE), INT(c->id))))
        return false;
    *ret = STR("");
    return account == 0 || account_name(core, db, a, account, ret, e);
}

/* What the case says of its being kept: instalments, a proof in the file, a return visit. No word of it: nothing is claimed. */
static const char *performance_of(const struct case_row *c, const json_t *mediation)
{
    int64_t all =
        (int64_t)json_array_size(json_object_get(json_object_get(mediation, "agreement"), "instalments"));
    int64_t done = 0;
    for (int64_t n = 1; n <= all; n++)
        done += instalment_done(mediation, n);
    if (all > 0 && done < all)
        return "part";
    if (all > 0 || mediation_has_paper(mediation, "performance"))
        return "proved";
    return (c->flags & FLAG_HELD) != 0 ? "visited" : "open";
}

static bool write_words(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct actor *actor, const struct case_row *c, const json_t *words,
                        struct error *e)
{
    const json_t *m = mediation_of(words), *adopted = json_object_get(m, "adopted");
    struct str terms = json_text(adopted, "terms"), mediator;
    const char *kept = performance_of(c, m);
    bool withheld = case_logged(c);

    if (!mediator_of(core, db, a, c, json_is_object(adopted), &mediator, e))
        return false;
    jw_ktext(w, "title", json_text(words, "title"));
    jw_ktext(w, "text", withheld ? STR("") : json_text(words, "text"));
    jw_ktext(w, "terms", withheld ? STR("") : terms.n > 0 ? terms : json_text(words, "result"));
    jw_ktext(w, "archive_no", json_text(m, "archive_no"));
    jw_ktext(w, "mediator", mediator);
    jw_kz(w, "performance", kept);
    jw_kz(w, "performance_label", lang_word(actor->lang, arena_printf(a, "choice.performance.%s", kept)));
    jw_kbool(w, "withheld", withheld);
    if (!withheld)
        return case_write_people(core, db, a, w, c, words, actor->lang, e);
    jw_karray(w, "persons");
    jw_end_array(w);
    return true;
}

static bool write_one(struct core *core, struct db *db, struct arena *a, struct jw *w,
                      const struct actor *actor, const struct case_row *c, struct error *e)
{
    const struct pack *pack = core_pack(core, db, c->pack, e);
    json_t *words = pack != NULL ? case_words(core, a, c, NULL) : NULL;
    const struct category *category = pack != NULL ? pack_category(pack, c->kind, c->category) : NULL;
    struct str village;
    char id[ID_TEXT];

    if (pack == NULL || !unit_full_name(db, a, c->unit, UNIT_COMMITTEE, &village, e)) {
        json_decref(words);
        return false;
    }
    if (str_is(c->outcome, "CONFIRMED") && json_is_object(json_object_get(mediation_of(words), "agreement"))) {
        json_decref(words);
        return true;
    }
    id_format(c->uuid, id);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_ktext(w, "number", c->number);
    jw_ktime(w, "agreed_at", c->settled_at);
    jw_ktext(w, "unit", village);
    jw_ktext(w, "category_label", category != NULL ? category->label : c->category);
    bool ok = write_words(core, db, a, w, actor, c, words, e);
    jw_end_object(w);
    json_decref(words);
    return ok;
}

bool oral_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w,
                     const struct actor *actor, const struct oral_filter *f, struct error *e)
{
    struct found found[ORAL_MOST];
    struct case_row rows[DB_MANY];
    enum sight sights[DB_MANY];
    size_t n;

    if (!find(db, f, found, &n, e))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    for (size_t i = 0; i < n; i += DB_MANY) {
        int64_t ids[DB_MANY];
        size_t part = n - i < DB_MANY ? n - i : DB_MANY;
        for (size_t k = 0; k < part; k++)
            ids[k] = found[i + k].id;
        if (!case_load_many(db, a, ids, part, rows, e) || !scope_sights(db, actor, rows, part, sights, e))
            return false;
        for (size_t k = 0; k < part; k++)
            if (sights[k] == SIGHT_WORK && !write_one(core, db, a, w, actor, &rows[k], e))
                return false;
    }
    jw_end_array(w);
    int64_t limit = f->limit < ORAL_MOST ? f->limit : ORAL_MOST;
    jw_kz(w, "next",
          (int64_t)n == limit && n > 0
              ? arena_printf(a, "%lld.%lld", (long long)found[n - 1].at, (long long)found[n - 1].id)
              : NULL);
    jw_end_object(w);
    return true;
}
