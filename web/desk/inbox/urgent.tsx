import { api, got } from '../../api/client';
import { useQuery } from '../../api/query';
import type { Session } from '../../api/types';
import { t } from '../words';

/** 今天有急事: said above the list while it lasts; else a way to say so. */
export function Urgent({ session }: { session: Session }) {
  const desk = session.posts.some(({ post, office }) => office === null && ['officer', 'chair', 'secretary'].includes(post));
  const query = { unit: session.unit.code, limit: 1 };
  const { data } = useQuery(desk ? `rows/urgent/${session.unit.code}` : null, () =>
    got(api.GET('/api/v1/registers/{register}', { params: { path: { register: 'urgent' }, query } })),
  );
  if (!data) return null;
  const [day] = data.items;
  return day ? (
    <a className="urgent" role="status" href={`#/registers/urgent/${day.id}`}>
      {t('inbox.urgentOn', { reason: day.title })}
    </a>
  ) : (
    <a className="button" href="#/registers/urgent">
      {t('inbox.urgent')}
    </a>
  );
}
