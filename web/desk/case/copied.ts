import type { Case } from '../../api/types';
import { say } from '../../ui/words';

// The same facts wait to be typed into the town's platform, the hotline, an Excel sheet. Nothing is typed twice: they leave as text, or as a row
// in the order of columns that the other system wants.

export const columns = [
  'number',
  'external',
  'reported',
  'channel',
  'kind',
  'category',
  'unit',
  'place',
  'title',
  'text',
  'name',
  'phone',
  'holder',
  'state',
  'outcome',
  'result',
  'settled',
  'resolved',
  'satisfied',
] as const;
export type Column = (typeof columns)[number];
export const usual: Column[] = ['number', 'reported', 'unit', 'name', 'phone', 'kind', 'category', 'text', 'state', 'result'];

/** Names and telephones as they were revealed; the page itself knows only masked ones. */
export interface Plain {
  name: string;
  phone: string;
}

/** Civil time in China, as spreadsheets read it. */
export function stamp(at: string | null | undefined): string {
  if (!at) return '';
  const there = new Date(new Date(at).getTime() + 8 * 3600e3).toISOString();
  return `${there.slice(0, 10)} ${there.slice(11, 16)}`;
}

export function cell(one: Case, column: Column, who: Plain, kind: string): string {
  switch (column) {
    case 'number':
      return one.number;
    case 'external':
      return one.external?.number ?? '';
    case 'reported':
      return stamp(one.reported_at);
    case 'channel':
      return one.channel_label ?? '';
    case 'kind':
      return kind;
    case 'category':
      return one.category_label ?? '';
    case 'unit':
      return one.unit.name;
    case 'place':
      return one.place ?? '';
    case 'title':
      return one.title;
    case 'text':
      return one.text ?? '';
    case 'name':
      return who.name;
    case 'phone':
      return who.phone;
    case 'holder':
      return one.holder.name;
    case 'state':
      return one.state_label ?? '';
    case 'outcome':
      return one.outcome_label ?? '';
    case 'result':
      return one.result ?? '';
    case 'settled':
      return stamp(one.settled_at);
    case 'resolved':
      return one.judgement ? say(`judged.resolved.${one.judgement.resolved as 'yes' | 'part' | 'no'}`) : '';
    case 'satisfied':
      return one.judgement ? say(`judged.satisfied.${one.judgement.satisfied as 'yes' | 'ok' | 'no'}`) : '';
  }
}

/** One line for a spreadsheet: a tab would open a cell, a line break a row, and a sign in front a formula. */
export function row(cells: string[]): string {
  return cells
    .map((text) => text.replace(/[\t\r\n]+/g, ' ').trim())
    .map((text) => (/^[=+@-]/.test(text) ? `'${text}` : text))
    .join('\t');
}

/** What is kept of somebody's choice of columns: only names that are still columns, each once. */
export function kept(stored: string | null): Column[] {
  const named = (stored ?? '')
    .split(',')
    .filter((name, i, all): name is Column => columns.some((one) => one === name) && all.indexOf(name) === i);
  return named.length > 0 ? named : usual;
}

/** Moves a column one place towards the front or the back. */
export function moved(list: Column[], column: Column, by: 1 | -1): Column[] {
  const at = list.indexOf(column);
  const to = at + by;
  if (at < 0 || to < 0 || to >= list.length) return list;
  const next = list.filter((one) => one !== column);
  next.splice(to, 0, column);
  return next;
}
