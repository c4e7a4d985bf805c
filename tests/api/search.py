"""Full search through the door its users take: what finds what, whom it shows to, and that what is stored for it holds no words."""
import glob
import json
import os
import re
import subprocess

from client import same, true
from privacy import DEMO, stories, texts
from village import GROUP, HOST, SIBLING, TOWN, Village, eventually, quote

WORDS = '老油坊西墙根的暗渠塌了一截，雨水漫进张家灶屋'
PERSON = {'role': 'party', 'side': 1, 'name': '单玉桂', 'phone': '13787654321'}


def ask(village, login, q, **more):
    extra = ''.join(f'&{name}={quote(str(value))}' for name, value in more.items())
    return village.as_(login).get(f'/search?q={quote(q)}{extra}').good()


def found(village, login, q, **more):
    """The ids of the cases that a query finds."""
    return [hit['case']['id'] for hit in ask(village, login, q, **more)['items'] if hit['type'] == 'case']


def tell(village, **fields):
    """A dispute that the index has followed."""
    case, track, _ = village.report('dispute', text=WORDS, persons=[PERSON], by=village.as_('officer1'), **fields)
    eventually(lambda: case in found(village, 'officer1', '暗渠塌了'), True, 'found by its words')
    return case, track


def test_everything_finds_it(run):
    """rows: G9"""
    village = run.village()
    case, track = tell(village)
    number = village.case(case)['number']
    for q in ('暗渠', '暗渠 灶屋', '油坊西牆', '雨水漫進張家', number, number.lower(), track, '单玉桂', '單玉桂', 'syg', 'SYG', '13787654321',
              '137 8765 4321', '+86 137-8765-4321'):
        true(case in found(village, 'officer1', q), f'not found by {q}')
    for q in ('暗沟', '渠暗', '暗渠 暗沟', '1378765432', 'dyg'):
        true(case not in found(village, 'officer1', q), f'found by {q}')
    village.act(case, 'officer1', 'accept')
    village.act(case, 'officer1', 'progress', text='请了泥瓦匠明早来砌')
    eventually(lambda: case in found(village, 'officer1', '泥瓦匠'), True, 'found by what was said later')
    # Newest first, each once, page by page.
    whole = found(village, 'officer1', '吴寨', kind='dispute', limit=100)
    same(len(whole), len(set(whole)), 'cases found twice')
    pages, cursor = [], None
    while cursor is not None or not pages:
        page = ask(village, 'officer1', '吴寨', kind='dispute', limit=7, **({'cursor': cursor} if cursor else {}))
        pages += [hit['case']['id'] for hit in page['items']]
        cursor = page['next']
    same(pages[:len(whole)], whole, 'pages')


def test_hits_are_masked_and_marked(run):
    """rows: G9 L5"""
    village = run.village()
    case, _ = tell(village)
    for q in ('单玉桂', 'syg', '13787654321'):
        answer = village.as_('officer1').get('/search?q=' + quote(q))
        true('单玉桂' not in answer.text and '13787654321' not in answer.text, f'a name or telephone in the answer to {q}')
        true({'case', 'person'} <= {hit['type'] for hit in answer.good()['items']}, f'{q} finds case and person')
    hit = next(h for h in ask(village, 'officer1', '雨水漫進')['items'] if h['type'] == 'case' and h['case']['id'] == case)
    same([p['text'] for p in hit['snippet'] if p['hit']], ['雨水漫进'], 'marked')
    same(''.join(p['text'] for p in hit['snippet']), WORDS, 'the snippet')


def test_places_and_activities(run):
    """rows: G9"""
    village = run.village()
    village.as_('officer1').post('/places', {'unit': GROUP, 'kind': 'house', 'name': '榨油作坊', 'address': '乌桕树下'}).good(201)
    village.as_('officer1').post('/activities', {'type': 'visit', 'unit': GROUP, 'at': '2026-06-01T09:00:00+08:00', 'title': '看望乌桕树下三户'}).good(201)
    eventually(lambda: sorted(h['type'] for h in ask(village, 'officer1', '乌桕')['items']), ['activity', 'place'], 'place and activity')
    same([h['type'] for h in ask(village, 'officer1', '烏桕', kind='place')['items']], ['place'], 'narrowed to places')
    same(ask(village, 'officer-b', '乌桕')['items'], [], 'found by the sibling committee')


def test_scope(run):
    """rows: G9 G1"""
    village = run.village()
    case, track = tell(village)
    number = village.case(case)['number']
    for login in ('officer1', 'chair1', 'mediator1', 'elder1', 'center'):
        true(case in found(village, login, '暗渠'), f'{login} does not find it')
    for login in ('officer-b', 'steward-b', 'volunteer1', 'natres', 'leader1', 'supervisor1', 'admin1', 'auditor1'):
        for q in ('暗渠', '单玉桂', 'syg', '13787654321'):
            same(ask(village, login, q)['items'], [], f'{login} finds by {q}')
    for login in ('officer-b', 'volunteer1', 'natres', 'admin1', 'auditor1'):
        for q in (number, track):
            same(ask(village, login, q)['items'], [], f'{login} finds {q}')
    # Leaders see where it stands: its number finds the card, without words.
    card = ask(village, 'leader1', number)['items']
    same([h['case']['id'] for h in card], [case], 'the leader finds the number')
    true('暗渠' not in json.dumps(card, ensure_ascii=False), 'the leader reads the words')
    same(found(village, 'center', '暗渠', unit=SIBLING), [], 'narrowed to the sibling')
    same(case in found(village, 'center', '暗渠', unit=TOWN), True, 'narrowed to the town')
    # With the power office it is found by the power office.
    village.act(case, 'officer1', 'accept')
    village.act(case, 'officer1', 'refer', office=village.office('natres'), mode='refer', text='请看',
                consent={'given': True, 'how': '电话'})
    eventually(lambda: case in found(village, 'natres', '暗渠'), True, 'the office finds what it was given')
    for q in ('暗渠', number):
        same(case in found(village, 'officer1', q), True, f'before the recusal, by {q}')
    village.as_('officer1').do(case, 'recuse', reason='我亲戚').good()
    for q in ('暗渠', '单玉桂', number, track):
        same(case in found(village, 'officer1', q), False, f'recused, by {q}')
    same(case in found(village, 'chair1', '暗渠'), True, 'the chair finds it still')


def test_children(run):
    """rows: L9 G9"""
    village = run.village()
    child = {'role': 'subject', 'name': '司空小满', 'phone': '13711112222'}
    case, _, _ = village.report('difficulty', category='L0802', text='孩子一个人在磨坊后头住', by=village.as_('child_director1'), persons=[child])
    eventually(lambda: found(village, 'child_director1', '磨坊后头'), [case], 'found by the director')
    number = village.case(case, by='child_director1')['number']
    for login in ('steward1', 'elder1', 'mediator1', 'center', 'leader1', 'supervisor1', 'volunteer1'):
        for q in ('磨坊后头', '司空小满', 'skxm', '13711112222', number):
            same(ask(village, login, q)['items'], [], f'{login} finds by {q}')


def test_bad_input(run):
    """rows: G9"""
    village = run.village()
    officer = village.as_('officer1')
    officer.get('/search').refused(422, 'missing', 'q')
    officer.get('/search?q=%20').refused(422, 'missing', 'q')
    for q in ('吴', '。', 'a', '3号'):
        officer.get('/search?q=' + quote(q)).refused(422, 'too_short', 'q')
    officer.get('/search?q=' + quote(61 * '字')).refused(422, 'too_long', 'q')
    officer.get('/search?q=%ff%fe').refused(400, 'wrong_encoding')
    officer.get('/search?q=' + quote('水沟') + '&kind=quarrel').refused(422, 'not_a_choice', 'kind')
    officer.get('/search?q=' + quote('水沟') + '&kind=talk').refused(422, 'not_a_choice', 'kind')
    officer.get('/search?q=' + quote('水沟') + '&cursor=x').refused(400, 'malformed', 'cursor')
    officer.get('/search?q=' + quote('水沟') + '&cursor=-5').refused(400, 'malformed', 'cursor')
    officer.get('/search?q=' + quote('水沟') + '&unit=999999999999').refused(404, 'not_found', 'unit')
    officer.get('/search?q=' + quote('水沟') + '&limit=0').refused(422, 'out_of_range', 'limit')
    for lang, words in (('zh-CN', '太短'), ('zh-Hant', '太短'), ('en', 'too short')):
        title = officer.get(f'/search?q=x&lang={lang}').refused(422, 'too_short', 'q')['title']
        true(words in title, f'{lang}: {title}')
    # What the engines take for syntax is text like any other.
    for q in ('水沟" OR "', "水沟' or 1=1 --", '水沟 AND NOT', 'NEAR(水沟)', '水沟*', '{水沟}', '水沟\\'):
        officer.get('/search?q=' + quote(q)).good()


def hits(village, q):
    """What a query finds and why; where it stands may change meanwhile."""
    return [(hit['type'], hit[hit['type']]['id'], ''.join(p['text'] for p in hit['snippet'])) for hit in ask(village, 'officer1', q, limit=100)['items']]


def test_rebuild_finds_the_same(run):
    """rows: G9"""
    village = Village(run.template.copy('search-again').serve())
    queries = ('水沟', '吴寨', '供电', '2024-0037', 'wds', '喇叭')
    before = {q: hits(village, q) for q in queries}
    true(all(before.values()), 'every query finds something')
    village.server.stop()
    village.site.cli('rebuild')
    again = Village(village.site.serve())
    for q in queries:
        true(hits(again, q) == before[q], f'{q} finds other things after a rebuild')
    same(ask(again, 'officer1', '水沟')['complete'], True, 'complete')
    again.server.stop()


def stored(site):
    """All that is kept for search."""
    if site.uri:
        return subprocess.run(['pg_dump', '--schema=derived', site.uri], capture_output=True, check=True).stdout
    return b''.join(open(path, 'rb').read() for path in glob.glob(os.path.join(site.folder, 'derived.db*')))


def test_the_index_holds_no_words(run):
    """rows: G6 G9"""
    kept = stored(run.template)
    documents = kept.count(b'\n3298534') if run.postgres else kept.count(b'search_doc')
    true(documents > 0, 'there is no index to look at')
    pairs, names = set(), set()
    for story in stories():
        for text in texts({k: v for k, v in story.items() if k in ('title', 'text', 'place', 'steps')}):
            for runs in re.findall('[一-鿿]{2,}', text):
                pairs |= {runs[i:i + 2] for i in range(len(runs) - 1)}
        for person in story.get('persons', []):
            names |= {person.get('name', ''), person.get('phone', ''), person.get('id_no', '')}
    true(len(pairs) > 3000, f'only {len(pairs)} pairs: the test looks at too little')
    there = [word for word in pairs | {n for n in names if n} if word.encode() in kept]
    same(there, [], 'words of the demo in what is stored for search')
    true(os.path.isdir(DEMO), 'the demo')
