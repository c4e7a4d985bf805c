/* What suggestions have learned, in derived data: for each scope how often which term stood in which class. Everything is a whole number, so that what
 * was added can be taken out again to the last bit, in any order. Knows scopes, classes and terms, not what they mean. */
#ifndef CORE_SUGGEST_STORE_H
#define CORE_SUGGEST_STORE_H

#include "core/suggest_text.h"

/* The scope that holds the pack's own words and nothing else. */
enum { SCOPE_PACK = 0 };

struct class_row {
    int64_t id, above; /* above 0: none */
    struct str name;
};

/* What one document is made of, as it is kept. */
struct lesson {
    int64_t class;
    const struct feature *v; /* term and weight */
    size_t n;
};

struct lesson_delta;

/* Lessons on their way into the tables; lives in the arena. */
struct lessons {
    struct db *db;
    struct arena *arena;
    struct lesson_delta *deltas;
    size_t n, room;
    struct class_row *classes;
    size_t class_count, class_room;
};

bool lessons_open(struct lessons *l, struct db *db, struct arena *a, struct error *e);
/* The class of a name, made when it is new; `above` may be empty. */
bool lessons_class(struct lessons *l, struct str name, struct str above, int64_t *ret, struct error *e);
/* Adds a document to a scope (times 1), or takes it out (times -1). */
void lessons_add(struct lessons *l, int64_t scope, const struct lesson *lesson, int times);
bool lessons_write(struct lessons *l, struct error *e) __attribute__((warn_unused_result));
/* Throws everything away. */
bool lessons_clear(struct db *db, struct error *e) __attribute__((warn_unused_result));

/* A document's terms as a column. */
struct str lesson_pack(struct arena *a, const struct feature *v, size_t n);
size_t lesson_unpack(struct arena *a, struct str packed, struct feature **ret);

struct term_row {
    uint64_t term;
    int64_t docs;
    struct str counts;
};
/* The rows of these terms (sorted) in a scope, in the order of the terms; docs is 0 where there is none. In the arena. */
bool term_rows(struct db *db, struct arena *a, int64_t scope, const uint64_t *terms, size_t n,
               struct term_row **ret, struct error *e);
/* The next pair of class and weight off the front; false at the end. */
bool counts_next(struct str *counts, int64_t *ret_class, int64_t *ret_weight);

/* What a scope holds of each of its classes, by class; the first row is that of all together (class 0). None: nothing was learned there. */
struct sum_row {
    int64_t class, above, docs, weight, square;
    struct str name;
};
bool sum_rows(struct db *db, struct arena *a, int64_t scope, struct sum_row **ret, size_t *ret_n,
              struct error *e);

#endif
