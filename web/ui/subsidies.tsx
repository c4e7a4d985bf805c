import type { OwnSubsidies } from '../api/types';
import { say } from './words';

export function SubsidyLines({ found }: { found: OwnSubsidies }) {
  if (found.items.length === 0) return <p role="status">{say('subsidies.none')}</p>;
  return (
    <ul className="answers" role="status">
      {found.items.map((one, n) => (
        <li key={n}>
          <b>{say('subsidies.yuan', { amount: one.amount })}</b> {one.item || one.table}
          <p className="under">{[one.table, one.paid_on, one.area, one.note].filter(Boolean).join(' · ')}</p>
        </li>
      ))}
    </ul>
  );
}
