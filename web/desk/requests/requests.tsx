import type { Session } from '../../api/types';
import { t } from '../words';
import { Calls } from './calls';
import { Paper } from './paper';
import { Proofs } from './proofs';
import { Rule } from './rule';
import { Subsidies } from './subsidies';
import './requests.css';

const tabs = { calls: Calls, rule: Rule, proofs: Proofs, subsidies: Subsidies, paper: Paper } as const;
type Tab = keyof typeof tabs;
/** What goes with requests beside the cases themselves, a tab each. */
export function Requests({ session, at }: { session: Session; at: string | undefined }) {
  const tab: Tab = at !== undefined && at in tabs ? (at as Tab) : 'calls';
  const One = tabs[tab];
  return (
    <section className="requests">
      <nav className="tabs" aria-label={t('nav.requests')}>
        {(Object.keys(tabs) as Tab[]).map((one) => (
          <a key={one} href={`#/requests/${one}`} aria-current={one === tab ? 'page' : undefined}>
            {t(`requests.${one}`)}
          </a>
        ))}
      </nav>
      <One session={session} />
    </section>
  );
}
