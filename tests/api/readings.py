"""Who reads what is known of children and illness (L5), and that each reading is written down before the answer leaves."""
from concurrent.futures import ThreadPoolExecutor

from care import enrol
from client import Client, same
from village import GROUP, HOST, Village

EVERYONE = ['child_director1', 'elder_child1', 'officer1', 'chair1', 'secretary1', 'steward1', 'head1', 'elder1', 'volunteer1', 'mediator1', 'supervisor1',
            'center', 'leader1', 'natres', 'admin1', 'auditor1', 'officer-b', 'steward-b']


def lines(village):
    """The access log, oldest first: (login, subject, id)."""
    items = village.as_('auditor1').get('/access?limit=200').good()['items']
    return [(line['login'], line['subject'], line['subject_id']) for line in reversed(items)]


def added(village, before):
    return lines(village)[len(before):]


def test_who_reads_children_and_illness(run):
    """rows: L5 L9. For every post and each class: who reads the page, who sees that it is there, who nothing; and each page that left stands in the log."""
    village = Village(run.template.copy('readers_at_once').serve())
    child, _, _ = village.report('difficulty', by=village.as_('child_director1'), category='L0801', persons=[{'role': 'subject', 'name': '方小宝'}])
    ill, _, _ = village.report('difficulty', by=village.as_('officer1'), category='L0101', persons=[{'role': 'subject', 'name': '方病人'}])
    reads = {child: {'child_director1', 'officer1', 'chair1'},
             ill: {'child_director1', 'elder_child1', 'officer1', 'chair1', 'secretary1', 'steward1'}}
    cards = {child: set(), ill: {'supervisor1', 'leader1'}}
    for case, may in reads.items():
        for login in EVERYONE:
            before = lines(village)
            answer = village.as_(login).get(f'/cases/{case}')
            words = answer.status == 200 and 'text' in answer.json
            same((answer.status == 200, words), (login in may | cards[case], login in may), f'{login} on {case}')
            same([line[:2] for line in added(village, before)], [(login, 'case')] if login in may else [], f'what is written of {login}')
    plain, _, _ = village.report('request', by=village.as_('officer1'))
    before = lines(village)
    village.as_('officer1').get(f'/cases/{plain}').good()
    same(added(village, before), [], 'other matters are not logged')


def test_each_way_of_reading_is_written_down(run):
    """rows: L5. Page, timeline, print, register page with whom stands beside; a list shows no word of them."""
    village = Village(run.template.copy('ways').serve())
    child, _, _ = village.report('difficulty', by=village.as_('child_director1'), category='L0801', persons=[{'role': 'subject', 'name': '方小宝'}])
    row = enrol(village, by='child_director1', key_group='EK', name='方小贝', visitor=village.account('child_director1'), wishes='放学后来')
    for path, subject in ((f'/cases/{child}', 'case'), (f'/cases/{child}/timeline', 'case'), (f'/cases/{child}/paper', 'case'), (f'/registers/care/{row["id"]}', 'care')):
        before = lines(village)
        same(village.as_('child_director1').get(path).status, 200, path)
        same([line[:2] for line in added(village, before)], [('child_director1', subject)], path)
    before = lines(village)
    listed = [r for r in village.as_('child_director1').get(f'/registers/care?unit={HOST}').good()['items'] if r['id'] == row['id']]
    same((listed[0]['facts'], listed[0]['values']), ([], {}), 'a list shows no word')
    same(added(village, before), [])


def test_many_readers_at_once(run):
    """rows: L5. Hundreds of readings share commits; none is lost, and the chain holds."""
    village = Village(run.template.copy('many_readers').serve())
    child, _, _ = village.report('difficulty', by=village.as_('child_director1'), category='L0801', persons=[{'role': 'subject', 'name': '方小宝'}])
    before = len(lines(village))
    token = run.token(village.site, 'child_director1')

    def read(_):
        client = Client(village.server.address, token=token)
        return [client.get(f'/cases/{child}').status for _ in range(10)]

    with ThreadPoolExecutor(8) as pool:
        for statuses in pool.map(read, range(16)):
            same(statuses, [200] * 10)
    same(len(lines(village)) - before, 160)
    village.server.stop()
    village.site.verify()
