import { Button, Popover } from 'antd';
import { useState } from 'react';
import type { Case } from '../../api/types';
import { t } from '../words';

const purposes = ['purpose.paper', 'purpose.visit', 'purpose.verify'] as const;

/** The file of the case on paper. With names and numbers only after somebody says what for; that is written down. */
export function Print({ one }: { one: Case }) {
  const [open, setOpen] = useState(false);
  const address = `/api/v1/cases/${one.id}/paper`;
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      title={t('print.how')}
      content={
        <div className="purposes" onClick={() => setOpen(false)}>
          <Button block type="primary" href={address} target="_blank" rel="noreferrer">
            {t('print.masked')}
          </Button>
          {one.persons.length > 0 && (
            <>
              <p>{t('print.plain')}</p>
              {purposes.map((key) => (
                <Button key={key} block href={`${address}?purpose=${encodeURIComponent(t(key))}`} target="_blank" rel="noreferrer">
                  {t(key)}
                </Button>
              ))}
              <p>{t('purpose.told')}</p>
            </>
          )}
        </div>
      }
    >
      <Button>{t('print.go')}</Button>
    </Popover>
  );
}
