/* Words as villages write them: invented, of many shapes, the same in each run. */
#include "data.h"

static uint64_t state = UINT64_C(0x2545f4914f6cdd1d);

uint64_t chance(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * UINT64_C(2685821657736338717) >> 8;
}

uint64_t chance_below(uint64_t n)
{
    return chance() % n;
}

bool chance_of(unsigned percent)
{
    return chance_below(100) < percent;
}

#define PICK(list) ((list)[chance_below(sizeof(list) / sizeof((list)[0]))])

static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙",
                                       "马", "朱", "胡", "郭", "何", "林", "高", "罗", "郑", "梁", "谢", "宋",
                                       "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "潘",
                                       "袁", "蔡", "蒋", "余", "于", "杜", "叶", "程", "魏"};
static const char *const firsts[] = {"建", "国", "志", "明", "秀", "兰", "桂", "英",
                                     "海", "春", "红", "玉", "文", "德", "永", "金"};
static const char *const seconds[] = {"华", "军", "强", "平", "芳", "英", "霞", "珍",
                                      "明", "亮", "龙", "林", "生", "梅", "云", "波"};
static const char *const places[] = {"村口老井旁",     "东头第三户",   "文化广场西侧",   "小学门前路段",
                                     "卫生室旁边巷子", "养殖场北边",   "五保户家门口",   "镇村道路拐弯处",
                                     "大塘埂上",       "老供销社后面", "变压器台区下面", "南北路桥头",
                                     "机井房旁",       "祠堂前空地",   "安置小区二号楼"};
static const char *const troubles[] = {"路灯连着三天不亮，晚上老人出门看不见路",
                                       "排水沟堵了，一下雨水就往院里倒灌",
                                       "两家为宅基地边上一棵树争起来，说话难听",
                                       "生活垃圾堆了快一个星期没有人清运，味道很大",
                                       "自来水断断续续，做饭都成问题",
                                       "电线离屋顶太近，刮风的时候直冒火花",
                                       "老人一个人在家，腿脚不便，药快吃完了",
                                       "收麦子的时候地界石被挪动，双方都不肯让",
                                       "井盖破了一个大口子，孩子放学从这里过",
                                       "房顶漏雨，屋里没有一块干的地方",
                                       "广场舞声音太大，上夜班的人白天睡不着",
                                       "养老金认证不会弄，子女都在外面",
                                       "秸秆堆在路边，怕有人点火",
                                       "合作医疗报销差一张单子，跑了两趟没办成",
                                       "邻居盖房把滴水打到这边墙上"};
static const char *const wishes[] = {"请尽快派人来看", "希望这两天能有个说法", "麻烦红管家过来一趟",
                                     "已经同邻居说过，没有结果", "电话随时能打通"};
static const char *const steps[] = {
    "到现场看了，拍了照片，同当事人说好明天再来", "联系了施工队，材料已经到位，后天动工",
    "两家都坐下来谈过一次，气消了大半",           "已经报给镇里，等他们的回话",
    "带着老人跑了一趟，差的材料补上了",           "清了一半，余下的明天请铲车"};
static const char *const results[] = {
    "当天就修好了，请本人看过，没有意见",     "双方各让一步，当面握了手，写了字据",
    "沟已经疏通，试过水，不再倒灌",           "手续办完，钱下月到卡上",
    "垃圾清走，添了一个桶，定了每周二四来收", "线已经抬高，绝缘皮换了新的",
    "药送到家，同社区医生约好每月上门"};

struct str invent_name(struct arena *a)
{
    return str_of(arena_printf(a, "%s%s%s", PICK(surnames), PICK(firsts), chance_of(80) ? PICK(seconds) : ""));
}

struct str invent_phone(struct arena *a)
{
    return str_of(arena_printf(a, "1%llu%09llu", (unsigned long long)(3 + chance_below(6)),
                               (unsigned long long)chance_below(1000000000)));
}

struct str invent_story(struct arena *a)
{
    const char *where = PICK(places), *first = PICK(troubles);
    if (chance_of(40))
        return str_of(arena_printf(a, "%s%s。", where, first));
    if (chance_of(50))
        return str_of(arena_printf(a, "%s%s，%s。", where, first, PICK(wishes)));
    return str_of(arena_printf(a, "%s%s。另外%s%s。%s，已经第%llu次反映。", where, first, PICK(places),
                               PICK(troubles), PICK(wishes), (unsigned long long)(1 + chance_below(4))));
}

struct str invent_place(struct arena *a)
{
    (void)a;
    return chance_of(70) ? str_of(PICK(places)) : STR("");
}

struct str invent_step(struct arena *a)
{
    return str_of(arena_printf(a, "%s。", PICK(steps)));
}

struct str invent_result(struct arena *a)
{
    return str_of(arena_printf(a, "%s。", PICK(results)));
}
