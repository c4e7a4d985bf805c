#!/usr/bin/env python3
"""A full disk is said clearly, loses nothing, and heals by itself when there is room again (quality.md, F2).

    disk_full.py --binary build/liuxiao [--database postgresql://…]

The data folder lies on a small tmpfs that fills up under load; on PostgreSQL the tables lie there too. Needs the right to mount; where there
is none it says so and is skipped.
"""
import os
import shutil
import subprocess
import sys
import time

import stage
from client import Failed, same, true
from clients import acknowledged, everybody, lost
from installation import Site

# The write-ahead log may grow to 128 MiB before it is used again from its beginning: with less room than that the disk fills up by itself.
SIZE, LEFT = {'sqlite': 192, 'postgresql': 64}, 512 * 1024 # MiB; bytes


class SmallDisk:
    """A tmpfs, and a file on it that takes the room away."""

    def __init__(self, path, mib):
        self.path, self.filler = path, os.path.join(path, 'filler')
        os.mkdir(path)
        done = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={mib}m', 'tmpfs', path], capture_output=True, text=True)
        if done.returncode != 0:
            os.rmdir(path)
            raise stage.Skipped(f'no tmpfs can be mounted here ({done.stderr.strip()})')

    def free(self):
        room = os.statvfs(self.path)
        return room.f_bavail * room.f_frsize

    def fill(self, left):
        """Takes room until less than `left` bytes are free. Fast: others are writing at the same time."""
        with open(self.filler, 'ab', buffering=0) as f:
            while self.free() > left:
                f.write(bytes(min(1 << 20, max(4096, self.free() - left))))

    def give_back(self):
        os.unlink(self.filler)

    def close(self):
        subprocess.run(['umount', '-l', self.path], check=False)


def site_on(run, disk):
    """A copy of the demo whose data is on the disk; its key is beside it, on another."""
    site = Site(run, 'full')
    site.folder = os.path.join(disk.path, 'data')
    shutil.copytree(run.template.folder, site.folder)
    shutil.copy2(run.template.key, site.key)
    if run.postgres:
        place = os.path.join(disk.path, 'tables')
        os.mkdir(place)
        shutil.chown(place, 'postgres')
        for folder in (run.folder, disk.path): # so that the server's user gets there
            os.chmod(folder, 0o711)
        name = run.database_name('full')
        site.uri = run.postgres.create(name, run.template.uri.rsplit('/', 1)[1])
        run.postgres.sql(f"create tablespace small_disk location '{place}'")
        run.postgres.sql(f'alter database {name} set tablespace small_disk')
        run.postgres.sql('checkpoint')
    return site


def leave_disk(run):
    if run.postgres:
        run.postgres.sql(f'drop database if exists {run.database_name("full")} with (force)')
        run.postgres.sql('drop tablespace if exists small_disk')


def until(fact, what, seconds):
    end = time.monotonic() + seconds
    while not fact():
        true(time.monotonic() < end, f'{what}: not within {seconds} s')
        time.sleep(0.05)


def reads_work(server, senders):
    cases = acknowledged(senders)[2]
    true(cases, 'nothing was acknowledged before the disk was full')
    for _, answer in cases[-5:]:
        page = server.client(track=answer['track']).get('/track').good()
        same(page['number'], answer['number'], 'number of a case read on a full disk')
    client = server.client(token=next(s.token for s in senders if 'officer1' in s.name))
    for path in ('/cases?limit=50', '/figures?unit=341203105006', '/notices', '/session'):
        began = time.monotonic()
        same(client.get(path).status, 200, f'status of {path} on a full disk')
        true(time.monotonic() - began < 10, f'{path} took {time.monotonic() - began:.0f} s')


def jobs_are_patient(server):
    """What happens by itself tries again, but not as fast as it can: the log may lie on the same disk."""
    def lines():
        return len([line for line in server.log().splitlines() if 'event=job.' in line and 'disk_full' in line])
    before = lines()
    time.sleep(1.5)
    true(lines() - before < 50, f'the jobs wrote {lines() - before} lines about the full disk within 1.5 s')


def story(run, disk):
    site = site_on(run, disk)
    server = site.serve()
    senders = everybody(run, site, run.folder)
    for s in senders:
        s.start(server.address, pause=0.005)
    time.sleep(0.5)
    disk.fill(LEFT)
    # Whoever sends finds it full sooner or later, the one with the files too.
    try:
        until(lambda: all(s.refused[507] >= 3 or s.odd for s in senders), 'everybody is told that the disk is full', 40)
    except Failed as e:
        raise Failed(f'{e}: {[(s.name, dict(s.refused), s.odd[:1]) for s in senders]}, {disk.free()} bytes free') from None
    same([o for s in senders for o in s.odd][:3], [], 'answers that nothing explains')
    reads_work(server, senders)
    jobs_are_patient(server)
    told = sum(s.refused[507] for s in senders)
    before = [s.acknowledged for s in senders]
    disk.give_back()
    told_then = [s.refused.copy() for s in senders]
    try:
        until(lambda: all(s.acknowledged > b for s, b in zip(senders, before)), 'everybody is acknowledged again', 20)
    except Failed as e:
        state = [(s.name, s.acknowledged - b, dict(s.refused - t), s.odd[:1]) for s, b, t in zip(senders, before, told_then)]
        sizes = {f: os.path.getsize(os.path.join(site.folder, f)) for f in os.listdir(site.folder)}
        raise Failed(f'{e}: {state}, {disk.free()} bytes free, {sizes}') from None
    for s in senders:
        s.stop()
    same([o for s in senders for o in s.odd][:3], [], 'answers that nothing explains')
    true(server.alive(), 'the server is gone')
    longest = max(s.longest for s in senders)
    true(longest < 15, f'an answer took {longest:.1f} s')
    for s in senders:
        s.finish(server.address)
    server.stop()
    ids = acknowledged(senders)[0]
    same(lost(site, ids), [], 'acknowledged entries that are not there once')
    same(site.verify()['faults'], 0, 'faults')
    stage.tell(f'# {len(ids)} entries acknowledged, {told} answers 507, {sum(s.refused[503] for s in senders)} answers 503, longest answer {longest:.2f} s')


def test_disk_full(run):
    """rows: G6"""
    if run.postgres and os.geteuid() != 0:
        raise stage.Skipped('PostgreSQL on a small disk needs root')
    disk = SmallDisk(os.path.join(run.folder, 'small'), SIZE[run.engine])
    try:
        story(run, disk)
    finally:
        for server in run.servers:
            if server.alive():
                server.kill()
        leave_disk(run)
        disk.close()


if __name__ == '__main__':
    sys.exit(stage.play(__doc__, [test_disk_full]))
