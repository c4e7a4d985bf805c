import { expect, test } from '@playwright/test';
import { accessible, signIn } from './checks';

// rows: L2
test('L2: the desk sees each group with what is due and missed, and asks for an extra visit of all by one button', async ({ page }) => {
  await signIn(page, 'desk', 'officer1');
  await page.goto('/desk/#/registers/care');
  await expect(page.locator('.classes')).toContainText('空巢老年人');
  await page.locator('.classes button', { hasText: '低保特困家庭' }).click();
  await expect(page.locator('.rows li')).toHaveCount(1);
  await page.locator('.rows a').click();
  await page.getByRole('button', { name: '确认', exact: true }).first().click();
  await page.locator('.verb-form').getByRole('button', { name: '确认' }).click();
  await expect(page.locator('.row-page h2')).toContainText('少打扰');
  await page.getByRole('button', { name: '一键加访' }).click();
  await accessible(page);
  await page.getByLabel('哪天前访完').fill('2026-12-01');
  await page.keyboard.press('Enter');
  await page.getByLabel('为什么加访').fill('寒潮');
  await page.locator('.ant-modal').getByRole('button', { name: '一键加访' }).click();
  await expect(page.getByText('已给 1 人加访')).toBeVisible();
});

// rows: L1 L6
test('L1 L6: the service desk: needs whoever brought them, unowned first, beside who can help', async ({ page }) => {
  await signIn(page, 'desk', 'officer1');
  await page.goto('/desk/#/help');
  await expect(page.locator('.help .rows').first().locator('li').first()).toContainText('还没人接');
  await expect(page.locator('.help')).toContainText('开车接送看病');
  await accessible(page);
  await page.locator('.offer', { hasText: '开车接送看病' }).getByRole('button', { name: '打电话' }).click();
  await expect(page.getByRole('link', { name: /13805589553/ })).toBeVisible();
});

// rows: L4
test('L4: what a programme asks is shown before, its questions are the form', async ({ page }) => {
  await signIn(page, 'desk', 'officer2');
  await page.goto('/desk/#/registers/applications');
  await page.locator('.rows a', { hasText: '危房改造' }).click();
  await expect(page.locator('.programme')).toContainText('唯一住房声明');
  await page.getByRole('button', { name: '记材料' }).click();
  await page.getByText('唯一住房声明', { exact: true }).first().click();
  await page.locator('.verb-form').getByRole('button', { name: '记材料' }).click();
  await accessible(page);
  await page.getByRole('button', { name: '提交', exact: true }).click();
  await expect(page.getByLabel('交到哪里')).toBeVisible();
});
