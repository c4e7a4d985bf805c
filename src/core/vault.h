/* Sealed rows: every person, household, place, case, activity, account and file has a key of its own, wrapped by the master key. Destroying the
 * wrapped key makes the row's texts unreadable for ever while hashes over them still hold. */
#ifndef CORE_VAULT_H
#define CORE_VAULT_H

#include "base/json.h"
#include "core/core.h"

/* A fresh key and its wrapped form for the row. */
struct str vault_new(const struct core *core, struct arena *a, struct key *ret);
/* KEY_DESTROYED when the row has none any more. */
bool vault_key(const struct core *core, struct str wrapped, struct key *ret, struct error *e);

/* Seals a JSON object; `about` says which table and field it belongs to. */
struct str vault_seal(struct arena *a, const struct key *key, const char *about, const json_t *plain);
struct str vault_seal_text(struct arena *a, const struct key *key, const char *about, struct str plain);
json_t *vault_open(struct arena *a, const struct key *key, const char *about, struct str sealed, struct error *e);
bool vault_open_text(struct arena *a, const struct key *key, const char *about, struct str sealed,
                     struct str *ret, struct error *e);

/* "吴*顺", "138****1234", "3412**********1234" */
struct str mask_name(struct arena *a, struct str name);
struct str mask_phone(struct arena *a, struct str phone);
struct str mask_id_no(struct arena *a, struct str id_no);

#endif
