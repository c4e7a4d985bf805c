#include "job/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/time.h"
#include "core/erasure.h"

static bool folder_error(struct error *e, const char *path)
{
    int why = errno;
    return error_setf(e, why == ENOSPC ? ERROR_DISK_FULL : ERROR_DATA_FOLDER, "backup_folder", "%s: %s", path,
                      strerrordesc_np(why));
}

static void sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

static bool prove(struct core *core, const char *path, const struct archive_facts *made,
                  const struct archive_how *how, struct error *e)
{
    struct archive *a;
    if (!archive_open(&a, path, core->keys, core->config->key_file, e))
        return false;
    const struct archive_facts *read = archive_facts(a);
    bool ok = archive_prove(a, how, e);
    if (ok && (read->rows != made->rows || read->files != made->files || read->journal != made->journal))
        ok = error_setf(e, ERROR_ARCHIVE_DAMAGED, NULL, "%s", path);
    archive_close(a);
    return ok;
}

/* The digest stands for the whole history: kept apart from the backup it proves later that nobody exchanged it. */
static bool write_seal(const char *path, const struct seal *s, struct error *e)
{
    struct buf text = BUF_INIT(BUF_LINE);
    char date[DATE_TEXT];
    FILE *f = fopen(path, "we");

    if (f == NULL)
        return folder_error(e, path);
    if (s->day != 0) {
        date_format(s->day, date);
        buf_addf(&text, "%s ", date);
        buf_add_hex(&text, s->digest, sizeof s->digest);
    }
    bool ok = fprintf(f, "%.*s\n", (int)text.n, text.n > 0 ? text.p : "") > 0;
    ok = fclose(f) == 0 && ok;
    buf_free(&text);
    return ok || folder_error(e, path);
}

static int is_backup(const struct dirent *d)
{
    struct str name = str_of(d->d_name);
    return str_starts(name, STR("liuxiao-")) && str_ends(name, STR(".zip")) &&
           name.n == strlen("liuxiao-20240101-000000.zip");
}

/* Dated names sort by age. */
static bool prune(struct arena *a, const char *folder, int64_t keep, struct error *e)
{
    struct dirent **list = NULL;
    int n = keep > 0 ? scandir(folder, &list, is_backup, alphasort) : 0;
    bool ok = n >= 0 || folder_error(e, folder);

    for (int i = 0; i < n; i++) {
        const char *path = arena_printf(a, "%s/%s", folder, list[i]->d_name);
        if (ok && i < n - keep) {
            ok = unlink(path) == 0 || folder_error(e, path);
            (void)unlink(arena_printf(a, "%.*s.seal", (int)strlen(path) - 4, path));
        }
        free(list[i]);
    }
    free(list);
    return ok;
}

static bool make(struct core *core, struct db *db, struct arena *a, const char *folder, int64_t keep,
                 const struct archive_how *how, struct backup_state *s, struct error *e)
{
    struct civil c = civil_of(s->at);
    struct archive_facts made;
    const char *base = arena_printf(a, "%s/liuxiao-%04d%02d%02d-%02d%02d%02d", folder, c.year, c.month, c.day,
                                    c.hour, c.minute, c.second);
    const char *unproved = arena_printf(a, "%s.unproved", base), *path = arena_printf(a, "%s.zip", base);

    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return folder_error(e, folder);
    if (!archive_write(core, db, unproved, how, &made, e))
        return false;
    if (!prove(core, unproved, &made, how, e)) {
        (void)unlink(unproved);
        return false;
    }
    if (rename(unproved, path) != 0)
        return folder_error(e, path);
    (void)snprintf(s->file, sizeof s->file, "%s", path);
    s->bytes = made.bytes;
    s->rows = made.rows;
    s->files = made.files;
    bool ok = write_seal(arena_printf(a, "%s.seal", base), &made.last, e);
    ok = ok && erasure_register_write(db, arena_printf(a, "%s/erased.txt", folder), e);
    sync_folder(folder);
    return ok && prune(a, folder, keep, e);
}

bool backup_make(struct core *core, struct db *db, const char *folder, int64_t keep,
                 const struct archive_how *how, struct backup_state *ret, struct error *e)
{
    struct arena *a = arena_open();
    *ret = (struct backup_state){.at = time_real()};
    ret->ok = make(core, db, a, folder, keep, how, ret, e);
    if (ret->ok)
        ret->good_at = ret->at;
    else
        (void)snprintf(ret->error, sizeof ret->error, "%s", error_name(e->code));
    arena_close(a);
    return ret->ok;
}

bool backup_note(struct db *db, const struct backup_state *s, struct error *e)
{
    struct backup_state before;
    struct buf out = BUF_INIT(BUF_LINE);
    struct jw w = JW_INIT(&out);

    if (!backup_last(db, &before, e))
        return false;
    jw_object(&w);
    jw_kint(&w, "at", s->at);
    jw_kint(&w, "good_at", s->ok ? s->at : before.good_at);
    jw_kbool(&w, "ok", s->ok);
    jw_kint(&w, "bytes", s->bytes);
    jw_kint(&w, "rows", s->rows);
    jw_kint(&w, "files", s->files);
    jw_kz(&w, "file", s->ok ? s->file : before.file);
    jw_kz(&w, "error", s->error);
    jw_end_object(&w);
    bool ok = meta_set(db, "backup", buf_str(&out), e);
    buf_free(&out);
    return ok;
}

bool backup_last(struct db *db, struct backup_state *ret, struct error *e)
{
    struct arena *a = arena_open();
    struct str text;

    *ret = (struct backup_state){0};
    bool ok = meta_get(db, a, "backup", &text, e);
    json_t *j = ok && text.n > 0 ? json_read(text, NULL) : NULL;
    if (j != NULL) {
        ret->at = json_int(j, "at", 0);
        ret->good_at = json_int(j, "good_at", 0);
        ret->ok = json_flag(j, "ok");
        ret->bytes = json_int(j, "bytes", 0);
        ret->rows = json_int(j, "rows", 0);
        ret->files = json_int(j, "files", 0);
        (void)snprintf(ret->file, sizeof ret->file, "%.*s", (int)json_text(j, "file").n, json_text(j, "file").p);
        (void)snprintf(ret->error, sizeof ret->error, "%.*s", (int)json_text(j, "error").n,
                       json_text(j, "error").p);
        json_decref(j);
    }
    arena_close(a);
    return ok;
}
