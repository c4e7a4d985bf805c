/* What the image child is made of. Private to image.c, image_pdf.c, file_clean.c and their test. */
#ifndef CORE_IMAGE_H
#define CORE_IMAGE_H

#include <stdbool.h>

#include "base/str.h"

/* How the child ends when not well. */
enum {
    IMAGE_CHILD_BAD = 1,    /* broken, or nothing that is taken */
    IMAGE_CHILD_CANNOT = 2, /* it could not even begin: no library, no confinement */
    IMAGE_CHILD_LOCKED = 3, /* a PDF that wants a password */
    IMAGE_CHILD_PAGES = 4,  /* a PDF of more than FILE_PAGES */
    IMAGE_CHILD_FONTS = 5,  /* a PDF that is no scan: text whose font is not in it */
};

/* In the child's environment, which is empty otherwise: it gets a PDF. */
#define IMAGE_OF_SCAN "LIUXIAO_SCAN"

/* Installs the filter over system calls for this process and all its threads: no way to open, connect, run or map code any more. */
bool image_confine(void);

/* ---- Pages of a PDF (image_pdf.c) ---------------------------------------------------------------------- */

/* Before the confinement: the libraries. */
bool image_pdf_load(void);
/* `bytes` stay where they are. 0, or how the child ends; how many pages it has. */
int image_pdf_open(struct str bytes, int *ret_pages);
/* Three bytes a pixel, from malloc, `side` the longer way at most. 0, or how the child ends. */
int image_pdf_draw(int index, int side, unsigned char **ret, int *ret_width, int *ret_height);

#endif
