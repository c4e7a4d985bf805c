/* The rows of ledgers: where each stands, and what was wrong with which line. */
#include "core/ledger.h"

#include "base/time.h"
#include "core/file.h"

#define LEDGER_COLUMNS                                                                                       \
    "id, uuid, account, file, name, mapping, problem, source, sheet, strict, state, next_row, rows, good, same, bad, created_at, changed_at"

static const char *const state_codes[] = {"",     "draft",   "checking", "checked", "running",
                                          "done", "undoing", "undone",   "stopped"};

const char *ledger_state_code(enum ledger_state s)
{
    return state_codes[s];
}

static bool next_ledger(struct db_rows *r, struct arena *a, struct ledger *ret)
{
    if (!db_next(r))
        return false;
    *ret = (struct ledger){
        .id = db_int(r, 0),
        .uuid = db_id(r, 1),
        .account = db_int(r, 2),
        .file = db_int(r, 3),
        .name = arena_str(a, db_text(r, 4)),
        .mapping = arena_str(a, db_text(r, 5)),
        .problem = arena_str(a, db_text(r, 6)),
        .sheet = db_int(r, 8),
        .strict = db_int(r, 9) != 0,
        .state = (enum ledger_state)db_int(r, 10),
        .next_row = db_int(r, 11),
        .rows = db_int(r, 12),
        .good = db_int(r, 13),
        .same = db_int(r, 14),
        .bad = db_int(r, 15),
        .created_at = db_int(r, 16),
        .changed_at = db_int(r, 17),
    };
    struct str source = db_blob(r, 7);
    if (source.n == HASH_BYTES)
        memcpy(ret->source, source.p, HASH_BYTES);
    return true;
}

static bool load(struct db *db, struct arena *a, const char *where, const struct db_arg *args, size_t n,
                 struct ledger *ret, bool *ret_found, struct error *e)
{
    struct db_rows r;
    if (!db_rows(db, &r, e, arena_printf(a, "select " LEDGER_COLUMNS " from ledger where %s", where), args, n))
        return false;
    *ret_found = next_ledger(&r, a, ret);
    return db_end(&r, e);
}

bool ledger_load_id(struct db *db, struct arena *a, int64_t id, struct ledger *ret, struct error *e)
{
    bool found;
    return load(db, a, "id = ?1", ARGS(INT(id)), ret, &found, e) &&
           (found || error_set(e, ERROR_NOT_FOUND, NULL));
}

bool ledger_load(struct db *db, struct arena *a, const struct actor *actor, struct id uuid,
                 struct ledger *ret, struct error *e)
{
    bool found;
    if (!load(db, a, "uuid = ?1", ARGS(ID(uuid)), ret, &found, e))
        return false;
    return (found && (actor == NULL || ret->account == actor->account)) || error_set(e, ERROR_NOT_FOUND, NULL);
}

bool ledger_find(struct db *db, struct arena *a, const unsigned char source[HASH_BYTES], struct ledger *ret,
                 bool *ret_found, struct error *e)
{
    char sql[64];
    (void)snprintf(sql, sizeof sql, "source = ?1 and state <> %d order by id desc limit 1", LEDGER_UNDONE);
    return load(db, a, sql, ARGS(BYTES(source, HASH_BYTES)), ret, ret_found, e);
}

bool ledger_earlier(struct db *db, struct arena *a, const struct ledger *l, struct ledger *ret,
                    bool *ret_found, struct error *e)
{
    char sql[128];
    (void)snprintf(sql, sizeof sql, "source = ?1 and id <> ?2 and state in (%d, %d, %d) order by id desc limit 1",
                   LEDGER_RUNNING, LEDGER_DONE, LEDGER_UNDOING);
    return load(db, a, sql, ARGS(BYTES(l->source, HASH_BYTES), INT(l->id)), ret, ret_found, e);
}

bool ledger_waiting(struct db *db, int64_t after, int64_t *ret, struct error *e)
{
    return db_one_int(
        db, ret, 0, e,
        "select id from ledger where state in (2, 4, 6) and (state = 6 or file is not null) and id > ?1 order by id limit 1",
        ARGS(INT(after)));
}

bool ledger_create(struct db *db, struct arena *a, const struct actor *actor, struct str name,
                   const unsigned char source[HASH_BYTES], int64_t file, int64_t sheet, int64_t rows,
                   struct ledger *ret, struct error *e)
{
    int64_t now = time_now();
    (void)a;
    *ret = (struct ledger){.account = actor->account,
                           .file = file,
                           .uuid = id_new(),
                           .name = name,
                           .mapping = STR(""),
                           .problem = STR(""),
                           .sheet = sheet,
                           .rows = rows,
                           .state = LEDGER_DRAFT,
                           .created_at = now,
                           .changed_at = now};
    memcpy(ret->source, source, HASH_BYTES);
    return db_one_int(
        db, &ret->id, 0, e,
        "insert into ledger(uuid, account, name, source, file, sheet, mapping, strict, state, next_row, rows, good, same, bad, "
        "problem, created_at, changed_at) values(?1, ?2, ?3, ?4, ?5, ?6, '', 0, ?7, 0, ?9, 0, 0, 0, '', ?8, ?8) returning id",
        ARGS(ID(ret->uuid), INT(ret->account), TEXT(name), BYTES(source, HASH_BYTES), OPT_INT(file),
             INT(sheet), INT(LEDGER_DRAFT), INT(now), INT(rows)));
}

/* ---- Steps --------------------------------------------------------------------------------------------- */

static const unsigned from_states[] = {
    [LEDGER_CHECKING] = 1u << LEDGER_DRAFT | 1u << LEDGER_CHECKED,
    [LEDGER_RUNNING] = 1u << LEDGER_DRAFT | 1u << LEDGER_CHECKED,
    [LEDGER_UNDOING] = 1u << LEDGER_DONE | 1u << LEDGER_STOPPED | 1u << LEDGER_RUNNING,
    [LEDGER_STOPPED] = 1u << LEDGER_CHECKING | 1u << LEDGER_RUNNING | 1u << LEDGER_UNDOING,
};

/* Rows that have no number elsewhere can't be told from their twins: such a file comes in once, unless it was undone. */
static bool check_first(struct db *db, const struct ledger *l, struct error *e)
{
    JSON_OWNED json_t *mapping = json_read(l->mapping, NULL);
    struct db_rows r;
    char id[ID_TEXT] = "";

    if (json_object_get(json_object_get(mapping, "fields"), "external.number") != NULL)
        return true;
    if (!db_rows(db, &r, e,
                 "select uuid from ledger where source = ?1 and id <> ?2 and state in (4, 5) order by id limit 1",
                 ARGS(BYTES(l->source, HASH_BYTES), INT(l->id))))
        return false;
    if (db_next(&r))
        id_format(db_id(&r, 0), id);
    return db_end(&r, e) &&
           (id[0] == '\0' || error_setf(e, ERROR_CONFLICT, "file", "%.*s = %s", (int)l->name.n, l->name.p, id));
}

bool ledger_go(struct db *db, struct ledger *l, enum ledger_state to, struct error *e)
{
    if ((from_states[to] >> l->state & 1) == 0 ||
        (to == LEDGER_RUNNING && l->strict && (l->state == LEDGER_DRAFT || l->bad > 0)))
        return error_set(e, ERROR_NOT_OPEN, NULL);
    if (to == LEDGER_RUNNING && !check_first(db, l, e))
        return false;
    if (to != LEDGER_UNDOING && !db_exec(db, e, "delete from ledger_row where ledger = ?1", ARGS(INT(l->id))))
        return false;
    if (!db_exec(db, e,
                 to == LEDGER_UNDOING
                     ? "update ledger set state = ?3, next_row = 0, changed_at = ?4 where id = ?1 and state = ?2"
                     : "update ledger set state = ?3, next_row = 0, good = 0, same = 0, bad = 0, problem = '', changed_at = ?4 "
                       "where id = ?1 and state = ?2",
                 ARGS(INT(l->id), INT(l->state), INT(to), INT(time_now()))))
        return false;
    if (db_changes(db) != 1)
        return error_set(e, ERROR_NOT_OPEN, NULL);
    l->state = to;
    l->next_row = 0;
    if (to != LEDGER_UNDOING)
        l->good = l->same = l->bad = 0;
    return true;
}

bool ledger_set_strict(struct db *db, struct ledger *l, bool strict, struct error *e)
{
    l->strict = strict;
    return db_exec(db, e, "update ledger set strict = ?2 where id = ?1", ARGS(INT(l->id), INT(strict)));
}

bool ledger_set_sheet(struct db *db, struct ledger *l, int64_t sheet, struct error *e)
{
    if (sheet == l->sheet)
        return true;
    l->sheet = sheet;
    l->rows = 0; /* not counted yet */
    return db_exec(db, e, "update ledger set sheet = ?2, rows = 0 where id = ?1", ARGS(INT(l->id), INT(sheet)));
}

bool ledger_drop(struct core *core, struct db *db, struct ledger *l, struct error *e)
{
    if (l->state != LEDGER_DRAFT && l->state != LEDGER_CHECKED)
        return error_set(e, ERROR_NOT_OPEN, NULL);
    return ledger_forget(core, db, l, e) &&
           db_exec(db, e, "delete from ledger_row where ledger = ?1", ARGS(INT(l->id))) &&
           db_exec(db, e, "delete from ledger where id = ?1 and state = ?2", ARGS(INT(l->id), INT(l->state))) &&
           (db_changes(db) == 1 || error_set(e, ERROR_NOT_OPEN, NULL));
}

bool ledger_set_mapping(struct core *core, struct db *db, struct ledger *l, struct str mapping, struct error *e)
{
    struct ledger_map *m;
    if (!ledger_map_read(&m, core, mapping, e))
        return false;
    ledger_map_close(m);
    l->mapping = mapping;
    return db_exec(db, e, "update ledger set mapping = ?2 where id = ?1", ARGS(INT(l->id), TEXT(mapping)));
}

bool ledger_stop(struct db *db, int64_t id, enum error_code why, struct error *e)
{
    return db_exec(
        db, e, "update ledger set state = ?2, problem = ?3, changed_at = ?4 where id = ?1 and state in (2, 4, 6)",
        ARGS(INT(id), INT(LEDGER_STOPPED), TEXTZ(error_name(why)), INT(time_now())));
}

bool ledger_finish(struct db *db, struct ledger *l, int64_t rows, struct error *e)
{
    enum ledger_state to = l->state == LEDGER_CHECKING  ? LEDGER_CHECKED
                           : l->state == LEDGER_RUNNING ? LEDGER_DONE
                                                        : LEDGER_UNDONE;
    if (!db_exec(db, e,
                 "update ledger set state = ?3, rows = case when ?4 > 0 then ?4 else rows end, changed_at = ?5 where id = ?1 and state = ?2",
                 ARGS(INT(l->id), INT(l->state), INT(to), INT(rows), INT(time_now()))))
        return false;
    if (db_changes(db) != 1)
        return error_set(e, ERROR_STALE, NULL);
    l->state = to;
    l->rows = rows > 0 ? rows : l->rows;
    return true;
}

bool ledger_forget(struct core *core, struct db *db, struct ledger *l, struct error *e)
{
    struct arena *a;
    int64_t file = l->file, others;
    if (file == 0)
        return true;
    l->file = 0;
    if (!db_exec(db, e, "update ledger set file = null where id = ?1", ARGS(INT(l->id))) ||
        !db_one_int(db, &others, 0, e, "select count(*) from ledger where file = ?1", ARGS(INT(file))))
        return false;
    a = arena_open();
    bool ok = others > 0 || file_forget(core, db, a, file, e);
    arena_close(a);
    return ok;
}

/* ---- Told ---------------------------------------------------------------------------------------------- */

void ledger_write(struct jw *w, const struct ledger *l)
{
    char id[ID_TEXT];
    id_format(l->uuid, id);
    jw_kz(w, "id", id);
    jw_ktext(w, "name", l->name);
    jw_kz(w, "state", ledger_state_code(l->state));
    jw_kbool(w, "strict", l->strict);
    jw_kint(w, "rows", l->rows);
    jw_kint(w, "done", l->next_row);
    jw_kint(w, "good", l->good);
    jw_kint(w, "same", l->same);
    jw_kint(w, "bad", l->bad);
    jw_kz(w, "problem", l->problem.n > 0 ? l->problem.p : NULL);
    jw_ktime(w, "created_at", l->created_at);
    jw_ktime(w, "changed_at", l->changed_at);
}

bool ledger_write_list(struct db *db, struct arena *a, struct jw *w, const struct actor *actor, struct error *e)
{
    struct db_rows r;
    struct ledger l;

    if (!db_rows(db, &r, e, "select " LEDGER_COLUMNS " from ledger where account = ?1 order by id desc limit 50",
                 ARGS(INT(actor->account))))
        return false;
    jw_object(w);
    jw_karray(w, "items");
    while (next_ledger(&r, a, &l)) {
        jw_object(w);
        ledger_write(w, &l);
        jw_key(w, "mapping");
        if (l.mapping.n > 0)
            jw_raw(w, l.mapping);
        else
            jw_null(w);
        jw_end_object(w);
    }
    jw_end_array(w);
    jw_end_object(w);
    return db_end(&r, e);
}

bool ledger_cases(struct db *db, struct arena *a, const struct ledger *l, int64_t after, int64_t limit,
                  int64_t **ret, size_t *ret_n, int64_t *ret_last, struct error *e)
{
    struct db_rows r;
    *ret = ARENA_ARRAY(a, int64_t, limit);
    *ret_n = 0;
    if (!db_rows(db, &r, e,
                 "select row, case_id from ledger_row where ledger = ?1 and row > ?2 and case_id is not null order by row limit ?3",
                 ARGS(INT(l->id), INT(after), INT(limit))))
        return false;
    while (*ret_n < (size_t)limit && db_next(&r)) {
        *ret_last = db_int(&r, 0);
        (*ret)[(*ret_n)++] = db_int(&r, 1);
    }
    return db_end(&r, e);
}

/* What a person calls it: of persons.0.phone the label of phone. */
static const char *label_of(struct arena *a, enum lang lang, struct str field)
{
    const char *name = arena_z(a, field), *dot = strrchr(name, '.');
    const char *key = arena_printf(a, "field.%s", dot != NULL ? dot + 1 : name);
    const char *label = lang_word(lang, key);
    return label != key ? label : name;
}

/* A ledger's own words where those for a form don't help: nobody can "choose from the list" in a table. */
const char *ledger_sentence(struct arena *a, enum lang lang, struct str code, struct str detail, struct str field)
{
    const char *const params[] = {arena_z(a, detail), label_of(a, lang, field)};
    const char *const keys[] = {
        arena_printf(a, "ledger_row.%.*s_%.*s", (int)field.n, field.p, (int)code.n, code.p),
        arena_printf(a, "ledger_row.%.*s", (int)code.n, code.p)};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (lang_word(lang, keys[i]) != keys[i])
            return lang_say(a, lang, keys[i], params, 2);
    return lang_say(a, lang, arena_printf(a, "error.%.*s", (int)code.n, code.p), params, 2);
}

/* Only after an undoing does a row have both a case and a code. */
static void write_stayed(struct jw *w, const struct db_rows *r)
{
    char id[ID_TEXT];
    jw_key(w, "case");
    if (db_null(r, 6)) {
        jw_null(w);
        return;
    }
    id_format(db_id(r, 6), id);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_ktext(w, "number", db_text(r, 7));
    jw_end_object(w);
}

bool ledger_write_problems(struct db *db, struct arena *a, struct jw *w, const struct ledger *l,
                           int64_t after, enum lang lang, struct error *e)
{
    struct db_rows r;
    if (!db_rows(db, &r, e,
                 "select r.row, r.line, r.place, r.field, r.code, r.detail, c.uuid, c.number from ledger_row r "
                 "left join cases c on c.id = r.case_id "
                 "where r.ledger = ?1 and r.row > ?2 and r.code is not null order by r.row limit 200",
                 ARGS(INT(l->id), INT(after))))
        return false;
    jw_array(w);
    while (db_next(&r)) {
        jw_object(w);
        jw_kint(w, "row", db_int(&r, 0));
        jw_kint(w, "line", db_int(&r, 1));
        jw_ktext(w, "column", db_text(&r, 2));
        jw_ktext(w, "field", db_text(&r, 3));
        jw_ktext(w, "code", db_text(&r, 4));
        jw_kz(w, "title", ledger_sentence(a, lang, db_text(&r, 4), db_text(&r, 5), db_text(&r, 3)));
        write_stayed(w, &r);
        jw_end_object(w);
    }
    jw_end_array(w);
    return db_end(&r, e);
}
