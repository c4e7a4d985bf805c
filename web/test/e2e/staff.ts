import { expect, type APIRequestContext, type Page } from '@playwright/test';
import { newId } from '../../api/id';
import { password } from './checks';

interface Card {
  id: string;
  number: string;
}

/** Someone of the committee, doing by the API what another page would do. */
export class Staff {
  constructor(private readonly request: APIRequestContext) {}

  async signIn(login: string): Promise<void> {
    expect((await this.request.post('/api/v1/session', { data: { login, password } })).ok()).toBe(true);
  }

  async find(number: string): Promise<Card> {
    const { items } = (await (await this.request.get(`/api/v1/cases?q=${encodeURIComponent(number)}`)).json()) as { items: Card[] };
    const [card] = items;
    if (!card) throw new Error(`no case ${number}`);
    return card;
  }

  async report(fields: Record<string, unknown>): Promise<Card> {
    const answer = await this.request.post('/api/v1/cases', { data: fields, headers: { 'Idempotency-Key': newId() } });
    expect(answer.ok(), await answer.text()).toBe(true);
    return (await answer.json()) as Card;
  }

  async act({ id }: Card, verb: string, fields: Record<string, unknown>): Promise<void> {
    const answer = await this.request.post(`/api/v1/cases/${id}/${verb}`, { data: fields, headers: { 'Idempotency-Key': newId() } });
    expect(answer.ok(), await answer.text()).toBe(true);
  }
}

/** A resident's report through the portal; its number and code. */
export async function report(page: Page, words: string, group = ''): Promise<{ number: string; code: string }> {
  await page.goto(`/${group && `?u=${group}`}#/report`);
  await page.getByLabel('什么事？').fill(words);
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page.locator('.receipt .code')).toBeVisible();
  const [number = '', code = ''] = await page.locator('.receipt dd').allTextContents();
  return { number, code };
}
