#include "core/repeats.h"

#include <stdlib.h>

#include "base/buf.h"
#include "core/scope.h"
#include "core/search_fold.h"
#include "core/unit.h"

enum {
    FOUND_MOST = DB_MANY,
    SHOWN_MOST = 8,
    LIKE = 30, /* of a hundred pairs of characters */
    PAIRS_MOST = 1024
};

enum why { WHY_PERSON = 1, WHY_NAME = 2, WHY_PLOT = 4, WHY_TEXT = 8 };
static const char *const why_codes[] = {"person", "name", "plot", "text"};

struct found {
    int64_t ids[FOUND_MOST];
    unsigned why[FOUND_MOST];
    size_t n;
};

static void note(struct found *f, int64_t id, enum why why)
{
    size_t i = 0;
    while (i < f->n && f->ids[i] != id)
        i++;
    if (i == FOUND_MOST)
        return;
    if (i == f->n) {
        f->ids[f->n] = id;
        f->why[f->n++] = 0;
    }
    f->why[i] |= why;
}

static bool collect(struct db *db, struct found *f, enum why why, struct error *e, const char *sql,
                    const struct db_arg *args, size_t n)
{
    struct db_rows r;
    if (!db_rows(db, &r, e, sql, args, n))
        return false;
    while (db_next(&r))
        note(f, db_int(&r, 0), why);
    return db_end(&r, e);
}

/* ---- Plots --------------------------------------------------------------------------------------------- */

/* 东头 二亩地 and 东头二亩地。 are one plot: what parts words is left out. */
static bool plot_index(const struct core *core, struct arena *a, struct str plot, unsigned char out[HASH_BYTES])
{
    struct folded f;
    struct buf b = BUF_INIT(BUF_SEALED);
    fold(a, plot, &f);
    for (size_t i = 0; i < f.n; i++)
        if (fold_class(f.c[i]) != FOLD_GAP)
            buf_addf(&b, "%x.", (unsigned)f.c[i]);
    bool some = b.n > 0;
    blind_index(core->keys, "plot", buf_str(&b), out);
    buf_free(&b);
    return some;
}

bool repeats_set_plot(struct work *w, struct str plot, struct error *e)
{
    unsigned char ix[HASH_BYTES];
    if (!plot_index(w->core, w->arena, plot, ix))
        return db_exec(w->db, e, "delete from case_plot where case_id = ?1", ARGS(INT(w->c.id)));
    return db_exec(
        w->db, e,
        "insert into case_plot(case_id, ix) values(?1, ?2) on conflict(case_id) do update set ix = excluded.ix",
        ARGS(INT(w->c.id), BYTES(ix, HASH_BYTES)));
}

/* ---- Like words ---------------------------------------------------------------------------------------- */

static int by_value(const void *x, const void *y)
{
    const uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return a < b ? -1 : a > b;
}

struct pairs {
    uint64_t v[PAIRS_MOST];
    size_t n;
};

/* The overlapping pairs of characters, each once. */
static void pairs_of(struct arena *a, const json_t *words, struct pairs *ret)
{
    struct folded f;
    size_t n = 0;
    fold(a,
         str_of(arena_printf(a, "%s\n%s", arena_z(a, json_text(words, "title")),
                             arena_z(a, json_text(words, "text")))),
         &f);
    for (size_t i = 0; i + 1 < f.n && n < PAIRS_MOST; i++)
        if (fold_class(f.c[i]) != FOLD_GAP && fold_class(f.c[i + 1]) != FOLD_GAP)
            ret->v[n++] = (uint64_t)f.c[i] << 32 | f.c[i + 1];
    qsort(ret->v, n, sizeof ret->v[0], by_value);
    ret->n = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || ret->v[i] != ret->v[i - 1])
            ret->v[ret->n++] = ret->v[i];
}

/* Of a hundred pairs of both together, how many stand in both. */
static size_t likeness(const struct pairs *a, const struct pairs *b)
{
    size_t i = 0, j = 0, both = 0;
    while (i < a->n && j < b->n) {
        if (a->v[i] < b->v[j]) {
            i++;
        } else if (a->v[i] > b->v[j]) {
            j++;
        } else {
            both++;
            i++;
            j++;
        }
    }
    size_t all = a->n + b->n - both;
    return all > 0 ? both * 100 / all : 0;
}

/* Of the newest disputes of the same village; of more it would take longer than the page may. */
static bool collect_like(struct core *core, struct db *db, struct arena *a, const struct case_row *c,
                         const json_t *words, struct found *f, struct error *e)
{
    int64_t ids[DB_MANY]; /* the newest of the village whose words are looked at */
    size_t n = 0;
    struct db_rows r;
    struct pairs *own = ARENA_NEW(a, struct pairs), *other = ARENA_NEW(a, struct pairs);

    if (!db_rows(db, &r, e,
                 "select id from cases where scope = ?1 and kind = ?2 and id <> ?3 and key is not null order by reported_at desc limit 50",
                 ARGS(INT(c->scope), INT(KIND_DISPUTE), INT(c->id))))
        return false;
    while (n < DB_MANY && db_next(&r))
        ids[n++] = db_int(&r, 0);
    if (!db_end(&r, e))
        return false;
    struct case_row *rows = ARENA_ARRAY(a, struct case_row, DB_MANY);
    if (n == 0 || !case_load_many(db, a, ids, n, rows, e))
        return n == 0;
    pairs_of(a, words, own);
    for (size_t i = 0; i < n; i++) {
        json_t *theirs = rows[i].id != 0 ? case_words(core, a, &rows[i], NULL) : NULL;
        pairs_of(a, theirs, other);
        if (theirs != NULL && likeness(own, other) >= LIKE)
            note(f, rows[i].id, WHY_TEXT);
        json_decref(theirs);
    }
    return true;
}

/* ---- Shown --------------------------------------------------------------------------------------------- */

/* One namesake says little; two parties of the same names are the same two. */
static bool collect_people(struct db *db, const struct case_row *c, const struct unit *committee,
                           struct found *f, struct error *e)
{
    return collect(db, f, WHY_PERSON, e,
                   "select distinct k.id from case_person p join case_person q on q.person = p.person and q.case_id <> p.case_id and q.role = 2 "
                   "join cases k on k.id = q.case_id where p.case_id = ?1 and p.role = 2 and k.kind = ?2 order by k.id desc limit 20",
                   ARGS(INT(c->id), INT(KIND_DISPUTE))) &&
           collect(db, f, WHY_NAME, e,
                   "select k.id from case_person p join person a on a.id = p.person join person b on b.name_ix = a.name_ix and b.id <> a.id "
                   "join case_person q on q.person = b.id and q.role = 2 and q.case_id <> p.case_id join cases k on k.id = q.case_id "
                   "where p.case_id = ?1 and p.role = 2 and b.scope >= ?3 and b.scope < ?4 and k.kind = ?2 "
                   "group by k.id having count(distinct a.id) >= 2 order by k.id desc limit 20",
                   ARGS(INT(c->id), INT(KIND_DISPUTE), INT(committee->ord), INT(committee->ord_end)));
}

static void write_one(struct core *core, struct db *db, struct arena *a, struct jw *w,
                      const struct case_row *row, unsigned why)
{
    char id[ID_TEXT];
    json_t *words = case_words(core, a, row, NULL);
    const struct pack *pack = core_pack(core, db, row->pack, NULL);

    id_format(row->uuid, id);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_ktext(w, "number", row->number);
    jw_ktext(w, "title", json_text(words, "title"));
    jw_ktext(w, "state_label", pack != NULL ? pack->kinds[row->kind].states[row->state] : STR(""));
    jw_ktime(w, "reported_at", row->reported_at);
    jw_karray(w, "why");
    for (unsigned i = 0; i < sizeof why_codes / sizeof why_codes[0]; i++)
        if ((why >> i & 1) != 0)
            jw_text(w, str_of(why_codes[i]));
    jw_end_array(w);
    jw_end_object(w);
    json_decref(words);
}

static bool write_found(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct actor *actor, const struct found *f, struct error *e)
{
    struct case_row *rows = ARENA_ARRAY(a, struct case_row, FOUND_MOST);
    enum sight sights[FOUND_MOST];
    bool used[FOUND_MOST] = {false};

    if (f->n == 0)
        return true;
    if (!case_load_many(db, a, f->ids, f->n, rows, e) || !scope_sights(db, actor, rows, f->n, sights, e))
        return false;
    for (size_t shown = 0; shown < SHOWN_MOST; shown++) {
        size_t newest = f->n;
        for (size_t i = 0; i < f->n; i++)
            if (!used[i] && sights[i] == SIGHT_WORK &&
                (newest == f->n || rows[i].reported_at > rows[newest].reported_at))
                newest = i;
        if (newest == f->n)
            break;
        used[newest] = true;
        write_one(core, db, a, w, &rows[newest], f->why[newest]);
    }
    return true;
}

bool repeats_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                   const struct case_row *c, const json_t *words, struct error *e)
{
    struct found f = {.n = 0};
    struct unit committee;

    if (!unit_above(db, a, c->unit, UNIT_COMMITTEE, &committee, e) || !collect_people(db, c, &committee, &f, e) ||
        !collect(db, &f, WHY_PLOT, e,
                 "select q.case_id from case_plot p join case_plot q on q.ix = p.ix and q.case_id <> p.case_id where p.case_id = ?1 limit 20",
                 ARGS(INT(c->id))) ||
        /* what has ended needs no likeness: the words of fifty others cost four times the rest of the page */
        ((IN_ENDED >> c->state & 1) == 0 && !collect_like(core, db, a, c, words, &f, e)))
        return false;
    jw_karray(w, "repeats");
    bool ok = write_found(core, db, a, w, actor, &f, e);
    jw_end_array(w);
    return ok;
}
