"""The verb table: each verb once where it is open and once where it is not, for each of the five kinds; and what single verbs promise."""
from client import same, true
from village import GROUP, HOST, KINDS, OUTCOMES, SPOT, eventually, quote

# States that a case is brought into, each from the one before it: (state it comes from, who, verb, fields).
STATES = {
    'accepted': ('reported', 'officer1', 'accept', {}),
    'working': ('accepted', 'officer1', 'progress', {'text': '看过了'}),
    'settled': ('working', 'officer1', 'settle', {'result': '办好了'}),
    'revisited': ('settled', 'chair1', 'revisit', {'how': 'phone', 'result': '还好着', 'holds': True}),
    'closed': ('revisited', 'chair1', 'close', {}),
    'declined': ('reported', 'officer1', 'decline', {'reason': '不归我们管', 'guidance': '请到镇上窗口'}),
    'referred': ('accepted', 'officer1', 'refer', {'office': 'natres', 'mode': 'refer', 'text': '请处理'}),
    'joined': ('referred', 'officer1', 'join_office', {'office': 'power', 'text': '一起看看'}),
    'escalated': ('accepted', 'officer1', 'escalate', {'reason': '村里办不了'}),
    'endangered': ('accepted', 'officer1', 'mark_duty', {'duty': 'life_danger'}),
    'paused': ('accepted', 'officer1', 'pause', {'reason': '等材料'}),
    'asked': ('accepted', 'officer1', 'ask_extension', {'days': 5, 'reason': '等天晴'}),
}

# verb: state where it is open, who may there, fields beyond what its form requires; a state where it is not open; who may never.
VERBS = {
    'accept': ('reported', 'officer1', {}, 'settled', 'steward1'),
    'take': ('reported', 'steward1', {}, 'settled', 'center'),
    'assign': ('accepted', 'officer1', {'to': 'steward1'}, 'settled', 'steward1'),
    'co_handle': ('accepted', 'officer1', {'with': 'steward1'}, 'reported', 'steward1'),
    'consult': ('accepted', 'officer1', {'whom': '农技站老周'}, 'settled', 'steward1'),
    'reply': ('accepted', 'officer1', {}, 'settled', 'steward1'),
    'progress': ('accepted', 'officer1', {}, 'reported', 'steward1'),
    'refer': ('accepted', 'officer1', {'office': 'natres'}, 'reported', 'steward1'),
    'join_office': ('referred', 'officer1', {'office': 'power'}, 'accepted', 'steward1'),
    'report_back': ('joined', 'power', {}, 'settled', 'officer2'),
    'ask': ('accepted', 'officer1', {}, 'paused', 'steward1'),
    'send_back': ('referred', 'natres', {}, 'settled', 'officer1'),
    'escalate': ('accepted', 'officer1', {}, 'settled', 'steward1'),
    'delegate': ('escalated', 'center', {}, 'settled', 'chair1'),
    'pause': ('accepted', 'officer1', {}, 'settled', 'steward1'),
    'resume': ('paused', 'officer1', {}, 'accepted', 'steward1'),
    'ask_extension': ('accepted', 'officer1', {}, 'reported', 'chair1'),
    'grant_extension': ('asked', 'chair1', {}, 'accepted', 'officer2'),
    'settle': ('accepted', 'officer1', {}, 'reported', 'steward1'),
    'judge': ('settled', 'chair1', {'resolved': 'yes', 'for': {'name': '本人', 'how': '电话'}}, 'accepted', 'supervisor1'),
    'urge': ('accepted', 'leader1', {'text': '请抓紧'}, 'settled', 'officer1'),
    'add': ('accepted', 'officer1', {'text': '又想起一句'}, 'closed', 'steward1'),
    'recuse': ('accepted', 'officer1', {}, 'settled', 'steward1'),
    'revisit': ('settled', 'chair1', {}, 'accepted', 'supervisor1'),
    'reopen': ('settled', 'officer1', {}, 'accepted', 'steward1'),
    'close': ('revisited', 'officer1', {}, 'accepted', 'steward1'),
    'decline': ('reported', 'officer1', {}, 'settled', 'steward1'),
    'merge': ('accepted', 'officer1', {'into': 'reported'}, 'settled', 'steward1'),
    'withdraw': ('accepted', 'officer1', {'for': {'name': '本人', 'how': '当面'}}, 'settled', 'steward1'),
    'mark_duty': ('accepted', 'steward1', {'duty': 'fraud_now'}, 'closed', 'supervisor1'),
    'report_duty': ('endangered', 'steward1', {'reported_to': 'police', 'taken_by': '李警官'}, 'closed', 'supervisor1'),
    'clear_duty': ('endangered', 'chair1', {}, 'closed', 'officer1'),
    'correct': ('accepted', 'officer1', {'title': '更准的题目'}, 'declined', 'steward1'),
}
MAKE = {'report', 'settle_on_spot', 'enter', 'undo_entry', 'root', 'not_root'}  # the later ones: ledgers.py, watch.py
# A dispute's own, with a life of their own in disputes.py.
MEDIATION = {'consent', 'draft_agreement', 'sign_agreement', 'adopt', 'perform', 'confirm', 'add_paper'}


def bring(village, kind, state):
    """A new case in a state."""
    if state == 'reported':
        return village.report(kind)[0]
    before, who, verb, fields = STATES[state]
    case = bring(village, kind, before)
    village.act(case, who, verb, **filled(village, kind, fields), **({'outcome': OUTCOMES[kind]} if verb == 'settle' else {}))
    return case


def filled(village, kind, fields):
    """Names in place of ids, as the table writes them."""
    lookups = {'to': village.account, 'with': village.account, 'office': village.office, 'into': lambda state: bring(village, kind, state)}
    return {name: lookups[name](value) if name in lookups else value for name, value in fields.items()}


def simplest(village, kind, form):
    """The least that a form accepts."""
    made = {}
    for field in form:
        if not field['required']:
            continue
        name, of = field['name'], field['type']
        if name == 'outcome':
            made[name] = OUTCOMES[kind]
        elif of == 'choice':
            made[name] = field['options'][0]['value']
        elif of in ('text', 'longtext'):
            made[name] = '测试'
        elif of == 'bool':
            made[name] = True
        elif of == 'int':
            made[name] = 3
        elif of == 'office':
            made[name] = village.office('natres')
        elif of == 'account':
            made[name] = village.account('steward1')
        elif of == 'case':
            made[name] = bring(village, kind, 'reported')
        else:
            true(False, f'a required field of a type the test does not know: {field}')
    return made


def test_table_is_whole(run):
    """rows: G14"""
    schemas = run.village().anyone().get('/openapi.json').good()['components']['schemas']
    named = {name[len('do_case_'):] for name in schemas if name.startswith('do_case_')}
    same(named - set(VERBS) - MAKE - MEDIATION, set(), 'verbs without a test')
    same((set(VERBS) | MAKE | MEDIATION) - named, set(), 'tests without a verb')


def each_verb(run, kind):
    village = run.village()
    for verb, (state, by, fields, closed_in, never) in VERBS.items():
        case = bring(village, kind, state)
        if by == 'leader1':  # a leader sees the card, not the forms
            body = {}
        else:
            forms = village.verbs(case, by)
            true(verb in forms, f'{verb} is not open to {by} on a {kind} that is {state}: {sorted(forms)}')
            body = simplest(village, kind, forms[verb])
        village.as_(never).do(case, verb, **body).refused(403, 'forbidden', 'verb')
        if never != 'supervisor1':  # who sees the card, not the verbs
            true(verb not in village.verbs(case, never), f'{verb} is shown to {never}, who may not')
        village.act(case, by, verb, **{**body, **filled(village, kind, fields)})
        # Once more where it is not open: refused, and nothing is written.
        other = bring(village, kind, closed_in)
        who = by if by not in ('natres', 'power') else 'officer1'
        rev = village.case(other, 'center')['rev']
        village.as_(who).do(other, verb, **body).refused(409, 'not_open', 'verb')
        same(village.case(other, 'center')['rev'], rev, f'rev after a refused {verb}')


def test_verbs_of_disputes(run):
    """rows: D2 D4 G3 G17"""
    each_verb(run, 'dispute')


def test_verbs_of_requests(run):
    """rows: R2 R3 R4 G3 G17"""
    each_verb(run, 'request')


def test_verbs_of_environment(run):
    """rows: E4 G3 G17"""
    each_verb(run, 'environment')


def test_verbs_of_difficulties(run):
    """rows: L3 G3 G17"""
    each_verb(run, 'difficulty')


def test_verbs_of_hazards(run):
    """rows: H4 G3 G17"""
    each_verb(run, 'hazard')


def test_settled_on_the_spot(run):
    """rows: D3 R2 E1 L3 H4"""
    village = run.village()
    steward = village.as_('steward1')
    for kind in KINDS:
        body = {'kind': kind, 'unit': GROUP, 'text': '当场办好了', **SPOT[kind]}
        page = steward.post('/cases/settle_on_spot', body).good(201)
        same((page['state'], page['level'], page['holder']['name']), ('settled', 'spot', '吴建国'), f'{kind} on the spot')
        village.as_('leader1').post('/cases/settle_on_spot', body).refused(403, 'forbidden')
        village.anyone().post('/cases/settle_on_spot', body).refused(401, 'sign_in')
        steward.post('/cases/settle_on_spot', {**body, 'outcome': 'no such'}).refused(422, 'not_a_choice', 'outcome')
    form = {f['name']: f for f in steward.get('/forms?verb=settle_on_spot&kind=dispute').good()['form']}
    true(form['outcome']['required'] and not form['text']['required'], 'the form of settle_on_spot')


def test_two_names_are_enough_but_needed(run):
    """rows: D3 L3"""
    village = run.village()
    steward = village.as_('steward1')
    one = {'kind': 'dispute', 'unit': GROUP, 'text': '吵架', 'outcome': 'SPOT_PEACE', 'persons': SPOT['dispute']['persons'][:1]}
    steward.post('/cases/settle_on_spot', one).refused(422, 'missing', 'persons')
    steward.post('/cases/settle_on_spot', {'kind': 'difficulty', 'unit': GROUP, 'text': '帮了忙', 'outcome': 'SPOT'}).refused(422, 'missing', 'persons')
    steward.post('/cases/settle_on_spot', {'kind': 'difficulty', 'category': 'L1301', 'unit': GROUP, 'text': '指了路', 'outcome': 'SPOT'}).good(201)
    steward.post('/cases/settle_on_spot', {**one, **SPOT['dispute'], 'text': ''}).refused(422, 'missing', 'result')


def test_only_mediators_make_agreements(run):
    """rows: D3 D5"""
    village = run.village()
    case = village.report('dispute', by=village.as_('officer1'), persons=SPOT['dispute']['persons'])[0]
    village.act(case, 'steward1', 'take')
    for side in (1, 2):
        village.act(case, 'steward1', 'consent', side=side, given=True, consent_how='in_person')
    steward = village.as_('steward1')
    steward.do(case, 'settle', outcome='ORAL', result='说好了').refused(422, 'not_allowed_here', 'outcome')
    body = {'kind': 'dispute', 'unit': GROUP, 'text': '说和了', **SPOT['dispute'], 'outcome': 'SPOT_ORAL'}
    steward.post('/cases/settle_on_spot', body).refused(422, 'not_allowed_here', 'outcome')
    village.act(case, 'officer1', 'assign', to=village.account('mediator1'))
    page = village.act(case, 'mediator1', 'settle', outcome='ORAL', result='说好了')
    same(page['outcome'], 'ORAL', 'outcome')
    village.as_('mediator1').post('/cases/settle_on_spot', body).good(201)


def test_nobody_grants_their_own_wish(run):
    """rows: G4 G17"""
    village = run.village()
    case = village.report('request')[0]
    village.act(case, 'chair1', 'accept')
    village.act(case, 'chair1', 'ask_extension', days=5, reason='等材料')
    village.as_('chair1').do(case, 'grant_extension', granted=True).refused(409, 'not_open', 'verb')
    village.as_('center').do(case, 'grant_extension', granted=False).refused(422, 'missing', 'reason')
    before = settle_due(village, case)
    page = village.act(case, 'center', 'grant_extension', granted=True)
    same(page['extension_asked'], False, 'extension asked')
    true(settle_due(village, case) > before, 'the extension does not move the due time')


def settle_due(village, case):
    return village.case(case)['promises']['settle']['at']


def test_pause_stops_the_clocks(run):
    """rows: G4"""
    village = run.village()
    case = bring(village, 'request', 'accepted')
    before = village.case(case)
    village.as_('officer1').do(case, 'pause', reason='等', until='2020-01-01T00:00:00+08:00').refused(422, 'out_of_range', 'until')
    page = village.act(case, 'officer1', 'pause', reason='等材料')
    same((page['paused'], page['due']), (True, None), 'paused, nearest due')
    same({c['state'] for c in page['clocks'] if c['stopped_at'] is None}, {'paused'}, 'states of the clocks')
    village.as_('officer1').do(case, 'settle', outcome='DONE', result='好了').refused(409, 'not_open', 'verb')
    page = village.act(case, 'officer1', 'resume')
    same(page['paused'], False, 'paused')
    true(page['promises']['settle']['at'] >= before['promises']['settle']['at'], 'the due time came nearer')
    why = page['clocks'][0]['why']
    true(why['rule'] and why['basis'], 'a due time does not explain itself')


def test_only_a_recheck_closes_a_hazard(run):
    """rows: H4"""
    village = run.village()
    case = bring(village, 'hazard', 'settled')
    missing = village.as_('chair1').do(case, 'close').refused(409, 'gate_closed', 'gate.recheck')['detail']
    close = {v['verb']: v for v in village.case(case)['verbs']}['close']
    same((close['blocked'], [m['label'] for m in close['missing']]), (True, [missing]), 'what the page says is missing')
    village.as_('officer1').do(case, 'revisit', how='visit', result='看过', holds=True).refused(403, 'forbidden', 'verb')
    page = village.act(case, 'chair1', 'revisit', how='visit', result='又松了', holds=False)
    same((page['state'], page['reopened']), ('working', 1), 'after a recheck that failed')
    village.act(case, 'officer1', 'settle', outcome='FIXED_RECHECKED', result='重修了')
    village.as_('chair1').do(case, 'close').refused(409, 'gate_closed', 'gate.recheck')
    village.act(case, 'chair1', 'revisit', how='visit', result='牢了', holds=True)
    same(village.act(case, 'chair1', 'close')['state'], 'closed', 'state')


def test_suspected_major_needs_its_basis(run):
    """rows: H4"""
    village = run.village()
    by = village.as_('steward1')
    body = {'kind': 'hazard', 'text': '墙裂了', 'unit': GROUP, 'grade': '疑似重大'}
    by.post('/cases', body).refused(422, 'missing', 'basis')
    same(by.post('/cases', {**body, 'basis': '条例第十条'}).good(201)['suspect_major'], True, 'suspected major')


def test_resident_urges_once_a_day(run):
    """rows: G3"""
    village = run.village()
    case, track, _ = village.report('request')
    resident = village.resident(track)
    resident.post('/track/urge', {'text': '还没人来'}).good()
    same(village.case(case)['urged'], True, 'urged')
    reply = resident.post('/track/urge', {})
    reply.refused(429, 'throttled')
    true(int(reply.headers['Retry-After']) > 0, 'no Retry-After')
    village.as_('leader1').do(case, 'urge').refused(422, 'missing', 'text')
    village.as_('leader1').do(case, 'urge', text='请抓紧').good()
    village.as_('leader1').do(case, 'urge', text='请再抓紧').good()


def test_resident_sees_only_what_is_his(run):
    """rows: R4 R5"""
    village = run.village()
    case, track, _ = village.report('request')
    resident = village.resident(track)
    resident.post('/track/accept', {}).refused(403, 'forbidden', 'verb')
    resident.post('/track/no_such_verb', {}).refused(404, 'unknown_verb', 'verb')
    resident.post('/track/judge', {'resolved': 'yes', 'satisfied': 'yes'}).refused(409, 'not_open', 'verb')
    resident.get(f'/cases/{case}').refused(401, 'sign_in')
    village.act(case, 'officer1', 'accept', note='这句不公开')
    village.act(case, 'officer1', 'progress', text='里面说的话')
    village.act(case, 'officer1', 'progress', text='外面能看的话', open=True)
    seen = resident.get('/track').text
    true('里面说的话' not in seen and '这句不公开' not in seen and '外面能看的话' in seen, 'open and inner notes')
    resident.post('/track/add', {'text': '补一句'}).good()
    resident.post('/track/add', {}).refused(422, 'missing', 'text')
    same(resident.post('/track/withdraw', {'reason': '不用了'}).good()['state'], 'withdrawn', 'state')


def test_judged_by_somebody_else(run):
    """rows: R4 G20"""
    village = run.village()
    case = bring(village, 'request', 'settled')
    word = {'resolved': 'yes', 'satisfied': 'ok'}
    village.as_('officer1').do(case, 'judge', **word).refused(409, 'not_open', 'verb')  # whoever handled it
    village.as_('chair1').do(case, 'judge', **word).refused(422, 'missing', 'for')
    page = village.act(case, 'chair1', 'judge', **word, **{'for': {'name': '本人', 'how': '电话'}})
    same(page['judgement']['satisfied'], 'ok', 'judgement')


def test_merge(run):
    """rows: R6"""
    village = run.village()
    first, _, _ = village.report('request')
    second, track, _ = village.report('request')
    village.as_('officer1').do(second, 'merge', into=second).refused(422, 'not_allowed_here', 'into')
    village.act(second, 'officer1', 'merge', into=first)
    page = village.case(second)
    same((page['state'], [(x['id'], x['relation']) for x in page['links']]), ('merged', [(first, 'merged_into')]), 'the merged one')
    same([(x['id'], x['relation']) for x in village.case(first)['links']], [(second, 'merged_from')], 'the one merged into')
    same(village.resident(track).get('/track').good()['state'], 'merged', 'what the resident sees')


def test_correct_keeps_number_and_old_values(run):
    """rows: G6"""
    village = run.village()
    case, _, said = village.report('request', title='门前积水')
    village.act(case, 'officer1', 'accept')
    page = village.act(case, 'officer1', 'correct', reason='是环境问题', kind='environment', category='E0201', title='污水横流', unit=HOST)
    same((page['kind'], page['category'], page['title']), ('environment', 'E0201', '污水横流'), 'what it is now')
    same(page['number'], said['number'], 'number')
    told = str([s for s in page['timeline'] if s['verb'] == 'correct'][0]['facts'])
    for old in ('门前积水', '小诉求', '前吴寨'):
        true(old in told, f'the timeline does not keep the old value {old}: {told}')
    # It settles by the outcomes of the new kind.
    village.as_('officer1').do(case, 'settle', outcome='DONE', result='好了').refused(422, 'not_a_choice', 'outcome')
    village.act(case, 'officer1', 'settle', outcome='CLEANED', result='清好了')


def test_recused_sees_it_no_more(run):
    """rows: G19"""
    village = run.village()
    case, _, said = village.report('request')
    eventually(lambda: told(village, 'officer1', said['number']), True, 'a notice of what was reported')
    village.act(case, 'officer1', 'accept')
    lists = [f'/cases?kind=request&state=accepted&unit={GROUP}&limit=200', '/cases?view=open&kind=request&state=accepted&limit=200']

    def listed(login):
        who = village.as_(login)
        book = who.get(f'/cases/export?kind=request&state=accepted&unit={GROUP}&format=csv')
        same(book.status, 200, book.body[:200])
        return [any(c['id'] == case for c in who.get(path).good()['items']) for path in lists] + [said['number'] in book.body.decode()]
    same((listed('officer1'), listed('chair1')), ([True] * 3, [True] * 3), 'in lists before')
    village.as_('officer1').do(case, 'recuse', reason='是我亲戚').good()
    same((listed('officer1'), listed('chair1')), ([False] * 3, [True] * 3), 'in lists after: many are looked at together there')
    hidden(village, case, said['number'], 'officer1')
    same(village.case(case)['holder']['type'], 'unit', 'holder')
    village.as_('chair1').do(case, 'assign', to=village.account('officer1')).refused(422, 'recused', 'to')


def hidden(village, case, number, *logins, lists=True):
    """These accounts find no trace of the case; `lists`: in what they get without asking for it, either."""
    for login in logins:
        who = village.as_(login)
        who.get(f'/cases/{case}').refused(404, 'not_found')
        who.get(f'/cases/{case}/timeline').refused(404, 'not_found')
        who.do(case, 'accept').refused(404, 'not_found')
        paths = [f'/cases?q={quote(number)}']
        if lists:
            paths += ['/cases?limit=200', '/cases?view=new&limit=200', '/cases?view=mine', f'/cases?unit={HOST}&limit=200',
                      f'/figures/cases?unit={HOST}&limit=200']
        for path in paths:
            reply = who.get(path)
            if reply.status == 404:  # the unit is not theirs either
                continue
            same([c for c in reply.good()['items'] if c['id'] == case], [], f'{login}: {path}')
        if lists:
            same([r for r in who.get('/sync').good()['rows'] if r['id'] == case and 'number' in r], [], f'{login}: sync')
        same([n for n in who.get('/notices').good()['items'] if n['number'] == number], [], f'{login}: notices')


def test_matters_about_the_village_go_past_it(run):
    """rows: G19 R3"""
    village = run.village()
    body = {'text': '对某干部的意见', 'unit': HOST, 'bypass_village': True}
    said = village.anyone().post('/cases', body).good(201)
    case = village.find(said['number'], 'center')
    eventually(lambda: told(village, 'center', said['number']), True, 'a notice to the centre')
    hidden(village, case, said['number'], 'officer1', 'chair1', 'secretary1', 'steward1', 'mediator1', 'child_director1')
    same(village.case(case, 'center')['text'], '对某干部的意见', 'what the centre reads')
    card = village.case(case, 'supervisor1')
    true('对某干部的意见' not in str(card), 'a supervisor reads the words')
    # The same by category.
    said = village.anyone().post('/cases', {'text': '对窗口态度的意见', 'unit': HOST, 'category': 'R1401'}).good(201)
    hidden(village, village.find(said['number'], 'center'), said['number'], 'officer1', 'chair1', 'steward1', lists=False)
    # What is narrow besides still has somebody who reads it: about a school, or a lead for the police.
    for narrow in ({'category': 'R0904'}, {'kind': 'hazard', 'category': 'H1403', 'bypass_village': True},
                   {'kind': 'difficulty', 'category': 'L0101', 'bypass_village': True}):
        said = village.anyone().post('/cases', {'text': '只给上面看的事', 'unit': HOST, **narrow}).good(201)
        case = village.find(said['number'], 'center')
        same(village.case(case, 'center')['text'], '只给上面看的事', f'what the centre reads of {narrow}')
        hidden(village, case, said['number'], 'officer1', 'chair1', 'steward1', 'child_director1', lists=False)


def told(village, login, number):
    return any(n['number'] == number for n in village.as_(login).get('/notices').good()['items'])


def test_childrens_cases_are_for_few(run):
    """rows: L5 L9"""
    village = run.village()
    said = village.anyone().post('/cases', {'kind': 'difficulty', 'category': 'L0802', 'text': '孩子没人照看', 'unit': GROUP}).good(201)
    case = village.find(said['number'], 'officer1')
    eventually(lambda: told(village, 'officer1', said['number']), True, 'a notice to the officer')
    hidden(village, case, said['number'], 'steward1', 'secretary1', 'head1', 'elder1', 'mediator1', 'volunteer1', 'leader1', 'supervisor1', 'center')
    for login in ('officer1', 'chair1', 'child_director1'):
        same(village.case(case, login)['text'], '孩子没人照看', f'what {login} reads')


def test_stale_answers_with_what_is_there(run):
    """rows: G6"""
    village = run.village()
    case, _, _ = village.report('request')
    village.act(case, 'officer1', 'accept')
    problem = village.as_('officer1').do(case, 'progress', rev=1, text='晚了一步').refused(409, 'stale', 'rev')
    same((problem['current']['id'], problem['current']['rev'], problem['current']['state']), (case, 2, 'accepted'), 'the current state')
    village.as_('officer1').do(case, 'progress', rev=2, text='这回对了').good()
    village.as_('officer1').do(case, 'progress', rev='x', text='字').refused(400, 'malformed', 'If-Match')


def test_recorded_for_another_at_another_time(run):
    """rows: G20 D2"""
    village = run.village()
    case, _, _ = village.report('dispute')
    elder = village.account('elder1')
    page = village.act(case, 'officer1', 'take', **{'for': {'account': elder, 'how': '电话'}})
    same(page['holder']['name'], '吴传修', 'holder')
    officer = village.as_('officer1')
    officer.do(case, 'progress', text='早了', happened_at='2020-01-01T00:00:00+08:00').refused(422, 'before_case', 'happened_at')
    officer.do(case, 'progress', text='晚了', happened_at='2099-01-01T00:00:00+08:00').refused(422, 'in_future', 'happened_at')
    officer.do(case, 'progress', text='错了', happened_at='昨天').refused(400, 'malformed', 'happened_at')


def test_an_order_from_outside(run):
    """rows: R9"""
    village = run.village()
    by = village.as_('officer1')
    case, _, _ = village.report('request', by=by, external={'number': '12345-2026-77', 'due': '2026-11-26T12:00:00+08:00'}, channel='H12345')
    same(village.case(case)['external']['number'], '12345-2026-77', 'their number')
    by.post('/cases', {'text': '工单', 'unit': GROUP, 'external': {'due': '2026-11-26T12:00:00+08:00'}}).refused(422, 'missing', 'external.number')
