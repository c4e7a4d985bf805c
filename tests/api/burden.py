"""Less burden (G18): no pack forces check-ins, photos or tracks or ranks people; everybody can complain past the village, from every page."""
import json
import os

from client import fresh_key, same, true
from installation import PASSWORD
from papers import text_of
from powers import pack
from village import GROUP, HOST, Village, quote


def test_a_pack_that_burdens_is_refused(run):
    """rows: G18"""
    broken = os.path.join(run.folder, 'burden.json')

    def check(change):
        changed = pack()
        change(changed)
        with open(broken, 'w', encoding='utf-8') as f:
            json.dump(changed, f, ensure_ascii=False)
        return run.template.cli('pack', 'check', broken, ok=False)

    category = lambda p: p['kinds']['environment']['categories'][0]['children'][0]
    for change, where in ((lambda p: p.update(ranking=['steward']), 'ranking'),
                          (lambda p: category(p).update(photo_required=True), 'kinds.environment.categories.0.children.0.photo_required'),
                          (lambda p: p['posts'][0].update(score={'visit': 2}), 'posts.0.score'),
                          (lambda p: p['checklists'][0].update(track_required=True), 'checklists.0.track_required'),
                          (lambda p: p.update(clocks={**p['clocks'], 'online_time': {'n': 1, 'unit': 'wh'}}), 'clocks.online_time')):
        said = check(change)
        true(said.returncode != 0 and where in said.stderr, f'{where}: {said.returncode} {said.stderr}')
    same(check(lambda p: category(p).update(photo_required=True, evidence='清理前后对照，销号依据')).returncode, 0, 'evidence that is said to be one')
    same(check(lambda p: category(p).update(photo_required=False)).returncode, 0, 'not required')


def test_every_rule_says_what_keeps_it(run):
    """rows: G18"""
    burden = run.village().anyone().get('/pack').good()['burden']
    true('国办函〔2026〕12号' in burden['title'] and len(burden['rules']) >= 8, burden)
    true(all(r['rule'] and r['kept_by'] for r in burden['rules']), burden)


def test_no_form_asks_for_a_photo(run):
    """rows: G18"""
    village = run.village()
    for kind in pack()['kinds']:
        for verb in ('report', 'settle_on_spot'):
            form = village.anyone().get(f'/forms?verb={verb}&kind={kind}').good()['form']
            same([f['name'] for f in form if f['type'] == 'files' and f['required']], [], f'{verb} of {kind}')
        case, _, _ = village.report(kind)
        village.act(case, 'officer1', 'accept')
        for verb, form in village.verbs(case, 'officer1').items():
            same([f['name'] for f in form if f['type'] == 'files' and f['required']], [], f'{verb} of {kind}')


def test_complaint_goes_past_the_village(run):
    """rows: G18 G19"""
    village = run.village()
    said = village.as_('officer1').post('/cases', {'kind': 'request', 'category': 'R14', 'text': '这个软件要填的太多', 'unit': HOST, 'bypass_village': True},
                                        key=fresh_key()).good(201)
    true('track' in said and 'id' not in said, 'the one who complains follows it by the code')
    for login in ('chair1', 'officer2', 'steward1'):
        same(village.as_(login).get(f'/cases?q={quote(said["number"])}').good()['items'], [], f'{login} finds it')
    true(village.as_('center').get(f'/cases?q={quote(said["number"])}').good()['items'], 'nobody above has it')


def test_nobody_sees_a_matter_about_themselves(run):
    """rows: G19"""
    village = Village(run.template.copy('recusal').serve())
    officer, steward = village.as_('officer1'), village.as_('steward1')
    admin, me = village.as_('admin1'), village.account('steward1')
    admin.post(f'/accounts/{me}/card', {'phone': '13955550123'}).good()
    sides = [{'role': 'party', 'side': 1, 'name': '方阿大', 'phone': '13944440001'}, {'role': 'party', 'side': 2, 'name': '某某', 'phone': '139 5555 0123'}]
    about = officer.post('/cases', {'kind': 'dispute', 'text': '为地边吵', 'unit': GROUP, 'persons': sides}, key=fresh_key()).good(201)['id']
    steward.get(f'/cases/{about}').refused(404, 'not_found')
    same([c for c in steward.get('/cases?limit=200').good()['items'] if c['id'] == about], [], 'in his list')
    officer.get(f'/cases/{about}').good()
    other = officer.post('/cases', {'kind': 'dispute', 'text': '为地边吵', 'unit': GROUP, 'persons': sides[:1]}, key=fresh_key()).good(201)['id']
    steward.get(f'/cases/{other}').good()
    steward.post('/cases/settle_on_spot', {'kind': 'dispute', 'unit': GROUP, 'outcome': 'SPOT_PEACE', 'text': '和好了', 'persons': sides}).refused(
        422, 'recused', 'persons')
    # A complaint that names the dispatcher above goes past her, too.
    name = village.as_('center').get('/session').good()['account']['name']
    complain = lambda: village.anyone().post('/cases', {'kind': 'request', 'category': 'R14', 'unit': HOST, 'bypass_village': True,
                                                        'text': f'镇上的{name}态度不好'}, key=fresh_key()).good(201)['number']
    found = lambda login, number: [c['number'] for c in village.as_(login).get(f'/cases?q={quote(number)}').good()['items']]
    alone = complain()
    same(found('center', alone), [alone], 'there is nobody else: nothing lies with nobody')
    village.site.cli('user', 'add', '--login', 'county1', '--name', '区中心', '--post', 'dispatcher', '--unit', '341203000000', '--password', PASSWORD)
    number = complain()
    same((found('center', number), found('county1', number)), ([], [number]), 'who finds it')
    village.server.stop()


def test_what_an_elder_did_is_recorded_for_them(run):
    """rows: G20 D2. An elder who only has a telephone takes and settles through an officer, and it counts as theirs; the name stands in the story."""
    village = run.village()
    elder = village.account('elder1')
    behalf = {'account': elder, 'name': '五老', 'how': '电话'}
    case, _, _ = village.report('dispute', text='两家为田埂吵')
    village.act(case, 'officer1', 'take', **{'for': behalf})
    name = village.as_('elder1').get('/session').good()['account']['name']
    same(village.case(case)['holder'], {'type': 'account', 'name': name}, 'theirs')
    true(any('五老 电话' in f['value'] for f in village.case(case)['timeline'][-1]['facts']), 'said so')
    spot = village.as_('officer1').post('/cases/settle_on_spot', {
        'kind': 'dispute', 'unit': GROUP, 'outcome': 'SPOT_PEACE', 'result': '和好了', 'for': behalf,
        'persons': [{'role': 'party', 'side': 1, 'name': '甲'}, {'role': 'party', 'side': 2, 'name': '乙'}]}, key=fresh_key()).good(201)['id']
    # whoever settled it does not ask how it was: that is the elder now, and no longer the officer
    revisit = {'resolved': 'yes', 'satisfied': 'yes', 'for': {'name': '甲', 'how': '电话'}}
    village.as_('elder1').do(spot, 'judge', **revisit).refused(409, 'not_open', 'verb')
    village.as_('officer1').do(spot, 'judge', **revisit).good()
    other = village.account('steward-b')
    village.as_('officer1').do(case, 'progress', text='又劝了', **{'for': {'account': other}}).refused(404, 'not_found', 'for.account')
    # the sheet for whoever never opens the program: what they settled, how residents found it, and no resident's name
    village.act(case, 'officer1', 'settle', outcome='SPOT_PEACE', result='各让一步', **{'for': behalf})
    sheet = village.as_('chair1').get(f'/accounts/{elder}/thanks')
    same((sheet.status, sheet.headers['Content-Type']), (200, 'application/pdf'))
    told = text_of(sheet.body)
    true(name in told and told.count('现场和解') == 2 and '劝' in told, told)
    true('甲' not in told and '田埂' not in told, told)
    village.as_('elder1').get(f'/accounts/{elder}/thanks?month=2020-01').good()
    village.as_('elder1').get(f'/accounts/{elder}/thanks?month=202001').refused(400, 'malformed', 'month')
    for who in ('steward1', 'officer-b', 'leader1'):
        village.as_(who).get(f'/accounts/{elder}/thanks').refused(404, 'not_found')
