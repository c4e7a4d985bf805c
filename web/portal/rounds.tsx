import { useState } from 'react';
import { api, got } from '../api/client';
import { useCommandId } from '../api/command';
import { Problem } from '../api/problem';
import type { Round } from '../api/types';
import { say } from '../ui/words';
import { Frame } from './frame';
import { usePlace } from './place';
import { useRounds } from './here';
import { t } from './words';

function One({ round, unit, onJoined }: { round: Round; unit: string; onJoined: () => void }) {
  const [draft, setDraft] = useState({ name: '', phone: '', how_many: '' });
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  const [wrong, setWrong] = useState('');
  const once = useCommandId();
  const join = async () => {
    setWrong('');
    const amount = Number(draft.how_many);
    const body = { unit, name: draft.name.trim(), phone: draft.phone.trim(), ...(amount > 0 ? { how_many: amount } : {}) };
    try {
      await once((id) =>
        got(api.POST('/api/v1/rounds/{id}/join', { params: { path: { id: round.id }, header: { 'Idempotency-Key': id } }, body })),
      );
      setDone(true);
      onJoined();
    } catch (cause) {
      setWrong((cause instanceof Problem && cause.message) || say('error.offline'));
    }
  };
  return (
    <section className="case">
      <h2>{round.wording}</h2>
      <p className="words">{round.what}</p>
      <p className="next">
        {t('rounds.until', { day: round.until })} · {t('rounds.count', { n: round.count })}
        {round.sum > 0 && ` · ${round.sum} ${round.measure}`}
      </p>
      {done && (
        <p className="notice" role="status">
          {t('rounds.joined')}
        </p>
      )}
      {!done && !open && (
        <button type="button" className="button main wide" onClick={() => setOpen(true)}>
          {t('rounds.join')}
        </button>
      )}
      {!done && open && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void join();
          }}
        >
          {(['name', 'phone', ...(round.measure ? ['how_many' as const] : [])] as const).map((field) => (
            <div key={field} className="field">
              <label htmlFor={`${round.id}-${field}`}>
                {field === 'how_many' ? t('rounds.how_many', { measure: round.measure }) : t(`rounds.${field}`)}
              </label>
              <input
                id={`${round.id}-${field}`}
                type={field === 'phone' ? 'tel' : field === 'how_many' ? 'number' : 'text'}
                value={draft[field]}
                onChange={(event) => setDraft({ ...draft, [field]: event.currentTarget.value })}
              />
            </div>
          ))}
          {wrong && (
            <p className="error" role="alert">
              {wrong}
            </p>
          )}
          <button type="submit" className="button main wide">
            {t('rounds.send')}
          </button>
        </form>
      )}
    </section>
  );
}

/** 接龙: what the committee asks all. How many have answered is shown, never who. */
export function Rounds() {
  const { committee, group } = usePlace();
  const unit = group ?? committee?.code ?? '';
  const { data, refresh } = useRounds(unit);
  return (
    <Frame title={t('rounds.title')}>
      {data?.items.length === 0 && <p className="quiet">{t('rounds.none')}</p>}
      {data?.items.map((round) => (
        <One key={round.id} round={round} unit={unit} onJoined={() => void refresh()} />
      ))}
    </Frame>
  );
}
