import { expect, test } from '@playwright/test';
import { accessible, signIn, watch } from './checks';

// rows: L2
test('L2: visits due stand first; one page at the door books the next and opens a case, without a network too', async ({
  page,
  context,
}) => {
  const wrong = watch(page);
  await signIn(page, 'm', 'steward2');
  const due = page.locator('.visits li', { hasText: '失能老年人' });
  await expect(due).toContainText('该访');
  await accessible(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await due.getByRole('link').click();
  await expect(page.getByText('上午别去，要睡觉')).toBeVisible();
  await context.setOffline(true);
  await page.reload();
  await page.getByText('见到本人', { exact: true }).click();
  await page.getByRole('button', { name: '访完了，交上去' }).click();
  await expect(page.getByRole('alert')).toHaveText('请写一句情况怎样');
  await page.getByLabel('情况怎样').fill('能坐起来了，自己端碗。');
  await page.getByRole('button', { name: /记一件事/ }).click();
  await page.getByLabel('什么事，写一句').fill('护理垫不够用，想问残疾人护理补贴。');
  await accessible(page);
  await page.getByRole('button', { name: '访完了，交上去' }).click();
  await expect(due.getByText('有没交的')).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('护理垫不够用').first()).toBeVisible({ timeout: 40_000 });
  await expect(due).toHaveCount(0);
  expect(wrong.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
});

// rows: L3
test('L3: an errand on the phone: what was handed over, two present where money is, given back', async ({ page }) => {
  await signIn(page, 'm', 'steward1');
  await page.locator('.visits a', { hasText: '代取老花镜' }).click();
  await page.getByRole('button', { name: '交接物品' }).click();
  await page.getByLabel('交出的证件、材料').fill('取镜单');
  await page.getByLabel('交出的现金（元）').fill('50');
  await page.locator('.verb-form').getByRole('button', { name: '交接物品' }).click();
  await expect(page.getByText('还有必填的内容没填')).toBeVisible();
});

// rows: L8
test('L8: the notice hangs on the portal, and anybody may object', async ({ page }) => {
  await page.goto('/');
  await page.getByText(/正在公示/).click();
  await expect(page.getByText('最低生活保障公示')).toBeVisible();
  await accessible(page);
  await page.getByRole('button', { name: '我有异议' }).click();
  await page.getByRole('button', { name: '交上去' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('哪里不对').fill('人口数不对');
  await page.getByRole('button', { name: '交上去' }).click();
  await expect(page.getByText('收到了，居委会会复核。')).toBeVisible();
});
