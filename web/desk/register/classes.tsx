import { api, got } from '../../api/client';
import { useQuery } from '../../api/query';
import type { RegisterDef } from '../../api/types';
import { t } from '../words';

interface Props {
  def: RegisterDef;
  unit: string;
  code: string;
  onCode: (code: string) => void;
}

/** How many of each class there are, due and missed: what to look at first. Pressing one narrows the list to it. */
export function Classes({ def, unit, code, onCode }: Props) {
  const { data } = useQuery(`rows/${def.name}/${unit}/counts`, () =>
    got(api.GET('/api/v1/registers/{register}/counts', { params: { path: { register: def.name }, query: { unit } } })),
  );
  const classes = data?.items.filter((one) => one.code !== '') ?? [];
  if (classes.length === 0) return null;
  return (
    <ul className="classes">
      {classes.map((one) => (
        <li key={one.code}>
          <button type="button" aria-pressed={one.code === code} onClick={() => onCode(one.code === code ? '' : one.code)}>
            <b>{one.label}</b>
            <span>
              {t('register.count', { n: one.open })}
              {one.overdue > 0 && <em className="overdue">{t('register.countOverdue', { n: one.overdue })}</em>}
              {one.due > one.overdue && <em>{t('register.countDue', { n: one.due - one.overdue })}</em>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
