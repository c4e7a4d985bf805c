import { useEffect, useState } from 'react';

export interface Route {
  /** The parts after the #: '#/case/abc?tab=all' gives ['case', 'abc']. */
  path: string[];
  query: URLSearchParams;
}

/** Addresses live behind the #, so that no server, cache or service worker needs to know them. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  return { path: path.split('/').filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

export function go(address: string, replace = false): void {
  if (replace) location.replace(`#/${address}`);
  else location.hash = `#/${address}`;
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => {
      setHash(location.hash);
      window.scrollTo(0, 0);
    };
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, []);
  return parseRoute(hash);
}
