/* Ready answers that fit what somebody asks: BM25 over the terms of those that hold for the place, with what they were chosen for before. */
#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "core/names.h"
#include "core/person.h"
#include "core/unit.h"
#include "core/vault.h"
#include "six/answer_terms.h"
#include "six/answers.h"

enum { ASKED_MOST = 200, DOCS_MOST = 20000, DRAFT_NAMES = 32, BECAUSE_MOST = 6 };
/* The usual constants of BM25. */
static const double k1 = 1.2, b = 0.75;

struct candidate {
    int64_t answer, due, uses;
    double length, score;
    unsigned strong; /* how many of the asked terms stand in the question itself */
    unsigned char hit[ASKED_MOST / 8];
};

struct choosing {
    struct core *core;
    struct db *db;
    struct arena *a;
    const struct answer_query *query;
    struct unit_chain chain; /* where answers hold that hold here */
    struct folded folded;
    struct asked_term asked[ASKED_MOST];
    size_t asked_n;
    struct candidate *docs;
    size_t n;
    double average;
};

static int by_answer(const void *x, const void *y)
{
    const struct candidate *l = x, *r = y;
    return (l->answer > r->answer) - (l->answer < r->answer);
}

static int by_score(const void *x, const void *y)
{
    const struct candidate *l = x, *r = y;
    if (l->score != r->score)
        return l->score < r->score ? 1 : -1;
    return by_answer(x, y);
}

static bool load_docs(struct choosing *c, struct error *e)
{
    struct db_rows r;
    size_t room = 256;
    double sum = 0;
    struct db_arg args[UNIT_LEVELS + 1];

    if (!unit_chain(c->db, c->query->unit, &c->chain, e))
        return false;
    for (size_t i = 0; i < UNIT_LEVELS; i++)
        args[i] = INT(c->chain.ids[i]);
    args[UNIT_LEVELS] = INT(DOCS_MOST);
    c->docs = ARENA_ARRAY(c->a, struct candidate, room);
    if (!db_rows(c->db, &r, e,
                 "select answer, length, uses, due from derived.answer_doc where unit in (?1, ?2, ?3, ?4, ?5, ?6) order by answer + 0 limit ?7",
                 args, UNIT_LEVELS + 1))
        return false;
    while (db_next(&r)) {
        if (c->n == room) {
            c->docs = memcpy(ARENA_ARRAY(c->a, struct candidate, 2 * room), c->docs, room * sizeof *c->docs);
            room *= 2;
        }
        c->docs[c->n++] = (struct candidate){.answer = db_int(&r, 0),
                                             .length = (double)db_int(&r, 1) / 1000,
                                             .uses = db_int(&r, 2),
                                             .due = db_int(&r, 3)};
        sum += (double)db_int(&r, 1) / 1000;
    }
    c->average = c->n > 0 ? sum / (double)c->n : 1;
    return db_end(&r, e);
}

struct posting {
    int64_t term, answer;
    double weight;
    bool strong;
};

/* The postings of at most DB_MANY terms in the units that count. */
static bool load_postings(struct choosing *c, const int64_t *terms, size_t n, struct posting **ret,
                          size_t *ret_n, struct error *e)
{
    struct db_arg args[DB_MANY + UNIT_LEVELS];
    struct db_rows r;
    size_t room = 256;

    *ret = ARENA_ARRAY(c->a, struct posting, room);
    *ret_n = 0;
    db_many(terms, n, args);
    for (size_t i = 0; i < UNIT_LEVELS; i++)
        args[DB_MANY + i] = INT(c->chain.ids[i]);
    if (!db_rows(c->db, &r, e,
                 "select term, answer, weight, strong from derived.answer_term "
                 "where unit in (?51, ?52, ?53, ?54, ?55, ?56) and term in (" DB_MANY_LIST ")",
                 args, DB_MANY + UNIT_LEVELS))
        return false;
    while (db_next(&r)) {
        if (*ret_n == room) {
            *ret = memcpy(ARENA_ARRAY(c->a, struct posting, 2 * room), *ret, room * sizeof **ret);
            room *= 2;
        }
        (*ret)[(*ret_n)++] =
            (struct posting){db_int(&r, 0), db_int(&r, 1), (double)db_int(&r, 2) / 1000, db_int(&r, 3) != 0};
    }
    return db_end(&r, e);
}

static void score_term(struct choosing *c, int64_t term, const struct posting *p, size_t n)
{
    double with = 0;
    for (size_t i = 0; i < n; i++)
        with += p[i].term == term;
    double idf = log(1 + ((double)c->n - with + 0.5) / (with + 0.5));
    for (size_t i = 0; i < n; i++) {
        if (p[i].term != term)
            continue;
        struct candidate key = {.answer = p[i].answer};
        struct candidate *d = bsearch(&key, c->docs, c->n, sizeof *c->docs, by_answer);
        if (d == NULL)
            continue;
        double f = p[i].weight;
        d->score += idf * f * (k1 + 1) / (f + k1 * (1 - b + b * d->length / c->average));
        d->strong += p[i].strong;
        for (size_t k = 0; k < c->asked_n; k++)
            if (c->asked[k].term == term)
                d->hit[k / 8] |= (unsigned char)(1u << k % 8);
    }
}

static bool score_all(struct choosing *c, struct error *e)
{
    int64_t terms[ASKED_MOST];
    size_t n = 0;

    for (size_t i = 0; i < c->asked_n; i++) {
        bool there = false;
        for (size_t k = 0; k < n && !there; k++)
            there = terms[k] == c->asked[i].term;
        if (!there)
            terms[n++] = c->asked[i].term;
    }
    for (size_t from = 0; from < n; from += DB_MANY) {
        size_t some = n - from < DB_MANY ? n - from : DB_MANY, found;
        struct posting *p;
        if (!load_postings(c, terms + from, some, &p, &found, e))
            return false;
        for (size_t i = 0; i < some; i++)
            score_term(c, terms[from + i], p, found);
    }
    /* Who served often before is likely to serve again; a little, so that it does not stand above what fits better. */
    for (size_t i = 0; i < c->n; i++)
        c->docs[i].score *= 1 + 0.1 * log(1 + (double)c->docs[i].uses);
    return true;
}

/* One pair in common says nothing, unless no more was asked. */
static bool fits(const struct choosing *c, const struct candidate *d, int64_t now)
{
    return d->score > 0 && d->strong >= (c->asked_n > 1 ? 2u : 1u) && (c->query->stale || d->due > now);
}

/* ---- Written ------------------------------------------------------------------------------------------- */

/* The words that both have: runs of what was asked whose pairs were found. */
static void write_because(struct choosing *c, struct jw *w, const struct candidate *d)
{
    const struct folded *f = &c->folded;
    size_t written = 0;

    jw_karray(w, "because");
    for (size_t i = 0, k; i < c->asked_n && written < BECAUSE_MOST; i = k) {
        k = i + 1;
        if ((d->hit[i / 8] >> i % 8 & 1) == 0)
            continue;
        size_t from = c->asked[i].at, to = from + c->asked[i].n;
        for (; k < c->asked_n && (d->hit[k / 8] >> k % 8 & 1) != 0 && c->asked[k].at <= to; k++)
            to = c->asked[k].at + c->asked[k].n;
        jw_text(w, str_range(f->source.p + f->at[from], f->at[to] - f->at[from]));
        written++;
    }
    jw_end_array(w);
}

static bool load_answer(struct choosing *c, int64_t id, struct register_row *ret, struct error *e)
{
    struct db_rows r;
    if (!db_rows(c->db, &r, e, "select uuid, unit, state, key, sealed, code, due from register_row where id = ?1",
                 ARGS(INT(id))))
        return false;
    if (db_next(&r))
        *ret = (struct register_row){.subject = SUBJECT_ANSWER,
                                     .id = id,
                                     .uuid = db_id(&r, 0),
                                     .unit = db_int(&r, 1),
                                     .state = (int)db_int(&r, 2),
                                     .key = arena_str(c->a, db_blob(&r, 3)),
                                     .sealed = arena_str(c->a, db_blob(&r, 4)),
                                     .code = arena_str(c->a, db_text(&r, 5)),
                                     .due = db_int(&r, 6)};
    return db_end(&r, e);
}

static struct str category_label(const struct pack *p, struct str code)
{
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++) {
        const struct category *found = code.n > 0 ? pack_category(p, (enum kind)k, code) : NULL;
        if (found != NULL)
            return found->label;
    }
    return STR("");
}

static bool write_answer(struct choosing *c, struct jw *w, const struct pack *pack, struct names *names,
                         const struct candidate *d, int64_t now, struct error *e)
{
    struct register_row row = {0};
    struct name unit;
    char id[ID_TEXT], day[DATE_TEXT];
    json_t *words = NULL;

    /* The index is a moment behind: what was withdrawn just now is not given. */
    if (!load_answer(c, d->answer, &row, e) || row.state != ANSWER_CHECKED ||
        (words = register_words(c->core, c->a, &row, NULL)) == NULL)
        return e->code == ERROR_NONE;
    bool ok = names_get(names, c->db, c->a, NAME_UNIT, row.unit, &unit, e);
    id_format(row.uuid, id);
    date_format(day_of(row.due), day);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_ktext(w, "question", json_text(words, "wording"));
    jw_ktext(w, "answer", json_text(words, "ready_answer"));
    jw_ktext(w, "category", row.code);
    jw_ktext(w, "category_label", category_label(pack, row.code));
    jw_ktext(w, "source", json_text(words, "source"));
    jw_ktext(w, "unit", unit.name);
    jw_kz(w, "valid_until", day);
    jw_kbool(w, "stale", row.due <= now);
    jw_kint(w, "uses", d->uses);
    write_because(c, w, d);
    jw_end_object(w);
    json_decref(words);
    return ok;
}

bool answers_write(struct core *core, struct db *db, struct arena *a, struct jw *w,
                   const struct answer_query *query, struct error *e)
{
    struct choosing *c = ARENA_NEW(a, struct choosing);
    const struct pack *pack = core_pack(core, db, 0, e);
    struct names names = names_open(core, a);
    int64_t now = time_now();
    size_t written = 0;

    *c = (struct choosing){.core = core, .db = db, .a = a, .query = query};
    c->asked_n = asked_terms(core, a, query->q, &c->folded, c->asked, ASKED_MOST);
    if (pack == NULL || (c->asked_n > 0 && (!load_docs(c, e) || !score_all(c, e))))
        return false;
    if (c->n > 1)
        qsort(c->docs, c->n, sizeof *c->docs, by_score);
    jw_array(w);
    for (size_t i = 0; i < c->n && written < query->limit && c->docs[i].score > 0; i++) {
        if (!fits(c, &c->docs[i], now))
            continue;
        if (!write_answer(c, w, pack, &names, &c->docs[i], now, e))
            return false;
        written++;
    }
    jw_end_array(w);
    return true;
}

/* ---- Of a case ----------------------------------------------------------------------------------------- */

/* A name that stands in the text becomes 某某; a number of seven digits and more goes too. */
static struct str without_people(struct arena *a, struct str text, const struct str *names, size_t n)
{
    struct buf out = BUF_INIT(BUF_SEALED);
    for (size_t i = 0; i < text.n;) {
        size_t run = 0, name = 0;
        while (i + run < text.n && text.p[i + run] >= '0' && text.p[i + run] <= '9')
            run++;
        for (size_t k = 0; k < n; k++)
            if (names[k].n > name && i + names[k].n <= text.n && memcmp(text.p + i, names[k].p, names[k].n) == 0)
                name = names[k].n;
        if (name > 0) {
            buf_addz(&out, "某某");
            i += name;
        } else if (run >= 7) {
            buf_addz(&out, "……");
            i += run;
        } else {
            buf_add(&out, str_range(text.p + i, run > 0 ? run : 1));
            i += run > 0 ? run : 1;
        }
    }
    struct str ret = arena_str(a, buf_str(&out));
    buf_free(&out);
    return ret;
}

static bool names_of(struct core *core, struct db *db, struct arena *a, int64_t case_id, struct str *ret,
                     size_t *ret_n, struct error *e)
{
    int64_t persons[DRAFT_NAMES];
    size_t n = 0;
    struct db_rows r;

    *ret_n = 0;
    if (!db_rows(db, &r, e, "select person from case_person where case_id = ?1 order by id limit ?2",
                 ARGS(INT(case_id), INT(DRAFT_NAMES))))
        return false;
    while (n < DRAFT_NAMES && db_next(&r))
        persons[n++] = db_int(&r, 0);
    if (!db_end(&r, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct identity who;
        bool erased = false;
        if (!person_open(core, db, a, persons[i], &who, &erased, e))
            return false;
        if (!erased && who.name.n > 0)
            ret[(*ret_n)++] = who.name;
    }
    return true;
}

static bool write_draft(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct case_row *c, const json_t *words, struct error *e)
{
    struct str names[DRAFT_NAMES], result = json_text(words, "result");
    size_t n;

    jw_key(w, "draft");
    if (c->kind != KIND_REQUEST || result.n == 0 || (c->state != STATE_SETTLED && c->state != STATE_CLOSED)) {
        jw_null(w);
        return true;
    }
    if (!names_of(core, db, a, c->id, names, &n, e))
        return false;
    jw_object(w);
    jw_ktext(w, "wording", without_people(a, json_text(words, "title"), names, n));
    jw_ktext(w, "ready_answer", without_people(a, result, names, n));
    jw_ktext(w, "category", c->category);
    jw_end_object(w);
    return true;
}

bool answers_write_case(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct case_row *c, struct error *e)
{
    json_t *words = case_words(core, a, c, e);
    if (words == NULL)
        return false;
    struct str title = json_text(words, "title"), text = json_text(words, "text");
    struct answer_query query = {
        .unit = c->unit,
        .q = str_of(
            arena_printf(a, "%.*s\n%.*s", (int)title.n, title.p, (int)text.n, text.p != NULL ? text.p : "")),
        .stale = true,
        .limit = 5,
    };
    jw_object(w);
    jw_key(w, "items");
    bool ok = answers_write(core, db, a, w, &query, e) && write_draft(core, db, a, w, c, words, e);
    jw_end_object(w);
    json_decref(words);
    return ok;
}
