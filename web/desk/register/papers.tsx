import { Button, Popover } from 'antd';
import { useState } from 'react';
import type { RegisterPage } from '../../api/types';
import { t } from '../words';

const purposes = ['purpose.paper', 'purpose.visit', 'purpose.verify'] as const;

/** The papers of a row. With the name only after somebody says what for; that is written down. */
export function Papers({ page }: { page: RegisterPage }) {
  const [open, setOpen] = useState<string>();
  const address = (code: string, purpose = '') =>
    `/api/v1/registers/${page.register}/${page.id}/paper?paper=${code}${purpose && `&purpose=${encodeURIComponent(purpose)}`}`;
  return (
    <>
      {page.papers.map(({ code, label }) => (
        <Popover
          key={code}
          trigger="click"
          open={open === code}
          onOpenChange={(now) => setOpen(now ? code : undefined)}
          title={t('print.how')}
          content={
            <div className="purposes" onClick={() => setOpen(undefined)}>
              <Button block type="primary" href={address(code)} target="_blank" rel="noreferrer">
                {t('print.masked')}
              </Button>
              {page.person && (
                <>
                  <p>{t('print.plain')}</p>
                  {purposes.map((key) => (
                    <Button key={key} block href={address(code, t(key))} target="_blank" rel="noreferrer">
                      {t(key)}
                    </Button>
                  ))}
                  <p>{t('purpose.told')}</p>
                </>
              )}
            </div>
          }
        >
          <Button>{label}</Button>
        </Popover>
      ))}
    </>
  );
}
