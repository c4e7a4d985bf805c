import { api, got } from '../api/client';
import { newId } from '../api/id';
import { Problem } from '../api/problem';
import { useQuery } from '../api/query';
import type { Session } from '../api/types';
import { either } from './own';
import { t } from './words';

/** What the season brings and nobody has done yet. Done with a tap, for the whole village. */
export function Season({ session }: { session: Session }) {
  const unit = session.posts.find((post) => post.unit)?.unit?.code ?? session.unit.code;
  const may = session.may.includes('get_season');
  const { data, refresh } = useQuery(
    may ? `season/${unit}` : null,
    () => either('season', () => got(api.GET('/api/v1/season', { params: { query: { unit } } }))),
    600e3,
  );
  const waiting = data?.items.filter(({ done }) => done === null) ?? [];
  if (waiting.length === 0) return null;
  const done = async (item: string) => {
    const header = { 'Idempotency-Key': newId() };
    try {
      await got(api.POST('/api/v1/registers/{register}', { params: { path: { register: 'season' }, header }, body: { unit, item } }));
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause; // without a network it stays in the list
    }
    await refresh();
  };
  return (
    <details className="season" open>
      <summary>{t('season.title')}</summary>
      <ul>
        {waiting.map(({ item }) => (
          <li key={item}>
            <span>{item}</span>
            <button type="button" className="button quiet" aria-label={`${item}：${t('season.do')}`} onClick={() => void done(item)}>
              {t('season.do')}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
