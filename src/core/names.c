#include "core/names.h"

#include "core/account.h"
#include "core/office.h"
#include "core/unit.h"

enum { FIRST_ROOM = 64, KEPT_MOST = 4096 }; /* past it names are read each time: memory stays flat */

struct name_entry {
    int64_t id; /* 0: free */
    enum name_of what;
    struct name name;
};

struct names names_open(struct core *core, struct arena *arena)
{
    return (struct names){
        .core = core, .arena = arena, .at = ARENA_ARRAY(arena, struct name_entry, FIRST_ROOM), .room = FIRST_ROOM};
}

static struct name_entry *slot_of(const struct names *names, enum name_of what, int64_t id)
{
    size_t i = (size_t)(((uint64_t)id * 4 + what) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (names->room - 1);
    while (names->at[i].id != 0 && (names->at[i].id != id || names->at[i].what != what))
        i = (i + 1) & (names->room - 1);
    return &names->at[i];
}

static void keep(struct names *names, const struct name_entry *fresh)
{
    if (names->n >= KEPT_MOST)
        return;
    if (2 * names->n >= names->room) {
        struct names bigger = *names;
        bigger.room = 2 * names->room;
        bigger.at = ARENA_ARRAY(names->arena, struct name_entry, bigger.room);
        for (size_t i = 0; i < names->room; i++)
            if (names->at[i].id != 0)
                *slot_of(&bigger, names->at[i].what, names->at[i].id) = names->at[i];
        *names = bigger;
    }
    struct name_entry *slot = slot_of(names, fresh->what, fresh->id);
    *slot = *fresh;
    slot->name.name = arena_str(names->arena, fresh->name.name);
    slot->name.code = arena_str(names->arena, fresh->name.code);
    names->n++;
}

/* A unit and its committee come together: who shows one mostly shows the other. */
static bool read_unit(struct names *names, struct db *db, struct arena *a, struct name_entry *n, struct error *e)
{
    struct name_entry unit = {.id = n->id, .what = NAME_UNIT}, committee = {.id = n->id, .what = NAME_COMMITTEE};
    struct db_rows r;

    if (!db_rows(db, &r, e,
                 "select u.name, u.code, u.level, p.name, p.code, p.level from unit u left join unit p on p.id = u.parent where u.id = ?1",
                 ARGS(INT(n->id))))
        return false;
    bool found = db_next(&r);
    if (found) {
        int at = db_int(&r, 2) == UNIT_COMMITTEE ? 0 : db_int(&r, 5) == UNIT_COMMITTEE ? 3 : -1;
        unit.name = (struct name){arena_str(a, db_text(&r, 0)), arena_str(a, db_text(&r, 1))};
        committee.name = at < 0
                             ? (struct name){STR(""), STR("")}
                             : (struct name){arena_str(a, db_text(&r, at)), arena_str(a, db_text(&r, at + 1))};
    }
    if (!db_end(&r, e))
        return false;
    if (!found)
        return n->what == NAME_COMMITTEE || error_set(e, ERROR_NOT_FOUND, "unit");
    *n = n->what == NAME_UNIT ? unit : committee;
    const struct name_entry *other = n->what == NAME_UNIT ? &committee : &unit;
    if (slot_of(names, other->what, other->id)->id == 0)
        keep(names, other);
    return true;
}

static bool read_name(struct names *names, struct db *db, struct arena *a, struct name_entry *n, struct error *e)
{
    struct office o = {0};

    switch (n->what) {
    case NAME_UNIT:
    case NAME_COMMITTEE:
        return read_unit(names, db, a, n, e);
    case NAME_OFFICE:
        if (!office_load(db, a, n->id, &o, e))
            return false;
        n->name.name = o.name;
        return true;
    default:
        return account_name(names->core, db, a, n->id, &n->name.name, e);
    }
}

bool names_get(struct names *names, struct db *db, struct arena *scratch, enum name_of what, int64_t id,
               struct name *ret, struct error *e)
{
    struct name_entry fresh = {.id = id, .what = what, .name = {STR(""), STR("")}};

    *ret = fresh.name;
    if (id == 0)
        return true;
    const struct name_entry *known = slot_of(names, what, id);
    if (known->id != 0) {
        *ret = known->name;
        return true;
    }
    if (!read_name(names, db, scratch, &fresh, e))
        return false;
    *ret = fresh.name;
    keep(names, &fresh);
    return true;
}
