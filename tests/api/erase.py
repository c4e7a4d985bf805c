"""What is kept about a person goes to the person, and may be erased: unreadable everywhere, and nothing else changes (PIPL art. 45, 47)."""
import io
import json
import os
import time
import zipfile

from archive import elsewhere, report
from client import same, true
from files import different, upload
from village import GROUP, HOST, Village, eventually

NAME, PHONE, WORDS = '公孙求去', '13955557777', '我家院墙外的老槐树要倒了'
GONE = '已依法删除'
PURPOSE = 'purpose=%E6%9C%AC%E4%BA%BA%E7%94%B3%E8%AF%B7'  # 本人申请


def hexes(site, table, where, *columns):
    """Secret bytes of rows, to be looked for later."""
    as_hex = (lambda c: f"encode({c}, 'hex')") if site.uri else (lambda c: f'hex({c})')
    said = site.sql(f"select {', '.join(as_hex(c) for c in columns)} from {table} where {where}")
    found = [bytes.fromhex(x) for line in said.splitlines() for x in line.split('|')]
    true(found and all(len(f) > 30 for f in found), f'nothing to look for in {table}: {said[:80]}')
    return found


def found_in_files(site, secret):
    """Names of the database's files, photos included, that hold these bytes."""
    places = []
    for at, _, names in os.walk(site.folder):
        for n in names:
            try:
                with open(os.path.join(at, n), 'rb') as f:
                    if secret in f.read():
                        places.append(n)
            except FileNotFoundError:  # a file of the server's that it has renamed meanwhile: its new name is walked too
                pass
    if site.uri:
        site.sql('checkpoint')
        places += site.sql("with f as (select 'base/' || d.oid || '/' || n as path from pg_database d, pg_ls_dir('base/' || d.oid) n "
                           "where d.datname = current_database()) select path from f where "
                           f"position('\\x{secret.hex()}'::bytea in pg_read_binary_file(path, 0, 1000000000, true)) > 0").split()
    return places


def story(village):
    """A person in a case of their own that ended, with a photo, and in a dispute that ended with somebody else. Returns ids."""
    site = village.site
    steward = village.as_('steward1')
    photo = upload(steward, different(77)).good(201)['hash']
    who = {'name': NAME, 'phone': PHONE}
    own, track, _ = village.report('request', by=steward, text=WORDS, files=[photo], persons=[{'role': 'reporter', **who}])
    village.act(own, 'officer1', 'accept')
    village.act(own, 'officer1', 'progress', text='去看过老槐树了', open=True)
    village.act(own, 'officer1', 'settle', outcome='DONE', result='树锯掉了')
    village.resident(track).post('/track/judge', {'resolved': 'yes', 'satisfied': 'yes', 'text': '好'}).good()
    village.act(own, 'officer1', 'close')
    other = steward.post('/cases/settle_on_spot', {
        'kind': 'dispute', 'category': 'D0101', 'unit': GROUP, 'outcome': 'SPOT_PEACE', 'text': '为一只鸡吵架', 'result': '和好了',
        'persons': [{'role': 'party', 'side': 1, **who}, {'role': 'party', 'side': 2, 'name': '方阿二'}]}).good(201)['id']
    person = village.case(own)['persons'][0]['id']
    same([p['id'] for p in village.case(other)['persons']].count(person), 1, 'the same person in both cases')
    return own, other, person, track, photo


def end(village, case):
    """The dispute is ended, by the clock that a test may turn."""
    village.act(case, 'officer1', 'close')


def erase(village, person, by='chair1', **more):
    return village.as_(by).post(f'/persons/{person}/erase', {'reason': '本人书面申请删除', **more})


def test_export_of_a_person(run):
    """rows: G12"""
    village = Village(run.template.copy('erase-export').serve())
    own, other, person, _, photo = story(village)
    village.as_('officer1').post(f'/persons/{person}/reveal', {'purpose': '核对电话'}).good()
    url = f'/persons/{person}/export?{PURPOSE}'
    village.as_('officer1').get(f'/persons/{person}/export').refused(422, 'missing', 'purpose')
    village.as_('officer1').get(url + '&format=pdf').refused(422, 'not_a_choice', 'format')
    village.anyone().get(url).refused(401, 'sign_in')
    for login in ('steward1', 'mediator1', 'leader1', 'admin1', 'auditor1'):
        village.as_(login).get(url).refused(403, 'forbidden')
    village.as_('officer-b').get(url).refused(404, 'not_found')
    before = len(village.as_('auditor1').get('/access').good()['items'])
    said = village.as_('officer1').get(url)
    same((said.status, said.headers['Content-Type']), (200, 'application/zip'), 'the zip')
    same(len(village.as_('auditor1').get('/access').good()['items']), before + 1, 'lines of the access log')
    with zipfile.ZipFile(io.BytesIO(said.body)) as z:
        same(z.testzip(), None, 'check sums')
        data = json.loads(z.read('person.json'))
        same(sorted(z.namelist())[0], f'files/{photo}.jpg', 'the photo')
        same(z.read(f'files/{photo}.jpg')[:3], b'\xff\xd8\xff', 'its first bytes')
    same((data['person']['name'], data['person']['phone']), (NAME, PHONE), 'identity, in full')
    texts = {c['words']['text']: c for c in data['cases']}
    true(WORDS in texts and '为一只鸡吵架' in texts, f'cases: {list(texts)}')
    true(any(s['text'] == '去看过老槐树了' for s in texts[WORDS]['steps']), 'steps with their words')
    same(texts[WORDS]['files'], [f'files/{photo}.jpg'], 'files of the case')
    true([s['purpose'] for s in data['seen_by']] == ['本人申请', '核对电话'], f'who looked: {data["seen_by"]}')
    same(village.as_('officer1').get(url + '&format=json').good()['person']['id'], person, 'as JSON')
    village.server.stop()


def test_who_may_erase_and_when(run):
    """rows: G12"""
    village = Village(run.template.copy('erase-may').serve())
    own, other, person, _, _ = story(village)
    for login in ('officer1', 'steward1', 'child_director1'):
        erase(village, person, login).refused(404, 'not_found')
    true(erase(village, person, 'leader1').status == 403 and village.anyone().post(f'/persons/{person}/erase', {'reason': 'x'}).status == 401, 'others')
    village.as_('chair-b').post(f'/persons/{person}/erase', {'reason': 'x'}).refused(404, 'not_found')
    village.as_('chair1').post(f'/persons/{person}/erase', {}).refused(422, 'missing', 'reason')
    # While a case is open it is named.
    number = village.case(other)['number']
    true(number in erase(village, person).refused(409, 'retained')['title'], 'the case is not named')
    end(village, other)
    # An agreement is kept by law.
    steward = village.as_('steward1')
    kept, _, _ = village.report('dispute', by=steward, persons=[{'role': 'party', 'side': 1, 'name': '宇文立约', 'phone': '13955558888'},
                                                                {'role': 'party', 'side': 2, 'name': '方阿三'}])
    party = [p['id'] for p in village.case(kept)['persons']][0]
    village.act(kept, 'mediator1', 'accept')
    for side in (1, 2):
        village.act(kept, 'mediator1', 'consent', side=side, given=True, consent_how='phone')
    village.act(kept, 'mediator1', 'settle', outcome='ORAL', result='东家让一步，西家让一步')
    village.act(kept, 'mediator1', 'add_paper', paper='record', note='调解记录一份')
    village.act(kept, 'officer1', 'close')
    true(village.case(kept)['number'] in erase(village, party).refused(409, 'retained')['title'], 'the agreement is not named')
    # Nobody erases a case by itself.
    village.as_('chair1').do(own, 'erase').refused(403, 'forbidden')
    village.server.stop()


def test_erased_everywhere(run):
    """rows: G12 G6"""
    site = run.template.copy('erase-all')
    village = Village(site.serve())
    own, other, person, track, photo = story(village)
    end(village, other)
    folder = os.path.join(run.folder, 'erase-backups')
    site.cli('backup', '--to', folder)
    first = [n for n in os.listdir(folder) if n.endswith('.zip')][0]
    like = lambda id: ("uuid = '\\x" if site.uri else "uuid = x'") + id.replace('-', '') + "'"
    secrets = hexes(site, 'person', like(person), 'key', 'sealed', 'name_ix', 'phone_ix')
    secrets += hexes(site, 'cases', like(own), 'key', 'sealed')
    secrets += hexes(site, 'file', ("hash = '\\x" if site.uri else "hash = x'") + photo + "'", 'key')
    true(all(found_in_files(site, s) for s in secrets), 'the test does not find what is there')
    figures = report(site)
    erase(village, person).good()
    # Told everywhere, and nothing fails.
    page = village.case(own)
    same((page['title'], page['text'], page['result'], page['files'], page['verbs']), (GONE, GONE, GONE, [], []), 'the page')
    same([p['name'] for p in page['persons']], [GONE], 'the person on the page')
    true(all(s['text'] == GONE for s in page['timeline']) and page['timeline'][-1]['label'] == '依法删除', f'steps: {page["timeline"][-1]}')
    shared = village.case(other)
    same((shared['text'], sorted(p['name'] for p in shared['persons'])), ('为一只鸡吵架', sorted([GONE, '方*二'])), 'the case with somebody else')
    closed = village.as_('officer1').get('/cases?view=closed&limit=200').good()['items']
    same([c['title'] for c in closed if c['id'] == own], [GONE], 'its card')
    tracked = village.resident(track).get('/track').good()
    same((tracked['text'], tracked['files']), (GONE, []), 'what the resident sees')
    village.resident(track).post('/track/add', {'text': '还有'}).refused(410, 'key_destroyed')
    officer = village.as_('officer1')
    officer.get(f'/cases/{own}/files/{photo}').refused(410, 'key_destroyed')
    officer.do(own, 'reopen', reason='再办').refused(410, 'key_destroyed')
    officer.post(f'/persons/{person}/reveal', {'purpose': '看看'}).refused(410, 'key_destroyed')
    officer.post(f'/persons/{person}/correct', {'name': '某某'}).refused(410, 'key_destroyed')
    officer.get(f'/persons/{person}/export?{PURPOSE}').refused(410, 'key_destroyed')
    erase(village, person).refused(410, 'key_destroyed')
    for q in (NAME, PHONE):
        same(officer.get('/persons?q=' + ''.join(f'%{b:02X}' for b in q.encode())).good()['items'], [], f'looking for {q}')
    entries = village.as_('auditor1').get(f'/journal?unit={HOST}&limit=50').good()['items']
    same(sorted(e['subject'] for e in entries if e['verb'] == 'erase'), ['case', 'person'], 'the journal')
    eventually(lambda: site.sql("select count(*) from meta where key = 'scrubbed'"), '1', 'cleaning up', 20)
    left = {s[:6].hex(): p for s in secrets if (p := found_in_files(site, s))}
    same(left, {}, 'secrets that are still in the files')
    true(not any(photo[2:] in n for _, _, names in os.walk(site.folder) for n in names), 'the sealed photo is still there')
    village.server.stop()
    left = {s[:6].hex(): p for s in secrets if (p := found_in_files(site, s))}
    same(left, {}, 'secrets that are still in the files of the stopped server')
    same(site.verify()['faults'], 0, 'faults')
    same(report(site), figures, 'figures')
    # A backup from before does not bring them back.
    with open(os.path.join(site.folder, 'erased.txt'), encoding='utf-8') as f:
        same(f.read().split(), [person], 'the register')
    time.sleep(1.05)
    site.cli('backup', '--to', folder)
    true(os.path.exists(os.path.join(folder, 'erased.txt')), 'no register beside the backups')
    copy = elsewhere(run, 'erase-back', site.key, run.postgres is not None)
    said = copy.cli('import', 'archive', os.path.join(folder, first)).stdout
    true('1 people' in said, said)
    same(copy.sql(f'select count(*) from person where {like(person)} and key is null'), '1', 'the person is back')
    same(copy.verify()['faults'], 0, 'faults of the copy')
    if not run.postgres:
        left = {s[:6].hex(): p for s in secrets if (p := found_in_files(copy, s))}
        same(left, {}, 'secrets that the restored copy holds')
    back = Village(copy.serve())
    same(back.case(own)['text'], GONE, 'the case of a restored backup')
    # Whoever comes again is somebody new.
    again, _, _ = back.report('request', by=back.as_('officer1'), persons=[{'role': 'reporter', 'name': NAME, 'phone': PHONE}])
    true(back.case(again)['persons'][0]['id'] != person, 'the erased person is found again')
    back.server.stop()
