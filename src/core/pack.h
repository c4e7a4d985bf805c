/* The policy pack: data that defines kinds, categories, clocks, outcomes, forms and words. It is read once, checked as a whole and never changed;
 * versions live side by side and a case keeps the one it was opened under. */
#ifndef CORE_PACK_H
#define CORE_PACK_H

#include "base/error.h"
#include "base/json.h"
#include "base/workday.h"
#include "db/db.h"
#include "core/clock.h"
#include "core/field.h"
#include "core/kind.h"

/* What narrows the readers of a case beyond its place in the tree (core/scope.h says who they are). */
enum case_class {
    CLASS_MINOR = 1, /* children's matters (L5, L9) */
    CLASS_HEALTH = 2,
    CLASS_PRIVATE = 4,    /* family, income */
    CLASS_RESTRICTED = 8, /* public-security leads (H6) */
    CLASS_BYPASS = 16,    /* goes past the village: about its own people (G19) */
};

struct category {
    struct str code, label, definition;
    const struct category *parent;  /* null for the upper ones */
    struct term terms[CLOCK_COUNT]; /* milli 0: no such promise */
    unsigned class;                 /* CLASS_… */
    bool urgent;
    bool climbs; /* a breached promise goes up by itself (G3) */
    bool suspect_major;
    const json_t *row, *parent_row; /* the rest, for who needs it */
};

struct outcome {
    struct str code, label, definition;
    bool counts; /* in the six counts (docs/counting.md) */
};

struct kind_def {
    enum kind kind;
    struct str label, short_label, counter, noun;
    struct str states[STATE_COUNT];
    struct category *categories;
    size_t category_count;
    struct outcome *outcomes;
    size_t outcome_count;
    struct str fallback; /* category of a report that names none */
};

struct pack {
    int64_t id; /* row in the table pack; 0 before it is stored */
    unsigned char hash[32];
    struct str version;
    json_t *doc;
    struct kind_def kinds[KIND_COUNT];
    struct term common[CLOCK_COUNT]; /* sign, judge and those of mediation: the same for all */
    struct term object;              /* how long an office may send back what is not its own */
    struct str text;                 /* as stored */
    struct buf public;               /* what GET /pack says */
    struct pack_index *index;        /* rows of lists by their code */
    struct arena *arena;
};

/* Reads and checks. PACK_INVALID with the path in `field` and the line in `detail`. */
bool pack_read(struct pack **ret, struct str text, struct error *e);
void pack_close(struct pack *p);

const struct category *pack_category(const struct pack *p, enum kind k, struct str code);
const struct outcome *pack_outcome(const struct pack *p, enum kind k, struct str code);

/* Labels from the pack's vocabulary: list is "channels", "levels", "posts", "offices", "verbs" …; the code itself when there is none. */
struct str pack_label(const struct pack *p, const char *list, struct str code);
/* The verb's word for a kind ("settle" of a hazard: 整改完成). */
struct str pack_verb_label(const struct pack *p, const char *verb, enum kind k);
/* The word that this reader uses ("resident": 催一催, "upper": 督办, "office": 签收); empty when the pack has none. */
struct str pack_verb_label_for(const struct pack *p, const char *verb, const char *reader);
/* The heading under which the verb's button stands; that of the first group when the pack puts it in none. */
struct str pack_verb_group(const struct pack *p, const char *verb);
/* The rows of a list; "talk.forms" is the list `forms` under `talk`. Null when there is none. */
const json_t *pack_list(const struct pack *p, const char *list);
/* The row of a list that has this code; null when none does. */
const json_t *pack_row(const struct pack *p, const char *list, struct str code);
bool pack_has(const struct pack *p, const char *list, struct str code);

/* Has the category a form of its own for this verb? */
bool pack_own_fields(const struct category *c, const char *verb);
/* Fields that the pack adds to a verb's form for this kind and category; `ret` lives in the arena. */
size_t pack_fields(const struct pack *p, struct arena *a, enum kind k, const struct category *c,
                   const char *verb, struct field **ret);

#endif
