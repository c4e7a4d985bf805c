#include "core/spoken.h"

#include <ctype.h>
#include <stdlib.h>

#include "core/account.h"
#include "core/case_parts.h"
#include "core/case_verbs.h"
#include "core/file.h"
#include "core/scope.h"
#include "core/subject.h"
#include "core/unit.h"
#include "core/verb.h"

#define MARK "〔语音"
#define MARK_END "〕"

enum { WAITING = 1, WRITTEN, LEFT };
enum { NAME_CHARS = 8, NAME_BYTES = NAME_CHARS / 2, VOICES_MOST = 9 };

/* ---- Marks in texts ------------------------------------------------------------------------------------- */

/* The next mark of a text: where it begins and ends, and what stands in it. False when there is none. */
static bool next_mark(struct str text, size_t from, size_t *ret_from, size_t *ret_end, struct str *ret_name)
{
    while (from < text.n) {
        const char *at = memmem(text.p + from, text.n - from, MARK, strlen(MARK));
        if (at == NULL)
            return false;
        const char *name = at + strlen(MARK), *end = text.p + text.n;
        while (name < end && *name == ' ')
            name++;
        const char *stop = name;
        while (stop < end && isxdigit((unsigned char)*stop))
            stop++;
        *ret_from = (size_t)(at - text.p);
        from = *ret_from + strlen(MARK);
        if (stop == name || !str_starts(str_range(stop, (size_t)(end - stop)), STR(MARK_END)))
            continue;
        *ret_name = str_range(name, (size_t)(stop - name));
        *ret_end = (size_t)(stop - text.p) + strlen(MARK_END);
        return true;
    }
    return false;
}

bool spoken_only(struct str text)
{
    size_t from, end, at = 0;
    struct str name;
    while (next_mark(text, at, &from, &end, &name) && str_trim(str_range(text.p + at, from - at)).n == 0)
        at = end;
    return at > 0 && str_trim(str_range(text.p + at, text.n - at)).n == 0;
}

/* What becomes of each mark. False: it stays as it is. */
typedef bool (*put_mark)(void *ctx, struct buf *b, struct str name);

static json_t *put_in_text(json_t *value, put_mark put, void *ctx)
{
    struct str text = {json_string_value(value), json_string_length(value)}, name;
    size_t from, end, at = 0;
    struct buf b = BUF_INIT(BUF_REPLY);
    bool changed = false;

    while (next_mark(text, at, &from, &end, &name)) {
        buf_add(&b, str_range(text.p + at, from - at));
        if (put(ctx, &b, name))
            changed = true;
        else
            buf_add(&b, str_range(text.p + from, end - from));
        at = end;
    }
    buf_add(&b, str_range(text.p + at, text.n - at));
    json_t *fresh = changed && !b.full ? json_stringn(b.p, b.n) : NULL;
    buf_free(&b);
    return fresh;
}

/* In every text of it, however deep. */
static void put_marks(json_t *value, put_mark put, void *ctx)
{
    const char *key;
    json_t *item, *fresh;
    size_t i;

    json_array_foreach(value, i, item) {
        if (json_is_string(item) && (fresh = put_in_text(item, put, ctx)) != NULL)
            (void)json_array_set_new(value, i, fresh);
        else
            put_marks(item, put, ctx);
    }
    json_object_foreach(value, key, item) {
        if (json_is_string(item) && (fresh = put_in_text(item, put, ctx)) != NULL)
            (void)json_object_set_new(value, key, fresh);
        else
            put_marks(item, put, ctx);
    }
}

/* ---- What a command brings ------------------------------------------------------------------------------ */

/* "2" is the second of the command's voices, which names itself. */
static bool put_name(void *ctx, struct buf *b, struct str name)
{
    int64_t n = 0;
    const char *hash;
    if (name.n >= NAME_CHARS || !str_int(name, &n) || n < 1)
        return false;
    hash = json_string_value(json_array_get(ctx, (size_t)n - 1));
    if (hash == NULL || strlen(hash) < NAME_CHARS)
        return false;
    buf_addf(b, MARK " %.*s" MARK_END, (int)NAME_CHARS, hash);
    return true;
}

void spoken_name(struct work *w)
{
    json_t *voices = json_object_get(w->fields, "voices");
    if (json_array_size(voices) == 0)
        return;
    json_t *fields = json_deep_copy(w->fields);
    put_marks(fields, put_name, voices);
    (void)json_object_set_new(w->record, "fields", json_deep_copy(fields));
    w->spoken = fields;
    w->fields = fields;
}

struct brought {
    struct str names[VOICES_MOST];
    size_t n;
};

static bool note_name(void *ctx, struct buf *b, struct str name)
{
    struct brought *found = ctx;
    (void)b;
    if (name.n == NAME_CHARS && found->n < VOICES_MOST)
        found->names[found->n++] = name;
    return false;
}

/* By the first bytes of its hash: only what the actor brought is theirs to attach; the system attaches what was attached before it. */
static bool find_named(struct work *w, struct str name, int64_t *ret, struct error *e)
{
    unsigned char lo[HASH_BYTES] = {0}, hi[HASH_BYTES];
    bool system = w->actor->kind == ACTOR_SYSTEM;

    *ret = 0;
    memset(hi, 0xff, sizeof hi);
    if (!hex_read(name, lo, NAME_BYTES))
        return true;
    memcpy(hi, lo, NAME_BYTES);
    if (system)
        return db_one_int(
            w->db, ret, 0, e,
            "select id from file where hash >= ?1 and hash <= ?2 and type >= 'audio/' and type < 'audio0' limit 1",
            ARGS(BYTES(lo, HASH_BYTES), BYTES(hi, HASH_BYTES)));
    return db_one_int(w->db, ret, 0, e,
                      "select f.id from file f join file_upload u on u.file = f.id where f.hash >= ?1 and f.hash <= ?2 and u.account = ?3 "
                      "and f.type >= 'audio/' and f.type < 'audio0' limit 1",
                      ARGS(BYTES(lo, HASH_BYTES), BYTES(hi, HASH_BYTES),
                           INT(w->actor->kind == ACTOR_ACCOUNT ? w->actor->account : 0)));
}

/* Where it was said, for whoever writes it down: "吴寨R2024-0032 办结". */
static struct str where_said(struct work *w)
{
    enum subject_kind kind = w->command->subject_kind;
    const char *verb = w->verb->name;

    if (kind == SUBJECT_CASE) {
        struct str label = pack_verb_label(w->pack, verb, w->c.kind);
        return str_of(
            arena_printf(w->arena, "%.*s %.*s", (int)w->c.number.n, w->c.number.p, (int)label.n, label.p));
    }
    if (kind < SUBJECT_REGISTERS)
        return str_of(lang_word(LANG_ZH_CN, "spoken.activity"));
    const char *name = subject_code(kind);
    return str_of(arena_printf(
        w->arena, "%s %s", lang_word(LANG_ZH_CN, arena_printf(w->arena, "register.%s.title", name)),
        lang_word(LANG_ZH_CN, arena_printf(w->arena, "register.%s.verb.%s", name, verb))));
}

/* A visit puts the same recording into several places: it waits once. */
static bool is_waiting(struct work *w, int64_t file, bool *ret, struct error *e)
{
    int64_t n;
    /* `+ 0`: by the file, which hangs in few places */
    if (!db_one_int(w->db, &n, 0, e,
                    "select count(*) from file_use u join register_row r on r.id = u.subject where u.file = ?1 and u.subject_kind + 0 = ?2 and r.open = 1",
                    ARGS(INT(file), INT(SUBJECT_SPOKEN))))
        return false;
    *ret = n > 0;
    return true;
}

static bool make_wait(struct work *w, const struct file_info *f, struct error *e)
{
    const struct actor system = actor_system();
    struct buf hash = BUF_INIT(BUF_LINE);
    char text[ID_TEXT];
    struct id account;
    struct unit u;

    bool known;
    if (!is_waiting(w, f->id, &known, e))
        return false;
    if (known)
        return true;
    if (!unit_at(w->db, w->arena, w->scope, &u, e))
        return false;
    struct str where = where_said(w);
    buf_add_hex(&hash, f->hash, HASH_BYTES);
    json_t *fields = json_pack("{s:s%,s:s%,s:s%,s:[s%]}", "unit", u.code.p, u.code.n, "where", where.p,
                               where.n, "mark", hash.p, (size_t)NAME_CHARS, "files", hash.p, hash.n);
    buf_free(&hash);
    if (w->command->subject_kind == SUBJECT_CASE) {
        id_format(w->uuid, text);
        (void)json_object_set_new(fields, "case", json_string(text));
    }
    if (w->actor->kind == ACTOR_ACCOUNT &&
        subject_uuid(w->db, SUBJECT_ACCOUNT, w->actor->account, &account, NULL)) {
        id_format(account, text);
        (void)json_object_set_new(fields, "account", json_string(text));
    }
    return command_follow(w, &system, SUBJECT_SPOKEN, "keep", (struct id){{0}}, fields, NULL, e);
}

static bool hang(struct work *w, int64_t file, const char *at, struct error *e)
{
    struct file_info f;
    if (!file_find_id(w->db, w->arena, file, &f, e))
        return false;
    if (!str_starts(f.type, STR("audio/")))
        return error_setf(e, ERROR_MEDIA_TYPE, at, "webm, ogg, mp4");
    return db_exec(w->db, e,
                   "insert into file_use(subject_kind, subject, file, journal, open) values(?1, ?2, ?3, ?4, ?5) on conflict do nothing",
                   ARGS(INT(w->command->subject_kind), INT(w->subject), INT(file), ID(w->command->id),
                        INT(w->open))) &&
           make_wait(w, &f, e);
}

/* Those of `voices` first; they may also hang among the files of a report that is nothing but a recording. */
static bool keep_voices(struct work *w, const char *field, bool must, struct error *e)
{
    const json_t *list = json_object_get(w->fields, field), *one;
    size_t i;

    json_array_foreach(list, i, one) {
        unsigned char hash[HASH_BYTES];
        struct file_info f;
        int64_t file = 0;
        char at[32];
        (void)snprintf(at, sizeof at, "%s.%zu", field, i);
        if (!hex_read(str_of(json_string_value(one)), hash, sizeof hash))
            return error_set(e, ERROR_MALFORMED, at);
        if (!file_may_attach(w->db, w->actor, hash, &file, e))
            return false;
        if (file == 0)
            return error_set(e, ERROR_NOT_FOUND, at);
        if (!must && (!file_find_id(w->db, w->arena, file, &f, e) || !str_starts(f.type, STR("audio/"))))
            continue;
        if (!hang(w, file, at, e))
            return false;
    }
    return true;
}

bool spoken_in(enum subject_kind kind)
{
    return kind == SUBJECT_CASE || kind == SUBJECT_ACTIVITY ||
           (kind >= SUBJECT_REGISTERS && kind != SUBJECT_SPOKEN);
}

bool spoken_keep(struct work *w, struct error *e)
{
    struct brought found = {.n = 0};
    enum subject_kind kind = w->command->subject_kind;
    int64_t file;

    if (!spoken_in(kind))
        return !work_has(w, "voices") || error_set(e, ERROR_NOT_ALLOWED_HERE, "voices");
    if (!keep_voices(w, "voices", true, e))
        return false;
    if ((kind == SUBJECT_CASE || kind == SUBJECT_ACTIVITY) && !keep_voices(w, "files", false, e))
        return false;
    put_marks((json_t *)w->fields, note_name, &found); /* changes nothing: it only looks */
    for (size_t i = 0; i < found.n && strcmp(w->verb->name, "written") != 0; i++) {
        if (!find_named(w, found.names[i], &file, e))
            return false;
        if (file != 0 && !hang(w, file, "voices", e))
            return false;
    }
    return true;
}

/* ---- Written down --------------------------------------------------------------------------------------- */

static bool put_words(void *ctx, struct buf *b, struct str name)
{
    const struct work *w = ctx;
    if (!str_eq(name, work_text(w, "mark")))
        return false;
    buf_add(b, work_text(w, "text"));
    return true;
}

void spoken_put(struct work *w, json_t *words)
{
    put_marks(words, put_words, w);
}

/* Of a case that was nothing but a recording these are its words, and say what it is about. */
bool apply_case_written(struct work *w, struct error *e)
{
    struct str text = work_text(w, "text"), title = case_headline(text), old = json_text(w->words, "text");
    bool bare = old.n == 0 || spoken_only(old);
    int64_t open;

    spoken_put(w, w->words);
    if (old.n == 0)
        (void)json_object_set_new(w->words, "text", json_stringn(text.p, text.n));
    if (json_is_string(json_object_get(w->words, "result")) && json_text(w->words, "result").n == 0)
        (void)json_object_set_new(w->words, "result", json_stringn(text.p, text.n));
    if (bare && w->category != NULL && str_eq(json_text(w->words, "title"), w->category->label))
        (void)json_object_set_new(w->words, "title", json_stringn(title.p, title.n));
    /* who heard the recording reads the words */
    if (!db_one_int(w->db, &open, 0, e,
                    "select max(u.open) from file_use u join file f on f.id = u.file where u.subject_kind = ?1 and u.subject = ?2 "
                    "and f.type >= 'audio/' and f.type < 'audio0'",
                    ARGS(INT(SUBJECT_CASE), INT(w->subject))))
        return false;
    w->open = open != 0;
    return true;
}

bool apply_row_written(struct work *w, struct error *e)
{
    (void)e;
    spoken_put(w, w->words);
    return true;
}

enum { PLACES_MOST = 40 };

struct place_said {
    enum subject_kind kind;
    int64_t subject;
    struct id uuid;
};

/* Everything that the recording of a row hangs on. */
static bool places_of(struct db *db, int64_t row, struct place_said *ret, size_t *ret_n, struct error *e)
{
    struct db_rows r;
    *ret_n = 0;
    if (!db_rows(db, &r, e,
                 "select o.subject_kind, o.subject from file_use u join file_use o on o.file = u.file where u.subject_kind = ?1 and u.subject = ?2 "
                 "and o.subject_kind <> ?1 order by o.subject_kind, o.subject",
                 ARGS(INT(SUBJECT_SPOKEN), INT(row))))
        return false;
    while (*ret_n < PLACES_MOST && db_next(&r))
        ret[(*ret_n)++] =
            (struct place_said){.kind = (enum subject_kind)db_int(&r, 0), .subject = db_int(&r, 1)};
    if (!db_end(&r, e))
        return false;
    for (size_t i = 0; i < *ret_n; i++)
        if (!subject_uuid(db, ret[i].kind, ret[i].subject, &ret[i].uuid, e))
            return false;
    return true;
}

/* A recording is heard by who reads all it hangs on: a matter about themselves, a child's register stay closed. */
static bool sees_all(struct core *core, struct db *db, struct arena *a, const struct actor *actor,
                     const struct register_row *row, bool *ret, struct error *e)
{
    struct place_said places[PLACES_MOST];
    size_t n;

    *ret = true;
    if (!places_of(db, row->id, places, &n, e))
        return false;
    for (size_t i = 0; i < n && *ret; i++) {
        const struct register_def *def = register_of(core, places[i].kind);
        enum sight sight = SIGHT_NONE;
        struct register_row other;
        struct case_row c;
        if (places[i].kind == SUBJECT_CASE) {
            if (!case_load_id(db, a, places[i].subject, &c, e) || !scope_sight(db, actor, &c, &sight, e))
                return false;
            *ret = sight == SIGHT_WORK;
        } else if (def != NULL) {
            *ret = register_one(core, db, a, actor, def, places[i].uuid, &other, NULL);
        }
    }
    return true;
}

/* Everything the recording hangs on hears the words. */
static bool apply_write_out(struct work *w, struct error *e)
{
    const struct actor system = actor_system();
    struct place_said places[PLACES_MOST];
    struct str mark = json_text(w->words, "mark"), text = work_text(w, "text"), name = STR("");
    size_t n;

    if (!register_change(w, e) ||
        (w->actor->kind == ACTOR_ACCOUNT && !account_name(w->core, w->db, w->arena, w->actor->account, &name, e)) ||
        !places_of(w->db, w->subject, places, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct error gone;
        json_t *fields = json_pack("{s:s%,s:s%,s:s%}", "mark", mark.p, mark.n, "text", text.p, text.n,
                                   "written_by", name.n > 0 ? name.p : "", name.n);
        /* what was erased meanwhile needs no words */
        if (!command_follow(w, &system, places[i].kind, "written", places[i].uuid, fields, NULL, &gone) &&
            gone.code != ERROR_KEY_DESTROYED) {
            *e = gone;
            return false;
        }
    }
    return true;
}

/* ---- The register --------------------------------------------------------------------------------------- */

static const struct field keep_fields[] = {
    {.name = "unit", .type = FIELD_UNIT, .required = true, .most = 15},
    {.name = "where", .type = FIELD_TEXT, .required = true},
    {.name = "mark", .type = FIELD_TEXT, .required = true, .most = NAME_CHARS},
    {.name = "account", .type = FIELD_ACCOUNT},
    {.name = "files", .type = FIELD_FILES, .required = true, .most = 1},
    {.name = "case", .type = FIELD_CASE},
    FIELD_END,
};
static const struct field write_fields[] = {
    {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 3000}, FIELD_END};
static const struct field leave_fields[] = {
    {.name = "reason", .type = FIELD_LONGTEXT, .required = true, .most = 500}, FIELD_END};
const struct field spoken_written_fields[] = {
    {.name = "mark", .type = FIELD_TEXT, .required = true, .most = NAME_CHARS},
    {.name = "text", .type = FIELD_LONGTEXT, .required = true, .most = 3000},
    {.name = "written_by", .type = FIELD_TEXT, .most = 40},
    FIELD_END,
};

/* `keep` and `written` follow from what people do; only the system does them. */
const struct verb spoken_verbs[] = {
    {"keep", SUBJECT_SPOKEN, .from = IN_NOTHING, .to = WAITING, .fields = keep_fields, .apply = register_make},
    {"write_out", SUBJECT_SPOKEN, .from = 1u << WAITING, .to = WRITTEN, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_WORK, .fields = write_fields, .primary = true, .apply = apply_write_out},
    {"leave", SUBJECT_SPOKEN, .from = 1u << WAITING, .to = LEFT, .who = BY_POST | BY_HANDLER,
     .posts = POSTS_WORK, .fields = leave_fields, .apply = register_change},
    {"written", SUBJECT_NONE, .from = ~IN_NOTHING, .fields = spoken_written_fields, .aside = true,
     .apply = apply_row_written},
    {0},
};

const struct register_def spoken_notes = {
    .subject = SUBJECT_SPOKEN,
    .states = {[WAITING] = "waiting", [WRITTEN] = "written", [LEFT] = "left"},
    .open = 1u << WAITING,
    .readers = POSTS_WORK,
    .sees_more = sees_all,
    .title = "where",
    .columns = {{"case", REGISTER_CASE}, {"account", REGISTER_ACCOUNT}},
};
