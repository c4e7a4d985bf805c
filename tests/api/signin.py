"""Signing in, staying so, and being thrown out (quality.md, S4 and S8)."""
import base64
import hashlib
import hmac
import re
import statistics
import struct
import time

from client import same, true
from installation import PASSWORD
from village import eventually

peers = iter(range(1, 250))


def stranger(village, **more):
    """Somebody at an address of their own, as the proxy says: what one test does must not slow the others."""
    return village.anyone(headers={'X-Forwarded-For': f'198.51.100.{next(peers)}', **more})


def totp(secret, at=None):
    """RFC 6238 with the usual 30 seconds, six digits and SHA-1."""
    key = base64.b32decode(secret + '=' * (-len(secret) % 8))
    step = int((time.time() if at is None else at) // 30)
    digest = hmac.new(key, struct.pack('>Q', step), hashlib.sha1).digest()
    number = struct.unpack('>I', digest[digest[-1] & 15:][:4])[0] & 0x7fffffff
    return f'{number % 1000000:06d}'


def test_session_cookie(run):
    """rows: G1"""
    village = run.village()
    c = stranger(village)
    reply = c.sign_in('steward3', PASSWORD)
    same(reply.good()['account']['login'], 'steward3', 'login')
    cookie = reply.headers['Set-Cookie']
    for flag in ('HttpOnly', 'SameSite=Lax', 'Path=/'):
        true(flag in cookie, f'no {flag} in {cookie}')
    true(len(re.match(r'lx_session=([\w-]+);', cookie).group(1)) >= 43, 'a short session secret')
    same(c.get('/session').good()['posts'][0]['post'], 'steward', 'post')
    secure = stranger(village, **{'X-Forwarded-Proto': 'https'}).sign_in('steward3', PASSWORD)
    true('; Secure' in secure.headers['Set-Cookie'], 'no Secure behind TLS')
    for name, value in {'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store'}.items():
        same(reply.headers[name], value, name)
    policy = reply.headers['Content-Security-Policy']
    true("frame-ancestors 'none'" in policy and 'unsafe-inline' not in policy, policy)
    true('Access-Control-Allow-Origin' not in reply.headers, 'CORS is open')
    same(village.server.site.sql("select count(*) from session where length(peer) = 0"), '0', 'sessions without an address')


def test_wrong_name_and_wrong_password_look_alike(run):
    """rows: G1"""
    village = run.village()

    def tried(login, password):
        began = time.monotonic()
        reply = stranger(village).sign_in(login, password)
        return reply.refused(401, 'bad_sign_in'), time.monotonic() - began
    known, unknown = [], []
    for i in range(3):
        answer_a, took = tried(f'steward{i + 4}', 'not the password')
        known.append(took)
        answer_b, took = tried(f'nobody{i}', 'not the password')
        unknown.append(took)
        same(answer_a, answer_b, 'the two answers')
    ratio = statistics.median(unknown) / statistics.median(known)
    true(0.4 < ratio < 2.5, f'an unknown name takes {ratio:.2f} of the time of a wrong password')
    stranger(village).sign_in('auditor1', 'x' * 5000).refused(422, 'too_long', 'password')
    stranger(village).sign_in("' or 1=1 --", 'x').refused(401, 'bad_sign_in')
    stranger(village).sign_in('', 'x').refused(422, 'missing', 'login')


def test_throttled_by_account(run):
    """rows: G1"""
    village = run.village()
    for _ in range(6):
        stranger(village).sign_in('head9', 'wrong').refused(401, 'bad_sign_in')
    reply = stranger(village).sign_in('head9', PASSWORD)
    reply.refused(429, 'throttled')
    wait = int(reply.headers['Retry-After'])
    true(1 <= wait <= 3, f'Retry-After {wait}')
    time.sleep(wait)
    stranger(village).sign_in('head9', PASSWORD).good()
    stranger(village).sign_in('head9', PASSWORD).good()


def test_throttled_by_address(run):
    """rows: G1"""
    village = run.village()
    c = stranger(village)
    for i in range(6):
        c.sign_in(f'guess{i}', 'wrong').refused(401, 'bad_sign_in')
    c.sign_in('head10', PASSWORD).refused(429, 'throttled')
    stranger(village).sign_in('head10', PASSWORD).good()


def test_sign_out(run):
    """rows: G1"""
    village = run.village()
    here, there = stranger(village), stranger(village)
    here.sign_in('head2', PASSWORD).good()
    there.sign_in('head2', PASSWORD).good()
    kept = here.cookie
    reply = here.delete('/session')
    same((reply.status, here.cookie), (204, None), 'status, cookie')
    here.cookie = kept
    here.get('/session').refused(401, 'sign_in')
    there.get('/session').good()
    back = stranger(village)
    back.sign_in('head2', PASSWORD).good()
    same(back.delete('/sessions').status, 204, 'status')
    there.get('/session').refused(401, 'sign_in')
    # An old cookie does not keep anybody from what is open to all.
    here.post('/cases', {'text': '', 'unit': ''}).refused(422, 'missing', 'text')
    here.get('/pack').good()


def test_second_factor(run):
    """rows: G1"""
    village = run.village()
    c = stranger(village)
    c.sign_in('head3', PASSWORD).good()
    secret = c.post('/session/totp').good()['secret']
    begun = c.post('/session/totp').good()  # only the last one counts
    true(begun['secret'] != secret and f'secret={begun["secret"]}' in begun['uri'], 'the second secret')
    secret = begun['secret']
    c.put('/session/totp', {'code': '000000'}).refused(422, 'not_allowed_here', 'code')
    stranger(village).sign_in('head3', PASSWORD).good()  # not yet in force
    step = int(time.time() // 30)
    same(c.put('/session/totp', {'code': totp(secret)}).status, 204, 'confirming')
    same(c.get('/session').good()['account']['second_factor'], True, 'second factor')
    stranger(village).sign_in('head3', PASSWORD).refused(401, 'second_factor', 'code')
    stranger(village).sign_in('head3', 'wrong', '123456').refused(401, 'bad_sign_in')
    # The code that confirmed has been used; the next one (the clock of a telephone may be ahead) works once.
    stranger(village).sign_in('head3', PASSWORD, totp(secret, step * 30)).refused(401, 'bad_sign_in')
    ahead = totp(secret, (int(time.time() // 30) + 1) * 30)
    fresh = stranger(village)
    fresh.sign_in('head3', PASSWORD, ahead).good()
    stranger(village).sign_in('head3', PASSWORD, ahead).refused(401, 'bad_sign_in')
    same(fresh.delete('/session/totp').status, 204, 'giving it up')
    stranger(village).sign_in('head3', PASSWORD).good()


def test_tokens(run):
    """rows: G1"""
    village = run.village()
    c = stranger(village)
    c.sign_in('head4', PASSWORD).good()
    token = c.post('/tokens', {'label': '电子表格', 'days': 1}).good(201)['token']
    machine = village.anyone(token=token)
    same(machine.get('/session').good()['account']['login'], 'head4', 'login')
    rows = c.get('/tokens').good()['items']
    same([r['label'] for r in rows], ['电子表格'], 'labels')
    true(token not in c.get('/tokens').text, 'a token is shown twice')
    stranger(village).ask('DELETE', f'/tokens/{rows[0]["id"]}').refused(401, 'sign_in')
    village.as_('officer1').delete(f'/tokens/{rows[0]["id"]}').refused(404, 'not_found')
    same(c.delete(f'/tokens/{rows[0]["id"]}').status, 204, 'revoking')
    machine.get('/session').refused(401, 'sign_in')
    c.post('/tokens', {'label': 'x', 'days': 0}).refused(422, 'out_of_range', 'days')
    c.post('/tokens', {}).refused(422, 'missing', 'label')


def test_foreign_pages(run):
    """rows: G1"""
    village = run.village()
    c = stranger(village)
    c.sign_in('head5', PASSWORD).good()
    for origin in ('https://evil.example', 'null', f'http://127.0.0.1:{village.server.address[1] + 1}'):
        c.post('/notices/seen', headers={'Origin': origin}).refused(403, 'foreign_origin')
        c.ask('DELETE', '/session', headers={'Origin': origin}).refused(403, 'foreign_origin')
    own = f'http://{village.server.address[0]}:{village.server.address[1]}'
    same(c.post('/notices/seen', headers={'Origin': own}).status, 204, 'our own page')
    c.get('/session', headers={'Origin': 'https://evil.example'}).good()
    form = {'Origin': 'https://evil.example', 'Content-Type': 'application/x-www-form-urlencoded'}
    stranger(village).ask('POST', '/plain/report', b'text=x', headers=form).refused(403, 'foreign_origin')


def test_password(run):
    """rows: G1"""
    village = run.village()
    c, other = stranger(village), stranger(village)
    c.sign_in('head6', PASSWORD).good()
    other.sign_in('head6', PASSWORD).good()
    c.post('/session/password', {'old': 'wrong', 'password': 'fresh-password'}).refused(401, 'bad_sign_in', 'old')
    c.post('/session/password', {'old': PASSWORD, 'password': 'short'}).refused(422, 'out_of_range', 'password')
    c.post('/session/password', {'old': PASSWORD, 'password': 'head6'}).refused(422, 'out_of_range', 'password')
    same(c.post('/session/password', {'old': PASSWORD, 'password': 'fresh-password'}).status, 204, 'changing')
    other.get('/session').refused(401, 'sign_in')
    stranger(village).sign_in('head6', PASSWORD).refused(401, 'bad_sign_in')
    stranger(village).sign_in('head6', 'fresh-password').good()
    c.post('/session/password', {'old': PASSWORD, 'password': 'another-password'}).refused(401, 'sign_in')


def test_old_password_is_not_guessed_through_a_session(run):
    """rows: G1"""
    village = run.village()
    c = stranger(village)
    c.sign_in('head11', PASSWORD).good()
    answers = [c.post('/session/password', {'old': f'guess {i}', 'password': 'fresh-password'}).status for i in range(8)]
    true(429 in answers, f'eight wrong guesses: {answers}')


def test_closed_account_is_out(run):
    """rows: G1"""
    village = run.village()
    c = stranger(village)
    c.sign_in('volunteer4', PASSWORD).good()
    admin = village.as_('admin1')
    account = c.get('/session').good()['account']['id']
    admin.post(f'/accounts/{account}/close', {'reason': '不再担任'}).good()
    c.get('/session').refused(401, 'sign_in')
    stranger(village).sign_in('volunteer4', PASSWORD).refused(401, 'bad_sign_in')


def test_account_is_opened_by_the_administrator(run):
    """rows: G1"""
    village = run.village()
    admin = village.as_('admin1')
    body = {'login': 'steward99', 'name': '方阿新', 'post': 'steward', 'unit': '341203105006001'}
    made = admin.post('/accounts', body).good(201)
    admin.post('/accounts', body).refused(409, 'conflict', 'login')
    admin.post('/accounts', {**body, 'login': 'x', 'post': 'king'}).refused(422, 'not_a_choice', 'post')
    admin.post('/accounts', {**body, 'login': 'x', 'unit': '1'}).refused(404, 'not_found', 'unit')
    admin.post('/accounts', {**body, 'login': 'x', 'post': 'handler'}).refused(422, 'missing', 'office')
    admin.post(f'/accounts/{made["id"]}/appoint', {'post': 'volunteer', 'unit': '341203105006'}).good()
    admin.post(f'/accounts/{made["id"]}/relieve', {'post': 'volunteer', 'unit': '341203105006'}).good()
    village.site.cli('user', 'password', '--login', 'steward99', '--password', 'a-first-password')
    newcomer = stranger(village)
    eventually(lambda: [p['post'] for p in newcomer.sign_in('steward99', 'a-first-password').good()['posts']], ['steward'], 'posts', 1)


def test_tracking_codes(run):
    """rows: R5"""
    village = run.village()
    codes = [village.anyone().post('/cases', {'text': '看看单号', 'unit': '341203105006'}).good(201)['track'] for _ in range(20)]
    letters = set(''.join(codes)) - {'-'}
    true(not letters & set('01IO'), f'letters that are mistaken for one another: {letters}')
    same({len(c.replace('-', '')) for c in codes}, {13}, 'letters in a code')  # 13 × 5 bits = 65
    same(len({c[:4] for c in codes}) > 10, True, 'codes begin alike')
    for spelling in (codes[0].lower(), codes[0].replace('-', ''), f'  {codes[0]} '):
        village.anyone(track=spelling).get('/track').good()
    wrong = codes[0][:-1] + ('A' if codes[0][-1] != 'A' else 'B')
    village.anyone(track=wrong).get('/track').refused(404, 'not_found', 'code')
    same(village.site.sql("select count(*) from cases where track is not null and length(track) <> 32"), '0', 'codes kept as anything but a hash')
