"""Clients that never forget: each keeps a ledger on disk of what it sent and what was acknowledged, and sends again, under the same key,
whatever got no answer.

What a client does is written as a generator: it yields a `Command` and is given the reply once there is one. Between two lives of the server
it stands where it stood.
"""
import collections
import http.client
import json
import os
import threading
import time
import uuid
import zlib
from struct import pack

from client import Client, Failed, fresh_key
from village import GROUP, HOST, SPOT

BUSY = (503, 507)


class Command:
    """One request that changes something. `ids` are the journal entries that it makes (a batch makes several); `births` those that make a case."""

    def __init__(self, path, body, rev=None, ids=None, births=None, type=None, track=None):
        self.path, self.body, self.rev, self.type, self.track = path, body, rev, type, track
        self.key, self.sent = fresh_key(), False
        self.ids = [self.key] if ids is None else ids
        self.births = births if births is not None else self.ids if path in ('/cases', '/cases/settle_on_spot') else []

    def headers(self):
        more = {'Idempotency-Key': self.key}
        if self.rev is not None:
            more['If-Match'] = str(self.rev)
        if self.type:
            more['Content-Type'] = self.type
        if self.track:
            more['Authorization'] = 'Track ' + self.track
        return more


class Ledger:
    """Lines of JSON, each on the disk before the client goes on: `sent` before the first try, `done` with the answer."""

    def __init__(self, path):
        self.path = path
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def add(self, **line):
        os.write(self.fd, (json.dumps(line, ensure_ascii=False) + '\n').encode())
        os.fsync(self.fd)

    def lines(self):
        with open(self.path, encoding='utf-8') as f:
            return [json.loads(line) for line in f]


class Sender:
    """One client through all lives of the server."""

    def __init__(self, name, story, folder, token=None):
        self.name, self.token = name, token
        self.ledger = Ledger(os.path.join(folder, f'{name}.ledger'))
        self.story = story(self)
        self.pending = next(self.story)
        self.odd = []           # answers that no fault explains
        self.refused = collections.Counter() # answers that say: not now (503, 507)
        self.longest = 0        # seconds for an answer
        self.acknowledged = 0
        self.thread = self.over = None
        self.told = collections.deque(maxlen=100) # the last commands with their answers

    def client(self, address, track=None, timeout=40):
        return Client(address, token=None if track else self.token, track=track, timeout=timeout)

    def _take(self, reply):
        """Writes the acknowledgement down, then lets the story go on to its next command."""
        c, answer = self.pending, reply.json
        done = [a['id'] for a in answer['answers'] if a['status'] == 200] if 'answers' in answer else c.ids
        self.ledger.add(done=done, births=[i for i in c.births if i in done], path=c.path, answer=answer)
        self.told.append((c, answer))
        self.acknowledged += 1
        self.pending = self.story.send(answer)

    def once(self, client):
        """Sends what is pending. True when it was acknowledged; raises when no answer came."""
        c = self.pending
        if not c.sent:
            self.ledger.add(sent=c.ids, path=c.path)
            c.sent = True
        began = time.monotonic()
        reply = client.ask('POST', c.path, c.body, headers=c.headers(), again=False)
        self.longest = max(self.longest, time.monotonic() - began)
        if 200 <= reply.status < 300:
            self._take(reply)
            return True
        if reply.status in BUSY:
            self.refused[reply.status] += 1
            if not reply.code:
                self.odd.append(f'{self.name}: {reply.said}: {reply.status} without a problem: {reply.body[:100]!r}')
        else:
            self.odd.append(f'{self.name}: {reply.said}: {reply.status} {reply.body[:200].decode("utf-8", "replace")}')
        return False

    def _run(self, address, pause):
        client = self.client(address)
        while not self.over.is_set() and len(self.odd) < 20:
            try:
                if not self.once(client):
                    self.over.wait(0.05)
                elif pause:
                    self.over.wait(pause)
            except (OSError, http.client.HTTPException):
                client.close()
                self.over.wait(0.01)
        client.close()

    def start(self, address, pause=0):
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(address, pause), daemon=True)
        self.thread.start()

    def stop(self):
        self.over.set()
        self.thread.join(60)
        if self.thread.is_alive():
            self.odd.append(f'{self.name}: hangs on {self.pending.path}')

    def finish(self, address, seconds=30):
        """What is still without an answer gets one now."""
        client, until, before = self.client(address), time.monotonic() + seconds, self.acknowledged
        while self.acknowledged == before and time.monotonic() < until and len(self.odd) < 20:
            if not self.once(client):
                time.sleep(0.05)
        client.close()
        if self.acknowledged == before:
            self.odd.append(f'{self.name}: {self.pending.path} was never acknowledged')


# ---- Stories --------------------------------------------------------------------------------------------

def resident(_sender):
    """Reports, without an account, then speaks by the tracking code."""
    while True:
        body = {'text': '断电时报的 ' + fresh_key(), 'unit': GROUP, 'contact_phone': '13900001111'}
        case = yield Command('/cases', body)
        yield Command('/track/add', {'text': '再说一句'}, track=case['track'])


def steward(_sender):
    """Settles on the spot."""
    n = 0
    while True:
        kind = list(SPOT)[n % len(SPOT)]
        n += 1
        yield Command('/cases/settle_on_spot', {'kind': kind, 'unit': GROUP, 'text': '当场办了 ' + fresh_key(), **SPOT[kind]})


def officer(sender):
    """Takes a case from its report to its end, each step on the revision that the last one told."""
    while True:
        case = yield Command('/cases', {'kind': 'request', 'unit': GROUP, 'text': '一件一件办 ' + fresh_key()})
        steps = [('accept', {}), ('progress', {'text': '问过了'}), ('settle', {'outcome': 'DONE', 'result': '办好了'}),
                 ('reopen', {'reason': '又坏了'}),
                 ('settle', {'outcome': 'DONE', 'result': '又办好了'})]
        rev = case['rev']
        for verb, fields in steps:
            after = yield Command(f'/cases/{case["id"]}/{verb}', fields, rev=rev)
            if after['rev'] != rev + 1:
                sender.odd.append(f'{verb} on rev {rev} gave rev {after["rev"]}')
            rev = after['rev']


def voice(size=3000):
    """A voice note that nobody else has: taken as it is, so an upload of it is all writing."""
    return b'OggS\0\2' + bytes(20) + b'\1\x13OpusHead' + os.urandom(size)


def photo():
    """A small PNG that nobody else has: it is encoded anew in a child before it is stored."""
    def chunk(kind, data):
        return pack('>I', len(data)) + kind + data + pack('>I', zlib.crc32(kind + data))
    rows = b''.join(b'\0' + os.urandom(16) for _ in range(16))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', pack('>IIBBBBB', 16, 16, 8, 0, 0, 0, 0)) +
            chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


def uploader(sender):
    """Brings a file, then a case that it hangs on."""
    n = 0
    while True:
        n += 1
        content = photo() if n % 5 == 0 else voice()
        # The content is the key of an upload: sent again it is the same file, and no entry of the journal is made.
        file = yield Command('/files', content, ids=[], type='image/png' if n % 5 == 0 else 'audio/ogg')
        yield Command('/cases', {'kind': 'environment', 'unit': GROUP, 'text': '有图 ' + fresh_key(), 'files': [file['hash']]})


def queue(sender):
    """The queue of a phone that was without signal: five commands, some on what the others made."""
    def command(verb, fields, **more):
        return {'id': str(uuid.uuid4()), 'verb': verb, 'fields': fields, **more}
    while True:
        spot = command('settle_on_spot', {'kind': 'request', 'unit': GROUP, 'text': '问医保', 'outcome': 'ANSWERED', 'result': '当面答了'})
        report = command('report', {'kind': 'hazard', 'unit': GROUP, 'text': '电线垂下来了'})
        take = command('take', {}, after=report['id'])
        step = command('progress', {'text': '先围起来了'}, after=take['id'])
        talk = command('record', {'type': 'talk', 'form': 'BENCH', 'unit': GROUP, 'at': '2024-11-24T15:00:00+08:00'}, kind='activity')
        commands = [spot, report, take, step, talk]
        while commands:
            # One that met a database that was away is answered 503 within the batch: only what is not done is sent again.
            said = yield Command('/batch', {'commands': commands}, ids=[c['id'] for c in commands],
                                 births=[spot['id'], report['id']])
            bad = [a for a in said['answers'] if a['status'] != 200]
            late = {a['id'] for a in bad if a['status'] in BUSY or a['body'].get('code') == 'blocked_by'}
            sender.refused.update(a['status'] for a in bad if a['status'] in BUSY)
            sender.odd += [f'{sender.name}: batch: {a["status"]} {a["body"]}' for a in bad if a['id'] not in late]
            commands = [c for c in commands if c['id'] in late]


def everybody(run, site, folder, each=1):
    """Senders of every kind on an installation of the demo."""
    who = [('resident', resident, None), ('steward1', steward, 'steward1'), ('officer1', officer, 'officer1'),
           ('uploader', uploader, 'chair1'), ('queue', queue, 'steward1')]
    return [Sender(f'{site.name}-{name}-{i}', story, folder, token=run.token(site, login) if login else None)
            for i in range(each) for name, story, login in who]


# ---- What they were told, and what is there -----------------------------------------------------------

def acknowledged(senders):
    """(ids of journal entries, ids of those that made a case, the answers about cases of their own, the files' hashes)"""
    ids, births, cases, files = [], [], [], []
    for s in senders:
        for line in s.ledger.lines():
            answer = line.get('answer', {})
            ids += line.get('done', [])
            births += line.get('births', [])
            if 'track' in answer and 'number' in answer:
                cases.append((line['done'][0], answer))
            if line['path'] == '/files' and 'done' in line:
                files.append(answer['hash'])
    return ids, births, cases, files


def entries(site):
    """{id of a journal entry: how often it is there}"""
    hex = "encode(id, 'hex')" if site.uri else 'lower(hex(id))'
    return collections.Counter(site.sql(f'select {hex} from journal').split())


def lost(site, ids):
    """Those of the ids that are not in the journal once."""
    there = entries(site)
    return [i for i in ids if there[i.replace('-', '')] != 1]


def figures(site):
    """Everything in the figures of two years but when they were asked for, and how far the journal was read."""
    found = {}
    for year in (2024, 2026):
        page = json.loads(site.cli('report', '--unit', HOST, '--year', str(year), '--json').stdout)
        found.update({(year, name): value for name, value in page.items() if name not in ('as_of', 'position')})
    return found


def tally_is_up(client, seconds=20):
    """The tally follows the journal some tenths of a second behind; waits until it stands still."""
    until, last = time.monotonic() + seconds, None
    while time.monotonic() < until:
        position = client.get(f'/figures?unit={HOST}').good()['position']
        if position == last:
            return
        last = position
        time.sleep(0.7)
    raise Failed('the tally does not come to rest')
