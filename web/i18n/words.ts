import { language, type Language } from './language';

interface Texts {
  [key: string]: string | Texts;
}

/** Every dotted path that ends in a text. */
type Path<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Path<T[K]>}`;
}[keyof T & string];

export interface Words<T> {
  /** The text at a path, with {name} replaced by vars.name. */
  (path: Path<T>, vars?: Record<string, string | number>): string;
  replace(texts: unknown): void;
}

/** The words of one part of the web. They begin in Chinese; `speak` puts another language in their place. */
export function words<T>(chinese: T): Words<T> {
  let texts = chinese as unknown as Texts;
  const say = (path: string, vars?: Record<string, string | number>): string => {
    let at: string | Texts | undefined = texts;
    for (const key of path.split('.')) at = typeof at === 'object' ? at[key] : undefined;
    if (typeof at !== 'string') return path;
    return vars ? at.replace(/\{(\w+)\}/g, (_all, name: string) => String(vars[name] ?? '')) : at;
  };
  return Object.assign(say, { replace: (other: unknown) => void (texts = other as Texts) }) as Words<T>;
}

const others: Record<Exclude<Language, 'zh-CN'>, () => Promise<Record<string, unknown>>> = {
  'zh-Hant': () => import('./zh-Hant.json'),
  en: () => import('./en.json'),
};

/** Loads the chosen language, if it isn't the one the page already has. */
export async function speak(parts: Record<string, { replace(texts: unknown): void }>): Promise<void> {
  const code = language();
  document.documentElement.lang = code;
  if (code === 'zh-CN') return;
  const file = await others[code]().catch(() => null);
  if (file) for (const [name, part] of Object.entries(parts)) part.replace(file[name]);
}
