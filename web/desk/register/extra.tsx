import { App, Modal } from 'antd';
import { useState } from 'react';
import { api, got } from '../../api/client';
import { newId } from '../../api/id';
import type { Answer, RegisterItem, Verb } from '../../api/types';
import { VerbForm } from '../../ui/verbform';
import { controls } from '../controls';
import { t } from '../words';

const most = 20; // commands in one batch

/** Before a storm or a feast: everybody in the list is visited once more, by one button. */
export function ExtraVisits({ rows, onDone }: { rows: RegisterItem[]; onDone: () => void }) {
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const visited = rows.filter(({ state }) => state !== 'asked');
  const form: Verb = {
    verb: 'bring_forward',
    label: t('register.extra'),
    public: false,
    primary: true,
    missing: [],
    blocked: false,
    form: [
      { name: 'next_visit', label: t('register.extraDay'), type: 'date', required: true },
      { name: 'reason', label: t('register.extraWhy'), type: 'text', required: true, max: 100 },
    ],
  };
  const send = async (fields: Record<string, unknown>) => {
    const commands = visited.map(({ id }) => ({ id: newId(), verb: 'bring_forward', kind: 'care', subject: id, fields }));
    let done = 0;
    for (let at = 0; at < commands.length; at += most) {
      const { answers } = await got(api.POST('/api/v1/batch', { body: { commands: commands.slice(at, at + most) as never[] } }));
      done += (answers as Answer[]).filter(({ status }) => status < 300).length;
    }
    message.success(t('register.extraDone', { n: done }));
    setOpen(false);
    onDone();
  };
  return (
    <>
      <button type="button" className="button" disabled={visited.length === 0} onClick={() => setOpen(true)}>
        {t('register.extra')}
      </button>
      <Modal
        title={t('register.extraTitle', { n: visited.length })}
        open={open}
        footer={null}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <VerbForm verb={form} controls={controls} onSend={(draft) => send(draft)} onCancel={() => setOpen(false)} />
      </Modal>
    </>
  );
}
