import type { Attachment } from './attachment';

/** Where a text names a recording of its form: the first is 〔语音1〕. The server puts the recording's own name there. */
const mark = /〔语音(\d+)〕/g;

export const markOf = (n: number): string => `〔语音${n}〕`;

/** The recordings that a text names, by their numbers. */
export function named(text: string): number[] {
  return [...text.matchAll(mark)].map(([, n]) => Number(n));
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** The same, with every text in it renewed; what is no text or plain list or object (a file) stays as it is. */
function renewed<T>(value: T, renew: (text: string) => string): T {
  if (isText(value)) return renew(value) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => renewed(one, renew)) as T;
  if (value === null || typeof value !== 'object' || 'blob' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, renewed(one, renew)])) as T;
}

/**
 * What is sent of the recordings: those that some text still names, counted anew from one. One that is at the server already is its hash, and those come
 * first, because a queue adds the others behind them.
 */
export function spoken<T extends object>(words: T, voices: (Attachment | string)[]): { words: T; voices: (Attachment | string)[] } {
  const used = new Set<number>();
  renewed(words, (text) => {
    named(text).forEach((n) => used.add(n));
    return text;
  });
  const kept = voices.map((voice, i) => ({ voice, n: i + 1 })).filter(({ n }) => used.has(n));
  const order = [...kept.filter(({ voice }) => isText(voice)), ...kept.filter(({ voice }) => !isText(voice))];
  const now = new Map(order.map(({ n }, i) => [n, i + 1]));
  const renumber = (text: string) =>
    text.replace(mark, (whole, n: string) => (now.has(Number(n)) ? markOf(now.get(Number(n)) ?? 0) : whole));
  return { words: renewed(words, renumber), voices: order.map(({ voice }) => voice) };
}
