"""Kin (G19): nobody handles, sees or judges a matter about themselves, their household or the relatives whom they have declared."""
from client import fresh_key, same, true
from village import GROUP, HOST, OUTCOMES, SIBLING, Village

SON = {'name': '吴小满', 'phone': '13955550301'}


def declare(village, who, name=SON['name'], unit=HOST, relation='child', **fields):
    return village.as_(who).post('/registers/kin', {'unit': unit, 'kin_name': name, 'relation': relation, **fields})


def quarrel(village, by='officer1', unit=GROUP, side=SON, **fields):
    sides = [{'role': 'party', 'side': 1, 'name': '方阿大'}, {'role': 'party', 'side': 2, **side}]
    return village.as_(by).post('/cases', {'kind': 'dispute', 'text': '为地边吵', 'unit': unit, 'persons': sides, **fields}, key=fresh_key()).good(201)['id']


def test_declared_kin_at_birth(run):
    """rows: G19"""
    village = Village(run.template.copy('kin').serve())
    declare(village, 'officer2').good(201)
    declare(village, 'steward1', name='李不同', unit=GROUP, kin_phone='139 5555 0301').good(201)
    declare(village, 'officer1', name='王不相干').good(201)
    case = quarrel(village)
    for who in ('officer2', 'steward1'):
        village.as_(who).get(f'/cases/{case}').refused(404, 'not_found')
    village.case(case, 'officer1')
    village.as_('chair1').get(f'/cases/{case}').good()
    # A name alone speaks in the committee alone; a number everywhere.
    declare(village, 'center', unit=HOST[:9] + '000', name='方阿大').good(201)
    village.as_('center').get(f'/cases/{quarrel(village)}').good()
    # Taken back, it counts no longer.
    row = village.as_('officer2').get('/registers/kin?mine=true').good()['items'][0]['id']
    village.as_('officer2').post(f'/registers/kin/{row}/remove', {}).good()
    village.as_('officer2').get(f'/cases/{quarrel(village)}').good()
    # On the spot: somebody else.
    spot = {'kind': 'dispute', 'unit': GROUP, 'outcome': 'SPOT_PEACE', 'text': '和好了', 'persons': [{'role': 'party', 'side': 1, 'name': '方阿大'}, {'role': 'party', 'side': 2, **SON}]}
    village.as_('steward1').post('/cases/settle_on_spot', spot).refused(422, 'recused', 'persons')
    behalf = {'account': village.account('steward1'), 'name': '某管家', 'how': '电话'}
    village.as_('officer1').post('/cases/settle_on_spot', {**spot, 'for': behalf}).refused(422, 'recused', 'persons')
    village.server.stop()


def test_same_household(run):
    """rows: G19 G16"""
    village = Village(run.template.copy('household').serve())
    village.as_('admin1').post(f'/accounts/{village.account("officer2")}/card', {'phone': '13955550311'}).good()
    officer = village.as_('officer1')
    home = officer.post('/households', {'unit': GROUP, 'address': '前街9号'}).good(201)['id']
    worker = officer.post('/persons', {'unit': GROUP, 'name': '吴某', 'phone': '13955550311'}).good(201)['id']
    wife = officer.post('/persons', {'unit': GROUP, 'name': '李某', 'phone': '13955550312'}).good(201)['id']
    before = quarrel(village, side={'name': '李某', 'phone': '13955550312'})
    for person in (worker, wife):
        officer.post(f'/persons/{person}/correct', {'household': home}).good()
    case = quarrel(village, side={'name': '李某', 'phone': '13955550312'})
    village.as_('officer2').get(f'/cases/{case}').refused(404, 'not_found')
    # What began before is seen still, but neither taken nor given.
    village.as_('officer2').do(before, 'accept').refused(422, 'recused', 'verb')
    village.as_('officer2').do(before, 'take').refused(422, 'recused', 'verb')
    officer.do(before, 'assign', to=village.account('officer2')).refused(422, 'recused', 'to')
    officer.do(before, 'take', **{'for': {'account': village.account('officer2'), 'name': '吴某', 'how': '电话'}}).refused(422, 'recused', 'for.account')
    village.server.stop()


def test_declared_later(run):
    """rows: G19 G20"""
    village = Village(run.template.copy('kinlater').serve())
    case = quarrel(village)
    village.act(case, 'officer1', 'accept')
    declare(village, 'officer2', kin_phone=SON['phone']).good(201)
    village.as_('chair1').do(case, 'assign', to=village.account('officer2')).refused(422, 'recused', 'to')
    village.as_('chair1').do(case, 'co_handle', **{'with': village.account('officer2')}).refused(422, 'recused', 'with')
    village.as_('officer2').do(case, 'settle', outcome=OUTCOMES['dispute'], result='好了').refused(422, 'recused', 'verb')
    village.act(case, 'officer1', 'settle', outcome=OUTCOMES['dispute'], result='好了')
    judged = {'resolved': 'yes', 'satisfied': 'yes', 'for': {'name': '方阿大', 'how': '电话'}}
    said = village.as_('officer2').do(case, 'judge', **judged)
    said.refused(422, 'recused', 'verb')
    words = said.body.decode()
    true('吴小满' not in words and '亲属' in words, words)
    village.act(case, 'mediator1', 'judge', **judged)
    # A side who comes later: the handler keeps out from then on, and it lies with nobody until it is taken.
    other = quarrel(village, side={'name': '某某'})
    village.act(other, 'officer2', 'accept')
    village.as_('officer1').do(other, 'correct', reason='补上一方', persons=[{'role': 'party', 'side': 2, **SON}]).good()
    village.as_('officer2').get(f'/cases/{other}').refused(404, 'not_found')
    same(village.case(other)['holder']['name'] != village.as_('officer2').get('/session').good()['account']['name'], True, 'handed back')
    village.act(other, 'officer1', 'take')
    # Whoever is handed on to: those of the office whose kin it is see nothing of it.
    third = quarrel(village)
    village.act(third, 'officer1', 'accept')
    declare(village, 'natres', unit=HOST[:9] + '000', name='方别人', kin_phone=SON['phone']).good(201)
    village.act(third, 'officer1', 'refer', office=village.office('natres'), mode='refer', text='请看', consent={'given': True, 'how': '电话'})
    village.as_('natres').get(f'/cases/{third}').refused(404, 'not_found')
    village.server.stop()


def test_who_reads_what_is_declared(run):
    """rows: G19 G1"""
    village = Village(run.template.copy('kinread').serve())
    row = declare(village, 'officer2', kin_phone='139 5555 0301').good(201)['id']
    at = f'/registers/kin/{row}'
    for who in ('officer2', 'chair1', 'admin1', 'auditor1'):
        same(village.as_(who).get(at).good()['title'], SON['name'], who)
    for who in ('officer1', 'steward1', 'mediator1', 'center', 'leader1', 'supervisor1', 'chair-b'):
        village.as_(who).get(at).refused(404, 'not_found')
    # Not even who stands in for them.
    village.as_('officer2').post(f'/accounts/{village.account("officer2")}/away', {'with': village.account('officer1'), 'to': '2099-01-01'}).refused(422, 'out_of_range', 'to')
    from standins import away
    away(village, 'officer2', 'officer2', 'officer1').good()
    village.as_('officer1').get(at).refused(404, 'not_found')
    # Fields, and for whom.
    declare(village, 'officer2', name='').refused(422, 'missing', 'kin_name')
    declare(village, 'officer2', relation='friend').refused(422, 'not_a_choice', 'relation')
    declare(village, 'officer2', kin_phone='abc').refused(400, 'malformed', 'kin_phone')
    declare(village, 'officer2', unit=SIBLING).refused(404, 'not_found', 'unit')
    declare(village, 'officer1', account=village.account('officer2')).refused(403, 'forbidden', 'account')
    declare(village, 'auditor1').refused(403, 'forbidden')
    other = declare(village, 'chair1', name='方大嫂', account=village.account('steward1')).good(201)['id']
    true(other in [r['id'] for r in village.as_('steward1').get('/registers/kin?mine=true').good()['items']], 'taken down for him')
    village.as_('steward2').post(f'/registers/kin/{other}/remove', {}).refused(404, 'not_found')
    village.as_('steward1').post(f'/registers/kin/{other}/change', {'kin_name': '方大嫂', 'relation': 'in_law', 'kin_phone': '139-5555-0399'}).good()
    same(village.as_('steward1').get(f'/registers/kin/{other}').good()['values']['kin_phone'], '13955550399', 'as digits')
    village.server.stop()
