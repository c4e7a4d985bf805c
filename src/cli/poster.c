/* poster: what hangs in villages and on doors. */
#include "paper/poster.h"

#include <stdio.h>

#include "core/power.h"
#include "cli/cli.h"

struct postering {
    struct arena *a;
    const char *unit;
    bool groups, places;
    struct poster_set set;
};

static bool collect(struct site *s, void *context, struct error *e)
{
    struct postering *p = context;
    struct unit u;
    struct sign *signs;

    if (!unit_by_code(s->db, p->a, str_of(p->unit), &u, e))
        return error_setf(e, ERROR_NOT_FOUND, "unit", "%s", p->unit);
    const struct pack *pack = core_pack(s->core, s->db, 0, e);
    if (pack == NULL)
        return false;
    p->set.power = power_line(p->a, power_of_paper(pack, "poster"));
    if (!core_public_url(s->core, s->db, p->a, &p->set.url, e) ||
        !signs_of_unit(s->core, s->db, p->a, &u, p->groups, p->places, &signs, &p->set.n, e))
        return false;
    p->set.signs = signs;
    return true;
}

static bool write_out(const struct postering *p, const char *path, struct error *e)
{
    struct buf out = BUF_INIT(BUF_DOCUMENT);
    FILE *f = NULL;
    bool ok = poster_pdf(&p->set, &out, e);

    if (ok && (f = fopen(path, "wb")) == NULL)
        ok = error_setf(e, ERROR_NOT_FOUND, "out", "%s", path);
    if (ok)
        ok = fwrite(out.p, 1, out.n, f) == out.n || error_cause(e, ERROR_DISK_FULL, "short write");
    if (f != NULL && fclose(f) != 0 && ok)
        ok = error_cause(e, ERROR_DISK_FULL, "short write");
    buf_free(&out);
    return ok;
}

int cli_poster(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {
        {.name = "unit", .meaning = "code of a committee or a village group"},
        {.name = "groups", .meaning = "one for each village group, too", .alone = true},
        {.name = "places", .meaning = "one for each place (shops, schools, ponds …), too", .alone = true},
        {.name = "size", .meaning = "a4 (as it is), a5, a6 or card (90 × 54 mm)"},
        {.name = "phone", .meaning = "telephone of the office, to be printed"},
        {.name = "out", .meaning = "write the PDF to this file"},
        {0},
    };
    const char *rest[1];
    struct postering p = {0};
    struct site s;
    struct error e;
    bool help;

    if (!cli_flags("poster", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    p.unit = flags[0].value;
    p.groups = flags[1].value != NULL;
    p.places = flags[2].value != NULL;
    p.set.phone = str_of(flags[4].value != NULL ? flags[4].value : "");
    if (p.unit == NULL || flags[5].value == NULL ||
        (flags[3].value != NULL && !poster_size_parse(str_of(flags[3].value), &p.set.size))) {
        (void)fputs("liuxiao poster: --unit CODE and --out FILE are needed; --size is a4, a5, a6 or card\n",
                    stderr);
        return EXIT_USAGE;
    }
    if (!site_open(&s, config, &e))
        return cli_fail(&e);
    p.a = arena_open();
    bool ok = site_write(&s, collect, &p, &e) && write_out(&p, flags[5].value, &e);
    if (ok)
        (void)printf("%zu pages: %s\n", p.set.n, flags[5].value);
    arena_close(p.a);
    site_close(&s);
    return ok ? EXIT_DONE : cli_fail(&e);
}
