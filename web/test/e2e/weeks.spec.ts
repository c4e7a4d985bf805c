import { expect, test, type APIRequestContext, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { newId } from '../../api/id';
import { signIn, watch } from './checks';
import { Staff } from './staff';

// A week of each who works with it or needs it (field.md §1), along the places where such systems break.

const committee = '341203105006';
const village = '341203105006002';
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };

async function open(browser: Browser, baseURL: string | undefined, how: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ ...how, baseURL: baseURL ?? '', locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  return await context.newPage();
}

async function colleague(request: APIRequestContext, login: string): Promise<Staff> {
  const staff = new Staff(request);
  await staff.signIn(login);
  return staff;
}

async function make(request: APIRequestContext, data: Record<string, unknown>): Promise<{ id: string; number: string }> {
  const made = await request.post('/api/v1/cases', { data: { unit: village, ...data }, headers: { 'Idempotency-Key': newId() } });
  expect(made.ok(), await made.text()).toBe(true);
  return (await made.json()) as { id: string; number: string };
}

const verb = (page: Page, name: string) => page.locator('.verbs').getByRole('button', { name, exact: true });
const send = (page: Page) => page.locator('.verb-form .send').getByRole('button').last().click();

// rows: D3 G19 G20
test('a steward of 58: no WeChat trap, two names and a voice are enough, nothing vanishes, one line for the group', async ({
  browser,
  baseURL,
}) => {
  const inside = await open(browser, baseURL, { ...phone, userAgent: 'Mozilla/5.0 (Linux; Android 9) MicroMessenger/8.0 XWEB/1160117' });
  await inside.goto('/m/');
  await expect(inside.getByText('微信里存不住没交的东西')).toBeVisible();
  await inside.context().close();

  const page = await open(browser, baseURL, { ...phone, permissions: ['microphone'] });
  const wrong = watch(page);
  await signIn(page, 'm', 'steward2');
  await expect(page.getByText('记一件')).toBeVisible();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.goto('/m/#/spot');
  await page.context().setOffline(true);
  await page.locator('.spot').getByText('小纠纷', { exact: true }).click();
  await page.getByLabel('一方姓名', { exact: true }).fill('周满仓');
  await page.getByLabel('另一方姓名').fill('田小禾');
  await page.getByRole('button', { name: '说一段' }).click();
  await page.waitForTimeout(1200);
  await page.getByRole('button', { name: /说完了/ }).click();
  await page.getByText('现场和解', { exact: true }).click();
  await page.getByRole('button', { name: '办好了，交上去' }).click();
  await expect(page.getByText('还有 1 条没交')).toBeVisible();
  // The phone may be emptied by a nephew: what waits can be taken out and sent by other means.
  await page.goto('/m/#/queue');
  const [kept] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /导出/ }).click()]);
  expect(kept.suggestedFilename()).toContain('.json');
  await page.context().setOffline(false);
  await expect(page.getByText('都交上去了。')).toBeVisible({ timeout: 40_000 });
  expect(wrong.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  await page.context().close();
});

// rows: D2 G20
test('an elder of 72 who never opens it: takes and settles by telephone, and gets a sheet with thanks', async ({
  browser,
  baseURL,
  request,
}) => {
  const staff = await colleague(request, 'officer1');
  const card = await make(request, { kind: 'dispute', category: 'D0101', text: '两家为地边的树吵，五老说他去劝。' });
  const page = await open(browser, baseURL, desktop);
  await signIn(page, 'desk', 'officer1');
  await page.goto(`/desk/#/case/${card.id}`);
  for (const name of ['我去劝', '达成/终止']) {
    await verb(page, name).click();
    if (name === '达成/终止') {
      await page.locator('.verb-form').getByRole('combobox').first().fill('和解');
      await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: '和解' }).first().click();
      await page.locator('.verb-form textarea').first().fill('各让一尺，树枝砍到界内。');
    }
    await page.getByRole('button', { name: '替别人记的' }).click();
    const who = page.getByLabel('替谁记');
    const elder = (await who.locator('option', { hasText: '五老' }).first().getAttribute('value')) ?? '';
    await who.selectOption(elder);
    await send(page);
    await expect(page.locator('.verb-form')).toHaveCount(0);
  }
  await expect(page.locator('.timeline')).toContainText('电话');
  const holder = ((await (await request.get(`/api/v1/cases/${card.id}`)).json()) as { holder: { name: string } }).holder.name;
  await page.goto('/desk/#/me');
  await page.getByLabel('谁的').click();
  await page.keyboard.type(holder);
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: holder }).first().click();
  const sheet = await page.request.get((await page.getByRole('link', { name: '打印', exact: true }).getAttribute('href')) ?? '');
  expect(sheet.headers()['content-type']).toBe('application/pdf');
  expect(staff).toBeTruthy();
  await page.context().close();
});

// rows: G4 G17
test('an officer: seven things for today, a day of mourning stops the two hours, nothing typed twice', async ({
  browser,
  baseURL,
  request,
}) => {
  await colleague(request, 'officer1');
  const card = await make(request, { kind: 'request', category: 'R0601', text: '桥头的灯灭了' });
  const page = await open(browser, baseURL, desktop);
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await page.getByRole('tab', { name: '今天先办' }).click();
  await expect(page.locator('.ant-table-row').first()).toBeVisible();
  expect(await page.locator('.ant-table-row').count()).toBeLessThanOrEqual(7);
  await page.getByRole('link', { name: '今天有急事' }).click();
  await page.getByRole('button', { name: '今天有急事' }).click();
  await page.locator('.verb-form input').last().fill('全村帮忙办丧事');
  await send(page);
  await expect(page.locator('.row-page h2')).toContainText('正在忙急事', { timeout: 20_000 });
  await page.goto('/desk/#/?view=new');
  await expect(page.locator('.urgent')).toContainText('全村帮忙办丧事');
  await page.goto(`/desk/#/case/${card.id}`);
  await expect(page.locator('.timeline')).toContainText('全村帮忙办丧事');
  await page.getByRole('button', { name: '复制' }).click();
  await expect(page.locator('.ant-popover:visible, .ant-dropdown:visible').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.goto('/desk/#/registers/urgent');
  await page.locator('.rows a').first().click();
  await page.getByRole('button', { name: '急事办完了，恢复计时' }).click();
  await send(page);
  await expect(page.locator('.rows li')).toHaveCount(0, { timeout: 20_000 });
  await page.goto('/desk/#/?view=new');
  await expect(page.getByRole('link', { name: '今天有急事' })).toBeVisible();
  expect(wrong).toEqual([]);
  await page.context().close();
});

// rows: D5 D6
test('a mediator: what was settled by word is one list to print, and the police get their answer', async ({ browser, baseURL }) => {
  const page = await open(browser, baseURL, desktop);
  await signIn(page, 'desk', 'mediator1');
  await page.getByRole('link', { name: '调解日程' }).click();
  await page.getByRole('link', { name: /口头协议登记/ }).click();
  await expect(page.locator('table tbody tr').first()).toBeVisible();
  const list = await page.request.get(`/api/v1/oral-agreements/paper?unit=${committee}&from=2024-01-01&to=2024-12-31`);
  expect(list.headers()['content-type']).toBe('application/pdf');
  await page.context().close();
});

// rows: R3 G17
test('a handler of a town with twenty committees: signs for several at once, sends back with a reason', async ({
  browser,
  baseURL,
  playwright,
}) => {
  const other = await playwright.request.newContext({ baseURL: baseURL ?? '' });
  const officer = await colleague(other, 'officer1');
  const { items } = (await (await other.get(`/api/v1/offices?unit=${village}`)).json()) as { items: { id: string; name: string }[] };
  const office = items.find(({ name }) => name.includes('供电'))?.id ?? '';
  const cards = [];
  for (const text of ['杆上变压器嗡嗡响', '电线搭到树上', '表箱门掉了']) {
    const card = await make(other, { kind: 'request', category: 'R0602', text, title: text });
    await officer.act(card, 'accept', {});
    await officer.act(card, 'refer', { office, mode: 'refer', text: '请派人看', consent: { given: true, how: '电话' } });
    cards.push(card);
  }
  const page = await open(browser, baseURL, desktop);
  await signIn(page, 'desk', 'power');
  await page.goto('/desk/#/?view=office');
  for (const { number } of cards.slice(0, 2))
    await page.locator('.ant-table-row').filter({ hasText: number }).locator('.ant-checkbox').click();
  const bulk = page.locator('.bulk');
  await bulk.getByRole('combobox', { name: '办什么' }).click();
  await page.locator('.ant-select-item-option').getByText('签收', { exact: true }).click();
  await bulk.locator('.verb-form .main').click();
  await expect(bulk).toHaveCount(0);
  await page.goto(`/desk/#/case/${cards[2]?.id ?? ''}`);
  await verb(page, '退回（说明理由）').click();
  await page.locator('.verb-form textarea').first().fill('表箱归物业，不归供电所');
  await send(page);
  const back = (await (await other.get(`/api/v1/cases/${cards[2]?.id ?? ''}`)).json()) as { sent_back: boolean };
  expect(back.sent_back).toBe(true);
  await page.context().close();
});

// rows: R1 R4 G20
test('a resident of seventy without WeChat: found by name, a slip in large type, told in person, judged by telephone', async ({
  browser,
  baseURL,
  playwright,
}) => {
  const other = await playwright.request.newContext({ baseURL: baseURL ?? '' });
  const officer = await colleague(other, 'officer2');
  const name = `葛守${'东南西北中'[Date.now() % 5] ?? '田'}`;
  const card = await make(other, {
    kind: 'request',
    category: 'R0601',
    text: '门口的路一下雨就积水',
    title: '门口积水',
    persons: [{ role: 'reporter', name, phone: `138${String(Date.now()).slice(-8)}` }],
  });
  const page = await open(browser, baseURL, desktop);
  await signIn(page, 'desk', 'officer1');
  await page.getByPlaceholder(/搜索/).fill(name);
  await page.keyboard.press('Enter');
  await expect(page.getByText(card.number).first()).toBeVisible({ timeout: 15_000 });
  await page.goto(`/desk/#/case/${card.id}`);
  const slip = await page.request.post('/api/v1/slips', { data: { case: card.id }, headers: { 'Idempotency-Key': newId() } });
  expect(slip.headers()['content-type']).toBe('application/pdf');
  await officer.act(card, 'accept', {});
  await officer.act(card, 'settle', { outcome: 'DONE', result: '垫了石子，不积水了', told_how: '当面', told_whom: name });
  await page.goto('/desk/#/requests');
  const call = page.locator('.call', { hasText: card.number });
  await expect(call).toContainText('垫了石子');
  await call.getByRole('group', { name: '解决了吗' }).getByRole('button').first().click();
  await call.getByRole('group', { name: '满意吗' }).getByRole('button').first().click();
  await call.getByRole('button', { name: '记下评价' }).click();
  await expect(call).toHaveCount(0);
  await page.context().close();
});

// rows: G13 G19
test('a mother: sees who will read it, whom to ring first, and can go past the village', async ({ browser, baseURL, playwright }) => {
  const page = await open(browser, baseURL, phone);
  const wrong = watch(page);
  await page.goto(`/?u=${village}#/report`);
  await page.getByLabel('什么事？').fill('孩子在学校被打了，网格员是对方的姑姑，我怕她先知道');
  await expect(page.locator('.first-do')).toBeVisible();
  await page.getByRole('button', { name: '下一步' }).click();
  await page.locator('.readers').getByText('不经过本村网格员').click();
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page.locator('.receipt .code')).toBeVisible();
  const number = (await page.locator('.receipt dd').first().textContent()) ?? '';
  for (const login of ['steward2', 'officer1']) {
    const other = await playwright.request.newContext({ baseURL: baseURL ?? '' });
    await colleague(other, login);
    const { items } = (await (await other.get(`/api/v1/cases?q=${encodeURIComponent(number)}`)).json()) as { items: unknown[] };
    expect(items, login).toEqual([]);
  }
  expect(wrong).toEqual([]);
  await page.context().close();
});

// rows: L9 L5
test('a child director: the children to be seen this month, who cares for them, and nobody else finds them', async ({
  browser,
  baseURL,
  playwright,
}) => {
  const name = `小满${Date.now() % 1000}`;
  const page = await open(browser, baseURL, desktop);
  await signIn(page, 'desk', 'child_director1');
  await expect(page.locator('.inbox')).toBeVisible();
  await page.goto('/desk/#/registers/care');
  const made = await page.request.post('/api/v1/registers/care', {
    data: { unit: village, person: { name }, key_group: 'EL', visitor: await account(page) },
    headers: { 'Idempotency-Key': newId() },
  });
  expect(made.ok(), await made.text()).toBe(true);
  await page.reload();
  await expect(page.locator('.classes')).toContainText('留守儿童');
  await page.locator('.classes button', { hasText: '留守儿童' }).click();
  await expect(page.locator('.rows li').first()).toBeVisible();
  const other = await playwright.request.newContext({ baseURL: baseURL ?? '' });
  await colleague(other, 'steward2');
  const found = (await (await other.get(`/api/v1/search?q=${encodeURIComponent(name)}`)).json()) as { items?: unknown[] };
  expect(found.items ?? []).toEqual([]);
  await page.context().close();
});

async function account(page: Page): Promise<string> {
  return ((await (await page.request.get('/api/v1/session')).json()) as { account: { id: string } }).account.id;
}
