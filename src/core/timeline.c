/* The timeline of a case: its journal, told to people. */
#include "core/case_card.h"
#include "core/case_read.h"
#include "core/journal.h"
#include "core/mediation.h"
#include "core/subject.h"
#include "core/vault.h"

/* The field that says most comes first as the text of a step. A note is for those who work on the case: residents don't see it. */
static struct str main_text(const json_t *fields, bool only_open)
{
    static const char *const names[] = {"resident_told", "result", "text", "reason", "answer", "note"};
    const size_t n = sizeof names / sizeof names[0] - (only_open ? 1 : 0);
    for (size_t i = 0; i < n; i++) {
        struct str s = json_text(fields, names[i]);
        if (s.n > 0)
            return s;
    }
    return STR("");
}

static void write_fact(struct jw *w, struct str label, struct str value)
{
    if (value.n == 0)
        return;
    jw_object(w);
    jw_ktext(w, "label", label);
    jw_ktext(w, "value", value);
    jw_end_object(w);
}

/* What a correction replaced. */
static void write_was(struct jw *w, struct arena *a, const struct pack *pack, const json_t *was, enum lang lang)
{
    const char *name;
    const json_t *value;
    enum kind kind = KIND_NONE;

    (void)kind_parse(json_text(was, "kind"), &kind);
    json_object_foreach((json_t *)was, name, value) {
        struct str old = json_text(was, name);
        const struct category *category = strcmp(name, "category") == 0 ? pack_category(pack, kind, old) : NULL;
        if (strcmp(name, "kind") == 0)
            old = pack->kinds[kind].short_label;
        if (category != NULL)
            old = category->label;
        const char *params[] = {arena_z(a, old)};
        if (old.n > 0)
            write_fact(w, str_of(lang_word(lang, arena_printf(a, "field.%s", name))),
                       str_of(lang_say(a, lang, "timeline.was", params, 1)));
    }
}

/* Of a mediation: which side agreed to what, which instalment was paid. */
static void write_mediated(struct jw *w, struct arena *a, const json_t *fields, enum lang lang)
{
    int64_t side = json_int(fields, "side", 0), instalment = json_int(fields, "instalment", 0);
    struct str how = json_text(fields, "consent_how");

    if (side > 0)
        write_fact(w, str_of(lang_word(lang, "field.side")), str_of(arena_printf(a, "%lld", (long long)side)));
    if (json_is_boolean(json_object_get(fields, "given")))
        write_fact(w, str_of(lang_word(lang, "field.given")),
                   str_of(lang_word(lang, json_flag(fields, "given") ? "timeline.yes" : "timeline.no")));
    if (how.n > 0)
        write_fact(w, str_of(lang_word(lang, "field.consent_how")),
                   str_of(lang_word(lang, arena_printf(a, "choice.consent_how.%.*s", (int)how.n, how.p))));
    if (instalment > 0) {
        const char *params[] = {fen_text(a, json_int(fields, "amount_paid", 0))};
        write_fact(w, str_of(lang_word(lang, "field.instalment")),
                   str_of(arena_printf(a, "%lld", (long long)instalment)));
        write_fact(w, str_of(lang_word(lang, "field.amount_paid")),
                   str_of(lang_say(a, lang, "timeline.yuan", params, 1)));
    }
}

/* What else a step says, in words: outcome, office, question, days, whom it was recorded for. */
static void write_facts(struct jw *w, struct arena *a, const struct pack *pack, const struct case_row *c,
                        const char *verb, const json_t *record, struct str stood_in_for, bool only_open,
                        enum lang lang)
{
    /* What was asked of whom, and who wrote a recording down, stays inside. */
    static const char *const plain[] = {"told_how", "told_whom", "guidance", "consent_reason", "taken_by",
                                        "receipt",  "whom",      "question", "written_by"};
    const size_t shown = sizeof plain / sizeof plain[0] - (only_open ? 3 : 0);
    const json_t *fields = json_object_get(record, "fields"), *other = json_object_get(fields, "for");
    const struct outcome *o = pack_outcome(pack, c->kind, json_text(fields, "outcome"));
    static const char *const scales[] = {"resolved", "satisfied"};

    jw_karray(w, "facts");
    if (o != NULL)
        write_fact(w, str_of(lang_word(lang, "field.outcome")), o->label);
    write_fact(w, str_of(lang_word(lang, "field.office")), json_text(record, "office"));
    write_fact(w, str_of(lang_word(lang, "field.duty")), json_text(record, "duty"));
    write_fact(w, str_of(lang_word(lang, "timeline.cannot")), json_text(record, "cannot"));
    if (json_flag(record, "held"))
        write_fact(w, str_of(lang_word(lang, "timeline.held")), str_of(lang_word(lang, "urgent.held")));
    for (size_t i = 0; i < 2; i++) {
        size_t n;
        const json_t *row;
        struct str said = json_text(fields, scales[i]);
        if (said.n == 0)
            continue;
        json_array_foreach(json_object_get(json_object_get(pack->doc, "judge_scale"), scales[i]), n, row)
            if (str_eq(json_text(row, "value"), said))
                write_fact(w, str_of(lang_word(lang, arena_printf(a, "field.%s", scales[i]))),
                           json_text(row, "label"));
    }
    for (size_t i = 0; i < shown; i++)
        write_fact(w, str_of(lang_word(lang, arena_printf(a, "field.%s", plain[i]))),
                   json_text(fields, plain[i]));
    const struct category *category = pack_category(pack, c->kind, c->category);
    struct field *own;
    size_t own_n = only_open ? 0 : pack_fields(pack, a, c->kind, category, verb, &own);
    for (size_t i = 0; i < own_n && strcmp(verb, "report") != 0; i++)
        write_fact(w, str_of(own[i].label), json_text(fields, own[i].name));
    if (json_int(fields, "days", 0) > 0)
        write_fact(w, str_of(lang_word(lang, "field.days")),
                   str_of(arena_printf(a, "%lld", (long long)json_int(fields, "days", 0))));
    write_mediated(w, a, fields, lang);
    write_fact(w, str_of(lang_word(lang, "field.stands_in_for")), stood_in_for);
    if (json_is_string(other))
        write_fact(w, str_of(lang_word(lang, "field.for")), json_text(fields, "for"));
    if (json_text(other, "name").n > 0 || json_text(other, "how").n > 0)
        write_fact(w, str_of(lang_word(lang, "field.for")),
                   str_of(arena_printf(a, "%.*s %.*s", (int)json_text(other, "name").n,
                                       json_text(other, "name").p ? json_text(other, "name").p : "",
                                       (int)json_text(other, "how").n,
                                       json_text(other, "how").p ? json_text(other, "how").p : "")));
    write_was(w, a, pack, json_object_get(record, "was"), lang);
    jw_end_array(w);
}

struct telling {
    struct cards *cards;
    struct arena *a;
    struct jw *w;
    const struct case_row *c;
    const struct pack *pack;
    struct key key;
    bool readable, only_open, erased;
};

static bool write_actor(struct telling *t, const struct journal_entry *entry, struct error *e)
{
    struct str post = STR("");
    struct name name = {STR(""), STR("")};
    /* Residents see which post acted; names stay inside. */
    if (!t->only_open && !names_get(&t->cards->names, t->cards->db, t->a, NAME_ACCOUNT, entry->actor, &name, e))
        return false;
    if (entry->actor_kind == ACTOR_ACCOUNT && entry->post >= 0)
        post = pack_label(t->pack, "posts", str_of(post_code((enum post)entry->post)));
    if (entry->actor_kind == ACTOR_RESIDENT || entry->actor_kind == ACTOR_NOBODY)
        post = str_of(lang_word(LANG_ZH_CN, "actor.resident"));
    if (entry->actor_kind == ACTOR_SYSTEM)
        post = str_of(lang_word(LANG_ZH_CN, "actor.system"));
    jw_kobject(t->w, "actor");
    jw_ktext(t->w, "name", name.name);
    jw_ktext(t->w, "post", post);
    jw_end_object(t->w);
    return true;
}

/* The word that fits who did it: an office signs for what a committee accepts, the level above presses where a resident asks. */
static struct str label_of(const struct telling *t, const struct journal_entry *entry, const char *verb)
{
    post_mask post = entry->post >= 0 ? (post_mask)1 << entry->post : 0;
    const char *who = entry->actor_kind == ACTOR_RESIDENT        ? "resident"
                      : (post & (POSTS_OFFICE | AS(DISPATCHER))) ? "office"
                                                                 : "";
    struct str own = pack_verb_label_for(t->pack, verb, who);
    if (own.n == 0 && (post & POSTS_ABOVE) != 0)
        own = pack_verb_label_for(t->pack, verb, "upper");
    return own.n > 0 ? own : pack_verb_label(t->pack, verb, t->c->kind);
}

/* In whose place somebody did it. */
static struct str absent_of(struct telling *t, const json_t *record)
{
    struct name name;
    struct id uuid;
    int64_t account;
    bool known = id_parse(json_text(record, "stood_in_for"), &uuid) &&
                 subject_id(t->cards->db, SUBJECT_ACCOUNT, uuid, &account, NULL) &&
                 names_get(&t->cards->names, t->cards->db, t->a, NAME_ACCOUNT, account, &name, NULL);
    return known ? name.name : STR("");
}

static bool write_step(struct telling *t, const struct journal_entry *entry, struct error *e)
{
    char verb[48], id[ID_TEXT];
    json_t *record = t->readable ? vault_open(t->a, &t->key, "journal", entry->data, NULL) : NULL;
    struct jw *w = t->w;
    bool spot_story = t->only_open && entry->n == 1;

    struct str absent = t->only_open ? STR("") : absent_of(t, record);

    (void)snprintf(verb, sizeof verb, "%.*s", (int)entry->verb.n, entry->verb.p);
    id_format(entry->id, id);
    jw_object(w);
    jw_kz(w, "id", id);
    jw_kint(w, "n", entry->n);
    jw_kz(w, "verb", verb);
    jw_ktext(w, "label", label_of(t, entry, verb));
    jw_ktime(w, "at", entry->happened_at);
    jw_ktime(w, "recorded_at", entry->recorded_at);
    jw_kbool(w, "open", entry->open);
    jw_ktext(w, "text",
             t->erased    ? str_of(lang_word(LANG_ZH_CN, "erased.done"))
             : spot_story ? STR("")
                          : main_text(json_object_get(record, "fields"), t->only_open));
    write_facts(w, t->a, t->pack, t->c, verb, record, absent, t->only_open, LANG_ZH_CN);
    bool ok = write_actor(t, entry, e);
    jw_end_object(w);
    json_decref(record);
    return ok;
}

bool card_timeline(struct cards *k, struct jw *w, const struct case_row *c, const struct pack *pack,
                   enum sight sight, struct error *e)
{
    struct telling t = {.cards = k, .a = k->a, .w = w, .c = c, .pack = pack, .only_open = sight != SIGHT_WORK};
    struct journal_entry entry;
    struct db_rows r;
    bool ok = true;

    t.readable = sight != SIGHT_CARD && vault_key(k->core, c->key, &t.key, NULL);
    t.erased = sight != SIGHT_CARD && c->key.n == 0;
    if (!journal_of(k->db, &r, SUBJECT_CASE, c->id, 0, e))
        return false;
    jw_array(w);
    while (ok && journal_next(&r, &entry))
        if (!t.only_open || entry.open)
            ok = write_step(&t, &entry, e);
    jw_end_array(w);
    return db_end(&r, ok ? e : NULL) && ok;
}

bool case_write_timeline(struct core *core, struct db *db, struct arena *a, struct jw *w,
                         const struct case_row *c, const struct pack *pack, enum sight sight, struct error *e)
{
    const struct actor nobody = {0};
    struct cards k = cards_open(core, db, a, &nobody);
    return card_timeline(&k, w, c, pack, sight, e);
}
