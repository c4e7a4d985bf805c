import { api, got } from '../api/client';
import { useQuery } from '../api/query';

/** What hangs on the wall today. */
export function useNotices(unit: string | undefined) {
  return useQuery(unit ? `wall/${unit}` : null, () => got(api.GET('/api/v1/publications', { params: { query: { unit: unit ?? '' } } })));
}

/** What is asked where one lives, or comes from. */
export function useRounds(unit: string | undefined) {
  return useQuery(unit ? `rounds/${unit}` : null, () => got(api.GET('/api/v1/rounds', { params: { query: { unit: unit ?? '' } } })));
}
