import { useEffect, useState } from 'react';
import type { Field, OnBehalf, Option } from '../api/types';
import type { Form } from './form';
import { say } from './words';

interface Props {
  value: OnBehalf | undefined;
  onChange: (value: OnBehalf | undefined) => void;
  choices: ((type: Field['type']) => Promise<Option[]>) | undefined;
}

const ways = ['phone', 'person', 'wechat'] as const;

/** For a VerbForm's `behalf`. */
export const onBehalf = (choices: Props['choices']) => (form: Pick<Form, 'draft' | 'set'>) => (
  <Behalf value={form.draft.for as OnBehalf | undefined} onChange={(value) => form.set('for', value)} choices={choices} />
);

/** 替别人记: whose doing or word it is, and how it came. An elder who only has a telephone is credited with what they did. */
function Behalf({ value, onChange, choices }: Props) {
  const [workers, setWorkers] = useState<Option[]>([]);
  useEffect(() => {
    if (value && choices) void choices('account').then(setWorkers, () => setWorkers([]));
  }, [value === undefined]);
  if (!value) {
    return (
      <button type="button" className="button quiet behalf" onClick={() => onChange({ how: say('form.way.phone') })}>
        {say('form.behalf')}
      </button>
    );
  }
  const chosen = workers.find((one) => one.value === value.account);
  return (
    <fieldset className="field behalf">
      <legend>{say('form.behalf')}</legend>
      {workers.length > 0 && (
        <select
          aria-label={say('form.behalfWho')}
          value={value.account ?? ''}
          onChange={(event) => {
            const account = event.currentTarget.value;
            const name = workers.find((one) => one.value === account)?.label.split(' · ')[0];
            onChange({ ...(value.how ? { how: value.how } : {}), ...(account ? { account, ...(name ? { name } : {}) } : {}) });
          }}
        >
          <option value="">{say('form.behalfOther')}</option>
          {workers.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
      {!chosen && (
        <input
          type="text"
          aria-label={say('form.name')}
          placeholder={say('form.name')}
          maxLength={40}
          value={value.name ?? ''}
          onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
        />
      )}
      <select
        aria-label={say('form.behalfHow')}
        value={value.how ?? ''}
        onChange={(event) => onChange({ ...value, how: event.currentTarget.value })}
      >
        {ways.map((way) => (
          <option key={way}>{say(`form.way.${way}`)}</option>
        ))}
      </select>
      <button type="button" className="button quiet" onClick={() => onChange(undefined)}>
        {say('form.behalfNot')}
      </button>
    </fieldset>
  );
}
