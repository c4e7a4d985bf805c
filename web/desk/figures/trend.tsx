import type { Figures } from '../../api/types';
import { t } from '../words';
import { address, type Scope } from './figures';

const [width, height] = [320, 96];

/** One small chart a kind, all to the same scale; each month leads to its cases. */
export function Trend({ numbers, scope }: { numbers: Figures; scope: Scope }) {
  const kinds = Object.keys(numbers.counts);
  const top = Math.max(1, ...numbers.months.flatMap(({ counts }) => kinds.map((kind) => counts[kind] ?? 0)));
  const step = width / Math.max(1, numbers.months.length);
  return (
    <section className="panel">
      <h2>{t('figures.trend')}</h2>
      <div className="trend">
        {kinds.map((kind) => (
          <figure key={kind}>
            <figcaption>{numbers.labels[kind]}</figcaption>
            <svg viewBox={`0 0 ${width} ${height + 32}`}>
              {numbers.months.map(({ month, counts }, i) => {
                const n = counts[kind] ?? 0;
                const tall = (n / top) * height;
                const middle = i * step + step / 2;
                return (
                  <a key={month} href={`#/${address(scope, { kind, month })}`}>
                    <title>{`${numbers.labels[kind] ?? ''} ${month} ${n}`}</title>
                    <rect className="touch" x={i * step} y="0" width={step} height={height + 32} />
                    <rect
                      className="pillar"
                      x={middle - Math.min(12, step / 3)}
                      y={height + 14 - tall}
                      width={Math.min(24, (step / 3) * 2)}
                      height={tall}
                    />
                    <text x={middle} y={height + 10 - tall}>
                      {n || ''}
                    </text>
                    <text className="month" x={middle} y={height + 28}>
                      {Number(month.slice(5))}
                    </text>
                  </a>
                );
              })}
            </svg>
          </figure>
        ))}
      </div>
    </section>
  );
}
