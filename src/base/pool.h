/* A few threads for slow work that belongs neither on an HTTP thread nor on a database connection: passwords, images, documents. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stdbool.h>

struct pool;

struct pool *pool_open(int threads, int queue);
/* Lets waiting work finish. */
void pool_close(struct pool *p);
/* False when the queue is full; then `run` is not called. `goes_on`: a further step of what was let in before is taken all the same. */
bool pool_add(struct pool *p, bool goes_on, void (*run)(void *context), void *context);

#endif
