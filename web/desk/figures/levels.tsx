import type { Figures, Pack } from '../../api/types';
import { t } from '../words';

/** 大事不出村、小事不出庄: how far up cases had to go before they ended. */
export function Levels({ numbers, pack }: { numbers: Figures; pack: Pack | undefined }) {
  const levels = pack?.levels ?? [];
  const rows = Object.entries(numbers.levels).sort(([a], [b]) => Number(b === 'all') - Number(a === 'all'));
  return (
    <section className="panel levels">
      <h2>{t('figures.levels')}</h2>
      <p className="legend">
        {levels.map(({ code, label }) => (
          <span key={code} className={`level ${code}`}>
            {label}
          </span>
        ))}
      </p>
      {rows.map(([kind, counts]) => {
        const total = levels.reduce((sum, { code }) => sum + (counts[code] ?? 0), 0);
        let x = 0;
        return (
          <div key={kind} className="bar">
            <span>{kind === 'all' ? t('figures.allKinds') : numbers.labels[kind]}</span>
            <svg
              viewBox="0 0 100 10"
              preserveAspectRatio="none"
              role="img"
              aria-label={levels.map(({ code, label }) => `${label} ${counts[code] ?? 0}`).join('，')}
            >
              {levels.map(({ code, label }) => {
                const width = total === 0 ? 0 : ((counts[code] ?? 0) / total) * 100;
                x += width;
                return (
                  <rect key={code} className={`level ${code}`} x={x - width} width={width} height="10">
                    <title>{`${label} ${counts[code] ?? 0}`}</title>
                  </rect>
                );
              })}
            </svg>
            <small>
              {total === 0 ? '—' : t('figures.near', { percent: Math.round((((counts.spot ?? 0) + (counts.group ?? 0)) / total) * 100) })}
            </small>
          </div>
        );
      })}
    </section>
  );
}
