import type { OnePromise, Promises } from '../api/types';
import { Mark } from './mark';
import { monthDay, span } from './time';
import { say } from './words';
import './promise.css';

const names = ['reply', 'progress', 'settle'] as const;

function when({ state, at, late }: OnePromise): string {
  if (state === 'done' && late && at) return say('promise.doneLate', { day: monthDay(at) });
  if (state === 'done') return at ? say('promise.doneAt', { day: monthDay(at) }) : say('promise.done');
  if (state === 'running') return at ? say('promise.running', { span: span(at) }) : say('promise.open');
  if (state === 'overdue') return at ? say('promise.overdue', { span: span(at) }) : say('promise.late');
  return say(state === 'paused' ? 'promise.paused' : 'promise.none');
}

/** 回音 · 跟进 · 着落: the three promises of a case, each done, due in, or overdue. */
export function PromiseBar({ promises, small }: { promises: Promises; small?: boolean }) {
  return (
    <ul className={small ? 'promise small' : 'promise'}>
      {names.map((name) => (
        <li key={name} className={promises[name].state}>
          <Mark state={promises[name].state} />
          <b>{say(`promise.${name}`)}</b>
          <span>{when(promises[name])}</span>
        </li>
      ))}
    </ul>
  );
}
