import { expect, test } from '@playwright/test';
import { noSideways, signIn } from './checks';

// rows: G11
test('G11: the portal fits 320 pixels in large type', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: '大字' }).click();
  await noSideways(page);
  await page.goto('/#/report');
  await page.getByLabel('什么事？').fill('井盖没了。');
  await noSideways(page);
  await page.getByRole('button', { name: '下一步' }).click();
  await noSideways(page);
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page.locator('.receipt')).toBeVisible();
  await noSideways(page);
  await page.getByRole('link', { name: '看进度' }).click();
  await expect(page.locator('.timeline')).toBeVisible();
  await noSideways(page);
});

// rows: G11
test('G11: the phone page too', async ({ page }) => {
  await signIn(page, 'm', 'steward2');
  await page.getByRole('button', { name: '大字' }).click();
  await noSideways(page);
  await page.goto('/m/#/spot');
  await page.locator('.spot').getByText('小纠纷', { exact: true }).click();
  await noSideways(page);
});
