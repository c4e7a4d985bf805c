"""Whatever comes in wrong is refused with its code and field, logged once, and leaves nothing half done."""
import json
import socket
import time

from client import same, true
from village import GROUP, Village, quote

JSON = {'Content-Type': 'application/json'}


def raw(village, request, wait=5):
    """Bytes as they are, over a socket of their own; the whole answer, or what came of it in `wait` seconds."""
    with socket.create_connection(village.server.address, timeout=wait) as s:
        try:
            s.sendall(request)
        except OSError:
            pass  # refused before all was sent; the answer is there all the same
        answer = b''
        try:
            while True:
                part = s.recv(65536)
                if not part:
                    break
                answer += part
                head, split, body = answer.partition(b'\r\n\r\n')
                if split:
                    length = [h.split(b':')[1] for h in head.split(b'\r\n') if h.lower().startswith(b'content-length:')]
                    if length and len(body) >= int(length[0]):
                        break
        except (socket.timeout, ConnectionError):
            pass
    return answer


def parts(answer):
    """Status and problem of a raw answer; None where there is none."""
    head, _, body = answer.partition(b'\r\n\r\n')
    status = int(head.split()[1]) if head.startswith(b'HTTP/1.1 ') else None
    try:
        return status, json.loads(body).get('code')
    except ValueError:
        return status, None


def post(path, body, *headers, length=None):
    lines = [f'POST {path} HTTP/1.1', 'Host: x', *headers]
    if length is not False:
        lines.append(f'Content-Length: {len(body) if length is None else length}')
    return '\r\n'.join(lines).encode() + b'\r\n\r\n' + body


CASES = '/api/v1/cases'
TYPE = 'Content-Type: application/json'
GOOD = json.dumps({'text': '坏输入之外的一件', 'unit': GROUP}).encode()


def cases(village):
    return int(village.site.sql('select count(*) from cases'))


def refused_bodies():
    """(body, status, code, field) of POST /cases."""
    good = {'text': '字', 'unit': GROUP}
    person = {'role': 'party', 'name': '方阿大'}
    yield b'{"text": ', 400, 'truncated', None
    yield b'{"text": tru}', 400, 'malformed', None
    yield b'[1, 2]', 422, 'wrong_type', None
    yield b'null', 400, 'malformed', None
    yield b'{"text":"\xff\xfe","unit":"1"}', 400, 'wrong_encoding', None
    yield '{"text":"字"}'.encode('gb18030'), 400, 'wrong_encoding', None
    yield b'{"text":"a","text":"b"}', 400, 'duplicate_key', None
    yield b'{"text":"a\\u0000b","unit":"1"}', 400, None, None
    yield b'{"a":' * 5000 + b'1' + b'}' * 5000, 400, 'malformed', None
    yield {**good, 'text': 7}, 422, 'wrong_type', 'text'
    yield {**good, 'unit': 341203105006}, 422, 'wrong_type', 'unit'
    yield {**good, 'files': 'x'}, 422, 'wrong_type', 'files'
    yield {**good, 'files': ['x']}, 400, 'malformed', 'files.0'
    yield {**good, 'files': [64 * 'a']}, 404, 'not_found', 'files.0'
    yield {**good, 'files': [64 * 'z']}, 400, 'malformed', 'files.0'
    yield {**good, 'files': [64 * 'a'] * 10}, 422, 'too_long', 'files'
    yield {**good, 'persons': {}}, 422, 'wrong_type', 'persons'
    yield {**good, 'persons': [7]}, 422, 'wrong_type', 'persons.0'
    yield {**good, 'persons': [{'name': '方阿大'}]}, 422, 'missing', 'persons.0.role'
    yield {**good, 'persons': [{**person, 'colour': 'red'}]}, 422, 'unknown_field', 'persons.0.colour'
    yield {**good, 'persons': [{**person, 'role': 'judge'}]}, 422, 'not_a_choice', 'persons.0.role'
    yield {**good, 'persons': [{**person, 'side': 99}]}, 422, 'out_of_range', 'persons.0.side'
    yield {**good, 'persons': [{**person, 'phone': 'abc'}]}, 400, 'malformed', 'persons.0.phone'
    yield {**good, 'persons': [{**person, 'id_no': '341203199001011230'}]}, 422, 'bad_check_digit', 'persons.0.id_no'
    yield {**good, 'persons': [{'role': 'party'}]}, 422, 'missing', 'persons.0.name'
    yield {**good, 'persons': [{'role': 'party', 'person': '00000000-0000-7000-8000-000000000000'}]}, 404, 'not_found', 'persons.0.person'
    yield {**good, 'persons': [person] * 21}, 422, 'too_long', 'persons'
    yield {**good, 'contact_phone': '打不通'}, 400, 'malformed', 'contact_phone'
    yield {**good, 'lat': 91}, 422, 'out_of_range', 'lat'
    yield {**good, 'lat': '北'}, 422, 'wrong_type', 'lat'
    yield {**good, 'danger': 'yes'}, 422, 'wrong_type', 'danger'
    yield {**good, 'quantity': {'n': 1}}, 422, 'missing', 'quantity.unit'
    yield {**good, 'quantity': {'n': -1, 'unit': '吨'}}, 422, 'out_of_range', 'quantity.n'
    yield {**good, 'colour': 'red'}, 422, 'unknown_field', 'colour'
    yield {**good, 'ethnicity': '汉'}, 422, 'unknown_field', 'ethnicity'
    yield {**good, 'kind': 'talk'}, 422, 'not_a_choice', 'kind'
    yield {**good, 'kind': 'quarrel'}, 422, 'not_a_choice', 'kind'
    yield {**good, 'category': 'X9'}, 422, 'not_a_choice', 'category'
    yield {**good, 'channel': 'PIGEON'}, 422, 'not_a_choice', 'channel'
    yield {**good, 'text': 4001 * '字'}, 422, 'too_long', 'text'
    yield {**good, 'title': 61 * '字'}, 422, 'too_long', 'title'
    yield {**good, 'text': ' \n '}, 422, 'missing', 'text'
    yield {**good, 'text': None}, 422, 'missing', 'text'
    yield {'text': '字'}, 422, 'missing', 'unit'
    yield {**good, 'unit': '999999999999'}, 404, 'not_found', 'unit'
    yield {**good, 'unit': '341203105000'}, 422, 'not_allowed_here', 'unit'
    yield {**good, 'for': {'name': '他'}}, 422, 'not_allowed_here', 'for'
    yield {**good, 'happened_at': '2099-01-01T00:00:00+08:00'}, 422, 'in_future', 'happened_at'
    yield {**good, 'happened_at': '2024-02-30T00:00:00+08:00'}, 400, 'malformed', 'happened_at'
    yield {**good, 'place_id': 'x'}, 400, 'malformed', 'place_id'


def test_bodies(run):
    """rows: R1 G20"""
    village = run.village()
    before = cases(village)
    for body, status, code, field in refused_bodies():
        reply = village.anyone().ask('POST', '/cases', body if isinstance(body, bytes) else json.dumps(body).encode(), headers=JSON)
        same((reply.status, reply.code if code else None), (status, code), f'{body[:60] if isinstance(body, bytes) else body}: {reply.body[:160]}')
        if field:
            same(reply.json.get('field'), field, f'field of {code} in {body}')
    same(cases(village), before, 'cases')


def test_media_types(run):
    """rows: R1"""
    village = run.village()
    for type in ('text/plain', 'application/x-www-form-urlencoded', 'application/xml', ''):
        reply = village.anyone().ask('POST', '/cases', GOOD, headers={'Content-Type': type})
        reply.refused(415, 'media_type', 'Content-Type')
    village.anyone().ask('POST', '/cases', GOOD, headers={'Content-Type': 'application/json; charset=utf-8'}).good(201)


def test_paths_and_methods(run):
    """rows: G1"""
    village = run.village()
    c = village.anyone()
    c.get('/nothing/here').refused(404, 'not_found')
    c.post('/nothing/here').refused(404, 'not_found')
    c.ask('PATCH', '/cases', b'').refused(405, 'wrong_method')
    c.put('/cases', {}).refused(405, 'wrong_method')
    officer = village.as_('officer1')
    officer.get('/cases?colour=red').refused(422, 'unknown_field', 'colour')
    officer.get('/cases?limit=0').refused(422, 'out_of_range', 'limit')
    officer.get('/cases?limit=201').refused(422, 'out_of_range', 'limit')
    officer.get('/cases?limit=x').refused(422, 'out_of_range', 'limit')
    officer.get('/cases?view=upside-down').refused(422, 'not_a_choice', 'view')
    officer.get('/cases?kind=quarrel').refused(422, 'not_a_choice', 'kind')
    officer.get('/cases?state=lost').refused(422, 'not_a_choice', 'state')
    officer.get('/cases?cursor=x').refused(400, 'malformed', 'cursor')
    officer.get('/cases?unit=999999999999').refused(404, 'not_found', 'unit')
    officer.get('/cases?unit=%ff').refused(400, 'wrong_encoding')
    officer.get('/cases/not-an-id').refused(404, 'not_found')
    officer.get('/cases/00000000-0000-7000-8000-000000000000').refused(404, 'not_found')
    officer.get('/figures').refused(422, 'missing', 'unit')
    officer.get(f'/figures?unit={GROUP}&from=yesterday').refused(400, 'malformed', 'from')
    officer.get(f'/figures/cases?unit={GROUP}&kind=x').refused(422, 'not_a_choice', 'kind')
    officer.get(f'/activities?unit={GROUP}&type=x').refused(422, 'not_a_choice', 'type')
    officer.get(f'/activities?unit={GROUP}&from=x').refused(400, 'malformed', 'from')
    officer.get(f'/report?unit={GROUP}&format=docx').refused(422, 'not_a_choice', 'format')
    officer.get('/persons').refused(422, 'missing', 'q')
    c.get('/forms?verb=dance').refused(404, 'unknown_verb', 'verb')
    c.get('/forms?kind=talk').refused(422, 'not_a_choice', 'kind')


def test_verbs_that_are_not(run):
    """rows: G14"""
    village = run.village()
    case, track, _ = village.report('request')
    officer = village.as_('officer1')
    officer.do(case, 'dance').refused(404, 'unknown_verb', 'verb')
    officer.do(case, 'report', text='字', unit=GROUP).refused(404, 'unknown_verb', 'verb')
    officer.do(case, 'settle', outcome='DONE', result='好了').refused(409, 'not_open', 'verb')
    officer.do(case, 'accept', colour='red').refused(422, 'unknown_field', 'colour')
    officer.do(case, 'assign', to='x').refused(400, 'malformed', 'to')
    officer.do(case, 'assign', to='00000000-0000-7000-8000-000000000000').refused(404, 'not_found', 'to')
    village.act(case, 'officer1', 'accept')
    officer.do(case, 'refer', office='00000000-0000-7000-8000-000000000000', mode='refer', text='请').refused(404, 'not_found', 'office')
    officer.do(case, 'refer', office=village.office('power'), mode='throw', text='请').refused(422, 'not_a_choice', 'mode')
    officer.do(case, 'settle', outcome='NO_SUCH', result='好了').refused(422, 'not_a_choice', 'outcome')
    officer.do(case, 'ask_extension', days=61, reason='慢').refused(422, 'out_of_range', 'days')
    officer.do(case, 'ask_extension', days='5', reason='慢').refused(422, 'wrong_type', 'days')
    same(village.case(case)['rev'], 2, 'rev')
    village.anyone(track='AAAAA-AAAA-AAAA').get('/track').refused(404, 'not_found', 'code')
    village.anyone(track='short').get('/track').refused(404, 'not_found', 'code')
    village.anyone(token='lx_wrong').get('/session').refused(401, 'sign_in')


def test_personal_data_goes_along_only_with_consent(run):
    """rows: R3"""
    village = run.village()
    case, _, _ = village.report('request', contact_phone='13900003333')
    village.act(case, 'officer1', 'accept')
    refer = {'office': village.office('power'), 'mode': 'refer', 'text': '请检查'}
    officer = village.as_('officer1')
    officer.do(case, 'refer', **refer).refused(422, 'missing', 'consent')
    officer.do(case, 'refer', **refer, consent={'given': False}).refused(422, 'missing', 'consent')
    officer.do(case, 'refer', **refer, consent={'given': 'yes'}).refused(422, 'wrong_type', 'consent.given')
    officer.do(case, 'refer', **refer, consent_reason='紧急，来不及问').good()


def test_oversized(run):
    """rows: R1"""
    village = run.village()
    large = json.dumps({'text': 'x' * 300000, 'unit': GROUP}).encode()
    village.anyone().ask('POST', '/cases', large, headers=JSON, again=False).refused(413, 'too_large')
    # Said before the body comes: nobody need send it.
    same(parts(raw(village, post(CASES, b'', TYPE, length=10 ** 12))), (413, 'too_large'), 'a huge Content-Length')
    chunk = b'10000\r\n' + b'x' * 65536 + b'\r\n'
    chunks = post(CASES, b'', TYPE, 'Transfer-Encoding: chunked', length=False) + chunk * 5 + b'0\r\n\r\n'
    same(parts(raw(village, chunks)), (413, 'too_large'), 'chunks without end')
    same(parts(raw(village, b'GET /api/v1/pack?' + b'x' * 20000 + b' HTTP/1.1\r\nHost: x\r\n\r\n'))[0] in (414, 431), True, 'a path without end')
    same(parts(raw(village, b'GET /healthz HTTP/1.1\r\nHost: x\r\nX: ' + b'x' * 20000 + b'\r\n\r\n'))[0], 431, 'a header without end')
    same(parts(raw(village, post('/api/v1/files', b'\xff\xd8\xff', length=12 * 1024 * 1024 + 1))), (413, 'too_large'), 'a large photo')
    same(parts(raw(village, post('/api/v1/session', b'', TYPE, length=300000))), (413, 'too_large'), 'sign-in')
    same(parts(raw(village, b'GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello')), (413, 'too_large'), 'a body where none is wanted')


def test_framing(run):
    """rows: R1"""
    village = run.village()
    before = cases(village)
    chunks = f'{len(GOOD):x}\r\n'.encode() + GOOD + b'\r\n0\r\n\r\n'
    for name, request in {
        'both lengths': post(CASES, chunks, TYPE, 'Transfer-Encoding: chunked'),
        'two lengths': post(CASES, GOOD, TYPE, 'Content-Length: 7'),
        'negative length': post(CASES, GOOD, TYPE, length='-1'),
        'no number': post(CASES, GOOD, TYPE, length='many'),
        'unknown coding': post(CASES, GOOD, TYPE, 'Transfer-Encoding: gzip', length=False),
        'two hosts': post(CASES, GOOD, TYPE, 'Host: y'),
    }.items():
        status, code = parts(raw(village, request))
        same((status, code), (400, 'malformed') if code else (400, None), name)
    same(cases(village), before, 'cases')
    same(parts(raw(village, post(CASES, chunks, TYPE, 'Transfer-Encoding: chunked', length=False)))[0], 201, 'honest chunks')
    hello = b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + bytes(100)
    same(parts(raw(village, hello, wait=0.5))[0] in (None, 400), True, 'TLS spoken to a plain port')


def test_broken_off(run):
    """rows: R1 G20"""
    village = run.village()
    before = cases(village)
    for request in (post(CASES, GOOD[:20], TYPE, length=len(GOOD)), post(CASES, GOOD, TYPE, length=len(GOOD) + 50),
                    post(CASES, b'400\r\n' + GOOD, TYPE, 'Transfer-Encoding: chunked', length=False),
                    post('/api/v1/files', b'\xff\xd8\xff' + bytes(500), 'Content-Type: image/jpeg', length=5000)):
        answer = raw(village, request, wait=0.2)
        same(parts(answer)[0] in (None, 400), True, f'answer to a truncated request: {answer[:80]!r}')
    time.sleep(0.2)
    same(cases(village), before, 'cases')
    village.anyone().get('/readyz').good()


def test_page_for_a_browser(run):
    """rows: G11"""
    village = run.village()
    browser = village.anyone(headers={'Accept': 'text/html,application/xhtml+xml,*/*;q=0.8', 'Accept-Language': 'en'})
    page = browser.get('/no/such/page<script>')
    same(page.status, 404, 'status')
    true(page.headers['Content-Type'].startswith('text/html') and '<h1>' in page.text and 'lang="en"' in page.text, f'no page: {page.text[:200]}')
    true('<script>' not in page.text, 'the page repeats what was asked')
    page = browser.post('/cases', {'unit': GROUP})
    same((page.status, page.headers['Content-Type'].split(';')[0]), (422, 'text/html'), 'a refusal for a browser')
    problem = village.anyone(headers={'Accept-Language': 'en'}).post('/cases', {'unit': GROUP}).refused(422, 'missing', 'text')
    true(problem['title'].isascii(), 'the title is not in the language asked for')
    problem = village.anyone().post('/cases', {'unit': GROUP}).refused(422, 'missing', 'text')
    true(not problem['title'].isascii(), 'the title is not in Chinese')


def test_logged_once_without_words(run):
    """rows: G6"""
    village = run.village()
    mark = 'log-me-once'
    village.anyone().post('/cases', {'text': '不该进日志的话', 'unit': mark}).refused(404, 'not_found', 'unit')
    village.anyone().get(f'/nowhere-{mark}?q={quote("不该进日志的话")}').refused(404, 'not_found')
    time.sleep(0.1)
    lines = [line for line in village.server.log().splitlines() if f'/nowhere-{mark}' in line]
    same(len(lines), 1, f'lines in the log: {lines}')
    true('不该进日志的话' not in village.server.log() and quote('不该进日志的话') not in village.server.log(), 'words in the log')


def test_damaged_row_is_logged_once(run):
    """rows: G6"""
    village = Village(run.template.copy('damaged').serve())
    case, _, said = village.report('request')
    village.site.sql(f"update cases set sealed = {BLOB[run.engine]} where number = '{said['number']}'")
    village.as_('officer1').get(f'/cases/{case}').refused(500, 'broken_seal')
    time.sleep(0.1)
    lines = [line for line in village.server.log().splitlines() if 'broken_seal' in line]
    same(len(lines), 1, f'lines in the log: {lines}')
    village.as_('officer1').get('/cases?limit=200').good()  # the others are there all the same
    village.server.stop()


BLOB = {'sqlite': "x'00'", 'postgresql': "'\\x00'::bytea"}


def test_metrics_are_for_this_machine(run):
    """rows: G22"""
    village = run.village()
    true('liuxiao_' in village.anyone().get('/metrics').text, 'no metrics on loopback')
    same(village.anyone(headers={'X-Forwarded-For': '203.0.113.5'}).get('/metrics').status in (403, 404), True, 'metrics for a stranger')
