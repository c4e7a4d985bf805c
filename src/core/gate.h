/* Gates: what must have been done before a verb of a case may run. A row names the verbs it stands before and looks at the case; whoever tries a verb
 * behind a closed gate is refused with what is missing, and the page of the case says it before anybody tries. */
#ifndef CORE_GATE_H
#define CORE_GATE_H

#include "core/actor.h"
#include "core/case.h"
#include "core/pack.h"

enum { GATE_MISSING_MOST = 24 };

/* What a gate looks at. */
struct gate_view {
    struct core *core;
    struct db *db;
    struct arena *arena;
    const struct pack *pack;
    const struct category *category;
    const struct case_row *c;
    const json_t *words;
    const char *verb;
};

/* What is still missing. A code is a key of lang/ under "gate."; `only` are the outcomes before which it stands ("WRITTEN|ORAL"), null: the verb
 * as a whole is shut. */
struct gate_missing {
    struct {
        const char *code, *only;
    } rows[GATE_MISSING_MOST];
    size_t n;
};
void gate_lacks(struct gate_missing *m, const char *code, const char *only);

struct gate {
    const char *name;
    enum kind kind;    /* KIND_NONE: all */
    const char *verbs; /* "close|settle"; also steps that are no verbs of cases, such as "session" */
    bool (*look)(const struct gate_view *v, struct gate_missing *m, struct error *e);
};

/* Everything that is missing before view->verb, of all gates. */
bool gate_look(const struct gate_view *v, struct gate_missing *m, struct error *e);
/* GATE_CLOSED: the field is "gate.NAME" of the first one that is shut, the detail what is missing, in words. `outcome` is the one that is chosen, empty
 * when the verb has none. */
bool gate_check(const struct gate_view *v, struct str outcome, enum lang lang, struct error *e);
/* "missing":[{code,label,outcomes}] of an open verb, and "blocked": shut as a whole. */
bool gate_write(const struct gate_view *v, struct jw *w, enum lang lang, struct error *e);

#endif
