import { Table, Tabs, type TableRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { ListFilter } from '../../api/types';
import type { Card, Session } from '../../api/types';
import { go } from '../../ui/route';
import { say } from '../../ui/words';
import { Export } from '../export';
import { usePack, useUnit } from '../own';
import { t } from '../words';
import { Bulk } from './bulk';
import { useCards } from './cards';
import { columns } from './columns';
import { wishes } from './extension';
import { Filters } from './filters';
import { Urgent } from './urgent';

const views = ['today', 'new', 'mine', 'overdue', 'office', 'resident', 'revisit', 'extension', 'open', 'closed'] as const;
const filterNames = ['kind', 'state', 'unit'] as const;
const todayMost = 7; // more is no plan for a day
const rowHeight = 40;
const around = 214; // what stands above and below the rows

function useHeight(): number {
  const [height, setHeight] = useState(window.innerHeight);
  useEffect(() => {
    const changed = () => setHeight(window.innerHeight);
    window.addEventListener('resize', changed);
    return () => window.removeEventListener('resize', changed);
  }, []);
  return Math.max(240, height - around);
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable], [role="combobox"]');
}

/** j and k walk through the rows, enter opens one. */
function useKeys(items: Card[], table: React.RefObject<TableRef | null>): [number, (at: number) => void] {
  const [at, setAt] = useState(0);
  const latest = useRef({ items, at });
  latest.current = { items, at };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      const { items: rows, at: now } = latest.current;
      if (event.key === 'j' || event.key === 'k') {
        const next = Math.min(rows.length - 1, Math.max(0, now + (event.key === 'j' ? 1 : -1)));
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur(); // so that enter means the row
        setAt(next);
        table.current?.scrollTo({ index: next });
      }
      const chosen = rows[now];
      if (event.key === 'Enter' && chosen && !(event.target instanceof HTMLElement && event.target.matches('a, button, [role="tab"]')))
        go(`case/${chosen.id}`);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
  return [at, setAt];
}

/** A list that is empty for everybody else: those who decide on extensions see its tab. */
const decides = ({ posts }: Session) => posts.some(({ post }) => ['chair', 'dispatcher', 'leader'].includes(post));

const isOffice = (session: Session) => session.posts.length > 0 && session.posts.every(({ office }) => office !== null);

/** The filter is the address, so that a view can be kept as a bookmark and the way back from a case finds it. */
function filterOf(query: URLSearchParams, session: Session): ListFilter {
  // A department's day begins with what lies with it, a committee's with what nobody has taken in yet.
  const first = isOffice(session) ? 'office' : 'new';
  const filter: ListFilter = { view: query.get('view') ?? first };
  for (const name of filterNames) filter[name] = query.get(name) ?? undefined;
  return filter;
}

function open(filter: ListFilter): void {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
  go(`?${query.toString()}`);
}

export function Inbox({ session, query }: { session: Session; query: URLSearchParams }) {
  const pack = usePack();
  const unit = useUnit(session.unit.code);
  const filter = filterOf(query, session);
  const { items: all, loading, error, more, reload } = useCards(filter);
  const today = filter.view === 'today';
  const items = today ? all.slice(0, todayMost) : all;
  const table = useRef<TableRef>(null);
  const [at, setAt] = useKeys(items, table);
  const height = useHeight();
  const [ticked, setTicked] = useState<string[]>([]);
  const chosen = items.filter(({ id }) => ticked.includes(id));
  useEffect(() => setAt(0), [query.toString()]);
  return (
    <section className="inbox">
      {/* beside the tabs, not among them: a list of tabs holds tabs alone */}
      <div className="beside-tabs">
        <Export path="cases" query={filter} />
      </div>
      <Tabs
        activeKey={filter.view ?? ''}
        onChange={(view) => open({ ...filter, view })}
        items={views.filter((view) => view !== 'extension' || decides(session)).map((view) => ({ key: view, label: t(`view.${view}`) }))}
      />
      <div className="above">
        <Filters filter={filter} pack={pack} unit={unit} onChange={(part) => open({ ...filter, ...part })} />
        <Urgent session={session} />
      </div>
      {error && (
        <p className="error" role="alert">
          {error.message || say('error.offline')}{' '}
          <button type="button" className="link" onClick={reload}>
            {say('state.again')}
          </button>
        </p>
      )}
      {(chosen.length > 0 || ticked.length > 0) && (
        <Bulk
          chosen={chosen}
          session={session}
          onDone={(refused) => {
            setTicked(refused);
            reload();
          }}
        />
      )}
      <Table<Card>
        rowSelection={{ columnWidth: 44, selectedRowKeys: ticked, onChange: (keys) => setTicked(keys.map(String)) }}
        ref={table}
        virtual
        size="small"
        rowKey="id"
        columns={filter.view === 'extension' ? [...columns(pack), wishes(reload)] : columns(pack)}
        dataSource={items}
        loading={loading && items.length === 0}
        pagination={false}
        scroll={{ x: filter.view === 'extension' ? 1668 : 1368, y: height }}
        locale={{ emptyText: t('inbox.empty') }}
        rowClassName={(_, index) => (index === at ? 'at' : '')}
        onRow={(card, index) => ({
          onClick: () => setAt(index ?? 0),
          onDoubleClick: () => go(`case/${card.id}`),
        })}
        onScroll={(event) => {
          const box = event.currentTarget;
          if (!today && box.scrollTop + box.clientHeight > box.scrollHeight - 10 * rowHeight) more();
        }}
      />
      <p className="keys">
        {today && all.length > items.length ? t('inbox.later', { n: all.length - items.length }) : t('inbox.keys', { n: items.length })}
      </p>
    </section>
  );
}
