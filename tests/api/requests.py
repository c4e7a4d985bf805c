"""Requests in depth: consultation, offices, judgement, joining, rounds, proofs, subsidies, paper forms (R1–R8)."""
from client import same, true
from registers import act
from village import GROUP, HOST, Village, eventually


def fresh(run, name):
    return Village(run.template.copy(name).serve())


def step(village, case, verb, by='officer1'):
    found = [s for s in village.case(case, by)['timeline'] if s['verb'] == verb]
    true(found, f'{verb} is on the case')
    return {**found[-1], 'facts': {f['label']: f['value'] for f in found[-1]['facts']}}


def accepted(village, **fields):
    case, track, _ = village.report('request', **fields)
    village.act(case, 'officer1', 'accept')
    return case, village.resident(track)


def test_somebody_who_knows_is_asked(run):
    """rows: R2. A question goes to somebody who knows; question, answer and times are on the case; who is asked need not see the case."""
    village = run.village()
    case, resident = accepted(village, text='合作医疗断缴一年能补吗', bypass_village=False)
    natres = village.account('natres')
    village.as_('officer1').do(case, 'consult', question='能补吗').refused(422, 'missing', 'whom')
    village.act(case, 'officer1', 'consult', account=natres, question='断缴一年能补吗')
    asked = village.as_('natres').get(f'/registers/consults?unit={HOST}&mine=true').good()['items']
    same([(r['title'], r['case']) for r in asked][:1], [('断缴一年能补吗', None)], 'the question alone')
    same(village.as_('natres').get(f'/cases/{case}').status, 404)
    eventually(lambda: any('请教您' in n['text'] for n in village.as_('natres').get('/notices').good()['items']), True, 'told')
    row = asked[0]
    act(village, row, 'steward1', 'answer', answer='不知道').refused(404, 'not_found')
    act(village, row, 'natres', 'answer', answer='能补，交两年的').good()
    said = step(village, case, 'answer_consult')
    same((said['text'], said['facts']['问了什么']), ('能补，交两年的', '断缴一年能补吗'))
    act(village, row, 'natres', 'answer', answer='再说一遍').refused(409, 'not_open')
    true(all(s['verb'] != 'answer_consult' for s in resident.get('/track').good()['steps']), 'inside')
    same(resident.get('/track').good()['promises']['reply']['state'], 'running', 'asking is no reply')


def test_asked_by_telephone_and_answered_on_the_spot(run):
    """rows: R2. Somebody without an account is asked by telephone; what they said is passed on at once and is the reply; who asked writes it down."""
    village = run.village()
    case, resident = accepted(village, text='打药机哪里借')
    village.as_('officer1').do(case, 'consult', whom='农技站老周', question='哪里借', resident_told='明早来拿').refused(422, 'missing', 'answer')
    village.act(case, 'officer1', 'consult', whom='农技站老周', question='哪里借', answer='站里有两台', resident_told='站里有两台，明早来拿', told_how='电话')
    page = resident.get('/track').good()
    same(page['promises']['reply']['state'], 'done', 'the promise of a reply')
    same([s['text'] for s in page['steps'] if s['verb'] == 'consult'], ['站里有两台，明早来拿'])
    true('老周' not in str(page['steps']), 'whom was asked stays inside')
    other, _ = accepted(village, text='打药机多少钱一天')
    village.act(other, 'officer1', 'consult', whom='农技站老周', question='多少钱')
    row = village.as_('officer1').get(f'/registers/consults?unit={GROUP}&case={other}').good()['items'][0]
    act(village, row, 'officer1', 'answer', answer='不要钱').good()
    same(step(village, other, 'answer_consult')['facts']['请教了谁'], '农技站老周')
