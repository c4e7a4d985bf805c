import { Drawer } from 'antd';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { api, got } from '../../api/client';
import { useQuery } from '../../api/query';
import type { Activity, Card, Figures as Numbers, Page } from '../../api/types';
import { CaseCard } from '../../ui/casecard';
import { go } from '../../ui/route';
import { moment } from '../../ui/time';
import { say } from '../../ui/words';
import { t } from '../words';
import { address, type Scope } from './figures';

const most = 200;

/** The days a number was counted over: a month's are those of the month that lie in the period. */
function narrowed({ unit, from, to }: Scope, month: string | null): Scope {
  if (!month) return { unit, from, to };
  const last = dayjs(`${month}-01`).endOf('month').format('YYYY-MM-DD');
  return { unit, from: from > `${month}-01` ? from : `${month}-01`, to: to < last ? to : last };
}

function Talk({ one }: { one: Activity }) {
  return (
    <div className="case-card">
      <span className="over">
        <span>{[one.form_label, one.topic_label].filter(Boolean).join(' · ')}</span>
        <span>{moment(one.at)}</span>
      </span>
      <strong>{one.title || one.type_label}</strong>
      <span>{one.text}</span>
    </div>
  );
}

function Cases({ asked }: { asked: Scope & { kind?: string | undefined; category?: string | undefined } }) {
  const read = () => got<Page<Card>>(api.GET('/api/v1/figures/cases', { params: { query: { ...asked, limit: most } } }));
  return (
    <Rows
      name={`behind/${JSON.stringify(asked)}`}
      read={read}
      draw={(card) => <CaseCard key={card.id} card={card} href={`#/case/${card.id}`} />}
    />
  );
}

function Talks({ asked }: { asked: Scope }) {
  const read = () => got<Page<Activity>>(api.GET('/api/v1/activities', { params: { query: { ...asked, type: 'talk', limit: most } } }));
  return <Rows name={`talks/${JSON.stringify(asked)}`} read={read} draw={(one) => <Talk key={one.id} one={one} />} />;
}

function Rows<T>({ name, read, draw }: { name: string; read: () => Promise<Page<T>>; draw: (one: T) => ReactNode }) {
  const { data, error } = useQuery(name, read);
  if (!data) return <p className={error ? 'error' : 'quiet'}>{error ? error.message || say('error.offline') : say('state.loading')}</p>;
  return (
    <>
      {data.items.length === 0 && <p className="quiet">{say('state.none')}</p>}
      {data.items.map(draw)}
      {data.next && <p className="soft">{t('figures.first', { n: most })}</p>}
    </>
  );
}

/** What is behind a number: cases, or the talks that were held. */
export function Behind({ scope, query, numbers }: { scope: Scope; query: URLSearchParams; numbers: Numbers | undefined }) {
  const named = (name: string) => query.get(name) ?? undefined;
  const [kind, category, month] = [named('kind'), named('category'), query.get('month')];
  const asked = narrowed({ ...scope, unit: query.get('in') ?? scope.unit }, month);
  const unit = numbers?.units.find(({ code }) => code === asked.unit)?.name;
  const label = numbers?.categories.find(({ code }) => code === category)?.label;
  const title = [unit, kind && numbers?.labels[kind], label, month].filter(Boolean).join(' · ');
  return (
    <Drawer open size={460} title={title || t('figures.behind')} onClose={() => go(address(scope))}>
      {kind === 'talk' ? (
        <Talks key={JSON.stringify(asked)} asked={asked} />
      ) : (
        <Cases key={JSON.stringify([asked, kind, category])} asked={{ ...asked, kind, category }} />
      )}
    </Drawer>
  );
}
