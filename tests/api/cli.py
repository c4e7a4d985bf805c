"""The command line: what is wrong is said in one clear line with an exit code that fits; what is right works from nothing."""
import os
import re
import shutil
import socket

from client import same, true
from installation import Site
from village import HOST

UNUSABLE, USAGE, NOT_DONE = 3, 2, 1


def refuses(done, code, *words):
    """One line on stderr that names what is wrong, nothing on stdout, and the exit code."""
    line = done.stderr.strip()
    same((done.returncode, len(line.splitlines()), done.stdout), (code, 1, ''), f'exit code, lines, output of: {line[-300:]}')
    true(line.startswith('liuxiao'), line)
    for word in words:
        true(word in line, f'{word} is not named: {line}')


def spoilt(run, name):
    """A copy of the demo for a test to break."""
    return run.template.copy('cli-' + name)


def test_configuration(run):
    """rows: G22"""
    site = spoilt(run, 'config')
    ini = os.path.join(site.folder, 'liuxiao.ini')

    def serve(text='', *flags, **env):
        with open(ini, 'w', encoding='utf-8') as f:
            f.write(text)
        return site.cli('serve', *flags, env=env, ok=False, wait=20)
    refuses(serve('colour = red\n'), UNUSABLE, 'colour', 'config_key')
    refuses(serve('[server]\nlisten = 127.0.0.1:0\n'), UNUSABLE, 'server.listen', 'config_key')
    refuses(serve('data = /elsewhere\n'), UNUSABLE, 'data', 'config_key')
    refuses(serve('readers = many\n'), UNUSABLE, 'readers', 'many', 'config_value')
    refuses(serve('readers = 0\n'), UNUSABLE, 'readers', 'config_value')
    refuses(serve('this is no line\n'), UNUSABLE, '1', 'config_value')
    same(serve('queue = 100\nqueue = 200\n').returncode in (NOT_DONE, UNUSABLE), True, 'a key twice')
    refuses(serve('', LIUXIAO_COLOUR='red'), UNUSABLE, 'LIUXIAO_COLOUR', 'config_key')
    refuses(serve('', LIUXIAO_QUEUE='-5'), UNUSABLE, 'queue', 'config_value')
    refuses(serve('', '--listen', 'nowhere'), UNUSABLE, 'listen', 'config_value')
    refuses(serve('', '--log-level', 'loud'), UNUSABLE, 'log_level', 'config_value')
    refuses(serve('', '--lang', 'tlh'), UNUSABLE, 'lang', 'config_value')
    refuses(serve('', '--public-url', 'liuxiao.example'), UNUSABLE, 'public_url', 'config_value')
    refuses(serve('', '--tls-cert', '/no/such.pem'), UNUSABLE, 'tls_key', 'config_value')
    if not site.uri:  # the last of two flags holds
        done = serve('', '--database', 'mysql://someone:secret@db/x')
        refuses(done, UNUSABLE, 'database', 'config_value')
        true('secret' not in done.stderr, 'a password in the line')
    refuses(serve('', '--colour', 'red'), USAGE, '--colour')
    refuses(serve('', 'now'), USAGE, 'now')
    # Flags go before the environment, which goes before the file.
    with open(ini, 'w', encoding='utf-8') as f:
        f.write('lang = tlh\n')
    same(site.cli('report', '--unit', HOST, '--year', '2024', '--lang', 'en').returncode, 0, 'a flag over a wrong line of the file')


def test_folder(run):
    """rows: G22"""
    nowhere = Site(run, 'cli-nowhere')
    for command in ('serve', 'verify', 'migrate', 'rebuild'):
        done = nowhere.cli(command, ok=False)
        refuses(done, UNUSABLE, nowhere.folder)
        true(not os.path.exists(nowhere.folder), f'{command} makes a folder')
    os.mkdir(nowhere.folder)
    for command in ('serve', 'verify', 'migrate'):
        refuses(nowhere.cli(command, ok=False), UNUSABLE, nowhere.folder)
        same(os.listdir(nowhere.folder), [], f'what {command} leaves in an empty folder')
    with open(os.path.join(nowhere.folder, 'liuxiao.db'), 'wb') as f:
        f.write(b'this is no database at all' * 100)
    refuses(nowhere.cli('serve', ok=False), UNUSABLE)


def test_database_out_of_reach(run):
    """rows: G22"""
    site = Site(run, 'cli-unreachable', 'postgresql://nobody:secret@127.0.0.1:1/none')
    done = site.cli('serve', ok=False)
    refuses(done, site.cli('verify', ok=False).returncode)
    true(done.returncode in (NOT_DONE, UNUSABLE) and 'secret' not in done.stderr, done.stderr)
    if run.postgres:  # a database that is not ours
        empty = run.empty('cli_bare')
        refuses(empty.cli('serve', ok=False), UNUSABLE)


def test_master_key(run):
    """rows: G6 G22"""
    site = spoilt(run, 'key')
    os.chmod(site.key, 0o644)
    refuses(site.cli('serve', ok=False), UNUSABLE, site.key, 'no_master_key')
    os.chmod(site.key, 0o600)
    kept = site.key + '.kept'
    shutil.move(site.key, kept)
    refuses(site.cli('serve', ok=False), UNUSABLE, site.key, 'no_master_key')
    true(not os.path.exists(site.key), 'a missing key is made anew')
    with open(site.key, 'w', encoding='utf-8') as f:
        f.write('this is no key\n')
    os.chmod(site.key, 0o600)
    refuses(site.cli('serve', ok=False), UNUSABLE, site.key)
    # The key of somebody else's installation.
    other = run.empty('cli_other')
    other.cli('init', '--province', '34', '--host', HOST)
    shutil.copy2(other.key, site.key)
    for command in ('serve', 'verify', 'token'):
        done = site.cli(command, *(['--account', 'officer1'] if command == 'token' else []), ok=False, wait=20)
        refuses(done, UNUSABLE, site.key)
    shutil.move(kept, site.key)
    site.verify()


def test_schema(run):
    """rows: G22"""
    site = spoilt(run, 'schema')
    newest = int(site.sql('select max(n) from schema_version'))
    site.sql(f"insert into schema_version select {newest + 1}, {columns(site)} from schema_version where n = {newest}")
    for command in ('serve', 'verify', 'migrate'):
        refuses(site.cli(command, ok=False), UNUSABLE, 'schema_new')
    site.sql(f'delete from schema_version where n > {newest - 1}')
    if newest > 1:
        refuses(site.cli('serve', ok=False), UNUSABLE, 'schema_old', 'migrate')
    else:
        same(site.cli('serve', ok=False).returncode, UNUSABLE, 'without any version')


def columns(site):
    """The columns of schema_version but the number."""
    if site.uri:
        return site.sql("select string_agg(column_name, ', ' order by ordinal_position) from information_schema.columns "
                        "where table_name = 'schema_version' and column_name <> 'n'")
    return ', '.join(site.sql("select name from pragma_table_info('schema_version') where name <> 'n'").splitlines())


def test_port_in_use(run):
    """rows: G22"""
    with socket.create_server(('127.0.0.1', 0)) as taken:
        address = f'127.0.0.1:{taken.getsockname()[1]}'
        refuses(run.template.cli('serve', '--listen', address, ok=False, wait=20), UNUSABLE, address, 'port_in_use')
    refuses(run.template.cli('serve', '--listen', '192.0.2.1:80', ok=False, wait=20), UNUSABLE, '192.0.2.1')


def test_help(run):
    """rows: G22"""
    site = Site(run, 'cli-help')
    text = site.cli('--help', flags=[]).stdout
    commands = re.findall(r'^  (\w+) ', text, re.M)
    true(len(commands) >= 12 and 'Exit codes' in text, f'commands: {commands}')
    for command in commands:
        done = site.cli(command, '--help', flags=[])
        true(f'usage: liuxiao {command}' in done.stdout and done.stderr == '', f'{command} --help says {done.stdout[:200]!r} {done.stderr[:100]!r}')
    keys = set(re.findall(r'^  --([\w-]+)', site.cli('serve', '--help', flags=[]).stdout, re.M))
    for key in ('data', 'database', 'listen'):
        true(key in keys, f'--{key} is not explained')
    same(site.cli(flags=[], ok=False).returncode, USAGE, 'without a command')
    refuses(site.cli('dance', flags=[], ok=False), USAGE, 'dance')
    true(re.match(r'liuxiao \d+\.\d+\.\d+$', site.cli('version', flags=[]).stdout.strip()), 'version')


def test_from_nothing(run):
    """rows: G1 G22"""
    site = run.empty('cli_fresh')
    refuses(site.cli('init', ok=False), USAGE, '--province')
    said = site.cli('init', '--province', '34', '--host', HOST).stdout
    login, password = re.search(r'login (\w+), password (\S+)', said).groups()
    true(site.key in said, f'init does not name the key: {said}')
    same(os.stat(site.key).st_mode & 0o777, 0o600, 'rights of the key')
    same(os.stat(site.folder).st_mode & 0o077, 0, 'rights of the folder for others')
    refuses(site.cli('init', '--province', '34', '--host', HOST, ok=False), NOT_DONE, 'conflict')
    server = site.serve()
    admin = server.client()
    same(admin.sign_in(login, password).good()['posts'][0]['post'], 'admin', 'post')
    same(admin.get('/host').good()['unit']['code'], HOST, 'host')
    made = admin.post('/accounts', {'login': 'first', 'name': '方第一', 'post': 'officer', 'unit': HOST}).good(201)
    true(made['id'], 'no account')
    site.cli('user', 'password', '--login', 'first', '--password', 'a-first-password')
    officer = server.client()
    officer.sign_in('first', 'a-first-password').good()
    officer.post('/cases', {'text': '第一件事', 'unit': HOST}).good(201)
    server.stop()
    same(site.verify()['faults'], 0, 'faults')


def test_users_and_tokens(run):
    """rows: G1"""
    site = spoilt(run, 'users')
    refuses(site.cli('user', 'add', '--login', 'x', ok=False), USAGE)
    refuses(site.cli('user', 'dance', ok=False), USAGE)
    add = ['user', 'add', '--login', 'x', '--name', '方阿新', '--post', 'steward', '--unit', HOST]
    refuses(site.cli(*add, '--password', 'short', ok=False), NOT_DONE, 'out_of_range')
    wrong = ['user', 'add', '--login', 'x', '--name', 'x', '--password', 'long-enough']
    refuses(site.cli(*wrong, '--post', 'king', '--unit', HOST, ok=False), NOT_DONE, 'not_a_choice')
    refuses(site.cli(*wrong, '--post', 'officer', '--unit', '9', ok=False), NOT_DONE, 'not_found')
    true(re.match(r'password of x: \S{10,}$', site.cli(*add).stdout.strip()), 'no first password')
    refuses(site.cli(*add, '--password', 'long-enough', ok=False), NOT_DONE, 'conflict')
    true(re.search(r'^x +方阿新$', site.cli('user', 'list').stdout, re.M), 'not in the list')
    refuses(site.cli('user', 'password', '--login', 'nobody', '--password', 'long-enough', ok=False), NOT_DONE, 'not_found')
    refuses(site.cli('token', ok=False), USAGE, '--account')
    refuses(site.cli('token', '--account', 'nobody', ok=False), NOT_DONE, 'not_found')
    refuses(site.cli('token', '--account', 'x', '--days', 'many', ok=False), USAGE, '--days')
    refuses(site.cli('report', '--year', '2024', ok=False), USAGE, '--unit')
    refuses(site.cli('report', '--unit', '999', '--year', '2024', ok=False), NOT_DONE, 'not_found')


def test_packs(run):
    """rows: G18 G22"""
    site = spoilt(run, 'pack')
    here = os.path.dirname(os.path.abspath(__file__))
    pack = os.path.join(here, '..', '..', 'pack', 'liuxiao.json')
    site.cli('pack', 'check', pack)
    site.cli('pack', 'load', pack)
    broken = os.path.join(run.folder, 'broken.json')
    with open(pack, encoding='utf-8') as f:
        text = f.read()
    with open(broken, 'w', encoding='utf-8') as f:
        f.write(text.replace('"fallback": "D9901"', '"fallback": "D0000"', 1))
    refuses(site.cli('pack', 'check', broken, ok=False), UNUSABLE, 'pack_invalid')
    with open(broken, 'w', encoding='utf-8') as f:
        f.write(text[:len(text) // 2])
    same(site.cli('pack', 'load', broken, ok=False).returncode != 0, True, 'half a pack is loaded')
    refuses(site.cli('pack', 'check', '/no/such/file', ok=False), NOT_DONE, '/no/such/file')
    refuses(site.cli('pack', ok=False), USAGE)


def test_verify_finds_what_was_changed(run):
    """rows: G6"""
    site = spoilt(run, 'tampered')
    same(site.verify()['faults'], 0, 'faults before')
    site.sql("update journal set happened_at = happened_at + 1 where seq = (select max(seq) - 40 from journal)")
    done = site.cli('verify', ok=False)
    same(done.returncode, NOT_DONE, 'exit code')
    true('case' in done.stdout or 'activity' in done.stdout, f'where it is broken is not said: {done.stdout[:200]}')
