#include "core/post.h"

static const char *const codes[POST_COUNT] = {
#define X(name, code) [POST_##name] = (code),
    POSTS(X)
#undef X
};

const char *post_code(enum post post)
{
    return post >= 0 && post < POST_COUNT ? codes[post] : "";
}

bool post_parse(struct str code, enum post *ret)
{
    for (int i = 0; i < POST_COUNT; i++) {
        if (str_is(code, codes[i])) {
            *ret = (enum post)i;
            return true;
        }
    }
    return false;
}
