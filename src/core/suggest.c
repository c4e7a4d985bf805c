/* From words to what is offered: categories, and cases that may be the same matter. */
#include "core/suggest.h"

#include <math.h>

#include "core/follow.h"
#include "core/suggest_rank.h"

enum { OFFERED = 3 };

/* What is less likely is a guess in the dark; and nothing is certain. */
static const double share_least = 0.04, share_most = 0.99;

struct wanting {
    const struct pack *pack;
    enum kind kind;
};

/* "request/R0601" of the pack that is in force; null for what it no longer has. */
static const struct category *category_of(const struct pack *pack, struct str name, enum kind *ret_kind)
{
    struct str rest = name, kind;

    if (!str_split(&rest, '/', &kind) || !kind_parse(kind, ret_kind))
        return NULL;
    return pack_category(pack, *ret_kind, rest);
}

static bool wanted(void *context, struct str name)
{
    const struct wanting *want = context;
    enum kind kind;
    return category_of(want->pack, name, &kind) != NULL && (want->kind == KIND_NONE || want->kind == kind);
}

static void write_category(struct jw *w, const struct pack *pack, const struct ranked *r)
{
    enum kind kind = KIND_NONE;
    const struct category *c = category_of(pack, r->name, &kind);

    if (c == NULL)
        return;
    jw_object(w);
    jw_kz(w, "kind", kind_code(kind));
    jw_ktext(w, "kind_label", pack->kinds[kind].short_label);
    jw_ktext(w, "category", c->code);
    jw_ktext(w, "label", c->label);
    jw_ktext(w, "upper", c->parent != NULL ? c->parent->code : c->code);
    jw_ktext(w, "upper_label", c->parent != NULL ? c->parent->label : c->label);
    jw_key(w, "share");
    jw_double(w, round(fmin(r->share, share_most) * 100) / 100);
    jw_karray(w, "because");
    for (size_t i = 0; i < r->because_count; i++)
        jw_text(w, r->because[i]);
    jw_end_array(w);
    jw_end_object(w);
}

bool suggest_write(struct core *core, struct db *db, struct arena *a, struct jw *w, const struct actor *actor,
                   const struct suggest_query *q, struct error *e)
{
    const struct pack *pack = core_pack(core, db, 0, e);
    struct wanting want = {pack, q->kind};
    struct ranked best[OFFERED];
    struct journal_cursor building;
    struct features f;
    size_t n;

    if (pack == NULL || !cursor_get(db, true, "suggest.build", &building, e))
        return false;
    features_open(&f, core, a);
    features_add_titled(&f, q->title, q->text);
    features_add(&f, q->place, WEIGHT_TEXT);
    features_end(&f);
    struct ranking ranking = {.db = db,
                              .arena = a,
                              .features = &f,
                              .narrow = q->at->committee.id,
                              .wide = q->at->county.id,
                              .wanted = wanted,
                              .context = &want,
                              .rarity = ARENA_ARRAY(a, double, f.n + 1)};
    if (!rank(&ranking, best, OFFERED, &n, e))
        return false;
    jw_object(w);
    jw_karray(w, "categories");
    for (size_t i = 0; i < n && best[i].share >= share_least; i++)
        write_category(w, pack, &best[i]);
    jw_end_array(w);
    jw_key(w, "duplicates");
    bool ok = suggest_twins(core, db, a, w, actor, q, &f, ranking.rarity, e);
    jw_kbool(w, "complete", building.xid == 0);
    jw_end_object(w);
    return ok;
}
