#include "core/proof.h"

bool proof_add(struct db *db, const struct proof *p, struct error *e)
{
    return db_exec(
        db, e,
        "insert into proof(code, case_id, unit, paper, content, document, made_at) values(?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict do nothing",
        ARGS(TEXT(p->code), INT(p->case_id), INT(p->unit_id), TEXT(p->paper), BYTES(p->content, HASH_BYTES),
             BYTES(p->document, HASH_BYTES), INT(p->made_at)));
}

bool proof_find(struct db *db, struct arena *a, struct str code, struct proof *ret, struct error *e)
{
    struct db_rows r;
    int64_t other;

    if (!db_rows(db, &r, e,
                 "select p.code, p.paper, u.name, p.case_id, p.unit, p.made_at, p.content, p.document from proof p join unit u on u.id = p.unit where p.code = ?1",
                 ARGS(TEXT(code))))
        return false;
    bool found = db_next(&r);
    if (found) {
        *ret = (struct proof){.code = arena_str(a, db_text(&r, 0)),
                              .paper = arena_str(a, db_text(&r, 1)),
                              .unit = arena_str(a, db_text(&r, 2)),
                              .case_id = db_int(&r, 3),
                              .unit_id = db_int(&r, 4),
                              .made_at = db_int(&r, 5)};
        memcpy(ret->content, db_blob(&r, 6).p, HASH_BYTES);
        memcpy(ret->document, db_blob(&r, 7).p, HASH_BYTES);
    }
    if (!db_end(&r, e))
        return false;
    if (!found)
        return error_set(e, ERROR_NOT_FOUND, "code");
    if (!db_one_int(db, &ret->printed, 0, e,
                    "select count(*) from proof where case_id = ?1 and paper = ?2 and content = ?3",
                    ARGS(INT(ret->case_id), TEXT(ret->paper), BYTES(ret->content, HASH_BYTES))) ||
        !db_one_int(
            db, &other, 0, e,
            "select count(*) from proof where case_id = ?1 and paper = ?2 and content <> ?3 and made_at > ?4",
            ARGS(INT(ret->case_id), TEXT(ret->paper), BYTES(ret->content, HASH_BYTES), INT(ret->made_at))))
        return false;
    ret->latest = other == 0;
    return true;
}
