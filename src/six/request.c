/* 处理小诉求. */
#include "six/six.h"

/* 条条有回音: an answer on the spot was given to someone. */
static bool check_spot(struct work *w, struct error *e)
{
    return work_text(w, "result").n > 0 || work_text(w, "text").n > 0 ||
           json_array_size(json_object_get(w->fields, "files")) > 0 || error_set(e, ERROR_MISSING, "result");
}

const struct verb_rule request_rules[] = {
    {KIND_REQUEST, "settle_on_spot", check_spot, NULL},
    {0},
};
