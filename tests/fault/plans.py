#!/usr/bin/env python3
"""No statement of the program reads a growing table from end to end (quality.md, Speed: cost grows with the work).

    plans.py --binary build/liuxiao [--database postgresql://…] [--list]

The journeys of the API tests run under a shim that writes down every statement the program prepares (overhear.c); each is then explained on
this engine. So a new statement is looked at without anybody listing it, and one that no journey prepares is named as a gap. --list prints
the plans.
"""
import glob
import json
import os
import re
import sqlite3
import subprocess
import sys

import stage
from client import Failed, same, true

JOURNEYS = ['figures', 'matrix', 'journey', 'verbs', 'idempotency', 'files', 'registers', 'answers', 'burden', 'kin', 'standins', 'extensions', 'phrases', 'search', 'nodes']
NOT_FOR_PLANS = {'test_bombs', 'test_the_index_can_be_made_anew'}  # slow, or waiting for locks, and with no statements of their own

# What is as small as the installation is wide, or cut to size by the program. Every other table grows, also one that is made tomorrow.
SMALL = {'meta', 'unit', 'office', 'account', 'post', 'pack', 'holiday_table', 'lease', 'reader_cursor', 'schema_version', 'counter', 'token',
         'sqlite_master', 'ledger', 'sqlite_schema', 'pragma_table_info', 'suggest_class'}
# Columns with a handful of values: an index that is only told these is read in large part.
FEW = {'holder_kind', 'subject_kind', 'case_kind', 'kind', 'state', 'class', 'flags', 'level', 'open', 'role', 'part', 'actor_kind', 'shard',
       'case_kind', 'clock', 'mode', 'register'}

# What may read everything: its text (or, with …, the beginning of it), the tables, and why.
ALLOWED = [
    ('select id from register_row where register = ?1 and id > ?2 order by id limit ?3', {'register_row'}, 'a rebuild reads all ready answers'),
    ('delete from session where expires_at…', {'session'}, 'once an hour; as many as people have signed in of late'),
    ('delete from throttle where seen_at…', {'throttle'}, 'once an hour; as many as were wrong of late'),
    ('delete from derived.tally…', {'tally', 'tally_row'}, 'rebuild begins with nothing'),
    ('delete from derived.answer_doc', {'answer_doc'}, 'rebuild begins with nothing'),
    ('delete from derived.answer_term', {'answer_term'}, 'rebuild begins with nothing'),
    ('delete from derived.search_doc', {'search_doc'}, 'rebuild begins with nothing'),
    ('delete from derived.suggest…', {'suggest_term', 'suggest_sum', 'suggest_case', 'suggest_class'}, 'rebuild begins with nothing'),
    ('select hash, key, type, bytes from file where key is not null order by id', {'file'}, 'a backup takes every file'),
    ('select d.case_id from desk d join cases c…', {'desk'}, 'once a minute; the open work, however old the installation'),
    ('select * from (select id, uuid, unit, scope, state…', {'register_row'}, "PostgreSQL's choice in a small table: with 200 000 rows it asks the key for register and scope"),
    ('select subject, part, day, unit…', {'tally_row'}, "PostgreSQL's choice in a small table: its key holds both columns that are asked for"),
]


# ---- The statements -------------------------------------------------------------------------------------

def overheard(path):
    """{text: types of its parameters (PostgreSQL)}"""
    found = {}
    with open(path, 'rb') as f:
        for record in f.read().split(b'\0')[:-1]:
            types, text = record.decode().split('\t', 1)
            found[text] = types.split(',') if types else []
    return found


def journey(run, path):
    """The API tests, whose servers and commands are overheard."""
    shim = os.path.join(os.path.dirname(run.binary), 'tests', 'fault', 'overhear.so')
    true(os.path.exists(shim), f'{shim} is not there (scripts/build)')
    os.environ['LD_PRELOAD'], os.environ['OVERHEAR_TO'] = shim, path
    counts, told = (run.passed, run.failed), run.tell
    try:
        for name in JOURNEYS:
            module = __import__(name)
            for test in NOT_FOR_PLANS & set(vars(module)):
                delattr(module, test)
            run.module(name, None)
        for server in run.servers:
            if server.alive():
                server.stop()
        run.empty('heard').cli('demo')
        for command in (['verify'], ['rebuild'], ['report', '--unit', '341200000000', '--year', '2024', '--json'], ['report', '--unit', '341203105006', '--year', '2024', '--json']):
            run.template.cli(*command)
    finally:
        del os.environ['LD_PRELOAD'], os.environ['OVERHEAR_TO']
        run.tell = told
    bad = run.failed - counts[1]
    run.passed, run.failed = counts
    true(bad == 0, f'{bad} of the API tests failed under the shim: run tests/run api first')


COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*', re.S)
BEGINS = re.compile(r'(select |insert into |update \w|delete from |with (recursive )?\w+(\([^)]*\))? as (materialized )?\()', re.A)


def in_engine(sql, engine):
    """What db/dialect.c makes of it."""
    own, other = ('sqlite', 'pg') if engine == 'sqlite' else ('pg', 'sqlite')
    sql = re.sub(r'\{' + own + r':([^}]*)\}', r'\1', re.sub(r'\{' + other + r':[^}]*\}', '', sql))
    sql = sql.replace('{lock}', '' if engine == 'sqlite' else 'for update').strip()
    return sql if engine == 'sqlite' else re.sub(r'\?(\d+)', r'$\1', sql)


TEXT = r'"(?:[^"\\\n]|\\.)*"'
RUN = re.compile(r'(?:' + TEXT + r'|\b[A-Z][A-Z0-9_]{3,}\b(?!\())(?:\s+(?:' + TEXT + r'|\b[A-Z][A-Z0-9_]{3,}\b(?!\()))*')
ANY_DEFINE = re.compile(r'^[ \t]*#[ \t]*define\b(?:\\\n|[^\n])*', re.M)
DEFINE = re.compile(r'^[ \t]*#[ \t]*define[ \t]+([A-Z][A-Z0-9_]{3,})[ \t]((?:\\\n|[^\n])*)', re.M)


def sources(src):
    """{path: text without comments}"""
    found = {}
    for path in sorted(glob.glob(os.path.join(src, '**', '*.[ch]'), recursive=True)):
        with open(path, encoding='utf-8') as f:
            found[path] = COMMENT.sub(lambda m: '\n' * m.group().count('\n'), f.read())
    return found


def put_together(run, macros):
    """The text of string literals and macros that stand side by side; None in the place of a macro that is no text."""
    parts = []
    for piece in re.findall(TEXT + r'|\w+', run):
        if piece.startswith('"'):
            parts.append(piece[1:-1].replace('\\"', '"'))
        else:
            parts += put_together(macros[piece], macros) if piece in macros else [None]
    return parts


def written(src):
    """(place, text, is it whole) for each statement that stands in the program. One that is put together while the program runs is not whole:
    its text is then what stands before the first hole."""
    texts = sources(src)
    macros = {name: body.replace('\\\n', ' ') for text in texts.values() for name, body in DEFINE.findall(text) if '"' in body}
    for path, text in texts.items():
        body = ANY_DEFINE.sub(lambda m: '\n' * m.group().count('\n'), text)
        for m in RUN.finditer(body):
            parts = put_together(m.group(), macros)
            sql = ''.join(parts[:parts.index(None)] if None in parts else parts)
            if not BEGINS.match(sql) or len(sql) <= 12:
                continue
            half = (sql.startswith('select') and ' from ' not in sql) or (sql.startswith('insert') and not re.search(r'\b(values|select)\b', sql))
            holes = half or None in parts or '%' in sql or re.match(r'\s*[A-Z]\w+\(', body[m.end():]) \
                or re.search(r'buf_add', body[:m.start()].rpartition('\n')[2]) or re.search(r'[\w)]\s*$', re.sub(r'return\s*$', '', body[:m.start()]))
            yield f'{os.path.relpath(path, src)}:{body.count(chr(10), 0, m.start()) + 1}', sql.split('%')[0] if holes else sql, not holes


# Put together while the program runs, and of no use to be looked at: where, and why.
BUILT = {'core/archive_load.c': 'a restore fills and counts whole tables'}

# Not of the data: what the program asks an engine about itself.
ABOUT_ITSELF = ('pg_', 'pragma_table_info', 'information_schema', 'getdatabaseencoding', 'sqlite_master', 'set_config', 'pg_snapshot', 'pg_get_serial_sequence', 'unit_move')


# Signs of a statement that is only ever prepared on the other engine.
OTHERS = {'sqlite': ('::', 'xid'), 'postgresql': (' match ', 'indexed by', 'rowid', 'json_each')}


def gaps(statements, src, engine):
    """(whole statements that no journey has prepared, places of pieces that none has)"""
    everything, whole, pieces = '\n'.join(statements), {}, []
    for place, text, is_whole in written(src):
        text = in_engine(text, engine)
        if re.sub(r'[$?].*', '', text).rstrip() in everything if not is_whole else any(sql.startswith(text) for sql in statements):
            continue
        if any(word in text for word in ABOUT_ITSELF) or any(word in text for word in OTHERS[engine]):
            continue
        if is_whole:
            whole[text] = place
        elif place.split(':')[0] not in BUILT:
            pieces.append(f'{place}: {text[:70]}')
    return whole, pieces


# ---- Plans ----------------------------------------------------------------------------------------------

NAMED = re.compile(r'\b(?:from|join|into|update)\s+(?:\w+\.)?(\w+)(?:\s+(?:as\s+)?(?!where|on|join|set|order|group|limit|left|values|using|union|for\b)(\w+))?', re.I)


def aliases(sql):
    found = {}
    for table, alias in NAMED.findall(sql):
        found[table] = table
        if alias:
            found.setdefault(alias, table)
    return found


def made_inside(sql):
    """Names that the statement itself makes: their rows come from tables that have lines of their own in the plan."""
    return set(re.findall(r'\b(?:with(?: recursive)?|,) (\w+)(?:\([^)]*\))? as (?:materialized )?\(', sql)) | set(re.findall(r'\) (?:as )?(\w+)(?= |$)', sql))


def grows(table):
    return table not in SMALL


def first_of_all(sql):
    """The first rows of a whole table in the order of one of its indexes: reading stops when it has them."""
    return re.search(r' order by .* limit \d+$', sql) is not None and ' where ' not in sql and ' join ' not in sql


class Sqlite:
    """Explained on the schema as it is, without statistics, as in production."""

    def __init__(self, site):
        self.db = sqlite3.connect(os.path.join(site.folder, 'liuxiao.db'))
        self.db.execute('attach ? as derived', (os.path.join(site.folder, 'derived.db'),))
        # An index of few rows by its own words (what is paused, what was erased) may be read whole.
        self.partial = {name for (name,) in self.db.execute("select name from sqlite_master where type = 'index' and sql like '% where %'")}

    def explain(self, sql, _types):
        """[(what is wrong, table)], the plan as text"""
        count = max([int(n) for n in re.findall(r'\?(\d+)', sql)] or [0])
        steps = [row[3] for row in self.db.execute('explain query plan ' + sql, [None] * count)]
        names, bad = aliases(sql), []
        if first_of_all(sql) and not any('TEMP B-TREE' in step for step in steps):
            return [], ' / '.join(steps)
        for step in steps:
            m = re.match(r'(SCAN|SEARCH) (?:\w+\.)?(\w+)(.*)', step)
            if not m or m.group(2) == 'SUBQUERY' or 'CONSTANT ROW' in step or re.search(r'VIRTUAL TABLE INDEX [1-9]', step):
                continue
            table = names.get(m.group(2), m.group(2))
            if table in made_inside(sql):
                continue
            told = re.findall(r'(\w+)[<>=]', m.group(3))
            index = re.search(r'USING (?:COVERING )?INDEX (\w+)', step)
            if index and index.group(1) in self.partial:
                continue
            if grows(table) and (m.group(1) == 'SCAN' or (told and set(told) <= FEW)):
                bad.append((step, table))
        return bad, ' / '.join(steps)


TOLD = re.compile(r'(\w+)(?:\)+(?:::\w+)?)? (?:=|<|>|<=|>=|IS|@>|&&) ')


class Postgres:
    """Explained as a generic plan, with reading from end to end made so dear that it is chosen only where there is no other way: the demo is
    small, and in a small table the planner would rather read everything."""

    def __init__(self, site):
        self.site = site
        self.partial = set(site.sql("select indexrelid::regclass from pg_index where indpred is not null").split())

    def explain_all(self, statements):
        """{text: (wrong, plan)}; one psql for all."""
        script = ['set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set plan_cache_mode = force_generic_plan; set search_path = public;']
        texts = list(statements)
        for i, sql in enumerate(texts):
            types = statements[sql]
            names = {'20': 'bigint', '25': 'text', '17': 'bytea'}
            count = len(types) if types is not None else max([int(n) for n in re.findall(r'\$(\d+)', sql)] or [0])
            script.append(f'prepare q{i}' + (f'({",".join(names[t] for t in types)})' if types else '') + f' as {sql};')
            script.append(f'\\echo @@{i}')
            script.append(f'explain (format json, costs off) execute q{i}' + (f'({",".join(["null"] * count)})' if count else '') + ';')
        done = subprocess.run(['psql', '-X', '-q', '-A', '-t', self.site.uri], input='\n'.join(script), capture_output=True, text=True)
        errors = [line for line in done.stderr.splitlines() if 'ERROR' in line]
        # Statements on a table that only lives in one transaction (an import's) or only on SQLite can't be explained.
        odd = [e for e in errors if not re.search(r'relation "(?:unit_move|derived\.search_index)" does not exist|prepared statement "q\d+" does not exist', e)]
        true(not odd, f'psql: {odd[:3]} {done.stderr[:800]}')
        for piece in done.stdout.split('@@')[1:]:
            number, plan = piece.split('\n', 1)
            if plan.strip():
                yield texts[int(number)], json.loads(plan)[0]['Plan']

    def wrong(self, node):
        kind, table = node['Node Type'], node.get('Relation Name')
        told = set(TOLD.findall(node.get('Index Cond', '')))
        if node.get('Index Name') in self.partial or (kind == 'Bitmap Heap Scan' and node['Plans'][0].get('Index Name') in self.partial):
            table = None
        whole = kind == 'Seq Scan' or (kind in ('Index Scan', 'Index Only Scan') and not told) or (told and told <= FEW)
        if kind == 'Bitmap Heap Scan': # its index scan is below and has no name of the table
            below = node['Plans'][0]
            told = set(TOLD.findall(json.dumps(below)))
            whole = not told or told <= FEW
        if table and grows(table) and whole:
            yield f'{kind} on {table} by {node.get("Index Name", "nothing")} ({node.get("Index Cond", "no condition")})', table
        for child in node.get('Plans', []):
            yield from self.wrong(child)


READS = re.compile(r'^(select|insert|update|delete|with)\b')


def plans(run, site, statements):
    wanted = {sql: types for sql, types in statements.items() if READS.match(sql)}
    if run.engine == 'sqlite':
        engine = Sqlite(site)
        for sql in wanted:
            try:
                bad, plan = engine.explain(sql, None)
            except sqlite3.Error as e:
                if 'no such table' in str(e):
                    continue # of a test's own, or of a database that was there before its schema
                raise Failed(f'{e}: {sql}') from None
            yield sql, bad, plan
    else:
        engine = Postgres(site)
        for sql, plan in engine.explain_all(wanted):
            bounded = first_of_all(sql) and plan['Node Type'] == 'Limit' and 'Index' in plan['Plans'][0]['Node Type']
            yield sql, [] if bounded else list(engine.wrong(plan)), json.dumps(plan)


def allowed(sql, table):
    return any((sql == head or (head.endswith('…') and sql.startswith(head[:-1]))) and table in tables for head, tables, _ in ALLOWED)


def test_plans(run):
    """rows: G11"""
    path = os.path.join(run.folder, 'statements')
    journey(run, path)
    statements = overheard(path)
    heard = len(statements)
    whole, pieces = gaps(statements, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'src'), run.engine)
    statements.update({sql: None for sql in whole})
    looked, offenders = 0, []
    for sql, bad, plan in plans(run, run.template, statements):
        looked += 1
        if run.options.list:
            stage.tell(f'{sql}\n    {plan[:300]}')
        offenders += [f'{sql}\n    {what} {whole.get(sql, "")}' for what, table in bad if not allowed(sql, table)]
    for o in offenders:
        stage.tell(o)
    for p in pieces:
        stage.tell(f'put together from pieces and prepared by no journey: {p}')
    stage.tell(f'# {heard} statements overheard, {len(whole)} more read from the source, {looked} explained')
    same(len(offenders), 0, 'statements that read a growing table from end to end')
    same(pieces, [], 'statements of which nobody saw the whole')
    true(looked > 180, f'only {looked} statements were explained')


if __name__ == '__main__':
    sys.exit(stage.play(__doc__, [test_plans], ('--list', {'action': 'store_true', 'help': 'print the plans'})))
