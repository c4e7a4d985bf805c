#include "core/search_doc.h"

#include <stdlib.h>

#include "core/journal.h"
#include "core/person.h"
#include "core/unit.h"
#include "core/vault.h"

/* Words are found by their beginnings of 2 to 6 letters; longer numbers only whole: nobody gets at telephones digit by digit. */
enum { BEGINNING_LEAST = 2, BEGINNING_MOST = 6, WHOLE_NUMBER = 7, RUN_MOST = 40 };

static void add_pairs(struct terms *t, const uint32_t *c, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++)
        terms_add(t, TERM_PAIR, c + i, 2 * sizeof *c);
}

static void add_word(struct terms *t, const uint32_t *c, size_t n)
{
    terms_add(t, TERM_WORD, c, (n < RUN_MOST ? n : RUN_MOST) * sizeof *c);
}

static bool whole_number(enum fold_class class, size_t n)
{
    return class == FOLD_DIGIT && n >= WHOLE_NUMBER;
}

static void add_run(struct terms *t, const uint32_t *c, size_t n)
{
    enum fold_class class = fold_class(*c);

    if (class == FOLD_HAN)
        add_pairs(t, c, n);
    else if (whole_number(class, n))
        add_word(t, c, n);
    else if (class != FOLD_GAP)
        for (size_t k = BEGINNING_LEAST; k <= n && k <= BEGINNING_MOST; k++)
            add_word(t, c, k);
}

void terms_add_text(struct terms *t, struct arena *a, struct str text)
{
    struct folded f;

    if (text.n == 0)
        return;
    fold(a, text, &f);
    for (size_t i = 0, end; i < f.n; i = end) {
        end = fold_run(&f, i);
        add_run(t, f.c + i, end - i);
    }
}

void terms_add_wanted(struct terms *t, const uint32_t *c, size_t n)
{
    struct folded f = {.c = c, .n = n};

    for (size_t i = 0, end; i < n; i = end) {
        end = fold_run(&f, i);
        enum fold_class class = fold_class(c[i]);
        size_t length = end - i;
        if (class == FOLD_HAN)
            add_pairs(t, c + i, length);
        else if (class != FOLD_GAP && length >= BEGINNING_LEAST)
            add_word(t, c + i, whole_number(class, length) || length < BEGINNING_MOST ? length : BEGINNING_MOST);
    }
}

static void add_name(struct terms *t, struct arena *a, struct str name)
{
    char initials[FOLD_READINGS][FOLD_INITIALS];
    struct folded f;

    terms_add_text(t, a, name);
    fold(a, name, &f);
    size_t n = fold_initials(&f, initials);
    for (size_t i = 0; i < n; i++)
        terms_add_text(t, a, str_of(initials[i]));
}

/* ---- Where it lies ------------------------------------------------------------------------------------- */

enum { LEVELS = 8, LINES_MOST = 4096 };

struct lineage {
    int64_t unit, above[LEVELS]; /* itself and what it belongs to, up to the province */
    size_t n;
};

void lineages_free(struct lineages *lines)
{
    free(lines->v);
    *lines = (struct lineages){0};
}

static struct lineage *line_room(struct lineages *lines)
{
    if (lines->n == lines->room) {
        size_t room = lines->room == 0 ? 64 : 2 * lines->room;
        void *more = room > LINES_MOST ? NULL : realloc(lines->v, room * sizeof *lines->v);
        if (more == NULL && lines->room == 0)
            return NULL;
        if (more == NULL)
            lines->n = 0; /* begins anew rather than grow without end */
        else {
            lines->v = more;
            lines->room = room;
        }
    }
    return &lines->v[lines->n++];
}

static bool add_units(struct terms *t, struct db *db, struct arena *a, struct lineages *lines, int64_t unit,
                      struct error *e)
{
    struct lineage *line = NULL;

    for (size_t i = 0; i < lines->n && line == NULL; i++)
        if (lines->v[i].unit == unit)
            line = &lines->v[i];
    if (line == NULL) {
        struct unit u = {.parent = unit};
        line = line_room(lines);
        if (line == NULL)
            return error_cause(e, ERROR_INTERNAL, "no memory for units");
        *line = (struct lineage){.unit = unit};
        while (u.parent != 0 && line->n < LEVELS) {
            if (!unit_load(db, a, u.parent, &u, e)) {
                lines->n--;
                return false;
            }
            line->above[line->n++] = u.id;
        }
    }
    for (size_t i = 0; i < line->n; i++)
        terms_add_id(t, TERM_UNIT, line->above[i]);
    return true;
}

/* ---- Cases --------------------------------------------------------------------------------------------- */

struct telling {
    bool (*each)(void *context, struct str text);
    void *context;
    bool over;
};

static void tell(struct telling *t, struct str text)
{
    if (text.n > 0 && !t->over)
        t->over = !t->each(t->context, text);
}

/* The words in the order in which they explain a hit best: what a card shows anyway comes last. */
static void tell_words(struct telling *t, const json_t *words, struct str number)
{
    const json_t *own = json_object_get(words, "fields"), *value;
    const char *name;

    tell(t, json_text(words, "text"));
    tell(t, json_text(words, "result"));
    tell(t, json_text(words, "place"));
    tell(t, json_text(json_object_get(words, "judgement"), "text"));
    json_object_foreach((json_t *)own, name, value)
        tell(t, json_text(own, name));
    tell(t, json_text(json_object_get(words, "external"), "number"));
    tell(t, json_text(words, "title"));
    tell(t, number);
}

/* What was said in a step. The first step is the report: its words are the case's own by now, corrected where they were. */
enum { FIRST_STEP_TOLD = 2 };

static void tell_step(struct telling *t, struct arena *a, const struct key *key, struct str sealed)
{
    static const char *const names[] = {"result",   "text",     "reason", "answer",       "note",
                                        "question", "guidance", "whom",   "resident_told"};
    json_t *record = vault_open(a, key, "journal", sealed, NULL);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        tell(t, json_text(json_object_get(record, "fields"), names[i]));
    json_decref(record);
}

bool case_each_text(struct core *core, struct db *db, struct arena *a, const struct case_row *c,
                    bool (*each)(void *context, struct str text), void *context, struct error *e)
{
    struct telling t = {.each = each, .context = context};
    struct journal_entry entry;
    struct db_rows r;
    struct key key;
    json_t *words = vault_key(core, c->key, &key, e) ? case_words(core, a, c, e) : NULL;

    if (words == NULL)
        return false;
    tell_words(&t, words, c->number);
    json_decref(words);
    if (t.over)
        return true;
    if (!journal_of(db, &r, SUBJECT_CASE, c->id, FIRST_STEP_TOLD, e))
        return false;
    while (!t.over && journal_next(&r, &entry))
        tell_step(&t, a, &key, entry.data);
    return db_end(&r, e);
}

/* A document that is being put together. */
struct draft {
    int64_t id, unit, flags;
    bool there;
    struct key key;
    struct terms terms;
};

/* The documents of the rows with these ids, in their order. */
struct drafts {
    struct core *core;
    struct db *db;
    struct arena *arena;
    struct lineages *lines;
    enum search_type type;
    int64_t from, to;
    struct draft *v;
    size_t n, room;
};

static struct draft *draft_new(struct drafts *d, int64_t id, int64_t unit)
{
    if (d->n == d->room) {
        size_t room = d->room == 0 ? 16 : 2 * d->room;
        struct draft *more = ARENA_ARRAY(d->arena, struct draft, room);
        if (d->n > 0)
            memcpy(more, d->v, d->n * sizeof *more);
        d->v = more;
        d->room = room;
    }
    d->v[d->n] = (struct draft){.id = id, .unit = unit};
    terms_open(&d->v[d->n].terms, d->core, d->arena);
    return &d->v[d->n++];
}

/* Rows come in the order of the drafts: from the one that was last found on. Null: there is none, or nothing of it can be read. */
static struct draft *draft_of(struct drafts *d, size_t *at, int64_t id)
{
    while (*at < d->n && d->v[*at].id < id)
        ++*at;
    return *at < d->n && d->v[*at].id == id && d->v[*at].there ? &d->v[*at] : NULL;
}

struct adding {
    struct terms *terms;
    struct arena *arena;
};

static bool add_text(void *context, struct str text)
{
    const struct adding *adding = context;
    terms_add_text(adding->terms, adding->arena, text);
    return true;
}

/* A key that was destroyed leaves a document of nothing, which goes; any other fault is one. */
static bool tolerable(const struct error *why, struct error *e)
{
    if (why->code == ERROR_KEY_DESTROYED || why->code == ERROR_NOT_FOUND)
        return true;
    if (e != NULL)
        *e = *why;
    return false;
}

static bool add_case(struct drafts *d, const struct db_rows *r, struct error *e)
{
    struct draft *draft = draft_new(d, db_int(r, 0), db_int(r, 3));
    struct adding adding = {&draft->terms, d->arena};
    struct telling t = {.each = add_text, .context = &adding};
    struct error why = {0};

    if (!vault_key(d->core, db_blob(r, 1), &draft->key, &why))
        return tolerable(&why, e);
    json_t *words = vault_open(d->arena, &draft->key, "case", db_blob(r, 2), e);
    if (words == NULL)
        return false;
    tell_words(&t, words, db_text(r, 6));
    json_decref(words);
    draft->there = true;
    draft->flags = db_int(r, 5);
    terms_add_id(&draft->terms, TERM_KIND, db_int(r, 4));
    if (!db_null(r, 7))
        terms_add_id(&draft->terms, TERM_OFFICE, db_int(r, 7));
    return true;
}

static bool add_steps(struct drafts *d, struct error *e)
{
    struct journal_entry entry;
    struct db_rows r;
    size_t at = 0;

    if (!journal_between(d->db, &r, SUBJECT_CASE, d->from, d->to, FIRST_STEP_TOLD, e))
        return false;
    while (journal_next(&r, &entry)) {
        struct draft *draft = draft_of(d, &at, entry.subject);
        struct adding adding = {draft != NULL ? &draft->terms : NULL, d->arena};
        struct telling t = {.each = add_text, .context = &adding};
        if (draft != NULL)
            tell_step(&t, d->arena, &draft->key, entry.data);
    }
    return db_end(&r, e);
}

/* Names and telephones of those in it. Who wanted to stay unnamed isn't found by name. */
static bool add_people(struct drafts *d, struct error *e)
{
    struct identity who;
    struct db_rows r;
    size_t at = 0;
    bool ok = true;

    if (!db_rows(d->db, &r, e,
                 "select q.case_id, q.role, p.key, p.sealed from case_person q join person p on p.id = q.person "
                 "where q.case_id >= ?1 and q.case_id <= ?2 order by q.case_id",
                 ARGS(INT(d->from), INT(d->to))))
        return false;
    while (ok && db_next(&r)) {
        struct draft *draft = draft_of(d, &at, db_int(&r, 0));
        struct error why = {0};
        if (draft == NULL || (db_int(&r, 1) == ROLE_REPORTER && (draft->flags & FLAG_ANONYMOUS) != 0))
            continue;
        if (person_unseal(d->core, d->arena, db_blob(&r, 2), db_blob(&r, 3), &who, &why)) {
            add_name(&draft->terms, d->arena, who.name);
            terms_add_text(&draft->terms, d->arena, who.phone);
        } else {
            ok = tolerable(&why, e);
        }
    }
    return db_end(&r, ok ? e : NULL) && ok;
}

/* Offices and accounts see the case by their work on it, wherever they sit. */
static bool add_holders(struct drafts *d, enum term_kind kind, const char *sql, struct error *e)
{
    struct db_rows r;
    size_t at = 0;

    if (!db_rows(d->db, &r, e, sql, ARGS(INT(d->from), INT(d->to))))
        return false;
    while (db_next(&r)) {
        struct draft *draft = draft_of(d, &at, db_int(&r, 0));
        if (draft != NULL)
            terms_add_id(&draft->terms, kind, db_int(&r, 1));
    }
    return db_end(&r, e);
}

static bool draft_cases(struct drafts *d, struct error *e)
{
    struct db_rows r;
    bool ok = true;

    if (!db_rows(d->db, &r, e,
                 "select id, key, sealed, unit, kind, flags, number, office from cases where id >= ?1 and id <= ?2 order by id",
                 ARGS(INT(d->from), INT(d->to))))
        return false;
    while (ok && db_next(&r))
        ok = add_case(d, &r, e);
    if (!db_end(&r, ok ? e : NULL) || !ok)
        return false;
    return add_steps(d, e) && add_people(d, e) &&
           add_holders(d, TERM_OFFICE,
                       "select case_id, office from referral where case_id >= ?1 and case_id <= ?2 order by case_id",
                       e) &&
           add_holders(d, TERM_ACCOUNT,
                       "select case_id, account from case_worker where case_id >= ?1 and case_id <= ?2 and role <> 3 "
                       "order by case_id",
                       e);
}

/* ---- Persons, places, activities ----------------------------------------------------------------------- */

/* Who was merged into another is found there. */
static bool draft_persons(struct drafts *d, struct error *e)
{
    struct identity who;
    struct db_rows r;
    bool ok = true;

    if (!db_rows(d->db, &r, e,
                 "select id, key, sealed, unit from person where id >= ?1 and id <= ?2 and merged_into is null order by id",
                 ARGS(INT(d->from), INT(d->to))))
        return false;
    while (ok && db_next(&r)) {
        struct draft *draft = draft_new(d, db_int(&r, 0), db_int(&r, 3));
        struct error why = {0};
        draft->there = person_unseal(d->core, d->arena, db_blob(&r, 1), db_blob(&r, 2), &who, &why);
        if (draft->there) {
            add_name(&draft->terms, d->arena, who.name);
            terms_add_text(&draft->terms, d->arena, who.phone);
            terms_add_text(&draft->terms, d->arena, who.id_no);
        } else {
            ok = tolerable(&why, e);
        }
    }
    return db_end(&r, ok ? e : NULL) && ok;
}

static const char *const word_names[] = {"text", "place", "address", "title", "name"};

bool search_open_words(struct core *core, struct db *db, struct arena *a, enum search_type type, int64_t id,
                       json_t **ret, const struct category **ret_topic, int64_t *ret_unit, struct error *e)
{
    const struct pack *pack = core_pack(core, db, 0, e);
    const char *sql = type == SEARCH_PLACE
                          ? "select key, sealed, unit, null from place where id = ?1 and closed_at is null"
                          : "select key, sealed, unit, topic from activity where id = ?1";
    struct str wrapped = {NULL, 0}, sealed = {NULL, 0};
    struct db_rows r;
    struct key key;

    *ret_topic = NULL;
    if (pack == NULL || !db_rows(db, &r, e, sql, ARGS(INT(id))))
        return false;
    if (db_next(&r)) {
        wrapped = arena_str(a, db_blob(&r, 0));
        sealed = arena_str(a, db_blob(&r, 1));
        *ret_unit = db_int(&r, 2);
        *ret_topic = pack_category(pack, KIND_TALK, db_text(&r, 3));
    }
    if (!db_end(&r, e) || !vault_key(core, wrapped, &key, e))
        return false;
    *ret = vault_open(a, &key, type == SEARCH_PLACE ? "place" : "activity", sealed, e);
    return *ret != NULL;
}

void search_each_word(const json_t *words, const struct category *topic,
                      bool (*each)(void *context, struct str text), void *context)
{
    struct telling t = {.each = each, .context = context};
    for (size_t i = 0; i < sizeof word_names / sizeof word_names[0]; i++)
        tell(&t, json_text(words, word_names[i]));
    if (topic != NULL)
        tell(&t, topic->label);
}

/* There are few of them beside cases and people: one by one. */
static bool draft_sealed(struct drafts *d, struct error *e)
{
    for (int64_t id = d->from; id <= d->to; id++) {
        struct draft *draft = draft_new(d, id, 0);
        struct adding adding = {&draft->terms, d->arena};
        const struct category *topic;
        struct error why = {0};
        json_t *words;
        if (search_open_words(d->core, d->db, d->arena, d->type, id, &words, &topic, &draft->unit, &why)) {
            search_each_word(words, topic, add_text, &adding);
            json_decref(words);
            draft->there = true;
        } else if (!tolerable(&why, e)) {
            return false;
        }
    }
    return true;
}

/* ---- Into the index ------------------------------------------------------------------------------------ */

static bool draft_all(struct drafts *d, struct error *e)
{
    switch (d->type) {
    case SEARCH_CASE:
        return draft_cases(d, e);
    case SEARCH_PERSON:
        return draft_persons(d, e);
    case SEARCH_PLACE:
    case SEARCH_ACTIVITY:
        return draft_sealed(d, e);
    case SEARCH_TYPES:
        break;
    }
    return error_cause(e, ERROR_INTERNAL, "no such type of document: %d", (int)d->type);
}

bool search_refresh(struct core *core, struct db *db, struct arena *a, struct lineages *lines,
                    enum search_type type, int64_t from, int64_t to, struct error *e)
{
    struct drafts d = {.core = core, .db = db, .arena = a, .lines = lines, .type = type, .from = from, .to = to};

    if (!draft_all(&d, e))
        return false;
    /* What has gone has no row, and so no draft: a row that is asked for alone must go from the index too. */
    if (d.n == 0 && from == to)
        (void)draft_new(&d, from, 0);
    struct index_doc *docs = ARENA_ARRAY(a, struct index_doc, d.n + 1);
    for (size_t i = 0; i < d.n; i++) {
        struct draft *draft = &d.v[i];
        if (draft->there && !add_units(&draft->terms, db, a, lines, draft->unit, e))
            return false;
        if (!draft->there)
            draft->terms.n = 0;
        docs[i] = (struct index_doc){doc_of(type, draft->id), &draft->terms};
    }
    return index_put(db, a, docs, d.n, e);
}
