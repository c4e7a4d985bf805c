/* Lists as tables: cases, activities, persons … in columns, read in pages, for files that leave the program. One description a list serves every
 * form of file. A page is one read of its own, so that a long list holds no reader; memory does not grow with the list. */
#ifndef CORE_LISTING_H
#define CORE_LISTING_H

#include "core/actor.h"
#include "core/case_read.h"
#include "core/names.h"
#include "core/scope.h"

enum cell_type {
    CELL_TEXT,
    CELL_INT,
    CELL_TIME,    /* an instant (ms); 0: empty */
    CELL_DATE,    /* a day number; 0: empty */
    CELL_YES,     /* 1: yes, 0: empty */
    CELL_PERCENT, /* n of `of`; of 0: empty */
    CELL_NUMBER,  /* n; empty where `s` is */
};

struct list_column {
    const char *key; /* title: lang/ under "column." */
    enum cell_type type;
    int width;         /* in characters of half a Chinese one's width */
    const char *title; /* its own, where a form of the pack names the column; else null */
};

struct cell {
    struct str s;
    int64_t n, of;
};

struct listing;
struct list_page;

struct list_kind {
    const char *name; /* title: lang/ under "list." */
    const struct list_column *columns;
    size_t column_count;
    bool personal; /* who takes it away is written down */
    /* One page behind l->at. */
    bool (*page)(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                 struct list_page *ret, struct error *e);
};
extern const struct list_kind list_cases, list_activities, list_persons, list_places, list_accounts,
    list_journal, list_rows, list_oral;

/* Where to look: the sources of a list, one after the other. */
struct list_source {
    enum holder_kind holder; /* of open cases; 0 for all other lists */
    int64_t lo, hi;
};

struct list_cursor {
    size_t source;
    int64_t key[3];
};

enum { LIST_PAGE = 400 };

struct list_page {
    struct cell *cells; /* row by row */
    size_t rows;
    struct list_cursor next;
    bool last;
    int64_t *seen; /* ids that later sources must leave out */
    size_t seen_count;
};

struct list_ids;

/* A list being read. Made by listing_open; the filters are set by the caller before the first page. */
struct listing {
    const struct list_kind *kind;
    struct core *core;
    enum lang lang;
    const struct list_source *sources; /* live as long as the listing */
    size_t source_count;
    struct case_filter cases;        /* view, kind, state */
    const struct register_def *rows; /* of a register */
    int64_t from, to, type;          /* of activities and agreements: their moment within [from, to) */
    struct list_cursor at;
    bool done;
    struct arena *kept; /* names and ids, as long as the listing */
    struct names names;
    struct list_ids *seen;
};

void listing_open(struct listing *l, const struct list_kind *kind, struct core *core, enum lang lang);
void listing_close(struct listing *l);
/* On a reader. May run again from the same state, as tasks do: only listing_take moves on. */
bool listing_page(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                  struct list_page *ret, struct error *e) __attribute__((warn_unused_result));
/* The page was written: the next one follows it. */
void listing_take(struct listing *l, const struct list_page *page);

/* The sources of the cases that the actor's list of this view shows; `lo`, `hi` narrow it to a unit (hi 0: the whole reach). */
size_t listing_case_sources(const struct actor *actor, struct arena *a, const struct case_filter *f,
                            struct list_source **ret);
/* The intervals of the actor's posts, narrowed likewise. */
size_t listing_unit_sources(const struct actor *actor, struct arena *a, post_mask posts, int64_t lo,
                            int64_t hi, struct list_source **ret);

/* For the files of this floor that fill pages. */
bool listing_name(struct listing *l, struct db *db, struct arena *a, enum name_of what, int64_t id,
                  struct str *ret, struct error *e);
bool listing_seen(const struct listing *l, int64_t id);
/* Room for a page; the next row of it. */
void listing_rows(struct list_page *page, const struct listing *l, struct arena *a);
struct cell *listing_row(struct list_page *page, const struct listing *l);

#endif
