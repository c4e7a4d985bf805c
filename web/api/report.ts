import { api, got } from './client';
import type { MadeCase, NewCase, ReportBody } from './types';

/** Reports a case. The key is the command's id: sent twice, it is done once. */
export function report(key: string, body: NewCase): Promise<MadeCase> {
  const params = { header: { 'Idempotency-Key': key } };
  return got<MadeCase>(api.POST('/api/v1/cases', { params, body: body as ReportBody }));
}
