import { api, got } from '../api/client';
import { Problem } from '../api/problem';
import { whole } from '../api/whole';
import type { Card, Case, Option, Pack, Field } from '../api/types';
import { database, keep, kept } from '../offline/db';

// What the phone holds of its owner's scope: read from the server when there is a network, from the phone when not.

/** Reads and keeps; where the network fails, what was kept last. */
export async function either<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    const fresh = await read();
    await keep(name, fresh);
    return fresh;
  } catch (cause) {
    if (!(cause instanceof Problem) || !cause.passing) throw cause;
    const old = await kept<T>(name);
    if (old === undefined) throw cause;
    return old;
  }
}

export const readSession = () => either('session', () => got(api.GET('/api/v1/session')));
export const readPack = () => either<Pack>('pack', () => got(api.GET('/api/v1/pack')));

export interface MyList {
  cards: Card[];
  /** False: as it was when there last was a network. */
  fresh: boolean;
}

const pageSize = 100;

/** What I hold, and what is new in my villages and nobody has taken: stewards are offered it first (D2). */
async function readBoth(): Promise<Card[]> {
  const page = (view: string) => got(api.GET('/api/v1/cases', { params: { query: { view, limit: pageSize } } }));
  const [held, fresh] = await Promise.all([page('mine'), page('new')]);
  const known = new Set(held.items.map(({ id }) => id));
  const all = [...held.items, ...fresh.items.filter(({ id }) => !known.has(id))];
  const due = (card: Card) => (card.due ? Date.parse(card.due.at) : Infinity);
  return all.sort((a, b) => due(a) - due(b) || 0);
}

export async function readMine(): Promise<MyList> {
  const db = await database();
  try {
    const items = await readBoth();
    const write = db.transaction('cards', 'readwrite');
    await write.store.clear();
    for (const card of items) await write.store.put(card);
    await write.done;
    await keep(
      'order',
      items.map(({ id }) => id),
    );
    void fetchCases(items);
    return { cards: items, fresh: true };
  } catch (cause) {
    if (!(cause instanceof Problem) || !cause.passing) throw cause;
    const order = (await kept<string[]>('order')) ?? [];
    const cards = (await db.getAll('cards')).sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    return { cards, fresh: false };
  }
}

/** So that each of my cases opens without a network too. Only those that changed are read. */
async function fetchCases(cards: Card[]): Promise<void> {
  const db = await database();
  for (const { id, rev } of cards) {
    if ((await db.get('cases', id))?.rev === rev) continue;
    try {
      await db.put('cases', whole(await got(api.GET('/api/v1/cases/{id}', { params: { path: { id } } }))));
    } catch {
      return; // next time
    }
  }
}

export async function readCase(id: string): Promise<Case> {
  const db = await database();
  try {
    const fresh = whole(await got(api.GET('/api/v1/cases/{id}', { params: { path: { id } } })));
    await db.put('cases', fresh);
    return fresh;
  } catch (cause) {
    const old = cause instanceof Problem && cause.passing ? await db.get('cases', id) : undefined;
    if (!old) throw cause;
    return old;
  }
}

/** What a form's office, account or unit field may choose from. */
export async function readChoices(type: Field['type'], unit: string): Promise<Option[]> {
  if (type === 'office') {
    const { items } = await either('offices', () => got(api.GET('/api/v1/offices', { params: { query: { unit } } })));
    return items.map(({ id, name }) => ({ value: id, label: name }));
  }
  if (type === 'account') {
    const { items } = await either('accounts', () => got(api.GET('/api/v1/accounts', { params: { query: { unit } } })));
    return items.map(({ id, name, posts }) => ({ value: id, label: `${name}（${posts.join('、')}）` }));
  }
  if (type === 'unit') return (await readGroups(unit)).map(({ code, name }) => ({ value: code, label: name }));
  return [];
}

export async function readGroups(unit: string): Promise<{ code: string; name: string }[]> {
  const page = await either(`unit/${unit}`, () => got(api.GET('/api/v1/units/{code}', { params: { path: { code: unit } } })));
  return page.children;
}
