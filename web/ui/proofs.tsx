import { useEffect, useState } from 'react';
import { api, got } from '../api/client';
import type { Proofs as Found } from '../api/types';
import { say } from './words';
import './answers.css';

/** 开证明: typed as people say it; may the committee issue it, who does instead, and the slip to take along. */
export function Proofs({ unit }: { unit: string }) {
  const [q, setQ] = useState('');
  const [found, setFound] = useState<Found>();
  useEffect(() => {
    const timer = setTimeout(() => {
      const asked = got(api.GET('/api/v1/proofs', { params: { query: { q: q.trim() } } }));
      void asked.then(setFound, () => undefined);
    }, 300);
    return () => clearTimeout(timer);
  }, [q]);
  return (
    <>
      <div className="field">
        <label htmlFor="proof">{say('proofs.what')}</label>
        <input id="proof" type="text" placeholder={say('proofs.example')} value={q} onChange={(event) => setQ(event.currentTarget.value)} />
      </div>
      {found && found.items.length === 0 && <p className="hint">{found.otherwise}</p>}
      <ul className="answers">
        {found?.items.map((one) => (
          <li key={one.name}>
            <details>
              <summary>
                {one.name} <b className="stale">{say(one.may ? 'proofs.may' : 'proofs.mayNot')}</b>
              </summary>
              <p className="words">
                {say('proofs.goTo')}
                {one.who}
              </p>
              <p className="words">
                {say('proofs.bring')}
                {one.bring}
              </p>
              <a
                className="button"
                href={`/api/v1/proofs/slip?name=${encodeURIComponent(one.name)}&unit=${unit}`}
                target="_blank"
                rel="noreferrer"
              >
                {say('proofs.slip')}
              </a>
            </details>
          </li>
        ))}
      </ul>
      {found && <p className="hint">{found.basis}</p>}
    </>
  );
}
