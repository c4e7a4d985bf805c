"""The numbers of the demo's year, wherever they are shown, and the cases behind each of them."""
import json
import os
import re
import subprocess

from client import same, true
from village import HOST, SIBLING

COUNTS = {'dispute': 37, 'request': 32, 'environment': 50, 'difficulty': 39, 'hazard': 26, 'talk': 67}
COUNTERS = {'dispute': '件', 'request': '个', 'environment': '处', 'difficulty': '件', 'hazard': '处', 'talk': '次'}
YEAR = f'unit={HOST}&from=2024-01-01&to=2024-12-31'
REPORT = ['report', '--unit', HOST, '--year', '2024']


def six(text):
    """The six counts with their counter words, in the order in which they stand in a text."""
    return re.findall(r'(?<!\d)(\d+)\s*(件|个|处|次)', text)


def test_command_line(run):
    """rows: G5"""
    same(json.loads(run.template.cli(*REPORT, '--json').stdout)['counts'], COUNTS, 'counts')
    text = run.template.cli(*REPORT).stdout
    for kind, n in COUNTS.items():
        true((str(n), COUNTERS[kind]) in six(text), f'{n} {COUNTERS[kind]} is not in the text: {text[:400]}')


def test_document(run):
    """rows: G5"""
    path = os.path.join(run.folder, 'report.pdf')
    run.template.cli(*REPORT, '--pdf', path)
    with open(path, 'rb') as f:
        same(f.read(5), b'%PDF-', 'beginning')
    text = subprocess.run(['pdftotext', '-layout', path, '-'], capture_output=True, check=True).stdout.decode()
    check_paper(text)


def check_paper(text):
    for kind, n in COUNTS.items():
        true(re.search(rf'(?<!\d){n}\s*{COUNTERS[kind]}', text), f'{n} {COUNTERS[kind]} is not in the document: {text[:600]}')


def test_api(run):
    """rows: G5 D8"""
    chair = run.village().as_('chair1')
    f = chair.get(f'/figures?{YEAR}').good()
    same((f['counts'], f['counters']), (COUNTS, COUNTERS), 'counts')
    same(chair.get(f'/report?unit={HOST}&year=2024&format=json').good()['counts'], COUNTS, 'the report as JSON')
    for kind in COUNTS:
        same(sum(m['counts'][kind] for m in f['months']), COUNTS[kind], f'{kind} by month')
        if kind != 'talk':
            same(sum(f['levels'][kind].values()), COUNTS[kind], f'{kind} by level')
    for rate in f['rates'].values():
        true(rate['of'] == 0 or 0 <= rate['n'] <= rate['of'], f'rate {rate}')
    text = chair.get(f'/report?unit={HOST}&year=2024&format=text')
    same(text.headers['Content-Type'], 'text/plain; charset=utf-8', 'type')
    for kind, n in COUNTS.items():
        true((str(n), COUNTERS[kind]) in six(text.text), f'{n} {COUNTERS[kind]} is not in the text')
    pdf = chair.get(f'/report?unit={HOST}&year=2024')
    same((pdf.headers['Content-Type'], pdf.body[:5]), ('application/pdf', b'%PDF-'), 'the document')
    check_paper(subprocess.run(['pdftotext', '-layout', '-', '-'], input=pdf.body, capture_output=True, check=True).stdout.decode())


def behind(client, query):
    """All cases behind a number, page by page."""
    items, cursor = [], ''
    while cursor is not None:
        page = client.get(f'/figures/cases?{query}&limit=50{"&cursor=" + cursor if cursor else ""}').good()
        items += page['items']
        cursor = page['next']
    return items


def test_cases_behind_every_number(run):
    """rows: G5 D8"""
    village = run.village()
    chair = village.as_('chair1')
    f = chair.get(f'/figures?{YEAR}').good()
    for kind, n in COUNTS.items():
        if kind == 'talk':
            continue
        cases = behind(chair, f'{YEAR}&kind={kind}')
        same((len(cases), len({c['id'] for c in cases})), (n, n), f'{kind}: cases behind')
        late = [c['number'] for c in cases if not '2024-01-01' <= c['settled_at'][:10] <= '2024-07-18']
        same(late, [], f'{kind}: settled outside 1 January to 18 July')
    for kind, n in COUNTS.items():
        same(sum(c['n'] for c in f['categories'] if c['kind'] == kind), n, f'{kind} by category')
    for c in f['categories']:
        if c['kind'] == 'talk' or not c['code']:  # a few private ones of a kind are one row without a code
            continue
        found = len(behind(chair, f'{YEAR}&kind={c["kind"]}&category={c["code"]}'))
        if len(c['code']) == 3:  # private ones, folded into the wider category; the others of it have rows of their own
            true(found >= c['n'], f'{found} cases behind {c["n"]} of {c["code"]}')
        else:
            same(found, c['n'], f'cases behind {c["code"]}')
    same(behind(chair, f'unit={HOST}&from=2024-07-19&to=2024-12-31'), [], 'cases after 18 July')
    for unit in f['units'][:5]:
        cases = behind(chair, f'unit={unit["code"]}&from=2024-01-01&to=2024-12-31&kind=dispute')
        same(len(cases), unit['counts']['dispute'], f'disputes of {unit["name"]}')


def test_talks_behind_theirs(run):
    """rows: T3 G5"""
    chair = run.village().as_('chair1')
    path, items, cursor = f'/activities?unit={HOST}&type=talk&from=2024-01-01&to=2024-12-31&limit=50', [], ''
    while cursor is not None:
        page = chair.get(path + (f'&cursor={cursor}' if cursor else '')).good()
        items += page['items']
        cursor = page['next']
    held = [a for a in items if a['state'] == 'held']
    same(len(held), COUNTS['talk'], 'talks held')
    same([a['at'] for a in held if not '2024-01-01' <= a['at'][:10] <= '2024-07-18'], [], 'held outside 1 January to 18 July')


def test_who_reads_figures(run):
    """rows: G1 G5"""
    village = run.village()
    same(village.as_('leader1').get(f'/figures?{YEAR}').good()['counts'], COUNTS, 'counts that the leader reads')
    village.as_('officer-b').get(f'/figures?{YEAR}').refused(404, 'not_found', 'unit')
    beside = village.as_('officer-b').get(f'/figures?unit={SIBLING}&from=2024-01-01&to=2024-12-31').good()
    same(set(beside['counts'].values()), {0}, 'the neighbours\' counts')
    town = village.as_('leader1').get('/figures?unit=341203105000&from=2024-01-01&to=2024-12-31').good()
    same(town['counts'], COUNTS, 'the town\'s counts')
    parts = [village.as_('leader1').get(f'/figures?unit={unit}').good()['open'] for unit in (HOST, SIBLING)]
    same(town['open'], sum(parts), 'open matters of the town')


def test_rebuilt_figures_are_the_same(run):
    """rows: G5"""
    site = run.template.copy('rebuilt')
    before = json.loads(site.cli(*REPORT, '--json').stdout)
    if not site.uri:
        for suffix in ('', '-wal', '-shm'):
            path = os.path.join(site.folder, 'derived.db' + suffix)
            if os.path.exists(path):
                os.remove(path)
        missing = json.loads(site.cli(*REPORT, '--json').stdout)
        same({k: v for k, v in missing.items() if k != 'as_of'}, {k: v for k, v in before.items() if k != 'as_of'}, 'after losing derived.db')
    site.cli('rebuild')
    after = json.loads(site.cli(*REPORT, '--json').stdout)
    same({k: v for k, v in after.items() if k != 'as_of'}, {k: v for k, v in before.items() if k != 'as_of'}, 'after rebuild')
