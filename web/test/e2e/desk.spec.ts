import { expect, test } from '@playwright/test';
import { accessible, signIn, watch } from './checks';

test('the inbox: views, keyboard, a case and what can be done with it', async ({ page }) => {
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await page.getByRole('tab', { name: '所有在办' }).click();
  await expect(page.locator('.ant-table-row').first()).toBeVisible();
  await accessible(page);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const number = await page.locator('.ant-table-row.at a').textContent();
  await page.keyboard.press('Enter');
  await expect(page.locator('.case .title')).toContainText(number ?? '—');
  await expect(page.locator('.clocks details').first()).toBeVisible();
  await page.locator('.clocks summary').first().click();
  await expect(page.getByText('按哪条规则').first()).toBeVisible();
  await accessible(page);
  expect(wrong).toEqual([]);
});

// rows: R1
test('R1: a telephone call is typed while talking, and the code is given', async ({ page }) => {
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await page.getByRole('link', { name: '来电来访登记' }).click();
  await page.getByLabel('什么事').fill('来电：东头路灯三盏不亮，老人夜里不敢出门。');
  await page.getByText('小诉求', { exact: true }).click();
  await page.getByLabel('姓名').fill('刘桂荣');
  await page.getByLabel('电话').fill('13805580101');
  await accessible(page);
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.made .code')).toHaveText(/^[0-9A-Z]{5}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);

  await page.locator('.made a').click();
  await page.locator('.verbs').getByRole('button', { name: '受理', exact: true }).click();
  await page.locator('.verb-form').getByRole('button', { name: '受理' }).click();
  await expect(page.locator('.timeline').getByText('受理')).toBeVisible();
  await page.locator('.verbs').getByRole('button', { name: '答复', exact: true }).click();
  await page.locator('.verb-form .main').click();
  await expect(page.getByText('这一项要填')).toBeVisible();
  await page.locator('.verb-form textarea').fill('供电所下午来修。');
  await page.locator('.verb-form .main').click();
  await expect(page.locator('.timeline').getByText('供电所下午来修。')).toBeVisible();
  expect(wrong).toEqual([]);
});

// rows: G9
test('G9: two characters typed after / find a case, which opens; nothing found and too little say so', async ({ page }) => {
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await expect(page.locator('.inbox')).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: '搜索' })).toBeFocused();
  await page.keyboard.type('水溝'); // traditional, as a phone from elsewhere may write it
  await page.keyboard.press('Enter');
  const first = page.locator('.search li a').first();
  await expect(first.locator('mark').first()).toHaveText('水沟');
  await expect(first).toContainText(/吴寨[DREHL]\d{4}-\d{4}/);
  await accessible(page);
  await page.locator('.search .kinds').getByRole('link', { name: '活动' }).click();
  await expect(page.locator('.search .kinds [aria-current]')).toHaveText('活动');
  await expect(page.locator('.search li a')).toHaveCount(0);
  await expect(page.locator('.search li mark').first()).toBeVisible();
  await page.locator('.search .kinds').getByRole('link', { name: '事项' }).click();
  const number = /吴寨[DREHL]\d{4}-\d{4}/.exec((await first.textContent()) ?? '')?.[0] ?? '—';
  await first.click();
  await expect(page.locator('.case .title')).toContainText(number);

  const box = page.getByRole('searchbox', { name: '搜索' });
  await box.fill('绝无此事');
  await box.press('Enter');
  await expect(page.getByText('没有找到“绝无此事”。')).toBeVisible();
  await accessible(page);
  expect(wrong).toEqual([]);
  await box.fill('吴');
  await box.press('Enter');
  await expect(page.getByRole('alert')).toContainText('太短');
  await box.fill(number.toLowerCase());
  await box.press('Enter');
  await expect(page.locator('.search li a')).toHaveCount(1);
});

// rows: G6
test('G6: names and numbers are masked until someone says what for', async ({ page }) => {
  await signIn(page, 'desk', 'officer1');
  await page.goto('/desk/#/intake');
  await page.getByLabel('什么事').fill('路沟堵了。');
  await page.getByLabel('姓名').fill('张文礼');
  await page.getByLabel('电话').fill('13805580202');
  await page.getByRole('button', { name: /保存/ }).click();
  await page.locator('.made a').click();
  const people = page.locator('.people').first();
  await expect(people).toContainText('138****0202');
  await people.getByRole('button', { name: '看全部' }).first().click();
  await page.getByRole('button', { name: '打电话联系' }).click();
  await expect(people).toContainText('13805580202');
});

test('live: what another does shows without a reload', async ({ page, browser }) => {
  await signIn(page, 'desk', 'officer1');
  await expect(page.locator('.inbox')).toBeVisible();
  const before = await page.locator('.keys').textContent();
  const other = await (await browser.newContext()).newPage();
  await other.goto('/#/report');
  await other.getByLabel('什么事？').fill(`收件箱应当自己看见这一条 ${Date.now()}`);
  await other.getByRole('button', { name: '下一步' }).click();
  await other.getByRole('button', { name: '提交' }).click();
  await expect(other.locator('.receipt')).toBeVisible();
  await expect(page.locator('.keys')).not.toHaveText(before ?? '', { timeout: 10_000 });
});

// rows: G5
test('G5: the six counts of 2024, and the cases behind a number', async ({ page }) => {
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await expect(page.locator('.inbox')).toBeVisible();
  await page.goto('/desk/#/figures?unit=341203105006&from=2024-01-01&to=2024-12-31');
  await expect(page.locator('.counts li')).toHaveCount(6);
  const told = (await page.locator('.counts li').allTextContents()).map((text) => text.replace(/\s/g, ''));
  expect(told).toEqual(['调处小纠纷37件', '处理小诉求32个', '整治小环境50处', '解决小困难39件', '排查小隐患26处', '开展小宣讲67次']);
  await expect(page.getByText('评价率')).toBeVisible();
  await accessible(page);
  await page.locator('.counts a').first().click();
  await expect(page.locator('.case-card').first()).toBeVisible();
  expect(wrong).toEqual([]);
});

// rows: G10
test('G10: while a call is typed, category and an earlier report are offered with their reasons; a tap takes it, and nothing is taken by itself', async ({
  page,
}) => {
  const wrong = watch(page);
  const village = Date.now().toString(36);
  await signIn(page, 'desk', 'officer1');
  await page.getByRole('link', { name: '来电来访登记' }).click();
  const offered = page.getByRole('group', { name: '看意思像是' });
  await page.getByLabel('什么事').fill('路灯');
  await expect(offered).toHaveCount(0);
  await page.getByLabel('什么事').fill(`西墙根的路灯三盏都不亮，老人夜里不敢出门，灯杆号 ${village}。`);
  const first = offered.getByRole('button').first();
  await expect(first).toHaveText('小诉求 · 道路公共设施 · 路灯');
  await expect(offered.locator('li').first()).toContainText(/因为：.*路灯/);
  await expect(page.locator('.intake .ant-segmented-item-selected')).toHaveText('先不分');
  await first.click();
  await expect(first).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('.intake .ant-segmented-item-selected')).toHaveText('小诉求');
  await expect(page.locator('#category').locator('xpath=ancestor::*[contains(@class,"ant-select")][1]')).toContainText('路灯');
  await accessible(page);
  await page.keyboard.press('Control+Enter');
  const number = (await page.locator('.made a').textContent()) ?? '—';

  // The next caller tells the same: the index follows within a second or so.
  await page.waitForTimeout(1500);
  await page.getByRole('button', { name: '再登一件' }).click();
  await page.getByLabel('什么事').fill(`西墙根路灯三盏不亮，夜里老人不敢出门，灯杆号 ${village}`);
  const twin = offered.getByRole('link').first();
  await expect(twin).toContainText(number);
  await expect(offered).toContainText('文字相近');
  await accessible(page);
  await page.screenshot({ path: test.info().outputPath('suggest.png') });
  expect(wrong).toEqual([]);
});
