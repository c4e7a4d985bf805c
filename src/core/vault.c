#include "core/vault.h"

struct str vault_new(const struct core *core, struct arena *a, struct key *ret)
{
    unsigned char *wrapped = arena_alloc(a, WRAPPED_BYTES);
    key_new(ret);
    key_wrap(core->keys, ret, wrapped);
    return str_range((const char *)wrapped, WRAPPED_BYTES);
}

bool vault_key(const struct core *core, struct str wrapped, struct key *ret, struct error *e)
{
    if (wrapped.n == 0)
        return error_set(e, ERROR_KEY_DESTROYED, NULL);
    return key_unwrap(core->keys, wrapped, ret, e);
}

struct str vault_seal_text(struct arena *a, const struct key *key, const char *about, struct str plain)
{
    struct buf out = BUF_INIT(BUF_SEALED);
    seal_add(&out, key, str_of(about), plain);
    struct str sealed = arena_str(a, buf_str(&out));
    buf_free(&out);
    return sealed;
}

struct str vault_seal(struct arena *a, const struct key *key, const char *about, const json_t *plain)
{
    struct buf text = BUF_INIT(BUF_SEALED);
    json_write(&text, plain);
    struct str sealed = vault_seal_text(a, key, about, buf_str(&text));
    buf_free(&text);
    return sealed;
}

bool vault_open_text(struct arena *a, const struct key *key, const char *about, struct str sealed,
                     struct str *ret, struct error *e)
{
    struct buf out = BUF_INIT(BUF_SEALED);
    bool ok = seal_open(&out, key, str_of(about), sealed, e);
    if (ok)
        *ret = arena_str(a, buf_str(&out));
    buf_free(&out);
    return ok;
}

json_t *vault_open(struct arena *a, const struct key *key, const char *about, struct str sealed, struct error *e)
{
    struct str text;
    return vault_open_text(a, key, about, sealed, &text, e) ? json_read(text, e) : NULL;
}

struct str mask_name(struct arena *a, struct str name)
{
    size_t points = str_points(name);
    struct buf b = BUF_INIT(BUF_LINE);

    if (points == 0)
        return STR("");
    buf_add(&b, str_head(name, 1));
    for (size_t i = 1; i + 1 < points; i++)
        buf_addc(&b, '*');
    if (points == 2)
        buf_addc(&b, '*');
    if (points > 2) {
        size_t skip = str_head(name, points - 1).n;
        buf_add(&b, str_range(name.p + skip, name.n - skip));
    }
    struct str masked = arena_str(a, buf_str(&b));
    buf_free(&b);
    return masked;
}

/* Keeps `front` and `back` bytes of an ASCII number. */
static struct str mask_middle(struct arena *a, struct str s, size_t front, size_t back)
{
    struct str copy = arena_str(a, s);
    char *p = (char *)copy.p;
    if (s.n <= front + back)
        front = back = s.n / 4;
    for (size_t i = front; i + back < s.n; i++)
        p[i] = '*';
    return copy;
}

struct str mask_phone(struct arena *a, struct str phone)
{
    return mask_middle(a, phone, 3, 4);
}

struct str mask_id_no(struct arena *a, struct str id_no)
{
    return mask_middle(a, id_no, 4, 4);
}
