import { DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { api, got } from '../../api/client';
import { useQuery } from '../../api/query';
import type { Figures as Numbers, Session } from '../../api/types';
import { go } from '../../ui/route';
import { moment } from '../../ui/time';
import { say } from '../../ui/words';
import { Export } from '../export';
import { usePack, useUnit } from '../own';
import { t } from '../words';
import { Behind } from './behind';
import { Levels } from './levels';
import { Rates } from './rates';
import { Trend } from './trend';
import { Categories, Units } from './tables';

export interface Scope {
  unit: string;
  from: string;
  to: string;
}
/** Where a number leads: the same page, with the cases behind that number opened. */
export type Behinds = { kind?: string; category?: string; month?: string; unit?: string };

const day = 'YYYY-MM-DD';

function scopeOf(query: URLSearchParams, session: Session): Scope {
  const now = dayjs();
  return {
    unit: query.get('unit') ?? session.unit.code,
    from: query.get('from') ?? now.startOf('year').format(day),
    to: query.get('to') ?? now.endOf('year').format(day),
  };
}

export function address(scope: Scope, behind?: Behinds): string {
  const query = new URLSearchParams({ ...scope });
  if (behind) {
    query.set('behind', '1');
    for (const [name, value] of Object.entries(behind)) if (value) query.set(name === 'unit' ? 'in' : name, value);
  }
  return `figures?${query.toString()}`;
}

function Pickers({ scope, session }: { scope: Scope; session: Session }) {
  const unit = useUnit(session.unit.code);
  const now = dayjs();
  const year = dayjs(scope.from).year();
  return (
    <div className="filters">
      <Select
        aria-label={t('figures.unit')}
        showSearch={{ optionFilterProp: 'label' }}
        value={scope.unit}
        options={[
          { value: session.unit.code, label: session.unit.name },
          ...(unit?.children ?? []).map(({ code, name }) => ({ value: code, label: name })),
        ]}
        onChange={(code: string) => go(address({ ...scope, unit: code }))}
      />
      <DatePicker.RangePicker
        allowClear={false}
        aria-label={t('figures.period')}
        value={[dayjs(scope.from), dayjs(scope.to)]}
        presets={[
          { label: t('figures.thisYear'), value: [now.startOf('year'), now.endOf('year')] },
          { label: t('figures.thisMonth'), value: [now.startOf('month'), now.endOf('month')] },
          { label: t('figures.lastMonth'), value: [now.subtract(1, 'month').startOf('month'), now.subtract(1, 'month').endOf('month')] },
          ...[1, 2].map((back) => {
            const then = now.subtract(back, 'year');
            return {
              label: t('figures.year', { year: then.year() }),
              value: [then.startOf('year'), then.endOf('year')] as [dayjs.Dayjs, dayjs.Dayjs],
            };
          }),
        ]}
        onChange={(chosen) => {
          if (chosen?.[0] && chosen[1]) go(address({ ...scope, from: chosen[0].format(day), to: chosen[1].format(day) }));
        }}
      />
      <a className="button" href={`/api/v1/report?unit=${scope.unit}&year=${year}&format=pdf`} target="_blank" rel="noreferrer">
        {t('figures.report', { year })}
      </a>
      <Export path="figures" query={{ ...scope }} />
    </div>
  );
}

function Counts({ numbers, scope }: { numbers: Numbers; scope: Scope }) {
  return (
    <ul className="counts">
      {Object.entries(numbers.counts).map(([kind, n]) => (
        <li key={kind}>
          <a href={`#/${address(scope, { kind })}`}>
            <span>{numbers.labels[kind]}</span>
            <b>{n}</b>
            <small>{numbers.counters[kind]}</small>
          </a>
        </li>
      ))}
    </ul>
  );
}

export function Figures({ session, query }: { session: Session; query: URLSearchParams }) {
  const pack = usePack();
  const scope = scopeOf(query, session);
  const key = `figures/${scope.unit}/${scope.from}/${scope.to}`;
  const { data, error } = useQuery<Numbers>(key, () => got(api.GET('/api/v1/figures', { params: { query: scope } })));
  return (
    <section className="figures">
      <Pickers scope={scope} session={session} />
      {error && (
        <p className="error" role="alert">
          {error.message || say('error.offline')}
        </p>
      )}
      {!data && !error && <p className="quiet">{say('state.loading')}</p>}
      {data && (
        <>
          <Counts numbers={data} scope={scope} />
          <p className="soft asof">{t('figures.asOf', { at: moment(data.as_of), open: data.open, overdue: data.overdue })}</p>
          <div className="columns">
            <Rates rates={data.rates} />
            <Levels numbers={data} pack={pack} />
          </div>
          <Trend numbers={data} scope={scope} />
          <div className="columns">
            <Categories numbers={data} scope={scope} />
            <Units numbers={data} scope={scope} />
          </div>
        </>
      )}
      {query.get('behind') && <Behind scope={scope} query={query} numbers={data} />}
    </section>
  );
}
