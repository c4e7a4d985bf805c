import { useState } from 'react';
import { api, got } from '../../api/client';
import { newId } from '../../api/id';
import { Problem, problemFrom } from '../../api/problem';
import type { OwnSubsidies, Session, SubsidySheet } from '../../api/types';
import { language } from '../../i18n/language';
import { SubsidyLines } from '../../ui/subsidies';
import { say } from '../../ui/words';
import { t } from '../words';

const told = (cause: unknown) => (cause instanceof Problem && cause.message) || say('error.offline');

async function upload(file: File, query: Record<string, string>): Promise<SubsidySheet> {
  const response = await fetch(`/api/v1/subsidies?${new URLSearchParams(query).toString()}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/octet-stream', 'Accept-Language': language(), 'Idempotency-Key': newId() },
    body: file,
  });
  if (!response.ok) throw await problemFrom(response);
  return (await response.json()) as SubsidySheet;
}

function Sheet({ sheet }: { sheet: SubsidySheet }) {
  return (
    <div role="status">
      <p>
        <b>
          {sheet.imported > 0 ? t('subsidies.in', { n: sheet.imported }) : t('subsidies.looked', { rows: sheet.rows, good: sheet.good })}
        </b>
      </p>
      <dl className="mapping">
        {Object.entries(sheet.mapping)
          .filter(([, column]) => column)
          .map(([field, column]) => (
            <div key={field}>
              <dt>{t(`subsidies.field.${field as 'name'}`)}</dt>
              <dd>{column}</dd>
            </div>
          ))}
      </dl>
      {sheet.problems.length > 0 && (
        <ul className="problems">
          {sheet.problems.map((one) => (
            <li key={`${one.line}/${one.field}`}>
              {t('subsidies.line', { n: one.line })} {one.title}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Bring({ session }: { session: Session }) {
  const [file, setFile] = useState<File>();
  const [title, setTitle] = useState('');
  const [sheet, setSheet] = useState<SubsidySheet>();
  const [wrong, setWrong] = useState('');
  const send = async (chosen: File, commit: boolean) => {
    setWrong('');
    try {
      setSheet(await upload(chosen, { unit: session.unit.code, title, ...(commit ? { commit: '1' } : {}) }));
    } catch (cause) {
      setSheet(undefined);
      setWrong(told(cause));
    }
  };
  return (
    <section className="panel">
      <h2>{t('subsidies.bring')}</h2>
      <p className="soft">{t('subsidies.dropped')}</p>
      <div className="bar">
        <label>
          {t('subsidies.title')} <input value={title} onChange={(event) => setTitle(event.target.value)} />
        </label>
        <label>
          {t('subsidies.file')}{' '}
          <input
            type="file"
            accept=".xlsx,.csv,.txt"
            onChange={(event) => {
              const chosen = event.target.files?.[0];
              setFile(chosen);
              if (chosen) void send(chosen, false);
            }}
          />
        </label>
      </div>
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      {sheet && <Sheet sheet={sheet} />}
      {file && sheet && sheet.good > 0 && sheet.imported === 0 && (
        <button type="button" className="button main" disabled={!title.trim()} onClick={() => void send(file, true)}>
          {t('subsidies.commit', { n: sheet.good })}
        </button>
      )}
      <p>
        <a href="#/registers/subsidies">{t('subsidies.tables')}</a>
      </p>
    </section>
  );
}

function Look({ session }: { session: Session }) {
  const [draft, setDraft] = useState({ name: '', id_tail: '', purpose: '' });
  const [found, setFound] = useState<OwnSubsidies>();
  const [wrong, setWrong] = useState('');
  const look = async () => {
    setWrong('');
    setFound(undefined);
    try {
      setFound(await got(api.POST('/api/v1/subsidies/for', { body: { unit: session.unit.code, ...draft } })));
    } catch (cause) {
      setWrong(told(cause));
    }
  };
  return (
    <section className="panel">
      <h2>{t('subsidies.for')}</h2>
      <p className="soft">{t('subsidies.forHint')}</p>
      <form
        className="bar"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        {(['name', 'id_tail', 'purpose'] as const).map((field) => (
          <label key={field}>
            {t(`subsidies.${field}`)}{' '}
            <input value={draft[field]} onChange={(event) => setDraft({ ...draft, [field]: event.target.value })} />
          </label>
        ))}
        <button type="submit" className="button main">
          {t('subsidies.look')}
        </button>
      </form>
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      {found && <SubsidyLines found={found} />}
    </section>
  );
}

/** Payment tables in, and looking up for somebody who stands there. */
export function Subsidies({ session }: { session: Session }) {
  return (
    <>
      <Look session={session} />
      {session.may.includes('upload_subsidies') && <Bring session={session} />}
    </>
  );
}
