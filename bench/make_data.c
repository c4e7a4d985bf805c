/* make_data --cases N [--open N] [--years N] (--data DIR | --database URI) [--county CODE]: a large installation for measuring. Beside the folder it
 * writes DIR.actors.json: who works there, with their tokens. */
#include <stdio.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "base/log.h"
#include "base/time.h"
#include "core/seals.h"
#include "core/tally.h"
#include "core/unit.h"
#include "data.h"

const struct subcommand subcommands[] = {{"make_data", "make_data --cases N [--open N] --data DIR",
                                          "a large installation for measuring", NULL, false},
                                         {0}};

struct wishes {
    int64_t cases, open;
    const char *county, *province;
};

static double seconds_since(int64_t ms)
{
    return (double)(time_real() - ms) / TIME_SECOND;
}

/* Nothing here must survive a power cut: whoever measures makes it again. */
static bool hurry(struct db *db, struct error *e)
{
    if (db_engine(db) == DB_POSTGRES)
        return db_script(db, e, "set synchronous_commit = off");
    return db_script(
        db, e,
        "pragma main.synchronous = off; pragma main.cache_size = -1500000; pragma main.wal_autocheckpoint = 100000;");
}

static bool set_host(struct site *s, const char *county, struct error *e)
{
    return meta_set(s->db, "host", str_of(county), e);
}

static bool make_cast(struct site *s, struct cast *cast, const struct wishes *w, FILE *f, struct error *e)
{
    if (!db_begin(s->db, e))
        return false;
    if (set_host(s, w->county, e) && people_make(s, cast, w->county, f, e) && db_commit(s->db, e))
        return true;
    db_rollback(s->db);
    return false;
}

/* Clocks that ran out in the invented past have taken all steps of the ladder, or the jobs would be busy with them for hours. */
static bool calm_clocks(struct site *s, void *context, struct error *e)
{
    (void)context;
    return db_exec(s->db, e,
                   "update case_clock set warned = 3, next_warning = null where stopped_at is null and due_at < ?1",
                   ARGS(INT(time_real())));
}

static bool set_cursors(struct site *s, void *context, struct error *e)
{
    struct journal_cursor head;
    (void)context;
    return journal_head(s->db, &head, e) && cursor_set(s->db, false, "notice", head, e);
}

static bool seal_days(struct site *s, void *context, struct error *e)
{
    (void)context;
    return seals_make(s->core, s->db, day_of(time_real()), e);
}

static bool derive(struct site *s, void *context, struct error *e)
{
    (void)context;
    return derived_ready(s->db, e) && tally_rebuild(s->core, s->db, e);
}

static bool settle_down(struct db *db, struct error *e)
{
    if (db_engine(db) == DB_POSTGRES)
        return db_script(db, e, "vacuum analyze");
    return db_script(db, e, "pragma main.wal_checkpoint(truncate); pragma derived.wal_checkpoint(truncate);");
}

static bool timed(struct site *s, const char *what, bool (*run)(struct site *, void *, struct error *),
                  struct error *e)
{
    int64_t began = time_real();
    bool ok = site_write(s, run, NULL, e);
    (void)fprintf(stderr, "%s %.1f s\n", what, seconds_since(began));
    return ok;
}

static bool make(struct site *s, const struct wishes *w, FILE *f, struct error *e)
{
    struct cast cast = {.arena = arena_open()};
    int64_t began = time_real();

    /* They were there before the first case. */
    time_set(began - 5 * 365 * (int64_t)TIME_DAY);
    bool ok = hurry(s->db, e) && make_cast(s, &cast, w, f, e);
    time_set(0);

    (void)fprintf(stderr, "people %.1f s\n", seconds_since(began));
    began = time_real();
    ok = ok && cases_make(s, &cast, w->cases, w->open, e);
    (void)fprintf(stderr, "cases %.1f s\n", seconds_since(began));
    ok = ok && timed(s, "clocks", calm_clocks, e) && timed(s, "seals", seal_days, e) &&
         timed(s, "cursors", set_cursors, e) && timed(s, "tally", derive, e) && settle_down(s->db, e);
    for (size_t i = 0; i < cast.count; i++)
        free(cast.committees[i].known);
    arena_close(cast.arena);
    return ok;
}

static bool number(const struct flag *f, int64_t otherwise, int64_t *ret)
{
    *ret = otherwise;
    return f->value == NULL || (str_int(str_of(f->value), ret) && *ret >= 0);
}

static bool read_flags(int argc, char **argv, struct wishes *w)
{
    struct flag flags[] = {
        {.name = "cases", .meaning = "how many"},
        {.name = "open", .meaning = "how many of them are not ended (3 in 100)"},
        {.name = "county", .meaning = "code of a county with 250 committees (341126000000)"},
        {0},
    };
    const char *rest[1] = {NULL};
    bool help;
    if (!cli_flags("make_data", argc, argv, flags, rest, 0, &help) || help)
        return false;
    w->county = flags[2].value != NULL ? flags[2].value : "341126000000";
    if (!number(&flags[0], 10000, &w->cases) || !number(&flags[1], w->cases * 3 / 100, &w->open) ||
        w->open > w->cases || strlen(w->county) != 12) {
        (void)fputs("make_data: --cases and --open are numbers, --county has twelve digits\n", stderr);
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    static struct wishes w;
    struct config config;
    struct site s;
    struct error e = {0};
    char path[4096], province[3];
    const char *provinces[] = {province, NULL};

    if (!crypto_start(&e) || !config_load(&config, &argc, argv, &e))
        return cli_fail(&e);
    if (!read_flags(argc, argv, &w))
        return EXIT_USAGE;
    (void)snprintf(province, sizeof province, "%.2s", w.county);
    (void)snprintf(path, sizeof path, "%s.actors.json", config.data);
    log_set(LOG_WARN);
    if (!site_create(&s, &config, provinces, true, &e))
        return cli_fail(&e);
    FILE *f = fopen(path, "w");
    bool ok = f != NULL ? make(&s, &w, f, &e) : error_setf(&e, ERROR_DATA_FOLDER, "data", "%s", path);
    if (f != NULL && fclose(f) != 0)
        ok = false;
    site_close(&s);
    return ok ? EXIT_DONE : cli_fail(&e);
}
