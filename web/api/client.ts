import createClient, { type Middleware } from 'openapi-fetch';
import { language } from '../i18n/language';
import { newId } from './id';
import { Problem, problemFrom } from './problem';
import type { components, paths } from './schema';

const listeners = new Set<() => void>();

/** Tells when the server no longer knows who this is: the session ran out, or was ended elsewhere. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', language());
    if (request.method !== 'GET' && !request.headers.has('Idempotency-Key')) request.headers.set('Idempotency-Key', newId());
    return request;
  },
  onResponse({ request, response }) {
    const about = new URL(request.url).pathname;
    if (response.status === 401 && !/\/(session|track)/.test(about)) listeners.forEach((listener) => listener());
  },
};

export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  fetch: (request) => fetch(request),
});
api.use(headers);

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a call that worked; otherwise throws a Problem. */
export async function got<T>(call: Promise<Reply<T>>): Promise<T> {
  let reply: Reply<T>;
  try {
    reply = await call;
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem(0, { code: 'offline' });
  }
  if (!reply.response.ok) throw await problemFrom(reply.response, reply.error);
  return reply.data as T;
}

/** Sends a picture, a recording or a scan as it is; the answer names it by its hash, a scan by the hash of each page in order. */
export async function sendFile(file: Blob, extra: Record<string, string> = {}): Promise<string[]> {
  let response: Response;
  try {
    response = await fetch('/api/v1/files', {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'Content-Type': (file.type || 'application/octet-stream').replace(/;.*/, ''),
        'Accept-Language': language(),
        'Idempotency-Key': newId(),
        ...extra,
      },
      body: file,
    });
  } catch {
    throw new Problem(0, { code: 'offline' });
  }
  if (!response.ok) throw await problemFrom(response);
  const stored = (await response.json()) as components['schemas']['file'];
  return stored.pages ? stored.pages.map(({ hash }) => hash) : [stored.hash];
}
