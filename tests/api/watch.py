"""What a committee had better look at by itself: what comes back (G15), what is missing (G2), what the season brings (G21)."""
from client import fresh_key, same, true
from village import GROUP, HOST, SIBLING, Village, eventually

SEWAGE = {'category': 'E0101'}


def roots(village, by='officer1', unit=HOST, **like):
    found = village.as_(by).get(f'/roots?unit={unit}').good()['items']
    return [r for r in found if all(r[k] == v for k, v in like.items())]


def numbers(cards):
    return sorted(c['number'] for c in cards)


def report(village, text, **more):
    return village.report('environment', by=village.as_('steward1'), text=text, **{**SEWAGE, **more})[0]


def test_three_times_at_one_place(run):
    """rows: G15"""
    village = Village(run.template.copy('roots').serve())
    before = len(roots(village))
    pond = village.as_('officer1').post('/places', {'unit': GROUP, 'kind': 'pond', 'name': '测试塘'}).good(201)['id']
    at_pond = [report(village, text, place_id=pond) for text in ('塘里有臭味', '水面漂了一层绿')]
    same(len(roots(village)), before, 'two are no pattern')
    at_pond.append(report(village, '死鱼', place_id=pond))
    found = roots(village, why='place', category='E0101')
    same([numbers(r['cases']) for r in found], [numbers(village.case(c) for c in at_pond)], 'three at one place')
    # Within fifty metres, without a place: a fourth of another category, and one that is a hundred metres off, don't belong.
    spots = [report(village, f'点位{n}', category='E0202', lat=32.9 + n * 0.0002, lon=115.8) for n in range(3)]
    report(village, '远处', category='E0202', lat=32.902, lon=115.8)
    report(village, '别的事', category='E0301', lat=32.9, lon=115.8)
    same([numbers(r['cases']) for r in roots(village, why='near')], [numbers(village.case(c) for c in spots)], 'within fifty metres')
    # Like words in the same group.
    for text in ('村东头老磨坊门口路灯又不亮了，老人夜里不敢走', '老磨坊门口的路灯不亮，夜里不敢走', '老磨坊门口路灯又不亮了，孩子放学黑漆漆的夜里不敢走'):
        village.report('request', text=text, category='R0601')
    village.report('request', text='井盖丢了一个，要快点补上免得摔人', category='R0601')
    said = [r for r in roots(village, why='words') if r['category'] == 'R0601']
    same([len(r['cases']) for r in said], [3], 'like words')
    # Only what one reads counts, and only where one works.
    village.as_('officer-b').get(f'/roots?unit={HOST}').refused(404, 'not_found', 'unit')
    same(roots(village, by='steward1', unit=GROUP, why='place', category='E0101')[0]['cases'][0]['unit']['code'], GROUP, 'the steward sees his')
    village.as_('leader1').get(f'/roots?unit={HOST}').refused(403, 'forbidden')

    # Taken up: a case stands for the cause, with the others behind it.
    root = report(village, '根子：塘里的污水没有出路', place_id=pond)
    other = village.as_('officer-b').post('/cases', {'kind': 'request', 'text': '隔壁', 'unit': SIBLING}, key=fresh_key()).good(201)['id']
    officer = village.as_('officer1')
    officer.do(root, 'root').refused(422, 'missing', 'cases')
    officer.do(root, 'root', cases=[root]).refused(422, 'not_allowed_here', 'cases.0')
    officer.do(root, 'root', cases=[at_pond[0], other]).refused(404, 'not_found', 'cases.1')
    village.as_('steward1').do(root, 'root', cases=at_pond).refused(403, 'forbidden')
    village.act(root, 'officer1', 'root', cases=at_pond, note='要通管网')
    same(sorted(x['number'] for x in village.case(root)['links'] if x['relation'] == 'behind'), numbers(village.case(c) for c in at_pond), 'behind it')
    same([x['relation'] for x in village.case(at_pond[0])['links']], ['root'], 'and it stands for each')
    true('root' not in village.verbs(root, 'officer1'), 'a button without its list')
    same(roots(village, why='place', category='E0101'), [], 'no longer proposed')
    again = report(village, '又臭了', place_id=pond)
    found = roots(village, why='place', category='E0101')
    same([r['root']['id'] for r in found], [root], 'a new one: proposed for the same root')
    village.act(root, 'officer1', 'root', cases=[again])
    same(roots(village, why='place', category='E0101'), [], 'behind it too')

    # Or there is no common cause: not asked again until another one comes.
    group = roots(village, why='near')[0]['cases']
    officer.do(group[0]['id'], 'not_root', cases=[group[-1]['id']]).refused(422, 'missing', 'reason')
    village.act(group[0]['id'], 'officer1', 'not_root', cases=[group[-1]['id']], reason='三家各自的事')
    same(roots(village, why='near'), [], 'not asked again')
    report(village, '第四处', category='E0202', lat=32.9001, lon=115.8)
    same(len(roots(village, why='near')), 1, 'asked again when another one came')
    village.server.stop()


def told(village, login):
    """The numbers of the cases of which someone heard that there may be one cause."""
    return [n['number'] for n in village.as_(login).get('/notices').good()['items'] if '同一处三个月里来了三回' in n['text']]


def test_who_is_told_of_a_common_cause(run):
    """rows: G15. Chair and officer are told once of each proposal, by the case that completed it, also when a correction brings it there; the steward is not."""
    village = Village(run.template.copy('roottold').serve())
    before = {who: told(village, who) for who in ('chair1', 'officer1')}
    pond = village.as_('officer1').post('/places', {'unit': GROUP, 'kind': 'pond', 'name': '测试塘'}).good(201)['id']
    cases = [report(village, text, place_id=pond) for text in ('塘里有臭味', '水面漂了一层绿', '死鱼')]
    third = village.case(cases[2])['number']
    eventually(lambda: third in told(village, 'chair1'), True, 'the chair')
    fourth = village.case(report(village, '又臭了', place_id=pond))['number']
    moved = report(village, '臭水', category='E0202', place_id=pond)
    village.act(moved, 'officer1', 'correct', category='E0101', reason='看错了')
    for n in range(2):
        report(village, f'点位{n}', category='E0202', lat=32.9 + n * 0.0002, lon=115.8)
    last = report(village, '点位三', category='E0301', lat=32.9, lon=115.8)
    village.act(last, 'officer1', 'correct', category='E0202', reason='看错了')
    number = village.case(last)['number']
    eventually(lambda: number in told(village, 'officer1'), True, 'after a correction')
    for who in ('chair1', 'officer1'):
        same(sorted(set(told(village, who)) - set(before[who])), sorted([third, number]), f'{who}: once each, not for {fourth}')
        same(len(told(village, who)), len(before[who]) + 2, 'once')
    same(told(village, 'steward1'), [])


def gaps(village, unit=HOST, by='chair1'):
    return {g['gap']: g for g in village.as_(by).get(f'/coverage?unit={unit}').good()['gaps']}


def test_coverage(run):
    """rows: G2"""
    village = Village(run.template.copy('coverage').serve())
    before = gaps(village)
    same(set(before), {'no_steward', 'no_visit', 'no_office', 'no_handler', 'no_person'}, 'kinds of gaps')
    true(all(g['label'] and g['next'] and g['count'] >= len(g['rows']) for g in before.values()), 'what to do next')
    # A steward leaves: his village stands there, until somebody is appointed.
    admin, steward = village.as_('admin1'), village.account('steward1')
    named = lambda: GROUP in [r['unit']['code'] for r in gaps(village)['no_steward']['rows']]
    true(not named(), 'he is there')
    admin.post(f'/accounts/{steward}/relieve', {'post': 'steward', 'unit': GROUP}).good()
    true(named(), 'nobody is there')
    same(village.anyone().get(f'/units/{GROUP}').good()['steward'], None, 'on the portal')
    admin.post(f'/accounts/{village.account("steward2")}/appoint', {'post': 'steward', 'unit': GROUP}).good()
    true(not named(), 'somebody is there')
    # A group that nobody visits.
    idle = gaps(village)['no_visit']['rows']
    true(idle, 'the demo has no idle group')
    village.as_('officer1').post('/activities', {'type': 'visit', 'unit': idle[0]['unit']['code'], 'at': run_now()}).good(201)
    true(idle[0]['unit'] not in [r['unit'] for r in gaps(village)['no_visit']['rows']], 'visited')
    # A place without a person.
    place = village.as_('officer1').post('/places', {'unit': GROUP, 'kind': 'pond', 'name': '无主塘'}).good(201)['id']
    without = lambda: '无主塘' in [r['what'] for r in gaps(village)['no_person']['rows']]
    true(without(), 'nobody answers for it')
    village.as_('officer1').post(f'/places/{place}/correct', {'operator': '老张'}).good()
    true(not without(), 'somebody answers for it')
    # A level has nobody for its task: the supervisor is relieved.
    levels = lambda: [r['what'] for r in gaps(village)['no_handler']['rows'] if r['unit']['code'] == HOST]
    true(not any('监督' in what for what in levels()), f'{levels()}')
    admin.post(f'/accounts/{village.account("supervisor1")}/relieve', {'post': 'supervisor', 'unit': HOST}).good()
    true(any('监督' in what for what in levels()), f'{levels()}')
    village.as_('officer-b').get(f'/coverage?unit={HOST}').refused(404, 'not_found', 'unit')
    village.server.stop()


def run_now():
    import time
    return time.strftime('%Y-%m-%dT%H:%M:%S+00:00', time.gmtime(time.time() - 3600))


def test_my_steward_as_far_as_agreed(run):
    """rows: G2 G17"""
    village = Village(run.template.copy('mysteward').serve())
    card = lambda: village.anyone().get(f'/units/{GROUP}').good()['steward']
    shown = card()
    true(shown['name'] and shown['phone'], shown)
    admin, steward = village.as_('admin1'), village.account('steward1')
    village.as_('officer1').post(f'/accounts/{steward}/card', {'hide_phone': True}).refused(403, 'forbidden')
    admin.post(f'/accounts/{steward}/card', {'hide_phone': True}).good()
    same((card()['name'], card()['phone']), (shown['name'], ''), 'the number is kept back')
    admin.post(f'/accounts/{steward}/card', {'hide_phone': False, 'phone': '139 0000 1111'}).good()
    same(card()['phone'], '13900001111', 'and given')
    # While a stand-in covers, it is the stand-in whom people call.
    other = village.account('steward2')
    admin.post(f'/accounts/{other}/appoint', {'post': 'steward', 'unit': GROUP, 'stands_in_for': steward}).good()
    true(card()['name'] != shown['name'], 'the stand-in')
    case, _, _ = village.report('request')
    village.act(case, 'steward2', 'take')
    admin.post(f'/accounts/{other}/relieve', {'post': 'steward', 'unit': GROUP}).good()
    same(card()['name'], shown['name'], 'back again')
    village.server.stop()


def test_the_season_fills_today(run):
    """rows: G21"""
    village = Village(run.template.copy('season').serve())
    season = lambda by='steward1', unit=GROUP: village.as_(by).get(f'/season?unit={unit}').good()
    now = season()
    true(now['items'] and all(i['done'] is None for i in now['items']), now)
    item = now['items'][0]['item']
    steward = village.as_('steward1')
    steward.post('/registers/season', {'unit': GROUP, 'item': '没有这一项'}).refused(422, 'not_a_choice', 'item')
    made = steward.post('/registers/season', {'unit': GROUP, 'item': item, 'what_done': '逐户走过了'}).good(201)
    done = {i['item']: i['done'] for i in season('officer1', HOST)['items']}
    true(done[item]['by'] and [d for d in done.values()].count(None) == len(done) - 1, done)
    true(village.as_('officer-b').get(f'/season?unit={SIBLING}').good()['items'][0]['done'] is None, 'another committee')
    village.as_('officer-b').get(f'/season?unit={HOST}').refused(404, 'not_found', 'unit')
    steward.post(f'/registers/season/{made["id"]}/take_back', {'reason': '记错了村'}).good()
    same(season()['items'][0]['done'], None, 'taken back')
    village.server.stop()
