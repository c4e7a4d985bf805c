/* The commands of a ledger's rows, and what became of them. */
#include <endian.h>

#include "base/time.h"
#include "core/command.h"
#include "core/ledger.h"

enum { UNDONE_AT_ONCE = 200 };

/* The same row of the same ledger is the same command, however often it is tried (RFC 9562, version 7: our time, then what follows from the row). */
static struct id row_command(const struct ledger *l, int64_t row, const char *what)
{
    struct id id;
    unsigned char hash[HASH_BYTES];
    struct hasher h;
    uint64_t number = htobe64((uint64_t)row), at = htobe64((uint64_t)(l->created_at + row) << 16);

    hash_start(&h);
    hash_add(&h, what, strlen(what));
    hash_add(&h, l->uuid.b, sizeof l->uuid.b);
    hash_add(&h, &number, sizeof number);
    hash_end(&h, hash);
    memcpy(id.b, hash, sizeof id.b);
    memcpy(id.b, &at, 6);
    id.b[6] = (unsigned char)(0x70 | (id.b[6] & 0x0f));
    id.b[8] = (unsigned char)(0x80 | (id.b[8] & 0x3f));
    return id;
}

/* Is it the row's fault? What the machine or the database says is not, and stops the ledger. */
static bool is_rows_fault(const struct error *e)
{
    int status = error_status(e->code);
    return status >= 400 && status < 500 && e->code != ERROR_STALE && e->code != ERROR_THROTTLED &&
           e->code != ERROR_SIGN_IN;
}

static bool run_item(struct ledger_batch *b, struct db *db, struct arena *a, struct ledger_item *item,
                     struct error *e)
{
    struct command c = {.id = row_command(b->l, item->row, "row"),
                        .verb = STR("enter"),
                        .subject_kind = SUBJECT_CASE,
                        .fields = item->fields,
                        .rev = -1,
                        .late_entry = true};
    struct answer answer;

    if (!command_run(b->core, db, a, b->actor, &c, &answer, e))
        return false;
    item->case_id = answer.subject;
    item->became = ITEM_GOOD;
    return true;
}

static void mark(struct ledger_batch *b, struct ledger_item *item, const struct error *e)
{
    bool same = e->code == ERROR_CONFLICT && strcmp(e->field, "external.number") == 0;
    item->error = *e;
    item->column = ledger_map_column(b->map, e->field);
    item->became = same ? ITEM_SAME : ITEM_BAD;
}

static bool note_item(struct db *db, const struct ledger_batch *b, const struct ledger_item *item,
                      struct error *e)
{
    if (item->became == ITEM_GOOD && b->l->state == LEDGER_CHECKING)
        return true;
    if (item->became == ITEM_SAME)
        return true;
    bool bad = item->became == ITEM_BAD;
    return db_exec(
        db, e,
        "insert into ledger_row(ledger, row, line, case_id, code, field, place, detail) values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        ARGS(INT(b->l->id), INT(item->row), INT(item->line), OPT_INT(bad ? 0 : item->case_id),
             OPT_TEXT(bad ? str_of(error_name(item->error.code)) : STR("")),
             OPT_TEXT(bad ? str_of(item->error.field) : STR("")), OPT_TEXT(bad ? item->column : STR("")),
             OPT_TEXT(bad ? str_of(item->error.detail) : STR(""))));
}

bool ledger_note(struct db *db, void *batch, struct error *e)
{
    struct ledger_batch *b = batch;
    int64_t good = 0, same = 0, bad = 0;

    for (size_t i = 0; i < b->to; i++) {
        if (!note_item(db, b, &b->items[i], e))
            return false;
        good += b->items[i].became == ITEM_GOOD;
        same += b->items[i].became == ITEM_SAME;
        bad += b->items[i].became == ITEM_BAD;
    }
    if (b->to == 0)
        return true;
    /* Another process may have taken it over, or somebody stopped it: then nothing of this stays. */
    if (!db_exec(db, e,
                 "update ledger set next_row = ?4, good = good + ?5, same = same + ?6, bad = bad + ?7, changed_at = ?8 "
                 "where id = ?1 and state = ?2 and next_row = ?3",
                 ARGS(INT(b->l->id), INT(b->l->state), INT(b->items[0].row - 1), INT(b->items[b->to - 1].row),
                      INT(good), INT(same), INT(bad), INT(time_now()))))
        return false;
    return db_changes(db) == 1 || error_set(e, ERROR_STALE, NULL);
}

bool ledger_run(struct db *db, void *batch, struct error *e)
{
    struct ledger_batch *b = batch;
    struct arena *a = arena_open();
    bool ok = true;

    b->row_failed = b->checked = false;
    for (size_t i = 0; i < b->to && ok; i++) {
        struct ledger_item *item = &b->items[i];
        if (item->became != ITEM_SAME && item->became != ITEM_BAD)
            item->became = ITEM_NEW;
        if (item->became == ITEM_NEW && item->fields == NULL)
            mark(b, item, &item->error);
        if (item->became != ITEM_NEW)
            continue;
        ok = run_item(b, db, a, item, e);
        if (!ok && is_rows_fault(e)) {
            struct error why = *e;
            mark(b, item, &why);
            b->row_failed = true;
            b->to = i + 1;
        }
        arena_reset(a);
    }
    arena_close(a);
    if (!ok)
        return false;
    if (b->l->state != LEDGER_CHECKING)
        return ledger_note(db, b, e);
    b->checked = true;
    return error_set(e, ERROR_CONFLICT, NULL); /* nothing of a check stays */
}

/* ---- Undoing ------------------------------------------------------------------------------------------- */

struct undone {
    int64_t row, case_id;
    bool touched;
};

static bool undo_case(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                      const struct ledger *l, struct undone *u, struct error *e)
{
    struct case_row row;
    struct answer answer;

    if (!case_load_id(db, a, u->case_id, &row, e))
        return false;
    u->touched = row.state != STATE_WITHDRAWN && row.rev != 1;
    if (u->touched || row.state == STATE_WITHDRAWN)
        return true;
    struct command c = {.id = row_command(l, u->row, "undo"),
                        .verb = STR("undo_entry"),
                        .subject_kind = SUBJECT_CASE,
                        .subject = row.uuid,
                        .fields = json_pack("{s:s%}", "reason", l->name.p, l->name.n),
                        .rev = -1};
    bool ok = command_run(core, db, a, actor, &c, &answer, e);
    json_decref((json_t *)c.fields);
    return ok;
}

static bool next_undone(struct db *db, const struct ledger *l, struct undone *list, size_t *ret_n,
                        struct error *e)
{
    struct db_rows r;
    *ret_n = 0;
    if (!db_rows(db, &r, e,
                 "select row, case_id from ledger_row where ledger = ?1 and row > ?2 and case_id is not null order by row limit ?3",
                 ARGS(INT(l->id), INT(l->next_row), INT(UNDONE_AT_ONCE))))
        return false;
    while (*ret_n < UNDONE_AT_ONCE && db_next(&r))
        list[(*ret_n)++] = (struct undone){db_int(&r, 0), db_int(&r, 1), false};
    return db_end(&r, e);
}

bool ledger_undo_some(struct core *core, struct db *db, const struct actor *actor, struct ledger *l,
                      bool *ret_done, struct error *e)
{
    struct undone list[UNDONE_AT_ONCE];
    struct arena *a = arena_open();
    size_t n;
    bool ok = next_undone(db, l, list, &n, e);

    for (size_t i = 0; ok && i < n; i++) {
        ok = undo_case(core, db, a, actor, l, &list[i], e);
        /* What somebody has worked on stays, and is listed. */
        if (ok && list[i].touched)
            ok = db_exec(db, e, "update ledger_row set code = 'not_open' where ledger = ?1 and row = ?2",
                         ARGS(INT(l->id), INT(list[i].row)));
        arena_reset(a);
    }
    arena_close(a);
    *ret_done = n == 0;
    if (!ok || n == 0)
        return ok;
    if (!db_exec(db, e,
                 "update ledger set next_row = ?4, changed_at = ?5 where id = ?1 and state = ?2 and next_row = ?3",
                 ARGS(INT(l->id), INT(l->state), INT(l->next_row), INT(list[n - 1].row), INT(time_now()))))
        return false;
    if (db_changes(db) != 1)
        return error_set(e, ERROR_STALE, NULL);
    l->next_row = list[n - 1].row;
    return true;
}
