/* rows: G5 */
/* The annual report: the demo's truth of 2024 as a document and as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/time.h"
#include "paper/report.h"

static const struct {
    const char *label, *counter;
    int64_t count, levels[LEVEL_COUNT];
    const char *said; /* number and counter word together */
} six[KIND_COUNT] = {
    [KIND_DISPUTE] = {"调处小纠纷", "件", 37, {14, 7, 15, 1, 0}, "37件"},
    [KIND_REQUEST] = {"处理小诉求", "个", 32, {12, 2, 15, 3, 0}, "32个"},
    [KIND_ENVIRONMENT] = {"整治小环境", "处", 50, {18, 20, 9, 2, 1}, "50处"},
    [KIND_DIFFICULTY] = {"解决小困难", "件", 39, {10, 6, 20, 2, 1}, "39件"},
    [KIND_HAZARD] = {"排查小隐患", "处", 26, {9, 5, 8, 4, 0}, "26处"},
    [KIND_TALK] = {"开展小宣讲", "次", 67, {0}, "67次"},
};

#define TEXT_OF(lit)                                                                                         \
    {                                                                                                        \
        (lit), sizeof(lit) - 1                                                                               \
    }

static struct figure_category categories[] = {
    {KIND_DISPUTE, TEXT_OF("D0101"), TEXT_OF("邻里口角"), 9},
    {KIND_DISPUTE, TEXT_OF("D0301"), TEXT_OF("宅基地界址"), 6},
    {KIND_DISPUTE, TEXT_OF("D0401"), TEXT_OF("土地租赁合同"), 5},
    {KIND_DISPUTE, TEXT_OF("D0102"), TEXT_OF("相邻排水滴水"), 2},
    {KIND_REQUEST, TEXT_OF("R0101"), TEXT_OF("统防统治打药"), 8},
    {KIND_REQUEST, TEXT_OF("R0203"), TEXT_OF("一卡通未到账"), 7},
    {KIND_DIFFICULTY, TEXT_OF("L01"), TEXT_OF("医疗"), 12},
    {KIND_TALK, TEXT_OF(""), TEXT_OF("其他"), 3},
};

/* Wuzhai's 2024; everything lies before 19 July. */
static struct figures wuzhai(struct figure_month months[12])
{
    struct figures f = {
        .unit = {.level = UNIT_COMMITTEE, .code = STR("341203105006"), .name = STR("吴寨居委会")},
        .full_name = STR("安徽省阜阳市颍东区正午镇吴寨居委会"),
        .from_day = day_from_date(2024, 1, 1),
        .to_day = day_from_date(2024, 12, 31),
        .last_day = day_from_date(2024, 7, 18),
        .as_of = civil_ms((struct civil){.year = 2025, .month = 1, .day = 6, .hour = 9}),
        .position = 1893,
        .replied = {180, 184},
        .resolved = {118, 121},
        .satisfied = {119, 121},
        .judged = {121, 184},
        .open = 5,
        .overdue = 1,
        .months = months,
        .month_count = 12,
        .categories = categories,
        .category_count = sizeof categories / sizeof categories[0],
    };
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++) {
        f.labels[k] = str_of(six[k].label);
        f.counters[k] = str_of(six[k].counter);
        f.counts[k] = six[k].count;
        for (int l = LEVEL_SPOT; l < LEVEL_COUNT; l++) {
            f.levels[k][l] = six[k].levels[l];
            f.levels[KIND_NONE][l] += six[k].levels[l];
        }
        for (int m = 0; m < 7; m++)
            months[m].counts[k] = six[k].count / 7 + (m == 2 ? six[k].count % 7 : 0);
    }
    for (int m = 0; m < 12; m++)
        months[m].month = 2024 * 12 + m;
    return f;
}

/* cairo 1.16 loses 3 KiB for every document with CFF fonts, and fontconfig keeps its own. Ours is still
 * looked at. */
// NOLINTBEGIN(bugprone-reserved-identifier): the sanitizer gives the name
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libcairo\nleak:libfontconfig\n";
}
// NOLINTEND(bugprone-reserved-identifier)

/* The text of a document by pdftotext, without white space, because a line may end anywhere. */
static struct str read_back(struct arena *a, struct str pdf)
{
    char path[] = "/tmp/liuxiao-report.XXXXXX", chunk[4096];
    int fd = mkstemp(path), ends[2], status = 0;
    struct buf b = BUF_INIT(BUF_REPLY);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, pdf.p, pdf.n), (ssize_t)pdf.n);
    (void)close(fd);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], 1);
        (void)close(ends[0]);
        (void)execlp("pdftotext", "pdftotext", "-enc", "UTF-8", path, "-", (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    for (ssize_t n; (n = read(ends[0], chunk, sizeof chunk)) > 0;)
        for (ssize_t i = 0; i < n; i++)
            if ((unsigned char)chunk[i] > ' ')
                buf_addc(&b, chunk[i]);
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    (void)unlink(path);
    if (WEXITSTATUS(status) == 127)
        skip(); /* no poppler here */
    assert_int_equal(status, 0);
    struct str text = arena_str(a, buf_str(&b));
    buf_free(&b);
    return text;
}

#define assert_says(text, words) assert_non_null(strstr((text), (words)))

static void the_paper_says_the_six(void **state)
{
    static const char *const words[] = {"吴寨居2024年“六小行动”工作情况",
                                        "统计时间：2024年1月1日至2024年7月18日",
                                        "邻里口角、宅基地界址、土地租赁合同等矛盾纠纷37件",
                                        "其中现场化解14件、村组化解7件、居委会化解15件",
                                        "97.3%",
                                        "流水第1893号",
                                        "1893",
                                        "吴寨居委会",
                                        "第1页共4页",
                                        "第4页共4页",
                                        "abcdef0123456789"};
    struct figure_month months[12] = {{0}};
    struct figures f = wuzhai(months);
    struct arena *a = arena_open();
    struct buf b = BUF_INIT(BUF_DOCUMENT);
    struct error e = {0};
    (void)state;

    if (!report_pdf(&f, 2024, STR("abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789"), &b, &e))
        fail_msg("%s %s", error_name(e.code), e.cause);
    assert_true(str_starts(buf_str(&b), STR("%PDF-")));
    const char *keep = getenv("LIUXIAO_KEEP_REPORT");
    if (keep != NULL) {
        FILE *out = fopen(keep, "wb");
        assert_non_null(out);
        assert_int_equal(fwrite(b.p, 1, b.n, out), b.n);
        (void)fclose(out);
    }
    const char *text = arena_z(a, read_back(a, buf_str(&b)));
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
        assert_says(text, six[k].said);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_says(text, words[i]);
    buf_free(&b);
    arena_close(a);
}

static void the_terminal_says_the_same(void **state)
{
    struct figure_month months[12] = {{0}};
    struct figures f = wuzhai(months);
    struct buf b = BUF_INIT(BUF_DOCUMENT);
    struct error e = {0};
    (void)state;

    assert_true(report_text(&f, 2024, &b, &e));
    buf_addc(&b, '\0');
    if (getenv("LIUXIAO_SHOW_REPORT") != NULL)
        (void)fputs(b.p, stderr);
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++)
        assert_says(b.p, six[k].said);
    assert_says(b.p, "统计时间：2024年1月1日至2024年7月18日");
    assert_says(b.p, "97.8%");
    buf_free(&b);
}

/* An empty year, a village, a year that is still running. */
static void nothing_is_said_of_nothing(void **state)
{
    struct figure_month months[3] = {{.month = 2026 * 12}, {.month = 2026 * 12 + 1}, {.month = 2026 * 12 + 2}};
    struct figures f = {
        .unit = {.level = UNIT_COMMITTEE, .name = STR("陈庄村委会")},
        .from_day = day_from_date(2026, 1, 1),
        .to_day = day_from_date(2026, 12, 31),
        .as_of = civil_ms((struct civil){.year = 2026, .month = 3, .day = 9, .hour = 9}),
        .months = months,
        .month_count = 3,
    };
    struct buf b = BUF_INIT(BUF_DOCUMENT);
    struct error e = {0};
    (void)state;
    for (int k = KIND_DISPUTE; k < KIND_COUNT; k++) {
        f.labels[k] = str_of(six[k].label);
        f.counters[k] = str_of(six[k].counter);
    }
    assert_true(report_text(&f, 2026, &b, &e));
    buf_addc(&b, '\0');
    assert_says(b.p, "陈庄村2026年“六小行动”工作情况");
    assert_says(b.p, "统计时间：2026年1月1日至2026年3月9日");
    assert_says(b.p, "2026年没有已办结并计入统计的矛盾纠纷。");
    assert_null(strstr(b.p, "其中现场"));
    buf_clear(&b);
    assert_true(report_pdf(&f, 2026, STR(""), &b, &e));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_paper_says_the_six),
        cmocka_unit_test(the_terminal_says_the_same),
        cmocka_unit_test(nothing_is_said_of_nothing),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
