// What the columns of a foreign table mean: the draft that the screen edits, and the file that the server and the command line read (docs/ledgers.md).
import type { Ledger, LedgerState, LedgerTarget, Option, Pack } from '../../api/types';

export interface Rule {
  /** Names of columns; none: always `is`. */
  columns: string[];
  join?: string;
  is?: string;
  /** Their value (with * at its end: its beginning) to ours. */
  values?: Record<string, string>;
  otherwise?: string;
  cut?: boolean;
  order?: string;
}

export interface Draft {
  name: string;
  note?: string;
  header: number;
  rules: Record<string, Rule>;
}

export type Mapping = Record<string, unknown>;

export interface Choice extends Option {
  /** Of a category or an outcome. */
  kind?: string;
  group?: string;
  /** Other names of the same. */
  also?: string[];
}

/** A distinct value of a column. */
export interface Counted {
  value: string;
  n: number;
}

// ---- Reading and writing ------------------------------------------------------------------------------------

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function readRule(raw: unknown): Rule | undefined {
  if (!isObject(raw)) return undefined;
  const one = text(raw.column);
  const columns = Array.isArray(raw.columns) ? raw.columns.filter((name): name is string => typeof name === 'string') : one ? [one] : [];
  const rule: Rule = { columns };
  const [join, is, otherwise, order] = [text(raw.join), text(raw.is), text(raw.otherwise), text(raw.order)];
  if (join !== undefined) rule.join = join;
  if (is !== undefined) rule.is = is;
  if (otherwise !== undefined) rule.otherwise = otherwise;
  if (order !== undefined) rule.order = order;
  if (raw.cut === true) rule.cut = true;
  if (isObject(raw.values)) {
    rule.values = {};
    for (const [theirs, ours] of Object.entries(raw.values)) if (typeof ours === 'string') rule.values[theirs] = ours;
  }
  return rule;
}

/** Null: this is no mapping. */
export function readMapping(raw: unknown, name = ''): Draft | null {
  if (!isObject(raw) || !isObject(raw.fields)) return null;
  const draft: Draft = { name: text(raw.name) ?? name, header: typeof raw.header === 'number' ? raw.header : 1, rules: {} };
  const note = text(raw.note);
  if (note !== undefined) draft.note = note;
  for (const [target, one] of Object.entries(raw.fields)) {
    const rule = readRule(one);
    if (rule) draft.rules[target] = rule;
  }
  return draft;
}

/** An earlier mapping on this table: columns that it hasn't are named, and what came from them is left open. */
export function fit(draft: Draft, columns: string[], header: number): { draft: Draft; lost: string[] } {
  const lost = new Set<string>();
  const rules: Draft['rules'] = {};
  for (const [target, rule] of Object.entries(draft.rules)) {
    const there = rule.columns.filter((name) => columns.includes(name));
    rule.columns.filter((name) => !columns.includes(name)).forEach((name) => lost.add(name));
    if (there.length > 0 || rule.is !== undefined) rules[target] = { ...rule, columns: there };
  }
  return { draft: { ...draft, header, rules }, lost: [...lost] };
}

/** The mapping that was used for a table like this one: every column that it names is here. */
export function fromEarlier(earlier: LedgerState[], columns: string[], header: number): Draft | undefined {
  for (const { state, mapping, name } of earlier) {
    const read = state === 'done' || state === 'running' ? readMapping(mapping, name) : null;
    if (!read || lacking(read).length > 0) continue;
    const { draft, lost } = fit(read, columns, header);
    if (lost.length === 0) return draft;
  }
  return undefined;
}

function writeRule(rule: Rule, values: Record<string, string> | undefined): Mapping {
  const { columns, join, is, otherwise, cut, order } = rule;
  const written: Mapping = {};
  if (is !== undefined) return { is };
  if (columns.length === 1) written.column = columns[0];
  else Object.assign(written, { columns }, join === undefined ? {} : { join });
  if (values) written.values = values;
  if (otherwise) written.otherwise = otherwise;
  if (cut) written.cut = true;
  if (order && order !== 'ymd') written.order = order;
  return written;
}

/** Those whose labels the server knows itself: no table is needed while every value is one of them. */
const knownThere = ['unit', 'kind', 'category', 'outcome', 'channel', 'level'];

/** The table of a coded field: what was chosen, and what its own name tells. A table must be whole, so both or none. */
export function tableOf(target: string, rule: Rule, known: Record<string, string>): Record<string, string> | undefined {
  const chosen = Object.fromEntries(Object.entries(rule.values ?? {}).filter(([, ours]) => ours !== ''));
  if (Object.keys(chosen).length === 0 && !rule.otherwise && knownThere.includes(target)) return undefined;
  const whole = { ...known, ...chosen };
  return Object.keys(whole).length > 0 || rule.otherwise ? whole : undefined;
}

/** Whoever says the category has said the kind. */
function kindOfCategory(rule: Rule, values: Record<string, string>, choices: Choice[]): Mapping | undefined {
  const kindOf = (code: string | undefined) => choices.find(({ value }) => value === code)?.kind;
  if (rule.is !== undefined) {
    const kind = kindOf(rule.is);
    return kind ? { is: kind } : undefined;
  }
  const kinds: Record<string, string> = {};
  for (const [theirs, ours] of Object.entries(values)) {
    const kind = kindOf(ours);
    if (kind) kinds[theirs] = kind;
  }
  const otherwise = kindOf(rule.otherwise);
  return { column: rule.columns[0], values: kinds, ...(otherwise ? { otherwise } : {}) };
}

/** `known`: for each coded field what the values of its column mean by their own names. */
export function writeMapping(draft: Draft, known: Record<string, Record<string, string>>, choices: (target: string) => Choice[]): Mapping {
  const fields: Mapping = {};
  const category = draft.rules.category;
  const derived = category && !draft.rules.kind && category.columns.length < 2;
  for (const [target, rule] of Object.entries(draft.rules)) {
    if (rule.columns.length === 0 && rule.is === undefined) continue;
    const coded = choices(target).length > 0;
    let values = coded ? tableOf(target, rule, known[target] ?? {}) : rule.values;
    if (target === 'category' && derived) {
      values = { ...known.category, ...rule.values };
      const kind = kindOfCategory(rule, values, choices('category'));
      if (kind) fields.kind = kind;
    }
    fields[target] = writeRule(rule, values);
  }
  const mapping: Mapping = { name: draft.name.slice(0, 60), header: draft.header, fields };
  if (draft.note) mapping.note = draft.note;
  return mapping;
}

// ---- What is lacking ----------------------------------------------------------------------------------------

export const firstFields = ['happened_at', 'unit', 'text'];
/** Those that a hotline's table usually has; the others are folded away. */
export const usualFields = [
  'external.number',
  'kind',
  'category',
  'settled_at',
  'result',
  'channel',
  'person.name',
  'person.phone',
  'place',
];

export function lacking(draft: Draft): string[] {
  return firstFields.filter((target) => {
    const rule = draft.rules[target];
    return !rule || (rule.columns.length === 0 && !rule.is);
  });
}

export function order(targets: LedgerTarget[]): { first: LedgerTarget[]; usual: LedgerTarget[]; more: LedgerTarget[] } {
  const named = (names: string[]) => names.flatMap((name) => targets.filter((one) => one.name === name));
  const listed = [...firstFields, ...usualFields];
  return { first: named(firstFields), usual: named(usualFields), more: targets.filter(({ name }) => !listed.includes(name)) };
}

// ---- Values -------------------------------------------------------------------------------------------------

const leaves = (categories: Pack['kinds'][number]['categories'], kind: string, group: string): Choice[] =>
  categories.flatMap(({ code, label, children }) => [
    { value: code, label, kind, group },
    ...children.map((child) => ({ value: child.code, label: `${label} / ${child.label}`, also: [child.label], kind, group })),
  ]);

const coded = (list: { code: string; label: string }[]): Choice[] => list.map(({ code, label }) => ({ value: code, label }));

/** What a field of ours may be; none: it isn't chosen from a list. `kind`: where all rows are of one. */
export function choicesOf(
  target: string,
  pack: Pack,
  units: Choice[],
  words: { yes: string; no: string; roles: Choice[] },
  kind?: string,
): Choice[] {
  const kinds = pack.kinds.filter((one) => !kind || one.kind === kind);
  switch (target) {
    case 'unit':
      return units;
    case 'kind':
      return pack.kinds.map((one) => ({ value: one.kind, label: one.short, also: [one.label, one.noun] }));
    case 'category':
      return kinds.flatMap((one) => leaves(one.categories, one.kind, one.short));
    case 'outcome':
      return kinds.flatMap((one) => one.outcomes.map(({ code, label }) => ({ value: code, label, kind: one.kind, group: one.short })));
    case 'channel':
      return coded(pack.channels);
    case 'level':
      return coded(pack.levels);
    case 'resolved':
      return pack.resolved;
    case 'satisfied':
      return pack.satisfied;
    case 'told_how':
      return pack.told_how.map((one) => ({ value: one, label: one }));
    case 'person.role':
      return words.roles;
    case 'anonymous':
    case 'danger':
    case 'bypass_village':
      return [
        { value: '是', label: words.yes, also: ['是', '有'] },
        { value: '否', label: words.no, also: ['否', '无'] },
      ];
    default:
      return [];
  }
}

/** Their words that are ours: by code, label or another name, where only one is called so. */
export function recognized(values: Counted[], choices: Choice[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { value } of values) {
    const same = choices.filter((one) => one.value === value || one.label === value || one.also?.includes(value));
    const codes = new Set(same.map((one) => one.value));
    if (codes.size === 1 && same[0]) found[value] = same[0].value;
  }
  return found;
}

/** 吴寨, 吴寨村 and 吴寨社区 are probably 吴寨居委会. */
const bare = (name: string) =>
  name
    .trim()
    .replace(/^.*[镇乡](?=.)/, '')
    .replace(/(村民委员会|居民委员会|村委会|居委会|社区|行政村|自然村|村民组|村|庄|组)$/, '');

/** What is probably meant, for somebody to look at; never more than one. */
export function guessed(values: Counted[], choices: Choice[], known: Record<string, string>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { value } of values) {
    if (known[value] || value.length < 2) continue;
    const near = choices.filter(({ label }) => bare(label) === bare(value) && bare(value) !== '');
    if (near.length === 1 && near[0]) found[value] = near[0].value;
  }
  return found;
}

// ---- Shown --------------------------------------------------------------------------------------------------

const serial = /^\d{5}(\.\d+)?$/;

/** Excel keeps a date as a number of days; nobody knows 45356.39583 for 5 March 2024. */
export function shownDate(value: string, since1904: boolean): string {
  const days = Number(value);
  if (!serial.test(value) || days < 20000 || days > 73415) return value;
  const at = new Date(Math.round((days + (since1904 ? 1462 : 0) - 25569) * 86400) * 1000).toISOString();
  return at.slice(11, 16) === '00:00' ? at.slice(0, 10) : `${at.slice(0, 10)} ${at.slice(11, 16)}`;
}

/** 7/8/2024 is July or August. */
export const unclearOrder = (values: string[]) => values.some((value) => /^\s*\d{1,2}[-/.]\d{1,2}[-/.]\d{4}/.test(value));

/** Some different values of a column, so that one sees what is in it. */
export function sampleOf(table: NonNullable<Ledger['table']>, columns: string[], join = ' ', most = 3): string[] {
  const at = columns.map((name) => table.columns.indexOf(name)).filter((index) => index >= 0);
  const values = table.sample.map((row) =>
    at
      .map((index) => row[index] ?? '')
      .filter(Boolean)
      .join(join),
  );
  return [...new Set(values.filter(Boolean))].slice(0, most);
}

/** A cell that a spreadsheet would take for a formula is text all the same. */
const cell = (value: string | number) => {
  const plain = String(value);
  const safe = /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
};

/** With a byte order mark, by which Excel knows UTF-8. */
export const csv = (rows: (string | number)[][]) => `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

/** The same complaint about the same column, counted: thirty rows are often one mistake. */
export function summed(problems: Ledger['problems']): { column: string; title: string; n: number }[] {
  const sums = new Map<string, { column: string; title: string; n: number }>();
  for (const { column, title } of problems) {
    const key = `${column}\n${title}`;
    const sum = sums.get(key) ?? { column, title, n: 0 };
    sum.n += 1;
    sums.set(key, sum);
  }
  return [...sums.values()].sort((a, b) => b.n - a.n);
}

/** Columns that can be named: those without a name, and the second of two with the same, cannot. */
export function namedColumns(columns: string[]): string[] {
  return [...new Set(columns.filter((name) => name.trim() !== ''))];
}
