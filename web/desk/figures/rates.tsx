import type { Figures } from '../../api/types';
import { t } from '../words';

const names = ['replied', 'resolved', 'satisfied', 'judged'] as const;

/** The three rates, and beside them how many judged at all: else the satisfaction of three answers looks like all. */
export function Rates({ rates }: { rates: Figures['rates'] }) {
  return (
    <section className="panel rates">
      <h2>{t('figures.rates')}</h2>
      {names.map((name) => {
        const { n, of, rate } = rates[name];
        const percent = rate === null || of === 0 ? null : Math.round(rate * 1000) / 10;
        return (
          <div key={name} className={name}>
            <span>{t(`figures.rate.${name}`)}</span>
            <b>{percent === null ? '—' : `${percent}%`}</b>
            <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect className="ground" width="100" height="6" />
              <rect width={percent ?? 0} height="6" />
            </svg>
            <small>{t('figures.ofAll', { n, of })}</small>
          </div>
        );
      })}
    </section>
  );
}
