/* Setting up a place: village groups under a committee, offices of a unit. */
#include <stdio.h>
#include <string.h>

#include "core/office.h"
#include "core/unit.h"
#include "cli/cli.h"

struct adding {
    const char *unit, *code, *name;
    const char *const *names;
    int count;
};

static bool add_groups(struct site *s, void *context, struct error *e)
{
    struct adding *g = context;
    struct arena *a = arena_open();
    struct unit committee, made;
    int64_t id;
    bool ok = unit_by_code(s->db, a, str_of(g->unit), &committee, e);

    for (int i = 0; i < g->count && ok; i++) {
        ok = unit_add_group(s->db, a, committee.id, str_of(g->names[i]), &id, e) &&
             unit_load(s->db, a, id, &made, e);
        if (ok)
            (void)printf("%.*s %s\n", (int)made.code.n, made.code.p, g->names[i]);
    }
    arena_close(a);
    return ok;
}

static bool list_units(struct site *s, const char *code, struct error *e)
{
    struct arena *a = arena_open();
    struct unit u;
    struct db_rows r;
    bool ok = unit_by_code(s->db, a, str_of(code), &u, e) && unit_children(s->db, &r, u.id, e);
    while (ok && db_next(&r))
        (void)printf("%.*s %.*s\n", (int)db_text(&r, 0).n, db_text(&r, 0).p, (int)db_text(&r, 1).n,
                     db_text(&r, 1).p);
    ok = ok && db_end(&r, e);
    arena_close(a);
    return ok;
}

int cli_unit(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {{.name = "under", .meaning = "code of the committee (or, to list, of any unit)"}, {0}};
    enum { NAMES = 100 };
    const char *rest[NAMES + 1] = {NULL};
    struct site s;
    struct error e;
    bool help;
    int n = 0;

    if (!cli_flags("unit", argc, argv, flags, rest, NAMES, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    while (rest[n] != NULL)
        n++;
    bool add = n > 1 && strcmp(rest[0], "add") == 0, list = n == 1 && strcmp(rest[0], "list") == 0;
    if (flags[0].value == NULL || (!add && !list)) {
        (void)fputs("liuxiao unit: add NAME … --under CODE | list --under CODE\n", stderr);
        return EXIT_USAGE;
    }
    if (!site_open(&s, config, &e))
        return cli_fail(&e);
    struct adding g = {.unit = flags[0].value, .names = rest + 1, .count = n - 1};
    bool ok = add ? site_write(&s, add_groups, &g, &e) : list_units(&s, g.unit, &e);
    site_close(&s);
    return ok ? EXIT_DONE : cli_fail(&e);
}

static bool add_office(struct site *s, void *context, struct error *e)
{
    struct adding *o = context;
    struct arena *a = arena_open();
    struct unit u;
    struct office made;
    int64_t id;
    char uuid[ID_TEXT];
    const struct pack *pack = core_pack(s->core, s->db, 0, e);
    bool ok = pack != NULL && unit_by_code(s->db, a, str_of(o->unit), &u, e) &&
              (pack_has(pack, "offices", str_of(o->code)) || error_set(e, ERROR_NOT_A_CHOICE, "code")) &&
              office_make(s->db, u.id, str_of(o->code), str_of(o->name), &id, e) &&
              office_load(s->db, a, id, &made, e);
    if (ok) {
        id_format(made.uuid, uuid);
        (void)printf("%s %s\n", uuid, o->name);
    }
    arena_close(a);
    return ok;
}

static bool list_offices(struct site *s, const char *code, struct error *e)
{
    struct arena *a = arena_open();
    struct unit u;
    struct db_rows r;
    char uuid[ID_TEXT];
    bool ok = unit_by_code(s->db, a, str_of(code), &u, e) && office_of_unit(s->db, &r, u.id, e);
    while (ok && db_next(&r)) {
        id_format(db_id(&r, 0), uuid);
        (void)printf("%s %-14.*s %.*s\n", uuid, (int)db_text(&r, 1).n, db_text(&r, 1).p,
                     (int)db_text(&r, 2).n, db_text(&r, 2).p);
    }
    ok = ok && db_end(&r, e);
    arena_close(a);
    return ok;
}

int cli_office(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {
        {.name = "unit", .meaning = "code of the unit it works for: a town or county"},
        {.name = "code", .meaning = "what it is, a code of the pack: justice, power, center …"},
        {.name = "name", .meaning = "its name"},
        {0},
    };
    const char *rest[1] = {NULL};
    struct site s;
    struct error e;
    bool help;

    if (!cli_flags("office", argc, argv, flags, rest, 1, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    struct adding o = {.unit = flags[0].value, .code = flags[1].value, .name = flags[2].value};
    bool add = rest[0] != NULL && strcmp(rest[0], "add") == 0,
         list = rest[0] != NULL && strcmp(rest[0], "list") == 0;
    if (o.unit == NULL || (!list && (!add || o.code == NULL || o.name == NULL))) {
        (void)fputs("liuxiao office: add --unit CODE --code C --name N | list --unit CODE\n", stderr);
        return EXIT_USAGE;
    }
    if (!site_open(&s, config, &e))
        return cli_fail(&e);
    bool ok = add ? site_write(&s, add_office, &o, &e) : list_offices(&s, o.unit, &e);
    site_close(&s);
    return ok ? EXIT_DONE : cli_fail(&e);
}
