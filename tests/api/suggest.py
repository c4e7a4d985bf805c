"""Suggestions through the door their users take: categories with reasons, what may be the same matter, whom that shows to, and that nothing is kept."""
import csv
import gzip
import json
import os
import subprocess

from client import same, true
from privacy import DEMO, stories
from search import stored
from village import GROUP, HOST, SIBLING, TOWN, Village, eventually

WORDS = '老油坊西墙根的暗渠塌了一截，雨水漫进张家灶屋'
AGAIN = '西墙根暗渠又塌了，水往张家灶屋里灌，老油坊那边'
REAL = os.path.join(os.path.dirname(DEMO), 'tests', 'data', 'requests', 'boston311-2011.csv.gz')


def ask(village, login, text, unit=GROUP, **more):
    return village.as_(login).post('/suggest', {'text': text, 'unit': unit, **more}).good()


def first(village, login, text, **more):
    found = ask(village, login, text, **more)['categories']
    return found[0]['category'] if found else ''


def twins(village, login, text, **more):
    return {d['case']['id']: [b['reason'] for b in d['because']] for d in ask(village, login, text, **more)['duplicates']}


def test_categories_with_reasons(run):
    """rows: G10"""
    village = run.village()
    for text, kind, category in (
            ('隔壁翻盖房子，屋檐的水直往我家院里滴，两家吵起来了', 'dispute', 'D0102'),
            ('尊敬的领导您好！我是前吴寨的居民，想请问一下，村口的路灯坏了好几天不亮，晚上出门很不方便，恳请尽快解决，谢谢！', 'request', 'R0602'),
            ('塘埂上不知道谁倒了一堆垃圾，夏天臭得很', 'environment', 'E0101'),
            ('楼道里有人拉电线下来给电动车充电，怕着火', 'hazard', 'H0402'),
            ('老人一个人在家没人做饭，想找个助餐的', 'difficulty', 'L0601')):
        found = ask(village, 'officer1', text)['categories']
        true(category in [c['category'] for c in found], f'{category} is not among {[(c["category"], c["because"]) for c in found]} for {text}')
        same([c['kind'] for c in found if c['category'] == category], [kind], 'its kind')
        for c in found:
            true(0 < c['share'] <= 1 and len(c['because']) > 0, f'{c} says why')
            same([w for w in c['because'] if w not in text], [], 'reasons are words of what was told')
        same([c['share'] for c in found], sorted((c['share'] for c in found), reverse=True), 'the likeliest first')
        true(all(c['kind'] == 'request' for c in ask(village, 'officer1', text, kind='request')['categories']), 'narrowed to a kind')
    same(ask(village, 'officer1', '嗯')['categories'], [], 'too little to say anything')


def test_cases_teach_and_corrections_move(run):
    """rows: G10"""
    village = run.village()
    text = '夯土戏台的飞檐掉了三片筒瓦'
    made = [village.report('environment', category='E0702', text=text, by=village.as_('officer1'))[0] for _ in range(3)]
    eventually(lambda: first(village, 'officer1', text), 'E0702', 'learned')
    for case in made:
        village.act(case, 'officer1', 'correct', reason='归错了', kind='hazard', category='H1102')
    eventually(lambda: first(village, 'officer1', text), 'H1102', 'moved by the corrections')
    # What residents report without a category teaches nothing.
    for _ in range(3):
        village.report('request', text='扎染布晾在秋千架上')
    eventually(lambda: first(village, 'officer1', text), 'H1102', 'still')
    true(first(village, 'officer1', '扎染布晾在秋千架上') != 'R9901', 'the fallback is offered')


def test_the_same_matter(run):
    """rows: G10 G1"""
    village = run.village()
    person = {'role': 'party', 'side': 1, 'name': '单玉桂', 'phone': '13787654321'}
    case, _, _ = village.report('dispute', text=WORDS, place='老油坊', persons=[person], by=village.as_('officer1'))
    eventually(lambda: case in twins(village, 'officer1', AGAIN), True, 'found by its words')
    same(twins(village, 'officer1', AGAIN)[case], ['words'], 'why')
    same(twins(village, 'officer1', AGAIN, place='老油坊')[case], ['place', 'words'], 'the same place')
    same(twins(village, 'officer1', AGAIN, persons=[person])[case], ['person', 'words'], 'the same person')
    true(case not in twins(village, 'officer1', '合作医疗怎么报销'), 'found by other words')
    for login in ('steward1', 'chair1', 'mediator1', 'center'):
        true(case in twins(village, login, AGAIN), f'{login} does not find it')
    # Who may not read it does not find it: the neighbour can't even ask here; nothing of it shows in the neighbour's own committee.
    for login in ('officer-b', 'natres'):
        true(case not in twins(village, login, AGAIN, unit=SIBLING), f'{login} finds it')
    true(case not in twins(village, 'center', AGAIN, unit=SIBLING), 'found in another committee')
    village.as_('officer-b').post('/suggest', {'text': AGAIN, 'unit': HOST}).refused(404, 'not_found', 'unit')
    village.as_('leader1').post('/suggest', {'text': AGAIN, 'unit': HOST}).refused(403, 'forbidden')
    village.anyone().post('/suggest', {'text': AGAIN, 'unit': HOST}).refused(401, 'sign_in')
    village.act(case, 'officer1', 'accept')
    village.as_('officer1').do(case, 'recuse', reason='我亲戚').good()
    true(case not in twins(village, 'officer1', AGAIN, persons=[person]), 'found by who recused themselves')
    child = {'role': 'subject', 'name': '司空小满', 'phone': '13711112222'}
    hidden, _, _ = village.report('difficulty', category='L0802', text='孩子一个人在磨坊后头住', by=village.as_('child_director1'), persons=[child])
    eventually(lambda: hidden in twins(village, 'child_director1', '磨坊后头孩子一个人住'), True, 'found by the director')
    for login in ('steward1', 'mediator1', 'center'):
        true(hidden not in twins(village, login, '磨坊后头孩子一个人住', persons=[child]), f'{login} finds a child')


def test_the_unnamed_stay_unnamed(run):
    """rows: G10 G6"""
    village = run.village()
    person = {'role': 'reporter', 'name': '百里长庚', 'phone': '13722223333'}
    case, _, _ = village.report('environment', category='E0101', text='晒谷场边上堆了半车砻糠', anonymous=True, persons=[person], by=village.as_('officer1'))
    eventually(lambda: case in twins(village, 'officer1', '晒谷场边上堆了半车砻糠'), True, 'found by its words')
    same(twins(village, 'officer1', '晒谷场边上堆了半车砻糠', persons=[person])[case], ['words'], 'the reporter is not recognised')


def test_nothing_is_kept(run):
    """rows: G10 G6"""
    village = run.village()
    text = '鸬鹚湾的拴马桩被拖拉机碰歪了'
    def entries():
        return village.as_('auditor1').get(f'/journal?unit={HOST}').good()['items'][0]['seq'], len(village.as_('auditor1').get('/access').good()['items'])
    before = entries()
    for _ in range(3):
        same(ask(village, 'officer1', text)['duplicates'], [], 'asked before')
    same(entries(), before, 'journal and access journal')
    true('鸬鹚'.encode() not in stored(village.site), 'words in what is stored')
    for name in os.listdir(village.site.folder):
        path = os.path.join(village.site.folder, name)
        if os.path.isfile(path):
            true('鸬鹚'.encode() not in open(path, 'rb').read(), f'words in {name}')


def test_rebuild_says_the_same(run):
    """rows: G10"""
    village = Village(run.template.copy('suggest-again').serve())
    texts = [s['text'] for s in stories() if 'kind' in s and s.get('text')][::17]
    def all_of(where):
        return [[(c['category'], c['share'], c['because']) for c in ask(where, 'officer1', t)['categories']] for t in texts]
    before = all_of(village)
    true(sum(map(bool, before)) > len(texts) // 2, 'most texts say something')
    village.server.stop()
    village.site.cli('rebuild')
    again = Village(village.site.serve())
    same(all_of(again), before, 'after a rebuild')
    same(ask(again, 'officer1', WORDS)['complete'], True, 'complete')
    again.server.stop()


def test_bad_input(run):
    """rows: G10"""
    officer = run.village().as_('officer1')
    officer.post('/suggest', {'unit': HOST}).refused(422, 'missing', 'text')
    officer.post('/suggest', {'text': '路灯'}).refused(422, 'missing', 'unit')
    officer.post('/suggest', {'text': '路灯', 'unit': '999999999999'}).refused(404, 'not_found', 'unit')
    officer.post('/suggest', {'text': '路灯', 'unit': TOWN}).refused(404, 'not_found', 'unit')
    run.village().as_('center').post('/suggest', {'text': '路灯', 'unit': TOWN}).refused(422, 'not_allowed_here', 'unit')
    officer.post('/suggest', {'text': '路灯', 'unit': HOST, 'kind': 'talk'}).refused(422, 'not_a_choice', 'kind')
    officer.post('/suggest', {'text': '路灯', 'unit': HOST, 'colour': 'red'}).refused(422, 'unknown_field', 'colour')
    officer.post('/suggest', {'text': '字' * 4001, 'unit': HOST}).refused(422, 'too_long', 'text')
    officer.post('/suggest', {'text': '路灯坏了' * 900, 'title': '，。！', 'place': '"; drop table', 'unit': HOST}).good()


def measured(run, folder, rows, *flags, names=('class', 'title', 'text')):
    path = os.path.join(folder, f'learn-{len(rows)}.csv')
    with open(path, 'w', newline='', encoding='utf-8') as f:
        csv.writer(f).writerows([names, *rows])
    done = subprocess.run([run.binary, 'suggest', '--train', path, '--title', 'title', '--text', 'text', '--class', 'class', '--json', *flags],
                          capture_output=True, text=True, check=False)
    same((done.returncode, done.stderr), (0, ''), 'the command')
    return json.loads(done.stdout)


def test_better_than_the_most_frequent(run):
    """A coarse guard; the numbers are in docs/performance.md. rows: G10"""
    folder = run.template.folder
    told = [(s['category'], s.get('title', ''), s.get('text', '')) for s in stories() if 'kind' in s and 'category' in s]
    got = measured(run, folder, told, '--pack')
    true(got['top3'] > 0.45 and got['kind_top1'] > 0.6 and got['majority_top3'] < 0.1, f'the demo: {got}')
    with gzip.open(REAL, 'rt', encoding='utf-8') as f:
        real = [(r['type'], r['case_title'], r['location']) for r in csv.DictReader(f)][:6000]
    got = measured(run, folder, real[::2])
    true(got['top1'] > 0.85 and got['majority_top1'] < 0.4, f'real requests: {got}')
    done = subprocess.run([run.binary, 'suggest', '--train', REAL, '--text', 'no such', '--class', 'type'], capture_output=True, text=True, check=False)
    same((done.returncode, done.stdout), (1, ''), 'a column that is not there')
    true('no such' in done.stderr, done.stderr)
