import { expect, test } from '@playwright/test';
import { newId } from '../../api/id';
import { accessible, signIn, watch } from './checks';
import { Staff } from './staff';

// rows: G17
test('G17: several cases with one form; what is refused is said by itself, the others are done', async ({ page, playwright, baseURL }) => {
  const wrong = watch(page);
  const other = await playwright.request.newContext({ baseURL: baseURL ?? '' });
  const staff = new Staff(other);
  await staff.signIn('chair1');
  const numbers: string[] = [];
  for (const text of ['一起办的第一件', '一起办的第二件', '一起办的第三件']) {
    const data = { kind: 'request', category: 'R0601', unit: '341203105006002', text: `${text} ${Date.now()}`, title: text };
    const made = await other.post('/api/v1/cases', { data, headers: { 'Idempotency-Key': newId() } });
    numbers.push(((await made.json()) as { number: string }).number);
  }
  await signIn(page, 'desk', 'officer1');
  await expect(page.locator('.inbox')).toBeVisible();
  await page.goto('/desk/#/?view=new&unit=341203105006002&kind=request');
  for (const number of numbers) await page.locator('.ant-table-row').filter({ hasText: number }).locator('.ant-checkbox').click();
  const bulk = page.locator('.bulk');
  await expect(bulk).toContainText('选了 3 件');
  await accessible(page);
  await bulk.getByRole('combobox', { name: '办什么' }).click();
  await page.locator('.ant-select-item-option').getByText('受理', { exact: true }).click();
  // Somebody is faster with one of them.
  await staff.act(await staff.find(numbers[1] ?? ''), 'accept', {});
  await bulk.locator('.verb-form .main').click();
  await expect(bulk.getByRole('alert')).toContainText('1 件没办成');
  await expect(bulk.getByRole('alert')).toContainText(numbers[1] ?? '—');
  for (const number of [numbers[0] ?? '', numbers[2] ?? '']) {
    const { items } = (await (await page.request.get(`/api/v1/cases?q=${encodeURIComponent(number)}`)).json()) as {
      items: { state: string }[];
    };
    expect(items[0]?.state).toBe('accepted');
  }
  expect(wrong).toEqual([]);
});
