import { expect, test } from 'vitest';
import type { DutyRule } from '../../api/types';
import { dutiesIn } from '../../ui/duties';

const rule = (words: string[]): DutyRule => ({
  code: 'x',
  label: '',
  when: '',
  do_first: '',
  call: [],
  basis: '',
  words,
  categories: ['L0804'],
});

test('words that stand together, or close to each other in one sentence', () => {
  const rules = [rule(['打孩子', '孩子…被打'])];
  for (const text of ['天天打孩子', '孩子在学校被打了', '我家孩子昨天放学又被打']) expect(dutiesIn(text, undefined, rules)).toHaveLength(1);
  for (const text of ['孩子上学去了。路灯被打坏了', '被打的是路灯，孩子没事', '']) expect(dutiesIn(text, undefined, rules)).toEqual([]);
  expect(dutiesIn('', 'L0804', rules)).toHaveLength(1);
});
