"""Help with something: applications for programmes (L4), errands (L3)."""
from client import same, true
from registers import act, facts
from village import GROUP, HOST, Village, quote

PERSON = {'name': '方申请', 'phone': '13805582001'}


def help_case(village):
    case, track, _ = village.report('difficulty', by=village.as_('steward1'), category='L0401', persons=[{'role': 'subject', **PERSON}],
                                    helped_when='低保批下来，钱打到卡上')
    village.act(case, 'officer1', 'accept')
    return case, track


def make(village, register, by='officer1', **fields):
    return village.as_(by).post(f'/registers/{register}', {'unit': GROUP, 'person': PERSON, **fields}).good(201)


def test_an_application_from_the_first_question_to_the_answer(run):
    """rows: L4. The pack's questions come first, then its materials, its steps with their days, and the answer that the resident reads."""
    village = run.village()
    case, track = help_case(village)
    same([f['value'] for f in village.case(case)['fields'] if f['label'] == '帮到什么算办好'], ['低保批下来，钱打到卡上'])
    one = make(village, 'applications', programme='DB', case=case, helper=village.account('officer1'))
    forms = {v['verb']: v['form'] for v in one['verbs']}
    asked = [f for f in forms['pre_check'] if f['name'].startswith('q')]
    same((len(asked), asked[0]['label'], one['title']), (4, '一起吃住的家人有几口？', '最低生活保障'))
    act(village, one, 'officer1', 'pre_check', fits='likely', q1='1口').refused(422, 'missing', 'q2')
    act(village, one, 'officer1', 'submit', submitted_to='正午镇').refused(409, 'not_open', 'verb')
    ready = act(village, one, 'officer1', 'pre_check', fits='likely', q1='1口', q2='每月养老金180', q3='没有', q4='没有').good()
    same((ready['state'], [f['value'] for f in ready['facts'] if f['name'] == 'q2']), ('gathering', ['每月养老金180']))
    act(village, one, 'officer1', 'submit', submitted_to='正午镇民政办').refused(422, 'missing', 'lacking')
    act(village, one, 'officer1', 'material', m1=True, m3=True).good()
    sent = act(village, one, 'officer1', 'submit', submitted_to='正午镇民政办').good()
    same((sent['state'], facts(sent)['step'][:4]), ('submitted', '镇：受理'))
    act(village, one, 'officer1', 'step', step='9').refused(422, 'not_a_choice', 'step')
    there = act(village, one, 'officer1', 'step', step='5').good()
    true('30个工作日' in facts(there)['step'] and there['due'] is not None, 'the step says how long it may take, and is due')
    same(act(village, one, 'officer1', 'step', step='5', decided_by='2090-01-05').good()['due'][:10], '2090-01-05')
    same(act(village, one, 'steward1', 'approve').status, 404, 'income is the desk\'s')
    agreed = act(village, one, 'officer1', 'approve', granted=46000, members=1).good()
    same((agreed['state'], facts(agreed)['granted']), ('approved', '460.00'))
    told = act(village, one, 'officer1', 'tell', told_how='当面', text='低保批了，每月460元，下月起打到社保卡。').good()
    same((told['state'], told['open'], told['due']), ('told', False, None))
    read = [s['text'] for s in village.resident(track).get('/track').good()['steps']]
    true('低保批了，每月460元，下月起打到社保卡。' in read and any('申请已交到正午镇民政办' in t for t in read), read)


def granted(village, programme='DB', **fields):
    one = make(village, 'applications', programme=programme, helper=village.account('officer2'), **fields)
    act(village, one, 'officer1', 'pre_check', fits='likely', q1='1口', q2='每月养老金180', q3='没有', q4='没有').good()
    act(village, one, 'officer1', 'submit', submitted_to='正午镇民政办', lacking='先受理').good()
    act(village, one, 'officer1', 'approve', granted=46000, members=1).good()
    return act(village, one, 'officer1', 'tell', told_how='当面', text='批了').good()


def notices(village, login, text):
    return [n for n in village.as_(login).get('/notices').good()['items'] if text in n['text']]


def row_of(village, row, by='officer1'):
    return village.as_(by).get(f'/registers/{row["register"]}/{row["id"]}').good()


def test_after_a_death_what_is_paid_is_to_be_stopped(run):
    """rows: L2 L4 G16. Granted and running applications of the dead wait for the office to be told, on the helper's list and told to them; nobody knocks any more;
    refused ones don't; a death that was none puts all back."""
    village = Village(run.template.copy('death').serve())
    paid = granted(village)
    asking = make(village, 'applications', programme='LS', helper=village.account('officer2'))
    refused = make(village, 'applications', programme='CJ', helper=village.account('officer2'))
    act(village, refused, 'officer1', 'withdraw', reason='不符合').good()
    care = village.as_('officer1').post('/registers/care', {'unit': GROUP, 'person': PERSON, 'key_group': 'LD', 'visitor': village.account('steward1')}).good(201)
    person = paid['person']['id']

    def verb(name, **fields):
        return village.as_('officer1').post(f'/persons/{person}/{name}', fields)

    verb('died', died_on='2026-05-04', note='儿子来说的').good()
    same([(row_of(village, r)['state'], row_of(village, r)['open']) for r in (paid, asking, refused, care)],
         [('to_stop', True), ('to_stop', True), ('withdrawn', False), ('ended', False)])
    waiting = row_of(village, paid)
    true(waiting['due'] is not None and facts(waiting)['died_on'] == '2026-05-04', waiting)
    true(paid['id'] in [r['id'] for r in village.as_('officer2').get(f'/registers/applications?unit={HOST}&state=to_stop').good()['items']], 'on the list')
    same(len(notices(village, 'officer2', '名下待遇要报停')), 2, 'the helper is told of each')
    same(sorted(v['verb'] for v in waiting['verbs']), ['keep_on', 'stop'])
    act(village, paid, 'officer1', 'bereave').refused(403, 'forbidden', 'verb')
    verb('alive', reason='同名同姓，弄错了').good()
    same([row_of(village, r)['state'] for r in (paid, asking)], ['told', 'asking'])
    verb('died', died_on='2026-05-06').good()
    act(village, paid, 'officer1', 'stop').refused(422, 'missing', 'stop_told')
    done = act(village, paid, 'officer1', 'stop', stop_told='正午镇民政办 老周', stopped_from='2026-06-01', overpaid=46000).good()
    same((done['state'], done['open'], done['due'], facts(done)['overpaid']), ('stopped', False, None, '460.00'))


def test_a_death_is_looked_for_in_payment_tables(run):
    """rows: R7 G16. Tables hold no persons; whoever notes the death of somebody whose name and number stand in one is told so, and nobody else."""
    village = Village(run.template.copy('deathtable').serve())
    table = '姓名,身份证号,金额,手机号\n方在册,341203194501014329,150.00,13805582009\n'
    village.as_('officer1').ask('POST', f'/subsidies?unit={HOST}&title=' + quote('高龄津贴') + '&commit=1', table.encode()).good()
    for name, number, told in (('方在册', '341203194501014329', 1), ('方不在', '341203194602024331', 1)):
        person = make(village, 'applications', programme='LS', person={'name': name, 'phone': '13805582009', 'id_no': number})['person']['id']
        village.as_('officer2').post(f'/persons/{person}/died', {'died_on': '2026-05-04'}).good()
        same(len(notices(village, 'officer2', '补贴发放表里还有名字')), told, name)
    same(notices(village, 'officer1', '补贴发放表里还有名字'), [])


def test_a_death_told_at_the_door_stops_payments_too(run):
    """rows: L2 L4. Who visits learns of it; once a colleague has confirmed, what is paid is to be stopped."""
    village = Village(run.template.copy('doordeath').serve())
    paid = granted(village)
    care = village.as_('officer1').post('/registers/care', {'unit': GROUP, 'person': PERSON, 'key_group': 'LD', 'visitor': village.account('steward1')}).good(201)
    act(village, care, 'steward1', 'visit', met='DIED').good()
    same(row_of(village, paid)['state'], 'told', 'not on one word')
    act(village, care, 'chair1', 'confirm').good()
    same((row_of(village, paid)['state'], len(notices(village, 'officer2', '名下待遇要报停'))), ('to_stop', 1))


def test_a_refusal_says_why_and_what_can_be_done(run):
    """rows: L4. Refused: with the reason and the way to object; withdrawn: with a reason; lacking papers are named."""
    village = run.village()
    one = make(village, 'applications', programme='TK')
    act(village, one, 'officer1', 'pre_check', fits='unclear', q1='干不动', q2='没有', q3='有个侄子').good()
    act(village, one, 'officer1', 'submit', submitted_to='镇', lacking='核对授权书等侄子回来补').good()
    act(village, one, 'officer1', 'refuse', why_not='有义务人').refused(422, 'missing', 'remedy')
    no = act(village, one, 'officer1', 'refuse', why_not='侄子非法定义务人，材料不全', remedy='60日内可申请行政复议').good()
    same((no['state'], no['due'] is not None), ('refused', True))
    act(village, no, 'officer1', 'tell', told_how='当面', text='没批，可以复议').good()
    two = make(village, 'applications', programme='GL')
    act(village, two, 'officer1', 'withdraw').refused(422, 'missing', 'reason')
    same(act(village, two, 'officer1', 'withdraw', reason='已在外地领').good()['open'], False)


def test_programmes_of_children_and_illness(run):
    """rows: L4 L5. What a programme is about narrows who reads it."""
    village = run.village()
    child = make(village, 'applications', by='child_director1', programme='ET')
    ill = make(village, 'applications', by='officer1', programme='CJ')
    for row, may in ((child, {'child_director1', 'elder_child1'}), (ill, {'officer1', 'chair1', 'elder_child1'})):
        for login in ('child_director1', 'elder_child1', 'officer1', 'chair1', 'secretary1', 'steward1', 'mediator1', 'leader1', 'officer-b'):
            wanted = 200 if login in may | ({'child_director1'} if row is child else set()) else 404
            same(village.as_(login).get(f'/registers/applications/{row["id"]}').status, wanted, f'{login} on {row["title"]}')


def test_an_errand_with_money_and_cards(run):
    """rows: L3. Asked, handed over, done, given back: with cash or cards two are present and it is signed; the sums close."""
    village = run.village()
    case, _ = help_case(village)
    one = make(village, 'errands', errand='代取社保卡、代缴医保', case=case, runner=village.account('steward1'))
    act(village, one, 'steward1', 'hand_over', things='身份证', money=400).refused(422, 'missing', 'second_name')
    act(village, one, 'steward1', 'hand_over', things='身份证', money=40000, second=village.account('steward1')).refused(422, 'not_allowed_here', 'second')
    act(village, one, 'steward1', 'hand_over', things='身份证', money=40000, second_name='邻居王婶').refused(422, 'missing', 'signed_over')
    given = act(village, one, 'steward1', 'hand_over', things='身份证', money=40050, cards='社保卡一张', second=village.account('officer1'), signed_over=True).good()
    same((given['state'], facts(given)['money'], facts(given)['second']), ('handed_over', '400.50', '赵敏'))
    act(village, one, 'steward1', 'finish', result='办好', spent=50000).refused(422, 'out_of_range', 'spent')
    act(village, one, 'steward1', 'finish', result='医保已缴，卡已取', spent=40000).good()
    act(village, one, 'steward1', 'receive', given_back='身份证、社保卡', returned=0, signed_back=True, second_back='王婶').refused(422, 'out_of_range', 'returned')
    act(village, one, 'steward1', 'receive', given_back='身份证、社保卡', returned=50, signed_back=False, second_back='王婶').refused(422, 'missing', 'signed_back')
    act(village, one, 'steward1', 'receive', given_back='身份证、社保卡', returned=50, signed_back=True).refused(422, 'missing', 'second_back')
    back = act(village, one, 'steward1', 'receive', given_back='身份证、社保卡', returned=50, signed_back=True, second_back='王婶').good()
    same((back['state'], back['open'], [p['code'] for p in back['papers']]), ('received', False, ['handover', 'receipt']))
    simple = make(village, 'errands', errand='代取快递')
    same(act(village, simple, 'officer1', 'finish', result='取来了').good()['state'], 'done')


def test_no_password_is_kept(run):
    """rows: L3. What looks like a password is refused wherever it is typed."""
    village = run.village()
    one = make(village, 'errands', errand='代取养老金')
    village.as_('officer1').post('/registers/errands', {'unit': GROUP, 'person': PERSON, 'errand': '取钱，密码是8421'}).refused(422, 'secret', 'errand')
    for field, text in (('things', '存折，密码 8421'), ('cards', '社保卡 482913'), ('things', '手机，验证码1234'), ('second_name', '王婶 PIN 1234')):
        body = {'things': '存折', 'second_name': '王婶', 'signed_over': True, **{field: text}}
        act(village, one, 'officer1', 'hand_over', **body).refused(422, 'secret', field)
    act(village, one, 'officer1', 'hand_over', things='存折一本（尾号2231）', cards='存折', second_name='王婶 13805581234', signed_over=True).good()


def test_slip_and_receipt(run):
    """rows: L3. The slip names what was handed over; the name only for a purpose, which is written down."""
    village = run.village()
    one = make(village, 'errands', errand='代领眼镜')
    path = f'/registers/errands/{one["id"]}/paper?paper='
    village.as_('officer1').get(path + 'handover').refused(422, 'not_a_choice', 'paper')
    act(village, one, 'officer1', 'hand_over', things='取镜单').good()
    plain = village.as_('officer1').get(path + 'handover')
    same((plain.status, plain.body[:5]), (200, b'%PDF-'))
    same(village.as_('volunteer1').get(path + 'handover').status, 404)
    named = village.as_('officer1').get(path + 'handover&purpose=' + quote('当面交接'))
    true(named.status == 200 and named.body[:5] == b'%PDF-', named.text[:200] if named.status != 200 else '')
    seen = village.as_('auditor1').get('/access').good()['items']
    true(any(line['subject'] == 'person' and line['login'] == 'officer1' for line in seen), f'who printed the name is written down: {seen[:2]}')


def fund(village, by='officer1', source='budget', amount=1000, name='春节慰问金'):
    return village.as_(by).post('/registers/funds', {'unit': HOST, 'fund': name, 'fund_source': source, 'amount_in': round(amount * 100), 'received_on': '2026-01-10'}).good(201)


def gift(village, of, worth, by='officer1', name='方受助'):
    return village.as_(by).post('/registers/gifts', {'unit': GROUP, 'person': {'name': name, 'phone': '13805582009'}, 'gift': '米一袋、油一桶', 'worth': round(worth * 100),
                                                     'from_fund': of['id']}).good(201)


def test_what_came_in_is_what_was_given_and_what_is_left(run):
    """rows: L7. Each gift before two witnesses and from a fund; by source what came in is what was given and the rest, to the fen."""
    village = Village(run.template.copy('gifts').serve())

    def sums():
        items = village.as_('officer1').get(f'/registers/funds/counts?unit={HOST}').good()['items']
        return {c['code']: (c['amount'], c['spent']) for c in items}

    before = sums()
    public, donated = fund(village, amount=300.10), fund(village, source='donation', amount=50, name='乡贤捐款')
    one, two, three = gift(village, public, 120.05), gift(village, public, 180.05), gift(village, donated, 50.01)
    act(village, one, 'officer1', 'give', given_on='2026-02-01', witness1='吴立新').refused(422, 'missing', 'witness2')
    act(village, one, 'officer1', 'give', given_on='2026-02-01', witness1='吴立新', witness2='吴立新').refused(422, 'not_allowed_here', 'witness2')
    act(village, one, 'officer1', 'give', given_on='2099-02-01', witness1='吴立新', witness2='程广德').refused(422, 'in_future', 'given_on')
    for row in (one, two):
        act(village, row, 'officer1', 'give', given_on='2026-02-01', witness1='吴立新', witness2='程广德').good()
    act(village, three, 'officer1', 'give', given_on='2026-02-01', witness1='吴立新', witness2='程广德').refused(422, 'out_of_range', 'worth')
    act(village, donated, 'officer1', 'settle', rest_to='转下年').refused(409, 'not_open', 'verb')
    act(village, three, 'officer1', 'void', reason='超了').good()
    act(village, donated, 'officer1', 'settle').refused(422, 'missing', 'rest_to')
    act(village, donated, 'officer1', 'settle', rest_to='转入端午慰问').good()
    page = village.as_('officer1').get(f'/registers/funds/{public["id"]}').good()
    same((facts(page)['amount_in'], facts(page)['spent_sum'], facts(page)['rest'], len(page['children'])), ('300.10', '300.10', '0.00', 2))
    added = {code: (amount - before[code][0], spent - before[code][1]) for code, (amount, spent) in sums().items()}
    same(added, {'budget': (30010, 30010), 'donation': (5000, 0)})
    act(village, one, 'officer1', 'void', reason='退回来了').good()
    same(facts(village.as_('officer1').get(f'/registers/funds/{public["id"]}').good())['rest'], '120.05')
    taken = village.as_('officer1').get(f'/registers/gifts/export?unit={HOST}&format=csv')
    true(taken.status == 200 and '180.05' in taken.text and '吴立新、程广德' in taken.text and '方*助' in taken.text, taken.text)
    same(village.as_('officer1').get(f'/registers/gifts/export?unit={HOST}&format=xlsx').body[:2], b'PK')
    same(village.as_('officer1').get(f'/registers/funds/{public["id"]}/paper?paper=fund_sheet').body[:5], b'%PDF-')


def test_the_branchs_own_gifts(run):
    """rows: L7. What the party branch gives from its own fund stays with its secretary and the chair."""
    village = run.village()
    fund_of = fund(village, by='secretary1', source='party', name='七一慰问')
    village.as_('officer1').post('/registers/funds', {'unit': HOST, 'fund': '七一', 'fund_source': 'party', 'amount_in': 100, 'received_on': '2026-01-10'}).refused(403, 'forbidden', 'fund_source')
    one = gift(village, fund_of, 200, by='secretary1', name='方老党')
    for login, wanted in (('secretary1', 200), ('chair1', 200), ('officer1', 404), ('supervisor1', 404), ('steward1', 404)):
        same(village.as_(login).get(f'/registers/gifts/{one["id"]}').status, wanted, login)
        same(village.as_(login).get(f'/registers/funds/{fund_of["id"]}').status, wanted, login)


def test_offers_hours_and_a_certificate(run):
    """rows: L6. Who can help stands beside who needs it; hours are confirmed by another before they count; the certificate says the sum."""
    village = run.village()
    one = village.as_('officer1').post('/registers/offers', {'unit': GROUP, 'person': {'name': '方志愿', 'phone': '13805585001'}, 'offer': '三轮车接送看病',
                                                            'offer_kind': 'ride', 'free_when': '上午'}).good(201)
    same(facts(one)['hours_sum'], '0.0')
    call = village.as_('steward1').post(f'/persons/{one["person"]["id"]}/reveal', {'purpose': '请他帮忙'}).good()
    same(call['phone'], '13805585001')
    note = {'unit': GROUP, 'of_offer': one['id'], 'done': '送李桂枝去镇卫生院', 'done_on': '2026-11-02', 'time_spent': 150}
    village.as_('steward1').post('/registers/hours', {**note, 'done_on': '2099-01-01'}).refused(422, 'in_future', 'done_on')
    first = village.as_('steward1').post('/registers/hours', note).good(201)
    second = village.as_('officer1').post('/registers/hours', {**note, 'time_spent': 60, 'done': '接回来'}).good(201)
    act(village, second, 'officer1', 'confirm').refused(409, 'not_open', 'verb')
    act(village, first, 'officer1', 'confirm').good()
    page = village.as_('officer1').get(f'/registers/offers/{one["id"]}').good()
    same((facts(page)['hours_sum'], len(page['children']), 'rest' in facts(page)), ('2.5', 2, False))
    act(village, second, 'chair1', 'strike', reason='重复').good()
    same(village.as_('officer1').get(f'/registers/offers/{one["id"]}/paper?paper=certificate&purpose=' + quote('本人申请')).body[:5], b'%PDF-')
