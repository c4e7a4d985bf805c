#include "core/case_card.h"

#include "base/time.h"
#include "core/case_read.h"
#include "core/case_verbs.h"

struct cards cards_open(struct core *core, struct db *db, struct arena *a, const struct actor *actor)
{
    return (struct cards){
        .core = core, .db = db, .a = a, .actor = actor, .now = time_now(), .names = names_open(core, a)};
}

/* ---- One card ------------------------------------------------------------------------------------------ */

json_t *card_words(const struct core *core, struct arena *a, const struct case_row *c, enum lang lang,
                   struct error *e)
{
    if (c->key.n > 0)
        return case_words(core, a, c, e);
    const char *said = lang_word(lang, "erased.done");
    return json_pack("{s:s,s:s,s:s}", "title", said, "text", said, "result", said);
}

/* Who answers now: the office, the handler, or the unit itself. */
static bool write_holder(struct cards *k, struct jw *w, const struct case_row *c, struct error *e)
{
    enum name_of what = c->office != 0 ? NAME_OFFICE : c->handler != 0 ? NAME_ACCOUNT : NAME_UNIT;
    int64_t id = c->office != 0 ? c->office : c->handler != 0 ? c->handler : c->unit;
    struct name name;

    if (!names_get(&k->names, k->db, k->a, what, id, &name, e))
        return false;
    jw_kobject(w, "holder");
    jw_kz(w, "type", what == NAME_OFFICE ? "office" : what == NAME_ACCOUNT ? "account" : "unit");
    jw_ktext(w, "name", name.name);
    jw_end_object(w);
    return true;
}

void card_promises(struct jw *w, const struct clock_row *rows, size_t n, int64_t now)
{
    jw_kobject(w, "promises");
    for (int name = CLOCK_REPLY; name <= CLOCK_SETTLE; name++) {
        const struct clock_row *row = NULL;
        for (size_t i = 0; i < n && row == NULL; i++)
            if ((int)rows[i].name == name)
                row = &rows[i];
        enum clock_state state = row != NULL ? clock_state_of(row, now) : CLOCK_STATE_NONE;
        jw_kobject(w, clock_code((enum clock_name)name));
        jw_kz(w, "state", state == CLOCK_DONE_LATE ? "done" : clock_state_code(state));
        jw_kbool(w, "late", state == CLOCK_DONE_LATE);
        jw_ktime(w, "at", row == NULL ? 0 : row->stopped_at != 0 ? row->stopped_at : row->due_at);
        jw_end_object(w);
    }
    jw_end_object(w);
}

void card_due(struct jw *w, const struct pack *pack, const struct case_row *c, int64_t now)
{
    jw_key(w, "due");
    if (c->due == 0) {
        jw_null(w);
        return;
    }
    const char *name = clock_code((enum clock_name)c->due_clock);
    jw_object(w);
    jw_kz(w, "name", name);
    jw_ktext(w, "label", json_text(json_object_get(pack->doc, "clock_labels"), name));
    jw_ktime(w, "at", c->due);
    jw_kbool(w, "overdue", c->due < now && c->due_clock != CLOCK_JUDGE);
    jw_end_object(w);
}

static void write_plain(struct jw *w, const struct pack *pack, const struct case_row *c,
                        const struct category *category)
{
    char id[ID_TEXT];
    id_format(c->uuid, id);
    jw_kz(w, "id", id);
    jw_ktext(w, "number", c->number);
    jw_kz(w, "kind", kind_code(c->kind));
    jw_ktext(w, "kind_label", pack->kinds[c->kind].short_label);
    jw_ktext(w, "category", c->category);
    jw_ktext(w, "category_label", category != NULL ? category->label : c->category);
    jw_kz(w, "state", state_code(c->state));
    jw_ktext(w, "state_label", pack->kinds[c->kind].states[c->state]);
    jw_kz(w, "level", level_code(c->level));
    jw_ktext(w, "level_label", pack_label(pack, "levels", str_of(level_code(c->level))));
    jw_ktime(w, "reported_at", c->reported_at);
    jw_ktime(w, "settled_at", c->settled_at);
    jw_kbool(w, "urged", (c->flags & FLAG_URGED) != 0);
    jw_kbool(w, "danger", (c->flags & FLAG_DANGER) != 0);
    jw_kbool(w, "paused", (c->flags & FLAG_PAUSED) != 0);
    jw_kbool(w, "sent_back", (c->flags & FLAG_SENT_BACK) != 0);
    jw_kbool(w, "extension_asked", (c->flags & FLAG_EXTENSION_ASKED) != 0);
    jw_kbool(w, "suspect_major", (c->flags & FLAG_SUSPECT_MAJOR) != 0);
    jw_kint(w, "reopened", c->reopened);
    jw_kint(w, "bounced", c->bounced);
    jw_kint(w, "rev", c->rev);
}

/* How it came, and which of us brought it (L1). */
static bool write_came(struct cards *k, struct jw *w, const struct pack *pack, const struct case_row *c,
                       struct error *e)
{
    struct name finder = {{NULL, 0}, {NULL, 0}};
    if (c->finder != 0 && !names_get(&k->names, k->db, k->a, NAME_ACCOUNT, c->finder, &finder, e))
        return false;
    jw_kobject(w, "came");
    jw_ktext(w, "channel", pack_label(pack, "channels", c->channel));
    jw_ktext(w, "finder", finder.name);
    jw_end_object(w);
    return true;
}

/* The extension that is asked for and who decides; how long and why is for them, who may not read the rest. */
static void write_extension(struct cards *k, struct jw *w, const struct case_row *c)
{
    bool may = may_grant_extension(c, k->actor);
    json_t *words = may ? case_words(k->core, k->a, c, NULL) : NULL;

    jw_key(w, "extension");
    if ((c->flags & FLAG_EXTENSION_ASKED) == 0) {
        jw_null(w);
        return;
    }
    jw_object(w);
    jw_kz(w, "decides", (c->flags & FLAG_EXTENSION_ABOVE) != 0 ? "above" : "head");
    jw_kbool(w, "may", may);
    jw_kint(w, "days", json_int(words, "extension_days", 0));
    jw_ktext(w, "reason", json_text(words, "extension_reason"));
    jw_end_object(w);
    json_decref(words);
}

bool card_members(struct cards *k, struct jw *w, const struct case_row *c, struct str title,
                  const struct clock_row *clocks, size_t clock_count, struct error *e)
{
    const struct pack *pack = core_pack(k->core, k->db, c->pack, e);
    struct name unit;

    if (pack == NULL || !names_get(&k->names, k->db, k->a, NAME_UNIT, c->unit, &unit, e))
        return false;
    const struct category *category = pack_category(pack, c->kind, c->category);
    write_plain(w, pack, c, category);
    jw_ktext(w, "title", title.n > 0 ? title : category != NULL ? category->label : STR(""));
    jw_kobject(w, "unit");
    jw_ktext(w, "code", unit.code);
    jw_ktext(w, "name", unit.name);
    jw_end_object(w);
    if (!write_holder(k, w, c, e) || !write_came(k, w, pack, c, e))
        return false;
    card_due(w, pack, c, k->now);
    card_promises(w, clocks, clock_count, k->now);
    write_extension(k, w, c);
    jw_kbool(w, "mine", actor_acts_for(k->actor, c->handler));
    return true;
}

static bool write_one(struct cards *k, struct jw *w, const struct case_row *c, bool veiled,
                      const struct clock_row *clocks, size_t n, struct error *e)
{
    struct str title = veiled         ? STR("")
                       : c->key.n > 0 ? case_title(k->core, k->a, c)
                                      : str_of(lang_word(k->actor->lang, "erased.done"));
    jw_object(w);
    bool ok = card_members(k, w, c, title, clocks, n, e);
    jw_end_object(w);
    return ok;
}

bool case_write_card(struct core *core, struct db *db, struct arena *a, struct jw *w,
                     const struct actor *actor, const struct case_row *c, bool veiled, struct error *e)
{
    struct cards k = cards_open(core, db, a, actor);
    struct clock_row *clocks;
    size_t n = clock_rows(db, a, c->id, &clocks, e);
    return write_one(&k, w, c, veiled, clocks, n, e);
}

/* ---- Many ---------------------------------------------------------------------------------------------- */

/* Some cards of a list, in the order of their ids: what they need is read for all of them at once. */
static bool write_some(struct cards *k, struct jw *w, const int64_t *ids, size_t n, struct error *e)
{
    struct case_row *rows = ARENA_ARRAY(k->a, struct case_row, DB_MANY);
    enum sight sights[DB_MANY];
    struct clock_row *clocks;
    size_t clock_count;

    if (!case_load_many(k->db, k->a, ids, n, rows, e) || !scope_sights(k->db, k->actor, rows, n, sights, e) ||
        !clock_rows_many(k->db, k->a, ids, n, &clocks, &clock_count, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t from = 0, to;
        if (rows[i].id == 0 || sights[i] < SIGHT_CARD || sights[i] == SIGHT_PUBLIC)
            continue;
        while (from < clock_count && clocks[from].case_id != rows[i].id)
            from++;
        for (to = from; to < clock_count && clocks[to].case_id == rows[i].id; to++) {
        }
        if (!write_one(k, w, &rows[i], sights[i] < SIGHT_WORK, clocks + from, to - from, e))
            return false;
    }
    return true;
}

bool case_write_rows(struct core *core, struct db *db, struct arena *a, struct jw *w,
                     const struct actor *actor, const int64_t *ids, size_t n, struct error *e)
{
    struct cards k = cards_open(core, db, a, actor);
    jw_array(w);
    for (size_t i = 0; i < n; i += DB_MANY)
        if (!write_some(&k, w, ids + i, n - i < DB_MANY ? n - i : DB_MANY, e))
            return false;
    jw_end_array(w);
    return true;
}
