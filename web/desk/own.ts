import { api, got } from '../api/client';
import { useQuery } from '../api/query';
import type { Field, Option, Pack, UnitPage } from '../api/types';

const long = 600e3; // these change a few times a year

export function usePack(): Pack | undefined {
  return useQuery<Pack>('pack', () => got(api.GET('/api/v1/pack')), long).data;
}

export function useUnit(code: string): UnitPage | undefined {
  return useQuery<UnitPage>(`unit/${code}`, () => got(api.GET('/api/v1/units/{code}', { params: { path: { code } } })), long).data;
}

/** What an office, account or unit field of a form may choose from. */
export async function readChoices(type: Field['type'], unit: string): Promise<Option[]> {
  const query = { unit };
  if (type === 'office') {
    const { items } = await got(api.GET('/api/v1/offices', { params: { query } }));
    return items.map(({ id, name }) => ({ value: id, label: name }));
  }
  if (type === 'account') {
    const { items } = await got(api.GET('/api/v1/accounts', { params: { query } }));
    return items.map(({ id, name, posts, unit: where }) => ({ value: id, label: `${name} · ${posts.join('、')} · ${where}` }));
  }
  if (type === 'unit') {
    const page = await got(api.GET('/api/v1/units/{code}', { params: { path: { code: unit } } }));
    return [page, ...page.children].map(({ code, name }) => ({ value: code, label: name }));
  }
  return [];
}
