#include "cli/people.h"

#include <stdio.h>

#include "base/crypto.h"
#include "core/account.h"
#include "core/command.h"

void password_invent(char out[24])
{
    static const char alphabet[] = "abcdefghjkmnpqrstuvwxyz23456789x"; /* 32 of them: no i, l, o, 0, 1 to mistake */
    unsigned char r[12];
    size_t at = 0;
    random_bytes(r, sizeof r);
    for (size_t i = 0; i < sizeof r; i++) {
        if (i == 4 || i == 8)
            out[at++] = '-';
        out[at++] = alphabet[r[i] & 31];
    }
    out[at] = '\0';
}

bool people_open_in(struct site *s, struct newcomer *n, const char *hash, struct error *e)
{
    struct actor system = actor_system();
    struct arena *a = arena_open();
    struct answer answer;
    json_t *fields = json_pack("{s:s,s:s,s:s,s:s,s:s*,s:s*}", "login", n->login, "name", n->name, "post",
                               n->post, "unit", n->unit, "phone", n->phone, "office", n->office);
    struct command c = {
        .id = id_new(), .verb = STR("open"), .subject_kind = SUBJECT_ACCOUNT, .fields = fields, .rev = -1};
    bool ok = command_run(s->core, s->db, a, &system, &c, &answer, e);
    if (ok && hash != NULL)
        ok = account_set_password(s->db, answer.subject, hash, e);
    if (ok)
        n->uuid = answer.uuid;
    json_decref(fields);
    arena_close(a);
    return ok;
}

struct opening {
    struct newcomer *n;
    const char *hash;
};

static bool open_one(struct site *s, void *context, struct error *e)
{
    struct opening *o = context;
    return people_open_in(s, o->n, o->hash, e);
}

bool people_open(struct site *s, struct newcomer *n, const char *password, struct error *e)
{
    char hash[PASSWORD_TEXT];
    struct opening o = {n, hash};
    return password_allowed(str_of(n->login), str_of(password), e) &&
           password_hash(str_of(password), hash, e) && site_write(s, open_one, &o, e);
}
