/* Figures: the six counts, the rates, levels, months, categories and sub-units of a unit over a period
 * (G5). Rules: docs/counting.md. Whole months of committees and of everything above read the tally; groups
 * and parts of months read the shares behind it. */
#ifndef CORE_FIGURES_H
#define CORE_FIGURES_H

#include "base/json.h"
#include "core/core.h"
#include "core/kind.h"
#include "core/unit.h"

enum { FIGURES_YEARS = 20 }; /* the longest period */

struct figure_rate {
    int64_t n, of;
};

struct figure_month {
    int32_t month; /* year * 12 + month - 1 */
    int64_t counts[KIND_COUNT];
};

/* Categories of a privacy class with fewer than FIGURES_SMALL cases are folded into the one above, or into
 * an empty code. */
enum { FIGURES_SMALL = 5 };
struct figure_category {
    enum kind kind;
    struct str code, label;
    int64_t n;
};

struct figure_unit {
    int64_t id, lo, hi; /* its interval of the tree */
    struct str code, name;
    int64_t counts[KIND_COUNT];
};

struct figures {
    struct unit unit;
    struct str full_name;
    int32_t from_day, to_day; /* inclusive */
    int64_t as_of;            /* when they were made */
    struct str power; /* whose power a paper made of them rests on (G14); empty: the pack says nothing */
    int64_t position; /* of the journal, up to which the tally had read */
    int64_t counts[KIND_COUNT];
    struct str labels[KIND_COUNT], counters[KIND_COUNT];
    struct figure_rate replied, resolved, satisfied, judged;
    int64_t levels[KIND_COUNT][LEVEL_COUNT]; /* of the five kinds of cases; under KIND_NONE: of all */
    int64_t open, overdue;                   /* now, whatever the period */
    int32_t last_day; /* the last one on which something counted, or was filed away, in the period; 0: nothing did */
    struct figure_month *months; /* from the first to the last of the period, none in the future */
    size_t month_count;
    struct figure_category *categories; /* most frequent first, by kind */
    size_t category_count;
    struct figure_unit *units; /* the children, in the order of the tree */
    size_t unit_count;
};

/* NOT_FOUND "unit", OUT_OF_RANGE "to". Texts live in the arena. On a reader, in a transaction where the
 * answer should be of one moment. */
bool figures_make(struct core *core, struct db *db, struct arena *a, int64_t unit, int32_t from_day,
                  int32_t to_day, struct figures *ret, struct error *e) __attribute__((warn_unused_result));
void figures_write(struct jw *w, const struct figures *f);

/* The cases behind a number, newest first. */
struct figures_query {
    int64_t unit;
    int32_t from_day, to_day;
    enum kind kind;      /* KIND_NONE: all cases; KIND_TALK: the ids are those of activities */
    struct str category; /* empty: all */
    unsigned hidden;     /* classes that are left out: scope_hidden() of the reader */
    int64_t limit;
    int32_t before_day; /* behind this one, the last of the page before; 0: from the start */
    int64_t before_id;
};
struct figures_case {
    int64_t id;
    int32_t day;
};
bool figures_cases(struct db *db, struct arena *a, const struct figures_query *q, struct figures_case **ret,
                   size_t *ret_n, struct error *e) __attribute__((warn_unused_result));

#endif
