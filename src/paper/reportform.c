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
    box(s, "姓名（不愿写可以空着）                                      电话", 34);
    box(s, "哪个村组、在哪儿", 34);
    box(s, "什么事", 200);
    box(s, "盼着怎么办", 72);
    box(s, "怎么给您回话：  □打电话   □上门   □发短信   □贴条子       要不要保密：  □要   □不要", 34);
    s->y += 18;
    leaf_line(s, SANS, 10, false, "收表人：                     收到时间：        月        日        时",
              s->form.left, s->y, 0);
    s->y += 18;
    leaf_line(s, SANS, 10, false,
              "收表的人当场撕给您回执，上面写着最晚哪天回话。事情急、有危险，先打 110、119、120。",
              s->form.left, s->y, 0);
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
