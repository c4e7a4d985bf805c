#include "core/key_group.h"

#include "base/arena.h"

static const struct {
    const char *word;
    enum group_kept kept;
} privacies[] = {
    {"minor", GROUP_CHILDREN}, {"health", GROUP_HEALTH}, {"income", GROUP_PRIVATE}, {"family", GROUP_PRIVATE}};
enum { PRIVACIES = sizeof privacies / sizeof privacies[0] };

static bool privacy_of(const json_t *group, enum group_kept *ret)
{
    struct str word = json_text(group, "privacy");
    size_t i = 0;
    while (i < PRIVACIES && !str_is(word, privacies[i].word))
        i++;
    *ret = i < PRIVACIES ? privacies[i].kept : GROUP_COMMON;
    return i < PRIVACIES || json_object_get(group, "privacy") == NULL;
}

enum group_kept key_group_kept(const struct pack *p, struct str code)
{
    const json_t *group = pack_row(p, "key_groups", code);
    enum group_kept kept;

    if (group == NULL)
        return GROUP_UNKNOWN;
    if (json_text(group, "owner").n > 0)
        return GROUP_OWNED;
    (void)privacy_of(group, &kept);
    return kept;
}

bool key_groups_check(const struct pack *p, const char **ret_path, const char **ret_why)
{
    const json_t *group;
    enum group_kept kept;
    size_t i;

    json_array_foreach(json_object_get(p->doc, "key_groups"), i, group) {
        const json_t *owner = json_object_get(group, "owner");
        const char *member = "";
        if (!privacy_of(group, &kept)) {
            *ret_why = "privacy is minor, health, income or family";
            member = ".privacy";
        } else if (owner != NULL && json_text(group, "owner").n == 0) {
            *ret_why = "who keeps the list is named";
            member = ".owner";
        } else if (owner != NULL && kept == GROUP_CHILDREN) {
            *ret_why = "a list of children is the committee's own";
            member = ".owner";
        }
        *ret_path = arena_printf(p->arena, "key_groups.%zu%s", i, member);
        if (member[0] != '\0')
            return false;
    }
    return true;
}
