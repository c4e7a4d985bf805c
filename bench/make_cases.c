/* Cases with their years. All of a case is planned at its birth: its entries are sealed and chained then, the row is written as it stands today, and
 * the entries wait until their time comes, so that the journal runs in the order of time as a real one does. */
#include <stdlib.h>

#include "base/time.h"
#include "core/clock.h"
#include "core/person.h"
#include "core/subject.h"
#include "core/unit.h"
#include "core/vault.h"
#include "data.h"

enum { YEARS = 4, BATCH = 4000, OPEN_DAYS = 6, CATEGORIES_MAX = 512, STEPS_MAX = 12 };

/* An entry whose time has not come. */
struct waiting {
    struct journal_entry entry;
    unsigned char data[];
};

struct due {
    int64_t at;
    struct waiting *what;
};

struct maker {
    struct site *s;
    struct cast *cast;
    struct core *core;
    struct db *db;
    const struct pack *pack;
    struct arena *a;  /* of one case */
    struct due *heap; /* the earliest first */
    size_t waiting, room;
    int64_t now, start, last_id, entries;
    const struct category *categories[KIND_COUNT][CATEGORIES_MAX];
    size_t category_count[KIND_COUNT];
};

/* A case being planned. */
struct plan {
    struct maker *m;
    struct case_row c;
    struct key key;
    struct committee *committee;
    int64_t steward, at;
    json_t *words;
    struct waiting *steps[STEPS_MAX];
    size_t n;
    unsigned char head[HASH_BYTES];
    unsigned starts, stops;
};

/* ---- Entries in the order of time ---------------------------------------------------------------------- */

static void heap_add(struct maker *m, struct waiting *what)
{
    int64_t at = what->entry.recorded_at;
    if (m->waiting == m->room) {
        m->room = m->room > 0 ? m->room * 2 : 65536;
        m->heap = realloc(m->heap, m->room * sizeof *m->heap);
        if (m->heap == NULL)
            abort();
    }
    size_t i = m->waiting++;
    for (; i > 0 && at < m->heap[(i - 1) / 2].at; i = (i - 1) / 2)
        m->heap[i] = m->heap[(i - 1) / 2];
    m->heap[i] = (struct due){at, what};
}

/* NOLINTBEGIN(clang-analyzer-unix.Malloc): what was taken from the heap is no longer in it */
static struct waiting *heap_take(struct maker *m)
{
    struct waiting *first = m->heap[0].what;
    struct due last = m->heap[--m->waiting];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= m->waiting)
            break;
        if (child + 1 < m->waiting && m->heap[child + 1].at < m->heap[child].at)
            child++;
        if (m->heap[child].at >= last.at)
            break;
        m->heap[i] = m->heap[child];
        i = child;
    }
    m->heap[i] = last;
    return first;
}

static bool write_until(struct maker *m, int64_t time, struct error *e)
{
    bool ok = true;
    while (ok && m->waiting > 0 && m->heap[0].at <= time) {
        struct waiting *w = heap_take(m);
        ok = journal_append(m->db, &w->entry, e);
        m->entries++;
        free(w);
    }
    return ok;
}
/* NOLINTEND(clang-analyzer-unix.Malloc) */

/* ---- One case ------------------------------------------------------------------------------------------ */

/* A UUIDv7 of that moment: those of commands grow with time, and so do these. */
static struct id id_at(int64_t ms)
{
    struct id id = id_new();
    for (int i = 0; i < 6; i++)
        id.b[i] = (unsigned char)(ms >> (40 - 8 * i));
    return id;
}

/* The next entry of the chain. Takes over the fields. */
static void step(struct plan *p, const char *verb, int64_t at, enum actor_kind who, int64_t account,
                 enum post post, bool open, json_t *fields)
{
    struct maker *m = p->m;
    json_t *record = json_pack("{s:o}", "fields", fields);
    struct str data = vault_seal(m->a, &p->key, "journal", record);
    struct waiting *w = malloc(sizeof *w + data.n);

    if (w == NULL || p->n == STEPS_MAX)
        abort();
    memcpy(w->data, data.p, data.n);
    w->entry = (struct journal_entry){
        .id = p->n == 0 ? p->c.uuid : id_at(at),
        .recorded_at = at,
        .happened_at = at,
        .scope = p->c.scope,
        .actor_kind = who,
        .actor = account,
        .post = who == ACTOR_ACCOUNT ? (int64_t)post : -1,
        .subject_kind = SUBJECT_CASE,
        .subject = m->last_id + 1,
        .n = (int64_t)p->n + 1,
        .verb = str_of(verb),
        .open = open,
        .data = str_range((const char *)w->data, data.n),
    };
    hash_bytes(data, w->entry.body_hash);
    memcpy(w->entry.prev, p->head, HASH_BYTES);
    journal_hash(&w->entry);
    memcpy(p->head, w->entry.hash, HASH_BYTES);
    p->steps[p->n++] = w;
    p->at = at;
    json_decref(record);
}

static json_t *text_field(const char *name, struct str text)
{
    return json_pack("{s:s%}", name, text.p, text.n);
}

static enum kind draw_kind(void)
{
    uint64_t n = chance_below(100);
    return n < 15   ? KIND_DISPUTE
           : n < 45 ? KIND_REQUEST
           : n < 65 ? KIND_ENVIRONMENT
           : n < 82 ? KIND_DIFFICULTY
                    : KIND_HAZARD;
}

/* A few categories make most of the work. */
static const struct category *draw_category(struct maker *m, enum kind k)
{
    double u = (double)chance_below(1000000) / 1e6;
    return m->categories[k][(size_t)(u * u * (double)m->category_count[k])];
}

static struct str draw_outcome(struct maker *m, enum kind k, bool counts)
{
    const struct kind_def *def = &m->pack->kinds[k];
    for (;;) {
        const struct outcome *o = &def->outcomes[chance_below(def->outcome_count)];
        if (o->counts == counts)
            return o->code;
    }
}

static struct str draw_channel(void)
{
    static const char *const codes[] = {"VISIT", "MASS", "PHONE", "QR", "WALKIN"};
    return str_of(codes[chance_below(5)]);
}

static struct str track_hash(struct maker *m, struct id command)
{
    char shown[TRACK_TEXT], normal[TRACK_TEXT];
    unsigned char *hash = arena_alloc(m->a, HASH_BYTES);
    case_track(m->core, command, shown);
    (void)track_normal(str_of(shown), normal);
    blind_index(m->core->keys, "track", str_of(normal), hash);
    return str_range((const char *)hash, HASH_BYTES);
}

static bool begin_case(struct maker *m, struct plan *p, int64_t at, int64_t county, struct error *e)
{
    struct case_row *c = &p->c;
    size_t group = chance_below(GROUPS);

    *p = (struct plan){.m = m, .at = at, .committee = &m->cast->committees[chance_below(m->cast->count)]};
    const struct place *where = chance_of(75) ? &p->committee->groups[group] : &p->committee->at;
    p->steward = p->committee->steward[group * STEWARDS / GROUPS];
    c->uuid = id_at(at);
    c->kind = draw_kind();
    const struct category *category = draw_category(m, c->kind);
    c->shard = county;
    c->category = category->code;
    c->class = (category->class & CLASS_BYPASS) != 0 ? CLASS_BYPASS : category->class;
    c->unit = where->unit;
    c->scope = where->ord;
    c->pack = m->pack->id;
    c->level = (c->class & CLASS_BYPASS) != 0 ? LEVEL_TOWN
               : where == &p->committee->at   ? LEVEL_COMMITTEE
                                              : LEVEL_GROUP;
    c->channel = draw_channel();
    c->finder_post = -1;
    c->state = STATE_REPORTED;
    c->reported_at = c->recorded_at = at;
    if (chance_of(2))
        c->flags |= FLAG_DANGER;
    c->track = track_hash(m, c->uuid);
    c->key = vault_new(m->core, m->a, &p->key);
    struct unit committee;
    return unit_load(m->db, m->a, p->committee->at.unit, &committee, e) &&
           case_number(m->db, m->a, &committee, c->kind, civil_of(at).year, c, e);
}

/* ---- Its people ---------------------------------------------------------------------------------------- */

static void remember(struct committee *c, struct id uuid)
{
    if (c->known_count == c->known_room) {
        c->known_room = c->known_room > 0 ? c->known_room * 2 : 64;
        c->known = realloc(c->known, c->known_room * sizeof *c->known);
        if (c->known == NULL)
            abort();
    }
    c->known[c->known_count++] = uuid;
}

/* About two in five have been here before. */
static bool one_person(struct plan *p, struct work *w, struct id *ret, struct error *e)
{
    struct committee *c = p->committee;
    struct identity who = {.name = invent_name(p->m->a), .phone = invent_phone(p->m->a)};
    int64_t id;

    if (c->known_count > 0 && chance_of(40)) {
        *ret = c->known[chance_below(c->known_count)];
        return true;
    }
    if (!person_find_or_make(w, p->c.unit, p->c.scope, &who, &id, e) ||
        !subject_uuid(p->m->db, SUBJECT_PERSON, id, ret, e))
        return false;
    remember(c, *ret);
    return true;
}

/* 1.3 a case on the average. */
static size_t draw_people(void)
{
    uint64_t n = chance_below(100);
    return n < 20 ? 0 : n < 60 ? 1 : n < 90 ? 2 : 3;
}

static bool draw_persons(struct plan *p, struct work *w, json_t *persons, struct error *e)
{
    static const char *const roles[] = {"reporter", "party", "subject"};
    for (size_t i = 0, n = draw_people(); i < n; i++) {
        struct id uuid = {{0}};
        char text[ID_TEXT];
        if (!one_person(p, w, &uuid, e))
            return false;
        id_format(uuid, text);
        (void)json_array_append_new(persons, json_pack("{s:s,s:I,s:s}", "role", roles[i], "side",
                                                       (json_int_t)(i > 0), "person", text));
    }
    return true;
}

/* ---- Its way ------------------------------------------------------------------------------------------- */

static int64_t hours(int64_t least, int64_t most)
{
    return (least * 60 + (int64_t)chance_below((uint64_t)(most - least) * 60 + 1)) * TIME_MINUTE;
}

static json_t *report_fields(struct plan *p, const json_t *persons)
{
    struct str text = json_text(p->words, "text"), place = json_text(p->words, "place");
    json_t *fields = json_pack("{s:s%,s:s%,s:s,s:s%}", "text", text.p, text.n, "place", place.p, place.n,
                               "kind", kind_code(p->c.kind), "category", p->c.category.p, p->c.category.n);
    if (json_array_size(persons) > 0)
        (void)json_object_set(fields, "persons", (json_t *)(uintptr_t)persons);
    return fields;
}

static void say_result(struct plan *p)
{
    struct str result = invent_result(p->m->a);
    (void)json_object_set_new(p->words, "result", json_stringn(result.p, result.n));
    (void)json_object_set_new(p->words, "told_how", json_string("当面"));
}

static json_t *result_fields(const struct plan *p)
{
    struct str result = json_text(p->words, "result");
    return json_pack("{s:s%,s:s%,s:s}", "outcome", p->c.outcome.p, p->c.outcome.n, "result", result.p,
                     result.n, "told_how", "当面");
}

static void settle(struct plan *p, int64_t at, int64_t by, enum level level)
{
    struct case_row *c = &p->c;
    c->state = STATE_SETTLED;
    c->outcome = draw_outcome(p->m, c->kind, chance_of(92));
    c->settled_at = at;
    c->settled_by = by;
    c->settled_level = level;
    c->level = level;
    if (c->replied_at == 0)
        c->replied_at = at;
    say_result(p);
}

static void on_the_spot(struct plan *p, const json_t *persons)
{
    struct case_row *c = &p->c;
    c->finder = c->handler = p->steward;
    c->finder_post = POST_STEWARD;
    c->accepted_at = c->replied_at = c->reported_at;
    settle(p, c->reported_at, p->steward, LEVEL_SPOT);
    json_t *fields = report_fields(p, persons), *result = result_fields(p);
    (void)json_object_update(fields, result);
    json_decref(result);
    step(p, "settle_on_spot", c->reported_at, ACTOR_ACCOUNT, p->steward, POST_STEWARD, true, fields);
}

static void reported(struct plan *p, const json_t *persons)
{
    struct case_row *c = &p->c;
    bool resident = chance_of(45);
    if (!resident) {
        c->finder = p->steward;
        c->finder_post = POST_STEWARD;
    }
    step(p, "report", c->reported_at, resident ? ACTOR_NOBODY : ACTOR_ACCOUNT, resident ? 0 : p->steward,
         POST_STEWARD, true, report_fields(p, persons));
}

static void accepted(struct plan *p, int64_t at)
{
    p->c.state = STATE_ACCEPTED;
    p->c.accepted_at = at;
    p->c.handler = p->committee->officer;
    if (p->c.level == LEVEL_GROUP)
        p->c.level = LEVEL_COMMITTEE;
    step(p, "accept", at, ACTOR_ACCOUNT, p->committee->officer, POST_OFFICER, true, json_object());
}

static void progressed(struct plan *p, int64_t at)
{
    p->c.state = STATE_WORKING;
    step(p, "progress", at, ACTOR_ACCOUNT, p->committee->officer, POST_OFFICER, false,
         text_field("text", invent_step(p->m->a)));
}

static void replied(struct plan *p, int64_t at)
{
    p->c.state = STATE_WORKING;
    p->c.replied_at = at;
    step(p, "reply", at, ACTOR_ACCOUNT, p->committee->officer, POST_OFFICER, true,
         text_field("text", invent_step(p->m->a)));
}

static void judged(struct plan *p, int64_t at)
{
    static const char *const satisfied[] = {"", "yes", "ok", "no"};
    struct case_row *c = &p->c;
    c->resolved = chance_of(93) ? RESOLVED_YES : RESOLVED_PART;
    c->satisfied = chance_of(85) ? SATISFIED_YES : chance_of(70) ? SATISFIED_OK : SATISFIED_NO;
    (void)json_object_set_new(p->words, "judgement", json_pack("{s:s,s:I}", "text", "", "at", (json_int_t)at));
    step(p, "judge", at, ACTOR_RESIDENT, 0, POST_STEWARD, true,
         json_pack("{s:s,s:s}", "resolved", c->resolved == RESOLVED_YES ? "yes" : "part", "satisfied",
                   satisfied[c->satisfied]));
}

static void closed(struct plan *p, int64_t at)
{
    p->c.state = STATE_CLOSED;
    p->c.closed_at = at;
    step(p, "close", at, ACTOR_SYSTEM, 0, POST_STEWARD, true, json_object());
}

static void declined(struct plan *p, int64_t at)
{
    p->c.state = STATE_DECLINED;
    p->c.replied_at = p->c.closed_at = at;
    step(p, "decline", at, ACTOR_ACCOUNT, p->committee->officer, POST_OFFICER, true,
         json_pack("{s:s,s:s}", "reason", "不属于村里能办的事", "guidance", "请到镇便民服务中心三号窗口问"));
}

/* Three to six entries, the last some days after the first. */
static void go_whole_way(struct plan *p, const json_t *persons)
{
    if (chance_of(38)) {
        on_the_spot(p, persons);
    } else {
        reported(p, persons);
        if (chance_of(3)) {
            declined(p, p->at + hours(1, 20));
            return;
        }
        accepted(p, p->at + hours(0, 5));
        if (chance_of(45))
            replied(p, p->at + hours(0, 20));
        if (chance_of(45))
            progressed(p, p->at + hours(2, 60));
        int64_t at = p->at + hours(1, 40);
        settle(p, at, p->committee->officer, chance_of(12) ? LEVEL_TOWN : LEVEL_COMMITTEE);
        step(p, "settle", at, ACTOR_ACCOUNT, p->committee->officer, POST_OFFICER, true, result_fields(p));
    }
    if (chance_of(55))
        judged(p, p->at + hours(3, 70));
    closed(p, p->at + hours(30, 170));
}

/* Not later than now. */
static int64_t until_now(const struct plan *p, int64_t at)
{
    return at < p->m->now ? at : p->m->now;
}

static void go_part_of_it(struct plan *p, const json_t *persons)
{
    unsigned how = (unsigned)chance_below(100);
    reported(p, persons);
    if (how < 20)
        return;
    accepted(p, until_now(p, p->at + hours(0, 4)));
    if (how < 42)
        return;
    int64_t lately = p->m->now - hours(0, 9);
    if (how < 65)
        replied(p, until_now(p, p->at + hours(0, 3)));
    if (how < 90) {
        progressed(p, lately > p->at ? lately : p->at);
        return;
    }
    int64_t at = lately > p->at ? lately : p->at;
    settle(p, at, p->committee->officer, LEVEL_COMMITTEE);
    step(p, "settle", at, ACTOR_ACCOUNT, p->committee->officer, POST_OFFICER, true, result_fields(p));
}

/* ---- Written ------------------------------------------------------------------------------------------- */

/* The promises as the verbs would have started and stopped them. */
static bool write_clocks(struct plan *p, struct error *e)
{
    struct maker *m = p->m;
    struct case_row *c = &p->c;
    int64_t replied = c->replied_at != 0 ? c->replied_at : c->settled_at;
    bool spot = c->settled_level == LEVEL_SPOT && c->settled_at != 0;
    bool ok = true;

    if (!spot)
        ok = clock_start(m->core, m->db, c, TICKS(REPLY), c->reported_at, e) &&
             (replied == 0 || clock_stop(m->db, c, TICKS(REPLY), replied, e));
    if (ok && !spot && c->accepted_at != 0)
        ok = clock_start(m->core, m->db, c, TICKS(SETTLE), c->accepted_at, e) &&
             clock_start(m->core, m->db, c, TICKS(PROGRESS),
                         c->state == STATE_WORKING ? p->at : c->accepted_at, e) &&
             (c->settled_at == 0 || clock_stop(m->db, c, TICKS(SETTLE) | TICKS(PROGRESS), c->settled_at, e));
    if (ok && c->settled_at != 0)
        ok = clock_start(m->core, m->db, c, TICKS(JUDGE), c->settled_at, e) &&
             (c->closed_at == 0 || clock_stop(m->db, c, TICKS(JUDGE), c->closed_at, e));
    return ok && (c->closed_at != 0 || clock_nearest(m->db, c, e));
}

static bool write_case(struct plan *p, struct work *w, struct error *e)
{
    struct maker *m = p->m;
    struct case_row *c = &p->c;

    c->rev = (int64_t)p->n;
    memcpy(c->head, p->head, HASH_BYTES);
    c->sealed = vault_seal(m->a, &p->key, "case", p->words);
    c->id = ++m->last_id;
    if (!case_insert(m->db, c, e))
        return false;
    w->c = *c;
    if (!work_add_persons(w, e) || !write_clocks(p, e) ||
        (c->handler != 0 && !case_worker_set(m->db, c->id, c->handler, WORKER_HANDLER, c->accepted_at, e)))
        return false;
    if (c->closed_at != 0)
        return true;
    /* Its due time is known only now. */
    return case_update(m->db, c, e) && case_desk(m->db, c, e);
}

static bool make_case(struct maker *m, int64_t at, bool ended, int64_t county, struct error *e)
{
    struct actor system = actor_system();
    struct plan p;
    JSON_OWNED json_t *persons = json_array(), *fields = json_object(), *record = json_object();
    struct work w = {.core = m->core,
                     .db = m->db,
                     .arena = m->a,
                     .actor = &system,
                     .fields = fields,
                     .record = record,
                     .now = at,
                     .at = at};

    arena_reset(m->a);
    if (!begin_case(m, &p, at, county, e) || !draw_persons(&p, &w, persons, e))
        return false;
    struct str text = invent_story(m->a), place = invent_place(m->a), title = str_head(text, 24);
    p.words = json_pack("{s:s%,s:s%,s:s%,s:{}}", "title", title.p, title.n, "text", text.p, text.n, "place",
                        place.p, place.n, "fields");
    (void)json_object_set(fields, "persons", persons);
    (void)json_object_set_new(record, "fields", json_object());
    if (ended)
        go_whole_way(&p, persons);
    else
        go_part_of_it(&p, persons);
    bool ok = write_until(m, at, e) && write_case(&p, &w, e);
    for (size_t i = 0; i < p.n; i++)
        heap_add(m, p.steps[i]);
    json_decref(p.words);
    return ok;
}

/* ---- All of them --------------------------------------------------------------------------------------- */

static void list_categories(struct maker *m)
{
    for (int k = KIND_DISPUTE; k <= KIND_HAZARD; k++)
        for (size_t i = 0; i < m->pack->kinds[k].category_count; i++) {
            const struct category *c = &m->pack->kinds[k].categories[i];
            bool leaf = c->parent != NULL || json_array_size(json_object_get(c->row, "children")) == 0;
            if (leaf && m->category_count[k] < CATEGORIES_MAX)
                m->categories[k][m->category_count[k]++] = c;
        }
}

/* The i-th of n, spread over the days from `from` to `to` and over each day's waking hours. */
static int64_t moment(int64_t from, int64_t to, int64_t i, int64_t n)
{
    int64_t at = from + (int64_t)((double)(to - from) * ((double)i / (double)n));
    int64_t day = day_start(day_of(at));
    return day + 7 * (int64_t)TIME_HOUR + (at - day) * 13 / 24;
}

static bool make_all(struct maker *m, int64_t count, int64_t open, int64_t county, struct error *e)
{
    int64_t ended = count - open, i = 0, j = 0, began = time_real();
    int64_t last = m->now - 20 * (int64_t)TIME_DAY; /* all that end have ended by now */

    for (int64_t n = 0; n < count; n++) {
        int64_t a = i < ended ? moment(m->start, last, i, ended) : INT64_MAX;
        int64_t b = j < open ? m->now - OPEN_DAYS * (int64_t)TIME_DAY + OPEN_DAYS * (int64_t)TIME_DAY / open * j
                             : INT64_MAX;
        if (n % BATCH == 0 && !db_begin(m->db, e))
            return false;
        if (!make_case(m, a < b ? a : b, a < b, county, e))
            return false;
        if (a < b)
            i++;
        else
            j++;
        if ((n % BATCH == BATCH - 1 || n == count - 1) && !db_commit(m->db, e))
            return false;
        if (n % 100000 == 99999)
            (void)fprintf(stderr, "%lld cases, %.0f/s\n", (long long)n + 1,
                          (double)(n + 1) * 1000 / (double)(time_real() - began));
    }
    return db_begin(m->db, e) && write_until(m, INT64_MAX, e) && db_commit(m->db, e);
}

bool cases_make(struct site *s, struct cast *cast, int64_t count, int64_t open, struct error *e)
{
    struct unit county;
    struct maker *m = calloc(1, sizeof *m);
    if (m == NULL)
        abort();
    *m = (struct maker){
        .s = s, .cast = cast, .core = s->core, .db = s->db, .a = arena_open(), .now = time_real()};
    m->start = m->now - YEARS * 365 * (int64_t)TIME_DAY;
    m->pack = core_pack(s->core, s->db, 0, e);
    bool ok = m->pack != NULL && unit_by_code(s->db, m->a, str_of(cast->county), &county, e);
    if (ok) {
        list_categories(m);
        ok = make_all(m, count, open, county.id, e);
    }
    if (!ok)
        db_rollback(s->db);
    (void)fprintf(stderr, "%lld entries\n", (long long)m->entries);
    arena_close(m->a);
    free(m->heap);
    free(m);
    return ok;
}
