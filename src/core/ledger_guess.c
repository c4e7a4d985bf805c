/* A mapping to begin with, from what the columns of such tables are usually called. */
#include "core/ledger.h"

static const struct {
    const char *target, *names; /* the column is called so */
} guesses[] = {
    {"external.number", "编号|工单编号|工单号|诉求编号|事项编号|受理编号|序列号"},
    {"happened_at", "登记时间|受理时间|来电时间|诉求时间|上报时间|发生时间|时间|日期|登记日期|受理日期"},
    {"settled_at", "办结时间|办结日期|完成时间|解决时间|化解时间|化解日期"},
    {"closed_at", "归档时间|归档日期"},
    {"external.due", "办理期限|截止时间|截止日期|办结期限|限办时间"},
    {"kind", "类|六小类别|事项类型|大类"},
    {"category", "小类|类别|诉求类别|纠纷类型|问题类别|类型"},
    {"unit", "村居|村（居）|村|行政村|社区|居委会|所属村居|网格|自然村|村组"},
    {"title", "标题|主题|事项名称"},
    {"text", "内容|诉求内容|问题描述|主要内容|情况|事由|简要情况|具体内容|纠纷简要情况"},
    {"place", "地址|地点|详细地址|发生地点|位置"},
    {"person.name", "姓名|诉求人|反映人|当事人|来电人|联系人|申请人"},
    {"person.phone", "电话|联系电话|手机|手机号|联系方式|来电号码"},
    {"result", "办理结果|处理结果|答复内容|办理情况|调处结果|结果|回复内容"},
    {"outcome", "办理结论|结论|调解结果"},
    {"channel", "来源|渠道|诉求来源|来件渠道"},
    {"satisfied", "满意度|是否满意|满意情况"},
};

static bool listed(const char *names, struct str name)
{
    struct str rest = str_of(names), one;
    while (str_split(&rest, '|', &one))
        if (str_eq(one, name))
            return true;
    return false;
}

size_t ledger_map_known(const struct str *names, size_t n)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t g = 0; g < sizeof guesses / sizeof guesses[0]; g++)
            if (listed(guesses[g].names, str_trim(names[i]))) {
                known++;
                break;
            }
    return known;
}

void ledger_map_guess(struct jw *w, const struct str *names, size_t n, int64_t header)
{
    jw_object(w);
    jw_kint(w, "header", header);
    jw_kobject(w, "fields");
    for (size_t g = 0; g < sizeof guesses / sizeof guesses[0]; g++)
        for (size_t i = 0; i < n; i++)
            if (listed(guesses[g].names, str_trim(names[i]))) {
                jw_kobject(w, guesses[g].target);
                jw_ktext(w, "column", str_trim(names[i]));
                jw_end_object(w);
                break;
            }
    jw_end_object(w);
    jw_end_object(w);
}
