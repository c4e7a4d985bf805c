import { useState } from 'react';
import { api, got } from '../api/client';
import { Problem } from '../api/problem';
import { useQuery } from '../api/query';
import type { Joinable } from '../api/types';
import { go } from '../ui/route';
import { day } from '../ui/time';
import { say } from '../ui/words';
import { begun, Contact, forNext, toSend, Where, type Draft } from './draft';
import { Frame } from './frame';
import { send } from './outbox';
import { usePlace } from './place';
import { read, write } from './store';
import { t } from './words';

/** What neighbours have said already and one may join: what it is about, never their words. */
export function useJoinable(): Joinable[] {
  const { committee } = usePlace();
  const unit = committee?.code;
  const list = () => got(api.GET('/api/v1/joinable', { params: { query: { unit: unit ?? '' } } }));
  return useQuery(unit ? `joinable/${unit}` : null, list).data?.items ?? [];
}

/** Two characters of the category's name that stand together, or a short word of what it covers. */
export function fits(words: string, { category_label: label, about }: Pick<Joinable, 'category_label' | 'about'>): boolean {
  const pairs = Array.from(label, (_letter, at) => label.slice(at, at + 2));
  const short = about.split(/[、，。；\s]/).filter((word) => word.length < 4);
  return [...pairs, ...short].some((word) => word.length > 1 && words.includes(word));
}

const joined = () => read<string[]>('joined', []);

function List({ items }: { items: Joinable[] }) {
  return (
    <ul className="metoo">
      {items.map(({ number, category_label: label, about, reported_at: at, others }) => (
        <li key={number}>
          <p>
            <b>{label}</b>
            <small>{about}</small>
            <small>
              {day(at)} · {t('metoo.homes', { n: others + 1 })}
            </small>
          </p>
          {joined().includes(number) ? (
            <span className="hint">{t('metoo.already')}</span>
          ) : (
            <a className="button main" href={`#/metoo/${number}`}>
              {t('metoo.button')}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

/** While one types: this was said here already. */
export function MeToo({ words }: { words: string }) {
  const found = useJoinable().filter((one) => fits(words, one));
  if (found.length === 0) return null;
  return (
    <>
      <p className="hint">{t('metoo.found')}</p>
      <List items={found.slice(0, 3)} />
    </>
  );
}

/** A matter of one's own, with its own code; what is answered to one is told to all. */
function Join({ one }: { one: Joinable }) {
  const { committee, group } = usePlace();
  const [draft, setDraft] = useState<Draft>(() => begun(false));
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Problem>();
  const unit = committee?.code ?? group ?? '';
  const whole = draft.unit ? draft : { ...draft, unit: group ?? '' };
  const set = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    write('draft', next);
  };
  const join = async () => {
    setBusy(true);
    setWrong(undefined);
    try {
      const text = whole.text.trim() || t('metoo.words', { about: one.category_label });
      const sent = await send({ ...toSend({ ...whole, text }, unit, 0, undefined), me_too: one.number }, []);
      write('joined', [one.number, ...joined()].slice(0, 50));
      forNext(draft);
      go('made' in sent ? `done/${sent.made.track}` : `done/kept-${sent.kept}`, true);
    } catch (cause) {
      if (cause instanceof Problem) setWrong(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void join();
      }}
    >
      <p className="said">
        <span>
          <b>{one.category_label}</b> · {t('metoo.homes', { n: one.others + 1 })}
        </span>
      </p>
      {draft.text && (
        <p className="said">
          <q>{draft.text}</q>
        </p>
      )}
      {wrong && (
        <p className="error" role="alert">
          {wrong.field === 'me_too' ? t('metoo.over') : wrong.message || say('error.broken')}
        </p>
      )}
      <Contact draft={draft} set={set} wrong={wrong?.field} />
      <Where draft={whole} set={set} />
      <button type="submit" className="button main wide tall" disabled={busy}>
        {busy ? say('form.sending') : t('metoo.button')}
      </button>
      <p className="hint">{t('metoo.hint')}</p>
    </form>
  );
}

/** 我也有: all that one may join, or the one that was tapped. */
export function MeTooPage({ number }: { number: string | undefined }) {
  const items = useJoinable();
  const one = items.find((other) => other.number === number);
  return (
    <Frame title={t('metoo.title')}>
      {one ? <Join key={one.number} one={one} /> : <List items={items} />}
      {items.length === 0 && <p className="quiet">{t('metoo.none')}</p>}
    </Frame>
  );
}
