#include "paper/callsheet.h"

#include "base/arena.h"
#include "base/time.h"
#include "paper/draw.h"

#define SLICE(s) (int)(s).n, (s).p != NULL ? (s).p : ""

struct drawing {
    const struct callsheet *sheet;
    const struct slip *slip;
    struct arena *a;
};

static const char *day(struct arena *a, int64_t ms)
{
    struct civil c = civil_of(ms);
    return arena_printf(a, "%d月%d日", c.month, c.day);
}

/* ---- The sheet ------------------------------------------------------------------------------------------ */

static const struct leaf_form across = {841.89, 595.276, 40, 40, 44, 48};
static const double widths[] = {30, 96, 118, 190, 84, 84, 159.89};
enum { COLUMNS = sizeof widths / sizeof widths[0] };

static void row(struct leaf *s, const char *const texts[COLUMNS], bool head)
{
    struct leaf_cell cells[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = (struct leaf_cell){texts[i], widths[i], head, head};
    (void)leaf_need(s, leaf_cells_height(s, cells, COLUMNS, 9));
    leaf_cells(s, cells, COLUMNS, 9);
}

static void draw_sheet(struct leaf *s, void *context)
{
    static const char *const heads[COLUMNS] = {
        "序号", "编号", "事项", "结果", "打给谁", "解决了吗", "满意吗、说了什么"};
    const struct drawing *d = context;
    const json_t *item;
    size_t i;

    s->y += 18;
    leaf_line(s, SERIF, 18, true, arena_printf(d->a, "%.*s办结回访单", SLICE(d->sheet->unit)),
              s->form.width / 2, s->y, 0.5);
    s->y += 18;
    leaf_line(s, SANS, 9, false,
              arena_printf(d->a, "%s打印，%.*s。不由经办人打；打完当天在办公台“回访”里记下。用完请收好或销毁。",
                           day(d->a, d->sheet->at), SLICE(d->sheet->by)),
              s->form.left, s->y, 0);
    s->y += 8;
    row(s, heads, true);
    json_array_foreach(d->sheet->items, i, item) {
        const json_t *person = json_object_get(item, "person");
        const char *texts[COLUMNS] = {
            arena_printf(d->a, "%zu", i + 1),
            arena_z(d->a, json_text(item, "number")),
            arena_z(d->a, json_text(item, "title")),
            arena_z(d->a, json_text(item, "result")),
            json_is_object(person) ? arena_printf(d->a, "%.*s\n%.*s", SLICE(json_text(person, "name")),
                                                  SLICE(json_text(person, "phone")))
                                   : "没有留名",
            "□解决了\n□部分解决\n□没解决",
            "□满意 □基本满意 □不满意\n ",
        };
        row(s, texts, false);
    }
    (void)leaf_need(s, 30);
    s->y += 26;
    leaf_line(s, SANS, 10, false, "打电话的人：　　　　　　　　　　　　打完的日期：　　　年　　　月　　　日",
              s->form.left, s->y, 0);
}

static void sheet_footer(struct leaf *s, void *context)
{
    (void)context;
    leaf_page_number(s, s->form.height - 24);
}

bool callsheet_pdf(const struct callsheet *sheet, struct buf *out, struct error *e)
{
    struct drawing d = {.sheet = sheet, .a = arena_open()};
    const struct leaf_about about = {"办结回访单", "六小", sheet->at};
    bool ok = leaf_pdf(&across, &about, draw_sheet, sheet_footer, &d, out, e);
    arena_close(d.a);
    return ok;
}

/* ---- The slip ------------------------------------------------------------------------------------------- */

static const struct leaf_form a5 = {419.528, 595.276, 40, 40, 40, 40};

static void draw_slip(struct leaf *s, void *context)
{
    const struct drawing *d = context;
    const struct slip *p = d->slip;
    double middle = s->form.width / 2, room = leaf_inner(s);
    const struct leaf_setting what = {SANS, 18, 27, 0, false, true}, small = {SANS, 12, 18, 0, false, true};

    s->y += 20;
    leaf_fit(s, SERIF, 20, true, arena_printf(d->a, "%.*s", SLICE(p->committee)), middle, s->y, 0.5, room);
    s->y += 30;
    leaf_fit(s, SANS, 16, false, arena_printf(d->a, "您说的事：%.*s", SLICE(p->number)), middle, s->y, 0.5, room);
    s->y += 14;
    leaf_paragraph(s, &what, arena_z(d->a, p->title));
    s->y += 40;
    leaf_fit(s, SANS, 30, true,
             p->by != 0 ? arena_printf(d->a, "最晚%s给您回话", day(d->a, p->by)) : "办完给您回话", middle,
             s->y, 0.5, room);
    s->y += 46;
    if (p->steward.n > 0)
        leaf_fit(s, SANS, 20, true, arena_printf(d->a, "红管家：%.*s", SLICE(p->steward)), middle, s->y, 0.5,
                 room);
    s->y += 38;
    if (p->steward_phone.n > 0)
        leaf_fit(s, SANS, 32, true, arena_printf(d->a, "%.*s", SLICE(p->steward_phone)), middle, s->y, 0.5, room);
    s->y += 32;
    if (p->track.n > 0) {
        leaf_fit(s, SANS, 18, true, arena_printf(d->a, "查询码 %.*s", SLICE(p->track)), middle, s->y, 0.5, room);
        s->y += 8;
        if (p->address.n > 0 && leaf_qr(s, arena_z(d->a, p->address), middle - 60, s->y, 120))
            s->y += 122;
    }
    leaf_paragraph(s, &small,
                   "不认字也不要紧：拿这张条子问红管家，或叫家里人扫码看办到哪一步。办得不满意，也照实说。");
}

bool slip_pdf(const struct slip *slip, struct buf *out, struct error *e)
{
    struct drawing d = {.slip = slip, .a = arena_open()};
    const struct leaf_about about = {"回话条", "六小", time_now()};
    bool ok = leaf_pdf(&a5, &about, draw_slip, NULL, &d, out, e);
    arena_close(d.a);
    return ok;
}
