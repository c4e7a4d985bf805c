"""People once (G16): looked for before they are written down, merged and taken apart again, moved, dead; what named them follows."""
from archive import elsewhere, export
from client import same, true
from erase import PURPOSE, found_in_files, hexes
from village import GROUP, HOST, OTHER_GROUP, SIBLING, Village, eventually, quote

ID_NO, WRONG_ID_NO = '11010519491231002X', '110105194912310021'


def register(village, name, phone='', unit=GROUP, by='officer1', **more):
    return village.as_(by).post('/persons', {'unit': unit, 'name': name, 'phone': phone, **more})


def page(village, person, by='officer1'):
    return village.as_(by).get(f'/persons/{person}').good()


def verb(village, person, what, by='officer1', **fields):
    return village.as_(by).post(f'/persons/{person}/{what}', fields)


def names(shown):
    return sorted(c['case']['number'] for c in shown['cases'])


def numbers(village, *cases):
    return sorted(village.case(c)['number'] for c in cases)


def two(village, suffix):
    """One woman, written down twice: with a telephone in a request, without one in a difficulty; and both entries in one dispute."""
    first, _, _ = village.report('request', persons=[{'role': 'reporter', 'name': '司马问路' + suffix, 'phone': '1395550' + suffix}])
    second, _, _ = village.report('difficulty', persons=[{'role': 'subject', 'name': '司马问路' + suffix, 'phone': '1396660' + suffix}])
    a = village.case(first)['persons'][0]['id']
    b = village.case(second)['persons'][0]['id']
    true(a != b, 'they are one already')
    both, _, _ = village.report('dispute', by=village.as_('steward1'), persons=[
        {'role': 'party', 'side': 1, 'person': a}, {'role': 'party', 'side': 1, 'person': b}, {'role': 'party', 'side': 2, 'name': '方阿九'}])
    return first, second, both, a, b


def test_searched_before_created(run):
    """rows: G16"""
    village = run.village()
    made = register(village, '东方查重', '13977770001', id_no=ID_NO).good(201)['id']
    for field, more in (('phone', {'name': '别的名字', 'phone': '139 7777 0001'}), ('name', {'name': '东方查重', 'phone': '13977770002'}),
                        ('id_no', {'name': '第三个名字', 'phone': '', 'id_no': ID_NO.lower()})):
        said = register(village, **more).refused(409, 'likely_same', field)
        true('1' in said['title'], said['title'])
    # The name alone counts within the village.
    register(village, '东方查重', unit=SIBLING, by='officer-b').good(201)
    found = village.as_('officer1').post('/persons/alike', {'unit': HOST, 'name': '东方查重', 'phone': '13977770001'}).good()['items']
    same([(p['id'], p['same']) for p in found], [(made, ['phone', 'name'])], 'who is alike')
    true(found[0]['name'] != '东方查重' and '****' in found[0]['phone'], f'not masked: {found}')
    register(village, '东方查重', '13977770003', even_so=True).good(201)
    register(village, '号码不对', id_no=WRONG_ID_NO).refused(422, 'bad_check_digit', 'id_no')
    village.as_('officer1').post('/persons/alike', {'unit': HOST, 'id_no': WRONG_ID_NO}).refused(422, 'bad_check_digit', 'id_no')
    village.as_('officer1').post('/persons/alike', {'unit': SIBLING, 'name': '东方查重'}).refused(404, 'not_found', 'unit')
    village.report('request', persons=[{'role': 'reporter', 'name': '某', 'phone': '13900000000', 'id_no': ID_NO}])
    said = village.anyone().post('/cases', {'kind': 'request', 'text': '号码不对的', 'unit': GROUP, 'persons': [
        {'role': 'reporter', 'name': '某', 'id_no': WRONG_ID_NO}]})
    said.refused(422, 'bad_check_digit', 'persons.0.id_no')


def test_merged_and_taken_apart(run):
    """rows: G16"""
    village = run.village()
    first, second, both, a, b = two(village, '1111')
    shown = page(village, a)
    same(names(shown), numbers(village, first, both), 'cases of the first')
    same([(p['id'], p['same']) for p in shown['alike']], [(b, ['name'])], 'who may be the same')
    village.as_('steward1').post(f'/persons/{b}/merge', {'same_as': a}).refused(404, 'not_found')
    verb(village, b, 'merge', same_as=b).refused(422, 'not_allowed_here', 'same_as')
    verb(village, b, 'merge', same_as=made_beside(village)).refused(404, 'not_found', 'same_as')
    verb(village, b, 'unmerge').refused(409, 'not_open')
    verb(village, b, 'merge', same_as=a, note='同一人，换了号').good()
    shown = page(village, a)
    same(names(shown), numbers(village, first, second, both), 'both histories')
    same([p['id'] for p in shown['merged']], [b], 'who was merged')
    same(shown['alike'], [], 'nobody else')
    same([s['verb'] for s in shown['steps']], ['absorb'], 'what was done')
    same([p['id'] for p in village.case(both)['persons'] if p['side'] == 1], [a], 'once in the case where both were')
    gone = page(village, b)
    same((gone['merged_into']['id'], gone['cases'], [v['verb'] for v in gone['verbs']]), (a, [], ['unmerge']), 'the entry that was merged')
    for what, fields in (('correct', {'name': '改名'}), ('died', {'died_on': '2026-01-01'}), ('move', {'unit': OTHER_GROUP}), ('merge', {'same_as': a})):
        verb(village, b, what, **fields).refused(409, 'not_open')
    # Whoever reports with the other number now is the same person; and a picker that kept the old id means them too.
    third, _, _ = village.report('request', persons=[{'role': 'reporter', 'name': '司马问路1111', 'phone': '13966601111'}])
    same(village.case(third)['persons'][0]['id'], a, 'found by the other number')
    fourth, _, _ = village.report('request', by=village.as_('steward1'), persons=[{'role': 'contact', 'person': b}])
    same(village.case(fourth)['persons'][0]['id'], a, 'found by the old id')
    same([p['id'] for p in village.as_('officer1').get('/persons?q=13966601111').good()['items']], [a], 'found by the list')

    verb(village, b, 'unmerge').good()
    same(names(page(village, b)), numbers(village, second, both), 'exactly what moved came back')
    same(names(page(village, a)), numbers(village, first, both, third, fourth), 'and what came since stayed')
    same(sorted(p['id'] for p in village.case(both)['persons'] if p['side'] == 1), sorted([a, b]), 'both in the case')
    same([s['verb'] for s in page(village, b)['steps']], ['unmerge', 'merge'], 'history of the one')
    same([s['verb'] for s in page(village, a)['steps']], ['release', 'absorb'], 'history of the other')
    verb(village, b, 'unmerge').refused(409, 'not_open')


def made_beside(village):
    """Somebody of the committee beside."""
    return register(village, '隔壁村的', by='officer-b', unit=SIBLING, even_so=True).good(201)['id']


def test_search_follows_a_merger(run):
    """rows: G16 G9"""
    village = run.village()
    _, second, _, a, b = two(village, '2222')
    ask = lambda: sorted(h['person']['id'] for h in village.as_('officer1').get(f'/search?q={quote("司马问路2222")}&kind=person').good()['items'])
    eventually(ask, sorted([a, b]), 'both found')
    verb(village, b, 'merge', same_as=a).good()
    eventually(ask, [a], 'one found')
    by_number = lambda: [h['case']['id'] for h in village.as_('officer1').get('/search?q=13955502222&kind=case').good()['items'] if h['case']['id'] == second]
    eventually(by_number, [second], 'the other\'s case by this one\'s number')
    verb(village, b, 'unmerge').good()
    eventually(ask, sorted([a, b]), 'both again')
    eventually(by_number, [], 'no longer by that number')


def test_one_behind_the_other(run):
    """rows: G16"""
    village = run.village()
    _, _, _, a, b = two(village, '3333')
    c = register(village, '司马问路三').good(201)['id']
    verb(village, b, 'merge', same_as=a).good()
    verb(village, c, 'merge', same_as=b).refused(404, 'not_found', 'same_as')
    verb(village, a, 'merge', same_as=c).good()
    same(len(page(village, c)['cases']), 3, 'all cases at the last')
    verb(village, b, 'unmerge').refused(409, 'not_open')
    verb(village, a, 'unmerge').good()
    verb(village, b, 'unmerge').good()
    same((len(page(village, a)['cases']), len(page(village, b)['cases'])), (2, 2), 'as in the beginning')


def test_moved(run):
    """rows: G16"""
    village = run.village()
    case, _, _ = village.report('request', persons=[{'role': 'reporter', 'name': '乔迁一', 'phone': '13988880001'}])
    person = village.case(case)['persons'][0]['id']
    home = village.as_('officer1').post('/households', {'unit': OTHER_GROUP, 'address': '后庄西头'}).good(201)['id']
    verb(village, person, 'move', unit=OTHER_GROUP, on='2999-01-01').refused(422, 'in_future', 'on')
    verb(village, person, 'move', unit=GROUP, household=home).refused(404, 'not_found', 'household')
    verb(village, person, 'move', unit='999999999999').refused(404, 'not_found', 'unit')
    verb(village, person, 'move', unit=OTHER_GROUP, on='2026-03-01', household=home).good()
    same(page(village, person)['unit']['code'], OTHER_GROUP, 'where they live')
    village.as_('steward2').get(f'/persons/{person}').good()
    village.as_('steward1').get(f'/persons/{person}').refused(404, 'not_found')
    same(names(page(village, person)), numbers(village, case), 'history follows')
    # To another committee: the desk hands them over, and there they are known from then on.
    verb(village, person, 'move', by='steward2', unit=SIBLING).refused(404, 'not_found', 'unit')
    verb(village, person, 'move', unit=SIBLING).good()
    there = village.as_('officer-b').get(f'/persons/{person}').good()
    same((there['unit']['code'], there['cases']), (SIBLING, []), 'known there, without the cases of here')
    true(village.as_('officer1').get(f'/persons/{person}').status == 404, 'still read here')


def test_died(run):
    """rows: G16 L2"""
    village = run.village()
    help_case, _, _ = village.report('difficulty', persons=[{'role': 'subject', 'name': '终老一', 'phone': '13988880002'}])
    asked, _, _ = village.report('request', persons=[{'role': 'reporter', 'name': '终老一', 'phone': '13988880002'}])
    person = village.case(help_case)['persons'][0]['id']
    verb(village, person, 'died').refused(422, 'missing', 'died_on')
    verb(village, person, 'died', died_on='2999-01-01').refused(422, 'in_future', 'died_on')
    verb(village, person, 'died', by='steward1', died_on='2026-05-04', note='儿子来说的').good()
    same(page(village, person)['died_on'], '2026-05-04', 'the day')
    paused = village.case(help_case)
    true(paused['paused'] and not village.case(asked)['paused'], 'the help waits, the question goes on')
    true('2026-05-04' in paused['timeline'][-1]['text'], paused['timeline'][-1])
    verb(village, person, 'died', died_on='2026-05-04').refused(409, 'not_open')
    true({'alive', 'died'} & {v['verb'] for v in page(village, person)['verbs']} == {'alive'}, 'what is open now')
    verb(village, person, 'alive', reason='同名，登记错了人').good()
    same(page(village, person)['died_on'], None, 'taken back')


def test_page_shows_no_more_than_one_reads(run):
    """rows: G16 G19 L5"""
    village = run.village()
    bypass, _, said = village.report('request', bypass_village=True, persons=[{'role': 'reporter', 'name': '看得见吗', 'phone': '13988880003'}])
    anonymous, _, _ = village.report('request', anonymous=True, persons=[{'role': 'reporter', 'name': '看得见吗', 'phone': '13988880003'}])
    plain, _, _ = village.report('request', persons=[{'role': 'reporter', 'name': '看得见吗', 'phone': '13988880003'}])
    person = village.case(plain)['persons'][0]['id']
    same(names(page(village, person)), numbers(village, plain), 'neither what goes past the village nor who stayed without a name')
    true(page(village, person)['name'] != '看得见吗', 'not masked')
    for login in ('leader1', 'admin1', 'auditor1', 'officer-b'):
        village.as_(login).get(f'/persons/{person}').refused(404, 'not_found')
    village.anyone().get(f'/persons/{person}').refused(401, 'sign_in')


def test_export_and_erasure_follow(run):
    """rows: G16 G12"""
    village = Village(run.template.copy('people-erase').serve())
    own, second, _, a, b = two(village, '4444')
    secrets = [s for p in (a, b) for s in hexes(village.site, 'person', f"uuid = {blob(village, p)}", 'sealed')]
    verb(village, b, 'merge', same_as=a).good()
    village.as_('officer1').post(f'/persons/{b}/reveal', {'purpose': '核对'}).good()
    told = village.as_('officer1').get(f'/persons/{a}/export?{PURPOSE}&format=json').good()
    same([p['phone'] for p in told['also']], ['13966604444'], 'the other entry')
    same(len(told['cases']), 3, 'cases of both')
    true('核对' in [s['purpose'] for s in told['seen_by']], 'looks at the other entry')
    same(run_archive(run, village, a, b), (a, 3), 'after the archive')
    for case in village.as_('officer1').get(f'/persons/{a}').good()['cases']:
        village.act(case['case']['id'], 'officer1', 'withdraw', reason='不办了', **{'for': {'name': '本人', 'how': '当面'}})
    village.as_('chair1').post(f'/persons/{b}/erase', {'reason': '本人申请'}).refused(409, 'not_open')
    village.as_('chair1').post(f'/persons/{a}/erase', {'reason': '本人申请'}).good()
    for person in (a, b):
        village.as_('officer1').post(f'/persons/{person}/reveal', {'purpose': '核对'}).refused(410, 'key_destroyed')
    eventually(lambda: [f for s in secrets for f in found_in_files(village.site, s)], [], 'bytes of both entries', seconds=20)
    village.server.stop()


def blob(village, uuid):
    """A uuid as the engine writes it in SQL."""
    digits = uuid.replace('-', '')
    return f"decode('{digits}', 'hex')" if village.site.uri else f"x'{digits}'"


def run_archive(run, village, a, b):
    """Who the merged entry stands for after an export and a restore, and how many cases."""
    path, _ = export(village.site, 'people.zip')
    target = elsewhere(run, 'people-archive', village.site.key, run.postgres is not None)
    target.cli('import', 'archive', path)
    there = Village(target.serve())
    shown = there.as_('officer1').get(f'/persons/{b}').good()['merged_into']['id']
    cases = len(there.as_('officer1').get(f'/persons/{a}').good()['cases'])
    there.as_('officer1').post(f'/persons/{b}/unmerge', {}).good()
    same(len(there.as_('officer1').get(f'/persons/{b}').good()['cases']), 2, 'taken apart in the archive')
    there.server.stop()
    return shown, cases
