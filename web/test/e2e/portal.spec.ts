import { expect, test } from '@playwright/test';
import { accessible, watch } from './checks';
import { report, Staff } from './staff';

const words = '东头机井的水泵坏了三天，十几户麦地浇不上水。';

// rows: R1 R5
test('R1 R5: a resident says something in three taps and follows it with the code alone', async ({ page }) => {
  const wrong = watch(page);
  await page.goto('/');
  await page.getByRole('link', { name: /我要说/ }).click();
  const { code } = await report(page, words);
  expect(code).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  await expect(page.getByText(/最晚 .* 给您回话/).first()).toBeVisible();
  await expect(page.getByRole('img', { name: /回执/ })).toBeVisible();
  await accessible(page);

  await page.evaluate(() => localStorage.clear());
  await page.goto('/#/follow');
  await page.reload();
  await page.getByLabel('查询码').fill(code.toLowerCase().replace(/-/g, ''));
  await page.getByRole('button', { name: '查一查' }).click();
  await expect(page.getByText(words).first()).toBeVisible();
  for (const promise of ['回音', '跟进', '着落']) await expect(page.locator('.promise').getByText(promise)).toBeVisible();
  await accessible(page);
  expect(wrong).toEqual([]);
});

// rows: R5
test('R5: the resident adds a word and a photo, urges, and takes it back', async ({ page }) => {
  await report(page, words);
  await page.getByRole('link', { name: '看进度' }).click();
  await page.getByRole('button', { name: /补充/ }).click();
  await page.locator('.act textarea').fill('泵房门也坏了。');
  const photo = await page.screenshot({ type: 'png' });
  await page.locator('.act input[type=file]').first().setInputFiles({ name: 'door.png', mimeType: 'image/png', buffer: photo });
  await expect(page.locator('.act .taken img')).toBeVisible();
  await page.locator('.act .send .main').click();
  await expect(page.getByText('收到了，谢谢您。')).toBeVisible();
  await expect(page.locator('.timeline').getByText('泵房门也坏了。')).toBeVisible();

  await page.getByRole('button', { name: /催/ }).click();
  await page.locator('.act .send .main').click();
  await expect(page.locator('.timeline').getByText(/催/).first()).toBeVisible();

  await page.getByRole('button', { name: '撤回' }).click();
  await page.locator('.act textarea').fill('自己找人修好了。');
  await page.locator('.act .send .main').click();
  await expect(page.locator('.case .state')).toContainText('撤回');
});

// rows: R4
test('R4: a settled case asks the resident, and what they say is kept', async ({ page, playwright, baseURL }) => {
  const { number, code } = await report(page, '路灯不亮，晚上不敢走。');
  const staff = new Staff(await playwright.request.newContext({ baseURL: baseURL ?? '' }));
  await staff.signIn('officer1');
  const card = await staff.find(number);
  await staff.act(card, 'accept', {});
  await staff.act(card, 'settle', { outcome: 'DONE', result: '供电所换了灯泡，三盏都亮了。', told_how: '电话' });

  await page.goto(`/#/follow/${code}`);
  await expect(page.getByText('供电所换了灯泡，三盏都亮了。').first()).toBeVisible();
  await page.getByText('解决了', { exact: true }).click();
  await page.getByText('基本满意', { exact: true }).click();
  await accessible(page);
  await page.locator('.act .send .main').click();
  await expect(page.getByText('您的评价：解决了 · 基本满意')).toBeVisible();
});

// rows: G19
test('G19: who will see it is said before sending, and the steward can be left out', async ({ page }) => {
  await page.goto('/?u=341203105006002#/report');
  await page.getByLabel('什么事？').fill('网格员自己家门口堆了砂石。');
  await page.getByRole('button', { name: '下一步' }).click();
  const readers = page.locator('.readers');
  await expect(readers.getByText(/本村网格员（红管家）/)).toBeVisible();
  await readers.getByText('不经过本村网格员').click();
  await expect(readers.getByText(/本村网格员（红管家）/)).toHaveCount(0);
  await accessible(page);
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page.locator('.receipt')).toBeVisible();
});

// rows: R1
test('R1: what is said without a network is kept and sent later, once', async ({ page, context }) => {
  await page.goto('/#/report');
  await page.getByLabel('什么事？').fill('没网的时候说的话。');
  await page.getByRole('button', { name: '下一步' }).click();
  await page.waitForTimeout(500);
  await context.setOffline(true);
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page.getByText(/已经存在这部手机上/)).toBeVisible();
  await page.getByRole('link', { name: '回首页' }).last().click();
  await expect(page.getByText(/还没交上去/)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText(/还没交上去/)).toHaveCount(0);
  await page.reload();
  await expect(page.getByText('这部手机上说过的事')).toBeVisible();
});

// rows: G20
test('G20: a voice note and a photo are words enough', async ({ page, context }) => {
  await context.grantPermissions(['microphone']);
  await page.goto('/#/report');
  await page.getByRole('button', { name: '说一段' }).click();
  await page.waitForTimeout(1200);
  await page.getByRole('button', { name: /说完了/ }).click();
  await expect(page.locator('.taken audio')).toBeVisible();
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page.locator('.receipt')).toBeVisible();
});

// rows: G11
test('G11: every page of the portal is readable in large type, in three languages', async ({ page }) => {
  await page.goto('/');
  await accessible(page);
  await page.getByRole('button', { name: '大字' }).click();
  await expect(page.locator('html')).toHaveClass(/large/);
  await page.getByRole('button', { name: '繁體中文' }).click();
  await expect(page.getByText('我要說')).toBeVisible();
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('link', { name: /Tell us/ })).toBeVisible();
  await accessible(page);
});
