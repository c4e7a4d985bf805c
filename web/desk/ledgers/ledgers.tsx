import { useState } from 'react';
import { api, got } from '../../api/client';
import { Problem } from '../../api/problem';
import { forget, useQuery } from '../../api/query';
import type { Ledger, LedgerState, Session } from '../../api/types';
import { go } from '../../ui/route';
import { moment } from '../../ui/time';
import { say } from '../../ui/words';
import { t } from '../words';
import { sendLedger } from './calls';
import './ledgers.css';
import { LedgerPage } from './page';

/** Where a ledger stands, in one line: what there is to be done, or what came of it. */
export function standing({ state, rows, done, good, same, bad }: LedgerState): string {
  switch (state) {
    case 'draft':
      return t('ledger.state.draft');
    case 'checking':
      return t('ledger.state.checking', { done });
    case 'checked':
      return bad > 0 ? t('ledger.state.checkedBad', { good, bad }) : t('ledger.state.checked', { good });
    case 'running':
      return t('ledger.state.running', { done, rows });
    case 'done':
      return [t('ledger.state.done', { good }), same > 0 && t('ledger.state.same', { same }), bad > 0 && t('ledger.state.bad', { bad })]
        .filter(Boolean)
        .join(t('ledger.comma'));
    case 'undoing':
      return t('ledger.state.undoing');
    case 'undone':
      return t('ledger.state.undone');
    default:
      return t('ledger.state.stopped');
  }
}

function Drop({ onFile, busy }: { onFile: (file: File) => void; busy: boolean }) {
  const [over, setOver] = useState(false);
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file && !busy) onFile(file);
  };
  return (
    <div
      className={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
    >
      <label className="button main">
        {busy ? t('ledger.sending') : t('ledger.choose')}
        <input
          type="file"
          className="unseen"
          accept=".xlsx,.csv,.txt,.tsv"
          disabled={busy}
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = '';
          }}
        />
      </label>
      <p>{t('ledger.dropHere')}</p>
      <p className="soft">{t('ledger.kinds')}</p>
    </div>
  );
}

function Earlier() {
  const { data } = useQuery('ledgers', () => got(api.GET('/api/v1/ledgers')));
  return (
    <section className="panel">
      <h2>{t('ledger.earlier')}</h2>
      {data?.items.length === 0 && <p className="soft">{t('ledger.noEarlier')}</p>}
      {!data && <p className="soft">{say('state.loading')}</p>}
      {data && data.items.length > 0 && (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t('ledger.file')}</th>
              <th scope="col">{t('ledger.when')}</th>
              <th scope="col" className="number">
                {t('ledger.rows')}
              </th>
              <th scope="col">{t('ledger.standing')}</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((one) => (
              <tr key={one.id}>
                <td>
                  <a href={`#/ledgers/${one.id}`}>{one.name}</a>
                </td>
                <td>{one.created_at && moment(one.created_at)}</td>
                <td className="number">{one.rows || ''}</td>
                <td className={`standing ${one.state}`}>{standing(one)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Start() {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Problem>();
  const send = async (file: File) => {
    setBusy(true);
    setWrong(undefined);
    try {
      const made: Ledger = await sendLedger(file);
      forget('ledgers');
      go(`ledgers/${made.id}`);
    } catch (cause) {
      setWrong(cause instanceof Problem ? cause : new Problem(0, { code: 'broken' }));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <section className="panel">
        <h1>{t('ledger.title')}</h1>
        <p className="soft lead">{t('ledger.lead')}</p>
        <Drop busy={busy} onFile={(file) => void send(file)} />
        {wrong && (
          <p className="error" role="alert">
            {wrong.message || say(wrong.offline ? 'error.offline' : 'error.broken')}
          </p>
        )}
      </section>
      <Earlier />
    </>
  );
}

export function Ledgers({ session, id }: { session: Session; id: string | undefined }) {
  return <div className="ledgers">{id ? <LedgerPage key={id} id={id} session={session} /> : <Start />}</div>;
}
