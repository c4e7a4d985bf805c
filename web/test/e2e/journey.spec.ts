import { expect, test, type Browser, type Page } from '@playwright/test';
import { signIn } from './checks';
import { report } from './staff';

// rows: D1 R1 R3 R4 R5 G3 G5 G6
// One matter from a resident's first word to the annual figures, each step by the one who does it, on their own device.

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' };
const desktop = { viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' };
const group = '341203105006007'; // 刘桥口

async function someone(browser: Browser, login: string): Promise<Page> {
  const page = await (await browser.newContext(desktop)).newPage();
  await signIn(page, 'desk', login);
  await expect(page.locator('.inbox')).toBeVisible();
  return page;
}

/** Finds the case by its number, as one does with the number on a slip, and opens it. */
async function open(page: Page, number: string): Promise<void> {
  await page.goto('/desk/#/');
  await page.getByPlaceholder('编号').fill(number);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: number }).click();
  await expect(page.locator('.case .title')).toContainText(number);
}

async function act(
  page: Page,
  verb: string,
  fill: (form: ReturnType<Page['locator']>) => Promise<void> = async () => undefined,
): Promise<void> {
  const steps = await page.locator('.timeline > li, .timeline ol > li').count();
  await page.locator('.verbs').getByRole('button', { name: verb, exact: true }).click();
  const form = page.locator('.verb-form');
  await fill(form);
  await form.locator('.main').click();
  await expect(form).toHaveCount(0);
  await expect.poll(() => page.locator('.timeline > li, .timeline ol > li').count()).toBeGreaterThan(steps);
}

async function refer(page: Page, office: string): Promise<void> {
  await act(page, '转办/上报部门', async (form) => {
    await form.getByRole('combobox').first().click();
    await page.keyboard.type(office);
    await page.keyboard.press('Enter');
    await form.getByText(/转办（我们牵头答复）/).click();
    await form.locator('textarea').first().fill('变压器旁的线杆被车撞歪了，请来看看。');
    await form.getByText(/同意/).first().click();
  });
}

async function judge(page: Page, code: string, resolved: string, satisfied: string): Promise<void> {
  await page.goto('/');
  await page.goto(`/#/follow/${code}`);
  await page.getByText(resolved, { exact: true }).click();
  await page.getByText(satisfied, { exact: true }).click();
  await page.locator('.act .send .main').click();
  await expect(page.getByText(`${resolved} · ${satisfied}`)).toBeVisible();
}

/** How many requests the figures page shows this year. */
async function counted(page: Page): Promise<number> {
  const year = new Date().getFullYear();
  await page.goto(`/desk/#/figures?unit=341203105006&from=${year}-01-01&to=${year}-12-31`);
  await page.reload();
  const text = await page.locator('.counts li').nth(1).textContent();
  return Number(/(\d+)/.exec(text ?? '')?.[1]);
}

test('from the first word to the figures: taken, referred, sent back, referred again, answered, judged no, settled, judged yes', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const resident = await (await browser.newContext(phone)).newPage();
  const { number, code } = await report(resident, '村东头电线杆被车撞歪了，线快碰到房檐。', group);

  const steward = await (await browser.newContext(phone)).newPage();
  await signIn(steward, 'm', 'steward7');
  await steward.getByText(number).click();
  await steward.getByRole('button', { name: '我来办' }).click();
  await steward.locator('.verb-form .main').click();
  await expect(steward.locator('.timeline').getByText('我来办')).toBeVisible();

  const officer = await someone(browser, 'officer1');
  const before = await counted(officer);
  await open(officer, number);
  await refer(officer, '供电所');

  const power = await someone(browser, 'power');
  await open(power, number);
  await act(power, '签收');
  await act(power, '退回（说明理由）', (form) => form.locator('textarea').fill('撞歪的是通信杆，不归我们。'));

  await open(officer, number);
  await expect(officer.locator('.timeline').getByText('撞歪的是通信杆，不归我们。')).toBeVisible();
  await refer(officer, '供电所');
  await open(power, number);
  await act(power, '签收');
  await act(power, '答复', (form) => form.locator('textarea').first().fill('上面挂着入户线，我们明早来扶正。'));

  const settle = (result: string) => async (form: ReturnType<Page['locator']>) => {
    await form.getByRole('combobox').first().click();
    await officer.keyboard.type('办成');
    await officer.keyboard.press('Enter');
    await form.locator('textarea').first().fill(result);
  };
  await open(officer, number);
  await act(officer, '办结', settle('供电所扶正了线杆。'));
  await judge(resident, code, '没解决', '不满意');
  await open(officer, number);
  await expect(officer.locator('.case')).toContainText('办理中');
  await act(officer, '办结', settle('又来了一趟，线也拉紧了，离房檐两米多。'));
  await judge(resident, code, '解决了', '满意');

  await open(officer, number);
  for (const step of ['我来办', '退回', '签收', '答复', '评价'])
    await expect(officer.locator('.timeline').getByText(step).first()).toBeVisible();
  await act(officer, '归档');
  await expect.poll(() => counted(officer), { timeout: 15_000 }).toBe(before + 1);
});
