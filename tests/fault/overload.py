#!/usr/bin/env python3
"""Past its capacity the server says so and stays upright (quality.md, F6).

    overload.py --binary build/liuxiao [--database postgresql://…] [--seconds N] [--idle 10000]

Four times as many commands at once as may wait; ten thousand idle connections; clients that send or read as slowly as they can. Bounds are
wide, so that a busy machine doesn't fail them; the numbers are printed.
"""
import asyncio
import json
import resource
import socket
import sys
import time
import uuid

import stage
from client import same, true
from village import GROUP

QUEUE, TIMES = 250, 4
MOST_MEMORY = 256 * 1024 # KiB
LONGEST = 30


def memory(server, what='VmRSS'):
    """KiB"""
    with open(f'/proc/{server.process.pid}/status', encoding='utf-8') as f:
        return next(int(line.split()[1]) for line in f if line.startswith(what))


def report_request(server):
    body = json.dumps({'text': '大家一起报 ' + str(uuid.uuid4()), 'unit': GROUP, 'contact_phone': '13900001111'}, ensure_ascii=False).encode()
    head = (f'POST /api/v1/cases HTTP/1.1\r\nHost: {server.address[0]}:{server.address[1]}\r\nContent-Type: application/json\r\n'
            f'Idempotency-Key: {uuid.uuid4()}\r\nContent-Length: {len(body)}\r\n\r\n')
    return head.encode() + body


async def ask(reader, writer, request):
    """(status, headers) of one request on an open connection."""
    writer.write(request)
    await writer.drain()
    head = (await reader.readuntil(b'\r\n\r\n')).decode('latin-1')
    headers = dict(line.lower().split(': ', 1) for line in head.split('\r\n')[1:] if ': ' in line)
    await reader.readexactly(int(headers.get('content-length', 0)))
    return int(head.split(' ')[1]), headers


async def crowd_member(server, until, seen):
    reader = writer = None
    while time.monotonic() < until:
        if writer is None:
            reader, writer = await asyncio.open_connection(*server.address)
        began = time.monotonic()
        try:
            status, headers = await asyncio.wait_for(ask(reader, writer, report_request(server)), LONGEST)
        except asyncio.TimeoutError:
            seen['hung'] += 1
            writer.close()
            writer = None
            continue
        except (OSError, asyncio.IncompleteReadError):
            seen['broken'] += 1
            writer.close()
            writer = None
            continue
        took = time.monotonic() - began
        if status == 201:
            seen['accepted'].append(took)
        elif status == 503:
            seen['refused'].append(took)
            if not headers.get('retry-after', '').isdigit():
                seen['odd'].append(f'503 without Retry-After: {headers}')
            await asyncio.sleep(0.2) # sooner than it was told
        else:
            seen['odd'].append(f'{status}')
    if writer:
        writer.close()


def percentile(times, p):
    return sorted(times)[min(len(times) - 1, int(len(times) * p))] if times else 0


def test_more_than_it_can(run):
    """rows: G6"""
    site = run.template.copy('crowd')
    server = site.serve('--queue', str(QUEUE))
    before = int(site.sql('select count(*) from cases'))
    seen = {'accepted': [], 'refused': [], 'odd': [], 'hung': 0, 'broken': 0}

    async def crowd():
        until = time.monotonic() + run.options.seconds
        await asyncio.gather(*(crowd_member(server, until, seen) for _ in range(QUEUE * TIMES)))
    asyncio.run(crowd())
    peak = memory(server, 'VmHWM')
    same(seen['odd'][:3], [], 'answers but 201 and 503')
    same((seen['hung'], seen['broken']), (0, 0), 'requests without an answer')
    true(seen['refused'], 'nobody was told to come back')
    true(len(seen['accepted']) > 50, f'only {len(seen["accepted"])} were accepted')
    longest = max(seen['accepted'] + seen['refused'])
    true(longest < LONGEST, f'an answer took {longest:.1f} s')
    if 'asan' not in run.binary:
        true(peak < MOST_MEMORY, f'{peak // 1024} MiB')
    same(int(site.sql('select count(*) from cases')), before + len(seen['accepted']), 'cases')
    began = time.monotonic()
    same(server.client().post('/cases', {'text': '人少了', 'unit': GROUP}).status, 201, 'status afterwards')
    true(time.monotonic() - began < 5, 'still slow afterwards')
    stage.tell(f'# {QUEUE * TIMES} at once, {QUEUE} may wait: {len(seen["accepted"])} accepted (p50 {percentile(seen["accepted"], .5):.3f} s, '
               f'p99 {percentile(seen["accepted"], .99):.3f} s), {len(seen["refused"])} told to come back (p99 {percentile(seen["refused"], .99):.3f} s), '
               f'longest {longest:.2f} s, peak {peak // 1024} MiB')
    server.stop()


# ---- Idle and slow --------------------------------------------------------------------------------------

def connect(server):
    return socket.create_connection(server.address, timeout=10)


def healthy(server, what, most=5):
    """A newcomer is served while others are a burden."""
    began = time.monotonic()
    client = server.client(timeout=LONGEST)
    same(client.get('/healthz').status, 200, f'status {what}')
    same(client.post('/cases', {'text': '我也来报', 'unit': GROUP}).status, 201, f'status of a report {what}')
    client.close()
    took = time.monotonic() - began
    true(took < most, f'{took:.1f} s {what}')
    return took


def settled_memory(server, most, seconds=20):
    """Memory once it no longer shrinks; fails above `most` KiB."""
    until = time.monotonic() + seconds
    while memory(server) > most and time.monotonic() < until:
        time.sleep(0.5)
    now = memory(server)
    true(now <= most, f'{now // 1024} MiB, wanted at most {most // 1024}')
    return now


def idle_ones(server, count):
    idle = []
    for _ in range(count):
        idle.append(connect(server))
        idle[-1].sendall(b'GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n')
        if len(idle) % 100 == 0:
            true(idle[-1].recv(4096).startswith(b'HTTP/1.1 200'), 'no answer before idling')
    return idle


def leave(idle):
    for s in idle:
        s.close()
    time.sleep(1)


def test_idle_connections(run):
    """rows: G6"""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = min(run.options.idle, (hard if hard != resource.RLIM_INFINITY else 1 << 20) - 600, 9900)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(wanted + 500, 1024)) if hard > 0 else hard, hard))
    site = run.template.copy('idle')
    server = site.serve()
    began = memory(server)
    idle = idle_ones(server, wanted)
    took = healthy(server, f'with {wanted} idle connections')
    peak = memory(server)
    if 'asan' not in run.binary:
        true(peak < MOST_MEMORY, f'{peak // 1024} MiB with {wanted} idle connections')
    leave(idle)
    healthy(server, 'after they left')
    leave(idle_ones(server, wanted))
    again = memory(server)
    true(again <= peak + 16 * 1024 or 'asan' in run.binary, f'{again // 1024} MiB when they came once more, {peak // 1024} the first time')
    after = settled_memory(server, began + 32 * 1024, 25) if run.options.seconds > 4 else memory(server)
    stage.tell(f'# {wanted} idle connections: {began // 1024} → {peak // 1024} MiB, again {again // 1024} MiB, a newcomer {took:.3f} s; after they left '
               f'{after // 1024} MiB')
    server.stop()


def slow_clients(server):
    """Sockets of every kind that takes its time: half a header, half a body, no reading of the answer."""
    slow = []
    for i in range(120):
        s = connect(server)
        s.sendall(b'GET /api/v1/pack HTTP/1.1\r\nHost: here\r\nX-Slow: ')
        slow.append((s, b'a'))
        s = connect(server)
        s.sendall(b'POST /api/v1/cases HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{"text": "')
        slow.append((s, b'a'))
        s = connect(server)
        s.sendall(b'POST /api/v1/files HTTP/1.1\r\nHost: here\r\nContent-Type: audio/ogg\r\nContent-Length: 12000000\r\n\r\nOggS' + bytes(100 * 1024))
        slow.append((s, bytes(10)))
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(server.address)
        s.sendall(b'GET /api/v1/openapi.json HTTP/1.1\r\nHost: here\r\nAccept-Encoding: identity\r\n\r\n' * 3)
        slow.append((s, None))
    return slow


def test_slow_clients(run):
    """rows: G6"""
    site = run.template.copy('slow')
    server = site.serve()
    healthy(server, 'before')
    began, slow, worst = memory(server), slow_clients(server), 0
    for _ in range(5):
        for s, crumb in slow:
            try:
                if crumb:
                    s.sendall(crumb)
            except OSError:
                pass # the server may close it
        worst = max(worst, healthy(server, f'beside {len(slow)} slow clients'))
        time.sleep(0.3)
    peak = memory(server)
    if 'asan' not in run.binary:
        true(peak < MOST_MEMORY, f'{peak // 1024} MiB beside slow clients')
    for s, _ in slow:
        s.close()
    after = settled_memory(server, max(began + 64 * 1024, peak)) if 'asan' not in run.binary else memory(server)
    healthy(server, 'after they left')
    stage.tell(f'# {len(slow)} slow clients: {began // 1024} → {peak // 1024} MiB, others waited at most {worst:.3f} s; after they left {after // 1024} MiB')
    server.stop()


if __name__ == '__main__':
    sys.exit(stage.play(__doc__, [test_more_than_it_can, test_idle_connections, test_slow_clients],
                        ('--seconds', {'type': float, 'default': 4}), ('--idle', {'type': int, 'default': 10000})))
