/* From subjects to the documents of the search index: which words of a case, person, place or activity can be found. */
#ifndef CORE_SEARCH_DOC_H
#define CORE_SEARCH_DOC_H

#include "core/case.h"
#include "core/search_fold.h"
#include "core/search_index.h"

/* The terms of a text: pairs of characters, words of other scripts with their beginnings, numbers. A number of seven digits or more is found
 * whole or not at all (telephones). */
void terms_add_text(struct terms *t, struct arena *a, struct str text);
/* The terms that documents with these folded characters must have; none for a single character. */
void terms_add_wanted(struct terms *t, const uint32_t *c, size_t n);

/* The texts of a case, each given to `each` until that returns false: those of the row, then those of its journal. Those who work on the case
 * see all of them. False only when reading failed. KEY_DESTROYED and NOT_FOUND: there are none any more. */
bool case_each_text(struct core *core, struct db *db, struct arena *a, const struct case_row *c,
                    bool (*each)(void *context, struct str text), void *context, struct error *e);

/* The sealed words of a place or activity, and what the talk's topic is called (null: none). Owned by the caller. */
bool search_open_words(struct core *core, struct db *db, struct arena *a, enum search_type type, int64_t id,
                       json_t **ret, const struct category **ret_topic, int64_t *ret_unit, struct error *e);

/* Gives each of those texts to `each` until that returns false. */
void search_each_word(const json_t *words, const struct category *topic,
                      bool (*each)(void *context, struct str text), void *context);

/* Ancestors of units, kept for the length of a run: most documents of a run hang on few units. */
struct lineages {
    struct lineage *v;
    size_t n, room;
};

/* What the documents of the rows from `from` to `to` are made of now goes into the index, in place of what was. One that is gone, or whose key was
 * destroyed, goes; rows that are gone from within a range of several are not looked for. */
bool search_refresh(struct core *core, struct db *db, struct arena *a, struct lineages *lines,
                    enum search_type type, int64_t from, int64_t to, struct error *e);
void lineages_free(struct lineages *lines);

#endif
