#!/usr/bin/env python3
"""What was acknowledged is there, once, whenever the server is killed (quality.md, F1).

    kill_loop.py --binary build/liuxiao [--database postgresql://…] [--rounds 100] [--seed N]

Clients of every kind keep a ledger on disk while the server is killed at random instants, also while it starts. On PostgreSQL some rounds
kill a backend or the database under it as well. Whatever got no answer is sent again under the same Idempotency-Key.
"""
import os
import random
import signal
import subprocess
import sys
import time

import stage
from client import Failed, same, true
from clients import acknowledged, everybody, figures, lost, tally_is_up


# ---- Ways to die ----------------------------------------------------------------------------------------

def killed_at_birth(site, chance):
    """Killed while it opens its database, runs migrations or begins to listen."""
    with open(os.path.join(site.run.folder, f'{site.name}-birth.log'), 'ab') as log:
        newborn = subprocess.Popen([site.run.binary, 'serve', *site.flags, '--listen', '127.0.0.1:0'], stdout=log, stderr=log, cwd=site.run.folder)
    time.sleep(chance.random() * 0.12)
    newborn.kill()
    newborn.wait()


def backend_killed(site, chance):
    """kill -9 of one of the processes that PostgreSQL has for us: it then ends all of them and recovers."""
    postgres, name = site.run.postgres, site.uri.rsplit('/', 1)[1]
    pids = postgres.sql(f"select pid from pg_stat_activity where datname = '{name}' and pid <> pg_backend_pid()").split()
    try:
        os.kill(int(chance.choice(pids)), signal.SIGKILL)
    except PermissionError:
        postgres.sql(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and pid <> pg_backend_pid()")


def database_restarted(site, _chance):
    """An immediate stop, as a machine that dies would have it, and a start."""
    postgres = site.run.postgres
    data = postgres.sql('show data_directory')
    binaries = postgres.sql("select setting from pg_config where name = 'BINDIR'")
    command = [f'{binaries}/pg_ctl', '-D', data, '-m', 'immediate', '-w', '-t', '60', '-l', f'{os.path.dirname(data)}/log', 'restart']
    if os.geteuid() == 0:
        command = ['runuser', '-u', 'postgres', '--'] + command
    done = subprocess.run(command, capture_output=True, text=True, cwd='/', stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise Failed(f'pg_ctl restart: {done.stdout[-200:]} {done.stderr[-200:]}')


def database_is_up(site):
    try:
        return site.sql('select 1') == '1'
    except Failed:
        return False


def heals(site, senders, what, seconds=30):
    """The database is back, and somebody is acknowledged again although the server was not started anew."""
    until = time.monotonic() + seconds
    while not database_is_up(site) and time.monotonic() < until:
        time.sleep(0.02)
    before, until = sum(s.acknowledged for s in senders), time.monotonic() + seconds
    while sum(s.acknowledged for s in senders) <= before:
        if time.monotonic() > until:
            odd = [o for s in senders for o in s.odd]
            raise Failed(f'nothing is acknowledged {seconds} s after {what}: {odd[:1] or [s.pending.path for s in senders]}')
        time.sleep(0.02)


def life(site, senders, round, chance):
    """One life of the server."""
    if chance.random() < 0.25:
        killed_at_birth(site, chance)
    server = site.serve(name='server')
    for s in senders:
        s.start(server.address)
    time.sleep(0.02 + chance.random() * 0.6)
    if site.uri and round % 3 == 1:
        death = database_restarted if round % 6 == 4 else backend_killed
        death(site, chance)
        heals(site, senders, death.__name__)
        time.sleep(chance.random() * 0.3)
    server.kill()
    for s in senders:
        s.stop()


# ---- The test -------------------------------------------------------------------------------------------

def check_answers(server, senders, cases, chance):
    """Codes open their cases; the same key gives the same answer."""
    client = server.client()
    for key, answer in cases:
        client.headers['Authorization'] = f'Track {answer["track"]}'
        same(client.get('/track').good()['number'], answer['number'], 'number behind a tracking code')
    client.close()
    for s in senders:
        client = s.client(server.address)
        for c, answer in chance.sample(list(s.told), min(10, len(s.told))):
            again = client.ask('POST', c.path, c.body, headers=c.headers()).good()
            for what in ('id', 'number', 'track', 'hash'):
                same(again.get(what), answer.get(what), f'{what} when {c.path} is sent once more')
        client.close()


def check_files(server, run, site, files):
    """Every file that was acknowledged can be read whole; the steps with files are of the case's own timeline."""
    client = server.client(token=run.token(site, 'officer1'))
    hex = "encode(f.hash, 'hex')" if site.uri else 'lower(hex(f.hash))'
    uuid = "encode(c.uuid, 'hex')" if site.uri else 'lower(hex(c.uuid))'
    used = dict(line.split('|') for line in site.sql(
        f'select {hex}, {uuid} from file_use u join file f on f.id = u.file join cases c on c.id = u.subject and u.subject_kind = 1').split())
    known = set(site.sql(f'select {hex} from file f').split())
    read = 0
    for hash in files:
        true(hash in known, f'the file {hash} was acknowledged and is gone')
        if hash in used:
            case = used[hash]
            case = '-'.join((case[:8], case[8:12], case[12:16], case[16:20], case[20:]))
            reply = client.get(f'/cases/{case}/files/{hash}')
            same(reply.status, 200, f'status of the file {hash}')
            read += 1
    true(read > 0, 'no file was read')
    return read


def test_killed_in_a_loop(run):
    """rows: G6 R1 D3 G20"""
    options = run.options
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10 ** 6)
    chance = random.Random(seed)
    site = run.template.copy('kill')
    if site.uri:
        # A database made from a template (PostgreSQL 15's wal_log) has sequences of which a crash forgets the first numbers, unless there
        # was a checkpoint in between.
        run.postgres.sql('checkpoint')
    before = int(site.sql('select count(*) from cases'))
    senders = everybody(run, site, run.folder, each=2)
    for round in range(options.rounds):
        life(site, senders, round, chance)
    server = site.serve(name='after')
    for s in senders:
        s.finish(server.address)
    odd = [o for s in senders for o in s.odd]
    same(odd[:5], [], f'answers that nothing explains (seed {seed})')

    ids, births, cases, files = acknowledged(senders)
    same(lost(site, ids), [], f'acknowledged entries that are not there once (seed {seed})')
    same(int(site.sql('select count(*) from cases')), before + len(set(births)), 'cases')
    same(int(site.sql('select count(distinct number) from cases')), before + len(set(births)), 'numbers')
    check_answers(server, senders, cases, chance)
    read = check_files(server, run, site, files)
    tally_is_up(server.client(token=run.token(site, 'officer1')))
    server.stop()
    counts = site.verify()
    counted = figures(site)
    site.cli('rebuild')
    again = figures(site)
    same({k: v for k, v in again.items() if v != counted[k]}, {}, 'figures that differ when they are counted again')
    stage.tell(f'# {options.rounds} lives, seed {seed}: {len(set(ids))} entries of {len(set(births))} cases acknowledged, {len(files)} files ({read} read), '
               f'{sum(s.refused.total() for s in senders)} told to come back; verify: {counts["entries"]} entries, {counts["faults"]} faults')
    true(len(ids) >= options.rounds * 20, f'only {len(ids)} entries were acknowledged')


def test_stopping_in_order_loses_nothing(run):
    """rows: G6"""
    site = run.template.copy('stopping')
    senders = everybody(run, site, run.folder)
    server = site.serve()
    for s in senders:
        s.start(server.address)
    time.sleep(0.4)
    server.stop()
    same(site.sql('select count(*) from lease'), '0', 'leases that a node kept when it left: another one would wait for them')
    for s in senders:
        s.stop()
    ids = [i for s in senders for line in s.ledger.lines() for i in line.get('done', [])]
    same(lost(site, ids), [], 'acknowledged entries that are not there')
    true(len(ids) > 5, f'only {len(ids)} entries were acknowledged')
    same(site.verify()['faults'], 0, 'faults')


if __name__ == '__main__':
    sys.exit(stage.play(__doc__, [test_killed_in_a_loop, test_stopping_in_order_loses_nothing],
                        ('--rounds', {'type': int, 'default': 6}), ('--seed', {'type': int, 'help': 'repeats the instants of a run'})))
