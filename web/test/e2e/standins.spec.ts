import { expect, test, type Page } from '@playwright/test';
import { accessible, noSideways, signIn, watch } from './checks';

const day = (n: number) => new Date(Date.now() + 8 * 3600e3 + n * 86400e3).toISOString().slice(0, 10);

/** Whatever an earlier run left behind is over. */
async function nobodyAway(page: Page): Promise<void> {
  const { items } = (await (await page.request.get('/api/v1/stand-ins')).json()) as { items: { absent: { id: string } }[] };
  for (const { absent } of items) await page.request.post(`/api/v1/accounts/${absent.id}/back`, { data: {} });
}

// rows: G1 G17 G19
test('G1 G17 G19: who goes on leave names a stand-in, both see it, and it is ended early; on the phone too, with the relatives whom one keeps out for', async ({
  page,
  browser,
}) => {
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await expect(page.locator('.inbox')).toBeVisible();
  await nobodyAway(page);
  await page.locator('.topbar .who a').click();
  const panel = page.getByRole('region', { name: '请假与代班' });
  const with_ = panel.getByLabel('由谁代');
  await expect(with_.locator('option').nth(1)).toBeAttached();
  const [, first = ''] = await with_.locator('option').allTextContents();
  const name = first.split(' · ')[0] ?? '';
  await with_.selectOption({ label: first });
  await panel.getByLabel('到（含这一天）').fill(day(80));
  await panel.getByRole('button', { name: '登记代班' }).click();
  await expect(panel.getByRole('alert')).toBeVisible(); // too long: said at the field
  await panel.getByLabel('到（含这一天）').fill(day(5));
  await panel.getByRole('button', { name: '登记代班' }).click();
  await expect(panel.locator('li')).toContainText(`由 ${name} 代`);
  await expect(page.locator('.topbar .cover')).toContainText(`由 ${name} 代`);
  await accessible(page);
  await page.screenshot({ path: 'test-results/standins-desk.png' });

  // The steward, on the phone.
  const phone = await (await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'zh-CN' })).newPage();
  await signIn(phone, 'm', 'steward1');
  await expect(phone.locator('.cards').first()).toBeVisible();
  await nobodyAway(phone);
  await phone.getByRole('link', { name: '请假' }).click();
  const small = phone.getByRole('region', { name: '请假与代班' });
  await small.getByLabel('由谁代').selectOption({ index: 1 });
  await small.getByLabel('到（含这一天）').fill(day(2));
  await small.getByRole('button', { name: '登记代班' }).click();
  await expect(small.locator('li')).toHaveCount(1);
  await noSideways(phone);
  await accessible(phone);
  await phone.screenshot({ path: 'test-results/standins-phone.png' });
  const kin = phone.getByRole('region', { name: '我的亲属（回避用）' });
  await kin.getByLabel('亲属姓名').fill('吴小满');
  await kin.getByLabel('关系').selectOption({ label: '子女' });
  await kin.getByLabel('电话（可不填）').fill('12x');
  await kin.getByRole('button', { name: '申报' }).click();
  await expect(kin.getByRole('alert')).toContainText('亲属电话');
  await kin.getByLabel('电话（可不填）').fill('139 5555 0301');
  await kin.getByRole('button', { name: '申报' }).click();
  const declared = kin.locator('li', { hasText: '吴小满' }).first();
  await expect(declared).toContainText('子女');
  await accessible(phone);
  await phone.screenshot({ path: 'test-results/kin-phone.png', fullPage: true });
  await declared.getByRole('button', { name: /撤下/ }).click();
  await expect(kin.locator('li', { hasText: '吴小满' })).toHaveCount(0);
  await small.getByRole('button', { name: /提前结束/ }).click();
  await expect(small.locator('li')).toHaveCount(0);

  await panel.getByRole('button', { name: /提前结束/ }).click();
  await expect(panel.locator('li')).toHaveCount(0);
  await expect(page.locator('.topbar .cover')).toHaveCount(0);
  expect(wrong).toEqual([]);
});
