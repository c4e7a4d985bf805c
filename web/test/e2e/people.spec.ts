import { expect, test } from '@playwright/test';
import { accessible, signIn, watch } from './checks';

// rows: G16
test('G16: somebody who is there already is seen before a second entry is made; two entries become one and two again', async ({ page }) => {
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await expect(page.locator('.inbox')).toBeVisible();
  const phone = `139${String(Date.now()).slice(-8)}`;
  const enter = async (name: string, number: string) => {
    await page.goto('/desk/#/');
    await page.goto('/desk/#/person/new');
    await page.getByLabel('姓名').fill(name);
    await page.getByLabel('电话').fill(number);
  };
  await enter('上官一人', phone);
  await page.getByRole('button', { name: '登记', exact: true }).click();
  await expect(page.locator('.person .title')).toContainText(phone.slice(-4));
  const first = page.url();

  await enter('上官一仁', phone);
  await expect(page.locator('.there')).toContainText('电话相同');
  await accessible(page);
  await page.getByRole('button', { name: '不是同一个人，继续登记' }).click();
  await expect(page.locator('.person .title')).toContainText(phone.slice(-4));
  expect(page.url()).not.toBe(first);

  await page.getByRole('button', { name: '把这份并入这一位' }).click();
  await expect(page.getByText('这份登记已并入')).toBeVisible();
  await accessible(page);
  await page.locator('.notice a').click();
  await expect(page.locator('.person')).toContainText('并进来的登记');
  await page.getByRole('button', { name: '拆开' }).click();
  await expect(page.locator('.person')).toContainText('可能是同一个人');

  await page.getByRole('button', { name: '登记去世' }).click();
  await page.locator('.verb-form input').first().fill('2026-05-04');
  await page.keyboard.press('Enter'); // takes the day, and sends the form that has nothing else to ask
  await expect(page.locator('.person .title')).toContainText('2026-05-04 去世');
  expect(wrong).toEqual([]);
});
