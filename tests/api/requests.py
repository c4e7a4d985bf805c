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


CONSENT = {'given': True, 'how': '电话'}


def referred(village, office='townworks', **fields):
    case, resident = accepted(village, **fields)
    village.act(case, 'officer1', 'refer', office=village.office(office), mode='refer', text='请处理', consent=CONSENT)
    return case, resident


def inbox(village, login):
    return [c['id'] for c in village.as_(login).get('/cases?view=office&limit=200').good()['items']]


def test_who_gets_it_and_why(run):
    """rows: R3. The rules of the pack say which office gets a matter, the nearest of its kind, and why; a gap is shown as one."""
    village = run.village()

    def rule(category='', unit=GROUP, kind='request'):
        return village.as_('officer1').get(f'/offices/rule?unit={unit}&kind={kind}&category={category}').good()

    power = rule('R0502')
    same((power['from'], [(o['code'], o['leads'], o['office']['name']) for o in power['items']]), ('category', [('power', True, '正午供电所')]))
    true('停电电压' in power['why'], power['why'])
    several = rule('R0202')
    same(several['from'], 'category')
    farming = rule('R0106')
    same((farming['from'], farming['items'][0]['code']), ('parent', 'agri'))
    same([(o['code'], o['office'] and o['office']['name'][-4:]) for o in rule('R9901')['items']], [('center', '综治中心')])
    same(rule('H0401', kind='hazard')['items'][1]['leads'], False)
    village.as_('officer1').get(f'/offices/rule?unit={GROUP}&category=Z9').refused(422, 'not_a_choice', 'category')


def test_several_offices_handle_it(run):
    """rows: R3. Several offices: the first leads and answers, the others find it in their own list and report to it; it is settled once all have."""
    village = run.village()
    case, resident = referred(village, text='路口塌了，电杆也斜')
    village.act(case, 'townworks', 'accept')
    village.as_('officer1').do(case, 'join_office', office=village.office('power'), text='电杆请你们看', consent=CONSENT).good()
    village.as_('officer1').do(case, 'join_office', office=village.office('power'), text='再说一遍', consent=CONSENT).refused(422, 'not_allowed_here', 'office')
    true(case in inbox(village, 'power'), 'in the other office\'s list')
    true('report_back' in village.verbs(case, 'power') and 'send_back' not in village.verbs(case, 'power'), 'it reports, and sends nothing back')
    village.as_('officer1').do(case, 'settle', outcome='DONE', result='修好了').refused(409, 'not_open')
    same([(r['office'], r['joint']) for r in village.case(case)['referrals']], [('正午镇环卫公用服务站', False), ('正午供电所', True)])
    village.act(case, 'power', 'report_back', text='电杆扶正了')
    true(case not in inbox(village, 'power'), 'done with')
    village.act(case, 'officer1', 'settle', outcome='DONE', result='路口和电杆都修好了')
    same(resident.get('/track').good()['result'], '路口和电杆都修好了')


def test_materials_go_along(run):
    """rows: R3. Where the pack asks for materials, a referral without them is refused at the field; with them they stand in the step."""
    village = run.village()
    case, _ = accepted(village, text='想翻建三间平房', category='R0701')
    to = {'office': village.office('natres'), 'mode': 'refer', 'text': '请办', 'consent': CONSENT}
    village.as_('officer1').do(case, 'refer', **to).refused(422, 'missing', 'materials')
    village.act(case, 'officer1', 'refer', **to, materials='四至照片四张、邻居意见一份')
    true('四至照片四张、邻居意见一份' in step(village, case, 'refer')['facts'].values(), 'what goes along')


def test_sent_back_twice_goes_up(run):
    """rows: R3. An office sends back with a reason; the second time it goes up to the centre by itself, and nothing sits unowned."""
    village = run.village()
    case, _ = referred(village, office='townworks', text='桥栏杆断了')
    village.as_('townworks').do(case, 'send_back').refused(422, 'missing', 'reason')
    village.act(case, 'townworks', 'send_back', reason='县道的桥，不归我们')
    same(village.case(case)['holder']['type'], 'account', 'back with who received it first')
    village.act(case, 'officer1', 'refer', office=village.office('traffic'), mode='refer', text='请看', consent=CONSENT)
    village.act(case, 'traffic', 'send_back', reason='栏杆归建设单位')
    page = village.case(case, 'center')
    same((page['level'], page['bounced']), ('town', 2))
    true(case in inbox(village, 'center'), 'with the centre')
    true('accept' in village.verbs(case, 'center'), 'to be signed for')


def test_an_office_objects_in_its_days(run):
    """rows: R3. After its days to object an office can't send back any more."""
    village = run.village()
    case, _, _ = village.report('request', text='老井塌了', happened_at='2026-11-02T08:00:00+08:00')
    village.act(case, 'officer1', 'accept', happened_at='2026-11-02T09:00:00+08:00')
    village.act(case, 'officer1', 'refer', office=village.office('townworks'), mode='refer', text='请看', consent=CONSENT, happened_at='2026-11-02T10:00:00+08:00')
    late = village.as_('townworks').do(case, 'send_back', reason='不归我们').refused(409, 'too_late', 'verb')
    true('2026-11-09' in late['title'] + late.get('detail', ''), 'says until when')


def test_the_resident_is_asked(run):
    """rows: R3. The resident is asked something: the promises wait, and go on when they answer."""
    village = run.village()
    case, resident = accepted(village, text='想给老人办个证')
    village.act(case, 'officer1', 'ask', text='老人的残疾证到期了吗？', told_how='电话')
    page = resident.get('/track').good()
    same((page['promises']['settle']['state'], [s['text'] for s in page['steps']][-1]), ('paused', '老人的残疾证到期了吗？'))
    village.act(case, 'officer1', 'add', text='找到了旧证')
    same(resident.get('/track').good()['promises']['settle']['state'], 'paused', 'staff\'s own word is no answer')
    resident.post('/track/add', {'text': '还有一年'}).good()
    same(resident.get('/track').good()['promises']['settle']['state'], 'running')
    village.act(case, 'officer1', 'pause', reason='等材料')
    resident.post('/track/add', {'text': '补一句'}).good()
    same(resident.get('/track').good()['promises']['settle']['state'], 'paused', 'a pause for another reason goes on')
