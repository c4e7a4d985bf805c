import { Popup } from 'antd-mobile';
import { useState } from 'react';
import { api, got } from '../api/client';
import { Problem } from '../api/problem';
import type { Person } from '../api/types';

import { say } from '../ui/words';
import { t } from './words';

/** What the phone shows of somebody. */
type Shown = Pick<Person, 'id' | 'name' | 'phone' | 'role' | 'role_label' | 'side'>;

const purposes = ['purpose.call', 'purpose.visit', 'purpose.verify'] as const;

function One({ person }: { person: Shown }) {
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<{ name: string; phone?: string | null }>();
  const [wrong, setWrong] = useState('');
  const reveal = async (purpose: string) => {
    setAsking(false);
    try {
      setShown(await got(api.POST('/api/v1/persons/{id}/reveal', { params: { path: { id: person.id } }, body: { purpose } })));
    } catch (cause) {
      if (cause instanceof Problem) setWrong(cause.message || say('error.offline'));
    }
  };
  const phone = shown?.phone ?? person.phone;
  return (
    <li>
      <span>
        <small>{person.role_label}</small> {shown?.name ?? person.name}
        {wrong && <span className="error">{wrong}</span>}
      </span>
      {shown?.phone ? (
        <a className="button" href={`tel:${shown.phone}`}>
          {t('case.call')} {shown.phone}
        </a>
      ) : (
        <button type="button" className="button" onClick={() => setAsking(true)}>
          {phone || t('case.reveal')}
        </button>
      )}
      <Popup visible={asking} onMaskClick={() => setAsking(false)} bodyClassName="sheet">
        <h2>{t('purpose.ask')}</h2>
        <p className="hint">{t('purpose.told')}</p>
        <ul className="more">
          {purposes.map((key) => (
            <li key={key}>
              <button type="button" className="button wide" onClick={() => void reveal(t(key))}>
                {t(key)}
              </button>
            </li>
          ))}
        </ul>
      </Popup>
    </li>
  );
}

/** Names and numbers are masked until someone says what for; that is written in the journal. */
export function People({ people }: { people: Shown[] }) {
  if (people.length === 0) return null;
  return (
    <ul className="block people">
      {people.map((person) => (
        <One key={person.id} person={person} />
      ))}
    </ul>
  );
}
