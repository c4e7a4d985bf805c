import { expect, it } from 'vitest';
import type { Ledger, LedgerState, Pack } from '../../api/types';
import {
  choicesOf,
  csv,
  fit,
  fromEarlier,
  guessed,
  lacking,
  namedColumns,
  readMapping,
  recognized,
  sampleOf,
  shownDate,
  summed,
  unclearOrder,
  writeMapping,
  type Choice,
} from '../../desk/ledgers/mapping';

const category = (code: string, label: string, children: { code: string; label: string }[] = []) => ({
  code,
  label,
  definition: '',
  children: children.map((one) => ({ ...one, definition: '' })),
});
const kind = (code: string, short: string, categories: ReturnType<typeof category>[]) => ({
  kind: code,
  label: short,
  short,
  noun: short.slice(1),
  categories,
  outcomes: [],
});
const pack = {
  kinds: [
    kind('dispute', '小纠纷', [category('D01', '邻里纠纷'), category('D99', '其他')]),
    kind('request', '小诉求', [category('R04', '道路公共设施', [{ code: 'R0401', label: '路灯' }]), category('R99', '其他')]),
  ],
  channels: [{ code: 'H12345', label: '12345转办' }],
  levels: [],
  resolved: [],
  satisfied: [{ value: 'yes', label: '满意' }],
  told_how: ['当面'],
} as unknown as Pack;
const units: Choice[] = [
  { value: '341203105006', label: '吴寨居委会' },
  { value: '341203105006001', label: '前吴寨' },
  { value: '341203105006002', label: '后吴寨' },
];
const choices = (target: string) => choicesOf(target, pack, units, { yes: '是', no: '否', roles: [] });
const counted = (...values: string[]) => values.map((value) => ({ value, n: 1 }));

it('reads the file that it writes', () => {
  const mapping = {
    name: '热线台账',
    note: '每月一次',
    header: 3,
    fields: {
      happened_at: { columns: ['日期', '时间'], join: ' ', order: 'dmy' },
      unit: { column: '村居', values: { 吴寨村: '341203105006' }, otherwise: '341203105006001' },
      text: { column: '内容', cut: true },
      channel: { is: 'H12345' },
    },
  };
  const draft = readMapping(mapping);
  expect(draft && writeMapping(draft, {}, choices)).toEqual(mapping);
  expect(readMapping([])).toBeNull();
  expect(readMapping({ fields: 'x' })).toBeNull();
});

it('leaves open what an earlier mapping took from columns that are not here', () => {
  const draft = readMapping({ fields: { text: { column: '内容' }, happened_at: { columns: ['日期', '钟点'] }, kind: { is: 'request' } } });
  if (!draft) throw new Error('no mapping');
  const fitted = fit(draft, ['日期', '事由'], 2);
  expect(fitted.lost).toEqual(['内容', '钟点']);
  expect(Object.keys(fitted.draft.rules)).toEqual(['happened_at', 'kind']);
  expect(fitted.draft.rules.happened_at?.columns).toEqual(['日期']);
  expect(fitted.draft.header).toBe(2);
  expect(lacking(fitted.draft)).toEqual(['unit', 'text']);
});

it('takes the mapping of the last ledger that fits, and of none that was undone', () => {
  const fields = { happened_at: { column: '时间' }, unit: { column: '村' }, text: { column: '内容' } };
  const one = (state: string, name: string, more = {}) =>
    ({ state, name, mapping: { name, fields: { ...fields, ...more } } }) as unknown as LedgerState;
  const columns = ['时间', '村', '内容'];
  const earlier = [one('undone', '撤了的'), one('done', '别的', { result: { column: '结果' } }), one('done', '上月')];
  expect(fromEarlier(earlier, columns, 1)?.name).toBe('上月');
  expect(fromEarlier(earlier.slice(0, 2), columns, 1)).toBeUndefined();
});

it('knows values by code, label or another name, but not one that two are called', () => {
  const found = recognized(counted('邻里纠纷', '路灯', '其他', '不知道'), choices('category'));
  expect(found).toEqual({ 邻里纠纷: 'D01', 路灯: 'R0401' });
  expect(recognized(counted('诉求', 'dispute'), choices('kind'))).toEqual({ 诉求: 'request', dispute: 'dispute' });
});

it('guesses 吴寨村 and nothing that may be two', () => {
  expect(guessed(counted('吴寨村', '正午镇吴寨社区', '吴庄'), units, {})).toEqual({
    吴寨村: '341203105006',
    正午镇吴寨社区: '341203105006',
  });
  expect(guessed(counted('吴寨村'), [...units, { value: 'x', label: '吴寨村委会' }], {})).toEqual({});
});

it('writes a table whole or not at all', () => {
  const begin = { name: 'x', header: 1 };
  const unit = { columns: ['村'] };
  const known = { unit: { 前吴寨: '341203105006001' } };
  expect(writeMapping({ ...begin, rules: { unit } }, known, choices).fields).toEqual({ unit: { column: '村' } });
  const chosen = { columns: ['村'], values: { 老吴寨: '341203105006', 空着: '' } };
  expect(writeMapping({ ...begin, rules: { unit: chosen } }, known, choices).fields).toEqual({
    unit: { column: '村', values: { 前吴寨: '341203105006001', 老吴寨: '341203105006' } },
  });
  // Words that only the screen knows always go along.
  const satisfied = { columns: ['满意度'] };
  expect(writeMapping({ ...begin, rules: { satisfied } }, { satisfied: { 满意: 'yes' } }, choices).fields).toEqual({
    satisfied: { column: '满意度', values: { 满意: 'yes' } },
  });
});

it('lets the kind follow from the category, where nobody says it', () => {
  const rules = { category: { columns: ['类型'], values: { 吵架: 'D01' }, otherwise: 'R99' } };
  const { fields } = writeMapping({ name: 'x', header: 1, rules }, { category: { 路灯: 'R0401' } }, choices);
  expect(fields).toEqual({
    kind: { column: '类型', values: { 吵架: 'dispute', 路灯: 'request' }, otherwise: 'request' },
    category: { column: '类型', values: { 吵架: 'D01', 路灯: 'R0401' }, otherwise: 'R99' },
  });
  const said = writeMapping({ name: 'x', header: 1, rules: { ...rules, kind: { columns: [], is: 'request' } } }, {}, choices);
  expect((said.fields as Record<string, unknown>).kind).toEqual({ is: 'request' });
});

it('offers the categories of one kind where all rows are of it', () => {
  const of = choicesOf('category', pack, units, { yes: '', no: '', roles: [] }, 'dispute');
  expect(of.map(({ value }) => value)).toEqual(['D01', 'D99']);
  expect(choices('text')).toEqual([]);
});

it('shows the number that Excel keeps as the day it is', () => {
  expect(shownDate('45474', false)).toBe('2024-07-01');
  expect(shownDate('45474.375', false)).toBe('2024-07-01 09:00');
  expect(shownDate('44012', true)).toBe('2024-07-01');
  for (const other of ['20240701', '2024-07-01', '123', '']) expect(shownDate(other, false)).toBe(other);
  expect(unclearOrder(['7/8/2024'])).toBe(true);
  expect(unclearOrder(['2024/7/8'])).toBe(false);
});

it('puts columns together and leaves those without a name out', () => {
  const table = {
    columns: ['日期', '钟点', '', '日期'],
    sample: [
      ['7月1日', '9点', '', ''],
      ['7月1日', '9点', '', ''],
      ['7月2日', '', '', ''],
    ],
  };
  expect(sampleOf(table as unknown as NonNullable<Ledger['table']>, ['日期', '钟点'])).toEqual(['7月1日 9点', '7月2日']);
  expect(namedColumns(table.columns)).toEqual(['日期', '钟点']);
});

it('writes a table that Excel reads and computes nothing from', () => {
  expect(
    csv([
      ['行', '列'],
      [2, '=1+1'],
      [3, '说"好",走'],
    ]),
  ).toBe('\ufeff行,列\r\n2,\'=1+1\r\n3,"说""好"",走"\r\n');
});

it('counts the same complaint once', () => {
  const problem = (row: number, column: string, title: string) => ({ row, line: row, column, field: '', code: '', title, case: null });
  const all = [problem(1, '时间', '看不懂'), problem(2, '村', '没有'), problem(3, '村', '没有')];
  expect(summed(all)).toEqual([
    { column: '村', title: '没有', n: 2 },
    { column: '时间', title: '看不懂', n: 1 },
  ]);
});
