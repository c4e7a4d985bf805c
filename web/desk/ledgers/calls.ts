import { api, got } from '../../api/client';
import { newId } from '../../api/id';
import { Problem, problemFrom } from '../../api/problem';
import type { Ledger, UnitPage } from '../../api/types';
import { language } from '../../i18n/language';
import { t } from '../words';
import type { Choice } from './mapping';

const most = 12 * 1024 * 1024;
/** How the old xls, and a workbook with a password, begin. */
const oldOffice = [0xd0, 0xcf, 0x11, 0xe0];

async function isOldOffice(file: Blob): Promise<boolean> {
  const first = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  return oldOffice.every((byte, i) => first[i] === byte);
}

/** What can be said before the file travels. */
async function refuse(file: File): Promise<void> {
  if (file.size === 0) throw new Problem(422, { code: 'missing', title: t('ledger.wrong.empty') });
  if (file.size > most) throw new Problem(413, { code: 'too_large', title: t('ledger.wrong.large') });
  if (await isOldOffice(file)) throw new Problem(400, { code: 'malformed', title: t('ledger.wrong.old') });
}

export async function sendLedger(file: File): Promise<Ledger> {
  await refuse(file);
  let response: Response;
  try {
    response = await fetch(`/api/v1/ledgers?name=${encodeURIComponent([...file.name].slice(-100).join(''))}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/octet-stream', 'Accept-Language': language(), 'Idempotency-Key': newId() },
      body: file,
    });
  } catch {
    throw new Problem(0, { code: 'offline' });
  }
  if (response.ok) return (await response.json()) as Ledger;
  const problem = await problemFrom(response);
  if (problem.code === 'malformed') throw new Problem(problem.status, { code: problem.code, title: t('ledger.wrong.noTable') });
  throw problem;
}

const unitPage = (code: string) => got<UnitPage>(api.GET('/api/v1/units/{code}', { params: { path: { code } } }));

/** The committees and groups below a unit, in their order; the groups of a whole county would be too many to choose from. */
export async function unitsBelow(code: string): Promise<Choice[]> {
  const top = await unitPage(code);
  const named = ({ code: value, name }: { code: string; name: string }, group: string): Choice => ({ value, label: name, group });
  if (top.level === 'committee' || top.level === 'group') return [top, ...top.children].map((one) => named(one, top.name));
  const below = await Promise.all(top.children.map((child) => unitPage(child.code)));
  return below.flatMap((page) =>
    (page.level === 'committee' ? [page, ...page.children] : page.children).map((one) => named(one, page.name)),
  );
}

/** Hands a file to whoever is at the desk. */
export function save(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10e3);
}

/** Every row that is wrong; the server tells 200 at a time. */
export async function allProblems(ledger: Ledger): Promise<Ledger['problems']> {
  const all = [...ledger.problems];
  let page = ledger.problems;
  while (page.length === 200) {
    const after = page[page.length - 1]?.row ?? 0;
    page = (await got<Ledger>(api.GET('/api/v1/ledgers/{id}', { params: { path: { id: ledger.id }, query: { after } } }))).problems;
    all.push(...page);
  }
  return all;
}
