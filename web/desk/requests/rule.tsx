import { Cascader, Select } from 'antd';
import { useState } from 'react';
import { api, got } from '../../api/client';
import { useQuery } from '../../api/query';
import type { Session } from '../../api/types';
import { say } from '../../ui/words';
import { usePack, useUnit } from '../own';
import { t } from '../words';

/** Tries the routing rules: who would get a matter of this category here, and why. */
export function Rule({ session }: { session: Session }) {
  const pack = usePack();
  const own = useUnit(session.unit.code);
  const [unit, setUnit] = useState(session.unit.code);
  const [chosen, setChosen] = useState<string[]>([]);
  const [kind = '', ...below] = chosen;
  const category = below[below.length - 1];
  const query = { unit, kind, ...(category ? { category } : {}) };
  const { data, error } = useQuery(kind ? `rule/${unit}/${kind}/${category ?? ''}` : null, () =>
    got(api.GET('/api/v1/offices/rule', { params: { query } })),
  );
  if (!pack) return <p className="quiet">{say('state.loading')}</p>;
  const kinds = pack.kinds.map((one) => ({ code: one.kind as string, label: one.short, children: one.categories }));
  const units = [session.unit, ...(own?.children ?? [])].map(({ code, name }) => ({ value: code, label: name }));
  return (
    <section className="panel">
      <p className="soft">{t('rule.hint')}</p>
      <div className="bar">
        <Cascader
          aria-label={t('rule.category')}
          className="wide"
          placeholder={t('rule.category')}
          changeOnSelect
          showSearch
          options={kinds}
          fieldNames={{ label: 'label', value: 'code', children: 'children' }}
          value={chosen}
          onChange={(value) => setChosen((value ?? []).map(String))}
        />
        <Select aria-label={t('rule.unit')} options={units} value={unit} onChange={setUnit} />
      </div>
      {error && <p className="error">{error.message || say('error.offline')}</p>}
      {data && (
        <div role="status">
          <p>{t('rule.why', { why: data.why })}</p>
          <ol className="offices">
            {data.items.map((one) => (
              <li key={one.code}>
                <b>{one.office?.name ?? one.label}</b>
                {one.leads && <span className="flag">{t('rule.leads')}</span>}
                {!one.office && <span className="flag late">{t('rule.gap')}</span>}
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}
