import { App, Button } from 'antd';
import { useState } from 'react';
import { api, got } from '../../api/client';
import { useCommandId } from '../../api/command';
import { Problem } from '../../api/problem';
import { useQuery } from '../../api/query';
import type { PersonForm, PersonPage, Session } from '../../api/types';
import { CaseCard } from '../../ui/casecard';
import { day, moment } from '../../ui/time';
import { say } from '../../ui/words';
import { Doing } from '../doing';
import { t } from '../words';
import { AlikeList } from './alike';
import './person.css';

type Act = (id: string, verb: string, body: PersonForm, command: string) => Promise<void>;

function Once({ page, act }: { page: PersonPage; act: Act }) {
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const once = useCommandId();
  const doing = async (id: string, verb: string, body: PersonForm) => {
    setBusy(true);
    try {
      await once((command) => act(id, verb, body, command));
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      message.error(cause.message || say('error.offline'));
    } finally {
      setBusy(false);
    }
  };
  const may = page.verbs.some(({ verb }) => verb === 'merge');
  return (
    <>
      {page.merged_into && (
        <p className="notice" role="status">
          {t('person.mergedInto')} <a href={`#/person/${page.merged_into.id}`}>{page.merged_into.name}</a>
        </p>
      )}
      {page.merged.length > 0 && (
        <section className="panel">
          <h2>{t('person.merged')}</h2>
          <ul className="alike">
            {page.merged.map((one) => (
              <li key={one.id}>
                {one.name} {one.phone}{' '}
                <Button size="small" disabled={busy || !may} onClick={() => void doing(one.id, 'unmerge', {})}>
                  {t('person.takeApart')}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {page.alike.length > 0 && (
        <section className="panel">
          <h2>{t('person.alike')}</h2>
          <p className="soft">{t('person.alikeHint')}</p>
          <AlikeList
            people={page.alike}
            action={(one) =>
              may && (
                <Button size="small" disabled={busy} onClick={() => void doing(page.id, 'merge', { same_as: one.id })}>
                  {t('person.intoThis')}
                </Button>
              )
            }
          />
        </section>
      )}
    </>
  );
}

/** One person: what they are in, who may be the same, what was done to the entry. Masked like everywhere. */
export function PersonView({ id, session }: { id: string; session: Session }) {
  const { message } = App.useApp();
  const { data, error, refresh } = useQuery<PersonPage>(`person/${id}`, () =>
    got(api.GET('/api/v1/persons/{id}', { params: { path: { id } } })),
  );
  if (!data) {
    return (
      <p className="quiet" role="status">
        {error ? error.message || say('error.offline') : say('state.loading')}
      </p>
    );
  }
  const act: Act = async (who, verb, body, command) => {
    const header = { 'Idempotency-Key': command };
    await got(api.POST('/api/v1/persons/{id}/{verb}', { params: { path: { id: who, verb }, header }, body }));
    message.success(t('case.did', { label: data.verbs.find((one) => one.verb === verb)?.label ?? t('person.takeApart') }));
    await refresh();
  };
  return (
    <article className="person">
      <header className="title">
        <h1>
          {data.name} {data.phone}
        </h1>
        <p>
          {t('person.lives')} {data.unit.name}
          {data.died_on && <b className="state"> {t('person.died', { day: data.died_on })}</b>}
        </p>
      </header>
      <div className="columns">
        <div className="middle">
          <Once page={data} act={act} />
          <section className="panel">
            <h2>{t('person.cases')}</h2>
            {data.cases.length === 0 && <p className="soft">{t('person.noCases')}</p>}
            {data.cases.map(({ role_label, case: card }) => (
              <CaseCard key={card.id} card={card} href={`#/case/${card.id}`} note={role_label} />
            ))}
          </section>
          {data.registers.length > 0 && (
            <section className="panel">
              <h2>{t('person.registers')}</h2>
              <ul className="alike">
                {data.registers.map((row) => (
                  <li key={row.id}>
                    <a href={`#/registers/${row.register}/${row.id}`}>{row.title || row.facts[0]?.value}</a>{' '}
                    <small>{[row.state_label, row.due && day(row.due)].filter(Boolean).join(' · ')}</small>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
        <div className="right">
          <section className="panel verbs">
            <h2>{t('case.verbs')}</h2>
            {/* merging is done from the list of those who may be the same */}
            <Doing
              verbs={data.verbs.filter(({ verb }) => verb !== 'merge')}
              session={session}
              onAct={(verb, values, command) => act(id, verb.verb, values, command)}
            />
          </section>
          <section className="panel">
            <h2>{t('person.steps')}</h2>
            <ol className="steps">
              {data.steps.map((step, n) => (
                <li key={n}>
                  <b>{step.label}</b> <small>{[step.name, step.at && moment(step.at)].filter(Boolean).join(' · ')}</small>
                </li>
              ))}
            </ol>
          </section>
        </div>
      </div>
    </article>
  );
}
