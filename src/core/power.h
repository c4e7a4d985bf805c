/* Powers (G14): whose power a step or a paper rests on, what a committee may not do and who may, and words that its texts had better not use. All of it is
 * in the pack, under "powers"; a pack from before that has none, and then nothing is said. */
#ifndef CORE_POWER_H
#define CORE_POWER_H

#include "core/pack.h"

/* The row of powers.bases for a verb of this kind, or for a paper ("report", "poster"); null: none. */
const json_t *power_of_verb(const struct pack *p, enum kind kind, const char *verb);
const json_t *power_of_paper(const struct pack *p, const char *paper);
/* "人民调解法4、17、23、26；…": the articles of a row, in the arena. */
struct str power_basis(struct arena *a, const json_t *row);
/* "power":{"label","basis","cannot":[{"what","basis"}]} or null. `cannot`: what is handed on because it is not a committee's, with the verbs that do so. */
void power_write(struct jw *w, struct arena *a, const struct pack *p, enum kind kind, const char *verb);
/* The row of powers.cannot for a matter of this kind that goes to this office; null: none. */
const json_t *power_cannot(const struct pack *p, enum kind kind, struct str office);
/* Label and articles in one line, for the foot of a paper; empty when the pack has none. */
struct str power_line(struct arena *a, const json_t *row);
/* "careful":[{"word","instead","kinds"}]: words that a text going out had better not use; `kinds` null: anywhere. */
void power_write_careful(struct jw *w, const json_t *doc);
/* Where the pack has bases, every kind has one, and every row its label and articles. On false *ret_path says where. */
bool power_check(const struct pack *p, const char **ret_path, const char **ret_why);

#endif
