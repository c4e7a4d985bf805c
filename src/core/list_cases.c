/* Cases as a table. */
#include "base/time.h"
#include "core/clock.h"
#include "core/listing.h"
#include "core/search.h"

enum {
    NUMBER,
    KIND,
    CATEGORY,
    TITLE,
    VILLAGE,
    COMMITTEE,
    STATE,
    LEVEL,
    CHANNEL,
    HOLDER,
    REPORTED,
    ACCEPTED,
    REPLIED,
    REPLY_LATE,
    DUE,
    OVERDUE,
    SETTLED,
    CLOSED,
    OUTCOME,
    RESOLVED,
    SATISFIED,
    DANGER,
    URGED,
    REOPENED,
    COLUMNS
};

/* clang-format off */
static const struct list_column columns[COLUMNS] = {
    [NUMBER] = {"number", CELL_TEXT, 18},
    [KIND] = {"kind", CELL_TEXT, 9},
    [CATEGORY] = {"category", CELL_TEXT, 16},
    [TITLE] = {"title", CELL_TEXT, 36},
    [VILLAGE] = {"village", CELL_TEXT, 12},
    [COMMITTEE] = {"committee", CELL_TEXT, 14},
    [STATE] = {"state", CELL_TEXT, 10},
    [LEVEL] = {"level", CELL_TEXT, 9},
    [CHANNEL] = {"channel", CELL_TEXT, 12},
    [HOLDER] = {"holder", CELL_TEXT, 16},
    [REPORTED] = {"reported_at", CELL_TIME, 17},
    [ACCEPTED] = {"accepted_at", CELL_TIME, 17},
    [REPLIED] = {"replied_at", CELL_TIME, 17},
    [REPLY_LATE] = {"reply_late", CELL_YES, 12},
    [DUE] = {"due_at", CELL_TIME, 17},
    [OVERDUE] = {"overdue", CELL_YES, 9},
    [SETTLED] = {"settled_at", CELL_TIME, 17},
    [CLOSED] = {"closed_at", CELL_TIME, 17},
    [OUTCOME] = {"outcome", CELL_TEXT, 14},
    [RESOLVED] = {"resolved", CELL_TEXT, 10},
    [SATISFIED] = {"satisfied", CELL_TEXT, 10},
    [DANGER] = {"danger", CELL_YES, 8},
    [URGED] = {"urged", CELL_YES, 8},
    [REOPENED] = {"reopened", CELL_INT, 10},
};
/* clang-format on */

static struct str choice(struct arena *a, enum lang lang, const char *scale, const char *code)
{
    return code[0] != '\0' ? str_of(lang_word(lang, arena_printf(a, "choice.%s.%s", scale, code))) : STR("");
}

static void fill_times(struct cell *row, const struct case_row *c)
{
    row[REPORTED].n = c->reported_at;
    row[ACCEPTED].n = c->accepted_at;
    row[REPLIED].n = c->replied_at;
    row[REPLY_LATE].n = c->reply_late != 0;
    row[DUE].n = c->due;
    row[OVERDUE].n = c->due != 0 && c->due < time_now() && c->due_clock != CLOCK_JUDGE;
    row[SETTLED].n = c->settled_at;
    row[CLOSED].n = c->closed_at;
    row[DANGER].n = (c->flags & FLAG_DANGER) != 0;
    row[URGED].n = (c->flags & FLAG_URGED) != 0;
    row[REOPENED].n = c->reopened;
}

/* Who may only know that it exists gets no words; of what was erased nobody does. */
static struct str title_of(struct listing *l, struct arena *a, const struct case_row *c, bool veiled,
                           struct str otherwise)
{
    struct error ignored;
    if (!veiled && c->key.n == 0)
        return str_of(lang_word(l->lang, "erased.done"));
    json_t *words = veiled ? NULL : case_words(l->core, a, c, &ignored);
    struct str title = arena_str(a, json_text(words, "title"));
    json_decref(words);
    return title.n > 0 ? title : otherwise;
}

static bool fill(struct listing *l, struct db *db, struct arena *a, const struct case_row *c, bool veiled,
                 struct list_page *page, struct error *e)
{
    const struct pack *pack = core_pack(l->core, db, c->pack, e);
    struct cell *row = listing_row(page, l);

    if (pack == NULL || !listing_name(l, db, a, NAME_UNIT, c->unit, &row[VILLAGE].s, e) ||
        !listing_name(l, db, a, NAME_COMMITTEE, c->unit, &row[COMMITTEE].s, e) ||
        !listing_name(l, db, a, c->office != 0 ? NAME_OFFICE : NAME_ACCOUNT,
                      c->office != 0 ? c->office : c->handler, &row[HOLDER].s, e))
        return false;
    const struct category *category = pack_category(pack, c->kind, c->category);
    const struct outcome *outcome = pack_outcome(pack, c->kind, c->outcome);
    if (row[HOLDER].s.n == 0)
        row[HOLDER].s = row[VILLAGE].s;
    row[NUMBER].s = c->number;
    row[KIND].s = pack->kinds[c->kind].short_label;
    row[CATEGORY].s = category != NULL ? category->label : c->category;
    row[TITLE].s = title_of(l, a, c, veiled, row[CATEGORY].s);
    row[STATE].s = pack->kinds[c->kind].states[c->state];
    row[LEVEL].s = pack_label(pack, "levels", str_of(level_code(c->level)));
    fill_times(row, c);
    if (veiled)
        return true; /* as the card: where it stands, not how it came or ended */
    row[CHANNEL].s = pack_label(pack, "channels", c->channel);
    row[OUTCOME].s = outcome != NULL ? outcome->label : c->outcome;
    row[RESOLVED].s = choice(a, l->lang, "resolved", resolved_code((enum resolved)c->resolved));
    row[SATISFIED].s = choice(a, l->lang, "satisfied", satisfied_code((enum satisfied)c->satisfied));
    return true;
}

/* The rows of some ids, in their order; what the actor may not see is left out. */
static bool add_some(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                     const int64_t *ids, size_t n, struct list_page *page, struct error *e)
{
    struct case_row *rows = ARENA_ARRAY(a, struct case_row, DB_MANY);
    enum sight sights[DB_MANY];

    if (!case_load_many(db, a, ids, n, rows, e) || !scope_sights(db, actor, rows, n, sights, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (sights[i] >= SIGHT_CARD && !fill(l, db, a, &rows[i], sights[i] < SIGHT_WORK, page, e))
            return false;
    return true;
}

/* What was looked for exactly, as the list does. */
static bool page_of_one(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                        struct list_page *page, struct error *e)
{
    int64_t id;
    page->next.source = l->source_count;
    return search_exact_case(l->core, db, l->cases.q, &id, e) &&
           (id == 0 || add_some(l, actor, db, a, &id, 1, page, e));
}

static bool page_of_cases(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                          struct list_page *page, struct error *e)
{
    const struct list_source *s = &l->sources[l->at.source];
    int64_t(*keys)[3] = (int64_t(*)[3])ARENA_ARRAY(a, int64_t, (size_t)LIST_PAGE * 3),
    first[3] = {s->lo - 1, INT64_MAX, INT64_MAX};
    int64_t ids[LIST_PAGE];
    size_t n, waiting = 0;
    bool fresh = l->at.key[0] == 0 && l->at.key[1] == 0 && l->at.key[2] == 0;

    if (l->cases.q.n > 0)
        return page_of_one(l, actor, db, a, page, e);
    if (!case_list_walk(db, actor, &l->cases, s->holder, s->hi, fresh ? first : l->at.key, keys, LIST_PAGE, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        int64_t id = keys[i][2];
        if (listing_seen(l, id))
            continue;
        if (s->holder != HOLDER_UNIT)
            page->seen[page->seen_count++] = id;
        ids[waiting++] = id;
    }
    for (size_t i = 0; i < waiting; i += DB_MANY)
        if (!add_some(l, actor, db, a, ids + i, waiting - i < DB_MANY ? waiting - i : DB_MANY, page, e))
            return false;
    if (n < LIST_PAGE)
        page->next = (struct list_cursor){.source = l->at.source + 1};
    else
        memcpy(page->next.key, keys[n - 1], sizeof keys[n - 1]);
    return true;
}

const struct list_kind list_cases = {"cases", columns, COLUMNS, true, page_of_cases};
