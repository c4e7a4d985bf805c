import { expect, test } from '@playwright/test';
import { accessible, noSideways, signIn, watch } from './checks';
import { Staff } from './staff';

const HOST = '341203105006';

// rows: R2
test('R2: a question is answered as it is typed, and what has no answer goes on to a report', async ({ page }) => {
  const wrong = watch(page);
  await page.goto(`/?u=${HOST}#/ask`);
  await page.getByLabel('想问什么？').fill('想问问老年证怎么办');
  await page.locator('.answers summary', { hasText: '老年证怎么办' }).click();
  await expect(page.locator('.answers')).toContainText('七天拿证');
  await accessible(page);
  await page.getByRole('button', { name: '没答上，我要说' }).click();
  await expect(page.getByLabel('什么事？')).toHaveValue('想问问老年证怎么办');
  expect(wrong).toEqual([]);
});

// rows: R6
test('R6: a villager answers a round without an account', async ({ page }) => {
  await page.goto(`/?u=${HOST}#/rounds`);
  await page.getByRole('button', { name: '我也报' }).first().click();
  await page.getByLabel('姓名').fill(`王${Date.now() % 1000}`);
  await page.getByLabel('电话').fill(`139${String(Date.now()).slice(-8)}`);
  await page.getByLabel('多少亩').fill('5');
  await accessible(page);
  await page.getByRole('button', { name: '报名' }).click();
  await expect(page.getByText('报上了')).toBeVisible();
});

// rows: R8
test('R8: which proof, who issues it, and a slip', async ({ page }) => {
  await page.goto(`/?u=${HOST}#/proof`);
  await page.getByLabel('要开什么证明？').fill('单身证明');
  await page.locator('.answers summary', { hasText: '婚姻状况证明' }).click();
  await expect(page.locator('.answers')).toContainText('民政局');
  await accessible(page);
});

// rows: R3 R4
test('R3 R4: the desk tries the routing rules, and a colleague judges by telephone in three taps', async ({ page }) => {
  const wrong = watch(page);
  await signIn(page, 'desk', 'chair1');
  await page.getByRole('link', { name: '诉求办理' }).click();
  await expect(page.getByText('由不是经办人的同事')).toBeVisible();
  await accessible(page);
  const first = page.locator('.call').first();
  if (await first.isVisible()) {
    const number = await first.locator('a').textContent();
    await first.getByRole('group', { name: '解决了吗' }).getByRole('button').first().click();
    await first.getByRole('group', { name: '满意吗' }).getByRole('button').first().click();
    await first.getByRole('button', { name: '记下评价' }).click();
    await expect(page.locator('.call a', { hasText: number ?? '—' })).toHaveCount(0);
  }
  await page.getByRole('link', { name: '该转给谁' }).click();
  await page.locator('.requests .ant-select').first().click();
  await page.keyboard.type('停电');
  await page.locator('.ant-cascader-menu-item', { hasText: '停电' }).first().click();
  await expect(page.locator('.offices')).toContainText('供电所');
  expect(wrong).toEqual([]);
});

// rows: R6 G11
test('R6: “me too” in two taps, with a code of its own, at 360 px', async ({ page, playwright, baseURL }) => {
  const wrong = watch(page);
  const staff = new Staff(await playwright.request.newContext({ baseURL: baseURL ?? '' }));
  await staff.signIn('officer1');
  const { number } = await staff.report({ kind: 'request', category: 'R0102', text: '东湖三十亩豆子找旋耕机，单家叫不来', unit: HOST });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`/?u=${HOST}#/report`);
  await page.getByLabel('什么事？').fill('俺家也想找人旋耕');
  const one = page.locator('.metoo li', { has: page.locator(`a[href$="${encodeURIComponent(number)}"], a[href$="${number}"]`) });
  await expect(one).toContainText('已有 1 户');
  await accessible(page);
  await noSideways(page);
  await one.getByRole('link', { name: '我也有' }).click();
  await expect(page.getByText('俺家也想找人旋耕')).toBeVisible();
  await accessible(page);
  await noSideways(page);
  await page.getByRole('button', { name: '我也有' }).click();
  const code = (await page.locator('.receipt .code').textContent()) ?? '';
  expect(code).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);

  const card = await staff.find(number);
  await staff.act(card, 'accept', {});
  await staff.act(card, 'settle', { outcome: 'DONE', result: '合作社的旋耕机明早六点到东湖', told_how: '电话' });
  await page.goto(`/?u=${HOST}#/follow/${code}`);
  await page.reload();
  await expect(page.getByText('旋耕机明早六点到东湖').first()).toBeVisible();
  await expect(page.locator('.act.judge')).toBeVisible();
  await page.goto(`/?u=${HOST}#/metoo`);
  await expect(page.locator('.metoo li').filter({ hasText: number })).toHaveCount(0);
  expect(wrong).toEqual([]);
});

// rows: R6
test('R6: the list of a round is printed and taken as a workbook for whoever does the work', async ({ page }) => {
  await signIn(page, 'desk', 'officer1');
  await page.goto('/desk/#/registers/rounds');
  await page.locator('.rows a', { hasText: '小麦统一打药' }).first().click();
  await expect(page.locator('.row-page')).toContainText('已报（户）');
  await page.getByRole('button', { name: '接龙登记表' }).click();
  await accessible(page);
  const [book] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Excel 表，带姓名电话，交承办方' }).click(),
  ]);
  expect(book.suggestedFilename()).toMatch(/^liuxiao-list-.*\.xlsx$/);
  const href = await page.getByRole('link', { name: '交承办方（飞防、保险等）', includeHidden: true }).getAttribute('href');
  const paper = await page.request.get(href ?? '');
  expect(paper.headers()['content-type']).toBe('application/pdf');
});
