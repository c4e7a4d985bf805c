import { api, got } from './client';
import type { MadeCase, NewCase, ReadyAnswer, ReportBody, SpotCase } from './types';

/** Reports a case. The key is the command's id: sent twice, it is done once. */
export function report(key: string, body: NewCase): Promise<MadeCase> {
  const params = { header: { 'Idempotency-Key': key } };
  return got<MadeCase>(api.POST('/api/v1/cases', { params, body: body as ReportBody }));
}

/** A question answered from the answer bank while they stand there: reported and settled in one. */
export function answerOnSpot(key: string, body: NewCase, answer: ReadyAnswer): Promise<MadeCase> {
  const params = { header: { 'Idempotency-Key': key } };
  const spot = { ...body, kind: 'request', outcome: 'ANSWERED', result: answer.answer, answer_id: answer.id } as unknown as SpotCase;
  return got<MadeCase>(api.POST('/api/v1/cases/settle_on_spot', { params, body: spot }));
}
