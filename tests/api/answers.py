"""The answer bank as its users meet it (R2): as they type, on a case's page, and what it learns from what was chosen."""
from client import same, true
from registers import act, draft, facts
from village import GROUP, HOST, SIBLING, TOWN, Village, eventually

LAMP = {'wording': '路灯不亮找谁修', 'ready_answer': '打供电所电话报修，写明灯杆号，两天内来人。', 'category': 'R0602'}
CARD = {'wording': '社保卡丢了怎么补办', 'ready_answer': '先打12333挂失，再带身份证到镇人社所补。', 'category': 'R0304'}
HEAT = {'wording': '医保在哪里交', 'ready_answer': '九月到十二月，带身份证到村部交。', 'category': 'R0301'}


def fresh(run, name):
    return Village(run.template.copy(name).serve())


def checked(village, by='officer1', check='chair1', until='2099-12-31', **fields):
    one = draft(village, by, **fields)
    return act(village, one, check, 'check', valid_until=until).good()


def suggest(village, q, unit=GROUP, who=None):
    return (who or village.anyone()).post('/answers/suggest', {'unit': unit, 'q': q}).good()['items']


def found(village, q, **how):
    return [one['question'] for one in suggest(village, q, **how)]


def test_answers_come_while_one_types(run):
    """rows: R2. Whoever asks is shown the checked answers that fit, best first, with the words that they share; never a draft, never one past its day."""
    village = fresh(run, 'typing')
    for fields in (LAMP, CARD, HEAT):
        checked(village, **fields)
    draft(village, wording='路灯不亮的草稿', ready_answer='还没有核过')
    eventually(lambda: found(village, HEAT['wording']), [HEAT['wording']], 'all are there')
    eventually(lambda: found(village, '我家门口路灯不亮了，夜里走路害怕'), [LAMP['wording']], 'what fits')
    one = suggest(village, '路灯不亮')[0]
    same((one['answer'], one['uses'], one['stale'], one['category_label']), (LAMP['ready_answer'], 0, False, '路灯'))
    same(one['because'], ['路灯不亮'], 'why')
    same(found(village, '社保卡掉了，怎么办'), [CARD['wording']])
    same(found(village, '請問路燈不亮'), [LAMP['wording']], 'traditional characters')
    same(found(village, '请问怎么办'), [], 'words that say nothing')
    same(found(village, '隔壁鸡跑到我家菜地'), [], 'something else')
    same(found(village, '路灯不亮', unit=SIBLING), [], 'elsewhere')
    village.anyone().post('/answers/suggest', {'unit': GROUP}).refused(422, 'missing', 'q')
    village.anyone().post('/answers/suggest', {'unit': '9', 'q': '路灯'}).refused(404, 'not_found', 'unit')


def test_an_answer_holds_below_its_unit(run):
    """rows: R2. What the town has answered holds for its committees and groups: read there, offered there, and changed by nobody there."""
    village = fresh(run, 'below')
    one = checked(village, by='center', check='natres', unit=TOWN, **LAMP)
    open_draft = draft(village, 'center', unit=TOWN, wording='镇里的草稿')
    listed = village.as_('officer1').get(f'/registers/answers?unit={HOST}').good()['items']
    titles = [r['title'] for r in listed]
    true(LAMP['wording'] in titles and '镇里的草稿' not in titles, 'the committee reads the town\'s, not its drafts')
    village.as_('steward1').get(f'/registers/answers/{one["id"]}').good()
    same(village.as_('steward1').get(f'/registers/answers/{open_draft["id"]}').status, 404)
    act(village, one, 'officer1', 'retire', reason='不该').refused(403, 'forbidden')
    eventually(lambda: found(village, '路灯不亮'), [LAMP['wording']], 'offered in the group')
    same(found(village, '路灯不亮', unit=SIBLING), [LAMP['wording']], 'and next door')


def test_what_was_chosen_is_counted_and_learned(run):
    """rows: R2. An answer that was given counts, and is found from then on by the words of those it was given to."""
    village = fresh(run, 'learned')
    lamp = checked(village, **LAMP)
    stale = checked(village, wording='旧的答复', ready_answer='过时了')
    eventually(lambda: found(village, '路灯不亮'), [LAMP['wording']], 'there')
    odd = '巷子里黑灯瞎火的'
    same(found(village, odd), [], 'not in these words yet')
    case, _, _ = village.report('request', text=odd + '，老人摔跤')
    village.act(case, 'officer1', 'accept')
    village.as_('officer1').do(case, 'reply', text='报修了', answer_id=case).refused(404, 'not_found', 'answer_id')
    village.act(case, 'officer1', 'reply', text=LAMP['ready_answer'], answer_id=lamp['id'])
    village.act(case, 'officer1', 'settle', outcome='DONE', result='修好了', answer_id=lamp['id'])
    eventually(lambda: found(village, odd), [LAMP['wording']], 'learned')
    same(suggest(village, odd)[0]['uses'], 1, 'one matter, one use')
    similar = village.as_('officer1').get(f'/cases/{case}/answers').good()
    same([a['question'] for a in similar['items']], [LAMP['wording']])
    spot = village.as_('steward1').post('/cases/settle_on_spot', {
        'kind': 'request', 'unit': GROUP, 'text': '问路灯', 'outcome': 'ANSWERED', 'result': LAMP['ready_answer'], 'answer_id': lamp['id']}).good(201)
    true(spot['number'], 'answered on the spot from the bank')
    eventually(lambda: suggest(village, odd)[0]['uses'], 2, 'uses')
    act(village, lamp, 'chair1', 'retire', reason='换号了').good()
    same(found(village, odd), [], 'gone at once')
    village.as_('officer1').do(case, 'reopen', reason='又黑了').good()
    village.as_('officer1').do(case, 'reply', text='再修', answer_id=lamp['id']).refused(404, 'not_found', 'answer_id')
    true(stale['id'], 'unused')


def test_a_settled_request_begins_an_answer(run):
    """rows: R2. From a settled request to a draft: its words, without the names and numbers of those who asked."""
    village = run.village()
    case, _, _ = village.report('request', title='方阿大家社保卡', text='方阿大问社保卡', persons=[{'role': 'reporter', 'name': '方阿大', 'phone': '13900001234'}])
    village.act(case, 'officer1', 'accept')
    same(village.as_('officer1').get(f'/cases/{case}/answers').good()['draft'], None, 'nothing before it is settled')
    village.act(case, 'officer1', 'settle', outcome='DONE', result='方阿大的卡已补，电话13900001234已告知。打12333也行')
    made = village.as_('officer1').get(f'/cases/{case}/answers').good()['draft']
    same((made['wording'], made['ready_answer']), ('某某家社保卡', '某某的卡已补，电话……已告知。打12333也行'))
    same(village.as_('officer-b').get(f'/cases/{case}/answers').status, 404)
    one = draft(village, **{**made, 'category': 'R0304'})
    same(facts(one)['ready_answer'], made['ready_answer'])


def test_the_index_can_be_made_anew(run):
    """rows: R2. Derived data: thrown away and made again it says the same."""
    village = fresh(run, 'anew')
    checked(village, **LAMP)
    eventually(lambda: found(village, '路灯不亮'), [LAMP['wording']], 'there')
    site = village.site
    site.cli('rebuild')
    eventually(lambda: found(village, '路灯不亮'), [LAMP['wording']], 'there again')
