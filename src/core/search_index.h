/* The inverted index under full search, on either engine. It knows documents and terms, not what they mean.
 *
 * A term is a keyed hash of 40 bits: of a pair of characters, of a word, and also of what the document hangs on (its unit and those above,
 * the office and accounts that work on it, its type). A search is the AND of its terms, and scope is one of them: the index itself leaves out
 * what lies elsewhere. A wrong hit by collision (one in millions) falls at the check on the texts themselves. */
#ifndef CORE_SEARCH_INDEX_H
#define CORE_SEARCH_INDEX_H

#include "core/core.h"

/* Types of documents, in the order in which hits come: people first, then cases. */
enum search_type { SEARCH_ACTIVITY = 1, SEARCH_PLACE, SEARCH_CASE, SEARCH_PERSON, SEARCH_TYPES };
enum { DOC_ID_BITS = 40 };

static inline int64_t doc_of(enum search_type type, int64_t id)
{
    return (int64_t)type << DOC_ID_BITS | id;
}
static inline int64_t doc_id(int64_t doc)
{
    return doc & (((int64_t)1 << DOC_ID_BITS) - 1);
}
static inline enum search_type doc_type(int64_t doc)
{
    return (enum search_type)(doc >> DOC_ID_BITS);
}

/* What a term is made of: keeps the same bytes in different uses apart. */
enum term_kind {
    TERM_PAIR = 'p',
    TERM_WORD = 'w',
    TERM_UNIT = 'u',
    TERM_OFFICE = 'o',
    TERM_ACCOUNT = 'a',
    TERM_KIND = 'k',
    TERM_CHARACTER = 'c', /* of suggestions alone (core/suggest_text.h), like the next */
    TERM_NUMBER = 'n'
};
/* The key under which terms are made, and a term: the same value for the same bytes, whoever asks. */
void term_key(const struct core *core, struct short_key *ret);
uint64_t term_of(const struct short_key *key, enum term_kind kind, const void *p, size_t n);

struct terms {
    struct arena *arena;
    struct short_key key;
    uint64_t *v;
    size_t n, room;
};
void terms_open(struct terms *t, const struct core *core, struct arena *a);
void terms_add(struct terms *t, enum term_kind kind, const void *p, size_t n);
void terms_add_id(struct terms *t, enum term_kind kind, int64_t id);

struct index_doc {
    int64_t doc;
    struct terms *terms; /* none: it goes */
};
/* Puts the documents' terms in the place of those they had. */
bool index_put(struct db *db, struct arena *a, const struct index_doc *docs, size_t n, struct error *e);
/* Empties it, for a rebuild; until index_ready PostgreSQL has no index and searches slowly. */
bool index_clear(struct db *db, struct error *e);
bool index_ready(struct db *db, struct error *e);

/* The documents of a type that have all the terms and whose number is below `before`, newest first, at most `room`. `narrow` says that one of the
 * terms is rare by nature (a committee, a person's own work): PostgreSQL then needn't look at the newest documents first. */
bool index_find(struct db *db, struct arena *a, const struct terms *t, enum search_type type, int64_t before,
                bool narrow, int64_t *ret, size_t room, size_t *ret_n, struct error *e);

#endif
