/* Cards: what a list shows of a case. Private to the files that show cases. */
#ifndef CORE_CASE_CARD_H
#define CORE_CASE_CARD_H

#include "core/actor.h"
#include "core/case.h"
#include "core/clock.h"
#include "core/names.h"
#include "core/scope.h"

/* Where the cards of one answer are made. */
struct cards {
    struct core *core;
    struct db *db;
    struct arena *a;
    const struct actor *actor;
    int64_t now;
    struct names names;
};
struct cards cards_open(struct core *core, struct db *db, struct arena *a, const struct actor *actor);

/* The members of a card, into an open object. */
bool card_members(struct cards *k, struct jw *w, const struct case_row *c, struct str title,
                  const struct clock_row *clocks, size_t clock_count, struct error *e);
/* The promises (回音 · 跟进 · 着落) from the newest clock of each name; the nearest due time. */
void card_promises(struct jw *w, const struct clock_row *rows, size_t n, int64_t now);
void card_due(struct jw *w, const struct pack *pack, const struct case_row *c, int64_t now);
/* The timeline (core/case_read.h). */
bool card_timeline(struct cards *k, struct jw *w, const struct case_row *c, const struct pack *pack,
                   enum sight sight, struct error *e);
/* The words, or in their place that they were erased; null with the error filled when they do not open. */
json_t *card_words(const struct core *core, struct arena *a, const struct case_row *c, enum lang lang,
                   struct error *e);

#endif
