"""Payment tables of subsidies (R7): as offices send them, read by each for themselves alone."""
import io
import zipfile
from urllib.parse import quote

from client import same, true
from registers import act
from village import GROUP, HOST, Village

WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]


def id_no(first17):
    return first17 + '10X98765432'[sum(int(c) * w for c, w in zip(first17, WEIGHTS)) % 11]


WANG, LI = id_no('34120319560312401'), id_no('34120319610805402')
CARD = '6217001234567890123'


def sheet(rows, merged=()):
    """An xlsx with inline texts; cells that hang under a merged one are left out, as Excel leaves them."""
    def cell(r, c, v):
        at = chr(ord('A') + c) + str(r + 1)
        return f'<c r="{at}" t="inlineStr"><is><t>{v}</t></is></c>' if isinstance(v, str) else f'<c r="{at}"><v>{v}</v></c>'
    body = ''.join(f'<row r="{r + 1}">' + ''.join(cell(r, c, v) for c, v in enumerate(row) if v != '') + '</row>' for r, row in enumerate(rows))
    ranges = ''.join(f'<mergeCell ref="{m}"/>' for m in merged)
    main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
    rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as z:
        z.writestr('[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>')
        z.writestr('_rels/.rels', f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        z.writestr('xl/workbook.xml', f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="表1" sheetId="1" r:id="r1"/></sheets></workbook>')
        z.writestr('xl/_rels/workbook.xml.rels', f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        z.writestr('xl/worksheets/sheet1.xml', f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData>{f"<mergeCells>{ranges}</mergeCells>" if merged else ""}</worksheet>')
    return out.getvalue()


def send(village, body, by='officer1', commit=False, **query):
    asked = {'unit': HOST, 'title': '2026年耕地地力补贴', **query, **({'commit': '1'} if commit else {})}
    return village.as_(by).ask('POST', '/subsidies?' + '&'.join(f'{k}={quote(str(v))}' for k, v in asked.items()), body)


def own(village, name, number, proof, who=None):
    return (who or village.anyone()).post('/subsidies/own', {'unit': GROUP, 'name': name, 'id_tail': number[-6:], 'proof': proof})


PLAIN = f'序号,户主姓名,身份证号,补贴面积,补贴金额,一卡通账号,备注\n1,王大有,{WANG},6.5,"￥1,234.50元",{CARD},\n2,李四,{LI},3,300,,\n合计,,,,1534.5,,\n'


def test_a_table_comes_in_and_each_reads_their_own(run):
    """rows: R7. A resident sees their own lines with name, last six and the last four of the card; anything else is "not found", whatever was wrong."""
    village = Village(run.template.copy('subsidy').serve())
    look = send(village, PLAIN.encode('gb18030')).good()
    same((look['rows'], look['good'], look['skipped'], look['imported']), (2, 2, 1, 0))
    same((look['mapping']['name'], look['mapping']['amount']), ('户主姓名', '补贴金额'))
    true(CARD not in str(look) and WANG not in str(look), 'no number comes back')
    same(own(village, '王大有', WANG, CARD[-4:]).status, 404, 'a look brings nothing in')
    same(send(village, PLAIN.encode('gb18030'), commit=True).good()['imported'], 2)
    same(own(village, '王大有', WANG, CARD[-4:]).good()['items'], [{'item': '', 'amount': '1234.50', 'paid_on': '', 'area': '6.5', 'note': '', 'table': '2026年耕地地力补贴'}])
    same(own(village, ' 王　大有 ', WANG, CARD[-4:]).good()['items'][0]['amount'], '1234.50')
    own(village, '王大有', WANG, '0000').refused(404, 'not_found')
    own(village, '王大有', LI, CARD[-4:]).refused(404, 'not_found')
    own(village, '李四', LI, '1234').refused(404, 'not_found')  # neither card nor telephone in the table: through a steward alone
    own(village, '王大有', WANG, '12').refused(400, 'malformed', 'proof')
    village.anyone().post('/subsidies/own', {'unit': '341203105002', 'name': '王大有', 'id_tail': WANG[-6:], 'proof': CARD[-4:]}).refused(404, 'not_found')


def test_who_guesses_is_slowed_down(run):
    """rows: R7. Tries are counted by name and by address: a neighbour with a thousand guesses gets nowhere."""
    village = Village(run.template.copy('guessing').serve())
    send(village, PLAIN.encode(), commit=True).good()
    said = [own(village, '王大有', f'{n:06d}', CARD[-4:]).status for n in range(8)]
    same((said[:5], 429 in said), ([404] * 5, True))
    own(village, '王大有', WANG, CARD[-4:]).refused(429, 'throttled')


def test_a_steward_looks_up_for_somebody(run):
    """rows: R7. A steward looks up for who stands there, names a purpose, and that is in the access journal, found or not; others can't."""
    village = Village(run.template.copy('helping').serve())
    send(village, PLAIN.encode(), commit=True).good()
    asked = {'unit': GROUP, 'name': '李四', 'id_tail': LI[-6:]}
    village.as_('steward1').post('/subsidies/for', asked).refused(422, 'missing', 'purpose')
    same(village.as_('steward1').post('/subsidies/for', {**asked, 'purpose': '本人带卡来问'}).good()['items'][0]['amount'], '300.00')
    lines = village.as_('auditor1').get('/access').good()['items']
    same((lines[0]['login'], lines[0]['subject']), ('steward1', 'unit'))
    village.as_('steward1').post('/subsidies/for', {**asked, 'id_tail': '000000', 'purpose': '试试'}).good()
    same(len(village.as_('auditor1').get('/access').good()['items']), len(lines) + 1)
    village.as_('steward-b').post('/subsidies/for', {**asked, 'purpose': '好奇'}).refused(404, 'not_found', 'unit')
    village.as_('elder1').post('/subsidies/for', {**asked, 'purpose': '好奇'}).refused(403, 'forbidden')
    [table] = [row for row in village.as_('officer1').get(f'/registers/subsidies?unit={HOST}').good()['items'] if row['title'] == '2026年耕地地力补贴']  # beside the demo's
    act(village, table, 'officer1', 'withdraw', reason='发错了表').good()
    same(village.as_('steward1').post('/subsidies/for', {**asked, 'purpose': '再看'}).good()['items'], [])


def test_tables_as_offices_send_them(run):
    """rows: R7. Two rows of heads, merged cells, numbers as text: read; what is wrong is told at its row and field, the rest is kept."""
    village = Village(run.template.copy('offices').serve())
    rows = [['正午镇2026年惠农补贴发放表'], ['序号', '户主', '证件号码', '补贴项目', '补贴资金', ''], ['', '', '', '', '面积（亩）', '实发金额'],
            ['1', '王 大 有', WANG, '耕地地力', '6.5', ' 1,234.5 '], ['2', '李四', LI, '', 3, 300], ['3', '赵五', WANG[:-1] + ('0' if WANG[-1] != '0' else '1'), '', 1, 90],
            ['4', '孙六', '3.41203E+17', '', 1, 90], ['5', '周七', '341203********4012', '', 1, 90], ['6', '吴八', id_no('34120319700101405'), '农机', 1, '九十'],
            ['', '合计', '', '', 11.5, 1534.5]]
    look = send(village, sheet(rows, merged=['A1:F1', 'E2:F2', 'D4:D5'])).good()
    same((look['header'], look['mapping']['amount'], look['mapping']['area']), (2, '补贴资金实发金额', '补贴资金面积（亩）'))
    same([(p['line'], p['field']) for p in look['problems']], [(6, 'id_no'), (7, 'id_no'), (8, 'id_no'), (9, 'amount')])
    true('文本格式' in look['problems'][1]['title'] and '星号' in look['problems'][2]['title'], str(look['problems']))
    done = send(village, sheet(rows, merged=['A1:F1', 'E2:F2', 'D4:D5']), commit=True).good()
    same((done['good'], done['imported'], done['skipped']), (2, 2, 1))
    helped = village.as_('steward1').post('/subsidies/for', {'unit': GROUP, 'name': '李四', 'id_tail': LI[-6:], 'purpose': '核对'}).good()['items'][0]
    same((helped['item'], helped['amount'], helped['area']), ('耕地地力', '300.00', '3'), 'the merged cell holds for the row below')
    send(village, '姓名,金额\n王,1\n'.encode()).refused(422, 'missing', 'id_no')
    send(village, b'nothing\n1\n').refused(422, 'missing', 'header')
    mapped = send(village, f'户,证件号,钱\n王大有,{WANG},5\n'.encode(), mapping='{"name":"户","id_no":"证件号","amount":"钱"}')
    mapped.refused(422, 'missing', 'header')
    send(village, PLAIN.encode(), by='steward1').refused(403, 'forbidden')
