#include "paper/oralbook.h"

#include "base/arena.h"
#include "base/time.h"
#include "paper/draw.h"

#define SLICE(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static const struct leaf_form across = {841.89, 595.276, 42.5, 42.5, 50, 50};

enum { NO, DAY, PARTIES, ABOUT, TERMS, MEDIATOR, KEPT, NUMBER, COLUMNS };
static const double widths[COLUMNS] = {30, 62, 84, 170, 196, 58, 72, 84.89};
static const char *const heads[COLUMNS] = {"序号",     "达成日期", "当事人",   "纠纷类型及事由",
                                           "协议内容", "调解员",   "履行情况", "编号（卷号）"};

struct drawing {
    const struct oralbook *book;
    struct arena *a;
};

static const char *day(struct arena *a, int64_t ms)
{
    struct civil c = civil_of(ms);
    return arena_printf(a, "%d-%02d-%02d", c.year, c.month, c.day);
}

/* 甲方 first, each side on a line of its own. */
static const char *parties(struct arena *a, const json_t *item)
{
    const json_t *one, *rows = json_object_get(item, "persons");
    const char *all = "";
    int64_t last = 0;
    size_t i;

    json_array_foreach(rows, i, one) {
        struct str name = json_text(one, "name");
        int64_t side = json_int(one, "side", 0);
        if (!str_is(json_text(one, "role"), "party"))
            continue;
        all = arena_printf(a, "%s%s%.*s", all, all[0] == '\0' ? "" : side == last ? "、" : "\n", SLICE(name));
        last = side;
    }
    return all;
}

static void cells_of(struct leaf_cell *cells, const char *const *texts, bool head)
{
    for (int i = 0; i < COLUMNS; i++)
        cells[i] = (struct leaf_cell){texts[i], widths[i], head, head || i == NO || i == DAY};
}

static void heads_again(struct leaf *s)
{
    struct leaf_cell cells[COLUMNS];
    cells_of(cells, heads, true);
    leaf_cells(s, cells, COLUMNS, 9.5);
}

/* A row is not torn, and every page has its heads. */
static void row(struct leaf *s, const char *const *texts)
{
    struct leaf_cell cells[COLUMNS];
    cells_of(cells, texts, false);
    if (leaf_need(s, leaf_cells_height(s, cells, COLUMNS, 9)))
        heads_again(s);
    leaf_cells(s, cells, COLUMNS, 9);
}

static void draw_item(struct leaf *s, const struct drawing *d, const json_t *item, size_t no)
{
    struct arena *a = d->a;
    struct str archive = json_text(item, "archive_no"), label = json_text(item, "category_label");
    struct str about = json_text(item, "text").n > 0 ? json_text(item, "text") : json_text(item, "title");
    bool withheld = json_flag(item, "withheld");
    int64_t at = 0;

    (void)time_parse(json_text(item, "agreed_at"), &at);
    const char *const texts[COLUMNS] = {
        arena_printf(a, "%zu", no),
        day(a, at),
        withheld ? "（见卷宗）" : parties(a, item),
        arena_printf(a, "【%.*s】%.*s", SLICE(label), SLICE(about)),
        withheld ? "（涉及未成年人或者病情，见卷宗）" : arena_z(a, json_text(item, "terms")),
        arena_z(a, json_text(item, "mediator")),
        arena_z(a, json_text(item, "performance_label")),
        arena_printf(a, "%.*s%s%.*s", SLICE(json_text(item, "number")), archive.n > 0 ? "\n" : "", SLICE(archive)),
    };
    row(s, texts);
}

static void draw_end(struct leaf *s, const struct drawing *d, size_t n)
{
    struct civil c = civil_of(d->book->at);
    (void)leaf_need(s, 62);
    s->y += 22;
    leaf_line(s, SANS, 10, false, arena_printf(d->a, "共%zu件", n), s->form.left, s->y, 0);
    leaf_line(s, SANS, 10, false, "登记人（签名）：　　　　　　　　调解委员会负责人（签名）：",
              s->form.width / 2, s->y, 0.5);
    leaf_line(s, SANS, 10, false, "（盖章）", s->form.width - s->form.right, s->y, 1);
    s->y += 20;
    leaf_line(s, SANS, 10, false, arena_printf(d->a, "%d年%d月%d日", c.year, c.month, c.day),
              s->form.width - s->form.right, s->y, 1);
}

static void draw(struct leaf *s, void *context)
{
    const struct drawing *d = context;
    const struct oralbook *b = d->book;
    const json_t *item;
    size_t i;

    s->y += 14;
    leaf_fit(s, SERIF, 18, true, arena_printf(d->a, "%.*s人民调解口头协议登记台账", SLICE(b->unit)),
             s->form.width / 2, s->y, 0.5, leaf_inner(s));
    s->y += 22;
    leaf_line(s, SANS, 9.5, false, arena_printf(d->a, "达成日期：%.*s 至 %.*s", SLICE(b->from), SLICE(b->to)),
              s->form.left, s->y, 0);
    leaf_line(s, SANS, 9.5, false,
              b->plain ? arena_printf(d->a, "%.*s打印，用途：%.*s", SLICE(b->by), SLICE(b->purpose))
                       : "预览：姓名未全部显示",
              s->form.width - s->form.right, s->y, 1);
    s->y += 8;
    heads_again(s);
    json_array_foreach(b->items, i, item)
        draw_item(s, d, item, i + 1);
    if (json_array_size(b->items) == 0)
        row(s, (const char *const[COLUMNS]){"", "", "", "本期没有口头协议", "", "", "", ""});
    draw_end(s, d, json_array_size(b->items));
}

static void footer(struct leaf *s, void *context)
{
    (void)context;
    leaf_page_number(s, s->form.height - 26);
}

bool oralbook_pdf(const struct oralbook *book, struct buf *out, struct error *e)
{
    struct drawing d = {.book = book, .a = arena_open()};
    const struct leaf_about about = {"口头协议登记台账", "六小", book->at};
    bool ok = leaf_pdf(&across, &about, draw, footer, &d, out, e);
    arena_close(d.a);
    return ok;
}
