"""Ready wording (G17): the pack's first dozen, a committee's own, and what a town keeps for all below it."""
from client import same, true
from powers import pack
from village import GROUP, HOST, SIBLING, TOWN, Village


def offered(village, who, unit=HOST, verb='reply', kind='request'):
    return village.as_(who).get(f'/phrases?unit={unit}&verb={verb}&kind={kind}').good()['items']


def titles(*how, **more):
    return [p['title'] for p in offered(*how, **more)]


def test_the_packs_phrases(run):
    """rows: G17 G14"""
    rows = pack()['phrases']
    true(len(rows) >= 12, rows)
    banned = pack()['powers']['must_not_words']
    same([(r['title'], w) for r in rows for w in banned if w in r['text']], [], 'words that no committee may say')
    village = run.village()
    true('已受理' in titles(village, 'steward1', GROUP) and '电话回访' not in titles(village, 'steward1', GROUP), 'for every step, and for none but its own')
    true('和好了' in titles(village, 'officer1', verb='settle', kind='dispute'), 'of its kind')
    true('和好了' not in titles(village, 'officer1', verb='settle', kind='hazard'), 'and of no other')


def test_a_committee_keeps_its_own(run):
    """rows: G17"""
    village = Village(run.template.copy('phrases').serve())
    keep = lambda who, unit, **f: village.as_(who).post('/registers/phrases', {'unit': unit, 'phrase_title': '自己的话', 'phrase': '{事项}已办，请放心。', **f})
    keep('steward1', GROUP).refused(403, 'forbidden')
    keep('officer1', SIBLING).refused(404, 'not_found', 'unit')
    keep('officer1', HOST, phrase='').refused(422, 'missing', 'phrase')
    keep('officer1', HOST, for_verb='fly').refused(422, 'not_a_choice', 'for_verb')
    row = keep('officer1', HOST, for_verb='reply').good(201)['id']
    same([(p['title'], p['text'], p['id']) for p in offered(village, 'steward1', GROUP)][0], ('自己的话', '{事项}已办，请放心。', row), 'held in the groups too')
    true('自己的话' not in titles(village, 'officer1', verb='settle') and '自己的话' not in titles(village, 'officer-b', SIBLING), 'nowhere else')
    village.as_('officer1').post(f'/registers/phrases/{row}/reword', {'phrase_title': '改过的话', 'phrase': '已办。'}).good()
    same(offered(village, 'officer1')[0]['text'], '已办。', 'reworded')
    keep('center', TOWN, phrase_title='镇里的话').good(201)
    true('镇里的话' in titles(village, 'officer1') and '镇里的话' in titles(village, 'officer-b', SIBLING), 'the town\'s holds below')
    village.as_('officer1').post(f'/registers/phrases/{row}/drop', {}).good()
    true('改过的话' not in titles(village, 'officer1'), 'dropped')
    village.server.stop()
