import { useState } from 'react';
import { api, got } from '../../api/client';
import { newId } from '../../api/id';
import { Problem } from '../../api/problem';
import { useQuery } from '../../api/query';
import type { Call, Session } from '../../api/types';
import { say } from '../../ui/words';
import { t } from '../words';

const resolutions = ['yes', 'part', 'no'] as const;
const satisfactions = ['yes', 'ok', 'no'] as const;

/** Three taps while the other end speaks: resolved, satisfied, save. */
function One({ call, onDone }: { call: Call; onDone: () => void }) {
  const [resolved, setResolved] = useState<string>();
  const [satisfied, setSatisfied] = useState<string>();
  const [words, setWords] = useState('');
  const [wrong, setWrong] = useState('');
  const save = async () => {
    const body = {
      resolved,
      satisfied,
      for: { name: t('calls.self'), how: t('calls.phone') },
      ...(words.trim() ? { text: words.trim() } : {}),
    };
    const params = { path: { id: call.id, verb: 'judge' }, header: { 'Idempotency-Key': newId() } };
    try {
      await got(api.POST('/api/v1/cases/{id}/{verb}', { params, body: body as never }));
      onDone();
    } catch (cause) {
      setWrong((cause instanceof Problem && cause.message) || say('error.offline'));
    }
  };
  return (
    <li className="call">
      <p>
        <a href={`#/case/${call.id}`}>{call.number}</a> <b>{call.title}</b>{' '}
        {call.person ? `${call.person.name} ${call.person.phone}` : t('calls.unnamed')}
      </p>
      <p className="soft">{call.result}</p>
      <div className="buttons" role="group" aria-label={t('calls.resolved')}>
        {resolutions.map((one) => (
          <button key={one} type="button" className="button" aria-pressed={one === resolved} onClick={() => setResolved(one)}>
            {say(`judged.resolved.${one}`)}
          </button>
        ))}
      </div>
      {resolved && (
        <div className="buttons" role="group" aria-label={t('calls.satisfied')}>
          {satisfactions.map((one) => (
            <button key={one} type="button" className="button" aria-pressed={one === satisfied} onClick={() => setSatisfied(one)}>
              {say(`judged.satisfied.${one}`)}
            </button>
          ))}
        </div>
      )}
      {satisfied && (
        <div className="buttons">
          <input
            aria-label={t('calls.words')}
            placeholder={t('calls.words')}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <button type="button" className="button main" onClick={() => void save()}>
            {t('calls.save')}
          </button>
        </div>
      )}
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
    </li>
  );
}

/** Return calls: settled and not judged yet, handled by others than whoever calls. */
export function Calls({ session }: { session: Session }) {
  const query = { unit: session.unit.code };
  const { data, error, refresh } = useQuery(`calls/${query.unit}`, () => got(api.GET('/api/v1/calls', { params: { query } })));
  return (
    <section className="panel">
      <p className="soft">{t('calls.hint')}</p>
      <p>
        <a
          className="button"
          href={`/api/v1/calls/paper?unit=${query.unit}&purpose=${encodeURIComponent(t('calls.purpose'))}`}
          target="_blank"
          rel="noreferrer"
        >
          {t('calls.print')}
        </a>{' '}
        <a href="#/registers/calls">{t('calls.booked')}</a>
      </p>
      {error && <p className="error">{error.message || say('error.offline')}</p>}
      {data?.items.length === 0 && <p className="quiet">{t('calls.none')}</p>}
      <ul className="plain">
        {data?.items.map((call) => (
          <One key={call.id} call={call} onDone={() => void refresh()} />
        ))}
      </ul>
    </section>
  );
}
