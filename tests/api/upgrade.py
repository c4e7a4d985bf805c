"""Stored databases of every released schema, opened with today's program: nothing is lost, and a migration that fails changes nothing (quality.md F5)."""
import gzip
import json
import os
import shutil
import subprocess

from client import same, true
from installation import Site
from village import GROUP

STORE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'upgrade')
UNUSABLE, NOT_DONE = 3, 1


def stored():
    return sorted(n for n in os.listdir(STORE) if n.isdigit())


def facts(run, release):
    with open(os.path.join(STORE, release, 'expected.json'), encoding='utf-8') as f:
        return json.load(f)[run.engine]


def unpack(run, release, name):
    """The stored installation, as if it had been left so."""
    here = os.path.join(STORE, release)
    site = run.empty(name)
    engine = 'postgres' if run.postgres else 'sqlite'
    os.mkdir(site.folder, 0o700)
    shutil.copytree(os.path.join(here, f'{engine}-files'), os.path.join(site.folder, 'files'))
    shutil.copy(os.path.join(here, f'{engine}.key'), site.key)
    os.chmod(site.key, 0o600)
    for at, _, _ in os.walk(site.folder):
        os.chmod(at, 0o700)
    with gzip.open(os.path.join(here, 'dump.sql.gz' if run.postgres else 'liuxiao.db.gz')) as f:
        content = f.read()
    if not run.postgres:
        with open(os.path.join(site.folder, 'liuxiao.db'), 'wb') as f:
            f.write(content)
    else:
        done = subprocess.run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', site.uri], input=content, capture_output=True)
        same((done.returncode, done.stderr.decode()[:300]), (0, ''), 'loading the dump')
    return site


def whole(site, wanted, what):
    """Everything that was there is there."""
    said = site.verify()
    same((said['faults'], said['entries']), (0, wanted['entries']), f'{what}: faults and entries')
    same({t: int(site.sql(f'select count(*) from {t}')) for t in wanted['rows']}, wanted['rows'], f'{what}: rows')
    site.cli('rebuild')
    report = json.loads(site.cli('report', '--unit', wanted['host'], '--year', wanted['year'], '--json').stdout)
    same((report['counts'], report['levels']), (wanted['counts'], wanted['levels']), f'{what}: figures')


def works(site, wanted):
    """People sign in, read what they wrote, see the photo, and go on."""
    server = site.serve()
    officer = server.client()
    officer.sign_in(wanted['login'], wanted['password']).good()
    same(officer.get(f'/cases/{wanted["case"]}').good()['text'], wanted['text'], 'a case')
    pictures = [f['url'] for c in officer.get('/cases?view=open&limit=200').good()['items'] + officer.get('/cases?view=closed&limit=200').good()['items']
                for f in officer.get(f'/cases/{c["id"]}').good()['files']]
    true(pictures and all(officer.get(url).body[:3] == b'\xff\xd8\xff' for url in pictures), 'the photo')
    officer.post('/cases', {'text': '升级以后的第一件事', 'unit': GROUP}).good(201)
    server.stop()
    same(site.verify()['faults'], 0, 'faults after going on')


def test_from_every_release(run):
    """rows: G12 G22"""
    true(stored(), 'nothing is stored')
    for release in stored():
        wanted = facts(run, release)
        site = unpack(run, release, f'upgrade_{release}')
        newest = int(run.template.sql('select max(n) from schema_version'))
        if newest > int(release):
            done = site.cli('serve', ok=False, wait=20)
            true(done.returncode == UNUSABLE and 'schema_old' in done.stderr, f'{release}: {done.stderr}')
        said = site.cli('migrate').stdout
        true('migrations applied' in said, said)
        same(int(site.sql('select max(n) from schema_version')), newest, f'{release}: schema')
        same(site.cli('migrate').stdout.split()[0], '0', f'{release}: once more')
        whole(site, wanted, release)
        works(site, wanted)


def test_from_an_archive_of_every_release(run):
    """rows: G12"""
    for release in stored():
        path = os.path.join(STORE, release, 'archive.zip')
        with open(os.path.join(STORE, release, 'expected.json'), encoding='utf-8') as f:
            wanted = json.load(f)['sqlite']  # it was made from that one
        site = Site(run, f'upgrade-zip-{release}', run.postgres.create(run.database_name(f'zip_{release}')) if run.postgres else None)
        shutil.copy(os.path.join(STORE, release, 'sqlite.key'), site.key)
        os.chmod(site.key, 0o600)
        site.cli('import', 'archive', path)
        whole(site, wanted, release)
        works(site, wanted)


def test_a_failing_migration_changes_nothing(run):
    """rows: G22"""
    release = stored()[0]
    wanted = facts(run, release)
    site = unpack(run, release, 'upgrade_failing')
    site.sql('create table person_erased (n integer)')  # a name that a later migration wants
    before = site.sql('select n from schema_version order by n')
    done = site.cli('migrate', ok=False)
    true(done.returncode in (UNUSABLE, NOT_DONE) and 'person_erased' in done.stderr, f'{done.returncode} {done.stderr}')
    after = site.sql('select n from schema_version order by n').split()
    true('3' not in after and set(before.split()) <= set(after), f'what is applied: {after}')
    names = "select indexname from pg_indexes where indexname in ('file_erased', 'access_subject')" if site.uri else \
        "select name from sqlite_master where name in ('file_erased', 'access_subject')"
    same(site.sql(names), '', 'what half a migration left')
    site.sql('drop table person_erased')
    site.cli('migrate')
    whole(site, wanted, 'after the second try')
