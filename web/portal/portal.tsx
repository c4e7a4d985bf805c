import { useEffect, useState, type ComponentType } from 'react';
import { go, useRoute } from '../ui/route';
import { say } from '../ui/words';
import { Ask } from './ask';
import { Done } from './done';
import { Follow } from './follow';
import { Home } from './home';
import { MeTooPage } from './metoo';
import { sendKept } from './outbox';
import { Report } from './report';

/** What few come for is loaded when somebody does. */
function later<P extends object>(load: () => Promise<ComponentType<P>>) {
  return function Later(props: P) {
    const [One, setOne] = useState<ComponentType<P>>();
    useEffect(() => void load().then((loaded) => setOne(() => loaded)), []);
    return One ? <One {...props} /> : <p className="notice">{say('state.loading')}</p>;
  };
}
const Proof = later(() => import('./proof').then((all) => all.Proof));
const Rounds = later(() => import('./rounds').then((all) => all.Rounds));
const Subsidy = later(() => import('./subsidy').then((all) => all.Subsidy));
const Wall = later(() => import('./wall').then((all) => all.Wall));

/** ?t=CODE, as a slip's QR code says it, opens that matter. */
function openTracked(): void {
  const code = new URLSearchParams(location.search).get('t');
  if (code && !location.hash) go(`follow/${encodeURIComponent(code)}`, true);
}

function Page() {
  const { path, query } = useRoute();
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

export function Portal() {
  const [, redraw] = useState(0);
  useEffect(() => {
    openTracked();
    const retry = () => void sendKept(() => redraw((n) => n + 1));
    retry();
    window.addEventListener('online', retry);
    return () => window.removeEventListener('online', retry);
  }, []);
  return <Page />;
}
