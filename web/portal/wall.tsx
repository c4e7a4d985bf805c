import { useState } from 'react';
import { api, got } from '../api/client';
import { useCommandId } from '../api/command';
import { Problem } from '../api/problem';
import type { components } from '../api/schema';
import { say } from '../ui/words';
import { Frame } from './frame';
import { usePlace } from './place';
import { useNotices } from './here';
import { t } from './words';

type Notice = components['schemas']['public_notices']['items'][number];

/** Anybody may object, with or without saying who they are. */
function Objection({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [reach, setReach] = useState('');
  const [said, setSaid] = useState('');
  const [wrong, setWrong] = useState('');
  const once = useCommandId();
  const send = async () => {
    if (text.trim() === '') {
      setWrong(t('wall.lack'));
      return;
    }
    try {
      const body = { text, ...(reach && { reach }) };
      await once((key) =>
        got(api.POST('/api/v1/publications/{id}/object', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body })),
      );
      setSaid(t('wall.thanks'));
    } catch (cause) {
      if (cause instanceof Problem) setWrong(cause.message || say('error.offline'));
    }
  };
  if (said) return <p role="status">{said}</p>;
  if (!open) {
    return (
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {t('wall.object')}
      </button>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="field">
        <label htmlFor={`why-${id}`}>{t('wall.why')}</label>
        <textarea id={`why-${id}`} rows={3} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      </div>
      <div className="field">
        <label htmlFor={`reach-${id}`}>
          {t('wall.reach')}
          <small>{say('form.optional')}</small>
        </label>
        <input id={`reach-${id}`} type="text" value={reach} onChange={(event) => setReach(event.currentTarget.value)} />
      </div>
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      <button type="submit" className="button main">
        {t('wall.send')}
      </button>
    </form>
  );
}

function One({ one }: { one: Notice }) {
  return (
    <article className="notice-sheet">
      <h2>{one.title}</h2>
      <ul>
        {one.text.split('\n').map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>
        <small>
          {t('wall.days', { from: one.from, until: one.until })} · {one.contact}
        </small>
      </p>
      <Objection id={one.id} />
    </article>
  );
}

export function Wall() {
  const { committee } = usePlace();
  const { data, error } = useNotices(committee?.code);
  return (
    <Frame title={t('wall.title')}>
      {error && <p className="error">{error.message || say('error.offline')}</p>}
      {data?.items.length === 0 && <p>{t('wall.none')}</p>}
      {data?.items.map((one) => (
        <One key={one.id} one={one} />
      ))}
    </Frame>
  );
}
