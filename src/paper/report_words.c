/* The sentences follow the report that the six actions grew from; every number in them is a figure, and
 * nothing is claimed that figures don't show. */
#include "paper/report_words.h"

#include "base/buf.h"
#include "base/time.h"
#include "core/tally.h"

#define SLICE(s) (int)(s).n, (s).p

/* The six, as the seed names them: heading, and the words around the number. */
static const struct {
    const char *heading;
    const char *before, *between, *after; /* "…及时化解" categories "等矛盾纠纷" 37件 "，将…" */
    const char *none;                     /* what it is, where no category is named */
    const char *done;                     /* what is done at a level */
} six[KIND_COUNT] = {
    [KIND_DISPUTE] = {"调处小纠纷，让邻里有关爱", "及时化解", "矛盾纠纷", "，将“小纠纷”转化成“大欢喜”",
                      "矛盾纠纷", "化解"},
    [KIND_REQUEST] = {"处理小诉求，让心声有着落", "累计解决", "小诉求", "，持续用解决“小诉求”暖民心",
                      "小诉求", "办结"},
    [KIND_ENVIRONMENT] = {"整治小环境，让家园更宜居", "整治", "问题", "，村容村貌得到改善", "环境问题", "整治"},
    [KIND_DIFFICULTY] = {"解决小困难，让生活更美好", "在", "方面解决“小困难”", "", "“小困难”", "解决"},
    [KIND_HAZARD] = {"排查小隐患，让安全有保障", "共排查解决", "生产生活“小隐患”", "", "“小隐患”", "整改"},
    [KIND_TALK] = {"开展小宣讲，让政策更透明", "围绕", "内容开展各类宣讲活动",
                   "，做到群众在哪里，宣讲活动就在哪里", "宣讲活动", ""},
};

static const char *const numerals[] = {"一", "二", "三", "四", "五", "六", "七"};

/* "吴寨居" of 吴寨居委会, "陈庄村" of 陈庄村委会, "幸福社区" of 幸福社区居委会. */
static struct str spoken(struct str name)
{
    static const struct {
        const char *tail;
        size_t keep; /* bytes of the tail that stay */
    } rows[] = {{"社区居民委员会", 6}, {"社区居委会", 6}, {"居民委员会", 3},
                {"村民委员会", 3},     {"居委会", 3},     {"村委会", 3}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str tail = str_of(rows[i].tail);
        if (str_ends(name, tail) && name.n > tail.n)
            return str_range(name.p, name.n - tail.n + rows[i].keep);
    }
    return name;
}

static const char *committee_word(struct str name)
{
    return str_ends(name, STR("村委会")) || str_ends(name, STR("村民委员会")) ? "村委会" : "居委会";
}

static const char *percent(struct arena *a, struct figure_rate r)
{
    return r.of > 0 ? arena_printf(a, "%.1f%%", 100.0 * (double)r.n / (double)r.of) : "—";
}

static const char *date_words(struct arena *a, int32_t day)
{
    int y, m, d;
    day_to_date(day, &y, &m, &d);
    return arena_printf(a, "%d年%d月%d日", y, m, d);
}

/* The period ends where nothing lies later: on the last counted day, unless that is in its last month or
 * the year is still running. */
static int32_t period_end(const struct figures *f)
{
    int32_t today = day_of(f->as_of), end = f->to_day < today ? f->to_day : today;
    return f->last_day != 0 && tally_month(f->last_day) < tally_month(end) ? f->last_day : end;
}

static const char *finish(struct arena *a, struct buf *b)
{
    const char *z = arena_z(a, buf_str(b));
    buf_free(b);
    return z;
}

/* "邻里口角、宅基地界址、土地流转等": the most frequent three. */
static const char *examples(struct arena *a, const struct figures *f, enum kind kind)
{
    struct buf b = BUF_INIT(BUF_LINE);
    size_t n = 0;
    for (size_t i = 0; i < f->category_count && n < 3; i++)
        if (f->categories[i].kind == kind && f->categories[i].code.n > 0)
            buf_addf(&b, "%s%.*s", n++ > 0 ? "、" : "", SLICE(f->categories[i].label));
    if (n > 0)
        buf_addz(&b, "等");
    return finish(a, &b);
}

/* "其中现场化解12件、村组化解8件、居委会化解15件；35件不出村居解决，占94.6%。" (D8) */
static void add_levels(struct buf *b, struct arena *a, const struct figures *f, enum kind kind)
{
    const char *const places[LEVEL_COUNT] = {"现场", "村组", committee_word(f->unit.name), "镇街", "区县"};
    const int64_t *n = f->levels[kind];
    int64_t near = n[LEVEL_SPOT] + n[LEVEL_GROUP] + n[LEVEL_COMMITTEE];
    bool first = true;

    for (int l = LEVEL_SPOT; l < LEVEL_COUNT; l++)
        if (n[l] > 0) {
            buf_addf(b, "%s%s%s%lld%.*s", first ? "其中" : "、", places[l], six[kind].done, (long long)n[l],
                     SLICE(f->counters[kind]));
            first = false;
        }
    if (!first)
        buf_addf(b, "；在村居内%s的共%lld%.*s，占%s。", six[kind].done, (long long)near,
                 SLICE(f->counters[kind]), percent(a, (struct figure_rate){near, f->counts[kind]}));
}

static const char *paragraph(struct arena *a, const struct figures *f, int year, enum kind kind)
{
    struct buf b = BUF_INIT(BUF_LINE);
    const char *what = examples(a, f, kind);

    if (f->counts[kind] == 0) {
        buf_addf(&b, "%d年没有已办结并计入统计的%s。", year, six[kind].none);
        return finish(a, &b);
    }
    buf_addf(&b, "%d年", year);
    if (what[0] != '\0' || (kind != KIND_DIFFICULTY && kind != KIND_TALK))
        buf_addf(&b, "%s%s%s", six[kind].before, what, what[0] != '\0' ? six[kind].between : six[kind].none);
    else /* nothing to name: "在…方面" and "围绕…内容" would hang in the air */
        buf_addz(&b, kind == KIND_TALK ? "开展各类宣讲活动" : "解决“小困难”");
    buf_addf(&b, "%lld%.*s%s。", (long long)f->counts[kind], SLICE(f->counters[kind]), six[kind].after);
    if (kind == KIND_DISPUTE)
        buf_addz(&b, "坚持“大事不出村、小事不出庄”，");
    if (kind != KIND_TALK)
        add_levels(&b, a, f, kind);
    return finish(a, &b);
}

static const char *summary(struct arena *a, const struct figures *f, struct str name)
{
    struct buf b = BUF_INIT(BUF_LINE);
    buf_addf(&b, "统计期内，%.*s扎实开展“六小行动”，", SLICE(name));
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
        buf_addf(&b, "%s%.*s%lld%.*s", k > KIND_DISPUTE ? "、" : "", SLICE(f->labels[k]),
                 (long long)f->counts[k], SLICE(f->counters[k]));
    buf_addz(&b, "。现将有关情况报告如下。");
    return finish(a, &b);
}

/* Three promises and what the residents say of them. */
static const char *quality(struct arena *a, const struct figures *f)
{
    struct buf b = BUF_INIT(BUF_LINE);
    if (f->replied.of > 0)
        buf_addf(&b, "承诺答复的事项%lld件，按时答复%lld件，响应率%s。", (long long)f->replied.of,
                 (long long)f->replied.n, percent(a, f->replied));
    if (f->judged.of > 0)
        buf_addf(&b, "请居民评价的事项%lld件，已评价%lld件，评价率%s。", (long long)f->judged.of,
                 (long long)f->judged.n, percent(a, f->judged));
    if (f->judged.n > 0)
        buf_addf(&b, "评价的居民中，认为已解决的%lld件，解决率%s；满意和基本满意的%lld件，满意率%s。",
                 (long long)f->resolved.n, percent(a, f->resolved), (long long)f->satisfied.n,
                 percent(a, f->satisfied));
    buf_addf(&b, "至制表时在办事项%lld件，其中超过时限%lld件。", (long long)f->open, (long long)f->overdue);
    return finish(a, &b);
}

static const char *number(struct arena *a, int64_t n)
{
    return arena_printf(a, "%lld", (long long)n);
}

static void level_row(struct arena *a, const char *cells[REPORT_CELLS], const char *label, int64_t count,
                      const char *counter, const int64_t levels[LEVEL_COUNT])
{
    cells[0] = label;
    cells[1] = number(a, count);
    cells[2] = counter;
    for (int l = LEVEL_SPOT; l < LEVEL_COUNT; l++)
        cells[3 + l] = levels != NULL ? number(a, levels[l]) : "—";
    cells[8] = levels != NULL ? percent(a, (struct figure_rate){levels[LEVEL_SPOT] + levels[LEVEL_GROUP] +
                                                                    levels[LEVEL_COMMITTEE],
                                                                count})
                              : "—";
}

static void level_table(struct report_words *w, struct arena *a, const struct figures *f)
{
    static const char *const head[REPORT_CELLS] = {"六小行动", "数量", "单位", "现场",    "村组",
                                                   "",         "镇街", "区县", "不出村居"};
    int64_t all = 0;

    memcpy(w->level_head, head, sizeof head);
    w->level_head[5] = committee_word(f->unit.name);
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++) {
        level_row(a, w->level_rows[k], arena_z(a, f->labels[k]), f->counts[k], arena_z(a, f->counters[k]),
                  k != KIND_TALK ? f->levels[k] : NULL);
        all += k != KIND_TALK ? f->counts[k] : 0;
    }
    level_row(a, w->level_rows[KIND_NONE], "前五项合计", all, "", f->levels[KIND_NONE]);
}

/* Months to come, and those without anything, stay empty: a row of noughts would look like work not done. */
static void month_table(struct report_words *w, struct arena *a, const struct figures *f)
{
    w->month_head[0] = "六小行动";
    for (int m = 1; m <= 12; m++)
        w->month_head[m] = arena_printf(a, "%d月", m);
    w->month_head[13] = "合计";
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++) {
        w->month_rows[k][0] = arena_z(a, f->labels[k]);
        for (int m = 1; m <= 12; m++)
            w->month_rows[k][m] = "";
        for (size_t i = 0; i < f->month_count; i++)
            if (f->months[i].counts[k] > 0)
                w->month_rows[k][f->months[i].month % 12 + 1] = number(a, f->months[i].counts[k]);
        w->month_rows[k][13] = number(a, f->counts[k]);
    }
}

static void rate_row(struct arena *a, const char *cells[REPORT_CELLS], const char *name, const char *what,
                     struct figure_rate r)
{
    cells[0] = name;
    cells[1] = number(a, r.n);
    cells[2] = number(a, r.of);
    cells[3] = percent(a, r);
    cells[4] = what;
}

static void rate_table(struct report_words *w, struct arena *a, const struct figures *f)
{
    static const char *const head[] = {"指标", "分子", "分母", "比率", "含义"};
    memcpy(w->rate_head, head, sizeof head);
    rate_row(a, w->rate_rows[0], "响应率", "按时答复 / 到期或已答复的答复承诺", f->replied);
    rate_row(a, w->rate_rows[1], "解决率", "居民评“解决了” / 居民已评价", f->resolved);
    rate_row(a, w->rate_rows[2], "满意率", "居民评“满意”“基本满意” / 居民已评价", f->satisfied);
    rate_row(a, w->rate_rows[3], "评价率", "居民已评价 / 请居民评价", f->judged);
}

void report_words(struct report_words *w, struct arena *a, const struct figures *f, int year, struct str seal)
{
    struct str name = spoken(f->unit.name);
    char made[TIME_TEXT];

    *w = (struct report_words){.signer = arena_z(a, f->unit.name)};
    time_format(f->as_of, made);
    w->title = arena_printf(a, "%.*s%d年“六小行动”工作情况", SLICE(name), year);
    w->period = arena_printf(a, "统计时间：%s至%s", date_words(a, f->from_day), date_words(a, period_end(f)));
    w->summary = summary(a, f, name);
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++) {
        w->sections[k - 1].heading = arena_printf(a, "%s、%s", numerals[k - 1], six[k].heading);
        w->sections[k - 1].text = paragraph(a, f, year, (enum kind)k);
    }
    w->sections[6].heading = arena_printf(a, "%s、办理质量和群众评价", numerals[6]);
    w->sections[6].text = quality(a, f);
    level_table(w, a, f);
    month_table(w, a, f);
    rate_table(w, a, f);
    w->made = arena_printf(a, "制表：%.16s", made);
    *strchr((char *)w->made, 'T') = ' ';
    w->source = seal.n > 0
                    ? arena_printf(a, "流水第%lld号 · 最近封签 %.*s", (long long)f->position, SLICE(seal))
                    : arena_printf(a, "流水第%lld号 · 尚无封签", (long long)f->position);
    w->note =
        "注：事项按办结之日计入，现场办结的按当天计入；重新办理的退出原月份，办结后再计入；并入、撤回、不予受理和未办成的不计入。"
        "单位“件、个、处、次”按各项通行说法。合计为前五项事项数，不含宣讲。";
}
