import { useState } from 'react';
import { api, got } from '../api/client';
import { useCommandId } from '../api/command';
import { Problem } from '../api/problem';
import { forget, useQuery } from '../api/query';
import type { StandIn, StandIns } from '../api/types';
import { dayOf } from './cover';
import { parts } from './time';
import { say } from './words';
import './standins.css';

const told = (cause: unknown): string => {
  if (!(cause instanceof Problem)) throw cause;
  return cause.message || say('error.offline');
};

function act(account: string, verb: string, body: Record<string, unknown>, id: string) {
  const header = { 'Idempotency-Key': id };
  return got(api.POST('/api/v1/accounts/{id}/{verb}', { params: { path: { id: account, verb }, header }, body: body as never }));
}

function read(absent: string): Promise<StandIns> {
  return got(api.GET('/api/v1/stand-ins', { params: { query: absent ? { for: absent } : {} } }));
}

/** One absence: who, by whom, which days and posts. */
function Item({ one, onDone }: { one: StandIn; onDone: () => Promise<void> }) {
  const once = useCommandId();
  const [wrong, setWrong] = useState('');
  const end = async () => {
    try {
      await once((id) => act(one.absent.id, 'back', { with: one.by.id }, id));
      await onDone();
    } catch (cause) {
      setWrong(told(cause));
    }
  };
  return (
    <li>
      <b>{say('standins.item', { absent: one.absent.name, by: one.by.name })}</b>
      <span>
        {say(one.until ? 'standins.days' : 'standins.open', { from: dayOf(one.from), until: one.until && dayOf(one.until) })}
        {!one.now && `（${say('standins.coming')}）`}
      </span>
      <small>{one.posts.join('、')}</small>
      {one.may_end && (
        <button type="button" className="button quiet" aria-label={`${one.absent.name}：${say('standins.end')}`} onClick={() => void end()}>
          {say('standins.end')}
        </button>
      )}
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
    </li>
  );
}

interface Draft {
  absent: string;
  with: string;
  from: string;
  to: string;
}

function Away({
  all,
  absent,
  onAbsent,
  onDone,
}: {
  all: StandIns;
  absent: string;
  onAbsent: (id: string) => void;
  onDone: () => Promise<void>;
}) {
  const once = useCommandId();
  const today = parts(Date.now()).date;
  const [draft, setDraft] = useState<Omit<Draft, 'absent'>>({ with: '', from: today, to: today });
  const [wrong, setWrong] = useState<{ field?: string | undefined; text: string }>();
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...part }));
    setWrong(undefined);
  };
  const send = async () => {
    setBusy(true);
    try {
      await once((id) => act(absent, 'away', { ...draft }, id));
      set({ with: '' });
      await onDone();
    } catch (cause) {
      setWrong({ field: cause instanceof Problem ? cause.field : undefined, text: told(cause) });
    } finally {
      setBusy(false);
    }
  };
  const said = (field: string) =>
    wrong?.field === field && (
      <small className="error" role="alert">
        {wrong.text}
      </small>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void send();
      }}
    >
      {all.may.length > 1 && (
        <label>
          {say('standins.who')}
          <select value={absent} onChange={(event) => onAbsent(event.currentTarget.value)}>
            {all.may.map(({ id, name, posts }) => (
              <option key={id} value={id}>
                {`${name} · ${posts.join('、')}`}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {say('standins.with')}
        <select required value={draft.with} onChange={(event) => set({ with: event.currentTarget.value })}>
          <option value="">{say('standins.choose')}</option>
          {all.with.map(({ id, name, posts }) => (
            <option key={id} value={id}>
              {`${name} · ${posts.join('、')}`}
            </option>
          ))}
        </select>
        {said('with')}
      </label>
      {all.with.length === 0 && <p className="hint">{say('standins.nobody')}</p>}
      <div className="days">
        <label>
          {say('standins.from')}
          <input type="date" required min={today} value={draft.from} onChange={(event) => set({ from: event.currentTarget.value })} />
          {said('from')}
        </label>
        <label>
          {say('standins.to')}
          <input type="date" required min={draft.from} value={draft.to} onChange={(event) => set({ to: event.currentTarget.value })} />
          {said('to')}
        </label>
      </div>
      <p className="hint">{say('standins.most', { n: all.most_days })}</p>
      {wrong && !['with', 'from', 'to'].includes(wrong.field ?? '') && (
        <p className="error" role="alert">
          {wrong.text}
        </p>
      )}
      <button type="submit" className="button main" disabled={busy || draft.with === ''}>
        {say('standins.send')}
      </button>
    </form>
  );
}

/** Somebody on leave is covered without lending a password: said here, ended here, and by itself on the day. */
export function StandInPanel() {
  const [absent, setAbsent] = useState('');
  const { data, error, refresh } = useQuery(`standins/${absent}`, () => read(absent));
  if (!data) return <p className="hint">{error ? error.message || say('error.offline') : say('state.loading')}</p>;
  const done = async () => {
    forget('session');
    await refresh();
  };
  return (
    <section className="panel standins" aria-label={say('standins.title')}>
      <h2>{say('standins.title')}</h2>
      <p className="hint">{say('standins.intro')}</p>
      {data.may.length > 0 && <Away all={data} absent={absent || (data.may[0]?.id ?? '')} onAbsent={setAbsent} onDone={done} />}
      <h3>{say('standins.list')}</h3>
      {data.items.length === 0 && <p className="hint">{say('standins.none')}</p>}
      <ul>
        {data.items.map((one) => (
          <Item key={`${one.absent.id} ${one.by.id} ${one.from}`} one={one} onDone={done} />
        ))}
      </ul>
    </section>
  );
}
