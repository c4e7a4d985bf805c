/* Subcommands of a few lines each: migrate, token, rebuild, pack, image. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/time.h"
#include "db/migrate.h"
#include "core/account.h"
#include "core/file.h"
#include "core/search.h"
#include "core/suggest.h"
#include "core/tally.h"
#include "core/unit.h"
#include "six/answers.h"
#include "cli/cli.h"

int cli_migrate(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {{0}};
    const char *rest[1];
    struct db *db;
    struct error e;
    bool help;
    int applied;

    if (!cli_flags("migrate", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    if (!site_open_db(&db, config, &e))
        return cli_fail(&e);
    bool ok = migrate_version(db) > 0 || error_setf(&e, ERROR_DATA_FOLDER, "data", "%s", config->data);
    ok = ok && migrate_up(db, &applied, &e);
    db_close(db);
    if (!ok)
        return cli_fail(&e);
    (void)printf("%d migrations applied\n", applied);
    return EXIT_DONE;
}

struct minting {
    const char *login, *label;
    int64_t days;
    struct arena *a;
    struct str token;
};

static bool mint(struct site *s, void *context, struct error *e)
{
    struct minting *m = context;
    struct account account;
    return account_by_login(s->core, s->db, m->a, str_of(m->login), &account, e) &&
           token_make(s->core, s->db, m->a, account.id, str_of(m->label), m->days, &m->token, e);
}

int cli_token(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {
        {.name = "account", .meaning = "login of the account whose posts the token has"},
        {.name = "label", .meaning = "what it is for"},
        {.name = "days", .meaning = "how long it holds (365)"},
        {0},
    };
    const char *rest[1];
    struct site s;
    struct error e;
    bool help;
    int64_t days = 365;

    if (!cli_flags("token", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    if (flags[0].value == NULL || (flags[2].value != NULL && !str_int(str_of(flags[2].value), &days))) {
        (void)fputs("liuxiao token: --account LOGIN is needed; --days is a number\n", stderr);
        return EXIT_USAGE;
    }
    if (!site_open(&s, config, &e))
        return cli_fail(&e);
    struct minting m = {.login = flags[0].value,
                        .label = flags[1].value != NULL ? flags[1].value : "command line",
                        .days = days,
                        .a = arena_open()};
    bool ok = site_write(&s, mint, &m, &e);
    if (ok)
        (void)printf("%.*s\n", (int)m.token.n, m.token.p);
    arena_close(m.a);
    site_close(&s);
    return ok ? EXIT_DONE : cli_fail(&e);
}

static bool rebuild_sums(struct site *s, void *context, struct error *e)
{
    (void)context;
    return derived_ready(s->db, e) && tally_rebuild(s->core, s->db, e);
}

static bool empty_search(struct site *s, void *context, struct error *e)
{
    (void)context;
    return search_rebuild(s->db, e) && answers_rebuild(s->db, e);
}

static bool empty_suggestions(struct site *s, void *context, struct error *e)
{
    (void)context;
    return suggest_rebuild(s->core, s->db, e);
}

/* Derived data alone is written, so that a server's commands need not wait for it. */
int cli_rebuild(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {{0}};
    const char *rest[1];
    struct db_where where = site_where(config);
    struct site s;
    struct error e;
    bool help;

    if (!cli_flags("rebuild", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    if (!site_open(&s, config, &e))
        return cli_fail(&e);
    db_close(s.db);
    s.db = NULL;
    int64_t start = time_real(), summed = 0, found = 0;
    bool ok = db_open(&s.db, &where, DB_DERIVER, &e) && site_write(&s, rebuild_sums, NULL, &e);
    summed = time_real();
    ok = ok && site_write(&s, empty_search, NULL, &e) && site_fill_search(&s, &e);
    found = time_real();
    ok = ok && site_write(&s, empty_suggestions, NULL, &e) && site_fill_suggestions(&s, &e);
    if (ok)
        (void)printf("sums %.1f s, search %.1f s, suggestions %.1f s\n", (double)(summed - start) / TIME_SECOND,
                     (double)(found - summed) / TIME_SECOND, (double)(time_real() - found) / TIME_SECOND);
    site_close(&s);
    return ok ? EXIT_DONE : cli_fail(&e);
}

static bool read_file(const char *path, struct buf *ret, struct error *e)
{
    FILE *f = fopen(path, "rb");
    size_t got = 1;
    if (f == NULL)
        return error_setf(e, ERROR_NOT_FOUND, "file", "%s", path);
    while (got > 0 && !ret->full) {
        char *room = buf_room(ret, 65536);
        got = room != NULL ? fread(room, 1, 65536, f) : 0;
        ret->n += got;
    }
    bool ok = !ret->full && ferror(f) == 0;
    (void)fclose(f);
    return ok || error_setf(e, ERROR_TOO_LARGE, "file", "%s", path);
}

static bool load_pack(struct site *s, void *context, struct error *e)
{
    const struct buf *text = context;
    return core_set_pack(s->db, buf_str(text), e);
}

static bool load_holidays(struct site *s, void *context, struct error *e)
{
    const struct buf *text = context;
    struct calendar *c;
    struct work_hours hours = {480, 720, 870, 1080};
    char name[64];
    if (!calendar_open(&c, buf_str(text), hours, e))
        return false;
    (void)snprintf(name, sizeof name, "to %d, loaded %lld", calendar_last_year(c), (long long)time_now());
    calendar_close(c);
    return db_exec(s->db, e, "insert into holiday_table(name, csv, loaded_at) values(?1, ?2, ?3)",
                   ARGS(TEXTZ(name), TEXT(buf_str(text)), INT(time_now())));
}

int cli_pack(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {{0}};
    const char *rest[2] = {NULL};
    struct buf text = BUF_INIT(BUF_REPLY);
    struct site s;
    struct error e;
    struct pack *p;
    bool help, ok;

    if (!cli_flags("pack", argc, argv, flags, rest, 2, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    if (rest[1] == NULL ||
        (strcmp(rest[0], "check") != 0 && strcmp(rest[0], "load") != 0 && strcmp(rest[0], "holidays") != 0)) {
        (void)fputs("liuxiao pack: say `pack check FILE`, `pack load FILE` or `pack holidays FILE`\n", stderr);
        return EXIT_USAGE;
    }
    ok = read_file(rest[1], &text, &e);
    if (ok && strcmp(rest[0], "check") == 0) {
        ok = pack_read(&p, buf_str(&text), &e);
        if (ok)
            pack_close(p);
    } else if (ok) {
        ok = site_open(&s, config, &e);
        if (ok) {
            ok = site_write(&s, strcmp(rest[0], "load") == 0 ? load_pack : load_holidays, &text, &e);
            site_close(&s);
        }
    }
    buf_free(&text);
    return ok ? EXIT_DONE : cli_fail(&e);
}

int cli_image(const struct config *config, int argc, char **argv)
{
    (void)config;
    (void)argc;
    (void)argv;
    return file_image_worker();
}
