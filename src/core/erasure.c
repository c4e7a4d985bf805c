#include "core/erasure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/time.h"
#include "core/access.h"
#include "core/file.h"
#include "core/person_once.h"
#include "core/subject.h"
#include "core/vault.h"

enum { CASES_MAX = 2000, PAGE = 500 };

/* ---- May it be? ---------------------------------------------------------------------------------------- */

struct involved {
    int64_t id;
    struct id uuid;
    struct str number, outcome;
    enum kind kind;
    enum case_state state;
    int64_t ended_at;
    bool alone; /* nobody else is in it */
};

static bool read_cases(struct work *w, struct involved **ret, size_t *ret_n, struct error *e)
{
    struct db_rows r;

    *ret = ARENA_ARRAY(w->arena, struct involved, CASES_MAX);
    *ret_n = 0;
    if (!db_rows(w->db, &r, e,
                 "select c.id, c.uuid, c.number, c.outcome, c.kind, c.state, coalesce(c.closed_at, c.settled_at, c.reported_at), "
                 "(select count(*) from case_person o where o.case_id = c.id and o.person <> ?1) from cases c "
                 "where c.key is not null and c.id in (select p.case_id from case_person p where p.person = ?1) "
                 "order by c.id limit ?2",
                 ARGS(INT(w->subject), INT(CASES_MAX))))
        return false;
    while (*ret_n < CASES_MAX && db_next(&r))
        (*ret)[(*ret_n)++] = (struct involved){
            .id = db_int(&r, 0),
            .uuid = db_id(&r, 1),
            .number = arena_str(w->arena, db_text(&r, 2)),
            .outcome = arena_str(w->arena, db_text(&r, 3)),
            .kind = (enum kind)db_int(&r, 4),
            .state = (enum case_state)db_int(&r, 5),
            .ended_at = db_int(&r, 6),
            .alone = db_int(&r, 7) == 0,
        };
    return db_end(&r, e);
}

/* {"rules":[{"kind","outcomes","years"}]} of the active pack: what is kept by law, and how long after it ended. */
static int64_t years_kept(const struct pack *p, const struct involved *c)
{
    const json_t *rule, *outcome;
    int64_t years = 0;
    size_t i, k;

    json_array_foreach(json_object_get(json_object_get(p->doc, "retention"), "rules"), i, rule) {
        if (!str_is(json_text(rule, "kind"), kind_code(c->kind)))
            continue;
        json_array_foreach(json_object_get(rule, "outcomes"), k, outcome)
            if (str_is(c->outcome, json_string_value(outcome)) && json_int(rule, "years", 0) > years)
                years = json_int(rule, "years", 0);
    }
    return years;
}

static bool check_retention(struct work *w, const struct involved *cases, size_t n, struct error *e)
{
    const struct pack *p = core_pack(w->core, w->db, 0, e);

    if (p == NULL)
        return false;
    if (w->actor->kind == ACTOR_SYSTEM)
        return true;
    for (size_t i = 0; i < n; i++) {
        const struct involved *c = &cases[i];
        struct civil until = civil_of(c->ended_at);
        until.year += (int)years_kept(p, c);
        if ((IN_ENDED >> c->state & 1) == 0 || civil_ms(until) > w->now)
            return error_setf(e, ERROR_RETAINED, NULL, "%.*s", (int)c->number.n, c->number.p);
    }
    return true;
}

/* ---- The verbs ----------------------------------------------------------------------------------------- */

bool apply_case_erase(struct work *w, struct error *e)
{
    static const char empty[1];
    w->c.key = STR("");
    w->c.lat = w->c.lon = 0;
    /* what hangs on it in registers: questions, recordings, calls */
    if (!db_exec(w->db, e, "update register_row set key = null, sealed = ?2, code = null where case_id = ?1",
                 ARGS(INT(w->subject), BYTES(empty, 0))))
        return false;
    /* photos and recordings of this case and of nothing else that can still be read */
    return db_exec(
        w->db, e,
        "update file set key = null where id in (select file from file_use where subject_kind = ?1 and subject = ?2) "
        "and not exists (select 1 from file_use u left join cases c on c.id = u.subject and u.subject_kind = ?1 "
        "left join register_row r on r.id = u.subject and u.subject_kind >= ?3 "
        "where u.file = file.id and not (u.subject_kind = ?1 and u.subject = ?2) and "
        "(case when u.subject_kind = ?1 then c.key is not null when u.subject_kind >= ?3 then r.key is not null else true end))",
        ARGS(INT(SUBJECT_CASE), INT(w->subject), INT(SUBJECT_REGISTERS)));
}

static bool erase_rows(struct work *w, struct error *e)
{
    static const char empty[1];
    return db_exec(w->db, e,
                   "update person set key = null, sealed = ?2, name_ix = null, phone_ix = null, id_no_ix = null, died_on = null "
                   "where id in (" ONE_PERSON ")",
                   ARGS(INT(w->subject), BYTES(empty, 0))) &&
           /* what registers say of them */
           db_exec(w->db, e, "update register_row set key = null, sealed = ?2, code = null where person = ?1",
                   ARGS(INT(w->subject), BYTES(empty, 0))) &&
           db_exec(w->db, e, "delete from person_moved where person in (" ONE_PERSON ")", ARGS(INT(w->subject))) &&
           /* a household's address goes with the last of its people */
           db_exec(
               w->db, e,
               "update household set key = null, sealed = ?2, address_ix = null where id in (select household from person where id in (" ONE_PERSON
               ")) "
               "and not exists (select 1 from person p where p.household = household.id and p.key is not null)",
               ARGS(INT(w->subject), BYTES(empty, 0)));
}

bool apply_person_erase(struct work *w, struct error *e)
{
    const struct actor system = actor_system();
    struct str reason = work_text(w, "reason");
    struct involved *cases;
    int64_t erased = 0;
    size_t n;

    if (w->wrapped.n == 0)
        return error_set(e, ERROR_KEY_DESTROYED, NULL);
    /* Who was merged into another goes with the other; the register of what was erased names each of them (erasure_repeat). */
    if (w->actor->kind != ACTOR_SYSTEM && !person_stands(w, e))
        return false;
    if (!read_cases(w, &cases, &n, e) || !check_retention(w, cases, n, e) ||
        !access_write(w->core, w->db, w->arena, w->actor, SUBJECT_PERSON, w->subject, reason, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!cases[i].alone || (IN_ENDED >> cases[i].state & 1) == 0)
            continue;
        if (!command_follow(w, &system, SUBJECT_CASE, "erase", cases[i].uuid, json_object(), NULL, e))
            return false;
        erased++;
    }
    (void)json_object_set_new(w->record, "cases", json_integer(erased));
    return erase_rows(w, e);
}

/* ---- The register -------------------------------------------------------------------------------------- */

const char *erasure_register_path(const struct config *config, struct arena *a)
{
    return arena_printf(a, "%s/erased.txt", config->data);
}

static bool file_error(struct error *e, const char *path)
{
    int why = errno;
    return error_setf(e, why == ENOSPC ? ERROR_DISK_FULL : ERROR_DATA_FOLDER, "data", "%s: %s", path,
                      strerrordesc_np(why));
}

/* Whole, or empty when it is not there. */
static bool read_register(const char *path, struct buf *ret, struct error *e)
{
    FILE *f = fopen(path, "re");
    size_t n = 1;

    if (f == NULL)
        return errno == ENOENT || file_error(e, path);
    while (n > 0) {
        char *room = buf_room(ret, 64 * 1024);
        n = room != NULL ? fread(room, 1, 64 * 1024, f) : 0;
        ret->n += n;
    }
    bool ok = ferror(f) == 0 && !ret->full;
    (void)fclose(f);
    return ok || file_error(e, path);
}

static bool replace(const char *path, struct str text, struct error *e)
{
    struct arena *a = arena_open();
    const char *fresh = arena_printf(a, "%s.new", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0;

    while (ok && text.n > 0) {
        ssize_t n = write(fd, text.p, text.n);
        ok = n >= 0 || errno == EINTR;
        text = n > 0 ? str_range(text.p + n, text.n - (size_t)n) : text;
    }
    ok = ok && fsync(fd) == 0;
    ok = (fd < 0 || close(fd) == 0) && ok && rename(fresh, path) == 0;
    arena_close(a);
    return ok || file_error(e, path);
}

bool erasure_register_write(struct db *db, const char *path, struct error *e)
{
    struct buf text = BUF_INIT(BUF_DOCUMENT);
    struct db_rows r;
    char id[ID_TEXT];

    if (!read_register(path, &text, e) ||
        !db_rows(db, &r, e, "select uuid from person where key is null order by id", NO_ARGS)) {
        buf_free(&text);
        return false;
    }
    size_t before = text.n;
    while (db_next(&r)) {
        id_format(db_id(&r, 0), id);
        if (before == 0 || memmem(text.p, before, id, strlen(id)) == NULL)
            buf_addf(&text, "%s\n", id);
    }
    bool ok = db_end(&r, e) && (text.n == before || replace(path, buf_str(&text), e));
    buf_free(&text);
    return ok;
}

static bool repeat_one(struct core *core, struct db *db, struct arena *a, struct id uuid, int64_t *ret_n,
                       struct error *e)
{
    const struct actor system = actor_system();
    struct answer answer;
    int64_t there;

    if (!db_one_int(db, &there, 0, e, "select 1 from person where uuid = ?1 and key is not null", ARGS(ID(uuid))))
        return false;
    if (there == 0)
        return true;
    json_t *fields = json_pack("{s:s}", "reason", "恢复备份后重新执行依法删除");
    struct command command = {.id = id_new(),
                              .verb = STR("erase"),
                              .subject_kind = SUBJECT_PERSON,
                              .subject = uuid,
                              .fields = fields,
                              .rev = -1};
    bool ok = command_run(core, db, a, &system, &command, &answer, e);
    json_decref(fields);
    *ret_n += ok;
    return ok;
}

bool erasure_repeat(struct core *core, struct db *db, const char *path, int64_t *ret_n, struct error *e)
{
    struct buf text = BUF_INIT(BUF_DOCUMENT);
    struct arena *a = arena_open();
    bool ok = read_register(path, &text, e);
    struct str rest = buf_str(&text), line;
    struct id uuid;

    while (ok && str_split(&rest, '\n', &line)) {
        arena_reset(a);
        if (id_parse(str_trim(line), &uuid))
            ok = repeat_one(core, db, a, uuid, ret_n, e);
    }
    arena_close(a);
    buf_free(&text);
    return ok;
}

/* ---- Afterwards ---------------------------------------------------------------------------------------- */

bool erasure_remove_files(struct core *core, struct db *db, struct error *e)
{
    struct arena *a = arena_open();
    struct db_rows r;
    bool ok = db_rows(db, &r, e, "select hash from file where key is null order by id", NO_ARGS);

    if (ok) {
        while (db_next(&r))
            if (db_blob(&r, 0).n == HASH_BYTES)
                (void)unlink(file_sealed_path(core->config->files, a, (const unsigned char *)db_blob(&r, 0).p));
        ok = db_end(&r, e);
    }
    arena_close(a);
    return ok;
}

bool erasure_last(struct db *db, int64_t *ret, struct error *e)
{
    return db_one_int(
        db, ret, 0, e,
        "select max(seq) from journal where subject_kind = ?1 and verb = 'erase' and subject in (select id from person where key is null)",
        ARGS(INT(SUBJECT_PERSON)));
}
