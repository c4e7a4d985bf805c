import { useState, type ComponentType } from 'react';
import type { Consent, Field, NewPerson, OnePerson, Option, Quantity } from '../api/types';
import type { Attachment } from './attachment';
import type { Draft } from './form';
import { PhotoTaker } from './photos';
import { say } from './words';

export interface ControlProps {
  id: string;
  field: Field;
  value: Draft[string];
  onChange: (value: Draft[string]) => void;
  /** What an office, account, unit or case field may choose from. */
  choices: Option[];
}
export type Control = ComponentType<ControlProps>;

const text = (value: Draft[string]) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

function Line({ id, field, value, onChange }: ControlProps) {
  const kinds: Partial<Record<Field['type'], string>> = { date: 'date', datetime: 'datetime-local' };
  const number = field.type === 'int' || field.type === 'number';
  return (
    <input
      id={id}
      type={kinds[field.type] ?? 'text'}
      inputMode={field.type === 'int' ? 'numeric' : number ? 'decimal' : undefined}
      maxLength={number ? undefined : field.max}
      value={text(value)}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        onChange(number && typed !== '' && !isNaN(Number(typed)) ? Number(typed) : typed);
      }}
    />
  );
}

function LongText({ id, field, value, onChange }: ControlProps) {
  return <textarea id={id} rows={3} maxLength={field.max} value={text(value)} onChange={(event) => onChange(event.currentTarget.value)} />;
}

/** Up to six choices are big buttons; more are a list. */
function Choice({ id, field, value, onChange, choices }: ControlProps) {
  const options = field.options ?? choices;
  if (options.length > 6) {
    return (
      <select id={id} value={text(value)} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{say('form.choose')}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    );
  }
  return (
    <div className="choices" role="radiogroup" aria-labelledby={`${id}-label`}>
      {options.map((option) => (
        <label key={option.value} className={value === option.value ? 'chosen' : ''}>
          <input className="unseen" type="radio" name={id} checked={value === option.value} onChange={() => onChange(option.value)} />
          {option.label}
        </label>
      ))}
    </div>
  );
}

/** Where the answer is required, no must be said as plainly as yes. */
function YesNo({ id, value, onChange }: ControlProps) {
  return (
    <div className="choices" role="radiogroup" aria-labelledby={`${id}-label`}>
      {[true, false].map((answer) => (
        <label key={String(answer)} className={value === answer ? 'chosen' : ''}>
          <input className="unseen" type="radio" name={id} checked={value === answer} onChange={() => onChange(answer)} />
          {say(answer ? 'form.yes' : 'form.no')}
        </label>
      ))}
    </div>
  );
}

function Bool(props: ControlProps) {
  const { id, field, value, onChange } = props;
  if (field.required) return <YesNo {...props} />;
  return (
    <label className="tick">
      <input id={id} type="checkbox" checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      {field.label}
    </label>
  );
}

/** Consent is a record: given or not, and how it was said. */
function ConsentControl({ id, field, value, onChange }: ControlProps) {
  const consent = (value ?? { given: false }) as Consent;
  return (
    <>
      <label className="tick">
        <input
          id={id}
          type="checkbox"
          checked={consent.given}
          onChange={(event) => onChange({ ...consent, given: event.currentTarget.checked })}
        />
        {field.label}
      </label>
      {consent.given && (
        <input
          type="text"
          aria-label={say('form.consentHow')}
          placeholder={say('form.consentHow')}
          value={consent.how ?? ''}
          onChange={(event) => onChange({ ...consent, how: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function QuantityControl({ id, field, value, onChange }: ControlProps) {
  const first = field.options?.[0]?.value ?? '';
  const quantity = value as Quantity | undefined;
  return (
    <div className="pair">
      <input
        id={id}
        type="text"
        inputMode="decimal"
        value={quantity ? String(quantity.n) : ''}
        onChange={(event) => {
          const n = Number(event.currentTarget.value);
          onChange(event.currentTarget.value === '' || isNaN(n) ? undefined : { n, unit: quantity?.unit ?? first });
        }}
      />
      {field.options ? (
        <select
          aria-label={say('form.unit')}
          value={quantity?.unit ?? first}
          onChange={(event) => onChange({ n: quantity?.n ?? 1, unit: event.currentTarget.value })}
        >
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          type="text"
          aria-label={say('form.unit')}
          placeholder={say('form.unit')}
          value={quantity?.unit ?? ''}
          onChange={(event) => onChange({ n: quantity?.n ?? 1, unit: event.currentTarget.value })}
        />
      )}
    </div>
  );
}

function Persons({ id, value, onChange }: ControlProps) {
  const people = (value as NewPerson[] | undefined) ?? [{ role: 'party', side: 1, name: '' }];
  const change = (at: number, part: Partial<NewPerson>) => onChange(people.map((one, i) => (i === at ? { ...one, ...part } : one)));
  return (
    <>
      {people.map((person, i) => (
        <div className="pair" key={i}>
          <input
            id={i === 0 ? id : undefined}
            type="text"
            aria-label={say('form.name')}
            placeholder={say('form.name')}
            value={person.name}
            onChange={(event) => change(i, { name: event.currentTarget.value })}
          />
          <input
            type="tel"
            aria-label={say('form.phone')}
            placeholder={say('form.phone')}
            value={person.phone ?? ''}
            onChange={(event) => change(i, { phone: event.currentTarget.value })}
          />
        </div>
      ))}
      <button
        type="button"
        className="button quiet"
        onClick={() => onChange([...people, { role: 'party', side: people.length + 1, name: '' }])}
      >
        {say('form.addPerson')}
      </button>
    </>
  );
}

/** One person, by name and telephone; an app with a register to look in puts its own picker here. */
function PersonControl({ id, value, onChange }: ControlProps) {
  const person = (value as OnePerson | undefined) ?? {};
  const change = (part: OnePerson) => {
    const next = { ...person, ...part };
    onChange(next.name || next.phone ? next : undefined);
  };
  return (
    <div className="pair">
      <input
        id={id}
        type="text"
        placeholder={say('form.name')}
        value={person.name ?? ''}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <input
        type="tel"
        aria-label={say('form.phone')}
        placeholder={say('form.phone')}
        value={person.phone ?? ''}
        onChange={(event) => change({ phone: event.currentTarget.value })}
      />
    </div>
  );
}

/** Typed in yuan, sent in whole fen. What is no amount stays as it was typed, and the server says so. */
function Money({ id, value, onChange }: ControlProps) {
  const [typed, setTyped] = useState(() => (typeof value === 'number' ? String(value / 100) : ''));
  return (
    <input
      id={id}
      type="text"
      inputMode="decimal"
      value={typed}
      onChange={(event) => {
        const now = event.currentTarget.value;
        setTyped(now);
        const amount = /^\d+(?:\.\d{1,2})?$/.test(now.trim()) ? Math.round(Number(now) * 100) : undefined;
        onChange(now.trim() === '' ? undefined : (amount ?? now));
      }}
    />
  );
}

/** One a line. */
function Words({ id, value, onChange }: ControlProps) {
  const [typed, setTyped] = useState(() => (Array.isArray(value) ? value.join('\n') : ''));
  return (
    <textarea
      id={id}
      rows={3}
      placeholder={say('form.onePerLine')}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(
          event.currentTarget.value
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean),
        );
      }}
    />
  );
}

/** Of a form that came back some may be at the server already. */
export function Files({ field, value, onChange, scans = false }: ControlProps & { scans?: boolean }) {
  const all = (value as (Attachment | string)[] | undefined) ?? [];
  const there = all.filter((one) => typeof one === 'string');
  return (
    <>
      <PhotoTaker
        voice={field.voice !== false}
        scans={scans}
        items={all.filter((one) => typeof one !== 'string')}
        onChange={(items) => onChange([...there, ...items])}
      />
      {there.length > 0 && <p className="hint">{say('photo.there', { n: there.length })}</p>}
    </>
  );
}

/** One control for each type of field the server may ask for. An app may put its own in place of some. */
export const controls: Record<Field['type'], Control> = {
  text: Line,
  longtext: LongText,
  choice: Choice,
  date: Line,
  datetime: Line,
  int: Line,
  number: Line,
  bool: Bool,
  office: Choice,
  account: Choice,
  unit: Choice,
  case: Line,
  persons: Persons,
  files: Files,
  quantity: QuantityControl,
  consent: ConsentControl,
  money: Money,
  words: Words,
  person: PersonControl,
  register: Choice,
  id: Line,
  object: Line,
  list: Line,
};
