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

struct unit_line {
    int64_t unit, above[LEVELS]; /* itself and what it belongs to, up to the province */
    size_t n;
};

void unit_lines_free(struct unit_lines *lines)
{
    free(lines->v);
    *lines = (struct unit_lines){0};
}

static struct unit_line *line_room(struct unit_lines *lines)
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

static bool add_units(struct terms *t, struct db *db, struct arena *a, struct unit_lines *lines, int64_t unit,
                      struct error *e)
{
    struct unit_line *line = NULL;

    for (size_t i = 0; i < lines->n && line == NULL; i++)
        if (lines->v[i].unit == unit)
            line = &lines->v[i];
    if (line == NULL) {
        struct unit u = {.parent = unit};
        line = line_room(lines);
        if (line == NULL)
            return error_cause(e, ERROR_INTERNAL, "no memory for units");
        *line = (struct unit_line){.unit = unit};
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
    const char *name;
    const json_t *value;

    tell(t, json_text(words, "text"));
    tell(t, json_text(words, "result"));
    tell(t, json_text(words, "place"));
    tell(t, json_text(json_object_get(words, "judgement"), "text"));
    json_object_foreach((json_t *)json_object_get(words, "fields"), name, value)
        tell(t, json_text(json_object_get(words, "fields"), name));
    tell(t, json_text(json_object_get(words, "external"), "number"));
    tell(t, json_text(words, "title"));
    tell(t, number);
}

/* What was said in each step. The first is the report: its words are the case's own by now, corrected where they were. */
static bool tell_journal(struct telling *t, struct core *core, struct db *db, struct arena *a,
                         const struct case_row *c, struct error *e)
{
    static const char *const names[] = {"result", "text",     "reason",   "answer",
                                        "note",   "question", "guidance", "whom"};
    struct journal_entry entry;
    struct db_rows r;
    struct key key;

    if (!vault_key(core, c->key, &key, e) || !journal_of(db, &r, SUBJECT_CASE, c->id, 2, e))
        return false;
    while (!t->over && journal_next(&r, &entry)) {
        json_t *record = vault_open(a, &key, "journal", entry.data, NULL);
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            tell(t, arena_str(a, json_text(json_object_get(record, "fields"), names[i])));
        json_decref(record);
    }
    return db_end(&r, e);
}

bool case_each_text(struct core *core, struct db *db, struct arena *a, const struct case_row *c,
                    bool (*each)(void *context, struct str text), void *context, struct error *e)
{
    struct telling t = {.each = each, .context = context};
    json_t *words = case_words(core, a, c, e);

    if (words == NULL)
        return false;
    tell_words(&t, words, c->number);
    json_decref(words);
    return t.over || tell_journal(&t, core, db, a, c, e);
}

struct adding {
    struct terms *t;
    struct arena *a;
};

static bool add_text(void *context, struct str text)
{
    struct adding *adding = context;
    terms_add_text(adding->t, adding->a, text);
    return true;
}

/* Names and telephones of those in it. Who wanted to stay unnamed isn't found by name. */
static bool add_people(struct terms *t, struct core *core, struct db *db, struct arena *a,
                       const struct case_row *c, struct error *e)
{
    struct identity who;
    struct db_rows r;
    bool ok = true;

    if (!db_rows(db, &r, e, "select distinct person from case_person where case_id = ?1 and (role <> ?2 or ?3 = 0)",
                 ARGS(INT(c->id), INT(ROLE_REPORTER), INT((c->flags & FLAG_ANONYMOUS) != 0))))
        return false;
    while (ok && db_next(&r)) {
        ok = person_open_left(core, db, a, db_int(&r, 0), &who, e);
        if (ok) {
            add_name(t, a, who.name);
            terms_add_text(t, a, who.phone);
        }
    }
    return db_end(&r, ok ? e : NULL) && ok;
}

/* Offices and accounts that see the case by their work on it, wherever they sit. */
static bool add_holders(struct terms *t, struct db *db, const struct case_row *c, struct error *e)
{
    struct db_rows r;

    if (c->office != 0)
        terms_add_id(t, TERM_OFFICE, c->office);
    if (!db_rows(db, &r, e, "select distinct office from referral where case_id = ?1", ARGS(INT(c->id))))
        return false;
    while (db_next(&r))
        terms_add_id(t, TERM_OFFICE, db_int(&r, 0));
    if (!db_end(&r, e) || !db_rows(db, &r, e, "select account from case_worker where case_id = ?1 and role <> ?2",
                                   ARGS(INT(c->id), INT(WORKER_RECUSED))))
        return false;
    while (db_next(&r))
        terms_add_id(t, TERM_ACCOUNT, db_int(&r, 0));
    return db_end(&r, e);
}

static bool add_case(struct terms *t, struct core *core, struct db *db, struct arena *a,
                     struct unit_lines *lines, int64_t id, struct error *e)
{
    struct adding adding = {t, a};
    struct case_row c;

    if (!case_load_id(db, a, id, &c, e) || !case_each_text(core, db, a, &c, add_text, &adding, e) ||
        !add_people(t, core, db, a, &c, e) || !add_holders(t, db, &c, e))
        return false;
    terms_add_id(t, TERM_KIND, c.kind);
    return add_units(t, db, a, lines, c.unit, e);
}

/* ---- Persons, places, activities ----------------------------------------------------------------------- */

static bool add_person(struct terms *t, struct core *core, struct db *db, struct arena *a,
                       struct unit_lines *lines, int64_t id, struct error *e)
{
    struct identity who;
    int64_t unit;

    /* Who was merged into another is found there. */
    if (!db_one_int(db, &unit, 0, e, "select unit from person where id = ?1 and merged_into is null",
                    ARGS(INT(id))) ||
        !person_open(core, db, a, id, &who, e))
        return false;
    if (unit == 0 || who.name.n + who.phone.n + who.id_no.n == 0)
        return error_set(e, ERROR_KEY_DESTROYED, NULL);
    add_name(t, a, who.name);
    terms_add_text(t, a, who.phone);
    terms_add_text(t, a, who.id_no);
    return add_units(t, db, a, lines, unit, e);
}

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

static bool add_sealed(struct terms *t, struct core *core, struct db *db, struct arena *a,
                       struct unit_lines *lines, enum search_type type, int64_t id, struct error *e)
{
    static const char *const names[] = {"title", "name", "text", "place", "address"};
    const struct category *topic;
    int64_t unit = 0;
    json_t *words;

    if (!search_open_words(core, db, a, type, id, &words, &topic, &unit, e))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        terms_add_text(t, a, json_text(words, names[i]));
    json_decref(words);
    if (topic != NULL)
        terms_add_text(t, a, topic->label);
    return add_units(t, db, a, lines, unit, e);
}

bool search_refresh(struct core *core, struct db *db, struct arena *a, struct unit_lines *lines,
                    enum search_type type, int64_t id, struct error *e)
{
    struct error why = {0};
    struct terms t;
    bool there = false;

    terms_open(&t, core, a);
    switch (type) {
    case SEARCH_CASE:
        there = add_case(&t, core, db, a, lines, id, &why);
        break;
    case SEARCH_PERSON:
        there = add_person(&t, core, db, a, lines, id, &why);
        break;
    case SEARCH_PLACE:
    case SEARCH_ACTIVITY:
        there = add_sealed(&t, core, db, a, lines, type, id, &why);
        break;
    case SEARCH_TYPES:
        break;
    }
    /* What has gone, or can't be read any more because its key was destroyed, can't be found either. */
    if (!there && why.code != ERROR_NOT_FOUND && why.code != ERROR_KEY_DESTROYED) {
        if (e != NULL)
            *e = why;
        return false;
    }
    if (!there)
        t.n = 0;
    return index_put(db, a, doc_of(type, id), &t, e);
}
