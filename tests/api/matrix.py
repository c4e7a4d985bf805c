"""Nobody reaches what their posts don't allow: every route of the table × posts × places (quality.md, S1).

A route of openapi.json without a line here fails the test. A line says how to try the route for a place, and whose try may come through;
all others must be told to sign in, that they may not, or that there is nothing. Writes are tried with bodies that are wrong on purpose:
whoever may is told so (422, 409), whoever may not never gets so far.
"""
from client import Failed, fresh_key, same
from village import GROUP, HOST, SIBLING, TOWN, Village

OWN, BESIDE, ABOVE, NONE = 'own', 'sibling', 'above', 'none'
PLACES = [OWN, BESIDE, ABOVE, NONE]
UNITS = {OWN: HOST, BESIDE: SIBLING, ABOVE: TOWN, NONE: '999999999999'}

CAST = ['steward1', 'head1', 'elder1', 'volunteer1', 'officer1', 'chair1', 'mediator1', 'secretary1', 'child_director1', 'supervisor1',
        'center', 'natres', 'leader1', 'admin1', 'auditor1']
NEIGHBOUR = ['officer-b', 'steward-b']
ALL = set(CAST + NEIGHBOUR)
DESK = {'officer1', 'chair1', 'secretary1', 'child_director1'}
FIELD = {'steward1', 'head1', 'elder1', 'volunteer1'}
READ_CASES = DESK | {'mediator1', 'steward1', 'head1', 'elder1', 'center'}
CARDS = {'leader1', 'supervisor1'}
WORK = DESK | FIELD | {'mediator1', 'center', 'natres'} | set(NEIGHBOUR)
LEDGERS = DESK | {'center', 'admin1', 'officer-b'}
KEEPERS = DESK | {'steward1'} | set(NEIGHBOUR)
READERS = KEEPERS | {'mediator1'}
TOWN_WIDE = {'center', 'natres', 'leader1', 'admin1', 'auditor1'}


class Line:
    """How a route is tried in a place, and who may. `may` is a set for everywhere or {place: set}; `signed_out`: nobody need sign in;
    `resident`: the tracking code opens it."""

    def __init__(self, ask, may, signed_out=False, resident=False):
        self.ask, self.may, self.signed_out, self.resident = ask, may, signed_out, resident

    def allows(self, login, place):
        if self.signed_out:
            return True
        return login in (self.may if isinstance(self.may, set) else self.may.get(place, set()))


def here(own, beside=frozenset(), above=frozenset()):
    return {OWN: set(own), BESIDE: set(beside), ABOVE: set(above)}


def get(path, **how):
    return lambda c, w, place: c.get(path.format(**w[place]), **how)


def post(path, body=None):
    def ask(c, w, place):
        filled = {k: v.format(**w[place]) if isinstance(v, str) else v for k, v in (body or {}).items()}
        return c.post(path.format(**w[place]), filled)
    return ask


def object_to_publication(c, w, place):
    hung = c.get(f'/publications?unit={HOST}').good()['items']
    return c.post(f'/publications/{hung[0]["id"]}/object', {})


def put(path):
    return lambda c, w, place: c.put(path, {})


def delete(path):
    return lambda c, w, place: c.delete(path)


def unsigned(method, path):
    """What would end the session that the matrix uses: tried by nobody but those who may not."""
    return lambda c, w, place: c.ask(method, path) if 'Authorization' not in c.headers else None


CASE_READ = here(READ_CASES, NEIGHBOUR + ['center'])
CASE_CARD = here(READ_CASES | CARDS, NEIGHBOUR + ['center', 'leader1'])
IN_UNIT = here(set(CAST), NEIGHBOUR + list(TOWN_WIDE), TOWN_WIDE)
NOBODY = fresh_key()

LINES = {
    'sign_in': Line(post('/session', {'login': 'nobody-{code}'}), ALL, signed_out=True),
    'who_am_i': Line(get('/session'), ALL),
    'sign_out': Line(unsigned('DELETE', '/session'), ALL),
    'sign_out_everywhere': Line(unsigned('DELETE', '/sessions'), ALL),
    'change_password': Line(post('/session/password'), ALL),
    'begin_totp': Line(unsigned('POST', '/session/totp'), ALL),
    'confirm_totp': Line(put('/session/totp'), ALL),
    'end_totp': Line(delete('/session/totp'), ALL),
    'list_tokens': Line(get('/tokens'), ALL),
    'make_token': Line(post('/tokens'), ALL),
    'revoke_token': Line(lambda c, w, place: c.delete(f'/tokens/{NOBODY}'), set()),
    'get_pack': Line(get('/pack'), ALL, signed_out=True),
    'get_host': Line(get('/host'), ALL, signed_out=True),
    'get_unit': Line(get('/units/{code}'), ALL, signed_out=True),
    'list_offices': Line(get('/offices?unit={code}'), here(ALL, ALL, ALL)),
    'get_office_rule': Line(get('/offices/rule?unit={code}'), here(ALL, ALL, ALL)),
    'list_accounts': Line(get('/accounts?unit={code}'), IN_UNIT),
    'get_thanks': Line(get(f'/accounts/{NOBODY}/thanks'), set()),  # who prints whose: burden.py
    'open_account': Line(post('/accounts', {'login': 'matrix', 'name': 'matrix', 'post': 'no such post', 'unit': '{code}'}),
                         here({'admin1'}, {'admin1'}, {'admin1'})),
    'act_on_account': Line(post('/accounts/{account}/appoint'), here({'admin1'}, {'admin1'}, {'admin1'})),
    'list_stand_ins': Line(get('/stand-ins'), ALL),
    'get_form': Line(get('/forms?verb=report&kind=hazard'), ALL, signed_out=True),
    'report_case': Line(post('/cases', {'unit': '{code}'}), ALL, signed_out=True),
    'settle_case_on_spot': Line(post('/cases/settle_on_spot', {'unit': '{code}'}), WORK),
    'list_cases': Line(get('/cases?unit={code}'), {OWN: ALL, BESIDE: ALL, ABOVE: ALL}),
    'get_case': Line(get('/cases/{case}'), CASE_CARD),
    'get_case_timeline': Line(get('/cases/{case}/timeline'), CASE_READ),
    'get_case_verbs': Line(get('/cases/{case}/verbs'), CASE_READ),
    'act_on_case': Line(post('/cases/{case}/assign'), here(DESK | {'mediator1', 'center'}, {'officer-b', 'center'})),
    'get_case_file': Line(get('/cases/{case}/files/' + 64 * '0'), set()),
    'get_tracked': Line(get('/track'), set(), resident=True),
    'act_on_tracked': Line(post('/track/judge'), set(), resident=True),
    'get_tracked_file': Line(get('/track/files/' + 64 * '0'), set()),
    'upload_file': Line(lambda c, w, place: c.post('/files', b'no picture'), ALL, signed_out=True),
    'list_activities': Line(get('/activities?unit={code}'), IN_UNIT),
    'list_bookings': Line(get('/bookings?unit={code}&from=2026-06-01&to=2026-06-07'), here(WORK - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres'], {'center', 'natres'})),
    'make_activity': Line(post('/activities', {'unit': '{code}'}), WORK),
    'act_on_activity': Line(post('/activities/{activity}/cancel'),
                            here(WORK - set(NEIGHBOUR) - {'steward1', 'head1'}, NEIGHBOUR + ['center', 'natres'])),
    'find_persons': Line(get('/persons?q=' + '%E6%96%B9%E9%98%BF%E5%A4%A7'), READERS),
    'register_person': Line(post('/persons', {'unit': '{code}', 'login': 'no such field'}), KEEPERS),
    'look_alike': Line(post('/persons/alike', {'unit': '{code}', 'name': '方阿大'}), here(READERS - set(NEIGHBOUR), NEIGHBOUR)),
    'get_person': Line(get('/persons/{person}'), here(DESK | {'mediator1', 'steward1'}, NEIGHBOUR)),
    'list_roots': Line(get('/roots?unit={code}'), here((READERS | {'center'}) - set(NEIGHBOUR), NEIGHBOUR + ['center'], {'center'})),
    'get_coverage': Line(get('/coverage?unit={code}'), here(DESK | {'center', 'leader1', 'admin1', 'supervisor1'}, ['officer-b', 'center', 'leader1', 'admin1'],
                                                            {'center', 'leader1', 'admin1'})),
    'list_phrases': Line(get('/phrases?unit={code}'), here((WORK | {'leader1'}) - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres', 'leader1'], {'center', 'natres', 'leader1'})),
    'get_season': Line(get('/season?unit={code}'), here(WORK - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres'], {'center', 'natres'})),
    'reveal_person': Line(post('/persons/{person}/reveal', {'purpose': '核对'}), here(DESK | {'mediator1', 'steward1'}, NEIGHBOUR)),
    'export_person': Line(get('/persons/{person}/export?purpose=%E6%A0%B8%E5%AF%B9&format=json'), here(DESK, {'officer-b'})),
    'act_on_person': Line(post('/persons/{person}/correct', {'login': 'no such field'}), here(DESK | {'steward1'}, NEIGHBOUR)),
    'register_household': Line(post('/households', {'unit': '{code}'}), KEEPERS),
    'list_places': Line(get('/places?unit={code}'), here(WORK - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres'], {'center', 'natres'})),
    'register_place': Line(post('/places', {'unit': '{code}'}), KEEPERS),
    'act_on_place': Line(post('/places/{place}/correct', {'login': 'no such field'}), here(DESK | {'steward1'}, NEIGHBOUR)),
    'list_registers': Line(get('/registers'), ALL),
    'list_rows': Line(get('/registers/answers?unit={code}'), IN_UNIT),
    'count_rows': Line(get('/registers/answers/counts?unit={code}'), IN_UNIT),
    'get_row_file': Line(get(f'/registers/answers/{NOBODY}/files/' + 64 * '0'), set()),
    'get_row_paper': Line(get(f'/registers/answers/{NOBODY}/paper?paper=none'), set()),
    'export_rows': Line(get('/registers/answers/export?unit={code}&format=csv'), here(WORK - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres'], {'center', 'natres'})),
    'list_publications': Line(get('/publications?unit={code}'), ALL, signed_out=True),
    'object_to_publication': Line(object_to_publication, ALL, signed_out=True),
    'make_row': Line(post('/registers/answers', {'unit': '{code}'}), DESK | {'mediator1', 'center', 'natres', 'officer-b'}),
    'get_row': Line(get(f'/registers/answers/{NOBODY}'), set()),
    'act_on_row': Line(post(f'/registers/answers/{NOBODY}/check'), set()),
    'list_oral_agreements': Line(get('/oral-agreements?unit={code}'), here(WORK - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres'], {'center', 'natres'})),
    'export_oral_agreements': Line(get('/oral-agreements/export?unit={code}&format=csv'), here(WORK - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres'], {'center', 'natres'})),
    'get_oral_agreements_paper': Line(get('/oral-agreements/paper?unit={code}'), here(WORK - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres'], {'center', 'natres'})),
    'list_calls': Line(get('/calls?unit={code}'), IN_UNIT),
    'get_call_paper': Line(get('/calls/paper?unit={code}&purpose='), WORK),
    'make_slip': Line(post('/slips', {'case': '{case}', 'track': 'x'}), WORK),
    'list_rounds': Line(get('/rounds?unit={code}'), ALL, signed_out=True),
    'join_round': Line(post(f'/rounds/{NOBODY}/join', {'unit': '{code}'}), ALL, signed_out=True),
    'list_joinable': Line(get('/joinable?unit={code}'), ALL, signed_out=True),
    'list_proofs': Line(get('/proofs'), ALL, signed_out=True),
    'get_proof_slip': Line(get('/proofs/slip?name=%E5%81%A5%E5%9C%A8%E8%AF%81%E6%98%8E&unit={code}'), ALL, signed_out=True),
    'upload_subsidies': Line(lambda c, w, place: c.post('/subsidies?unit={code}'.format(**w[place]), b'x'), here(DESK, {'officer-b'})),
    'look_up_own_subsidies': Line(post('/subsidies/own', {'unit': '{code}'}), ALL, signed_out=True),
    'look_up_subsidies_for': Line(post('/subsidies/for', {'unit': '{code}', 'name': '王二', 'id_tail': '1', 'purpose': 'x'}), here(DESK | {'steward1'}, NEIGHBOUR)),
    'make_paper_forms': Line(post('/paper/forms', {'unit': '{code}', 'count': 1}), here(WORK - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres'])),
    'suggest_answers': Line(post('/answers/suggest', {'unit': '{code}'}), ALL, signed_out=True),
    'get_case_answers': Line(get('/cases/{case}/answers'), CASE_READ),
    'upload_ledger': Line(lambda c, w, place: c.post('/ledgers', b''), LEDGERS),
    'list_ledgers': Line(get('/ledgers'), LEDGERS),
    'get_ledger': Line(get(f'/ledgers/{NOBODY}'), set()),
    'check_ledger': Line(post(f'/ledgers/{NOBODY}/check', {'mapping': {}}), set()),
    'start_ledger': Line(post(f'/ledgers/{NOBODY}/start'), set()),
    'undo_ledger': Line(post(f'/ledgers/{NOBODY}/undo'), set()),
    'drop_ledger': Line(delete(f'/ledgers/{NOBODY}'), set()),
    'get_ledger_values': Line(get(f'/ledgers/{NOBODY}/values?column=x'), set()),
    'list_ledger_cases': Line(get(f'/ledgers/{NOBODY}/cases'), set()),
    'get_figures': Line(get('/figures?unit={code}'), IN_UNIT),
    'get_figures_cases': Line(get('/figures/cases?unit={code}'), IN_UNIT),
    'get_report': Line(get('/report?unit={code}&format=json'), IN_UNIT),
    'get_unit_poster': Line(get('/units/{code}/poster?size=a3'),
                            here((WORK | {'admin1'}) - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres', 'admin1'], {'center', 'natres', 'admin1'})),
    'get_place_sign': Line(get('/places/{place}/sign'), ALL, signed_out=True),
    'get_place_poster': Line(get('/places/{place}/poster?size=a3'), here((WORK | {'admin1'}) - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres', 'admin1'])),
    'get_mediation_paper': Line(get('/cases/{case}/papers/rights'), CASE_CARD),  # who sees one: disputes.py
    'get_case_paper': Line(get('/cases/{case}/paper'), CASE_CARD),
    'export_cases': Line(get('/cases/export?unit={code}&format=csv'), IN_UNIT),
    'export_activities': Line(get('/activities/export?unit={code}&format=csv'), IN_UNIT),
    'export_persons': Line(get('/persons/export?unit={code}&format=csv'), here(READERS - set(NEIGHBOUR), NEIGHBOUR)),
    'export_places': Line(get('/places/export?unit={code}&format=csv'), here(WORK - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres'], {'center', 'natres'})),
    'export_accounts': Line(get('/accounts/export?unit={code}&format=csv'), IN_UNIT),
    'export_figures': Line(get('/figures/export?unit={code}&format=csv'), IN_UNIT),
    'export_journal': Line(get('/journal/export?unit={code}&format=csv'), here({'admin1', 'auditor1'}, {'admin1', 'auditor1'}, {'admin1', 'auditor1'})),
    'search': Line(get('/search?q=%E6%B0%B4%E6%B2%9F&unit={code}'), {OWN: ALL, BESIDE: ALL, ABOVE: ALL}),
    'suggest': Line(post('/suggest', {'unit': '{code}', 'text': '路灯'}), here(WORK - set(NEIGHBOUR), NEIGHBOUR + ['center', 'natres'], {'center', 'natres'})),
    'list_journal': Line(get('/journal?unit={code}'), here({'admin1', 'auditor1'}, {'admin1', 'auditor1'}, {'admin1', 'auditor1'})),
    'list_access': Line(get('/access'), {'auditor1'}),
    'sync': Line(get('/sync'), ALL),
    'run_batch': Line(post('/batch'), ALL),
    'listen': Line(unsigned('GET', '/events'), ALL),
    'list_notices': Line(get('/notices'), ALL),
    'see_notices': Line(post('/notices/seen'), ALL),
    'get_openapi': Line(get('/openapi.json'), ALL, signed_out=True),
    'get_docs': Line(get('/docs'), ALL, signed_out=True),
    'get_health': Line(get('/healthz'), ALL, signed_out=True),
    'get_ready': Line(get('/readyz'), ALL, signed_out=True),
    'get_metrics': Line(get('/metrics'), ALL, signed_out=True),
    'plain_report': Line(get('/plain/report'), ALL, signed_out=True),
    'plain_report_send': Line(lambda c, w, place: c.ask('POST', '/plain/report', b'text='), ALL, signed_out=True),
    'plain_follow': Line(get('/plain/follow'), ALL, signed_out=True),
    'plain_proof': Line(get('/v/NOTTHERE'), ALL, signed_out=True),
    'plain_follow_send': Line(lambda c, w, place: c.ask('POST', '/plain/follow', b'code=AAAAA-AAAA-AAAA'), ALL, signed_out=True),
}

# Routes whose place is in the query or the body.
SCOPED = {'list_offices', 'list_accounts', 'open_account', 'report_case', 'settle_case_on_spot', 'list_cases', 'list_activities', 'make_activity',
          'register_person', 'register_household', 'export_rows', 'list_oral_agreements', 'export_oral_agreements', 'get_oral_agreements_paper', 'list_rows', 'count_rows', 'make_row', 'list_places', 'register_place', 'get_figures', 'get_figures_cases', 'get_report', 'search', 'suggest', 'list_journal', 'export_cases', 'export_activities', 'export_persons', 'export_places', 'export_accounts', 'export_figures',
          'export_journal'}


def furnish(village):
    """What the tries point at in each place: a unit, an account, a case, a person, a place, an activity. Above and nowhere there are none."""
    world = {place: {'code': UNITS[place], 'account': NOBODY, 'case': NOBODY, 'person': NOBODY, 'place': NOBODY, 'activity': NOBODY}
             for place in PLACES}
    for place, desk, unit in ((OWN, 'officer1', GROUP), (BESIDE, 'officer-b', SIBLING)):
        who, w = village.as_(desk), world[place]
        w['case'] = village.report('request', by=who, unit=unit)[0]
        w['person'] = who.post('/persons', {'unit': unit, 'name': '方阿大', 'phone': '13900005678'}).good(201)['id']
        w['place'] = who.post('/places', {'unit': unit, 'kind': 'house', 'name': '方家老屋'}).good(201)['id']
        visit = {'type': 'visit', 'unit': HOST if place == OWN else unit, 'at': '2026-06-01T09:00:00+08:00'}
        w['activity'] = who.post('/activities', visit).good(201)['id']
        w['account'] = village.account(desk)
    world[ABOVE]['account'] = village.account('center')
    return world


def routes(village):
    for path, methods in village.anyone().get('/openapi.json').good()['paths'].items():
        for method, row in methods.items():
            yield row['operationId'], method, path, row['x-who']


def test_every_route_has_a_line(run):
    """rows: G1"""
    named = {name for name, *_ in routes(run.village())}
    same(sorted(named - set(LINES)), [], 'routes without an expectation')
    same(sorted(set(LINES) - named), [], 'expectations without a route')


def judge(line, login, place, reply):
    """What is wrong with this answer, or None."""
    if reply is None:
        return None
    if reply.status >= 500:
        return f'{reply.status}'
    if line.allows(login, place):
        return f'{reply.status} {reply.code}, but may' if reply.status in (401, 403) else None
    if login is None:
        return None if reply.status == 401 else f'{reply.status} {reply.code} without a session'
    if line.resident:
        return None if reply.status in (401, 403) else f'{reply.status} {reply.code} without a code'
    # Where the body is wrong too, being told so before the place is looked at gives nothing away about it.
    if reply.status in (401, 403, 404):
        return None
    return f'{reply.status} {reply.code}, but may not'


def test_posts_and_places(run):
    """rows: G1 L5"""
    village = Village(run.template.copy('matrix').serve())
    world = furnish(village)
    faults, tries = [], 0
    for name, method, path, who in routes(village):
        line = LINES.get(name)
        if line is None:
            continue
        if not line.signed_out and 'anyone' in who:
            faults.append(f'{name} is open to anyone')
        for login in [None, *CAST, *NEIGHBOUR]:
            client = village.anyone() if login is None else village.as_(login)
            for place in PLACES if '{' in path or 'unit' in path or name in SCOPED else [OWN]:
                fault = judge(line, login, place, line.ask(client, world, place))
                tries += 1
                if fault:
                    faults.append(f'{name} by {login or "nobody"} in {place}: {fault}')
    if faults:
        raise Failed(f'{len(faults)} of {tries} tries: ' + '; '.join(faults[:12]))
    village.server.stop()


def test_lists_show_only_own_scope(run):
    """rows: G1 D2"""
    village = run.village()
    beside = village.report('request', by=village.as_('officer-b'), unit=SIBLING)[0]
    for login in ('officer1', 'chair1', 'steward1', 'elder1'):
        for ask in (f'/cases?unit={SIBLING}', f'/cases?unit={SIBLING}&view=closed', '/cases?limit=200'):
            for card in village.as_(login).get(ask).good()['items']:
                if card['id'] == beside or not card['unit']['code'].startswith(HOST):
                    raise Failed(f'{login} sees {card["number"]} of {card["unit"]["code"]} in {ask}')
    mine = village.as_('steward1').get('/cases?limit=200').good()['items']
    same({c['unit']['code'] for c in mine if not c['mine']} - {GROUP}, set(), 'units that steward1 reads')
    beyond = village.as_('steward1').get('/sync').good()['rows']
    same([r for r in beyond if r['id'] == beside], [], 'the sibling committee\'s case in sync')


def test_nobody_writes_into_another_unit(run):
    """rows: G1"""
    village = run.village()
    officer = village.as_('officer1')
    officer.post('/cases', {'text': '别处的事', 'unit': SIBLING}).refused(404, 'not_found', 'unit')
    officer.post('/cases/settle_on_spot', {'outcome': 'ANSWERED', 'result': '答了', 'unit': SIBLING}).refused(404, 'not_found', 'unit')
    officer.post('/persons', {'unit': SIBLING, 'name': '方阿大'}).refused(404, 'not_found', 'unit')
    officer.post('/households', {'unit': SIBLING, 'address': '某处'}).refused(404, 'not_found', 'unit')
    officer.post('/places', {'unit': SIBLING, 'kind': 'house', 'name': '某屋'}).refused(404, 'not_found', 'unit')
    officer.post('/activities', {'type': 'visit', 'unit': SIBLING, 'at': '2026-06-01T09:00:00+08:00'}).refused(404, 'not_found', 'unit')
    case, _, _ = village.report('request')
    village.as_('officer1').do(case, 'assign', to=village.account('officer-b')).refused(422, 'not_allowed_here', 'to')
    village.as_('officer1').do(case, 'correct', reason='搬家', unit=SIBLING).refused(404, 'not_found', 'unit')
