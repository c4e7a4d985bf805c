/* The query in parts, and the check of a hit on its texts: does each of its words stand there, and where? */
#ifndef CORE_SEARCH_LOOK_H
#define CORE_SEARCH_LOOK_H

#include "base/json.h"
#include "core/search_doc.h"

enum { SEARCH_POINTS = 60, SEARCH_WORDS = 8 };

struct search_word {
    const uint32_t *c; /* folded */
    size_t n;
};
struct search_words {
    struct search_word v[SEARCH_WORDS];
    size_t n;
};
/* Cuts a query into words. A telephone number with gaps, dashes or +86 is one word. TOO_LONG, TOO_SHORT on "q". */
bool words_of_query(struct arena *a, struct str q, struct search_words *ret, struct error *e);

struct snippet_part {
    struct str text;
    bool hit;
};
enum { SNIPPET_PARTS = 24 };

/* One document under check: give it the texts, those first that explain a hit best. */
struct look {
    struct arena *arena;
    const struct search_words *words;
    unsigned found; /* bits of words */
    struct snippet_part snippet[SNIPPET_PARTS];
    size_t parts;
};
/* Each returns whether all words have been found by now. */
bool look_text(struct look *l, struct str text);
/* A name is found by its characters or first letters in pinyin, and shown as `masked`. */
bool look_name(struct look *l, struct str name, struct str masked);
/* A telephone or identity number is found whole. */
bool look_whole(struct look *l, struct str number, struct str masked);
bool look_done(const struct look *l);
/* [{"text","hit"}] */
void look_write(const struct look *l, struct jw *w);

#endif
