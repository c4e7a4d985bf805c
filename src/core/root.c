#include "core/root.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "core/case_read.h"
#include "core/scope.h"
#include "core/unit.h"

/* A committee has a few hundred in a quarter; of a whole district the newest are looked at. */
enum { CASES_MOST = 1500, CASES_OF_ONE = 150, PAIRS_MOST = 160, WORDS_LOOKED_AT = 120, CLUSTER_MOST = 50 };

enum why { WHY_WORDS, WHY_NEAR, WHY_PLACE };

struct seen {
    struct case_row c;
    uint32_t pairs[PAIRS_MOST]; /* of neighbouring characters, sorted */
    size_t pair_count;
    size_t parent; /* of the forest of those that belong together */
    enum why why;
};

struct rooting {
    struct core *core;
    struct db *db;
    struct arena *a;
    const struct actor *actor;
    const struct case_row *only; /* of its kind and category alone; null: all */
    struct seen *v;
    size_t n;
};

/* ---- Alike --------------------------------------------------------------------------------------------- */

static int by_number(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

/* Pairs of neighbouring characters, each once; what is no letter parts them. */
static void add_pairs(struct seen *s, struct str text)
{
    uint32_t last = 0;
    text = str_head(text, WORDS_LOOKED_AT);
    for (size_t i = 0; i < text.n;) {
        unsigned char lead = (unsigned char)text.p[i];
        size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        uint32_t letter = 0;
        for (size_t k = 0; k < size && i + k < text.n; k++)
            letter = letter << 8 | (unsigned char)text.p[i + k];
        i += size;
        if (size == 1 || (letter >= 0xe38080 && letter <= 0xe380bf) || letter >= 0xefbc80) { /* latin, punctuation */
            last = 0;
            continue;
        }
        if (last != 0 && s->pair_count < PAIRS_MOST)
            s->pairs[s->pair_count++] = last * UINT32_C(2654435761) ^ letter;
        last = letter;
    }
}

static void read_pairs(struct seen *s, const json_t *words)
{
    size_t kept = 0;
    add_pairs(s, json_text(words, "title"));
    add_pairs(s, json_text(words, "place"));
    add_pairs(s, json_text(words, "text"));
    qsort(s->pairs, s->pair_count, sizeof *s->pairs, by_number);
    for (size_t i = 0; i < s->pair_count; i++)
        if (kept == 0 || s->pairs[kept - 1] != s->pairs[i])
            s->pairs[kept++] = s->pairs[i];
    s->pair_count = kept;
}

/* Two thirds of what the shorter one says stand in the other; a line of three words says too little. */
static bool words_alike(const struct seen *x, const struct seen *y)
{
    size_t i = 0, k = 0, both = 0, least = x->pair_count < y->pair_count ? x->pair_count : y->pair_count;
    while (i < x->pair_count && k < y->pair_count) {
        if (x->pairs[i] == y->pairs[k]) {
            both++;
            i++;
            k++;
        } else if (x->pairs[i] < y->pairs[k]) {
            i++;
        } else {
            k++;
        }
    }
    return least >= 5 && both * 3 >= least * 2;
}

static bool near(const struct case_row *x, const struct case_row *y)
{
    const double metres = 111320e-7, radian = 3.14159265358979 / 180;
    if ((x->lat == 0 && x->lon == 0) || (y->lat == 0 && y->lon == 0))
        return false;
    double dy = (double)(x->lat - y->lat) * metres;
    double dx = (double)(x->lon - y->lon) * metres * cos((double)x->lat * 1e-7 * radian);
    return dx * dx + dy * dy <= (double)ROOT_METRES * ROOT_METRES;
}

/* Same kind and category; and the same place, one within fifty metres, or like words in the same group. */
static bool belong(const struct seen *x, const struct seen *y, enum why *ret)
{
    if (x->c.kind != y->c.kind || !str_eq(x->c.category, y->c.category))
        return false;
    if (x->c.place != 0 && x->c.place == y->c.place)
        *ret = WHY_PLACE;
    else if (near(&x->c, &y->c))
        *ret = WHY_NEAR;
    else if (x->c.unit == y->c.unit && words_alike(x, y))
        *ret = WHY_WORDS;
    else
        return false;
    return true;
}

static size_t head_of(struct seen *v, size_t i)
{
    while (v[i].parent != i)
        i = v[i].parent = v[v[i].parent].parent;
    return i;
}

static void join(struct rooting *r)
{
    enum why why;
    for (size_t i = 0; i < r->n; i++)
        for (size_t k = 0; k < i; k++) {
            if (!belong(&r->v[i], &r->v[k], &why))
                continue;
            size_t x = head_of(r->v, i), y = head_of(r->v, k), low = x < y ? x : y;
            r->v[x > y ? x : y].parent = low;
            if (why > r->v[low].why)
                r->v[low].why = why;
        }
}

/* ---- Reading ------------------------------------------------------------------------------------------- */

static bool take(struct rooting *r, const struct case_row *rows, size_t n, struct error *e)
{
    enum sight sights[DB_MANY];

    if (!scope_sights(r->db, r->actor, rows, n, sights, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct error ignored;
        if (rows[i].id == 0 || sights[i] != SIGHT_WORK || rows[i].key.n == 0)
            continue;
        json_t *words = case_words(r->core, r->a, &rows[i], &ignored);
        struct seen *s = &r->v[r->n];
        *s = (struct seen){.c = rows[i], .parent = r->n};
        read_pairs(s, words);
        json_decref(words);
        r->n++;
    }
    return true;
}

static bool read_cases(struct rooting *r, int64_t lo, int64_t hi, struct error *e)
{
    int64_t *ids = ARENA_ARRAY(r->a, int64_t, CASES_MOST);
    struct case_row *rows = ARENA_ARRAY(r->a, struct case_row, DB_MANY);
    size_t n = 0;
    struct db_rows q;
    const struct case_row *only = r->only;

    /* A case that stands for a cause is none of those behind it. */
    if (!db_rows(r->db, &q, e,
                 "select id from cases where scope >= ?1 and scope < ?2 and reported_at > ?3 and state not in (6, 7, 8) "
                 "and not exists (select 1 from case_link l where l.other = cases.id and l.relation = ?4) and (?6 = 0 or (kind = ?6 and category = ?7)) order by reported_at desc limit ?5",
                 ARGS(INT(lo), INT(hi), INT(time_now() - (int64_t)ROOT_DAYS * TIME_DAY), INT(LINK_ROOT),
                      INT(only != NULL ? CASES_OF_ONE : CASES_MOST), INT(only != NULL ? only->kind : 0),
                      TEXT(only != NULL ? only->category : STR("")))))
        return false;
    while (n < CASES_MOST && db_next(&q))
        ids[n++] = db_int(&q, 0);
    if (!db_end(&q, e))
        return false;
    r->v = ARENA_ARRAY(r->a, struct seen, n + 1);
    for (size_t i = 0; i < n; i += DB_MANY) {
        size_t some = n - i < DB_MANY ? n - i : DB_MANY;
        if (!case_load_many(r->db, r->a, ids + i, some, rows, e) || !take(r, rows, some, e))
            return false;
    }
    return true;
}

/* ---- Proposals ----------------------------------------------------------------------------------------- */

struct cluster {
    size_t at[CLUSTER_MOST]; /* newest first */
    size_t n;
    int64_t root; /* stands for some of them */
    bool settled; /* all are behind it, or somebody said that there is no common cause */
    enum why why;
};

static bool root_of(struct rooting *r, int64_t id, int64_t *ret, struct error *e)
{
    return db_one_int(r->db, ret, 0, e,
                      "select other from case_link where case_id = ?1 and relation = ?2 limit 1",
                      ARGS(INT(id), INT(LINK_ROOT)));
}

/* What was said of this very set (its newest and its first) holds until a new case joins. */
static bool judge(struct rooting *r, struct cluster *c, struct error *e)
{
    int64_t newest = r->v[c->at[0]].c.id, first = r->v[c->at[c->n - 1]].c.id, said, one;
    size_t behind = 0;

    for (size_t i = 0; i < c->n; i++) {
        if (!root_of(r, r->v[c->at[i]].c.id, &one, e))
            return false;
        if (one != 0) {
            c->root = one;
            behind++;
        }
    }
    if (!db_one_int(r->db, &said, 0, e,
                    "select 1 from case_link where case_id = ?1 and other = ?2 and relation = ?3",
                    ARGS(INT(newest), INT(first), INT(LINK_NO_ROOT))))
        return false;
    c->settled = behind == c->n || said != 0;
    return true;
}

static const char *why_code(enum why why)
{
    return why == WHY_PLACE ? "place" : why == WHY_NEAR ? "near" : "words";
}

static bool write_root(struct rooting *r, struct jw *w, int64_t root, struct error *e)
{
    struct case_row c;
    char id[ID_TEXT];

    jw_key(w, "root");
    if (root == 0) {
        jw_null(w);
        return true;
    }
    if (!case_load_id(r->db, r->a, root, &c, e))
        return false;
    id_format(c.uuid, id);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_ktext(w, "number", c.number);
    jw_end_object(w);
    return true;
}

static bool write_one(struct rooting *r, struct jw *w, const struct cluster *c, struct error *e)
{
    const struct case_row *newest = &r->v[c->at[0]].c, *first = &r->v[c->at[c->n - 1]].c;
    const struct pack *pack = core_pack(r->core, r->db, newest->pack, e);
    int64_t ids[CLUSTER_MOST];
    struct unit u;

    if (pack == NULL || !unit_load(r->db, r->a, newest->unit, &u, e))
        return false;
    const struct category *category = pack_category(pack, newest->kind, newest->category);
    for (size_t i = 0; i < c->n; i++)
        ids[i] = r->v[c->at[i]].c.id;
    jw_object(w);
    jw_kz(w, "kind", kind_code(newest->kind));
    jw_ktext(w, "kind_label", pack->kinds[newest->kind].short_label);
    jw_ktext(w, "category", newest->category);
    jw_ktext(w, "category_label", category != NULL ? category->label : newest->category);
    jw_kobject(w, "unit");
    jw_ktext(w, "code", u.code);
    jw_ktext(w, "name", u.name);
    jw_end_object(w);
    jw_kz(w, "why", why_code(c->why));
    jw_kint(w, "days", (newest->reported_at - first->reported_at) / TIME_DAY + 1);
    if (!write_root(r, w, c->root, e))
        return false;
    jw_key(w, "cases");
    bool ok = case_write_rows(r->core, r->db, r->a, w, r->actor, ids, c->n, e);
    jw_end_object(w);
    return ok;
}

static int by_size(const void *x, const void *y)
{
    const struct cluster *const *a = x, *const *b = y;
    return (*b)->n > (*a)->n ? 1 : (*b)->n < (*a)->n ? -1 : 0;
}

static bool gather(struct rooting *r, struct cluster ***ret, size_t *ret_n, struct error *e)
{
    struct cluster **of = ARENA_ARRAY(r->a, struct cluster *, r->n + 1);
    *ret = ARENA_ARRAY(r->a, struct cluster *, r->n + 1);
    *ret_n = 0;
    memset(of, 0, (r->n + 1) * sizeof(struct cluster *));
    for (size_t i = 0; i < r->n; i++) {
        size_t head = head_of(r->v, i);
        if (of[head] == NULL) {
            of[head] = ARENA_NEW(r->a, struct cluster);
            *of[head] = (struct cluster){.why = r->v[head].why};
        }
        if (of[head]->n < CLUSTER_MOST)
            of[head]->at[of[head]->n++] = i;
    }
    for (size_t i = 0; i < r->n; i++) {
        if (of[i] == NULL || of[i]->n < ROOT_TIMES)
            continue;
        if (!judge(r, of[i], e))
            return false;
        if (!of[i]->settled)
            (*ret)[(*ret_n)++] = of[i];
    }
    qsort(*ret, *ret_n, sizeof(struct cluster *), by_size);
    return true;
}

bool root_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                int64_t lo, int64_t hi, struct error *e)
{
    struct rooting r = {.core = core, .db = db, .a = a, .actor = actor};
    struct cluster **found;
    size_t n;

    if (!read_cases(&r, lo, hi, e))
        return false;
    join(&r);
    if (!gather(&r, &found, &n, e))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    for (size_t i = 0; i < n; i++)
        if (!write_one(&r, w, found[i], e))
            return false;
    jw_end_array(w);
    jw_end_object(w);
    return true;
}

bool root_completed(struct core *core, struct db *db, struct arena *a, const struct case_row *c,
                    int64_t *ret_first, int64_t *ret_newest, struct error *e)
{
    const struct actor system = actor_system();
    struct rooting r = {.core = core, .db = db, .a = a, .actor = &system, .only = c};
    struct cluster **found;
    struct unit committee;
    size_t n;

    *ret_first = *ret_newest = 0;
    if (c->class != 0 || c->key.n == 0 || c->reported_at <= time_now() - (int64_t)ROOT_DAYS * TIME_DAY)
        return true;
    if (!unit_above(db, a, c->unit, UNIT_COMMITTEE, &committee, e) ||
        !read_cases(&r, committee.ord, committee.ord_end, e))
        return false;
    join(&r);
    if (!gather(&r, &found, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < found[i]->n; k++)
            if (r.v[found[i]->at[k]].c.id == c->id && found[i]->root == 0) {
                *ret_newest = r.v[found[i]->at[0]].c.id;
                *ret_first = r.v[found[i]->at[found[i]->n - 1]].c.id;
            }
    return true;
}

/* ---- Verbs --------------------------------------------------------------------------------------------- */

/* The cases that are named, each one that the actor reads. */
static bool named(struct work *w, size_t i, struct case_row *ret, struct error *e)
{
    const json_t *row = json_array_get(json_object_get(w->fields, "cases"), i);
    char at[32];
    enum sight sight;
    struct id uuid;

    (void)snprintf(at, sizeof at, "cases.%zu", i);
    if (!json_is_string(row) || !id_parse(str_of(json_string_value(row)), &uuid) ||
        !case_load(w->db, w->arena, uuid, false, ret, NULL) ||
        !scope_sight(w->db, w->actor, ret, &sight, e) || sight != SIGHT_WORK)
        return error_set(e, ERROR_NOT_FOUND, at);
    return ret->id != w->c.id || error_set(e, ERROR_NOT_ALLOWED_HERE, at);
}

static bool link_to(struct work *w, int64_t from, int64_t to, enum link_relation relation, struct error *e)
{
    return db_exec(w->db, e,
                   "insert into case_link(case_id, other, relation) values(?1, ?2, ?3) on conflict do nothing",
                   ARGS(INT(from), INT(to), INT(relation)));
}

bool apply_root(struct work *w, struct error *e)
{
    struct case_row one;
    size_t n = json_array_size(json_object_get(w->fields, "cases"));

    if (n == 0)
        return error_set(e, ERROR_MISSING, "cases");
    for (size_t i = 0; i < n; i++)
        if (!named(w, i, &one, e) || !link_to(w, one.id, w->c.id, LINK_ROOT, e))
            return false;
    return true;
}

bool apply_not_root(struct work *w, struct error *e)
{
    struct case_row one;
    size_t n = json_array_size(json_object_get(w->fields, "cases"));

    if (n == 0)
        return error_set(e, ERROR_MISSING, "cases");
    for (size_t i = 0; i < n; i++)
        if (!named(w, i, &one, e) || !link_to(w, w->c.id, one.id, LINK_NO_ROOT, e))
            return false;
    return true;
}
