import type { Case } from './types';

/** Why a call failed, as the server words it (application/problem+json). Status 0: it never got there. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly current: Case | undefined;

  constructor(status: number, body: { title?: string; code?: string; field?: string; current?: Case }) {
    super(body.title ?? '');
    this.status = status;
    this.code = body.code ?? '';
    this.field = body.field;
    this.current = body.current;
  }

  /** The same, about the field of the form in hand: the server knows only that a file was sent. */
  at(field: string): Problem {
    return new Problem(this.status, {
      title: this.message,
      code: this.code,
      field,
      ...(this.current ? { current: this.current } : {}),
    });
  }

  get offline(): boolean {
    return this.status === 0;
  }

  /** Trying again later may help: no network, too busy, being restarted. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export async function problemFrom(response: Response, parsed?: unknown): Promise<Problem> {
  const body = parsed ?? (await response.json().catch(() => ({})));
  return new Problem(response.status, typeof body === 'object' && body ? body : {});
}
