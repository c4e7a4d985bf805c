/* Stand-ins, read: who is away and who covers for them, and who could. */
#include "base/time.h"
#include "core/account.h"
#include "core/names.h"
#include "core/scope.h"
#include "core/stand_in_parts.h"
#include "core/subject.h"

enum { PEOPLE_MOST = 300, ROWS_MOST = 500 };

struct reading {
    struct core *core;
    struct db *db;
    struct arena *a;
    struct jw *w;
    const struct actor *actor;
    const struct pack *pack;
    struct names names;
    int32_t today;
};

/* Accounts in the order in which they were found, each once. */
struct people {
    int64_t ids[PEOPLE_MOST];
    size_t n;
};

static void add_person(struct people *p, int64_t account)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->ids[i] == account)
            return;
    if (p->n < PEOPLE_MOST)
        p->ids[p->n++] = account;
}

/* Those who hold posts of their own between two ordinals. */
static bool add_holders(struct reading *s, int64_t lo, int64_t hi, struct people *p, struct error *e)
{
    struct db_rows r;
    if (!db_rows(s->db, &r, e,
                 "select p.account, p.post from unit u join post p on p.unit = u.id join account k on k.id = p.account where u.ord >= ?1 and u.ord < ?2 "
                 "and p.stands_in_for is null and p.from_day <= ?3 and (p.to_day is null or p.to_day > ?3) and k.closed_at is null order by u.ord, p.id limit ?4",
                 ARGS(INT(lo), INT(hi), INT(s->today), INT(ROWS_MOST))))
        return false;
    while (db_next(&r))
        if ((stand_in_kept >> db_int(&r, 1) & 1) == 0)
            add_person(p, db_int(&r, 0));
    return db_end(&r, e);
}

static bool write_name(struct reading *s, const char *key, int64_t account, struct error *e)
{
    struct name name;
    struct id uuid = {{0}};
    char id[ID_TEXT];

    if (!names_get(&s->names, s->db, s->a, NAME_ACCOUNT, account, &name, e) ||
        !subject_uuid(s->db, SUBJECT_ACCOUNT, account, &uuid, e))
        return false;
    id_format(uuid, id);
    if (key != NULL)
        jw_kobject(s->w, key);
    jw_kz(s->w, "id", id);
    jw_ktext(s->w, "name", name.name);
    if (key != NULL)
        jw_end_object(s->w);
    return true;
}

static struct str label_of(const struct reading *s, int64_t post)
{
    return pack_label(s->pack, "posts", str_of(post_code((enum post)post)));
}

static bool write_people(struct reading *s, const char *key, const struct people *p, struct error *e)
{
    jw_karray(s->w, key);
    for (size_t i = 0; i < p->n; i++) {
        struct actor who;
        post_mask said = 0;
        if (!actor_load(s->db, s->a, p->ids[i], s->today, &who, e))
            return false;
        jw_object(s->w);
        if (!write_name(s, NULL, p->ids[i], e))
            return false;
        jw_karray(s->w, "posts");
        for (size_t j = 0; j < who.post_count; j++) {
            post_mask one = (post_mask)1 << who.posts[j].post;
            if (who.posts[j].stands_in_for == 0 && (said & one) == 0)
                jw_text(s->w, label_of(s, who.posts[j].post));
            said |= who.posts[j].stands_in_for == 0 ? one : 0;
        }
        jw_end_array(s->w);
        jw_end_object(s->w);
    }
    jw_end_array(s->w);
    return true;
}

/* Whom the actor may send away: themselves, and of the units of a chair or administrator everybody. */
static bool write_may(struct reading *s, struct error *e)
{
    struct people p = {.n = 0};
    struct held_post held[HELD_MOST];
    struct interval *reach;
    size_t n, intervals = scope_intervals(s->actor, s->a, AS(CHAIR) | AS(ADMIN), &reach);

    if (!stand_in_held(s->db, s->actor->account, s->today, s->today + 1, held, &n, e))
        return false;
    if (n > 0)
        add_person(&p, s->actor->account);
    for (size_t i = 0; i < intervals; i++)
        if (!add_holders(s, reach[i].lo, reach[i].hi, &p, e))
            return false;
    return write_people(s, "may", &p, e);
}

/* Who could stand in: in the place where one of the posts is covered from, and fit to hold it. */
static bool write_with(struct reading *s, int64_t absent, struct error *e)
{
    struct people found = {.n = 0}, fit = {.n = 0};
    struct held_post held[HELD_MOST];
    bool may = absent == s->actor->account;
    size_t n;

    if (!stand_in_held(s->db, absent, s->today, s->today + 1, held, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!stand_in_may_send(s->actor, absent, &held[i]))
            continue;
        may = true;
        if (!add_holders(s, held[i].lo, held[i].hi, &found, e))
            return false;
        for (size_t j = 0; j < found.n; j++) {
            bool fits;
            if (!stand_in_fits(s->db, &held[i], found.ids[j], s->today, s->today + 1, &fits, e))
                return false;
            if (fits && found.ids[j] != absent)
                add_person(&fit, found.ids[j]);
        }
    }
    return may ? write_people(s, "with", &fit, e) : error_set(e, ERROR_NOT_FOUND, "for");
}

/* A post that is or will be held for somebody. */
struct held_for {
    int64_t absent, by, from, end, post, ord;
    struct str unit;
};

struct held_list {
    struct held_for rows[ROWS_MOST];
    size_t n;
};

#define HELD_COLUMNS "p.stands_in_for, p.account, p.from_day, coalesce(p.to_day, 0), p.post, u.ord, u.name"
#define HELD_WHERE                                                                                           \
    "p.stands_in_for is not null and (p.to_day is null or (p.to_day > ?2 and p.to_day > p.from_day)) "       \
    "order by p.from_day, p.stands_in_for, p.account, p.id"

static bool keep_held(struct reading *s, struct db_rows *r, struct held_list *list, struct error *e)
{
    while (list->n < ROWS_MOST && db_next(r)) {
        struct held_for h = {.absent = db_int(r, 0),
                             .by = db_int(r, 1),
                             .from = db_int(r, 2),
                             .end = db_int(r, 3),
                             .post = db_int(r, 4),
                             .ord = db_int(r, 5),
                             .unit = arena_str(s->a, db_text(r, 6))};
        bool there = false;
        for (size_t i = 0; i < list->n && !there; i++) {
            const struct held_for *o = &list->rows[i];
            there = o->absent == h.absent && o->by == h.by && o->from == h.from && o->post == h.post &&
                    o->ord == h.ord;
        }
        if (!there)
            list->rows[list->n++] = h;
    }
    return db_end(r, e);
}

/* The actor's own, on either side; found by the posts, which both hold. */
static bool own_held(struct reading *s, struct held_list *list, struct error *e)
{
    struct db_rows r;
    struct db_arg me = INT(s->actor->account), today = INT(s->today);

    if (!db_rows(s->db, &r, e,
                 "select " HELD_COLUMNS
                 " from post p join unit u on u.id = p.unit where p.account = ?1 and " HELD_WHERE,
                 ((struct db_arg[]){me, today}), 2) ||
        !keep_held(s, &r, list, e))
        return false;
    return db_rows(s->db, &r, e,
                   "select " HELD_COLUMNS
                   " from post o join post p on p.unit = o.unit and p.post = o.post join unit u on u.id = p.unit "
                   "where o.account = ?1 and p.stands_in_for = ?1 and " HELD_WHERE,
                   ((struct db_arg[]){me, today}), 2) &&
           keep_held(s, &r, list, e);
}

static bool unit_held(struct reading *s, struct held_list *list, struct error *e)
{
    struct interval *reach;
    size_t n = scope_intervals(s->actor, s->a, AS(CHAIR) | AS(ADMIN), &reach);
    struct db_rows r;

    for (size_t i = 0; i < n; i++)
        if (!db_rows(s->db, &r, e,
                     "select " HELD_COLUMNS
                     " from unit u join post p on p.unit = u.id where u.ord >= ?1 and u.ord < ?3 and " HELD_WHERE,
                     ARGS(INT(reach[i].lo), INT(s->today), INT(reach[i].hi))) ||
            !keep_held(s, &r, list, e))
            return false;
    return true;
}

/* The last day is empty where an administrator has named none. */
static void write_days(struct jw *w, const struct held_for *h)
{
    char from[DATE_TEXT], until[DATE_TEXT] = "";
    date_format((int32_t)h->from, from);
    if (h->end != 0)
        date_format((int32_t)h->end - 1, until);
    jw_kz(w, "from", from);
    jw_kz(w, "until", until);
}

static bool same_cover(const struct held_for *a, const struct held_for *b)
{
    return a->absent == b->absent && a->by == b->by && a->from == b->from && a->end == b->end;
}

/* All posts of one absence are one item: the rows behind `at` that belong to it are written with it and marked. */
static bool write_item(struct reading *s, struct held_list *list, size_t at, struct error *e)
{
    struct held_for first = list->rows[at];
    struct jw *w = s->w;
    bool may_end =
        first.absent == s->actor->account || scope_reaches(s->actor, first.ord, AS(CHAIR) | AS(ADMIN));

    jw_object(w);
    if (!write_name(s, "absent", first.absent, e) || !write_name(s, "by", first.by, e))
        return false;
    write_days(w, &first);
    jw_kbool(w, "now", first.from <= s->today);
    jw_kbool(w, "may_end", may_end);
    jw_karray(w, "posts");
    for (size_t i = at; i < list->n; i++)
        if (list->rows[i].absent != 0 && same_cover(&list->rows[i], &first)) {
            struct str unit = list->rows[i].unit, label = label_of(s, list->rows[i].post);
            jw_text(w, str_of(arena_printf(s->a, "%.*s %.*s", (int)unit.n, unit.p, (int)label.n, label.p)));
            list->rows[i].absent = 0;
        }
    jw_end_array(w);
    jw_end_object(w);
    return true;
}

static bool open_reading(struct reading *s, struct error *e)
{
    s->pack = core_pack(s->core, s->db, 0, e);
    s->names = names_open(s->core, s->a);
    s->today = day_of(time_now());
    return s->pack != NULL;
}

bool stand_in_write(struct core *core, struct db *db, struct arena *a, struct jw *w,
                    const struct actor *actor, struct id absent, struct error *e)
{
    struct reading s = {.core = core, .db = db, .a = a, .w = w, .actor = actor};
    struct held_list *list = ARENA_ARRAY(a, struct held_list, 1);
    int64_t account = actor->account;

    list->n = 0;
    if (!open_reading(&s, e))
        return false;
    if (!id_is_zero(absent) && !subject_id(db, SUBJECT_ACCOUNT, absent, &account, e))
        return error_set(e, ERROR_NOT_FOUND, "for");
    jw_object(w);
    jw_kint(w, "most_days", STAND_IN_DAYS);
    if (!write_may(&s, e) || !write_with(&s, account, e) || !own_held(&s, list, e) || !unit_held(&s, list, e))
        return false;
    jw_karray(w, "items");
    for (size_t i = 0; i < list->n; i++)
        if (list->rows[i].absent != 0 && !write_item(&s, list, i, e))
            return false;
    jw_end_array(w);
    jw_end_object(w);
    return true;
}

/* Whom the actor covers for today, or who covers for them, now and later. */
static bool write_own_side(struct reading *s, const struct held_list *list, bool covered, struct error *e)
{
    jw_karray(s->w, covered ? "covered_by" : "covers");
    for (size_t i = 0; i < list->n; i++) {
        const struct held_for *h = &list->rows[i];
        bool out = (h->absent == s->actor->account) != covered || (!covered && h->from > s->today);
        for (size_t j = 0; j < i; j++)
            out = out || same_cover(&list->rows[j], h);
        if (out)
            continue;
        jw_object(s->w);
        if (!write_name(s, NULL, covered ? h->by : h->absent, e))
            return false;
        write_days(s->w, h);
        jw_end_object(s->w);
    }
    jw_end_array(s->w);
    return true;
}

bool stand_in_write_own(struct core *core, struct db *db, struct arena *a, struct jw *w,
                        const struct actor *actor, struct error *e)
{
    struct reading s = {.core = core, .db = db, .a = a, .w = w, .actor = actor};
    struct held_list *list = ARENA_ARRAY(a, struct held_list, 1);

    list->n = 0;
    if (!open_reading(&s, e) || !own_held(&s, list, e))
        return false;
    return write_own_side(&s, list, false, e) && write_own_side(&s, list, true, e);
}
