import { useState } from 'react';
import { Problem } from '../api/problem';
import type { Field, OnBehalf, Value, Values } from '../api/types';
import type { Attachment } from './attachment';
import { spoken } from './spoken';
import { say } from './words';

/** While a form is open, files are still blobs; they become hashes when it is sent. */
export type Draft = Record<string, Value | (Attachment | string)[]>;

/** What was spoken in place of typing; a form that comes back has some of it at the server already. */
export function voicesOf(draft: Draft): (Attachment | string)[] {
  return (draft.voices as (Attachment | string)[] | undefined) ?? [];
}

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
  const { words, voices } = spoken(draft, voicesOf(draft));
  for (const { name, type } of fields) {
    const value = words[name];
    if (isEmpty(value)) continue;
    if (type !== 'files') {
      values[name] = value as Value;
      continue;
    }
    const hashes: string[] = [];
    for (const one of value as (Attachment | string)[]) {
      try {
        hashes.push(...(typeof one === 'string' ? [one] : await send(one.blob)));
      } catch (cause) {
        throw cause instanceof Problem ? cause.at(name) : cause;
      }
    }
    values[name] = hashes;
  }
  const behalf = words.for as OnBehalf | undefined;
  if (behalf?.name || behalf?.account) values.for = behalf;
  for (const voice of voices)
    values.voices = [...((values.voices as string[] | undefined) ?? []), ...(typeof voice === 'string' ? [voice] : await send(voice.blob))];
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
