import { sendFile } from '../api/client';
import { newId } from '../api/id';
import { Problem } from '../api/problem';
import { report } from '../api/report';
import type { MadeCase, NewCase } from '../api/types';
import type { Attachment } from '../ui/attachment';
import { remember } from './remember';
import { read, write } from './store';

/** A report that has not reached the server yet. Its id is the Idempotency-Key, so that it arrives once. */
export interface Kept {
  id: string;
  body: NewCase;
  files: string[]; // data: addresses, as localStorage holds only text
  at: string;
  reason?: string;
}

export function kept(): Kept[] {
  return read<Kept[]>('outbox', []);
}

export function drop(id: string): void {
  write(
    'outbox',
    kept().filter((one) => one.id !== id),
  );
}

function asText(blob: Blob): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => failed(new Error('unreadable'));
    reader.readAsDataURL(blob);
  });
}

/** Not by fetch('data:…'), which the CSP's connect-src forbids. */
export function asBlob(text: string): Blob {
  const [head = '', body = ''] = text.split(',');
  const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: head.slice(5).replace(/;.*/, '') });
}

async function deliver(id: string, body: NewCase, blobs: Blob[]): Promise<MadeCase> {
  const files: string[] = [];
  for (const blob of blobs) files.push(...(await sendFile(blob)));
  const whole = files.length > 0 ? { ...body, files } : body;
  const made = await report(id, whole);
  remember({ number: made.number, track: made.track, title: made.title, at: made.reported_at, due: made.promises.reply.at });
  return made;
}

export type Sent = { made: MadeCase } | { kept: 'all' | 'words' | 'nothing' };

/** Sends now, or keeps for later when there is no network. A refusal by the server is thrown. */
export async function send(body: NewCase, attachments: Attachment[]): Promise<Sent> {
  const one: Kept = { id: newId(), body, files: [], at: new Date().toISOString() };
  try {
    return {
      made: await deliver(
        one.id,
        body,
        attachments.map(({ blob }) => blob),
      ),
    };
  } catch (cause) {
    if (!(cause instanceof Problem) || !cause.passing) throw cause;
  }
  const files = await Promise.all(attachments.map(({ blob }) => asText(blob)));
  if (write('outbox', [...kept(), { ...one, files }])) return { kept: 'all' };
  return { kept: write('outbox', [...kept().filter(({ id }) => id !== one.id), one]) ? 'words' : 'nothing' };
}

let running = false;

/** Tries what was kept, one after the other; called when the page opens and when the network comes back. */
export async function sendKept(onSent: (made: MadeCase) => void): Promise<void> {
  if (running) return;
  running = true;
  try {
    for (const one of kept().filter(({ reason }) => !reason)) {
      try {
        onSent(await deliver(one.id, one.body, one.files.map(asBlob)));
        drop(one.id);
      } catch (cause) {
        if (!(cause instanceof Problem) || cause.passing) break;
        write(
          'outbox',
          kept().map((other) => (other.id === one.id ? { ...other, reason: cause.message } : other)),
        );
      }
    }
  } finally {
    running = false;
  }
}
