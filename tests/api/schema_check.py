#!/usr/bin/env python3
"""Replies of a real server against the schemas that /api/v1/openapi.json promises (schema/replies.json).

    schema_check.py --binary build/liuxiao

Every route that answers JSON must have been looked at, and every part of the schemas that a reply may use must have been used:
a schema nobody meets is as wrong as one that does not fit. Ends with `N passed, N failed`.
"""
import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

import subsidies
from client import Failed, fresh_key
from installation import PASSWORD, Site

# Parts that describe what is sent, and what this run cannot bring about.
NOT_MET = {'in_person', 'in_persons', 'in_files', 'in_quantity', 'in_consent'}

# The smallest JPEG that decodes: one grey pixel.
PIXEL = bytes.fromhex(
    'ffd8ffe000104a46494600010100000100010000ffdb004300' + '10' * 64 + 'ffc0000b080001000101011100ffc4001f000001050101010101010000000'
    '0000000000102030405060708090a0bffc400b5100002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1'
    'c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a83'
    '8485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9ea'
    'f1f2f3f4f5f6f7f8f9faffda0008010100003f00fbd3ffd9')

FORMATS = {
    'uuid': re.compile(r'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
    'date': re.compile(r'^\d{4}-\d\d-\d\d$'),
    'date-time': re.compile(r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$'),
}
KNOWN = {'$ref', 'description', 'type', 'properties', 'required', 'additionalProperties', 'unevaluatedProperties', 'allOf', 'anyOf', 'items',
         'minItems', 'maxItems', 'enum', 'const', 'pattern', 'format', 'minimum', 'maximum', 'maxLength'}


def day(n):
    """n days from today, as a date."""
    return (datetime.now(timezone(timedelta(hours=8))) + timedelta(days=n)).strftime('%Y-%m-%d')


class Schemas:
    """The components of an OpenAPI 3.1 description, and JSON Schema 2020-12 as far as they use it."""

    def __init__(self, components):
        self.components = components
        self.met = set()
        for name, schema in components.items():
            self._read(name, schema)

    def _read(self, at, schema):
        """A keyword that is not understood here would be a promise that nobody checks."""
        for key, value in schema.items():
            if key not in KNOWN:
                raise Failed(f'{at}: keyword {key}')
            if key == '$ref' and self.named(value) not in self.components:
                raise Failed(f'{at}: {value} is not there')
            for name, part in self._inner(key, value):
                self._read(f'{at}.{name}', part)

    @staticmethod
    def _inner(key, value):
        if key == 'properties':
            return value.items()
        if key in ('allOf', 'anyOf'):
            return enumerate(value)
        return [(key, value)] if key == 'items' else []

    @staticmethod
    def named(ref):
        return ref.rsplit('/', 1)[1]

    def wrong(self, schema, value, at='reply'):
        """What is wrong with the value, as a list of lines, and which members the schema knew."""
        known, faults = set(), []
        if '$ref' in schema:
            name = self.named(schema['$ref'])
            faults, known = self.wrong(self.components[name], value, at)
            if not faults:
                self.met.add(name)
            return faults, known
        for part in schema.get('allOf', []):
            more, names = self.wrong(part, value, at)
            faults += more
            known |= names
        if 'anyOf' in schema:
            tried = [self.wrong(part, value, at) for part in schema['anyOf']]
            fits = [names for more, names in tried if not more]
            known |= set().union(*fits) if fits else set()
            if not fits:  # the one that came closest says most
                faults += min((more for more, _ in tried), key=len)
        faults += self._wrong_type(schema, value, at) or self._wrong_inside(schema, value, at, known)
        return faults, known

    def _wrong_type(self, schema, value, at):
        types = schema.get('type', [])
        types = [types] if isinstance(types, str) else types
        is_a = {'null': value is None, 'boolean': isinstance(value, bool), 'string': isinstance(value, str), 'object': isinstance(value, dict),
                'array': isinstance(value, list), 'integer': isinstance(value, int) and not isinstance(value, bool),
                'number': isinstance(value, (int, float)) and not isinstance(value, bool)}
        if types and not any(is_a[t] for t in types):
            return [f'{at}: {value!r:.60} is not {" or ".join(types)}']
        if 'enum' in schema and value not in schema['enum']:
            return [f'{at}: {value!r:.60} is none of {schema["enum"]}']
        if 'const' in schema and value != schema['const']:
            return [f'{at}: {value!r:.60} is not {schema["const"]!r}']
        return []

    def _wrong_inside(self, schema, value, at, known):
        if isinstance(value, dict):
            return self._wrong_object(schema, value, at, known)
        if isinstance(value, list):
            right = schema.get('minItems', 0) <= len(value) <= schema.get('maxItems', len(value))
            faults = [] if right else [f'{at}: {len(value)} items']
            for n, item in enumerate(value):
                faults += self.wrong(schema.get('items', {}), item, f'{at}.{n}')[0]
            return faults
        if isinstance(value, str):
            fits = re.search(schema.get('pattern', ''), value) and len(value) <= schema.get('maxLength', len(value)) and (
                'format' not in schema or FORMATS[schema['format']].match(value))
            return [] if fits else [f'{at}: {value!r:.60} does not fit {schema.get("pattern") or schema.get("format")}']
        if isinstance(value, (int, float)) and not schema.get('minimum', value) <= value <= schema.get('maximum', value):
            return [f'{at}: {value} is out of range']
        return []

    def _wrong_object(self, schema, value, at, known):
        faults = [f'{at}.{name} is missing' for name in schema.get('required', []) if name not in value]
        for name, part in schema.get('properties', {}).items():
            if name in value:
                faults += self.wrong(part, value[name], f'{at}.{name}')[0]
        known |= set(schema.get('properties', {}))
        if schema.get('additionalProperties') is False or schema.get('unevaluatedProperties') is False:
            faults += [f'{at}.{name} is not in the schema' for name in value if name not in known]
        return faults


class Api:
    """The description's routes, and what was seen of them."""

    def __init__(self, description):
        self.schemas = Schemas(description['components']['schemas'])
        self.routes = []
        for path, operations in description['paths'].items():
            # A word in the path goes before a parameter: /cases/settle_on_spot before /cases/{verb}.
            shape = re.compile('^' + re.sub(r'\{\w+\}', '[^/]+', path) + '$')
            for method, operation in operations.items():
                self.routes.append((path.count('{'), method.upper(), shape, operation))
        self.routes.sort(key=lambda r: r[0])
        self.seen = set()
        self.passed = self.failed = 0
        self.faults = {}

    def note(self, what, faults):
        if not faults:
            self.passed += 1
            return
        self.failed += 1
        for fault in faults[:6]:
            place = re.sub(r'\.\d+', '.n', fault) if ':' in fault else f'{what} {fault}'
            if place not in self.faults:  # the same fault of a hundred cases is one line
                self.faults[place] = print(f'  {what}: {fault}')

    def check(self, client, method, path, body=None, headers=None, status=None, note=True):
        """Sends it and judges the answer by the description. Returns its JSON."""
        whole = path if path.startswith(('/api/', '/healthz', '/readyz')) else '/api/v1' + path
        operation = next((o for _, m, shape, o in self.routes if m == method and shape.match(whole.split('?')[0])), None)
        if operation is None:
            raise Failed(f'{method} {whole} is not in the description')
        reply = client.ask(method, path, body, headers)
        if status is not None and reply.status != status:
            self.note(f'{method} {path}', [f'{reply.status} {reply.body[:200].decode("utf-8", "replace")}, wanted {status}'])
            return None
        said = operation['responses'].get(str(reply.status), operation['responses']['default'] if reply.status >= 400 else None)
        if said is None:
            self.note(f'{method} {path}', [f'{reply.status} is not in the description'])
            return None
        if not said.get('content'):
            self.note(f'{method} {path}', ['a body, though none is described'] if reply.body else [])
            self.seen.add(operation['operationId'])
            return None
        schema = next(iter(said['content'].values()))['schema']
        faults = self.schemas.wrong(schema, reply.json)[0]
        self.note(f'{method} {path}', faults)
        if reply.status < 400:
            self.seen.add(operation['operationId'])
        return reply.json

    def left(self):
        """Routes that answer JSON and were not looked at; schemas that no reply used."""
        for _, _, _, operation in self.routes:
            good = next(iter(operation['responses'].values()))
            if good.get('content'):
                self.note(operation['operationId'], [] if operation['operationId'] in self.seen else ['no reply of it was looked at'])
        for name in self.schemas.components:
            if not name.startswith('do_') and name not in NOT_MET:
                self.note(name, [] if name in self.schemas.met else ['no reply used this schema'])


class Visit:
    """One walk through the demo as its people."""

    def __init__(self, api, server):
        self.api, self.server = api, server
        self.clients = {}
        self.home = api.check(self.nobody(), 'GET', '/host')['unit']['code']
        self.group = self.home + '001'

    def nobody(self):
        return self.server.client()

    def who(self, login):
        if login not in self.clients:
            client = self.server.client()
            self.api.check(client, 'POST', '/session', {'login': login, 'password': PASSWORD}, status=200)
            self.clients[login] = client
        return self.clients[login]

    def get(self, login, path, status=200):
        return self.api.check(self.who(login), 'GET', path, status=status)

    def post(self, login, path, body=None, status=200, headers=None):
        return self.api.check(self.who(login), 'POST', path, body or {}, {'Idempotency-Key': fresh_key(), **(headers or {})}, status)

    def everybody_can(self):
        nobody = self.nobody()
        for path in ['/pack', '/host', f'/units/{self.home}', f'/units/{self.group}', '/healthz', '/readyz', '/forms',
                     '/forms?verb=settle_on_spot&kind=hazard', '/forms?kind=environment&lang=en']:
            self.api.check(nobody, 'GET', path, status=200)
        self.api.check(nobody, 'GET', '/units/99', status=404)
        self.api.check(nobody, 'GET', '/session', status=401)

    def lists(self):
        for login in ['steward2', 'elder1', 'officer1', 'chair1', 'natres', 'center', 'leader1', 'admin1', 'auditor1', 'mediator1']:
            self.get(login, '/session')
            self.get(login, '/notices')
            rows = self.get(login, '/sync')
            self.get(login, f'/sync?cursor={rows["next"]}')
            for view in ['open', 'new', 'mine', 'overdue', 'office', 'resident', 'revisit', 'closed']:
                self.cases(login, self.get(login, f'/cases?view={view}&limit=200'), 60 if login == 'officer1' else 6)
        for kind in ['dispute', 'request', 'environment', 'difficulty', 'hazard']:
            page = self.get('officer1', f'/figures/cases?unit={self.home}&kind={kind}&from=2024-01-01&to=2024-12-31&limit=200')
            self.cases('officer1', page, 30)
        for path in [f'/figures?unit={self.home}', f'/figures?unit={self.group}', f'/figures?unit={self.home[:9]}000&from=2024-01-01&to=2024-12-31',
                     f'/report?unit={self.home}&year=2024&format=json', f'/offices?unit={self.home}', f'/accounts?unit={self.group}',
                     f'/activities?unit={self.home}&limit=200', f'/activities?unit={self.home}&type=talk&from=2024-01-01&to=2024-07-18&limit=10',
                     f'/places?unit={self.home}', f'/bookings?unit={self.home}&from={day(-7)}&to={day(7)}']:
            self.get('leader1' if '/figures' in path and self.home not in path else 'officer1', path)
        self.get('auditor1', f'/journal?unit={self.home}&limit=200')
        self.get('officer1', f'/offices/rule?unit={self.home}&category=R0502')
        self.get('chair1', f'/calls?unit={self.home}')
        self.get('chair1', f'/oral-agreements?unit={self.home}&from=2024-01-01')
        self.get('chair1', '/proofs?q=' + quote('狗'))
        asked = f'/subsidies?unit={self.home}&title={quote("耕地补贴")}&commit=1'
        self.api.check(self.who('officer1'), 'POST', asked, subsidies.PLAIN.encode(), status=200)
        who = {'unit': self.group, 'name': '王大有', 'id_tail': subsidies.WANG[-6:]}
        self.api.check(self.nobody(), 'POST', '/subsidies/own', {**who, 'proof': subsidies.CARD[-4:]}, status=200)
        self.post('officer1', '/subsidies/for', {**who, 'purpose': '本人来问'})
        row = self.post('officer1', '/registers/rounds', {'unit': self.home, 'wording': '打药', 'what': '报亩数', 'until': '2099-01-01'}, 201)
        self.api.check(self.nobody(), 'GET', f'/rounds?unit={self.group}', status=200)
        self.api.check(self.nobody(), 'POST', f'/rounds/{row["id"]}/join', {'unit': self.group, 'name': '王二', 'phone': '13900001111', 'how_many': 3}, status=201)
        self.get('officer1', f'/registers/round_entries?unit={self.home}')
        self.post('officer1', '/cases', {'unit': self.group, 'kind': 'request', 'category': 'R0101', 'text': '打药'}, 201)
        self.api.check(self.nobody(), 'GET', f'/joinable?unit={self.group}', status=200)
        self.get('officer1', '/registers')
        answer = self.post('officer1', '/registers/answers', {'unit': self.home, 'wording': '社保卡丢了怎么办', 'ready_answer': '打12333挂失。'}, 201)
        self.post('chair1', f'/registers/answers/{answer["id"]}/check', {'valid_until': '2099-12-31'})
        self.get('officer1', f'/registers/answers/{answer["id"]}')
        time.sleep(1.5)
        self.api.check(self.nobody(), 'POST', '/answers/suggest', {'unit': self.home, 'q': '社保卡丢了'}, status=200)
        self.get('officer1', f'/registers/answers?unit={self.home}')
        self.get('officer1', f'/registers/care/counts?unit={self.home}')
        self.get('officer1', f'/publications?unit={self.home}')
        for register in ('care', 'funds', 'offers', 'errands', 'applications', 'publications'):
            for row in self.get('officer1', f'/registers/{register}?unit={self.home}&state=all&limit=3')['items']:
                self.get('officer1', f'/registers/{register}/{row["id"]}')
        place = self.get('officer1', f'/places?unit={self.home}')
        for one in (place or {'items': []})['items'][:1]:
            self.get('officer1', f'/places/{one["id"]}/sign')
        self.get('officer1', '/cases?view=nonsense', status=422)

    def cases(self, login, page, most):
        if page is None:
            return
        for card in page['items'][:: max(1, len(page['items']) // most)]:
            case = self.get(login, f'/cases/{card["id"]}')
            if case and 'text' in case:
                self.get(login, f'/cases/{card["id"]}/timeline')
                self.get(login, f'/cases/{card["id"]}/verbs')

    def resident(self):
        nobody = self.nobody()
        picture = self.api.check(nobody, 'POST', '/files', PIXEL, {'Content-Type': 'image/jpeg'}, 201)
        key = {'Idempotency-Key': fresh_key()}
        made = self.api.check(nobody, 'POST', '/cases', {
            'text': '路灯不亮，晚上接孩子看不见', 'unit': self.group, 'contact_phone': '13800001111', 'files': [picture['hash']] if picture else [],
            'persons': [{'role': 'reporter', 'name': '王大爷', 'phone': '13800001111'}]}, key, 201)
        tracking = self.server.client(track=made['track'])
        self.api.check(tracking, 'GET', '/track', status=200)
        self.api.check(tracking, 'POST', '/track/add', {'text': '是村口第二盏'}, status=200)
        self.api.check(tracking, 'POST', '/track/urge', {}, status=200)
        self.api.check(tracking, 'POST', '/track/judge', {'resolved': 'yes', 'satisfied': 'yes'}, status=409)
        return next(c['id'] for c in self.get('officer1', f'/cases?q={quote(made["number"])}')['items']), tracking

    def work(self):
        """One case through the office and back, one settled on the spot, two reported for others."""
        case, tracking = self.resident()
        at = f'/cases/{case}'
        self.post('officer1', f'{at}/correct', {'reason': '补登记', 'kind': 'request', 'category': 'R0501', 'quantity': {'n': 1, 'unit': '盏'}})
        page = self.post('officer1', f'{at}/accept')
        stale = self.post('officer1', f'{at}/progress', {'text': '去看过了'}, 409, {'If-Match': str(page['rev'] - 1)})
        self.api.note('409 stale', [] if stale.get('current', {}).get('rev') == page['rev'] else ['the case as it is now is not with it'])
        office = next(o for o in self.get('officer1', f'/offices?unit={self.home}')['items'] if o['code'] == 'power')
        self.post('officer1', f'{at}/refer', {'office': office['id'], 'mode': 'refer', 'text': '请修', 'consent': {'given': True, 'how': '电话'}})
        self.post('power', f'{at}/accept')
        self.post('power', f'{at}/send_back', {'reason': '不是我们的灯'})
        self.post('officer1', f'{at}/reply', {'text': '联系了村里的电工', 'told_how': '电话'})
        outcome = next(k for k in self.get('officer1', '/pack')['kinds'] if k['kind'] == 'request')['outcomes'][0]['code']
        self.post('officer1', f'{at}/settle', {'outcome': outcome, 'result': '换了灯泡', 'told_how': '电话'})
        self.api.check(tracking, 'POST', '/track/judge', {'resolved': 'yes', 'satisfied': 'ok', 'text': '亮了'}, status=200)
        self.get('officer1', at)
        self.get('officer1', at + '/answers')
        person = self.get('officer1', at)['persons'][0]['id']
        self.post('officer1', f'/persons/{person}/reveal', {'purpose': '回电话'})
        self.get('officer1', f'/persons/{person}/export?purpose=x&format=json')
        self.get('officer1', '/persons?q=13800001111')
        other = self.get('officer1', '/stand-ins')['with'][0]['id']
        mine = self.get('officer1', '/session')['account']['id']
        self.post('officer1', f'/accounts/{mine}/away', {'with': other, 'to': time.strftime('%Y-%m-%d', time.gmtime(time.time() + 86400 * 3))})
        for who in ('officer1', 'chair1'):
            self.get(who, '/stand-ins')
            self.get(who, '/session')
        self.post('chair1', f'/accounts/{mine}/back')
        for what in ('roots', 'coverage', 'season', 'phrases'):
            self.get('officer1', f'/{what}?unit={self.group}')
        self.post('officer1', '/persons/alike', {'unit': self.group, 'name': '王大爷', 'phone': '13800001111'})
        twin = self.post('officer1', '/persons', {'unit': self.group, 'name': '王大爷', 'even_so': True}, 201)['id']
        self.get('officer1', f'/persons/{person}')
        self.post('officer1', f'/persons/{twin}/died', {'died_on': '2026-01-02'})
        self.post('officer1', f'/persons/{twin}/merge', {'same_as': person})
        self.get('officer1', f'/persons/{person}')
        self.get('officer1', f'/persons/{twin}')
        self.get('auditor1', '/access')
        for words in ('水沟', '吴寨', 'wds', '宣讲'):
            self.get('officer1', f'/search?q={quote(words)}&limit=100')
        for text in ('门口路灯不亮', '塘边有垃圾', '两家为晒粮争地方'):
            self.post('officer1', '/suggest', {'text': text, 'unit': self.group, 'persons': [{'role': 'reporter', 'name': '吴一'}]})
        sides = [{'role': 'party', 'side': 1, 'name': '吴一'}, {'role': 'party', 'side': 2, 'name': '李二'}]
        self.post('steward1', '/cases/settle_on_spot', {'kind': 'dispute', 'category': 'D0101', 'unit': self.group, 'outcome': 'SPOT_PEACE',
                                                        'text': '两家为晒粮争地方', 'result': '各让一步', 'persons': sides}, 201)
        order = self.post('officer1', '/cases', {'kind': 'environment', 'category': 'E0101', 'unit': self.group, 'text': '塘边有垃圾', 'channel': 'H12345',
                                                 'external': {'number': '12345-7', 'due': '2030-01-01T18:00:00+08:00'}}, 201)
        other = self.post('officer1', '/cases', {'kind': 'environment', 'category': 'E0101', 'unit': self.group, 'text': '还是那堆垃圾'}, 201)
        self.post('officer1', f'/cases/{other["id"]}/merge', {'into': order['id']})
        self.get('officer1', f'/cases/{order["id"]}')

    def out_of_sight(self):
        """Reported past one's own village: then one sees it as residents do. Recused: then not at all."""
        made = self.post('steward1', '/cases', {'text': '反映红管家的事', 'unit': self.group, 'bypass_village': True}, 201)
        cursor = self.get('steward1', '/sync')['next']
        found = self.get('center', f'/cases?q={quote(made["number"])}')['items'][0]
        self.post('center', f'/cases/{found["id"]}/accept')
        own = self.post('steward1', '/cases', {'kind': 'dispute', 'category': 'D0101', 'unit': self.group, 'text': '我家和邻居'}, 201)
        self.post('steward1', f'/cases/{own["id"]}/take')
        self.post('steward1', f'/cases/{own["id"]}/recuse', {'reason': '是我自己家的事'})
        self.get('steward1', f'/sync?cursor={cursor}')
        self.post('leader1', '/cases', {'kind': 'request', 'category': 'R0501', 'unit': self.group, 'text': '路上听到的'}, 201)

    def disputes(self):
        """The same two over the same plot, twice: the second shows the first."""
        persons = [{'role': 'party', 'side': n, 'name': name, 'phone': f'1390000333{n}'} for n, name in ((1, '赵有地'), (2, '赵有水'))]
        for _ in range(2):
            made = self.post('officer1', '/cases', {'kind': 'dispute', 'unit': self.group, 'text': '为一条沟', 'plot': '村东大沟', 'persons': persons}, 201)
        self.get('officer1', f'/cases/{made["id"]}')

    def registers(self):
        self.post('officer1', '/persons', {'unit': self.group, 'name': '赵有田', 'phone': '13900002222'}, 201)
        self.post('officer1', '/households', {'unit': self.group, 'address': '前吴寨 12 号'}, 201)
        place = self.post('officer1', '/places', {'unit': self.group, 'kind': 'pond', 'name': '村东大塘'}, 201)
        self.get('officer1', f'/places?unit={self.home}')
        self.post('officer1', f'/places/{place["id"]}/correct', {'name': '东大塘'})
        person = self.get('officer1', f'/persons?q={quote("赵有田")}')['items'][0]['id']
        self.post('officer1', f'/persons/{person}/correct', {'phone': '13900003333'})
        then = datetime.now(timezone.utc)
        before, ahead = ((then + timedelta(hours=h)).isoformat(timespec='seconds') for h in (-2, 48))
        held = self.post('steward1', '/activities', {'type': 'talk', 'form': 'BENCH', 'unit': self.group, 'at': before, 'count': 12, 'title': '秸秆禁烧'}, 201)
        planned = self.post('steward1', '/activities', {'type': 'cleanup', 'unit': self.group, 'at': ahead, 'title': '清塘'}, 201)
        self.post('steward1', f'/activities/{planned["id"]}/cancel', {'reason': '下雨'})
        self.post('steward1', f'/activities/{held["id"]}/correct', {'reason': '数错了', 'count': 13})
        made = self.post('admin1', '/accounts', {'login': 'newcomer', 'name': '新来的', 'post': 'volunteer', 'unit': self.group}, 201)
        if made:
            self.post('admin1', f'/accounts/{made["id"]}/close', {'reason': '试一试'})

    def ledgers(self):
        """From the file to the undoing."""
        table = '编号,时间,村居,内容\nS-1,2024-05-06 08:00,%s,路灯不亮\nS-2,何时,%s,水沟堵了\n' % (self.group, self.group)
        client = self.who('officer1')
        made = self.api.check(client, 'POST', '/ledgers?name=t.csv', table.encode(), {'Content-Type': 'text/csv'}, status=201)
        at = f'/ledgers/{made["id"]}'
        fields = {'external.number': {'column': '编号'}, 'happened_at': {'column': '时间'}, 'unit': {'column': '村居'}, 'text': {'column': '内容'}}

        def wait(state):
            for _ in range(100):
                page = self.get('officer1', at)
                if page['state'] == state:
                    return
                time.sleep(0.1)
            self.api.note(at, [f'never {state}'])
        self.get('officer1', f'{at}/values?column={quote("村居")}')
        self.post('officer1', f'{at}/check', {'mapping': {'name': 't', 'fields': fields}})
        wait('checked')
        self.post('officer1', f'{at}/start', {'all_or_nothing': False})
        wait('done')
        self.get('officer1', f'{at}/cases')
        self.get('officer1', '/ledgers')
        self.post('officer1', f'{at}/undo')
        wait('undone')

    def own_account(self):
        me = self.who('elder2')
        self.post('elder2', '/session/totp')
        self.post('elder2', '/tokens', {'label': '台账'}, 201)
        token = self.get('elder2', '/tokens')['items'][0]['id']
        self.api.check(me, 'DELETE', f'/tokens/{token}', status=204)
        self.post('elder2', '/notices/seen', status=204)
        self.api.check(me, 'PUT', '/session/totp', {'code': '000000'}, status=422)
        self.api.check(me, 'DELETE', '/session', status=204)

    def queue(self):
        first, second = fresh_key(), fresh_key()
        fields = {'kind': 'hazard', 'category': 'H0101', 'unit': self.group, 'text': '井盖松了'}
        commands = [{'id': first, 'verb': 'report', 'fields': fields}, {'id': second, 'verb': 'take', 'after': first, 'fields': {}},
                    {'id': fresh_key(), 'verb': 'nonsense', 'after': first, 'fields': {}}]
        answers = self.post('steward1', '/batch', {'commands': commands})['answers']
        self.api.note('POST /batch', [] if [a['status'] for a in answers] == [200, 200, 404] else [f'answers {answers}'])


def visit(api, server):
    walk = Visit(api, server)
    for step in [walk.everybody_can, walk.lists, walk.work, walk.out_of_sight, walk.registers, walk.disputes, walk.queue, walk.ledgers, walk.own_account, walk.lists]:
        try:
            step()
        except Exception as broken:  # the steps after it still say something
            api.note(step.__name__, [f'{type(broken).__name__}: {broken}'])
    api.left()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--binary', required=True)
    options = parser.parse_args()

    class Run:
        binary, folder, servers, postgres = os.path.abspath(options.binary), tempfile.mkdtemp(prefix='liuxiao-schema-'), [], None

    try:
        site = Site(Run, 'demo')
        site.cli('demo', wait=300)
        server = site.serve()
        api = Api(server.client().get('/openapi.json').good())
        visit(api, server)
        server.stop()
    finally:
        for left in Run.servers:
            if left.alive():
                left.kill()
        shutil.rmtree(Run.folder, ignore_errors=True)
    print(f'{api.passed} passed, {api.failed} failed')
    return api.failed != 0


if __name__ == '__main__':
    sys.exit(main())
