"""A day on which everything else waits (field.md, a week of an officer): one switch, and the promises of a first answer go on tomorrow."""
from datetime import datetime, timedelta, timezone

from client import same, true
from registers import act
from village import GROUP, HOST, Village

OTHER = '341203105002'


def tomorrow():
    now = datetime.now(timezone(timedelta(hours=8)))
    return (now + timedelta(days=1)).date().isoformat()


def test_one_switch_for_the_day(run):
    """rows: G4 G18. What waits for an answer pauses with a reason that the resident reads; danger, what was answered and orders from outside go on."""
    village = Village(run.template.copy('urgent').serve())
    waits, track, _ = village.report('request', text='路灯什么时候修')
    danger, _, _ = village.report('dispute', text='扬言要动刀', danger=True)
    outside, _, _ = village.report('request', by=village.as_('officer1'), text='热线转来', external={'number': '12345-1', 'due': f'{tomorrow()}T18:00:00+08:00'})
    answered, _, _ = village.report('request', text='答过的')
    village.act(answered, 'officer1', 'accept')
    village.act(answered, 'officer1', 'reply', text='明天去看', told_how='电话')
    past, track_past, _ = village.report('request', category='R14', text='说说网格员的事', bypass_village=True)
    declare = lambda who='officer1', unit=HOST, **fields: village.as_(who).post('/registers/urgent', {'unit': unit, **fields})
    declare(reason='').refused(422, 'missing', 'reason')
    declare(unit=GROUP, reason='防汛').refused(422, 'not_allowed_here', 'unit')
    declare('steward1', reason='防汛').refused(403, 'forbidden')
    day = declare(reason='全村帮忙办丧事').good(201)
    declare('chair1', reason='又一件').refused(409, 'conflict', 'unit')
    paused = lambda case: village.case(case, 'center')['paused']
    same([paused(c) for c in (waits, danger, outside, answered)], [True, False, False, False], 'what waits')
    same((village.resident(track_past).get('/track').good()['steps'][-1]['text'] or '').count('丧事'), 1, 'also what the officer may not read')
    seen = village.resident(track).get('/track').good()
    true('全村帮忙办丧事' in str(seen['steps'][-1]), f'the resident reads why: {seen["steps"][-1]}')
    true(day['due'].startswith(tomorrow()), day['due'])
    # what comes in meanwhile counts from tomorrow, and says so
    fresh, track, said = village.report('request', text='问一下社保')
    same((paused(fresh), said['promises']['reply']['state']), (True, 'paused'))
    true('明天起算' in str(village.resident(track).get('/track').good()['steps'][0]['facts']), 'the resident of the new one too')
    same(paused(village.report('dispute', text='要跳井', danger=True)[0]), False, 'danger never waits')
    same(paused(village.report('request', unit=OTHER)[0]), False, 'another committee has its own day')
    # somebody finds time for one of them
    busy, _, _ = village.report('request', text='顺手办了')
    village.act(busy, 'officer1', 'accept')
    same((paused(busy), village.case(busy)['promises']['reply']['state']), (False, 'running'), 'taken in, it goes on')
    village.act(busy, 'officer1', 'settle', outcome='DONE', result='当场办好了')
    # over sooner: all go on at once
    act(village, day, 'steward1', 'end').refused(403, 'forbidden', 'verb')
    act(village, day, 'chair1', 'end').good()
    same([paused(c) for c in (waits, fresh)], [False, False], 'they go on')
    same(village.case(fresh)['promises']['reply']['state'], 'running')
    same(paused(village.report('request', text='再问')[0]), False, 'the day is over')
    same(village.site.verify()['faults'], 0, 'faults')
    village.server.stop()
