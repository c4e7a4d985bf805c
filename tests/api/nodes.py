"""Two nodes on one PostgreSQL behind nginx: one installation, whichever of them answers."""
import os
import socket
import subprocess
import time

import journey
from client import Client, fresh_key, same, true
from village import GROUP, HOST, Village, eventually

ENGINE = 'postgresql'

NGINX = '''
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    upstream liuxiao {{ {servers} }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://liuxiao;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_buffering off;
            proxy_next_upstream error timeout non_idempotent;
            proxy_connect_timeout 1s;
        }}
    }}
}}
'''


class Front:
    """nginx before the nodes; speaks like a server to Village."""

    def __init__(self, site, nodes):
        self.site = site
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            self.address = s.getsockname()
        servers = ' '.join(f'server {n.address[0]}:{n.address[1]} max_fails=1 fail_timeout=2s;' for n in nodes)
        path = os.path.join(site.run.folder, 'nginx.conf')
        with open(path, 'w', encoding='utf-8') as f:
            f.write(NGINX.format(folder=site.run.folder, servers=servers, port=self.address[1]))
        os.chmod(site.run.folder, 0o755)  # nginx's worker is another user
        self.process = subprocess.Popen(['nginx', '-c', path, '-e', os.path.join(site.run.folder, 'nginx.log')])
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                socket.create_connection(self.address, timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError('nginx does not come up')

    def client(self, **how):
        return Client(self.address, **how)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


class Pair:
    """Two nodes with nginx before them; `with` ends them."""

    def __init__(self, run, name):
        self.site = run.template.copy(name)
        self.a, self.b = (self.site.serve('--trust-proxy', 'yes', name=n) for n in ('a', 'b'))
        self.front = Front(self.site, [self.a, self.b])
        self.village = Village(self.front)

    def at(self, node):
        """The village seen through one node alone."""
        return Village(node)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.front.stop()
        for node in (self.a, self.b):
            if node.alive():
                node.stop()


def test_two_nodes_are_one(run):
    """rows: G3 G4 G6 R3 R4 R5"""
    with Pair(run, 'nodes') as pair:
        case, _ = journey.play(pair.village)
        served = [n.log().count('path=/api/v1/') for n in (pair.a, pair.b)]
        true(min(served) > 5, f'requests by node: {served}')
        same([s['verb'] for s in pair.at(pair.a).case(case)['timeline']], journey.STEPS, 'steps')
        events_reach_the_other_node(pair)
        jobs_run_once(pair)
        sessions_hold_on_both(pair)
        goes_on_when_one_is_killed(pair)
        same(pair.site.verify()['faults'], 0, 'faults')


def events_reach_the_other_node(pair):
    with journey.Stream(pair.at(pair.b), 'officer1') as stream:
        case, _, _ = pair.at(pair.a).report('request')
        same(stream.next_for(case)['verb'], 'report', 'event of one node heard on the other')


def jobs_run_once(pair):
    """Notices are written by whoever holds the lease; two nodes that poll don't double them."""
    cases = [pair.village.report('hazard')[0] for _ in range(10)]
    known = len(cases)

    def told():
        return [n['case'] for n in pair.village.as_('steward1').get('/notices').good()['items'] if n['case'] in cases]
    eventually(lambda: len(told()), known, 'notices to the steward')
    time.sleep(1)
    same((len(told()), len(set(told()))), (known, known), 'notices, cases')
    same(pair.site.sql('select count(*) from (select account, once from notice group by account, once having count(*) > 1) x'), '0', 'notices twice')
    figures = pair.village.as_('chair1').get(f'/figures?unit={HOST}&from=2024-01-01&to=2024-12-31').good()['counts']
    same(figures['environment'], 50, 'environment counted')


def sessions_hold_on_both(pair):
    for _ in range(4):
        c = pair.front.client()
        c.sign_in('head7', 'liuxiao-demo').good()
        cookie = c.cookie
        for node in (pair.a, pair.b):
            there = node.client()
            there.cookie = cookie
            same(there.get('/session').good()['account']['login'], 'head7', 'login')


def goes_on_when_one_is_killed(pair):
    """A client that asks again when it is not answered loses nothing."""
    client, made = pair.front.client(), {}
    for i in range(60):
        if i == 20:
            pair.a.kill()
        key = fresh_key()
        for _ in range(10):
            reply = client.post('/cases', {'text': f'第 {i} 件', 'unit': GROUP}, key=key)
            if reply.status == 201:
                made[key] = reply.json['number']
                break
            time.sleep(0.1)
    same((len(made), len(set(made.values()))), (60, 60), 'answers, numbers')
    again = {key: client.post('/cases', {'text': f'第 {i} 件', 'unit': GROUP}, key=key).good(201)['number'] for i, key in enumerate(made)}
    same(again, made, 'the same asked again')
    case, _, _ = pair.village.report('request')
    pair.village.act(case, 'officer1', 'accept')
    # The other one takes the leases over: what is reported now is told. Their half minute is not waited for.
    pair.site.sql('update lease set until = 0')
    with journey.Stream(pair.at(pair.b), 'officer1') as stream:
        case, _, _ = pair.village.report('request')
        same(stream.next_for(case)['verb'], 'report', 'event after the kill')
    eventually(lambda: case in [n['case'] for n in pair.village.as_('steward1').get('/notices').good()['items']], True, 'a notice after the kill')
