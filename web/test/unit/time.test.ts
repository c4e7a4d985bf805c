// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { day, moment, span } from '../../ui/time';

const now = Date.parse('2026-11-25T09:00:00+08:00');

it('tells Beijing time wherever the phone is', () => {
  expect(moment('2026-11-25T00:05:00+08:00', now)).toBe('今天 00:05');
  expect(moment('2026-11-24T15:59:00Z', now)).toBe('昨天 23:59');
  expect(moment('2026-11-26T14:30:00+08:00', now)).toBe('明天 14:30');
  expect(moment('2026-12-01T14:30:00+08:00', now)).toBe('12月1日 14:30');
});

it('says the year only where it is another', () => {
  expect(day('2026-01-02T08:00:00+08:00', now)).toBe('1月2日');
  expect(day('2024-07-18T08:00:00+08:00', now)).toBe('2024年7月18日');
});

it('rounds a span as one would say it', () => {
  expect(span('2026-11-25T09:00:20+08:00', now)).toBe('1 分钟');
  expect(span('2026-11-25T12:40:00+08:00', now)).toBe('4 小时');
  expect(span('2026-11-22T09:00:00+08:00', now)).toBe('3 天');
});
