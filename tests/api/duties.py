"""Duties before everything (G13): a report to the police comes first and is written down; without it nothing ends; violence is never mediated."""
from client import same, true
from village import GROUP, eventually

CALLED = {'reported_to': 'police', 'taken_by': '口孜派出所 王警官', 'receipt': '警20260504-17', 'reported_at': '2026-05-04T09:10:00+08:00'}


def duties(village, case, by='chair1'):
    return {d['code']: d for d in village.case(case, by)['duties']}


def endings(village, case, by='officer1'):
    """{verb: (blocked, what is missing)}"""
    return {v['verb']: (v['blocked'], [m['code'] for m in v['missing']]) for v in village.case(case, by)['verbs']}


def refused(village, case, by='officer1', **more):
    return village.as_(by).do(case, **more).refused(409, 'gate_closed', 'gate.duty')


def test_a_category_brings_its_duty(run):
    """rows: G13 L9"""
    village = run.village()
    case, track, _ = village.report('difficulty', category='L0804', text='邻居家孩子胳膊上总有伤')
    duty = duties(village, case)['minor_harm']
    true('110' in duty['call'] and '未成年人保护法11' in duty['basis'] and duty['waits'] and duty['report'] is None, duty)
    true(village.case(case)['danger'], 'nobody is alarmed')
    village.as_('steward1').get(f'/cases/{case}').refused(404, 'not_found')
    village.act(case, 'officer1', 'accept')
    other, _, _ = village.report('difficulty', category='L0804')
    for verb, fields in (('settle', {'outcome': 'COORDINATED', 'result': '好了'}), ('decline', {'reason': '不归', 'guidance': '无'}), ('merge', {'into': other}),
                         ('withdraw', {'reason': '不说了', 'for': {'name': '本人', 'how': '电话'}})):
        said = refused(village, case, verb=verb, **fields)
        true('公安' in said['title'], said['title'])
        same(endings(village, case)[verb], (True, ['report_duty']), f'{verb} on the page')
    village.resident(track).post('/track/withdraw', {'reason': '不说了'}).refused(409, 'gate_closed')
    officer = village.as_('officer1')
    officer.do(case, 'report_duty', reported_to='police').refused(422, 'missing', 'taken_by')
    officer.do(case, 'report_duty', reported_to='neighbour', taken_by='x').refused(422, 'not_a_choice', 'reported_to')
    officer.do(case, 'report_duty', reported_to='declined', note='不愿').refused(422, 'not_allowed_here', 'reported_to')
    officer.do(case, 'report_duty', **{**CALLED, 'reported_at': '2999-01-01T00:00:00+08:00'}).refused(422, 'in_future', 'reported_at')
    village.act(case, 'officer1', 'report_duty', **CALLED)
    duty = duties(village, case)['minor_harm']
    same((duty['waits'], duty['report']['taken_by'], duty['report']['receipt']), (False, CALLED['taken_by'], CALLED['receipt']), 'the report')
    step = village.case(case)['timeline'][-1]
    true({'未成年人疑似受侵害', CALLED['taken_by'], CALLED['receipt']} <= {f['value'] for f in step['facts']}, step['facts'])
    same(endings(village, case)['settle'], (False, []), 'settle on the page')
    village.act(case, 'officer1', 'settle', outcome='COORDINATED', result='公安已介入，孩子由祖父母照看')


def test_anybody_who_works_may_mark(run):
    """rows: G13"""
    village = run.village()
    case, _, _ = village.report('request', text='隔壁老人说不想活了')
    same(duties(village, case), {}, 'nothing yet')
    village.act(case, 'steward1', 'mark_duty', duty='life_danger', note='桌上有农药')
    true(duties(village, case)['life_danger']['waits'] and village.case(case)['danger'], 'marked')
    told = lambda: any(n['case'] == case and '先报告' in n['text'] for n in village.as_('officer1').get('/notices').good()['items'])
    eventually(told, True, 'the officer is told')
    village.act(case, 'officer1', 'accept')
    refused(village, case, verb='settle', outcome='DONE', result='好了')
    village.act(case, 'steward1', 'report_duty', reported_to='ambulance', taken_by='120 调度 03')
    village.act(case, 'officer1', 'settle', outcome='DONE', result='人救下来了')
    # Marked after it was settled: it is not filed away either.
    village.act(case, 'steward1', 'mark_duty', duty='capacity_harm')
    village.act(case, 'chair1', 'revisit', how='visit', result='看过', holds=True)
    refused(village, case, by='chair1', verb='close')


def test_violence_is_never_mediated(run):
    """rows: G13 D9"""
    village = run.village()
    sides = [{'role': 'party', 'side': 1, 'name': '方阿甲'}, {'role': 'party', 'side': 2, 'name': '方阿乙'}]
    case, _, _ = village.report('dispute', by=village.as_('steward1'), category='D0201', persons=sides)
    village.act(case, 'mediator1', 'accept')
    village.act(case, 'mediator1', 'mark_duty', duty='domestic_violence')
    mediator = village.as_('mediator1')
    mediator.do(case, 'settle', outcome='ORAL', result='和好了').refused(409, 'gate_closed', 'gate.duty')
    # She is an adult and does not want the police: that is written down with her reason, and the report is done with. Mediated it is not all the same.
    mediator.do(case, 'report_duty', reported_to='declined').refused(422, 'missing', 'note')
    village.act(case, 'mediator1', 'report_duty', reported_to='declined', note='本人说先回娘家住，已告知可随时报警和申请保护令')
    said = mediator.do(case, 'settle', outcome='ORAL', result='和好了').refused(409, 'gate_closed', 'gate.duty')
    true('家庭暴力' in said['title'], said['title'])
    shown = [v for v in village.case(case, 'mediator1')['verbs'] if v['verb'] == 'settle'][0]
    never = [m for m in shown['missing'] if m['code'] == 'never_mediated']
    same((shown['blocked'], [('ORAL' in m['outcomes'], 'POLICE' in m['outcomes']) for m in never]), (False, [(True, False)]), 'what is missing')
    village.act(case, 'mediator1', 'settle', outcome='POLICE', result='派出所出具告诫书')


def test_nothing_is_over_on_the_spot(run):
    """rows: G13"""
    village = run.village()
    village.as_('steward1').post('/cases/settle_on_spot', {
        'kind': 'difficulty', 'category': 'L1202', 'unit': GROUP, 'outcome': 'SPOT', 'text': '劝过了', 'persons': [{'role': 'subject', 'name': '方阿婆'}],
    }).refused(409, 'gate_closed', 'gate.duty')


def test_found_to_be_none(run):
    """rows: G13"""
    village = run.village()
    case, _, _ = village.report('request')
    village.act(case, 'steward1', 'mark_duty', duty='minor_harm')
    village.act(case, 'child_director1', 'accept')
    village.as_('officer1').do(case, 'clear_duty', reason='误会').refused(403, 'forbidden')
    village.act(case, 'child_director1', 'clear_duty', reason='到家看过孩子，摔伤，有医院记录')
    duty = duties(village, case)['minor_harm']
    same((duty['waits'], duty['cleared']), (False, '到家看过孩子，摔伤，有医院记录'), 'found to be none')
    village.as_('steward1').get(f'/cases/{case}').refused(404, 'not_found')  # what was narrowed stays so
    village.act(case, 'child_director1', 'settle', outcome='DONE', result='看过，平安')


def test_the_pack_tells_before_sending(run):
    """rows: G13"""
    told = {d['code']: d for d in run.village().anyone().get('/pack').good()['duties']}
    true('家暴' in told['domestic_violence']['words'] and told['domestic_violence']['call'] == ['110'], told['domestic_violence'])
    same(told['minor_harm']['categories'], ['L0804'], 'categories')
