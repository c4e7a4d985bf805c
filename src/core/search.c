/* From a query to its hits: the terms, the places where the reader may look, and the check of each document that the index names. */
#include "core/search.h"

#include <stdlib.h>

#include "core/activity.h"
#include "core/case_read.h"
#include "core/journal.h"
#include "core/person.h"
#include "core/place.h"
#include "core/search_look.h"
#include "core/unit.h"
#include "core/vault.h"

/* So many documents are checked for one page; then it ends early, with a cursor to go on from. */
enum { CHECKED_MOST = 2000, SOURCES_MOST = 200, BATCH_LEAST = 20 };

static const char *const type_codes[SEARCH_TYPES] = {"", "activity", "place", "case", "person"};

const char *search_type_code(enum search_type type)
{
    return type < SEARCH_TYPES ? type_codes[type] : "";
}

bool search_type_parse(struct str s, enum search_type *ret)
{
    for (int t = SEARCH_ACTIVITY; t < SEARCH_TYPES; t++)
        if (str_is(s, type_codes[t])) {
            *ret = (enum search_type)t;
            return true;
        }
    return false;
}

bool search_exact_case(const struct core *core, struct db *db, struct str q, int64_t *ret, struct error *e)
{
    char typed[64], track[TRACK_TEXT];
    struct error why = {0};

    if (!case_by_number(db, q, ret, e) || (*ret == 0 && !case_by_external(core, db, q, ret, e)))
        return false;
    (void)snprintf(typed, sizeof typed, "%.*s", (int)(q.n < sizeof typed ? q.n : 0), q.p != NULL ? q.p : "");
    if (*ret != 0 || !track_normal(str_of(typed), track))
        return true;
    if (case_by_track(core, db, track, ret, &why) || why.code == ERROR_NOT_FOUND)
        return true;
    if (e != NULL)
        *e = why;
    return false;
}

/* ---- Where to look ------------------------------------------------------------------------------------- */

/* A place that the index knows by a term of its own: a unit with all below it, an office's or account's work. */
struct source {
    enum term_kind kind;
    int64_t id;
    bool narrow;
};

struct search {
    struct core *core;
    struct db *db;
    struct arena *arena;
    struct jw *w;
    const struct actor *actor;
    const struct search_query *query;
    struct search_words words;
    struct terms wanted;
    struct source sources[SOURCES_MOST];
    size_t source_count;
    int64_t exact; /* document, 0 none */
    int64_t written, checked, last;
    bool more;
};

static void add_source(struct search *s, enum term_kind kind, int64_t id, bool narrow)
{
    if (s->source_count < SOURCES_MOST)
        s->sources[s->source_count++] = (struct source){kind, id, narrow};
}

/* The largest units that lie in [lo, hi), one after the other: mostly the one of the post itself. */
static bool cover(struct search *s, int64_t lo, int64_t hi, struct error *e)
{
    while (lo < hi) {
        struct db_rows r;
        int64_t unit = 0, level = 0, next = hi;
        if (!db_rows(s->db, &r, e,
                     "select id, ord, ord_end, level from unit where ord >= ?1 and ord < ?2 and ord_end <= ?2 "
                     "order by ord, ord_end desc, level limit 1",
                     ARGS(INT(lo), INT(hi))))
            return false;
        if (db_next(&r)) {
            unit = db_int(&r, 0);
            level = db_int(&r, 3);
            next = db_int(&r, 2) > lo ? db_int(&r, 2) : lo + 1;
        }
        if (!db_end(&r, e))
            return false;
        if (unit != 0)
            add_source(s, TERM_UNIT, unit, level >= UNIT_COMMITTEE);
        lo = next;
    }
    return true;
}

static size_t reach_of(struct search *s, enum search_type type, struct interval **ret)
{
    return type == SEARCH_CASE     ? scope_words(s->actor, s->arena, ret)
           : type == SEARCH_PERSON ? scope_intervals(s->actor, s->arena, PERSON_READERS, ret)
           : type == SEARCH_PLACE  ? scope_intervals(s->actor, s->arena, POSTS_WORK, ret)
                                   : scope_intervals(s->actor, s->arena, POSTS_ALL, ret);
}

static bool find_sources(struct search *s, enum search_type type, struct error *e)
{
    const struct search_query *query = s->query;
    struct interval *reach;
    size_t n = reach_of(s, type, &reach);

    s->source_count = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t lo = reach[i].lo, hi = reach[i].hi;
        if (query->hi != 0) {
            lo = lo > query->lo ? lo : query->lo;
            hi = hi < query->hi ? hi : query->hi;
        }
        if (!cover(s, lo, hi, e))
            return false;
    }
    if (type != SEARCH_CASE || s->actor->kind != ACTOR_ACCOUNT)
        return true;
    size_t at = 0;
    for (int64_t who = s->actor->account; who != 0; who = actor_next_absent(s->actor, &at))
        add_source(s, TERM_ACCOUNT, who, true);
    for (size_t i = 0; i < s->actor->post_count; i++)
        if (s->actor->posts[i].office != 0)
            add_source(s, TERM_OFFICE, s->actor->posts[i].office, true);
    return true;
}

/* ---- The check of a document --------------------------------------------------------------------------- */

struct hit {
    int64_t doc;
    struct look look;
    struct case_row c;
    bool veiled;
};

static bool in_unit(const struct search *s, int64_t scope)
{
    return s->query->hi == 0 || (scope >= s->query->lo && scope < s->query->hi);
}

static bool look_each(void *context, struct str text)
{
    return !look_text(context, text);
}

/* A name or telephone that matches finds the case, unless the person is one of those whom nobody may find (L9): then it is as if they weren't in it. */
static bool look_person(struct search *s, struct hit *hit, int64_t person, struct error *e)
{
    struct look before = hit->look;
    struct identity who;
    bool hidden = false;

    if (!person_open(s->core, s->db, s->arena, person, &who, NULL, e))
        return false;
    if (!look_name(&hit->look, who.name, mask_name(s->arena, who.name)))
        (void)look_whole(&hit->look, who.phone, mask_phone(s->arena, who.phone));
    if (hit->look.found != before.found && !person_hidden(s->db, s->actor, person, &hidden, e))
        return false;
    if (hidden)
        hit->look = before;
    return true;
}

static bool look_people(struct search *s, struct hit *hit, struct error *e)
{
    struct db_rows r;
    bool ok = true;

    if (look_done(&hit->look))
        return true;
    if (!db_rows(s->db, &r, e,
                 "select distinct person from case_person where case_id = ?1 and (role <> ?2 or ?3 = 0)",
                 ARGS(INT(hit->c.id), INT(ROLE_REPORTER), INT((hit->c.flags & FLAG_ANONYMOUS) != 0))))
        return false;
    while (ok && !look_done(&hit->look) && db_next(&r))
        ok = look_person(s, hit, db_int(&r, 0), e);
    return db_end(&r, ok ? e : NULL) && ok;
}

/* Words and people; those who see a case's card alone find it by its exact number and nothing else, or the search would tell them its words. */
static bool check_case(struct search *s, struct hit *hit, bool *ret, struct error *e)
{
    enum sight sight;
    bool exact = hit->doc == s->exact;

    if (!case_load_id(s->db, s->arena, doc_id(hit->doc), &hit->c, e) ||
        !scope_sight(s->db, s->actor, &hit->c, &sight, e))
        return false;
    *ret = sight >= SIGHT_CARD && sight != SIGHT_PUBLIC && in_unit(s, hit->c.scope) &&
           (s->query->kind == KIND_NONE || hit->c.kind == s->query->kind);
    hit->veiled = sight < SIGHT_WORK;
    if (*ret && exact) {
        hit->look.snippet[hit->look.parts++] = (struct snippet_part){hit->c.number, true};
        return true;
    }
    if (!*ret || hit->veiled) {
        *ret = false;
        return true;
    }
    if (!case_each_text(s->core, s->db, s->arena, &hit->c, look_each, &hit->look, e) || !look_people(s, hit, e))
        return false;
    *ret = look_done(&hit->look);
    return true;
}

static bool check_person(struct search *s, struct hit *hit, bool *ret, struct error *e)
{
    struct identity who;
    struct db_rows r;
    int64_t scope = -1, person = doc_id(hit->doc);

    if (!db_rows(s->db, &r, e, "select scope from person where id = ?1 and merged_into is null",
                 ARGS(INT(person))))
        return false;
    if (db_next(&r))
        scope = db_int(&r, 0);
    if (!db_end(&r, e))
        return false;
    *ret = scope >= 0 && in_unit(s, scope);
    if (*ret && !person_may_see(s->db, s->actor, person, scope, ret, e))
        return false;
    if (!*ret)
        return true;
    if (!person_open(s->core, s->db, s->arena, person, &who, NULL, e))
        return false;
    *ret = look_name(&hit->look, who.name, mask_name(s->arena, who.name)) ||
           look_whole(&hit->look, who.phone, mask_phone(s->arena, who.phone)) ||
           look_whole(&hit->look, who.id_no, mask_id_no(s->arena, who.id_no));
    return true;
}

/* Places and activities lie open to everyone whose reach holds them; the sources see to that. */
static bool check_sealed(struct search *s, struct hit *hit, bool *ret, struct error *e)
{
    const struct category *topic;
    int64_t unit;
    json_t *words;

    if (!search_open_words(s->core, s->db, s->arena, doc_type(hit->doc), doc_id(hit->doc), &words, &topic,
                           &unit, e))
        return false;
    search_each_word(words, topic, look_each, &hit->look);
    json_decref(words);
    *ret = look_done(&hit->look);
    return true;
}

/* Gone since the index was written, or its key destroyed: no hit and no mistake. */
static bool check(struct search *s, struct hit *hit, bool *ret, struct error *e)
{
    struct error why = {0};
    enum search_type type = doc_type(hit->doc);
    bool ok = type == SEARCH_CASE     ? check_case(s, hit, ret, &why)
              : type == SEARCH_PERSON ? check_person(s, hit, ret, &why)
                                      : check_sealed(s, hit, ret, &why);

    if (ok)
        return true;
    *ret = false;
    if (why.code == ERROR_NOT_FOUND || why.code == ERROR_KEY_DESTROYED)
        return true;
    if (e != NULL)
        *e = why;
    return false;
}

/* ---- The answer ---------------------------------------------------------------------------------------- */

static bool write_person(struct search *s, int64_t person, struct error *e)
{
    int64_t unit;
    struct unit u;

    if (!db_one_int(s->db, &unit, 0, e, "select unit from person where id = ?1", ARGS(INT(person))) ||
        !unit_load(s->db, s->arena, unit, &u, e))
        return false;
    jw_object(s->w);
    bool ok = person_write(s->core, s->db, s->arena, s->w, person, s->actor->lang, e);
    jw_kobject(s->w, "unit");
    jw_ktext(s->w, "code", u.code);
    jw_ktext(s->w, "name", u.name);
    jw_end_object(s->w);
    jw_end_object(s->w);
    return ok;
}

static bool write_hit(struct search *s, const struct hit *hit, struct error *e)
{
    int64_t id = doc_id(hit->doc);
    const char *type = search_type_code(doc_type(hit->doc));
    bool ok = false;

    jw_object(s->w);
    jw_kz(s->w, "type", type);
    jw_key(s->w, "snippet");
    look_write(&hit->look, s->w);
    jw_key(s->w, type);
    switch (doc_type(hit->doc)) {
    case SEARCH_CASE:
        ok = case_write_card(s->core, s->db, s->arena, s->w, s->actor, &hit->c, hit->veiled, e);
        break;
    case SEARCH_PERSON:
        ok = write_person(s, id, e);
        break;
    case SEARCH_PLACE:
        ok = place_write(s->core, s->db, s->arena, s->w, id, e);
        break;
    case SEARCH_ACTIVITY:
        ok = activity_write(s->core, s->db, s->arena, s->w, id, e);
        break;
    case SEARCH_TYPES:
        break;
    }
    jw_end_object(s->w);
    return ok;
}

/* Checks one document and writes it if it is a hit; the one after a full page only says that there is more. */
static bool take(struct search *s, int64_t doc, struct error *e)
{
    struct hit hit = {.doc = doc, .look = {.arena = s->arena, .words = &s->words}};
    bool found = false;

    if (!check(s, &hit, &found, e))
        return false;
    s->checked++;
    if (found && s->written == s->query->limit) {
        s->more = true;
        return true;
    }
    if (doc != s->exact)
        s->last = doc;
    if (s->checked >= CHECKED_MOST)
        s->more = true;
    if (!found)
        return true;
    s->written++;
    return write_hit(s, &hit, e);
}

static int newest_first(const void *a, const void *b)
{
    int64_t l = *(const int64_t *)a, r = *(const int64_t *)b;
    return (l < r) - (l > r);
}

/* The next documents of all sources together, newest first. A source that had more than it could give holds the others back to its last one:
 * *ret_floor is where to go on from, 0 at the end. */
static bool next_batch(struct search *s, enum search_type type, int64_t before, int64_t *docs, size_t batch,
                       size_t *ret_n, int64_t *ret_floor, struct error *e)
{
    size_t n = 0, kept = 0;

    *ret_floor = 0;
    for (size_t i = 0; i < s->source_count; i++) {
        struct terms t = s->wanted;
        size_t got = 0;
        terms_add_id(&t, s->sources[i].kind, s->sources[i].id);
        if (s->query->kind != KIND_NONE)
            terms_add_id(&t, TERM_KIND, s->query->kind);
        if (!index_find(s->db, s->arena, &t, type, before, s->sources[i].narrow, docs + n, batch, &got, e))
            return false;
        if (got == batch && docs[n + got - 1] > *ret_floor)
            *ret_floor = docs[n + got - 1];
        n += got;
    }
    qsort(docs, n, sizeof *docs, newest_first);
    for (size_t i = 0; i < n && docs[i] >= *ret_floor; i++)
        if (kept == 0 || docs[i] != docs[kept - 1])
            docs[kept++] = docs[i];
    *ret_n = kept;
    return true;
}

static bool search_type(struct search *s, enum search_type type, struct error *e)
{
    int64_t floor = s->query->before != 0 ? s->query->before : INT64_MAX;

    if (floor <= doc_of(type, 0))
        return true;
    if (!find_sources(s, type, e))
        return false;
    size_t batch = (size_t)s->query->limit + 1 > BATCH_LEAST ? (size_t)s->query->limit + 1 : BATCH_LEAST, n = 0;
    int64_t *docs = ARENA_ARRAY(s->arena, int64_t, batch * (s->source_count + 1));
    while (floor != 0 && !s->more) {
        if (!next_batch(s, type, floor, docs, batch, &n, &floor, e))
            return false;
        for (size_t i = 0; i < n && !s->more; i++)
            if (docs[i] != s->exact && !take(s, docs[i], e))
                return false;
    }
    return true;
}

static bool write_items(struct search *s, struct error *e)
{
    const struct search_query *query = s->query;

    if (s->exact != 0 && query->before == 0 && (query->type == 0 || query->type == SEARCH_CASE) &&
        !take(s, s->exact, e))
        return false;
    for (int type = SEARCH_PERSON; type >= SEARCH_ACTIVITY && !s->more && s->wanted.n > 0; type--) {
        bool asked =
            query->type == 0 ? query->kind == KIND_NONE || type == SEARCH_CASE : (int)query->type == type;
        if (asked && !search_type(s, (enum search_type)type, e))
            return false;
    }
    return true;
}

static bool prepare(struct search *s, struct error *e)
{
    int64_t id;
    struct error why = {0};

    if (s->query->q.n == 0)
        return error_set(e, ERROR_MISSING, "q");
    if (!search_exact_case(s->core, s->db, s->query->q, &id, e))
        return false;
    s->exact = id != 0 ? doc_of(SEARCH_CASE, id) : 0;
    terms_open(&s->wanted, s->core, s->arena);
    bool ok = words_of_query(s->arena, s->query->q, &s->words, &why);
    for (size_t i = 0; ok && i < s->words.n; i++)
        terms_add_wanted(&s->wanted, s->words.v[i].c, s->words.v[i].n);
    if (s->exact != 0 || (ok && s->wanted.n > 0))
        return true;
    if (ok)
        return error_set(e, ERROR_TOO_SHORT, "q");
    if (e != NULL)
        *e = why;
    return false;
}

bool search_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                  const struct search_query *query, struct error *e)
{
    struct search s = {.core = core, .db = db, .arena = a, .w = w, .actor = actor, .query = query};
    bool building;

    if (!prepare(&s, e) || !search_building(db, &building, e))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    if (!write_items(&s, e))
        return false;
    jw_end_array(w);
    jw_kz(w, "next", s.more && s.last != 0 ? arena_printf(a, "%lld", (long long)s.last) : NULL);
    jw_kbool(w, "complete", !building);
    jw_end_object(w);
    return true;
}
