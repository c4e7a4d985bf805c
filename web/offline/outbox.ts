import { Problem } from '../api/problem';
import type { Answer, Command } from '../api/types';
import type { Attachment } from '../ui/attachment';
import type { Database } from './db';

/** A command on the phone, until the server has answered it. */
export interface Queued {
  id: string;
  order: number;
  command: Command;
  /** Which files go into which field; they are sent before the command. */
  files: Record<string, string[]>;
  /** What the person sees in the list. */
  title: string;
  detail: string;
  state: 'waiting' | 'blocked' | 'refused';
  reason?: string;
  field?: string;
}

export interface Post {
  file: (blob: Blob) => Promise<string[]>;
  batch: (commands: Command[]) => Promise<Answer[]>;
}

export interface Sent {
  queued: Queued;
  answer: Answer;
}

const most = 20; // commands in one batch

export async function queued(db: Database): Promise<Queued[]> {
  return (await db.getAll('queue')).sort((a, b) => a.order - b.order);
}

type Entry = Pick<Queued, 'command' | 'title' | 'detail'>;

/**
 * Keeps a command. If an earlier one on the same subject still waits, this one comes after it: its rev is not known yet.
 */
export async function enqueue(db: Database, entry: Entry, files: Record<string, Attachment[]> = {}): Promise<Queued> {
  const waiting = await queued(db);
  const { subject } = entry.command;
  const before = subject ? waiting.filter((one) => one.command.subject === subject).pop() : undefined;
  const command = { ...entry.command };
  if (before) {
    delete command.rev;
    command.after = before.id;
  }
  const last = waiting[waiting.length - 1];
  const one: Queued = { ...entry, command, id: command.id, order: (last?.order ?? 0) + 1, files: {}, state: 'waiting' };
  const write = db.transaction(['queue', 'files'], 'readwrite');
  for (const [field, list] of Object.entries(files)) {
    if (list.length === 0) continue;
    one.files[field] = list.map(({ key }) => key);
    for (const file of list) await write.objectStore('files').put(file);
  }
  await write.objectStore('queue').put(one);
  await write.done;
  return one;
}

async function forget(db: Database, one: Queued): Promise<void> {
  const write = db.transaction(['queue', 'files'], 'readwrite');
  for (const key of Object.values(one.files).flat()) await write.objectStore('files').delete(key);
  await write.objectStore('queue').delete(one.id);
  await write.done;
}

/** Takes one out for good. What waited for it no longer does. */
export async function drop(db: Database, id: string): Promise<void> {
  const one = await db.get('queue', id);
  if (one) await forget(db, one);
  for (const other of await queued(db)) {
    if (other.command.after !== id) continue;
    const { after: _gone, ...command } = other.command;
    await db.put('queue', { ...other, command, state: 'waiting' });
  }
}

/** Sends a command's files and writes their hashes into it; each that arrived is not sent again. */
async function sendFiles(db: Database, one: Queued, post: Post): Promise<Queued> {
  let now = one;
  for (const [field, keys] of Object.entries(one.files)) {
    for (const key of keys) {
      const file = await db.get('files', key);
      if (!file) continue;
      const hashes = await post.file(file.blob);
      const had = (now.command.fields[field] as string[] | undefined) ?? [];
      const left = (now.files[field] ?? []).filter((other) => other !== key);
      now = {
        ...now,
        command: { ...now.command, fields: { ...now.command.fields, [field]: [...had, ...hashes] } },
        files: { ...now.files, [field]: left },
      };
      await db.put('queue', now);
      await db.delete('files', key);
    }
  }
  return now;
}

function refused(one: Queued, problem: { reason: string; field: string | undefined }): Queued {
  return { ...one, state: 'refused', reason: problem.reason, ...(problem.field ? { field: problem.field } : {}) };
}

/** What an answer makes of its command: gone, refused with the reason, or still to be sent. */
async function settle(db: Database, one: Queued, answer: Answer | undefined): Promise<Sent | undefined> {
  if (!answer || answer.status === 429 || answer.status >= 500) return undefined;
  if (answer.status < 300) {
    await forget(db, one);
    return { queued: one, answer };
  }
  if (answer.body.code === 'blocked_by') await db.put('queue', { ...one, state: 'blocked' });
  else await db.put('queue', refused(one, { reason: answer.body.title ?? '', field: answer.body.field }));
  return undefined;
}

/**
 * Sends what waits, in order. Throws the Problem that stopped it (no network, signed out); whatever happens, a command
 * stays on the phone until the server has said that it is done or why it isn't.
 */
export async function flush(db: Database, post: Post): Promise<Sent[]> {
  const ready: Queued[] = [];
  for (const one of (await queued(db)).filter(({ state }) => state !== 'refused').slice(0, most)) {
    try {
      ready.push(await sendFiles(db, one, post));
    } catch (cause) {
      if (!(cause instanceof Problem) || cause.passing || cause.status === 401) throw cause;
      await db.put('queue', refused(one, { reason: cause.message, field: undefined }));
    }
  }
  if (ready.length === 0) return [];
  const answers = await post.batch(ready.map(({ command }) => command));
  const sent: Sent[] = [];
  for (const one of ready) {
    const done = await settle(
      db,
      one,
      answers.find(({ id }) => id === one.id),
    );
    if (done) sent.push(done);
  }
  return sent;
}
