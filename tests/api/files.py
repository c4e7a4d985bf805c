"""Photos and voice notes: cleaned of what they say beside the picture, sealed, and read only with the case they hang on."""
import base64
import struct
import zlib

from client import same, true
from village import GROUP

# 8 × 8 pixels, baseline; written by hand once and kept as text.
JPEG = base64.b64decode(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/'
    'wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AS//Z')


def with_exif(jpeg):
    """The same picture, saying where and with what it was taken."""
    make, gps = b'SpyCamera 3000\0', b'GPS 32.9N 115.9E'
    tiff = b'II*\0' + struct.pack('<IH', 8, 1) + struct.pack('<HHII', 0x010f, 2, len(make), 26) + struct.pack('<I', 0) + make + gps
    body = b'Exif\0\0' + tiff
    comment = b'taken by Ouyang'
    return (jpeg[:2] + b'\xff\xe1' + struct.pack('>H', len(body) + 2) + body + b'\xff\xfe' + struct.pack('>H', len(comment) + 2) + comment + jpeg[2:])


def png(width, height, row):
    """A PNG of grey pixels; every row is the same."""
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    squeeze = zlib.compressobj(9)
    pixels = b''.join(squeeze.compress(row) for _ in range(height)) + squeeze.flush()
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 0, 0, 0, 0)) + chunk(b'IDAT', pixels) + chunk(b'IEND', b'')


def upload(client, content, type='image/jpeg'):
    return client.ask('POST', '/files', content, headers={'Content-Type': type})


def different(n):
    """A small picture that no other test has."""
    return png(16, 16, b'\0' + bytes([n * 8 + i & 255 for i in range(16)]))


def test_photo_loses_what_it_knew(run):
    """rows: R1 E1"""
    village = run.village()
    photo = with_exif(JPEG)
    true(b'SpyCamera' in photo, 'the photo says nothing')
    steward = village.as_('steward1')
    made = upload(steward, photo).good(201)
    same((made['type'], made['width'], made['height']), ('image/jpeg', 8, 8), 'what was made of it')
    case, _, _ = village.report('environment', by=steward, files=[made['hash']])
    url = village.case(case)['files'][0]['url']
    reply = village.as_('officer1').get(url)
    same((reply.status, reply.headers['Content-Type'], reply.headers['X-Content-Type-Options']), (200, 'image/jpeg', 'nosniff'), 'reading it')
    true(reply.body[:3] == b'\xff\xd8\xff', 'no JPEG')
    for word in (b'SpyCamera', b'GPS', b'Exif', b'Ouyang'):
        true(word not in reply.body, f'{word} is still in it')
    # Whoever does not see the case does not see its photo, nor without signing in.
    for login in ('steward2', 'officer-b', 'volunteer1', 'leader1', 'auditor1'):
        village.as_(login).get(url).refused(404, 'not_found')
    village.anyone().get(url).refused(401, 'sign_in')
    other, _, _ = village.report('request')
    village.as_('officer1').get(f'/cases/{other}/files/{made["hash"]}').refused(404, 'not_found')


def test_resident_reads_only_open_ones(run):
    """rows: R4 R5"""
    village = run.village()
    own, inner, outer = (upload(who, different(n), 'image/png').good(201)['hash']
                         for n, who in enumerate((village.anyone(), village.as_('officer1'), village.as_('officer1'))))
    case, track, said = village.report('request', files=[own])
    village.act(case, 'officer1', 'accept')
    village.act(case, 'officer1', 'progress', text='内部照片', files=[inner])
    village.act(case, 'officer1', 'reply', text='修好的样子', files=[outer])
    resident = village.resident(track)
    same({f['hash'] for f in resident.get('/track').good()['files']}, {own, outer}, 'files that the resident is told of')
    for name, status in ((own, 200), (outer, 200), (inner, 404)):
        same(resident.get(f'/track/files/{name}').status, status, 'reading it with the tracking code')
    _, other_track, _ = village.report('request')
    village.resident(other_track).get(f'/track/files/{own}').refused(404, 'not_found')
    village.anyone().get(f'/track/files/{own}').refused(401, 'sign_in')


def test_only_who_brought_it_attaches_it(run):
    """rows: L5"""
    village = run.village()
    mine = upload(village.as_('steward1'), different(5), 'image/png').good(201)['hash']
    for who in (village.as_('steward2'), village.as_('officer1'), village.anyone()):
        unit = GROUP if who is not village.as_('steward2') else '341203105006002'
        who.post('/cases', {'text': '借用别人的照片', 'unit': unit, 'files': [mine]}).refused(404, 'not_found', 'files.0')
    # The same picture brought by another is theirs too.
    same(upload(village.as_('officer1'), different(5), 'image/png').good(201)['hash'], mine, 'name of the same content')
    village.report('request', by=village.as_('officer1'), files=[mine])


def test_what_is_no_picture(run):
    """rows: R1"""
    village = run.village()
    who = village.anyone()
    upload(who, b'just text, whatever it says it is').refused(415, 'media_type')
    upload(who, b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 'image/svg+xml').refused(415, 'media_type')
    upload(who, b'%PDF-1.7 and so on and on').refused(415, 'media_type')
    upload(who, b'').refused(422, 'missing')
    upload(who, JPEG[:len(JPEG) // 2]).refused(422, 'bad_image')
    upload(who, JPEG[:20] + b'\0' * 200).refused(422, 'bad_image')
    upload(who, b'\x89PNG\r\n\x1a\n' + bytes(100)).refused(422, 'bad_image')
    upload(who, different(7)[:60]).refused(422, 'bad_image')


def test_bombs(run):
    """rows: R1"""
    village = run.village()
    flat = png(30000, 30000, bytes(30001))
    true(len(flat) < 2000000, f'the bomb has {len(flat)} bytes')
    upload(village.anyone(), flat, 'image/png').refused(422, 'bad_image')
    liar = bytearray(different(8))
    liar[16:24] = struct.pack('>II', 2 ** 31 - 1, 2 ** 31 - 1)
    liar[29:33] = struct.pack('>I', zlib.crc32(bytes(liar[12:29])))
    upload(village.anyone(), bytes(liar), 'image/png').refused(422, 'bad_image')
    village.anyone().get('/readyz').good()


def test_voice_note(run):
    """rows: G20 D3"""
    village = run.village()
    note = b'OggS\0\2' + bytes(22) + b'OpusHead\1\1' + bytes(300)
    made = upload(village.as_('steward1'), note, 'audio/ogg').good(201)
    same(made['type'], 'audio/ogg', 'type')
    body = {'kind': 'request', 'unit': GROUP, 'outcome': 'ANSWERED', 'files': [made['hash']]}
    case = village.as_('steward1').post('/cases/settle_on_spot', body).good(201)['id']
    reply = village.as_('officer1').get(village.case(case)['files'][0]['url'])
    same((reply.body, reply.headers['Content-Type']), (note, 'audio/ogg'), 'what comes back')
    same(village.site.verify()['faults'], 0, 'faults')
