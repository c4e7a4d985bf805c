const kept = 'liuxiao.large';

export function isLarge(): boolean {
  try {
    return localStorage.getItem(kept) === '1';
  } catch {
    return false;
  }
}

/** 大字: asked once, kept in this browser. */
export function setLarge(large: boolean): void {
  document.documentElement.classList.toggle('large', large);
  try {
    localStorage.setItem(kept, large ? '1' : '0');
  } catch {
    // this page only
  }
}
