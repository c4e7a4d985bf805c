import type { Case, Referral } from '../../api/types';
import { Said } from '../../ui/said';
import { moment } from '../../ui/time';
import { say } from '../../ui/words';
import { usePack } from '../own';
import { t } from '../words';

function referral({ office, mode_label, sent_at, accepted_at, answered_at, returned_at }: Referral): string {
  const now = returned_at
    ? t('case.returned', { at: moment(returned_at) })
    : answered_at
      ? t('case.answered', { at: moment(answered_at) })
      : accepted_at
        ? t('case.accepted', { at: moment(accepted_at) })
        : t('case.sent', { at: moment(sent_at) });
  return `${office}（${mode_label}）${now}`;
}

/** What is known about the case; what isn't, takes no line. */
export function Facts({ one }: { one: Case }) {
  const pack = usePack();
  const kind = pack?.kinds.find((other) => other.kind === one.kind);
  const level = one.level_label ?? pack?.levels.find(({ code }) => code === one.level)?.label ?? one.level;
  const judged = one.judgement && [
    say(`judged.resolved.${one.judgement.resolved as 'yes' | 'part' | 'no'}`),
    say(`judged.satisfied.${one.judgement.satisfied as 'yes' | 'ok' | 'no'}`),
    one.judgement.text ?? '',
  ];
  const rows: [string, string | null | undefined][] = [
    [t('case.kind'), [kind?.short, one.category_label || say('case.unsorted')].filter(Boolean).join(' · ')],
    [t('case.where'), [one.unit.name, one.place].filter(Boolean).join(' ')],
    [t('case.reported'), moment(one.reported_at)],
    [t('case.found'), [one.channel_label, one.finder].filter(Boolean).join(' · ')],
    [t('case.holder'), `${one.holder.name}（${level}）`],
    [
      t('case.external'),
      one.external &&
        [one.external.number, one.external.due && t('case.externalDue', { at: moment(one.external.due) })].filter(Boolean).join(' '),
    ],
    [t('case.quantity'), one.quantity && `${one.quantity.n} ${one.quantity.unit}`],
    ...one.fields.map(({ label, value }): [string, string] => [label, String(value)]),
    [t('case.outcome'), one.outcome_label],
    [t('case.result'), one.result],
    [t('case.judged'), judged && judged.filter(Boolean).join(' · ')],
    ...one.referrals.map((sent): [string, string] => [t('case.referral'), referral(sent)]),
  ];
  return (
    <section className="panel">
      <h2>{t('case.facts')}</h2>
      <dl className="facts">
        {rows.map(([label, value], i) =>
          value ? (
            <div key={`${label}${i}`}>
              <dt>{label}</dt>
              <dd>
                <Said text={value} />
              </dd>
            </div>
          ) : null,
        )}
        {one.links.map((link) => (
          <div key={link.id}>
            <dt>{t(`case.${link.relation}`)}</dt>
            <dd>
              <a href={`#/case/${link.id}`}>{link.number}</a>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
