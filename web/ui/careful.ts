import type { Careful } from '../api/types';

/** The words of the list that stand in a text; of two that overlap the longer one. */
export function wordsToAvoid(text: string, careful: Careful[]): Careful[] {
  const found = careful.filter(({ word }) => text.indexOf(word) >= 0);
  return found.filter(({ word }) => !found.some((other) => other.word.length > word.length && other.word.indexOf(word) >= 0));
}

/** What of the pack's words concerns a kind of case. */
export function carefulFor(careful: Careful[] | undefined, kind: string): Careful[] {
  return (careful ?? []).filter(({ kinds }) => kinds === null || kinds.some((one) => one === kind));
}
