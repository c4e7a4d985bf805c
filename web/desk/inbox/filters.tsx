import { Select } from 'antd';
import type { ListFilter } from '../../api/types';
import type { Pack, UnitPage } from '../../api/types';
import { t } from '../words';

interface Props {
  filter: ListFilter;
  onChange: (part: Partial<ListFilter>) => void;
  pack: Pack | undefined;
  unit: UnitPage | undefined;
}

/** Narrow the view: kind, then that kind's states; village. What is looked for by words or number goes into the head's search. */
export function Filters({ filter, onChange, pack, unit }: Props) {
  const kind = pack?.kinds.find((one) => one.kind === filter.kind);
  return (
    <div className="filters">
      <Select
        allowClear
        aria-label={t('inbox.kind')}
        placeholder={t('filter.kind')}
        value={filter.kind}
        options={(pack?.kinds ?? []).map((one) => ({ value: one.kind, label: one.label }))}
        onChange={(value?: string) => onChange({ kind: value, state: undefined })}
      />
      {kind && (
        <Select
          allowClear
          aria-label={t('inbox.state')}
          placeholder={t('filter.state')}
          value={filter.state}
          options={Object.entries(kind.states).map(([value, label]) => ({ value, label }))}
          onChange={(value?: string) => onChange({ state: value })}
        />
      )}
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t('inbox.unit')}
        placeholder={t('filter.unit')}
        value={filter.unit}
        options={(unit?.children ?? []).map(({ code, name }) => ({ value: code, label: name }))}
        onChange={(value?: string) => onChange({ unit: value })}
      />
    </div>
  );
}
