import { read, write } from './store';

/** A matter that was reported from this phone. */
export interface Mine {
  number: string;
  track: string;
  title: string;
  at: string;
  due: string | null;
}

export function mine(): Mine[] {
  return read<Mine[]>('mine', []);
}

export function remember(one: Mine): void {
  write('mine', [one, ...mine().filter(({ track }) => track !== one.track)].slice(0, 20));
}

export function forgetMine(track: string): void {
  write(
    'mine',
    mine().filter((one) => one.track !== track),
  );
}

/** K7qmt4xw9aaaa → K7QMT-4XW9-AAAA, as the code is printed. The alphabet has no 0, O, 1, I. */
export function codeForm(typed: string): string {
  const plain = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .slice(0, 13);
  return [plain.slice(0, 5), plain.slice(5, 9), plain.slice(9)].filter(Boolean).join('-');
}

export function codeWhole(code: string): boolean {
  return /^[0-9A-Z]{5}-[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(code);
}
