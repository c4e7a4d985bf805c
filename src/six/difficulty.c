/* 解决小困难. */
#include "six/six.h"

/* Who is helped stands on the case, so that the next one who comes knows what was done. */
static bool check_subject(struct work *w, struct error *e)
{
    const json_t *rows = json_object_get(w->fields, "persons"), *row;
    size_t i;
    const json_t *own = w->category->parent_row != NULL ? w->category->parent_row : w->category->row;

    if (json_flag(own, "anonymous_person")) /* someone without a home or a name to give (L13) */
        return true;
    json_array_foreach(rows, i, row)
        if (str_is(json_text(row, "role"), "subject") || str_is(json_text(row, "role"), "reporter"))
            return true;
    return error_set(e, ERROR_MISSING, "persons");
}

const struct verb_rule difficulty_rules[] = {
    {KIND_DIFFICULTY, "settle_on_spot", check_subject, NULL},
    {0},
};
