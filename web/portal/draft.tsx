import type { NewCase } from '../api/types';
import { scan, usePlace, type Sign } from './place';
import { read, write } from './store';
import { t } from './words';

export interface Draft {
  text: string;
  unit: string;
  phone: string;
  name: string;
  anonymous: boolean;
  bypass: boolean;
  /** The code on the wall that unit was chosen under. */
  scan: string;
  /** The place of the code is not where it is about. */
  elsewhere: boolean;
}
const blank: Draft = { text: '', unit: '', phone: '', name: '', anonymous: false, bypass: false, scan: '', elsewhere: false };

/** What was begun on this phone goes on; but where it is about is told by the code that was scanned last. */
export function begun(complaint: boolean): Draft {
  const draft = { ...blank, ...read<Partial<Draft>>('draft', {}), ...(complaint ? { bypass: true } : {}) };
  const here = scan();
  return here && here !== draft.scan ? { ...draft, unit: '', scan: here, elsewhere: false } : draft;
}

export function Where({ draft, set }: { draft: Draft; set: (part: Partial<Draft>) => void }) {
  const { committee } = usePlace();
  const groups = committee?.children ?? [];
  if (!committee || groups.length === 0) return null;
  return (
    <fieldset className="field">
      <legend className="label">{t('report.where')}</legend>
      <div className="choices groups">
        {[...groups, { code: committee.code, name: t('report.noGroup') }].map(({ code, name }) => (
          <label key={code} className={draft.unit === code ? 'chosen' : ''}>
            <input className="unseen" type="radio" name="unit" checked={draft.unit === code} onChange={() => set({ unit: code })} />
            {name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Contact({ draft, set, wrong }: { draft: Draft; set: (part: Partial<Draft>) => void; wrong: string | undefined }) {
  return (
    <div className={wrong === 'contact_phone' ? 'field wrong' : 'field'}>
      {!draft.anonymous && (
        <>
          <label htmlFor="phone">{t('report.phone')}</label>
          <input
            id="phone"
            type="tel"
            autoComplete="tel"
            placeholder={t('report.phoneHint')}
            value={draft.phone}
            onChange={(event) => set({ phone: event.currentTarget.value })}
          />
          <label htmlFor="name" className="unseen">
            {t('report.name')}
          </label>
          <input
            id="name"
            type="text"
            autoComplete="name"
            placeholder={t('report.name')}
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
        </>
      )}
      <label className="tick">
        <input type="checkbox" checked={draft.anonymous} onChange={(event) => set({ anonymous: event.currentTarget.checked })} />
        {t('report.anonymous')}
      </label>
    </div>
  );
}

/** What goes to the server. */
export function toSend(draft: Draft, committee: string, files: number, place: Sign | undefined): NewCase {
  const phone = draft.anonymous ? '' : draft.phone.replace(/\s/g, '');
  const name = draft.anonymous ? '' : draft.name.trim();
  return {
    text: draft.text.trim() || t('report.attached', { n: files }), // words are required; these point to what was shown or said
    unit: draft.unit || committee,
    ...(draft.anonymous ? { anonymous: true } : {}),
    ...(phone ? { contact_phone: phone } : {}),
    ...(name ? { persons: [{ role: 'reporter', name, ...(phone ? { phone } : {}) }] } : {}),
    ...(draft.bypass ? { bypass_village: true } : {}),
    ...(place ? { place_id: place.id } : {}),
  };
}

/** The next one begins with who and where. */
export function forNext({ phone, name, unit, scan: code }: Draft): void {
  write('draft', { phone, name, unit, scan: code });
}
