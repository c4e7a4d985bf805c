/* Set as the forms of a town office are: one framed table, long answers run on to the next page, the steps below, then who signs. */
#include "paper/casefile.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/time.h"
#include "paper/draw.h"

#define SLICE(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static const struct leaf_form form = {595.276, 841.89, 62, 56, 62, 78};
static const double size = 10.5, label_width = 66;

struct drawing {
    const struct casefile *f;
    struct arena *a;
    bool veiled; /* the page has no words */
};

/* "2024年7月18日 16:31"; empty for nothing. */
static const char *moment(struct arena *a, struct str at)
{
    int64_t ms;
    if (!time_parse(at, &ms))
        return "";
    struct civil c = civil_of(ms);
    return arena_printf(a, "%d年%d月%d日 %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

static const char *text_of(struct arena *a, const json_t *object, const char *key)
{
    return arena_z(a, json_text(object, key));
}

static const char *or_dash(const char *z)
{
    return z[0] != '\0' ? z : "—";
}

/* ---- Rows ---------------------------------------------------------------------------------------------- */

static void one(struct leaf *s, const char *label, const char *value)
{
    const struct leaf_cell cells[] = {{label, label_width, true, true},
                                      {or_dash(value), leaf_inner(s) - label_width, false, false}};
    leaf_cells(s, cells, 2, size);
}

static void two(struct leaf *s, const char *label1, const char *value1, const char *label2, const char *value2)
{
    double half = leaf_inner(s) / 2;
    const struct leaf_cell cells[] = {{label1, label_width, true, true},
                                      {or_dash(value1), half - label_width, false, false},
                                      {label2, label_width, true, true},
                                      {or_dash(value2), half - label_width, false, false}};
    leaf_cells(s, cells, 4, size);
}

/* ---- Head ---------------------------------------------------------------------------------------------- */

static void draw_head(struct leaf *s, const struct drawing *d)
{
    const json_t *page = d->f->page, *committee = json_object_get(page, "committee");
    const char *unit = text_of(d->a, committee, "name"); /* a card has none */
    const double side = 74;
    bool code = d->f->address.n > 0;

    s->y += 24;
    leaf_fit(s, SERIF, 21, true, arena_printf(d->a, "%s事项办理单", unit), s->form.width / 2, s->y, 0.5,
             leaf_inner(s) - 2 * side);
    if (code && leaf_qr(s, arena_z(d->a, d->f->address), s->form.width - s->form.right - side + 6,
                        s->form.top - 30, side))
        leaf_line(s, SANS, 7, false, "扫码在办公台打开", s->form.width - s->form.right - side / 2 + 6,
                  s->form.top + 49, 0.5);
    s->y += 26;
    leaf_line(s, SANS, size, false, arena_printf(d->a, "编号：%.*s", SLICE(json_text(page, "number"))),
              s->form.left, s->y, 0);
    leaf_line(s, SANS, size, false, arena_printf(d->a, "状态：%.*s", SLICE(json_text(page, "state_label"))),
              s->form.width / 2, s->y, 0.5);
    s->y += 8;
}

/* ---- Facts --------------------------------------------------------------------------------------------- */

static const char *flags(struct arena *a, const json_t *page)
{
    static const struct {
        const char *key, *word;
    } rows[] = {{"danger", "有危险"},      {"urged", "已催办"},           {"paused", "已暂停"},
                {"sent_back", "部门退回"}, {"suspect_major", "疑似重大"}, {"extension_asked", "已申请延期"},
                {"anonymous", "匿名"},     {"bypass_village", "绕过村居"}};
    struct buf b = BUF_INIT(BUF_LINE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (json_flag(page, rows[i].key))
            buf_addf(&b, "%s%s", b.n > 0 ? "、" : "", rows[i].word);
    if (json_int(page, "reopened", 0) > 0)
        buf_addf(&b, "%s重新办理%lld次", b.n > 0 ? "、" : "", (long long)json_int(page, "reopened", 0));
    const char *z = arena_z(a, buf_str(&b));
    buf_free(&b);
    return z;
}

/* One line a person: "当事人（甲方）　田*花　138****8700　地址". */
static const char *people(struct arena *a, const json_t *page)
{
    static const char *const sides[] = {"", "（甲方）", "（乙方）", "（丙方）"};
    const json_t *row;
    struct buf b = BUF_INIT(BUF_SEALED);
    size_t i;

    json_array_foreach(json_object_get(page, "persons"), i, row) {
        int64_t side = json_int(row, "side", 0);
        buf_addf(&b, "%s%.*s%s　%.*s　%.*s", b.n > 0 ? "\n" : "", SLICE(json_text(row, "role_label")),
                 side > 0 && side < 4 ? sides[side] : "", SLICE(json_text(row, "name")),
                 SLICE(json_text(row, "phone")));
        if (json_text(row, "address").n > 0)
            buf_addf(&b, "　%.*s", SLICE(json_text(row, "address")));
    }
    const char *z = arena_z(a, buf_str(&b));
    buf_free(&b);
    return z;
}

static const char *promise(struct arena *a, const json_t *page, const char *name)
{
    const json_t *p = json_object_get(json_object_get(page, "promises"), name);
    struct str state = json_text(p, "state");
    const char *at = moment(a, json_text(p, "at"));

    if (str_is(state, "done"))
        return arena_printf(a, "%s %s", at, json_flag(p, "late") ? "（超过时限）" : "（按时）");
    if (str_is(state, "overdue") || str_is(state, "late"))
        return arena_printf(a, "应于%s，已超时限", at);
    return at[0] != '\0' ? arena_printf(a, "应于%s前", at) : "";
}

static void draw_promises(struct leaf *s, const struct drawing *d)
{
    one(s, "条条有回音", promise(d->a, d->f->page, "reply"));
    one(s, "事事有跟进", promise(d->a, d->f->page, "progress"));
    one(s, "件件有着落", promise(d->a, d->f->page, "settle"));
}

static const char *referrals(struct arena *a, const json_t *page)
{
    const json_t *row;
    struct buf b = BUF_INIT(BUF_SEALED);
    size_t i;

    json_array_foreach(json_object_get(page, "referrals"), i, row) {
        const char *taken = moment(a, json_text(row, "accepted_at")),
                   *answered = moment(a, json_text(row, "answered_at")),
                   *back = moment(a, json_text(row, "returned_at"));
        buf_addf(&b, "%s%s %.*s（%.*s）%s%s%s%s%s%s", b.n > 0 ? "\n" : "",
                 moment(a, json_text(row, "sent_at")), SLICE(json_text(row, "office")),
                 SLICE(json_text(row, "mode_label")), taken[0] != '\0' ? "，签收 " : "", taken,
                 answered[0] != '\0' ? "，答复 " : "", answered, back[0] != '\0' ? "，退回 " : "", back);
    }
    const char *z = arena_z(a, buf_str(&b));
    buf_free(&b);
    return z;
}

/* What the form of its category asked. */
static void draw_own_fields(struct leaf *s, const struct drawing *d)
{
    const json_t *row;
    size_t i;
    json_array_foreach(json_object_get(d->f->page, "fields"), i, row) {
        const json_t *value = json_object_get(row, "value");
        const char *z = json_is_string(value)  ? text_of(d->a, row, "value")
                        : json_is_true(value)  ? "是"
                        : json_is_false(value) ? "否"
                        : json_is_integer(value)
                            ? arena_printf(d->a, "%lld", (long long)json_integer_value(value))
                        : json_is_number(value) ? arena_printf(d->a, "%g", json_number_value(value))
                                                : "";
        if (z[0] != '\0')
            one(s, text_of(d->a, row, "label"), z);
    }
}

static const char *quantity(struct arena *a, const json_t *page)
{
    const json_t *q = json_object_get(page, "quantity");
    return json_is_object(q) ? arena_printf(a, "%g%.*s", json_number_value(json_object_get(q, "n")),
                                            SLICE(json_text(q, "unit")))
                             : "";
}

static void draw_facts(struct leaf *s, const struct drawing *d)
{
    const json_t *page = d->f->page, *holder = json_object_get(page, "holder");
    struct arena *a = d->a;
    const char *unit = text_of(a, json_object_get(page, "unit"), "name");

    two(s, "类　　别",
        arena_printf(a, "%.*s · %.*s", SLICE(json_text(page, "kind_label")),
                     SLICE(json_text(page, "category_label"))),
        "所在村庄", unit);
    two(s, "登记时间", moment(a, json_text(page, "reported_at")), "办理层级", text_of(a, page, "level_label"));
    two(s, "来　　源",
        arena_printf(a, "%.*s%s%.*s", SLICE(json_text(page, "channel_label")),
                     json_text(page, "finder").n > 0 ? "　登记人 " : "", SLICE(json_text(page, "finder"))),
        "现办理方", text_of(a, holder, "name"));
    if (flags(a, page)[0] != '\0')
        one(s, "标　　记", flags(a, page));
    if (d->veiled) {
        one(s, "事　　由", "（按权限，不显示内容和当事人）");
        return;
    }
    if (json_text(page, "place").n > 0 || quantity(a, page)[0] != '\0')
        two(s, "地　　点", text_of(a, page, "place"), "数　　量", quantity(a, page));
    one(s, "有关人员", people(a, page));
    one(s, "事　　由",
        arena_printf(a, "%.*s\n%.*s", SLICE(json_text(page, "title")), SLICE(json_text(page, "text"))));
    draw_own_fields(s, d);
}

static void draw_end(struct leaf *s, const struct drawing *d)
{
    const json_t *page = d->f->page, *judged = json_object_get(page, "judgement");
    struct arena *a = d->a;
    static const struct {
        const char *code, *resolved, *satisfied;
    } words[] = {
        {"yes", "解决了", "满意"}, {"part", "部分解决", ""}, {"ok", "", "基本满意"}, {"no", "没解决", "不满意"}};
    const char *resolved = "", *satisfied = "";

    if (referrals(a, page)[0] != '\0')
        one(s, "转办情况", referrals(a, page));
    one(s, "办理结果",
        arena_printf(a, "%.*s%s%.*s%s%.*s", SLICE(json_text(page, "outcome_label")),
                     json_text(page, "outcome_label").n > 0 && json_text(page, "result").n > 0 ? "\n" : "",
                     SLICE(json_text(page, "result")), json_text(page, "told_how").n > 0 ? "\n告知方式：" : "",
                     SLICE(json_text(page, "told_how"))));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_is(json_text(judged, "resolved"), words[i].code))
            resolved = words[i].resolved;
        if (str_is(json_text(judged, "satisfied"), words[i].code))
            satisfied = words[i].satisfied;
    }
    one(s, "群众评价",
        json_is_object(judged)
            ? arena_printf(a, "%s，%s　%s%s%.*s", resolved, satisfied, moment(a, json_text(judged, "at")),
                           json_text(judged, "text").n > 0 ? "\n" : "", SLICE(json_text(judged, "text")))
            : "尚未评价");
}

/* ---- Steps --------------------------------------------------------------------------------------------- */

enum { STEP_COLUMNS = 5 };
static const double step_widths[STEP_COLUMNS] = {26, 82, 92, 62, 0}; /* the last takes what is left */

static void step_row(struct leaf *s, const char *const *texts, bool head)
{
    struct leaf_cell cells[STEP_COLUMNS];
    double used = 0;
    for (int i = 0; i < STEP_COLUMNS; i++) {
        cells[i] = (struct leaf_cell){texts[i], step_widths[i], head, head || i < STEP_COLUMNS - 1};
        used += step_widths[i];
    }
    cells[STEP_COLUMNS - 1].width = leaf_inner(s) - used;
    double height = leaf_cells_height(s, cells, STEP_COLUMNS, 9.5);
    /* The names of the columns stand on every page. */
    if (!head && height < 300 && leaf_need(s, height)) {
        static const char *const names[] = {"序", "时间", "经办人", "事项", "内容"};
        step_row(s, names, true);
    }
    leaf_cells(s, cells, STEP_COLUMNS, 9.5);
}

static const char *step_words(struct arena *a, const json_t *step)
{
    const json_t *fact;
    struct buf b = BUF_INIT(BUF_SEALED);
    size_t i;

    buf_addz(&b, json_flag(step, "open") ? "【公开】" : "【内部】");
    buf_add(&b, json_text(step, "text"));
    json_array_foreach(json_object_get(step, "facts"), i, fact)
        buf_addf(&b, "%s%.*s：%.*s", i == 0 ? "\n" : "；", SLICE(json_text(fact, "label")),
                 SLICE(json_text(fact, "value")));
    const char *z = arena_z(a, buf_str(&b));
    buf_free(&b);
    return z;
}

static void draw_steps(struct leaf *s, const struct drawing *d)
{
    static const char *const names[] = {"序", "时间", "经办人", "事项", "内容"};
    const json_t *step;
    size_t i;

    (void)leaf_need(s, 90);
    s->y += 24;
    leaf_line(s, SANS, 12, true, d->veiled ? "办理经过（只列公开步骤）" : "办理经过", s->form.left, s->y - 8, 0);
    step_row(s, names, true);
    json_array_foreach(json_object_get(d->f->page, "timeline"), i, step) {
        const json_t *actor = json_object_get(step, "actor");
        int64_t at = 0;
        (void)time_parse(json_text(step, "at"), &at);
        struct civil c = civil_of(at);
        const char *texts[STEP_COLUMNS] = {
            arena_printf(d->a, "%zu", i + 1),
            arena_printf(d->a, "%d年%d月%d日\n%02d:%02d", c.year, c.month, c.day, c.hour, c.minute),
            arena_printf(d->a, "%.*s%s%.*s", SLICE(json_text(actor, "name")),
                         json_text(actor, "name").n > 0 ? "\n" : "", SLICE(json_text(actor, "post"))),
            text_of(d->a, step, "label"), step_words(d->a, step)};
        step_row(s, texts, false);
    }
}

/* ---- The end ------------------------------------------------------------------------------------------- */

static void draw_signatures(struct leaf *s)
{
    static const char *const who[] = {"当事人（签名）", "经办人（签名）", "负责人（签名）"};
    double step = leaf_inner(s) / 3;

    (void)leaf_need(s, 112);
    s->y += 44;
    for (size_t i = 0; i < sizeof who / sizeof who[0]; i++) {
        double x = s->form.left + (double)i * step;
        leaf_line(s, SERIF, 11, false, who[i], x, s->y, 0);
        leaf_rule(s, x + leaf_text_width(s, SERIF, 11, false, who[i]) + 4, x + step - 10, s->y + 3, 0.5);
    }
    s->y += 48;
    leaf_line(s, SERIF, 12, false, "（盖章）　　　　年　　月　　日", s->form.width - s->form.right - 8, s->y, 1);
}

static void draw_footer(struct leaf *s, void *context)
{
    const struct drawing *d = context;
    struct civil c = civil_of(d->f->at);
    double y = s->form.height - 46;

    const json_t *power = json_object_get(d->f->page, "power");

    leaf_page_number(s, y);
    leaf_ink(s, 0.25);
    if (power != NULL && !json_is_null(power))
        leaf_fit(s, SANS, 7, false,
                 arena_printf(d->a, "依据：%s（%s）", text_of(d->a, power, "label"),
                              text_of(d->a, power, "basis")),
                 s->form.width / 2, y - 14, 0.5, leaf_inner(s));
    leaf_fit(s, SANS, 8, false,
             arena_printf(d->a, "%.*s　%.*s打印于%d年%d月%d日　%s%.*s%s", SLICE(json_text(d->f->page, "number")),
                          SLICE(d->f->printed_by), c.year, c.month, c.day,
                          d->veiled             ? "不含个人信息"
                          : d->f->purpose.n > 0 ? "含个人信息，用途："
                                                : "姓名、电话已遮盖",
                          d->f->purpose.n > 0 && !d->veiled ? (int)d->f->purpose.n : 0,
                          d->f->purpose.n > 0 ? d->f->purpose.p : "", d->veiled ? "" : "　请妥善保管"),
             s->form.width / 2, y + 15, 0.5, leaf_inner(s));
    leaf_ink(s, 0);
}

static void draw_all(struct leaf *s, void *context)
{
    const struct drawing *d = context;
    draw_head(s, d);
    draw_facts(s, d);
    draw_promises(s, d);
    if (!d->veiled)
        draw_end(s, d);
    draw_steps(s, d);
    draw_signatures(s);
}

bool casefile_pdf(const struct casefile *f, struct buf *out, struct error *e)
{
    struct arena *a = arena_open();
    struct drawing d = {.f = f, .a = a, .veiled = json_object_get(f->page, "text") == NULL};
    struct leaf_about about = {.title = arena_printf(a, "%.*s 事项办理单", SLICE(json_text(f->page, "number"))),
                               .author = text_of(a, json_object_get(f->page, "unit"), "name"),
                               .made = f->at};
    bool ok = leaf_pdf(&form, &about, draw_all, draw_footer, &d, out, e);
    arena_close(a);
    return ok;
}
