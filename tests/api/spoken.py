"""Voice in place of words (G20): any text of any form may be spoken; what was said waits, and whoever has time writes it down."""
from care import enrol, visit
from client import fresh_key, same, true
from files import JPEG, upload
from registers import act
from village import GROUP, HOST, Village, eventually, quote


def note(n):
    """A recording that no other test has."""
    return b'OggS\0\2' + bytes(22) + b'OpusHead\1\1' + bytes([n & 255, n >> 8]) * 150


def record(village, who, n):
    return upload(village.as_(who), note(n), 'audio/ogg').good(201)['hash']


def waiting(village, who='officer1', unit=HOST, hash=None):
    items = village.as_(who).get(f'/registers/spoken?unit={unit}&limit=200').good()['items']
    rows = [village.as_(who).get(f'/registers/spoken/{one["id"]}').good() for one in items]
    return [row for row in rows if hash is None or row['files'][0]['hash'] == hash]


def test_a_step_is_spoken_and_written_down(run):
    """rows: G20. The result of a matter is spoken; it holds as its words, is played, and is written down by somebody else."""
    village = run.village()
    case, _, _ = village.report('request', text='路灯不亮')
    village.act(case, 'officer1', 'accept')
    spoken = record(village, 'officer1', 1)
    village.act(case, 'officer1', 'progress', text='电工看过了。〔语音1〕', voices=[spoken])
    mark = f'〔语音 {spoken[:8]}〕'
    step = village.case(case)['timeline'][-1]
    same(step['text'], f'电工看过了。{mark}', 'the step names the recording')
    file = [f for f in village.case(case)['files'] if f['hash'] == spoken]
    same([f['type'] for f in file], ['audio/ogg'], 'it hangs on the case')
    same(village.as_('officer1').get(file[0]['url']).body, note(1), 'and is played')

    (row,) = waiting(village, hash=spoken)
    true(village.case(case)['number'] in row['title'], row['title'])
    same(village.as_('officer1').get(row['files'][0]['url']).body, note(1), 'played from the list')
    act(village, row, 'officer2', 'write_out').refused(422, 'missing', 'text')
    act(village, row, 'officer2', 'write_out', text='灯头坏了，配件后天到').good()
    now = village.case(case)['timeline']
    same([s['text'] for s in now[-2:]], [f'电工看过了。{mark}', '灯头坏了，配件后天到'], 'the journal keeps both')
    true(any(f['label'] == '整理人' for f in now[-1]['facts']), now[-1])
    same(waiting(village, hash=spoken), [], 'nothing waits')
    act(village, row, 'officer1', 'write_out', text='再来一遍').refused(409, 'not_open', 'verb')
    same(village.site.verify()['faults'], 0, 'faults')


def test_the_words_take_the_place_of_the_recording(run):
    """rows: G20 R4. A report and a result that were spoken read like typed ones once they are written down; the resident reads them."""
    village = run.village()
    said, told = record(village, 'steward1', 2), record(village, 'officer1', 3)
    case, _, _ = village.report('request', by=village.as_('steward1'), text='〔语音1〕', voices=[said])
    page = village.case(case)
    true('语音' not in page['title'], page['title'])
    village.act(case, 'officer1', 'accept')
    village.act(case, 'officer1', 'settle', outcome='DONE', result='〔语音1〕', voices=[told])
    for hash, text in ((said, '东头水井边的路塌了一块，老人走路怕摔'), (told, '路面已经垫平压实')):
        (row,) = waiting(village, hash=hash)
        act(village, row, 'steward1', 'write_out', text=text).good()
    page = village.case(case)
    same((page['text'], page['title'], page['result']), ('东头水井边的路塌了一块，老人走路怕摔', '东头水井边的路塌了一块，老人走路怕摔', '路面已经垫平压实'))
    eventually(lambda: page['number'] in village.as_('officer1').get(f'/search?q={quote("水井边")}').text, True, 'found by its words')


def test_a_report_that_is_nothing_but_a_recording(run):
    """rows: G20 D3 R1. From a resident or on the spot: it waits like the others, and the words become the story."""
    village = run.village()
    anyone = village.anyone()
    said = upload(anyone, note(4), 'audio/ogg').good(201)['hash']
    made = anyone.post('/cases', {'kind': 'request', 'unit': GROUP, 'files': [said]}, key=fresh_key()).good(201)
    (row,) = waiting(village, hash=said)
    act(village, row, 'steward1', 'write_out', text='我家门口的沟堵了').good()
    true('我家门口的沟堵了' in village.resident(made['track']).get('/track').text, 'the resident reads what was made of it')
    spot = record(village, 'steward1', 5)
    case = village.as_('steward1').post('/cases/settle_on_spot', {'kind': 'request', 'unit': GROUP, 'outcome': 'ANSWERED', 'files': [spot]}).good(201)['id']
    (row,) = waiting(village, hash=spot)
    act(village, row, 'officer1', 'write_out', text='问医保怎么交，当场说清楚了').good()
    page = village.case(case)
    same((page['text'], page['result']), ('问医保怎么交，当场说清楚了',) * 2)


def test_a_visit_is_spoken(run):
    """rows: G20 L2. One recording in a visit and in the matter it opens waits once, and both get the words."""
    village = run.village()
    one = enrol(village, name='宋独居', key_group='LD')
    spoken = record(village, 'steward1', 6)
    met = visit(village, one, condition='〔语音1〕', fresh='腿疼〔语音1〕', voices=[spoken]).good()
    (row,) = waiting(village, 'steward1', GROUP, spoken)
    act(village, row, 'steward1', 'write_out', text='夜里腿抽筋，想去县医院看看').good()
    page = village.as_('steward1').get(f'/registers/care/{met["id"]}').good()
    texts = {f['label']: f['value'] for f in page['facts']}
    true('腿疼夜里腿抽筋，想去县医院看看' in texts.values(), texts)
    true(not any('语音' in v for v in texts.values()), texts)


def test_who_hears_it(run):
    """rows: G20 G19 L5. What somebody may not read they may not hear, nor see that it waits."""
    village = run.village()
    spoken = record(village, 'officer1', 7)
    case, _, _ = village.report('difficulty', category='L0802', text='困境儿童没人管')
    village.act(case, 'officer1', 'accept')
    village.act(case, 'officer1', 'progress', text='〔语音1〕', voices=[spoken])
    (row,) = waiting(village, hash=spoken)
    url = row['files'][0]['url']
    village.as_('steward-b').get(f'/registers/spoken/{row["id"]}').refused(404, 'not_found')
    village.as_('steward-b').get(url).refused(404, 'not_found')
    village.anyone().get(url).refused(401, 'sign_in')
    # recused from the matter: not in the list, not to be heard, not to be written
    village.act(case, 'chair1', 'recuse', account=village.account('officer2'), reason='当事人要求')
    same(waiting(village, 'officer2', hash=spoken), [], 'not listed for whoever is recused')
    village.as_('officer2').get(url).refused(404, 'not_found')
    act(village, row, 'officer2', 'write_out', text='偷听').refused(404, 'not_found')


def test_wrong_voices(run):
    """rows: G20. Clear errors, and nothing is lost of what was typed."""
    village = run.village()
    case, _, _ = village.report('request', text='垃圾没人拉')
    village.act(case, 'officer1', 'accept')
    mine, theirs = record(village, 'officer1', 8), record(village, 'steward1', 9)
    photo = upload(village.as_('officer1'), JPEG).good(201)['hash']
    do = lambda **fields: village.as_('officer1').do(case, 'progress', **fields)
    true('“录音”' in do(text='看〔语音1〕', voices=['x' * 64]).text, 'the error names the field')
    do(text='看〔语音1〕', voices=['x' * 64]).refused(400, 'malformed', 'voices.0')
    do(text='看〔语音1〕', voices=['short']).refused(400, 'malformed', 'voices.0')
    do(text='看〔语音1〕', voices=[theirs]).refused(404, 'not_found', 'voices.0')
    do(text='看〔语音1〕', voices=[photo]).refused(415, 'media_type', 'voices.0')
    do(text='〔语音3〕', voices=[mine]).good()  # names none that came: it stays as it was typed
    same(village.case(case)['timeline'][-1]['text'], '〔语音3〕')
    # somebody else's mark, copied: words like others, nothing is taken from where it hangs
    do(text=f'转述：〔语音 {theirs[:8]}〕').good()
    same([f['hash'] for f in village.case(case)['files']], [mine])
    # the same command again: the same answer, one recording
    key = fresh_key()
    for _ in range(2):
        village.as_('officer1').post(f'/cases/{case}/progress', {'text': '又一段〔语音1〕', 'voices': [mine]}, key=key).good()
    same(len(waiting(village, hash=mine)), 1, 'waits once')
    (row,) = waiting(village, hash=mine)
    act(village, row, 'officer1', 'leave').refused(422, 'missing', 'reason')
    act(village, row, 'officer1', 'write_out', text='〔语音1〕', voices=[mine]).refused(422, 'not_allowed_here', 'voices')
    act(village, row, 'officer1', 'leave', reason='只是风声').good()
    same(waiting(village, hash=mine), [])


def test_erased_with_the_matter(run):
    """rows: G12 G20. A recording goes with the matter it hangs on."""
    village = Village(run.template.copy('spoken').serve())
    spoken = record(village, 'steward1', 10)
    case, _, _ = village.report('request', by=village.as_('steward1'), text='〔语音1〕', voices=[spoken],
                                persons=[{'role': 'reporter', 'name': '钱说话', 'phone': '13805587777'}])
    (row,) = waiting(village, hash=spoken)
    url = row['files'][0]['url']
    person = village.case(case)['persons'][0]['id']
    village.act(case, 'officer1', 'withdraw', reason='不用了', **{'for': {'name': '钱说话', 'how': '电话'}})
    village.as_('chair1').post(f'/persons/{person}/erase', {'reason': '本人书面申请删除'}).good()
    village.as_('officer1').get(url).refused(410, 'key_destroyed')
    same(village.as_('officer1').get(f'/registers/spoken/{row["id"]}').good()['title'], '已依法删除')
    same(village.site.verify()['faults'], 0, 'faults')
    village.server.stop()
