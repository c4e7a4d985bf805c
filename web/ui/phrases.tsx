import { createContext, useContext, useState } from 'react';
import { api, got } from '../api/client';
import { useCommandId } from '../api/command';
import { Problem } from '../api/problem';
import { useQuery } from '../api/query';
import type { Case, Session } from '../api/types';
import type { Control, ControlProps } from './controls';
import { fillIn, type Filling } from './filling';
import { day } from './time';
import { say } from './words';
import './phrases.css';

/** For which form wording is offered: the step, and the case it is about. */
interface Offer {
  unit: string;
  kind: string;
  verb: string;
  /** Where one's own is kept. */
  home: string;
  filling: Filling;
}
const Offered = createContext<Offer | undefined>(undefined);
export const PhrasesOffered = Offered.Provider;

export function phrasesFor(one: Case, session: Session, verb: string): Offer {
  return {
    unit: one.unit.code,
    kind: one.kind,
    verb,
    home: session.unit.code,
    filling: {
      编号: one.number,
      事项: one.title,
      日期: day(new Date().toISOString()),
      我: session.account.name,
      单位: session.unit.name,
    },
  };
}

/** What was typed, under a name, for everybody of one's unit and below. */
function Keep({ offer, text, onKept }: { offer: Offer; text: string; onKept: () => Promise<void> }) {
  const once = useCommandId();
  const [name, setName] = useState('');
  const [said, setSaid] = useState('');
  const keep = async () => {
    try {
      await once((id) =>
        got(
          api.POST('/api/v1/registers/{register}', {
            params: { path: { register: 'phrases' }, header: { 'Idempotency-Key': id } },
            body: { unit: offer.home, phrase_title: name.trim(), phrase: text.trim() } as never,
          }),
        ),
      );
      setName('');
      setSaid(say('phrases.kept'));
      await onKept();
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      setSaid(cause.message || say('error.offline'));
    }
  };
  return (
    <div className="keep">
      <input
        type="text"
        aria-label={`${say('phrases.keep')}：${say('phrases.name')}`}
        placeholder={`${say('phrases.keep')}：${say('phrases.name')}`}
        maxLength={40}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <button type="button" className="button" disabled={name.trim() === '' || text.trim() === ''} onClick={() => void keep()}>
        {say('phrases.save')}
      </button>
      {said && <small role="status">{said}</small>}
    </div>
  );
}

function List({ offer, id, field, value, onChange }: { offer: Offer } & ControlProps) {
  const { unit, kind, verb } = offer;
  const { data, error, refresh } = useQuery(
    `phrases/${unit}/${kind}/${verb}`,
    () => got(api.GET('/api/v1/phrases', { params: { query: { unit, kind, verb } } })),
    60e3,
  );
  const typed = typeof value === 'string' ? value : '';
  if (!data) return <p className="hint">{error ? error.message || say('error.offline') : say('state.loading')}</p>;
  /** At the cursor, in place of what is marked; the cursor goes behind it. */
  const insert = (text: string) => {
    const area = document.getElementById(id);
    const [from, to] = area instanceof HTMLTextAreaElement ? [area.selectionStart, area.selectionEnd] : [typed.length, typed.length];
    const words = fillIn(text, offer.filling);
    const next = typed.slice(0, from) + words + typed.slice(to);
    onChange(field.max ? next.slice(0, field.max) : next);
    setTimeout(() => {
      if (!(area instanceof HTMLTextAreaElement)) return;
      area.focus();
      area.setSelectionRange(from + words.length, from + words.length);
    });
  };
  return (
    <>
      {data.items.length === 0 && <p className="hint">{say('phrases.none')}</p>}
      <ul>
        {data.items.map(({ id: row, title, text }) => (
          <li key={row ?? title}>
            <button type="button" title={text} onClick={() => insert(text)}>
              {title}
            </button>
          </li>
        ))}
      </ul>
      {data.may_keep && <Keep offer={offer} text={typed} onKept={refresh} />}
    </>
  );
}

/** A long text with ready wording beside it, wherever a form says what it is about. */
export function withPhrases(Base: Control): Control {
  return function LongTextWithPhrases(props: ControlProps) {
    const offer = useContext(Offered);
    const [open, setOpen] = useState(false);
    return (
      <>
        <Base {...props} />
        {offer && (
          <details className="phrases" onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>{say('phrases.title')}</summary>
            {open && <List offer={offer} {...props} />}
          </details>
        )}
      </>
    );
  };
}
