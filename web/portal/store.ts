/** What this phone keeps for its owner. A browser that keeps nothing still works, for as long as the page is open. */
const memory = new Map<string, string>();

export function read<T>(name: string, otherwise: T): T {
  const key = `liuxiao.${name}`;
  try {
    const text = localStorage.getItem(key) ?? memory.get(key);
    return text ? (JSON.parse(text) as T) : otherwise;
  } catch {
    return otherwise;
  }
}

/** False when it could not be kept past this page (full, or forbidden). */
export function write(name: string, value: unknown): boolean {
  const key = `liuxiao.${name}`;
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(key, text);
    memory.delete(key);
    return true;
  } catch {
    memory.set(key, text);
    return false;
  }
}
