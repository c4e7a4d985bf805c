import { expect, test, type Page } from '@playwright/test';
import { accessible, signIn, watch } from './checks';
import { report, Staff } from './staff';

test.describe.configure({ mode: 'serial' });

const village = '341203105006001';
let number = '';

async function speak(page: Page): Promise<void> {
  await page.getByRole('button', { name: '说一段' }).first().click();
  await page.waitForTimeout(1200);
  await page.getByRole('button', { name: /说完了/ }).click();
  await expect(page.locator('.speak audio')).toBeVisible();
}

// rows: G20
test('G20: what happened is spoken on the phone, without a network too, and goes when it returns', async ({ page, context, request }) => {
  const wrong = watch(page);
  await context.grantPermissions(['microphone']);
  number = (await report(page, '村东头的排水沟堵了，雨水流到院里', village)).number;
  const staff = new Staff(request);
  await staff.signIn('officer1');
  const card = await staff.find(number);
  await staff.act(card, 'accept', {});
  await signIn(page, 'm', 'officer1');
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.goto(`/m/#/case/${card.id}`);
  await expect(page.getByText('村东头的排水沟堵了').first()).toBeVisible();
  await context.setOffline(true);
  await page
    .getByRole('button', { name: '还能做' })
    .or(page.getByRole('button', { name: '更多' }))
    .click();
  await page.getByRole('button', { name: '记进展' }).click();
  await speak(page);
  await expect(page.locator('.verb-form textarea').first()).toHaveValue('〔语音1〕');
  await accessible(page);
  await page.locator('.verb-form .send').getByRole('button').last().click();
  await expect(page.getByText(/还没交|等着交/).first()).toBeVisible();
  await context.setOffline(false);
  await expect(page.locator('.timeline audio')).toBeVisible({ timeout: 40_000 });
  expect(wrong.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
});

// rows: G20
test('G20: whoever has time writes it down at the desk, and the words stand in its place', async ({ page }) => {
  const wrong = watch(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await signIn(page, 'desk', 'officer1');
  await page.goto('/desk/#/registers/spoken');
  await page.locator('.rows a', { hasText: number }).click();
  await expect(page.locator('.row-page .files audio')).toBeVisible();
  await accessible(page);
  await page.getByRole('button', { name: '写成文字' }).click();
  await page.locator('.verb-form textarea').fill('沟里塞的是秸秆，明天叫人来清');
  await page.locator('.verb-form .send').getByRole('button').last().click();
  await expect(page.locator('.rows a', { hasText: number })).toHaveCount(0);
  await page.locator('.row-page').getByRole('link', { name: number }).click();
  await expect(page.locator('.timeline')).toContainText('沟里塞的是秸秆，明天叫人来清');
  await expect(page.locator('.timeline')).toContainText('整理人');
  expect(wrong).toEqual([]);
});
