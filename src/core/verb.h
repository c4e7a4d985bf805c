/* Verbs: the only way anything changes. One row per verb; the state machine, the API, the buttons and forms of every screen, the documents and the
 * tests read this table. */
#ifndef CORE_VERB_H
#define CORE_VERB_H

#include "core/actor.h"
#include "core/case.h"
#include "core/clock.h"
#include "core/command.h"
#include "core/field.h"
#include "core/gate.h"

/* Who may. Several bits: any of them is enough. The system may always. */
enum verb_who {
    BY_ANYONE = 1,    /* nobody need be signed in */
    BY_POST = 2,      /* `posts`, with the case in their reach */
    BY_HANDLER = 4,   /* who handles it: handler, co-handler, the office that signed for it */
    BY_OFFICE = 8,    /* the office it lies with, signed for or not */
    BY_RESIDENT = 16, /* who holds the tracking code */
    BY_JOINT = 32,    /* another office that handles it too and has still to report */
    BY_SELF = 64,     /* an account itself */
};

struct work;

struct verb {
    const char *name;
    enum subject_kind subject; /* SUBJECT_NONE: a row of any register */
    enum kind kind;            /* a case's; KIND_NONE: of all kinds */
    unsigned from;             /* IN(…): states it may start from; IN_NOTHING: it makes the subject */
    int to;                    /* state it leads to; 0: stays */
    unsigned who;
    post_mask posts; /* with BY_POST */
    const struct field *fields;
    unsigned stops, starts; /* TICKS(…) */
    bool open;              /* a public step: the resident sees it */
    bool for_another;       /* the resident's own word: staff who take it down say whose, and how it came */
    bool primary;           /* the next thing to do: drawn as the main button */
    bool past; /* takes over what was done elsewhere: nothing of the pack's forms is required, and the clocks begin now */
    bool aside;         /* done from elsewhere: no button of the page */
    const char *notice; /* whom to tell, as a template of notices */
    /* Is it open beyond state and person (an office to sign for it, a pause to end …)? Null: yes. */
    bool (*open_now)(const struct case_row *c, const struct actor *a);
    /* The same for a row of a register. */
    bool (*row_open)(const struct pack *p, const struct register_row *row, const struct actor *a);
    bool (*apply)(struct work *w, struct error *e); /* what it does beyond state and clocks */
};

/* What a kind asks beyond the table: the tables of six/. */
struct verb_rule {
    enum kind kind;
    const char *verb;
    bool (*check)(struct work *w, struct error *e); /* before apply */
    bool (*after)(struct work *w, struct error *e); /* after apply, before the row is written */
    enum subject_kind subject;                      /* NONE: cases */
};

extern const struct verb verb_cases[];
extern const struct verb verb_activities[];
extern const struct verb verb_people[]; /* persons, households, places */
extern const struct verb verb_accounts[];

/* UNKNOWN_VERB is the caller's. */
const struct verb *verb_find(const struct core *core, enum subject_kind subject, struct str name);

/* Is this verb open to the actor on the case now? Null error: just asking; else NOT_OPEN or FORBIDDEN. */
bool verb_open(struct db *db, const struct verb *v, const struct case_row *c, const struct actor *a,
               struct error *e);

/* "verbs":[{verb,label,public,primary,group,power,missing,blocked,form:[field]}] of what is open to the actor now, who has this role in the case (enum
 * worker_role; 0: none); what a gate still shuts stands there with what is missing. */
void verb_write_open(struct jw *w, const struct gate_view *of, const struct actor *a, int64_t role);

#endif
