import type { Case } from '../../api/types';
import { dutiesIn, FirstDo } from '../../ui/duties';
import { moment } from '../../ui/time';
import { usePack } from '../own';
import { t } from '../words';

/** What comes before everything in this case: to be reported, or reported. And what its words make one think of, where nobody has marked it. */
export function Duties({ one }: { one: Case }) {
  const pack = usePack();
  const lying = one.duties.map(({ code }) => code);
  const thought = dutiesIn(`${one.title} ${one.text}`, undefined, pack?.duties).filter(
    ({ code }) => !lying.some((other) => other === code),
  );
  if (lying.length + thought.length === 0) return null;
  return (
    <section className="panel duties">
      <h2>{t('duty.title')}</h2>
      {one.duties.map((duty) =>
        duty.waits || (!duty.must && !duty.report && !duty.cleared) ? (
          <FirstDo key={duty.code} rules={[{ ...duty, words: [], categories: [] }]} />
        ) : (
          <p key={duty.code}>
            <b>{duty.label}</b>{' '}
            {duty.report
              ? t('duty.reported', {
                  to: duty.report.to,
                  at: moment(duty.report.at),
                  who: [duty.report.taken_by, duty.report.receipt].filter(Boolean).join(' · '),
                })
              : t('duty.cleared', { why: duty.cleared })}
            <br />
            <small>{duty.then}</small>
          </p>
        ),
      )}
      {thought.length > 0 && one.state !== 'closed' && (
        <p className="hint">{t('duty.thought', { what: thought.map(({ label }) => label).join('、') })}</p>
      )}
    </section>
  );
}
