/* The jobs that time starts. Each runs in its own transaction on a writer and does at most a page of work; true in *ret_more when there is more. */
#ifndef JOB_TICKS_H
#define JOB_TICKS_H

#include "core/core.h"

/* Breached promises: the one answerable is warned, then the head, and where the category says so the case goes up by itself (G3). */
bool tick_clocks(struct core *core, struct db *db, bool *ret_more, struct error *e);
/* Pauses that had a date end on it. */
bool tick_pauses(struct core *core, struct db *db, bool *ret_more, struct error *e);
/* Settled cases whose time for judging has run out, or that were judged well, are filed. */
bool tick_closing(struct core *core, struct db *db, bool *ret_more, struct error *e);
/* Rows of registers that close by themselves when their day has come (core/register.h, at_due). */
bool tick_registers(struct core *core, struct db *db, bool *ret_more, struct error *e);
/* Dead sessions, old throttle rows, uploads that nobody attached. */
bool tick_sweep(struct core *core, struct db *db, bool *ret_more, struct error *e);

#endif
