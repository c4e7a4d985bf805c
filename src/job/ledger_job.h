/* Brings ledgers in: reads the sheet, hands its rows on in short transactions, keeps the progress. The same for the command line and for the server. */
#ifndef JOB_LEDGER_JOB_H
#define JOB_LEDGER_JOB_H

#include "db/exec.h"
#include "core/ledger.h"
#include "paper/sheet_read.h"

/* How the driver reaches the database. */
struct ledger_road {
    struct core *core;
    bool (*read)(void *context, bool (*run)(struct db *, void *, struct error *), void *arg, struct error *e);
    bool (*write)(void *context, bool (*run)(struct db *, void *, struct error *), void *arg, struct error *e);
    /* After each step; false ends the drive: the ledger stays where it is and goes on later. Null: never. */
    bool (*told)(void *context, const struct ledger *l);
    void *context;
    size_t rows; /* in one transaction, at most LEDGER_ROWS */
};
enum { LEDGER_ROWS = 500 };

/* Does what the ledger's state asks for (check, run, undo) from where it stands to its end. `sheet` is null for undoing. An all-or-nothing ledger that
 * meets a bad row after all is undone again. */
bool ledger_drive(const struct ledger_road *road, int64_t id, struct sheet *sheet, struct error *e);

/* The server's: a thread that looks for ledgers with work to do. */
struct importer;
bool importer_start(struct importer **ret, struct core *core, struct exec *exec, struct error *e);
void importer_stop(struct importer *i);

#endif
