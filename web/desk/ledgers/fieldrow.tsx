import { Input, Select } from 'antd';
import type { Ledger, LedgerTarget } from '../../api/types';
import { t } from '../words';
import { grouped } from './choices';
import { firstFields, namedColumns, sampleOf, shownDate, unclearOrder, type Choice, type Rule } from './mapping';
import { Values } from './values';

type Table = NonNullable<Ledger['table']>;

const fixed = '\u0000fixed';
/** A date in one column and the hour in another, a place in three: these may be put together. */
const joinable = ['happened_at', 'settled_at', 'title', 'text', 'result', 'place'];

interface Props {
  target: LedgerTarget;
  ledger: Ledger;
  table: Table;
  rule: Rule | undefined;
  choices: (target: string) => Choice[];
  kindFollows: boolean;
  missing: boolean;
  onChange: (rule: Rule | undefined) => void;
  onKnown: (target: string, known: Record<string, string>) => void;
}

/** From which column; the last line of the list is one value for all rows. */
function From({ id, target, table, rule, onChange, missing }: Props & { id: string }) {
  const columns = namedColumns(table.columns);
  const value = rule?.is !== undefined ? fixed : rule?.columns[0];
  const choose = (chosen?: string) => {
    if (chosen === undefined) onChange(undefined);
    else if (chosen === fixed) onChange({ columns: [], is: '' });
    else onChange({ ...(rule?.order ? { order: rule.order } : {}), columns: [chosen] });
  };
  return (
    <Select
      id={id}
      className="whole"
      allowClear={!firstFields.includes(target.name)}
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={firstFields.includes(target.name) ? t('ledger.pickColumn') : t('ledger.notFilled')}
      {...(missing ? { status: 'error' as const, 'aria-invalid': true } : {})}
      value={value}
      options={[...columns.map((name) => ({ value: name, label: name })), { value: fixed, label: t('ledger.fixed') }]}
      onChange={choose}
    />
  );
}

function Fixed({ id, target, rule, choices, onChange }: Props & { id: string }) {
  const options = choices(target.name);
  const set = (is: string) => onChange({ columns: [], is });
  const label = t('ledger.fixedOf', { field: target.label });
  if (options.length > 0)
    return (
      <Select
        id={id}
        aria-label={label}
        className="whole"
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('ledger.pick')}
        value={rule?.is || undefined}
        options={grouped(options)}
        onChange={set}
      />
    );
  return (
    <Input
      id={id}
      aria-label={label}
      placeholder={target.type === 'datetime' ? '2024-07-18 09:30' : ''}
      value={rule?.is ?? ''}
      onChange={(event) => set(event.target.value)}
    />
  );
}

function More({ target, table, rule, onChange }: Props) {
  if (!rule || rule.is !== undefined || !joinable.includes(target.name)) return null;
  const left = namedColumns(table.columns).filter((name) => !rule.columns.includes(name));
  return (
    <span className="more">
      {rule.columns.slice(1).map((name) => (
        <button
          key={name}
          type="button"
          className="chip"
          aria-label={t('ledger.without', { column: name })}
          onClick={() => onChange({ ...rule, columns: rule.columns.filter((one) => one !== name) })}
        >
          + {name} ×
        </button>
      ))}
      {left.length > 0 && (
        <select
          aria-label={t('ledger.andOf', { field: target.label })}
          value=""
          onChange={(event) => onChange({ ...rule, columns: [...rule.columns, event.currentTarget.value] })}
        >
          <option value="">{t('ledger.and')}</option>
          {left.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </span>
  );
}

function Order({ target, rule, samples, onChange }: Props & { samples: string[] }) {
  if (!rule || target.type !== 'datetime' || !unclearOrder(samples)) return null;
  return (
    <label className="order">
      {t('ledger.order')}{' '}
      <select value={rule.order ?? 'mdy'} onChange={(event) => onChange({ ...rule, order: event.currentTarget.value })}>
        <option value="mdy">{t('ledger.mdy')}</option>
        <option value="dmy">{t('ledger.dmy')}</option>
      </select>
    </label>
  );
}

export function FieldRow(props: Props) {
  const { target, table, rule, ledger, choices, kindFollows } = props;
  const id = `from-${target.name.replace('.', '-')}`;
  const found = rule ? sampleOf(table, rule.columns, rule.join) : [];
  const samples = target.type === 'datetime' ? found.map((value) => shownDate(value, table.since_1904)) : found;
  const options = choices(target.name);
  const tabled = rule && rule.is === undefined && rule.columns.length === 1 && options.length > 0;
  return (
    <div className="maprow" data-target={target.name}>
      <label htmlFor={id}>
        {target.label}
        {firstFields.includes(target.name) && <em>{t('ledger.must')}</em>}
      </label>
      <div className="from">
        <From {...props} id={id} />
        {rule?.is !== undefined && <Fixed {...props} id={`${id}-is`} />}
        <More {...props} />
      </div>
      <div className="seen">
        {target.name === 'settled_at' && !rule && <span className="late">{t('ledger.staysOpen')}</span>}
        {kindFollows && <span className="soft">{t('ledger.kindFollows')}</span>}
        {samples.map((value) => (
          <q key={value}>{value.length > 40 ? `${value.slice(0, 40)}…` : value}</q>
        ))}
        {rule && rule.is === undefined && samples.length === 0 && <span className="soft">{t('ledger.empty')}</span>}
        <Order {...props} samples={found} />
      </div>
      {tabled && (
        <Values
          key={rule.columns[0]}
          ledger={ledger}
          table={table}
          target={target}
          rule={rule}
          choices={options}
          onChange={props.onChange}
          onKnown={props.onKnown}
        />
      )}
    </div>
  );
}
