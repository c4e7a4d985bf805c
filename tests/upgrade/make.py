#!/usr/bin/env python3
"""Stores a small installation of a released program, on both engines, for the upgrade test: once for every release with a new schema.

    make.py --binary OLD/build/liuxiao --database postgresql://… --to tests/upgrade/NNNN

NNNN is the newest migration that program knows. Writes liuxiao.db.gz, dump.sql.gz, their key files, the photo and expected.json.
"""
import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'api'))

from files import different, upload  # noqa: E402
from installation import Postgres, Site  # noqa: E402

COUNTY, TOWN, HOST, GROUPS = '341203000000', '341203105000', '341203105006', ['前吴寨', '后吴寨']
PEOPLE = [('officer', 'officer'), ('chair', 'chair'), ('steward', 'steward'), ('mediator', 'mediator'), ('auditor', 'auditor')]
PASSWORD = 'upgrade-me-please'
TABLES = ['account', 'post', 'office', 'person', 'household', 'place', 'cases', 'case_person', 'case_clock', 'activity', 'file', 'file_use',
          'journal', 'access', 'seal', 'token', 'unit', 'pack', 'counter']
OUTCOMES = {'request': 'DONE', 'environment': 'CLEANED', 'difficulty': 'COORDINATED', 'hazard': 'FIXED_RECHECKED'}


class Run:
    def __init__(self, binary, folder, postgres):
        self.binary, self.folder, self.postgres, self.servers = os.path.abspath(binary), folder, postgres, []


def prune(site):
    """The territory of one county is enough."""
    site.sql(f"""delete from unit where id not in (select u.id from unit u join unit c on c.code = '{COUNTY}' and c.level = 3
                 where (u.ord >= c.ord and u.ord < c.ord_end) or (u.ord <= c.ord and u.ord_end >= c.ord_end))""")


def life(site):
    """A few dozen cases, some of everything that a table is there for."""
    for login, post in PEOPLE:
        site.cli('user', 'add', '--login', login, '--name', '方' + login, '--post', post, '--unit', HOST, '--password', PASSWORD)
    site.cli('unit', 'add', *GROUPS, '--under', HOST)
    site.cli('office', 'add', '--unit', TOWN, '--code', 'power', '--name', '正午供电所')
    server = site.serve()
    by = {login: server.client(token=site.token(login)) for login, _ in PEOPLE}
    group = HOST + '001'
    photo = upload(by['steward'], different(1)).good(201)['hash']
    for i in range(36):
        kind = list(OUTCOMES)[i % 4]
        case = by['steward'].post('/cases', {
            'kind': kind, 'text': f'第{i}件：路边的事，请来看看', 'unit': group, 'files': [photo] if i == 0 else [],
            'persons': [{'role': 'reporter', 'name': f'方老{i}', 'phone': f'1390000{i:04d}'}]}).good(201)['id']
        if i % 3 == 0:
            continue
        by['officer'].do(case, 'accept').good()
        by['officer'].do(case, 'progress', text='去看过了', open=True).good()
        if i % 3 == 1:
            by['officer'].do(case, 'settle', outcome=OUTCOMES[kind], result='办好了').good()
    by['steward'].post('/cases/settle_on_spot', {
        'kind': 'dispute', 'category': 'D0101', 'unit': group, 'outcome': 'SPOT_PEACE', 'text': '两家争水', 'result': '和好',
        'persons': [{'role': 'party', 'side': 1, 'name': '方甲'}, {'role': 'party', 'side': 2, 'name': '方乙'}]}).good(201)
    by['officer'].post('/households', {'unit': group, 'address': '前吴寨1号'}).good(201)
    by['officer'].post('/places', {'unit': group, 'kind': server.client().get('/pack').good()['place_kinds'][0]['code'], 'name': '小卖部'}).good(201)
    by['officer'].post('/activities', {'type': 'talk', 'unit': HOST, 'at': time.strftime('%Y-%m-%dT%H:%M:%S+08:00', time.gmtime(time.time() + 7 * 3600)),
                                       'title': '防溺水', 'form': 'BENCH', 'topic': 'T0701', 'count': 20})
    person = by['officer'].get(f'/cases/{case}').good()['persons'][0]['id']
    by['officer'].post(f'/persons/{person}/reveal', {'purpose': '回电话'}).good()
    time.sleep(1)
    server.stop()
    return {'case': case, 'text': '第35件：路边的事，请来看看', 'photo': photo}


def expected(site, facts):
    year = time.strftime('%Y')
    report = json.loads(site.cli('report', '--unit', HOST, '--year', year, '--json').stdout)
    return {**facts, 'year': year, 'host': HOST, 'login': 'officer', 'password': PASSWORD, 'counts': report['counts'], 'levels': report['levels'],
            'rows': {t: int(site.sql(f'select count(*) from {t}')) for t in TABLES}, 'entries': site.verify()['entries']}


def pack(path, content):
    with gzip.GzipFile(path, 'wb', 9, mtime=0) as f:
        f.write(content)


def store_sqlite(run, to):
    site = Site(run, 'sqlite')
    site.cli('init', '--province', '34', '--host', HOST)
    prune(site)
    facts = expected(site, life(site))
    site.sql('vacuum')
    with open(os.path.join(site.folder, 'liuxiao.db'), 'rb') as f:
        pack(os.path.join(to, 'liuxiao.db.gz'), f.read())
    shutil.copy(site.key, os.path.join(to, 'sqlite.key'))
    shutil.copytree(os.path.join(site.folder, 'files'), os.path.join(to, 'sqlite-files'))
    return facts


def store_postgres(run, to):
    site = Site(run, 'postgres', run.postgres.create(f'lx_store_{os.getpid()}'))
    site.cli('init', '--province', '34', '--host', HOST)
    prune(site)
    facts = expected(site, life(site))
    done = subprocess.run(['pg_dump', '--no-owner', '--no-privileges', '--inserts', '--rows-per-insert=200', site.uri], capture_output=True, check=True)
    pack(os.path.join(to, 'dump.sql.gz'), done.stdout)
    shutil.copy(site.key, os.path.join(to, 'postgres.key'))
    shutil.copytree(os.path.join(site.folder, 'files'), os.path.join(to, 'postgres-files'))
    return facts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ('binary', 'database', 'to'):
        parser.add_argument('--' + name, required=True)
    args = parser.parse_args()
    folder = tempfile.mkdtemp(prefix='liuxiao-store-')
    run = Run(args.binary, folder, Postgres(args.database))
    os.makedirs(args.to)
    try:
        facts = {'sqlite': store_sqlite(run, args.to), 'postgresql': store_postgres(run, args.to)}
        facts['program'] = subprocess.run([args.binary, 'version'], capture_output=True, text=True, check=True).stdout.strip()
        with open(os.path.join(args.to, 'expected.json'), 'w', encoding='utf-8') as f:
            json.dump(facts, f, ensure_ascii=False, indent=1, sort_keys=True)
            f.write('\n')
    finally:
        run.postgres.drop_all()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    main()
