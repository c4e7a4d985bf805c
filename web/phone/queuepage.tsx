import { Dialog } from 'antd-mobile';
import { useEffect, useState } from 'react';
import type { Queued } from '../offline/outbox';
import { moment } from '../ui/time';
import { say } from '../ui/words';
import { Frame } from './frame';
import { push, remove, useQueue } from './queue';
import { t } from './words';

function editAddress(one: Queued): string {
  const { subject, kind } = one.command;
  if (kind === 'care') return `#/visit/${subject ?? ''}?edit=${one.id}`;
  if (kind) return `#/row/${kind}/${subject ?? ''}`;
  return subject ? `#/case/${subject}?edit=${one.id}` : `#/spot?edit=${one.id}`;
}

/** A file with what could not be sent, to hand to the officer by other means: nothing is lost with the phone's storage. */
function exportAll(list: Queued[]): void {
  const text = JSON.stringify(
    list.map(({ command, title, detail, reason }) => ({ title, detail, reason, ...command })),
    null,
    2,
  );
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = `${t('queue.file')}-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10e3);
}

function One({ one }: { one: Queued }) {
  const discard = async () => {
    const sure = await Dialog.confirm({ content: t('queue.discardSure'), confirmText: t('queue.discard'), cancelText: say('form.cancel') });
    if (sure) await remove(one.id);
  };
  const files = Object.values(one.files).flat().length;
  return (
    <li className={`block ${one.state}`}>
      <p className="over">
        <b>{one.title}</b>
        <time>{moment(one.command.happened_at)}</time>
      </p>
      <p>{one.detail}</p>
      {files > 0 && <p className="hint">{t('queue.files', { n: files })}</p>}
      {one.state === 'refused' && <p className="error">{t('queue.refused', { reason: one.reason ?? '' })}</p>}
      {one.state !== 'refused' && <p className="hint">{t(one.state === 'blocked' ? 'queue.blocked' : 'queue.waiting')}</p>}
      <p className="acts">
        {one.state === 'refused' && (
          <a className="button main" href={editAddress(one)}>
            {t('queue.edit')}
          </a>
        )}
        <button type="button" className="button" onClick={() => void discard()}>
          {t('queue.discard')}
        </button>
      </p>
    </li>
  );
}

export function QueuePage() {
  const list = useQueue();
  const [persisted, setPersisted] = useState<boolean>();
  useEffect(() => {
    void navigator.storage?.persisted?.().then(setPersisted);
  }, []);
  return (
    <Frame title={t('queue.title')}>
      {list.length === 0 && (
        <div className="nothing">
          <p>{t('queue.none')}</p>
        </div>
      )}
      {list.length > 0 && (
        <p className="acts">
          <button type="button" className="button main" onClick={() => void push()}>
            {t('queue.now')}
          </button>
          <button type="button" className="button" onClick={() => exportAll(list)}>
            {t('queue.export')}
          </button>
        </p>
      )}
      <ul>
        {list.map((one) => (
          <One key={one.id} one={one} />
        ))}
      </ul>
      {persisted === false && <p className="hint block">{t('queue.notPersisted')}</p>}
    </Frame>
  );
}
