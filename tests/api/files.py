"""Photos and voice notes: cleaned of what they say beside the picture, sealed, and read only with the case they hang on."""
import base64
import struct
import time
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


def pdf(objects, trailer=b''):
    """A PDF of these objects; the first is its catalogue."""
    out, places = b'%PDF-1.4\n', []
    for i, body in enumerate(objects, 1):
        places.append(len(out))
        out += b'%d 0 obj\n' % i + body + b'\nendobj\n'
    table = b''.join(b'%010d 00000 n \n' % at for at in places)
    return (out + b'xref\n0 %d\n0000000000 65535 f \n' % (len(objects) + 1) + table +
            b'trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n' % (len(objects) + 1, trailer, len(out)))


def stream(words, data):
    return b'<< %s /Length %d >>\nstream\n' % (words, len(data)) + data + b'\nendstream'


def scanned(pages, box=(595, 842), drawn=b'', seed=0):
    """What an office's scanner makes: a grey picture on each page, every page a different one."""
    out = [b'<< /Type /Catalog /Pages 2 0 R >>',
           b'<< /Type /Pages /Count %d /Kids [%s] >>' % (pages, b' '.join(b'%d 0 R' % (4 + 3 * i) for i in range(pages))),
           b'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>']
    for i in range(pages):
        grey = zlib.compress(b''.join(bytes((x + 3 * y + 20 * i + seed) & 255 for x in range(60)) for y in range(85)))
        out += [b'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R' % (*box, 5 + 3 * i) +
                b' /Resources << /XObject << /I %d 0 R >> /Font << /F 3 0 R >> >> >>' % (6 + 3 * i),
                stream(b'', b'q %d 0 0 %d 0 0 cm /I Do Q ' % box + drawn),
                stream(b'/Type /XObject /Subtype /Image /Width 60 /Height 85 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode', grey)]
    return pdf(out)


# The standard security handler with a password that nobody here knows: its checks can't come out right.
LOCK = b'/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]' % (b'ab' * 32, b'cd' * 32)


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
    upload(who, scanned(1), 'application/pdf').refused(415, 'media_type')
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


def test_scan_as_pdf(run):
    """rows: D5"""
    village = run.village()
    mediator = village.as_('mediator1')
    made = upload(mediator, scanned(3), 'application/pdf').good(201)
    same((made['type'], made['width'], made['height']), ('image/jpeg', 1447, 2048), 'A4 at 175 dots an inch')
    hashes = [p['hash'] for p in made['pages']]
    same((len(set(hashes)), hashes[0]), (3, made['hash']), 'a file for each page, the first is the one')
    true('pages' not in upload(mediator, JPEG).good(201), 'a photo keeps its answer')
    # They hang in order, and what is read back is a picture.
    case, _, _ = village.report('dispute', by=mediator, files=hashes)
    files = village.case(case)['files']
    same([f['url'].rsplit('/', 1)[1] for f in files], hashes, 'pages of the case')
    same([mediator.get(f['url']).body[:3] for f in files], [b'\xff\xd8\xff'] * 3, 'reading them')
    # A small card is not blown up; hidden text of a scanner that recognises letters is no obstacle.
    card = upload(mediator, scanned(1, box=(243, 153)), 'application/pdf').good(201)
    same((card['width'], card['height']), (1013, 638), 'a card at 300 dots')
    upload(mediator, scanned(1, drawn=b'BT /F 12 Tf 3 Tr 50 700 Td (recognised) Tj ET'), 'application/pdf').good(201)
    same(len(upload(mediator, scanned(30, seed=7), 'application/pdf').good(201)['pages']), 30, 'as many as may be')


def test_hostile_pdf(run):
    """rows: D5"""
    village = run.village()
    who = village.as_('officer1')

    def refused(content, code='bad_pdf'):
        return upload(who, content, 'application/pdf').refused(422, code, 'file')

    whole = scanned(3)
    refused(whole[:len(whole) // 2])
    refused(whole[:-6])  # all that is missing is its last line: enough to know that it ended early
    refused(b'%PDF-1.7 and so on and on %%EOF')
    refused(pdf([b'<< /Type /Catalog /Pages 2 0 R >>', b'<< /Type /Pages /Count 0 /Kids [] >>']))
    refused(pdf([b'<< /Type /Catalog /Pages 2 0 R >>', b'<< /Type /Pages /Count 1 /Kids [2 0 R] >>']))  # a tree that bites its tail
    refused(scanned(1, box=(10 ** 9, 10 ** 9)))
    refused(scanned(1).replace(b'/Root', LOCK + b' /Root'), 'pdf_locked')
    same(refused(scanned(200), 'pdf_pages')['detail'], '30', 'how many may be')
    # Words in a font that is not inside would come out as an empty page.
    text = [b'<< /Type /Catalog /Pages 2 0 R >>', b'<< /Type /Pages /Count 1 /Kids [4 0 R] >>', b'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
            b'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F 3 0 R >> >> >>',
            stream(b'', b'BT /F 24 Tf 100 700 Td (an agreement) Tj ET')]
    refused(pdf(text), 'pdf_fonts')
    # A picture that unpacks to more than the child may hold.
    squeeze = zlib.compressobj(9)
    flat = b''.join(squeeze.compress(bytes(1 << 20)) for _ in range(1800)) + squeeze.flush()
    bomb = [b'<< /Type /Catalog /Pages 2 0 R >>', b'<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
            b'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>',
            stream(b'', b'q 595 0 0 842 0 0 cm /I Do Q'),
            stream(b'/Type /XObject /Subtype /Image /Width 43000 /Height 43000 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode', flat)]
    started = time.monotonic()
    reply = upload(who, pdf(bomb), 'application/pdf')
    true(reply.status in (201, 422) and time.monotonic() - started < 45, f'the bomb: {reply.status} {reply.text[:200]}')
    village.anyone().get('/readyz').good()
    # Nothing of what was refused stays.
    same(village.site.verify()['faults'], 0, 'faults')
