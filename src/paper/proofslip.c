#include "paper/proofslip.h"

#include "base/arena.h"
#include "base/time.h"
#include "paper/draw.h"

#define SLICE(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static const struct leaf_form a5 = {419.528, 595.276, 40, 40, 40, 40};

struct drawing {
    const struct proof_slip *slip;
    struct arena *a;
};

static void part(struct leaf *s, struct arena *a, const char *label, struct str text)
{
    const struct leaf_setting head = {SANS, 12, 20, 0, true, true}, body = {SANS, 17, 26, 0, false, true};
    if (text.n == 0)
        return;
    s->y += 8;
    leaf_paragraph(s, &head, label);
    leaf_paragraph(s, &body, arena_z(a, text));
}

static void draw(struct leaf *s, void *context)
{
    const struct drawing *d = context;
    const struct proof_slip *p = d->slip;
    struct civil c = civil_of(p->at);

    s->y += 18;
    leaf_fit(s, SERIF, 22, true, "办证明去哪儿", s->form.width / 2, s->y, 0.5, leaf_inner(s));
    s->y += 16;
    part(s, d->a, "您要的", p->name);
    part(s, d->a, "居（村）委会",
         p->may ? STR("可以开，请带好下面的材料到服务台") : STR("这一项按规定不归我们开，不是推您"));
    part(s, d->a, p->may ? "谁来开" : "请到", p->who);
    part(s, d->a, "带上", p->bring);
    part(s, d->a, "到了这样说", p->say);
    part(s, d->a, "依据", p->basis);
    s->y += 18;
    leaf_line(s, SANS, 11, false,
              arena_printf(d->a, "%.*s  %d年%d月%d日", SLICE(p->committee), c.year, c.month, c.day),
              s->form.width - s->form.right, s->y, 1);
}

bool proof_slip_pdf(const struct proof_slip *slip, struct buf *out, struct error *e)
{
    struct drawing d = {.slip = slip, .a = arena_open()};
    const struct leaf_about about = {"办证明去哪儿", "六小", slip->at};
    bool ok = leaf_pdf(&a5, &about, draw, NULL, &d, out, e);
    arena_close(d.a);
    return ok;
}
