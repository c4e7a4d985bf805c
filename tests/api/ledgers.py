"""Ledgers from elsewhere: a real one of 58,251 requests, and the shapes that offices send."""
import collections
import csv
import gzip
import io
import json
import os
import signal
import subprocess
import time
import zipfile
from datetime import datetime
from xml.sax.saxutils import escape

from client import fresh_key, same, true
from village import GROUP, eventually

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'data', 'requests')
COUNTY = '341203000000'
NAMES = ['编号', '来电时间', '办结时间', '村居', '类别', '内容', '诉求人', '电话', '办理结果']
ROWS = [
    ['T-0001', '2024-03-05 09:30', '2024-03-07 16:00', '吴寨居委会', '道路公共设施', '村口路灯不亮，晚上看不见', '吴大明', '13900001111', '已换灯泡'],
    ['T-0002', '2024-03-06 10:00', '', '吴寨居委会', '农业生产', '想问小麦一喷三防的时间', '吴小红', '', ''],
    ['T-0003', '2024-04-01 08:00', '2024-04-02 09:15', '吴寨居委会', '道路公共设施', '水泥路坑洼', '', '', '已填平'],
]


def mapping(**more):
    fields = {
        'external.number': {'column': '编号'}, 'happened_at': {'column': '来电时间'}, 'settled_at': {'column': '办结时间'},
        'unit': {'column': '村居'}, 'kind': {'is': 'request'}, 'category': {'column': '类别'}, 'text': {'column': '内容'},
        'person.name': {'column': '诉求人'}, 'person.phone': {'column': '电话'}, 'result': {'column': '办理结果'}, 'channel': {'is': 'H12345'},
    }
    fields.update(more)
    return {'name': '热线台账', 'fields': fields}


def plain_csv(rows, comma=',', encoding='utf-8', bom=b''):
    out = io.StringIO()
    csv.writer(out, delimiter=comma).writerows([NAMES] + rows)
    return bom + out.getvalue().encode(encoding)


def serial(text, first=datetime(1899, 12, 30)):
    days = datetime.strptime(text, '%Y-%m-%d %H:%M') - first
    return repr(days.total_seconds() / 86400)


def workbook(rows, since_1904=False, title=None):
    """An xlsx as Excel writes it: shared texts, dates as numbers, a sheet in front that is not the table."""
    shared, cells = [], []

    def text(s):
        if s not in shared:
            shared.append(s)
        return f't="s"><v>{shared.index(s)}</v>'
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    table = ([[title]] if title else []) + [NAMES] + rows
    for y, row in enumerate(table, 1):
        line = []
        for x, value in enumerate(row):
            if value == '':
                continue
            at = f'{chr(65 + x)}{y}'
            if x in (1, 2) and value[0].isdigit():
                line.append(f'<c r="{at}" s="1"><v>{serial(value, first)}</v></c>')
            elif x == 5:
                line.append(f'<c r="{at}" t="inlineStr"><is><r><t>{escape(value[:3])}</t></r><r><t>{escape(value[3:])}</t></r></is></c>')
            else:
                line.append(f'<c r="{at}" {text(value)}</c>')
        cells.append(f'<row r="{y}">{"".join(line)}</row>')
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
        z.writestr('xl/workbook.xml', f'<workbook {main} {rel}><workbookPr date1904="{int(since_1904)}"/><sheets>'
                   '<sheet name="说明" sheetId="1" r:id="rId1"/><sheet name="台账" sheetId="2" r:id="rId2"/></sheets></workbook>')
        z.writestr('xl/_rels/workbook.xml.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                   '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>')
        z.writestr('xl/worksheets/sheet1.xml', f'<worksheet {main}><sheetData/></worksheet>')
        z.writestr('xl/worksheets/sheet2.xml', f'<worksheet {main}><sheetData>{"".join(cells)}</sheetData></worksheet>')
        z.writestr('xl/sharedStrings.xml', f'<sst {main}>' + ''.join(f'<si><t>{escape(s)}</t></si>' for s in shared) + '</sst>')
    return out.getvalue()


def put(run, name, content):
    path = os.path.join(run.folder, name)
    with open(path, 'wb' if isinstance(content, bytes) else 'w') as f:
        f.write(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False))
    return path


def bring(site, file, map_file, *more, account='center', ok=True):
    done = site.cli('import', 'cases', file, '--map', map_file, '--account', account, '--json', *more, ok=ok, wait=600)
    return json.loads(done.stdout) if done.stdout else done


def counts(ledger):
    return tuple(ledger[k] for k in ('state', 'rows', 'good', 'same', 'bad'))


def district(run, name):
    """A district without a single case."""
    site = run.empty(name)
    site.cli('init', '--province', '3412')
    site.cli('user', 'add', '--login', 'boss', '--name', '王某', '--post', 'dispatcher', '--unit', COUNTY, '--password', 'liuxiao-demo-1')
    return site


def boston(run, most=None):
    """The real table, or all its open rows and the first `most` of the others."""
    with gzip.open(os.path.join(DATA, 'boston311-2011.csv.gz'), 'rt', encoding='utf-8', newline='') as f:
        table = list(csv.reader(f))
    if most:
        closed = table[0].index('closed_dt')
        table = table[:1] + [r for r in table[1:] if r[closed] == ''] + [r for r in table[1:] if r[closed] != ''][:most]
    out = io.StringIO()
    csv.writer(out).writerows(table)
    path = put(run, f'boston-{most}.csv', out.getvalue().encode())
    return path, [dict(zip(table[0], row)) for row in table[1:]]


def pages(client, view, unit=None):
    """The numbers of the first 350, seven pages."""
    numbers, cursor = [], ''
    while cursor is not None and len(numbers) < 350:
        page = client.get(f'/cases?view={view}&limit=50' + (f'&unit={unit}' if unit else '') + (f'&cursor={cursor}' if cursor else '')).good()
        numbers += [card['number'] for card in page['items']]
        cursor = page['next']
    return numbers


def test_a_real_ledger(run):
    """rows: R1 R9 G5 G12"""
    most = 8000 if run.postgres else None  # a statement is a journey there; the rows are of one kind
    site = district(run, 'ledger')
    path, rows = boston(run, most)
    map_path = os.path.join(DATA, 'boston311.map.json')
    with open(map_path, encoding='utf-8') as f:
        fields = json.load(f)['fields']
    same(counts(bring(site, path, map_path, account='boss')), ('done', len(rows), len(rows), 0, 0), 'the ledger')
    # What the figures say is what the table says.
    kinds, months, units = collections.Counter(), collections.Counter(), collections.Counter()
    open_now = 0
    for row in rows:
        kind = fields['kind']['values'].get(row['reason'], fields['kind']['otherwise'])
        unit = fields['unit']['values'].get(row['neighborhood'].strip(), fields['unit']['otherwise'])
        if row['closed_dt'] == '':
            open_now += 1
        elif row['closed_dt'][:4] == '2011':
            kinds[kind] += 1
            months[row['closed_dt'][:7], kind] += 1
            units[unit[:9] + '000', kind] += 1
    report = json.loads(site.cli('report', '--unit', COUNTY, '--year', '2011', '--json').stdout)
    same({k: v for k, v in report['counts'].items() if v}, dict(kinds), 'counts of 2011')
    same(report['open'], open_now, 'open')
    same(report['rates']['replied']['of'], 0, 'promises of a reply: none was made here')
    for month in report['months']:
        for kind, n in month['counts'].items():
            same(n, months[month['month'], kind], f'{kind} in {month["month"]}')
    for unit in report['units']:
        for kind, n in unit['counts'].items():
            same(n, units[unit['code'], kind], f'{kind} of {unit["name"]}')
    same(site.verify()['faults'], 0, 'faults')
    server = site.serve()
    boss = server.client(token=run.token(site, 'boss'))
    # A district's lists walk the order instead of sorting; a committee's sort. Both give what the table's order gives.
    whole = 'select c.number from cases c join desk d on d.case_id = c.id and d.holder_kind = 1 where d.state <= 3'
    same(pages(boss, 'open'), site.sql(whole + ' order by d.due, c.id limit 350').split(), 'open ones of the district')
    same(pages(boss, 'closed'), site.sql('select number from cases where state >= 5 order by reported_at desc, id limit 350').split(), 'ended ones of the district')
    same(len(set(pages(boss, 'open'))), 350, 'each once')
    code = fields['unit']['values']['Dorchester']
    one = f"(select ord from unit where code = '{code}') and c.scope < (select ord_end from unit where code = '{code}')"
    same(pages(boss, 'open', code), site.sql(f'{whole} and c.scope >= {one} order by d.due, c.id limit 350').split(), 'open ones of a committee')
    # Narrowed to a town, the ended ones are still so many that the order is walked; what lies elsewhere is passed over.
    towns = collections.Counter()
    for line in site.sql('select u.code, count(*) from cases c join unit u on u.id = c.unit where c.state >= 5 group by u.code').split():
        unit, n = line.split('|')
        towns[unit[:9] + '000'] += int(n)
    (town, many), = towns.most_common(1)
    true(2000 <= many < len(rows) - open_now, f'{many} ended ones in {town}: this is not the wide way')
    inside = f"c.scope >= (select ord from unit where code = '{town}') and c.scope < (select ord_end from unit where code = '{town}')"
    same(pages(boss, 'closed', town), site.sql(f'select c.number from cases c where c.state >= 5 and {inside} order by c.reported_at desc, c.id limit 350').split(),
         'ended ones of a town')
    page = boss.get('/cases?view=closed&limit=1').good()['items'][0]
    page = boss.get('/cases/' + page['id']).good()
    true(page['reported_at'][:19].replace('T', ' ') in {r['open_dt'] for r in rows}, f'its own date: {page["reported_at"]}')
    server.stop()


def test_the_same_file_again(run):
    """rows: R1"""
    site = run.template.copy('ledger-twice')
    bare = {'name': '无编号', 'fields': {k: v for k, v in mapping()['fields'].items() if k != 'external.number'}}
    file, table = put(run, 'twice.csv', plain_csv(ROWS)), put(run, 'bare.json', bare)
    first = bring(site, file, table)
    again = site.cli('import', 'cases', file, '--map', table, '--account', 'center', ok=False)
    true(again.returncode != 0 and 'conflict' in again.stderr and first['id'] in again.stderr, again.stderr)
    site.cli('import', 'undo', first['id'])
    same(counts(bring(site, file, table)), ('done', 3, 3, 0, 0), 'again after undoing')
    # Rows with numbers need no such care: they are known one by one.
    numbered = put(run, 'numbered.csv', plain_csv([[r[0] + 'x'] + r[1:] for r in ROWS]))
    same(counts(bring(site, numbered, put(run, 'map.json', mapping()))), ('done', 3, 3, 0, 0), 'with numbers')
    same(counts(bring(site, numbered, put(run, 'map.json', mapping()))), ('done', 3, 0, 3, 0), 'with numbers again')
    # At the desk too.
    village = run.village()
    officer = village.as_('chair1')
    for status in (200, 409):
        up = officer.post('/ledgers?name=t.csv', plain_csv(ROWS, bom=b'\xef\xbb\xbf')).good(201)['id']
        officer.post(f'/ledgers/{up}/check', {'mapping': bare}).good()
        wait_for(officer, up, 'checked')
        reply = officer.post(f'/ledgers/{up}/start', {})
        same((reply.status, reply.code), (status, 'conflict' if status == 409 else None), 'start')
        if status == 200:
            wait_for(officer, up, 'done')
            done = up
    officer.post(f'/ledgers/{done}/undo', {}).good()
    wait_for(officer, done, 'undone')


def test_shapes(run):
    """rows: R1 R9"""
    shapes = {
        'utf8': (plain_csv(ROWS), []), 'bom': (plain_csv(ROWS, bom=b'\xef\xbb\xbf'), []),
        'gbk': (plain_csv(ROWS, encoding='gb18030'), []), 'tabs16': (plain_csv(ROWS, comma='\t', encoding='utf-16-le', bom=b'\xff\xfe'), []),
        'semicolons': (plain_csv(ROWS, comma=';'), []), 'xlsx': (workbook(ROWS), ['--sheet', '2']),
        'xlsx1904': (workbook(ROWS, since_1904=True), ['--sheet', '2']), 'titled': (workbook(ROWS, title='正午镇热线台账'), ['--sheet', '2']),
    }
    seen = None
    for name, (content, flags) in shapes.items():
        site = run.template.copy('shape-' + name)
        table = dict(mapping(), header=2 if name == 'titled' else 1)
        ledger = bring(site, put(run, name, content), put(run, 'map.json', table), *flags)
        same(counts(ledger), ('done', 3, 3, 0, 0), name)
        rows = site.sql("select reported_at, settled_at, state, category, channel, unit from cases order by id desc limit 3")
        seen = seen or rows
        same(rows, seen, f'what {name} brought')
    at = int(datetime(2024, 3, 5, 1, 30).timestamp() - datetime(1970, 1, 1).timestamp()) * 1000  # 09:30 +08:00
    true(f'{at}|' in seen, f'the date of the first row: {seen}')


def test_a_long_workbook(run):
    """rows: R1"""
    # Six hundred rows are parsed in several steps, and texts reach over from one to the next.
    rows = [[f'L-{i:04}', f'2024-03-{1 + i % 28:02} {8 + i % 9:02}:{i % 60:02}', '', '吴寨居委会', '道路公共设施', f'第{i}处路灯不亮，' + '晚上看不见，' * (i % 7), '', '', '']
            for i in range(600)]
    book, text = workbook(rows), plain_csv(rows)
    with zipfile.ZipFile(io.BytesIO(book)) as z:
        true(z.getinfo('xl/worksheets/sheet2.xml').file_size > 4 * 16384, 'the sheet is read in one step')
    site = run.template.copy('long-book')
    table = put(run, 'map.json', mapping())
    same(counts(bring(site, put(run, 'long.xlsx', book), table, '--sheet', '2')), ('done', 600, 600, 0, 0), 'the workbook')
    same(counts(bring(site, put(run, 'long.csv', text), table)), ('done', 600, 0, 600, 0), 'the same rows as text')
    officer = site.serve().client(token=run.token(site, 'officer1'))
    days = site.sql('select reported_at from cases order by id desc limit 600').split()
    wanted = [int((datetime.strptime(r[1], '%Y-%m-%d %H:%M') - datetime(1970, 1, 1)).total_seconds() - 8 * 3600) * 1000 for r in rows]
    same(sorted(map(int, days)), sorted(wanted), 'their dates')
    titles, cursor = [], ''
    while cursor is not None:
        page = officer.get('/cases?view=open&kind=request&limit=200' + (f'&cursor={cursor}' if cursor else '')).good()
        titles += [c['title'] for c in page['items']]
        cursor = page['next']
    same([r[5] for r in rows if sum(r[5].startswith(t) and t.startswith(r[5][:r[5].index('处') + 1]) for t in titles) != 1][:3], [], 'texts that did not come')


def test_what_is_wrong_is_named(run):
    """rows: R1"""
    site = run.template.copy('ledger-errors')
    bad = [r[:] for r in ROWS]
    bad[0][1] = '三月五号'
    bad[2][3] = '没有这个村'
    bad.append(['T-0004', '2024-04-01 08:00', '2024-03-01 08:00', '吴寨居委会', '道路公共设施', '先办结后登记', '', '', ''])
    bad.append(['T-0005', '2024-04-01 08:00', '', '吴寨居委会', '道路公共设施', '', '', '', ''])
    bad.append(['T-0006', '2024-04-01 08:00', '', '吴寨居委会', '道路公共设施', '电话写错', '吴某', '12', ''])
    file, table = put(run, 'bad.csv', plain_csv(bad)), put(run, 'map.json', mapping())
    before = site.sql('select count(*) from cases')
    wanted = [(2, '来电时间', 'malformed'), (4, '村居', 'not_found'), (5, '办结时间', 'before_case'), (6, '内容', 'missing'), (7, '电话', 'malformed')]
    for flags in (['--check'], ['--all-or-nothing']):
        ledger = bring(site, file, table, *flags, ok=False)
        same([(p['line'], p['column'], p['code']) for p in ledger['problems']], wanted, f'what is wrong {flags}')
        same(counts(ledger), ('checked', 6, 1, 0, 5), f'{flags}')
        same(site.sql('select count(*) from cases'), before, f'cases after {flags}')
    ledger = bring(site, file, table, ok=False)
    same(counts(ledger), ('done', 6, 1, 0, 5), 'without the bad rows')
    same(int(site.sql('select count(*) from cases')), int(before) + 1, 'cases')
    # A longer ledger of the same numbers brings only what is new.
    ledger = bring(site, put(run, 'more.csv', plain_csv(ROWS)), table)
    same(counts(ledger), ('done', 3, 2, 1, 0), 'the same numbers again')
    for wrong, field in ((mapping(text={'column': '没有这列'}), 'mapping.fields.text.column'), (mapping(colour={'is': 'x'}), 'mapping.fields.colour'),
                         (mapping(text={}), 'mapping.fields.text.column'), ({'name': 'x', 'fields': {}}, 'mapping.fields.unit')):
        done = site.cli('import', 'cases', put(run, 'other.csv', plain_csv(ROWS[:1])), '--map', put(run, 'wrong.json', wrong), '--account', 'center', ok=False)
        true(done.returncode != 0 and field in done.stderr, f'{field}: {done.stderr}')
    for content in (b'', b'\x00\x01\x02nothing', b'PK\x03\x04 no zip', 'PK'.encode() + b'\x03\x04' + workbook(ROWS)[4:200]):
        done = site.cli('import', 'cases', put(run, 'no-table', content), '--map', table, '--account', 'center', ok=False)
        true(done.returncode in (1, 3) and 'Sanitizer' not in done.stderr and done.stderr.count('\n') == 1, f'{content[:20]}: {done.stderr}')
    same(site.verify()['faults'], 0, 'faults')


def test_goes_on_after_a_kill(run):
    """rows: R1"""
    site = district(run, 'ledger-kill')
    path, rows = boston(run, 2000)
    args = [run.binary, 'import', 'cases', path, '--map', os.path.join(DATA, 'boston311.map.json'), '--account', 'boss', *site.flags]
    kills = 0
    while kills < 3:
        process = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=run.folder)
        before = int(site.sql('select count(*) from cases'))
        while process.poll() is None and int(site.sql('select count(*) from cases')) <= before:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
    ledger = bring(site, path, args[5], account='boss')
    same(counts(ledger), ('done', len(rows), len(rows), 0, 0), 'after three kills')
    same(site.sql('select count(*), count(distinct number) from cases'), f'{len(rows)}|{len(rows)}', 'each once')
    same(site.verify()['faults'], 0, 'faults')
    # Undone as one, but for what somebody has worked on.
    server = site.serve()
    boss = server.client(token=run.token(site, 'boss'))
    case = boss.get('/cases?view=open&limit=1').good()['items'][0]
    boss.do(case['id'], 'accept').good()
    server.stop()
    undone = json.loads(site.cli('import', 'undo', ledger['id'], '--json', wait=300).stdout)
    same((undone['state'], [p['code'] for p in undone['problems']]), ('undone', ['not_open']), 'undone')
    same(site.sql('select count(*) from cases where state <> 8'), '1', 'what stays')
    report = json.loads(site.cli('report', '--unit', COUNTY, '--year', '2011', '--json').stdout)
    same(sum(report['counts'].values()), 0, 'what counts')
    same(site.verify()['faults'], 0, 'faults after undoing')
    same(bring(site, path, args[5], account='boss')['good'], len(rows) - 1, 'again after undoing')


def wait_for(client, ledger, state):
    return eventually(lambda: client.get('/ledgers/' + ledger).good()['state'], state, 'state of the ledger', 60) and client.get('/ledgers/' + ledger).good()


def test_from_the_desk(run):
    """rows: R1 R9"""
    village = run.village()
    officer = village.as_('officer1')
    up = officer.post('/ledgers?name=' + '%E5%8F%B0%E8%B4%A6.csv', plain_csv(ROWS + [['T-9', 'x', '', '吴寨居委会', '', 'y', '', '', '']], encoding='gb18030'))
    up = up.good(201)
    same((up['state'], up['table']['columns'], up['table']['sample'][0][0]), ('draft', NAMES, 'T-0001'), 'upload')
    guess = up['table']['guess']['fields']
    same((guess['happened_at']['column'], guess['text']['column'], guess['person.phone']['column']), ('来电时间', '内容', '电话'), 'guess')
    at = '/ledgers/' + up['id']
    officer.post(at + '/start', {}).refused(409, 'not_open')
    officer.post(at + '/check', {'mapping': {'fields': {'nonsense': {'is': 'x'}}}}).refused(422, 'unknown_field', 'mapping.fields.nonsense')
    officer.post(at + '/check', {'mapping': mapping()}).good()
    page = wait_for(officer, up['id'], 'checked')
    same((page['good'], page['bad'], page['problems'][0]['column'], page['problems'][0]['line']), (3, 1, '来电时间', 5), 'checked')
    true('来电时间' not in page['problems'][0]['title'] and page['problems'][0]['title'], page['problems'][0]['title'])
    officer.post(at + '/start', {'all_or_nothing': True}).refused(409, 'not_open')
    officer.post(at + '/start', {}).good()
    page = wait_for(officer, up['id'], 'done')
    same(counts(page), ('done', 4, 3, 0, 1), 'done')
    for other in ('chair1', 'officer-b', 'admin1'):
        village.as_(other).get(at).refused(404, 'not_found')
    village.as_('steward1').get(at).refused(403, 'forbidden')
    same([l['id'] for l in officer.get('/ledgers').good()['items']], [up['id']], 'my ledgers')
    found = [c for c in officer.get('/cases?view=new&limit=200').good()['items'] if '一喷三防' in c['title']]
    same(len(found), 1, 'the open one is on the desk')
    officer.post(at + '/undo', {}).good()
    wait_for(officer, up['id'], 'undone')
    found = [c for c in officer.get('/cases?view=new&limit=200').good()['items'] if '一喷三防' in c['title']]
    same(found, [], 'undone')
    officer.post('/ledgers', b'').refused(422, 'missing', 'file')
    officer.post('/ledgers', b'\x89PNG\r\n\x1a\n' + bytes(50)).refused(400, 'malformed', 'file')


def test_one_may_not_reach_further(run):
    """rows: G1 R1"""
    site = run.template.copy('ledger-reach')
    rows = [ROWS[0][:], ROWS[1][:]]
    rows[1][3] = '陈庄村委会'
    ledger = bring(site, put(run, 'reach.csv', plain_csv(rows)), put(run, 'map.json', mapping()), account='officer1', ok=False)
    same([(p['line'], p['code']) for p in ledger['problems']], [(3, 'not_found')], 'another village')
    done = site.cli('import', 'cases', put(run, 'reach2.csv', plain_csv([ROWS[0][:3] + [GROUP] + ROWS[0][4:]])), '--map', put(run, 'map.json', mapping()), '--account', 'steward1', '--json', ok=False)
    same([p['code'] for p in json.loads(done.stdout)['problems']], ['forbidden'], 'a steward')


def test_entered_cases_live_on(run):
    """rows: R9 G4"""
    village = run.village()
    officer = village.as_('officer1')
    body = {'unit': GROUP, 'kind': 'request', 'text': '去年的老事', 'happened_at': '2025-01-05T09:00:00+08:00', 'external': {'number': '12345-77'}}
    one = {'verb': 'enter', 'kind': 'case', 'fields': body, 'id': fresh_key()}
    result = officer.post('/batch', {'commands': [one]}).good()['answers'][0]
    same(result['status'], 200, f'entered in a batch: {result}')
    case = next(c['id'] for c in officer.get('/cases?view=new&limit=200').good()['items'] if c['title'] == '去年的老事')
    page = village.case(case, 'officer1')
    true(page['reported_at'].startswith('2025-01-05T09:00'), page['reported_at'])
    true(page['due']['at'] > '2026', f'the promise begins when it is taken over: {page["due"]}')
    again = officer.post('/batch', {'commands': [{**one, 'id': fresh_key()}]}).good()['answers'][0]
    same((again['status'], again['body']['code'], again['body']['field']), (409, 'conflict', 'external.number'), 'the same number')
    true('undo_entry' in village.verbs(case, 'officer1'), 'may be undone')
    village.act(case, 'officer1', 'accept')
    true('undo_entry' not in village.verbs(case, 'officer1'), 'not any more')
    officer.do(case, 'undo_entry', reason='错了').refused(409, 'not_open', 'verb')


def titled_csv(rows):
    """What a hotline's clerk prints: a title, who made it and when, then the table."""
    above = '正午镇热线台账,,,,,,,,\r\n填报单位：镇便民中心,,,填报日期：2024-05-01,,,,,\r\n'
    return above.encode('gb18030') + plain_csv(rows, encoding='gb18030')


def test_what_the_screen_asks(run):
    """rows: R1"""
    village = run.village()
    officer = village.as_('officer1')
    # The sheet that is a table is found, and named; the other one is none.
    up = officer.post('/ledgers?name=a.xlsx', workbook(ROWS, title='台账')).good(201)
    table = up['table']
    same((table['sheet'], table['sheets'], table['header'], table['rows']), (2, ['说明', '台账'], 2, 3), 'sheets')
    same(up['table']['guess']['header'], 2, 'the guess knows the row of the names')
    at = '/ledgers/' + up['id']
    officer.get(at + '?sheet=1').refused(400, 'malformed', 'file')
    officer.get(at + '?sheet=3').refused(422, 'out_of_range', 'sheet')
    officer.get(at + '?header=9').refused(422, 'out_of_range', 'header')
    same(officer.get(at + '?sheet=2&header=3').good()['table']['columns'][0], 'T-0001', 'another row of names')
    found = officer.get(at + '/values?column=%E7%B1%BB%E5%88%AB').good()
    same(found, {'values': [{'value': '道路公共设施', 'n': 2}, {'value': '农业生产', 'n': 1}], 'more': False}, 'values of a column')
    officer.get(at + '/values?column=nonsense').refused(422, 'missing', 'column')
    # Thrown away: the file goes too, and what was not thrown away by its owner stays.
    village.as_('officer2').delete(at).refused(404, 'not_found')
    officer.delete(at).good()
    officer.get(at).refused(404, 'not_found')
    # A table below its title, with a row that is wrong; what the first rows will become.
    rows = [r[:] for r in ROWS] + [['T-9', '2024-04-09', '', '没有这个村', '', 'y', '', '', '']]
    up = officer.post('/ledgers?name=b.csv', titled_csv(rows)).good(201)
    at = '/ledgers/' + up['id']
    same((up['table']['header'], up['table']['sheets'], up['table']['rows'], up['earlier']), (3, [''], 4, None), 'titled')
    same(up['rows'], 4, 'rows are known before the check')
    labels = {t['name']: t['label'] for t in up['targets']}
    true(all(not label.startswith('field.') for label in labels.values()), f'labels: {labels}')
    officer.post(at + '/check', {'mapping': dict(mapping(), header=3), 'sheet': 1}).good()
    page = wait_for(officer, up['id'], 'checked')
    first, last = page['preview'][0], page['preview'][3]
    same((first['unit'], first['kind'], first['category'], first['number'], first['happened_at'][:16], first['state']),
         ('吴寨居委会', '小诉求', '道路公共设施', 'T-0001', '2024-03-05T09:30', '已归档'), 'the first row')
    same((last['line'], last['problem']['code'], 'title' in last), (7, 'not_found', False), 'the last row')
    true('村居' in page['problems'][0]['title'], page['problems'][0]['title'])
    officer.post(at + '/start', {}).good()
    page = wait_for(officer, up['id'], 'done')
    officer.delete(at).refused(409, 'not_open')
    same((page['has_file'], page['table'], page['preview']), (False, None, []), 'done')
    cases = officer.get(at + '/cases').good()
    same(([c['unit']['name'] for c in cases['items']], cases['next']), (['吴寨居委会'] * 3, None), 'its cases')
    # The same file once more is told; what somebody works on stays, by its number.
    again = officer.post('/ledgers?name=b.csv', titled_csv(rows)).good(201)
    same(again['earlier']['mine'], True, 'the same file')
    same(village.as_('officer2').post('/ledgers?name=b.csv', titled_csv(rows)).good(201)['earlier']['mine'], False, 'by somebody else')
    new = next(c for c in cases['items'] if '一喷三防' in c['title'])
    village.act(new['id'], 'officer1', 'accept')
    officer.post(at + '/undo', {}).good()
    page = wait_for(officer, up['id'], 'undone')
    same([(p['code'], p['case']['number']) for p in page['problems'] if p['case']], [('not_open', new['number'])], 'what stays')
