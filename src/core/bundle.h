/* A small zip in memory: a few texts and photos that go out in one answer. */
#ifndef CORE_BUNDLE_H
#define CORE_BUNDLE_H

#include "core/core.h"
#include "core/person.h"

/* NAME.json with `json`, then the files, unsealed; those that can't be read any more are left out. */
bool bundle_write(struct core *core, const char *name, struct str json, const struct person_file *files,
                  size_t n, struct buf *ret, struct error *e);

#endif
