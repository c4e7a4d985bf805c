#!/usr/bin/env python3
"""Runs the fuzz targets (build/fuzz): first what is in their corpora, then new inputs for a while.

    run.py [--build build/fuzz] [--binary build/liuxiao] [--seconds N] [--runs N] [NAME…]

With --seconds each target works that long and what it finds worth keeping stays in build/fuzz/found/NAME; --merge adds the smallest of it to
tests/fuzz/corpus/NAME. An input that breaks something is kept as build/fuzz/broken/NAME-… Prints `N passed, N failed`.
"""
import argparse
import os
import shutil
import sqlite3
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..')
LOGINS = ['officer1', 'chair1', 'steward1', 'mediator1', 'leader1', 'auditor1', 'admin1', 'power']


def targets(build):
    return sorted(name[5:] for name in os.listdir(os.path.join(build, 'tests', 'fuzz')) if name.startswith('fuzz_') and '.' not in name)


def make_world(binary, folder):
    """A demo with its tokens and ids: what the target `request` speaks to."""
    made = os.path.join(folder, 'ids')
    if os.path.exists(made) and os.path.getmtime(made) > os.path.getmtime(binary):
        return
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    data = os.path.join(folder, 'data')
    subprocess.run([binary, 'demo', '--data', data], check=True, capture_output=True)
    lines = ['X-Nobody: 1', 'Authorization: Bearer wrong', 'Cookie: lx_session=wrong; lang=en', 'Authorization: Track ABCDE-FGHJ-KLMN']
    for login in LOGINS:
        done = subprocess.run([binary, 'token', '--account', login, '--data', data], capture_output=True, text=True)
        if done.returncode == 0:
            lines.append(f'Authorization: Bearer {done.stdout.strip()}')
    db = sqlite3.connect(os.path.join(data, 'liuxiao.db'))
    ids = []
    for table, more in (('cases', 'where state < 4 order by id desc limit 20'), ('activity', 'limit 3'), ('person', 'limit 3'), ('place', 'limit 3'),
                        ('account', 'limit 4'), ('household', 'limit 2')):
        for (uuid,) in db.execute(f'select hex(uuid) from {table} {more}'):
            u = uuid.lower()
            ids.append('-'.join((u[:8], u[8:12], u[12:16], u[16:20], u[20:])))
    db.close()
    with open(os.path.join(folder, 'who'), 'w', encoding='utf-8') as f:
        f.write('\n'.join(lines) + '\n')
    with open(os.path.join(folder, 'ids'), 'w', encoding='utf-8') as f:
        f.write('\n'.join(ids + ['341203105006', 'x', '0' * 64]) + '\n')


def suppressions(options):
    """As in the API tests: cairo loses a little for every document, fontconfig keeps its own to the end."""
    path = os.path.join(os.path.abspath(options.build), 'leaks')
    with open(path, 'w', encoding='utf-8') as f:
        f.write('leak:libcairo\nleak:libfontconfig\n')
    return f'suppressions={path}:print_suppressions=0'


def run(name, options, world):
    program = os.path.abspath(os.path.join(options.build, 'tests', 'fuzz', 'fuzz_' + name))
    corpus = os.path.join(HERE, 'corpus', name)
    found, broken = os.path.join(options.build, 'found', name), os.path.join(options.build, 'broken')
    for folder in (corpus, found, broken):
        os.makedirs(folder, exist_ok=True)
    words = os.path.join(HERE, 'words', name)
    flags = [f'-artifact_prefix={broken}/{name}-', '-timeout=25', '-rss_limit_mb=2048', '-print_final_stats=1', '-close_fd_mask=1']
    flags += [f'-dict={words}'] if os.path.exists(words) else []
    flags += [f'-max_total_time={options.seconds}'] if options.seconds else [f'-runs={options.runs}', '-max_total_time=20']
    env = {**os.environ, 'FUZZ_WORLD': os.path.abspath(world), 'ASAN_OPTIONS': 'detect_leaks=1:allocator_may_return_null=1',
           'LSAN_OPTIONS': suppressions(options), 'UBSAN_OPTIONS': 'halt_on_error=1:print_stacktrace=1'}
    done = subprocess.run([program, *flags, found, corpus], capture_output=True, env=env)
    said = done.stderr.decode('utf-8', 'replace')
    if done.returncode != 0:
        print(f'FAIL {name}: {said[-3000:]}', flush=True)
        return False
    if options.merge:
        subprocess.run([program, '-merge=1', '-close_fd_mask=3', corpus, found], env=env, check=False, capture_output=True)
    count = [line.split()[-1] for line in said.splitlines() if 'number_of_executed_units' in line]
    cover = [line for line in said.splitlines() if ' cov: ' in line]
    print(f'{name}: {count[0] if count else "?"} inputs, {cover[-1].split("cov: ")[1].split()[0] if cover else "?"} edges', flush=True)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--build', default=os.path.join(ROOT, 'build', 'fuzz'))
    parser.add_argument('--binary', default=os.path.join(ROOT, 'build', 'liuxiao'))
    parser.add_argument('--seconds', type=int)
    parser.add_argument('--runs', type=int, default=2000)
    parser.add_argument('--merge', action='store_true')
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    world = os.path.join(options.build, 'world')
    make_world(os.path.abspath(options.binary), world)
    passed = failed = 0
    for name in options.names or targets(options.build):
        good = run(name, options, world)
        passed, failed = passed + good, failed + (not good)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
