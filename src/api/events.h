/* The event stream: who listens, and what of the journal they may hear of. */
#ifndef API_EVENTS_H
#define API_EVENTS_H

#include "core/journal.h"
#include "api/api.h"

struct events *events_open(void);
void events_close(struct events *ev);
/* Adds a listener for the actor's reach; the stream belongs to the events from then on. */
void events_add(struct events *ev, struct http_request *r, const struct actor *a);
/* Tells every listener whose reach holds it that a case has changed: {"id","rev","verb"}. From the job that follows the journal. */
void events_tell(struct events *ev, const struct journal_entry *entry, struct id case_uuid, unsigned class);
/* A comment line, so that proxies keep the connection and dead ones show. */
void events_ping(struct events *ev);

#endif
