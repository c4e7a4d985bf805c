import { useCallback, useEffect, useRef, useState } from 'react';
import { api, got } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Found, Hit } from '../../api/types';

const pageSize = 50;

export interface Hits {
  items: Hit[];
  /** False while the server makes its index again: there may be more than this. */
  complete: boolean;
  loading: boolean;
  error: Problem | undefined;
  more: (() => void) | undefined;
  again: () => void;
}

/** What a search finds, as far as one has asked for. */
export function useHits(q: string, kind: string): Hits {
  const [items, setItems] = useState<Hit[]>([]);
  const [last, setLast] = useState<Pick<Found, 'next' | 'complete'>>({ next: null, complete: true });
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<Problem>();
  const asking = useRef('');
  asking.current = `${kind} ${q}`;

  const read = useCallback(
    async (cursor?: string) => {
      const asked = `${kind} ${q}`;
      setLoading(true);
      setError(undefined);
      try {
        const query = { q, limit: pageSize, ...(kind ? { kind } : {}), ...(cursor ? { cursor } : {}) };
        const page = await got(api.GET('/api/v1/search', { params: { query } }));
        if (asking.current !== asked) return; // something else is looked for by now
        setItems((old) => (cursor ? [...old, ...page.items] : page.items));
        setLast(page);
      } catch (cause) {
        if (asking.current === asked && cause instanceof Problem) setError(cause);
      } finally {
        if (asking.current === asked) setLoading(false);
      }
    },
    [q, kind],
  );
  useEffect(() => {
    setItems([]);
    setLast({ next: null, complete: true });
    void read();
  }, [read]);
  const { next, complete } = last;
  return { items, complete, loading, error, more: next ? () => void read(next) : undefined, again: () => void read() };
}
