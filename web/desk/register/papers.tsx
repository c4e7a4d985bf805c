import { Button, Popover } from 'antd';
import { useState } from 'react';
import type { RegisterPage } from '../../api/types';
import { t } from '../words';

const single = ['purpose.paper', 'purpose.visit', 'purpose.verify'] as const;
const listed = ['purpose.handOver', 'purpose.verify'] as const;

/** The papers of a row. With the name only after somebody says what for; that is written down. */
export function Papers({ page }: { page: RegisterPage }) {
  const [open, setOpen] = useState<string>();
  const address = (code: string, purpose = '', format = '') => {
    const query = new URLSearchParams({ paper: code, ...(purpose && { purpose }), ...(format && { format }) });
    return `/api/v1/registers/${page.register}/${page.id}/paper?${query.toString()}`;
  };
  return (
    <>
      {page.papers.map(({ code, label, names, table }) => (
        <Popover
          key={code}
          trigger="click"
          open={open === code}
          onOpenChange={(now) => setOpen(now ? code : undefined)}
          title={label}
          content={
            <div className="purposes" onClick={() => setOpen(undefined)}>
              <Button block type="primary" href={address(code)} target="_blank" rel="noreferrer">
                {t('print.masked')}
              </Button>
              {table && (
                <Button block href={address(code, '', 'xlsx')}>
                  {t('print.maskedTable')}
                </Button>
              )}
              {(page.person !== null || names) && (
                <>
                  <p>{t('print.plain')}</p>
                  {(names ? listed : single).map((key) => (
                    <Button key={key} block href={address(code, t(key))} target="_blank" rel="noreferrer">
                      {t(key)}
                    </Button>
                  ))}
                  {table && (
                    <Button block href={address(code, t('purpose.handOver'), 'xlsx')}>
                      {t('print.plainTable')}
                    </Button>
                  )}
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
