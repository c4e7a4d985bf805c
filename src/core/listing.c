#include "core/listing.h"

#include <stdlib.h>

bool listing_name(struct listing *l, struct db *db, struct arena *a, enum name_of what, int64_t id,
                  struct str *ret, struct error *e)
{
    struct name name;
    bool ok = names_get(&l->names, db, a, what, id, &name, e);
    *ret = name.name;
    return ok;
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
    l->kept = arena_open();
    l->names = names_open(core, l->kept);
    l->seen = ARENA_ARRAY(l->kept, struct list_ids, 1);
}

void listing_close(struct listing *l)
{
    if (l->kept == NULL)
        return;
    free(l->seen->at);
    arena_close(l->kept);
    *l = (struct listing){0};
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
    struct list_source *list = ARENA_ARRAY(a, struct list_source, count + 2 * actor->post_count + 1);

    if (f->view != VIEW_CLOSED && f->hi == 0) {
        size_t at = 0;
        for (int64_t who = actor->account; who != 0; who = actor_next_absent(actor, &at))
            list[n++] = (struct list_source){HOLDER_ACCOUNT, who, who + 1};
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
