/* Is it told already? Cases of the same committee that share rare words, the place or a person with what is being told. Found by the search index, then
 * checked on their own words and on the reader's sight: what they may not read is neither shown nor counted. */
#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "core/case_read.h"
#include "core/person.h"
#include "core/suggest.h"
#include "core/suggest_rank.h"

/* Looked for by so many of its rarest words, known ones and unheard ones; so many hits are looked at closely. */
enum {
    KNOWN_TERMS = 8,
    NEW_TERMS = 10,
    EACH_FINDS = 20,
    CANDIDATES = 400,
    CHECKED = 20,
    SHOWN = 3,
    PERSONS_MOST = 4
};
static const int64_t ended_most = 90 * (int64_t)TIME_DAY;

/* A share of the words alone must be high; a common place or person lowers what is wanted of them. */
static const double least = 0.24, same_place = 0.15, same_person = 0.2;

struct candidate {
    int64_t id;
    double found; /* what the shared terms weigh */
    bool person;
    double score;
    bool place;
    struct str words[RANK_REASONS];
    size_t word_count;
};

struct twins {
    struct core *core;
    struct db *db;
    struct arena *arena;
    const struct actor *actor;
    const struct suggest_query *q;
    const struct features *f;
    const double *rarity;
    struct candidate v[CANDIDATES];
    size_t n;
};

static struct candidate *candidate_of(struct twins *t, int64_t id)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->v[i].id == id)
            return &t->v[i];
    if (t->n == CANDIDATES)
        return NULL;
    t->v[t->n] = (struct candidate){.id = id};
    return &t->v[t->n++];
}

/* ---- By words ------------------------------------------------------------------------------------------ */

struct probe {
    size_t feature;
    double weight;
};

static int by_weight(const void *a, const void *b)
{
    const struct probe *l = a, *r = b;
    return (l->weight < r->weight) - (l->weight > r->weight);
}

static bool find_by(struct twins *t, const struct probe *probe, struct error *e)
{
    struct terms terms;
    int64_t docs[EACH_FINDS];
    size_t n = 0;

    terms_open(&terms, t->core, t->arena);
    terms.v[terms.n++] = t->f->v[probe->feature].term;
    terms_add_id(&terms, TERM_UNIT, t->q->at->committee.id);
    if (!index_find(t->db, t->arena, &terms, SEARCH_CASE, INT64_MAX, true, docs, EACH_FINDS, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct candidate *c = candidate_of(t, doc_id(docs[i]));
        if (c != NULL)
            c->found += probe->weight;
    }
    return true;
}

/* Half of the probes are the rarest words that the committee knows, half those that it has learned nothing of: names of places, of people. */
static bool find_by_words(struct twins *t, struct error *e)
{
    struct probe *probes = ARENA_ARRAY(t->arena, struct probe, t->f->n + 1);
    double unheard = 0;
    size_t n = 0, known = 0, fresh = 0;

    for (size_t i = 0; i < t->f->n; i++)
        unheard = t->rarity[i] > unheard ? t->rarity[i] : unheard;
    for (size_t i = 0; i < t->f->n; i++)
        if (!t->f->v[i].single)
            probes[n++] = (struct probe){i, t->rarity[i] * (double)t->f->v[i].weight};
    qsort(probes, n, sizeof *probes, by_weight);
    for (size_t i = 0; i < n; i++) {
        bool is_new = t->rarity[probes[i].feature] >= unheard;
        if (is_new ? fresh >= NEW_TERMS : known >= KNOWN_TERMS)
            continue;
        fresh += is_new;
        known += !is_new;
        if (!find_by(t, &probes[i], e))
            return false;
    }
    return true;
}

/* ---- By people ----------------------------------------------------------------------------------------- */

/* The same name with the same telephone, or without one. Whoever wanted to stay unnamed, or is hidden from this reader, is nobody here. */
static bool find_person(struct twins *t, const json_t *person, struct error *e)
{
    unsigned char name_ix[HASH_BYTES], phone_ix[HASH_BYTES];
    struct str name = str_trim(json_text(person, "name")), phone = STR("");
    int64_t ids[EACH_FINDS], people[EACH_FINDS];
    struct db_rows r;
    size_t n = 0;

    if (name.n == 0)
        return true;
    (void)phone_normal(t->arena, json_text(person, "phone"), &phone, NULL);
    blind_index(t->core->keys, "name", name, name_ix);
    blind_index(t->core->keys, "phone", phone, phone_ix);
    if (!db_rows(t->db, &r, e,
                 "select q.case_id, p.id from person p join case_person q on q.person = p.id "
                 "join cases c on c.id = q.case_id where p.name_ix = ?1 and (p.phone_ix = ?2 or ?3 = 0) and p.scope >= ?4 "
                 "and p.scope < ?5 and (q.role <> ?6 or (c.flags & ?7) = 0) order by q.case_id desc limit ?8",
                 ARGS(BYTES(name_ix, HASH_BYTES), BYTES(phone_ix, HASH_BYTES), INT((int64_t)phone.n),
                      INT(t->q->at->committee.ord), INT(t->q->at->committee.ord_end), INT(ROLE_REPORTER),
                      INT(FLAG_ANONYMOUS), INT(EACH_FINDS))))
        return false;
    while (n < EACH_FINDS && db_next(&r)) {
        ids[n] = db_int(&r, 0);
        people[n++] = db_int(&r, 1);
    }
    bool ok = db_end(&r, e);
    for (size_t i = 0; ok && i < n; i++) {
        bool hidden = false;
        ok = person_hidden(t->db, t->actor, people[i], &hidden, e);
        struct candidate *c = ok && !hidden ? candidate_of(t, ids[i]) : NULL;
        if (c != NULL)
            c->person = true;
    }
    return ok;
}

static bool find_by_people(struct twins *t, struct error *e)
{
    size_t i;
    json_t *person;

    json_array_foreach((json_t *)t->q->persons, i, person) {
        if (i == PERSONS_MOST)
            break;
        if (!find_person(t, person, e))
            return false;
    }
    return true;
}

/* ---- A closer look ------------------------------------------------------------------------------------- */

static int by_found(const void *a, const void *b)
{
    const struct candidate *l = a, *r = b;
    if (l->person != r->person)
        return (l->person < r->person) - (l->person > r->person);
    if (l->found != r->found)
        return (l->found < r->found) - (l->found > r->found);
    return (l->id < r->id) - (l->id > r->id);
}

static int by_score(const void *a, const void *b)
{
    const struct candidate *l = a, *r = b;
    if (l->score != r->score)
        return (l->score < r->score) - (l->score > r->score);
    return (l->id < r->id) - (l->id > r->id);
}

static bool same_words(struct arena *a, struct str l, struct str r)
{
    struct folded fl, fr;
    if (l.n == 0 || r.n == 0)
        return false;
    fold(a, l, &fl);
    fold(a, r, &fr);
    return fl.n == fr.n && memcmp(fl.c, fr.c, fl.n * sizeof *fl.c) == 0;
}

/* How much of what is told stands there too, the rare words first, and how alike the two are as a whole. */
static void compare(struct twins *t, struct candidate *c, const struct features *other)
{
    const struct features *f = t->f;
    double *parts = ARENA_ARRAY(t->arena, double, f->n + 1), shared = 0, whole = 0, dot = 0, left = 0, right = 0;

    for (size_t k = 0; k < other->n; k++)
        right += other->v[k].single ? 0 : (double)(other->v[k].weight * other->v[k].weight);
    for (size_t i = 0, k = 0; i < f->n; i++) {
        double weight = (double)f->v[i].weight, part = weight * t->rarity[i] * t->rarity[i];
        if (f->v[i].single)
            continue;
        whole += part;
        left += weight * weight;
        while (k < other->n && other->v[k].term < f->v[i].term)
            k++;
        if (k == other->n || other->v[k].term != f->v[i].term)
            continue;
        shared += part;
        dot += weight * (double)other->v[k].weight;
        parts[i] = part;
    }
    if (whole > 0 && left > 0 && right > 0)
        c->score = sqrt(shared / whole * dot / sqrt(left * right));
    c->word_count = rank_words(t->arena, f, parts, c->words);
}

static bool look_closely(struct twins *t, struct candidate *c, const struct case_row *row, struct error *e)
{
    struct error why = {0};
    struct features other;
    json_t *words = case_words(t->core, t->arena, row, &why);

    if (words == NULL) {
        if (why.code == ERROR_KEY_DESTROYED || why.code == ERROR_NOT_FOUND)
            return true;
        if (e != NULL)
            *e = why;
        return false;
    }
    features_open(&other, t->core, t->arena);
    features_add_titled(&other, json_text(words, "title"), json_text(words, "text"));
    features_add(&other, json_text(words, "place"), WEIGHT_TEXT);
    features_end(&other);
    compare(t, c, &other);
    c->place = same_words(t->arena, t->q->place, json_text(words, "place"));
    c->score += (c->place ? same_place : 0) + (c->person ? same_person : 0);
    c->score = c->score < 1 ? c->score : 1;
    json_decref(words);
    return true;
}

static bool still_of_interest(const struct twins *t, const struct case_row *c)
{
    int64_t ended = c->closed_at != 0 ? c->closed_at : c->settled_at;
    return c->id != 0 && (IN_ENDED & ~IN(CLOSED) & 1u << c->state) == 0 &&
           c->scope >= t->q->at->committee.ord && c->scope < t->q->at->committee.ord_end &&
           (c->state < STATE_SETTLED || ended > time_now() - ended_most);
}

static bool check(struct twins *t, struct case_row *rows, struct error *e)
{
    enum sight sights[CHECKED];
    int64_t ids[CHECKED];

    qsort(t->v, t->n, sizeof *t->v, by_found);
    t->n = t->n < CHECKED ? t->n : CHECKED;
    for (size_t i = 0; i < t->n; i++)
        ids[i] = t->v[i].id;
    if (t->n == 0)
        return true;
    if (!case_load_many(t->db, t->arena, ids, t->n, rows, e) ||
        !scope_sights(t->db, t->actor, rows, t->n, sights, e))
        return false;
    for (size_t i = 0; i < t->n; i++)
        if (sights[i] >= SIGHT_WORK && still_of_interest(t, &rows[i]) && !look_closely(t, &t->v[i], &rows[i], e))
            return false;
    return true;
}

/* ---- The answer ---------------------------------------------------------------------------------------- */

static void write_reason(struct jw *w, const char *reason, const struct str *words, size_t n)
{
    jw_object(w);
    jw_kz(w, "reason", reason);
    jw_karray(w, "words");
    for (size_t i = 0; i < n; i++)
        jw_text(w, words[i]);
    jw_end_array(w);
    jw_end_object(w);
}

static bool write_twin(struct twins *t, struct jw *w, const struct candidate *c, struct error *e)
{
    struct case_row row;

    if (!case_load_id(t->db, t->arena, c->id, &row, e))
        return false;
    jw_object(w);
    jw_key(w, "case");
    bool ok = case_write_card(t->core, t->db, t->arena, w, t->actor, &row, false, e);
    jw_key(w, "score");
    jw_double(w, round(c->score * 100) / 100);
    jw_karray(w, "because");
    if (c->place)
        write_reason(w, "place", &t->q->place, 1);
    if (c->person)
        write_reason(w, "person", NULL, 0);
    if (c->word_count > 0)
        write_reason(w, "words", c->words, c->word_count);
    jw_end_array(w);
    jw_end_object(w);
    return ok;
}

bool suggest_twins(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                   const struct suggest_query *q, const struct features *f, const double *rarity,
                   struct error *e)
{
    struct twins *t = ARENA_NEW(a, struct twins);
    struct case_row *rows = ARENA_ARRAY(a, struct case_row, CHECKED);
    bool ok = true;

    *t = (struct twins){.core = core, .db = db, .arena = a, .actor = actor, .q = q, .f = f, .rarity = rarity};
    if (!find_by_words(t, e) || !find_by_people(t, e) || !check(t, rows, e))
        return false;
    qsort(t->v, t->n, sizeof *t->v, by_score);
    jw_array(w);
    for (size_t i = 0; ok && i < t->n && i < SHOWN && t->v[i].score >= least; i++)
        ok = write_twin(t, w, &t->v[i], e);
    jw_end_array(w);
    return ok;
}
