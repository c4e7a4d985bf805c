import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Careful, Field, Option, Verb } from '../api/types';
import { wordsToAvoid } from './careful';
import { controls as own, type Control } from './controls';
import { useForm, voicesOf, type Draft, type Form } from './form';
import { Speak } from './speak';
import { say } from './words';
import './button.css';
import './form.css';

export type Choices = (type: Field['type']) => Promise<Option[]>;

interface Props {
  verb: Verb;
  onSend: (draft: Draft) => Promise<void>;
  onCancel?: () => void;
  choices?: Choices;
  controls?: Partial<Record<Field['type'], Control>>;
  begin?: Draft;
  /** Staff are told which steps the resident will read. */
  staff?: boolean;
  /** Said above the form. */
  hint?: string | undefined;
  /** Words of the pack that a text going out had better not use. */
  careful?: Careful[];
  /** Where staff say that they record it for somebody else (ui/behalf). */
  behalf?: (form: Pick<Form, 'draft' | 'set'>) => ReactNode;
}

const listed: Field['type'][] = ['office', 'account', 'unit', 'case'];
const named: Field['type'][] = ['bool', 'consent']; // these carry their label themselves

const isOf = (wrong: string | undefined, name: string) => wrong === name || wrong?.startsWith(`${name}.`) === true;

interface RowProps {
  field: Field;
  form: Pick<Form, 'draft' | 'set' | 'wrong'>;
  id: string;
  choices?: Choices | undefined;
  controls?: Partial<Record<Field['type'], Control>>;
}

/** One field of a form, with its label, its hint and what is wrong with it. */
export function FieldRow({ field, form, id, choices, controls = {} }: RowProps) {
  const [options, setOptions] = useState<Option[]>([]);
  useEffect(() => {
    if (listed.includes(field.type) && choices) void choices(field.type).then(setOptions, () => setOptions([]));
  }, [field.type]);
  // What is wrong in a row of a list is said at the list: "instalments.1.amount".
  const wrong = form.wrong && isOf(form.wrong.field, field.name) ? form.wrong.text : undefined;
  const One = controls[field.type] ?? own[field.type] ?? own.text;
  return (
    <div className={wrong ? 'field wrong' : 'field'}>
      {(!named.includes(field.type) || (field.type === 'bool' && field.required)) && (
        <label id={`${id}-label`} htmlFor={id}>
          {field.label}
          {!field.required && <small>{say('form.optional')}</small>}
        </label>
      )}
      <One id={id} field={field} value={form.draft[field.name]} onChange={(value) => form.set(field.name, value)} choices={options} />
      {field.voice && field.type === 'longtext' && (
        <Speak
          text={String(form.draft[field.name] ?? '')}
          onText={(text) => form.set(field.name, text)}
          voices={voicesOf(form.draft)}
          onVoices={(voices) => form.set('voices', voices)}
        />
      )}
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

/** What must be done before, said before anybody tries; with the outcomes that it stands before. */
function Lacks({ verb }: { verb: Verb }) {
  const outcomes = verb.form.find(({ name }) => name === 'outcome')?.options ?? [];
  return (
    <div className="lacks" role="note">
      {say('form.missing')}
      <ul>
        {verb.missing.map(({ code, label, outcomes: before }) => (
          <li key={code}>
            {label}
            {before.length > 0 && (
              <small>（{before.map((one) => outcomes.find(({ value }) => value === one)?.label ?? one).join('、')}）</small>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A word that a committee has no power to say, and a better one. A hint: nobody is kept from sending. */
function Better({ text, careful }: { text: string; careful: Careful[] }) {
  const found = wordsToAvoid(text, careful);
  if (found.length === 0) return null;
  return (
    <ul className="better" role="status">
      {found.map(({ word, instead }) => (
        <li key={word}>{say(instead ? 'form.better' : 'form.avoid', { word, instead })}</li>
      ))}
    </ul>
  );
}

/** Whose power the step rests on, and what is handed on because it is not ours. */
function Power({ power }: { power: NonNullable<Verb['power']> }) {
  return (
    <p className="hint power">
      {say('form.power', { label: power.label, basis: power.basis })}
      {power.cannot.map(({ what, basis }) => (
        <span key={what}>
          <br />
          {say('form.cannot', { what, basis })}
        </span>
      ))}
    </p>
  );
}

/** Where a text may be spoken, the photos beside it need no recorder of their own. */
function withOneVoice(form: Field[]): Field[] {
  const spoken = form.some(({ voice }) => voice);
  return form.map((field) => (field.type === 'files' ? { ...field, voice: !spoken } : field));
}

/** The form of one verb, drawn from what the server says it needs. */
export function VerbForm({ verb, onSend, onCancel, choices, controls = {}, begin, staff = false, hint, careful = [], behalf }: Props) {
  const form = useForm(verb.form, onSend, begin);
  const root = useRef<HTMLFormElement>(null);
  useEffect(() => {
    root.current?.querySelector<HTMLElement>('.field.wrong input, .field.wrong textarea, .field.wrong select')?.focus();
  }, [form.wrong]);
  if (verb.blocked) return <Lacks verb={verb} />;
  const unplaced = form.wrong && !verb.form.some(({ name }) => isOf(form.wrong?.field, name));
  return (
    <form
      ref={root}
      className="verb-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!form.busy) void form.submit();
      }}
    >
      {hint && <p className="hint">{hint}</p>}
      {verb.missing.length > 0 && <Lacks verb={verb} />}
      {withOneVoice(verb.form).map((field) => (
        <div key={field.name}>
          <FieldRow id={`${verb.verb}-${field.name}`} field={field} form={form} choices={choices} controls={controls} />
          {field.type === 'longtext' && <Better text={String(form.draft[field.name] ?? '')} careful={careful} />}
        </div>
      ))}
      {behalf && !verb.form.some(({ name }) => name === 'for') && behalf(form)}
      {unplaced && (
        <p className="error" role="alert">
          {form.wrong?.text}
        </p>
      )}
      <div className="send">
        {onCancel && (
          <button type="button" className="button" onClick={onCancel}>
            {say('form.cancel')}
          </button>
        )}
        <button type="submit" className="button main" disabled={form.busy}>
          {form.busy ? say('form.sending') : verb.label}
        </button>
      </div>
      {staff && verb.public && <p className="hint">{say('form.public')}</p>}
      {staff && verb.power && <Power power={verb.power} />}
    </form>
  );
}
