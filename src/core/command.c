#include "core/command.h"

#include "base/time.h"
#include "core/register.h"
#include "core/scope.h"
#include "core/spoken.h"
#include "core/stand_in.h"
#include "core/subject.h"
#include "core/vault.h"
#include "core/verb.h"

/* Every verb may be recorded for somebody else, with the time it happened, and with words that are spoken (G20). */
static const struct field common_fields[] = {
    {.name = "happened_at", .type = FIELD_TIME, .hidden = true},
    {.name = "for", .type = FIELD_SAID, .most = 100, .hidden = true},
    {.name = "voices", .type = FIELD_FILES, .most = 9, .hidden = true},
    FIELD_END,
};

static const struct field for_fields[] = {
    {.name = "name", .type = FIELD_TEXT, .most = 40},
    {.name = "account", .type = FIELD_ACCOUNT},
    {.name = "how", .type = FIELD_TEXT, .most = 40},
    FIELD_END,
};

/* A person's clock may run a little ahead of ours. */
static const int64_t clock_grace = 2 * TIME_MINUTE;

struct str work_text(const struct work *w, const char *field)
{
    return str_trim(json_text(w->fields, field));
}

bool work_has(const struct work *w, const char *field)
{
    const json_t *v = json_object_get(w->fields, field);
    return v != NULL && !json_is_null(v);
}

int64_t work_doer(const struct work *w)
{
    return w->behalf != 0 ? w->behalf : w->actor->account;
}

static void body_hash(const struct command *c, const struct actor *a, unsigned char out[HASH_BYTES])
{
    struct buf b = BUF_INIT(BUF_SEALED);
    buf_add(&b, c->verb);
    buf_addf(&b, "|%d|%d|%lld|%lld|", (int)c->subject_kind, (int)a->kind, (long long)a->account,
             (long long)a->case_id);
    buf_add_hex(&b, c->subject.b, sizeof c->subject.b);
    json_write(&b, c->fields);
    hash_bytes(buf_str(&b), out);
    buf_free(&b);
}

/* The command was done before: the same one gets its answer again, another one under the same id is refused. */
static bool answer_again(struct db *db, const struct journal_entry *old, const unsigned char hash[HASH_BYTES],
                         struct answer *ret, struct error *e)
{
    if (memcmp(old->body_hash, hash, HASH_BYTES) != 0)
        return error_set(e, ERROR_KEY_REUSED, NULL);
    *ret = (struct answer){
        .again = true, .subject_kind = old->subject_kind, .subject = old->subject, .rev = old->n, .entry = *old};
    return subject_uuid(db, old->subject_kind, old->subject, &ret->uuid, e);
}

bool command_landed(struct db *db, struct id id, bool *ret, struct error *e)
{
    int64_t found;
    if (!db_one_int(db, &found, 0, e, "select 1 from journal where id = ?1", ARGS(ID(id))))
        return false;
    *ret = found != 0;
    return true;
}

/* The state that the sender saw must be the one that is there: by rev, or by the command it came after (an offline queue). */
static bool check_expected(struct work *w, struct error *e)
{
    const struct command *c = w->command;
    if (c->rev >= 0 && c->rev != w->rev)
        return error_setf(e, ERROR_STALE, "rev", "%lld", (long long)w->rev);
    if (id_is_zero(c->after))
        return true;
    struct journal_entry before;
    bool found;
    if (!journal_find(w->db, w->arena, c->after, &before, &found, e))
        return false;
    if (!found)
        return error_set(e, ERROR_BLOCKED_BY, "after");
    if (before.subject_kind != c->subject_kind || before.subject != w->subject || before.n != w->rev)
        return error_setf(e, ERROR_STALE, "after", "%lld", (long long)w->rev);
    return true;
}

static bool check_times(struct work *w, struct error *e)
{
    struct str text = work_text(w, "happened_at");
    w->at = w->now;
    if (text.n == 0)
        return true;
    if (!time_parse(text, &w->at))
        return error_set(e, ERROR_MALFORMED, "happened_at");
    if (w->at > w->now + clock_grace)
        return error_set(e, ERROR_IN_FUTURE, "happened_at");
    if (w->at > w->now)
        w->at = w->now;
    if (w->command->subject_kind == SUBJECT_CASE && w->subject != 0 && w->at < w->c.reported_at)
        return error_set(e, ERROR_BEFORE_CASE, "happened_at");
    return true;
}

/* Somebody with a post of work where it is done: what an elder did who only has a telephone counts as theirs (D2). */
static bool find_behalf(struct work *w, struct str account, struct error *e)
{
    struct actor who;
    struct id uuid;
    int64_t ord = w->subject != 0 ? w->scope : -1;

    if (account.n == 0)
        return true;
    if (!id_parse(account, &uuid) || !subject_id(w->db, SUBJECT_ACCOUNT, uuid, &w->behalf, e) ||
        !actor_load(w->db, w->arena, w->behalf, day_of(w->now), &who, e) ||
        (ord >= 0 ? !scope_reaches(&who, ord, POSTS_WORK) : !actor_is(&who, POSTS_WORK)))
        return error_set(e, ERROR_NOT_FOUND, "account");
    return true;
}

static bool check_for(struct work *w, struct error *e)
{
    const struct field *tables[] = {for_fields, NULL};
    const json_t *other = json_object_get(w->fields, "for");
    if (other == NULL || json_is_null(other))
        return true;
    if (w->actor->kind != ACTOR_ACCOUNT)
        return error_set(e, ERROR_NOT_ALLOWED_HERE, "for");
    if (json_is_string(other))
        return true;
    return (field_check(tables, other, e) && find_behalf(w, json_text(other, "account"), e)) ||
           error_within(e, "for");
}

/* The pack and category: of the case, or of the report that makes one. */
static bool find_pack(struct work *w, struct error *e)
{
    enum kind kind = w->c.kind;
    struct str category = w->c.category;

    w->pack = core_pack(w->core, w->db, w->subject != 0 ? w->c.pack : 0, e);
    if (w->pack == NULL)
        return false;
    if (w->command->subject_kind != SUBJECT_CASE)
        return true;
    if (w->subject == 0) {
        struct str named = work_text(w, "kind");
        kind = KIND_REQUEST;
        if (named.n > 0 && (!kind_parse(named, &kind) || kind == KIND_TALK))
            return error_set(e, ERROR_NOT_A_CHOICE, "kind");
        category = work_text(w, "category");
        if (category.n == 0)
            category = w->pack->kinds[kind].fallback;
        w->c.kind = kind;
    }
    w->category = pack_category(w->pack, kind, category);
    return w->category != NULL || error_set(e, ERROR_NOT_A_CHOICE, "category");
}

static bool check_fields(struct work *w, struct error *e)
{
    struct field *extra = NULL;
    const struct field *tables[4] = {common_fields, w->verb->fields, NULL, NULL};
    size_t t = w->verb->fields != NULL ? 2 : 1;

    if (w->command->subject_kind == SUBJECT_CASE) {
        /* On the spot one says at once what a report and a settlement would say. */
        const char *form = w->verb->from == IN_NOTHING ? "report" : w->verb->name;
        size_t n = pack_fields(w->pack, w->arena, w->c.kind, w->category, form, &extra);
        for (size_t i = 0; i < n && w->verb->past; i++)
            extra[i].required = false;
        tables[t++] = extra;
    }
    const struct register_def *def = register_of(w->core, w->command->subject_kind);
    if (def != NULL && def->asks != NULL && w->subject != 0) {
        def->asks(w->pack, w->arena, &w->row, w->verb->name, &w->extra);
        tables[t++] = w->extra;
    }
    tables[t] = NULL;
    return field_check(tables, w->fields, e) && check_for(w, e) && check_times(w, e);
}

/* Rules stand on the verbs of cases where they name no other subject: others have verbs of the same names. */
static bool check_rules(struct work *w, bool after, struct error *e)
{
    for (const struct verb_rule *const *table = w->core->tables->rules; table != NULL && *table != NULL; table++)
        for (const struct verb_rule *r = *table; r->verb != NULL; r++) {
            bool (*rule)(struct work *, struct error *) = after ? r->after : r->check;
            enum subject_kind subject = r->subject != SUBJECT_NONE ? r->subject : SUBJECT_CASE;
            if (rule == NULL || subject != w->command->subject_kind || strcmp(r->verb, w->verb->name) != 0 ||
                (r->kind != KIND_NONE && r->kind != w->c.kind))
                continue;
            if (!rule(w, e))
                return false;
        }
    return true;
}

/* What must have been done before (core/gate.h). */
static bool check_gates(struct work *w, struct error *e)
{
    const struct gate_view view = {.core = w->core,
                                   .db = w->db,
                                   .arena = w->arena,
                                   .pack = w->pack,
                                   .category = w->category,
                                   .c = &w->c,
                                   .words = w->words,
                                   .verb = w->verb->name};
    return w->command->subject_kind != SUBJECT_CASE || w->verb->from == IN_NOTHING ||
           gate_check(&view, work_text(w, "outcome"), w->actor->lang, e);
}

static bool write_entry(struct work *w, const unsigned char hash[HASH_BYTES], struct journal_entry *entry,
                        struct error *e)
{
    struct key key;
    if (!vault_key(w->core, w->wrapped, &key, e))
        return false;
    *entry = (struct journal_entry){
        .id = w->command->id,
        .recorded_at = w->now,
        .happened_at = w->at,
        .scope = w->scope,
        .actor_kind = w->actor->kind,
        .actor = w->actor->account,
        .post = w->post,
        .subject_kind = w->command->subject_kind,
        .subject = w->subject,
        .n = w->rev + 1,
        .verb = str_of(w->verb->name),
        .open = w->open,
        .data = vault_seal(w->arena, &key, "journal", w->record),
    };
    memcpy(entry->body_hash, hash, HASH_BYTES);
    memcpy(entry->prev, w->head, HASH_BYTES);
    if (!journal_append(w->db, entry, e))
        return false;
    w->rev = entry->n;
    memcpy(w->head, entry->hash, HASH_BYTES);
    return true;
}

static bool load_subject(struct work *w, struct error *e)
{
    bool named = !id_is_zero(w->command->subject);
    if (w->verb->from == IN_NOTHING) /* makes the subject: it is no step of one that is there */
        return !named || error_setf(e, ERROR_UNKNOWN_VERB, "verb", "%s", w->verb->name);
    if (!named)
        return error_set(e, ERROR_NOT_FOUND, NULL);
    return subject_load(w, e) && check_expected(w, e);
}

/* Everything between the loaded subject and the journal entry. */
static bool act(struct work *w, struct error *e)
{
    if (!find_pack(w, e) || !check_fields(w, e) || !check_gates(w, e) || !check_rules(w, false, e))
        return false;
    w->open = w->verb->open;
    w->state_to = w->verb->to;
    w->starts = w->verb->starts;
    w->stops = w->verb->stops;
    if (w->verb->apply != NULL && !w->verb->apply(w, e))
        return false;
    return check_rules(w, true, e);
}

static bool run(struct work *w, const unsigned char hash[HASH_BYTES], struct answer *ret, struct error *e)
{
    if (!load_subject(w, e) || !subject_may(w, e) || !act(w, e))
        return false;
    const struct actor_post *post = actor_post_at(w->actor, w->scope, w->verb->posts);
    if (post == NULL) /* acting as handler or for an office, not by one of the verb's own posts */
        post = actor_post_at(w->actor, w->scope, POSTS_ALL);
    w->post = post != NULL ? (int64_t)post->post : -1;
    if (!stand_in_noted(w, post, e) || !write_entry(w, hash, &ret->entry, e) || !subject_save(w, e) ||
        !spoken_keep(w, e))
        return false;
    ret->again = false;
    ret->subject_kind = w->command->subject_kind;
    ret->subject = w->subject;
    ret->uuid = w->uuid;
    ret->rev = w->rev;
    memcpy(ret->track, w->track, sizeof ret->track);
    return true;
}

bool command_run(struct core *core, struct db *db, struct arena *arena, const struct actor *actor,
                 const struct command *command, struct answer *ret, struct error *e)
{
    unsigned char hash[HASH_BYTES];
    struct journal_entry old;
    bool found;

    *ret = (struct answer){0};
    body_hash(command, actor, hash);
    if (!journal_find(db, arena, command->id, &old, &found, e))
        return false;
    if (found)
        return answer_again(db, &old, hash, ret, e);
    struct work w = {
        .core = core,
        .db = db,
        .arena = arena,
        .actor = actor,
        .command = command,
        .fields = command->fields,
        .now = time_now(),
        .verb = verb_find(core, command->subject_kind, command->verb),
    };
    w.at = w.now;
    if (w.verb == NULL)
        return error_setf(e, ERROR_UNKNOWN_VERB, "verb", "%.*s", (int)command->verb.n, command->verb.p);
    w.record = json_pack("{s:o}", "fields", json_deep_copy(command->fields));
    spoken_name(&w);
    bool ok = run(&w, hash, ret, e);
    json_decref(w.record);
    json_decref(w.spoken);
    json_decref(w.words);
    return ok;
}

bool command_follow(struct work *w, const struct actor *actor, enum subject_kind kind, const char *verb,
                    struct id subject, json_t *fields, struct answer *ret, struct error *e)
{
    struct command c = {.id = id_new(),
                        .verb = str_of(verb),
                        .subject_kind = kind,
                        .subject = subject,
                        .fields = fields,
                        .rev = -1,
                        .late_entry = true};
    struct answer ignored;
    bool ok = command_run(w->core, w->db, w->arena, actor, &c, ret != NULL ? ret : &ignored, e);
    json_decref(fields);
    return ok;
}
