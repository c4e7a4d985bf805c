import type { Kind, NewCase, NewPerson, SpotCase } from '../api/types';
import type { Attachment } from '../ui/attachment';
import { t } from './words';

/** 现场办结 as it is being filled in. Everything but names, words (or voice) and how it ended has a default. */
export interface SpotDraft {
  kind: string;
  names: [string, string];
  text: string;
  outcome: string;
  /** Not settled: somebody may get hurt, so whoever is at the desk is called at once. */
  danger: boolean;
  unit: string;
  files: Attachment[];
  /** Hashes of files that a refused attempt had already sent. */
  sent: string[];
}

export const blank: SpotDraft = { kind: '', names: ['', ''], text: '', outcome: '', danger: false, unit: '', files: [], sent: [] };

/** Stands among the outcomes: not settled here, it goes to the committee. */
export const unsettled = 'UNSETTLED';

export const twoSided = (kind: string) => kind === 'dispute';

/** What is still to be filled in before it can be kept; the server judges the rest. */
export function lacking(draft: SpotDraft): 'kind' | 'names' | 'text' | 'outcome' | undefined {
  if (!draft.kind) return 'kind';
  const named = draft.names.map((name) => name.trim() !== '');
  if (draft.outcome === unsettled) return draft.text.trim() || draft.files.length + draft.sent.length > 0 ? undefined : 'text';
  if (twoSided(draft.kind) ? !named[0] || !named[1] : !named[0]) return 'names';
  if (!draft.text.trim() && draft.files.length + draft.sent.length === 0) return 'text';
  if (!draft.outcome) return 'outcome';
  return undefined;
}

export function persons(draft: SpotDraft): NewPerson[] {
  const [one, two] = [draft.names[0].trim(), draft.names[1].trim()];
  const all: NewPerson[] = twoSided(draft.kind)
    ? [
        { role: 'party', side: 1, name: one },
        { role: 'party', side: 2, name: two },
      ]
    : [{ role: 'subject', name: one }];
  return all.filter(({ name }) => name);
}

/** What goes up to the committee: all but how it ended. */
export function report(draft: SpotDraft): NewCase {
  const text = draft.text.trim();
  const people = persons(draft);
  return {
    kind: draft.kind,
    ...(text ? { text } : {}),
    unit: draft.unit,
    channel: 'VISIT',
    ...(people.length > 0 ? { persons: people } : {}),
    ...(draft.danger ? { danger: true } : {}),
    ...(draft.sent.length > 0 ? { files: draft.sent } : {}),
  };
}

export function fields(draft: SpotDraft, toldHow: string | undefined): SpotCase {
  const text = draft.text.trim();
  return {
    kind: draft.kind,
    ...(text ? { text, result: text } : {}),
    unit: draft.unit,
    channel: 'VISIT',
    persons: persons(draft),
    outcome: draft.outcome,
    ...(toldHow ? { told_how: toldHow } : {}),
    ...(draft.sent.length > 0 ? { files: draft.sent } : {}),
  };
}

/** The line for the group chat: what was done and where, and nobody's name. */
export function line(draft: SpotDraft, kind: Kind | undefined, unit: string, number: string | undefined): string {
  const outcome =
    draft.outcome === unsettled ? t('spot.reported') : (kind?.outcomes.find(({ code }) => code === draft.outcome)?.label ?? '');
  return t('spot.line', { unit, kind: kind?.short ?? '', outcome, number: number ? `（${number}）` : '' });
}
