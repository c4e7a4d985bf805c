import { App, Select } from 'antd';
import { useState } from 'react';
import { api, got } from '../../api/client';
import { Problem } from '../../api/problem';
import { forget, useQuery } from '../../api/query';
import type { components } from '../../api/schema';
import type { Case, Session } from '../../api/types';
import { whole } from '../../api/whole';
import { committeeDigits } from '../../api/types';
import { go } from '../../ui/route';
import { monthDay, parts } from '../../ui/time';
import { say } from '../../ui/words';
import { t } from '../words';
import './calendar.css';

type Bookings = components['schemas']['bookings'];
type Item = Bookings['items'][number];

const firstHour = 8;
const slots = 20; // half hours, till 18:00
const dayMs = 86400e3;

/** The Monday of this week, as a date in Beijing. */
function monday(weeks: number): string {
  const now = parts(Date.now()).date;
  const at = Date.parse(`${now}T00:00:00+08:00`);
  const weekday = (new Date(at + 8 * 3600e3).getUTCDay() + 6) % 7;
  return parts(at + (7 * weeks - weekday) * dayMs).date;
}
const dateAfter = (date: string, days: number) => parts(Date.parse(`${date}T00:00:00+08:00`) + days * dayMs).date;
const clock = (slot: number) => `${String(firstHour + (slot >> 1)).padStart(2, '0')}:${slot % 2 ? '30' : '00'}`;
const startOf = (date: string, slot: number) => Date.parse(`${date}T${clock(slot)}:00+08:00`);

/** The sittings that take a half hour. */
function at(items: Item[], date: string, slot: number): Item[] {
  const from = startOf(date, slot);
  return items.filter((one) => Date.parse(one.at) < from + 1800e3 && Date.parse(one.at) + one.minutes * 60e3 > from);
}

interface Chosen {
  date: string;
  from: number;
  to: number;
}

function Book({
  chosen,
  bookings,
  one,
  session,
  onDone,
  onCancel,
}: {
  chosen: Chosen;
  bookings: Bookings;
  one: Case;
  session: Session;
  onDone: () => void;
  onCancel: () => void;
}) {
  const { message } = App.useApp();
  const [room, setRoom] = useState(bookings.rooms[0]?.id ?? '');
  const [mediators, setMediators] = useState<string[]>(
    bookings.mediators.some(({ id }) => id === session.account.id) ? [session.account.id] : [],
  );
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const book = async () => {
    setBusy(true);
    setWrong('');
    try {
      await got(
        api.POST('/api/v1/activities', {
          body: {
            type: 'session',
            unit: session.unit.code.slice(0, committeeDigits),
            at: `${chosen.date}T${clock(chosen.from)}:00+08:00`,
            minutes: 30 * (chosen.to - chosen.from + 1),
            cases: [one.id],
            title: one.title,
            place: bookings.rooms.find(({ id }) => id === room)?.name ?? '',
            mediators,
            ...(room ? { room } : {}),
          },
        }),
      );
      message.success(t('calendar.booked'));
      onDone();
    } catch (cause) {
      if (cause instanceof Problem) setWrong(cause.message || say('error.offline'));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="panel book" aria-label={t('calendar.book')}>
      <p>
        <b>{t('calendar.at', { day: monthDay(`${chosen.date}T00:00:00+08:00`), from: clock(chosen.from), to: clock(chosen.to + 1) })}</b>
      </p>
      <label htmlFor="book-room">{t('calendar.room')}</label>
      <Select
        id="book-room"
        className="whole"
        value={room}
        onChange={setRoom}
        options={[...bookings.rooms.map(({ id, name }) => ({ value: id, label: name })), { value: '', label: t('calendar.noRoom') }]}
      />
      {bookings.rooms.length === 0 && <p className="hint">{t('calendar.noRooms')}</p>}
      <fieldset>
        <legend>{t('calendar.mediators')}</legend>
        {bookings.mediators.map(({ id, name }) => (
          <label key={id} className="tick">
            <input
              type="checkbox"
              checked={mediators.includes(id)}
              onChange={(event) =>
                setMediators(event.currentTarget.checked ? [...mediators, id] : mediators.filter((other) => other !== id))
              }
            />
            {name}
          </label>
        ))}
      </fieldset>
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      <div className="send">
        <button type="button" className="button" onClick={onCancel}>
          {t('calendar.cancel')}
        </button>
        <button type="button" className="button main" disabled={busy} onClick={() => void book()}>
          {t('calendar.book')}
        </button>
      </div>
    </section>
  );
}

/** The week of the committee's rooms and mediators. From a dispute one books by pressing a cell, or dragging over several. */
export function Calendar({ session, caseId }: { session: Session; caseId: string | undefined }) {
  const [weeks, setWeeks] = useState(0);
  const [whose, setWhose] = useState('');
  const [begun, setBegun] = useState<{ date: string; slot: number }>();
  const [chosen, setChosen] = useState<Chosen>();
  const from = monday(weeks);
  const to = dateAfter(from, 6);
  const unit = session.unit.code.slice(0, committeeDigits);
  const { data } = useQuery<Bookings>(`bookings/${unit}/${from}`, () =>
    got(api.GET('/api/v1/bookings', { params: { query: { unit, from, to } } })),
  );
  const { data: one } = useQuery<Case | undefined>(`calendar/${caseId ?? ''}`, async () =>
    caseId ? whole(await got(api.GET('/api/v1/cases/{id}', { params: { path: { id: caseId } } }))) : undefined,
  );
  if (!data) return <p className="quiet">{say('state.loading')}</p>;
  const items = data.items.filter((item) => !whose || item.room === whose || item.mediators.includes(whose));
  const days = Array.from({ length: 7 }, (_, n) => dateAfter(from, n));
  const end = (date: string, slot: number) => {
    if (begun?.date === date && one) setChosen({ date, from: Math.min(begun.slot, slot), to: Math.max(begun.slot, slot) });
    setBegun(undefined);
  };
  const marked = (date: string, slot: number) => chosen?.date === date && slot >= chosen.from && slot <= chosen.to;
  return (
    <article className="calendar">
      <header className="title">
        <h1>{one ? t('calendar.for', { title: one.title }) : t('calendar.title')}</h1>
        <p className="soft">{one ? t('calendar.pick') : t('calendar.fromCase')}</p>
        <nav className="weeks">
          <button type="button" className="button" onClick={() => setWeeks(weeks - 1)}>
            {t('calendar.before')}
          </button>
          <button type="button" className="button" onClick={() => setWeeks(0)}>
            {t('calendar.today')}
          </button>
          <button type="button" className="button" onClick={() => setWeeks(weeks + 1)}>
            {t('calendar.after')}
          </button>
          <b>{t('calendar.week', { from, to })}</b>
          <Select
            aria-label={t('calendar.show')}
            value={whose}
            onChange={setWhose}
            options={[
              { value: '', label: t('calendar.all') },
              ...[...data.rooms, ...data.mediators].map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <a className="button" href="#/calendar/oral">
            {t('oral.title')}
          </a>
        </nav>
      </header>
      <div className="sheet">
        <table className={one ? 'choosing' : undefined}>
          <thead>
            <tr>
              <th />
              {days.map((date) => (
                <th key={date} scope="col" aria-current={date === parts(Date.now()).date ? 'date' : undefined}>
                  {monthDay(`${date}T00:00:00+08:00`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: slots }, (_, slot) => (
              <tr key={slot}>
                <th scope="row">{slot % 2 === 0 ? clock(slot) : ''}</th>
                {days.map((date) => {
                  const here = at(items, date, slot);
                  return (
                    <td
                      key={date}
                      data-at={`${date} ${clock(slot)}`}
                      className={[here.length > 0 ? 'busy' : '', marked(date, slot) ? 'marked' : ''].filter(Boolean).join(' ') || undefined}
                      onPointerDown={() => setBegun({ date, slot })}
                      onPointerUp={() => end(date, slot)}
                    >
                      {here
                        .filter((item) => slot === 0 || !at([item], date, slot - 1).length)
                        .map((item) => (
                          <a key={item.id} href={item.case ? `#/case/${item.case.id}` : undefined}>
                            {item.case ? item.case.title || item.case.number : t('calendar.taken')}
                            <small>
                              {[item.room, ...item.mediators]
                                .map((id) => [...data.rooms, ...data.mediators].find((other) => other.id === id)?.name)
                                .filter(Boolean)
                                .join(' · ')}
                            </small>
                          </a>
                        ))}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
        {chosen && one && (
          <Book
            key={`${chosen.date}${chosen.from}${chosen.to}`}
            chosen={chosen}
            bookings={data}
            one={one}
            session={session}
            onCancel={() => setChosen(undefined)}
            onDone={() => {
              forget();
              go(`case/${one.id}`);
            }}
          />
        )}
      </div>
    </article>
  );
}
