import { expect, test, type Page } from '@playwright/test';
import { accessible, signIn, watch } from './checks';
import { report, Staff } from './staff';

async function settle(page: Page, words: string): Promise<void> {
  await page.goto('/m/#/spot');
  await page.locator('.spot').getByText('小纠纷', { exact: true }).click();
  await page.getByLabel('一方姓名', { exact: true }).fill('吴长顺');
  await page.getByLabel('另一方姓名').fill('李春梅');
  await page.getByLabel('怎么回事，怎么办的').fill(words);
  await page.getByText('现场和解', { exact: true }).click();
  await page.getByRole('button', { name: '办好了，交上去' }).click();
}

// rows: D3
test('D3: settled on the spot with two names, a line and how it ended', async ({ page }) => {
  const wrong = watch(page);
  await signIn(page, 'm', 'steward2');
  await expect(page.getByText('记一件')).toBeVisible();
  await accessible(page);
  await settle(page, '滴水檐滴到后窗，当场装了接水槽。');
  await expect(page.getByText(/交上去了：/)).toBeVisible();
  const line = await page.locator('.line').textContent();
  expect(line).toMatch(/小纠纷 1 件，现场和解（.+）/);
  expect(line).not.toMatch(/吴长顺|李春梅/);
  await accessible(page);
  expect(wrong).toEqual([]);
});

// rows: D3
test('D3 F8: it opens, fills and queues without a network, after a restart too, and nothing is lost', async ({ page, context }) => {
  await signIn(page, 'm', 'steward2');
  await expect(page.getByText('记一件')).toBeVisible();
  await page.goto('/m/#/spot');
  await page.locator('.spot').waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  await page.reload();
  await settle(page, '没网时劝和的。');
  await expect(page.getByText('存在手机上了，有网就交。')).toBeVisible();
  await expect(page.getByText('还有 1 条没交')).toBeVisible();
  await page.close();

  const again = await context.newPage();
  await again.goto('/m/#/queue');
  await expect(again.getByText('没网时劝和的。')).toBeVisible();
  await accessible(again);
  await context.setOffline(false);
  await expect(again.getByText('都交上去了。')).toBeVisible({ timeout: 40_000 });
});

// rows: G18
test('G18: words being typed survive a closed page', async ({ page, context }) => {
  await signIn(page, 'm', 'steward2');
  await expect(page.getByText('记一件')).toBeVisible();
  await page.goto('/m/#/spot');
  await page.locator('.spot').getByText('小诉求', { exact: true }).click();
  await page.getByLabel('怎么回事，怎么办的').fill('写到一半');
  await page.waitForTimeout(300);
  await page.close();
  const again = await context.newPage();
  await again.goto('/m/#/spot');
  await expect(again.getByLabel('怎么回事，怎么办的')).toHaveValue('写到一半');
});

test('a case: promises, masked people, verbs that the server opens', async ({ page }) => {
  await signIn(page, 'm', 'steward2');
  const card = page.locator('.case-card').first();
  await card.click();
  await expect(page.locator('.promise')).toBeVisible();
  await expect(page.locator('.timeline li').first()).toBeVisible();
  for (const name of await page.locator('.people li > span').allTextContents()) expect(name).toContain('*');
  await accessible(page);
});

test('F8: what the server refuses stays, with the reason, to be changed or dropped', async ({ page, context, playwright, baseURL }) => {
  const resident = await (await context.browser()?.newContext({ baseURL: baseURL ?? '' }))?.newPage();
  if (!resident) throw new Error('no browser');
  const { number } = await report(resident, '后院下水不通。', '341203105006002');
  await signIn(page, 'm', 'steward2');
  await page.getByText(number).click();
  await expect(page.getByRole('button', { name: '我来办' })).toBeVisible();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  await page.getByRole('button', { name: '我来办' }).click();
  await page.locator('.verb-form .main').click();
  await expect(page.getByText('还有 1 条没交')).toBeVisible();

  const staff = new Staff(await playwright.request.newContext({ baseURL: baseURL ?? '' }));
  await staff.signIn('officer1');
  await staff.act(await staff.find(number), 'decline', { reason: '自家院内的下水', guidance: '可以找村里的水电工。' });
  await context.setOffline(false);
  await expect(page.getByText('1 条没收下')).toBeVisible({ timeout: 40_000 });
  await page.goto('/m/#/queue');
  await expect(page.locator('.block.refused .error')).toContainText('没收下：');
  await expect(page.getByRole('link', { name: '改一改再交' })).toBeVisible();
  await accessible(page);
  await page.getByRole('button', { name: '不要了' }).click();
  await page.locator('.adm-dialog').getByText('不要了').click();
  await expect(page.getByText('都交上去了。')).toBeVisible();
});

// rows: R2
test('R2: who is asked something answers it on the phone', async ({ page, playwright, baseURL }) => {
  const asker = await playwright.request.newContext({ baseURL: baseURL ?? '' });
  const staff = new Staff(asker);
  await staff.signIn('officer1');
  await signIn(page, 'm', 'steward2');
  await expect(page.getByText('记一件')).toBeVisible();
  const { account } = (await (await page.request.get('/api/v1/session')).json()) as { account: { id: string } };
  const card = await staff.report({ kind: 'request', category: 'R0601', text: '后沟那盏灯归谁管', unit: '341203105006002' });
  await staff.act(card, 'accept', {});
  await staff.act(card, 'consult', { account: account.id, question: '后沟的灯是哪年装的？' });
  await page.reload();
  await page.getByRole('link', { name: /后沟的灯是哪年装的/ }).click();
  await page.getByRole('button', { name: '记下答复' }).first().click();
  await page.locator('.verb-form textarea').first().fill('二〇二二年装的，供电所管');
  await page.locator('.verb-form .main').click();
  await expect(page.getByRole('link', { name: /后沟的灯是哪年装的/ })).toHaveCount(0, { timeout: 20_000 });
  const seen = await (await asker.get(`/api/v1/cases/${card.id}/timeline`)).text();
  expect(seen).toContain('供电所管');
});
