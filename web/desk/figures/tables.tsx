import type { Figures } from '../../api/types';
import { t } from '../words';
import { address, type Scope } from './figures';

const most = 12;

export function Categories({ numbers, scope }: { numbers: Figures; scope: Scope }) {
  const rows = [...numbers.categories]
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n)
    .slice(0, most);
  const top = rows[0]?.n ?? 1;
  return (
    <section className="panel categories">
      <h2>{t('figures.categories')}</h2>
      <ul>
        {rows.map(({ kind, code, label, n }) => (
          <li key={`${kind}${code}`}>
            <a href={`#/${address(scope, { kind, category: code })}`}>{label}</a>
            <small>{numbers.labels[kind]?.slice(-3)}</small>
            <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect width={(n / top) * 100} height="6" />
            </svg>
            <b>{n}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** By place, in the order of the territory: no ranking. */
export function Units({ numbers, scope }: { numbers: Figures; scope: Scope }) {
  const kinds = Object.keys(numbers.counts);
  return (
    <section className="panel units">
      <h2>{t('figures.units')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('inbox.unit')}</th>
            {kinds.map((kind) => (
              <th key={kind} scope="col">
                {numbers.labels[kind]?.slice(-3)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {numbers.units.map(({ code, name, counts }) => (
            <tr key={code}>
              <th scope="row">{name}</th>
              {kinds.map((kind) => (
                <td key={kind}>
                  {counts[kind] ? (
                    <a href={`#/${address(scope, { kind, unit: code })}`}>{counts[kind]}</a>
                  ) : (
                    <span className="soft">0</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
