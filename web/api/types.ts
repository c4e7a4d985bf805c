// The nouns of the API as the screens speak of them. Each is the server's own (schema.d.ts is made from its OpenAPI);
// what is written out here is only what a form holds while it is being filled in.
import type { components, paths } from './schema';

type Schemas = components['schemas'];

export type Named = Schemas['named'];
export type Unit = Schemas['unit_ref'];
export type Option = Schemas['option'];
export type Coded = Schemas['coded'];
/** Who is signed in and works somewhere; an account without a post has no unit and nothing to do here. */
export type Session = Schemas['session'] & { unit: Named };
export const hasPost = (session: Schemas['session']): session is Session => session.unit !== undefined;
export type Category = Schemas['category'];
export type Kind = Schemas['kind'];
export type Pack = Schemas['pack'];
export type StandIns = Schemas['stand_ins'];
export type StandIn = StandIns['items'][number];
export type UnitPage = Schemas['unit'];
export type Host = Schemas['host'];

/** A village group's code is its committee's twelve digits and three more. */
export const committeeDigits = 12;
export const isGroup = ({ code }: { code: string }) => code.length > committeeDigits;

export type OnePromise = Schemas['promise'];
export type PromiseState = OnePromise['state'];
export type Promises = Schemas['promises'];
export type Card = Schemas['card'];
export type Field = Schemas['field'];
export type FieldType = Field['type'];
export type Verb = Schemas['verb'];
export type DutyRule = Schemas['pack']['duties'][number];
export type Duty = Case['duties'][number];
export type RootProposal = Schemas['roots']['items'][number];
export type Gap = Schemas['coverage']['gaps'][number];
export type Careful = Schemas['pack']['careful'][number];
export type Person = Schemas['person_ref'];
export type PersonPage = Schemas['person_page'];
export type Alike = Schemas['person_alike'];
export type StoredFile = Schemas['file_ref'];
export type Clock = Schemas['clock'];
export type Referral = Schemas['referral'];
export type Step = Schemas['step'];
export type Judgement = Schemas['judgement'];
export type Quantity = Schemas['quantity'];
export type Case = Schemas['case_page'];

/** What reading a case gives: the whole of it, or what those see who may know only that it exists. */
export type CasePart = Schemas['case'];
/** A verb may also take the case out of one's sight (sent back, handed on). */
export type Acted = Schemas['case_acted'];
/** What a report answers. Who isn't signed in, or reported past their own desk, gets the resident's view: no id. */
export type MadeCase = Schemas['case_created'];
export type Track = Schemas['tracked'];

export type NewPerson = NonNullable<Schemas['in_persons']>[number];
export type OnePerson = Schemas['in_person'];
/** The named members; the pack's own fields may stand beside them. */
type Known<T> = { [K in keyof T as string extends K ? never : K]: T[K] };

/** The table of routes says of `external` only that it is an object. */
export type NewCase = Omit<Known<Schemas['do_case_report']>, 'external'> & { external?: { number: string; due?: string } };
export type ReportBody = Schemas['do_case_report'];
export type SpotCase = Known<Schemas['do_case_settle_on_spot']>;
export type Consent = Schemas['in_consent'];

/** Any verb of a person; which fields it wants comes with the page. */
export type PersonForm = NonNullable<paths['/api/v1/persons/{id}/{verb}']['post']['requestBody']>['content']['application/json'];

/** Registers: what is kept beside cases. */
export type RegisterDef = Schemas['registers']['items'][number];
export type RegisterItem = Schemas['register_item'];
export type RegisterPage = Schemas['register_row'];
/** What a form of a register sends: the server wrote the form, and judges it. */
export type RegisterForm = paths['/api/v1/registers/{register}']['post']['requestBody']['content']['application/json'] &
  paths['/api/v1/registers/{register}/{id}/{verb}']['post']['requestBody']['content']['application/json'];

export type ReadyAnswer = Schemas['ready_answer'];
export type Call = Schemas['calls']['items'][number];
export type Proofs = Schemas['proofs'];
export type Round = Schemas['rounds']['items'][number];
export type Joinable = Schemas['joinable']['items'][number];
export type SubsidySheet = Schemas['subsidy_sheet'];
export type OwnSubsidies = Schemas['subsidies'];

export type Found = Schemas['search'];
export type Hit = Schemas['hit'];

export type Suggestions = Schemas['suggestions'];
export type Suggested = Suggestions['categories'][number];
export type SuggestBody = paths['/api/v1/suggest']['post']['requestBody']['content']['application/json'];

export type Page<T> = { items: T[]; next: string | null };
export type Activity = Schemas['activities']['items'][number];
export type Ledger = Schemas['ledger'];
export type LedgerState = Schemas['ledger_state'];
export type LedgerTarget = Ledger['targets'][number];
export type Counts = Record<string, number>;
type ByKind = 'counts' | 'labels' | 'counters' | 'levels' | 'months' | 'units';
/** Walked by kind and level, whichever there are. */
export type Figures = Omit<Schemas['figures'], ByKind> & {
  counts: Counts;
  labels: Record<string, string>;
  counters: Record<string, string>;
  levels: Record<string, Counts>;
  months: { month: string; counts: Counts }[];
  units: (Named & { counts: Counts })[];
};

type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never;
export type ListFilter = Query<'/api/v1/cases'>;
export type Form = Schemas['form'];

/** What a form hands over: one value a field, as the API wants it. */
/** For whom somebody else records something. */
export interface OnBehalf {
  name?: string;
  account?: string;
  how?: string;
}
export type Value = string | number | boolean | string[] | Quantity | OnePerson | NewPerson[] | Consent | OnBehalf | undefined;
export type Values = Record<string, Value>;

/** A command in the phone's queue. */
export interface Command {
  id: string;
  verb: string;
  kind?: string;
  subject?: string;
  fields: Record<string, unknown>;
  rev?: number;
  after?: string;
  happened_at: string;
}
/** Done, or a problem: the queue asks which by the status. */
export interface Answer {
  id: string;
  status: number;
  body: { title?: string; code?: string; field?: string; id?: string; rev?: number; track?: string };
}
