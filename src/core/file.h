/* Photos and voice notes. Bytes lie content-addressed in the files folder, sealed under a key of their own; who may see them follows from what
 * they hang on. Images are re-encoded without metadata in a separate process before they come here. */
#ifndef CORE_FILE_H
#define CORE_FILE_H

#include "core/actor.h"
#include "core/kind.h"

enum {
    FILE_MAX = 12 * 1024 * 1024,
    FILE_PAGES = 30,                   /* of a scan that comes as PDF; each becomes a file */
    FILE_PAGES_MAX = 48 * 1024 * 1024, /* all of them together */
};

struct file_info {
    int64_t id;
    unsigned char hash[HASH_BYTES];
    struct str key, type;
    int64_t bytes, width, height;
};

/* What the first bytes say: "image/jpeg", "image/png", "image/webp", "application/pdf", "audio/webm", "audio/ogg", "audio/mp4"; null for anything else. The name or
 * the header a client sends is not believed. */
const char *file_sniff(struct str bytes);

/* Re-encodes an image to JPEG, at most 2048 pixels a side, upright, without metadata, in a child process without network, files or much memory
 * (`liuxiao image`). BAD_IMAGE for what is broken, too large when unpacked or takes too long. */
bool file_clean_image(struct str original, struct buf *ret, int64_t *ret_width, int64_t *ret_height,
                      struct error *e);
/* A page of the scan: where its JPEG lies in the buffer. */
struct file_page {
    size_t at, n;
    int64_t width, height;
};
/* Turns the pages of a PDF into JPEGs, at 175 dots an inch of A4, in the same child. BAD_PDF for what is broken or takes too long, PDF_LOCKED,
 * PDF_PAGES, PDF_FONTS: text whose font is not inside, which no scan has. `ret` is a buffer of FILE_PAGES_MAX, `pages` has room for FILE_PAGES. */
bool file_clean_pdf(struct str original, struct buf *ret, struct file_page *pages, size_t *ret_n,
                    struct error *e);
/* The child's own work: stdin to stdout, then it ends the process (0: well, 1: not an image that is taken, 2: could not be confined). main calls
 * it before anything else when the first argument is "image", that of a test that cleans images too: the child is always this same program. */
int file_image_worker(void);

/* `actor` is who brings it and may attach it; null: it is no photo of anything and hangs nowhere. Writes the row, then durably the sealed bytes under their hash, all before the commit. The same content twice is one file. In a transaction, which
 * must be rolled back when this fails. MISSING (empty), TOO_LARGE, DISK_FULL, DATA_FOLDER. */
bool file_store(struct core *core, struct db *db, struct arena *a, const struct actor *actor, struct str bytes,
                const char *type, int64_t width, int64_t height, struct file_info *ret, struct error *e);
/* The plain bytes, into a buffer of FILE_MAX. NOT_FOUND, BROKEN_SEAL, KEY_DESTROYED. */
bool file_read(struct core *core, struct arena *a, const struct file_info *f, struct buf *ret, struct error *e);
/* Destroys the key and removes the bytes: what only lay here for a while. */
bool file_forget(struct core *core, struct db *db, struct arena *a, int64_t id, struct error *e);
bool file_find_id(struct db *db, struct arena *a, int64_t id, struct file_info *ret, struct error *e);
bool file_find(struct db *db, struct arena *a, const unsigned char hash[HASH_BYTES], struct file_info *ret,
               struct error *e);
/* Does the file hang on this subject? For a resident only what is open. */
bool file_on_subject(struct db *db, const unsigned char hash[HASH_BYTES], enum subject_kind kind,
                     int64_t subject, bool only_open, bool *ret, struct error *e);
/* "files":[{hash,type,width,height,url}] of a subject; they are fetched under the path `under`. For a resident only what is open. */
bool file_write_hung(struct db *db, struct arena *a, struct jw *w, enum subject_kind kind, int64_t subject,
                     bool only_open, const char *under, struct error *e);
/* Who uploaded attaches: an account whenever it likes, somebody without one for some hours. *ret is 0 for others' or unknown files. */
bool file_may_attach(struct db *db, const struct actor *actor, const unsigned char hash[HASH_BYTES],
                     int64_t *ret, struct error *e);

/* "jpg" for "image/jpeg" …; "bin" for what is not known. */
const char *file_extension(struct str type);
/* The sealed bytes as they lie in the folder `files`, for archives: where, and writing them back durably. */
const char *file_sealed_path(const char *files, struct arena *a, const unsigned char hash[HASH_BYTES]);
bool file_store_sealed(const char *files, struct arena *a, const unsigned char hash[HASH_BYTES],
                       struct str sealed, struct error *e);

#endif
