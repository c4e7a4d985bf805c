/* Accounts made from the command line, through the same commands as from the desk. */
#ifndef CLI_PEOPLE_H
#define CLI_PEOPLE_H

#include "cli/cli.h"

struct newcomer {
    const char *login, *name, *phone, *post, *unit, *office; /* office: uuid text */
    struct id uuid;                                          /* filled */
};

/* Opens the account by the command `open` and sets its first password. In a transaction of its own. */
bool people_open(struct site *s, struct newcomer *n, const char *password, struct error *e);
/* The same with a password that has been hashed already; null: none. In the caller's transaction. */
bool people_open_in(struct site *s, struct newcomer *n, const char *hash, struct error *e);
/* A password that can be read out over the telephone: three groups of four. */
void password_invent(char out[24]);

#endif
