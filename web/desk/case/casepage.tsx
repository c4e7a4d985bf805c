import { Segmented } from 'antd';
import { useCallback, useState } from 'react';
import { api, got } from '../../api/client';
import { useQuery } from '../../api/query';
import type { Case, ReadyAnswer, Session } from '../../api/types';
import { whole } from '../../api/whole';
import { Flags } from '../../ui/casecard';
import { extensionNotes } from '../../ui/extension';
import { PromiseBar } from '../../ui/promise';
import { Timeline } from '../../ui/timeline';
import { HungFiles } from '../../ui/hung';
import { Recordings, Said } from '../../ui/said';
import { say } from '../../ui/words';
import { useLive, type CaseEvent } from '../live';
import { t } from '../words';
import { Clocks } from './clocks';
import { Copy } from './copy';
import { Duties } from './duties';
import { Facts } from './facts';
import { MediationPanel } from './mediation';
import { People } from './people';
import { Print } from './print';
import { Similar } from './similar';
import { Verbs } from './verbs';

function Story({ one }: { one: Case }) {
  const [only, setOnly] = useState<'all' | 'public'>('all');
  const steps = one.timeline
    .filter((step) => only === 'all' || step.open)
    .map((step) => ({
      key: step.id,
      label: step.label,
      at: step.at,
      recordedAt: step.recorded_at,
      who: [step.actor.name, step.actor.post].filter(Boolean).join(' · '),
      text: step.text,
      inside: !step.open,
      facts: step.facts,
    }))
    .reverse();
  return (
    <section className="panel story">
      <header>
        <h2>{t('case.story')}</h2>
        <Segmented
          value={only}
          onChange={setOnly}
          options={[
            { value: 'all', label: t('case.all') },
            { value: 'public', label: t('case.public') },
          ]}
        />
      </header>
      <Timeline steps={steps} />
    </section>
  );
}

export function CasePage({ id, session }: { id: string; session: Session }) {
  const [given, setGiven] = useState<ReadyAnswer>();
  const key = `case/${id}`;
  const { data, error, refresh } = useQuery<Case>(key, async () =>
    whole(await got(api.GET('/api/v1/cases/{id}', { params: { path: { id } } }))),
  );
  useLive(
    useCallback(
      (event: CaseEvent) => {
        if (event.id === id) void refresh();
      },
      [id],
    ),
  );
  if (!data) {
    return (
      <p className="quiet" role="status">
        {error ? error.message || say('error.offline') : say('state.loading')}
      </p>
    );
  }
  return (
    <Recordings.Provider value={data.files}>
      <article className="case">
        <header className="title">
          <a
            href="#/"
            onClick={(event) => {
              event.preventDefault();
              history.back();
            }}
          >
            ‹ {t('case.back')}
          </a>
          <h1>{data.title}</h1>
          <p>
            <b>{data.number}</b> <span className="state">{data.state_label}</span> <Flags card={data} />
          </p>
          <div className="take">
            <Copy one={data} />
            <Print one={data} />
          </div>
        </header>
        <div className="columns">
          <div className="left">
            <Facts one={data} />
            <People people={data.persons} />
          </div>
          <div className="middle">
            <Duties one={data} />
            <section className="panel">
              <PromiseBar promises={data.promises} />
              {extensionNotes(data).map((note) => (
                <p key={note} className="extension">
                  {note}
                </p>
              ))}
              <p className="words">
                <Said text={data.text} />
              </p>
              <HungFiles files={data.files} />
            </section>
            <MediationPanel one={data} onDone={() => void refresh()} />
            <Story one={data} />
          </div>
          <div className="right">
            <Verbs one={data} session={session} given={given} onDone={() => setGiven(undefined)} />
            <Similar one={data} onUse={data.verbs.some(({ verb }) => verb === 'reply') ? setGiven : undefined} />
            <Clocks clocks={data.clocks} />
          </div>
        </div>
      </article>
    </Recordings.Provider>
  );
}
