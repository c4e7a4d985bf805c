import { Popup, Skeleton, Toast } from 'antd-mobile';
import { useState } from 'react';
import { api, got } from '../api/client';
import { useQuery } from '../api/query';
import type { RegisterItem, RegisterPage, Session, Verb } from '../api/types';
import type { Draft } from '../ui/form';
import { HungFiles } from '../ui/hung';
import { go } from '../ui/route';
import { Recordings, Said } from '../ui/said';
import { day } from '../ui/time';
import { VerbForm } from '../ui/verbform';
import { Frame } from './frame';
import { either, readChoices } from './own';
import { People } from './people';
import { forQueue, save, useQueue } from './queue';
import { t } from './words';

const readRow = (register: string, id: string) =>
  either<RegisterPage>(`row/${id}`, () => got(api.GET('/api/v1/registers/{register}/{id}', { params: { path: { register, id } } })));

/** What waits for me in a register; each page is kept on the phone. */
async function readMine(register: string): Promise<RegisterItem[]> {
  const items = await either(register, async () => {
    const query = { mine: 'true', limit: 50 };
    return (await got(api.GET('/api/v1/registers/{register}', { params: { path: { register }, query } }))).items;
  });
  void Promise.all(items.map(({ register, id }) => readRow(register, id).catch(() => undefined)));
  return items;
}

/** Errands that I run, questions that I am asked. */
export function MyRows({ register }: { register: 'errands' | 'consults' }) {
  const { data } = useQuery(register, () => readMine(register));
  const waiting = useQueue();
  if (!data || data.length === 0) return null;
  return (
    <section className="block visits">
      <h2>{t(`rows.${register}`, { n: data.length })}</h2>
      <ul>
        {data.map((row) => (
          <li key={row.id}>
            <a href={`#/row/${row.register}/${row.id}`}>
              <span>
                <b>{row.person?.name}</b> {row.title} <small>{row.state_label}</small>
              </span>
              <small className={row.overdue ? 'due late' : 'due'}>
                {waiting.some(({ command }) => command.subject === row.id)
                  ? t('list.queued')
                  : row.due && t('visits.due', { day: day(row.due) })}
              </small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

async function act(page: RegisterPage, verb: Verb, draft: Draft): Promise<void> {
  const { fields, files } = await forQueue(verb.form, draft);
  const title = `${verb.label} · ${page.title}`;
  const done = await save({
    verb: verb.verb,
    kind: page.register,
    subject: page.id,
    rev: page.rev,
    fields,
    files,
    title,
    detail: page.person?.name ?? '',
  });
  Toast.show({ content: 'answer' in done ? t('visits.done') : done.state === 'refused' ? (done.reason ?? '') : t('case.kept') });
}

/** A row of a register on the phone: what is known, and what can be done to it now. */
export function RowPage({ register, id, session }: { register: string; id: string; session: Session }) {
  const { data, error, loading, refresh } = useQuery(`row/${id}`, () => readRow(register, id));
  const [open, setOpen] = useState<Verb>();
  return (
    <Frame
      title={data?.title ?? ''}
      back={() => go('')}
      foot={
        <div className="verbs">
          {data?.verbs.map((verb) => (
            <button key={verb.verb} type="button" className={verb.primary ? 'button main' : 'button'} onClick={() => setOpen(verb)}>
              {verb.label}
            </button>
          ))}
        </div>
      }
    >
      {data?.person && <People people={[{ ...data.person, role: 'subject', role_label: data.state_label, side: 0 }]} />}
      {data && (
        <Recordings.Provider value={data.files}>
          <section className="block">
            <dl className="facts">
              {data.facts.map(({ name, label, value }) => (
                <div key={name}>
                  <dt>{label}</dt>
                  <dd>
                    <Said text={value} />
                  </dd>
                </div>
              ))}
            </dl>
            <HungFiles files={data.files} />
          </section>
        </Recordings.Provider>
      )}
      {!data && loading && <Skeleton.Paragraph animated lineCount={8} />}
      {!data && error && <p className="nothing">{error.offline ? t('case.notHere') : error.message}</p>}
      <Popup visible={open !== undefined} onMaskClick={() => setOpen(undefined)} bodyClassName="sheet" destroyOnClose>
        {open && data && (
          <>
            <h2>{open.label}</h2>
            <VerbForm
              verb={open}
              choices={(type) => readChoices(type, session.unit.code)}
              onSend={async (draft) => {
                await act(data, open, draft);
                setOpen(undefined);
                await refresh();
              }}
              onCancel={() => setOpen(undefined)}
            />
          </>
        )}
      </Popup>
    </Frame>
  );
}
