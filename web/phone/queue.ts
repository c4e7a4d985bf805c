import { useEffect, useState } from 'react';
import { api, got, sendFile } from '../api/client';
import { newId } from '../api/id';
import { Problem } from '../api/problem';
import type { Command, Field, Values } from '../api/types';
import { database } from '../offline/db';
import { drop, enqueue, flush, queued, type Queued, type Sent } from '../offline/outbox';
import type { Attachment } from '../ui/attachment';
import { sendable, voicesOf, type Draft } from '../ui/form';
import { spoken } from '../ui/spoken';

type Listener = (sent: Sent[]) => void;
const listeners = new Set<Listener>();
let running: Promise<void> | undefined;

function tell(sent: Sent[]): void {
  listeners.forEach((listener) => listener(sent));
}

const post = {
  file: (blob: Blob) => sendFile(blob),
  batch: async (commands: Command[]) => (await got(api.POST('/api/v1/batch', { body: { commands: commands as never[] } }))).answers,
};

async function run(): Promise<void> {
  try {
    const sent = await flush(await database(), post);
    tell(sent);
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause; // no network, or signed out: the queue waits
    tell([]);
  }
}

/** Sends what waits. Called after each save, when the network returns, when the page is looked at again. */
export function push(): Promise<void> {
  running ??= run().then(
    () => void (running = undefined),
    (cause: unknown) => {
      running = undefined;
      throw cause;
    },
  );
  return running;
}

export interface Save {
  verb: string;
  fields: Record<string, unknown>;
  title: string;
  detail: string;
  /** What it is done to, where that is no case: the name of a register. */
  kind?: string;
  subject?: string;
  rev?: number;
  files?: Record<string, Attachment[]>;
}

const notSent = (one: Attachment | string): one is Attachment => typeof one !== 'string';
const isSent = (one: Attachment | string): one is string => typeof one === 'string';

/** A filled form for the queue: photos and recordings wait on the phone, the rest goes into the command as it is. */
export async function forQueue(form: Field[], draft: Draft): Promise<{ fields: Values; files: Record<string, Attachment[]> }> {
  const { words, voices } = spoken(draft, voicesOf(draft));
  const files: Record<string, Attachment[]> = { voices: voices.filter(notSent) };
  const plain: Draft = { ...words, voices: voices.filter(isSent) };
  for (const { name, type } of form) {
    if (type !== 'files') continue;
    const all = (draft[name] as (Attachment | string)[] | undefined) ?? [];
    files[name] = all.filter(notSent);
    plain[name] = all.filter(isSent);
  }
  return { fields: await sendable(form, plain, () => Promise.resolve([])), files };
}

/** A command that came back, as a form: of its photos and recordings those that arrived are hashes, the others still as they were. */
export async function draftOf(old: Queued): Promise<Draft> {
  const db = await database();
  const draft = { ...old.command.fields } as Draft;
  for (const [name, keys] of Object.entries(old.files)) {
    const waiting = await Promise.all(keys.map((key) => db.get('files', key)));
    draft[name] = [...((draft[name] as string[] | undefined) ?? []), ...waiting.flatMap((file) => (file ? [file] : []))];
  }
  return draft;
}

/** Keeps a command on the phone, then tries to send it. The answer, if it came at once. */
export async function save({ title, detail, files, ...rest }: Save): Promise<Sent | Queued> {
  const db = await database();
  const command: Command = { id: newId(), happened_at: new Date().toISOString(), ...rest };
  const one = await enqueue(db, { command, title, detail }, files ?? {});
  tell([]);
  let done: Sent | undefined;
  const watch: Listener = (sent) => {
    done = sent.find(({ queued: { id } }) => id === one.id) ?? done;
  };
  listeners.add(watch);
  await push();
  listeners.delete(watch);
  return done ?? (await db.get('queue', one.id)) ?? one;
}

export async function remove(id: string): Promise<void> {
  await drop(await database(), id);
  tell([]);
}

export function useQueue(): Queued[] {
  const [list, setList] = useState<Queued[]>([]);
  useEffect(() => {
    const read = () => void database().then(queued).then(setList);
    read();
    listeners.add(read);
    return () => void listeners.delete(read);
  }, []);
  return list;
}

export function onSent(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
