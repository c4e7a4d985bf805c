import { DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { api, got } from '../api/client';
import type { Field, Option } from '../api/types';
import type { Control, ControlProps } from '../ui/controls';
import { controls as shared } from '../ui/controls';
import { withPhrases } from '../ui/phrases';
import { Scans } from '../ui/scans';
import { Rows } from './case/rows';
import { RowChoice } from './register/rowchoice';

// Where antd's controls serve people at a desk better than the shared plain ones.

/** Not autoSize: antd measures it with a style attribute, which the CSP forbids. */
function LongText({ id, field, value, onChange }: ControlProps) {
  return (
    <Input.TextArea
      id={id}
      rows={4}
      {...(field.max ? { maxLength: field.max, showCount: true } : {})}
      value={String(value ?? '')}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Searchable({ id, field, value, onChange, choices }: ControlProps) {
  return (
    <Select
      id={id}
      className="whole"
      allowClear={!field.required}
      showSearch={{ optionFilterProp: 'label' }}
      options={field.options ?? choices}
      value={value as string | undefined}
      onChange={(chosen?: string) => onChange(chosen)}
    />
  );
}

/** Few choices are buttons, many a list to search. */
function Choice(props: ControlProps) {
  const Plain = shared.choice;
  return (props.field.options?.length ?? 0) > 6 ? <Searchable {...props} /> : <Plain {...props} />;
}

function Day({ id, field, value, onChange }: ControlProps) {
  const withTime = field.type === 'datetime';
  return (
    <DatePicker
      id={id}
      className="whole"
      showTime={withTime ? { format: 'HH:mm' } : false}
      value={value ? dayjs(String(value)) : null}
      onChange={(chosen) =>
        onChange(chosen ? (withTime ? `${chosen.format('YYYY-MM-DDTHH:mm')}:00+08:00` : chosen.format('YYYY-MM-DD')) : undefined)
      }
    />
  );
}

/** A case is named by its number, as people say it. */
function CaseChoice({ id, value, onChange }: ControlProps) {
  const [found, setFound] = useState<Option[]>([]);
  const search = async (typed: string) => {
    if (typed.trim().length < 6) return;
    const { items } = await got(api.GET('/api/v1/cases', { params: { query: { q: typed.trim(), limit: 5 } } }));
    setFound(items.map((card) => ({ value: card.id, label: `${card.number} ${card.title}` })));
  };
  return (
    <Select
      id={id}
      className="whole"
      showSearch={{ filterOption: false, onSearch: (typed: string) => void search(typed) }}
      options={found}
      value={value as string | undefined}
      onChange={(chosen?: string) => onChange(chosen)}
    />
  );
}

export const controls: Partial<Record<Field['type'], Control>> = {
  register: RowChoice,
  longtext: withPhrases(LongText),
  choice: Choice,
  office: Searchable,
  account: Searchable,
  unit: Searchable,
  case: CaseChoice,
  list: Rows,
  files: Scans,
  date: Day,
  datetime: Day,
};
