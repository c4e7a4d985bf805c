/* The rows of a register as a table, from the list as it is shown: what a list leaves out (children, illness) the file leaves out too. */
#include "base/time.h"
#include "core/listing.h"
#include "core/register.h"

enum { W_TITLE, W_PERSON, W_UNIT, W_STATE, W_ACCOUNT, W_DUE, W_AMOUNT, W_DAY, W_WITNESS, W_FACTS, W_COLUMNS };

static const struct list_column columns[W_COLUMNS] = {
    [W_TITLE] = {"title", CELL_TEXT, 28},       [W_PERSON] = {"person_name", CELL_TEXT, 12},
    [W_UNIT] = {"unit", CELL_TEXT, 14},         [W_STATE] = {"state", CELL_TEXT, 12},
    [W_ACCOUNT] = {"holder", CELL_TEXT, 12},    [W_DUE] = {"due_at", CELL_TIME, 17},
    [W_AMOUNT] = {"amount", CELL_TEXT, 12},     [W_DAY] = {"day", CELL_TEXT, 12},
    [W_WITNESS] = {"witnesses", CELL_TEXT, 18}, [W_FACTS] = {"facts", CELL_TEXT, 60},
};

/* What has a column of its own; the other facts stand together in the last one. */
static struct cell *own_cell(struct cell *row, struct str name)
{
    static const struct {
        const char *name;
        int column;
    } rows[] = {{"worth", W_AMOUNT},     {"amount_in", W_AMOUNT}, {"money", W_AMOUNT},
                {"granted", W_AMOUNT},   {"given_on", W_DAY},     {"received_on", W_DAY},
                {"witness1", W_WITNESS}, {"witness2", W_WITNESS}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (str_is(name, rows[i].name))
            return &row[rows[i].column];
    return NULL;
}

static void append(struct arena *a, struct str *to, const char *gap, struct str text)
{
    *to = str_of(arena_printf(a, "%.*s%s%.*s", (int)to->n, to->n > 0 ? to->p : "", to->n > 0 ? gap : "",
                              (int)text.n, text.n > 0 ? text.p : ""));
}

static void fill(struct arena *a, const json_t *item, struct cell *row)
{
    const json_t *fact;
    size_t i;

    row[W_TITLE].s = arena_str(a, json_text(item, "title"));
    row[W_PERSON].s = arena_str(a, json_text(json_object_get(item, "person"), "name"));
    row[W_UNIT].s = arena_str(a, json_text(json_object_get(item, "unit"), "name"));
    row[W_STATE].s = arena_str(a, json_text(item, "state_label"));
    row[W_ACCOUNT].s = arena_str(a, json_text(json_object_get(item, "account"), "name"));
    (void)time_parse(json_text(item, "due"), &row[W_DUE].n);
    json_array_foreach(json_object_get(item, "facts"), i, fact) {
        struct cell *own = own_cell(row, json_text(fact, "name"));
        struct str value = json_text(fact, "value"), label = json_text(fact, "label");
        if (own != NULL)
            append(a, &own->s, "、", value);
        else
            append(a, &row[W_FACTS].s, "；",
                   str_of(arena_printf(a, "%.*s：%.*s", (int)label.n, label.p, (int)value.n, value.p)));
    }
}

static bool page_of_rows(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                         struct list_page *page, struct error *e)
{
    const struct list_source *s = &l->sources[l->at.source];
    const struct register_filter f = {
        .lo = s->lo, .hi = s->hi, .all = true, .after_id = l->at.key[0], .limit = LIST_PAGE};
    struct buf text = BUF_INIT(BUF_REPLY);
    struct jw w = JW_INIT(&text);
    struct actor reader = *actor;
    const json_t *item;
    size_t i;

    reader.lang = l->lang;
    bool ok = register_write_list(l->core, db, a, &w, &reader, l->rows, &f, e);
    json_t *shown = ok ? json_read(buf_str(&text), e) : NULL;
    buf_free(&text);
    if (shown == NULL)
        return false;
    json_array_foreach(json_object_get(shown, "items"), i, item)
        fill(a, item, listing_row(page, l));
    struct str rest = json_text(shown, "next"), due, id;
    page->next = (struct list_cursor){.source = l->at.source + 1};
    if (rest.n > 0 && str_split(&rest, '.', &due) && str_split(&rest, '.', &id)) {
        page->next = (struct list_cursor){.source = l->at.source};
        (void)str_int(id, &page->next.key[0]);
    }
    json_decref(shown);
    return true;
}

const struct list_kind list_rows = {"rows", columns, W_COLUMNS, true, page_of_rows};
