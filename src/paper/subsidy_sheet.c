#include "paper/subsidy_sheet.h"

#include "core/person.h"
#include "paper/sheet_read.h"

enum { HEADER_WITHIN = 12, KNOWN_LEAST = 2 };

static const char *const names[S_FIELDS] = {"name", "id_no", "amount", "item", "paid_on",
                                            "card", "phone", "group",  "area", "note"};
/* What the heads of such tables say, the surest first. */
static const char *const words[S_FIELDS][8] = {
    [S_NAME] = {"姓名", "户主", "补贴对象", "领款人", "农户", "收款人"},
    [S_ID] = {"身份证", "证件号", "身份号码", "公民身份"},
    [S_AMOUNT] = {"实发金额", "补贴金额", "发放金额", "应发金额", "金额", "补贴资金", "合计"},
    [S_ITEM] = {"补贴项目", "项目名称", "资金名称", "补贴名称", "项目", "补贴类型"},
    [S_PAID] = {"发放日期", "发放时间", "打卡", "到账", "日期", "时间"},
    [S_CARD] = {"银行账号", "账号", "卡号", "一卡通", "银行卡", "存折"},
    [S_PHONE] = {"手机", "电话", "联系方式"},
    [S_GROUP] = {"村民组", "村组", "组别", "自然村", "组名", "住址"},
    [S_AREA] = {"面积", "亩数", "数量"},
    [S_NOTE] = {"备注", "说明"},
};

const char *subsidy_field_name(enum subsidy_field f)
{
    return names[f];
}

static bool contains(struct str s, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= s.n; i++)
        if (memcmp(s.p + i, word, n) == 0)
            return true;
    return false;
}

/* Names are often spread out: 姓　名. */
static struct str packed(struct arena *a, struct str s)
{
    struct buf b = BUF_INIT(BUF_LINE);
    for (size_t i = 0; i < s.n;) {
        if (s.n - i >= 3 && memcmp(s.p + i, "\xe3\x80\x80", 3) == 0)
            i += 3;
        else if (s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t')
            i++;
        else
            buf_add(&b, str_range(s.p + i++, 1));
    }
    struct str ret = arena_str(a, buf_str(&b));
    buf_free(&b);
    return ret;
}

/* How well a head names a field: 0 not at all. */
static size_t fits(struct str head, enum subsidy_field f)
{
    for (size_t i = 0; i < 8 && words[f][i] != NULL; i++)
        if (contains(head, words[f][i]))
            return 8 - i;
    return 0;
}

static size_t known(struct arena *a, const struct str *cells, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        for (int f = 0; f < S_FIELDS; f++)
            if (fits(packed(a, cells[i]), (enum subsidy_field)f) > 0) {
                count++;
                break;
            }
    return count;
}

struct reading {
    struct subsidy_sheet *out;
    struct arena *a;
    struct sheet *sheet;
    struct str cells[SHEET_COLUMNS];
    size_t n;
};

static bool next(struct reading *r, struct error *e)
{
    return sheet_row(r->sheet, r->a, r->cells, &r->n, e);
}

static void take_heads(struct reading *r)
{
    r->out->columns = ARENA_ARRAY(r->a, struct str, SHEET_COLUMNS);
    r->out->column_count = r->n;
    r->out->header = sheet_line(r->sheet);
    for (size_t i = 0; i < r->n; i++)
        r->out->columns[i] = packed(r->a, r->cells[i]);
}

/* A second row of heads under the first: a cell that was merged over several columns stands over each of them. */
static void take_second(struct reading *r)
{
    struct str over = STR("");
    size_t n = r->n > r->out->column_count ? r->n : r->out->column_count;
    for (size_t i = 0; i < n; i++) {
        struct str upper = i < r->out->column_count ? r->out->columns[i] : STR(""),
                   lower = i < r->n ? packed(r->a, r->cells[i]) : STR("");
        if (upper.n > 0)
            over = upper;
        r->out->columns[i] = lower.n == 0
                                 ? upper
                                 : str_of(arena_printf(r->a, "%.*s%.*s", (int)over.n,
                                                       over.p != NULL ? over.p : "", (int)lower.n, lower.p));
    }
    r->out->column_count = n;
}

/* A row of data has a name beside an identity number; a second row of heads has words where numbers would stand. */
static bool has_number(const struct str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t digits = 0;
        for (size_t k = 0; k < cells[i].n; k++)
            digits += cells[i].p[k] >= '0' && cells[i].p[k] <= '9';
        if (digits > 0 && 2 * digits >= cells[i].n)
            return true;
    }
    return false;
}

/* True with r->cells holding the first row of data (n 0: there is none). */
static bool find_header(struct reading *r, struct error *e)
{
    for (int i = 0; i < HEADER_WITHIN; i++) {
        if (!next(r, e))
            return false;
        if (r->n == 0)
            break;
        if (known(r->a, r->cells, r->n) < KNOWN_LEAST)
            continue;
        take_heads(r);
        if (!next(r, e))
            return false;
        if (r->n > 0 && !has_number(r->cells, r->n)) {
            take_second(r);
            return next(r, e);
        }
        return true;
    }
    return error_setf(e, ERROR_MISSING, "header", "%s", "姓名、身份证号、金额");
}

static bool bind(struct reading *r, const json_t *mapping, struct error *e)
{
    static const enum subsidy_field needed[] = {S_NAME, S_ID, S_AMOUNT};
    struct subsidy_sheet *s = r->out;
    for (int f = 0; f < S_FIELDS; f++) {
        struct str wanted = json_text(mapping, names[f]);
        size_t best = 0;
        s->at[f] = -1;
        for (size_t i = 0; i < s->column_count; i++) {
            size_t score = wanted.n > 0 ? (str_eq(s->columns[i], wanted) ? 9 : 0)
                                        : fits(s->columns[i], (enum subsidy_field)f);
            if (score > best) {
                best = score;
                s->at[f] = (int)i;
            }
        }
    }
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (s->at[needed[i]] < 0)
            return error_setf(e, ERROR_MISSING, names[needed[i]], "%s", words[needed[i]][0]);
    return true;
}

/* "￥1,234.50元" → 123450. */
static bool money(struct str s, int64_t *ret)
{
    int64_t whole = 0, part = 0, digits = 0;
    bool point = false, any = false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= '0' && c <= '9') {
            any = true;
            if (point && ++digits > 2 && c != '0')
                return false;
            if (point && digits <= 2)
                part = part * 10 + (c - '0');
            else if (!point)
                whole = whole * 10 + (c - '0');
            if (whole > 100000000)
                return false;
        } else if (c == '.' && !point) {
            point = true;
        } else if (c != ',' && c != ' ' && c < 0x80) {
            return false; /* letters and signs; the marks of the currency are Chinese */
        } else if (c >= 0x80 && any && !str_ends(s, STR("元")) && c != 0xef) {
            return false;
        }
    }
    *ret = whole * 100 + (digits == 1 ? part * 10 : part);
    return any && *ret > 0;
}

static void judge(struct arena *a, struct subsidy_row *row)
{
    struct str id = packed(a, row->cells[S_ID]);
    row->cells[S_NAME] = packed(a, row->cells[S_NAME]);
    row->cells[S_ID] = id;
    error_clear(&row->problem);
    if (row->cells[S_NAME].n == 0)
        (void)error_set(&row->problem, ERROR_MISSING, "name");
    else if (id.n == 0)
        (void)error_set(&row->problem, ERROR_MISSING, "id_no");
    else if (contains(id, "E+") || contains(id, "e+"))
        (void)error_setf(&row->problem, ERROR_MALFORMED, "id_no", "%s", "number");
    else if (contains(id, "*"))
        (void)error_setf(&row->problem, ERROR_MALFORMED, "id_no", "%s", "masked");
    else if (!id_no_normal(a, id, &row->cells[S_ID], &row->problem))
        (void)snprintf(row->problem.field, sizeof row->problem.field, "id_no");
    else if (!money(packed(a, row->cells[S_AMOUNT]), &row->fen))
        (void)error_set(&row->problem, row->cells[S_AMOUNT].n == 0 ? ERROR_MISSING : ERROR_MALFORMED, "amount");
}

static bool is_sum(struct arena *a, const struct str *cells, size_t n)
{
    for (size_t i = 0; i < n && i < 3; i++) {
        struct str s = packed(a, cells[i]);
        if (str_is(s, "合计") || str_is(s, "总计") || str_is(s, "小计"))
            return true;
    }
    return false;
}

static bool take_row(struct reading *r, struct error *e)
{
    static const enum subsidy_field merged[] = {S_ITEM, S_PAID, S_GROUP}; /* one cell over several rows */
    struct subsidy_sheet *s = r->out;
    if (s->n == SUBSIDY_ROWS)
        return error_setf(e, ERROR_TOO_LARGE, "file", "%d", SUBSIDY_ROWS);
    struct subsidy_row *row = &s->rows[s->n];
    *row = (struct subsidy_row){.line = sheet_line(r->sheet)};
    if (is_sum(r->a, r->cells, r->n)) {
        s->skipped++;
        return true;
    }
    for (int f = 0; f < S_FIELDS; f++)
        if (s->at[f] >= 0 && (size_t)s->at[f] < r->n)
            row->cells[f] = arena_str(r->a, str_trim(r->cells[s->at[f]]));
    for (size_t i = 0; s->n > 0 && i < sizeof merged / sizeof merged[0]; i++)
        if (row->cells[merged[i]].n == 0)
            row->cells[merged[i]] = s->rows[s->n - 1].cells[merged[i]];
    judge(r->a, row);
    s->good += row->problem.code == ERROR_NONE;
    s->n++;
    return true;
}

bool subsidy_sheet_read(struct subsidy_sheet *ret, struct arena *a, struct str bytes, int which,
                        const json_t *mapping, struct error *e)
{
    struct reading *r = ARENA_NEW(a, struct reading);

    *ret = (struct subsidy_sheet){.rows = ARENA_ARRAY(a, struct subsidy_row, SUBSIDY_ROWS)};
    *r = (struct reading){.out = ret, .a = a};
    if (!sheet_open(&r->sheet, bytes, which, e))
        return false;
    bool ok = find_header(r, e) && bind(r, mapping, e);
    while (ok && r->n > 0)
        ok = take_row(r, e) && next(r, e);
    sheet_close(r->sheet);
    return ok;
}
