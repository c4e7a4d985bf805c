"""A command is done once, however often it is sent; a queue of commands from a phone keeps its order (product G20, quality F8)."""
import threading

from client import fresh_key, same, true
from village import GROUP, eventually


def test_same_key_same_answer(run):
    """rows: R1 R5 D3"""
    village = run.village()
    key, body = fresh_key(), {'text': '井盖松了', 'unit': GROUP, 'contact_phone': '13900002222'}
    first = village.anyone().post('/cases', body, key=key).good(201)
    again = village.anyone().post('/cases', body, key=key).good(201)
    same((again['number'], again['track'], again['rev']), (first['number'], first['track'], first['rev']), 'the second answer')
    case = village.find(first['number'])
    village.act(case, 'officer1', 'accept')
    late = village.anyone().post('/cases', body, key=key).good(201)
    same((late['number'], late['track'], late['state']), (first['number'], first['track'], 'accepted'), 'the answer much later')
    same(len(village.as_('officer1').get(f'/cases/{case}/timeline').good()['items']), 2, 'steps')


def test_many_at_once_are_one(run):
    """rows: R1"""
    village = run.village()
    key, numbers = fresh_key(), []

    def send():
        numbers.append(village.anyone().post('/cases', {'text': '同时点了好几下', 'unit': GROUP}, key=key).good(201)['number'])
    threads = [threading.Thread(target=send) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    same((len(numbers), len(set(numbers))), (8, 1), 'answers, cases')


def test_another_body_or_account_is_refused(run):
    """rows: G6"""
    village = run.village()
    key = fresh_key()
    officer = village.as_('officer1')
    case, _, _ = village.report('request', by=officer, key=key)
    officer.post('/cases', {'kind': 'request', 'text': '别的话', 'unit': GROUP}, key=key).refused(422, 'key_reused')
    village.as_('officer2').post('/cases', {'kind': 'request', 'text': '测试：门口的事，请来看看', 'unit': GROUP}, key=key).refused(422, 'key_reused')
    officer.do(case, 'accept', key=key).refused(422, 'key_reused')
    same(village.case(case)['rev'], 1, 'rev')
    key = fresh_key()
    officer.do(case, 'accept', key=key).good()
    same(officer.do(case, 'accept', key=key).good()['rev'], 2, 'rev after the same verb again')
    officer.do(case, 'accept', key=fresh_key()).refused(409, 'not_open', 'verb')


def test_refused_leaves_the_key_free(run):
    """rows: G6"""
    village = run.village()
    key = fresh_key()
    village.anyone().post('/cases', {'unit': GROUP, 'text': ''}, key=key).refused(422, 'missing', 'text')
    village.anyone().post('/cases', {'unit': GROUP, 'text': '这回写了'}, key=key).good(201)
    village.anyone().post('/cases', {'unit': GROUP, 'text': '字'}, headers={'Idempotency-Key': 'not an id'}).refused(400, 'malformed', 'Idempotency-Key')


def command(verb, fields=None, id=None, **more):
    return {'id': id or fresh_key(), 'verb': verb, 'fields': fields or {}, **more}


def batch(village, login, *commands):
    answers = village.as_(login).post('/batch', {'commands': list(commands)}).good()['answers']
    same([a['id'] for a in answers], [c['id'] for c in commands], 'answers in the order of the commands')
    return answers


def test_queue_of_a_day_without_signal(run):
    """rows: D3 G20 H3"""
    village = run.village()
    spot = command('settle_on_spot', {'kind': 'request', 'unit': GROUP, 'text': '问医保', 'outcome': 'ANSWERED', 'result': '当面答了'},
                   happened_at='2026-11-24T09:00:00+08:00')
    report = command('report', {'kind': 'hazard', 'unit': GROUP, 'text': '电线垂下来了'})
    take = command('take', after=report['id'])
    step = command('progress', {'text': '先围起来了'}, after=take['id'])
    talk = command('record', {'type': 'talk', 'form': 'BENCH', 'unit': GROUP, 'at': '2026-11-24T15:00:00+08:00'}, kind='activity')
    queue = [spot, report, take, step, talk]
    answers = batch(village, 'steward1', *queue)
    same([a['status'] for a in answers], [200] * 5, 'statuses')
    same([a['body']['again'] for a in answers], [False] * 5, 'again')
    case = answers[1]['body']['id']
    same([a['body']['id'] for a in answers[1:4]], [case] * 3, 'the case that the queue made')
    page = village.case(case)
    same([(s['verb'], s['id']) for s in page['timeline']], [('report', report['id']), ('take', take['id']), ('progress', step['id'])], 'timeline')
    same(village.case(answers[0]['body']['id'])['reported_at'][:10], '2026-11-24', 'day on which it happened')
    # The answer was lost on the way: the phone sends everything again.
    again = batch(village, 'steward1', *queue)
    same([(a['status'], a['body']['again'], a['body']['id']) for a in again], [(200, True, a['body']['id']) for a in answers], 'the replay')
    same(again[1]['body']['track'], answers[1]['body']['track'], 'tracking code')
    same(village.case(case)['rev'], 3, 'rev after the replay')


def test_behind_a_refusal(run):
    """rows: D3 G20"""
    village = run.village()
    case, _, _ = village.report('request')
    other, _, _ = village.report('request')
    bad = command('settle_on_spot', {'kind': 'dispute', 'unit': GROUP, 'text': '缺一方', 'outcome': 'SPOT_PEACE'})
    behind = command('judge', after=bad['id'])
    take = command('take', subject=case, rev=1)
    stale = command('progress', {'text': '旧的'}, subject=case, rev=1)
    after_stale = command('progress', {'text': '更后的'}, subject=case, after=stale['id'])
    free = command('take', subject=other, rev=1)
    answers = batch(village, 'steward1', bad, behind, take, stale, after_stale, free)
    same([(a['status'], a['body'].get('code')) for a in answers],
         [(422, 'missing'), (409, 'blocked_by'), (200, None), (409, 'stale'), (409, 'blocked_by'), (200, None)], 'answers')
    same(answers[1]['body']['field'], 'after', 'field of blocked_by')
    # Put right and sent again, the chain goes on.
    stale.update(rev=2)
    same([a['status'] for a in batch(village, 'steward1', stale, after_stale)], [200, 200], 'after it was put right')
    same(village.case(case)['rev'], 4, 'rev')


def test_queue_speaks_for_itself(run):
    """rows: G20"""
    village = run.village()
    steward = village.as_('steward1')
    steward.post('/batch', {}).refused(422, 'missing', 'commands')
    steward.post('/batch', {'commands': {}}).refused(422, 'wrong_type', 'commands')
    steward.post('/batch', {'commands': [command('take')] * 501}).refused(422, 'too_long', 'commands')
    same(steward.post('/batch', {'commands': []}).good()['answers'], [], 'an empty queue')
    odd = [7, {'id': 'x', 'verb': 'take', 'fields': {}}, command('no_such_verb', subject=fresh_key()), command('take', subject=fresh_key()),
           {**command('take'), 'colour': 'red'}, {'id': fresh_key(), 'verb': 'take'}, command('take', kind='unit', subject=fresh_key())]
    answers = steward.post('/batch', {'commands': odd}).good()['answers']
    same([(a['status'], a['body'].get('code'), a['body'].get('field')) for a in answers],
         [(400, 'malformed', 'id'), (400, 'malformed', 'id'), (404, 'unknown_verb', 'verb'), (404, 'not_found', None), (422, 'unknown_field', 'colour'),
          (422, 'missing', 'fields'), (422, 'not_a_choice', 'kind')], 'answers to odd commands')


def test_two_at_once_one_is_stale(run):
    """rows: G6 G17"""
    village = run.village()
    case, _, _ = village.report('request')
    village.act(case, 'officer1', 'accept')
    codes = []

    def send(login):
        client = village.server.client(token=run.token(village.site, login))
        reply = client.do(case, 'progress', rev=2, text=f'{login} 写的')
        codes.append((reply.status, reply.code))
    threads = [threading.Thread(target=send, args=(login,)) for login in ('officer1', 'officer2', 'chair1', 'mediator1')]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    same(sorted(codes, key=str), [(200, None)] + [(409, 'stale')] * 3, 'answers')
    same(village.case(case)['rev'], 3, 'rev')


def test_creating_in_parallel_gives_different_numbers(run):
    """rows: R1 G6"""
    village = run.village()
    numbers, faults = [], []

    def send():
        client = village.anyone()
        for _ in range(10):
            reply = client.post('/cases', {'text': '并发登记', 'unit': GROUP, 'kind': 'environment'}, key=fresh_key())
            (numbers if reply.status == 201 else faults).append(reply.json.get('number', reply.body))
    threads = [threading.Thread(target=send) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    same(faults, [], 'refused')
    same((len(numbers), len(set(numbers))), (80, 80), 'cases, numbers')
    eventually(lambda: village.site.verify()['faults'], 0, 'faults')
    true(all(n.startswith('吴寨E') for n in numbers), 'numbers name the committee and the kind')
