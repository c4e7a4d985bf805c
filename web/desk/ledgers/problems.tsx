import { Button } from 'antd';
import { useState } from 'react';
import type { Ledger } from '../../api/types';
import { t } from '../words';
import { allProblems, save } from './calls';
import { csv, summed } from './mapping';

const shown = 20;

/** Which rows are wrong and why: first by kind of mistake, for thirty rows are often one; then each. */
export function Problems({ ledger }: { ledger: Ledger }) {
  const [all, setAll] = useState<Ledger['problems']>();
  const [busy, setBusy] = useState(false);
  const problems = all ?? ledger.problems;
  const [open, setOpen] = useState(problems.length <= shown);
  const read = async () => {
    setBusy(true);
    const list = await allProblems(ledger).catch(() => ledger.problems);
    setAll(list);
    setBusy(false);
    return list;
  };
  const download = async () => {
    const list = all ?? (await read());
    const rows = list.map(({ line, column, title }) => [line, column, title]);
    save(
      t('ledger.problemsFile', { name: ledger.name.replace(/\.[^.]+$/, '') }),
      'text/csv;charset=utf-8',
      csv([[t('ledger.col.line'), t('ledger.col.column'), t('ledger.col.why')], ...rows]),
    );
  };
  const sums = summed(problems);
  const list = open ? problems : problems.slice(0, shown);
  return (
    <section className="panel problems">
      <header>
        <h2>{t('ledger.problems')}</h2>
        <Button loading={busy} onClick={() => void download()}>
          {t('ledger.download')}
        </Button>
      </header>
      {sums.length < problems.length && (
        <ul className="kinds">
          {sums.slice(0, 6).map(({ column, title, n }) => (
            <li key={column + title}>
              <b>{t('ledger.times', { n })}</b> {column && <span className="column">{column}</span>} {title}
            </li>
          ))}
        </ul>
      )}
      <table className="plain">
        <thead>
          <tr>
            <th scope="col" className="number">
              {t('ledger.col.line')}
            </th>
            <th scope="col">{t('ledger.col.column')}</th>
            <th scope="col">{t('ledger.col.why')}</th>
          </tr>
        </thead>
        <tbody>
          {list.map((one) => (
            <tr key={one.row}>
              <td className="number">{one.line}</td>
              <td>{one.column}</td>
              <td>{one.title}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.length < problems.length && <Button onClick={() => setOpen(true)}>{t('ledger.showAll', { n: problems.length })}</Button>}
      {open && !all && problems.length === 200 && (
        <Button loading={busy} onClick={() => void read()}>
          {t('ledger.readAll')}
        </Button>
      )}
    </section>
  );
}
