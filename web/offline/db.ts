import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Card, Case } from '../api/types';
import type { Attachment } from '../ui/attachment';
import type { Queued } from './outbox';

interface Schema extends DBSchema {
  cards: { key: string; value: Card };
  cases: { key: string; value: Case };
  /** Single things by name: session, pack, cursor, the draft being typed. */
  kept: { key: string; value: unknown };
  queue: { key: string; value: Queued };
  files: { key: string; value: Attachment };
}

export type Database = IDBPDatabase<Schema>;

let opened: Promise<Database> | undefined;

/** One database a phone. What is in it belongs to who is signed in, and goes when they sign out. */
export function database(name = 'liuxiao'): Promise<Database> {
  opened ??= openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('cards', { keyPath: 'id' });
      db.createObjectStore('cases', { keyPath: 'id' });
      db.createObjectStore('kept');
      db.createObjectStore('queue', { keyPath: 'id' });
      db.createObjectStore('files', { keyPath: 'key' });
    },
    terminated() {
      opened = undefined;
    },
  });
  return opened;
}

export async function keep(name: string, value: unknown): Promise<void> {
  await (await database()).put('kept', value, name);
}

export async function kept<T>(name: string): Promise<T | undefined> {
  return (await (await database()).get('kept', name)) as T | undefined;
}

export async function unkeep(name: string): Promise<void> {
  await (await database()).delete('kept', name);
}

/** Signing out leaves nothing behind, but for what has not been sent: that would be lost for good. */
export async function wipe(): Promise<void> {
  const db = await database();
  await Promise.all([db.clear('cards'), db.clear('cases'), db.clear('kept')]);
}
