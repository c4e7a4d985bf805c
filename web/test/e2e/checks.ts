import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export const password = process.env.LIUXIAO_PASSWORD ?? 'liuxiao-demo';

/** What a page must not do: break a rule of the CSP, throw, or keep anyone out. Call it before going to the page. */
export function watch(page: Page): string[] {
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) wrong.push(message.text());
  });
  return wrong;
}

/** WCAG 2.1 A and AA, as far as a program can tell. */
export async function accessible(page: Page, ...leaveOut: string[]): Promise<void> {
  // A message that is fading in or out has no contrast to measure: it goes by itself.
  await expect(page.locator('.adm-toast-main')).toHaveCount(0, { timeout: 10_000 });
  let builder = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']);
  for (const selector of leaveOut) builder = builder.exclude(selector);
  const { violations } = await builder.analyze();
  const told = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map(({ html }) => html.slice(0, 160))
        .join(' | ')}`,
  );
  expect(told).toEqual([]);
}

export async function noSideways(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

export async function signIn(page: Page, app: 'm' | 'desk', login: string): Promise<void> {
  await page.goto(`/${app}/`);
  await page.getByLabel('账号').fill(login);
  await page.getByLabel('密码').fill(password);
  await page.getByRole('button', { name: '登录' }).click();
}
