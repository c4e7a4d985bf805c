#!/usr/bin/env python3
"""API tests: the real program with the demo, on SQLite, or on PostgreSQL with --database.

    run.py --binary build/asan/liuxiao [--database postgresql://…] [--only NAME] [--keep]

NAME is a module, or module.test. Prints a line for each test that failed, with the reason, and at the end `N passed, N failed`.
A test is a function test_… of a module below; its docstring names the rows of the product that it proves.
"""
import argparse
import importlib
import os
import shutil
import sys
import tempfile
import time
import traceback

from client import Failed
from installation import PASSWORD, Postgres, Site, sanitizer
from village import NEIGHBOURS, SIBLING, Village

MODULES = [
    'cli',
    'figures',
    'matrix',
    'journey',
    'verbs',
    'disputes',
    'idempotency',
    'bad_input',
    'signin',
    'privacy',
    'search',
    'suggest',
    'files',
    'spoken',
    'ledgers',
    'papers',
    'sheets',
    'registers',
    'care',
    'aid',
    'readings',
    'answers',
    'requests',
    'subsidies',
    'people',
    'notices',
    'standins',
    'extensions',
    'phrases',
    'watch',
    'burden',
    'urgent',
    'kin',
    'duties',
    'powers',
    'archive',
    'erase',
    'doctor',
    'upgrade',
    'nodes',
]

os.environ.setdefault('ASAN_OPTIONS', 'detect_leaks=1:abort_on_error=1')
os.environ.setdefault('UBSAN_OPTIONS', 'print_stacktrace=1:halt_on_error=1')
# What the caller's shell has set must not configure the programs under test.
for name in [n for n in os.environ if n.startswith('LIUXIAO_')]:
    del os.environ[name]


class Run:
    def __init__(self, binary, database, times=False):
        self.binary = os.path.abspath(binary)
        self.postgres = Postgres(database) if database else None
        self.folder = tempfile.mkdtemp(prefix='liuxiao-api-')
        self._suppress_leaks()
        self.servers = []
        self.times = times
        self.tokens = {}
        self.passed = self.failed = 0
        self.template = self._make_demo()
        self._village = None

    @property
    def engine(self):
        return 'postgresql' if self.postgres else 'sqlite'

    def _suppress_leaks(self):
        """cairo 1.16 loses a little for every document, and fontconfig keeps its own to the end: no leaks of ours."""
        path = os.path.join(self.folder, 'leaks')
        with open(path, 'w', encoding='utf-8') as f:
            f.write('leak:libcairo\nleak:libfontconfig\n')
        os.environ.setdefault('LSAN_OPTIONS', f'suppressions={path}:print_suppressions=0')

    def database_name(self, name):
        return f'lx_{os.getpid()}_{name}'.replace('-', '_')

    def _make_demo(self):
        """The demo with neighbours; every test works on a copy of it."""
        site = Site(self, 'demo', self.postgres.create(self.database_name('demo')) if self.postgres else None)
        site.cli('demo')
        for login, post in NEIGHBOURS:
            site.cli('user', 'add', '--login', login, '--name', login, '--post', post, '--unit', SIBLING, '--password', PASSWORD)
        return site

    def token(self, site, login):
        """A token of an account, made once for each installation."""
        at = (site.name, login)
        if at not in self.tokens:
            self.tokens[at] = site.token(login)
        return self.tokens[at]

    def village(self):
        """The server that most tests share."""
        if self._village is None or not self._village.server.alive():
            name = f'shared{len(self.servers)}'
            self._village = Village(self.template.copy(name).serve('--trust-proxy', 'yes'))
        return self._village

    def empty(self, name):
        """A place for an installation that is not there yet."""
        return Site(self, name, self.postgres.create(self.database_name(name)) if self.postgres else None)

    def tell(self, name, reason):
        self.failed += 1
        print(f'FAIL {name}: {reason}', flush=True)

    def test(self, name, function):
        began = time.monotonic()
        before = list(self.servers)
        try:
            function(self)
            self.passed += 1
            if self.times:
                print(f'{name} {time.monotonic() - began:.2f} s', flush=True)
        except Failed as e:
            self.tell(name, f'{e} ({where(e)})')
        except Exception as e:  # a broken test fails like any other
            self.tell(name, f'{type(e).__name__}: {e} ({where(e)})')
        # What a test served for itself ends with it: a server of PostgreSQL has only so many connections.
        shared = self._village.server if self._village else None
        for server in [s for s in self.servers if s not in before and s is not shared and s.alive()]:
            try:
                server.stop()
            except Failed as e:
                self.tell(f'{name}: {server.site.name}', e)

    def module(self, name, only):
        try:
            module = importlib.import_module(name)
        except Exception as e:
            self.tell(name, f'{type(e).__name__}: {e} ({where(e)})')
            return
        if getattr(module, 'ENGINE', self.engine) != self.engine:
            return
        for test in [t for t in vars(module) if t.startswith('test_')]:
            if only in (None, name, f'{name}.{test}'):
                self.test(f'{name}.{test}', getattr(module, test))

    def close(self, keep):
        """Servers stop in order, and with nothing that a sanitizer minds."""
        for server in self.servers:
            if server.alive():
                self.test(f'run.stop {server.site.name}', lambda _run, s=server: s.stop())
            elif 'Sanitizer' in server.log():
                self.tell(f'run.stop {server.site.name}', sanitizer(server.log()))
        if keep:
            print('kept', self.folder)
            return
        if self.postgres:
            self.postgres.drop_all()
        shutil.rmtree(self.folder, ignore_errors=True)


def where(e):
    """File and line in the test, not in what it calls."""
    frames = traceback.extract_tb(e.__traceback__)
    here = [f for f in frames if os.path.basename(f.filename) not in ('run.py', 'client.py', 'installation.py', 'village.py')]
    frame = (here or frames)[-1]
    return f'{os.path.basename(frame.filename)}:{frame.lineno}'


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--binary', required=True)
    parser.add_argument('--database', help='PostgreSQL on which databases may be made')
    parser.add_argument('--only', help='module or module.test')
    parser.add_argument('--keep', action='store_true', help='leave folder and databases behind')
    parser.add_argument('--times', action='store_true', help='print how long each test took')
    args = parser.parse_args()
    run = Run(args.binary, args.database, args.times)
    try:
        for name in MODULES:
            if args.only and args.only.split('.')[0] != name:
                continue
            run.module(name, args.only)
    finally:
        run.close(args.keep)
    print(f'{run.passed} passed, {run.failed} failed')
    return 1 if run.failed or not run.passed else 0


if __name__ == '__main__':
    sys.exit(main())
