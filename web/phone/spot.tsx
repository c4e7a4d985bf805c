import { Toast } from 'antd-mobile';
import { useEffect, useState } from 'react';
import { useQuery } from '../api/query';
import { isGroup, type Kind, type Pack, type Session, type SpotCase } from '../api/types';
import { database, keep, kept, unkeep } from '../offline/db';
import '../ui/form.css';
import { PhotoTaker } from '../ui/photos';
import { go, useRoute } from '../ui/route';
import { Frame } from './frame';
import { readCase, readGroups, readPack } from './own';
import { remove, save } from './queue';
import { blank, fields, lacking, line, report, twoSided, unsettled, type SpotDraft } from './spotdraft';
import { dutiesIn, FirstDo } from '../ui/duties';
import { t } from './words';

const shown = 4; // outcomes that stand open; the others are behind 更多

/** The draft: typed words survive a closed page; a refused command comes back here to be changed. */
function useDraft(unit: string, edit: string | null): [SpotDraft, (part: Partial<SpotDraft>) => void] {
  const [draft, setDraft] = useState<SpotDraft>({ ...blank, unit });
  useEffect(() => {
    const load = async () => {
      if (!edit) return await kept<SpotDraft>('spot');
      const db = await database();
      const old = await db.get('queue', edit);
      if (!old) return undefined;
      const sent = old.command.fields as unknown as SpotCase & { danger?: boolean };
      const { kind = '', persons = [], text = '', unit: where, files = [], danger = false } = sent;
      const outcome = old.command.verb === 'report' ? unsettled : sent.outcome;
      const waiting = await Promise.all((old.files.files ?? []).map((key) => db.get('files', key)));
      return {
        ...blank,
        kind,
        text,
        outcome,
        danger,
        unit: where,
        sent: files,
        names: [persons[0]?.name ?? '', persons[1]?.name ?? ''] as [string, string],
        files: waiting.flatMap((file) => (file ? [file] : [])),
      };
    };
    void load().then((old) => {
      if (old) setDraft(old);
    });
  }, [edit]);
  const set = (part: Partial<SpotDraft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    if (!edit) void keep('spot', next);
  };
  return [draft, set];
}

interface Part {
  draft: SpotDraft;
  set: (part: Partial<SpotDraft>) => void;
}

function Choices({
  label,
  options,
  value,
  onChange,
  className = '',
}: {
  label: string;
  options: { code: string; label: string }[];
  value: string;
  onChange: (code: string) => void;
  className?: string;
}) {
  return (
    <div className={`choices ${className}`} role="radiogroup" aria-label={label}>
      {options.map(({ code, label: text }) => (
        <label key={code} className={value === code ? 'chosen' : ''}>
          <input className="unseen" type="radio" name={label} checked={value === code} onChange={() => onChange(code)} />
          {text}
        </label>
      ))}
    </div>
  );
}

function Names({ draft, set }: Part) {
  const two = twoSided(draft.kind);
  return (
    <div className="field">
      <span className="label">{t(two ? 'spot.twoNames' : 'spot.oneName')}</span>
      <div className="pair">
        <input
          type="text"
          aria-label={t('spot.name1')}
          placeholder={t(two ? 'spot.name1' : 'spot.name')}
          value={draft.names[0]}
          onChange={(event) => set({ names: [event.currentTarget.value, draft.names[1]] })}
        />
        {two && (
          <input
            type="text"
            aria-label={t('spot.name2')}
            placeholder={t('spot.name2')}
            value={draft.names[1]}
            onChange={(event) => set({ names: [draft.names[0], event.currentTarget.value] })}
          />
        )}
      </div>
    </div>
  );
}

function Outcome({ draft, set, kind }: Part & { kind: Kind }) {
  const [more, setMore] = useState(false);
  const all = kind.outcomes;
  const open = more || all.findIndex(({ code }) => code === draft.outcome) >= shown ? all : all.slice(0, shown);
  return (
    <div className="field">
      <span className="label">{t('spot.outcome')}</span>
      <Choices
        className="big"
        label={t('spot.outcome')}
        options={[...open, { code: unsettled, label: t('spot.unsettled') }]}
        value={draft.outcome}
        onChange={(outcome) => set({ outcome })}
      />
      {draft.outcome === unsettled && (
        <label className="tick">
          <input type="checkbox" checked={draft.danger} onChange={(event) => set({ danger: event.currentTarget.checked })} />
          {t('spot.danger')}
        </label>
      )}
      {open.length < all.length && (
        <button type="button" className="button quiet" onClick={() => setMore(true)}>
          {t('spot.moreOutcomes')}
        </button>
      )}
    </div>
  );
}

function Where({ draft, set, session }: Part & { session: Session }) {
  const groups = useQuery(`groups/${session.unit.code}`, () => readGroups(session.unit.code), 600e3).data ?? [];
  const mine = session.posts.some(({ unit }) => unit && isGroup(unit));
  const [open, setOpen] = useState(!mine);
  const name =
    groups.find(({ code }) => code === draft.unit)?.name ?? session.posts.find(({ unit }) => unit?.code === draft.unit)?.unit?.name;
  if (!open) {
    return (
      <p className="where">
        {t('spot.where')} <b>{name}</b>
        <button type="button" className="button quiet" onClick={() => setOpen(true)}>
          {t('spot.otherPlace')}
        </button>
      </p>
    );
  }
  return (
    <div className="field">
      <span className="label">{t('spot.where')}</span>
      <Choices
        className="small"
        label={t('spot.where')}
        options={groups.map(({ code, name: label }) => ({ code, label }))}
        value={draft.unit}
        onChange={(unit) => set({ unit })}
      />
    </div>
  );
}

/** The batch answers with the id; the number is for people. */
async function numberOf(id: string | undefined): Promise<string | undefined> {
  return id
    ? await readCase(id).then(
        ({ number }) => number,
        () => undefined,
      )
    : undefined;
}

interface Made {
  sent: boolean;
  number: string | undefined;
  refused: string | undefined;
  line: string;
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = document.createElement('textarea'); // http:// and old WebViews have no clipboard
    box.value = text;
    document.body.appendChild(box);
    box.select();
    document.execCommand('copy');
    box.remove();
  }
  Toast.show({ content: t('spot.copied') });
}

function After({ made, onNext }: { made: Made; onNext: () => void }) {
  return (
    <Frame title={t('tabs.spot')}>
      <section className="block after">
        <p className={made.refused ? 'error' : 'stored'}>
          {made.refused ?? t(made.sent ? 'spot.sent' : 'spot.keptHere', { number: made.number ?? '' })}
        </p>
        {!made.refused && (
          <>
            <p className="hint">{t('spot.forGroup')}</p>
            <p className="line">{made.line}</p>
            <button type="button" className="button wide" onClick={() => void copy(made.line)}>
              {t('spot.copy')}
            </button>
          </>
        )}
        {made.refused && (
          <a className="button main wide" href="#/queue">
            {t('queue.look')}
          </a>
        )}
        <button type="button" className="button wide" onClick={onNext}>
          {t('spot.another')}
        </button>
        <a className="button quiet wide" href="#/">
          {t('tabs.mine')}
        </a>
      </section>
    </Frame>
  );
}

function Page({ session, pack, edit, onMade }: { session: Session; pack: Pack; edit: string | null; onMade: (made: Made) => void }) {
  const own = session.posts.find(({ unit }) => unit && isGroup(unit))?.unit ?? session.unit;
  const [draft, set] = useDraft(own.code, edit);
  const [wrong, setWrong] = useState<ReturnType<typeof lacking>>();
  const kind = pack.kinds.find((one) => one.kind === draft.kind);
  const groups = useQuery(`groups/${session.unit.code}`, () => readGroups(session.unit.code), 600e3).data ?? [];

  const submit = async () => {
    const lack = lacking(draft);
    setWrong(lack);
    if (lack || !kind) return;
    const place = groups.find(({ code }) => code === draft.unit)?.name ?? own.name;
    const up = draft.outcome === unsettled;
    const done = await save({
      verb: up ? 'report' : 'settle_on_spot',
      fields: up ? { ...report(draft) } : { ...fields(draft, pack.told_how[0]) },
      files: { files: draft.files },
      title: `${kind.short} · ${up ? t('spot.reported') : (kind.outcomes.find(({ code }) => code === draft.outcome)?.label ?? '')}`,
      detail: [draft.names.filter(Boolean).join('、'), draft.text].filter(Boolean).join(' '),
    });
    if (edit) await remove(edit);
    else await unkeep('spot');
    const number = 'answer' in done ? await numberOf(done.answer.body.id) : undefined;
    const refused = 'state' in done && done.state === 'refused' ? done.reason : undefined;
    const sent = 'answer' in done;
    onMade({ sent, number, refused, line: line(draft, kind, place, number) });
  };
  return (
    <Frame title={t('tabs.spot')} {...(edit ? { back: () => go('queue') } : {})}>
      <form
        className="block spot"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Choices
          className="kinds"
          label={t('spot.kind')}
          options={pack.kinds.map((one) => ({ code: one.kind, label: one.short }))}
          value={draft.kind}
          onChange={(code) => set({ kind: code, outcome: '' })}
        />
        {kind && (
          <>
            <Names draft={draft} set={set} />
            <div className="field">
              <label htmlFor="words">{t('spot.words')}</label>
              <textarea
                id="words"
                rows={2}
                placeholder={t('spot.wordsHint')}
                value={draft.text}
                onChange={(event) => set({ text: event.currentTarget.value })}
              />
            </div>
            <FirstDo rules={dutiesIn(draft.text, undefined, pack.duties)} />
            <div className="field">
              <PhotoTaker voice items={draft.files} onChange={(files) => set({ files })} />
            </div>
            <Outcome draft={draft} set={set} kind={kind} />
            <Where draft={draft} set={set} session={session} />
            {wrong && (
              <p className="error" role="alert">
                {t(`spot.lack.${wrong}`)}
              </p>
            )}
            <button type="submit" className="button main wide tall">
              {t(draft.outcome === unsettled ? 'spot.send' : 'spot.save')}
            </button>
          </>
        )}
        {!kind && <p className="hint">{t('spot.begin')}</p>}
      </form>
    </Frame>
  );
}

export function Spot({ session }: { session: Session }) {
  const pack = useQuery('pack', readPack, 600e3).data;
  const edit = useRoute().query.get('edit');
  const [made, setMade] = useState<Made>();
  if (!pack) return <Frame title={t('tabs.spot')}>{null}</Frame>;
  if (made) return <After made={made} onNext={() => setMade(undefined)} />;
  return <Page key={edit ?? ''} session={session} pack={pack} edit={edit} onMade={setMade} />;
}
