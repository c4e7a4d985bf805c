/* Oral agreements as a table, from the register as it is shown: names masked, withheld words left out. */
#include "base/time.h"
#include "core/listing.h"
#include "core/oral.h"

enum {
    O_AGREED,
    O_NUMBER,
    O_ARCHIVE,
    O_VILLAGE,
    O_CATEGORY,
    O_PARTIES,
    O_TITLE,
    O_TERMS,
    O_MEDIATOR,
    O_KEPT,
    O_COLUMNS
};

static const struct list_column columns[O_COLUMNS] = {
    [O_AGREED] = {"agreed_at", CELL_TIME, 17},   [O_NUMBER] = {"number", CELL_TEXT, 18},
    [O_ARCHIVE] = {"archive_no", CELL_TEXT, 24}, [O_VILLAGE] = {"village", CELL_TEXT, 12},
    [O_CATEGORY] = {"category", CELL_TEXT, 16},  [O_PARTIES] = {"parties", CELL_TEXT, 20},
    [O_TITLE] = {"title", CELL_TEXT, 30},        [O_TERMS] = {"terms", CELL_TEXT, 50},
    [O_MEDIATOR] = {"mediator", CELL_TEXT, 10},  [O_KEPT] = {"performance", CELL_TEXT, 14},
};

static struct str parties(struct arena *a, const json_t *persons)
{
    const json_t *one;
    const char *all = "";
    size_t i;
    json_array_foreach(persons, i, one) {
        struct str name = json_text(one, "name");
        if (str_is(json_text(one, "role"), "party"))
            all = arena_printf(a, "%s%s%.*s", all, all[0] != '\0' ? "、" : "", (int)name.n, name.p);
    }
    return str_of(all);
}

static void fill(struct arena *a, const json_t *item, struct cell *row)
{
    (void)time_parse(json_text(item, "agreed_at"), &row[O_AGREED].n);
    row[O_NUMBER].s = arena_str(a, json_text(item, "number"));
    row[O_ARCHIVE].s = arena_str(a, json_text(item, "archive_no"));
    row[O_VILLAGE].s = arena_str(a, json_text(item, "unit"));
    row[O_CATEGORY].s = arena_str(a, json_text(item, "category_label"));
    row[O_PARTIES].s = parties(a, json_object_get(item, "persons"));
    row[O_TITLE].s = arena_str(a, json_text(item, "title"));
    row[O_TERMS].s = arena_str(a, json_text(item, "terms"));
    row[O_MEDIATOR].s = arena_str(a, json_text(item, "mediator"));
    row[O_KEPT].s = arena_str(a, json_text(item, "performance_label"));
}

static bool page_of_oral(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                         struct list_page *page, struct error *e)
{
    const struct list_source *s = &l->sources[l->at.source];
    const struct oral_filter f = {.lo = s->lo,
                                  .hi = s->hi,
                                  .from = l->from,
                                  .to = l->to,
                                  .after_at = l->at.key[0],
                                  .after_id = l->at.key[1],
                                  .limit = LIST_PAGE};
    struct buf text = BUF_INIT(BUF_REPLY);
    struct jw w = JW_INIT(&text);
    struct actor reader = *actor;
    const json_t *item;
    size_t i;

    reader.lang = l->lang;
    bool ok = oral_write_list(l->core, db, a, &w, &reader, &f, e);
    json_t *shown = ok ? json_read(buf_str(&text), e) : NULL;
    buf_free(&text);
    if (shown == NULL)
        return false;
    json_array_foreach(json_object_get(shown, "items"), i, item)
        fill(a, item, listing_row(page, l));
    struct str rest = json_text(shown, "next"), at, id;
    page->next = (struct list_cursor){.source = l->at.source + 1};
    if (rest.n > 0 && str_split(&rest, '.', &at) && str_split(&rest, '.', &id)) {
        page->next = (struct list_cursor){.source = l->at.source};
        (void)(str_int(at, &page->next.key[0]) && str_int(id, &page->next.key[1]));
    }
    json_decref(shown);
    return true;
}

const struct list_kind list_oral = {"oral_agreements", columns, O_COLUMNS, true, page_of_oral};
