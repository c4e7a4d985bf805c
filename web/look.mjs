import { chromium } from '@playwright/test';
const base = process.argv[2], login = process.argv[3], word = process.argv[4];
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const p = await b.newPage({ viewport: { width: 1440, height: 900 } });
const t = async (name, f) => { const s = Date.now(); await f(); console.log(name, Date.now() - s, 'ms'); };
await p.goto(base + '/desk/');
await p.getByLabel(/账号|用户|登录名/).first().fill(login);
await p.getByLabel(/密码/).first().fill('liuxiao-look-1');
await t('sign in to list', async () => { await p.getByRole('button', { name: /登\s*录/ }).click(); await p.locator('tbody tr').nth(5).waitFor(); });
await p.screenshot({ path: '/work/tmp/look-inbox.png' });
for (const v of ['逾期', '超期', '已归档', '已办结', '办结']) {
  const tab = p.getByRole('tab', { name: v }).first();
  if (await tab.count()) await t('view ' + v, async () => { await tab.click(); await p.waitForLoadState('networkidle'); });
}
await p.screenshot({ path: '/work/tmp/look-closed.png' });
await t('figures', async () => { await p.goto(base + '/desk/#/figures'); await p.waitForLoadState('networkidle'); });
await p.screenshot({ path: '/work/tmp/look-figures.png' });
await p.keyboard.press('/');
await t('search', async () => { await p.keyboard.type(word); await p.keyboard.press('Enter'); await p.waitForTimeout(50); await p.waitForLoadState('networkidle'); });
await p.screenshot({ path: '/work/tmp/look-search.png' });
await p.goto(base + '/desk/#/'); await p.locator('tbody tr').nth(3).waitFor();
await t('open a case', async () => { await p.locator('tbody tr').nth(3).click(); await p.waitForLoadState('networkidle'); });
await p.screenshot({ path: '/work/tmp/look-case.png' });
await b.close();
