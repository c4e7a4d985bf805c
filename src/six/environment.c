/* 整治小环境. A spot is counted in the unit of its category: ponds, tonnes, places, boards, square metres (E1). */
#include "six/six.h"

static bool check_quantity(struct work *w, struct error *e)
{
    const json_t *quantity = json_object_get(w->fields, "quantity");
    const struct category *c = w->category->parent != NULL ? w->category->parent : w->category;
    const json_t *units = json_object_get(c->row, "quantity_units"), *unit;
    size_t i;

    if (!json_is_object(quantity) || json_array_size(units) == 0)
        return true;
    json_array_foreach(units, i, unit)
        if (str_is(json_text(quantity, "unit"), json_string_value(unit)))
            return true;
    return error_setf(e, ERROR_NOT_A_CHOICE, "quantity.unit", "%s", json_string_value(json_array_get(units, 0)));
}

const struct verb_rule environment_rules[] = {
    {KIND_ENVIRONMENT, "report", check_quantity, NULL},
    {KIND_ENVIRONMENT, "settle_on_spot", check_quantity, NULL},
    {KIND_ENVIRONMENT, "settle", check_quantity, NULL},
    {KIND_ENVIRONMENT, "enter", check_quantity, NULL},
    {0},
};
