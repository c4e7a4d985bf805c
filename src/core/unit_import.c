/* Planting the tree of units. Rows and the units of the database become one tree in memory; only what is new or has changed is written. */
#include <stdlib.h>

#include "core/unit.h"
#include "core/unit_table.h"

enum {
    SPACING = 1000,           /* ordinals of a unit: its own and its groups' */
    UNITS_MOST = 2000 * 1000, /* an ordinal must fit 31 bits */
    ROWS_AT_ONCE = 100,       /* of one insert */
    VALUES_MOST = 7,
};

struct node {
    struct str code, name;
    const struct unit_line *row; /* what the table says of it, or null */
    struct node *parent, *child, *next;
    int64_t id, parent_id, ord, ord_end, was, was_end; /* id is 0 as long as it is not in the database */
    int level;
    bool wanted, renamed;
};

struct tree {
    struct db *db;
    struct node *nodes; /* those of the database first, by id */
    size_t n, known;
    struct node **slots; /* by code and level */
    size_t mask;
    struct node *roots;
    int64_t last_id, next_ord, added, moved;
};

/* ---- Finding ------------------------------------------------------------------------------------------- */

/* Where the unit stands or would stand. A code alone is not unique: a city without counties is its own county. */
static struct node **slot(const struct tree *t, struct str code, int level)
{
    size_t i = (size_t)(str_hash(code) + (uint64_t)level * 0x9e3779b97f4a7c15u) & t->mask;
    while (t->slots[i] != NULL && (t->slots[i]->level != level || !str_eq(t->slots[i]->code, code)))
        i = (i + 1) & t->mask;
    return &t->slots[i];
}

static struct node *add(struct tree *t, struct str code, int level)
{
    struct node *u = &t->nodes[t->n++];
    u->code = code;
    u->level = level;
    *slot(t, code, level) = u;
    return u;
}

static int by_id(const void *key, const void *node)
{
    int64_t id = *(const int64_t *)key, other = ((const struct node *)node)->id;
    return (id > other) - (id < other);
}

static bool load(struct tree *t, struct arena *a, struct error *e)
{
    struct db_rows r;

    if (!db_rows(t->db, &r, e, "select id, parent, ord, ord_end, level, code, name from unit order by id", NO_ARGS))
        return false;
    while (t->n < t->known && db_next(&r)) {
        struct node *u = add(t, arena_str(a, db_text(&r, 5)), (int)db_int(&r, 4));
        u->name = arena_str(a, db_text(&r, 6));
        u->id = t->last_id = db_int(&r, 0);
        u->parent_id = db_int(&r, 1);
        u->was = db_int(&r, 2);
        u->was_end = db_int(&r, 3);
    }
    if (!db_end(&r, e))
        return false;
    for (size_t i = 0; i < t->n; i++) {
        struct node *u = &t->nodes[i];
        if (u->parent_id != 0)
            u->parent = bsearch(&u->parent_id, t->nodes, t->n, sizeof u[0], by_id);
    }
    return true;
}

/* ---- What the table says ------------------------------------------------------------------------------- */

static bool wrong(const struct unit_line *row, const char *column, struct error *e)
{
    return error_setf(e, ERROR_LINE_INVALID, column, "%lld", (long long)row->line);
}

static bool take_rows(struct tree *t, const struct unit_line *rows, size_t n, struct error *e)
{
    for (size_t i = 0; i < n; i++) {
        struct node *u = *slot(t, rows[i].code, rows[i].level);
        if (u == NULL)
            u = add(t, rows[i].code, rows[i].level);
        else if (u->row != NULL)
            return wrong(&rows[i], "code", e);
        u->row = &rows[i];
    }
    return true;
}

/* The nearest level above that has the code: so a row that names its own code as parent finds another, or none. */
static struct node *parent_of(const struct tree *t, const struct unit_line *row)
{
    struct node *p = NULL;
    for (int level = row->level - 1; level >= UNIT_PROVINCE && p == NULL; level--)
        p = *slot(t, row->parent, level);
    return p;
}

static bool chosen(struct str code, const char *const *prefixes)
{
    if (prefixes == NULL)
        return true;
    for (; *prefixes != NULL; prefixes++)
        if (str_starts(code, str_of(*prefixes)))
            return true;
    return false;
}

/* Marks the rows under the prefixes, and what lies above them. Levels fall on the way up, so it ends. */
static bool choose(struct tree *t, const char *const *prefixes, struct error *e)
{
    for (size_t i = 0; i < t->n; i++) {
        struct node *u = &t->nodes[i];
        if (u->row == NULL || !chosen(u->code, prefixes))
            continue;
        while (u != NULL && u->row != NULL && !u->wanted) {
            struct node *parent = parent_of(t, u->row);
            if (parent == NULL && u->level != UNIT_PROVINCE)
                return wrong(u->row, "parent", e);
            u->wanted = true;
            u->renamed = u->id != 0 && (u->parent != parent || !str_eq(u->name, u->row->name));
            u->parent = parent;
            u->name = u->row->name;
            u = parent;
        }
    }
    return true;
}

/* ---- The walk ------------------------------------------------------------------------------------------ */

static int by_code(const void *a, const void *b)
{
    const struct node *l = *(struct node *const *)a, *r = *(struct node *const *)b;
    int order = memcmp(l->code.p, r->code.p, l->code.n < r->code.n ? l->code.n : r->code.n);
    if (order == 0)
        order = (l->code.n > r->code.n) - (l->code.n < r->code.n);
    return order != 0 ? order : l->level - r->level;
}

/* Children hang on their parents in the order of their codes. */
static bool link_children(struct tree *t, struct arena *a, struct error *e)
{
    struct node **order = ARENA_ARRAY(a, struct node *, t->n);
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        if (t->nodes[i].id != 0 || t->nodes[i].wanted)
            order[n++] = &t->nodes[i];
    if (n > UNITS_MOST)
        return error_setf(e, ERROR_OUT_OF_RANGE, NULL, "%d", UNITS_MOST);
    qsort(order, n, sizeof(struct node *), by_code);
    while (n-- > 0) {
        struct node **list = order[n]->parent != NULL ? &order[n]->parent->child : &t->roots;
        order[n]->next = *list;
        *list = order[n];
    }
    return true;
}

/* Gives ordinals; a group keeps its distance from its committee. As deep as there are levels. */
static void walk(struct tree *t, struct node *list)
{
    for (struct node *u = list; u != NULL; u = u->next) {
        if (u->level == UNIT_GROUP && u->parent != NULL) {
            u->ord = u->parent->ord + (u->was - u->parent->was);
            u->ord_end = u->ord + 1;
            continue;
        }
        u->ord = t->next_ord;
        t->next_ord += SPACING;
        walk(t, u->child);
        u->ord_end = t->next_ord;
    }
}

/* ---- Writing ------------------------------------------------------------------------------------------- */

/* Rows on their way into a table: many in one statement, those that remain at the end one by one, so that two statements are enough. */
struct batch {
    struct db *db;
    const char *many, *one;
    size_t values, rows;
    struct db_arg args[ROWS_AT_ONCE * VALUES_MOST];
};

static const char *with_values(struct arena *a, const char *insert, size_t values, size_t rows)
{
    struct buf sql = BUF_INIT(BUF_LINE);
    buf_addz(&sql, insert);
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < values; i++)
            buf_addf(&sql, "%s?%zu", i > 0 ? ", " : row > 0 ? "), (" : " values (", row * values + i + 1);
    buf_addc(&sql, ')');
    const char *text = arena_z(a, buf_str(&sql));
    buf_free(&sql);
    return text;
}

static struct batch *batch_new(struct db *db, struct arena *a, const char *insert, size_t values)
{
    struct batch *b = ARENA_NEW(a, struct batch);
    b->db = db;
    b->values = values;
    b->many = with_values(a, insert, values, ROWS_AT_ONCE);
    b->one = with_values(a, insert, values, 1);
    return b;
}

static bool batch_add(struct batch *b, struct error *e, const struct db_arg *args, size_t n)
{
    memcpy(&b->args[b->rows * b->values], args, n * sizeof args[0]);
    if (++b->rows < ROWS_AT_ONCE)
        return true;
    b->rows = 0;
    return db_exec(b->db, e, b->many, b->args, b->values * ROWS_AT_ONCE);
}

static bool batch_end(struct batch *b, struct error *e)
{
    bool ok = true;
    for (size_t row = 0; row < b->rows && ok; row++)
        ok = db_exec(b->db, e, b->one, &b->args[row * b->values], b->values);
    b->rows = 0;
    return ok;
}

/* Parents come before their children and ordinals rise, so every index but one grows at its end. */
static bool add_units(struct tree *t, struct batch *b, struct node *list, struct error *e)
{
    for (struct node *u = list; u != NULL; u = u->next) {
        if (u->id == 0) {
            u->id = ++t->last_id;
            t->added++;
            if (!batch_add(b, e,
                           ARGS(INT(u->id), TEXT(u->code), INT(u->level), TEXT(u->name),
                                OPT_INT(u->parent != NULL ? u->parent->id : 0), INT(u->ord), INT(u->ord_end))))
                return false;
        }
        if (!add_units(t, b, u->child, e))
            return false;
    }
    return true;
}

static bool write_added(struct tree *t, struct arena *a, struct error *e)
{
    struct batch *b = batch_new(t->db, a, "insert into unit(id, code, level, name, parent, ord, ord_end)", 7);
    int64_t last;

    if (!add_units(t, b, t->roots, e) || !batch_end(b, e))
        return false;
    if (t->added == 0 || db_engine(t->db) != DB_POSTGRES)
        return true;
    /* the identity column must go on behind the ids that were given here */
    return db_one_int(t->db, &last, 0, e, "select setval(pg_get_serial_sequence('unit', 'id'), ?1)",
                      ARGS(INT(t->last_id)));
}

/* What stores a unit's ordinal. The journal is not among them: it stays as it was written. */
static const char *const followers[] = {
    "update household set scope = m.ord from unit_move m where m.was = household.scope and m.ord <> m.was",
    "update person set scope = m.ord from unit_move m where m.was = person.scope and m.ord <> m.was",
    "update place set scope = m.ord from unit_move m where m.was = place.scope and m.ord <> m.was",
    "update cases set scope = m.ord from unit_move m where m.was = cases.scope and m.ord <> m.was",
    "update activity set scope = m.ord from unit_move m where m.was = activity.scope and m.ord <> m.was",
    "update account set scope = m.ord from unit_move m where m.was = account.scope and m.ord <> m.was",
    "update desk set holder = m.ord from unit_move m where desk.holder_kind = 1 and m.was = desk.holder and m.ord <> m.was",
};

/* Through a table of what moved, because one by one a unit could land where another still has to leave. */
static bool write_moved(struct tree *t, struct arena *a, struct error *e)
{
    if (!db_script(t->db, e,
                   "create temp table if not exists unit_move (id {int} primary key, was {int} not null unique, ord {int} not null,"
                   " ord_end {int} not null, name {text} not null, parent {int}); delete from unit_move"))
        return false;
    struct batch *b = batch_new(t->db, a, "insert into unit_move(id, was, ord, ord_end, name, parent)", 6);
    for (size_t i = 0; i < t->known; i++) {
        const struct node *u = &t->nodes[i];
        if (!u->renamed && u->ord == u->was && u->ord_end == u->was_end)
            continue;
        t->moved++;
        if (!batch_add(b, e,
                       ARGS(INT(u->id), INT(u->was), INT(u->ord), INT(u->ord_end), TEXT(u->name),
                            OPT_INT(u->parent != NULL ? u->parent->id : 0))))
            return false;
    }
    if (!batch_end(b, e))
        return false;
    if (t->moved == 0)
        return true;
    if (!db_exec(t->db, e,
                 "update unit set name = m.name, parent = m.parent, ord = m.ord, ord_end = m.ord_end from unit_move m where m.id = unit.id",
                 NO_ARGS))
        return false;
    for (size_t i = 0; i < sizeof followers / sizeof followers[0]; i++)
        if (!db_exec(t->db, e, followers[i], NO_ARGS))
            return false;
    return db_exec(t->db, e, "delete from unit_move", NO_ARGS);
}

/* ---- The import ---------------------------------------------------------------------------------------- */

/* Whoever has read an ordinal in a transaction must end it first: otherwise what he writes would hang on the old one. */
static bool open_tree(struct tree *t, struct arena *a, size_t rows, struct error *e)
{
    int64_t known;
    size_t cap = 64;

    if (!db_script(t->db, e, "{pg:lock table unit in access exclusive mode}") ||
        !db_one_int(t->db, &known, 0, e, "select count(*) from unit", NO_ARGS))
        return false;
    t->known = (size_t)known;
    while (cap < (t->known + rows) * 2)
        cap *= 2;
    t->slots = ARENA_ARRAY(a, struct node *, cap);
    t->mask = cap - 1;
    t->nodes = ARENA_ARRAY(a, struct node, t->known + rows + 1);
    return load(t, a, e);
}

bool unit_import(struct db *db, struct str csv, const char *const *prefixes, int64_t *ret_added, struct error *e)
{
    struct arena *a = arena_open();
    struct tree t = {.db = db, .next_ord = SPACING};
    struct unit_line *rows;
    size_t n;

    bool ok = unit_table_parse(a, csv, &rows, &n, e) && open_tree(&t, a, n, e) && take_rows(&t, rows, n, e) &&
              choose(&t, prefixes, e) && link_children(&t, a, e);
    if (ok) {
        walk(&t, t.roots);
        ok = write_added(&t, a, e) && write_moved(&t, a, e);
    }
    if (ok)
        *ret_added = t.added;
    arena_close(a);
    return ok;
}
