import { expect, test } from '@playwright/test';
import { accessible, signIn, watch } from './checks';
import { newId } from '../../api/id';

const host = '341203105006';

// rows: G15 G2 G21 G18
test('G15 G2 G21 G18: what keeps coming back becomes a root problem; gaps, season and rules stand beside it', async ({ page }) => {
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await expect(page.locator('.inbox')).toBeVisible();
  const make = async (text: string) => {
    const data = { kind: 'environment', category: 'E0202', unit: `${host}001`, text, lat: 32.91, lon: 115.81 };
    expect((await page.request.post('/api/v1/cases', { data, headers: { 'Idempotency-Key': newId() } })).ok()).toBe(true);
  };
  for (const text of ['垃圾堆第一次', '垃圾堆第二次', '垃圾堆第三次']) await make(text);
  await page.getByRole('link', { name: '主动治理' }).click();
  const root = page.locator('.roots .root').filter({ hasText: '相距50米内' }).first();
  await expect(root.locator('.case-card')).not.toHaveCount(0);
  await accessible(page);
  await root.getByLabel('根子在哪里').fill('没有垃圾桶，离清运点太远');
  await root.getByRole('button', { name: '立为根子问题' }).click();
  await expect(page.locator('.roots .root').filter({ hasText: '相距50米内' })).toHaveCount(0);

  await expect(page.locator('.coverage')).toContainText('近90天没有走访的村组');
  await expect(page.locator('.burden')).toContainText('不强制打卡签到');
  const item = page.locator('.plainlist li').first();
  await item.getByRole('button').click();
  await expect(item).toHaveClass('done');
  await expect(page.getByRole('link', { name: '投诉建议' })).toHaveAttribute('href', '/#/report?about=complaint');
  expect(wrong).toEqual([]);
});
