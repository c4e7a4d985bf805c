// The nouns of the API as the screens speak of them. Written from the API's contract; schema.d.ts says which call gives which.

export interface Named {
  code: string;
  name: string;
}
export interface Unit extends Named {
  level: string | number;
}
export interface Option {
  value: string;
  label: string;
}
export interface Coded {
  code: string;
  label: string;
  definition?: string;
}

export interface Post {
  post: string;
  label: string;
  unit: Unit | null;
  office: Named | null;
}
export interface Session {
  account: { id: string; login: string; name: string };
  posts: Post[];
  level: string;
  unit: Named;
}

export interface Category extends Coded {
  children: Coded[];
}
export interface Kind {
  kind: string;
  letter: string;
  label: string;
  short: string;
  counter: string;
  noun: string;
  states: Record<string, string>;
  categories: Category[];
  outcomes: Coded[];
}
export interface Pack {
  version: string;
  kinds: Kind[];
  channels: Coded[];
  levels: Coded[];
  posts: Coded[];
  offices: Coded[];
  told_how: string[];
  resolved: Option[];
  satisfied: Option[];
  kind_questions: string[];
  clock_labels?: Record<string, string>;
}

export interface UnitPage extends Unit {
  full_name: string;
  parent: Named | null;
  children: Unit[];
  steward: { name: string; phone: string } | null;
}
export interface Host {
  name: string;
  unit: UnitPage | null;
  lang: string;
}

/** A village group's code is its committee's twelve digits and three more. */
export const committeeDigits = 12;
export const isGroup = ({ code }: Named) => code.length > committeeDigits;

export type PromiseState = 'done' | 'running' | 'overdue' | 'paused' | 'none';
export interface OnePromise {
  state: PromiseState;
  late?: boolean;
  at: string | null;
}
export interface Promises {
  reply: OnePromise;
  progress: OnePromise;
  settle: OnePromise;
}

export interface Card {
  id: string;
  number: string;
  kind: string;
  kind_label?: string;
  category: string | null;
  category_label: string;
  title: string;
  state: string;
  state_label: string;
  level: string;
  level_label?: string;
  unit: Named;
  holder: { type: 'unit' | 'office' | 'account'; name: string };
  reported_at: string;
  due: { name: string; label: string; at: string; overdue: boolean } | null;
  promises: Promises;
  urged: boolean;
  danger: boolean;
  paused: boolean;
  reopened: boolean | number; // how often
  rev: number;
  mine: boolean;
}

export type FieldType =
  | 'text'
  | 'longtext'
  | 'choice'
  | 'multi'
  | 'date'
  | 'datetime'
  | 'int'
  | 'number'
  | 'bool'
  | 'office'
  | 'account'
  | 'unit'
  | 'case'
  | 'persons'
  | 'files'
  | 'quantity'
  | 'consent'
  | 'id'
  | 'object'
  | 'list';
export interface Field {
  name: string;
  label: string;
  type: FieldType;
  required: boolean;
  options?: Option[];
  hint?: string;
  max?: number;
}
export interface Verb {
  verb: string;
  label: string;
  public: boolean;
  primary: boolean;
  form: Field[];
}

export interface Person {
  id: string;
  role: string;
  role_label: string;
  side?: number | null;
  name: string;
  phone?: string | null;
}
export interface StoredFile {
  hash: string;
  type: string;
  url: string;
  from: string;
}
export interface Clock {
  name: string;
  label: string;
  started_at: string;
  due_at: string | null;
  stopped_at: string | null;
  state: PromiseState | 'late'; // late: done, but after it was due
  why: { rule: string; basis: string; skipped: { date: string; reason: string }[]; uncertain: boolean };
}
export interface Referral {
  office: string;
  mode_label: string;
  sent_at: string;
  accepted_at: string | null;
  answered_at: string | null;
  returned_at: string | null;
  reason?: string | null;
}
export interface Step {
  id: string;
  n: number;
  verb: string;
  label: string;
  at: string;
  recorded_at: string;
  actor: { name: string; post: string };
  open: boolean;
  text: string;
  facts: { label: string; value: string }[];
}
export interface Judgement {
  resolved: string;
  satisfied: string;
  text: string | null;
  at: string;
}
export interface Quantity {
  n: number;
  unit: string;
}

export interface Case extends Card {
  text: string;
  channel_label: string;
  finder: string;
  place: string | null;
  lat: number | null;
  lon: number | null;
  anonymous: boolean;
  external: { number: string; due: string | null } | null;
  quantity: Quantity | null;
  outcome_label: string | null;
  result: string | null;
  judgement: Judgement | null;
  /** What the pack's own form asked, as far as it was answered. */
  fields: { label: string; value: unknown }[];
  persons: Person[];
  files: StoredFile[];
  clocks: Clock[];
  referrals: Referral[];
  links: { id: string; number: string; relation: string }[];
  verbs: Verb[];
  timeline: Step[];
}
/** What a report answers. Who isn't signed in, or reported past their own desk, gets the resident's view: no id. */
export type MadeCase = Pick<Case, 'number' | 'title' | 'reported_at' | 'promises'> & { id?: string; track: string };
/** A verb may take the case out of one's sight (sent back, handed on): then there is nothing more to show. */
export type Acted = Case | { rev: number; out_of_sight: true };

export interface NewPerson {
  role: 'reporter' | 'party' | 'subject' | 'contact';
  side?: number;
  name: string;
  phone?: string;
}
export interface NewCase {
  kind?: string;
  category?: string;
  text: string;
  title?: string;
  unit: string;
  place?: string;
  lat?: number;
  lon?: number;
  channel?: string;
  persons?: NewPerson[];
  contact_phone?: string;
  anonymous?: boolean;
  files?: string[];
  happened_at?: string;
  quantity?: Quantity;
  external?: { number: string; due?: string };
  bypass_village?: boolean;
  danger?: boolean;
}
export interface SpotCase extends Omit<NewCase, 'text'> {
  outcome: string;
  text?: string;
  result?: string;
  told_how?: string;
}

export interface Track {
  number: string;
  kind_label: string;
  state: string;
  state_label: string;
  unit: string | Named; // the whole name of the place
  reported_at: string;
  title: string;
  text: string;
  result?: string;
  promises: Promises;
  due?: Card['due'];
  next?: string;
  steward?: { name: string; phone: string } | null;
  steps: { label: string; at: string; text: string; actor?: { post: string }; facts?: { label: string; value: string }[] }[];
  verbs: Verb[];
  judgement: Judgement | null;
}

export interface Activity {
  id: string;
  type: string;
  type_label: string;
  form_label?: string;
  topic_label?: string;
  at: string;
  unit: Named | string;
  title: string;
  text: string;
  count: number | null;
  state: string;
  by?: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}
export interface OfficeRow extends Named {
  id: string;
  level: string;
}
export interface AccountRow {
  id: string;
  name: string;
  posts: string[];
  unit: string;
}

export type Counts = Record<string, number>;
export interface Rate {
  n: number;
  of: number;
  rate: number | null;
}
export interface Figures {
  unit: Named;
  from: string;
  to: string;
  as_of: string;
  counts: Counts;
  labels: Record<string, string>;
  counters: Record<string, string>;
  rates: Record<'replied' | 'resolved' | 'satisfied' | 'judged', Rate>;
  levels: Record<string, Counts>;
  overdue: number;
  open: number;
  months: { month: string; counts: Counts }[];
  categories: { kind: string; code: string; label: string; n: number }[];
  units: (Named & { counts: Counts })[];
}

/** What a form hands over: one value a field, as the API wants it. */
export type Value = string | number | boolean | string[] | Quantity | NewPerson[] | Consent | undefined;
export type Values = Record<string, Value>;
export interface Consent {
  given: boolean;
  how?: string;
}

export interface Command {
  id: string;
  verb: string;
  subject?: string;
  fields: Record<string, unknown>;
  rev?: number;
  after?: string;
  happened_at: string;
}
export interface Answer {
  id: string;
  status: number;
  body: { title?: string; code?: string; field?: string; id?: string; rev?: number; track?: string };
}
