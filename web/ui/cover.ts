import type { Session } from '../api/types';
import { monthDay } from './time';
import { say } from './words';

export const dayOf = (date: string) => monthDay(`${date}T00:00:00+08:00`);

/** "替 李某 值班至 7月20日", "由 X 代": in the head of every page, while it lasts. What a phone kept from before may lack them. */
export function coverNotes(session: Session): string[] {
  const { covers = [], covered_by: coveredBy = [] } = session as Partial<Session>;
  return [
    ...covers.map(({ name, until }) => say(until ? 'standins.covers' : 'standins.coversOpen', { name, until: until && dayOf(until) })),
    ...coveredBy.map(({ name, from, until }) =>
      say(until ? 'standins.coveredBy' : 'standins.coveredOpen', { name, from: dayOf(from), until: until && dayOf(until) }),
    ),
  ];
}
