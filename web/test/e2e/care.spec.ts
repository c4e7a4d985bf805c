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
