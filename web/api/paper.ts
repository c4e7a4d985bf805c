import { language } from '../i18n/language';
import { newId } from './id';
import { problemFrom } from './problem';

/** A document that a POST makes, shown in a tab of its own. */
export async function openPaper(path: string, body: Record<string, unknown>): Promise<void> {
  const tab = window.open('', '_blank'); // opened within the tap, or the browser forbids it
  const response = await fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': language(), 'Idempotency-Key': newId() },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    tab?.close();
    throw await problemFrom(response);
  }
  const address = URL.createObjectURL(await response.blob());
  if (tab) tab.location.href = address;
  else location.href = address;
}
