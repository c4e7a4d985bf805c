#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "core/account.h"
#include "cli/people.h"

struct setting {
    const char *login, *hash;
};

static bool set_password(struct site *s, void *context, struct error *e)
{
    struct setting *t = context;
    struct arena *a = arena_open();
    struct account account;
    bool ok = account_by_login(s->core, s->db, a, str_of(t->login), &account, e) &&
              account_set_password(s->db, account.id, t->hash, e) && session_end_all(s->db, account.id, e) &&
              account_totp_end(s->db, account.id, e);
    arena_close(a);
    return ok;
}

static bool list(struct site *s, struct error *e)
{
    struct db_rows r;
    struct arena *a = arena_open();
    struct account account;
    bool ok = db_rows(s->db, &r, e, "select id from account where closed_at is null order by id", NO_ARGS);
    while (ok && db_next(&r)) {
        ok = account_load(s->core, s->db, a, db_int(&r, 0), &account, e);
        if (ok)
            (void)printf("%-16.*s %.*s\n", (int)account.login.n, account.login.p, (int)account.name.n,
                         account.name.p);
    }
    ok = ok && db_end(&r, e);
    arena_close(a);
    return ok;
}

static bool run(struct site *s, const char *what, struct newcomer *n, const char *password, struct error *e)
{
    char hash[PASSWORD_TEXT], invented[24];
    if (strcmp(what, "list") == 0)
        return list(s, e);
    if (password == NULL) {
        password_invent(invented);
        password = invented;
        (void)printf("password of %s: %s\n", n->login, password);
    }
    if (strcmp(what, "add") == 0)
        return people_open(s, n, password, e);
    struct setting t = {n->login, hash};
    return password_allowed(str_of(n->login), str_of(password), e) &&
           password_hash(str_of(password), hash, e) && site_write(s, set_password, &t, e);
}

int cli_user(const struct config *config, int argc, char **argv)
{
    struct flag flags[] = {
        {.name = "login", .meaning = "handle to sign in with"},
        {.name = "name", .meaning = "the person's name"},
        {.name = "post", .meaning = "first post: admin, officer, steward …"},
        {.name = "unit", .meaning = "code of the post's unit"},
        {.name = "phone", .meaning = "telephone"},
        {.name = "office", .meaning = "id of the office a handler sits in (liuxiao office list)"},
        {.name = "password", .meaning = "first password (one is invented and printed otherwise)"},
        {0},
    };
    const char *rest[1] = {NULL};
    struct site s;
    struct error e;
    bool help;

    if (!cli_flags("user", argc, argv, flags, rest, 1, &help))
        return EXIT_USAGE;
    if (help)
        return EXIT_DONE;
    const char *what = rest[0] != NULL ? rest[0] : "";
    bool add = strcmp(what, "add") == 0;
    struct newcomer n = {.login = flags[0].value,
                         .name = flags[1].value,
                         .post = flags[2].value,
                         .unit = flags[3].value,
                         .phone = flags[4].value,
                         .office = flags[5].value};
    if ((!add && strcmp(what, "password") != 0 && strcmp(what, "list") != 0) ||
        (strcmp(what, "list") != 0 && n.login == NULL) ||
        (add && (n.name == NULL || n.post == NULL || n.unit == NULL))) {
        (void)fputs("liuxiao user: add --login L --name N --post P --unit CODE | password --login L | list\n",
                    stderr);
        return EXIT_USAGE;
    }
    if (!site_open(&s, config, &e))
        return cli_fail(&e);
    bool ok = run(&s, what, &n, flags[6].value, &e);
    site_close(&s);
    return ok ? EXIT_DONE : cli_fail(&e);
}
