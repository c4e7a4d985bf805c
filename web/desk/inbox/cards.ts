import { useCallback, useEffect, useRef, useState } from 'react';
import { api, got } from '../../api/client';
import { Problem } from '../../api/problem';
import type { ListFilter } from '../../api/types';
import type { Card } from '../../api/types';
import { useLive } from '../live';

const pageSize = 100;
const quiet = 800; // several events in a row make one reading

export interface Cards {
  items: Card[];
  loading: boolean;
  error: Problem | undefined;
  more: () => void;
  reload: () => void;
}

/** A list as long as one scrolls, and read anew when something in it may have changed. */
export function useCards(filter: ListFilter): Cards {
  const [items, setItems] = useState<Card[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<Problem>();
  const key = JSON.stringify(filter);
  const latest = useRef({ key, count: 0 });
  latest.current.key = key;
  latest.current.count = items.length;

  const read = useCallback(async (cursor?: string, limit = pageSize) => {
    const asked = latest.current.key;
    setLoading(true);
    try {
      const query = { ...(JSON.parse(asked) as ListFilter), limit, ...(cursor ? { cursor } : {}) };
      const page = await got(api.GET('/api/v1/cases', { params: { query } }));
      if (latest.current.key !== asked) return; // another filter was chosen meanwhile
      setItems((old) => (cursor ? [...old, ...page.items] : page.items));
      setNext(page.next);
      setError(undefined);
    } catch (cause) {
      if (cause instanceof Problem) setError(cause);
    } finally {
      if (latest.current.key === asked) setLoading(false);
    }
  }, []);

  useEffect(() => {
    setItems([]);
    void read();
  }, [key]);

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(
    useCallback(() => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void read(undefined, Math.min(200, Math.max(pageSize, latest.current.count))), quiet);
    }, []),
  );
  return { items, loading, error, more: () => void (next && !loading && read(next)), reload: () => void read() };
}
