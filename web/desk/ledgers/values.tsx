import { Button, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { api, got } from '../../api/client';
import { useQuery } from '../../api/query';
import type { Ledger, LedgerTarget } from '../../api/types';
import { say } from '../../ui/words';
import { t } from '../words';
import { grouped } from './choices';
import { guessed, recognized, type Choice, type Counted, type Rule } from './mapping';

interface Props {
  ledger: Ledger;
  table: NonNullable<Ledger['table']>;
  target: LedgerTarget;
  rule: Rule;
  choices: Choice[];
  onChange: (rule: Rule) => void;
  onKnown: (target: string, known: Record<string, string>) => void;
}

function useValues(ledger: Ledger, table: Props['table'], column: string) {
  const query = { column, sheet: table.sheet, header: table.header };
  const key = `values/${ledger.id}/${JSON.stringify(query)}`;
  return useQuery(key, () => got(api.GET('/api/v1/ledgers/{id}/values', { params: { path: { id: ledger.id }, query } })), 600e3);
}

interface Line {
  value: string;
  n: number | undefined;
  ours: string | undefined;
  guess: boolean;
}

function ValueLine({
  line,
  field,
  choices,
  onChange,
}: {
  line: Line;
  field: string;
  choices: Choice[];
  onChange: (ours: string | undefined) => void;
}) {
  return (
    <tr className={line.ours ? '' : 'open'}>
      <th scope="row">
        {line.value}
        {line.n !== undefined && <small> {t('ledger.times', { n: line.n })}</small>}
      </th>
      <td>
        <Select
          className="whole"
          allowClear
          aria-label={t('ledger.ours', { value: line.value, field })}
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('ledger.pick')}
          value={line.ours}
          options={grouped(choices)}
          onChange={(ours?: string) => onChange(ours)}
        />
      </td>
      <td>{line.guess && <span className="guess">{t('ledger.guess')}</span>}</td>
    </tr>
  );
}

/** A value that isn't in the file today and may come tomorrow. */
function Add({ field, onAdd }: { field: string; onAdd: (value: string) => void }) {
  const [value, setValue] = useState<string>();
  if (value === undefined)
    return (
      <Button type="link" aria-label={t('ledger.addOf', { field })} onClick={() => setValue('')}>
        {t('ledger.addMore')}
      </Button>
    );
  const add = () => {
    if (value.trim()) onAdd(value.trim());
    setValue(undefined);
  };
  return (
    <span className="add">
      <Input
        autoFocus
        aria-label={t('ledger.addOf', { field })}
        placeholder={t('ledger.addHint')}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onPressEnter={add}
      />
      <Button onClick={add} disabled={!value.trim()}>
        {t('ledger.add')}
      </Button>
    </span>
  );
}

function Otherwise({
  rule,
  field,
  choices,
  onChange,
}: {
  rule: Rule;
  field: string;
  choices: Choice[];
  onChange: (ours?: string) => void;
}) {
  return (
    <label className="otherwise">
      {t('ledger.otherwise')}{' '}
      <Select
        allowClear
        aria-label={t('ledger.otherwiseOf', { field })}
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('ledger.isWrong')}
        value={rule.otherwise || undefined}
        options={grouped(choices)}
        onChange={(ours?: string) => onChange(ours)}
      />
    </label>
  );
}

const some = (values: Counted[]) =>
  values
    .slice(0, 4)
    .map(({ value }) => value)
    .join('、') + (values.length > 4 ? '…' : '');

/** Their values and ours. Those that say themselves what they are stay folded; those that nobody knows stand first. */
export function Values({ ledger, table, target, rule, choices, onChange, onKnown }: Props) {
  const { data } = useValues(ledger, table, rule.columns[0] ?? '');
  const [guesses, setGuesses] = useState<Record<string, string>>({});
  const values: Counted[] = data?.values ?? [];
  const known = recognized(values, choices);
  useEffect(() => {
    if (!data) return;
    onKnown(target.name, known);
    const near = guessed(values, choices, { ...known, ...rule.values });
    if (Object.keys(near).length === 0) return;
    setGuesses(near);
    onChange({ ...rule, values: { ...near, ...rule.values } });
  }, [data, choices]);
  if (!data) return <p className="soft values">{say('state.loading')}</p>;

  const chosen = rule.values ?? {};
  const set = (value: string, ours: string | undefined) => onChange({ ...rule, values: { ...chosen, [value]: ours ?? '' } });
  const line = (value: string, n?: number): Line => {
    const ours = chosen[value] ?? known[value];
    return { value, n, ours: ours || undefined, guess: ours !== undefined && guesses[value] === ours };
  };
  const asked = values.filter(({ value }) => !known[value] || (chosen[value] !== undefined && chosen[value] !== known[value]));
  const added = Object.keys(chosen).filter((value) => !values.some((one) => one.value === value));
  const lines = [...asked.map(({ value, n }) => line(value, n)), ...added.map((value) => line(value))];
  const open = lines.filter(({ ours }) => !ours).length;
  const sure = values.filter(({ value }) => !asked.some((one) => one.value === value));
  const draw = (one: Line) => (
    <ValueLine key={one.value} line={one} field={target.label} choices={choices} onChange={(ours) => set(one.value, ours)} />
  );
  return (
    <div className="values">
      {lines.length > 0 && (
        <>
          <p className={open > 0 && !rule.otherwise ? 'late' : 'soft'}>
            {open > 0 ? t('ledger.open', { n: open }) : t('ledger.allMatched')}
          </p>
          <table>
            <caption className="unseen">{t('ledger.valuesOf', { field: target.label })}</caption>
            <tbody>{lines.map(draw)}</tbody>
          </table>
        </>
      )}
      {sure.length > 0 && (
        <details>
          <summary>{t('ledger.sure', { n: sure.length, some: some(sure) })}</summary>
          <table>
            <caption className="unseen">{t('ledger.valuesOf', { field: target.label })}</caption>
            <tbody>{sure.map(({ value, n }) => draw(line(value, n)))}</tbody>
          </table>
        </details>
      )}
      {data.more && <p className="late">{t('ledger.manyValues')}</p>}
      <p className="rest">
        <Otherwise
          rule={rule}
          field={target.label}
          choices={choices}
          onChange={(ours) => {
            const { otherwise: _gone, ...without } = rule;
            onChange(ours ? { ...without, otherwise: ours } : without);
          }}
        />
        <Add field={target.label} onAdd={(value) => set(value, '')} />
      </p>
    </div>
  );
}
