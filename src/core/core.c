#include "core/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"
#include "core/form.h"
#include "core/vault.h"

bool meta_get(struct db *db, struct arena *a, const char *key, struct str *ret, struct error *e)
{
    return db_one_text(db, a, ret, e, "select value from meta where key = ?1", ARGS(TEXTZ(key)));
}

bool meta_set(struct db *db, const char *key, struct str value, struct error *e)
{
    return db_exec(
        db, e,
        "insert into meta(key, value) values(?1, ?2) on conflict(key) do update set value = excluded.value",
        ARGS(TEXTZ(key), TEXT(value)));
}

bool core_set_pack(struct db *db, struct str text, struct error *e)
{
    struct pack *p;
    int64_t id;
    char number[24];

    if (!pack_read(&p, text, e))
        return false;
    bool ok = db_one_int(db, &id, 0, e, "select id from pack where hash = ?1", ARGS(BYTES(p->hash, HASH_BYTES)));
    if (ok && id == 0)
        ok = db_one_int(db, &id, 0, e,
                        "insert into pack(hash, version, body, loaded_at) values(?1, ?2, ?3, ?4) returning id",
                        ARGS(BYTES(p->hash, HASH_BYTES), TEXT(p->version), TEXT(text), INT(time_now())));
    pack_close(p);
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    return ok && meta_set(db, "pack", str_of(number), e);
}

static bool load_pack(struct core *c, struct db *db, int64_t id, struct pack **ret, struct error *e)
{
    struct arena *a = arena_open();
    struct str body;
    bool ok = db_one_text(db, a, &body, e, "select body from pack where id = ?1", ARGS(INT(id)));
    if (ok && body.n == 0)
        ok = error_cause(e, ERROR_INTERNAL, "pack %lld is not in the database", (long long)id);
    ok = ok && pack_read(ret, body, e);
    if (ok)
        (*ret)->id = id;
    arena_close(a);
    (void)c;
    return ok;
}

const struct pack *core_pack(struct core *c, struct db *db, int64_t id, struct error *e)
{
    const struct pack *found = NULL;
    struct pack *fresh;

    (void)pthread_mutex_lock(&c->packs_lock);
    if (id == 0)
        id = c->active_pack;
    for (size_t i = 0; i < c->pack_count && found == NULL; i++)
        if (c->packs[i]->id == id)
            found = c->packs[i];
    if (found == NULL && c->pack_count == CORE_PACKS)
        (void)error_cause(e, ERROR_INTERNAL, "more than %d versions of the pack", CORE_PACKS);
    else if (found == NULL && load_pack(c, db, id, &fresh, e))
        found = c->packs[c->pack_count++] = fresh;
    (void)pthread_mutex_unlock(&c->packs_lock);
    return found;
}

static int minutes(const json_t *hours, const char *key, int otherwise)
{
    struct str s = json_text(hours, key);
    int64_t h, m;
    if (s.n == 5 && str_int(str_range(s.p, 2), &h) && str_int(str_range(s.p + 3, 2), &m))
        return (int)(h * 60 + m);
    return otherwise;
}

/* The newest table that was loaded; each one holds all years. */
static bool load_calendar(struct core *c, struct db *db, struct error *e)
{
    struct arena *a = arena_open();
    struct str csv;
    const struct pack *p = core_pack(c, db, 0, e);
    bool ok = p != NULL &&
              db_one_text(db, a, &csv, e, "select csv from holiday_table order by id desc limit 1", NO_ARGS);
    if (ok) {
        const json_t *h = json_object_get(p->doc, "work_hours");
        struct work_hours hours = {minutes(h, "from1", 480), minutes(h, "to1", 720), minutes(h, "from2", 870),
                                   minutes(h, "to2", 1080)};
        ok = calendar_open(&c->calendar, csv, hours, e);
    }
    arena_close(a);
    return ok;
}

bool core_refresh(struct core *c, struct db *db, struct error *e)
{
    struct arena *a = arena_open();
    struct str number;
    int64_t id = 0;
    bool ok = meta_get(db, a, "pack", &number, e);
    if (ok && !str_int(number, &id))
        ok = error_cause(e, ERROR_DATA_FOLDER,
                         "no policy pack is loaded: the folder was not made by liuxiao init");
    arena_close(a);
    if (ok) {
        (void)pthread_mutex_lock(&c->packs_lock);
        c->active_pack = id;
        (void)pthread_mutex_unlock(&c->packs_lock);
    }
    return ok;
}

void core_close(struct core *c)
{
    if (c == NULL)
        return;
    forms_close(c->forms);
    for (size_t i = 0; i < c->pack_count; i++)
        pack_close(c->packs[i]);
    calendar_close(c->calendar);
    keyring_close(c->keys);
    (void)pthread_mutex_destroy(&c->packs_lock);
    free((void *)c->node);
    free(c);
}

static char *node_name(void)
{
    char host[64] = "node", name[96];
    (void)gethostname(host, sizeof host - 1);
    (void)snprintf(name, sizeof name, "%s-%ld", host, (long)getpid());
    return strdup(name);
}

/* Is it this installation's master key? With another one new data would be sealed that nobody opens together with the old. */
static bool check_key(struct core *c, struct db *db, struct error *e)
{
    struct db_rows r;
    struct key key;
    bool ok = true;

    if (!db_rows(db, &r, e, "select key from account where key is not null order by id limit 1", NO_ARGS))
        return false;
    if (db_next(&r) && !vault_key(c, db_blob(&r, 0), &key, e))
        ok = error_setf(e, ERROR_BROKEN_SEAL, "key_file", "%s", c->config->key_file);
    return db_end(&r, ok ? e : NULL) && ok;
}

bool core_open(struct core **ret, const struct config *config, struct db *db,
               const struct core_tables *tables, struct error *e)
{
    struct core *c = calloc(1, sizeof *c);
    if (c == NULL)
        return error_set(e, ERROR_INTERNAL, NULL);
    (void)pthread_mutex_init(&c->packs_lock, NULL);
    c->config = config;
    c->tables = tables;
    c->node = node_name();
    c->forms = forms_open();
    if (c->forms == NULL) {
        core_close(c);
        return error_set(e, ERROR_INTERNAL, NULL);
    }
    if (!keyring_open(&c->keys, config->key_file, e) || !check_key(c, db, e) || !core_refresh(c, db, e) ||
        !load_calendar(c, db, e)) {
        core_close(c);
        return false;
    }
    if (calendar_last_year(c->calendar) < civil_of(time_now()).year)
        log_event(LOG_WARN, "calendar",
                  "last_year=%d the holiday table does not reach this year: load the new one",
                  calendar_last_year(c->calendar));
    *ret = c;
    return true;
}

bool core_public_url(const struct core *core, struct db *db, struct arena *a, struct str *ret, struct error *e)
{
    const struct config *config = core->config;
    struct str demo, url;

    if (config->public_url != NULL) {
        url = str_of(config->public_url);
        while (url.n > 0 && url.p[url.n - 1] == '/')
            url.n--;
        *ret = url;
        return true;
    }
    if (!meta_get(db, a, "demo", &demo, e))
        return false;
    if (demo.n == 0)
        return error_setf(e, ERROR_NOT_CONFIGURED, "public_url", "public_url = https://…");
    *ret = str_of(arena_printf(a, "%s://%s%s", config->tls_cert != NULL ? "https" : "http",
                               config->listen[0] == ':' ? "127.0.0.1" : "", config->listen));
    return true;
}
