import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { accessible, noSideways, signIn, watch } from './checks';

// What offices send: a csv in GBK as Excel saves it in China, with a title above; an xlsx whose first sheet is no table. Made by data/make.py.
const data = (name: string) => fileURLToPath(new URL(`data/${name}`, import.meta.url));

/** A number of its own for every run, so that what an earlier one brought is not "there already". */
function fresh(name: string): { name: string; mimeType: string; buffer: Buffer } {
  const run = String(Date.now()).slice(-6);
  const bytes = Buffer.from(
    readFileSync(data(name))
      .toString('latin1')
      .replace(/RX0000/g, run),
    'latin1',
  );
  return { name, mimeType: 'text/csv', buffer: bytes };
}

const shots = process.env.SHOTS;
const shot = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
};

const field = (page: Page, name: string) => page.locator(`.maprow[data-target="${name}"]`);

async function pick(page: Page, label: string, option: string): Promise<void> {
  const box = page.getByRole('combobox', { name: label }).first();
  await box.click();
  await box.fill(option);
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: option }).first().click();
}

async function upload(page: Page, file: Parameters<ReturnType<Page['locator']>['setInputFiles']>[0]): Promise<void> {
  await page.getByRole('link', { name: '台账导入', exact: true }).click();
  await expect(page.getByRole('heading', { name: '台账导入' })).toBeVisible();
  await page.locator('.drop input').setInputFiles(file);
}

// rows: R1 R9
test('R1: a hotline’s csv in GBK: its columns, its values, what is wrong, brought in and undone', async ({ page }) => {
  test.slow(); // many steps, each awaited
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await page.getByRole('link', { name: '台账导入' }).click();
  await expect(page.getByText('以前导入的')).toBeVisible();
  await accessible(page);
  await shot(page, '1-start');
  await upload(page, fresh('hotline.csv'));

  // The title above the table is passed over; what the columns are called says most of it.
  await expect(page.getByText('下面有 6 行、9 列')).toBeVisible();
  await expect(field(page, 'happened_at')).toContainText('来电时间');
  await expect(field(page, 'text')).toContainText('村口路灯不亮，晚上看不见');
  await expect(field(page, 'unit').locator('.values')).toContainText('吴寨村');
  await expect(field(page, 'unit').locator('.guess')).toHaveText('猜的，请核对');
  await expect(field(page, 'category').locator('.open').first()).toBeVisible();
  await shot(page, '2-columns');
  await accessible(page);
  await noSideways(page);
  await pick(page, '小类：“环境卫生”对应我们的', '生活垃圾');
  await shot(page, '3-values');
  await page.getByRole('button', { name: '检查', exact: true }).click();

  // Two rows are wrong; the others may come in without them.
  await expect(page.getByRole('heading', { name: '检查完了，有的行有问题' })).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.sums .good')).toHaveText('4 行可以导入');
  await expect(page.locator('.sums .bad')).toHaveText('2 行有问题');
  const rows = page.locator('.problems tbody tr');
  await expect(rows.nth(0)).toContainText('8来电时间');
  await expect(rows.nth(1)).toContainText('9办结时间');
  const preview = page.locator('.panel').filter({ hasText: '会变成这样' });
  await expect(preview.locator('tbody tr').first()).toContainText('吴寨居委会小诉求 · 路灯');
  await shot(page, '4-checked');
  await accessible(page);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载成表' }).click()]);
  const told = readFileSync(await file.path(), 'utf8');
  expect(told.split('\r\n')[0]).toBe('\ufeff表里第几行,列,哪里不对');
  expect(told.split('\r\n')).toHaveLength(4);
  await page.getByRole('button', { name: '导入 4 行' }).click();

  await expect(page.getByRole('heading', { name: '导入好了' })).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.sums .good')).toHaveText('4 件导入了');
  const cases = page.locator('.panel').filter({ hasText: '导入的事项' }).locator('tbody tr');
  await expect(cases).toHaveCount(4);
  await shot(page, '5-done');
  await accessible(page);
  const address = page.url();

  // One that is still open is worked on; it stays when the ledger is undone.
  await cases.filter({ hasText: '水沟堵了' }).getByRole('link').click();
  await page.locator('.verbs').getByRole('button', { name: '受理', exact: true }).click();
  await page.locator('.verb-form').getByRole('button', { name: '受理' }).click();
  await expect(page.locator('.timeline').getByText('受理')).toBeVisible();
  const number = (await page.locator('.case .title').textContent()) ?? '';
  await page.goto(address);
  await page.getByRole('button', { name: '撤销这次导入' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('撤销这次导入的 4 件？');
  await shot(page, '6-undo');
  await accessible(page);
  await page.getByRole('button', { name: '撤销', exact: true }).click();
  await expect(page.getByText('这 1 件已经有人接着办，留下了：')).toBeVisible({ timeout: 20_000 });
  expect(number).toContain((await page.locator('.stayed a').textContent()) ?? '—');
  await shot(page, '7-undone');
  await page.getByRole('link', { name: '‹ 台账导入' }).click();
  await expect(page.locator('tr', { hasText: 'hotline.csv' }).first()).toContainText('已撤销');
  expect(wrong).toEqual([]);
});

// rows: R1
test('R1: a notebook in xlsx: the sheet is found, constants, a mapping saved and used again', async ({ page }) => {
  test.slow(); // many steps, each awaited
  const wrong = watch(page);
  await signIn(page, 'desk', 'officer1');
  await upload(page, data('notebook.xlsx'));
  await expect(page.getByLabel('工作表')).toHaveValue('2');
  await page.getByLabel('工作表').selectOption('填表说明');
  await expect(page.getByRole('alert')).toHaveText('这个工作表里没有表格。');
  // A day that Excel keeps as a number is shown as a day.
  await expect(field(page, 'happened_at').locator('.seen')).toContainText('2024-07-01 09:00');
  await pick(page, '六小类别', '所有行都填同一个值…');
  await pick(page, '六小类别：所有行都填', '小纠纷');
  await expect(field(page, 'category').locator('summary')).toContainText('2 个值自己就对上了');
  await pick(page, '办结时间', '日期');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '把对应存成文件' }).click()]);
  const mapping = readFileSync(await file.path());
  expect(JSON.parse(mapping.toString())).toMatchObject({
    header: 1,
    fields: { kind: { is: 'dispute' }, happened_at: { column: '日期' }, settled_at: { column: '日期' }, category: { column: '纠纷类型' } },
  });
  await page.getByRole('button', { name: '检查', exact: true }).click();
  await expect(page.getByRole('heading', { name: '检查完了，没有问题' })).toBeVisible({ timeout: 20_000 });
  await page.getByText('要么全部导入，要么一行都不导').click();
  await page.getByRole('button', { name: '导入 2 行' }).click();
  await expect(page.getByRole('heading', { name: '导入好了' })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: '撤销这次导入' }).click();
  await page.getByRole('button', { name: '撤销', exact: true }).click();
  await expect(page.getByText('全部撤销了。')).toBeVisible({ timeout: 20_000 });

  // Next month's table: the mapping is there, as a file and by its name; what was uploaded by mistake goes away again.
  await upload(page, data('notebook.xlsx'));
  await page.locator('.earlier input').setInputFiles({ name: 'm.json', mimeType: 'application/json', buffer: mapping });
  await expect(field(page, 'kind')).toContainText('小纠纷');
  await pick(page, '六小类别', '纠纷类型');
  await page.getByLabel('用以前对好的…').selectOption({ index: 1 });
  await expect(field(page, 'kind')).toContainText('小纠纷');
  await page.locator('.earlier input').setInputFiles({ name: 'm.json', mimeType: 'application/json', buffer: Buffer.from('[]') });
  await expect(page.getByRole('alert')).toHaveText('这个文件不是列对应文件。');
  await page.getByRole('button', { name: '不导了，删掉' }).click();
  await page.getByRole('button', { name: '删掉', exact: true }).click();
  await expect(page.getByText('以前导入的')).toBeVisible();
  expect(wrong).toEqual([]);
});

// rows: R1
test('R1: what is no table is said in words, and those who may not do not see the page', async ({ page, browser }) => {
  await signIn(page, 'desk', 'officer1');
  await upload(page, { name: 'old.xls', mimeType: 'application/vnd.ms-excel', buffer: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0]) });
  await expect(page.getByRole('alert')).toContainText('老的 xls 格式');
  await page
    .locator('.drop input')
    .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1') });
  await expect(page.getByRole('alert')).toContainText('找不到表格');
  const other = await (await browser.newContext()).newPage();
  await signIn(other, 'desk', 'mediator1');
  await expect(other.getByRole('link', { name: '收件箱' })).toBeVisible();
  await expect(other.getByRole('link', { name: '台账导入' })).toHaveCount(0);
});

test('the columns fit a window of 1024 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await signIn(page, 'desk', 'officer1');
  await upload(page, data('notebook.xlsx'));
  await expect(field(page, 'happened_at')).toBeVisible();
  await noSideways(page);
  await shot(page, '8-narrow');
  await page.getByRole('button', { name: '不导了，删掉' }).click();
  await page.getByRole('button', { name: '删掉', exact: true }).click();
  await expect(page.getByText('以前导入的')).toBeVisible();
});
