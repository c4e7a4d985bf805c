import { useState } from 'react';
import { Problem } from '../api/problem';
import type { Field, Value, Values } from '../api/types';
import type { Attachment } from './attachment';
import { say } from './words';

/** While a form is open, files are still blobs; they become hashes when it is sent. */
export type Draft = Record<string, Value | Attachment[]>;

export function isEmpty(value: Draft[string]): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** What the server says is required and isn't there. Everything else is the server's to judge. */
export function missing(fields: Field[], draft: Draft): string | undefined {
  return fields.find((field) => field.required && isEmpty(draft[field.name]))?.name;
}

/** The values to send: what was left empty stays out, files have been sent and are named by hash. */
export async function sendable(fields: Field[], draft: Draft, send: (file: Blob) => Promise<string[]>): Promise<Values> {
  const values: Values = {};
  for (const { name, type } of fields) {
    const value = draft[name];
    if (isEmpty(value)) continue;
    if (type !== 'files') {
      values[name] = value as Value;
      continue;
    }
    const hashes: string[] = [];
    for (const { blob } of value as Attachment[]) {
      try {
        hashes.push(...(await send(blob)));
      } catch (cause) {
        throw cause instanceof Problem ? cause.at(name) : cause;
      }
    }
    values[name] = hashes;
  }
  return values;
}

export interface Form {
  draft: Draft;
  set: (name: string, value: Draft[string]) => void;
  wrong: { field: string | undefined; text: string } | undefined;
  busy: boolean;
  submit: () => Promise<void>;
}

export function useForm(fields: Field[], send: (draft: Draft) => Promise<void>, begin: Draft = {}): Form {
  const [draft, setDraft] = useState<Draft>(begin);
  const [wrong, setWrong] = useState<Form['wrong']>();
  const [busy, setBusy] = useState(false);
  const set: Form['set'] = (name, value) => {
    setDraft((old) => ({ ...old, [name]: value }));
    if (wrong?.field === name || wrong?.field?.startsWith(`${name}.`)) setWrong(undefined);
  };
  const submit = async () => {
    const field = missing(fields, draft);
    if (field !== undefined) {
      setWrong({ field, text: say('form.required') });
      return;
    }
    setBusy(true);
    setWrong(undefined);
    try {
      await send(draft);
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      setWrong({ field: cause.field, text: cause.message || say(cause.offline ? 'error.offline' : 'error.broken') });
    } finally {
      setBusy(false);
    }
  };
  return { draft, set, wrong, busy, submit };
}
