"""Requests in depth: consultation, offices, judgement, joining, rounds, proofs, subsidies, paper forms (R1–R8)."""
import re
from urllib.parse import quote

from client import same, true
from papers import text_of
from registers import act
from village import GROUP, HOST, OTHER_GROUP, Village, eventually


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


def settled(village, by='officer1', **fields):
    case, resident = accepted(village, **fields)
    village.act(case, by, 'settle', outcome='DONE', result='办好了，已告知本人', told_how='当面', told_whom='老伴')
    return case, resident


def booked(village, case, by='chair1'):
    return village.as_(by).get(f'/registers/calls?unit={GROUP}&case={case}&state=all').good()['items']


def test_judged_by_telephone(run):
    """rows: R4. Somebody else than the handler calls from a sheet; three taps are the judgement, with who said it and how."""
    village = run.village()
    case, _ = settled(village, text='桥面坑', persons=[{'role': 'reporter', 'name': '方阿三', 'phone': '13900004321'}])
    mine = [c['id'] for c in village.as_('officer1').get(f'/calls?unit={HOST}').good()['items']]
    true(case not in mine, 'not through the one who handled it')
    sheet = {c['id']: c for c in village.as_('chair1').get(f'/calls?unit={HOST}').good()['items']}
    same((sheet[case]['person']['name'], sheet[case]['person']['phone']), ('方*三', '139****4321'), 'masked on the screen')
    true('老伴' in step(village, case, 'settle')['facts'].values(), 'who was told')
    village.as_('chair1').get(f'/calls/paper?unit={HOST}').refused(422, 'missing', 'purpose')
    paper = village.as_('chair1').get(f'/calls/paper?unit={HOST}&purpose=%E5%9B%9E%E8%AE%BF')
    true(paper.status == 200 and paper.body.startswith(b'%PDF'), 'the sheet')
    seen = village.as_('auditor1').get('/access').good()['items']
    true(any((line['login'], line['subject']) == ('chair1', 'person') for line in seen), 'whose numbers were read is written down')
    village.act(case, 'chair1', 'judge', resolved='yes', satisfied='yes', **{'for': {'name': '本人', 'how': '电话'}})
    true(case not in [c['id'] for c in village.as_('chair1').get(f'/calls?unit={HOST}').good()['items']], 'done')
    same(booked(village, case), [], 'content: no call')


def test_unhappy_opens_it_again_or_is_called(run):
    """rows: R4. "Not resolved" opens the case again; resolved and unhappy, or who asks for it, is called by somebody else."""
    village = run.village()
    case, resident = settled(village, text='沟里有水')
    resident.post('/track/judge', {'resolved': 'no', 'satisfied': 'no', 'text': '水还在'}).good()
    same((village.case(case)['state'], booked(village, case)), ('working', []))
    unhappy, resident = settled(village, text='灯修了三回')
    resident.post('/track/judge', {'resolved': 'yes', 'satisfied': 'no', 'text': '拖太久了'}).good()
    row = booked(village, unhappy)[0]
    same((row['title'], row['state'], row['case']['id']), ('拖太久了', 'booked', unhappy))
    act(village, row, 'officer1', 'called', result='说过了').refused(403, 'forbidden')
    act(village, row, 'chair1', 'called', result='上门赔了不是，消了气').good()
    glad, resident = settled(village, text='路铺了')
    resident.post('/track/judge', {'resolved': 'yes', 'satisfied': 'yes', 'call_me': True}).good()
    same([r['title'] for r in booked(village, glad)], ['请给我回个电话'])


def test_a_slip_in_large_type(run):
    """rows: R4 R5. The slip says by when and who; the code stands on it only for who has it in hand."""
    village = run.village()
    case, track, _ = village.report('request', text='水表转得快')
    slip = village.as_('steward1').post('/slips', {'case': case, 'track': track})
    true(slip.status == 200 and slip.body.startswith(b'%PDF'), 'the slip')
    true(village.as_('steward1').post('/slips', {'case': case}).status == 200, 'without the code')
    other = village.report('request', text='别的事')[1]
    village.as_('steward1').post('/slips', {'case': case, 'track': other}).refused(404, 'not_found', 'track')
    village.as_('steward-b').post('/slips', {'case': case}).refused(404, 'not_found', 'case')


SPRAY = {'text': '我家也要打药', 'unit': GROUP}


def test_forty_join_and_all_are_answered(run):
    """rows: R6. Forty others want the same: each has a code of their own; one answer reaches all, each may judge, and one "no" opens it again."""
    village = fresh(run, 'forty')
    case, first, said = village.report('request', category='R0101', text='麦田要统一打药')
    number = said['number']
    others = [village.anyone().post('/cases', {**SPRAY, 'me_too': number, 'persons': [{'role': 'reporter', 'name': f'户主{n}', 'phone': f'139{n:08d}'}]}).good(201)
              for n in range(39)]
    spoken = village.as_('steward1').post('/cases', {**SPRAY, 'me_too': number, 'text': '老李托我说一声'}).good(201)
    tracks = [o['track'] for o in others] + [spoken['track']]
    same(len({*tracks, first}), 41, 'codes')
    same((others[0]['state'], len(village.case(case)['links'])), ('merged', 40))
    listed = {c['number']: c for c in village.anyone().get(f'/joinable?unit={GROUP}').good()['items']}
    same((listed[number]['others'], listed[number]['category_label']), (40, '统防统治打药'))
    true('一喷三防' in listed[number]['about'], listed[number]['about'])
    village.act(case, 'officer1', 'accept')
    village.act(case, 'officer1', 'reply', text='周六早上六点，飞防队从东头起')
    village.act(case, 'officer1', 'settle', outcome='DONE', result='八百亩都打完了')
    pages = [village.resident(t).get('/track').good() for t in tracks]
    same({p['result'] for p in pages}, {'八百亩都打完了'})
    true(all('周六早上六点，飞防队从东头起' in [s['text'] for s in p['steps']] for p in pages), 'and the reply')
    true(all('judge' in [v['verb'] for v in p['verbs']] for p in pages), 'each may judge')
    village.resident(tracks[0]).post('/track/judge', {'resolved': 'yes', 'satisfied': 'yes'}).good()
    same(village.case(case)['state'], 'settled', 'a glad one changes nothing')
    village.resident(tracks[1]).post('/track/judge', {'resolved': 'no', 'satisfied': 'no', 'text': '西头两块没打'}).good()
    page = village.case(case)
    same((page['state'], page['reopened']), ('working', 1))
    true('西头两块没打' in step(village, case, 'reopen')['text'], 'why')
    village.act(case, 'officer1', 'settle', outcome='DONE', result='西头补打了')
    again = village.resident(tracks[0]).get('/track').good()
    same((again['result'], 'judge' in [v['verb'] for v in again['verbs']]), ('西头补打了', True))
    late = village.anyone().post('/cases', {**SPRAY, 'me_too': number}).good(201)
    same(village.resident(late['track']).get('/track').good()['result'], '西头补打了', 'who comes late hears it at once')


def test_what_one_may_not_join(run):
    """rows: R6. Residents join only what the pack lets be joined, in their own committee; nothing private is listed."""
    village = run.village()
    _, _, private = village.report('request', category='R1401', text='办事的人态度差')
    _, _, fine = village.report('request', category='R0101', text='要打药')
    for unit, number in ((GROUP, private['number']), ('341203105002', fine['number']), (GROUP, '吴寨R2026-9999')):
        village.anyone().post('/cases', {'text': '我也是', 'unit': unit, 'me_too': number}).refused(404, 'not_found', 'me_too')
    village.as_('steward2').post('/cases', {'text': '也是', 'unit': OTHER_GROUP, 'me_too': private['number']}).refused(404, 'not_found', 'me_too')
    theirs = village.as_('steward2').post('/cases', {'text': '后吴寨老吴家也要打，替他报的', 'unit': OTHER_GROUP, 'me_too': fine['number']}).good(201)
    same(theirs['state'], 'merged', 'a steward of another group, for somebody there')
    true(private['number'] not in [c['number'] for c in village.anyone().get(f'/joinable?unit={GROUP}').good()['items']], 'not listed')
    true('要打药' not in village.anyone().get(f'/joinable?unit={GROUP}').text, 'no words')


def test_a_round_is_asked_answered_and_closes(run):
    """rows: R6. The committee asks; villagers answer without an account, stewards for others; each person once; it closes by itself."""
    village = fresh(run, 'round')
    rounds = village.as_('officer1').post('/registers/rounds', {'unit': HOST, 'wording': '小麦一喷三防', 'what': '要打的报亩数，周五截止', 'measure': '亩', 'until': '2099-04-20'}).good(201)
    village.as_('officer1').post('/registers/rounds', {'unit': HOST, 'wording': '过去的', 'what': '过去的', 'until': '2020-04-20'}).refused(422, 'in_past', 'until')
    def seen(unit=GROUP):
        return [r for r in village.anyone().get(f'/rounds?unit={unit}').good()['items'] if r['wording'] == '小麦一喷三防']

    same([(r['measure'], r['count']) for r in seen()], [('亩', 0)])
    at = f'/rounds/{rounds["id"]}/join'
    village.anyone().post(at, {'unit': GROUP, 'name': '王二', 'phone': '13900001111', 'how_many': 7}).good(201)
    village.anyone().post(at, {'unit': GROUP, 'name': '王二', 'phone': '13900001111', 'how_many': 9}).refused(409, 'conflict', 'person')
    village.anyone().post(at, {'unit': '341203105002', 'name': '外村', 'phone': '13900002222'}).refused(404, 'not_found', 'round')
    village.as_('steward1').post('/registers/round_entries', {'unit': GROUP, 'round': rounds['id'], 'person': {'name': '李四'}, 'how_many': 5, 'remark': '地在河边'}).good(201)
    same([(r['count'], r['sum']) for r in seen()], [(2, 12)])
    same((seen(HOST), seen('341203105002')), (seen(), []), 'where it is asked and below, nowhere else')
    listed = village.as_('officer1').get(f'/registers/round_entries?unit={HOST}&parent={rounds["id"]}').good()['items']
    same(sorted(r['person']['name'] for r in listed), ['李*', '王*'])
    same(village.as_('steward-b').get(f'/registers/round_entries?unit={HOST}').status, 404)
    act(village, rounds, 'chair1', 'close').good()
    village.anyone().post(at, {'unit': GROUP, 'name': '赵五', 'phone': '13900003333'}).refused(404, 'not_found', 'round')
    same(seen(), [])


def test_the_list_of_a_round_goes_to_whoever_does_it(run):
    """rows: R6 L7. On paper and as a workbook, by group with sums; names are masked, or shown for a purpose that is written down for each; a steward takes their own group."""
    village = fresh(run, 'roundlist')
    rounds = village.as_('officer1').post('/registers/rounds', {'unit': HOST, 'wording': '小麦一喷三防', 'what': '要打的报亩数', 'measure': '亩', 'until': '2099-04-20'}).good(201)
    other = village.as_('officer1').get(f'/units/{HOST}').good()['children'][1]['code']
    for unit, name, more in ((other, '赵六', {'how_many': 11}), (GROUP, '王二', {'how_many': 7}), (GROUP, '李四', {'how_many': 5, 'remark': '地在河边'}), (GROUP, '钱七', {})):
        village.as_('officer1').post('/registers/round_entries', {'unit': unit, 'round': rounds['id'], 'person': {'name': name, 'phone': '13900001111' if name == '王二' else ''}, **more}).good(201)
    gone = village.as_('officer1').post('/registers/round_entries', {'unit': GROUP, 'round': rounds['id'], 'person': {'name': '孙八'}, 'how_many': 100}).good(201)
    act(village, gone, 'officer1', 'leave', reason='不打了').good()
    page = village.as_('officer1').get(f'/registers/rounds/{rounds["id"]}').good()
    same([p for p in page['papers']], [{'code': 'round_list', 'label': '接龙登记表', 'names': True, 'table': True}])
    facts = {f['name']: f['value'] for f in page['facts']}
    same((facts['entry_count'], facts['amount_sum'], len(page['children'])), ('4', '23 亩', 5))
    at = f'/registers/rounds/{rounds["id"]}/paper?paper=round_list'
    masked = text_of(village.as_('officer1').get(at).body)
    true('王*' in masked and '王二' not in masked and '13900001111' not in masked, masked)
    before = max([0, *(row['seq'] for row in village.as_('auditor1').get('/access?limit=1').good()['items'])])
    named = text_of(village.as_('officer1').get(at + '&purpose=' + quote('交飞防队')).body, '-layout')
    lines = [' '.join(line.split()) for line in named.splitlines()]
    rows = [line for line in lines if line.split()[:1] and line.split()[0] in ('序号', '小计', '1', '2', '3', '4') or line.startswith('合计 4')]
    same(rows, ['序号 村组 姓名 电话 数量（亩） 备注 本人签名', '1 前吴寨 王二 13900001111 7', '2 前吴寨 李四 5 地在河边', '3 前吴寨 钱七', '小计 3户 12',
                '4 后吴寨 赵六 11', '小计 1户 11', '合计 4户 23'])
    logged = village.as_('auditor1').get('/access?limit=20').good()['items']
    same([(row['login'], row['subject'], row['export']) for row in logged if row['seq'] > before], [('officer1', 'person', None)] * 4, 'a line each')
    table = village.as_('officer1').get(at + '&format=csv&purpose=' + quote('交飞防队')).body.decode('utf-8-sig').splitlines()
    same(table[0], '序号,村组,姓名,电话,数量（亩）,备注,本人签名')
    true(any(line.startswith('1,') and ',王二,13900001111,7,,' in line for line in table), table)
    same(table[-1], ',合计,4户,,23,,')
    same(village.as_('officer1').get(at + '&format=xlsx').body[:2], b'PK')
    taken = village.as_('auditor1').get('/access?limit=1').good()['items'][0]
    same((taken['login'], taken['subject'], taken['export']), ('officer1', 'unit', 'round_list xlsx'), 'what was taken away')
    own = village.as_('steward1').get(at + '&format=csv').body.decode('utf-8-sig')
    true('合计,3户' in own and '11' not in own.splitlines()[-1], own)
    village.as_('officer1').get(at + '&format=pdf').refused(422, 'not_a_choice', 'format')


def test_which_proof_and_who_issues_it(run):
    """rows: R8. Typed as people say it: the committee may not issue it, who does, what to bring; the slip is printed."""
    village = run.village()

    def proofs(q):
        return village.anyone().get(f'/proofs?q={quote(q)}').good()

    first = proofs('要开个没有犯罪的证明')['items'][0]
    same((first['name'], first['may'], first['office']), ('无犯罪记录证明', False, '派出所'))
    true(first['bring'] and first['who'] and first['say'], 'what to do instead')
    same(proofs('单身证明')['items'][0]['name'], '婚姻状况证明')
    same(proofs('老娘还活着领养老金')['items'][0]['name'], '健在证明')
    same(proofs('證件丟了')['items'][0]['name'], '证件遗失证明')
    same((proofs('彩礼')['items'], bool(proofs('彩礼')['otherwise'])), ([], True))
    same(len(proofs('')['items']), 20)
    slip = village.anyone().get(f'/proofs/slip?name={quote("健在证明")}&unit={GROUP}')
    true(slip.status == 200 and slip.body.startswith(b'%PDF'), 'the slip')
    village.anyone().get(f'/proofs/slip?name=x&unit={GROUP}').refused(404, 'not_found', 'name')


def test_a_paper_form_is_typed_in_once(run):
    """rows: R1. Blank forms come with numbers; a form is typed in once, and the case is found by its number."""
    village = run.village()
    paper = village.as_('officer1').post('/paper/forms', {'unit': HOST, 'count': 3})
    true(paper.status == 200 and paper.body.startswith(b'%PDF'), 'the forms')
    village.as_('officer1').post('/paper/forms', {'unit': HOST, 'count': 101}).refused(422, 'out_of_range', 'count')
    number = '吴寨Z2026-0002'
    made = village.as_('officer1').post('/cases', {'unit': GROUP, 'text': '纸上写的：路灯坏了', 'channel': 'WALKIN', 'form_no': number}).good(201)
    village.as_('officer1').post('/cases', {'unit': GROUP, 'text': '同一张表', 'form_no': number}).refused(409, 'conflict', 'form_no')
    same([c['number'] for c in village.as_('officer1').get(f'/cases?q={quote(number)}').good()['items']], [made['number']])


def test_what_the_demo_holds(run):
    """rows: R2 R3 R6 R7 L3. Answered from the bank; two offices with one sent back; one that joined forty; subsidies a resident looks up; an errand for the dibao; from the police to the archive."""
    village = fresh(run, 'demo-holds')
    chair = village.as_('chair1')

    def found(words):
        [card] = [hit['case'] for hit in chair.get('/search?q=' + quote(words)).good()['items'] if hit['case'] and words in hit['case']['title']]
        return village.case(card['id'], by='chair1')

    bank = found('老年证咋办')
    same((bank['state'], bank['timeline'][0]['verb']), ('closed', 'settle_on_spot'))
    [ready] = [a for a in village.anyone().post('/answers/suggest', {'unit': GROUP, 'q': '老年证怎么办'}).good()['items'] if a['question'] == '老年证怎么办']
    same(ready['uses'], 1, 'how often the ready answer was given')
    bridge = found('孙湾西沟桥面塌了个角')
    verbs = [s['verb'] for s in bridge['timeline']]
    same((bridge['state'], verbs.count('refer'), verbs.count('send_back')), ('closed', 2, 1))
    spray = found('想全居一起飞防')
    same((spray['state'], len(spray['links']), spray['reopened']), ('closed', 40, 1))
    same([s['verb'] for s in spray['timeline']].count('settle'), 2, 'settled, not for one of them, settled again')
    alert = found('三轮车倒进院')
    same((alert['state'], alert['external']['number'], 'sign_agreement' in [s['verb'] for s in alert['timeline']]), ('closed', '警情推送 2026-0915', True))
    [errand] = [e for e in chair.get(f'/registers/errands?unit={HOST}&state=received').good()['items'] if '低保' in e['title']]
    same((errand['person']['name'], village.case(errand['case']['id'])['state']), ('李*枝', 'settled'))
    own = village.anyone().post('/subsidies/own', {'unit': GROUP, 'name': '李桂枝', 'id_tail': '040021', 'proof': '7701'}).good()['items']
    same(sorted(line['amount'] for line in own), ['150.00', '405.93'])


def over_the_edge(pdf):
    """Words that end outside of their page, or too near its edge to be printed."""
    page, over = 0.0, []
    for line in text_of(pdf, '-bbox').splitlines():
        if found := re.search(r'<page width="([\d.]+)"', line):
            page = float(found.group(1))
        elif (found := re.search(r'xMin="([-\d.]+)".*xMax="([\d.]+)".*>(.*)</word>', line)) and (float(found.group(1)) < 14 or float(found.group(2)) > page - 14):
            over.append(found.group(3))
    return over


def test_papers_for_the_hand_fit_their_page(run):
    """rows: R1 R4 R8 G11. Form with a receipt to tear off, slip, proof slip and sheet of calls: nothing runs over the edge, the answers are those that are counted."""
    village = fresh(run, 'papers-fit')
    forms = village.as_('officer1').post('/paper/forms', {'unit': HOST, 'count': 2}).body
    said = text_of(forms)
    same({word: said.count(word) for word in ('回执', '□不要', '日给您回话', '先打 110')}, {'回执': 2, '□不要': 2, '日给您回话': 2, '先打 110': 2})
    case, track, _ = village.report('request', text='陈楼桥南第三根杆的路灯坏了半个月，孩子下晚自习看不见路，走到桥口都是摸黑')
    slip = village.as_('officer1').post('/slips', {'case': case, 'track': track}).body
    true('……' in text_of(slip), 'there is more')
    calls = village.as_('chair1').get(f'/calls/paper?unit={HOST}&purpose=' + quote('回访')).body
    true('基本满意' in text_of(calls) and '一般' not in text_of(calls), text_of(calls))
    proof = village.anyone().get('/proofs/slip?name=' + quote('婚姻状况证明') + f'&unit={HOST}').body
    same({name: over_the_edge(pdf) for name, pdf in (('forms', forms), ('slip', slip), ('calls', calls), ('proof', proof))}, {'forms': [], 'slip': [], 'calls': [], 'proof': []})
