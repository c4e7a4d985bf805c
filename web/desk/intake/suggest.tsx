import { useEffect, useState } from 'react';
import { api, got } from '../../api/client';
import type { Suggested, SuggestBody, Suggestions } from '../../api/types';
import { t } from '../words';
import { persons, type IntakeDraft } from './draft';

const pause = 400; // ms without a key before it is asked
const least = 4; // characters

/** What is asked about a draft; null while too little is written. */
export function question(draft: IntakeDraft, committee: string): SuggestBody | null {
  const text = draft.text.trim();
  if (Array.from(text).length < least) return null;
  const people = draft.anonymous ? [] : persons(draft);
  return {
    text,
    unit: draft.unit || committee,
    ...(draft.place.trim() ? { place: draft.place.trim() } : {}),
    ...(people.length > 0 ? { persons: people } : {}),
  };
}

/** The answer to the newest question; an older one that comes late is dropped. Silence when the line is down: nobody waits for it. */
function useSuggestions(draft: IntakeDraft, committee: string): Suggestions | undefined {
  const [answer, setAnswer] = useState<Suggestions>();
  const asked = question(draft, committee);
  const key = JSON.stringify(asked);
  useEffect(() => {
    if (!asked) {
      setAnswer(undefined);
      return undefined;
    }
    let newest = true;
    const wait = setTimeout(() => {
      got<Suggestions>(api.POST('/api/v1/suggest', { body: asked })).then(
        (found) => {
          if (newest) setAnswer(found);
        },
        () => undefined,
      );
    }, pause);
    return () => {
      newest = false;
      clearTimeout(wait);
    };
  }, [key]);
  return answer;
}

const path = ({ upper, category }: Suggested) => (upper === category ? [category] : [upper, category]);
const name = ({ kind_label, upper_label, label }: Suggested) =>
  [kind_label, upper_label, ...(label === upper_label ? [] : [label])].join(' · ');

/** Offered beside what is being typed, with the reasons; a tap takes it, and nothing takes itself. */
export function Suggest({ draft, set, committee }: { draft: IntakeDraft; set: (part: Partial<IntakeDraft>) => void; committee: string }) {
  const answer = useSuggestions(draft, committee);
  if (!answer || answer.categories.length + answer.duplicates.length === 0) return null;
  const chosen = draft.category[draft.category.length - 1];
  return (
    <div className="suggest" role="group" aria-label={t('intake.suggest')}>
      {answer.categories.length > 0 && (
        <>
          <p>{t('intake.suggest')}</p>
          <ul>
            {answer.categories.map((one) => (
              <li key={one.category}>
                <button
                  type="button"
                  aria-pressed={chosen === one.category}
                  onClick={() => set({ kind: one.kind, category: path(one), more: draft.kind === one.kind ? draft.more : {} })}
                >
                  {name(one)}
                </button>
                <span className="soft">
                  {t('intake.share', { n: Math.round(one.share * 100) })}{' '}
                  {t('intake.because', { words: one.because.join(t('intake.and')) })}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {answer.duplicates.length > 0 && (
        <>
          <p>{t('intake.twins')}</p>
          <ul>
            {answer.duplicates.map(({ case: one, because }) => (
              <li key={one.id}>
                <a href={`#/case/${one.id}`} target="_blank" rel="noreferrer">
                  {one.number} {one.title}
                </a>{' '}
                <span className="soft">
                  {one.state_label} ·{' '}
                  {because
                    .map(({ reason, words }) => t(`intake.twin.${reason}`, { words: words.join(t('intake.and')) }))
                    .join(t('intake.and'))}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
