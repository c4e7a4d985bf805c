"""Lists that leave as files: all rows of a view, real dates and numbers, nothing that a list would not show, and a line in the access log."""
import csv
import io
import re
import xml.etree.ElementTree as xml
import zipfile
from datetime import datetime, timedelta

from client import fresh_key, same, true
from village import GROUP, HOST, SIBLING, Village, eventually

MAIN = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
VIEWS = ['open', 'new', 'mine', 'overdue', 'office', 'resident', 'revisit', 'closed']
COUNTS = {'dispute': 37, 'request': 32, 'environment': 50, 'difficulty': 39, 'hazard': 26, 'talk': 67}


class Book:
    """An xlsx file: {sheet: rows}, a row being {column letter: text or number}; and what stands around the rows."""

    def __init__(self, body):
        with zipfile.ZipFile(io.BytesIO(body)) as z:
            same(z.testzip(), None, 'the zip file')
            names = [s.attrib['name'] for s in xml.fromstring(z.read('xl/workbook.xml')).iter(f'{MAIN}sheet')]
            shared = [''.join(t.itertext()) for t in xml.fromstring(z.read('xl/sharedStrings.xml')).iter(f'{MAIN}si')] \
                if 'xl/sharedStrings.xml' in z.namelist() else []
            self.xml = {name: xml.fromstring(z.read(f'xl/worksheets/sheet{i + 1}.xml')) for i, name in enumerate(names)}
        self.sheets = {name: [self._row(row, shared) for row in sheet.iter(f'{MAIN}row')] for name, sheet in self.xml.items()}

    @staticmethod
    def _row(row, shared):
        cells = {}
        for c in row.iter(f'{MAIN}c'):
            value = ''.join(c.find(f'{MAIN}is').itertext()) if c.get('t') == 'inlineStr' else c.find(f'{MAIN}v')
            if value is None:
                continue
            if not isinstance(value, str):
                value = shared[int(value.text)] if c.get('t') == 's' else float(value.text)
            cells[re.match('[A-Z]+', c.get('r')).group()] = value
        return cells

    def table(self, name):
        """The rows of a sheet by the titles of its columns."""
        head, *rows = self.sheets[name]
        return [{head[c]: v for c, v in row.items()} for row in rows]


def workbook(client, path):
    reply = client.get(path)
    same((reply.status, reply.headers.get('Content-Type')), (200, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'), f'{path} {reply.body[:200]}')
    true(re.fullmatch(r'attachment; filename="liuxiao-[a-z]+-\d{4}-\d\d-\d\d\.xlsx"', reply.headers['Content-Disposition']), reply.headers['Content-Disposition'])
    return Book(reply.body)


def csv_rows(client, path):
    reply = client.get(path + ('&' if '?' in path else '?') + 'format=csv')
    same((reply.status, reply.headers.get('Content-Type')), (200, 'text/csv; charset=utf-8'), f'{path} {reply.body[:200]}')
    same(reply.body[:3], b'\xef\xbb\xbf', 'the mark that Excel wants')
    text = reply.body[3:].decode()
    same(text.count('\n'), text.count('\r\n') + sum(cell.count('\n') - cell.count('\r\n') for row in csv.reader(io.StringIO(text, newline='')) for cell in row),
         'lines that end as RFC 4180 says')
    return [row for row in csv.DictReader(io.StringIO(text, newline=''), strict=True)]


def listed(client, query):
    """All cards of a list, page by page."""
    items, cursor = [], ''
    while cursor is not None:
        page = client.get(f'/cases?{query}&limit=200{"&cursor=" + cursor if cursor else ""}').good()
        items += page['items']
        cursor = page['next']
    return items


def moment(serial):
    return (datetime(1899, 12, 30) + timedelta(days=serial)).strftime('%Y-%m-%d %H:%M') if serial else ''


def near(serial, iso):
    """The same minute, given that a serial number of days is a fraction."""
    return abs((datetime(1899, 12, 30) + timedelta(days=serial)) - datetime.fromisoformat(iso[:16])) < timedelta(seconds=1)


def test_cases_as_workbook(run):
    """rows: G12"""
    officer = run.village().as_('officer1')
    def both():
        """The list and the workbook; right after a start the job still puts away what nobody judged."""
        book = workbook(officer, '/cases/export?view=closed')
        return book, {row['编号']: row for row in book.table('事项清单')}, {card['number']: card for card in listed(officer, 'view=closed')}

    eventually(lambda: set.symmetric_difference(*(set(part) for part in both()[1:])), set(), 'the numbers', 20)
    book, rows, cards = both()
    same(list(book.sheets), ['事项清单', '说明'], 'sheets')
    true(len(rows) > 200, 'more than one page of the list')
    for number, card in cards.items():
        row = rows[number]
        same((row['事由'], row['小类'], row['村庄'], row['状态'], row['类别']),
             (card['title'], card['category_label'], card['unit']['name'], card['state_label'], card['kind_label']), number)
        true(near(row['登记时间'], card['reported_at']), f'{number}: {moment(row["登记时间"])} for {card["reported_at"]}')
        true('办结时间' in row if card['settled_at'] else '办结时间' not in row, f'{number}: when it was settled')
        same(row['重办次数'], float(card['reopened']), f'{number}: reopened')
    sheet = book.xml['事项清单']
    pane = next(sheet.iter(f'{MAIN}pane'))
    same((pane.get('ySplit'), pane.get('state')), ('1', 'frozen'), 'the head stays')
    same(next(sheet.iter(f'{MAIN}autoFilter')).get('ref'), f'A1:X{len(rows) + 1}', 'the filter')
    widths = [float(c.get('width')) for c in sheet.iter(f'{MAIN}col')]
    true(len(widths) >= 10 and max(widths) > 30, f'widths {widths}')
    note = {row['A']: row['B'] for row in book.sheets['说明']}
    same((note['内容'], note['条数'], note['筛选条件']), ('事项清单', str(len(rows)), 'view = closed'), 'the note')
    true('赵敏' in note['导出人'] and '已遮盖' in note['提示'], f'{note}')


def test_every_view_is_the_list(run):
    """rows: G12 G1 D2"""
    village = run.village()
    for login in ('officer1', 'steward1', 'leader1', 'mediator1', 'natres', 'center', 'supervisor1', 'volunteer1', 'officer-b', 'auditor1'):
        client = village.as_(login)
        for view in VIEWS:
            rows = csv_rows(client, f'/cases/export?view={view}')
            cards = listed(client, f'view={view}')
            same(sorted(row['编号'] for row in rows), sorted(card['number'] for card in cards), f'{login} {view}')
            titles = {card['number']: card['title'] for card in cards}
            same({row['编号']: row['事由'].lstrip("'") for row in rows}, titles, f'{login} {view}: titles, or the category for who sees no words')
    officer = village.as_('officer1')
    for query in (f'view=closed&kind=hazard', f'view=open&unit={GROUP}', 'view=open&kind=request&state=working', f'view=closed&unit={GROUP}'):
        rows = csv_rows(officer, f'/cases/export?{query}')
        same(sorted(row['编号'] for row in rows), sorted(card['number'] for card in listed(officer, query)), query)


def test_nothing_more_than_the_list_shows(run):
    """rows: G1 L5"""
    village = run.village()
    rows = csv_rows(village.as_('leader1'), '/cases/export?view=closed')
    true(rows and all(row['事由'] == row['小类'] and not row['结果'] and not row['来源'] for row in rows), 'a leader reads no words')
    case, _, said = village.report('request', bypass_village=True, text='说说居委会的事')
    numbers = [row['编号'] for row in csv_rows(village.as_('officer1'), '/cases/export?view=open')]
    true(said['number'] not in numbers, 'what goes past the village is not in its export')
    village.as_('officer1').get(f'/cases/export?unit={SIBLING}').refused(404, 'not_found', 'unit')
    village.as_('officer1').get(f'/persons/export?unit={SIBLING}').refused(404, 'not_found', 'unit')
    people = csv_rows(village.as_('officer1'), '/persons/export')
    true(len(people) > 100 and all('*' in row['姓名'] or not row['姓名'] for row in people), 'people are masked')
    true(not any(re.search(r'\d{11}', row['电话']) for row in people), 'telephones are masked')


def test_formulas_stay_words(run):
    """rows: G12"""
    village = run.village()
    text = '=HYPERLINK("http://evil",1),"两行"\n第二行'
    case, _, said = village.report('request', title='=1+1,"引号"', text=text)
    officer = village.as_('officer1')
    [row] = [row for row in csv_rows(officer, '/cases/export?view=new') if row['编号'] == said['number']]
    same(row['事由'], '\'=1+1,"引号"', 'the title in csv')
    for i, title in enumerate(('+86', '-2', '@sum')):
        _, _, said = village.report('request', title=title)
        [row] = [row for row in csv_rows(officer, '/cases/export?view=new') if row['编号'] == said['number']]
        same(row['事由'], "'" + title, title)
    book = workbook(officer, f'/cases/export?view=new')
    true('=1+1,"引号"' in [row['事由'] for row in book.table('事项清单')], 'in a workbook words are words')
    true(not list(book.xml['事项清单'].iter(f'{MAIN}f')), 'no formula in the workbook')


def test_other_lists(run):
    """rows: G12 T2 H1"""
    village = run.village()
    officer, auditor = village.as_('officer1'), village.as_('auditor1')
    officer.post('/places', {'unit': GROUP, 'kind': 'pond', 'name': '东塘', 'operator': '塘长吴克俭'}).good(201)
    places = officer.get(f'/places?unit={HOST}').good()['items']
    rows = csv_rows(officer, f'/places/export?unit={HOST}')
    same(sorted((r['场所名称'], r['主要负责人']) for r in rows), sorted((p['name'], p['operator']) for p in places), 'places')
    talks, cursor = [], ''
    while cursor is not None:
        page = officer.get(f'/activities?unit={HOST}&type=talk&from=2024-01-01&to=2024-12-31&limit=200{cursor}').good()
        talks += page['items']
        cursor = f'&cursor={page["next"]}' if page['next'] else None
    book = workbook(officer, f'/activities/export?unit={HOST}&type=talk&from=2024-01-01&to=2024-12-31')
    same(sorted(r['标题'] if '标题' in r else r['事由'] for r in book.table('活动台账')), sorted(t['title'] for t in talks), 'talks')
    accounts = officer.get(f'/accounts?unit={HOST}').good()['items']
    rows = csv_rows(officer, f'/accounts/export?unit={HOST}')
    same(sorted({r['姓名'] for r in rows}), sorted({a['name'] for a in accounts}), 'staff')
    entries, before = [], ''
    while before is not None:
        page = auditor.get(f'/journal?unit={HOST}&limit=200{before}').good()
        entries += page['items']
        before = f'&before={page["before"]}' if page['before'] else None
    rows = csv_rows(auditor, f'/journal/export?unit={HOST}')
    true(len(entries) > 1000, 'a journal of several pages')
    same([(int(r['流水号']), r['动作'], r['摘要']) for r in rows], [(e['seq'], e['verb'], e['hash']) for e in reversed(entries)], 'the journal')


def test_figures(run):
    """rows: G5"""
    chair = run.village().as_('chair1')
    year = f'unit={HOST}&from=2024-01-01&to=2024-12-31'
    f = chair.get(f'/figures?{year}').good()
    book = workbook(chair, f'/figures/export?{year}')
    same(list(book.sheets), ['六项数量', '办结层级', '响应 解决 满意率', '各月数量', '小类数量', '各单位数量', '说明'], 'sheets')
    same({r['类别']: r['数量'] for r in book.table('六项数量')}, {f['labels'][k]: float(n) for k, n in COUNTS.items()}, 'counts')
    same([r['调处小纠纷'] for r in book.table('各月数量')], [float(m['counts']['dispute']) for m in f['months']], 'months')
    rates = {r['指标']: (r['分子'], r['分母'], round(r['比率'], 6)) for r in book.table('响应 解决 满意率')}
    same(rates['响应率'], (float(f['rates']['replied']['n']), float(f['rates']['replied']['of']),
                        round(f['rates']['replied']['n'] / f['rates']['replied']['of'], 6)), 'a rate as a number')
    same(sum(r['调处小纠纷'] for r in book.table('各单位数量')) <= 37, True, 'units')
    same({r['现场'] for r in book.table('办结层级')} <= {float(v['spot']) for v in f['levels'].values()}, True, 'levels')
    english = workbook(chair, f'/figures/export?{year}&lang=en')
    same(list(english.sheets)[0], 'Six counts', 'in English')


def test_who_took_it_is_written_down(run):
    """rows: G6"""
    village = run.village()
    auditor, officer = village.as_('auditor1'), village.as_('officer1')

    def lines():
        return [(r['seq'], r['login'], r['subject'], r['export']) for r in auditor.get('/access?limit=50').good()['items']]
    before = {line[0] for line in lines()}
    n = len(csv_rows(officer, '/cases/export?view=closed'))
    workbook(officer, f'/persons/export?unit={HOST}')
    csv_rows(officer, f'/figures/export?unit={HOST}')
    fresh = [line[1:] for line in lines() if line[0] not in before]
    same(fresh[1], ('officer1', 'unit', f'cases csv {n}'), 'the line of the cases')
    true(fresh[0][2].startswith('persons xlsx '), fresh)
    same(len(fresh), 2, 'figures show nobody: no line')


def test_bad_input(run):
    """rows: G12"""
    officer = run.village().as_('officer1')
    officer.get('/cases/export?format=pdf').refused(422, 'not_a_choice', 'format')
    officer.get('/cases/export?view=nonsense').refused(422, 'not_a_choice', 'view')
    officer.get('/cases/export?vieww=open').refused(422, 'unknown_field', 'vieww')
    officer.get('/activities/export').refused(422, 'missing', 'unit')
    officer.get(f'/activities/export?unit={HOST}&from=gestern').refused(400, 'malformed', 'from')
    run.village().anyone().get('/cases/export').refused(401, 'sign_in')


def test_many_rows(run):
    """rows: G12"""
    site = run.template.copy('many')
    names = site.sql("select column_name from information_schema.columns where table_name = 'cases' and table_schema = current_schema()" if site.uri
                     else "select name from pragma_table_info('cases')").split()
    taken = ', '.join(n for n in names if n not in ('id', 'uuid', 'number', 'track'))
    fresh = "decode(replace(gen_random_uuid()::text, '-', ''), 'hex')" if site.uri else 'randomblob(16)'
    for i in range(8):
        site.sql(f"insert into cases(uuid, number, {taken}) select {fresh}, number || '/{i}', {taken} from cases where state >= 5 and number not like '%/%'")
    village = Village(site.serve())
    officer = village.as_('officer1')
    def ended():
        return int(site.sql('select count(*) from cases where state >= 5'))

    # Jobs of the server file settled cases away meanwhile.
    for read in (lambda: [row['编号'] for row in csv_rows(officer, '/cases/export?view=closed')],
                 lambda: [row['编号'] for row in workbook(officer, '/cases/export?view=closed').table('事项清单')]):
        before, numbers, after = ended(), read(), ended()
        same(len(numbers), len(set(numbers)), 'each once')
        true(1800 < before <= len(numbers) <= after, f'{before} <= {len(numbers)} <= {after}')
    village.server.stop()
