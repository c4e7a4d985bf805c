/* Registers, shown: lists, a row with what can be done to it, and what registers there are. */
#include "base/time.h"
#include "core/account.h"
#include "core/case_read.h"
#include "core/file.h"
#include "core/form.h"
#include "core/journal.h"
#include "core/names.h"
#include "core/person.h"
#include "core/register.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/vault.h"
#include "core/verb.h"

enum { PERSON_ROWS = 500 };

struct showing {
    struct core *core;
    struct db *db;
    struct arena *a;
    struct jw *w;
    const struct actor *actor;
    const struct register_def *def;
    const struct pack *pack;
    struct names names;
    struct register_seen *seen;
    bool listed; /* in a list: words whose readings are written down are left out */
};

static struct showing show(struct core *core, struct db *db, struct arena *a, struct jw *w,
                           const struct actor *actor, const struct register_def *def, struct error *e)
{
    return (struct showing){core, db,   a, w, actor, def, core_pack(core, db, 0, e), names_open(core, a),
                            NULL, false};
}

static struct str say(const struct showing *s, const char *what, const char *of)
{
    return str_of(lang_word(s->actor->lang,
                            arena_printf(s->a, "register.%s.%s.%s", subject_code(s->def->subject), what, of)));
}

/* ---- Facts --------------------------------------------------------------------------------------------- */

static struct str day_text(struct arena *a, int64_t ms)
{
    char text[DATE_TEXT];
    date_format(day_of(ms), text);
    return str_of(arena_printf(a, "%s", text));
}

static struct str money_text(struct arena *a, int64_t fen)
{
    return str_of(arena_printf(a, "%lld.%02lld", (long long)(fen / 100), (long long)(fen % 100)));
}

/* People who are named beside the one in the column. */
static struct str account_text(struct showing *s, struct str text)
{
    struct name name;
    struct id uuid;
    int64_t id;
    bool known = id_parse(text, &uuid) && subject_id(s->db, SUBJECT_ACCOUNT, uuid, &id, NULL) &&
                 names_get(&s->names, s->db, s->a, NAME_ACCOUNT, id, &name, NULL);
    return known ? name.name : STR("");
}

static struct str value_text(struct showing *s, const struct field *f, const json_t *value)
{
    if (json_is_boolean(value))
        return str_of(lang_word(s->actor->lang, json_is_true(value) ? "choice.yes" : "choice.no"));
    if (json_is_integer(value))
        return f->type == FIELD_MONEY
                   ? money_text(s->a, json_integer_value(value))
                   : str_of(arena_printf(s->a, "%lld", (long long)json_integer_value(value)));
    if (json_is_number(value))
        return str_of(arena_printf(s->a, "%g", json_number_value(value)));
    if (!json_is_string(value))
        return STR("");
    struct str text = str_of(json_string_value(value));
    if (f->type == FIELD_ACCOUNT)
        return account_text(s, text);
    return f->type == FIELD_CHOICE ? form_choice_label(s->a, s->pack, f, text, s->actor->lang) : text;
}

/* Columns that a form fills stand among the facts too; persons, cases and accounts are members of their own. */
static struct str column_text(struct showing *s, const struct field *f, enum register_column column,
                              const struct register_row *row)
{
    switch (column) {
    case REGISTER_CODE:
        return form_choice_label(s->a, s->pack, f, row->code, s->actor->lang);
    case REGISTER_AMOUNT:
        return row->amount == 0         ? STR("")
               : f->type == FIELD_MONEY ? money_text(s->a, row->amount)
                                        : str_of(arena_printf(s->a, "%lld", (long long)row->amount));
    case REGISTER_DAY:
        return row->day == 0 ? STR("") : day_text(s->a, day_start((int32_t)row->day));
    case REGISTER_DUE:
        return row->due == 0 ? STR("") : day_text(s->a, row->due);
    default:
        return STR("");
    }
}

static void write_fact(struct showing *s, const struct field *f, const struct register_row *row,
                       const json_t *words)
{
    enum register_column column = register_column_of(s->def, f->name);
    struct str text = column == REGISTER_WORDS ? value_text(s, f, json_object_get(words, f->name))
                                               : column_text(s, f, column, row);
    if (text.n == 0)
        return;
    jw_object(s->w);
    jw_kz(s->w, "name", f->name);
    jw_kz(s->w, "label",
          f->label != NULL ? f->label : lang_word(s->actor->lang, arena_printf(s->a, "field.%s", f->name)));
    jw_ktext(s->w, "value", text);
    jw_end_object(s->w);
}

static void write_label(struct showing *s, const char *name, const char *value)
{
    jw_object(s->w);
    jw_kz(s->w, "name", name);
    jw_kz(s->w, "label", lang_word(s->actor->lang, arena_printf(s->a, "field.%s", name)));
    jw_kz(s->w, "value", value);
    jw_end_object(s->w);
}

static void write_sum(struct showing *s, const char *name, int64_t fen)
{
    write_label(s, name, arena_z(s->a, money_text(s->a, fen)));
}

/* Of a fund: what was given from it and what is left; of offers the hours, of a round how many answered and what that makes. */
static void write_sums(struct showing *s, const struct register_row *row, const json_t *words)
{
    int64_t spent = 0, count = 0;
    struct db_rows r;
    struct str measure = json_text(words, "measure");
    const struct register_def *of = s->def->spends != SUBJECT_NONE ? register_of(s->core, s->def->spends) : NULL;
    if (of == NULL ||
        !db_rows(s->db, &r, NULL,
                 "select cast(coalesce(sum(amount), 0) as bigint), count(*) from register_row where parent = ?1 and register = ?2 and state = ?3",
                 ARGS(INT(row->id), INT(of->subject), INT(of->spent))))
        return;
    if (db_next(&r)) {
        spent = db_int(&r, 0);
        count = db_int(&r, 1);
    }
    if (!db_end(&r, NULL))
        return;
    if (s->def->sums == REGISTER_NUMBER) {
        write_label(s, "entry_count", arena_printf(s->a, "%lld", (long long)count));
        if (spent > 0)
            write_label(s, "amount_sum",
                        arena_printf(s->a, "%lld%s%.*s", (long long)spent, measure.n > 0 ? " " : "",
                                     (int)measure.n, measure.n > 0 ? measure.p : ""));
        return;
    }
    if (s->def->sums == REGISTER_MINUTES) {
        write_label(s, "hours_sum",
                    arena_printf(s->a, "%lld.%lld", (long long)(spent / 60), (long long)(spent % 60 / 6)));
        return;
    }
    write_sum(s, "spent_sum", spent);
    write_sum(s, "rest", row->amount - spent);
}

static bool asked_before(const struct verb *const *verbs, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        for (const struct field *f = verbs[i]->fields; f != NULL && f->name != NULL; f++)
            if (strcmp(f->name, name) == 0)
                return true;
    return false;
}

/* Every field that some form of this register asks, once, in the order in which they come. */
static void write_facts(struct showing *s, const struct register_row *row, const json_t *words)
{
    enum { VERBS_MOST = 24 };
    const struct verb *seen[VERBS_MOST];
    size_t n = 0;

    jw_karray(s->w, "facts");
    for (const struct verb *const *table = s->core->tables->verbs; *table != NULL; table++)
        for (const struct verb *v = *table; v->name != NULL; v++) {
            if (v->subject != s->def->subject || n == VERBS_MOST)
                continue;
            for (const struct field *f = v->fields; f != NULL && f->name != NULL; f++)
                if (!f->hidden && !asked_before(seen, n, f->name) && strcmp(f->name, s->def->title) != 0)
                    write_fact(s, f, row, words);
            seen[n++] = v;
            struct field *extra = NULL;
            if (s->def->asks != NULL)
                s->def->asks(s->pack, s->a, row, v->name, &extra);
            for (const struct field *f = extra; f != NULL && f->name != NULL; f++)
                write_fact(s, f, row, words);
        }
    for (size_t i = 0; i < sizeof s->def->told / sizeof s->def->told[0] && s->def->told[i] != NULL; i++)
        write_fact(s, &(struct field){.name = s->def->told[i], .type = FIELD_TEXT}, row, words);
    write_sums(s, row, words);
    jw_end_array(s->w);
}

/* ---- A row --------------------------------------------------------------------------------------------- */

static bool write_case(struct showing *s, int64_t case_id, struct error *e)
{
    struct case_row c;
    enum sight sight = SIGHT_NONE;
    char id[ID_TEXT];

    jw_key(s->w, "case");
    if (case_id == 0) {
        jw_null(s->w);
        return true;
    }
    struct id uuid;
    if (!subject_uuid(s->db, SUBJECT_CASE, case_id, &uuid, e) ||
        !case_load(s->db, s->a, uuid, false, &c, e) || !scope_sight(s->db, s->actor, &c, &sight, e))
        return false;
    if (sight == SIGHT_NONE) {
        jw_null(s->w);
        return true;
    }
    id_format(c.uuid, id);
    jw_object(s->w);
    jw_kz(s->w, "id", id);
    jw_ktext(s->w, "number", c.number);
    jw_end_object(s->w);
    return true;
}

static bool write_name(struct showing *s, const char *key, int64_t account, struct error *e)
{
    struct name name;
    struct id uuid = {{0}};
    char id[ID_TEXT];
    jw_key(s->w, key);
    if (account == 0) {
        jw_null(s->w);
        return true;
    }
    if (!names_get(&s->names, s->db, s->a, NAME_ACCOUNT, account, &name, e) ||
        !subject_uuid(s->db, SUBJECT_ACCOUNT, account, &uuid, e))
        return false;
    id_format(uuid, id);
    jw_object(s->w);
    jw_kz(s->w, "id", id);
    jw_ktext(s->w, "name", name.name);
    jw_end_object(s->w);
    return true;
}

static bool write_members(struct showing *s, const struct register_row *row, struct error *e)
{
    struct name unit;
    struct jw *w = s->w;

    if (!names_get(&s->names, s->db, s->a, NAME_UNIT, row->unit, &unit, e))
        return false;
    jw_kobject(w, "unit");
    jw_ktext(w, "code", unit.code);
    jw_ktext(w, "name", unit.name);
    jw_end_object(w);
    jw_key(w, "person");
    if (row->person == 0) {
        jw_null(w);
    } else {
        jw_object(w);
        if (!person_write(s->core, s->db, s->a, w, row->person, s->actor->lang, e))
            return false;
        jw_end_object(w);
    }
    return write_case(s, row->case_id, e) && write_name(s, "account", row->account, e) &&
           write_name(s, "by", row->created_by, e);
}

/* What a form that puts it right begins with. */
static void write_values(struct showing *s, const struct register_row *row, const json_t *words)
{
    const char *name;
    const json_t *value;

    jw_kobject(s->w, "values");
    json_object_foreach((json_t *)words, name, value)
        jw_kjson(s->w, name, value);
    for (size_t i = 0; s->def->columns[i].field != NULL; i++) {
        const char *field = s->def->columns[i].field;
        if (s->def->columns[i].column == REGISTER_CODE)
            jw_ktext(s->w, field, row->code);
        if (s->def->columns[i].column == REGISTER_DAY && row->day != 0)
            jw_ktext(s->w, field, day_text(s->a, day_start((int32_t)row->day)));
        if (s->def->columns[i].column == REGISTER_DUE && row->due != 0)
            jw_ktext(s->w, field, day_text(s->a, row->due));
        if (s->def->columns[i].column == REGISTER_AMOUNT && row->amount != 0)
            jw_kint(s->w, field, row->amount);
    }
    jw_end_object(s->w);
}

/* The field that says the row in a line may lie in a column too: its class, by its label. */
static struct str title_text(struct showing *s, const struct register_row *row, const json_t *words)
{
    enum register_column column = register_column_of(s->def, s->def->title);
    const struct verb *maker = register_maker(s->core, s->def);
    for (const struct field *f = maker != NULL ? maker->fields : NULL; f != NULL && f->name != NULL; f++)
        if (strcmp(f->name, s->def->title) == 0)
            return column == REGISTER_WORDS ? value_text(s, f, json_object_get(words, f->name))
                                            : column_text(s, f, column, row);
    return json_text(words, s->def->title);
}

static void note_seen(struct showing *s, const struct register_row *row, bool logged)
{
    if (logged && s->seen != NULL && s->seen->n < sizeof s->seen->ids / sizeof s->seen->ids[0])
        s->seen->ids[s->seen->n++] = row->id;
}

static bool write_row(struct showing *s, const struct register_row *row, struct error *e)
{
    struct jw *w = s->w;
    char id[ID_TEXT];
    json_t *words = register_words(s->core, s->a, row, NULL);

    id_format(row->uuid, id);
    jw_kz(w, "id", id);
    jw_kz(w, "register", subject_code(s->def->subject));
    jw_kint(w, "rev", row->rev);
    jw_kz(w, "state", s->def->states[row->state]);
    jw_ktext(w, "state_label", say(s, "state", s->def->states[row->state]));
    jw_kbool(w, "open", (s->def->open >> row->state & 1) != 0);
    jw_ktext(w, "code", row->code);
    jw_ktime(w, "due", row->due);
    jw_kbool(w, "overdue", row->due != 0 && row->due < time_now() && (s->def->open >> row->state & 1) != 0);
    jw_ktime(w, "created_at", row->created_at);
    jw_ktext(w, "title",
             words != NULL ? title_text(s, row, words) : str_of(lang_word(s->actor->lang, "erased.done")));
    bool ok = write_members(s, row, e);
    bool logged = s->def->logged != NULL && s->def->logged(s->pack, row);
    if (logged && s->listed) {
        jw_karray(w, "facts");
        jw_end_array(w);
        jw_kobject(w, "values");
        jw_end_object(w);
    } else {
        write_facts(s, row, words);
        write_values(s, row, words);
        note_seen(s, row, logged);
    }
    json_decref(words);
    return ok;
}

bool register_write_list(struct core *core, struct db *db, struct arena *a, struct jw *w,
                         const struct actor *actor, const struct register_def *def,
                         const struct register_filter *f, struct error *e)
{
    struct showing s = show(core, db, a, w, actor, def, e);
    struct register_row *rows;
    size_t n;
    int64_t due, id;

    s.listed = true;
    if (s.pack == NULL || !register_rows(core, db, a, actor, def, f, &rows, &n, &due, &id, e))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    for (size_t i = 0; i < n; i++) {
        jw_object(w);
        if (!write_row(&s, &rows[i], e))
            return false;
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_kz(w, "next", id != 0 ? arena_printf(a, "%lld.%lld", (long long)due, (long long)id) : NULL);
    jw_end_object(w);
    return true;
}

bool register_write_person(struct core *core, struct db *db, struct arena *a, struct jw *w,
                           const struct actor *actor, int64_t person, struct error *e)
{
    const struct register_filter f = {.hi = INT64_MAX, .all = true, .person = person, .limit = PERSON_ROWS};
    struct showing s = show(core, db, a, w, actor, NULL, e);
    struct register_row *rows;
    size_t n;
    int64_t due, id;

    if (s.pack == NULL)
        return false;
    jw_array(w);
    for (const struct register_def *const *d = core->tables->registers; d != NULL && *d != NULL; d++) {
        s.def = *d;
        if (!register_rows(core, db, a, actor, *d, &f, &rows, &n, &due, &id, e))
            return false;
        for (size_t i = 0; i < n; i++) {
            if ((*d)->apart != NULL && (*d)->apart(s.pack, &rows[i]))
                continue;
            jw_object(w);
            if (!write_row(&s, &rows[i], e))
                return false;
            jw_end_object(w);
        }
    }
    jw_end_array(w);
    return true;
}

/* ---- A page -------------------------------------------------------------------------------------------- */

static void write_verbs(struct showing *s, const struct register_row *row)
{
    jw_karray(s->w, "verbs");
    for (const struct verb *const *table = s->core->tables->verbs; *table != NULL; table++)
        for (const struct verb *v = *table; v->name != NULL; v++) {
            if (v->subject != s->def->subject || !register_open_now(s->pack, v, row, s->actor))
                continue;
            struct field *extra = NULL;
            if (s->def->asks != NULL)
                s->def->asks(s->pack, s->a, row, v->name, &extra);
            form_write_plain(s->w, s->a, &(struct form_of){.pack = s->pack, .verb = v, .lang = s->actor->lang},
                             say(s, "verb", v->name), extra);
        }
    jw_end_array(s->w);
}

static bool write_step(struct showing *s, const struct journal_entry *entry, const struct key *key,
                       struct error *e)
{
    static const char *const texts[] = {"result", "reason", "note", "text"};
    struct name name = {{NULL, 0}, {NULL, 0}};
    json_t *record = key != NULL ? vault_open(s->a, key, "journal", entry->data, NULL) : NULL;
    struct str text = STR("");

    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && text.n == 0; i++)
        text = json_text(json_object_get(record, "fields"), texts[i]);
    if (entry->actor != 0 && !names_get(&s->names, s->db, s->a, NAME_ACCOUNT, entry->actor, &name, e))
        return false;
    jw_object(s->w);
    jw_kint(s->w, "n", entry->n);
    jw_ktime(s->w, "at", entry->happened_at);
    jw_ktext(s->w, "label",
             str_is(entry->verb, "written") ? str_of(lang_word(s->actor->lang, "spoken.written"))
                                            : say(s, "verb", arena_z(s->a, entry->verb)));
    jw_ktext(s->w, "by", name.name);
    jw_ktext(s->w, "text", text);
    jw_end_object(s->w);
    json_decref(record);
    return true;
}

static bool write_steps(struct showing *s, const struct register_row *row, struct error *e)
{
    struct journal_entry entry, *all = NULL;
    struct db_rows r;
    struct key key;
    size_t n = 0, room = 0;
    bool readable = vault_key(s->core, row->key, &key, NULL), ok = true;

    if (!journal_of(s->db, &r, s->def->subject, row->id, 0, e))
        return false;
    while (journal_next(&r, &entry)) { /* names are asked for once the walk is over: one statement at a time */
        if (n == room) {
            struct journal_entry *more = ARENA_ARRAY(s->a, struct journal_entry, room * 2 + 8);
            if (n > 0)
                memcpy(more, all, n * sizeof *all);
            all = more;
            room = room * 2 + 8;
        }
        entry.verb = arena_str(s->a, entry.verb);
        entry.data = arena_str(s->a, entry.data);
        all[n++] = entry;
    }
    if (!db_end(&r, e))
        return false;
    jw_karray(s->w, "steps");
    for (size_t i = 0; i < n && ok; i++)
        ok = write_step(s, &all[i], readable ? &key : NULL, e);
    jw_end_array(s->w);
    return ok;
}

static bool names_code(const json_t *codes, struct str code)
{
    const json_t *one;
    size_t i;
    json_array_foreach(codes, i, one)
        if (str_is(code, json_string_value(one)))
            return true;
    return false;
}

/* The pack's templates for papers of this register, in the states in which they are made out. */
static void write_papers(struct showing *s, const struct register_row *row)
{
    const json_t *form, *state;
    size_t i, n;

    jw_karray(s->w, "papers");
    json_array_foreach(json_object_get(s->pack->doc, "papers"), i, form) {
        bool fits = false;
        if (!str_is(json_text(form, "register"), subject_code(s->def->subject)))
            continue;
        json_array_foreach(json_object_get(form, "states"), n, state)
            fits = fits || strcmp(json_string_value(state), s->def->states[row->state]) == 0;
        if (!fits || (json_is_array(json_object_get(form, "codes")) &&
                      !names_code(json_object_get(form, "codes"), row->code)))
            continue;
        jw_object(s->w);
        jw_ktext(s->w, "code", json_text(form, "code"));
        jw_ktext(s->w, "label", json_text(form, "title"));
        jw_kbool(s->w, "names", names_code(json_object_get(form, "table"), STR("person")));
        jw_kbool(s->w, "table", json_is_array(json_object_get(form, "table")));
        jw_end_object(s->w);
    }
    jw_end_array(s->w);
}

/* What hangs on a fund: each gift, as far as the actor reads it. */
static bool write_children(struct showing *s, const struct register_row *row, struct error *e)
{
    const struct register_filter f = {.hi = INT64_MAX, .all = true, .parent = row->id, .limit = PERSON_ROWS};
    struct showing of = *s;
    struct register_row *rows;
    size_t n = 0;
    int64_t due, id;

    jw_karray(s->w, "children");
    if (s->def->spends != SUBJECT_NONE) {
        of.def = register_of(s->core, s->def->spends);
        of.listed = true;
        if (!register_rows(s->core, s->db, s->a, s->actor, of.def, &f, &rows, &n, &due, &id, e))
            return false;
    }
    for (size_t i = 0; i < n; i++) {
        jw_object(s->w);
        if (!write_row(&of, &rows[i], e))
            return false;
        jw_end_object(s->w);
    }
    jw_end_array(s->w);
    return true;
}

/* Who opens the door finds everybody behind it: the other rows of the person, and those of the household. */
static bool write_beside(struct showing *s, const struct register_row *row, struct error *e)
{
    enum { BESIDE = 20 };
    struct id ids[BESIDE];
    struct db_rows r;
    size_t n = 0;

    /* `+ 0`: by the people, who are few, and not by the register */
    jw_karray(s->w, "beside");
    if (s->def->household && row->person != 0) {
        if (!db_rows(s->db, &r, e,
                     "select uuid from register_row where person is not null and person in (select ?1 union select id from person "
                     "where household = (select household from person where id = ?1)) "
                     "and register + 0 = ?2 and open = 1 and id <> ?3 order by id limit 20",
                     ARGS(INT(row->person), INT(s->def->subject), INT(row->id))))
            return false;
        while (n < BESIDE && db_next(&r))
            ids[n++] = db_id(&r, 0);
        if (!db_end(&r, e))
            return false;
    }
    for (size_t i = 0; i < n; i++) {
        struct register_row other;
        if (!register_one(s->core, s->db, s->a, s->actor, s->def, ids[i], &other, NULL))
            continue; /* not theirs to know */
        jw_object(s->w);
        if (!write_row(s, &other, e))
            return false;
        jw_end_object(s->w);
    }
    jw_end_array(s->w);
    return true;
}

bool register_write_page(struct core *core, struct db *db, struct arena *a, struct jw *w,
                         const struct actor *actor, const struct register_def *def,
                         const struct register_row *row, struct register_seen *seen, struct error *e)
{
    struct showing s = show(core, db, a, w, actor, def, e);
    char id[ID_TEXT];
    if (s.pack == NULL)
        return false;
    s.seen = seen;
    jw_object(w);
    if (!write_row(&s, row, e))
        return false;
    write_verbs(&s, row);
    write_papers(&s, row);
    id_format(row->uuid, id);
    const char *path = arena_printf(a, "/api/v1/registers/%s/%s", subject_code(def->subject), id);
    bool ok = file_write_hung(db, a, w, def->subject, row->id, false, path, e) &&
              write_children(&s, row, e) && write_beside(&s, row, e) && write_steps(&s, row, e);
    jw_end_object(w);
    return ok;
}

/* ---- What registers there are -------------------------------------------------------------------------- */

static void write_register(struct showing *s)
{
    const struct verb *maker = register_maker(s->core, s->def);
    const char *name = subject_code(s->def->subject);
    struct jw *w = s->w;

    jw_object(w);
    jw_kz(w, "name", name);
    jw_kz(w, "label", lang_word(s->actor->lang, arena_printf(s->a, "register.%s.title", name)));
    jw_karray(w, "states");
    for (int n = 1; n < REGISTER_STATES && s->def->states[n] != NULL; n++) {
        jw_object(w);
        jw_kz(w, "state", s->def->states[n]);
        jw_ktext(w, "label", say(s, "state", s->def->states[n]));
        jw_kbool(w, "open", (s->def->open >> n & 1) != 0);
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_key(w, "make");
    if (maker != NULL && !s->def->by_file && actor_is(s->actor, maker->posts)) {
        jw_object(w);
        jw_ktext(w, "label", say(s, "verb", maker->name));
        form_write(w, s->a, &(struct form_of){.pack = s->pack, .verb = maker, .lang = s->actor->lang});
        jw_end_object(w);
    } else {
        jw_null(w);
    }
    jw_end_object(w);
}

bool register_write_all(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct actor *actor, struct error *e)
{
    struct showing s = show(core, db, a, w, actor, NULL, e);
    if (s.pack == NULL)
        return false;
    jw_object(w);
    jw_karray(w, "items");
    for (const struct register_def *const *d = core->tables->registers; *d != NULL; d++) {
        s.def = *d;
        if (actor_is(actor, (*d)->readers))
            write_register(&s);
    }
    jw_end_array(w);
    jw_end_object(w);
    return true;
}
