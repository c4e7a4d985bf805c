import { useState } from 'react';
import { Problem } from '../api/problem';
import type { NewCase } from '../api/types';
import type { Attachment } from '../ui/attachment';
import '../ui/form.css';
import { PhotoTaker } from '../ui/photos';
import { Answers, useSuggestions } from '../ui/answers';
import { go } from '../ui/route';
import { dutiesIn, FirstDo } from '../ui/duties';
import { say } from '../ui/words';
import { Frame } from './frame';
import { send } from './outbox';
import { scan, useDuties, usePlace, useSign, useUnit, type Sign } from './place';
import { read, write } from './store';
import { t } from './words';

interface Draft {
  text: string;
  unit: string;
  phone: string;
  name: string;
  anonymous: boolean;
  bypass: boolean;
  /** The code on the wall that unit was chosen under. */
  scan: string;
  /** The place of the code is not where it is about. */
  elsewhere: boolean;
}
const blank: Draft = { text: '', unit: '', phone: '', name: '', anonymous: false, bypass: false, scan: '', elsewhere: false };

/** What was begun on this phone goes on; but where it is about is told by the code that was scanned last. */
function begun(complaint: boolean): Draft {
  const draft = { ...blank, ...read<Partial<Draft>>('draft', {}), ...(complaint ? { bypass: true } : {}) };
  const here = scan();
  return here && here !== draft.scan ? { ...draft, unit: '', scan: here, elsewhere: false } : draft;
}

function Words({
  draft,
  set,
  files,
  onFiles,
  onNext,
}: {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  files: Attachment[];
  onFiles: (files: Attachment[]) => void;
  onNext: () => void;
}) {
  const { committee, group } = usePlace();
  const found = useSuggestions(draft.unit || group || committee?.code || '', draft.text);
  const ready = draft.text.trim() !== '' || files.length > 0;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onNext();
      }}
    >
      <div className="field">
        <label htmlFor="text">{t('report.what')}</label>
        <textarea
          id="text"
          rows={5}
          maxLength={2000}
          placeholder={t('report.example')}
          value={draft.text}
          onChange={(event) => set({ text: event.currentTarget.value })}
        />
      </div>
      <div role="status">
        {found.length > 0 && <p className="hint">{t('ask.found')}</p>}
        <Answers items={found.slice(0, 3)} />
      </div>
      <FirstDo rules={dutiesIn(draft.text, undefined, useDuties())} />
      <div className="field">
        <PhotoTaker voice items={files} onChange={onFiles} max={4} />
        <p className="hint">{t('report.anyOne')}</p>
      </div>
      <button type="submit" className="button main wide tall" disabled={!ready}>
        {t('report.next')}
      </button>
      <p className="hint alarm">{t('report.danger')}</p>
    </form>
  );
}

/** Who will read it, said before it is sent; whoever distrusts the steward can go past him. */
function Readers({ draft, set, steward }: { draft: Draft; set: (part: Partial<Draft>) => void; steward: string | undefined }) {
  return (
    <div className="readers">
      <h2>{t('report.readers')}</h2>
      <ul>
        {!draft.bypass && <li>{steward ? t('report.steward', { name: steward }) : t('report.anySteward')}</li>}
        <li>{t(draft.bypass ? 'report.upper' : 'report.committee')}</li>
        <li>{t('report.office')}</li>
        <li>{t('report.never')}</li>
      </ul>
      <label className="tick">
        <input type="checkbox" checked={draft.bypass} onChange={(event) => set({ bypass: event.currentTarget.checked })} />
        {t('report.bypass')}
      </label>
    </div>
  );
}

/** The place of the code; a tap says that it is about somewhere else. */
function Here({ sign, onElsewhere }: { sign: Sign; onElsewhere: () => void }) {
  return (
    <p className="here">
      <span>
        {t('report.here')} <b>{sign.name || sign.kind_label}</b> {sign.unit.name}
      </span>
      <button type="button" className="button quiet" onClick={onElsewhere}>
        {t('report.elsewhere')}
      </button>
    </p>
  );
}

function Where({ draft, set }: { draft: Draft; set: (part: Partial<Draft>) => void }) {
  const { committee } = usePlace();
  const groups = committee?.children ?? [];
  if (!committee || groups.length === 0) return null;
  return (
    <fieldset className="field">
      <legend className="label">{t('report.where')}</legend>
      <div className="choices groups">
        {[...groups, { code: committee.code, name: t('report.noGroup') }].map(({ code, name }) => (
          <label key={code} className={draft.unit === code ? 'chosen' : ''}>
            <input className="unseen" type="radio" name="unit" checked={draft.unit === code} onChange={() => set({ unit: code })} />
            {name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Contact({ draft, set, wrong }: { draft: Draft; set: (part: Partial<Draft>) => void; wrong: string | undefined }) {
  return (
    <div className={wrong === 'contact_phone' ? 'field wrong' : 'field'}>
      {!draft.anonymous && (
        <>
          <label htmlFor="phone">{t('report.phone')}</label>
          <input
            id="phone"
            type="tel"
            autoComplete="tel"
            placeholder={t('report.phoneHint')}
            value={draft.phone}
            onChange={(event) => set({ phone: event.currentTarget.value })}
          />
          <label htmlFor="name" className="unseen">
            {t('report.name')}
          </label>
          <input
            id="name"
            type="text"
            autoComplete="name"
            placeholder={t('report.name')}
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
        </>
      )}
      <label className="tick">
        <input type="checkbox" checked={draft.anonymous} onChange={(event) => set({ anonymous: event.currentTarget.checked })} />
        {t('report.anonymous')}
      </label>
    </div>
  );
}

function body(draft: Draft, committee: string, files: number, place: Sign | undefined): NewCase {
  const phone = draft.anonymous ? '' : draft.phone.replace(/\s/g, '');
  const name = draft.anonymous ? '' : draft.name.trim();
  return {
    text: draft.text.trim() || t('report.attached', { n: files }), // words are required; these point to what was shown or said
    unit: draft.unit || committee,
    ...(draft.anonymous ? { anonymous: true } : {}),
    ...(phone ? { contact_phone: phone } : {}),
    ...(name ? { persons: [{ role: 'reporter', name, ...(phone ? { phone } : {}) }] } : {}),
    ...(draft.bypass ? { bypass_village: true } : {}),
    ...(place ? { place_id: place.id } : {}),
  };
}

export function Report({ complaint }: { complaint: boolean }) {
  const { committee, group } = usePlace();
  const [draft, setDraft] = useState<Draft>(() => begun(complaint));
  const sign = useSign();
  const duties = useDuties();
  const [files, setFiles] = useState<Attachment[]>([]);
  const [second, setSecond] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Problem>();
  const whole = draft.unit ? draft : { ...draft, unit: group ?? '' };
  const here = sign && !draft.elsewhere && (!draft.unit || draft.unit === sign.unit.code) ? sign : undefined;
  const unit = useUnit(second && whole.unit.length > 12 ? whole.unit : undefined);

  const set = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    write('draft', next);
  };
  const submit = async () => {
    setBusy(true);
    setWrong(undefined);
    try {
      const sent = await send(body(whole, committee?.code ?? group ?? '', files.length, here), files);
      write('draft', { phone: draft.phone, name: draft.name, unit: draft.unit, scan: draft.scan }); // the next report begins with who and where
      go('made' in sent ? `done/${sent.made.track}` : `done/kept-${sent.kept}`, true);
    } catch (cause) {
      if (cause instanceof Problem) setWrong(cause);
      if (cause instanceof Problem && cause.field === 'text') setSecond(false);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Frame title={t(complaint ? 'report.complaint' : 'home.report')}>
      {wrong && (
        <p className="error" role="alert">
          {wrong.message || say('error.broken')}
        </p>
      )}
      {!second && here && (
        <p>
          {t('report.here')} <b>{here.name || here.kind_label}</b> {here.unit.name}
        </p>
      )}
      {!second && <Words draft={draft} set={set} files={files} onFiles={setFiles} onNext={() => setSecond(true)} />}
      {second && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) void submit();
          }}
        >
          <p className="said">
            <q>{draft.text || t('report.attached', { n: files.length })}</q>
            <button type="button" className="button quiet" onClick={() => setSecond(false)}>
              {t('report.change')}
            </button>
          </p>
          <FirstDo rules={dutiesIn(draft.text, undefined, duties)} />
          {here ? <Here sign={here} onElsewhere={() => set({ elsewhere: true })} /> : <Where draft={whole} set={set} />}
          <Contact draft={draft} set={set} wrong={wrong?.field} />
          <Readers draft={draft} set={set} steward={unit?.steward?.name} />
          <button type="submit" className="button main wide tall" disabled={busy}>
            {busy ? say('form.sending') : t('report.send')}
          </button>
        </form>
      )}
    </Frame>
  );
}
