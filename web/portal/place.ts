import { api, got } from '../api/client';
import { useQuery } from '../api/query';
import type { components } from '../api/schema';
import { committeeDigits, type DutyRule, type Host, type Pack, type UnitPage } from '../api/types';

const kept = 'liuxiao.unit';

/** The unit named by the QR code (?u=), or by the last one this phone came with. */
function scanned(): string | null {
  const code = new URLSearchParams(location.search).get('u');
  try {
    if (code && /^\d{12,15}$/.test(code)) localStorage.setItem(kept, code);
    return code ?? localStorage.getItem(kept);
  } catch {
    return code;
  }
}

/** The place on whose door the code hangs (&p=): for this visit alone, nothing is kept. */
export function scannedPlace(): string | undefined {
  const id = new URLSearchParams(location.search).get('p');
  return id && /^[0-9a-f-]{36}$/i.test(id) ? id : undefined;
}

/** What this very address was scanned from; another code means another place than the last report's. */
export function scan(): string {
  const query = new URLSearchParams(location.search);
  return [query.get('u'), query.get('p')].filter(Boolean).join('/');
}

export type Sign = components['schemas']['place_sign'];

/** A place that is gone says nothing, and the report goes without it. */
export function useSign(): Sign | undefined {
  const id = scannedPlace();
  const read = () => got<Sign>(api.GET('/api/v1/places/{id}/sign', { params: { path: { id: id ?? '' } } }));
  return useQuery(id ? `sign/${id}` : null, read, 600e3).data;
}

export interface Place {
  host: Host | undefined;
  committee: UnitPage | undefined;
  /** The village group, where the QR code hangs in one. */
  group: string | undefined;
}

async function readCommittee(): Promise<{ host: Host; committee: UnitPage | undefined }> {
  const host = await got<Host>(api.GET('/api/v1/host'));
  const code = scanned()?.slice(0, committeeDigits);
  if (!code || code === host.unit?.code) return { host, committee: host.unit ?? undefined };
  const committee = await got<UnitPage>(api.GET('/api/v1/units/{code}', { params: { path: { code } } }));
  return { host, committee };
}

export function usePlace(): Place {
  const { data } = useQuery('place', readCommittee, 600e3);
  const code = scanned();
  return { host: data?.host, committee: data?.committee, group: code && code.length > committeeDigits ? code : undefined };
}

export function useUnit(code: string | undefined): UnitPage | undefined {
  const read = () => got<UnitPage>(api.GET('/api/v1/units/{code}', { params: { path: { code: code ?? '' } } }));
  return useQuery(code ? `unit/${code}` : null, read, 600e3).data;
}

/** What has to be done before a report (110 …), by the words that make one think of it. Nothing waits for it. */
export function useDuties(): DutyRule[] | undefined {
  return useQuery<Pack>('pack', () => got(api.GET('/api/v1/pack')), 600e3).data?.duties;
}
