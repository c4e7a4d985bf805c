import type { Session } from '../../api/types';
import { t } from '../words';
import { Rule } from './rule';
import './requests.css';

const tabs = { rule: Rule } as const;
type Tab = keyof typeof tabs;
const names: Record<Tab, 'requests.rule'> = { rule: 'requests.rule' };

/** What goes with requests beside the cases themselves, a tab each. */
export function Requests({ session, at }: { session: Session; at: string | undefined }) {
  const tab: Tab = at !== undefined && at in tabs ? (at as Tab) : 'rule';
  const One = tabs[tab];
  return (
    <section className="requests">
      <nav className="tabs" aria-label={t('nav.requests')}>
        {(Object.keys(tabs) as Tab[]).map((one) => (
          <a key={one} href={`#/requests/${one}`} aria-current={one === tab ? 'page' : undefined}>
            {t(names[one])}
          </a>
        ))}
      </nav>
      <One session={session} />
    </section>
  );
}
