import { day } from '../ui/time';
import { Foot } from './frame';
import { useJoinable } from './metoo';
import { drop, kept } from './outbox';
import { usePlace, useUnit } from './place';
import { mine } from './remember';
import { useNotices, useRounds } from './here';
import { Village } from './village';
import { t } from './words';

function Steward({ code }: { code: string }) {
  const unit = useUnit(code);
  if (!unit?.steward) return null;
  return (
    <section className="steward">
      <p>
        <small>{t('home.steward', { group: unit.name })}</small>
        <b>{unit.steward.name}</b>
      </p>
      {unit.steward.phone && (
        <a className="button" href={`tel:${unit.steward.phone}`}>
          {t('home.call')}
        </a>
      )}
    </section>
  );
}

function Unsent() {
  const waiting = kept();
  if (waiting.length === 0) return null;
  return (
    <section className="notice" role="status">
      {waiting.map((one) => (
        <p key={one.id}>
          {one.reason ? t('kept.refused', { reason: one.reason }) : t('kept.waiting')} <q>{(one.body.text ?? '').slice(0, 30)}</q>
          {one.reason && (
            <a href="#/report" onClick={() => drop(one.id)}>
              {t('kept.again')}
            </a>
          )}
        </p>
      ))}
    </section>
  );
}

function Mine() {
  const list = mine();
  if (list.length === 0) return null;
  return (
    <section className="mine">
      <h2>{t('home.mine')}</h2>
      {list.slice(0, 3).map((one) => (
        <a key={one.track} href={`#/follow/${one.track}`}>
          <b>{one.title || one.number}</b>
          <small>
            {one.number} · {day(one.at)}
          </small>
        </a>
      ))}
    </section>
  );
}

function WallDoor({ unit }: { unit: string | undefined }) {
  const n = useNotices(unit).data?.items.length ?? 0;
  if (n === 0) return null;
  return (
    <section className="mine">
      <a href="#/wall">
        <b>{t('wall.door', { n })}</b>
        <small>{t('wall.doorHint')}</small>
      </a>
    </section>
  );
}

/** Only while the committee asks something. */
function RoundsDoor({ unit }: { unit: string | undefined }) {
  const n = useRounds(unit).data?.items.length ?? 0;
  if (n === 0) return null;
  return (
    <section className="mine">
      <a href="#/rounds">
        <b>{t('rounds.title')}</b>
        <small>{t('rounds.hint')}</small>
      </a>
    </section>
  );
}

/** Only while neighbours have said something that one may join. */
function MeTooDoor() {
  const n = useJoinable().length;
  if (n === 0) return null;
  return (
    <section className="mine">
      <a href="#/metoo">
        <b>{t('metoo.title')}</b>
        <small>{t('metoo.doorHint', { n })}</small>
      </a>
    </section>
  );
}

export function Home() {
  const { host, committee, group } = usePlace();
  return (
    <>
      <header className="hero">
        <p>{committee?.full_name.replace(committee.name, '') ?? ' '}</p>
        <h1>{committee?.name ?? host?.name ?? t('title')}</h1>
        <p className="vow">
          <span>{t('home.vow1')}</span> <span>{t('home.vow2')}</span> <span>{t('home.vow3')}</span>
        </p>
        <Village />
      </header>
      <main className="page">
        <nav className="doors">
          <a className="door main" href="#/report">
            <b>{t('home.report')}</b>
            <span>{t('home.reportHint')}</span>
          </a>
          <a className="door" href="#/follow">
            <b>{t('home.follow')}</b>
            <span>{t('home.followHint')}</span>
          </a>
          <a className="door" href="#/ask">
            <b>{t('home.ask')}</b>
            <span>{t('home.askHint')}</span>
          </a>
        </nav>
        <Unsent />
        <Mine />
        {group && <Steward code={group} />}
        <MeTooDoor />
        <RoundsDoor unit={group ?? committee?.code} />
        <WallDoor unit={committee?.code} />
        <section className="mine">
          <a href="#/proof">
            <b>{t('home.proof')}</b>
            <small>{t('home.proofHint')}</small>
          </a>
          <a href="#/subsidy">
            <b>{t('subsidy.title')}</b>
            <small>{t('subsidy.doorHint')}</small>
          </a>
        </section>
        <p className="alarm">{t('home.alarm')}</p>
        <p className="alarm">
          <a href="tel:110">{t('home.police')} 110</a> <a href="tel:119">{t('home.fire')} 119</a>{' '}
          <a href="tel:120">{t('home.ambulance')} 120</a>
        </p>
      </main>
      <Foot />
    </>
  );
}
