import { useEffect, useState } from 'react';
import { api, got } from '../api/client';
import type { ReadyAnswer } from '../api/types';
import { say } from './words';
import './answers.css';

const least = 3; // fewer characters say nothing
const most = 600; // what comes after is not looked at anyway
const pause = 500;

/** Ready answers that fit what is being typed, a moment after the last key. */
export function useSuggestions(unit: string, words: string): ReadyAnswer[] {
  const [found, setFound] = useState<ReadyAnswer[]>([]);
  const q = words.trim().slice(0, most);
  useEffect(() => {
    if (!unit || q.length < least) {
      setFound([]);
      return undefined;
    }
    let over = false;
    const timer = setTimeout(() => {
      const asked = got(api.POST('/api/v1/answers/suggest', { body: { unit, q } }));
      void asked.then(
        ({ items }) => {
          if (!over) setFound(items);
        },
        () => undefined, // suggestions are a help: without them one writes on
      );
    }, pause);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [unit, q]);
  return found;
}

interface Props {
  items: ReadyAnswer[];
  /** For staff: gives this answer. */
  onUse?: ((answer: ReadyAnswer) => void) | undefined;
}

/** Each opens with a tap. Staff also see why it is shown, how often it was given, and whether it has to be looked at again first. */
export function Answers({ items, onUse }: Props) {
  return (
    <ul className="answers">
      {items.map((one) => (
        <li key={one.id}>
          <details>
            <summary>
              {one.question}
              {one.stale && <b className="stale">{say('answers.stale')}</b>}
            </summary>
            <p className="words">{one.answer}</p>
            <p className="under">
              {[one.source, one.unit, say('answers.until', { day: one.valid_until })].filter(Boolean).join(' · ')}
              {onUse && one.uses > 0 && ` · ${say('answers.uses', { n: one.uses })}`}
              {onUse && one.because.length > 0 && ` · ${say('answers.because', { words: one.because.join('、') })}`}
            </p>
            {onUse && !one.stale && (
              <button type="button" className="button" onClick={() => onUse(one)}>
                {say('answers.use')}
              </button>
            )}
            {onUse && one.stale && (
              <a className="button" href={`#/registers/answers/${one.id}`}>
                {say('answers.again')}
              </a>
            )}
          </details>
        </li>
      ))}
    </ul>
  );
}
