"""Registers: rows with a life of their own beside cases. The answer bank (R2) shows what all of them share."""
from client import fresh_key, same, true
from village import HOST, Village

ANSWER = {'unit': HOST, 'wording': '医保在哪交', 'ready_answer': '每年9月到12月，带身份证到村部，或在皖事通上交。', 'category': 'R0301', 'source': '区医保局2024年通知'}


def draft(village, by='officer1', **fields):
    return village.as_(by).post('/registers/answers', {**ANSWER, **fields}).good(201)


def act(village, row, by, verb, **fields):
    return village.as_(by).post(f'/registers/{row["register"]}/{row["id"]}/{verb}', fields)


def rows(village, by='officer1', register='answers', **query):
    asked = '&'.join(f'{k}={v}' for k, v in {'unit': HOST, **query}.items())
    return village.as_(by).get(f'/registers/{register}?{asked}').good()


def own(page):
    """The demo has answers of its own beside those of the test."""
    return [r['title'] for r in page['items'] if r['title'].startswith('第')]


def facts(row):
    return {f['name']: f['value'] for f in row['facts']}


def test_an_answer_is_written_by_one_and_checked_by_another(run):
    """rows: R2. An answer is a draft until somebody else has checked it, holds until a day, and rewriting makes it a draft again."""
    village = run.village()
    one = draft(village)
    same((one['state'], one['title'], one['due']), ('draft', ANSWER['wording'], None))
    true(facts(one)['category'] != 'R0301', 'the category is told by its name')
    act(village, one, 'officer1', 'check', valid_until='2099-12-31').refused(409, 'not_open')
    act(village, one, 'chair1', 'check', valid_until='2020-01-01').refused(422, 'in_past', 'valid_until')
    act(village, one, 'chair1', 'check').refused(422, 'missing', 'valid_until')
    checked = act(village, one, 'chair1', 'check', valid_until='2099-12-31').good()
    same((checked['state'], facts(checked)['valid_until'], checked['rev']), ('checked', '2099-12-31', 2))
    same([s['n'] for s in checked['steps']], [1, 2])
    again = act(village, checked, 'chair1', 'correct', wording='医保怎么交', ready_answer='问村部').good()
    same((again['state'], again['title']), ('draft', '医保怎么交'))
    act(village, again, 'chair1', 'check', valid_until='2099-12-31').refused(409, 'not_open')
    act(village, again, 'officer1', 'check', valid_until='2099-06-30').good()
    gone = act(village, again, 'officer1', 'retire', reason='政策变了').good()
    same((gone['state'], gone['open'], gone['verbs']), ('retired', False, []))


def test_lists_of_a_register(run):
    """rows: R2. Open rows come as they fall due, all others newest first; pages follow each other; a state and a class narrow the list."""
    village = Village(run.template.copy('registers').serve())
    made = [draft(village, wording=f'第{n}问') for n in range(5)]
    act(village, made[3], 'chair1', 'check', valid_until='2090-01-01').good()
    act(village, made[1], 'chair1', 'check', valid_until='2080-01-01').good()
    seen, cursor = [], ''
    while cursor is not None:
        page = rows(village, limit=2, **({'cursor': cursor} if cursor else {}))
        seen += own(page)
        cursor = page['next']
    same(seen, ['第1问', '第3问', '第0问', '第2问', '第4问'])
    same(own(rows(village, state='checked')), ['第3问', '第1问'])
    same([r['title'] for r in rows(village, state='all', limit=1)['items']], ['第4问'])
    same(rows(village, code='R0101')['items'], [])
    same(own(rows(village, due_before='2085-01-01')), ['第1问'])
    village.as_('officer1').get(f'/registers/answers?unit={HOST}&state=gone').refused(422, 'not_a_choice', 'state')
    same(village.as_('officer1').get('/registers/nothing?unit=' + HOST).status, 404)


def test_rows_of_others_are_not_there(run):
    """A register's rows are seen by the posts that read it in their unit, and by nobody else; a command comes in once."""
    village = run.village()
    key = fresh_key()
    one = village.as_('officer1').post('/registers/answers', ANSWER, key=key).good(201)
    same(village.as_('officer1').post('/registers/answers', ANSWER, key=key).json['id'], one['id'])
    for stranger in ('officer-b', 'steward-b', 'auditor1', 'leader1'):
        same(village.as_(stranger).get(f'/registers/answers/{one["id"]}').status, 404, stranger)
        true(act(village, one, stranger, 'retire', reason='不该').status in (403, 404), stranger)
    same(village.anyone().get(f'/registers/answers/{one["id"]}').status, 401)
    same(village.as_('mediator1').get(f'/registers/answers/{one["id"]}').good()['title'], ANSWER['wording'])
    same(act(village, one, 'steward1', 'retire', reason='不该').status, 404)
    village.as_('officer1').post('/registers/answers', {**ANSWER, 'category': 'Z99'}).refused(422, 'not_a_choice', 'category')
    village.as_('officer-b').post('/registers/answers', ANSWER).refused(404, 'not_found', 'unit')
    names = {r['name']: r for r in village.as_('steward1').get('/registers').good()['items']}
    same(names['answers']['make'], None)
    same([f['name'] for f in {r['name']: r for r in village.as_('officer1').get('/registers').good()['items']}['answers']['make']['form']][:2], ['unit', 'wording'])
