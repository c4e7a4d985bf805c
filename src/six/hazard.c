/* 排查小隐患. A committee advises, registers and reports; it never orders (H4, G14). Only a recheck by someone else closes a hazard. */
#include "six/six.h"

static bool look_recheck(const struct gate_view *v, struct gate_missing *m, struct error *e)
{
    const unsigned both = FLAG_REVISITED | FLAG_HELD;
    (void)e;
    if ((v->c->flags & both) != both)
        gate_lacks(m, "recheck", NULL);
    return true;
}

/* Suspected major by category or by the finder's own first judgement: with its basis. */
static bool grade(struct work *w, struct error *e)
{
    if (str_is(work_text(w, "grade"), "疑似重大")) {
        if (work_text(w, "basis").n == 0)
            return error_set(e, ERROR_MISSING, "basis");
        w->c.flags |= FLAG_SUSPECT_MAJOR;
    }
    return true;
}

const struct verb_rule hazard_rules[] = {
    {KIND_HAZARD, "report", NULL, grade},
    {KIND_HAZARD, "settle_on_spot", NULL, grade},
    {0},
};

const struct gate hazard_gates[] = {
    {"recheck", KIND_HAZARD, "close", look_recheck},
    {0},
};
