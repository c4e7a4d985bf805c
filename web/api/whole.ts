import type { Case } from './types';

/**
 * A case as the pages draw it. Who may only know that it exists (a leader, say) gets a card with verbs and the public
 * steps; the rest is empty, not broken.
 */
export function whole(part: Partial<Case> & Pick<Case, 'id'>): Case {
  return {
    text: '',
    channel_label: '',
    finder: '',
    place: null,
    lat: null,
    lon: null,
    anonymous: false,
    external: null,
    quantity: null,
    outcome_label: null,
    result: null,
    judgement: null,
    fields: [],
    persons: [],
    files: [],
    clocks: [],
    referrals: [],
    links: [],
    verbs: [],
    timeline: [],
    ...part,
  } as Case;
}
