/* Who plays in the demo: groups, offices and accounts of demo/cast.json, by their keys. */
#ifndef CLI_DEMO_CAST_H
#define CLI_DEMO_CAST_H

#include "base/json.h"
#include "cli/cli.h"

struct player {
    struct str key;
    int64_t account;
    char uuid[ID_TEXT];
};

struct named {
    struct str name;
    char code[ID_TEXT]; /* a group's code or an office's uuid */
    int64_t id, unit;
};

struct cast {
    json_t *doc;
    struct player players[200];
    size_t player_count;
    struct named groups[40], offices[40];
    size_t group_count, office_count;
};

bool cast_read(struct cast *c, struct error *e);
void cast_close(struct cast *c);
/* Makes groups, offices, accounts and posts. In the caller's transaction. */
bool cast_open(struct cast *c, struct site *s, int64_t committee, const char *password_hash, struct error *e);

const struct player *cast_player(const struct cast *c, struct str key);
const char *cast_group(const struct cast *c, struct str name);
const char *cast_office(const struct cast *c, struct str code);

#endif
