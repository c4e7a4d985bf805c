"""Public notices (L8): what is shown, for how long, to whom, and what an objection does."""
from aid import fund, gift
from client import same, true
from registers import act, facts
from village import GROUP, HOST, Village, eventually


def application(village, by='officer1', programme='DB', name='方公示', id_no=None, **approved):
    person = {'name': name, 'phone': '13805583001', **({'id_no': id_no} if id_no else {})}
    one = village.as_(by).post('/registers/applications', {'unit': GROUP, 'person': person, 'programme': programme}).good(201)
    questions = [f['name'] for v in one['verbs'] if v['verb'] == 'pre_check' for f in v['form'] if f['name'] != 'fits']
    act(village, one, by, 'pre_check', fits='likely', **{q: '有' for q in questions}).good()
    act(village, one, by, 'submit', submitted_to='镇', lacking='无').good()
    return act(village, one, by, 'approve', **{'granted': 46000, 'members': 2, **approved}).good()


def draft(village, by='officer1', **about):
    return village.as_(by).post('/registers/publications', {'unit': GROUP, 'contact': '居委会 0558-5550000', **about})


def wall(village):
    hung = village.anyone().get(f'/publications?unit={GROUP}').good()['items']
    return [one for one in hung if not one['text'].startswith('李桂枝')]  # the demo's own


def test_a_notice_from_draft_to_the_wall(run):
    """rows: L8. The text is made from the pack's columns; a second person checks; it hangs for the pack's days at least, on the portal and in print."""
    village = Village(run.template.copy('notices').serve())
    one = draft(village, about=application(village)['id']).good(201)
    same((one['title'], facts(one)['shown_text']), ('最低生活保障公示', '方公示　2人　460元'))
    same(wall(village), [])
    act(village, one, 'officer1', 'show').refused(409, 'not_open', 'verb')
    act(village, one, 'chair1', 'show', days=3).refused(422, 'out_of_range', 'days')
    shown = act(village, one, 'chair1', 'show').good()
    hung = wall(village)
    same((len(hung), hung[0]['text'], hung[0]['title']), (1, '方公示　2人　460元', '最低生活保障公示'))
    true('13805583001' not in str(hung) and hung[0]['until'] == facts(shown)['last_shown'], hung)
    same(village.as_('officer1').get(f'/registers/publications/{one["id"]}/paper?paper=board').body[:5], b'%PDF-')
    same(village.anyone().get(f'/registers/publications/{one["id"]}').status, 401, 'the row itself is the desk\'s')


def test_what_is_never_shown(run):
    """rows: L8 L9. Children, illness, disability, the branch's own list, programmes whose rule is none."""
    village = run.village()
    draft(village, by='child_director1', about=application(village, by='child_director1', programme='ET')['id']).refused(422, 'not_allowed_here', 'about')
    draft(village, about=application(village, name='方少年', id_no='341203201501010013')['id']).refused(422, 'not_allowed_here', 'about')
    draft(village, about=application(village, programme='TK', way='瘫痪，集中供养')['id']).refused(422, 'not_allowed_here', 'way')
    same(facts(draft(village, about=application(village, programme='TK', way='分散供养')['id']).good(201))['shown_text'], '方公示　分散供养')
    draft(village, about=application(village, programme='CJ')['id']).refused(422, 'not_allowed_here', 'about')
    party = fund(village, by='secretary1', source='party')
    village.as_('secretary1').post('/registers/publications', {'unit': GROUP, 'contact': '村部', 'about_fund': party['id']}).refused(422, 'not_allowed_here', 'about_fund')
    draft(village).refused(422, 'missing', 'about')


def test_a_list_of_gifts(run):
    """rows: L7 L8. Of a fund: who was given what; no days in the pack, so they must be said."""
    village = run.village()
    of = fund(village, amount=500)
    for name, worth in (('方甲甲', 120), ('方乙乙', 80.5)):
        act(village, gift(village, of, worth, name=name), 'officer1', 'give', given_on='2026-02-01', witness1='吴立新', witness2='程广德').good()
    one = draft(village, about_fund=of['id']).good(201)
    same(facts(one)['shown_text'], '方甲甲　120元\n方乙乙　80.50元')
    act(village, one, 'chair1', 'show').refused(422, 'missing', 'days')
    act(village, one, 'chair1', 'show', days=5).good()


def test_an_objection_leads_to_a_new_notice(run):
    """rows: L8. Anybody may object, without an account; the notice stands on; a new look ends in a new notice that goes the same way."""
    village = Village(run.template.copy('objections').serve())
    one = draft(village, about=application(village)['id']).good(201)
    village.anyone().post(f'/publications/{one["id"]}/object', {'text': '他家有车'}).refused(404, 'not_found')
    act(village, one, 'chair1', 'show').good()
    village.anyone().post(f'/publications/{one["id"]}/object', {}).refused(422, 'missing', 'text')
    same(village.anyone().post(f'/publications/{one["id"]}/object', {'text': '他家有车，不该享受', 'reach': '老槐树下'}).status, 204)
    page = village.as_('officer1').get(f'/registers/publications/{one["id"]}').good()
    same((page['state'], [s['text'] for s in page['steps']][-1], len(wall(village))), ('objected', '他家有车，不该享受', 1))
    act(village, one, 'officer1', 'reinvestigate', result='车是借的，人口改为1人', again=True, members=1, granted=23000).good()
    same(wall(village), [])
    fresh = [r for r in village.as_('officer1').get(f'/registers/publications?unit={HOST}&state=drafted').good()['items'] if '方公示' in str(r['facts'])]
    same((len(fresh), fresh[0]['state'], facts(fresh[0])['shown_text']), (1, 'drafted', '方公示　1人　230元'))
    act(village, fresh[0], 'chair1', 'show').good()
    same(len(wall(village)), 1)


def test_it_goes_by_itself(run):
    """rows: L8. When its days are over it is gone from the portal at once, and a little later the row says so."""
    village = Village(run.template.copy('over').serve())
    one = draft(village, about=application(village)['id']).good(201)
    act(village, one, 'chair1', 'show').good()
    village.site.sql("update register_row set day = day - 8, due = due - 691200000 where id = (select max(id) from register_row where day is not null and state = 2)")
    same(wall(village), [], 'gone at once')
    eventually(lambda: village.as_('officer1').get(f'/registers/publications/{one["id"]}').good()['state'], 'taken_down', 'taken down by itself', 30)
    village.anyone().post(f'/publications/{one["id"]}/object', {'text': '晚了'}).refused(404, 'not_found')
