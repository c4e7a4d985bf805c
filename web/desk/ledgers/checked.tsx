import { Button, Radio } from 'antd';
import { useState } from 'react';
import { api, got } from '../../api/client';
import type { Ledger } from '../../api/types';
import { moment } from '../../ui/time';
import { t } from '../words';
import { useStep, Wrong } from './page';
import { Problems } from './problems';

export function Sums({ parts }: { parts: { n: number; label: string; kind: string }[] }) {
  return (
    <ul className="sums">
      {parts.map(({ n, label, kind }) => (
        <li key={kind} className={n > 0 ? kind : 'none'}>
          <b>{n}</b> {label}
        </li>
      ))}
    </ul>
  );
}

function Preview({ ledger }: { ledger: Ledger }) {
  const wrong = new Map(ledger.problems.map((one) => [one.line, one]));
  return (
    <section className="panel">
      <h2>{t('ledger.preview', { n: ledger.preview.length })}</h2>
      <div className="sample" tabIndex={0} role="region" aria-label={t('ledger.preview', { n: ledger.preview.length })}>
        <table className="plain">
          <thead>
            <tr>
              {(['line', 'number', 'matter', 'unit', 'kind', 'happened', 'settled', 'state'] as const).map((name) => (
                <th key={name} scope="col">
                  {t(`ledger.col.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ledger.preview.map((row) => {
              const bad = row.problem ?? wrong.get(row.line);
              return (
                <tr key={row.line} className={bad ? 'bad' : ''}>
                  <td className="number">{row.line}</td>
                  <td>{row.number}</td>
                  <td className="matter">{row.title || row.text?.split('\n')[0]}</td>
                  <td>{row.unit}</td>
                  <td>{[row.kind, row.category].filter(Boolean).join(' · ')}</td>
                  <td>{row.happened_at && moment(row.happened_at)}</td>
                  <td>{row.settled_at && moment(row.settled_at)}</td>
                  <td>{bad ? <span className="late">{bad.title}</span> : row.state}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function Checked({ ledger, onEdit }: { ledger: Ledger; onEdit: () => void }) {
  const [strict, setStrict] = useState(false);
  const { busy, wrong, step } = useStep(ledger.id);
  const { good, same, bad } = ledger;
  const start = () =>
    step(() => got(api.POST('/api/v1/ledgers/{id}/start', { params: { path: { id: ledger.id } }, body: { all_or_nothing: strict } })));
  return (
    <>
      <section className="panel" role="status">
        <h2>{bad > 0 ? t('ledger.checkedBad') : good > 0 ? t('ledger.checkedGood') : t('ledger.checkedNone')}</h2>
        <Sums
          parts={[
            { n: good, label: t('ledger.sum.good'), kind: 'good' },
            { n: same, label: t('ledger.sum.same'), kind: 'same' },
            { n: bad, label: t('ledger.sum.bad'), kind: 'bad' },
          ]}
        />
        <Radio.Group
          className="ways"
          aria-label={t('ledger.way')}
          value={strict}
          onChange={(event) => setStrict(event.target.value as boolean)}
          options={[
            { value: false, label: bad > 0 ? t('ledger.leaveOut', { good, bad }) : t('ledger.leaveOutNone') },
            { value: true, label: bad > 0 ? t('ledger.strictNot') : t('ledger.strict'), disabled: bad > 0 },
          ]}
        />
        <p className="go">
          <Wrong wrong={wrong} />
          <Button size="large" onClick={onEdit}>
            {t('ledger.editColumns')}
          </Button>
          <Button type="primary" size="large" loading={busy} disabled={good === 0} onClick={() => void start()}>
            {t('ledger.bring', { n: good })}
          </Button>
        </p>
      </section>
      {bad > 0 && <Problems ledger={ledger} />}
      <Preview ledger={ledger} />
    </>
  );
}
