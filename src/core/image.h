/* The confinement of the image child. Private to image.c and its test. */
#ifndef CORE_IMAGE_H
#define CORE_IMAGE_H

#include <stdbool.h>

/* How the child ends when it could not even begin: no libvips, no confinement. */
enum { IMAGE_CHILD_CANNOT = 2 };

/* Installs the filter over system calls for this process and all its threads: no way to open, connect, run or map code any more. */
bool image_confine(void);

#endif
