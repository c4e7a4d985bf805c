/* Who gets it (R3): which offices a matter of this category belongs to here, by the pack's rules, and why. */
#ifndef CORE_OFFICE_RULE_H
#define CORE_OFFICE_RULE_H

#include "core/office.h"
#include "core/pack.h"

enum { RULE_OFFICES = 8 };
/* Where the rule stands: for this place, with the category, with what it belongs to, or nowhere: then the centre sorts it out. */
enum rule_from { RULE_OF_UNIT = 1, RULE_OF_CATEGORY, RULE_OF_PARENT, RULE_NONE };

struct office_rule {
    enum rule_from from;
    struct str category; /* its label, where the rule stands */
    struct str unit;     /* the unit's name, with RULE_OF_UNIT */
    struct {
        struct str code;
        struct office office; /* id 0: there is none here or above */
    } v[RULE_OFFICES];
    size_t n; /* the first one leads */
};

/* The nearest office of each code, from the unit upwards. `category` may be null. */
bool office_rule(struct db *db, struct arena *a, const struct category *category, int64_t unit,
                 struct office_rule *ret, struct error *e);
/* {"from","why","items":[{"code","label","leads","office":{"id","name"}|null}]} */
bool office_rule_write(struct db *db, struct arena *a, struct jw *w, const struct pack *p,
                       const struct category *category, int64_t unit, enum lang lang, struct error *e);

#endif
