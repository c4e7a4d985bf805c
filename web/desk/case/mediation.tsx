import type { Case } from '../../api/types';
import { day, moment } from '../../ui/time';
import { t } from '../words';
import { yuan } from './rows';
import { Planned } from './sitting';

type Mediation = NonNullable<Case['mediation']>;

function Sides({ m }: { m: Mediation }) {
  return (
    <ul className="sides">
      {m.sides.map((side) => (
        <li key={side.side} className={side.consent}>
          <b>{t('mediation.side', { n: side.side })}</b> {t(`mediation.${side.consent}`)}
          {side.at && <small> {day(side.at)}</small>}
          {side.identity_seen && <small> · {t('mediation.seen')}</small>}
        </li>
      ))}
    </ul>
  );
}

function Sittings({ m, one, onDone }: { m: Mediation; one: Case; onDone: () => void }) {
  const open = ['reported', 'accepted', 'working'].includes(one.state);
  return (
    <>
      <h3>{t('mediation.sittings')}</h3>
      <ul className="sittings">
        {m.sessions.map((s) => (
          <li key={s.id} className={s.state}>
            <b>{moment(s.at)}</b> {t(`mediation.${s.state}`)} {s.place}
            {s.steps.length > 0 && <small> {s.steps.join('')}</small>}
            {s.text && <p>{s.text}</p>}
            {s.told.length > 0 && (
              <small>{t('mediation.told', { who: s.told.map((one) => String((one as { whom?: string }).whom ?? '')).join('、') })}</small>
            )}
            {s.state === 'planned' && (
              <>
                {' '}
                <a href={paper(one.id, 'invitation', `&sitting=${s.id}`)} target="_blank" rel="noreferrer">
                  {t('mediation.paper.invitation')}
                </a>
                <Planned sitting={s} sides={m.sides.map(({ side }) => side)} onDone={onDone} />
              </>
            )}
          </li>
        ))}
      </ul>
      {open && (
        <a className="button quiet" href={`#/calendar/${one.id}`}>
          {t('mediation.book')}
        </a>
      )}
    </>
  );
}

function Instalments({ m }: { m: Mediation }) {
  if (m.instalments.length === 0) return null;
  return (
    <table className="instalments">
      <tbody>
        {m.instalments.map((i) => (
          <tr key={i.n} className={i.state}>
            <td>{t('mediation.instalment', { n: i.n })}</td>
            <td>{t('mediation.pays', { from: i.from, to: i.to })}</td>
            <td>{t('mediation.yuan', { n: yuan(i.amount) })}</td>
            <td>{i.due}</td>
            <td>
              {t(`mediation.${i.state}`)}
              {i.state !== 'done' && i.paid > 0 && ` · ${t('mediation.paid', { yuan: yuan(i.paid) })}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Agreement({ m }: { m: Mediation }) {
  if (!m.agreement) return null;
  return (
    <>
      <h3>{t('mediation.agreement')}</h3>
      <p className="words">{m.agreement.terms}</p>
      <p className="soft">
        {m.signed?.on ? t('mediation.signed', { on: m.signed.on }) : t('mediation.unsigned')}
        {m.agreement.agreed_amount ? ` · ${t('mediation.amount', { yuan: yuan(m.agreement.agreed_amount) })}` : ''}
      </p>
      <Instalments m={m} />
    </>
  );
}

const paper = (id: string, name: string, more = '') =>
  `/api/v1/cases/${id}/papers/${name}?purpose=${encodeURIComponent(t('mediation.purpose'))}${more}`;

/** Which papers make sense as it stands. */
function wanted(one: Case, m: Mediation): ('agreement' | 'rights' | 'oral' | 'termination' | 'police' | 'file')[] {
  const ended = one.outcome.startsWith('END_');
  return [
    'rights',
    ...(m.agreement ? (['agreement'] as const) : []),
    ...(one.outcome === 'ORAL' || one.outcome === 'SPOT_ORAL' ? (['oral'] as const) : []),
    ...(ended ? (['termination'] as const) : []),
    ...(one.channel === 'POLICE' ? (['police'] as const) : []),
    'file',
  ];
}

function Papers({ one, m }: { one: Case; m: Mediation }) {
  return (
    <>
      <h3>{t('mediation.papers')}</h3>
      <ul className="papers">
        {wanted(one, m).map((name) => (
          <li key={name}>
            <span>{t(`mediation.paper.${name}`)}</span>
            <a href={`/api/v1/cases/${one.id}/papers/${name}`} target="_blank" rel="noreferrer">
              {t('mediation.preview')}
            </a>
            <a href={paper(one.id, name)} target="_blank" rel="noreferrer">
              {t('mediation.print')}
            </a>
          </li>
        ))}
        {m.papers.map((p, i) => (
          <li key={i}>
            <span>
              {p.label} <small>{p.on}</small>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Repeats({ m }: { m: Mediation }) {
  if (m.repeats.length === 0) return null;
  return (
    <>
      <h3>{t('mediation.repeats')}</h3>
      <ul className="repeats">
        {m.repeats.map((r) => (
          <li key={r.id}>
            <a href={`#/case/${r.id}`}>{r.title}</a>
            <small>
              {' '}
              {day(r.reported_at)} · {r.state_label} · {r.why.map((why) => t(`mediation.why.${why}`)).join('、')}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

/** How far the mediation of a dispute has come. */
export function MediationPanel({ one, onDone }: { one: Case; onDone: () => void }) {
  const m = one.mediation;
  if (!m) return null;
  return (
    <section className="panel mediation">
      <h2>
        {t('mediation.title')}
        {m.archive_no && <small> {t('mediation.archive', { no: m.archive_no })}</small>}
      </h2>
      <Sides m={m} />
      <p className="soft">
        {[
          m.term_days > 0 && t('mediation.term', { days: m.term_days }),
          m.extension?.days && t('mediation.extension', { days: m.extension.days }),
          m.rounds > 0 && t('mediation.rounds', { n: m.rounds }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <Agreement m={m} />
      <Sittings m={m} one={one} onDone={onDone} />
      <Papers one={one} m={m} />
      <Repeats m={m} />
    </section>
  );
}
