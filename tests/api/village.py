"""The demo's village as the tests use it: who is who, and the steps that most stories share."""
import time
from urllib.parse import quote as percent

from client import Failed, fresh_key

HOST = '341203105006'            # 吴寨居, the demo's committee
GROUP = HOST + '001'             # 前吴寨, of steward1 and head1
OTHER_GROUP = HOST + '002'       # 后吴寨, of steward2
TOWN = '341203105000'
SIBLING = '341203105002'         # another committee of the town
KINDS = ['dispute', 'request', 'environment', 'difficulty', 'hazard']

# The neighbours that no demo has: accounts of the sibling committee, made by `liuxiao user add`.
NEIGHBOURS = [('officer-b', 'officer'), ('steward-b', 'steward'), ('chair-b', 'chair')]

# What settles each kind well.
OUTCOMES = {'dispute': 'END_NO_DEAL', 'request': 'DONE', 'environment': 'CLEANED', 'difficulty': 'COORDINATED', 'hazard': 'FIXED_RECHECKED'}
SPOT = {
    'dispute': {'outcome': 'SPOT_PEACE', 'persons': [{'role': 'party', 'side': 1, 'name': '方阿大'}, {'role': 'party', 'side': 2, 'name': '方阿二'}]},
    'request': {'outcome': 'ANSWERED'},
    'environment': {'outcome': 'CLEANED', 'category': 'E0101', 'quantity': {'n': 1.5, 'unit': '吨'}},
    'difficulty': {'outcome': 'SPOT', 'persons': [{'role': 'subject', 'name': '方阿婆'}]},
    'hazard': {'outcome': 'FIXED_ON_SITE'},
}


class Village:
    """A served demo with its people. Clients are kept: one per account."""

    def __init__(self, server):
        self.server, self.site = server, server.site
        self.clients = {}

    def anyone(self, **how):
        return self.server.client(**how)

    def as_(self, login):
        if login not in self.clients:
            self.clients[login] = self.server.client(token=self.site.run.token(self.site, login))
        return self.clients[login]

    def resident(self, track):
        return self.server.client(track=track)

    def account(self, login):
        """The id by which others assign work to an account."""
        return self.as_(login).get('/session').good()['account']['id']

    def office(self, code):
        for office in self.as_('officer1').get(f'/offices?unit={HOST}').good()['items']:
            if office['code'] == code:
                return office['id']
        raise Failed(f'no office {code}')

    def report(self, kind='request', by=None, unit=GROUP, key=None, **fields):
        """A new case: (id, tracking code, the reply). Whoever has no account finds the id through the desk."""
        body = {'kind': kind, 'text': '测试：门口的事，请来看看', 'unit': unit, **fields}
        said = (by or self.anyone()).post('/cases', body, key=key or fresh_key()).good(201)
        if 'id' in said:
            return said['id'], said['track'], said
        return self.find(said['number']), said['track'], said

    def find(self, number, by='chair1'):
        for who in (by, 'center'):
            found = self.as_(who).get(f'/cases?q={quote(number)}').good()['items']
            if found:
                return found[0]['id']
        raise Failed(f'{number} is in nobody\'s list')

    def case(self, case, by='chair1'):
        return self.as_(by).get(f'/cases/{case}').good()

    def verbs(self, case, by):
        """{verb: its form} that are open to an account now."""
        return {v['verb']: v['form'] for v in self.as_(by).get(f'/cases/{case}/verbs').good()['verbs']}

    def act(self, case, by, verb, **fields):
        return self.as_(by).do(case, verb, **fields).good()

    def settled(self, kind='request', by='officer1', **fields):
        """A case that an officer took in and settled."""
        case, track, _ = self.report(kind, **fields)
        self.act(case, by, 'accept')
        self.act(case, by, 'settle', outcome=OUTCOMES[kind], result='办好了，已告知本人')
        return case, track


def quote(text):
    """For a query or a path."""
    return percent(text, safe='')


def eventually(ask, wanted, what, seconds=5):
    """`ask()` until it is `wanted`; returns how long that took."""
    began = time.monotonic()
    got = ask()
    while got != wanted and time.monotonic() - began < seconds:
        time.sleep(0.05)
        got = ask()
    if got != wanted:
        raise Failed(f'{what}: {got!r} after {seconds} s, wanted {wanted!r}')
    return time.monotonic() - began
