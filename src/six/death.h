/* When somebody has died (G16): nobody knocks any more, and what is paid to them waits for somebody to tell the office that pays. */
#ifndef SIX_DEATH_H
#define SIX_DEATH_H

#include "core/command.h"

/* A verb on each application of the person that is in a state for it. `fields` are given away. */
bool applications_of_dead(struct work *w, int64_t person, const char *verb, json_t *fields, struct error *e);

#endif
