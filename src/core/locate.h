/* Where in a JSON text does a path stand? For messages about packs and other hand-written files. */
#ifndef CORE_LOCATE_H
#define CORE_LOCATE_H

#include <stddef.h>

#include "base/str.h"

/* 1-based line of the value at a dotted path such as "kinds.hazard.categories.3.code"; the line of the deepest part that exists. The text must
 * be JSON that parses. */
size_t locate_line(struct str text, const char *path);

#endif
