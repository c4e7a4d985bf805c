import type { Clock } from '../../api/types';
import { Mark } from '../../ui/mark';
import { moment, span } from '../../ui/time';
import { t } from '../words';

function now(clock: Clock): string {
  if (clock.state === 'late' && clock.stopped_at && clock.due_at)
    return t('clock.late', { at: moment(clock.stopped_at), due: moment(clock.due_at) });
  if (clock.state === 'done' && clock.stopped_at) return t('clock.done', { at: moment(clock.stopped_at) });
  if (!clock.due_at) return '';
  if (clock.state === 'overdue') return t('clock.overdue', { at: moment(clock.due_at), span: span(clock.due_at) });
  if (clock.state === 'paused') return t('clock.paused', { at: moment(clock.due_at) });
  return t('clock.running', { at: moment(clock.due_at), span: span(clock.due_at) });
}

/** Each due time explains itself: which rule, which article, which days were not counted and why. */
export function Clocks({ clocks }: { clocks: Clock[] }) {
  if (clocks.length === 0) return null;
  return (
    <section className="panel clocks">
      <h2>{t('clock.title')}</h2>
      {clocks.map((clock) => (
        <details key={`${clock.name}${clock.started_at}`} className={clock.state}>
          <summary>
            <Mark state={clock.state === 'late' ? 'done' : clock.state} /> <b>{clock.label}</b>
            <span>{now(clock)}</span>
          </summary>
          <dl>
            <dt>{t('clock.rule')}</dt>
            <dd>{clock.why.rule}</dd>
            <dt>{t('clock.basis')}</dt>
            <dd>{clock.why.basis}</dd>
            <dt>{t('clock.started')}</dt>
            <dd>{moment(clock.started_at)}</dd>
            {clock.why.skipped.length > 0 && (
              <>
                <dt>{t('clock.skipped')}</dt>
                <dd>{clock.why.skipped.map(({ date, reason }) => `${date} ${reason}`).join('；')}</dd>
              </>
            )}
            {clock.why.uncertain && (
              <>
                <dt>{t('clock.uncertain')}</dt>
                <dd>{t('clock.uncertainWhy')}</dd>
              </>
            )}
          </dl>
        </details>
      ))}
    </section>
  );
}
