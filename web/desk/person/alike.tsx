import type { ReactNode } from 'react';
import type { Alike } from '../../api/types';
import { t } from '../words';

/** People who may be the same, and by what. */
export function AlikeList({ people, action }: { people: Alike[]; action?: (one: Alike) => ReactNode }) {
  return (
    <ul className="alike">
      {people.map((one) => (
        <li key={one.id}>
          <a href={`#/person/${one.id}`}>
            {one.name} {one.phone}
          </a>
          <small>
            {[one.unit, one.died_on && t('person.died', { day: one.died_on }), ...one.same.map((by) => t(`person.same.${by}`))]
              .filter(Boolean)
              .join(' · ')}
          </small>
          {action?.(one)}
        </li>
      ))}
    </ul>
  );
}
