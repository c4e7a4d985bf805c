import type { ControlProps } from '../../ui/controls';
import type { Draft } from '../../ui/form';
import { t } from '../words';

type Row = Record<string, string | number | undefined>;

const columns = {
  duties: [
    { name: 'side', label: 'mediation.side', kind: 'side' },
    { name: 'text', label: 'mediation.duty', kind: 'text' },
  ],
  instalments: [
    { name: 'from', label: 'mediation.from', kind: 'side' },
    { name: 'to', label: 'mediation.to', kind: 'side' },
    { name: 'amount', label: 'mediation.amountYuan', kind: 'money' },
    { name: 'due', label: 'mediation.due', kind: 'date' },
    { name: 'how', label: 'mediation.how', kind: 'text' },
  ],
} as const;
type Column = { name: string; label: string; kind: 'side' | 'text' | 'money' | 'date' };

/** Yuan as typed become whole fen. */
export const fen = (typed: string): number | undefined => {
  const yuan = Number(typed);
  return typed.trim() === '' || isNaN(yuan) ? undefined : Math.round(yuan * 100);
};
export const yuan = (amount: number): string => (amount % 100 === 0 ? String(amount / 100) : (amount / 100).toFixed(2));

function Cell({
  column,
  value,
  onChange,
  id,
}: {
  column: Column;
  value: string | number | undefined;
  onChange: (value: string | number | undefined) => void;
  id: string | undefined;
}) {
  const label = column.kind === 'side' ? t('mediation.side', { n: '' }) : t(column.label as 'mediation.duty');
  if (column.kind === 'side') {
    return (
      <select id={id} aria-label={label} value={value ?? ''} onChange={(event) => onChange(Number(event.currentTarget.value) || undefined)}>
        <option value="" />
        {[1, 2, 3, 4].map((n) => (
          <option key={n} value={n}>
            {t('mediation.side', { n })}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      id={id}
      aria-label={label}
      placeholder={label}
      type={column.kind === 'date' ? 'date' : 'text'}
      inputMode={column.kind === 'money' ? 'decimal' : undefined}
      defaultValue={column.kind === 'money' && typeof value === 'number' ? yuan(value) : (value ?? '')}
      onChange={(event) => onChange(column.kind === 'money' ? fen(event.currentTarget.value) : event.currentTarget.value)}
    />
  );
}

/** What each side has to do, and the instalments: a row each. */
export function Rows({ id, field, value, onChange }: ControlProps) {
  const wanted = columns[field.name as keyof typeof columns] as readonly Column[] | undefined;
  const rows = (value as unknown as Row[] | undefined) ?? [];
  const set = (next: Row[]) => onChange(next as unknown as Draft[string]);
  if (!wanted) return null;
  return (
    <div className="rows">
      {rows.map((row, i) => (
        <div className="row" key={i}>
          {wanted.map((column) => (
            <Cell
              key={column.name}
              id={i === 0 && column === wanted[0] ? id : undefined}
              column={column}
              value={row[column.name]}
              onChange={(next) => set(rows.map((one, at) => (at === i ? { ...one, [column.name]: next } : one)))}
            />
          ))}
          <button
            type="button"
            className="button quiet"
            aria-label={t('mediation.dropRow')}
            onClick={() => set(rows.filter((_, at) => at !== i))}
          >
            ×
          </button>
        </div>
      ))}
      <button type="button" className="button quiet" onClick={() => set([...rows, {}])}>
        {t('mediation.addRow')}
      </button>
    </div>
  );
}
