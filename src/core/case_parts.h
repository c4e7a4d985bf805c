/* What the files of case verbs share. */
#ifndef CORE_CASE_PARTS_H
#define CORE_CASE_PARTS_H

#include "core/command.h"

/* Who may read it (CLASS_…). What goes past the village is for the level above alone; a class of its category on top would leave nobody. */
unsigned case_class(const struct category *category, bool bypass);
/* What a story is called: its first line, shortened. A slice of it. */
struct str case_headline(struct str text);
void case_set_quantity(struct case_row *c, const json_t *quantity);
/* The first word that the resident can read, or was told: stops being "without a reply". */
void case_replied(struct work *w);
/* It ends here, with this outcome and what was said about it; clocks, flags and referrals follow. NOT_A_CHOICE. */
bool case_settled(struct work *w, struct str outcome, struct str result, struct error *e);
/* Something moved: what was urged has been answered, what came back has been taken up. */
void case_moved(struct work *w);

#endif
