"""What the measuring scripts share: installations, servers, the load generator, request mixes."""
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(HERE)
BINARY = os.path.join(TREE, 'build', 'liuxiao')
PROGRAMS = os.path.join(TREE, 'build', 'bench')
for name in [n for n in os.environ if n.startswith('LIUXIAO_')]:
    del os.environ[name]


def program(name):
    return os.path.join(PROGRAMS, 'bench_' + name)


def build():
    subprocess.run([os.path.join(TREE, 'scripts', 'build'), 'plain'], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(['ninja', '-C', os.path.join(TREE, 'build'), 'bench_programs'], check=True, stdout=subprocess.DEVNULL)


def run(*command, **how):
    done = subprocess.run(command, capture_output=True, text=True, **how)
    if done.returncode != 0:
        raise RuntimeError(f'{" ".join(command)}: exit {done.returncode}: {done.stderr.strip()[-600:]}')
    return done.stdout


class Installation:
    """A data folder, and a database beside it on PostgreSQL. `actors` are tokens with the unit each works in."""

    def __init__(self, folder, database=None):
        self.folder, self.database = folder, database

    @property
    def flags(self):
        return ['--data', self.folder, '--key-file', self.folder + '.key'] + (['--database', self.database] if self.database else [])

    @property
    def main_file(self):
        return os.path.join(self.folder, 'liuxiao.db')

    @property
    def actors(self):
        with open(self.folder + '.actors.json', encoding='utf-8') as f:
            return json.load(f)

    def cli(self, *args):
        return run(BINARY, *args, *self.flags)

    def sql(self, text):
        """Rows, past the program: what is measured is looked up with it, never changed."""
        if self.database:
            out = run('psql', '-X', '-q', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-c', text, self.database)
            return [line.split('\t') for line in out.splitlines()]
        db = sqlite3.connect(f'file:{self.main_file}?mode=ro', uri=True, timeout=30)
        try:
            return [[str(v) for v in row] for row in db.execute(text)]
        finally:
            db.close()

    def free_leases(self):
        """The node before has ended, but its leases hold for half a minute more: without its jobs a node would look too fast."""
        if self.database:
            run('psql', '-X', '-q', '-c', 'delete from lease', self.database)
            return
        db = sqlite3.connect(self.main_file, timeout=30)
        with db:
            db.execute('delete from lease')
        db.close()

    def make(self, cases, open_cases=None):
        """Fills it (bench/make_data.c); returns the seconds it took."""
        began = time.monotonic()
        more = [] if open_cases is None else ['--open', str(open_cases)]
        run(program('make_data'), '--cases', str(cases), *more, *self.flags)
        return time.monotonic() - began

    def copy(self, folder):
        """Nobody may be working on this one. Only for SQLite."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        for end in ('.key', '.actors.json'):
            shutil.copy2(self.folder + end, folder + end)
        return Installation(folder)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        for end in ('.key', '.actors.json'):
            if os.path.exists(self.folder + end):
                os.unlink(self.folder + end)


def copy_text(value):
    """A value as COPY wants it."""
    if value is None:
        return '\\N'
    if isinstance(value, bytes):
        return '\\\\x' + value.hex()
    if isinstance(value, str):
        return value.replace('\\', '\\\\').replace('\t', '\\t').replace('\n', '\\n').replace('\r', '\\r')
    return str(value)


def copy_table(db, uri, table, columns):
    """All rows of a SQLite table into the one of the same name on PostgreSQL."""
    names = ', '.join(columns)
    psql = subprocess.Popen(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', 'set session_replication_role = replica; set synchronous_commit = off',
                             '-c', f'copy {table}({names}) from stdin', uri], stdin=subprocess.PIPE, text=True, encoding='utf-8')
    for row in db.execute(f'select {names} from {table}'):
        psql.stdin.write('\t'.join(map(copy_text, row)) + '\n')
    psql.stdin.close()
    if psql.wait() != 0:
        raise RuntimeError(f'copying {table} failed')


def to_postgres(site, folder, uri):
    """The same installation on PostgreSQL: tables and columns are asked of the databases, so this knows no schema. One command at a time would take
    an hour for a million cases, because each statement is a journey there and back."""
    twin = Installation(folder, uri)
    twin.remove()
    twin.cli('init', '--province', '34')
    shutil.copy2(site.folder + '.key', folder + '.key')
    shutil.copy2(site.folder + '.actors.json', folder + '.actors.json')
    db = sqlite3.connect(f'file:{site.main_file}?mode=ro', uri=True)
    there = {}
    for table, column in twin.sql("select table_name, column_name from information_schema.columns where table_schema = 'public' order by 1, ordinal_position"):
        there.setdefault(table, []).append(column)
    # first all are emptied: a cascade must not empty what has been filled
    twin.sql('truncate ' + ', '.join(there) + ' cascade')
    for table, columns in there.items():
        ours = {row[1] for row in db.execute(f'pragma table_info({table})')}
        copy_table(db, uri, table, [c for c in columns if c in ours])
    db.close()
    for table, column in twin.sql("select table_name, column_name from information_schema.columns where table_schema = 'public' and is_identity = 'YES'"):
        twin.sql(f"select setval(pg_get_serial_sequence('{table}', '{column}'), (select coalesce(max({column}), 0) + 1 from {table}), false)")
    # on this engine a cursor begins with a transaction
    twin.sql('update reader_cursor set xid = pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1, seq = 9223372036854775807')
    twin.cli('rebuild')
    twin.sql('vacuum analyze')
    return twin


def actor(installation, post, level=None):
    return next(a for a in installation.actors if a['post'] == post and level in (None, a['level']))


class Server:
    """`liuxiao serve`; measured from outside, by /proc. `beside`: another node is running already."""

    def __init__(self, installation, *more, listen='127.0.0.1:0', env=None, beside=False):
        self.installation = installation
        if not beside:
            installation.free_leases()
        self.log_path = installation.folder + '.server.log'
        began = time.monotonic()
        self.log_file = open(self.log_path, 'ab')
        self.process = subprocess.Popen([BINARY, 'serve', *installation.flags, '--listen', listen, *more],
                                        stdout=subprocess.PIPE, stderr=self.log_file, text=True, env={**os.environ, **(env or {})})
        self.port = None
        for line in self.process.stdout:
            found = re.search(r'^API .*:(\d+)/api', line)
            if found:
                self.port = int(found.group(1))
                break
        if self.port is None:
            raise RuntimeError(f'serve does not come up: {open(self.log_path).read()[-600:]}')
        self.get('/healthz')
        self.first_answer = time.monotonic() - began

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
        self.process.stdout.close()
        self.log_file.close()

    def get(self, path, token=None):
        ask = urllib.request.Request(f'http://127.0.0.1:{self.port}{path}')
        if token:
            ask.add_header('Authorization', 'Bearer ' + token)
        with urllib.request.urlopen(ask, timeout=120) as reply:
            return reply.read()

    def post(self, path, token, body):
        ask = urllib.request.Request(f'http://127.0.0.1:{self.port}{path}', data=json.dumps(body).encode(), method='POST',
                                     headers={'Authorization': 'Bearer ' + token, 'Content-Type': 'application/json'})
        with urllib.request.urlopen(ask, timeout=120) as reply:
            return reply.read()

    def upload(self, token, content, kind='image/png'):
        ask = urllib.request.Request(f'http://127.0.0.1:{self.port}/api/v1/files', data=content, method='POST',
                                     headers={'Authorization': 'Bearer ' + token, 'Content-Type': kind})
        with urllib.request.urlopen(ask, timeout=120) as reply:
            return json.loads(reply.read())['hash']

    def metrics(self):
        found = re.findall(r'^(\w+)(?:\{kind="(\w+)"\})? (\d+)$', self.get('/metrics').decode(), re.M)
        return {name + ('_' + kind if kind else ''): int(value) for name, kind, value in found}

    def memory(self):
        """(resident, highest resident) in MiB."""
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as f:
            text = f.read()
        return tuple(int(re.search(name + r':\s+(\d+) kB', text).group(1)) / 1024 for name in ('VmRSS', 'VmHWM'))

    def threads(self):
        """Seconds of processor time so far, by the threads' names; numbered ones together."""
        found = {}
        for task in os.listdir(f'/proc/{self.process.pid}/task'):
            with open(f'/proc/{self.process.pid}/task/{task}/stat', encoding='ascii') as f:
                head, fields = f.read().rsplit(')', 1)
            name, fields = head.split('(', 1)[1], fields.split()
            found[name] = found.get(name, 0) + (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')
        return found

    def cpu(self):
        """Seconds of processor time so far."""
        with open(f'/proc/{self.process.pid}/stat', encoding='ascii') as f:
            fields = f.read().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def load(server, mix, connections, seconds, warm=1, watch=True):
    """Runs the load generator; its report, with what the server did meanwhile."""
    with tempfile.NamedTemporaryFile('w', suffix='.json', encoding='utf-8') as f:
        json.dump(mix, f, ensure_ascii=False)
        f.flush()
        command = [program('load'), '--port', str(server.port), '--mix', f.name, '--connections', str(connections),
                   '--seconds', str(seconds), '--warm', str(warm)]
        if watch and not server.installation.database:
            command += ['--watch', server.installation.main_file]
        before, cpu = server.metrics(), server.cpu()
        report = json.loads(run(*command))
        after, cpu = server.metrics(), server.cpu() - cpu
    writes = after['liuxiao_writes_total'] - before['liuxiao_writes_total']
    commits = after['liuxiao_commits_total'] - before['liuxiao_commits_total']
    report['group'] = round(writes / commits, 2) if commits else 0
    report['server_cpu_us'] = round(cpu / (report['requests'] * (seconds + warm) / max(report['seconds'], 0.01)) * 1e6, 1) if report['requests'] else 0
    report['rss'], report['rss_peak'] = (round(v, 1) for v in server.memory())
    if watch and not server.installation.database:
        wal = server.installation.main_file + '-wal'
        report['wal_mib'] = round(os.path.getsize(wal) / 2**20, 1) if os.path.exists(wal) else 0
    return report
