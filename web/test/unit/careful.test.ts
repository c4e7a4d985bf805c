import { expect, it } from 'vitest';
import { carefulFor, wordsToAvoid } from '../../ui/careful';

const careful = [
  { word: '责令改正', instead: '已向　　部门报告', kinds: null },
  { word: '责令', instead: '建议', kinds: null },
  { word: '检查', instead: '走访提示', kinds: ['hazard' as const] },
];

it('names the longest word that stands in a text', () => {
  expect(wordsToAvoid('现责令改正，三日内办好', careful).map(({ word }) => word)).toEqual(['责令改正']);
  expect(wordsToAvoid('建议早些修好', careful)).toEqual([]);
});

it('minds some words only where firms are visited', () => {
  expect(carefulFor(careful, 'dispute').map(({ word }) => word)).toEqual(['责令改正', '责令']);
  expect(carefulFor(careful, 'hazard')).toHaveLength(3);
  expect(carefulFor(undefined, 'hazard')).toEqual([]);
});
