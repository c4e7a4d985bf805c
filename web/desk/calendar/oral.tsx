import { Button, DatePicker, Popover } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { api, got } from '../../api/client';
import { useQuery } from '../../api/query';
import type { components } from '../../api/schema';
import { committeeDigits, type Session } from '../../api/types';
import { parts } from '../../ui/time';
import { say } from '../../ui/words';
import { Export } from '../export';
import { t } from '../words';
import './calendar.css';

type Register = components['schemas']['oral_agreements'];

const format = 'YYYY-MM-DD';
const most = 200;
const purposes = ['oral.check', 'purpose.paper', 'purpose.verify'] as const;

function Print({ query }: { query: { unit: string; from: string; to: string } }) {
  const [open, setOpen] = useState(false);
  const address = `/api/v1/oral-agreements/paper?${new URLSearchParams(query).toString()}`;
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      title={t('oral.printHow')}
      content={
        <div className="purposes" onClick={() => setOpen(false)}>
          <Button block type="primary" href={address} target="_blank" rel="noreferrer">
            {t('print.masked')}
          </Button>
          <p>{t('print.plain')}</p>
          {purposes.map((key) => (
            <Button key={key} block href={`${address}&purpose=${encodeURIComponent(t(key))}`} target="_blank" rel="noreferrer">
              {t(key)}
            </Button>
          ))}
          <p>{t('purpose.told')}</p>
        </div>
      }
    >
      <Button type="primary">{t('oral.print')}</Button>
    </Popover>
  );
}

function Row({ no, one }: { no: number; one: Register['items'][number] }) {
  const parties = one.persons.filter(({ role }) => role === 'party');
  return (
    <tr>
      <td>{no}</td>
      <td>{one.agreed_at && parts(one.agreed_at).date}</td>
      <td>{parties.map(({ name }) => name).join('、')}</td>
      <td>
        <a href={`#/case/${one.id}`}>{one.title || one.number}</a>
        <small>{one.category_label}</small>
      </td>
      <td>{one.withheld ? t('oral.withheld') : one.terms}</td>
      <td>{one.mediator}</td>
      <td>{one.performance_label}</td>
      <td>
        {one.number}
        {one.archive_no && <small>{one.archive_no}</small>}
      </td>
    </tr>
  );
}

/** What was agreed by word of mouth in a committee, year by year or of any days: to read, to print, to take away. */
export function OralRegister({ session }: { session: Session }) {
  const now = dayjs();
  const [days, setDays] = useState({ from: now.startOf('year').format(format), to: now.endOf('year').format(format) });
  const query = { unit: session.unit.code.slice(0, committeeDigits), ...days };
  const { data, error } = useQuery<Register>(`oral/${query.unit}/${days.from}/${days.to}`, () =>
    got(api.GET('/api/v1/oral-agreements', { params: { query: { ...query, limit: most } } })),
  );
  const heads = ['no', 'day', 'parties', 'about', 'terms', 'mediator', 'kept', 'number'] as const;
  return (
    <article className="oral">
      <header className="title">
        <h1>{t('oral.title')}</h1>
        <p className="soft">{t('oral.hint')}</p>
        <div className="filters">
          <a className="button" href="#/calendar">
            {t('calendar.title')}
          </a>
          <DatePicker.RangePicker
            allowClear={false}
            aria-label={t('figures.period')}
            value={[dayjs(days.from), dayjs(days.to)]}
            presets={[0, 1, 2].map((back) => {
              const then = now.subtract(back, 'year');
              return { label: t('figures.year', { year: then.year() }), value: [then.startOf('year'), then.endOf('year')] };
            })}
            onChange={(chosen) => {
              if (chosen?.[0] && chosen[1]) setDays({ from: chosen[0].format(format), to: chosen[1].format(format) });
            }}
          />
          <Print query={query} />
          <Export path="oral-agreements" query={query} />
        </div>
      </header>
      {!data && <p className={error ? 'error' : 'quiet'}>{error ? error.message || say('error.offline') : say('state.loading')}</p>}
      {data && data.items.length === 0 && <p className="quiet">{t('oral.none')}</p>}
      {data && data.items.length > 0 && (
        <div className="wide" tabIndex={0} role="region" aria-label={t('oral.title')}>
          <table>
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {t(`oral.${head}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.items.map((one, i) => (
                <Row key={one.id} no={i + 1} one={one} />
              ))}
            </tbody>
          </table>
          {data.next && <p className="soft">{t('figures.first', { n: most })}</p>}
        </div>
      )}
    </article>
  );
}
