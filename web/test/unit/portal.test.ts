// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { asBlob, kept, send, sendKept } from '../../portal/outbox';
import { codeForm, codeWhole } from '../../portal/remember';
import { attach } from '../../ui/attachment';

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

it('reads a code however it was typed', () => {
  expect(codeForm('k7qmt 4xw9-aaaa')).toBe('K7QMT-4XW9-AAAA');
  expect(codeForm('K7Q')).toBe('K7Q');
  expect(codeWhole('K7QMT-4XW9-AAAA')).toBe(true);
  expect(codeWhole('K7QMT-4XW9')).toBe(false);
});

it('keeps a report with its photo when there is no network, and sends it once there is', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')));
  const sent = await send({ text: '水泵坏了', unit: '341203105006' }, [attach(new Blob(['photo'], { type: 'image/jpeg' }), 'image')]);
  expect(sent).toEqual({ kept: 'all' });
  const [one] = kept();
  expect(one?.body.text).toBe('水泵坏了');
  expect(await asBlob(one?.files[0] ?? '').text()).toBe('photo');

  const keys: (string | null)[] = [];
  vi.stubGlobal('fetch', (input: Request | string, init?: RequestInit) => {
    if (typeof input === 'string') return Promise.resolve(new Response(JSON.stringify({ hash: 'h', sent: init?.method }), { status: 201 }));
    keys.push(input.headers.get('Idempotency-Key'));
    const made = { number: '吴寨R2026-0001', track: 'K7QMT-4XW9-AAAA', title: '', reported_at: '', promises: { reply: { at: null } } };
    return Promise.resolve(new Response(JSON.stringify(made), { status: 201, headers: { 'Content-Type': 'application/json' } }));
  });
  await sendKept(() => undefined);
  expect(keys).toEqual([one?.id]);
  expect(kept()).toEqual([]);
});
