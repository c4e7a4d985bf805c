import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { accessible, signIn, watch } from './checks';

/** A link that gives a file: what it begins with, and its name. */
async function download(page: Page, name: string | RegExp): Promise<{ head: string; name: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name, exact: true }).click()]);
  return {
    head: readFileSync(await file.path())
      .subarray(0, 5)
      .toString('latin1'),
    name: file.suggestedFilename(),
  };
}

/** A link that opens a PDF: fetched as the browser would, because headless Chromium shows none. */
async function pdf(page: Page, href: string | null): Promise<string> {
  const reply = await page.request.get(href ?? '');
  expect(reply.headers()['content-type']).toBe('application/pdf');
  return (await reply.body()).subarray(0, 5).toString('latin1');
}

// rows: G12
test('G12: the list as it is filtered leaves as a workbook and as csv', async ({ page }) => {
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await page.getByRole('tab', { name: '已归档' }).click();
  await expect(page.locator('.ant-table-row').first()).toBeVisible();
  await expect(page.getByRole('link', { name: '导出表格' })).toHaveAttribute('href', /cases\/export\?format=xlsx&view=closed/);
  const book = await download(page, '导出表格');
  expect(book.head.slice(0, 2)).toBe('PK');
  expect(book.name).toMatch(/^liuxiao-cases-\d{4}-\d\d-\d\d\.xlsx$/);
  const csv = await download(page, '导出 CSV');
  expect(csv.head.slice(0, 3)).toBe('\xef\xbb\xbf');
  await accessible(page);
  expect(wrong).toEqual([]);
});

// rows: G5
test('G5: the tables of the figures leave as a workbook', async ({ page }) => {
  await signIn(page, 'desk', 'leader1');
  await page.getByRole('link', { name: '统计' }).click();
  await expect(page.locator('.counts li').first()).toBeVisible();
  expect((await download(page, '导出表格')).head.slice(0, 2)).toBe('PK');
});

// rows: R4
test('R4: a case is printed, masked or for a purpose', async ({ page }) => {
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await page.goto('/desk/#/?view=closed&kind=dispute');
  await page.locator('.ant-table-row a').first().click();
  await page.getByRole('button', { name: '打印' }).click();
  const masked = page.getByRole('link', { name: '姓名电话遮盖' });
  await expect(masked).toBeVisible();
  await accessible(page);
  expect(await pdf(page, await masked.getAttribute('href'))).toBe('%PDF-');
  const plain = page.getByRole('link', { name: '制作文书' });
  await expect(plain).toHaveAttribute('href', /\/paper\?purpose=/);
  expect(await pdf(page, await plain.getAttribute('href'))).toBe('%PDF-');
  expect(wrong).toEqual([]);
});

// rows: R1
test('R1: posters for a village and a place; the code of the place leads to a report about it', async ({ page, browser }) => {
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await expect(page.getByRole('link', { name: '二维码海报' })).toBeVisible();
  const made = await page.request.post('/api/v1/places', {
    data: { unit: '341203105006002', kind: 'shop', name: '王家超市', address: '后吴寨路口' },
  });
  expect(made.ok(), await made.text()).toBe(true);
  const { id } = (await made.json()) as { id: string };
  await page.getByRole('link', { name: '二维码海报' }).click();
  await expect(page.locator('.places')).toContainText('王家超市');
  await page.getByLabel('办公电话（印在海报上）').fill('0558-2612345');
  const all = page.getByRole('link', { name: '生成 PDF' });
  await expect(all).toHaveAttribute('href', /units\/341203105006\/poster\?size=a4&phone=0558-2612345&groups=1/);
  await accessible(page);
  expect(await pdf(page, await all.getAttribute('href'))).toBe('%PDF-');
  expect(await pdf(page, `/api/v1/places/${id}/poster?size=a4`)).toBe('%PDF-');
  expect(wrong).toEqual([]);

  // The telephone that scans it, where an earlier report was about another village.
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' });
  const resident = await phone.newPage();
  const unhappy = watch(resident);
  await resident.goto('/?u=341203105006001#/report');
  await resident.evaluate(() => localStorage.setItem('liuxiao.draft', JSON.stringify({ unit: '341203105006001' })));
  await resident.goto(`/?u=341203105006002&p=${id}#/report`);
  await expect(resident.getByText('这里是 王家超市 后吴寨')).toBeVisible();
  await resident.getByLabel('什么事？').fill('超市门口的消防栓漏水。');
  await resident.getByRole('button', { name: '下一步' }).click();
  await expect(resident.locator('.here')).toContainText('后吴寨');
  await accessible(resident);
  await resident.getByRole('button', { name: '提交' }).click();
  await expect(resident.locator('.receipt .code')).toBeVisible();
  const number = await resident.locator('.receipt dd').first().textContent();
  expect(unhappy).toEqual([]);
  await phone.close();

  const found = await page.request.get(`/api/v1/cases?q=${encodeURIComponent(number ?? '')}`);
  const { items } = (await found.json()) as { items: { id: string; unit: { name: string } }[] };
  const one = (await (await page.request.get(`/api/v1/cases/${items[0]?.id}`)).json()) as { place: string; unit: { name: string } };
  expect([one.unit.name, one.place]).toEqual(['后吴寨', '王家超市，后吴寨路口']);
});
