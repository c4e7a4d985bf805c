import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { api, got } from '../../api/client';
import { Problem } from '../../api/problem';
import { forget, put, useQuery } from '../../api/query';
import type { Ledger, Session } from '../../api/types';
import { go } from '../../ui/route';
import { moment } from '../../ui/time';
import { say } from '../../ui/words';
import { t } from '../words';
import { Checked } from './checked';
import { Columns } from './columns';
import { Result } from './result';

export const keyOf = (id: string) => `ledger/${id}`;

/** A step of a ledger: what it answers, or why not. */
export function useStep(id: string): {
  busy: boolean;
  wrong: Problem | undefined;
  step: (call: () => Promise<unknown>) => Promise<boolean>;
} {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Problem>();
  const step = async (call: () => Promise<unknown>) => {
    setBusy(true);
    setWrong(undefined);
    try {
      await call();
      forget(keyOf(id));
      return true;
    } catch (cause) {
      setWrong(cause instanceof Problem ? cause : new Problem(0, { code: 'broken' }));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, wrong, step };
}

export function Wrong({ wrong }: { wrong: Problem | undefined }) {
  if (!wrong) return null;
  return (
    <p className="error" role="alert">
      {wrong.message || say(wrong.offline ? 'error.offline' : 'error.broken')}
    </p>
  );
}

const stepNames = ['upload', 'columns', 'check', 'bring'] as const;

function stepOf(state: Ledger['state'], editing: boolean): number {
  if (state === 'draft' || editing) return 1;
  if (state === 'checking' || state === 'checked') return 2;
  return 3;
}

function Steps({ at }: { at: number }) {
  return (
    <ol className="steps">
      {stepNames.map((name, i) => (
        <li key={name} className={i < at ? 'past' : ''} aria-current={i === at ? 'step' : undefined}>
          <b>{i + 1}</b> {t(`ledger.step.${name}`)}
        </li>
      ))}
    </ol>
  );
}

const atWork = ['checking', 'running', 'undoing'];

/** The rows are done by the server: this page may be left, the browser closed, the server started anew. */
function Progress({ ledger }: { ledger: Ledger }) {
  const { state, done, rows } = ledger;
  const word = state === 'checking' ? 'ledger.checking' : state === 'running' ? 'ledger.running' : 'ledger.undoing';
  return (
    <section className="panel progress" role="status">
      <h2>{t(word)}</h2>
      <progress max={rows || 1} {...(rows > 0 ? { value: Math.min(done, rows) } : {})} aria-label={t(word)} />
      <p>{rows > 0 ? t('ledger.doneOf', { done, rows }) : t('ledger.doneRows', { done })}</p>
      <p className="soft">{t('ledger.mayLeave')}</p>
    </section>
  );
}

function Away({ ledger }: { ledger: Ledger }) {
  const [sure, setSure] = useState(false);
  const { busy, wrong, step } = useStep(ledger.id);
  const drop = () =>
    step(async () => {
      await got(api.DELETE('/api/v1/ledgers/{id}', { params: { path: { id: ledger.id } } }));
      forget('ledgers');
      go('ledgers');
    });
  return (
    <span className="away">
      {!sure && (
        <Button type="text" onClick={() => setSure(true)}>
          {t('ledger.drop')}
        </Button>
      )}
      {sure && (
        <>
          {t('ledger.dropSure')}{' '}
          <Button danger autoFocus loading={busy} onClick={() => void drop()}>
            {t('ledger.dropYes')}
          </Button>{' '}
          <Button onClick={() => setSure(false)}>{t('ledger.no')}</Button>
        </>
      )}
      <Wrong wrong={wrong} />
    </span>
  );
}

/** What stands on the page for a state; `editing`: the columns once more, after a check. */
function Body({
  ledger,
  session,
  editing,
  onEdit,
}: {
  ledger: Ledger;
  session: Session;
  editing: boolean;
  onEdit: (yes: boolean) => void;
}) {
  if (atWork.includes(ledger.state)) return <Progress ledger={ledger} />;
  if (ledger.state === 'draft' || (ledger.state === 'checked' && editing)) {
    if (!ledger.has_file) return <p className="panel">{t('ledger.commandLine')}</p>;
    return <Columns ledger={ledger} session={session} onChecking={() => onEdit(false)} />;
  }
  if (ledger.state === 'checked') return <Checked ledger={ledger} onEdit={() => onEdit(true)} />;
  return <Result ledger={ledger} />;
}

export function LedgerPage({ id, session }: { id: string; session: Session }) {
  const [editing, setEditing] = useState(false);
  const read = () => got<Ledger>(api.GET('/api/v1/ledgers/{id}', { params: { path: { id } } }));
  const { data, error, refresh } = useQuery<Ledger>(keyOf(id), read);
  const working = data !== undefined && atWork.includes(data.state);
  useEffect(() => {
    if (!working) return undefined;
    const timer = setInterval(() => void refresh(), 1000);
    return () => {
      clearInterval(timer);
      forget('ledgers');
    };
  }, [working]);
  if (!data) return <p className={error ? 'error' : 'quiet'}>{error ? error.message || say('error.offline') : say('state.loading')}</p>;
  const show = (other: Ledger) => put(keyOf(id), other);
  return (
    <>
      <header className="head">
        <a href="#/ledgers">‹ {t('ledger.title')}</a>
        <h1>{data.name}</h1>
        <span className="soft">{data.created_at && t('ledger.uploaded', { at: moment(data.created_at) })}</span>
        {data.has_file && !working && <Away ledger={data} />}
      </header>
      <Steps at={stepOf(data.state, editing)} />
      {data.earlier && (data.state === 'draft' || data.state === 'checked') && (
        <p className="warn" role="note">
          {t(data.earlier.mine ? 'ledger.again' : 'ledger.againOther', { at: data.earlier.at ? moment(data.earlier.at) : '' })}
        </p>
      )}
      {data.table && (data.state === 'draft' || editing) && <Sheets ledger={data} onShow={show} />}
      <Body
        key={data.table ? `${data.table.sheet}.${data.table.header}` : ''}
        ledger={data}
        session={session}
        editing={editing}
        onEdit={setEditing}
      />
    </>
  );
}

/** Which sheet, and on which row the names of the columns stand: found by the server, put right by who sees the table. */
function Sheets({ ledger, onShow }: { ledger: Ledger; onShow: (other: Ledger) => void }) {
  const [wrong, setWrong] = useState<Problem>();
  const table = ledger.table;
  if (!table) return null;
  const look = async (query: { sheet: number; header?: number }) => {
    setWrong(undefined);
    try {
      onShow(await got<Ledger>(api.GET('/api/v1/ledgers/{id}', { params: { path: { id: ledger.id }, query } })));
    } catch (cause) {
      const told = cause instanceof Problem ? cause : new Problem(0, { code: 'broken' });
      const words = told.field === 'file' ? t('ledger.noTableHere') : told.field === 'header' ? t('ledger.noNamesThere') : told.message;
      setWrong(new Problem(told.status, { code: told.code, title: words }));
    }
  };
  return (
    <div className="filters sheets">
      {table.sheets.length > 1 && (
        <label>
          {t('ledger.sheet')}{' '}
          <select value={table.sheet} onChange={(event) => void look({ sheet: Number(event.currentTarget.value) })}>
            {table.sheets.map((name, i) => (
              <option key={name} value={i + 1}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {t('ledger.header')}{' '}
        <select value={table.header} onChange={(event) => void look({ sheet: table.sheet, header: Number(event.currentTarget.value) })}>
          {Array.from({ length: Math.max(10, table.header) }, (_, i) => (
            <option key={i} value={i + 1}>
              {t('ledger.line', { n: i + 1 })}
            </option>
          ))}
        </select>
      </label>
      <span className="soft">{t('ledger.found', { rows: table.rows, columns: table.columns.filter(Boolean).length })}</span>
      <Wrong wrong={wrong} />
    </div>
  );
}
