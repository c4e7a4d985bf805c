import { useEffect, useRef, useState } from 'react';
import { go, useRoute } from '../../ui/route';
import { t } from '../words';

const longest = 60; // characters that the server takes

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable], [role="combobox"]');
}

/** In the head of every page; the / key goes there. */
export function SearchBox() {
  const { path, query } = useRoute();
  const asked = path[0] === 'search' ? (query.get('q') ?? '') : '';
  const [q, setQ] = useState(asked);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => setQ(asked), [asked]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
      event.preventDefault();
      box.current?.select();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
  return (
    <form
      role="search"
      className="search-box"
      onSubmit={(event) => {
        event.preventDefault();
        if (q.trim()) go(`search?${new URLSearchParams({ q: q.trim() }).toString()}`);
        box.current?.blur();
      }}
    >
      <input
        ref={box}
        type="search"
        maxLength={longest}
        aria-label={t('search.label')}
        placeholder={t('search.hint')}
        aria-keyshortcuts="/"
        value={q}
        onChange={(event) => setQ(event.currentTarget.value)}
      />
    </form>
  );
}
