/* Large and plain: read at two metres by somebody who reads little. Black on white, for any printer. */
#include "paper/poster.h"

#include "base/time.h"
#include "paper/draw.h"

/* What is drawn is laid out on A4 and made smaller for A5 and A6; the card is laid out on its own. */
static const struct {
    const char *code;
    struct leaf_form form;
    double scale;
} sizes[POSTER_SIZES] = {
    [POSTER_A4] = {"a4", {595.276, 841.89, 40, 40, 0, 0}, 1},
    [POSTER_A5] = {"a5", {419.528, 595.276, 40, 40, 0, 0}, 419.528 / 595.276},
    [POSTER_A6] = {"a6", {297.638, 419.528, 40, 40, 0, 0}, 297.638 / 595.276},
    [POSTER_CARD] = {"card", {255.118, 153.071, 0, 0, 0, 0}, 1},
};

bool poster_size_parse(struct str s, enum poster_size *ret)
{
    for (int i = 0; i < POSTER_SIZES; i++)
        if (str_is(s, sizes[i].code)) {
            *ret = (enum poster_size)i;
            return true;
        }
    return false;
}

struct str poster_address(struct arena *a, struct str url, const struct sign *sign)
{
    return str_of(arena_printf(a, "%.*s/?u=%.*s%s%s#/report", (int)url.n, url.p, (int)sign->unit_code.n,
                               sign->unit_code.p, sign->has_place ? "&p=" : "", sign->place_id));
}

struct drawing {
    const struct poster_set *set;
    struct arena *a;
    bool no_code; /* an address was too long */
};

static const double width = 595.276, inner = 515;

static void centred(struct leaf *s, const char *family, double size, bool bold, const char *text, double y)
{
    leaf_fit(s, family, size, bold, text, width / 2, y, 0.5, inner);
}

/* "前吴寨 · 吴寨居委会": where the reader stands comes first. A dwelling's name is its owner's and stays off the wall. */
static const char *where(struct arena *a, const struct sign *g)
{
    struct str name = g->has_place && !str_is(g->place.kind, "house") ? g->place.name
                      : g->has_place                                  ? g->place.kind_label
                                                                      : g->unit_name;
    if (!g->has_place && !g->group)
        return arena_z(a, name);
    return arena_printf(a, "%.*s · %.*s", (int)name.n, name.p, (int)g->committee.n, g->committee.p);
}

static void draw_promises(struct leaf *s, double y)
{
    leaf_rule(s, 40, width - 40, y - 34, 1.5);
    centred(s, SANS, 27, true, "条条有回音 · 事事有跟进 · 件件有着落", y);
    leaf_rule(s, 40, width - 40, y + 15, 1.5);
}

/* Who answers: the steward by name and number, the place's own people, the committee. */
static void draw_people(struct leaf *s, const struct drawing *d, const struct sign *g, double y)
{
    struct str phone = d->set->phone;
    const struct place *place = &g->place;

    if (g->steward.n > 0) {
        centred(s, SANS, 32, true,
                arena_printf(d->a, "红管家　%.*s　%.*s", (int)g->steward.n, g->steward.p,
                             (int)g->steward_phone.n, g->steward_phone.p),
                y);
        y += 38;
    }
    centred(s, SANS, 22, false,
            phone.n > 0
                ? arena_printf(d->a, "%.*s负责　办公电话 %.*s", (int)g->committee.n, g->committee.p,
                               (int)phone.n, phone.p)
                : arena_printf(d->a, "%.*s负责　也可以到居委会当面说", (int)g->committee.n, g->committee.p),
            y);
    y += 28;
    if (g->has_place && place->owner.n > 0)
        centred(s, SANS, 15, false,
                arena_printf(d->a, "主体责任：%.*s　行业主管：%.*s　业务分管：%.*s", (int)place->owner.n,
                             place->owner.p, (int)place->industry.n, place->industry.p,
                             (int)place->business.n, place->business.p),
                y);
}

static void draw_danger(struct leaf *s, double y)
{
    leaf_box(s, 40, y, inner, 52, 0);
    leaf_ink(s, 1);
    leaf_fit(s, SANS, 27, true, "有危险先打电话：报警110　火警119　急救120", width / 2, y + 36, 0.5, inner - 24);
    leaf_ink(s, 0);
}

/* What is typed by hand is the unit's address: nobody types a place's long name. */
static const char *typed(const struct drawing *d, const struct sign *g)
{
    return arena_printf(d->a, "%.*s/?u=%.*s", (int)d->set->url.n, d->set->url.p, (int)g->unit_code.n,
                        g->unit_code.p);
}

static void draw_page(struct leaf *s, struct drawing *d, const struct sign *g)
{
    const char *address = poster_address(d->a, d->set->url, g).p;
    const double side = 262;

    centred(s, SANS, 34, true, where(d->a, g), 74);
    centred(s, SANS, 70, true, "有事扫码说一声", 160);
    centred(s, SANS, 21, false, "邻里纠纷　想办的事　垃圾污水　家有难处　安全隐患", 198);
    if (!leaf_qr(s, address, (width - side) / 2, 210, side))
        d->no_code = true;
    centred(s, SANS, 25, true, "微信扫一扫 → 说一句或拍张照 → 点提交", 502);
    centred(s, SANS, 17, false, "不用注册，不要钱，可以不留名；谁来办、办到哪一步，都查得到", 530);
    draw_promises(s, 580);
    draw_people(s, d, g, g->steward.n > 0 || g->has_place ? 634 : 660);
    draw_danger(s, 726);
    centred(s, SANS, 13, false, arena_printf(d->a, "扫不了码，在手机浏览器里输入：%s", typed(d, g)), 802);
    leaf_ink(s, 0.35);
    centred(s, SANS, 9, false, arena_printf(d->a, "%.*s　六小行动", (int)g->full_name.n, g->full_name.p), 822);
    if (d->set->power.n > 0)
        leaf_fit(s, SANS, 8, false, arena_z(d->a, d->set->power), width / 2, 834, 0.5, width - 80);
    leaf_ink(s, 0);
}

/* 90 × 54 mm: beside the code what fits, for a door or a meter box. */
static void draw_card(struct leaf *s, struct drawing *d, const struct sign *g)
{
    const char *address = poster_address(d->a, d->set->url, g).p;
    const double x = 126, room = 122;

    if (!leaf_qr(s, address, 4, 10, 120))
        d->no_code = true;
    leaf_fit(s, SANS, 11, true, where(d->a, g), x, 28, 0, room);
    leaf_fit(s, SANS, 17, true, "有事扫码说一声", x, 54, 0, room);
    leaf_fit(s, SANS, 8.5, false, "条条有回音 · 事事有跟进 · 件件有着落", x, 72, 0, room);
    if (g->steward.n > 0) {
        leaf_fit(s, SANS, 11, true, arena_printf(d->a, "红管家 %.*s", (int)g->steward.n, g->steward.p), x, 92,
                 0, room);
        leaf_fit(s, SANS, 13, true, arena_z(d->a, g->steward_phone), x, 109, 0, room);
    } else if (d->set->phone.n > 0) {
        leaf_fit(s, SANS, 11, true, "办公电话", x, 92, 0, room);
        leaf_fit(s, SANS, 13, true, arena_z(d->a, d->set->phone), x, 109, 0, room);
    }
    leaf_fit(s, SANS, 9, true, "危险先打 110 · 119 · 120", x, 128, 0, room);
    leaf_fit(s, SANS, 6, false, typed(d, g), 127.5, 145, 0.5, 240);
}

static void draw_all(struct leaf *s, void *context)
{
    struct drawing *d = context;
    const struct poster_set *set = d->set;
    double scale = sizes[set->size].scale;

    for (size_t i = 0; i < set->n; i++) {
        if (i > 0)
            leaf_new_page(s);
        cairo_save(s->cr);
        cairo_scale(s->cr, scale, scale);
        if (set->size == POSTER_CARD)
            draw_card(s, d, &set->signs[i]);
        else
            draw_page(s, d, &set->signs[i]);
        cairo_restore(s->cr);
    }
}

bool poster_pdf(const struct poster_set *set, struct buf *out, struct error *e)
{
    struct arena *a = arena_open();
    struct drawing d = {.set = set, .a = a};
    struct leaf_about about = {.title = arena_printf(a, "%.*s 二维码海报", (int)set->signs[0].committee.n,
                                                     set->signs[0].committee.p),
                               .author = arena_z(a, set->signs[0].full_name),
                               .made = time_now()};
    bool ok = leaf_pdf(&sizes[set->size].form, &about, draw_all, NULL, &d, out, e);
    if (ok && d.no_code)
        ok = error_set(e, ERROR_TOO_LONG, "public_url");
    arena_close(a);
    return ok;
}
