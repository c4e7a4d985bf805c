import { App, Select } from 'antd';
import { useState } from 'react';
import { api, got, sendFile } from '../../api/client';
import { useCommandId } from '../../api/command';
import { forget, useQuery } from '../../api/query';
import type { RegisterDef, RegisterForm, RegisterItem, RegisterPage, Session, Values, Verb } from '../../api/types';
import { sendable, type Draft } from '../../ui/form';
import { HungFiles } from '../../ui/hung';
import { go } from '../../ui/route';
import { Recordings, Said } from '../../ui/said';
import { day, moment } from '../../ui/time';
import { VerbForm } from '../../ui/verbform';
import { say } from '../../ui/words';
import { controls } from '../controls';
import { Doing } from '../doing';
import { readChoices, usePack, useUnit } from '../own';
import { t } from '../words';
import { Export } from '../export';
import { Classes } from './classes';
import { ExtraVisits } from './extra';
import { Papers } from './papers';
import { Programme } from './programme';
import './register.css';

/** A row in the list: what it is, where it stands, when something has to be done about it. */
function Row({ row, chosen }: { row: RegisterItem; chosen: boolean }) {
  return (
    <li>
      <a href={`#/registers/${row.register}/${row.id}`} aria-current={chosen ? 'true' : undefined}>
        <span className="title">
          {row.person && <b>{row.person.name} </b>}
          {row.title || row.facts[0]?.value}
        </span>
        <small>
          {[row.state_label, row.unit.name, row.account?.name].filter(Boolean).join(' · ')}
          {row.due && (
            <b className={row.overdue ? 'overdue' : ''}> {t(row.overdue ? 'register.overdue' : 'register.due', { day: day(row.due) })}</b>
          )}
        </small>
      </a>
    </li>
  );
}

function Facts({ row }: { row: RegisterItem }) {
  return (
    <dl className="facts">
      {row.person && (
        <>
          <dt>{t('register.person')}</dt>
          <dd>
            {row.person.name} {row.person.phone}
          </dd>
        </>
      )}
      {row.case && (
        <>
          <dt>{t('register.case')}</dt>
          <dd>
            <a href={`#/case/${row.case.id}`}>{row.case.number}</a>
          </dd>
        </>
      )}
      {row.account && (
        <>
          <dt>{t('register.account')}</dt>
          <dd>{row.account.name}</dd>
        </>
      )}
      {row.facts.map(({ name, label, value }) => (
        <div key={name} className="fact">
          <dt>{label}</dt>
          <dd>
            <Said text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Steps({ page }: { page: RegisterPage }) {
  return (
    <ol className="steps">
      {page.steps.map((step) => (
        <li key={step.n}>
          <b>{step.label}</b> <small>{[step.by, moment(step.at)].filter(Boolean).join(' · ')}</small>
          {step.text && (
            <p>
              <Said text={step.text} />
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}

interface PageProps {
  register: string;
  id: string;
  session: Session;
  onChange: () => void;
}

/** One row: what is known, what can be done to it now, what was done. */
function Page({ register, id, session, onChange }: PageProps) {
  const { message } = App.useApp();
  const { data, error, refresh } = useQuery(`row/${id}`, () =>
    got(api.GET('/api/v1/registers/{register}/{id}', { params: { path: { register, id } } })),
  );
  if (error) return <p className="error">{error.message || say('error.offline')}</p>;
  if (!data) return <p className="quiet">{say('state.loading')}</p>;
  const act = async (verb: Verb, values: Values, command: string) => {
    const header = { 'Idempotency-Key': command, 'If-Match': `"${data.rev}"` };
    const params = { path: { register, id, verb: verb.verb }, header };
    await got(api.POST('/api/v1/registers/{register}/{id}/{verb}', { params, body: values as RegisterForm }));
    message.success(t('case.did', { label: verb.label }));
    await refresh();
    onChange();
  };
  return (
    <Recordings.Provider value={data.files}>
      <article className="panel row-page">
        <h2>
          {data.title || data.person?.name} <small>{data.state_label}</small>
        </h2>
        <Facts row={data} />
        <HungFiles files={data.files} />
        {data.children.length > 0 && (
          <ul className="rows children">
            {data.children.map((row) => (
              <li key={row.id}>
                <a href={`#/registers/${row.register}/${row.id}`}>
                  <span className="title">
                    {row.person && <b>{row.person.name} </b>}
                    {row.title}
                  </span>
                  <small>{[row.state_label, ...row.facts.map(({ label, value }) => `${label} ${value}`)].join(' · ')}</small>
                </a>
              </li>
            ))}
          </ul>
        )}
        <div className="buttons">
          <Papers page={data} />
        </div>
        <Doing key={data.rev} verbs={data.verbs} session={session} begin={data.values as Draft} onAct={act} />
        {data.register === 'applications' && <Programme code={data.code} />}
        <Steps page={data} />
      </article>
    </Recordings.Provider>
  );
}

function NewRow({
  def,
  session,
  onDone,
  onCancel,
}: {
  def: RegisterDef;
  session: Session;
  onDone: (id: string) => void;
  onCancel: () => void;
}) {
  const once = useCommandId();
  const make = def.make;
  if (!make) return null;
  const verb: Verb = { verb: 'make', label: make.label, public: false, primary: true, missing: [], blocked: false, form: make.form };
  const send = async (draft: Draft) => {
    const body = (await sendable(make.form, draft, sendFile)) as RegisterForm;
    const path = { register: def.name };
    const made = await once((id) =>
      got(api.POST('/api/v1/registers/{register}', { params: { path, header: { 'Idempotency-Key': id } }, body })),
    );
    onDone(made.id);
  };
  return (
    <section className="panel">
      <VerbForm
        verb={verb}
        begin={{ unit: session.unit.code }}
        controls={controls}
        choices={(type) => readChoices(type, session.unit.code)}
        onSend={send}
        onCancel={onCancel}
      />
    </section>
  );
}

/** Before somebody applies: what each programme asks. */
function Programmes() {
  const pack = usePack();
  const [code, setCode] = useState<string>();
  return (
    <section className="panel">
      <Select
        aria-label={t('programme.look')}
        placeholder={t('programme.look')}
        options={(pack?.programmes ?? []).map((one) => ({ value: one.code, label: one.label }))}
        value={code}
        onChange={setCode}
      />
      {code && <Programme code={code} />}
    </section>
  );
}

/** The rows of one register: the open ones as they fall due, or those of a state. */
function Rows({ def, id, session }: { def: RegisterDef; id: string | undefined; session: Session }) {
  const own = useUnit(session.unit.code);
  const [unit, setUnit] = useState(session.unit.code);
  const [state, setState] = useState('');
  const [code, setCode] = useState('');
  const [making, setMaking] = useState(false);
  const query = { unit, limit: 100, ...(state ? { state } : {}), ...(code ? { code } : {}) };
  const { data, error, refresh } = useQuery(`rows/${def.name}/${unit}/${state}/${code}`, () =>
    got(api.GET('/api/v1/registers/{register}', { params: { path: { register: def.name }, query } })),
  );
  const units = [
    { value: session.unit.code, label: session.unit.name },
    ...(own?.children ?? []).map(({ code, name }) => ({ value: code, label: name })),
  ];
  const states = [
    { value: '', label: t('register.open') },
    ...def.states.map((one) => ({ value: one.state, label: one.label })),
    { value: 'all', label: t('register.all') },
  ];
  return (
    <>
      <div className="bar">
        <Select aria-label={t('register.unit')} options={units} value={unit} onChange={setUnit} />
        <Select aria-label={t('register.state')} options={states} value={state} onChange={setState} />
        {def.make && (
          <button type="button" className="button main" onClick={() => setMaking(true)}>
            {def.make.label}
          </button>
        )}
        <Export path={`registers/${def.name}`} query={{ unit }} />
        {def.name === 'care' && state === '' && (
          <ExtraVisits
            rows={data?.items ?? []}
            onDone={() => {
              forget(`rows/${def.name}/`);
              void refresh();
            }}
          />
        )}
      </div>
      {making && def.name === 'applications' && <Programmes />}
      <Classes def={def} unit={unit} code={code} onCode={setCode} />
      {making && (
        <NewRow
          def={def}
          session={session}
          onCancel={() => setMaking(false)}
          onDone={(made) => {
            setMaking(false);
            void refresh();
            go(`registers/${def.name}/${made}`);
          }}
        />
      )}
      <div className="two">
        <section className="panel">
          {error && <p className="error">{error.message || say('error.offline')}</p>}
          {!data && !error && <p className="quiet">{say('state.loading')}</p>}
          {data?.items.length === 0 && <p className="quiet">{t('register.none')}</p>}
          <ul className="rows">
            {data?.items.map((row) => (
              <Row key={row.id} row={row} chosen={row.id === id} />
            ))}
          </ul>
          {data?.next && <p className="quiet">{t('register.more')}</p>}
        </section>
        {id && (
          <Page
            key={id}
            register={def.name}
            id={id}
            session={session}
            onChange={() => {
              forget(`rows/${def.name}/${unit}/counts`);
              void refresh();
            }}
          />
        )}
      </div>
    </>
  );
}

/** What is kept beside the cases: each register has its rows, its states and its own verbs; the server says which. */
export function Registers({ session, path }: { session: Session; path: string[] }) {
  const { data, error } = useQuery('registers', () => got(api.GET('/api/v1/registers')));
  const [name, id] = path;
  const def = data?.items.find((one) => one.name === name) ?? data?.items[0];
  if (error) return <p className="error">{error.message || say('error.offline')}</p>;
  if (!data) return <p className="quiet">{say('state.loading')}</p>;
  return (
    <section className="registers">
      <nav className="tabs" aria-label={t('nav.registers')}>
        {data.items.map((one) => (
          <a key={one.name} href={`#/registers/${one.name}`} aria-current={one.name === def?.name ? 'page' : undefined}>
            {one.label}
          </a>
        ))}
      </nav>
      {def ? <Rows key={def.name} def={def} id={id} session={session} /> : <p className="quiet">{t('register.nothing')}</p>}
    </section>
  );
}
