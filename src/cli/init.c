#include <stdio.h>

#include "base/time.h"
#include "core/unit.h"
#include "cli/cli.h"
#include "cli/people.h"

static bool set_host(struct site *s, void *context, struct error *e)
{
    struct arena *a = arena_open();
    struct unit u;
    bool ok = unit_by_code(s->db, a, str_of(context), &u, e) && meta_set(s->db, "host", u.code, e);
    arena_close(a);
    return ok;
}

/* The first administrator, over the host unit. */
static bool first_admin(struct site *s, const char *unit, struct error *e)
{
    char password[24];
    struct newcomer admin = {.login = "admin", .name = "管理员", .post = "admin", .unit = unit};
    password_invent(password);
    if (!people_open(s, &admin, password, e))
        return false;
    (void)printf("administrator: login admin, password %s (change it after the first sign-in)\n", password);
    return true;
}

int cli_init(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {
        {.name = "province",
         .meaning = "two-digit codes of the provinces to load, e.g. 34; 'all' for the whole country",
         .repeated = true},
        {.name = "host",
         .meaning = "code of the unit this installation is for (its portal's home): a committee, town or county"},
        {0},
    };
    const char *provinces[36] = {NULL}, *rest[1];
    struct site s;
    struct error e;
    bool help;

    if (!cli_flags("init", argc, argv, flags, rest, 0, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    if (flags[0].count == 0) {
        (void)fputs("liuxiao init: --province is needed, e.g. --province 34\n", stderr);
        return EXIT_USAGE;
    }
    for (int i = 0; i < flags[0].count && i < 34; i++)
        provinces[i] = flags[0].values[i];
    bool all = str_is(str_of(provinces[0]), "all");
    if (!site_create(&s, config, all ? NULL : provinces, false, &e))
        return cli_fail(&e);
    const char *host = flags[1].value;
    bool ok = host == NULL || (site_write(&s, set_host, (void *)host, &e) && first_admin(&s, host, &e));
    site_close(&s);
    if (!ok)
        return cli_fail(&e);
    (void)printf("keys: %s — print it or copy it to a safe place; without it nobody can read the personal data\n",
                 config->key_file);
    return EXIT_DONE;
}
