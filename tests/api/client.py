"""Speaks to a server as its users do: JSON over HTTP, with a cookie, a token or a tracking code."""
import http.client
import json
import socket
import uuid


class Failed(AssertionError):
    """What a test found wrong, said in one line."""


def same(got, wanted, what='value'):
    if got != wanted:
        raise Failed(f'{what}: {got!r}, wanted {wanted!r}')


def true(fact, what):
    if not fact:
        raise Failed(what)


class Reply:
    def __init__(self, said, status, headers, body):
        self.said, self.status, self.headers, self.body = said, status, headers, body

    @property
    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            raise Failed(f'{self.said}: {self.status}, not JSON: {self.body[:120]!r}') from None

    @property
    def text(self):
        return self.body.decode('utf-8')

    @property
    def code(self):
        """The problem's code, or None."""
        if not self.headers.get('Content-Type', '').startswith('application/problem+json'):
            return None
        return self.json.get('code')

    def good(self, status=None):
        """The JSON of a reply that went well."""
        if self.status != status if status else not 200 <= self.status < 300:
            raise Failed(f'{self.said}: {self.status} {self.body[:300].decode("utf-8", "replace")}')
        return self.json if self.body and 'json' in self.headers.get('Content-Type', '') else None

    def refused(self, status, code, field=None):
        """A problem with this status and code and, if named, this field."""
        if self.status != status or self.code != code:
            raise Failed(f'{self.said}: {self.status} {self.body[:200].decode("utf-8", "replace")}, wanted {status} {code}')
        problem = self.json
        same(problem.get('status'), status, f'{self.said}: status in the problem')
        true(problem.get('title'), f'{self.said}: the problem has no title')
        if field is not None:
            same(problem.get('field'), field, f'{self.said}: field of {code}')
        return problem


class Client:
    """One user. `address` is (host, port). Keeps its connection and its session cookie."""

    def __init__(self, address, token=None, track=None, headers=None, timeout=20):
        self.address, self.timeout = address, timeout
        self.headers = dict(headers or {})
        self.cookie = None
        self.connection = None
        if token:
            self.headers['Authorization'] = f'Bearer {token}'
        if track:
            self.headers['Authorization'] = f'Track {track}'

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def _send(self, method, path, body, headers):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(*self.address, timeout=self.timeout)
            self.connection.connect()
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        return answer, answer.read()

    def ask(self, method, path, body=None, headers=None, again=True):
        """`body` is bytes, or anything JSON. `again`: try once more on a connection that the server had closed."""
        sent = {**self.headers, **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
            sent.setdefault('Content-Type', 'application/json')
        if self.cookie:
            sent['Cookie'] = self.cookie
        if not path.startswith(('/api/', '/plain/', '/v/', '/healthz', '/readyz', '/metrics', '/m', '/desk')) and path != '/':
            path = '/api/v1' + path
        try:
            answer, content = self._send(method, path, body, sent)
        except (http.client.HTTPException, ConnectionError):
            self.close()
            if not again:
                raise
            answer, content = self._send(method, path, body, sent)
        if answer.will_close:
            self.close()
        set_cookie = answer.headers.get('Set-Cookie')
        if set_cookie:
            pair = set_cookie.split(';')[0]
            self.cookie = None if pair.endswith('=') else pair
        return Reply(f'{method} {path}', answer.status, answer.headers, content)

    def get(self, path, **more):
        return self.ask('GET', path, **more)

    def post(self, path, body=None, key=None, rev=None, headers=None):
        sent = dict(headers or {})
        if key:
            sent['Idempotency-Key'] = key
        if rev is not None:
            sent['If-Match'] = str(rev)
        return self.ask('POST', path, {} if body is None else body, headers=sent)

    def put(self, path, body):
        return self.ask('PUT', path, body)

    def delete(self, path):
        return self.ask('DELETE', path)

    def do(self, case, verb, rev=None, key=None, **fields):
        """A verb on a case, by its id."""
        return self.post(f'/cases/{case}/{verb}', fields, rev=rev, key=key)

    def sign_in(self, login, password, code=None):
        body = {'login': login, 'password': password}
        if code is not None:
            body['code'] = code
        return self.post('/session', body)


def fresh_key():
    """An id as a client makes it (any UUID will do as long as it is new)."""
    return str(uuid.uuid4())
