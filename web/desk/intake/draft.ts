import type { Field, NewCase, NewPerson, ReadyAnswer, Values } from '../../api/types';

/** What an officer types while someone is talking. */
export interface IntakeDraft {
  channel: string;
  text: string;
  kind: string;
  category: string[];
  unit: string;
  place: string;
  name: string;
  phone: string;
  anonymous: boolean;
  otherName: string;
  external: string;
  externalDue: string;
  danger: boolean;
  /** The number of the paper form it is typed in from. */
  form: string;
  /** The number of a case that asks the same. */
  meToo: string;
  /** The ready answer that was read out. */
  answer?: ReadyAnswer | undefined;
  /** What the pack asks beyond that for this kind and category. */
  more: Values;
}

const asked = new Set([
  'text',
  'kind',
  'category',
  'unit',
  'title',
  'place',
  'channel',
  'persons',
  'contact_phone',
  'anonymous',
  'files',
  'quantity',
  'bypass_village',
  'danger',
]);

/** The fields of the report's form that are the pack's own. */
export const packFields = (form: Field[]) => form.filter(({ name }) => !asked.has(name));

export const blank: IntakeDraft = {
  channel: 'PHONE',
  text: '',
  kind: '',
  category: [],
  unit: '',
  place: '',
  name: '',
  phone: '',
  anonymous: false,
  otherName: '',
  external: '',
  externalDue: '',
  danger: false,
  form: '',
  meToo: '',
  more: {},
};

export const twoSided = (kind: string) => kind === 'dispute';

/** In a dispute who reports is one side and the person reported the other; else they are just the reporter. */
export function persons(draft: IntakeDraft): NewPerson[] {
  const [name, phone, other] = [draft.name.trim(), draft.phone.replace(/\s/g, ''), draft.otherName.trim()];
  const people: NewPerson[] = [];
  if (name || phone)
    people.push({
      role: twoSided(draft.kind) ? 'party' : 'reporter',
      ...(twoSided(draft.kind) ? { side: 1 } : {}),
      name,
      ...(phone ? { phone } : {}),
    });
  if (twoSided(draft.kind) && other) people.push({ role: 'party', side: 2, name: other });
  return people;
}

export function body(draft: IntakeDraft, committee: string): NewCase {
  const category = draft.category[draft.category.length - 1];
  const phone = draft.phone.replace(/\s/g, '');
  const more = Object.entries(draft.more).filter(([, value]) => value !== undefined && value !== '');
  return {
    ...(Object.fromEntries(more) as Partial<NewCase>),
    text: draft.text.trim(),
    unit: draft.unit || committee,
    channel: draft.channel,
    ...(draft.kind ? { kind: draft.kind } : {}),
    ...(category ? { category } : {}),
    ...(draft.place.trim() ? { place: draft.place.trim() } : {}),
    ...(draft.anonymous ? { anonymous: true } : { persons: persons(draft), ...(phone ? { contact_phone: phone } : {}) }),
    ...(draft.external.trim()
      ? { external: { number: draft.external.trim(), ...(draft.externalDue ? { due: draft.externalDue } : {}) } }
      : {}),
    ...(draft.danger ? { danger: true } : {}),
    ...(draft.form.trim() ? { form_no: draft.form.trim() } : {}),
    ...(draft.meToo.trim() ? { me_too: draft.meToo.trim() } : {}),
  };
}
