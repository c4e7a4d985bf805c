"""Personal data: masked wherever it is shown, unmasked only with a purpose that is written down, unreadable in everything that is stored (S3)."""
import glob
import json
import os
import re
import subprocess
import threading

from client import same, true
from village import GROUP, HOST, SIBLING, quote

DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'demo')
PACK = os.path.join(DEMO, '..', 'pack', 'liuxiao.json')

NAME, PHONE, ID_NO = '欧阳秀兰', '13912345678', '341203199001011239'
SENTENCE = '她家后墙的裂缝今年又宽了两指'


def stories():
    """Every story of the demo."""
    for path in glob.glob(os.path.join(DEMO, '20*.json')) + glob.glob(os.path.join(DEMO, 'live-*.json')):
        with open(path, encoding='utf-8') as f:
            yield from json.load(f)


def texts(value):
    """All texts in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)


def secrets():
    """What nobody may find in what is stored: names, telephones, and the first words of every sentence of the demo."""
    with open(PACK, encoding='utf-8') as f:
        public = f.read()
    with open(os.path.join(DEMO, 'cast.json'), encoding='utf-8') as f:
        cast = json.load(f)
    public += json.dumps(cast['villages'] + [o['name'] for o in cast['offices']], ensure_ascii=False)
    found = {a['name'] for a in cast['accounts']} | {a['phone'] for a in cast['accounts']}
    for story in stories():
        for person in story.get('persons', []):
            found |= {person.get('name', ''), person.get('phone', ''), person.get('id_no', '')}
        for text in texts({k: v for k, v in story.items() if k in ('title', 'text', 'place', 'spot', 'steps')}):
            found |= {text[:12]} if re.search('[一-鿿]{4}', text[:12]) else set()
    # A name of two letters may stand in a place's name; what the pack or the territory says openly is no secret.
    return {s for s in found if len(s) > 2 and s not in public}


def dump(site):
    """Everything that an installation has stored, as bytes by name."""
    if site.uri:
        yield 'pg_dump', subprocess.run(['pg_dump', site.uri], capture_output=True, check=True).stdout
    for folder, _, files in os.walk(site.folder):
        for name in files:
            with open(os.path.join(folder, name), 'rb') as f:
                yield name, f.read()


def readable(stored):
    """What of these bytes is text, however it is written: as it is, as \\u escapes, or as hexadecimal digits."""
    runs = b'\n'.join(re.findall(rb'(?:[\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}){5,}|(?:[\xe4-\xe9][\x80-\xbf]{2}){2,}', stored))
    text = runs.decode('utf-8', 'replace')
    text += re.sub(r'\\u([0-9a-f]{4})', lambda m: chr(int(m.group(1), 16)), '\n'.join(re.findall(r'(?:\\u[0-9a-f]{4})+', text)))
    digits = re.findall(rb'(?:[0-9a-f]{2}){8,}', stored)
    return text + (readable(b'\n'.join(bytes.fromhex(d.decode()) for d in digits)) if digits else '')


def search(found, secret_texts, where):
    """Which of the secrets stand in these bytes."""
    for name, stored in where:
        text = readable(stored)
        found += [f'{secret!r} in {name}' for secret in secret_texts if secret in text]


def test_search_finds_what_is_there(run):
    """rows: G6"""
    for stored in (SENTENCE.encode(), b'\x00\xff' + NAME.encode() + b'\x80', json.dumps({'t': SENTENCE}).encode(),
                   b'\\\\x' + SENTENCE.encode().hex().encode(), PHONE.encode()):
        found = []
        search(found, {NAME, SENTENCE, PHONE}, [('here', stored)])
        same(len(found), 1, f'found in {stored!r}')


def test_nothing_stored_is_readable(run):
    """rows: G6 L5"""
    all_of_it = secrets()
    true(len(all_of_it) > 500, f'only {len(all_of_it)} secrets: the test looks at too little')
    found = []
    search(found, all_of_it, dump(run.template))
    same(found[:5], [], f'{len(found)} secrets found')


def test_nothing_written_while_serving_is_readable(run):
    """rows: G6 L5 R3"""
    village = run.village()
    person = {'role': 'subject', 'name': NAME, 'phone': PHONE, 'id_no': ID_NO}
    case, track, _ = village.report('difficulty', text=SENTENCE, title=SENTENCE[:10], persons=[person], place='老磨坊东边第三家')
    village.act(case, 'officer1', 'accept', note=SENTENCE)
    village.act(case, 'officer1', 'consult', whom='老支书' + NAME, question=SENTENCE, answer=SENTENCE)
    village.resident(track).post('/track/add', {'text': SENTENCE}).good()
    village.as_('officer1').post('/places', {'unit': GROUP, 'kind': 'house', 'name': '老磨坊东边的屋', 'operator': '老支书'}).good(201)
    village.as_('officer1').post('/households', {'unit': GROUP, 'address': '老磨坊东边第三家'}).good(201)
    village.as_('officer1').post('/activities', {'type': 'visit', 'unit': GROUP, 'at': '2026-06-01T09:00:00+08:00', 'title': SENTENCE[:10],
                                                 'text': SENTENCE}).good(201)
    told = [p for p in village.case(case)['persons'] if p['role'] == 'subject'][0]
    village.as_('officer1').post(f'/persons/{told["id"]}/reveal', {'purpose': '去看' + NAME}).good()
    words = {NAME, PHONE, ID_NO, SENTENCE[:10], '老磨坊东边', track, track.replace('-', ''), '老支书'}
    found = []
    search(found, words, dump(village.site))
    search(found, words, [('the log', village.server.log().encode())])
    same(found, [], 'found')


def test_masked_everywhere(run):
    """rows: L5 R3"""
    village = run.village()
    person = {'role': 'party', 'side': 1, 'name': NAME, 'phone': PHONE, 'id_no': ID_NO}
    case, track, _ = village.report('dispute', text='两家争一道墙', persons=[person])
    village.act(case, 'mediator1', 'accept')
    shown = village.case(case)['persons'][0]
    same((shown['name'], shown['phone']), ('欧**兰', '139****5678'), 'masked')
    paths = {login: [f'/cases/{case}', f'/cases/{case}/timeline', f'/cases/{case}/verbs', '/cases?limit=200', '/sync', '/notices',
                     f'/accounts?unit={HOST}', f'/figures?unit={HOST}', f'/figures/cases?unit={HOST}',
                     f'/activities?unit={HOST}&limit=200', f'/places?unit={HOST}']
             for login in ('officer1', 'steward1', 'mediator1', 'chair1')}
    paths['auditor1'] = [f'/journal?unit={HOST}&limit=200', '/access']
    paths['admin1'] = [f'/journal?unit={HOST}&limit=200']
    paths['leader1'] = [f'/cases/{case}', '/cases?limit=200']
    for login, asked in paths.items():
        for path in asked:
            text = village.as_(login).get(path).text
            for secret in (NAME, PHONE, ID_NO):
                true(secret not in text, f'{secret} for {login} in {path}')
    seen = village.resident(track).get('/track').text
    true(PHONE not in seen and NAME not in seen, 'personal data with the tracking code')
    # By name and telephone, exactly, and only for those who keep the registers.
    for q in (NAME, PHONE, '139-1234-5678'):
        items = village.as_('officer1').get('/persons?q=' + quote(q)).good()['items']
        true(items and NAME not in str(items) and PHONE not in str(items), f'found by {q}: {items}')
    same(village.as_('officer1').get('/persons?q=' + quote(NAME[:2])).good()['items'], [], 'found by half a name')
    same(village.as_('officer-b').get('/persons?q=' + quote(NAME)).good()['items'], [], 'found by the sibling committee')


def test_leader_sees_no_words(run):
    """rows: G5"""
    village = run.village()
    case, _, _ = village.report('dispute', text=SENTENCE, title=SENTENCE[:10])
    card = village.as_('leader1').get(f'/cases/{case}')
    true(SENTENCE[:6] not in card.text, 'the leader reads the words')
    same(card.good()['state'], 'reported', 'state')
    true(SENTENCE[:6] not in village.as_('leader1').get('/cases?limit=200').text, 'the leader reads the words in a list')


def test_reveal(run):
    """rows: G6 R7 L5"""
    village = run.village()
    person = {'role': 'contact', 'name': NAME, 'phone': PHONE}
    case, _, _ = village.report('request', text='路坏了', persons=[person])
    shown = village.case(case)['persons'][0]
    path = f'/persons/{shown["id"]}/reveal'
    before = village.site.verify()['access_lines']
    officer = village.as_('officer1')
    officer.post(path, {}).refused(422, 'missing', 'purpose')
    officer.post(path, {'purpose': '  '}).refused(422, 'missing', 'purpose')
    for login in ('officer-b', 'volunteer1', 'leader1', 'natres', 'admin1', 'auditor1', 'supervisor1'):
        village.as_(login).post(path, {'purpose': '看看'}).refused(404, 'not_found')
    same(village.site.verify()['access_lines'], before, 'lines after refusals')
    plain = officer.post(path, {'purpose': '打电话核实'}).good()
    same((plain['name'], plain['phone']), (NAME, PHONE), 'unmasked')
    after = village.site.verify()
    same((after['access_lines'], after['faults']), (before + 1, 0), 'access lines, faults')
    lines = village.as_('auditor1').get('/access').good()['items']
    same((lines[0]['login'], lines[0]['subject']), ('officer1', 'person'), 'what the auditor reads')
    # The office that it lies with may call the person, too.
    village.act(case, 'officer1', 'accept')
    village.act(case, 'officer1', 'refer', office=village.office('natres'), mode='refer', text='请看', consent={'given': True})
    same(village.as_('natres').post(path, {'purpose': '上门前联系'}).good()['phone'], PHONE, 'telephone for the office')


def test_auditor_reads_facts_without_words(run):
    """rows: G6"""
    village = run.village()
    case, _, said = village.report('request', text=SENTENCE, title=SENTENCE[:10])
    village.act(case, 'officer1', 'accept', note=SENTENCE)
    reply = village.as_('auditor1').get(f'/journal?unit={HOST}&limit=2')
    newest = reply.good()['items'][0]
    same((newest['login'], newest['verb'], newest['subject'], newest['n']), ('officer1', 'accept', 'case', 2), 'the newest entry')
    true(SENTENCE[:6] not in reply.text, 'words in the journal')
    seen, before = [], ''
    for _ in range(3):
        page = village.as_('auditor1').get(f'/journal?unit={HOST}&limit=2{before}').good()
        seen += [i['seq'] for i in page['items']]
        before = f'&before={page["before"]}'
    same(seen, sorted(set(seen), reverse=True), 'pages of the journal')
    same(len(seen), 6, 'entries on three pages')
    for login in ('officer1', 'leader1', 'supervisor1'):
        village.as_(login).get(f'/journal?unit={HOST}').refused(403, 'forbidden')
        village.as_(login).get('/access').refused(403, 'forbidden')
    village.as_('auditor1').do(case, 'progress', text='不该写').refused(404, 'not_found')


def test_many_reveals_at_once(run):
    """rows: G6"""
    village = run.village()
    person = {'role': 'contact', 'name': NAME, 'phone': PHONE}
    case, _, _ = village.report('request', text='路坏了', persons=[person])
    path = f'/persons/{village.case(case)["persons"][0]["id"]}/reveal'
    before = village.site.verify()['access_lines']
    answers = []

    def ask():
        client = village.server.client(token=run.token(village.site, 'officer1'))
        for _ in range(5):
            answers.append(client.post(path, {'purpose': '并发核实'}).status)
    threads = [threading.Thread(target=ask) for _ in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    same(set(answers), {200}, 'answers')
    after = village.site.verify()
    same((after['access_lines'], after['faults']), (before + 30, 0), 'access lines, faults')


def test_children_are_not_found_by_name(run):
    """rows: L9"""
    village = run.village()
    child = '司空小宝'
    village.report('difficulty', category='L0802', text='孩子没人照看', by=village.as_('child_director1'),
                   persons=[{'role': 'subject', 'name': child}])
    for login in ('steward1', 'secretary1', 'mediator1'):
        same(village.as_(login).get('/persons?q=' + quote(child)).good()['items'], [], f'found by {login}')


def test_no_reporter_for_the_party_reported(run):
    """rows: G19"""
    village = run.village()
    said = village.anyone().post('/cases', {'text': '邻家占道', 'unit': SIBLING, 'contact_phone': PHONE, 'anonymous': True}).good(201)
    true(PHONE not in str(said), 'the telephone comes back')
