import { useState } from 'react';
import { Problem } from '../api/problem';
import type { Attachment } from '../ui/attachment';
import '../ui/form.css';
import { PhotoTaker } from '../ui/photos';
import { Answers, useSuggestions } from '../ui/answers';
import { go } from '../ui/route';
import { dutiesIn, FirstDo } from '../ui/duties';
import { say } from '../ui/words';
import { begun, Contact, forNext, toSend, Where, type Draft } from './draft';
import { Frame } from './frame';
import { MeToo } from './metoo';
import { send } from './outbox';
import { useDuties, usePlace, useSign, useUnit, type Sign } from './place';
import { write } from './store';
import { t } from './words';

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
        <MeToo words={draft.text} />
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
      const sent = await send(toSend(whole, committee?.code ?? group ?? '', files.length, here), files);
      forNext(draft);
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
