#include "job/ledger_job.h"

#include <stdlib.h>

#include "base/time.h"

struct drive {
    const struct ledger_road *road;
    struct sheet *sheet;
    struct arena *a, *rows_arena;
    struct ledger l;
    struct actor actor;
    struct ledger_map *map;
    struct ledger_batch batch;
    struct ledger_item *items;
    int64_t row; /* the last one read */
    bool at_end, undone;
};

/* ---- Getting ready ------------------------------------------------------------------------------------- */

struct loading {
    struct drive *d;
    int64_t id;
};

static bool load(struct db *db, void *context, struct error *e)
{
    struct loading *l = context;
    struct drive *d = l->d;
    return ledger_load_id(db, d->a, l->id, &d->l, e) &&
           actor_load(db, d->a, d->l.account, day_of(time_now()), &d->actor, e);
}

/* To the names of the columns, then past the rows that were done before. */
static bool position(struct drive *d, struct error *e)
{
    struct str *cells = ARENA_ARRAY(d->a, struct str, SHEET_COLUMNS);
    size_t n = 1;

    if (!ledger_map_read(&d->map, d->road->core, d->l.mapping, e))
        return false;
    do {
        if (!sheet_row(d->sheet, d->a, cells, &n, e))
            return false;
    } while (n > 0 && sheet_line(d->sheet) < ledger_map_header_row(d->map));
    if (!ledger_map_bind(d->map, cells, n, sheet_since_1904(d->sheet), e))
        return false;
    for (; d->row < d->l.next_row && n > 0; d->row += n > 0) {
        if (!sheet_row(d->sheet, d->rows_arena, cells, &n, e))
            return false;
        arena_reset(d->rows_arena);
    }
    return true;
}

/* ---- Rows ---------------------------------------------------------------------------------------------- */

static void drop_items(struct drive *d, size_t n)
{
    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        json_decref(d->items[i].fields);
    memmove(d->items, d->items + n, (d->batch.n - n) * sizeof *d->items);
    d->batch.n -= n;
}

/* On a reader: a mapping looks units up by their names. */
static bool fetch(struct db *db, void *context, struct error *e)
{
    struct drive *d = context;
    struct str cells[SHEET_COLUMNS];
    size_t n;

    while (d->batch.n < d->road->rows && !d->at_end) {
        if (!sheet_row(d->sheet, d->rows_arena, cells, &n, e))
            return false;
        if (n == 0) {
            d->at_end = true;
            break;
        }
        struct ledger_item *item = &d->items[d->batch.n];
        *item = (struct ledger_item){.row = ++d->row, .line = sheet_line(d->sheet)};
        item->fields = ledger_map_row(d->map, db, d->rows_arena, &d->actor, cells, n, &item->error);
        d->batch.n++;
        arena_reset(d->rows_arena);
    }
    return true;
}

static bool try_rows(struct drive *d, struct error *e)
{
    const struct ledger_road *road = d->road;

    d->batch.map = d->map;
    d->batch.to = d->batch.n;
    do {
        error_clear(e);
        if (road->write(road->context, ledger_run, &d->batch, e))
            break;
        if (d->batch.checked && !road->write(road->context, ledger_note, &d->batch, e))
            return false;
        if (!d->batch.checked && !d->batch.row_failed)
            return false;
    } while (!d->batch.checked);
    error_clear(e);
    for (size_t i = 0; i < d->batch.to; i++) {
        d->l.good += d->items[i].became == ITEM_GOOD;
        d->l.same += d->items[i].became == ITEM_SAME;
        d->l.bad += d->items[i].became == ITEM_BAD;
    }
    d->l.next_row = d->items[d->batch.to - 1].row;
    d->batch.checked = d->batch.row_failed = false;
    drop_items(d, d->batch.to);
    return true;
}

static bool go_undo(struct db *db, void *context, struct error *e)
{
    struct drive *d = context;
    return ledger_go(db, &d->l, LEDGER_UNDOING, e);
}

static bool finish(struct db *db, void *context, struct error *e)
{
    struct drive *d = context;
    return ledger_finish(db, &d->l, d->row, e) &&
           (d->l.state == LEDGER_CHECKED || ledger_forget(d->road->core, db, &d->l, e));
}

static bool undo_some(struct db *db, void *context, struct error *e)
{
    struct drive *d = context;
    return ledger_undo_some(d->road->core, db, &d->actor, &d->l, &d->undone, e);
}

static bool told(struct drive *d)
{
    return d->road->told == NULL || d->road->told(d->road->context, &d->l);
}

static bool undo_all(struct drive *d, struct error *e)
{
    const struct ledger_road *road = d->road;
    while (!d->undone) {
        if (!road->write(road->context, undo_some, d, e))
            return false;
        if (!told(d))
            return true;
    }
    return road->write(road->context, finish, d, e);
}

static bool all_rows(struct drive *d, struct error *e)
{
    const struct ledger_road *road = d->road;

    if (!position(d, e))
        return false;
    while (!d->at_end || d->batch.n > 0) {
        if (!road->read(road->context, fetch, d, e))
            return false;
        if (d->batch.n > 0 && !try_rows(d, e))
            return false;
        if (d->l.state == LEDGER_RUNNING && d->l.strict && d->l.bad > 0)
            return road->write(road->context, go_undo, d, e) && undo_all(d, e);
        if (!told(d))
            return true;
    }
    return road->write(road->context, finish, d, e);
}

bool ledger_drive(const struct ledger_road *road, int64_t id, struct sheet *sheet, struct error *e)
{
    struct drive d = {.road = road, .sheet = sheet, .a = arena_open(), .rows_arena = arena_open()};
    struct loading l = {&d, id};
    bool ok = road->read(road->context, load, &l, e);

    if (ok) {
        d.items = calloc(road->rows, sizeof *d.items);
        d.batch = (struct ledger_batch){.core = road->core, .actor = &d.actor, .l = &d.l, .items = d.items};
        ok = d.items != NULL || error_cause(e, ERROR_INTERNAL, "no memory for a ledger");
    }
    if (ok && d.l.state == LEDGER_UNDOING)
        ok = undo_all(&d, e);
    else if (ok) {
        ok = all_rows(&d, e);
    }
    drop_items(&d, d.batch.n);
    free(d.items);
    ledger_map_close(d.map);
    arena_close(d.rows_arena);
    arena_close(d.a);
    return ok;
}
