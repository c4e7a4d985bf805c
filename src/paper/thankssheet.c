#include "paper/thankssheet.h"

#include "base/arena.h"
#include "base/time.h"
#include "paper/draw.h"

#define SLICE(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static const struct leaf_form a5 = {419.528, 595.276, 40, 40, 40, 40};
static const struct leaf_setting body = {SANS, 14, 22, 0, false, true},
                                 said = {SERIF, 13, 20, 28, false, true};

struct drawing {
    const struct thanks_sheet *sheet;
    struct arena *a;
};

static void draw_line(struct leaf *s, struct arena *a, size_t n, const struct thanks_sheet_line *line)
{
    leaf_need(s, 60);
    s->y += 8;
    leaf_paragraph(s, &body,
                   arena_printf(a, "%zu. %d月%d日  %.*s  %.*s：%.*s", n, line->month, line->day,
                                SLICE(line->unit), SLICE(line->what), SLICE(line->how)));
    if (line->said.n > 0)
        leaf_paragraph(s, &said, arena_printf(a, "乡亲说：“%.*s”", SLICE(line->said)));
}

static void draw(struct leaf *s, void *context)
{
    const struct drawing *d = context;
    const struct thanks_sheet *t = d->sheet;
    struct civil c = civil_of(t->at);

    s->y += 20;
    leaf_fit(s, SERIF, 22, true,
             arena_printf(d->a, "%d月您%s的 %zu 件事", t->month, t->disputes_alone ? "劝" : "办", t->n),
             s->form.width / 2, s->y, 0.5, leaf_inner(s));
    s->y += 22;
    leaf_paragraph(s, &body, arena_printf(d->a, "%.*s：", SLICE(t->name)));
    leaf_paragraph(s, &body,
                   t->n > 0
                       ? arena_printf(d->a, "%d年%d月，您出面%s成了下面这些事。%s，有您的功劳，谢谢您。",
                                      t->year, t->month, t->disputes_alone ? "劝" : "办",
                                      t->disputes_alone ? "邻里能说到一块儿" : "乡亲们的日子顺当些")
                       : arena_printf(d->a, "%d年%d月没有记在您名下办完的事。有漏记的，跟居委会说一声就补上。",
                                      t->year, t->month));
    for (size_t i = 0; i < t->n; i++)
        draw_line(s, d->a, i + 1, &t->lines[i]);
    leaf_need(s, 60);
    s->y += 26;
    leaf_line(s, SANS, 12, false,
              arena_printf(d->a, "%.*s  %d年%d月%d日", SLICE(t->committee), c.year, c.month, c.day),
              s->form.width - s->form.right, s->y, 1);
}

bool thanks_sheet_pdf(const struct thanks_sheet *sheet, struct buf *out, struct error *e)
{
    struct drawing d = {.sheet = sheet, .a = arena_open()};
    const struct leaf_about about = {"本月您办的事", "六小", sheet->at};
    bool ok = leaf_pdf(&a5, &about, draw, NULL, &d, out, e);
    arena_close(d.a);
    return ok;
}
