#include "paper/figures_book.h"

#define SIX                                                                                                  \
    {"dispute", CELL_INT, 12}, {"request", CELL_INT, 12}, {"environment", CELL_INT, 12},                     \
        {"difficulty", CELL_INT, 12}, {"hazard", CELL_INT, 12},                                              \
    {                                                                                                        \
        "talk", CELL_INT, 12                                                                                 \
    }

static const struct list_column count_columns[] = {
    {"kind", CELL_TEXT, 18}, {"count", CELL_INT, 10}, {"counter", CELL_TEXT, 8}};
static const struct list_column level_columns[] = {
    {"kind", CELL_TEXT, 18},           {"level_spot", CELL_INT, 10}, {"level_group", CELL_INT, 10},
    {"level_committee", CELL_INT, 10}, {"level_town", CELL_INT, 10}, {"level_county", CELL_INT, 10},
    {"near_share", CELL_PERCENT, 14}};
static const struct list_column rate_columns[] = {{"rate", CELL_TEXT, 14},
                                                  {"numerator", CELL_INT, 10},
                                                  {"denominator", CELL_INT, 10},
                                                  {"share", CELL_PERCENT, 10}};
static const struct list_column month_columns[] = {{"month", CELL_TEXT, 10}, SIX};
static const struct list_column category_columns[] = {
    {"kind", CELL_TEXT, 18}, {"category", CELL_TEXT, 24}, {"count", CELL_INT, 10}};
static const struct list_column unit_columns[] = {{"code", CELL_TEXT, 18}, {"unit", CELL_TEXT, 20}, SIX};

#define COLUMNS(a) a, sizeof(a) / sizeof(a)[0]

static struct cell text(struct str s)
{
    return (struct cell){.s = s};
}

static struct cell number(int64_t n)
{
    return (struct cell){.n = n};
}

static bool add_counts(struct book *b, const struct figures *f, enum lang lang, struct error *e)
{
    if (!book_table(b, lang_word(lang, "list.counts"), COLUMNS(count_columns), e))
        return false;
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++) {
        const struct cell row[] = {text(f->labels[k]), number(f->counts[k]), text(f->counters[k])};
        if (!book_row(b, row, e))
            return false;
    }
    return true;
}

static bool add_levels(struct book *b, const struct figures *f, enum lang lang, struct error *e)
{
    if (!book_table(b, lang_word(lang, "list.levels"), COLUMNS(level_columns), e))
        return false;
    for (int k = KIND_DISPUTE; k < KIND_TALK; k++) {
        const int64_t *n = f->levels[k];
        int64_t near = n[LEVEL_SPOT] + n[LEVEL_GROUP] + n[LEVEL_COMMITTEE];
        const struct cell row[] = {text(f->labels[k]),
                                   number(n[LEVEL_SPOT]),
                                   number(n[LEVEL_GROUP]),
                                   number(n[LEVEL_COMMITTEE]),
                                   number(n[LEVEL_TOWN]),
                                   number(n[LEVEL_COUNTY]),
                                   {.n = near, .of = f->counts[k]}};
        if (!book_row(b, row, e))
            return false;
    }
    return true;
}

static bool add_rates(struct book *b, const struct figures *f, enum lang lang, struct error *e)
{
    const struct {
        const char *key;
        struct figure_rate rate;
    } rates[] = {{"list.replied", f->replied},
                 {"list.resolved", f->resolved},
                 {"list.satisfied", f->satisfied},
                 {"list.judged", f->judged}};
    if (!book_table(b, lang_word(lang, "list.rates"), COLUMNS(rate_columns), e))
        return false;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        const struct cell row[] = {text(str_of(lang_word(lang, rates[i].key))),
                                   number(rates[i].rate.n),
                                   number(rates[i].rate.of),
                                   {.n = rates[i].rate.n, .of = rates[i].rate.of}};
        if (!book_row(b, row, e))
            return false;
    }
    return true;
}

static void fill_six(struct cell *row, const int64_t counts[KIND_COUNT])
{
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
        row[k - KIND_DISPUTE] = number(counts[k]);
}

static bool add_months(struct book *b, const struct figures *f, enum lang lang, struct error *e)
{
    if (!book_table(b, lang_word(lang, "list.months"), COLUMNS(month_columns), e))
        return false;
    for (size_t i = 0; i < f->month_count; i++) {
        struct cell row[sizeof month_columns / sizeof month_columns[0]];
        char month[16];
        (void)snprintf(month, sizeof month, "%d-%02d", (int)(f->months[i].month / 12),
                       (int)(f->months[i].month % 12 + 1));
        row[0] = text(str_of(month));
        fill_six(row + 1, f->months[i].counts);
        if (!book_row(b, row, e))
            return false;
    }
    return true;
}

static bool add_categories(struct book *b, const struct figures *f, enum lang lang, struct error *e)
{
    if (!book_table(b, lang_word(lang, "list.categories"), COLUMNS(category_columns), e))
        return false;
    for (size_t i = 0; i < f->category_count; i++) {
        const struct figure_category *c = &f->categories[i];
        struct str label = c->code.n > 0 ? c->label : str_of(lang_word(lang, "list.other"));
        const struct cell row[] = {text(f->labels[c->kind]), text(label), number(c->n)};
        if (!book_row(b, row, e))
            return false;
    }
    return true;
}

static bool add_units(struct book *b, const struct figures *f, enum lang lang, struct error *e)
{
    if (!book_table(b, lang_word(lang, "list.units"), COLUMNS(unit_columns), e))
        return false;
    for (size_t i = 0; i < f->unit_count; i++) {
        struct cell row[sizeof unit_columns / sizeof unit_columns[0]];
        row[0] = text(f->units[i].code);
        row[1] = text(f->units[i].name);
        fill_six(row + 2, f->units[i].counts);
        if (!book_row(b, row, e))
            return false;
    }
    return true;
}

bool figures_book(struct book *b, const struct figures *f, enum lang lang, struct error *e)
{
    return add_counts(b, f, lang, e) && add_levels(b, f, lang, e) && add_rates(b, f, lang, e) &&
           add_months(b, f, lang, e) && add_categories(b, f, lang, e) && add_units(b, f, lang, e);
}
