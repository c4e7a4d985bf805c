import { Select } from 'antd';
import { api, got } from '../../api/client';
import { useQuery } from '../../api/query';
import type { Session } from '../../api/types';
import type { ControlProps } from '../../ui/controls';

/** A row of another register: an application, a fund, an offer. */
export function RowChoice({ id, field, value, onChange }: ControlProps) {
  const session = useQuery<Session>('session', () => got(api.GET('/api/v1/session')) as Promise<Session>).data;
  const unit = session?.unit.code ?? '';
  const register = field.register ?? '';
  const { data } = useQuery(unit && register ? `rows/${register}/choice` : null, () =>
    got(api.GET('/api/v1/registers/{register}', { params: { path: { register }, query: { unit, limit: 200, state: 'all' } } })),
  );
  return (
    <Select
      id={id}
      className="whole"
      allowClear={!field.required}
      showSearch={{ optionFilterProp: 'label' }}
      options={(data?.items ?? []).map((row) => ({
        value: row.id,
        label: [row.person?.name, row.title, row.unit.name, row.state_label].filter(Boolean).join(' · '),
      }))}
      value={value as string | undefined}
      onChange={(chosen?: string) => onChange(chosen)}
    />
  );
}
