import { useState, type FormEvent } from 'react';
import { api, got } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Case } from '../../api/types';
import { say } from '../../ui/words';
import { t } from '../words';

type Sitting = NonNullable<Case['mediation']>['sessions'][number];

const lane = ['听', '辨', '劝', '借', '让', '和'];
const results = ['agreed', 'continued', 'failed', 'absent'] as const;

/** The record of a sitting: who came, the six steps as ticks, one text, how it went. */
function Record({ sitting, onDone }: { sitting: Sitting; onDone: () => void }) {
  const [steps, setSteps] = useState<string[]>([]);
  const [came, setCame] = useState('');
  const [text, setText] = useState('');
  const [result, setResult] = useState<(typeof results)[number]>('agreed');
  const [wrong, setWrong] = useState('');
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setWrong('');
    try {
      await got(
        api.POST('/api/v1/activities/{id}/{verb}', {
          params: { path: { id: sitting.id, verb: 'hold' } },
          body: { text, came, session_result: result, steps: lane.filter((step) => steps.includes(step)) },
        }),
      );
      onDone();
    } catch (cause) {
      if (cause instanceof Problem) setWrong(cause.message || say('error.offline'));
    }
  };
  return (
    <form className="verb-form" onSubmit={(event) => void send(event)}>
      <fieldset className="ticks">
        <legend>{t('mediation.lane')}</legend>
        {lane.map((step) => (
          <label key={step} className="tick">
            <input
              type="checkbox"
              checked={steps.includes(step)}
              onChange={(event) => setSteps(event.currentTarget.checked ? [...steps, step] : steps.filter((other) => other !== step))}
            />
            {step}
          </label>
        ))}
      </fieldset>
      <label htmlFor={`came-${sitting.id}`}>{t('mediation.came')}</label>
      <input id={`came-${sitting.id}`} type="text" value={came} onChange={(event) => setCame(event.currentTarget.value)} />
      <label htmlFor={`text-${sitting.id}`}>{t('mediation.went')}</label>
      <textarea id={`text-${sitting.id}`} rows={3} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <label htmlFor={`result-${sitting.id}`}>{t('mediation.result')}</label>
      <select
        id={`result-${sitting.id}`}
        value={result}
        onChange={(event) => setResult(event.currentTarget.value as (typeof results)[number])}
      >
        {results.map((code) => (
          <option key={code} value={code}>
            {t(`mediation.results.${code}`)}
          </option>
        ))}
      </select>
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      <button type="submit" className="button main">
        {t('mediation.record')}
      </button>
    </form>
  );
}

/** What can be done with a sitting that is planned: tell the sides, record it, call it off. */
export function Planned({ sitting, sides, onDone }: { sitting: Sitting; sides: number[]; onDone: () => void }) {
  const [open, setOpen] = useState(false);
  const [wrong, setWrong] = useState('');
  const act = async (verb: string, body: { [key: string]: string }) => {
    setWrong('');
    try {
      await got(api.POST('/api/v1/activities/{id}/{verb}', { params: { path: { id: sitting.id, verb } }, body: body as never }));
      onDone();
    } catch (cause) {
      if (cause instanceof Problem) setWrong(cause.message || say('error.offline'));
    }
  };
  const told = sitting.told.map((one) => String((one as { whom?: string }).whom ?? ''));
  return (
    <>
      <div className="buttons">
        <button type="button" className="button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('mediation.record')}
        </button>
        {sides
          .map((n) => t('mediation.side', { n }))
          .filter((name) => !told.includes(name))
          .map((name) => (
            <button
              key={name}
              type="button"
              className="button quiet"
              onClick={() => void act('tell', { whom_told: name, told_by: 'phone' })}
            >
              {t('mediation.tell', { who: name })}
            </button>
          ))}
        <button type="button" className="button quiet" onClick={() => void act('cancel', { reason: t('mediation.calledOff') })}>
          {t('mediation.callOff')}
        </button>
      </div>
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      {open && <Record sitting={sitting} onDone={onDone} />}
    </>
  );
}
