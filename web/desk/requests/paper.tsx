import { useState } from 'react';
import { openPaper } from '../../api/paper';
import { Problem } from '../../api/problem';
import type { Session } from '../../api/types';
import { go } from '../../ui/route';
import { say } from '../../ui/words';
import { t } from '../words';

/** Blank forms to print; a filled one is typed in by its number, which a scanner at the field types too. */
export function Paper({ session }: { session: Session }) {
  const [count, setCount] = useState(10);
  const [number, setNumber] = useState('');
  const [wrong, setWrong] = useState('');
  const print = () =>
    openPaper('/api/v1/paper/forms', { unit: session.unit.code, count }).catch((cause: unknown) => {
      setWrong((cause instanceof Problem && cause.message) || say('error.offline'));
    });
  return (
    <section className="panel">
      <h2>{t('paper.print')}</h2>
      <div className="bar">
        <label>
          {t('paper.count')}{' '}
          <input type="number" min={1} max={100} value={count} onChange={(event) => setCount(Number(event.target.value))} />
        </label>
        <button type="button" className="button main" onClick={() => void print()}>
          {t('paper.make')}
        </button>
      </div>
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      <h2>{t('paper.enter')}</h2>
      <form
        className="bar"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new URL(number.trim(), location.origin).hash.split('form=')[1] ?? number.trim();
          if (form) go(`intake?form=${encodeURIComponent(decodeURIComponent(form))}`);
        }}
      >
        <label>
          {t('paper.number')} <input autoFocus value={number} onChange={(event) => setNumber(event.target.value)} />
        </label>
        <button type="submit" className="button">
          {t('paper.go')}
        </button>
      </form>
    </section>
  );
}
