import { expect, test } from '@playwright/test';
import { accessible, signIn, watch } from './checks';
import { report, Staff } from './staff';

// rows: G13
test('G13: the portal says whom to call first, and the report can be sent all the same', async ({ page }) => {
  const wrong = watch(page);
  await page.goto('/#/report');
  await page.getByLabel('什么事？').fill('邻居天天家暴，孩子在哭');
  await expect(page.locator('.first-do')).toContainText('家庭暴力：先做这个');
  await expect(page.getByRole('link', { name: '打 110' }).first()).toHaveAttribute('href', 'tel:110');
  await accessible(page);
  await page.getByRole('button', { name: '下一步' }).click();
  await expect(page.locator('.first-do')).toBeVisible();
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page.locator('.receipt .code')).toBeVisible();
  expect(wrong).toEqual([]);
});

// rows: G13 G14
test('G13: what must be reported first stands on the case till it is written down', async ({ page }) => {
  const wrong = watch(page);
  const { number } = await report(page, '老人说不想活了');
  await signIn(page, 'desk', 'officer1');
  await expect(page.locator('.inbox')).toBeVisible();
  const staff = new Staff(page.request);
  const card = await staff.find(number);
  await page.goto(`/desk/#/case/${card.id}`);
  await expect(page.locator('.duties')).toContainText('文字里像有：生命危险或轻生');
  await page.locator('.verbs').getByRole('button', { name: '必须先报告的事' }).click();
  await page.locator('.verb-form').getByRole('combobox').click();
  await page.locator('.ant-select-item-option').getByText('生命危险或轻生').click();
  await expect(page.locator('.verb-form .power')).toContainText('依据：');
  await page.locator('.verb-form .main').click();
  await expect(page.locator('.duties .first-do')).toContainText('打120/110');
  await accessible(page);
  await page.locator('.verbs').getByRole('button', { name: '已报警（报告）' }).click();
  await page.locator('.verb-form').getByText('急救（120）').click();
  await page.locator('.verb-form').getByLabel('谁接的').fill('120 调度 03');
  await page.locator('.verb-form .main').click();
  await expect(page.locator('.duties')).toContainText('已报告：急救（120）');
  await page.locator('.verbs').getByRole('button', { name: '答复', exact: true }).click();
  await page.locator('.verb-form textarea').first().fill('现责令他们限期整改');
  await expect(page.locator('.better')).toContainText('建议在　　前整改');
  expect(wrong).toEqual([]);
});
