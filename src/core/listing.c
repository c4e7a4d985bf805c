#include "core/listing.h"

#include <stdlib.h>

#include "core/account.h"
#include "core/office.h"
#include "core/unit.h"

/* ---- Names that come again and again ------------------------------------------------------------------- */

enum { NAMES = 8192, NAMES_FULL = 4096 }; /* so that probing stays short; past it names are read each time */

struct list_names {
    struct arena *a;
    size_t n;
    struct {
        int64_t id; /* 0: free */
        enum list_name what;
        struct str name;
    } at[NAMES];
};

static size_t slot_of(const struct list_names *names, enum list_name what, int64_t id)
{
    size_t i = ((uint64_t)id * 4 + what) * UINT64_C(0x9e3779b97f4a7c15) >> 51;
    while (names->at[i].id != 0 && (names->at[i].id != id || names->at[i].what != what))
        i = (i + 1) % NAMES;
    return i;
}

static bool read_name(struct core *core, struct db *db, struct arena *a, enum list_name what, int64_t id,
                      struct str *ret, struct error *e)
{
    struct unit u;
    struct office o = {0};

    *ret = STR("");
    switch (what) {
    case NAME_UNIT:
        if (!unit_load(db, a, id, &u, e))
            return false;
        *ret = u.name;
        return true;
    case NAME_COMMITTEE:
        if (!unit_above(db, a, id, UNIT_COMMITTEE, &u, NULL))
            return true;
        *ret = u.name;
        return true;
    case NAME_OFFICE:
        if (!office_load(db, a, id, &o, e))
            return false;
        *ret = o.name;
        return true;
    default:
        return account_name(core, db, a, id, ret, e);
    }
}

bool listing_name(struct listing *l, struct db *db, struct arena *a, enum list_name what, int64_t id,
                  struct str *ret, struct error *e)
{
    struct list_names *names = l->names;
    size_t i;

    *ret = STR("");
    if (id == 0)
        return true;
    i = slot_of(names, what, id);
    if (names->at[i].id != 0) {
        *ret = names->at[i].name;
        return true;
    }
    if (!read_name(l->core, db, a, what, id, ret, e))
        return false;
    if (names->n < NAMES_FULL) {
        names->n++;
        names->at[i].id = id;
        names->at[i].what = what;
        names->at[i].name = arena_str(names->a, *ret);
    }
    return true;
}

/* ---- Ids that were given already: what one holds oneself is few, and stands in the unit's rows again ---- */

struct list_ids {
    int64_t *at;
    size_t n, room; /* a power of two */
};

static size_t place_of(const struct list_ids *ids, int64_t id)
{
    size_t i = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (ids->room - 1);
    while (ids->at[i] != 0 && ids->at[i] != id)
        i = (i + 1) & (ids->room - 1);
    return i;
}

static void ids_grow(struct list_ids *ids)
{
    struct list_ids bigger = {.room = ids->room == 0 ? 1024 : 2 * ids->room};
    bigger.at = calloc(bigger.room, sizeof *bigger.at);
    if (bigger.at == NULL)
        abort();
    for (size_t i = 0; i < ids->room; i++)
        if (ids->at[i] != 0)
            bigger.at[place_of(&bigger, ids->at[i])] = ids->at[i];
    bigger.n = ids->n;
    free(ids->at);
    *ids = bigger;
}

static void ids_add(struct list_ids *ids, int64_t id)
{
    if (2 * ids->n >= ids->room)
        ids_grow(ids);
    size_t i = place_of(ids, id);
    ids->n += ids->at[i] == 0;
    ids->at[i] = id;
}

bool listing_seen(const struct listing *l, int64_t id)
{
    return l->seen->n > 0 && l->seen->at[place_of(l->seen, id)] == id;
}

/* ---- Pages --------------------------------------------------------------------------------------------- */

void listing_open(struct listing *l, const struct list_kind *kind, struct core *core, enum lang lang)
{
    *l = (struct listing){.kind = kind, .core = core, .lang = lang};
    l->names = calloc(1, sizeof *l->names);
    l->seen = calloc(1, sizeof *l->seen);
    if (l->names == NULL || l->seen == NULL)
        abort();
    l->names->a = arena_open();
}

void listing_close(struct listing *l)
{
    if (l->names != NULL)
        arena_close(l->names->a);
    if (l->seen != NULL)
        free(l->seen->at);
    free(l->names);
    free(l->seen);
    l->names = NULL;
    l->seen = NULL;
}

void listing_rows(struct list_page *page, const struct listing *l, struct arena *a)
{
    *page = (struct list_page){.next = l->at};
    page->cells = ARENA_ARRAY(a, struct cell, (LIST_PAGE + 1) * l->kind->column_count);
    page->seen = ARENA_ARRAY(a, int64_t, LIST_PAGE + 1);
}

struct cell *listing_row(struct list_page *page, const struct listing *l)
{
    struct cell *row = &page->cells[page->rows++ * l->kind->column_count];
    memset(row, 0, l->kind->column_count * sizeof *row);
    return row;
}

bool listing_page(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                  struct list_page *ret, struct error *e)
{
    listing_rows(ret, l, a);
    if (l->at.source < l->source_count && !l->kind->page(l, actor, db, a, ret, e))
        return false;
    ret->last = ret->next.source >= l->source_count;
    return true;
}

void listing_take(struct listing *l, const struct list_page *page)
{
    for (size_t i = 0; i < page->seen_count; i++)
        ids_add(l->seen, page->seen[i]);
    l->at = page->next;
    l->done = page->last;
}

/* ---- Where to look ------------------------------------------------------------------------------------- */

static size_t narrowed(const struct interval *reach, size_t n, enum holder_kind holder, int64_t lo,
                       int64_t hi, struct list_source *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct list_source s = {holder, reach[i].lo, reach[i].hi};
        if (hi != 0) {
            s.lo = s.lo > lo ? s.lo : lo;
            s.hi = s.hi < hi ? s.hi : hi;
        }
        if (s.lo < s.hi)
            list[kept++] = s;
    }
    return kept;
}

size_t listing_unit_sources(const struct actor *actor, struct arena *a, post_mask posts, int64_t lo,
                            int64_t hi, struct list_source **ret)
{
    struct interval *reach;
    size_t n = scope_intervals(actor, a, posts, &reach);
    *ret = ARENA_ARRAY(a, struct list_source, n + 1);
    return narrowed(reach, n, 0, lo, hi, *ret);
}

size_t listing_case_sources(const struct actor *actor, struct arena *a, const struct case_filter *f,
                            struct list_source **ret)
{
    struct interval *reach;
    size_t n = 0, count = scope_units(actor, a, &reach);
    struct list_source *list = ARENA_ARRAY(a, struct list_source, count + actor->post_count + 1);

    if (f->view != VIEW_CLOSED && f->hi == 0) {
        list[n++] = (struct list_source){HOLDER_ACCOUNT, actor->account, actor->account + 1};
        for (size_t i = 0; i < actor->post_count; i++) {
            int64_t office = actor->posts[i].office;
            if (office != 0 && scope_holds_office(actor, office))
                list[n++] = (struct list_source){HOLDER_OFFICE, office, office + 1};
        }
    }
    if (f->view != VIEW_MINE)
        n += narrowed(reach, count, HOLDER_UNIT, f->lo, f->hi, list + n);
    *ret = list;
    return n;
}
