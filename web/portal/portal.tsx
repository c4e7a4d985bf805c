import { useEffect, useState } from 'react';
import { go, useRoute } from '../ui/route';
import { Ask } from './ask';
import { Done } from './done';
import { Follow } from './follow';
import { Home } from './home';
import { MeTooPage } from './metoo';
import { sendKept } from './outbox';
import { Proof } from './proof';
import { Report } from './report';
import { Rounds } from './rounds';
import { Subsidy } from './subsidy';
import { Wall } from './wall';

/** ?t=CODE, as a slip's QR code says it, opens that matter. */
function openTracked(): void {
  const code = new URLSearchParams(location.search).get('t');
  if (code && !location.hash) go(`follow/${encodeURIComponent(code)}`, true);
}

export function Portal() {
  const { path, query } = useRoute();
  const [, redraw] = useState(0);
  useEffect(() => {
    openTracked();
    const retry = () => void sendKept(() => redraw((n) => n + 1));
    retry();
    window.addEventListener('online', retry);
    return () => window.removeEventListener('online', retry);
  }, []);
  if (path[0] === 'report') return <Report complaint={query.get('about') === 'complaint'} />;
  if (path[0] === 'ask') return <Ask />;
  if (path[0] === 'metoo') return <MeTooPage number={path[1]} />;
  if (path[0] === 'proof') return <Proof />;
  if (path[0] === 'rounds') return <Rounds />;
  if (path[0] === 'subsidy') return <Subsidy />;
  if (path[0] === 'wall') return <Wall />;
  if (path[0] === 'done') return <Done track={path[1] ?? ''} />;
  if (path[0] === 'follow') return <Follow key={path[1] ?? ''} code={path[1]} />;
  return <Home />;
}
