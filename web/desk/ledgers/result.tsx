import { Button } from 'antd';
import { useState } from 'react';
import { api, got } from '../../api/client';
import { useQuery } from '../../api/query';
import type { Card, Ledger, Page } from '../../api/types';
import { moment } from '../../ui/time';
import { say } from '../../ui/words';
import { t } from '../words';
import { Sums } from './checked';
import { useStep, Wrong } from './page';
import { Problems } from './problems';

function CaseRows({ cards }: { cards: Card[] }) {
  return (
    <table className="plain">
      <thead>
        <tr>
          {(['number', 'matter', 'unit', 'kind', 'happened', 'state'] as const).map((name) => (
            <th key={name} scope="col">
              {t(`ledger.col.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {cards.map((card) => (
          <tr key={card.id}>
            <td>
              <a href={`#/case/${card.id}`}>{card.number}</a>
            </td>
            <td className="matter">{card.title}</td>
            <td>{card.unit.name}</td>
            <td>{[card.kind_label, card.category_label].filter(Boolean).join(' · ')}</td>
            <td>{moment(card.reported_at)}</td>
            <td>{card.state_label}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cases({ ledger }: { ledger: Ledger }) {
  const read = (cursor?: string) =>
    got<Page<Card>>(api.GET('/api/v1/ledgers/{id}/cases', { params: { path: { id: ledger.id }, query: cursor ? { cursor } : {} } }));
  const { data } = useQuery<Page<Card>>(`ledger-cases/${ledger.id}/${ledger.state}`, () => read());
  const [more, setMore] = useState<Page<Card>[]>([]);
  if (!data) return <p className="quiet">{say('state.loading')}</p>;
  const next = (more[more.length - 1] ?? data).next;
  return (
    <section className="panel">
      <h2>{t('ledger.cases')}</h2>
      <CaseRows cards={[data, ...more].flatMap(({ items }) => items)} />
      {next && <Button onClick={() => void read(next).then((page) => setMore([...more, page]))}>{t('ledger.moreCases')}</Button>}
    </section>
  );
}

function Undo({ ledger }: { ledger: Ledger }) {
  const [sure, setSure] = useState(false);
  const { busy, wrong, step } = useStep(ledger.id);
  const undo = () => step(() => got(api.POST('/api/v1/ledgers/{id}/undo', { params: { path: { id: ledger.id } } })));
  if (!sure)
    return (
      <p className="undo">
        <Button onClick={() => setSure(true)}>{t('ledger.undo')}</Button> <span className="soft">{t('ledger.undoHint')}</span>
      </p>
    );
  return (
    <div className="warn sure" role="alertdialog" aria-labelledby="undo-title" aria-describedby="undo-what">
      <b id="undo-title">{t('ledger.undoSure', { n: ledger.good })}</b>
      <p id="undo-what">{t('ledger.undoWhat')}</p>
      <p>
        <Button danger type="primary" loading={busy} onClick={() => void undo()}>
          {t('ledger.undoYes')}
        </Button>{' '}
        <Button autoFocus onClick={() => setSure(false)}>
          {t('ledger.no')}
        </Button>
      </p>
      <Wrong wrong={wrong} />
    </div>
  );
}

/** What somebody has worked on is not taken away from under their hands. */
function Stayed({ ledger }: { ledger: Ledger }) {
  const stayed = ledger.problems.filter((one) => one.case);
  if (stayed.length === 0) return <p>{t('ledger.allUndone')}</p>;
  return (
    <>
      <p>{t('ledger.stayed', { n: stayed.length })}</p>
      <ul className="stayed">
        {stayed.map((one) => (
          <li key={one.row}>
            {one.case && <a href={`#/case/${one.case.id}`}>{one.case.number}</a>}{' '}
            <span className="soft">{t('ledger.fromLine', { n: one.line })}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function Result({ ledger }: { ledger: Ledger }) {
  const { state, good, same, bad } = ledger;
  if (state === 'undone')
    return (
      <section className="panel" role="status">
        <h2>{ledger.strict && bad > 0 ? t('ledger.strictUndone') : t('ledger.undone')}</h2>
        <Stayed ledger={ledger} />
        <p>
          <a href="#/ledgers">{t('ledger.another')}</a>
        </p>
      </section>
    );
  const parts = [
    { n: good, label: t('ledger.sum.in'), kind: 'good' },
    { n: same, label: t('ledger.sum.same'), kind: 'same' },
    { n: bad, label: t('ledger.sum.out'), kind: 'bad' },
  ];
  return (
    <>
      <section className="panel" role="status">
        <h2>{state === 'stopped' ? t('ledger.stopped') : t('ledger.done')}</h2>
        {state === 'stopped' && <p className="late">{ledger.problem_title}</p>}
        <Sums parts={parts} />
        {good > 0 && <p className="soft">{t('ledger.whatNow')}</p>}
        <Undo ledger={ledger} />
      </section>
      {bad > 0 && <Problems ledger={ledger} />}
      {good > 0 && <Cases ledger={ledger} />}
    </>
  );
}
