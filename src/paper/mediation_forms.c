/* The single papers of a mediation. The fields are those of the Ministry of Justice's formats as far as they are known; the wording is the pack's. */
#include <stdio.h>

#include "base/time.h"
#include "paper/mediation_draw.h"

#define SLICE(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static const char *yuan(struct arena *a, int64_t fen)
{
    return fen % 100 == 0 ? arena_printf(a, "%lld元", (long long)(fen / 100))
                          : arena_printf(a, "%lld.%02lld元", (long long)(fen / 100), (long long)(fen % 100));
}

/* The sentence that the pack gives for this paper. */
static const char *said(struct md *d, const char *paper, const char *key)
{
    return md_text(d->a, json_object_get(d->doc->words, paper), key);
}

static const char *title_of(struct md *d, const char *paper, const char *otherwise)
{
    const char *own = said(d, paper, "title");
    return own[0] != '\0' ? own : otherwise;
}

static int64_t sides(struct md *d)
{
    return (int64_t)json_array_size(json_object_get(d->m, "sides"));
}

static int64_t side_at(struct md *d, int64_t i)
{
    return json_int(json_array_get(json_object_get(d->m, "sides"), (size_t)i), "side", 0);
}

static bool is_role(const json_t *person, int64_t side, const char *role)
{
    return json_int(person, "side", 0) == side && str_is(json_text(person, "role"), role);
}

/* "方守田、方守业": everybody of a side. */
static const char *names_of(struct md *d, int64_t side)
{
    struct buf b = BUF_INIT(BUF_LINE);
    const json_t *one;
    size_t i;
    json_array_foreach(json_object_get(d->page, "persons"), i, one)
        if (is_role(one, side, "party"))
            buf_addf(&b, "%s%.*s", b.n > 0 ? "、" : "", SLICE(json_text(one, "name")));
    const char *z = arena_z(d->a, buf_str(&b));
    buf_free(&b);
    return z;
}

static const char *all_names(struct md *d)
{
    struct buf b = BUF_INIT(BUF_SEALED);
    for (int64_t i = 0; i < sides(d); i++)
        buf_addf(&b, "%s%s", i > 0 ? "与" : "", names_of(d, side_at(d, i)));
    const char *z = arena_z(d->a, buf_str(&b));
    buf_free(&b);
    return z;
}

static const char *amount_asked(struct md *d)
{
    const json_t *row;
    size_t i;
    json_array_foreach(json_object_get(d->page, "fields"), i, row)
        if (str_starts(json_text(row, "label"), STR("争议金额")) && json_is_number(json_object_get(row, "value")))
            return arena_printf(d->a, "%g元", json_number_value(json_object_get(row, "value")));
    return "";
}

/* Sex, age and 民族 are never kept: whoever signs fills them in by hand. */
static void draw_person(struct leaf *s, struct md *d, const json_t *one, const char *label)
{
    bool org = json_flag(one, "org");
    md_pair(s, label, md_text(d->a, one, "name"), "联系方式", md_text(d->a, one, "phone"));
    if (!org) {
        md_pair(s, "性别 年龄", "", "民　　族", "");
        md_pair(s, "职业职务", md_text(d->a, one, "job"), "住　　址", md_text(d->a, one, "address"));
    } else {
        md_pair(s, "法定代表人", "", "单位地址", md_text(d->a, one, "address"));
    }
    if (json_text(one, "authority").n > 0)
        md_row(s, "代理权限", md_text(d->a, one, "authority"));
}

static void draw_people(struct leaf *s, struct md *d)
{
    const json_t *one;
    size_t i;
    for (int64_t n = 0; n < sides(d); n++) {
        json_array_foreach(json_object_get(d->page, "persons"), i, one) {
            if (is_role(one, side_at(d, n), "party"))
                draw_person(s, d, one, arena_printf(d->a, "%s当事人", md_side(d->a, side_at(d, n))));
            if (is_role(one, side_at(d, n), "agent"))
                draw_person(s, d, one, arena_printf(d->a, "%s代理人", md_side(d->a, side_at(d, n))));
        }
    }
}

static const char *number_line(struct md *d)
{
    const char *no = md_text(d->a, d->m, "archive_no");
    return no[0] != '\0' ? no : "（　　　）年人调字第　　　号";
}

static void sign_all(struct leaf *s, struct md *d, const char *last)
{
    const char **who = ARENA_ARRAY(d->a, const char *, (size_t)sides(d) + 3);
    size_t n = 0;
    for (int64_t i = 0; i < sides(d); i++)
        who[n++] = arena_printf(d->a, "%s当事人（签名、盖章或者按指印）", md_side(d->a, side_at(d, i)));
    who[n++] = "人民调解员（签名）";
    if (last != NULL)
        who[n++] = last;
    md_sign(s, who, n);
}

static bool is_drawn(struct md *d)
{
    return str_is(json_text(json_object_get(d->m, "signed"), "how"), "drawn");
}

/* What a side, or the mediator, drew on a screen. A signature tells the name: not on a preview. */
static const struct scan *drawn_by(struct md *d, int64_t side)
{
    for (size_t i = 0; d->doc->plain && i < d->doc->scan_count; i++)
        if (str_is(d->doc->scans[i].paper, "signature") && d->doc->scans[i].side == side)
            return &d->doc->scans[i];
    return NULL;
}

static void sign_agreement(struct leaf *s, struct md *d)
{
    size_t most = (size_t)sides(d) + 2, n = 0;
    const char **who = ARENA_ARRAY(d->a, const char *, most);
    const struct scan **drawn = ARENA_ARRAY(d->a, const struct scan *, most);
    const json_t *done = json_object_get(d->m, "signed");

    for (int64_t i = 0; i < sides(d); i++) {
        drawn[n] = drawn_by(d, side_at(d, i));
        who[n++] = arena_printf(d->a, "%s当事人（签名、盖章或者按指印）", md_side(d->a, side_at(d, i)));
    }
    drawn[n] = drawn_by(d, 0);
    who[n++] = "人民调解员（签名）";
    drawn[n] = NULL;
    who[n++] = "记录人（签名）";
    md_sign_drawn(s, who, drawn, n);
    if (!is_drawn(d))
        return;
    s->y += 12;
    md_say(s, arena_printf(d->a, "各方当事人均同意采用电子签名，以上签名由本人于%s在屏幕上手写（电子签名法第三条）。%s",
                           md_day(d->a, json_text(done, "on")), d->doc->plain ? "" : "预览不显示签名。"));
}

/* ---- Application and acceptance ------------------------------------------------------------------------ */

void md_application(struct leaf *s, struct md *d)
{
    struct arena *a = d->a;
    md_title(s, title_of(d, "application", "人民调解受理登记表"));
    md_pair(s, "登记日期", md_day(a, json_text(d->page, "reported_at")), "纠纷类型",
            md_text(a, d->page, "category_label"));
    md_pair(s, "案件来源", md_text(a, d->page, "channel_label"), "争议金额", amount_asked(d));
    draw_people(s, d);
    md_row(s, "纠纷地点", md_text(a, d->page, "place"));
    md_row(s, "简要情况", arena_printf(a, "%s\n%s", md_text(a, d->page, "title"), md_text(a, d->page, "text")));
    sign_all(s, d, "登记人（签名）");
    md_seal(s, md_committee(d), md_day(a, json_text(d->page, "reported_at")));
}

/* ---- Rights and consent -------------------------------------------------------------------------------- */

static const char *consent_line(struct md *d, const json_t *side)
{
    static const struct {
        const char *code, *word;
    } how[] = {{"in_person", "当面"}, {"phone", "电话"}, {"paper", "书面"}};
    const char *word = "";
    for (size_t i = 0; i < sizeof how / sizeof how[0]; i++)
        if (str_is(json_text(side, "how"), how[i].code))
            word = how[i].word;
    int64_t n = json_int(side, "side", 0);
    if (!str_is(json_text(side, "consent"), "given"))
        return arena_printf(d->a, "%s（%s）：未记录同意。", md_side(d->a, n), names_of(d, n));
    return arena_printf(d->a, "%s（%s）：%s%s表示同意调解%s。", md_side(d->a, n), names_of(d, n),
                        md_day(d->a, json_text(side, "at")), word,
                        json_flag(side, "identity_seen") ? "，已核对身份证件" : "");
}

void md_rights(struct leaf *s, struct md *d)
{
    const json_t *line;
    size_t i;

    md_title(s, title_of(d, "rights", "人民调解当事人权利义务告知书"));
    json_array_foreach(json_object_get(json_object_get(d->doc->words, "rights"), "lines"), i, line)
        md_say(s, arena_printf(d->a, "%zu．%s", i + 1, json_string_value(line)));
    md_heading(s, "当事人意见");
    json_array_foreach(json_object_get(d->m, "sides"), i, line)
        md_say(s, consent_line(d, line));
    if (json_int(d->m, "term_days", 0) > 0)
        md_say(s, arena_printf(d->a, "双方约定的调解期限：%lld日。", (long long)json_int(d->m, "term_days", 0)));
    sign_all(s, d, NULL);
}

/* ---- Sittings ------------------------------------------------------------------------------------------ */

static const char *hour(struct arena *a, struct str at)
{
    int64_t ms;
    if (!time_parse(at, &ms))
        return "";
    struct civil c = civil_of(ms);
    return arena_printf(a, "%d年%d月%d日%02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

void md_invitation(struct leaf *s, struct md *d)
{
    const json_t *sitting, *found = NULL;
    struct arena *a = d->a;
    size_t i;

    json_array_foreach(json_object_get(d->m, "sessions"), i, sitting)
        if (d->doc->sitting.n == 0 || str_eq(json_text(sitting, "id"), d->doc->sitting))
            found = sitting;
    for (int64_t n = 0; n < sides(d); n++) {
        if (n > 0)
            leaf_new_page(s);
        md_title(s, title_of(d, "invitation", "人民调解通知书"));
        md_say(s, arena_printf(a, "%s：", names_of(d, side_at(d, n))));
        md_say(s, arena_printf(a, "您与对方当事人之间关于“%s”的纠纷，定于%s在%s进行调解。",
                               md_text(a, d->page, "title"), hour(a, json_text(found, "at")),
                               json_text(found, "place").n > 0 ? md_text(a, found, "place")
                                                               : "本调解委员会调解室"));
        md_say(s, said(d, "invitation", "closing"));
        md_seal(s, md_committee(d), md_day(a, json_text(found, "at")));
    }
}

static const char *result_label(struct md *d, struct str code)
{
    const json_t *row;
    size_t i;
    json_array_foreach(json_object_get(d->doc->words, "session_results"), i, row)
        if (str_eq(json_text(row, "code"), code))
            return md_text(d->a, row, "label");
    return "";
}

/* 听辨劝借让和: a tick for each that was taken. */
static const char *ticks(struct md *d, const json_t *sitting)
{
    static const char *const all[] = {"听", "辨", "劝", "借", "让", "和"};
    const json_t *one;
    struct buf b = BUF_INIT(BUF_LINE);
    size_t i;
    for (size_t n = 0; n < sizeof all / sizeof all[0]; n++) {
        bool taken = false;
        json_array_foreach(json_object_get(sitting, "steps"), i, one)
            taken = taken || strcmp(json_string_value(one), all[n]) == 0;
        buf_addf(&b, "%s%s%s", n > 0 ? "　" : "", taken ? "☑" : "☐", all[n]);
    }
    const char *z = arena_z(d->a, buf_str(&b));
    buf_free(&b);
    return z;
}

void md_record(struct leaf *s, struct md *d)
{
    const json_t *sitting;
    struct arena *a = d->a;
    size_t i;
    int no = 0;

    json_array_foreach(json_object_get(d->m, "sessions"), i, sitting) {
        if (!str_is(json_text(sitting, "state"), "held"))
            continue;
        if (no > 0)
            leaf_new_page(s);
        md_title(s, title_of(d, "record", "人民调解记录"));
        md_pair(s, "次　　数", arena_printf(a, "第%d次", ++no), "时　　间", hour(a, json_text(sitting, "at")));
        md_pair(s, "地　　点", md_text(a, sitting, "place"), "到场人", md_text(a, sitting, "came"));
        md_row(s, "当事人", all_names(d));
        md_row(s, "六尺巷", ticks(d, sitting));
        md_row(s, "调解经过", md_text(a, sitting, "text"));
        md_row(s, "结　　果", result_label(d, json_text(sitting, "result")));
        sign_all(s, d, "记录人（签名）");
    }
    if (no > 0)
        return;
    md_title(s, title_of(d, "record", "人民调解记录"));
    md_say(s, "纸质调解记录附后。");
}

/* ---- Agreement ----------------------------------------------------------------------------------------- */

static void draw_instalments(struct leaf *s, struct md *d)
{
    static const double widths[] = {36, 150, 90, 106};
    static const char *const head[] = {"期次", "由谁给谁", "金额", "日期", "方式"};
    const json_t *rows = json_object_get(d->m, "instalments"), *row;
    struct leaf_cell cells[5];
    double used = widths[0] + widths[1] + widths[2] + widths[3];
    size_t i;

    if (json_array_size(rows) == 0)
        return;
    s->y += 6;
    (void)leaf_need(s, 60);
    for (int n = 0; n < 5; n++)
        cells[n] = (struct leaf_cell){head[n], n < 4 ? widths[n] : leaf_inner(s) - used, true, true};
    leaf_cells(s, cells, 5, 10.5);
    json_array_foreach(rows, i, row) {
        const char *texts[] = {
            arena_printf(d->a, "%zu", i + 1),
            arena_printf(d->a, "%s（%s）给%s（%s）", md_side(d->a, json_int(row, "from", 0)),
                         names_of(d, json_int(row, "from", 0)), md_side(d->a, json_int(row, "to", 0)),
                         names_of(d, json_int(row, "to", 0))),
            yuan(d->a, json_int(row, "amount", 0)), md_day(d->a, json_text(row, "due")),
            md_text(d->a, row, "how")};
        for (int n = 0; n < 5; n++)
            cells[n] = (struct leaf_cell){texts[n][0] != '\0' ? texts[n] : "—",
                                          n < 4 ? widths[n] : leaf_inner(s) - used, false, n != 1};
        leaf_cells(s, cells, 5, 10.5);
    }
}

static void draw_terms(struct leaf *s, struct md *d, const json_t *draft)
{
    const json_t *row;
    struct arena *a = d->a;
    size_t i;

    md_heading(s, "一、纠纷主要事实");
    md_say(s, md_text(a, draft, "facts"));
    md_heading(s, "二、争议事项");
    md_say(s, md_text(a, draft, "disputed"));
    if (json_array_size(json_object_get(draft, "duties")) > 0) {
        md_heading(s, "三、各方当事人的责任");
        json_array_foreach(json_object_get(draft, "duties"), i, row)
            md_say(s, arena_printf(a, "%s（%s）：%.*s", md_side(a, json_int(row, "side", 0)),
                                   names_of(d, json_int(row, "side", 0)), SLICE(json_text(row, "text"))));
    }
    md_heading(s, json_array_size(json_object_get(draft, "duties")) > 0 ? "四、协议内容和履行的方式、期限"
                                                                        : "三、协议内容和履行的方式、期限");
    md_say(s, said(d, "agreement", "opening"));
    md_say(s, md_text(a, draft, "terms"));
    if (json_int(draft, "agreed_amount", 0) > 0)
        md_say(s, arena_printf(a, "约定金额共%s，按下表履行：", yuan(a, json_int(draft, "agreed_amount", 0))));
    draw_instalments(s, d);
}

/* The closing sentence with the number of copies in its place. */
static const char *closing(struct md *d, const json_t *draft)
{
    const char *text = said(d, "agreement", "closing"), *gap = strstr(text, "{copies}");
    int64_t copies = json_int(draft, "copies", sides(d) + 1);
    if (gap == NULL)
        return text;
    return arena_printf(d->a, "%.*s%lld%s", (int)(gap - text), text, (long long)copies, gap + strlen("{copies}"));
}

void md_agreement(struct leaf *s, struct md *d)
{
    const json_t *draft = json_object_get(d->m, "agreement");
    const double side = 72;

    if (d->doc->address.n > 0 && !d->in_file &&
        leaf_qr(s, arena_z(d->a, d->doc->address), s->form.width - s->form.right - side + 6, s->form.top - 52,
                side))
        leaf_line(s, SANS, 7, false, "扫码核对真伪", s->form.width - s->form.right - side / 2 + 6,
                  s->form.top + 26, 0.5);
    md_title(s, title_of(d, "agreement", "人民调解协议书"));
    leaf_line(s, SERIF, 11, false, number_line(d), s->form.left, s->y - 4, 0);
    s->y += 8;
    draw_people(s, d);
    if (!json_is_object(draft)) {
        md_say(s, "（协议书尚未起草）");
        return;
    }
    draw_terms(s, d, draft);
    /* Nobody signs a page that says nothing: the last sentence goes along with the signatures. */
    (void)leaf_need(s, 210 + (is_drawn(d) ? 60 + 12 * (double)(sides(d) + 1) : 0) + 34 * (double)(sides(d) + 2));
    md_say(s, closing(d, draft));
    sign_agreement(s, d);
    md_seal(s, md_committee(d), md_day(d->a, json_text(json_object_get(d->m, "signed"), "on")));
}

void md_oral(struct leaf *s, struct md *d)
{
    const json_t *adopted = json_object_get(d->m, "adopted");
    const char *terms = md_text(d->a, adopted, "terms");

    md_title(s, title_of(d, "oral", "人民调解口头协议登记表"));
    leaf_line(s, SERIF, 11, false, number_line(d), s->form.left, s->y - 4, 0);
    s->y += 8;
    draw_people(s, d);
    md_row(s, "纠纷事实", md_text(d->a, d->page, "text"));
    md_row(s, "协议内容", terms[0] != '\0' ? terms : md_text(d->a, d->page, "result"));
    md_row(s, "达成日期", md_day(d->a, json_text(d->m, "effective_at")));
    md_row(s, "履行情况", "");
    md_sign(s, (const char *const[]){"人民调解员（签名）"}, 1);
    md_seal(s, md_committee(d), md_day(d->a, json_text(d->m, "effective_at")));
}

/* ---- Letters ------------------------------------------------------------------------------------------- */

void md_termination(struct leaf *s, struct md *d)
{
    struct arena *a = d->a;
    md_title(s, title_of(d, "termination", "人民调解终止告知书"));
    md_say(s, arena_printf(a, "%s：", all_names(d)));
    md_say(s, arena_printf(a, "关于“%s”的纠纷，%s。%s", md_text(a, d->page, "title"),
                           md_text(a, d->page, "outcome_label"), md_text(a, d->page, "result")));
    md_say(s, md_text(a, d->m, "guidance"));
    md_seal(s, md_committee(d), "");
}

/* Who sent it is told how it ended; no more of it than that. */
void md_police(struct leaf *s, struct md *d)
{
    const json_t *external = json_object_get(d->page, "external");
    struct arena *a = d->a;
    const char *number = md_text(a, external, "number");

    md_title(s, title_of(d, "police_letter", "调解结果函"));
    md_say(s, "派出所：");
    md_say(s, arena_printf(a, "贵所推送的警情%s%s%s，当事人%s，我委已于%s登记（编号%s）并依法调解。",
                           number[0] != '\0' ? "（" : "", number, number[0] != '\0' ? "）" : "", all_names(d),
                           md_day(a, json_text(d->page, "reported_at")), md_text(a, d->page, "number")));
    md_say(s, arena_printf(a, "调解结果：%s。", md_text(a, d->page, "outcome_label")));
    const json_t *rows = json_object_get(d->m, "instalments");
    size_t done = 0, i;
    const json_t *row;
    json_array_foreach(rows, i, row)
        done += str_is(json_text(row, "state"), "done");
    if (json_array_size(rows) > 0)
        md_say(s, arena_printf(a, "协议约定分%zu期履行，现已履行%zu期。", json_array_size(rows), done));
    md_say(s, "特此函告。");
    md_seal(s, md_committee(d), "");
}

/* ---- Return visits ------------------------------------------------------------------------------------- */

void md_visit(struct leaf *s, struct md *d)
{
    const json_t *step, *actor;
    struct arena *a = d->a;
    size_t i;
    int no = 0;

    json_array_foreach(json_object_get(d->page, "timeline"), i, step) {
        if (!str_is(json_text(step, "verb"), "revisit"))
            continue;
        if (no++ > 0)
            s->y += 30;
        actor = json_object_get(step, "actor");
        (void)leaf_need(s, 260);
        md_title(s, title_of(d, "visit", "人民调解回访记录"));
        md_pair(s, "协议编号", number_line(d), "回访时间", hour(a, json_text(step, "at")));
        md_row(s, "当事人", all_names(d));
        md_row(s, "事　　由", md_text(a, d->page, "title"));
        md_row(s, "履行情况", md_text(a, step, "text"));
        md_row(s, "回访人", md_text(a, actor, "name"));
    }
    if (no == 0) {
        md_title(s, title_of(d, "visit", "人民调解回访记录"));
        md_say(s, "尚未回访。");
    }
}
