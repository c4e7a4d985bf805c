#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/embed.h"
#include "base/log.h"
#include "base/time.h"
#include "db/migrate.h"
#include "core/search.h"
#include "core/suggest.h"
#include "core/unit.h"
#include "six/answers.h"
#include "six/six.h"
#include "cli/cli.h"

enum { BEGIN_TRIES = 20 }; /* of half a second each (db/sqlite.c) */

struct db_where site_where(const struct config *config)
{
    return (struct db_where){.engine = config->database != NULL ? DB_POSTGRES : DB_SQLITE,
                             .folder = config->data,
                             .uri = config->database};
}

void site_close(struct site *s)
{
    core_close(s->core);
    if (s->db != NULL)
        db_close(s->db);
    *s = (struct site){0};
}

/* SQLite would make an empty database where there is none. */
static bool check_folder(const struct config *config, struct error *e)
{
    char path[4096];
    if (config->database != NULL)
        return true;
    (void)snprintf(path, sizeof path, "%s/liuxiao.db", config->data);
    if (access(path, R_OK | W_OK) == 0)
        return true;
    return error_setf(e, ERROR_DATA_FOLDER, "data", "%s: %s", path, strerror(errno));
}

bool site_lock(const struct config *config, bool alone, struct error *e)
{
    char path[4096];
    if (config->database != NULL)
        return true;
    (void)snprintf(path, sizeof path, "%s/liuxiao.lock", config->data);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600); /* stays open to the end of the process */
    if (fd < 0)
        return error_setf(e, ERROR_DATA_FOLDER, "data", "%s: %s", path, strerrordesc_np(errno));
    if (flock(fd, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
        return true;
    (void)close(fd);
    return error_setf(e, ERROR_IN_USE, "data", "%s", config->data);
}

bool site_open_db(struct db **ret, const struct config *config, struct error *e)
{
    struct db_where where = site_where(config);
    return check_folder(config, e) && site_lock(config, false, e) && db_open(ret, &where, DB_WRITER, e);
}

bool site_open(struct site *s, const struct config *config, struct error *e)
{
    *s = (struct site){0};
    if (site_open_db(&s->db, config, e) && migrate_check(s->db, e) && migrate_derived(s->db, e) &&
        core_open(&s->core, config, s->db, &six_tables, e))
        return true;
    site_close(s);
    return false;
}

bool site_write(struct site *s, bool (*run)(struct site *s, void *context, struct error *e), void *context,
                struct error *e)
{
    bool begun = db_begin(s->db, e);
    /* a busy server has the lock most of the time: whoever typed the command would only type it again */
    for (int tries = 0; !begun && e->code == ERROR_RETRY && tries < BEGIN_TRIES; tries++)
        begun = db_begin(s->db, e);
    if (!begun)
        return false;
    if (run(s, context, e) && db_commit(s->db, e))
        return true;
    db_rollback(s->db);
    return false;
}

static bool fill_answers(struct site *s, void *context, struct error *e)
{
    enum { PAGE = 500 };
    return answers_catch_up(s->core, s->db, PAGE, context, e);
}

static bool fill_search(struct site *s, void *context, struct error *e)
{
    enum { PAGE = 500 };
    return search_catch_up(s->core, s->db, PAGE, context, e);
}

bool site_fill_search(struct site *s, struct error *e)
{
    int64_t done = 1;
    while (done > 0)
        if (!site_write(s, fill_search, &done, e))
            return false;
    for (done = 1; done > 0;)
        if (!site_write(s, fill_answers, &done, e))
            return false;
    return true;
}

/* Larger pages than a node takes while it serves: a common word's row is written once a page. */
static bool fill_suggestions(struct site *s, void *context, struct error *e)
{
    enum { PAGE = 4000 };
    return suggest_catch_up(s->core, s->db, PAGE, context, e);
}

bool site_fill_suggestions(struct site *s, struct error *e)
{
    int64_t done = 1;
    while (done > 0)
        if (!site_write(s, fill_suggestions, &done, e))
            return false;
    return true;
}

bool divisions_unpack(const char *name, struct buf *ret, struct error *e)
{
    const struct embed_file *f = embed_find(name);
    z_stream z = {0};
    int state;

    if (f == NULL)
        return error_setf(e, ERROR_NOT_FOUND, NULL, "%s", name);
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return error_cause(e, ERROR_INTERNAL, "zlib");
    z.next_in = (unsigned char *)f->data;
    z.avail_in = (unsigned)f->size;
    do {
        enum { STEP = 1 << 20 };
        char *room = buf_room(ret, STEP);
        z.next_out = (unsigned char *)room;
        z.avail_out = room != NULL ? STEP : 0;
        state = room != NULL ? inflate(&z, Z_NO_FLUSH) : Z_MEM_ERROR;
        if (room != NULL)
            ret->n += STEP - z.avail_out;
    } while (state == Z_OK);
    (void)inflateEnd(&z);
    return state == Z_STREAM_END ||
           error_cause(e, ERROR_INTERNAL, "%s: %s", name, z.msg != NULL ? z.msg : "broken");
}

struct founding {
    const char *const *provinces;
};

static bool load_table(struct site *s, const char *name, const char *const *provinces, struct error *e)
{
    struct buf csv = BUF_INIT(BUF_DOCUMENT);
    int64_t added;
    bool ok = divisions_unpack(name, &csv, e) && unit_import(s->db, buf_str(&csv), provinces, &added, e);
    buf_free(&csv);
    return ok;
}

static bool found(struct site *s, void *context, struct error *e)
{
    const struct founding *f = context;
    const struct embed_file *pack = embed_find("pack/liuxiao.json"),
                            *days = embed_find("pack/holidays/cn-2020-2026.csv");
    char epoch[ID_TEXT];

    if (pack == NULL || days == NULL)
        return error_cause(e, ERROR_INTERNAL, "the program was built without its pack");
    id_format(id_new(), epoch);
    return meta_set(s->db, "epoch", str_of(epoch), e) &&
           core_set_pack(s->db, str_range((const char *)pack->data, pack->size), e) &&
           db_exec(s->db, e, "insert into holiday_table(name, csv, loaded_at) values('cn-2020-2026', ?1, ?2)",
                   ARGS(TEXT(str_range((const char *)days->data, days->size)), INT(time_now()))) &&
           load_table(s, "data/divisions/cn-2023-l1-l4.csv.gz", f->provinces, e) &&
           load_table(s, "data/divisions/cn-2023-l5-villages.csv.gz", f->provinces, e);
}

static bool make_folders(const struct config *config, struct error *e)
{
    if (mkdir(config->data, 0700) != 0 && errno != EEXIST)
        return error_setf(e, ERROR_DATA_FOLDER, "data", "%s: %s", config->data, strerror(errno));
    if (mkdir(config->files, 0700) != 0 && errno != EEXIST)
        return error_setf(e, ERROR_DATA_FOLDER, "files", "%s: %s", config->files, strerror(errno));
    return true;
}

bool site_create(struct site *s, const struct config *config, const char *const *provinces, bool quiet,
                 struct error *e)
{
    struct db_where where = site_where(config);
    struct founding f = {provinces};
    int applied;

    *s = (struct site){0};
    if (!make_folders(config, e) || !db_open(&s->db, &where, DB_WRITER, e))
        return false;
    if (migrate_version(s->db) > 0) {
        site_close(s);
        return error_setf(e, ERROR_CONFLICT, "data", "%s",
                          config->database != NULL ? config->database : config->data);
    }
    if (access(config->key_file, F_OK) != 0 && !keyring_create(config->key_file, e)) {
        site_close(s);
        return false;
    }
    if (!migrate_up(s->db, &applied, e) || !site_write(s, found, &f, e)) {
        site_close(s);
        return false;
    }
    if (!quiet)
        (void)printf("schema, policy pack, holidays and territory are in place\n");
    if (core_open(&s->core, config, s->db, &six_tables, e))
        return true;
    site_close(s);
    return false;
}
