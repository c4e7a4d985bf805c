import { language } from '../i18n/language';
import { say } from './words';

// Times for people are Beijing's, whatever the phone thinks its zone is.
const beijing = 8 * 3600e3;

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  date: string;
}

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}

export function parts(at: string | number): Parts {
  const moved = new Date((typeof at === 'number' ? at : Date.parse(at)) + beijing);
  const [year, month, day] = [moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate()];
  return { year, month, day, hour: moved.getUTCHours(), minute: moved.getUTCMinutes(), date: `${year}-${two(month)}-${two(day)}` };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 11月25日, with the year where it isn't this one. */
export function day(at: string, now: number = Date.now()): string {
  const { year, month, day: date } = parts(at);
  const other = year !== parts(now).year;
  if (language() === 'en') return `${date} ${months[month - 1] ?? ''}${other ? ` ${year}` : ''}`;
  return `${other ? `${year}年` : ''}${month}月${date}日`;
}

/** 11月25日, for where there is no room and the year is plain. */
export function monthDay(at: string): string {
  const { month, day: date } = parts(at);
  return language() === 'en' ? `${date} ${months[month - 1] ?? ''}` : `${month}月${date}日`;
}

/** 今天 14:30, 11月25日 09:05 */
export function moment(at: string, now: number = Date.now()): string {
  const { hour, minute, date } = parts(at);
  const clock = `${two(hour)}:${two(minute)}`;
  if (date === parts(now).date) return `${say('time.today')} ${clock}`;
  if (date === parts(now + 86400e3).date) return `${say('time.tomorrow')} ${clock}`;
  if (date === parts(now - 86400e3).date) return `${say('time.yesterday')} ${clock}`;
  return `${day(at, now)} ${clock}`;
}

/** 3小时, 2天: how far off, without saying which way. */
export function span(at: string, now: number = Date.now()): string {
  const minutes = Math.abs(Date.parse(at) - now) / 60e3;
  if (minutes < 60) return say('time.minutes', { n: Math.max(1, Math.round(minutes)) });
  if (minutes < 48 * 60) return say('time.hours', { n: Math.round(minutes / 60) });
  return say('time.days', { n: Math.round(minutes / 60 / 24) });
}
