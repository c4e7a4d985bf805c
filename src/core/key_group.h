/* The groups of the care list (L2), as the pack describes them: `owner` says that the list is another's, the party branch's, and not the committee's;
 * `privacy` whom it is about. */
#ifndef CORE_KEY_GROUP_H
#define CORE_KEY_GROUP_H

#include "core/pack.h"

enum group_kept {
    GROUP_COMMON,
    GROUP_PRIVATE, /* income, a family that lost its child */
    GROUP_HEALTH,
    GROUP_CHILDREN,
    GROUP_OWNED,
    GROUP_UNKNOWN, /* the pack names no such group any more */
};
enum group_kept key_group_kept(const struct pack *p, struct str code);

/* What a pack says of its groups is known here. False: where it stands and why. Both live in the pack's arena. */
bool key_groups_check(const struct pack *p, const char **ret_path, const char **ret_why);

#endif
