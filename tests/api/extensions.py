"""Extensions (G4, G17): the committee's head grants the first, the level above what comes after, what has left the committee, and what is the head's own."""
from client import fresh_key, same, true
from standins import away
from village import Village, eventually


def asked(village, case, who):
    """Who sees it in the list of what waits for them, and with what."""
    found = [c for c in village.as_(who).get('/cases?view=extension&limit=200').good()['items'] if c['id'] == case]
    return found[0]['extension'] if found else None


def ready(village, who='officer1'):
    case, _, _ = village.report('request')
    village.act(case, who, 'accept')
    return case


def ask(village, case, who='officer1', days=5):
    village.act(case, who, 'ask_extension', days=days, reason='等材料')


def test_the_first_is_the_heads(run):
    """rows: G4 G17"""
    village = Village(run.template.copy('extension').serve())
    case = ready(village)
    ask(village, case)
    same(asked(village, case, 'chair1'), {'decides': 'head', 'may': True, 'days': 5, 'reason': '等材料'}, 'in the head\'s list')
    for who in ('center', 'leader1', 'officer2', 'officer1', 'chair-b'):
        same(asked(village, case, who), None, f'{who} does not decide')
    same(village.case(case, 'officer2')['extension'], {'decides': 'head', 'may': False, 'days': 0, 'reason': ''}, 'who decides is said')
    told = lambda who: any(n['case'] == case and '延期' in n['text'] for n in village.as_(who).get('/notices').good()['items'])
    eventually(lambda: told('chair1'), True, 'the head is told')
    true(not told('center') and not told('leader1'), 'and nobody else')
    village.as_('center').do(case, 'grant_extension', granted=True).refused(409, 'not_open', 'verb')
    true('grant_extension' not in village.verbs(case, 'center'), 'no button')
    page = village.act(case, 'chair1', 'grant_extension', granted=True)
    same((page['extension_asked'], page['extension']), (False, None), 'granted')
    # The second goes above, to the dispatcher or the leader.
    ask(village, case, days=3)
    same(asked(village, case, 'chair1'), None, 'no longer the head\'s')
    for who in ('center', 'leader1'):
        same(asked(village, case, who), {'decides': 'above', 'may': True, 'days': 3, 'reason': '等材料'}, who)
    eventually(lambda: told('center') and told('leader1'), True, 'those above are told')
    village.as_('chair1').do(case, 'grant_extension', granted=True).refused(409, 'not_open', 'verb')
    village.as_('leader1').do(case, 'grant_extension', granted=False).refused(422, 'missing', 'reason')
    village.as_('leader1').do(case, 'grant_extension', granted=True).good()
    same(village.case(case)['extension'], None, 'granted above')
    village.server.stop()


def test_what_is_the_heads_own_goes_above(run):
    """rows: G4 G17"""
    village = Village(run.template.copy('extensionhead').serve())
    case = ready(village, 'chair1')
    ask(village, case, 'chair1')
    same((asked(village, case, 'chair1'), asked(village, case, 'center')['decides']), (None, 'above'), 'her own')
    # Refused, it is asked for again; whoever stands in for the head's own matters is not the head either.
    village.act(case, 'center', 'grant_extension', granted=False, reason='抓紧办')
    ask(village, case, 'chair1')
    same(asked(village, case, 'center')['decides'], 'above', 'still above')
    other = ready(village)
    away(village, 'officer1', 'officer1', 'officer2').good()
    ask(village, other, 'officer2')
    same(asked(village, other, 'chair1')['decides'], 'head', 'asked by the stand-in')
    # While it waits it goes to an office: then the level above decides.
    village.act(other, 'officer2', 'refer', office=village.office('power'), mode='refer', text='请修', consent={'given': True, 'how': '电话'})
    same((asked(village, other, 'chair1'), asked(village, other, 'center')['decides']), (None, 'above'), 'handed on')
    village.server.stop()


def test_an_office_asks_the_level_above(run):
    """rows: G4 G17"""
    village = Village(run.template.copy('extensionoffice').serve())
    case = ready(village)
    village.act(case, 'officer1', 'refer', office=village.office('power'), mode='refer', text='请修', consent={'given': True, 'how': '电话'})
    village.act(case, 'power', 'accept')
    ask(village, case, 'power', days=7)
    same(asked(village, case, 'chair1'), None, 'not the committee\'s')
    same(asked(village, case, 'center')['days'], 7, 'the centre decides')
    several = [{'id': fresh_key(), 'verb': 'grant_extension', 'subject': case, 'fields': {'granted': True}}]
    same(village.as_('center').post('/batch', {'commands': several}).good()['answers'][0]['status'], 200, 'several at once')
    # At the centre itself it is not the centre's own dispatcher.
    up = ready(village)
    village.act(up, 'officer1', 'escalate', reason='村里办不了')
    village.act(up, 'center', 'accept')
    ask(village, up, 'center')
    same(asked(village, up, 'leader1')['may'], True, 'the leader')
    village.as_('center').do(up, 'grant_extension', granted=True).refused(409, 'not_open', 'verb')
    village.server.stop()
