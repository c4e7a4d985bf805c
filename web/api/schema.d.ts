// Which call takes and gives what, in the shape that openapi-fetch reads. Typed by hand until the server's
// /api/v1/openapi.json is there; `npm run schema` then writes this file.
import type * as T from './types';

type Gives<Body, Status extends number = 200> = {
  responses: Record<Status, { headers: Record<string, string>; content: { 'application/json': Body } }>;
};
type Takes<Body> = { requestBody: { content: { 'application/json': Body } } };
type Query<Q> = { parameters: { query?: Q; header?: Record<string, string>; path?: never; cookie?: never } };
type At<P, Q = Record<string, never>> = { parameters: { path: P; query?: Q; header?: Record<string, string>; cookie?: never } };
type Write = { parameters: { header?: Record<string, string>; query?: never; path?: never; cookie?: never } };

export interface ListFilter {
  view?: string;
  kind?: string;
  state?: string;
  unit?: string;
  q?: string;
  limit?: number;
  cursor?: string;
}
export interface Period {
  unit: string;
  from: string;
  to: string;
}

export interface paths {
  '/session': {
    get: Gives<T.Session>;
    post: Takes<{ login: string; password: string; code?: string }> & Gives<T.Session>;
    delete: Gives<never, 204>;
  };
  '/pack': { get: Gives<T.Pack> };
  '/host': { get: Gives<T.Host> };
  '/units/{code}': { get: At<{ code: string }> & Gives<T.UnitPage> };
  '/offices': { get: Query<{ unit?: string }> & Gives<{ items: T.OfficeRow[] }> };
  '/accounts': { get: Query<{ unit?: string; post?: string }> & Gives<{ items: T.AccountRow[] }> };
  '/cases': {
    get: Query<ListFilter> & Gives<T.Page<T.Card>>;
    post: Write & Takes<T.NewCase> & Gives<T.MadeCase, 201>;
  };
  '/cases/settle_on_spot': { post: Write & Takes<T.SpotCase> & Gives<T.MadeCase, 201> };
  '/cases/{id}': { get: At<{ id: string }> & Gives<T.Case> };
  '/cases/{id}/{verb}': { post: At<{ id: string; verb: string }> & Takes<T.Values> & Gives<T.Acted> };
  '/persons/{id}/reveal': { post: At<{ id: string }> & Takes<{ purpose: string }> & Gives<{ name: string; phone?: string | null }> };
  '/track': { get: Write & Gives<T.Track> };
  '/track/{verb}': { post: At<{ verb: string }> & Takes<T.Values> & Gives<T.Track> };
  '/forms': { get: Query<{ verb: string; kind: string; category?: string }> & Gives<{ verb: string; label: string; form: T.Field[] }> };
  '/figures': { get: Query<Period> & Gives<T.Figures> };
  '/figures/cases': {
    get: Query<Period & { kind?: string; category?: string; limit?: number; cursor?: string }> & Gives<T.Page<T.Card>>;
  };
  '/activities': { get: Query<Period & { type?: string; limit?: number; cursor?: string }> & Gives<T.Page<T.Activity>> };
  '/sync': { get: Query<{ cursor?: string }> & Gives<{ fresh: boolean; rows: (T.Card | { id: string; gone: true })[]; next: string }> };
  '/batch': { post: Write & Takes<{ commands: T.Command[] }> & Gives<{ answers: T.Answer[] }> };
}
