/* The hand in which the papers of a mediation are set, and the way in. */
#include "paper/mediation_draw.h"

#include <stdio.h>

#include "base/time.h"

#define SLICE(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static const double size = 11, label_width = 74;

static const char *const codes[PAPER_COUNT] = {"application", "rights", "invitation",  "record",
                                               "agreement",   "oral",   "termination", "police",
                                               "visit",       "file"};

const char *mediation_paper_code(enum mediation_paper p)
{
    return p < PAPER_COUNT ? codes[p] : "";
}

bool mediation_paper_parse(struct str s, enum mediation_paper *ret)
{
    for (int p = 0; p < PAPER_COUNT; p++)
        if (str_is(s, codes[p])) {
            *ret = (enum mediation_paper)p;
            return true;
        }
    return false;
}

const char *md_text(struct arena *a, const json_t *object, const char *key)
{
    return arena_z(a, json_text(object, key));
}

const char *md_day(struct arena *a, struct str at)
{
    int64_t ms;
    int32_t day;
    if (date_parse(at, &day))
        ms = day_start(day);
    else if (!time_parse(at, &ms))
        return "";
    struct civil c = civil_of(ms);
    return arena_printf(a, "%d年%d月%d日", c.year, c.month, c.day);
}

const char *md_committee(struct md *d)
{
    return arena_printf(d->a, "%.*s人民调解委员会",
                        SLICE(json_text(json_object_get(d->page, "committee"), "name")));
}

const char *md_side(struct arena *a, int64_t side)
{
    static const char *const names[] = {"", "甲方", "乙方", "丙方", "丁方"};
    return side > 0 && side < 5 ? names[side] : arena_printf(a, "第%lld方", (long long)side);
}

void md_title(struct leaf *s, const char *title)
{
    s->y += 26;
    leaf_fit(s, SERIF, 20, true, title, s->form.width / 2, s->y, 0.5, leaf_inner(s));
    s->y += 24;
}

void md_row(struct leaf *s, const char *label, const char *value)
{
    const struct leaf_cell cells[] = {
        {label, label_width, true, true},
        {value[0] != '\0' ? value : "　", leaf_inner(s) - label_width, false, false}};
    leaf_cells(s, cells, 2, size);
}

void md_pair(struct leaf *s, const char *label1, const char *value1, const char *label2, const char *value2)
{
    double half = leaf_inner(s) / 2;
    const struct leaf_cell cells[] = {{label1, label_width, true, true},
                                      {value1[0] != '\0' ? value1 : "　", half - label_width, false, false},
                                      {label2, label_width, true, true},
                                      {value2[0] != '\0' ? value2 : "　", half - label_width, false, false}};
    leaf_cells(s, cells, 4, size);
}

void md_say(struct leaf *s, const char *text)
{
    static const struct leaf_setting how = {SERIF, 12, 21, 24, false, false};
    leaf_paragraph(s, &how, text);
}

void md_heading(struct leaf *s, const char *text)
{
    static const struct leaf_setting how = {SERIF, 12, 21, 24, true, true};
    (void)leaf_need(s, 50);
    leaf_paragraph(s, &how, text);
}

void md_sign(struct leaf *s, const char *const *who, size_t n)
{
    md_sign_drawn(s, who, NULL, n);
}

void md_sign_drawn(struct leaf *s, const char *const *who, const struct scan *const *drawn, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct scan *own = drawn != NULL ? drawn[i] : NULL;
        (void)leaf_need(s, own != NULL ? 52 : 40);
        s->y += own != NULL ? 46 : 34;
        leaf_line(s, SERIF, 12, false, who[i], s->form.left, s->y, 0);
        double from = s->form.left + leaf_text_width(s, SERIF, 12, false, who[i]) + 6;
        leaf_rule(s, from,
                  from + 170 < s->form.width - s->form.right ? from + 170 : s->form.width - s->form.right,
                  s->y + 3, 0.5);
        if (own != NULL)
            (void)leaf_jpeg(s, own->bytes, own->width, own->height, from + 4, s->y - 40, 162, 42);
    }
}

void md_seal(struct leaf *s, const char *who, const char *day)
{
    (void)leaf_need(s, 90);
    s->y += 46;
    leaf_line(s, SERIF, 12, false, who, s->form.width - s->form.right - 8, s->y, 1);
    s->y += 24;
    leaf_line(s, SERIF, 12, false, "（印章）", s->form.width - s->form.right - 60, s->y, 1);
    s->y += 24;
    leaf_line(s, SERIF, 12, false, day[0] != '\0' ? day : "　　　　年　　月　　日",
              s->form.width - s->form.right - 8, s->y, 1);
    s->y += 12;
}

static void draw_one(struct leaf *s, void *context)
{
    static void (*const draw[PAPER_COUNT])(struct leaf *, struct md *) = {
        [PAPER_APPLICATION] = md_application,
        [PAPER_RIGHTS] = md_rights,
        [PAPER_INVITATION] = md_invitation,
        [PAPER_RECORD] = md_record,
        [PAPER_AGREEMENT] = md_agreement,
        [PAPER_ORAL] = md_oral,
        [PAPER_TERMINATION] = md_termination,
        [PAPER_POLICE] = md_police,
        [PAPER_VISIT] = md_visit,
        [PAPER_FILE] = md_file,
    };
    struct md *d = context;
    draw[d->doc->paper](s, d);
}

/* "2f4a 91c0 …": as people compare it. */
static const char *grouped(struct arena *a, struct str hex)
{
    struct buf b = BUF_INIT(BUF_LINE);
    for (size_t i = 0; i < hex.n && i < 16; i++)
        buf_addf(&b, "%s%c", i > 0 && i % 4 == 0 ? " " : "", hex.p[i]);
    const char *z = arena_z(a, buf_str(&b));
    buf_free(&b);
    return z;
}

static void draw_footer(struct leaf *s, void *context)
{
    struct md *d = context;
    const struct mediation_doc *doc = d->doc;
    struct civil c = civil_of(doc->at);
    double y = s->form.height - 46;

    leaf_page_number(s, y);
    leaf_ink(s, 0.25);
    leaf_fit(s, SANS, 8, false,
             arena_printf(d->a, "%.*s　%.*s打印于%d年%d月%d日　%s%s%s", SLICE(json_text(d->page, "number")),
                          SLICE(doc->printed_by), c.year, c.month, c.day,
                          doc->plain ? "含个人信息，请妥善保管" : "预览：姓名、电话已遮盖",
                          doc->fingerprint.n > 0 ? "　内容指纹 " : "", grouped(d->a, doc->fingerprint)),
             s->form.width / 2, y + 15, 0.5, leaf_inner(s));
    leaf_ink(s, 0);
}

bool mediation_pdf(const struct mediation_doc *doc, struct buf *out, struct error *e)
{
    struct arena *a = arena_open();
    struct md d = {.doc = doc, .a = a, .page = doc->page, .m = json_object_get(doc->page, "mediation")};
    const char *title = md_text(a, json_object_get(doc->words, mediation_paper_code(doc->paper)), "title");
    struct leaf_about about = {
        .title = title[0] != '\0' ? title : "人民调解文书", .author = md_committee(&d), .made = doc->at};
    bool ok = leaf_pdf(&leaf_a4, &about, draw_one, draw_footer, &d, out, e);
    arena_close(a);
    return ok;
}
