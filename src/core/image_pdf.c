/* The pages of a scan that came as PDF, as pixels. Inside the image child, after its confinement: what poppler may do there is read memory and compute. It
 * is loaded for a PDF alone. Fonts of the system can't be opened, so a page of text that brings no fonts of its own would come out empty: that is
 * refused and not lost. A scanner's own recognised text lies invisible over a picture and loses nothing. */
#include <dlfcn.h>

#include "core/image.h"
/* Its struct has a member with the name of a function that is banned here; attachments are not looked at. */
#define __POPPLER_ATTACHMENT_H__ /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#include <poppler.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"

enum { POINTS_MOST = 20000, DPI_MOST = 300, TAIL = 1024 };

#define USED(F)                                                                                              \
    F(poppler_error_quark)                                                                                   \
    F(poppler_document_new_from_bytes)                                                                       \
    F(poppler_document_get_n_pages)                                                                          \
    F(poppler_document_get_page)                                                                             \
    F(poppler_page_get_size)                                                                                 \
    F(poppler_page_render)                                                                                   \
    F(poppler_page_get_image_mapping)                                                                        \
    F(poppler_page_free_image_mapping)                                                                       \
    F(poppler_font_info_new)                                                                                 \
    F(poppler_font_info_scan)                                                                                \
    F(poppler_fonts_iter_next)                                                                               \
    F(poppler_fonts_iter_is_embedded)                                                                        \
    F(poppler_fonts_iter_free)                                                                               \
    F(cairo_image_surface_create_for_data)                                                                   \
    F(cairo_create)                                                                                          \
    F(cairo_scale)                                                                                           \
    F(cairo_status)                                                                                          \
    F(cairo_destroy)                                                                                         \
    F(cairo_surface_flush)                                                                                   \
    F(cairo_surface_destroy)

#define POINTER(name) __typeof__(&name) name; /* NOLINT(bugprone-macro-parentheses): a declaration */
static struct {
    USED(POINTER)
} lib;

static PopplerDocument *document;
static bool foreign_fonts; /* it uses some that are not inside */

static bool find(void *library, const char *name, void *ret)
{
    void *found = dlsym(library, name);
    memcpy(ret, &found, sizeof found); /* POSIX lets a pointer to data be one to a function, C does not */
    return found != NULL;
}

bool image_pdf_load(void)
{
    void *library = dlopen("libpoppler-glib.so.8", RTLD_NOW | RTLD_LOCAL);
    bool ok = library != NULL;
#define FIND(name) ok = ok && find(library, #name, &lib.name);
    USED(FIND)
    return ok;
}

static bool has_foreign_fonts(int pages)
{
    PopplerFontInfo *info = lib.poppler_font_info_new(document);
    PopplerFontsIter *iter = NULL;
    bool found = false;

    if (lib.poppler_font_info_scan(info, pages, &iter) && iter != NULL)
        do
            found = found || !lib.poppler_fonts_iter_is_embedded(iter);
        while (lib.poppler_fonts_iter_next(iter));
    if (iter != NULL)
        lib.poppler_fonts_iter_free(iter);
    g_object_unref(info);
    return found;
}

/* What ended early on its way would be mended and drawn, with a page or half of one missing. */
static bool is_whole(struct str bytes)
{
    size_t tail = bytes.n < TAIL ? bytes.n : TAIL;
    return memmem(bytes.p + bytes.n - tail, tail, "%%EOF", 5) != NULL;
}

int image_pdf_open(struct str bytes, int *ret_pages)
{
    GError *why = NULL;
    GBytes *held = g_bytes_new_static(bytes.p, bytes.n);

    if (!is_whole(bytes))
        return IMAGE_CHILD_BAD;
    document = lib.poppler_document_new_from_bytes(held, NULL, &why);
    if (document == NULL)
        return g_error_matches(why, lib.poppler_error_quark(), POPPLER_ERROR_ENCRYPTED) ? IMAGE_CHILD_LOCKED
                                                                                        : IMAGE_CHILD_BAD;
    *ret_pages = lib.poppler_document_get_n_pages(document);
    if (*ret_pages < 1)
        return IMAGE_CHILD_BAD;
    if (*ret_pages > FILE_PAGES)
        return IMAGE_CHILD_PAGES;
    foreign_fonts = has_foreign_fonts(*ret_pages);
    return 0;
}

static bool has_picture(PopplerPage *page)
{
    GList *pictures = lib.poppler_page_get_image_mapping(page);
    bool found = pictures != NULL;
    lib.poppler_page_free_image_mapping(pictures);
    return found;
}

/* Four bytes blue, green, red and nothing become three; the picture may move within its own memory, it only shrinks. */
static void pack(unsigned char *pixels, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t one;
        memcpy(&one, pixels + 4 * i, sizeof one);
        pixels[3 * i] = (unsigned char)(one >> 16);
        pixels[3 * i + 1] = (unsigned char)(one >> 8);
        pixels[3 * i + 2] = (unsigned char)one;
    }
}

static bool render(PopplerPage *page, double scale, unsigned char *pixels, int width, int height)
{
    cairo_surface_t *surface =
        lib.cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_RGB24, width, height, 4 * width);
    cairo_t *cr = lib.cairo_create(surface);

    memset(pixels, 0xff, (size_t)width * (size_t)height * 4); /* paper is white */
    lib.cairo_scale(cr, scale, scale);
    lib.poppler_page_render(page, cr);
    bool ok = lib.cairo_status(cr) == CAIRO_STATUS_SUCCESS;
    lib.cairo_destroy(cr);
    lib.cairo_surface_flush(surface);
    lib.cairo_surface_destroy(surface);
    return ok;
}

/* A side of A4 gets 175 dots an inch from the 2048 pixels a photo gets too; what is smaller than paper, an identity card, no more than 300. */
int image_pdf_draw(int index, int side, unsigned char **ret, int *ret_width, int *ret_height)
{
    PopplerPage *page = lib.poppler_document_get_page(document, index);
    double width = 0, height = 0;

    if (page == NULL)
        return IMAGE_CHILD_BAD;
    lib.poppler_page_get_size(page, &width, &height);
    double longer = width > height ? width : height;
    if (!(width >= 1 && height >= 1 && longer <= POINTS_MOST))
        return IMAGE_CHILD_BAD;
    if (foreign_fonts && !has_picture(page))
        return IMAGE_CHILD_FONTS;
    double scale = side / longer < DPI_MOST / 72.0 ? side / longer : DPI_MOST / 72.0;
    *ret_width = (int)(width * scale + 0.5) > 0 ? (int)(width * scale + 0.5) : 1;
    *ret_height = (int)(height * scale + 0.5) > 0 ? (int)(height * scale + 0.5) : 1;
    *ret = malloc((size_t)*ret_width * (size_t)*ret_height * 4);
    bool ok = *ret != NULL && render(page, scale, *ret, *ret_width, *ret_height);
    g_object_unref(page);
    if (ok)
        pack(*ret, (size_t)*ret_width * (size_t)*ret_height);
    return ok ? 0 : IMAGE_CHILD_BAD;
}
