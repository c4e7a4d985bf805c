"""Powers (G14): each step and paper says whose power it rests on; what is not a committee's is handed on with the article; no text of ours orders anybody."""
import glob
import json
import os
import re

from client import fresh_key, same, true
from papers import squeezed, text_of
from village import GROUP, HOST, KINDS

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
PACK = os.path.join(HOME, 'pack', 'liuxiao.json')

# Where a word may stand: it says there what a committee does not do, or it means something else.
ALLOWED = {
    ('检查', '.kinds.hazard.categories.3.basis.0.text'): 'the name of a duty in the fire law',
    ('检查', '.kinds.hazard.categories.7.definition'): 'says that it is none',
    ('检查', '.kinds.hazard.categories.7.basis.0.text'): 'a quoted title',
    ('查封', '.checklists.5.note'): 'says that it is not done',
    ('检查', '.checklists.6.note'): 'says that it is none',
}
OFFICE_WORK = ('desk.ledger.', 'cli.')  # a table that is checked before it is brought in


def pack():
    with open(PACK, encoding='utf-8') as f:
        return json.load(f)


def words():
    """{word: only towards firms}"""
    powers = pack()['powers']
    found = {re.sub('（.*', '', w): '（' in w for w in powers['must_not_words']}
    return found | {w: found.get(w, False) for w in powers['say_instead']}


def texts(value, at=''):
    if isinstance(value, str):
        yield at, value
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from texts(inner, f'{at}.{key}')


def test_no_text_of_ours_orders_anybody(run):
    """rows: G14"""
    wrong, read = [], 0
    sources = {'pack': {k: v for k, v in pack().items() if k != 'powers'}}
    for path in glob.glob(os.path.join(HOME, 'lang', 'zh-*.json')) + glob.glob(os.path.join(HOME, 'web', 'i18n', 'zh-*.json')):
        with open(path, encoding='utf-8') as f:
            sources[os.path.relpath(path, HOME)] = json.load(f)
    for name, source in sources.items():
        for at, text in texts(source):
            read += 1
            for word, firms_only in words().items():
                fine = ALLOWED.get((word, at)) if name == 'pack' else firms_only and at.lstrip('.').startswith(OFFICE_WORK) or word == '一律' and '.ledger.' in at
                if word in text and not fine:
                    wrong.append(f'{word} in {name}{at}: {text[:40]}')
    # Papers are written in C: every text between quotation marks.
    for path in glob.glob(os.path.join(HOME, 'src', 'paper', '*.c')):
        with open(path, encoding='utf-8') as f:
            source = f.read()
        for text in re.findall(r'"((?:[^"\\\n]|\\.)*)"', source):
            read += 1
            wrong += [f'{word} in {os.path.basename(path)}: {text[:40]}' for word in words() if word in text]
    same(wrong, [], 'words that a committee has no power to say')
    true(read > 3000, f'only {read} texts were read')
    for key, reason in ALLOWED.items():
        true(key[0] in dict(texts(pack()))[key[1]], f'{key} is allowed ({reason}) but not there')


def test_each_step_says_its_power(run):
    """rows: G14"""
    village = run.village()
    for kind in KINDS:
        case, _, _ = village.report(kind)
        village.act(case, 'officer1', 'accept')
        shown = village.case(case, 'officer1')
        true(shown['power']['label'] and shown['power']['basis'], f'{kind} rests on nothing')
        for verb in shown['verbs']:
            true(verb['power'] and verb['power']['label'] and verb['power']['basis'], f'{verb["verb"]} of {kind} rests on nothing')
        same({v['verb'] for v in shown['verbs'] if v['power']['cannot']} - {'refer', 'escalate'}, set(), 'verbs that hand on')
    dispute, _, _ = village.report('dispute')
    true('人民调解法' in village.case(dispute, 'officer1')['power']['basis'], 'a dispute')


def test_handed_on_with_the_article(run):
    """rows: G14"""
    village = run.village()
    case, _, _ = village.report('dispute', text='两家争宅基地的界')
    village.act(case, 'officer1', 'accept')
    refer = [v for v in village.case(case, 'officer1')['verbs'] if v['verb'] == 'refer'][0]
    true(any('土地管理法14' in c['basis'] for c in refer['power']['cannot']), refer['power'])
    village.act(case, 'officer1', 'refer', office=village.office('natres'), mode='transfer', text='请确权', consent={'given': True, 'how': '当面'})
    told = [s for s in village.as_('natres').get(f'/cases/{case}').good()['timeline'] if s['verb'] == 'refer'][0]
    true(any('土地管理法14' in f['value'] and '宅基地' in f['value'] for f in told['facts']), told['facts'])


def test_papers_say_their_power(run):
    """rows: G14"""
    village = run.village()
    officer = village.as_('officer1')
    case, _, _ = village.report('hazard')
    for path, wanted in ((f'/cases/{case}/paper', '依据：提示、登记、报告；不作行政检查，不下命令（安全生产法75'),
                         (f'/report?unit={HOST}&year=2024', '依据：居（村）务公开')):
        text = squeezed(text_of(officer.get(path).body))
        true(wanted in text, f'{path}: {text[-300:]}')


def test_words_to_avoid_are_told(run):
    """rows: G14"""
    careful = {c['word']: c for c in run.village().anyone().get('/pack').good()['careful']}
    same(careful['限期整改']['instead'], '建议在　　前整改，需要帮助请联系', 'a better word')
    same((careful['检查']['kinds'], careful['责令']['kinds']), (['hazard'], None), 'where')
    true(all(c['instead'] for c in careful.values()), f'without a better word: {[w for w, c in careful.items() if not c["instead"]]}')


def test_pack_that_forgets_a_kind_is_refused(run):
    """rows: G14 G18"""
    site = run.template
    broken = os.path.join(run.folder, 'powers.json')

    def check(change):
        changed = pack()
        change(changed)
        with open(broken, 'w', encoding='utf-8') as f:
            json.dump(changed, f, ensure_ascii=False)
        return site.cli('pack', 'check', broken, ok=False)

    same(check(lambda p: None).returncode, 0, 'the pack itself')
    for change in (lambda p: p['powers'].update(bases=[b for b in p['powers']['bases'] if b['code'] != 'mediation']),
                   lambda p: p['powers']['bases'][0].update(basis=[])):
        said = check(change)
        true(said.returncode != 0 and 'powers.bases' in said.stderr, said.stderr)
