import { Button, Popover } from 'antd';
import { useState } from 'react';
import { api, got } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Person } from '../../api/types';
import { say } from '../../ui/words';
import { t } from '../words';

const purposes = ['purpose.call', 'purpose.visit', 'purpose.paper', 'purpose.verify'] as const;

function One({ person }: { person: Person }) {
  const [open, setOpen] = useState(false);
  const [shown, setShown] = useState<{ name: string; phone?: string | null }>();
  const [wrong, setWrong] = useState('');
  const reveal = async (purpose: string) => {
    setOpen(false);
    try {
      setShown(await got(api.POST('/api/v1/persons/{id}/reveal', { params: { path: { id: person.id } }, body: { purpose } })));
    } catch (cause) {
      if (cause instanceof Problem) setWrong(cause.message || say('error.offline'));
    }
  };
  return (
    <li>
      <small>
        {person.role_label}
        {person.side ? ` · ${t('mediation.side', { n: person.side })}` : ''}
      </small>
      <span>
        <a href={`#/person/${person.id}`} title={t('person.open')}>
          {shown?.name ?? person.name}
        </a>{' '}
        {shown?.phone ?? person.phone}
        {wrong && <em className="error">{wrong}</em>}
      </span>
      {!shown && (
        <Popover
          trigger="click"
          open={open}
          onOpenChange={setOpen}
          title={t('purpose.ask')}
          content={
            <div className="purposes">
              {purposes.map((key) => (
                <Button key={key} block onClick={() => void reveal(t(key))}>
                  {t(key)}
                </Button>
              ))}
              <p>{t('purpose.told')}</p>
            </div>
          }
        >
          <Button size="small">{t('case.reveal')}</Button>
        </Popover>
      )}
    </li>
  );
}

/** Masked until someone says what for; who looked, and why, is in the journal. */
export function People({ people }: { people: Person[] }) {
  if (people.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t('case.people')}</h2>
      <ul className="people">
        {people.map((person) => (
          <One key={person.id} person={person} />
        ))}
      </ul>
    </section>
  );
}
