/* The file 卷宗 of a mediation: cover, contents with page numbers, the documents in the order of the pack's list, scans behind what they belong to, back
 * cover. Drawn twice: the first time finds out on which page each document begins. */
#include <stdio.h>

#include "base/time.h"
#include "paper/mediation_draw.h"

#define SLICE(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static const json_t *list_of(struct md *d)
{
    return json_object_get(d->doc->words, "casefile");
}

/* Under which document of the list a scan lies. */
static bool belongs(const struct scan *scan, const char *code)
{
    return str_is(scan->paper, code);
}

static size_t scans_of(struct md *d, const char *code)
{
    size_t n = 0;
    for (size_t i = 0; i < d->doc->scan_count; i++)
        n += belongs(&d->doc->scans[i], code);
    return n;
}

static bool has_paper(struct md *d, const char *code)
{
    const json_t *row;
    size_t i;
    json_array_foreach(json_object_get(d->m, "papers"), i, row)
        if (str_is(json_text(row, "paper"), code))
            return true;
    return false;
}

static bool is_oral(struct md *d)
{
    return str_is(json_text(d->page, "outcome"), "ORAL") || str_is(json_text(d->page, "outcome"), "SPOT_ORAL");
}

/* Is there anything to put in under this code? */
static bool is_there(struct md *d, const char *code)
{
    static const char *const drawn[] = {"application", "rights", "back", "account"};
    for (size_t i = 0; i < sizeof drawn / sizeof drawn[0]; i++)
        if (strcmp(code, drawn[i]) == 0)
            return true;
    if (strcmp(code, "agreement") == 0)
        return json_is_object(json_object_get(d->m, "agreement")) || is_oral(d);
    if (strcmp(code, "record") == 0)
        return json_array_size(json_object_get(d->m, "sessions")) > 0 || has_paper(d, code);
    if (strcmp(code, "visit") == 0) {
        const json_t *step;
        size_t i;
        json_array_foreach(json_object_get(d->page, "timeline"), i, step)
            if (str_is(json_text(step, "verb"), "revisit"))
                return true;
        return false;
    }
    if (strcmp(code, "performance") == 0 && json_array_size(json_object_get(d->m, "performed")) > 0)
        return true;
    if (strcmp(code, "confirmation") == 0 && json_is_object(json_object_get(d->m, "confirmation")))
        return true;
    return has_paper(d, code) || scans_of(d, code) > 0;
}

/* ---- Cover and contents -------------------------------------------------------------------------------- */

static const char *keep_for(struct md *d)
{
    return md_text(d->a, json_object_get(d->doc->words, "keep"), md_text(d->a, d->page, "outcome"));
}

static void draw_cover(struct leaf *s, struct md *d)
{
    struct arena *a = d->a;
    const char *no = md_text(a, d->m, "archive_no");
    struct civil c = civil_of(d->doc->at);

    s->y += 120;
    leaf_fit(s, SERIF, 22, true, md_committee(d), s->form.width / 2, s->y, 0.5, leaf_inner(s));
    s->y += 66;
    leaf_line(s, SERIF, 34, true, "人民调解卷宗", s->form.width / 2, s->y, 0.5);
    s->y += 90;
    md_row(s, "卷　　名", arena_printf(a, "%s", md_text(a, d->page, "title")));
    md_row(s, "卷　　号", no[0] != '\0' ? no : "（归档时编号）");
    md_pair(s, "登记编号", md_text(a, d->page, "number"), "纠纷类型", md_text(a, d->page, "category_label"));
    md_pair(s, "调解日期", md_day(a, json_text(d->page, "reported_at")), "达成日期",
            md_day(a, json_text(d->m, "effective_at")));
    md_pair(s, "调解员", md_text(a, json_object_get(d->page, "holder"), "name"), "结　　果",
            md_text(a, d->page, "outcome_label"));
    md_pair(s, "立卷人", arena_z(a, d->doc->printed_by), "立卷日期",
            arena_printf(a, "%d年%d月%d日", c.year, c.month, c.day));
    md_pair(s, "保管期限", keep_for(d), "备　　注", "");
}

static void draw_contents(struct leaf *s, struct md *d)
{
    const json_t *row;
    size_t i;
    static const double number = 44, page = 64;
    struct leaf_cell cells[3] = {{"序号", number, true, true},
                                 {"文件名称", leaf_inner(s) - number - page, true, true},
                                 {"页码", page, true, true}};

    leaf_new_page(s);
    md_title(s, "卷宗目录");
    leaf_cells(s, cells, 3, 11);
    json_array_foreach(list_of(d), i, row) {
        const char *code = md_text(d->a, row, "code");
        bool there = is_there(d, code);
        cells[0] = (struct leaf_cell){arena_printf(d->a, "%lld", (long long)json_int(row, "no", 0)), number,
                                      false, true};
        cells[1] = (struct leaf_cell){md_text(d->a, row, "label"), leaf_inner(s) - number - page, false, false};
        cells[2] = (struct leaf_cell){there && i < CONTENTS_MOST ? arena_printf(d->a, "%d", d->starts[i]) : "—",
                                      page, false, true};
        leaf_cells(s, cells, 3, 11);
    }
}

/* ---- Documents that are not forms ---------------------------------------------------------------------- */

static const char *yuan(struct arena *a, int64_t fen)
{
    return arena_printf(a, "%lld.%02lld元", (long long)(fen / 100), (long long)(fen % 100));
}

static void draw_papers(struct leaf *s, struct md *d, const char *code, const char *label)
{
    const json_t *row;
    size_t i;
    md_title(s, label);
    json_array_foreach(json_object_get(d->m, "papers"), i, row)
        if (str_is(json_text(row, "paper"), code))
            md_say(s, arena_printf(d->a, "%s　%.*s", md_day(d->a, json_text(row, "on")),
                                   SLICE(json_text(row, "note"))));
    if (strcmp(code, "identity") == 0)
        json_array_foreach(json_object_get(d->m, "sides"), i, row)
            if (json_flag(row, "identity_seen"))
                md_say(s, arena_printf(d->a, "%s：%s已核对身份证件。", md_side(d->a, json_int(row, "side", 0)),
                                       md_day(d->a, json_text(row, "at"))));
    if (strcmp(code, "performance") == 0)
        json_array_foreach(json_object_get(d->m, "performed"), i, row)
            md_say(s, arena_printf(d->a, "第%lld期：%s履行%s　%.*s", (long long)json_int(row, "n", 0),
                                   md_day(d->a, json_text(row, "on")), yuan(d->a, json_int(row, "amount", 0)),
                                   SLICE(json_text(row, "how"))));
    if (strcmp(code, "confirmation") == 0) {
        const json_t *c = json_object_get(d->m, "confirmation");
        bool done = str_is(json_text(c, "step"), "confirmed");
        md_say(s, arena_printf(d->a, "%s　%.*s　%s。", md_day(d->a, json_text(c, "on")),
                               SLICE(json_text(c, "court")),
                               done                                      ? "裁定协议有效"
                               : str_is(json_text(c, "step"), "applied") ? "双方共同申请司法确认"
                                                                         : "未予确认"));
    }
}

/* What came before: each earlier round, and who printed this. */
static void draw_account(struct leaf *s, struct md *d)
{
    const json_t *row;
    size_t i;

    md_title(s, "卷宗情况说明");
    md_say(s, arena_printf(d->a, "本卷共%d页（含封面、目录和封底），由系统按目录顺序生成。",
                           s->pages > 0 ? s->pages : 1));
    if (d->doc->scans_left > 0)
        md_say(s, arena_printf(d->a, "另有%zu页扫描件因篇幅未收入本文件，存于系统，请单独打印后装订。",
                               d->doc->scans_left));
    json_array_foreach(json_object_get(d->m, "earlier"), i, row) {
        md_say(s, arena_printf(d->a, "第%zu次达成的协议没有履行到底，已恢复调解。%s签字，内容：%.*s%s", i + 1,
                               md_day(d->a, json_text(row, "signed_on")), SLICE(json_text(row, "terms")),
                               json_array_size(json_object_get(row, "files")) > 0 ? "（扫描件附后）" : ""));
    }
    md_say(s, "其他需要说明的情况：");
}

static void draw_back(struct leaf *s, struct md *d)
{
    s->y += 260;
    md_row(s, "立卷人", arena_z(d->a, d->doc->printed_by));
    md_row(s, "复核人", "");
    md_row(s, "归档日期", "");
}

static void draw_scans(struct leaf *s, struct md *d, const char *code)
{
    for (size_t i = 0; i < d->doc->scan_count; i++) {
        const struct scan *scan = &d->doc->scans[i];
        if (!belongs(scan, code))
            continue;
        leaf_new_page(s);
        double height = s->form.height - s->form.top - s->form.bottom;
        (void)leaf_jpeg(s, scan->bytes, scan->width, scan->height, s->form.left, s->form.top, leaf_inner(s),
                        height);
        s->y = s->form.height - s->form.bottom;
    }
}

static void draw_document(struct leaf *s, struct md *d, const char *code, const char *label)
{
    static const struct {
        const char *code;
        void (*draw)(struct leaf *, struct md *);
    } forms[] = {{"application", md_application}, {"rights", md_rights},
                 {"record", md_record},           {"visit", md_visit},
                 {"account", draw_account},       {"back", draw_back}};
    if (strcmp(code, "agreement") == 0) {
        (is_oral(d) ? md_oral : md_agreement)(s, d);
        return;
    }
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(code, forms[i].code) == 0) {
            forms[i].draw(s, d);
            return;
        }
    draw_papers(s, d, code, label);
}

void md_file(struct leaf *s, struct md *d)
{
    const json_t *row;
    size_t i;

    d->in_file = true;
    draw_cover(s, d);
    draw_contents(s, d);
    json_array_foreach(list_of(d), i, row) {
        const char *code = md_text(d->a, row, "code");
        if (!is_there(d, code))
            continue;
        leaf_new_page(s);
        if (i < CONTENTS_MOST)
            d->starts[i] = s->page;
        draw_document(s, d, code, md_text(d->a, row, "label"));
        draw_scans(s, d, code);
    }
}
