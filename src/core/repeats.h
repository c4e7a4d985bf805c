/* Disputes that have been there before: the same people, the same plot or house, like words (D7). */
#ifndef CORE_REPEATS_H
#define CORE_REPEATS_H

#include "core/command.h"
#include "core/pack.h"

/* Keeps the plot that a new or corrected dispute names, as a keyed hash of its folded words; an empty name takes it away. */
bool repeats_set_plot(struct work *w, struct str plot, struct error *e);

/* "repeats":[{"id","number","title","state_label","reported_at","why":["person"|"name"|"plot"|"text"]}], newest first, only what the actor may read. */
bool repeats_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                   const struct case_row *c, const json_t *words, struct error *e);

#endif
