import { App, Button, type TableColumnType } from 'antd';
import { useState } from 'react';
import { api, got } from '../../api/client';
import { useCommandId } from '../../api/command';
import { Problem } from '../../api/problem';
import type { Card } from '../../api/types';
import { say } from '../../ui/words';
import { t } from '../words';

/** How many days and why, and one button: the form with a reason is for a refusal, on the case itself. */
function Wish({ card, onDone }: { card: Card; onDone: () => void }) {
  const once = useCommandId();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  if (!card.extension?.may) return null;
  const { days, reason } = card.extension;
  const grant = async () => {
    setBusy(true);
    try {
      await once((id) => {
        const params = { path: { id: card.id, verb: 'grant_extension' }, header: { 'Idempotency-Key': id } };
        return got(api.POST('/api/v1/cases/{id}/{verb}', { params, body: { granted: true } }));
      });
      message.success(t('extension.granted'));
      onDone();
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      message.error(cause.message || say('error.offline'));
    } finally {
      setBusy(false);
    }
  };
  return (
    <span className="wish">
      <Button
        size="small"
        type="primary"
        loading={busy}
        aria-label={`${card.number}：${t('extension.grant', { days })}`}
        onClick={() => void grant()}
      >
        {t('extension.grant', { days })}
      </Button>{' '}
      <span title={reason}>{reason}</span>
    </span>
  );
}

/** The column that the list of extensions has beside the others, the first of them. */
export const wishes = (onDone: () => void): TableColumnType<Card> => ({
  title: t('extension.wish'),
  key: 'wish',
  width: 300,
  ellipsis: true,
  fixed: 'end',
  render: (_, card) => <Wish card={card} onDone={onDone} />,
});
