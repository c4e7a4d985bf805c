"""What was acknowledged is there, once, whenever the server is killed (quality.md, F1)."""
import http.client
import random
import threading
import time

from client import Client, Failed, fresh_key, same, true
from village import GROUP

ROUNDS, SENDERS = 8, 3


class Sender(threading.Thread):
    """Reports one case after the other and keeps a ledger: key → (number, code) once acknowledged, None before."""

    def __init__(self, address, ledger):
        super().__init__(daemon=True)
        self.address, self.ledger, self.over = address, ledger, threading.Event()
        self.odd = []

    def run(self):
        client = Client(self.address, timeout=5)
        while not self.over.is_set():
            key = fresh_key()
            self.ledger[key] = None
            try:
                reply = client.ask('POST', '/cases', body(key), headers={'Idempotency-Key': key}, again=False)
            except (OSError, http.client.HTTPException):
                return
            if reply.status == 201:
                self.ledger[key] = (reply.json['number'], reply.json['track'])
            else:
                self.odd.append(reply.status)


def body(key):
    return {'text': '断电时报的 ' + key, 'unit': GROUP, 'contact_phone': '13900001111'}


def test_killed_in_a_loop(run):
    """rows: G6 R1"""
    site = run.template.copy('kill')
    before = int(site.sql('select count(*) from cases'))
    ledger, odd = {}, []
    chance = random.Random(5)
    for round in range(ROUNDS):
        server = site.serve(name=f'server{round}')
        senders = [Sender(server.address, ledger) for _ in range(SENDERS)]
        for s in senders:
            s.start()
        time.sleep(0.15 + chance.random() * 0.35)
        server.kill()
        for s in senders:
            s.over.set()
            s.join(10)
            odd += s.odd
    same(odd, [], 'answers other than 201')
    acknowledged = {k: v for k, v in ledger.items() if v}
    true(len(acknowledged) >= ROUNDS * 5, f'only {len(acknowledged)} cases were acknowledged')
    server = site.serve(name='after')
    client = server.client()
    # Whoever got no answer asks again; whoever got one gets the same.
    for key, known in ledger.items():
        again = client.post('/cases', body(key), key=key).good(201)
        if known and (again['number'], again['track']) != known:
            raise Failed(f'{known} was acknowledged; now it is {again["number"]}, {again["track"]}')
        same(again['rev'], 1, 'rev')
    same(int(site.sql('select count(*) from cases')), before + len(ledger), 'cases')
    same(int(site.sql('select count(distinct number) from cases')), before + len(ledger), 'numbers')
    same(site.verify()['faults'], 0, 'faults')
    server.stop()


def test_stopping_in_order_loses_nothing(run):
    """rows: G6"""
    site = run.template.copy('stopping')
    before = int(site.sql('select count(*) from cases'))
    server, ledger = site.serve(), {}
    senders = [Sender(server.address, ledger) for _ in range(SENDERS)]
    for s in senders:
        s.start()
    time.sleep(0.4)
    server.stop()
    for s in senders:
        s.over.set()
        s.join(10)
    landed, known = int(site.sql('select count(*) from cases')) - before, sum(1 for v in ledger.values() if v)
    true(known > 0 and landed >= known, f'{known} acknowledged, {landed} there')
    same(site.verify()['faults'], 0, 'faults')
