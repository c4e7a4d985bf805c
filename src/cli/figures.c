/* report and verify, routes. */
#include "core/figures.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "core/seals.h"
#include "core/tally.h"
#include "six/six.h"
#include "paper/report.h"
#include "api/api.h"
#include "cli/cli.h"

struct reporting {
    struct arena *a;
    const char *unit;
    int64_t year;
    struct figures f;
    struct str seal;
};

/* The figures are brought up to date first: a report never says less than what was acknowledged. */
static bool collect(struct site *s, void *context, struct error *e)
{
    struct reporting *r = context;
    struct unit u;
    int64_t done = 1;

    if (!derived_ready(s->db, e))
        return false;
    while (done > 0)
        if (!tally_catch_up(s->core, s->db, 10000, &done, e))
            return false;
    return unit_by_code(s->db, r->a, str_of(r->unit), &u, e) &&
           figures_make(s->core, s->db, r->a, u.id, day_from_date((int)r->year, 1, 1),
                        day_from_date((int)r->year, 12, 31), &r->f, e) &&
           seals_last_text(s->db, r->a, &r->seal, e);
}

static bool write_out(struct reporting *r, bool json, const char *pdf, struct error *e)
{
    struct buf out = BUF_INIT(BUF_DOCUMENT);
    struct jw w = JW_INIT(&out);
    FILE *f = stdout;
    bool ok = true;

    if (pdf != NULL) {
        ok = report_pdf(&r->f, (int)r->year, r->seal, &out, e);
        f = ok ? fopen(pdf, "wb") : NULL;
        if (ok && f == NULL)
            ok = error_setf(e, ERROR_NOT_FOUND, "pdf", "%s", pdf);
    } else if (json) {
        figures_write(&w, &r->f);
        buf_addc(&out, '\n');
    } else {
        ok = report_text(&r->f, (int)r->year, &out, e);
    }
    if (ok)
        ok = fwrite(out.p, 1, out.n, f) == out.n || error_cause(e, ERROR_DISK_FULL, "short write");
    if (f != NULL && f != stdout)
        (void)fclose(f);
    buf_free(&out);
    return ok;
}

int cli_report(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {
        {.name = "unit", .meaning = "code of the unit"},
        {.name = "year", .meaning = "year (this one)"},
        {.name = "json", .meaning = "print JSON", .alone = true},
        {.name = "pdf", .meaning = "write the document to this file"},
        {0},
    };
    const char *rest[1];
    struct reporting r = {.year = civil_of(time_now()).year};
    struct site s;
    struct error e;
    bool help;

    if (!cli_flags("report", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    r.unit = flags[0].value;
    if (r.unit == NULL || (flags[1].value != NULL && !str_int(str_of(flags[1].value), &r.year))) {
        (void)fputs("liuxiao report: --unit CODE is needed; --year is a number\n", stderr);
        return EXIT_USAGE;
    }
    if (!site_open(&s, config, &e))
        return cli_fail(&e);
    r.a = arena_open();
    bool ok = site_write(&s, collect, &r, &e) && write_out(&r, flags[2].value != NULL, flags[3].value, &e);
    arena_close(r.a);
    site_close(&s);
    return ok ? EXIT_DONE : cli_fail(&e);
}

int cli_routes(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {{.name = "openapi", .meaning = "print the OpenAPI description", .alone = true}, {0}};
    const char *rest[1];
    bool help;

    (void)config;
    if (!cli_flags("routes", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    if (flags[0].value != NULL) {
        struct core core = {.tables = &six_tables};
        struct buf out = BUF_INIT(BUF_REPLY);
        openapi_write(&out, &core);
        (void)fwrite(out.p, 1, out.n, stdout);
        (void)fputc('\n', stdout);
        buf_free(&out);
        return EXIT_DONE;
    }
    for (const struct route *r = routes; r->path != NULL; r++)
        (void)printf("%-6s %-36s %-12s %s\n", http_method_name(r->method), r->path,
                     (r->who & WHO_ANYONE) != 0      ? "anyone"
                     : (r->who & WHO_SIGNED_IN) != 0 ? "signed in"
                                                     : "tracking",
                     r->summary);
    return EXIT_DONE;
}
