"""Stand-ins (G1, G17): somebody on leave is covered for some days, without lending a password."""
import time

from client import fresh_key, same, true
from village import GROUP, HOST, Village, eventually, quote


def day(n):
    """The date in n days, Beijing's."""
    return time.strftime('%Y-%m-%d', time.gmtime(time.time() + 8 * 3600 + n * 86400))


def away(village, who, absent, with_, to=5, **fields):
    return village.as_(who).post(f'/accounts/{village.account(absent)}/away', {'with': village.account(with_), 'to': day(to), **fields})


def mine(village, login):
    return [c['id'] for c in village.as_(login).get('/cases?view=mine&limit=200').good()['items']]


def test_a_steward_is_covered_for_some_days(run):
    """rows: G1 G17"""
    village = Village(run.template.copy('standin').serve())
    case, _, _ = village.report('request')
    village.act(case, 'steward1', 'take')
    second = village.as_('steward2')
    second.get(f'/cases/{case}').refused(404, 'not_found')
    away(village, 'steward1', 'steward1', 'steward2').good()
    # The posts, the cases in hand and their verbs.
    page = second.get(f'/cases/{case}').good()
    true('progress' in [v['verb'] for v in page['verbs']] and page['mine'], page['verbs'])
    same(case in mine(village, 'steward2'), True, 'in the stand-in\'s own list')
    village.act(case, 'steward2', 'progress', text='替他去看过了')
    step = [s for s in village.case(case)['timeline'] if s['verb'] == 'progress'][-1]
    absent = village.as_('steward1').get('/session').good()
    true([f for f in step['facts'] if f['value'] == absent['account']['name']], f'in whose place: {step["facts"]}')
    true(village.as_('steward2').get(f'/search?q={quote(page["number"])}').good()['items'], 'found by its number')
    # Both see it.
    session = second.get('/session').good()
    same([(c['name'], c['until']) for c in session['covers']], [(absent['account']['name'], day(5))], 'whom one covers')
    same([(c['name'], c['from'], c['until']) for c in absent['covered_by']], [(session['account']['name'], day(0), day(5))], 'who covers')
    true(any(p['stand_in'] for p in session['posts']), session['posts'])
    # What comes in meanwhile reaches the stand-in.
    told = lambda: any(n['case'] == case for n in second.get('/notices').good()['items'])
    village.act(case, 'chair1', 'urge', text='请抓紧')
    eventually(told, True, 'the stand-in is told')
    # Back early.
    village.as_('steward1').post(f'/accounts/{village.account("steward1")}/back').good()
    second.get(f'/cases/{case}').refused(404, 'not_found')
    same(second.get('/session').good()['covers'], [], 'over')
    village.as_('steward1').post(f'/accounts/{village.account("steward1")}/back').refused(409, 'not_open', 'verb')
    village.server.stop()


def test_who_may_send_whom_away(run):
    """rows: G1 G17"""
    village = Village(run.template.copy('standinwho').serve())
    away(village, 'officer2', 'steward1', 'steward2').refused(403, 'forbidden')
    away(village, 'chair-b', 'steward1', 'steward2').refused(404, 'not_found')
    away(village, 'chair1', 'steward1', 'steward2', **{'from': day(2)}).good()
    listed = [i for i in village.as_('chair1').get('/stand-ins').good()['items']]
    same([(i['from'], i['until'], i['now'], i['may_end']) for i in listed], [(day(2), day(5), False, True)], 'coming')
    same(village.as_('steward2').get('/session').good()['covers'], [], 'not yet')
    same(village.as_('officer2').get('/stand-ins').good()['items'], [], 'nobody else\'s business')
    village.as_('officer2').get(f'/stand-ins?for={village.account("steward1")}').refused(404, 'not_found', 'for')
    away(village, 'chair1', 'steward1', 'steward2').refused(409, 'conflict', 'from')
    away(village, 'chair1', 'steward2', 'steward1').refused(409, 'conflict', 'with')
    village.as_('chair1').post(f'/accounts/{village.account("steward1")}/back').good()
    same(village.as_('chair1').get('/stand-ins').good()['items'], [], 'taken back')
    # Fields.
    away(village, 'steward1', 'steward1', 'steward1').refused(422, 'not_allowed_here', 'with')
    away(village, 'steward1', 'steward1', 'steward-b').refused(422, 'not_allowed_here', 'with')
    away(village, 'steward1', 'steward1', 'steward2', to=60).refused(422, 'out_of_range', 'to')
    away(village, 'steward1', 'steward1', 'steward2', to=-1).refused(422, 'out_of_range', 'to')
    away(village, 'steward1', 'steward1', 'steward2', **{'from': day(-1)}).refused(422, 'in_past', 'from')
    away(village, 'steward1', 'steward1', 'steward2', **{'from': day(400)}).refused(422, 'out_of_range', 'from')
    village.as_('steward1').post(f'/accounts/{village.account("steward1")}/away', {'with': fresh_key(), 'to': day(3)}).refused(404, 'not_found', 'with')
    # A steward is no mediator, and nobody hands on what watches over the committee.
    away(village, 'mediator1', 'mediator1', 'officer1').refused(422, 'not_allowed_here', 'with')
    away(village, 'supervisor1', 'supervisor1', 'officer1').refused(422, 'not_allowed_here', 'with')
    away(village, 'admin1', 'steward1', 'steward2', to=59).good()
    with_ = [p['id'] for p in village.as_('officer1').get('/stand-ins').good()['with']]
    true(village.account('officer2') in with_ and village.account('steward2') not in with_, 'officers for officers')
    # Only one's own posts are lent, for the days: whoever loses the post meanwhile lends it no longer.
    village.as_('admin1').post(f'/accounts/{village.account("steward1")}/relieve', {'post': 'steward', 'unit': GROUP}).good()
    same([p for p in village.as_('steward2').get('/session').good()['posts'] if p['stand_in']], [], 'relieved')
    village.server.stop()


def test_a_stand_in_stays_recused(run):
    """rows: G1 G19"""
    village = Village(run.template.copy('standinside').serve())
    village.as_('admin1').post(f'/accounts/{village.account("officer2")}/card', {'phone': '13955550177'}).good()
    sides = [{'role': 'party', 'side': 1, 'name': '方阿大'}, {'role': 'party', 'side': 2, 'name': '某某', 'phone': '13955550177'}]
    case = village.as_('officer1').post('/cases', {'kind': 'dispute', 'text': '为地边吵', 'unit': GROUP, 'persons': sides}, key=fresh_key()).good(201)['id']
    village.act(case, 'officer1', 'accept')
    away(village, 'officer1', 'officer1', 'officer2').good()
    village.as_('officer2').get(f'/cases/{case}').refused(404, 'not_found')
    true(case not in mine(village, 'officer2'), 'in the list of who is a side')
    other, _, _ = village.report('request', unit=HOST)
    village.act(other, 'officer1', 'accept')
    true(other in mine(village, 'officer2'), 'the others are there')
    village.server.stop()
