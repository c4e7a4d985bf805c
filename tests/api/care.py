"""The care list (L2, L9): who is looked in on, how often, who sees it, and what a visit does to the rhythm."""
import json
import os
from datetime import date, datetime, timedelta, timezone

from client import fresh_key, same, true
from powers import pack
from registers import act, facts, rows
from village import GROUP, HOST, Village, eventually, quote


def today():
    """In Beijing, as the server counts."""
    return datetime.now(timezone(timedelta(hours=8))).date()


def later(days):
    return (today() + timedelta(days)).isoformat()


def month_later(n):
    now = today()
    month = now.month - 1 + n
    year, month = now.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(1)).day
    return date(year, month, min(now.day, last)).isoformat()


def enrol(village, by='officer1', key_group='LD', name='方独居', unit=GROUP, **fields):
    body = {'unit': unit, 'person': {'name': name, 'phone': '13805581' + str(abs(hash((name, key_group))) % 1000).zfill(3)}, 'key_group': key_group,
            'visitor': village.account('steward1'), **fields}
    return village.as_(by).post('/registers/care', body).good(201)


def visit(village, row, by='steward1', met='MET', **fields):
    if met in ('MET', 'PHONE', 'KIN', 'SEEN'):
        fields.setdefault('condition', '精神好，饭量正常')
    return act(village, row, by, 'visit', met=met, **fields)


def test_rhythm(run):
    """rows: L2. The rhythm of the group books the next visit; an agreed day may be earlier, not later; a call counts where the pack lets it."""
    village = run.village()
    one = enrol(village, wishes='敲门要大声', kin='儿子 13805580001')
    same((one['state'], facts(one)['next_visit'], one['title']), ('running', month_later(1), '独居老年人'))
    true(facts(one)['wishes'] == '敲门要大声' and '*' in one['person']['name'], 'wishes are kept, the name is masked')
    visit(village, one, met='MET', condition=None).refused(422, 'missing', 'condition')
    visit(village, one, met='WELL').refused(422, 'not_a_choice', 'met')
    visit(village, one, next_visit=later(300)).refused(422, 'out_of_range', 'next_visit')
    visit(village, one, next_visit='2024-01-01').refused(422, 'in_past', 'next_visit')
    met = visit(village, one, fresh='添了助听器', next_visit=later(10)).good()
    same((facts(met)['next_visit'], facts(met)['condition'], facts(met)['fresh']), (later(10), '精神好，饭量正常', '添了助听器'))
    same(facts(visit(village, met, met='PHONE').good())['next_visit'], month_later(1))
    absent = visit(village, met, met='ABSENT').good()
    same(facts(absent)['next_visit'], later(3))
    frail = enrol(village, key_group='LN', name='方失能')
    called = visit(village, frail, met='PHONE', next_visit=later(2)).good()
    same(facts(called)['next_visit'], later(2), 'a call does not count here')
    village.as_('officer1').post('/registers/care', {'unit': GROUP, 'person': {'person': one['person']['id']}, 'key_group': 'LD'}).refused(409, 'conflict', 'person')


def test_neighbours_word_counts_twice(run):
    """rows: L2. 见到家人或邻居: twice in a row it counts, then the person must be seen."""
    village = run.village()
    one = enrol(village, name='方邻家')
    for n, wanted in enumerate([month_later(1), month_later(1), later(1)]):
        act(village, one, 'officer1', 'bring_forward', next_visit=later(1), reason='降温').good()
        same(facts(visit(village, one, met='KIN').good())['next_visit'], wanted, f'time {n + 1}')
    same(facts(visit(village, one, met='SEEN').good())['next_visit'], month_later(1))


def test_what_stops_the_rhythm(run):
    """rows: L2. Away, refused, moved and died stop it each in its own way; whoever says so doesn't confirm it."""
    village = run.village()
    away = enrol(village, name='方外出')
    visit(village, away, met='AWAY').refused(422, 'missing', 'until')
    visit(village, away, met='AWAY', until=later(-1)).refused(422, 'in_past', 'until')
    same(visit(village, away, by='officer1', met='AWAY', until=later(40)).good()['state'], 'asked')
    act(village, away, 'officer1', 'confirm').refused(422, 'not_allowed_here', 'verb')
    act(village, away, 'steward1', 'confirm').refused(403, 'forbidden', 'verb')
    gone = act(village, away, 'chair1', 'confirm').good()
    same((gone['state'], facts(gone)['next_visit']), ('away', later(40)))
    same(visit(village, away).good()['state'], 'running')
    refused = enrol(village, name='方清静')
    visit(village, refused, met='REFUSED').good()
    spared = act(village, refused, 'chair1', 'confirm').good()
    same((spared['state'], facts(spared)['next_visit']), ('spared', month_later(2)))
    same(visit(village, refused, met='PHONE').good()['state'], 'spared')
    moved = enrol(village, name='方搬家')
    visit(village, moved, met='MOVED').refused(422, 'missing', 'moved_to')
    visit(village, moved, met='MOVED', moved_to='阜阳城里儿子家').good()
    kept = act(village, moved, 'chair1', 'keep_on', reason='只住一个月').good()
    same((kept['state'], facts(kept)['next_visit']), ('running', later(1)))
    visit(village, moved, met='MOVED', moved_to='阜阳城里儿子家').good()
    same(act(village, moved, 'chair1', 'confirm').good()['state'], 'ended')
    died = enrol(village, name='方老去')
    other = village.as_('officer1').post('/registers/care', {'unit': GROUP, 'person': {'person': died['person']['id']}, 'key_group': 'DB'}).good(201)
    visit(village, died, met='DIED').good()
    same(act(village, died, 'chair1', 'confirm').good()['open'], False)
    same(village.as_('officer1').get(f'/registers/care/{other["id"]}').good()['state'], 'ended')


def test_a_visit_opens_cases(run):
    """rows: L2. One submit at the door: what is new about each of the household, several cases at once, the next visit; danger is not only noted."""
    village = run.village()
    one = enrol(village, name='方大爷')
    home = village.as_('officer1').post('/households', {'unit': GROUP, 'address': '前吴寨12号'}).good(201)['id']
    wife = enrol(village, key_group='LK', name='方大娘')
    for row in (one, wife):
        village.as_('officer1').post(f'/persons/{row["person"]["id"]}/correct', {'household': home}).good()
    page = village.as_('steward1').get(f'/registers/care/{one["id"]}').good()
    same([r['id'] for r in page['beside']], [wife['id']])
    before = len(village.as_('officer1').get(f'/activities?unit={GROUP}&type=visit').good()['items'])
    visit(village, one, met='DANGER').refused(422, 'missing', 'matters')
    visit(village, one, matters=[{'kind': 'hazard'}]).refused(422, 'missing', 'matters.0.text')
    visit(village, one, also=[{'row': wife['id'], 'met': 'WELL'}]).refused(422, 'not_a_choice', 'also.0.met')
    done = visit(village, one, minutes=40, also=[{'row': wife['id'], 'met': 'MET', 'condition': '腿疼', 'fresh': '拄拐了'}],
                 matters=[{'kind': 'hazard', 'text': '灶房电线老化，插座发黑', 'of_house': True}, {'kind': 'request', 'text': '问高龄津贴怎么领'}]).good()
    same((facts(done)['condition'], 'matters' in facts(done)), ('精神好，饭量正常', False))
    same(facts(village.as_('steward1').get(f'/registers/care/{wife["id"]}').good())['condition'], '腿疼')
    visits = village.as_('officer1').get(f'/activities?unit={GROUP}&type=visit').good()['items']
    same((len(visits), visits[0]['count'], visits[0]['minutes'], visits[0]['title']), (before + 1, 2, 40, ''))
    mine = [c for c in village.as_('steward1').get('/cases?view=new&limit=200').good()['items'] if c['title'].startswith(('灶房电线', '问高龄津贴'))]
    same(sorted(c['kind'] for c in mine), ['hazard', 'request'])
    asked = next(c for c in mine if c['kind'] == 'request')
    same([p['role'] for p in village.case(asked['id'])['persons']], ['subject'])
    visit(village, one, met='DANGER', matters=[{'kind': 'difficulty', 'text': '煤炉没接烟囱', 'danger': True}]).good()


def test_lists_of_visits(run):
    """rows: L2. Due first, missed said so; one's own list; how many of each group are due."""
    village = run.village()
    one, two = enrol(village, name='方先到'), enrol(village, name='方后到', key_group='LK')
    act(village, one, 'officer1', 'bring_forward', next_visit=later(2), reason='寒潮').good()
    act(village, two, 'officer1', 'bring_forward', next_visit=later(0), reason='寒潮').good()
    mine = [r['id'] for r in village.as_('steward1').get(f'/registers/care?mine=true&due_before={later(7)}&limit=200').good()['items']]
    true(mine.index(two['id']) < mine.index(one['id']), 'the nearest due comes first')
    counts = {c['code']: c for c in village.as_('officer1').get(f'/registers/care/counts?unit={HOST}').good()['items']}
    true(counts['LK']['due'] >= 1 and counts['LD']['open'] >= 1 and counts['LK']['label'] == '空巢老年人', counts)
    true('KD' not in counts, "the branch's list is not counted for others")
    other = village.as_('officer1').get(f'/registers/care/counts?unit={HOST}').good()
    same(other, village.as_('chair1').get(f'/registers/care/counts?unit={HOST}').good())


def test_who_sees_whom(run):
    """rows: L2 L5 L9. The branch's list is its secretary's alone and stands nowhere else; children's rows are read by those who answer for children;
    illness by those at the desk who need it; whoever visits reads what they visit."""
    village = run.village()
    party = enrol(village, by='secretary1', key_group='KD', name='方党员', visitor=None)
    child = enrol(village, by='child_director1', key_group='EL', name='方留守', visitor=village.account('child_director1'))
    frail = enrol(village, key_group='LN', name='方卧床', visitor=village.account('volunteer1'))
    village.as_('officer1').post('/registers/care', {'unit': GROUP, 'person': {'name': '方不该'}, 'key_group': 'KD'}).refused(403, 'forbidden', 'key_group')
    village.as_('steward1').post('/registers/care', {'unit': GROUP, 'person': {'name': '方不该'}, 'key_group': 'EK'}).refused(403, 'forbidden', 'key_group')
    everyone = ['secretary1', 'officer1', 'chair1', 'child_director1', 'elder_child1', 'steward1', 'volunteer1', 'mediator1', 'elder1', 'leader1', 'center',
                'admin1', 'auditor1', 'officer-b']
    reads = {party['id']: {'secretary1'}, child['id']: {'child_director1', 'elder_child1'},
             frail['id']: {'officer1', 'chair1', 'elder_child1', 'volunteer1'}}
    for row, may in reads.items():
        for login in everyone:
            wanted = 200 if login in may else 404
            same(village.as_(login).get(f'/registers/care/{row}').status, wanted, f'{login} on {row}')
            listed = village.as_(login).get(f'/registers/care?unit={HOST}&limit=200')
            shown = listed.status == 200 and row in [r['id'] for r in listed.json['items']]
            same(shown, login in may, f'{login} in the list')
    same(village.as_('officer1').get(f'/registers/care?unit={HOST}&person={party["person"]["id"]}').good()['items'], [])
    taken = village.as_('secretary1').get(f'/persons/{party["person"]["id"]}/export?format=json&purpose=' + quote('本人要')).good()
    same(taken['registers'], [], "the branch's list goes with nobody")
    eventually(lambda: [h for h in village.as_('secretary1').get('/search?q=%E5%9B%B0%E9%9A%BE%E5%85%9A%E5%91%98').good().get('items', []) if h.get('type') == 'person'], [], 'not in search', 3)


def test_children_face_to_face(run):
    """rows: L9. For a child only a meeting counts; the director's word is confirmed by another who answers for children."""
    village = run.village()
    child = enrol(village, by='child_director1', key_group='EL', name='方小留', visitor=village.account('child_director1'))
    act(village, child, 'child_director1', 'bring_forward', next_visit=later(1), reason='开学').good()
    for met in ('PHONE', 'KIN', 'SEEN'):
        same(facts(visit(village, child, by='child_director1', met=met).good())['next_visit'], later(1), met)
    same(facts(visit(village, child, by='child_director1').good())['next_visit'], month_later(1))
    visit(village, child, by='child_director1', met='MOVED', moved_to='随父母去宁波').good()
    act(village, child, 'child_director1', 'confirm').refused(422, 'not_allowed_here', 'verb')
    same(act(village, child, 'elder_child1', 'confirm').good()['state'], 'ended')


def test_children_are_found_by_nobody_else(run):
    """rows: L9. A child on the list is in no search and no list of people of those who don't answer for children, until it has come of age."""
    village = run.village()
    child = enrol(village, by='child_director1', key_group='EK', name='方小困', visitor=village.account('child_director1'))

    def found(login):
        hits = village.as_(login).get('/search?q=' + quote('方小困')).good()['items']
        people = village.as_(login).get('/persons?q=' + quote('方小困')).good()['items']
        return len(hits) + len(people)

    eventually(lambda: found('child_director1'), 2, 'the director finds the child')
    for login in ('officer1', 'chair1', 'steward1', 'mediator1'):
        same(found(login), 2 if login in ('officer1', 'chair1') else 0, login)
    act(village, child, 'child_director1', 'end', reason='满18岁', of_age=True).good()
    eventually(lambda: found('steward1'), 2, 'grown up')


def test_visits_in_a_phones_queue(run):
    """rows: L2. A visit that was noted without a network comes in with the queue, at the time at which it was made, once."""
    village = run.village()
    one = enrol(village, name='方离线')
    at = (datetime.now(timezone.utc) - timedelta(hours=3)).isoformat(timespec='milliseconds')
    command = {'id': fresh_key(), 'verb': 'visit', 'kind': 'care', 'subject': one['id'], 'happened_at': at,
               'fields': {'met': 'MET', 'condition': '在院里晒太阳', 'matters': [{'kind': 'request', 'text': '想换个血压计'}]}}
    for again in (False, True):
        answer = village.as_('steward1').post('/batch', {'commands': [command]}).good()['answers'][0]
        same((answer['status'], answer['body']['again']), (200, again))
    page = village.as_('steward1').get(f'/registers/care/{one["id"]}').good()
    same((page['rev'], [s['at'][:13] for s in page['steps']][-1]), (2, (datetime.now(timezone(timedelta(hours=8))) - timedelta(hours=3)).isoformat()[:13]))
    refused = village.as_('steward1').post('/batch', {'commands': [{**command, 'id': fresh_key(), 'kind': 'account'}]}).good()['answers'][0]
    same((refused['status'], refused['body']['field']), (422, 'kind'))


def test_entrusted_care_and_the_duty_to_report(run):
    """rows: L9. The written notice of who looks after a child; signs of harm: the police first, then an urgent matter that only those who answer for
    children read. Neither is asked of a grown-up."""
    village = run.village()
    child = enrol(village, by='child_director1', key_group='EL', name='方小托', visitor=village.account('child_director1'))
    body = {'parents': '方大（浙江务工）', 'carer': '方奶奶', 'carer_phone': '13805584444', 'carer_relation': '祖母', 'entrusted_from': '2026-02-20'}
    act(village, child, 'child_director1', 'entrust', **body).refused(422, 'missing', 'keeps_touch')
    kept = act(village, child, 'child_director1', 'entrust', **body, keeps_touch='每周日晚视频').good()
    same((facts(kept)['carer'], [p['code'] for p in kept['papers']]), ('方奶奶', ['entrust_notice']))
    path = f'/registers/care/{child["id"]}/paper?paper=entrust_notice&purpose='
    same(village.as_('child_director1').get(path + quote('父母签字')).body[:5], b'%PDF-')
    same(village.as_('chair1').get(path + quote('看看')).status, 404)
    act(village, child, 'child_director1', 'report_harm', signs='胳膊有淤青', police_at='2099-01-01T08:00:00+08:00', police_who='民警小彭').refused(422, 'in_future', 'police_at')
    act(village, child, 'child_director1', 'report_harm', signs='胳膊有淤青，说是摔的', police_at='2026-11-20T08:00:00+08:00', police_who='民警小彭', police_no='20261120-3').good()
    urgent = [c for c in village.as_('child_director1').get('/cases?view=new&kind=difficulty').good()['items'] if c['title'].startswith('胳膊有淤青')]
    same((len(urgent), urgent[0]['danger']), (1, True))
    for login in ('steward1', 'mediator1', 'elder1', 'leader1'):
        same(village.as_(login).get(f'/cases/{urgent[0]["id"]}').status, 404, login)
    grown = enrol(village, name='方成年')
    true('entrust' not in [v['verb'] for v in grown['verbs']], 'no such form for a grown-up')
    act(village, grown, 'child_director1', 'report_harm', signs='x', police_at='2026-11-20T08:00:00+08:00', police_who='x').refused(409, 'not_open', 'verb')


def repacked(run, change):
    """The program's pack with a change, in a file."""
    changed = pack()
    change({group['code']: group for group in changed['key_groups']}, changed)
    path = os.path.join(run.folder, 'groups.json')
    with open(path, 'w', encoding='utf-8') as f:
        json.dump(changed, f, ensure_ascii=False)
    return path


def test_groups_are_what_the_pack_says(run):
    """rows: L2 L9. Whose list it is and whom it is about stands in the pack, under whatever code; what it says wrongly is refused, and of a group that is gone nothing is shown."""
    def rename(groups, changed):
        groups['KD'].update(code='DY')
        groups['EL'].update(code='LS1')
        changed['key_groups'].remove(groups['LN'])

    site = run.template.copy('groups')
    server = site.serve()
    gone = enrol(Village(server), key_group='LN', name='方卧床', visitor=None)
    server.stop()
    site.cli('pack', 'load', repacked(run, rename))
    village = Village(site.serve())
    party = enrol(village, by='secretary1', key_group='DY', name='方党员', visitor=None)
    child = enrol(village, by='child_director1', key_group='LS1', name='方留守', visitor=village.account('child_director1'))
    same([village.as_(who).get(f'/registers/care/{party["id"]}').status for who in ('secretary1', 'chair1')], [200, 404])
    same([village.as_(who).get(f'/registers/care/{child["id"]}').status for who in ('child_director1', 'chair1')], [200, 404])
    true('entrust' in [v['verb'] for v in village.as_('child_director1').get(f'/registers/care/{child["id"]}').good()['verbs']], 'as for a child')
    same([village.as_(who).get(f'/registers/care/{gone["id"]}').status for who in ('officer1', 'chair1', 'secretary1')], [200, 404, 404], 'of a group that is gone')
    for at, change in (('key_groups.9.privacy', lambda groups, _: groups['EL'].update(privacy='Minor')), ('key_groups.0.owner', lambda groups, _: groups['KD'].update(owner='')),
                       ('key_groups.9.owner', lambda groups, _: groups['EL'].update(owner='学校'))):
        said = site.cli('pack', 'check', repacked(run, change), ok=False)
        true(said.returncode != 0 and at in said.stderr, said.stderr)
