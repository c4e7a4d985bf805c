#include "paper/reportform.h"

#include "base/arena.h"
#include "base/time.h"
#include "paper/draw.h"

#define SLICE(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static const struct leaf_form a5 = {419.528, 595.276, 36, 36, 36, 36};

struct drawing {
    const struct report_forms *forms;
    struct arena *a;
};

static void box(struct leaf *s, const char *label, double height)
{
    leaf_frame(s, s->form.left, s->y, leaf_inner(s), height, 0.7);
    leaf_line(s, SANS, 11, true, label, s->form.left + 6, s->y + 16, 0);
    s->y += height;
}

/* What whoever brings the form takes home: torn off under the line. */
static void draw_receipt(struct leaf *s, const struct drawing *d, struct str number)
{
    const double left = s->form.left, right = s->form.width - s->form.right;

    for (int i = 0; i < (int)((right - left) / 7); i++)
        leaf_rule(s, left + 7 * i, left + 7 * i + 4, s->y, 0.7);
    s->y += 18;
    leaf_line(s, SANS, 11, true, arena_printf(d->a, "回执　表号 %.*s", SLICE(number)), left, s->y, 0);
    s->y += 22;
    leaf_line(s, SANS, 11, true, "最晚　　　月　　　日给您回话", left, s->y, 0);
    leaf_line(s, SANS, 10, false, "收表人：　　　　　电话：　　　　　　", right, s->y, 1);
    s->y += 18;
    leaf_line(s, SANS, 10, false, "凭表号到居委会问，也可以打收表人的电话。", left, s->y, 0);
}

static void draw_one(struct leaf *s, const struct drawing *d, struct str number)
{
    const struct report_forms *f = d->forms;
    const double side = 76;

    s->y += 18;
    leaf_fit(s, SERIF, 19, true, arena_printf(d->a, "%.*s", SLICE(f->committee)), s->form.left, s->y, 0,
             leaf_inner(s) - side);
    s->y += 26;
    leaf_line(s, SERIF, 17, true, "“六小”事项登记表", s->form.left, s->y, 0);
    s->y += 20;
    leaf_line(s, SANS, 12, false, arena_printf(d->a, "表号 %.*s", SLICE(number)), s->form.left, s->y, 0);
    if (f->url.n > 0)
        (void)leaf_qr(s, arena_printf(d->a, "%.*s/desk/#/intake?form=%.*s", SLICE(f->url), SLICE(number)),
                      s->form.width - s->form.right - side, s->form.top - 6, side);
    s->y += 14;
    leaf_line(s, SANS, 11, true, "电话", s->form.left + leaf_inner(s) * 0.6, s->y + 16, 0);
    box(s, "姓名（不愿写可以空着）", 32);
    box(s, "哪个村组、在哪儿", 32);
    box(s, "什么事", 166);
    box(s, "想怎么办", 58);
    box(s, "怎么给您回话：　□打电话　　□上门　　□发短信　　□贴条子", 26);
    box(s, "要不要保密：　　□要　　□不要", 26);
    s->y += 16;
    leaf_line(s, SANS, 10, false, "收到时间：　　月　　日　　时", s->form.left, s->y, 0);
    leaf_line(s, SANS, 10, true, "事情急、有危险，先打 110、119、120", s->form.width - s->form.right, s->y, 1);
    s->y += 14;
    draw_receipt(s, d, number);
}

static void draw(struct leaf *s, void *context)
{
    const struct drawing *d = context;
    for (size_t i = 0; i < d->forms->n; i++) {
        if (i > 0)
            leaf_new_page(s);
        draw_one(s, d, d->forms->numbers[i]);
    }
}

bool report_forms_pdf(const struct report_forms *forms, struct buf *out, struct error *e)
{
    struct drawing d = {.forms = forms, .a = arena_open()};
    const struct leaf_about about = {"事项登记表", "六小", time_now()};
    bool ok = leaf_pdf(&a5, &about, draw, NULL, &d, out, e);
    arena_close(d.a);
    return ok;
}
