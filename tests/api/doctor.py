"""Doctor: what is well here, what is not, and what to do, in the reader's language (G22)."""
import json
import os
import re
import shutil

from client import same, true
from installation import Site

NOT_DONE = 1


def ask(site, *more, ok=None):
    """(exit code, shape, {check: (state, text)})"""
    done = site.cli('doctor', '--json', *more, ok=False)
    said = json.loads(done.stdout)
    checks = {c['check']: (c['state'], c['text']) for c in said['checks']}
    same(len(checks), len(said['checks']), 'a check twice')
    same((said['wrong'], said['look']), tuple(sum(s == x for s, _ in checks.values()) for x in ('wrong', 'look')), 'sums')
    same(done.returncode, NOT_DONE if said['wrong'] else 0, 'exit code')
    true(all(text and not text.startswith('doctor.') and '{' not in text for _, text in checks.values()), f'sentences: {checks}')
    return done.returncode, said['shape'], checks


def state(site, check, *more):
    checks = ask(site, *more)[2]
    true(check in checks, f'{check} is not looked at: {sorted(checks)}')
    return checks[check][0]


def patient(run, name):
    """A demo with a backup: nothing is wrong with it."""
    site = run.template.copy('doctor-' + name)
    site.cli('backup', '--to', os.path.join(run.folder, f'doctor-{name}-backups'))
    return site


def test_well(run):
    """rows: G22"""
    site = patient(run, 'well')
    code, shape, checks = ask(site)
    same({c: t for c, (s, t) in checks.items() if s == 'wrong'}, {} if not run.postgres else {'https': checks.get('https', ('', ''))[1]}, 'what is wrong')
    for check in ('disk', 'rights', 'photos', 'schema', 'key', 'clock', 'pack', 'calendar', 'backup', 'seal', 'verify', 'derived', 'stewards', 'offices', 'factor'):
        true(check in checks, f'{check} is not looked at')
    same((checks['verify'][0], checks['derived'][0], checks['stewards'][0]), ('ok', 'ok', 'ok'), f'the demo: {checks}')
    # It looks, and changes nothing.
    before = site.verify()['entries']
    ask(site)
    same(site.verify()['entries'], before, 'entries')
    plain = site.cli('doctor', ok=False)
    same(plain.returncode, code, 'exit code without --json')
    true(re.search(r'^\[正常\] 磁盘', plain.stdout, re.M) and '密钥文件' in plain.stdout, plain.stdout)
    true('[ok] Disk' in site.cli('doctor', '--lang', 'en', ok=False).stdout, 'English')
    true('[正常] 磁碟' in site.cli('doctor', '--lang', 'zh-Hant', ok=False).stdout, 'traditional characters')


def test_shapes(run):
    """rows: G22"""
    site = patient(run, 'shape')
    if run.postgres:
        _, shape, checks = ask(site, '--public-url', 'https://six.example')
        same((shape, checks['https'][0], checks['public_url'][0]), ('county', 'ok', 'ok'), 'a county\'s server')
        same(ask(site)[2]['https'][0], 'wrong', 'a county\'s server without https')
        return
    _, shape, checks = ask(site)
    same((shape, 'https' in checks), ('laptop', False), 'on this machine alone')
    true('手机' in checks['shape_laptop'][1], checks['shape_laptop'])
    _, shape, checks = ask(site, '--listen', ':8080')
    same((shape, checks['https'][0], checks['public_url'][0]), ('office', 'wrong', 'look'), 'in the office, without a certificate')
    true('拍照' in checks['https'][1] and 'tls-cert' in checks['https'][1], checks['https'])
    _, shape, checks = ask(site, '--listen', ':443', '--tls-cert', '/c.pem', '--tls-key', '/k.pem', '--public-url', 'https://six.example')
    same((shape, checks['https'][0], checks['public_url'][0]), ('office', 'ok', 'ok'), 'in the office, with one')


def test_ill(run):
    """rows: G22"""
    site = patient(run, 'ill')
    os.chmod(site.folder, 0o755)
    same(state(site, 'rights'), 'wrong', 'a folder that others read')
    os.chmod(site.folder, 0o700)
    same(state(site, 'key', '--backup-folder', os.path.dirname(site.key)), 'look', 'the key among the backups')
    site.sql("update journal set happened_at = happened_at + 1 where seq = (select max(seq) from journal)")
    same(state(site, 'verify'), 'wrong', 'an entry that was changed')
    site.sql("update journal set happened_at = happened_at - 1 where seq = (select max(seq) from journal)")
    same(state(site, 'verify'), 'ok', 'put back')
    site.sql("update seal set entries = entries + 1 where day = (select max(day) from seal)")
    same(state(site, 'verify'), 'wrong', 'a seal that was changed')
    site.sql("update seal set entries = entries - 1 where day = (select max(day) from seal)")
    site.sql("delete from seal where day = (select max(day) from seal)")
    same(state(site, 'seal'), 'look', 'a day that is not sealed')
    site.sql("update post set to_day = 1 where post = 0")
    checks = ask(site)[2]
    same(checks['stewards'][0], 'look', 'groups without a steward')
    true('前吴寨' in checks['stewards'][1], checks['stewards'])
    site.sql("update post set to_day = 1 where office is not null")
    same(state(site, 'offices'), 'look', 'offices without people')
    old = "'" + json.dumps({'at': 1, 'good_at': 1, 'ok': True, 'file': '/x.zip', 'error': ''}) + "'"
    site.sql(f"update meta set value = {old} where key = 'backup'")
    same(state(site, 'backup'), 'wrong', 'an old backup')
    site.sql("delete from meta where key = 'backup'")
    same(state(site, 'backup_none'), 'wrong', 'no backup')
    kept = site.key + '.kept'
    shutil.move(site.key, kept)
    checks = ask(site)[2]
    true(checks['failed'][0] == 'wrong' and '密钥' in checks['failed'][1], f'without a key: {checks}')
    shutil.move(kept, site.key)
    newest = int(site.sql('select max(n) from schema_version'))
    site.sql(f'delete from schema_version where n = {newest}')
    same(state(site, 'schema'), 'wrong', 'an old schema')
    nowhere = Site(run, 'doctor-nowhere')
    same(nowhere.cli('doctor', ok=False).returncode, NOT_DONE, 'nothing there')
    true(not os.path.exists(nowhere.folder), 'doctor makes a folder')
