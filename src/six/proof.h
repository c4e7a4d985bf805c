/* 开证明 (R8): may the committee issue what somebody asks for, and who does instead? The list is the pack's. */
#ifndef SIX_PROOF_H
#define SIX_PROOF_H

#include "base/json.h"
#include "core/pack.h"

enum { PROOFS_MOST = 5 };
/* Rows of the pack's powers.proofs that fit what was typed, the best first; all of them, in the pack's order, for nothing typed. */
size_t proofs_find(struct arena *a, const struct pack *p, struct str q, const json_t **ret, size_t room);
const json_t *proof_named(const struct pack *p, struct str name);
/* {"items":[{"name","may","who","office","bring","say"}],"basis","otherwise"} */
void proofs_write(struct arena *a, struct jw *w, const struct pack *p, struct str q);

#endif
