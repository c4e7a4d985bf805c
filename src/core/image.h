/* The confinement of the image child. Private to image.c and its test. */
#ifndef CORE_IMAGE_H
#define CORE_IMAGE_H

#include <stdbool.h>

/* Installs the filter over system calls for this process and all its threads: no way to open, connect, run or map code any more. */
bool image_confine(void);

#endif
