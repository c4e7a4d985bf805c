export type Language = 'zh-CN' | 'zh-Hant' | 'en';

export const languages: { code: Language; name: string }[] = [
  { code: 'zh-CN', name: '简体中文' },
  { code: 'zh-Hant', name: '繁體中文' },
  { code: 'en', name: 'English' },
];

const kept = 'liuxiao.language';

/** What this browser chose; Chinese where it chose nothing, whatever the phone's own language: the people here read Chinese. */
export function language(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? read();
  return languages.find(({ code }) => code === asked)?.code ?? 'zh-CN';
}

/** The page starts anew, so that every text and every library's own words change together. */
export function choose(code: Language): void {
  try {
    localStorage.setItem(kept, code);
  } catch {
    // a browser that keeps nothing: this page only
  }
  const url = new URL(location.href);
  url.searchParams.delete('lang');
  location.replace(url.href);
  location.reload();
}

function read(): string | null {
  try {
    return localStorage.getItem(kept);
  } catch {
    return null;
  }
}
