"""The journey of a matter from a resident's first word to the archive, with an office between and an unhappy answer on the way."""
import http.client
import json
import socket
import threading
import time

from client import same, true
from village import GROUP, HOST, eventually

STEPS = ['report', 'take', 'escalate', 'take', 'refer', 'send_back', 'refer', 'accept', 'reply', 'settle', 'judge', 'progress', 'settle', 'judge',
         'close']
PUBLIC = ['report', 'take', 'escalate', 'take', 'refer', 'refer', 'accept', 'reply', 'settle', 'judge', 'settle', 'judge', 'close']


def counts(village):
    """(requests counted this year, judged, resolved) as the committee's figures say."""
    f = village.as_('chair1').get(f'/figures?unit={HOST}').good()
    return f['counts']['request'], f['rates']['judged']['n'], f['rates']['resolved']['n']


def play(village):
    """Walks the whole way; returns (id of the case, client of the resident)."""
    counted, judged, resolved = counts(village)
    case, track, said = village.report('request', category='R0602', title='路灯不亮', contact_phone='13900001234')
    resident = village.resident(track)
    same(said['state'], 'reported', 'state')
    same(said['promises']['reply']['state'], 'running', 'the promise of a reply')

    village.act(case, 'steward1', 'take')
    same(village.case(case)['holder'], {'type': 'account', 'name': '吴建国'}, 'holder')
    same(resident.get('/track').good()['state'], 'working', 'state')

    case = referred(village, case)
    village.act(case, 'officer1', 'settle', outcome='DONE', result='供电所换了灯，夜里看过亮了', told_how='电话')
    same(resident.get('/track').good()['result'], '供电所换了灯，夜里看过亮了', 'the result that the resident reads')
    took = eventually(lambda: counts(village)[0], counted + 1, 'requests counted after settling', 5)
    true(took <= 2, f'the figures are {took:.1f} s behind')

    resident.post('/track/judge', {'resolved': 'no', 'satisfied': 'no', 'text': '第二天又灭了'}).good()
    page = village.case(case)
    same((page['state'], page['reopened']), ('working', 1), 'state and times reopened after an unhappy answer')
    same(page['promises']['settle']['state'], 'running', 'a fresh promise to settle')
    eventually(lambda: counts(village)[0], counted, 'requests counted after the answer no')

    village.act(case, 'officer1', 'progress', text='供电所查到是线路受潮')
    village.act(case, 'officer1', 'settle', outcome='DONE', result='换了线，连亮三夜', told_how='当面')
    resident.post('/track/judge', {'resolved': 'yes', 'satisfied': 'yes', 'text': '好了，谢谢'}).good()
    village.act(case, 'officer1', 'close')
    eventually(lambda: counts(village), (counted + 1, judged + 1, resolved + 1), 'counted, judged, resolved in the end')
    return case, resident


def referred(village, case):
    """From the steward over the desk to the office's reply, with one way back."""
    power = village.office('power')
    village.act(case, 'steward1', 'escalate', reason='灯是供电所的，我够不着')
    village.act(case, 'officer1', 'take')
    same(village.case(case)['level'], 'committee', 'level')
    village.act(case, 'officer1', 'refer', office=power, mode='refer', text='请检查路灯', consent={'given': True, 'how': '电话'})
    page = village.case(case, 'power')
    same((page['level'], page['holder']['type']), ('town', 'office'), 'where it lies')
    village.act(case, 'power', 'send_back', reason='不是我们的灯')
    page = village.case(case)
    same((page['sent_back'], page['level']), (True, 'committee'), 'back at the committee')
    village.act(case, 'officer1', 'refer', office=power, mode='refer', text='杆号 0037，是你们的', consent={'given': True, 'how': '电话'})
    village.act(case, 'power', 'accept')
    village.act(case, 'power', 'reply', text='灯泡坏了，明天换', told_how='电话')
    same(village.case(case)['promises']['reply']['state'], 'done', 'the promise of a reply')
    return case


def test_from_first_word_to_archive(run):
    """rows: R1 R3 R4 R5 D1 G3 G4 G6"""
    village = run.village()
    case, resident = play(village)
    timeline = village.as_('chair1').get(f'/cases/{case}/timeline').good()['items']
    same([s['verb'] for s in timeline], STEPS, 'steps of the timeline')
    same([s['n'] for s in timeline], list(range(1, len(STEPS) + 1)), 'their numbers')
    same(timeline[5]['text'], '不是我们的灯', 'the reason for sending back')
    shown = resident.get('/track').good()
    same(shown['state'], 'closed', 'state')
    same([s['verb'] for s in shown['steps']], PUBLIC, 'steps that the resident sees')
    same({s['actor']['name'] for s in shown['steps']}, {''}, 'names that the resident sees')
    referrals = village.case(case)['referrals']
    same([(r['returned_at'] is not None, r['answered_at'] is not None) for r in referrals], [(True, False), (False, True)], 'returned, answered')
    same(village.site.verify()['faults'], 0, 'faults that verify finds')


def test_two_ways_of_asking_give_the_same(run):
    """rows: R5"""
    village = run.village()
    _, track, said = village.report('request')
    form = f'code={track.lower().replace("-", " ")}'.replace(' ', '+').encode()
    page = village.anyone().ask('POST', '/plain/follow', form, headers={'Content-Type': 'application/x-www-form-urlencoded'})
    same(page.status, 200, 'status of the plain page')
    true(said['number'] in page.text, 'the plain page does not show the number')


def test_plain_pages_report_and_judge(run):
    """rows: R1 R5 G11"""
    village = run.village()
    form = {'Content-Type': 'application/x-www-form-urlencoded'}
    page = village.anyone().get('/plain/report')
    true('<textarea' in page.text and GROUP in page.text, 'no form, or no village in it')
    key = page.text.split('name="key" value="')[1].split('"')[0]
    sent = f'key={key}&text=%E6%B0%B4%E7%AE%A1%E6%BC%8F%E6%B0%B4&unit={GROUP}&phone=13900007654'.encode()
    answers = [village.anyone().ask('POST', '/plain/report', sent, headers=form).text for _ in range(2)]
    same(answers[0], answers[1], 'pressing twice')
    track = answers[0].split('class="code">')[1].split('<')[0]
    number = answers[0].split('<strong>')[1].split('<')[0]
    case = village.find(number)
    village.act(case, 'officer1', 'accept')
    village.act(case, 'officer1', 'settle', outcome='DONE', result='修好了')
    page = village.anyone().ask('POST', '/plain/follow', f'code={track}'.encode(), headers=form).text
    true('name="judge"' in page, 'the plain page does not ask for a judgement')
    village.anyone().ask('POST', '/plain/follow', f'code={track}&judge=yes'.encode(), headers=form)
    same(village.case(case)['judgement']['resolved'], 'yes', 'judgement')


def test_events_and_notices_follow(run):
    """rows: G3 D2"""
    village = run.village()
    with Stream(village, 'officer1') as stream:
        before = village.as_('natres').get('/notices').good()['unseen']
        case, _, _ = village.report('request')
        same(stream.next_for(case)['verb'], 'report', 'event')
        village.act(case, 'officer1', 'accept')
        village.act(case, 'officer1', 'refer', office=village.office('natres'), mode='refer', text='请看')
        eventually(lambda: village.as_('natres').get('/notices').good()['unseen'], before + 1, 'notices of the office')
        village.as_('natres').post('/notices/seen').good()
        same(village.as_('natres').get('/notices').good()['unseen'], 0, 'notices after they were seen')
    for stranger in ('officer-b', 'volunteer1'):
        with Stream(village, stranger) as stream:
            case, _, _ = village.report('request')
            time.sleep(0.7)
            same(stream.heard(), [], f'events that {stranger} hears')


def test_sync_gives_what_changed(run):
    """rows: D3 G1"""
    village = run.village()
    steward = village.as_('steward1')
    first = steward.get('/sync').good()
    true(first['fresh'] and first['rows'], 'the first sync brings everything')
    case, _, _ = village.report('request')

    def changed():
        later = steward.get(f'/sync?cursor={first["next"]}').good()
        return later['fresh'], [r['id'] for r in later['rows']]
    eventually(changed, (False, [case]), 'what changed since')
    steward.get('/sync?cursor=other-epoch.0.0').good()
    steward.get('/sync?cursor=nonsense').refused(400, 'malformed', 'cursor')


class Stream:
    """Listens to /events in the background."""

    def __init__(self, village, login, address=None):
        self.lines = []
        self.connection = http.client.HTTPConnection(*(address or village.server.address), timeout=20)
        token = village.site.run.token(village.site, login)
        self.connection.request('GET', '/api/v1/events', headers={'Authorization': f'Bearer {token}', 'Accept': 'text/event-stream'})
        self.answer = self.connection.getresponse()
        same(self.answer.status, 200, '/events')
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        try:
            for line in self.answer:
                self.lines.append(line.decode())
        except (OSError, ValueError, AttributeError):
            pass

    def heard(self):
        return [json.loads(line[6:]) for line in self.lines if line.startswith('data: ')]

    def next_for(self, case, seconds=5):
        """The first event of a case."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for event in self.heard():
                if event['id'] == case:
                    return event
            time.sleep(0.02)
        return {'verb': None}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        except (OSError, AttributeError):
            pass  # closed already
        self.connection.close()
        self.thread.join(2)
