import { Select } from 'antd';
import { useState } from 'react';
import { useQuery } from '../api/query';
import type { Session } from '../api/types';
import { readChoices } from './own';
import { t } from './words';

/** The last twelve months, this one first: "2026-11". */
function months(now = new Date()): string[] {
  return Array.from({ length: 12 }, (_, i) => {
    const month = new Date(now.getFullYear(), now.getMonth() - i, 1);
    return `${month.getFullYear()}-${String(month.getMonth() + 1).padStart(2, '0')}`;
  });
}

/** 本月办的事: one's own sheet, or that of an elder who never opens the program. */
export function Thanks({ session }: { session: Session }) {
  const desk = session.posts.some(({ post }) => ['officer', 'chair', 'secretary'].includes(post));
  const { data = [] } = useQuery(desk ? `workers/${session.unit.code}` : null, () => readChoices('account', session.unit.code), 600e3);
  const [account, setAccount] = useState(session.account.id);
  const [month, setMonth] = useState(months()[0] ?? '');
  const own = { value: session.account.id, label: session.account.name };
  return (
    <section className="panel">
      <h2>{t('thanks.title')}</h2>
      <p className="soft">{t('thanks.what')}</p>
      <div className="bar">
        {desk && (
          <Select
            aria-label={t('thanks.who')}
            showSearch={{ optionFilterProp: 'label' }}
            value={account}
            options={[own, ...data.filter(({ value }) => value !== own.value)]}
            onChange={setAccount}
          />
        )}
        <Select
          aria-label={t('thanks.month')}
          value={month}
          options={months().map((value) => ({ value, label: value }))}
          onChange={setMonth}
        />
        <a className="button" href={`/api/v1/accounts/${account}/thanks?month=${month}`} target="_blank" rel="noreferrer">
          {t('thanks.print')}
        </a>
      </div>
    </section>
  );
}
