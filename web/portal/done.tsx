import { Frame } from './frame';
import { mine } from './remember';
import { Slip } from './slip';
import { usePlace } from './place';
import { moment } from '../ui/time';
import { t } from './words';

function Kept({ how }: { how: string }) {
  return (
    <Frame title={t('done.keptTitle')}>
      <section className="notice" role="status">
        <p>{t(how === 'all' ? 'done.keptAll' : how === 'words' ? 'done.keptWords' : 'done.keptNothing')}</p>
      </section>
      <a className="button wide" href="#/">
        {t('home.back')}
      </a>
    </Frame>
  );
}

export function Done({ track }: { track: string }) {
  const { committee } = usePlace();
  if (track.startsWith('kept-')) return <Kept how={track.slice(5)} />;
  const one = mine().find((other) => other.track === track);
  const by = one?.due ? moment(one.due) : undefined;
  return (
    <Frame title={t('done.title')}>
      <section className="receipt">
        <p className="tickmark" aria-hidden="true">
          ✓
        </p>
        <h2>{t('done.thanks', { committee: committee?.name ?? '' })}</h2>
        {by && <p className="by">{t('done.by', { at: by })}</p>}
        <dl>
          <div>
            <dt>{t('done.number')}</dt>
            <dd>{one?.number}</dd>
          </div>
          <div>
            <dt>{t('done.code')}</dt>
            <dd className="code">{track}</dd>
          </div>
        </dl>
        <p className="hint">{t('done.keep')}</p>
      </section>
      {one && <Slip number={one.number} track={track} by={by} committee={committee?.name ?? ''} />}
      <a className="button main wide tall" href={`#/follow/${track}`}>
        {t('done.follow')}
      </a>
      <a className="button quiet wide" href="#/">
        {t('home.back')}
      </a>
    </Frame>
  );
}
