import { Dialog, PullToRefresh, Skeleton } from 'antd-mobile';
import { useState } from 'react';
import { api } from '../api/client';
import { forget, useQuery } from '../api/query';
import type { Card, Session } from '../api/types';
import { wipe } from '../offline/db';
import { CaseCard } from '../ui/casecard';
import { coverNotes } from '../ui/cover';
import { isLarge, setLarge } from '../ui/largetype';
import { say } from '../ui/words';
import { Frame } from './frame';
import { readMine, readPack } from './own';
import { useQueue } from './queue';
import { Season } from './season';
import { MyRows } from './rows';
import { VisitsDue } from './visits';
import { t } from './words';

async function signOut(waiting: number): Promise<void> {
  const text = waiting > 0 ? t('signOut.waiting', { n: waiting }) : t('signOut.sure');
  if (!(await Dialog.confirm({ content: text, confirmText: t('signOut.go'), cancelText: say('form.cancel') }))) return;
  await api.DELETE('/api/v1/session').catch(() => undefined);
  await wipe();
  forget();
  location.reload();
}

function Empty({ all }: { all: boolean }) {
  return (
    <div className="nothing">
      <p>{t(all ? 'list.none' : 'list.noneOfKind')}</p>
      <a className="button" href="#/spot">
        ＋ {t('tabs.spot')}
      </a>
    </div>
  );
}

export function List({ session }: { session: Session }) {
  const { data, error, loading, refresh } = useQuery('mine', readMine);
  const pack = useQuery('pack', readPack, 600e3).data;
  const waiting = useQueue();
  const [kind, setKind] = useState('');
  const queuedFor = (card: Card) => waiting.some(({ command }) => command.subject === card.id);
  const cards = data?.cards.filter((card) => kind === '' || card.kind === kind) ?? [];
  return (
    <Frame
      title={t('list.title', { name: session.account.name })}
      right={
        <>
          <a className="plain" href="#/me">
            {t('list.me')}
          </a>
          <button type="button" className="plain" onClick={() => setLarge(!isLarge())}>
            {t('list.large')}
          </button>
          <button type="button" className="plain" onClick={() => void signOut(waiting.length)}>
            {t('signOut.go')}
          </button>
        </>
      }
    >
      <div className="kind-filter" role="group" aria-label={t('spot.kind')}>
        {[{ kind: '', short: t('list.all') }, ...(pack?.kinds ?? [])].map((one) => (
          <button key={one.kind} type="button" aria-pressed={one.kind === kind} onClick={() => setKind(one.kind)}>
            {one.short}
          </button>
        ))}
      </div>
      <PullToRefresh onRefresh={() => refresh()}>
        {coverNotes(session).map((note) => (
          <a key={note} className="banner quiet" href="#/me">
            {note}
          </a>
        ))}
        <VisitsDue />
        <MyRows register="consults" />
        <MyRows register="errands" />
        <div className="cards">
          <Season session={session} />
          {data && !data.fresh && <p className="banner quiet">{t('list.stale')}</p>}
          {!data && loading && <Skeleton.Paragraph animated lineCount={8} />}
          {!data && error && (
            <div className="nothing">
              <p>{error.message || say('error.offline')}</p>
              <button type="button" className="button" onClick={() => void refresh()}>
                {say('state.again')}
              </button>
            </div>
          )}
          {data && cards.length === 0 && <Empty all={kind === ''} />}
          {cards.map((card) => (
            <CaseCard
              key={card.id}
              card={card}
              href={`#/case/${card.id}`}
              note={queuedFor(card) ? t('list.queued') : card.mine ? undefined : card.state === 'reported' ? t('list.offered') : undefined}
            />
          ))}
        </div>
      </PullToRefresh>
    </Frame>
  );
}
