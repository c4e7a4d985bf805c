/* The readable part of an archive: what the sealed tables say, with words, names and labels in clear, for whoever moves to another program or must
 * answer with the records themselves. Its entries are encrypted under a passphrase, because the rest of the archive may lie anywhere and this must not. */
#include "base/time.h"
#include "core/archive_parts.h"
#include "core/case.h"
#include "core/file.h"
#include "core/subject.h"
#include "core/unit.h"
#include "core/vault.h"

enum { PAGE_ROWS = 200, WORDS = 8 };

/* Which sealed tables, what their seal is about, and which of their words get a column; the JSON has all of them. */
/* clang-format off */
static const struct readable {
    const char *table, *name, *about, *id, *sealed;
    const char *words[WORDS];
} readables[] = {
    {"cases", "cases", "case", "id", "sealed", {"title", "text", "place", "result", "told_how", "answer"}},
    {"person", "persons", "person", "id", "sealed", {"name", "phone", "id_no", "address"}},
    {"household", "households", "household", "id", "sealed", {"address"}},
    {"place", "places", "place", "id", "sealed", {"name", "address", "industry", "business", "operator"}},
    {"activity", "activities", "activity", "id", "sealed", {"title", "text", "place"}},
    {"account", "accounts", "account", "id", "sealed", {"name", "phone"}},
    {"journal", "journal", "journal", "seq", "data", {"fields", "was"}},
};
/* clang-format on */

struct open_walk {
    const struct readable *what;
    const struct archive_table *table;
    const char *sql;
    bool json, begun;
    int64_t after;
    int key, sealed, id, kind, category, state, pack, unit, subject_kind, subject; /* columns; -1: none */
};

static bool is_secret(const struct archive_column *c)
{
    return c->type == DB_T_BLOB && strcmp(c->name, "uuid") != 0 && strcmp(c->name, "id") != 0;
}

/* Password hashes and second factors are nobody's to read. */
static bool shown(const struct archive_column *c)
{
    return !is_secret(c) && strcmp(c->name, "password") != 0 && strcmp(c->name, "totp_step") != 0;
}

/* ---- A row as one object ------------------------------------------------------------------------------- */

static bool is_time(const char *name)
{
    size_t n = strlen(name);
    return (n > 3 && strcmp(name + n - 3, "_at") == 0) || strcmp(name, "due") == 0 ||
           strcmp(name, "external_due") == 0 || strcmp(name, "paused_until") == 0;
}

static json_t *text_json(struct str s)
{
    json_t *j = json_stringn(s.p != NULL ? s.p : "", s.n);
    return j != NULL ? j : json_string("");
}

static json_t *cell_json(const struct db_rows *r, int i, const struct archive_column *c)
{
    char text[ID_TEXT + TIME_TEXT];
    if (db_null(r, i))
        return json_null();
    if (c->type == DB_T_TEXT)
        return text_json(db_text(r, i));
    if (c->type == DB_T_BLOB) {
        id_format(db_id(r, i), text);
        return json_string(text);
    }
    if (is_time(c->name) && db_int(r, i) > 0 && db_int(r, i) < DUE_NEVER) {
        time_format(db_int(r, i), text);
        return json_string(text);
    }
    return json_integer(db_int(r, i));
}

static bool add_labels(struct archive_writer *w, const struct open_walk *o, const struct db_rows *r,
                       struct arena *a, json_t *row, struct error *e)
{
    struct unit u;
    bool a_case = strcmp(o->what->table, "cases") == 0;

    if (o->unit >= 0 && !db_null(r, o->unit)) {
        if (!unit_load(w->db, a, db_int(r, o->unit), &u, e))
            return false;
        (void)json_object_set_new(row, "unit_code", text_json(u.code));
        (void)json_object_set_new(row, "unit_name", text_json(u.name));
    }
    if (a_case) {
        enum kind kind = (enum kind)db_int(r, o->kind);
        const struct pack *p = core_pack(w->core, w->db, db_int(r, o->pack), e);
        if (p == NULL)
            return false;
        const struct category *category = pack_category(p, kind, db_text(r, o->category));
        (void)json_object_set_new(row, "kind_label", text_json(p->kinds[kind].label));
        (void)json_object_set_new(row, "category_label", text_json(category != NULL ? category->label : STR("")));
        int64_t state = db_int(r, o->state);
        if (state > 0 && state < STATE_COUNT)
            (void)json_object_set_new(row, "state_label", text_json(p->kinds[kind].states[state]));
    }
    if (o->subject_kind >= 0)
        (void)json_object_set_new(row, "subject_code",
                                  json_string(subject_code((enum subject_kind)db_int(r, o->subject_kind))));
    return true;
}

/* The journal is sealed under the keys of what it is about. */
static bool find_key(struct archive_writer *w, const struct open_walk *o, const struct db_rows *r,
                     struct arena *a, struct str *ret, struct error *e)
{
    struct db_rows k;
    *ret = STR("");
    if (o->key >= 0) {
        *ret = db_blob(r, o->key);
        return true;
    }
    enum subject_kind kind = (enum subject_kind)db_int(r, o->subject_kind);
    if (kind <= SUBJECT_NONE || kind >= SUBJECT_UNIT)
        return true;
    if (!db_rows(w->db, &k, e, arena_printf(a, "select key from %s where id = ?1", subject_table(kind)),
                 ARGS(INT(db_int(r, o->subject)))))
        return false;
    if (db_next(&k))
        *ret = arena_str(a, db_blob(&k, 0));
    return db_end(&k, e);
}

/* Words whose key was destroyed, or that do not open, are null: an archive is made of what there is, and verify is who complains. */
static json_t *read_words(struct archive_writer *w, const struct open_walk *o, const struct db_rows *r,
                          struct arena *a, struct str wrapped)
{
    struct key key;
    struct error ignored;
    if (!vault_key(w->core, wrapped, &key, &ignored))
        return NULL;
    return vault_open(a, &key, o->what->about, db_blob(r, o->sealed), &ignored);
}

static bool row_json(struct archive_writer *w, const struct open_walk *o, const struct db_rows *r,
                     struct arena *a, json_t **ret, struct error *e)
{
    json_t *row = json_object();
    struct str wrapped;

    for (size_t i = 0; i < o->table->n; i++)
        if (shown(&o->table->columns[i]))
            (void)json_object_set_new(row, o->table->columns[i].name,
                                      cell_json(r, (int)i, &o->table->columns[i]));
    if (!add_labels(w, o, r, a, row, e) || !find_key(w, o, r, a, &wrapped, e)) {
        json_decref(row);
        return false;
    }
    json_t *words = read_words(w, o, r, a, wrapped);
    (void)json_object_set_new(row, "words", words != NULL ? words : json_null());
    *ret = row;
    return true;
}

/* ---- As JSON and as CSV -------------------------------------------------------------------------------- */

/* A spreadsheet takes a cell that begins so for a formula; the apostrophe keeps it text. */
static void csv_value(struct buf *out, const json_t *value)
{
    struct buf text = BUF_INIT(BUF_SEALED);
    struct str s = json_is_string(value) ? str_of(json_string_value(value)) : STR("");

    if (json_is_integer(value)) {
        buf_add_int(out, json_integer_value(value));
        return;
    }
    if (json_is_object(value) || json_is_array(value)) {
        json_write(&text, value);
        s = buf_str(&text);
    }
    if (s.n > 0 && strchr("=+-@\t\r", s.p[0]) != NULL) {
        struct buf safe = BUF_INIT(BUF_SEALED);
        buf_addc(&safe, '\'');
        buf_add(&safe, s);
        archive_csv_text(out, buf_str(&safe));
        buf_free(&safe);
    } else if (s.n > 0) {
        archive_csv_text(out, s);
    }
    buf_free(&text);
}

static const char *const labels[] = {"unit_code",      "unit_name",   "kind_label",
                                     "category_label", "state_label", "subject_code"};
enum { LABELS = sizeof labels / sizeof labels[0] };

static void csv_head(struct buf *out, const struct open_walk *o)
{
    for (size_t i = 0; i < o->table->n; i++)
        if (shown(&o->table->columns[i]))
            buf_addf(out, "%s,", o->table->columns[i].name);
    for (size_t i = 0; i < LABELS; i++)
        buf_addf(out, "%s,", labels[i]);
    for (size_t i = 0; i < WORDS && o->what->words[i] != NULL; i++)
        buf_addf(out, "%s%s", i > 0 ? ",words." : "words.", o->what->words[i]);
    buf_addc(out, '\n');
}

static void csv_row(struct buf *out, const struct open_walk *o, const json_t *row)
{
    const json_t *words = json_object_get(row, "words");
    for (size_t i = 0; i < o->table->n; i++)
        if (shown(&o->table->columns[i])) {
            csv_value(out, json_object_get(row, o->table->columns[i].name));
            buf_addc(out, ',');
        }
    for (size_t i = 0; i < LABELS; i++) {
        csv_value(out, json_object_get(row, labels[i]));
        buf_addc(out, ',');
    }
    for (size_t i = 0; i < WORDS && o->what->words[i] != NULL; i++) {
        if (i > 0)
            buf_addc(out, ',');
        csv_value(out, json_object_get(words, o->what->words[i]));
    }
    buf_addc(out, '\n');
}

static bool fill_open(struct archive_entry *s, struct error *e)
{
    struct open_walk *o = s->subject;
    struct archive_writer *w = s->writer;
    struct arena *a = arena_open();
    struct db_rows r;
    int64_t n = 0;
    bool ok = db_rows(w->db, &r, e, o->sql, ARGS(INT(o->after)));

    if (ok && !o->begun && !o->json) {
        buf_addz(&s->page, "\xef\xbb\xbf"); /* or a spreadsheet takes it for another encoding */
        csv_head(&s->page, o);
    }
    for (; ok && db_next(&r); n++) {
        json_t *row;
        ok = row_json(w, o, &r, a, &row, e);
        if (!ok)
            break;
        o->after = db_int(&r, o->id);
        if (o->json) {
            buf_addz(&s->page, s->rows + n > 0 ? ",\n" : "[\n");
            json_write(&s->page, row);
        } else {
            csv_row(&s->page, o, row);
        }
        json_decref(row);
    }
    if (r.handle != NULL && !db_end(&r, ok ? e : NULL))
        ok = false;
    o->begun = true;
    s->rows += n;
    s->done = n < PAGE_ROWS;
    if (ok && s->done && o->json)
        buf_addz(&s->page, s->rows > 0 ? "\n]\n" : "[]\n");
    arena_close(a);
    return ok;
}

/* ---- Setting up ---------------------------------------------------------------------------------------- */

static int column(const struct archive_table *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

static const char *walk_sql(struct arena *a, const struct archive_table *t, const char *id)
{
    struct buf b = BUF_INIT(BUF_LINE);
    buf_addz(&b, "select ");
    for (size_t i = 0; i < t->n; i++)
        buf_addf(&b, "%s\"%s\"", i > 0 ? ", " : "", t->columns[i].name);
    buf_addf(&b, " from \"%s\" where \"%s\" > ?1 order by \"%s\" limit %d", t->name, id, id, PAGE_ROWS);
    const char *sql = arena_z(a, buf_str(&b));
    buf_free(&b);
    return sql;
}

static bool add_walk(struct archive_writer *w, const struct readable *what, const struct archive_table *t,
                     bool json, struct error *e)
{
    struct open_walk *o = ARENA_NEW(w->arena, struct open_walk);
    *o = (struct open_walk){
        .what = what,
        .table = t,
        .sql = walk_sql(w->arena, t, what->id),
        .json = json,
        .key = column(t, "key"),
        .sealed = column(t, what->sealed),
        .id = column(t, what->id),
        .kind = column(t, "kind"),
        .category = column(t, "category"),
        .state = column(t, "state"),
        .pack = column(t, "pack"),
        .unit = column(t, "unit"),
        .subject_kind = column(t, "subject_kind"),
        .subject = column(t, "subject"),
    };
    return archive_add(w, arena_printf(w->arena, "open/%s.%s", what->name, json ? "json" : "csv"),
                       ARCHIVE_LOCKED, fill_open, o, e);
}

static bool fill_plain_file(struct archive_entry *s, struct error *e)
{
    struct archive_writer *w = s->writer;
    struct arena *a = arena_open();
    struct error why = {0};

    s->done = true;
    bool ok = file_read(w->core, a, s->subject, &s->page, &why);
    if (!ok && (why.code == ERROR_NOT_FOUND || why.code == ERROR_KEY_DESTROYED)) {
        s->missing = true;
        ok = true;
    } else if (!ok) {
        *e = why;
    }
    arena_close(a);
    return ok;
}

static bool add_plain_files(struct archive_writer *w, struct error *e)
{
    struct db_rows r;
    bool ok = true;

    if (!db_rows(w->db, &r, e, "select hash, key, type, bytes from file where key is not null order by id",
                 NO_ARGS))
        return false;
    while (ok && db_next(&r)) {
        struct file_info *f = ARENA_NEW(w->arena, struct file_info);
        struct buf hex = BUF_INIT(BUF_LINE);
        *f = (struct file_info){.key = arena_str(w->arena, db_blob(&r, 1)), .bytes = db_int(&r, 3)};
        if (db_blob(&r, 0).n == HASH_BYTES)
            memcpy(f->hash, db_blob(&r, 0).p, HASH_BYTES);
        buf_add_hex(&hex, f->hash, HASH_BYTES);
        ok = archive_add(
            w, arena_printf(w->arena, "open/files/%.*s.%s", (int)hex.n, hex.p, file_extension(db_text(&r, 2))),
            ARCHIVE_LOCKED, fill_plain_file, f, e);
        buf_free(&hex);
    }
    return db_end(&r, ok ? e : NULL) && ok;
}

bool archive_add_readable(struct archive_writer *w, const struct archive_table *tables, size_t n, struct error *e)
{
    for (size_t i = 0; i < sizeof readables / sizeof readables[0]; i++)
        for (size_t k = 0; k < n; k++)
            if (strcmp(tables[k].name, readables[i].table) == 0 &&
                (!add_walk(w, &readables[i], &tables[k], true, e) ||
                 !add_walk(w, &readables[i], &tables[k], false, e)))
                return false;
    return add_plain_files(w, e);
}
