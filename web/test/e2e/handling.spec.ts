import { expect, test, type APIRequestContext } from '@playwright/test';
import { newId } from '../../api/id';
import { accessible, noSideways, signIn, watch } from './checks';

const host = '341203105006';

async function make(request: APIRequestContext, text: string): Promise<string> {
  const data = { kind: 'request', unit: `${host}001`, text };
  const made = (await (await request.post('/api/v1/cases', { data, headers: { 'Idempotency-Key': newId() } })).json()) as { id: string };
  await act(request, made.id, 'accept', {});
  return made.id;
}

async function act(request: APIRequestContext, id: string, verb: string, data: Record<string, unknown>): Promise<void> {
  const answer = await request.post(`/api/v1/cases/${id}/${verb}`, { data, headers: { 'Idempotency-Key': newId() } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

// rows: G4 G17
test('G4 G17: an extension that is asked for says who decides, and the head grants it from her list with one click', async ({
  page,
  browser,
}) => {
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await expect(page.locator('.inbox')).toBeVisible();
  await expect(page.getByRole('tab', { name: '待我批的延期' })).toHaveCount(0);
  const id = await make(page.request, '想要延期的一件事');
  await act(page.request, id, 'ask_extension', { days: 6, reason: '等供电所来人' });
  await page.goto(`/desk/#/case/${id}`);
  await expect(page.locator('.extension')).toHaveText('申请延期，由居委会主任决定');

  const chair = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage();
  await signIn(chair, 'desk', 'chair1');
  await chair.getByRole('tab', { name: '待我批的延期' }).click();
  const row = chair.locator('.ant-table-row', { hasText: '想要延期的一件事' });
  await expect(row).toContainText('等供电所来人');
  await accessible(chair);
  await chair.screenshot({ path: 'test-results/extension-list.png' });
  await row.getByRole('button', { name: /同意6天/ }).click();
  await expect(row).toHaveCount(0);
  await page.reload();
  await expect(page.locator('.case .title')).toBeVisible();
  await expect(page.locator('.extension')).toHaveCount(0);
  expect(wrong).toEqual([]);
});

// rows: G17
test('G17: ready wording is put in at the cursor with the case filled in, and what was typed is kept for the others', async ({
  page,
  browser,
}) => {
  const wrong = watch(page);
  const name = `自己的话${newId().slice(-6)}`;
  await signIn(page, 'desk', 'officer1');
  await expect(page.locator('.inbox')).toBeVisible();
  const id = await make(page.request, '村口的路灯不亮');
  await page.goto(`/desk/#/case/${id}`);
  await page.getByRole('button', { name: '答复', exact: true }).click();
  const text = page.locator('textarea#reply-text');
  await text.fill('您好。再见。');
  await text.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(3, 3));
  const phrases = page.locator('.field:has(#reply-text) .phrases');
  await phrases.getByText('常用语', { exact: true }).click();
  await phrases.getByRole('button', { name: '已受理' }).click();
  await expect(text).toHaveValue(/^您好。您反映的村口的路灯不亮（吴寨R\d{4}-\d+）我们已经受理，由赵敏负责，有进展会告诉您。再见。$/);
  await phrases.getByLabel('存为常用语：叫什么（短）').fill(name);
  await phrases.getByRole('button', { name: '存', exact: true }).click();
  await expect(phrases.getByRole('button', { name })).toBeVisible();
  await accessible(page);
  await page.screenshot({ path: 'test-results/phrases-desk.png' });

  const phone = await (await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'zh-CN' })).newPage();
  await signIn(phone, 'm', 'steward1');
  await expect(phone.locator('.cards').first()).toBeVisible();
  const own = (await (
    await phone.request.post('/api/v1/cases', {
      data: { kind: 'request', unit: `${host}001`, text: '塘边栏杆松了' },
      headers: { 'Idempotency-Key': newId() },
    })
  ).json()) as { id: string };
  await act(phone.request, own.id, 'take', {});
  await phone.goto(`/m/#/case/${own.id}`);
  await phone.getByRole('button', { name: '更多' }).click();
  await phone.getByRole('button', { name: '记进展' }).click();
  const small = phone.locator('.phrases').first();
  await small.getByText('常用语', { exact: true }).click();
  await expect(small.getByRole('button', { name })).toBeVisible(); // what the desk kept holds in the group
  await small.getByRole('button', { name: '已现场查看' }).click();
  await expect(phone.locator('textarea').first()).toHaveValue(/到现场看过/);
  await noSideways(phone);
  await phone.screenshot({ path: 'test-results/phrases-phone.png' });
  expect(wrong).toEqual([]);
});
