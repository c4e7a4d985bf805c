import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { newId } from '../../api/id';
import { accessible, signIn, watch } from './checks';
import { Staff } from './staff';

const village = '341203105006001';
const people = [
  { role: 'party', side: 1, name: '方守田', phone: '13905580011' },
  { role: 'party', side: 2, name: '秦大河', phone: '13905580012' },
];

/** A dispute that both sides agreed to have mediated. */
async function agreedTo(request: APIRequestContext, title: string): Promise<{ id: string; number: string }> {
  const staff = new Staff(request);
  await staff.signIn('mediator1');
  const made = await request.post('/api/v1/cases', {
    data: { kind: 'dispute', category: 'D0501', unit: village, text: '借的钱没还', title, persons: people },
    headers: { 'Idempotency-Key': newId() },
  });
  const card = (await made.json()) as { id: string; number: string };
  await staff.act(card, 'accept', {});
  for (const side of [1, 2]) await staff.act(card, 'consent', { side, given: true, consent_how: 'phone', identity_seen: true });
  return card;
}

const cell = (page: Page, day: number, hour: string) => page.locator('.calendar tbody tr', { hasText: hour }).locator('td').nth(day);

// rows: D4 D7
test('D4: a room is booked from the case by dragging over the week, and cannot be booked twice', async ({ page, request }) => {
  const wrong = watch(page);
  const card = await agreedTo(request, '约调解室的一件');
  await signIn(page, 'desk', 'mediator1');
  await page.goto(`/desk/#/case/${card.id}`);
  await page.getByRole('link', { name: '约时间、约调解室' }).click();
  await page.getByRole('button', { name: '下一周' }).click();
  const from = cell(page, 3, '14:00');
  const to = page.locator('.calendar tbody tr', { hasText: '15:00' }).locator('td').nth(3);
  await from.hover();
  await page.mouse.down();
  await to.hover();
  await page.mouse.up();
  await expect(page.locator('.book')).toContainText('14:00–15:30');
  await accessible(page);
  await page.locator('.book').getByRole('button', { name: '约定' }).click();
  await expect(page.locator('.mediation .sittings')).toContainText('已约');
  await page.getByRole('link', { name: '约时间、约调解室' }).click();
  await page.getByRole('button', { name: '下一周' }).click();
  await expect(from).toContainText('约调解室的一件');
  await page.locator('.calendar tbody tr', { hasText: '15:00' }).locator('td').nth(3).click();
  await page.locator('.book').getByRole('button', { name: '约定' }).click();
  await expect(page.locator('.book .error')).toContainText('15:30');
  // The sides are told by telephone, and what happened is recorded with the six steps as ticks.
  await page.goto(`/desk/#/case/${card.id}`);
  await page.getByRole('button', { name: '第1方已电话通知' }).click();
  await expect(page.locator('.sittings')).toContainText('已通知：第1方');
  await page.getByRole('button', { name: '记录这次调解' }).first().click();
  await page.locator('.sittings').getByLabel('让', { exact: true }).check();
  await page.getByLabel('到场的人').fill('双方');
  await page.locator('.sittings textarea').fill('各让一百，说定了。');
  await accessible(page);
  await page.locator('.sittings .main').click();
  await expect(page.locator('.sittings .held')).toContainText('各让一百');
  await expect(page.locator('.timeline')).toContainText('调解会：达成一致');
  expect(wrong).toEqual([]);
});

// rows: D5 D6 D9
test('D5: an agreement is drafted with instalments that must add up, signed, settled and paid', async ({ page, request }) => {
  const wrong = watch(page);
  const card = await agreedTo(request, '分期还钱的一件');
  await signIn(page, 'desk', 'mediator1');
  await page.goto(`/desk/#/case/${card.id}`);
  await expect(page.locator('.mediation .sides .given')).toHaveCount(2);
  // What is missing stands there before anybody tries.
  await page.locator('.verbs').getByRole('button', { name: '达成/终止' }).click();
  await expect(page.locator('.lacks')).toContainText('签字的协议书扫描件');
  await page.locator('.verbs').getByRole('button', { name: '起草协议书' }).click();
  await page.getByLabel('主要事实').fill('借了一千二，到期没还。');
  await page.getByLabel('争议事项').fill('几时还。');
  await page.getByLabel('协议内容').fill('分两期还清。');
  await page.getByLabel('约定金额').fill('1200');
  const rows = page.locator('.field', { hasText: '分期履行' });
  for (const [n, amount] of [
    [0, '600'],
    [1, '500'],
  ] as const) {
    await rows.getByRole('button', { name: '添一行' }).click();
    const row = rows.locator('.row').nth(n);
    await row.locator('select').nth(0).selectOption('2');
    await row.locator('select').nth(1).selectOption('1');
    await row.getByLabel('金额（元）').fill(amount);
    await row.getByLabel('哪天前').fill('2030-01-0' + String(n + 1));
  }
  await page.locator('.verb-form .main').click();
  await expect(page.locator('.field.wrong .error')).toContainText('1100 ≠ 1200');
  await rows.locator('.row').nth(1).getByLabel('金额（元）').fill('600');
  await page.locator('.verb-form .main').click();
  await expect(page.locator('.instalments tr')).toHaveCount(2);
  await accessible(page);
  const preview = await request.get(
    (await page.locator('.papers li', { hasText: '协议书' }).getByRole('link', { name: '预览' }).getAttribute('href')) ?? '',
  );
  expect(preview.headers()['content-type']).toBe('application/pdf');
  await page.locator('.verbs').getByRole('button', { name: '协议已签字' }).click();
  await page.getByText('纸上签字按印，已扫描').click();
  await page.locator('.verb-form input[type=file]').first().setInputFiles('../demo/files/signed.jpg');
  await expect(page.locator('.verb-form .photos img, .verb-form img').first()).toBeVisible();
  await page.locator('.verb-form .main').click();
  await expect(page.locator('.mediation')).toContainText(/\d{4}-\d\d-\d\d 签字/);
  await page.locator('.verbs').getByRole('button', { name: '达成/终止' }).click();
  await page.locator('.verb-form').getByRole('combobox').first().fill('书面调解');
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: '书面调解' }).first().click();
  await page.locator('.verb-form textarea').first().fill('分两期还清');
  await page.locator('.verb-form .main').click();
  await expect(page.locator('.case .title .state')).toContainText('已达成');
  await page.locator('.verbs').getByRole('button', { name: '记履行' }).click();
  await page.getByLabel('第几期').fill('1');
  await page.getByLabel('履行金额').fill('600');
  await page.locator('.verb-form .main').click();
  await expect(page.locator('.instalments tr.done')).toHaveCount(1);
  await page.locator('.verbs').getByRole('button', { name: '归档' }).click();
  await expect(page.locator('.lacks')).toContainText('各期都已履行');
  expect(wrong).toEqual([]);
});

// rows: D5
test('D5: the office scanner gives one PDF; every page of it lies in the case, and a broken one is refused at its field', async ({
  page,
  request,
}) => {
  const wrong = watch(page);
  const card = await agreedTo(request, '扫描件进卷的一件');
  await signIn(page, 'desk', 'mediator1');
  await page.goto(`/desk/#/case/${card.id}`);
  await page.locator('.verbs').getByRole('button', { name: '放入卷宗' }).click();
  const form = page.locator('.verb-form');
  await form.getByRole('combobox').first().fill('证据');
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: '证据材料' }).first().click();
  const input = form.locator('input[type=file]').first();
  await input.setInputFiles({ name: 'broken.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 broken') });
  await expect(form.locator('.scan')).toContainText('PDF 扫描件');
  await form.locator('.main').click();
  await expect(form.locator('.field.wrong .error')).toContainText('这个 PDF 打不开');
  await accessible(page);
  await form.locator('.scan .remove').click();
  await input.setInputFiles('test/e2e/data/scan.pdf');
  await form.locator('.main').click();
  await expect(form).toHaveCount(0);
  const now = (await (await request.get(`/api/v1/cases/${card.id}`)).json()) as { files: { type: string }[] };
  expect(now.files.map(({ type }) => type)).toEqual(['image/jpeg', 'image/jpeg']);
  expect(wrong).toEqual([]);
});

// rows: D5 D3
test('D5: an oral agreement stands in the register by itself, which is found from the calendar and printed', async ({ page, request }) => {
  const wrong = watch(page);
  const staff = new Staff(request);
  const card = await agreedTo(request, '口头说好的一件');
  await staff.act(card, 'settle', { outcome: 'ORAL', result: '月底前还清八百', told_how: '当面' });
  await signIn(page, 'desk', 'mediator1');
  await page.getByRole('link', { name: '调解日程' }).click();
  await page.getByRole('link', { name: '口头协议登记' }).click();
  const row = page.locator('.oral tbody tr', { hasText: card.number });
  await expect(row).toContainText('月底前还清八百');
  await expect(row).not.toContainText('方守田');
  await accessible(page);
  await page.getByRole('button', { name: '打印台账' }).click();
  const print = page.getByRole('link', { name: '司法所查阅' });
  const paper = await request.get((await print.getAttribute('href')) ?? '');
  expect([paper.status(), paper.headers()['content-type']]).toEqual([200, 'application/pdf']);
  await page.keyboard.press('Escape');
  const table = await request.get((await page.getByRole('link', { name: '导出表格' }).getAttribute('href')) ?? '');
  expect(table.status()).toBe(200);
  await row.getByRole('link').click();
  await expect(page.locator('.case .title')).toContainText('口头说好的一件');
  expect(wrong).toEqual([]);
});

/** A stroke over the sheet of one signer. */
async function write(page: Page, sheet: ReturnType<Page['locator']>): Promise<void> {
  await sheet.scrollIntoViewIfNeeded();
  const box = await sheet.boundingBox();
  if (!box) throw new Error('no sheet');
  await page.mouse.move(box.x + 30, box.y + box.height / 2);
  await page.mouse.down();
  for (let n = 1; n <= 12; n += 1) await page.mouse.move(box.x + 30 + n * 12, box.y + box.height / 2 + (n % 2 ? -35 : 35));
  await page.mouse.up();
}

const draftOf = { facts: '借钱没还', disputed: '几时还', terms: '月底还清' };

// rows: D5
test('D5: all sign on the screen, each after saying yes; on a telephone too', async ({ page, request }) => {
  const wrong = watch(page);
  const staff = new Staff(request);
  const card = await agreedTo(request, '屏幕上签名的一件');
  await staff.act(card, 'draft_agreement', draftOf);
  await signIn(page, 'desk', 'mediator1');
  await page.goto(`/desk/#/case/${card.id}`);
  await page.locator('.verbs').getByRole('button', { name: '协议已签字' }).click();
  await expect(page.locator('.verb-form')).not.toContainText('屏幕上手写签名');
  await page.getByRole('button', { name: '屏幕上手写签名' }).click();
  const signers = page.locator('.signing fieldset');
  await expect(signers).toHaveCount(3);
  await page.getByRole('button', { name: '都签好了' }).click();
  await expect(page.locator('.signing .error')).toContainText('还没有勾选同意');
  for (const n of [0, 1]) {
    await signers.nth(n).getByRole('checkbox').check();
    await write(page, signers.nth(n).locator('canvas'));
  }
  await accessible(page);
  await page.getByRole('button', { name: '都签好了' }).click();
  await expect(page.locator('.signing .error')).toContainText('人民调解员 还没有签名');
  await signers.nth(2).locator('input[type=file]').setInputFiles('../demo/files/signed.jpg');
  await expect(signers.nth(2).locator('img')).toBeVisible();
  await page.getByRole('button', { name: '都签好了' }).click();
  await expect(page.locator('.mediation')).toContainText(/\d{4}-\d\d-\d\d 签字/);
  const paper = await request.get(`/api/v1/cases/${card.id}/papers/agreement?purpose=x`);
  expect((await paper.body()).toString('latin1').split('/DCTDecode').length).toBeGreaterThanOrEqual(4);
  // On the telephone it goes through the queue.
  const other = await agreedTo(request, '手机上签名的一件');
  await staff.act(other, 'draft_agreement', draftOf);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/m/#/case/${other.id}`);
  await page.getByRole('button', { name: '更多' }).click();
  await page.getByRole('button', { name: '协议已签字' }).click();
  await page.getByRole('button', { name: '屏幕上手写签名' }).click();
  for (const n of [0, 1, 2]) {
    if (n < 2) await signers.nth(n).getByRole('checkbox').check();
    await write(page, signers.nth(n).locator('canvas'));
  }
  await page.getByRole('button', { name: '都签好了' }).click();
  await expect(page.locator('.signing')).toHaveCount(0);
  await expect
    .poll(
      async () =>
        ((await (await request.get(`/api/v1/cases/${other.id}`)).json()) as { mediation: { signed: { how: string } | null } }).mediation
          .signed?.how,
    )
    .toBe('drawn');
  expect(wrong).toEqual([]);
});
