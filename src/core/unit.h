/* Territory: the tree of units, from the statistical division codes down to village groups. */
#ifndef CORE_UNIT_H
#define CORE_UNIT_H

#include "base/buf.h"
#include "base/json.h"
#include "core/core.h"

enum unit_level { UNIT_PROVINCE = 1, UNIT_CITY, UNIT_COUNTY, UNIT_TOWN, UNIT_COMMITTEE, UNIT_GROUP };

struct unit {
    int64_t id, parent, ord, ord_end;
    int level;
    struct str code, name;
};

/* NOT_FOUND. */
bool unit_load(struct db *db, struct arena *a, int64_t id, struct unit *ret, struct error *e);
/* By code; where a code repeats across levels the lowest level is meant. */
bool unit_by_code(struct db *db, struct arena *a, struct str code, struct unit *ret, struct error *e);
/* The innermost unit whose interval holds the ordinal. */
bool unit_at(struct db *db, struct arena *a, int64_t ord, struct unit *ret, struct error *e);
/* The ancestor of a level (itself when it is of that level); NOT_FOUND when it lies above. */
bool unit_above(struct db *db, struct arena *a, int64_t id, int level, struct unit *ret, struct error *e);
/* The unit and all it lies in, innermost first; what is left over is -1, so that a statement can take all of them. */
enum { UNIT_LEVELS = UNIT_GROUP };
struct unit_chain {
    int64_t ids[UNIT_LEVELS], ords[UNIT_LEVELS];
};
bool unit_chain(struct db *db, int64_t id, struct unit_chain *ret, struct error *e);
bool unit_in_chain(const struct unit_chain *c, int64_t id);
/* In front of a select: `above`(id, level) is the unit of a parameter and all it lies in. From there posts and offices are found by their index;
 * asking for intervals that hold an ordinal would look at half the territory. */
#define UNITS_ABOVE(parameter)                                                                               \
    "with recursive above(id, parent, level) as (select id, parent, level from unit where id = " parameter   \
    " union all select u.id, u.parent, u.level from unit u join above b on u.id = b.parent) "

/* A committee's or group's place: itself, its committee and its county, in one statement. NOT_FOUND, or
 * NOT_ALLOWED_HERE when it lies above the committees. */
struct unit_place {
    struct unit unit, committee, county;
};
bool unit_place(struct db *db, struct arena *a, struct str code, struct unit_place *ret, struct error *e);
/* "正午镇吴寨居委会" or, whole, "安徽省阜阳市颍东区正午镇吴寨居委会". */
bool unit_full_name(struct db *db, struct arena *a, int64_t id, int from_level, struct str *ret, struct error *e);
/* Code, name and level of the units right below, in their order: read with db_next, end with db_end. */
bool unit_children(struct db *db, struct db_rows *r, int64_t id, struct error *e);
/* What a committee's numbers begin with: its name without 居委会, 村委会 and the like. */
struct str unit_short(struct arena *a, const struct unit *u);

/* The case's level for a unit's level: group, committee, town, county. */
enum level unit_case_level(int unit_level);

/* Adds a village group under a committee; its code is the committee's plus three digits. */
bool unit_add_group(struct db *db, struct arena *a, int64_t committee, struct str name, int64_t *ret,
                    struct error *e);

/* A division table's text, from a plain file or a gzip one. NOT_FOUND, TOO_LARGE (the buffer's ceiling), TRUNCATED, MALFORMED. */
bool unit_read_table(const char *path, struct buf *ret, struct error *e);

/* Import of such a table (csv with the header code,name,parent,level). Rows of units that are there rename them and may hang them elsewhere, others
 * are added, under `prefixes` (codes' beginnings such as "34", ended by null; null: all) with what lies above them; a parent may be in the database
 * already. Ordinals are given anew in one walk, groups keep their places, and the scope of everything that hangs on a moved unit follows; derived data
 * must be rebuilt after that. LINE_INVALID names the line. In the caller's transaction; on PostgreSQL it waits for all that use units and
 * keeps them out until the commit. */
bool unit_import(struct db *db, struct str csv, const char *const *prefixes, int64_t *ret_added, struct error *e);

#endif
