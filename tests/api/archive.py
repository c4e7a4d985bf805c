"""Everything leaves as easily as it came: archives, backups while the server runs, restore that proves itself first (quality.md F4, F10, S3)."""
import ctypes
import hashlib
import json
import os
import shutil
import threading
import time
import zipfile

from client import Client, fresh_key, same, true
from files import different, upload
from installation import PASSWORD, Site
from village import GROUP, HOST, Village, eventually

UNUSABLE, USAGE, NOT_DONE = 3, 2, 1
SECRETS = ['欧阳守望', '13955550001', '井盖松了三天没人管', '请书记看一看']


def lively(run, name):
    """A copy of the demo that has some of everything: photo, looks at personal data, token, notice, household. Stopped again."""
    site = run.template.copy(name)
    village = Village(site.serve())
    steward = village.as_('steward1')
    photo = upload(steward, different(40)).good(201)['hash']
    case, _, _ = village.report('environment', by=steward, text='井盖松了三天没人管', files=[photo],
                                persons=[{'role': 'reporter', 'name': '欧阳守望', 'phone': '13955550001'}])
    village.act(case, 'officer1', 'accept')
    village.act(case, 'officer1', 'progress', text='请书记看一看')
    person = village.case(case)['persons'][0]['id']
    village.as_('officer1').post(f'/persons/{person}/reveal', {'purpose': '回电话'}).good()
    eventually(lambda: int(site.sql('select count(*) from notice')) > 0, True, 'a notice')
    village.server.stop()
    return site, case


def export(site, name, *more):
    path = os.path.join(site.run.folder, name)
    if os.path.exists(path):
        os.unlink(path)
    done = site.cli('export', '--out', path, *more)
    return path, done.stdout


def tables(path):
    """{entry: bytes} of what must be the same in every archive of the same data."""
    with zipfile.ZipFile(path) as z:
        return {n: z.read(n) for n in z.namelist() if n.startswith(('tables/', 'files/', 'dictionary'))}


def manifest(path):
    with zipfile.ZipFile(path) as z:
        return json.loads(z.read('manifest.json'))


def elsewhere(run, name, key, postgres):
    """A place for an installation on the engine that is asked for, with the key but nothing else."""
    site = Site(run, name, run.postgres.create(run.database_name(name)) if postgres else None)
    shutil.copy2(key, site.key)
    return site


def report(site):
    """The figures of 2024 and of this year, as hashes: {part: hash}."""
    parts = {}
    for year in ('2024', time.strftime('%Y')):
        said = json.loads(site.cli('report', '--unit', HOST, '--year', year, '--json').stdout)
        for k in said:
            if k not in ('as_of', 'position'):
                parts[f'{year} {k}'] = hashlib.sha256(json.dumps(said[k]).encode()).hexdigest()[:8]
    return parts


def tree(folder):
    """Names and contents of everything in a folder."""
    found = {}
    for at, _, names in os.walk(folder):
        for n in names:
            path = os.path.join(at, n)
            with open(path, 'rb') as f:
                found[os.path.relpath(path, folder)] = hashlib.sha256(f.read()).hexdigest()
    return found


def test_round_trip(run):
    """rows: G12 G6"""
    site, case = lively(run, 'arch-from')
    first, said = export(site, 'first.zip')
    facts = manifest(first)
    same(facts['engine'], run.engine, 'engine')
    same((facts['journal'], facts['schema']), (int(site.sql('select max(seq) from journal')), int(site.sql('select max(n) from schema_version'))), 'place')
    counts = {e['name'][7:-4]: e['rows'] for e in facts['entries'] if e['name'].startswith('tables/')}
    for table in ('cases', 'journal', 'person', 'file', 'access', 'seal', 'token', 'unit'):
        same(counts[table], int(site.sql(f'select count(*) from {table}')), f'rows of {table}')
        true(counts[table] > 0, f'the test has no {table}')
    true('rows, 2 files' in said, said)  # and the demo's scan
    for gone in ('session', 'lease', 'throttle', 'reader_cursor', 'schema_version'):
        true(gone not in counts and any(x.get('table') == gone and x['why'] for x in facts['left_out']), f'{gone} is in it, or nobody says why not')
    # The hashes are what anybody computes.
    with zipfile.ZipFile(first) as z:
        same(z.testzip(), None, 'check sums')
        for e in facts['entries']:
            same(hashlib.blake2b(z.read(e['name']), digest_size=32).hexdigest(), e['blake2b'], e['name'])
        same(z.getinfo([n for n in z.namelist() if n.startswith('files/')][0]).compress_type, zipfile.ZIP_STORED, 'sealed files are not squeezed')
        dictionary = z.read('dictionary.csv').decode()
        for line in ('"cases","sealed","bytes (base64)","texts, sealed under the row\'s own key","sealed"', '"unit","level","integer","1 province'):
            true(line in dictionary, f'the dictionary lacks {line}')
        for row in dictionary.splitlines()[1:]:
            true(row.count('"') >= 10, row)
    # Through both engines, when there are two, and back.
    chain, at = [first], site
    for i, postgres in enumerate([run.engine == 'sqlite' and run.postgres is not None, False, run.postgres is not None]):
        target = elsewhere(run, f'arch-hop{i}', site.key, postgres)
        target.cli('import', 'archive', chain[-1])
        path, _ = export(target, f'hop{i}.zip')
        same(manifest(path)['engine'], 'postgresql' if postgres else 'sqlite', 'engine of the hop')
        true(manifest(path)['epoch'] != facts['epoch'], 'the epoch is still the old one')
        chain.append(path)
        same(target.verify()['faults'], 0, 'faults')
        same(report(target), report(site), 'figures')
        at = target
    for path in chain[1:]:
        got, wanted = tables(path), tables(first)
        same(sorted(got), sorted(wanted), 'entries')
        same([n for n in wanted if got[n] != wanted[n]], [], f'entries of {os.path.basename(path)} that differ')
    # And it works: people sign in, words and photo are there, numbers go on, steps are told.
    village = Village(at.serve())
    officer = village.anyone()
    officer.sign_in('officer1', PASSWORD).good()
    page = officer.get(f'/cases/{case}').good()
    same(page['text'], '井盖松了三天没人管', 'text')
    same(officer.get(page['files'][0]['url']).status, 200, 'photo')
    told = int(at.sql('select count(*) from notice'))
    new, _, made = village.report('environment')
    true(made['number'] > page['number'], f'{made["number"]} after {page["number"]}')
    eventually(lambda: int(at.sql('select count(*) from notice')) > told, True, 'notices of new steps')
    village.server.stop()
    same(at.verify()['faults'], 0, 'faults in the end')


class Writer(threading.Thread):
    """Reports one case after the other; keeps (when it was acknowledged, number)."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.client, self.over, self.done = Client(address), threading.Event(), []

    def run(self):
        while not self.over.is_set():
            said = self.client.ask('POST', '/cases', {'text': '备份时报的', 'unit': GROUP}, headers={'Idempotency-Key': fresh_key()})
            if said.status == 201:
                self.done.append((time.monotonic(), said.json['number']))


def test_backup_under_load(run):
    """rows: G12"""
    site = run.template.copy('arch-load')
    server = site.serve()
    writers = [Writer(server.address) for _ in range(4)]
    for w in writers:
        w.start()
    time.sleep(0.7)
    folder = os.path.join(run.folder, 'load-backups')
    began = time.monotonic()
    said = site.cli('backup', '--to', folder).stdout
    ended = time.monotonic()
    time.sleep(0.2)
    for w in writers:
        w.over.set()
        w.join(20)
    done = [d for w in writers for d in w.done]
    before = {n for at, n in done if at < began}
    true(len(before) >= 20 and any(at > ended for at, _ in done), f'{len(before)} cases before, {len(done)} in all')
    true('proved' in said, said)
    server.stop()
    names = sorted(os.listdir(folder))
    same([n[-4:] for n in names], ['seal', '.zip'], f'what lies in the folder: {names}')
    copy = elsewhere(run, 'arch-loaded', site.key, run.postgres is not None)
    copy.cli('import', 'archive', os.path.join(folder, names[1]))
    there = set(copy.sql('select number from cases').split('\n'))
    same(sorted(before - there), [], 'acknowledged before the backup, and not in it')
    same(copy.verify()['faults'], 0, 'faults')
    with open(os.path.join(folder, names[0]), encoding='utf-8') as f:
        same(f.read().split()[1], manifest(os.path.join(folder, names[1]))['last_seal']['digest'], 'seal beside it')


def test_old_backups_go_last(run):
    """rows: G12"""
    site = run.template.copy('arch-keep')
    folder = os.path.join(run.folder, 'keep-backups')
    for _ in range(3):
        site.cli('backup', '--to', folder, '--keep', '2')
        time.sleep(1.05)
    names = sorted(os.listdir(folder))
    same(len(names), 4, f'two backups and their seals: {names}')
    # One that can't be proved takes nothing away: a file is gone from under it.
    os.chmod(folder, 0o500)
    if os.access(folder, os.W_OK):  # root does not mind
        os.chmod(folder, 0o700)
        with open(os.path.join(run.folder, 'no-folder'), 'w', encoding='utf-8'):
            pass
        same(site.cli('backup', '--to', os.path.join(run.folder, 'no-folder'), ok=False).returncode, UNUSABLE, 'into a file')
    else:
        same(site.cli('backup', '--to', folder, '--keep', '1', ok=False).returncode, UNUSABLE, 'into a locked folder')
        os.chmod(folder, 0o700)
    same(sorted(os.listdir(folder)), names, 'what a failed backup leaves')
    state = json.loads(site.sql("select value from meta where key = 'backup'"))
    true(state['ok'] is False and state['good_at'] < state['at'] and state['error'], f'state: {state}')


def test_readable_part(run):
    """rows: G12"""
    site, case = lively(run, 'arch-open')
    phrase = os.path.join(run.folder, 'phrase')
    with open(phrase, 'w', encoding='utf-8') as f:
        f.write('short\n')
    out = os.path.join(run.folder, 'open.zip')
    same(site.cli('export', '--out', out, '--readable', '--passphrase-file', phrase, ok=False).returncode, NOT_DONE, 'a short passphrase')
    with open(phrase, 'w', encoding='utf-8') as f:
        f.write('a long enough passphrase\n')
    looks = int(site.sql('select count(*) from access'))
    path, _ = export(site, 'open.zip', '--readable', '--passphrase-file', phrase)
    same(int(site.sql('select count(*) from access')), looks + 1, 'lines of the access log')
    with open(path, 'rb') as f:
        content = f.read()
    with zipfile.ZipFile(path) as z:
        for info in z.infolist():
            same(bool(info.flag_bits & 1), info.filename.startswith('open/'), f'{info.filename} is encrypted')
            if not info.flag_bits & 1:
                content += z.read(info)
    for secret in SECRETS:
        true(secret.encode() not in content, f'{secret} can be read without the passphrase')
    same(unlock(path, 'open/cases.json', 'the wrong passphrase'), None, 'with a wrong passphrase')
    cases = json.loads(unlock(path, 'open/cases.json', 'a long enough passphrase'))
    same(len(cases), int(site.sql('select count(*) from cases')), 'cases')
    mine = [c for c in cases if c['uuid'] == case][0]
    same((mine['words']['text'], mine['kind_label'], mine['state'], mine['unit_code']), ('井盖松了三天没人管', '整治小环境', 3, GROUP), f'the case: {mine}')
    people = unlock(path, 'open/persons.csv', 'a long enough passphrase').decode('utf-8-sig')
    true('欧阳守望' in people and '13955550001' in people, 'the person is not in the list')
    journal = unlock(path, 'open/journal.json', 'a long enough passphrase').decode()
    true('请书记看一看' in journal, 'the note is not in the journal')
    with zipfile.ZipFile(path) as z:
        photos = [n for n in z.namelist() if n.startswith('open/files/')]
    true(len(photos) == 2 and all(p.endswith('.jpg') for p in photos), f'photos: {photos}')  # one is the demo's scan
    true(unlock(path, photos[0], 'a long enough passphrase')[:3] == b'\xff\xd8\xff', 'no JPEG')
    # It is restored like any other.
    copy = elsewhere(run, 'arch-opened', site.key, run.postgres is not None)
    copy.cli('import', 'archive', path)
    same(copy.verify()['faults'], 0, 'faults')


def unlock(path, name, passphrase):
    """An AES-256 entry, read with libzip; None when the passphrase does not open it."""
    zip = ctypes.CDLL('libzip.so.4')
    for f in (zip.zip_open, zip.zip_fopen):
        f.restype = ctypes.c_void_p
    zip.zip_fread.restype = ctypes.c_int64
    z = ctypes.c_void_p(zip.zip_open(path.encode(), 16, None))
    zip.zip_set_default_password(z, passphrase.encode())
    f = zip.zip_fopen(z, name.encode(), 0)
    got = b''
    if f is not None:
        f = ctypes.c_void_p(f)
        piece = ctypes.create_string_buffer(1 << 16)
        while (n := zip.zip_fread(f, piece, ctypes.c_uint64(1 << 16))) > 0:
            got += piece.raw[:n]
        zip.zip_fclose(f)
    zip.zip_discard(z)
    return got or None


def damaged(path, out):
    """Copies of an archive, each broken in its own way: (name, path)."""
    with open(path, 'rb') as f:
        whole = f.read()
    at = whole.index(b'tables/cases.csv') + 400

    def put(name, content):
        to = os.path.join(out, f'{name}.zip')
        with open(to, 'wb') as f:
            f.write(content)
        return name, to

    def again(name, change):
        """The zip itself is whole; what it holds was changed."""
        to = os.path.join(out, f'{name}.zip')
        with zipfile.ZipFile(path) as z, zipfile.ZipFile(to, 'w', zipfile.ZIP_DEFLATED) as n:
            for info in z.infolist():
                n.writestr(info.filename, change(info.filename, z.read(info)))
        return name, to

    def one_row_less(name, content):
        return content[:content.rstrip(b'\n').rindex(b'\n') + 1] if name == 'tables/post.csv' else content

    with zipfile.ZipFile(path) as z:
        fewer = one_row_less('tables/post.csv', z.read('tables/post.csv'))

    def other_rows(name, content):
        """By somebody who can count and hash, and has no key."""
        content = one_row_less(name, content)
        if name == 'manifest.json':
            m = json.loads(content)
            for e in m['entries']:
                if e['name'] == 'tables/post.csv':
                    e.update(rows=e['rows'] - 1, bytes=len(fewer), blake2b=hashlib.blake2b(fewer, digest_size=32).hexdigest())
            return json.dumps(m, separators=(',', ':')).encode()
        return content
    yield put('cut', whole[:len(whole) // 2])
    yield put('empty', b'')
    yield put('flipped', whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
    yield again('row-less', one_row_less)
    yield again('row-less-told', other_rows)
    yield again('promoted', lambda n, c: c.replace(b',', b', ', 1) if n == 'tables/account.csv' else c)


def test_restore(run):
    """rows: G12 G6"""
    site, case = lively(run, 'arch-restore')
    path, _ = export(site, 'restore.zip')
    broken = os.path.join(run.folder, 'broken')
    os.mkdir(broken)
    # What it is put into: the demo without that case, on SQLite; an empty database on PostgreSQL.
    target = run.template.copy('arch-old') if not run.postgres else elsewhere(run, 'arch-old', site.key, True)
    if not run.postgres:
        shutil.copy2(site.key, target.key)
        true(target.sql('select count(*) from cases') != site.sql('select count(*) from cases'), 'nothing to restore')
        server = target.serve()
        done = target.cli('restore', path, ok=False)
        same((done.returncode, 'in_use' in done.stderr), (NOT_DONE, True), f'while it runs: {done.stderr}')
        server.stop()
    before = tree(target.folder)

    def untouched(what):
        same(tree(target.folder), before, f'the folder after {what}')
        same([n for n in os.listdir(run.folder) if n.startswith('arch-old.')], ['arch-old.key'], f'beside the folder after {what}')
        if run.postgres:
            same(target.sql("select count(*) from pg_tables where schemaname in ('public', 'derived')"), '0', f'tables after {what}')
    lock = 'liuxiao.lock'
    before.setdefault(lock, hashlib.sha256(b'').hexdigest())
    if not os.path.isdir(target.folder):
        before = {}
    for name, bad in damaged(path, broken):
        done = target.cli('restore', bad, ok=False)
        same((done.returncode, 'archive_damaged' in done.stderr), (NOT_DONE, True), f'{name}: {done.stderr}')
        true(len(done.stderr.strip().splitlines()) == 1, done.stderr)
        if os.path.isdir(target.folder) and not run.postgres:
            before = {**before, lock: before.get(lock)}
        untouched(name)
    # Without the key, and with somebody else's.
    kept = target.key + '.kept'
    os.rename(target.key, kept)
    done = target.cli('restore', path, ok=False)
    true(done.returncode == UNUSABLE and target.key in done.stderr and 'no_master_key' in done.stderr, done.stderr)
    other = run.empty('arch_other')
    other.cli('init', '--province', '34', '--host', HOST)
    shutil.copy2(other.key, target.key)
    done = target.cli('restore', path, ok=False)
    true(done.returncode == UNUSABLE and target.key in done.stderr and 'broken_seal' in done.stderr, done.stderr)
    os.rename(kept, target.key)
    untouched('wrong keys')
    # A full one is not what an import goes into.
    full = run.template
    same(full.cli('import', 'archive', path, ok=False).returncode, NOT_DONE, 'into a full installation')
    # And now the good one.
    said = target.cli('restore', path).stdout
    same(target.verify()['faults'], 0, 'faults')
    same(target.sql('select count(*) from cases'), site.sql('select count(*) from cases'), 'cases')
    village = Village(target.serve())
    same(village.case(case)['text'], '井盖松了三天没人管', 'text')
    village.server.stop()
    if not run.postgres:
        old = [n for n in os.listdir(run.folder) if n.startswith('arch-old.before-')]
        true(len(old) == 1 and old[0] in said, f'the old one: {old}, {said}')
        kept = Site(run, old[0])
        shutil.copy2(target.key, kept.key)
        same(kept.verify()['faults'], 0, 'faults of the old one')
        same(kept.sql('select count(*) from cases'), run.template.sql('select count(*) from cases'), 'cases of the old one')
    same([n for n in os.listdir(target.folder) if n.startswith(('restore-', 'files.'))], [], 'left over')


def test_positions_begin_again(run):
    """rows: G12 — a cursor from before a restore is not taken for one of now (F10)"""
    site = run.template.copy('arch-cursor')
    village = Village(site.serve())
    cursor = village.as_('officer1').get('/sync').good()['next']
    village.server.stop()
    path, _ = export(site, 'cursor.zip')
    copy = elsewhere(run, 'arch-cursor2', site.key, run.postgres is not None)
    copy.cli('import', 'archive', path)
    server = copy.serve()
    again = server.client()
    again.sign_in('officer1', PASSWORD).good()
    said = again.get(f'/sync?cursor={cursor}').good()
    same(said['fresh'], True, 'an old cursor goes on')
    same(again.get(f'/sync?cursor={said["next"]}').good()['fresh'], False, 'a new one')
    server.stop()


def test_backup_by_itself(run):
    """rows: G12"""
    site = run.template.copy('arch-night')
    folder = os.path.join(run.folder, 'night-backups')
    minute = time.strftime('%H:%M', time.gmtime(time.time() + 8 * 3600 - 60))  # a minute ago, in China
    flags = ['--backup-folder', folder, '--backup-time', minute, '--backup-keep', '2']
    servers = [site.serve(*flags)] + ([site.serve(*flags, name='second')] if run.postgres else [])
    client = servers[0].client()
    eventually(lambda: client.get('/readyz').good()['last_backup'] is not None, True, 'a backup', 20)
    same(client.get('/readyz').good()['backup_failed'], False, 'backup_failed')
    time.sleep(3)
    same(sorted(n[-4:] for n in os.listdir(folder)), ['.txt', '.zip', 'seal'] if os.path.exists(os.path.join(folder, 'erased.txt')) else ['.zip', 'seal'],
         f'one backup, however many nodes: {os.listdir(folder)}')
    for server in servers:
        server.stop()
    path = [os.path.join(folder, n) for n in os.listdir(folder) if n.endswith('.zip')][0]
    copy = elsewhere(run, 'arch-morning', site.key, run.postgres is not None)
    copy.cli('import', 'archive', path)
    same(copy.verify()['faults'], 0, 'faults')
    # One that fails is told and tried again.
    site.sql("delete from meta where key = 'backup'")
    with open(os.path.join(run.folder, 'no-night'), 'w', encoding='utf-8'):
        pass
    server = site.serve('--backup-folder', os.path.join(run.folder, 'no-night'), '--backup-time', minute, name='failing')
    eventually(lambda: server.client().get('/readyz').good()['backup_failed'], True, 'a failure', 20)
    true('job.backup' in server.log() and 'data_folder' in server.log(), server.log()[-300:])
    server.stop()
