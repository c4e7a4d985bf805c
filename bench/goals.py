"""The speeds that are measured (docs/performance.md), each a function that returns rows of the table.

A row: id, what, ours, limit, ratio, goal, met (true, false, or null: could not be measured) and `note`. Numbers are floats in the unit that `what` or
`unit` names.
"""
import csv
import gzip
import json
import os
import re
import resource
import statistics
import struct
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import zlib

import measure
import mixes

YEAR = time.gmtime().tm_year - 1


def row(id, what, ours, unit, goal, met, limit=None, note=''):
    return {'id': id, 'what': what, 'ours': ours, 'unit': unit, 'limit': limit, 'ratio': round(ours / limit, 3) if limit and ours is not None else None,
            'goal': goal, 'met': met, 'note': note}


def missing(id, what, goal, why):
    return row(id, what, None, '', goal, None, note=why)


def officers(site):
    return [a for a in site.actors if a['post'] == 'officer']


def load_pack():
    with open(os.path.join(measure.TREE, 'pack', 'liuxiao.json'), encoding='utf-8') as f:
        return json.load(f)


def bad(report):
    n = sum(v for k, v in report['status'].items() if not k.startswith('2')) + report['broken']
    return f'{n} not answered well: {report.get("first_bad", "")[:90]}' if n else ''


# ---- P1 and its like on PostgreSQL ------------------------------------------------------------------------

def bare_creates(site, report, seconds):
    if site.database:
        return json.loads(measure.run(measure.program('pg_create'), site.database, '4', str(seconds)))
    return json.loads(measure.run(measure.program('sqlite_create'), site.folder, str(max(1, round(report['group']))), str(seconds)))


def create_rows(run, site, name, connections, id='P1'):
    os.sync()
    with measure.Server(site) as server:
        r = measure.load(server, mixes.report(officers(site), load_pack()), connections, run.seconds)
    limit = bare_creates(site, r, run.limit_seconds)
    run.keep(f'{id} {name} {connections}', {'ours': r, 'limit': limit})
    note = f'group {r["group"]}, p50 {r["ms"]["p50"]:.1f} ms, p99 {r["ms"]["p99"]:.1f} ms, {r["server_cpu_us"]:.0f} us CPU. {bad(r)}'.strip()
    rows = [row(id, f'creates, {name}, {connections} connections', r['per_second'], '/s', '≥ 60 % of the bare loop',
                r['per_second'] >= 0.6 * limit['per_second'], limit['per_second'], note)]
    least = {'empty': 6000, 'big': 4000}.get(name) if not site.database else None
    if connections == 16 and least:
        rows.append(row(id, f'the same at 16 connections, {name}', r['per_second'], '/s', f'≥ {least}', r['per_second'] >= least))
    if not site.database and name == 'big':
        quiet = r['ms_between_checkpoints']
        rows.append(row(id, f'p99 between checkpoints, {connections} connections', quiet['p99'], 'ms', '≤ 10', quiet['p99'] <= 10, note=f'{quiet["n"]} of {r["ms"]["n"]} creates'))
        rows.append(row(id, f'p99 of all, {connections} connections', r['ms']['p99'], 'ms', '≤ 150', r['ms']['p99'] <= 150))
        rows.append(row(id, f'log (WAL) afterwards, {connections} connections', r['wal_mib'], 'MiB', '≤ 128', r['wal_mib'] <= 128))
    return rows


def p1(run):
    rows = []
    for n in run.connections:
        site = run.copy('empty')
        rows += create_rows(run, site, 'empty', n)
        site.remove()
    site = run.copy('big')
    for n in run.connections:
        rows += create_rows(run, site, 'big', n)
    bare = json.loads(measure.run(measure.program('sqlite_create'), site.folder, '16', str(run.limit_seconds)))
    rows.append(row('P1', 'bare loop at group 16: pages a create', bare['pages'], '', '≤ 8', bare['pages'] <= 8, note=f'{bare["rows"]} rows a create'))
    rows.append(row('P1', 'bare loop at group 16: processor time a create', bare['cpu_us'], 'us', '≤ 110', bare['cpu_us'] <= 110))
    site.remove()
    return rows


# ---- P2 ---------------------------------------------------------------------------------------------------

def seen_cases(site, condition, n=2000):
    """(token, id) of cases with two persons, read by the officer of their committee."""
    tokens = {a['unit']: a['token'] for a in officers(site)}
    uuid = "encode(c.uuid, 'hex')" if site.database else 'lower(hex(c.uuid))'
    found = site.sql(f"""select {uuid}, substr(u.code, 1, 12) from cases c join unit u on u.id = c.unit
        where c.id in (select q.case_id from case_person q where q.case_id % {run_step(site, n)} = 0 group by q.case_id having count(*) = 2) and {condition} limit {n}""")
    def text(h):
        return '-'.join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))
    return [(tokens[code], text(h)) for h, code in found if code in tokens]


def run_step(site, n):
    cases = int(site.sql('select max(id) from cases')[0][0])
    return max(1, cases // (n * 12))


def read_rows(run, site, id='P2'):
    plain = seen_cases(site, 'c.class in (0, 4)')
    careful = seen_cases(site, 'c.class in (1, 2)')
    with measure.Server(site) as server:
        r = measure.load(server, mixes.read_cases(plain), 16, run.seconds, watch=False)
        before = int(site.sql('select count(*) from access')[0][0])
        logged = measure.load(server, mixes.read_cases(careful), 16, run.seconds, watch=False) if careful else None
        time.sleep(0.5)
        after = int(site.sql('select count(*) from access')[0][0])
    limit = None
    if not site.database:
        with tempfile.NamedTemporaryFile('w', suffix='.txt') as f:
            f.writelines(f'{token} {case}\n' for token, case in plain[:1000])
            f.flush()
            limit = json.loads(measure.run(measure.program('replay'), '--cases', f.name, '--seconds', str(run.limit_seconds), *site.flags))
    run.keep(f'{id} reads', {'ours': r, 'logged': logged, 'limit': limit})
    note = f'p50 {r["ms"]["p50"]:.2f} ms, p99 {r["ms"]["p99"]:.2f} ms, {r["mean_body"]:.0f} bytes. {bad(r)}'.strip()
    rows = [row(id, 'GET /cases/{id}, two persons, 16 connections', r['per_second'], '/s', '≥ 60 % of the bare loop',
                r['per_second'] >= 0.6 * limit['per_second'] if limit else None, limit['per_second'] if limit else None,
                note + (f' {limit["statements"]:.0f} statements' if limit else ''))]
    if not site.database:
        rows.append(row(id, 'the same, absolute', r['per_second'], '/s', '≥ 20 000', r['per_second'] >= 20000))
    if logged is None or after - before < logged['requests'] // 2:
        rows.append(missing(id, 'GET of children\'s and health cases, read logged', '≥ 8 000/s',
                            f'{after - before} lines in access for {logged["requests"] if logged else 0} reads: these reads are not logged'))
    else:
        rows.append(row(id, 'GET of children\'s and health cases, read logged', logged['per_second'], '/s', '≥ 8 000', logged['per_second'] >= 8000, note=bad(logged)))
    return rows


def bare_reply(run, size):
    process = subprocess.Popen([measure.program('http_reply'), str(size)], stdout=subprocess.PIPE, text=True)
    try:
        port = process.stdout.readline().strip()
        with tempfile.NamedTemporaryFile('w', suffix='.json') as f:
            json.dump(mixes.health(), f)
            f.flush()
            return json.loads(measure.run(measure.program('load'), '--port', port, '--mix', f.name, '--connections', '16', '--seconds', str(run.limit_seconds)))
    finally:
        process.kill()
        process.wait()


def p2(run):
    site = run.work()
    rows = read_rows(run, site)
    size = int(run.kept['P2 reads']['ours']['mean_body'])
    bare = bare_reply(run, size)
    run.keep('P2 bare HTTP', bare)
    rows.append(row('P2', f'for comparison: libmicrohttpd alone, {size} bytes', bare['per_second'], '/s', '', None, note='no database behind it'))
    return rows


# ---- P3, P4, P5 -------------------------------------------------------------------------------------------

def inbox_rows(run, site, name, id='P3'):
    rows = []
    desks = (('committee', [a['token'] for a in officers(site)], 7), ('district', [measure.actor(site, 'dispatcher', 3)['token']], 15),
             ('province', [measure.actor(site, 'dispatcher', 1)['token']], 15))
    with measure.Server(site) as server:
        for desk, tokens, most in desks:
            r = measure.load(server, mixes.inbox(tokens), 16, run.seconds, watch=False)
            run.keep(f'{id} {name} {desk}', r)
            rows.append(row(id, f'inbox of a {desk}, {name}, p99', r['ms']['p99'], 'ms', f'≤ {most}', r['ms']['p99'] <= most,
                            note=f'{r["per_second"]:.0f}/s, p50 {r["ms"]["p50"]:.2f} ms. {bad(r)}'.strip()))
    return rows


def p3(run):
    big = inbox_rows(run, run.work(), 'big')
    small = run.copy('small')
    few = inbox_rows(run, small, 'few ended, as many open')
    small.remove()
    for a, b in zip(big, few):
        factor = a['ours'] / b['ours'] if b['ours'] else 0
        b['note'] += f' The big one takes {factor:.2f} times as long.'
    return big + few


def figures_rows(run, site, id='P4', most=20):
    leader = measure.actor(site, 'leader', 3)
    with measure.Server(site) as server:
        r = measure.load(server, mixes.figures(leader['token'], leader['unit'], YEAR), 1, run.seconds, watch=False)
    run.keep(f'{id} figures', r)
    return [row(id, 'figures of a district for a year, p99', r['ms']['p99'], 'ms', f'≤ {most}', r['ms']['p99'] <= most,
                note=f'p50 {r["ms"]["p50"]:.2f} ms, {r["mean_body"]:.0f} bytes. {bad(r)}'.strip())]


def p4(run):
    return figures_rows(run, run.work())


def sync_once(server, token, cursor=''):
    """(milliseconds, rows, next cursor)"""
    began = time.monotonic()
    page = json.loads(server.get('/api/v1/sync' + (f'?cursor={urllib.parse.quote(cursor)}' if cursor else ''), token))
    return (time.monotonic() - began) * 1000, len(page['rows']), page['next']


def p5(run):
    """Someone with some two thousand open cases in reach: a town's dispatcher."""
    site = run.work()
    actor, officer = measure.actor(site, 'dispatcher', 4), None
    with measure.Server(site) as server:
        firsts = sorted(sync_once(server, actor['token']) for _ in range(5))
        first, rows, cursor = firsts[2]
        officer = next(a for a in officers(site) if a['unit'][:9] == actor['unit'][:9])
        for n in range(20):
            server.post('/api/v1/cases', officer['token'], {'unit': officer['units'][n % len(officer['units'])], 'text': f'路灯不亮，第{n}处'})
        later, changes, _ = sorted(sync_once(server, actor['token'], cursor) for _ in range(5))[2]
    return [row('P5', f'first sync, {rows} cases', first, 'ms', '≤ 300 (2 000 cases)', first <= 300),
            row('P5', f'later sync, {changes} changes', later, 'ms', '≤ 10 (20 changes)', later <= 10)]


# ---- P6, P7 -----------------------------------------------------------------------------------------------

COMMON = ['路灯', '水沟', '垃圾', '老人', '电线', '井盖', '现场', '施工']
RARE = ['魏金', '程永', '叶德', '杜文', '于玉', '余红', '蒋春', '袁海']  # surname and the first letter of a name


def search_rows(run, site, id='P6', goals=(5, 20)):
    """Whole answers, with the check of every hit and the cards; one after the other."""
    who = {'committee': [a['token'] for a in officers(site)], 'district': [measure.actor(site, 'dispatcher', 3)['token']]}
    rows = []
    with measure.Server(site) as server:
        for (where, tokens), most in zip(who.items(), goals):
            for name, words in (('common', COMMON), ('rare', RARE)):
                r = measure.load(server, mixes.searches(tokens, words), 1, run.limit_seconds, watch=False)
                run.keep(f'{id} {name} {where}', r)
                rows.append(row(id, f'search, {name} word, {where}, newest 50, p99', r['ms']['p99'], 'ms', f'≤ {most}', r['ms']['p99'] <= most,
                                note=f'p50 {r["ms"]["p50"]:.2f} ms, {r["mean_body"]:.0f} bytes. {bad(r)}'.strip()))
    return rows


def p6(run):
    return search_rows(run, run.work())


LEDGER = {'name': 'bench', 'fields': {
    'external.number': {'column': '编号'}, 'happened_at': {'column': '发生时间'}, 'settled_at': {'column': '办结时间'}, 'kind': {'column': '类型'},
    'unit': {'column': '单位'}, 'text': {'column': '内容'}, 'result': {'column': '结果'}, 'person.name': {'column': '当事人'}, 'person.phone': {'column': '电话'}}}


def ledger(path, site, rows):
    """A ledger as committees keep it."""
    import random
    units = [u for a in officers(site) for u in a['units'][:1]]
    with open(path, 'w', encoding='utf-8') as f:
        f.write('编号,类型,单位,发生时间,办结时间,内容,结果,当事人,电话\n')
        for n in range(rows):
            day = f'{YEAR}-{1 + n % 12:02}-{1 + n % 28:02}'
            f.write(f'{n + 1},处理小诉求,{random.choice(units)},{day} 09:{n % 60:02},{day} 16:{n % 60:02},{random.choice(mixes.SUBJECTS)}{random.choice(mixes.TROUBLES)},'
                    f'已经办好，本人没有意见,{random.choice(mixes.SURNAMES)}{random.choice(mixes.GIVEN)},1380{n % 10000000:07}\n')


def p7(run):
    site, n = run.copy('empty'), 2000 if run.quick else 50000
    path = os.path.join(run.folder, 'ledger.csv')
    ledger(path, site, n)
    with open(path + '.map.json', 'w', encoding='utf-8') as f:
        json.dump(LEDGER, f, ensure_ascii=False)
    began = time.monotonic()
    done = json.loads(site.cli('import', 'cases', path, '--map', path + '.map.json', '--account', measure.actor(site, 'dispatcher', 3)['login'], '--json'))
    took = time.monotonic() - began
    with measure.Server(site) as server:  # the bare loop takes new cases for its patterns
        measure.load(server, mixes.report(officers(site), load_pack()), 16, 2)
    limit = json.loads(measure.run(measure.program('sqlite_create'), site.folder, '500', str(run.limit_seconds)))
    site.remove()
    note = '' if done['good'] == n else f'{done["good"]} of {n} came in'
    return [row('P7', f'import of {n} rows', n / took, 'rows/s', '≥ 60 % of the bare loop in groups of 500', n / took >= 0.6 * limit['per_second'], limit['per_second'], note),
            row('P7', 'the same, absolute', n / took, 'rows/s', '≥ 4 000', n / took >= 4000)]


# ---- P8 to P11 --------------------------------------------------------------------------------------------

def entries(site):
    return int(site.sql('select count(*) from journal')[0][0])


def p8(run):
    site = run.work()
    n = entries(site)
    texts = sum(int(site.sql(f'select count(*) from {table}')[0][0]) for table in ('cases', 'person', 'place', 'activity'))
    sums, search = (float(v) for v in re.findall(r'(?:sums|search) ([0-9.]+) s', site.cli('rebuild')))
    return [row('P8', f'rebuild of the sums, {n} entries', n / max(sums, 0.1), 'entries/s', '≥ 200 000', n / max(sums, 0.1) >= 200000, note=f'{sums:.1f} s'),
            row('P8', f'rebuild of the search index, {texts} texts', texts / max(search, 0.1), 'texts/s', '≥ 7 000', texts / max(search, 0.1) >= 7000, note=f'{search:.1f} s')]


# ---- G10 --------------------------------------------------------------------------------------------------

def demo_texts():
    """(category, title, text) of the demo's stories, in the order of their days."""
    told = []
    for name in sorted(os.listdir(os.path.join(measure.TREE, 'demo'))):
        if name.startswith(('2024-', 'live-cases')):
            with open(os.path.join(measure.TREE, 'demo', name), encoding='utf-8') as f:
                told += [(s['at'].startswith('-'), s['at'], s['category'], s.get('title', ''), s.get('text', '')) for s in json.load(f) if 'kind' in s]
    return [t[2:] for t in sorted(told)]


def real_requests():
    """(type, title, place) of Boston's second half of 2011, by day."""
    with gzip.open(os.path.join(measure.TREE, 'tests', 'data', 'requests', 'boston311-2011.csv.gz'), 'rt', encoding='utf-8') as f:
        return [(r['type'], r['case_title'], r['location']) for r in sorted(csv.DictReader(f), key=lambda r: r['open_dt'])]


def learn(folder, train, test, *flags):
    """What `liuxiao suggest` says of these rows."""
    files = []
    for name, rows in (('train', train), ('test', test)):
        path = os.path.join(folder, name + '.csv')
        with open(path, 'w', newline='', encoding='utf-8') as f:
            csv.writer(f).writerows([('class', 'title', 'text'), *rows])
        files += ['--' + name, path] if rows else []
    return json.loads(measure.run(os.path.join(measure.TREE, 'build', 'liuxiao'), 'suggest', *files, '--title', 'title', '--text', 'text', '--class', 'class', '--json', *flags))


def hit_rows(what, got, least1, least3):
    note = f'learned {got["learned"]}, asked {got["asked"]}; said to be {got["said_share"] * 100:.0f} % likely'
    rows = []
    for top, least in (('top1', least1), ('top3', least3)):
        frequent = got['majority_' + top]
        rows.append(row('G10', f'{what}, {"first" if top == "top1" else "among three"} right', got[top] * 100, '%', f'≥ {least} times the most frequent ({frequent * 100:.1f} %)',
                        got[top] >= least * frequent, note=note))
    rows.append(row('G10', f'{what}, a suggestion', got['ms_mean'], 'ms', '≤ 5', got['ms_mean'] <= 5, note=f'p99 {got["ms_p99"]:.2f} ms; {got["ms_processor"]:.2f} ms of the processor'))
    return rows


def g10(run):
    told, real = demo_texts(), real_requests()
    with tempfile.TemporaryDirectory() as folder:
        every = learn(folder, told, [], '--pack')
        rows = hit_rows('category of the demo\'s texts, each without itself', every, 10, 8)
        rows += [row('G10', f'the same, {what}', every[key] * 100, '%', '', None, note='of the first suggestion') for what, key in (('upper category', 'upper_top1'), ('kind', 'kind_top1'))]
        cut = len(told) * 7 // 10
        rows += hit_rows('category of the demo\'s later texts', learn(folder, told[:cut], told[cut:], '--pack'), 8, 6)
        cut = len(real) * 7 // 10
        rows += hit_rows('type of later real requests from title and place', learn(folder, real[:cut], real[cut:]), 4, 2.5)
    site = run.work()
    taught = float(re.search(r'suggestions ([0-9.]+) s', site.cli('rebuild')).group(1))
    cases = int(site.sql('select count(*) from cases')[0][0])
    rows.append(row('G10', f'learning {cases} cases anew', cases / max(taught, 0.1), 'cases/s', '', None, note=f'{taught:.1f} s'))
    with measure.Server(site) as server:
        for name, texts in (('notes', [t[2] for t in told]), ('letters of 1 000 characters', letters([t[2] for t in told]))):
            r = measure.load(server, mixes.suggestions(officers(site), texts), 1, run.limit_seconds, watch=False)
            run.keep(f'G10 {name}', r)
            rows.append(row('G10', f'a suggestion with duplicates, {name}, p99', r['ms']['p99'], 'ms', '≤ 15', r['ms']['p99'] <= 15, note=f'p50 {r["ms"]["p50"]:.2f} ms, {r["server_cpu_us"] / 1000:.2f} ms of the processor. {bad(r)}'.strip()))
    return rows


def letters(texts):
    """Long ones, of which each says several things."""
    return [''.join(texts[i:i + 40])[:1000] for i in range(0, len(texts) - 40, 5)]


def open_ten_thousand(server, n):
    with tempfile.NamedTemporaryFile('w', suffix='.json') as f:
        json.dump(mixes.health(), f)
        f.flush()
        process = subprocess.Popen([measure.program('load'), '--port', str(server.port), '--mix', f.name, '--connections', str(n), '--seconds', '3', '--rest'],
                                   stdout=subprocess.PIPE, text=True)
        line = process.stdout.readline().split()
        memory = server.memory()[0]
        process.stdout.close()
        process.wait()
    return int(line[1]) if len(line) == 2 else 0, memory


def p9(run):
    site = run.work()
    starts = []
    for _ in range(5):
        with measure.Server(site) as server:
            starts.append(server.first_answer * 1000)
    with measure.Server(site) as server:
        time.sleep(3)
        rest = server.memory()[0]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    wanted = 1000 if run.quick else 10000
    with measure.Server(site) as server:
        resting, many = open_ten_thousand(server, wanted)
    begin = statistics.median(starts)
    rows = [row('P9', 'start to first answer', begin, 'ms', '≤ 100', begin <= 100, note=f'of five: {", ".join(f"{s:.0f}" for s in starts)}'),
            row('P9', 'memory at rest', rest, 'MiB', '≤ 32', rest <= 32),
            row('P9', f'memory with {resting} connections at rest', many, 'MiB', '≤ 160 (10 000)', many <= 160 if resting >= wanted * 0.99 else False,
                note='' if resting == wanted else f'{wanted} were wanted')]
    busy = [v['ours']['rss_peak'] for k, v in run.kept.items() if k.startswith('P1 big')]
    rows.append(row('P9', 'memory under P1 load, highest', max(busy), 'MiB', '≤ 96', max(busy) <= 96) if busy else
                missing('P9', 'memory under P1 load', '≤ 96 MiB', 'P1 was not measured in this run'))
    return rows


def timed_get(server, path, token, times=3):
    took, size = [], 0
    for _ in range(times):
        began = time.monotonic()
        size = len(server.get(path, token))
        took.append((time.monotonic() - began) * 1000)
    return statistics.median(took), size


def p10(run):
    site = run.work()
    officer = officers(site)[0]
    with measure.Server(site) as server:
        rows = sheet_rows(run, server, site) + mediation_rows(server, site)
        took, size = timed_get(server, f'/api/v1/report?unit={officer["unit"]}&year={YEAR}&format=pdf', officer['token'])
        rows.append(row('P10', f'annual report of a committee as PDF, {size // 1024} KiB', took, 'ms', '≤ 2 000', took <= 2000))
    return rows


def sheet_rows(run, server, site):
    """The ended cases of a town: some tens of thousands, told for a hundred thousand."""
    town, before = measure.actor(site, 'dispatcher', 4), server.memory()[1]
    n = int(site.sql(f"select count(*) from cases c join unit t on c.scope >= t.ord and c.scope < t.ord_end where t.code = '{town['unit']}' and t.level = 4 and c.state >= 5")[0][0])
    took, size = timed_get(server, '/api/v1/cases/export?view=closed&format=xlsx', town['token'], 1)
    seconds = took / 1000 * 100000 / max(n, 1)
    return [row('P10', f'xlsx of {n} cases, {size // 1024} KiB, for 100 000', seconds, 's', '≤ 5', seconds <= 5, note=f'{took / 1000:.1f} s; memory grew by {server.memory()[1] - before:.1f} MiB')]


def scanned_page(n):
    """What a scanner makes of a written page: A4 at 150 dpi in grey, lines of strokes, none like another."""
    width, height = 1240, 1754
    blank = b'\0' + b'\xf4' * width
    strokes = b'\0' + bytes(0x30 if (i * 7 + n * 13) % 23 < 9 and 90 < i < 1150 else 0xf4 for i in range(width))

    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

    rows = b''.join(strokes if y % 40 < 16 and 120 < y < 1600 else blank for y in range(height))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 0, 0, 0, 0)) +
            chunk(b'IDAT', zlib.compress(rows, 6)) + chunk(b'IEND', b''))


def mediation_rows(server, site):
    """A dispute mediated to the end, its agreement signed and scanned, with 34 scans of evidence in its file."""
    who = measure.actor(site, 'mediator')
    act = lambda verb, **fields: server.post(f'/api/v1/cases/{case}/{verb}', who['token'], fields)
    sides = [{'role': 'party', 'side': 1, 'name': '方守田', 'phone': '13905580001'}, {'role': 'party', 'side': 2, 'name': '秦大河', 'phone': '13905580002'}]
    case = json.loads(server.post('/api/v1/cases', who['token'], {'kind': 'dispute', 'category': 'D0501', 'unit': who['unit'], 'text': '借的钱没还', 'persons': sides}))['id']
    act('accept')
    for side in (1, 2):
        act('consent', side=side, given=True, consent_how='phone', identity_seen=True)
    act('draft_agreement', facts='秦大河借方守田一千二百元收麦，到期没还。', disputed='还多少、几时还。', terms='秦大河分两期还清，方守田不要利息。', copies=3)
    act('sign_agreement', sign_how='scan', files=[server.upload(who['token'], scanned_page(0))])
    act('settle', outcome='WRITTEN', result='分两期还清', told_how='当面')
    for n in range(34):
        act('add_paper', paper='evidence', files=[server.upload(who['token'], scanned_page(n + 1))])
    rows = []
    for name, what, most in (('agreement', 'agreement as PDF', 150), ('file', 'file of a mediation as PDF, more than 40 pages', 1000)):
        took, size = timed_get(server, f'/api/v1/cases/{case}/papers/{name}?purpose=bench', who['token'], 9)
        rows.append(row('P10', f'{what}, {size // 1024} KiB', took, 'ms', f'≤ {most}', took <= most, note='median of nine'))
    return rows


def p11(run):
    site = run.work()
    began = time.monotonic()
    found = json.loads(site.cli('verify', '--json'))
    took = time.monotonic() - began
    return [row('P11', f'verify, {found["entries"]} entries', found['entries'] / took, 'entries/s', '≥ 300 000', found['entries'] / took >= 300000 and found['faults'] == 0,
                note=f'{took:.1f} s, {found["faults"]} faults')]


# ---- P13 --------------------------------------------------------------------------------------------------

def two_nodes(run, site):
    """The same load on one node and on two that share the database."""
    mix, connections = mixes.report(officers(site), load_pack()), 16
    with measure.Server(site) as one:
        alone = measure.load(one, mix, connections, run.seconds)['per_second']
    with measure.Server(site) as one, measure.Server(site, beside=True) as two:
        with tempfile.NamedTemporaryFile('w', suffix='.json', encoding='utf-8') as f:
            json.dump(mix, f, ensure_ascii=False)
            f.flush()
            both = [subprocess.Popen([measure.program('load'), '--port', str(s.port), '--mix', f.name, '--connections', str(connections // 2), '--seconds', str(run.seconds)],
                                     stdout=subprocess.PIPE, text=True) for s in (one, two)]
            together = sum(json.loads(p.communicate()[0])['per_second'] for p in both)
    run.keep('P13 nodes', {'one': alone, 'two': together})
    return [row('P13', 'creates on two nodes, 8 connections each', together, '/s', '≥ one node with 16', together >= alone, note=f'one node: {alone:.0f}/s')]


def p13(run):
    rows = []
    with run.postgres() as site:
        site.cli('rebuild')
        rows += search_rows(run, site, 'P13 (P6)', (10, 60))
        rows += read_rows(run, site, 'P13 (P2)')
        rows += inbox_rows(run, site, 'PostgreSQL', 'P13 (P3)')
        rows += figures_rows(run, site, 'P13 (P4)')
        for n in run.connections:
            rows += create_rows(run, site, 'PostgreSQL', n, 'P13 (P1)')
        rows += two_nodes(run, site)
    return rows


ALL = {'P2': p2, 'P3': p3, 'P4': p4, 'P5': p5, 'P6': p6, 'P7': p7, 'P8': p8, 'P10': p10, 'P11': p11, 'P1': p1, 'P9': p9, 'P13': p13, 'G10': g10}
