/* The maker of large installations: 250 committees of a county with the people who work there, and any number of cases with the years behind
 * them. Rows are made by the program's own functions, many in a transaction; only the order of the work is the maker's. */
#ifndef BENCH_DATA_H
#define BENCH_DATA_H

#include "core/command.h"
#include "cli/cli.h"

enum { COMMITTEES = 250, GROUPS = 8, STEWARDS = 2, TOWNS_MAX = 60 };

struct place {
    int64_t unit, ord;
    const char *code;
};

struct committee {
    struct place at, groups[GROUPS];
    int64_t officer, mediator, steward[STEWARDS];
    struct id *known; /* persons who have been here before */
    size_t known_count, known_room;
};

struct cast {
    struct arena *arena; /* of everything here */
    struct committee committees[COMMITTEES];
    size_t count;
    const char *county, *province;
};

/* Numbers that are the same in each run. */
uint64_t chance(void);
uint64_t chance_below(uint64_t n);
bool chance_of(unsigned percent);

/* Invented words. They live in the arena or for ever. */
struct str invent_name(struct arena *a);
struct str invent_phone(struct arena *a);
struct str invent_story(struct arena *a);
struct str invent_place(struct arena *a);
struct str invent_step(struct arena *a);
struct str invent_result(struct arena *a);

/* Groups, offices, accounts, tokens. Writes the actors as JSON to `f`. In the caller's transaction. */
bool people_make(struct site *s, struct cast *cast, const char *county, FILE *f, struct error *e);

/* `count` cases, `open` of them not ended, ordered in time up to now. Transactions of its own. */
bool cases_make(struct site *s, struct cast *cast, int64_t count, int64_t open, struct error *e);

#endif
