/* Activities, people, places, accounts and the journal as tables. Each page walks an index: scope, then time or id. */
#include "core/kind.h"
#include "core/listing.h"
#include "core/person.h"
#include "core/place.h"
#include "core/vault.h"

/* The next key of a page that was cut off by its length; otherwise the next source. */
static void go_on(struct list_page *page, const struct listing *l, size_t read, int64_t a, int64_t b, int64_t c)
{
    if (read < LIST_PAGE)
        page->next = (struct list_cursor){.source = l->at.source + 1};
    else
        page->next = (struct list_cursor){.source = l->at.source, .key = {a, b, c}};
}

/* ---- Activities ---------------------------------------------------------------------------------------- */

enum {
    A_AT,
    A_TYPE,
    A_FORM,
    A_TOPIC,
    A_TITLE,
    A_TEXT,
    A_VILLAGE,
    A_COMMITTEE,
    A_PLACE,
    A_MINUTES,
    A_COUNT,
    A_BY,
    A_STATE,
    A_COLUMNS
};

static const struct list_column activity_columns[A_COLUMNS] = {
    [A_AT] = {"happened_at", CELL_TIME, 17},      [A_TYPE] = {"activity_type", CELL_TEXT, 10},
    [A_FORM] = {"form", CELL_TEXT, 16},           [A_TOPIC] = {"topic", CELL_TEXT, 16},
    [A_TITLE] = {"title", CELL_TEXT, 36},         [A_TEXT] = {"text", CELL_TEXT, 50},
    [A_VILLAGE] = {"village", CELL_TEXT, 12},     [A_COMMITTEE] = {"committee", CELL_TEXT, 14},
    [A_PLACE] = {"place", CELL_TEXT, 20},         [A_MINUTES] = {"minutes", CELL_INT, 8},
    [A_COUNT] = {"head_count", CELL_INT, 8},      [A_BY] = {"led_by", CELL_TEXT, 10},
    [A_STATE] = {"activity_state", CELL_TEXT, 9},
};

static bool fill_activity(struct listing *l, struct db *db, struct arena *a, const struct pack *pack,
                          const struct db_rows *r, struct cell *row, struct error *e)
{
    struct key key;
    json_t *words = NULL;
    const char *state = activity_state_code((enum activity_state)db_int(r, 4));
    const struct category *topic = pack_category(pack, KIND_TALK, db_text(r, 7));

    if (vault_key(l->core, db_blob(r, 10), &key, NULL))
        words = vault_open(a, &key, "activity", db_blob(r, 11), NULL);
    row[A_AT].n = db_int(r, 1);
    row[A_TYPE].s =
        pack_label(pack, "activity_types", str_of(activity_type_code((enum activity_type)db_int(r, 3))));
    row[A_STATE].s = str_of(lang_word(l->lang, arena_printf(a, "choice.activity_state.%s", state)));
    row[A_MINUTES].n = db_int(r, 5);
    row[A_FORM].s = arena_str(a, pack_label(pack, "talk.forms", db_text(r, 6)));
    row[A_TOPIC].s = topic != NULL ? topic->label : STR("");
    row[A_COUNT].n = db_int(r, 8);
    row[A_TITLE].s = arena_str(a, json_text(words, "title"));
    row[A_TEXT].s = arena_str(a, json_text(words, "text"));
    row[A_PLACE].s = arena_str(a, json_text(words, "place"));
    json_decref(words);
    return listing_name(l, db, a, NAME_ACCOUNT, db_int(r, 9), &row[A_BY].s, e) &&
           listing_name(l, db, a, NAME_UNIT, db_int(r, 12), &row[A_VILLAGE].s, e) &&
           listing_name(l, db, a, NAME_COMMITTEE, db_int(r, 12), &row[A_COMMITTEE].s, e);
}

static bool page_of_activities(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                               struct list_page *page, struct error *e)
{
    const struct list_source *s = &l->sources[l->at.source];
    const struct pack *pack = core_pack(l->core, db, 0, e);
    int64_t scope = 0, at = 0, id = 0;
    struct db_rows r;
    bool ok = true;

    (void)actor;
    if (pack == NULL ||
        !db_rows(db, &r, e,
                 "select scope, happened_at, id, type, state, coalesce(minutes, 0), form, topic, coalesce(count, 0), leader, key, sealed, unit from activity "
                 "where (scope, happened_at, id) > (?1, ?2, ?3) and scope < ?4 and happened_at >= ?5 and happened_at < ?6 and (?7 = 0 or type = ?7) "
                 "order by scope, happened_at, id limit ?8",
                 ARGS(INT(l->at.key[2] != 0 ? l->at.key[0] : s->lo),
                      INT(l->at.key[2] != 0 ? l->at.key[1] : INT64_MIN), INT(l->at.key[2]), INT(s->hi),
                      INT(l->from), INT(l->to == 0 ? INT64_MAX : l->to), INT(l->type), INT(LIST_PAGE))))
        return false;
    while (ok && db_next(&r)) {
        scope = db_int(&r, 0);
        at = db_int(&r, 1);
        id = db_int(&r, 2);
        ok = fill_activity(l, db, a, pack, &r, listing_row(page, l), e);
    }
    go_on(page, l, page->rows, scope, at, id);
    return db_end(&r, ok ? e : NULL) && ok;
}

const struct list_kind list_activities = {"activities", activity_columns, A_COLUMNS, true, page_of_activities};

/* ---- People: masked, as everywhere --------------------------------------------------------------------- */

enum { P_NAME, P_PHONE, P_VILLAGE, P_COMMITTEE, P_SINCE, P_COLUMNS };

static const struct list_column person_columns[P_COLUMNS] = {
    [P_NAME] = {"person_name", CELL_TEXT, 12},    [P_PHONE] = {"phone", CELL_TEXT, 16},
    [P_VILLAGE] = {"village", CELL_TEXT, 12},     [P_COMMITTEE] = {"committee", CELL_TEXT, 14},
    [P_SINCE] = {"registered_at", CELL_TIME, 17},
};

static bool page_of_persons(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                            struct list_page *page, struct error *e)
{
    const struct list_source *s = &l->sources[l->at.source];
    struct person_row *rows = ARENA_ARRAY(a, struct person_row, LIST_PAGE);
    size_t n;

    if (!person_walk(l->core, db, a, actor, s->lo, s->hi, l->at.key[0], rows, LIST_PAGE, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct cell *row = listing_row(page, l);
        row[P_NAME].s = mask_name(a, rows[i].who.name);
        row[P_PHONE].s = mask_phone(a, rows[i].who.phone);
        row[P_SINCE].n = rows[i].created_at;
        if (!listing_name(l, db, a, NAME_UNIT, rows[i].unit, &row[P_VILLAGE].s, e) ||
            !listing_name(l, db, a, NAME_COMMITTEE, rows[i].unit, &row[P_COMMITTEE].s, e))
            return false;
    }
    go_on(page, l, n, n > 0 ? rows[n - 1].id : 0, 0, 0);
    return true;
}

const struct list_kind list_persons = {"persons", person_columns, P_COLUMNS, true, page_of_persons};

/* ---- Places -------------------------------------------------------------------------------------------- */

enum { L_KIND, L_NAME, L_ADDRESS, L_VILLAGE, L_INDUSTRY, L_BUSINESS, L_OPERATOR, L_COLUMNS };

static const struct list_column place_columns[L_COLUMNS] = {
    [L_KIND] = {"place_kind", CELL_TEXT, 12},   [L_NAME] = {"place_name", CELL_TEXT, 24},
    [L_ADDRESS] = {"address", CELL_TEXT, 28},   [L_VILLAGE] = {"village", CELL_TEXT, 12},
    [L_INDUSTRY] = {"industry", CELL_TEXT, 20}, [L_BUSINESS] = {"business", CELL_TEXT, 20},
    [L_OPERATOR] = {"operator", CELL_TEXT, 20},
};

static bool page_of_places(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                           struct list_page *page, struct error *e)
{
    const struct list_source *s = &l->sources[l->at.source];
    struct place_query q = {.lo = s->lo, .hi = s->hi, .after_scope = -1, .limit = LIST_PAGE};
    struct place *rows;
    size_t n;

    (void)actor;
    if (l->at.key[1] != 0) {
        q.after_scope = l->at.key[0];
        q.after_id = l->at.key[1];
    }
    if (!place_page(l->core, db, a, &q, &rows, &n, e))
        return false;
    for (const struct place *p = rows; p < rows + n; p++) {
        struct cell *row = listing_row(page, l);
        row[L_KIND].s = p->kind_label;
        row[L_NAME].s = p->name;
        row[L_ADDRESS].s = p->address;
        row[L_VILLAGE].s = p->unit_name;
        row[L_INDUSTRY].s = p->industry;
        row[L_BUSINESS].s = p->business;
        row[L_OPERATOR].s = p->owner;
    }
    go_on(page, l, n, n > 0 ? rows[n - 1].scope : 0, n > 0 ? rows[n - 1].id : 0, 0);
    return true;
}

const struct list_kind list_places = {"places", place_columns, L_COLUMNS, true, page_of_places};

/* ---- Accounts: one row a post -------------------------------------------------------------------------- */

enum { K_NAME, K_POST, K_UNIT, K_FROM, K_TO, K_COLUMNS };

static const struct list_column account_columns[K_COLUMNS] = {
    [K_NAME] = {"person_name", CELL_TEXT, 12},
    [K_POST] = {"post", CELL_TEXT, 22},
    [K_UNIT] = {"unit", CELL_TEXT, 18},
    [K_FROM] = {"from", CELL_DATE, 12},
    [K_TO] = {"to", CELL_DATE, 12},
};

static bool page_of_accounts(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                             struct list_page *page, struct error *e)
{
    const struct list_source *s = &l->sources[l->at.source];
    const struct pack *pack = core_pack(l->core, db, 0, e);
    int64_t account = 0, id = 0;
    size_t read = 0;
    struct db_rows r;
    bool ok = true;

    (void)actor;
    if (pack == NULL ||
        !db_rows(db, &r, e,
                 "select p.account, p.id, p.post, p.unit, p.from_day, coalesce(p.to_day, 0) from post p join unit v on v.id = p.unit join account k on k.id = p.account "
                 "where ((v.ord <= ?1 and v.ord_end > ?1) or (v.ord >= ?1 and v.ord < ?2)) and p.office is null and k.closed_at is null "
                 "and (p.account, p.id) > (?3, ?4) order by p.account, p.id limit ?5",
                 ARGS(INT(s->lo), INT(s->hi), INT(l->at.key[0]), INT(l->at.key[1]), INT(LIST_PAGE))))
        return false;
    while (ok && db_next(&r)) {
        read++;
        account = db_int(&r, 0);
        id = db_int(&r, 1);
        if ((POSTS_WORK >> db_int(&r, 2) & 1) == 0)
            continue;
        struct cell *row = listing_row(page, l);
        row[K_POST].s = pack_label(pack, "posts", str_of(post_code((enum post)db_int(&r, 2))));
        row[K_FROM].n = db_int(&r, 4);
        row[K_TO].n = db_int(&r, 5);
        ok = listing_name(l, db, a, NAME_ACCOUNT, account, &row[K_NAME].s, e) &&
             listing_name(l, db, a, NAME_UNIT, db_int(&r, 3), &row[K_UNIT].s, e);
    }
    go_on(page, l, read, account, id, 0);
    return db_end(&r, ok ? e : NULL) && ok;
}

const struct list_kind list_accounts = {"accounts", account_columns, K_COLUMNS, true, page_of_accounts};

/* ---- The journal: what was done, no words -------------------------------------------------------------- */

enum {
    J_SEQ,
    J_RECORDED,
    J_HAPPENED,
    J_ACTOR,
    J_LOGIN,
    J_POST,
    J_SUBJECT,
    J_SUBJECT_ID,
    J_N,
    J_VERB,
    J_HASH,
    J_COLUMNS
};

static const struct list_column journal_columns[J_COLUMNS] = {
    [J_SEQ] = {"seq", CELL_INT, 9},
    [J_RECORDED] = {"recorded_at", CELL_TIME, 17},
    [J_HAPPENED] = {"happened_at", CELL_TIME, 17},
    [J_ACTOR] = {"actor", CELL_TEXT, 10},
    [J_LOGIN] = {"login", CELL_TEXT, 14},
    [J_POST] = {"post", CELL_TEXT, 18},
    [J_SUBJECT] = {"subject", CELL_TEXT, 10},
    [J_SUBJECT_ID] = {"subject_id", CELL_INT, 10},
    [J_N] = {"step", CELL_INT, 7},
    [J_VERB] = {"verb", CELL_TEXT, 16},
    [J_HASH] = {"hash", CELL_TEXT, 66},
};

static void fill_entry(struct listing *l, struct arena *a, const struct pack *pack, const struct db_rows *r,
                       struct cell *row)
{
    struct str hash = db_blob(r, 10);
    struct buf hex = BUF_INIT(BUF_LINE);
    int64_t who = db_int(r, 3);
    const char *subject = subject_code((enum subject_kind)db_int(r, 6));

    buf_add_hex(&hex, hash.p, hash.n);
    row[J_SEQ].n = db_int(r, 0);
    row[J_RECORDED].n = db_int(r, 1);
    row[J_HAPPENED].n = db_int(r, 2);
    row[J_ACTOR].s = who == ACTOR_ACCOUNT
                         ? str_of(lang_word(l->lang, "column.account"))
                         : str_of(lang_word(l->lang, who == ACTOR_SYSTEM ? "actor.system" : "actor.resident"));
    row[J_LOGIN].s = arena_str(a, db_text(r, 4));
    row[J_POST].s =
        db_int(r, 5) < 0 ? STR("") : pack_label(pack, "posts", str_of(post_code((enum post)db_int(r, 5))));
    row[J_SUBJECT].s = str_of(lang_word(l->lang, arena_printf(a, "choice.subject.%s", subject)));
    row[J_SUBJECT_ID].n = db_int(r, 7);
    row[J_N].n = db_int(r, 8);
    row[J_VERB].s = arena_str(a, db_text(r, 9));
    row[J_HASH].s = arena_str(a, buf_str(&hex));
    buf_free(&hex);
}

static bool page_of_journal(struct listing *l, const struct actor *actor, struct db *db, struct arena *a,
                            struct list_page *page, struct error *e)
{
    const struct list_source *s = &l->sources[l->at.source];
    const struct pack *pack = core_pack(l->core, db, 0, e);
    int64_t seq = 0;
    struct db_rows r;

    (void)actor;
    if (pack == NULL ||
        !db_rows(db, &r, e,
                 "select j.seq, j.recorded_at, j.happened_at, j.actor_kind, k.login, j.post, j.subject_kind, j.subject, j.n, j.verb, j.hash "
                 "from journal j left join account k on k.id = j.actor where j.seq > ?1 and j.scope >= ?2 and j.scope < ?3 order by j.seq limit ?4",
                 ARGS(INT(l->at.key[0]), INT(s->lo), INT(s->hi), INT(LIST_PAGE))))
        return false;
    while (db_next(&r)) {
        seq = db_int(&r, 0);
        fill_entry(l, a, pack, &r, listing_row(page, l));
    }
    go_on(page, l, page->rows, seq, 0, 0);
    return db_end(&r, e);
}

const struct list_kind list_journal = {"journal", journal_columns, J_COLUMNS, false, page_of_journal};
