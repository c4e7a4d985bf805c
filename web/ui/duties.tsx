import type { DutyRule } from '../api/types';
import { say } from './words';
import './duties.css';

const apart = '[^。！？\n]{0,15}'; // what may stand between, within a sentence

/** "孩子…被打": both, in this order and close together. */
function saysIt(text: string, word: string): boolean {
  if (word.indexOf('…') < 0) return text.indexOf(word) >= 0;
  return new RegExp(
    word
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join(apart),
  ).test(text);
}

/** What the words or the category make one think of. A hint while typing: nothing is decided by it. */
export function dutiesIn(text: string, category: string | undefined, rules: DutyRule[] | undefined): DutyRule[] {
  return (rules ?? []).filter(
    ({ words, categories }) =>
      words.some((word) => saysIt(text, word)) || (category !== undefined && categories.some((code) => code === category)),
  );
}

/** First do this: whom to call, and the article that says so. */
export function FirstDo({ rules }: { rules: DutyRule[] }) {
  if (rules.length === 0) return null;
  return (
    <div className="first-do" role="alert">
      {rules.map(({ code, label, do_first, call, basis }) => (
        <section key={code}>
          <h2>{say('duty.first', { label })}</h2>
          <p>{do_first}</p>
          <p className="call">
            {call.map((number) => (
              <a key={number} href={`tel:${number}`}>
                {say('duty.call', { number })}
              </a>
            ))}
          </p>
          <small>{basis}</small>
        </section>
      ))}
    </div>
  );
}
