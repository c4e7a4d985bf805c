/* Names that come again and again in one answer or file: each unit, office and person is asked for once. */
#ifndef CORE_NAMES_H
#define CORE_NAMES_H

#include "core/core.h"

enum name_of { NAME_UNIT, NAME_COMMITTEE, NAME_ACCOUNT, NAME_OFFICE };

struct name {
    struct str name, code; /* code: of units alone */
};

/* Everything lies in the arena and ends with it. */
struct names {
    struct core *core;
    struct arena *arena;
    struct name_entry *at;
    size_t n, room;
};
struct names names_open(struct core *core, struct arena *arena);

/* Id 0 is nobody: empty. NAME_COMMITTEE is that of the unit `id`; empty above the committees. `scratch` is for reading and may be emptied afterwards. */
bool names_get(struct names *names, struct db *db, struct arena *scratch, enum name_of what, int64_t id,
               struct name *ret, struct error *e);

#endif
