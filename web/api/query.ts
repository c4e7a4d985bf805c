import { useCallback, useEffect, useState } from 'react';
import { Problem } from './problem';

// The one layer of server state: what was read is kept by key, shown at once, and read again behind it.

interface Entry {
  data: unknown;
  error: Problem | undefined;
  loading: Promise<void> | undefined;
  at: number;
  read: (() => Promise<unknown>) | undefined;
}

const entries = new Map<string, Entry>();
const watchers = new Map<string, Set<() => void>>();

function entry(key: string): Entry {
  let found = entries.get(key);
  if (!found) {
    found = { data: undefined, error: undefined, loading: undefined, at: 0, read: undefined };
    entries.set(key, found);
  }
  return found;
}

function tell(key: string): void {
  watchers.get(key)?.forEach((watcher) => watcher());
}

function load(key: string, read: () => Promise<unknown>): Promise<void> {
  const kept = entry(key);
  kept.read = read;
  if (kept.loading) return kept.loading;
  kept.loading = read()
    .then(
      (data) => {
        kept.data = data;
        kept.error = undefined;
        kept.at = Date.now();
      },
      (cause: unknown) => {
        kept.error = cause instanceof Problem ? cause : new Problem(0, { code: 'broken' });
      },
    )
    .then(() => {
      kept.loading = undefined;
      tell(key);
    });
  tell(key);
  return kept.loading;
}

export interface Query<T> {
  data: T | undefined;
  error: Problem | undefined;
  loading: boolean;
  refresh: () => Promise<void>;
}

/** Reads `key`; a null key reads nothing. What is younger than `fresh` milliseconds is not read again. */
export function useQuery<T>(key: string | null, read: () => Promise<T>, fresh = 0): Query<T> {
  const [, redraw] = useState(0);
  const drawn = key === null ? 0 : entry(key).at;
  useEffect(() => {
    if (key === null) return undefined;
    const watcher = () => redraw((n) => n + 1);
    const set = watchers.get(key) ?? new Set();
    watchers.set(key, set.add(watcher));
    if (entry(key).at !== drawn) watcher(); // it came between drawing and watching
    if (Date.now() - entry(key).at >= fresh || entry(key).at === 0) void load(key, read);
    return () => {
      set.delete(watcher);
    };
  }, [key]);
  const refresh = useCallback(() => (key === null ? Promise.resolve() : load(key, read)), [key]);
  if (key === null) return { data: undefined, error: undefined, loading: false, refresh };
  const kept = entry(key);
  return {
    data: kept.data as T | undefined,
    error: kept.error,
    loading: kept.loading !== undefined || (kept.at === 0 && kept.error === undefined),
    refresh,
  };
}

/** Puts what a write answered where the next reader looks. */
export function put(key: string, data: unknown): void {
  Object.assign(entry(key), { data, error: undefined, at: Date.now() });
  tell(key);
}

/** Forgets every key that begins so; what is on screen is read again at once. */
export function forget(prefix = ''): void {
  for (const key of Array.from(entries.keys())) {
    if (!key.startsWith(prefix)) continue;
    const { read } = entry(key);
    if (watchers.get(key)?.size && read) void load(key, read);
    else entries.delete(key);
  }
}
