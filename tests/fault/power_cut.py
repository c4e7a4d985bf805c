#!/usr/bin/env python3
"""The data as a power cut would leave it: the files are copied at random instants under load, and the copy is opened (quality.md, F3).

    power_cut.py --binary build/liuxiao [--rounds N] [--seed N]

Copied in the order database, log, either while the program writes on or while it is stopped for the moment (then all files are of one
instant). What can be made again (derived.db) may be missing or empty.
"""
import os
import random
import shutil
import signal
import sys
import time

import stage
from client import same
from clients import acknowledged, everybody, figures, lost, tally_is_up
from installation import Site
from village import HOST

DERIVED = ['whole', 'missing', 'empty']


def damage(folder, how):
    """The file of what is derived is not kept in backups, and may be new and empty."""
    for name in ('derived.db', 'derived.db-wal'):
        path = os.path.join(folder, name)
        if how == 'missing' and os.path.exists(path):
            os.unlink(path)
        elif how == 'empty':
            open(path, 'wb').close()


def cut(run, site, server, name, stopped):
    """A copy of an instant: the database, then its log, then the rest. The `-shm` is memory and is gone."""
    copy = Site(run, name)
    os.mkdir(copy.folder)
    shutil.copy2(site.key, copy.key)
    if stopped:
        os.kill(server.process.pid, signal.SIGSTOP)
    try:
        for name in ('liuxiao.db', 'liuxiao.db-wal', 'derived.db', 'derived.db-wal'):
            path = os.path.join(site.folder, name)
            if os.path.exists(path):
                shutil.copy2(path, copy.folder)
        shutil.copytree(os.path.join(site.folder, 'files'), os.path.join(copy.folder, 'files'))
    finally:
        if stopped:
            os.kill(server.process.pid, signal.SIGCONT)
    return copy


def check(run, copy, ids, senders, derived):
    """What was acknowledged before the copy is in it, and it works."""
    server = copy.serve()
    client = server.client(token=next(s.token for s in senders if 'officer1' in s.name))
    same(client.get(f'/figures?unit={HOST}').status, 200, f'status of the figures (derived {derived})')
    tally_is_up(client)
    made = client.post('/cases', {'kind': 'request', 'unit': HOST + '001', 'text': '来电了'}).good(201)
    same(client.get(f'/cases/{made["id"]}').good()['number'], made['number'], 'number of a case after the cut')
    tally_is_up(client)
    server.stop()
    counted = figures(copy)
    copy.cli('rebuild')
    again = figures(copy)
    same({k: v for k, v in again.items() if v != counted[k]}, {}, f'figures that differ when they are counted again (derived {derived})')
    same(lost(copy, ids), [], f'acknowledged before the cut and not in the copy (derived {derived})')
    same(copy.verify()['faults'], 0, f'faults in the copy (derived {derived})')
    same(copy.sql('pragma integrity_check'), 'ok', 'integrity of the copy')


def test_power_cut(run):
    """rows: G6"""
    seed = run.options.seed if run.options.seed is not None else random.SystemRandom().randrange(10 ** 6)
    chance = random.Random(seed)
    site = run.template.copy('powered')
    server = site.serve()
    senders = everybody(run, site, run.folder)
    total = 0
    for round in range(run.options.rounds):
        for s in senders:
            s.start(server.address)
        time.sleep(0.1 + chance.random() * 0.4)
        ids = acknowledged(senders)[0] # before the copy begins
        copy = cut(run, site, server, f'cut{round}', stopped=round % 2 == 0)
        for s in senders:
            s.stop()
        derived = DERIVED[round % len(DERIVED)]
        damage(copy.folder, derived)
        check(run, copy, ids, senders, derived)
        total += len(ids)
        shutil.rmtree(copy.folder)
    same([o for s in senders for o in s.odd][:3], [], 'answers that nothing explains')
    server.stop()
    stage.tell(f'# {run.options.rounds} cuts, seed {seed}: {total} acknowledged entries looked for, all there')


if __name__ == '__main__':
    sys.exit(stage.play(__doc__, [test_power_cut], ('--rounds', {'type': int, 'default': 3}), ('--seed', {'type': int}), engines=('sqlite',)))
