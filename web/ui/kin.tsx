import { useState } from 'react';
import { api, got } from '../api/client';
import { useCommandId } from '../api/command';
import { Problem } from '../api/problem';
import { useQuery } from '../api/query';
import type { RegisterItem, Session } from '../api/types';
import { say } from './words';
import './standins.css';

const relations = ['spouse', 'parent', 'child', 'sibling', 'in_law', 'other'] as const;
const nobody = { kin_name: '', kin_phone: '', relation: '' };

interface Wrong {
  field: string | undefined;
  text: string;
}

function wrongOf(cause: unknown): Wrong {
  if (!(cause instanceof Problem)) throw cause;
  return { field: cause.field, text: cause.message || say('error.offline') };
}

function Declare({ unit, onDone }: { unit: string; onDone: () => Promise<void> }) {
  const once = useCommandId();
  const [draft, setDraft] = useState(nobody);
  const [wrong, setWrong] = useState<Wrong>();
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<typeof nobody>) => {
    setDraft((old) => ({ ...old, ...part }));
    setWrong(undefined);
  };
  const send = async () => {
    setBusy(true);
    const { kin_phone: phone, ...rest } = draft;
    try {
      await once((id) =>
        got(
          api.POST('/api/v1/registers/{register}', {
            params: { path: { register: 'kin' }, header: { 'Idempotency-Key': id } },
            body: { unit, ...rest, ...(phone.trim() ? { kin_phone: phone.trim() } : {}) } as never,
          }),
        ),
      );
      set(nobody);
      await onDone();
    } catch (cause) {
      setWrong(wrongOf(cause));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void send();
      }}
    >
      <label>
        {say('kin.name')}
        <input
          type="text"
          required
          minLength={2}
          maxLength={40}
          value={draft.kin_name}
          onChange={(e) => set({ kin_name: e.currentTarget.value })}
        />
      </label>
      <div className="days">
        <label>
          {say('kin.relation')}
          <select required value={draft.relation} onChange={(e) => set({ relation: e.currentTarget.value })}>
            <option value="">{say('standins.choose')}</option>
            {relations.map((one) => (
              <option key={one} value={one}>
                {say(`kin.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say('kin.phone')}
          <input type="tel" value={draft.kin_phone} onChange={(e) => set({ kin_phone: e.currentTarget.value })} />
        </label>
      </div>
      {wrong && (
        <p className="error" role="alert">
          {wrong.text}
        </p>
      )}
      <button type="submit" className="button main" disabled={busy}>
        {say('kin.add')}
      </button>
    </form>
  );
}

function One({ row, onDone }: { row: RegisterItem; onDone: () => Promise<void> }) {
  const once = useCommandId();
  const [wrong, setWrong] = useState<Wrong>();
  const remove = async () => {
    try {
      await once((id) => {
        const params = { path: { register: 'kin', id: row.id, verb: 'remove' }, header: { 'Idempotency-Key': id } };
        return got(api.POST('/api/v1/registers/{register}/{id}/{verb}', { params, body: {} as never }));
      });
      await onDone();
    } catch (cause) {
      setWrong(wrongOf(cause));
    }
  };
  return (
    <li>
      <b>{row.title}</b>
      <span>{row.facts.map(({ value }) => value).join(' · ')}</span>
      <button type="button" className="button quiet" aria-label={`${row.title}：${say('kin.remove')}`} onClick={() => void remove()}>
        {say('kin.remove')}
      </button>
      {wrong && (
        <p className="error" role="alert">
          {wrong.text}
        </p>
      )}
    </li>
  );
}

/** Whom one keeps out for: declared by oneself, read by few. */
export function KinPanel({ session }: { session: Session }) {
  const { data, error, refresh } = useQuery('kin', () =>
    got(api.GET('/api/v1/registers/{register}', { params: { path: { register: 'kin' }, query: { mine: 'true', limit: 100 } } })),
  );
  // One's own place: the name of a relative speaks in its committee.
  const unit = session.posts.find(({ stand_in }) => !stand_in)?.unit.code ?? session.unit.code;
  return (
    <section className="panel standins" aria-label={say('kin.title')}>
      <h2>{say('kin.title')}</h2>
      <p className="hint">{say('kin.intro')}</p>
      <Declare unit={unit} onDone={refresh} />
      {!data && <p className="hint">{error ? error.message || say('error.offline') : say('state.loading')}</p>}
      {data?.items.length === 0 && <p className="hint">{say('kin.none')}</p>}
      <ul>
        {data?.items.map((row) => (
          <One key={row.id} row={row} onDone={refresh} />
        ))}
      </ul>
    </section>
  );
}
