"""Installations of the program on one of its two engines, and servers on them."""
import json
import os
import re
import shutil
import signal
import subprocess
import time
from urllib.parse import urlsplit, urlunsplit

from client import Client, Failed

COLLATED = "encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'"
PASSWORD = 'liuxiao-demo'


class Postgres:
    """Databases that are made for this run and dropped with it."""

    def __init__(self, uri):
        self.uri = uri
        self.made = []

    def at(self, name):
        parts = urlsplit(self.uri)
        return urlunsplit((parts.scheme, parts.netloc, '/' + name, parts.query, ''))

    def sql(self, text, name='postgres'):
        done = subprocess.run(['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', text, self.at(name)],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f'psql: {done.stderr.strip()}')
        return done.stdout.strip()

    def create(self, name, template='template0'):
        self.sql(f'create database {name} template {template}' + (f' {COLLATED}' if template == 'template0' else ''))
        self.made.append(name)
        return self.at(name)

    def drop_all(self):
        for name in self.made:
            self.sql(f'drop database if exists {name} with (force)')


class Site:
    """A data folder with its key and, on PostgreSQL, a database."""

    def __init__(self, run, name, uri=None):
        self.run, self.name, self.uri = run, name, uri
        self.folder = os.path.join(run.folder, name)
        self.key = self.folder + '.key'

    @property
    def flags(self):
        return ['--data', self.folder, '--key-file', self.key] + (['--database', self.uri] if self.uri else [])

    def cli(self, *args, flags=None, env=None, ok=True, wait=60):
        """Runs a command on this installation. `ok`: it must succeed."""
        done = subprocess.run([self.run.binary, *args, *(self.flags if flags is None else flags)],
                              capture_output=True, text=True, timeout=wait, env={**os.environ, **(env or {})}, cwd=self.run.folder)
        if ok and done.returncode != 0:
            raise Failed(f'liuxiao {" ".join(args)}: exit {done.returncode}: {done.stderr.strip()[-400:]}')
        return done

    def token(self, login):
        return self.cli('token', '--account', login).stdout.strip()

    def verify(self):
        """Counts of `liuxiao verify`; it fails unless everything holds."""
        return json.loads(self.cli('verify', '--json').stdout)

    def sql(self, text):
        """Straight to the database, past the program: for what a test breaks or looks up."""
        if self.uri:
            return self.run.postgres.sql(text, urlsplit(self.uri).path.lstrip('/'))
        done = subprocess.run([os.sys.executable, '-c',
                               'import sqlite3, sys\nd = sqlite3.connect(sys.argv[1], timeout=20)\n'
                               'rows = d.execute(sys.argv[2]).fetchall()\nd.commit()\n'
                               'print("\\n".join("|".join(str(c) for c in r) for r in rows))',
                               os.path.join(self.folder, 'liuxiao.db'), text], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f'sqlite: {done.stderr.strip()[-200:]}')
        return done.stdout.strip()

    def copy(self, name):
        """The same installation once more. Nobody may be working on this one."""
        other = Site(self.run, name)
        shutil.copytree(self.folder, other.folder)
        shutil.copy2(self.key, other.key)
        if self.uri:
            other.uri = self.run.postgres.create(self.run.database_name(name), urlsplit(self.uri).path.lstrip('/'))
        return other

    def serve(self, *more, name='server'):
        return Server(self, name, *more)


class Server:
    """`liuxiao serve` on a free port. Its log is kept in a file."""

    def __init__(self, site, name, *more, listen='127.0.0.1:0'):
        self.site, self.name = site, name
        self.log_path = os.path.join(site.run.folder, f'{site.name}-{name}.log')
        self.out_path = self.log_path[:-4] + '.out'
        self.address = None
        with open(self.log_path, 'ab') as log, open(self.out_path, 'wb') as out:
            self.process = subprocess.Popen([site.run.binary, 'serve', *site.flags, '--listen', listen, *more],
                                            stdout=out, stderr=log, cwd=site.run.folder)
        site.run.servers.append(self)
        self._wait()

    def _wait(self):
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with open(self.out_path, encoding='utf-8') as out:
                port = re.search(r'^API .*:(\d+)/api', out.read(), re.M)
            if port:
                self.address = ('127.0.0.1', int(port.group(1)))
                return
            if self.process.poll() is not None:
                raise Failed(f'serve ended with {self.process.returncode}: {self.log()[-400:]}')
            time.sleep(0.02)
        raise Failed('serve does not come up')

    def log(self):
        with open(self.log_path, encoding='utf-8', errors='replace') as log:
            return log.read()

    def client(self, **how):
        return Client(self.address, **how)

    def alive(self):
        return self.process.poll() is None

    def kill(self):
        """As a power cut would: nothing is put in order."""
        self.process.kill()
        self.process.wait()

    def stop(self, wait=30):
        """In order. What it leaves behind (a leak, a broken thing found by a sanitizer) shows in the exit code."""
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(wait)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise Failed(f'{self.name} does not stop') from None
        if self.process.returncode != 0:
            raise Failed(f'{self.name} ended with {self.process.returncode}: {sanitizer(self.log())}')


def sanitizer(log):
    """The line of a log that says what a sanitizer found."""
    found = [line for line in log.splitlines() if 'ERROR: ' in line or 'runtime error' in line or 'SUMMARY' in line]
    return ' / '.join(found[:3]) if found else log[-300:]
